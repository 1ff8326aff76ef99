"""The slips of a year, act by act: prepared by one person, confirmed by another, amended by a new version."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Cooperative, Person, Power
from members.powers import demand

from . import slip_checks, slips
from .business_days import Government, next_business_day
from .deductions import NotReviewed
from .models import Slip, YearEnd
from .preflight import Finding, not_reviewed
from .slip_rules import rules_of
from .slips import Draft

BATCH = 1000

journal.name_events(
    {
        "slips.prepared": gettext_lazy("slips of a year prepared"),
        "slips.withdrawn": gettext_lazy("prepared slips withdrawn"),
        "slips.confirmed": gettext_lazy("slips of a year confirmed"),
    }
)


class Stopped(Refused):
    """The boxes or the tables of that year were not reviewed."""


class NoSlips(Refused):
    """Nobody was paid that year, or nothing changed since the slips were confirmed."""

    sentence = gettext_lazy("There is nothing to prepare: no pay of that year is missing from the slips.")


class AlreadyPrepared(Refused):
    """One version at a time."""

    sentence = gettext_lazy("Slips of this year are prepared already: have them confirmed, or withdraw them.")


class SayWhy(Refused):
    """Warnings, and amendments, take a reason."""

    sentence = gettext_lazy("Say why: it is kept with the slips.")


class ConfirmedByPreparer(Refused):
    """Two people make the slips of a year."""

    sentence = gettext_lazy("You prepared these slips: another person confirms them.")


class FiguresChanged(Refused):
    """What would be confirmed is not what was prepared."""

    sentence = gettext_lazy(
        "The figures have changed since these slips were prepared: withdraw them and prepare them again."
    )


class AlreadyConfirmed(Refused):
    """What is confirmed is final."""

    sentence = gettext_lazy("These slips are confirmed and final: prepare an amendment.")


class Gone(Refused):
    """Somebody withdrew them in the meantime."""

    sentence = gettext_lazy("These slips were withdrawn in the meantime: prepare them again.")


@dataclass(frozen=True)
class Seen:
    """The slips of a year as they are now. `new` are those that no confirmed version holds."""

    year: int
    drafts: list[Draft]
    findings: list[Finding]

    @property
    def new(self) -> list[Draft]:
        return [draft for draft in self.drafts if draft.is_new]

    @property
    def digest(self) -> str:
        return digest_of(self.new)


def look(year: int, *, dental: str, today: date | None = None) -> Seen:
    """The slips that would be written now, and what to look at before. Writes nothing.

    Raises Stopped when that year's boxes or maximums were not reviewed.
    """
    try:
        rules, table = rules_of(year)
    except NotReviewed as refusal:
        raise Stopped(str(not_reviewed(refusal))) from refusal
    made = slips.drafts(year, rules, table, dental=dental)
    return Seen(year, made, slip_checks.findings(year, made, rules, table, today=today))


def digest_of(drafts: Iterable[Draft]) -> str:
    """SHA-256 of who these slips are for and of all that is written on them."""
    content = [
        [draft.person.pk, draft.kind, draft.boxes, draft.facts, draft.before.pk if draft.before else None]
        for draft in drafts
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


# The acts -----------------------------------------------------------------------------------------


@transaction.atomic
def prepare(year: int, *, by: Person, dental: str, because: str = "", today: date | None = None) -> YearEnd:
    """Make the slips of a year ready for another person to confirm: everybody's, then what changed.

    `dental`: the code of T4 box 45. `because` answers the warnings, or says why slips are amended.
    Raises Stopped, AlreadyPrepared, NoSlips, SayWhy.
    """
    _one_at_a_time()
    demand(by, Power.PREPARE_PAY)
    if slips.open_year_end(year):
        raise AlreadyPrepared
    seen = look(year, dental=dental, today=today)
    if not seen.new:
        raise NoSlips
    number = YearEnd.objects.filter(year=year).count() + 1
    because = because.strip()
    if (number > 1 or seen.findings) and not because:
        raise SayWhy
    found = YearEnd(
        year=year,
        number=number,
        dental=dental,
        because=because,
        findings=[finding.said.kept() for finding in seen.findings],
        slip_count=len(seen.new),
        digest=seen.digest,
        prepared_at=timezone.now(),
        prepared_by=by,
    )
    write(found)
    journal.record(
        "slips.prepared", by=by, year=year, number=number, slips=found.slip_count, digest=found.digest
    )
    return found


@transaction.atomic
def withdraw(year_end: YearEnd, *, by: Person) -> None:
    """Take back slips that are prepared and not confirmed, as if they had not been prepared."""
    _one_at_a_time()
    demand(by, Power.PREPARE_PAY)
    found = _locked(year_end)
    if found.is_confirmed:
        raise AlreadyConfirmed
    found.delete()
    journal.record("slips.withdrawn", by=by, year=found.year, number=found.number)


@transaction.atomic
def confirm(year_end: YearEnd, *, by: Person) -> YearEnd:
    """Write the slips of a year, final from here on; their people read them from now on.

    What was prepared is computed again: should a cent, a name or an address differ, nothing is written.
    Confirming what is confirmed returns it as it is. Raises ConfirmedByPreparer, FiguresChanged, Gone.
    """
    _one_at_a_time()
    found = _locked(year_end)
    if found.is_confirmed:
        return found
    demand(by, Power.ISSUE_PAY)
    if by.pk == found.prepared_by_id:
        raise ConfirmedByPreparer
    seen = look(found.year, dental=found.dental)
    if seen.digest != found.digest:
        raise FiguresChanged
    Slip.objects.bulk_create(
        [
            Slip(
                year_end=found,
                person=draft.person,
                kind=draft.kind,
                change=draft.change,
                amends=draft.before,
                boxes=draft.boxes,
                facts=draft.facts,
            )
            for draft in seen.new
        ],
        batch_size=BATCH,
    )
    found.confirmed_at, found.confirmed_by = timezone.now(), by
    found.save(update_fields=["confirmed_at", "confirmed_by"])
    journal.record(
        "slips.confirmed",
        by=by,
        year=found.year,
        number=found.number,
        slips=len(seen.new),
        digest=found.digest,
    )
    return found


def _one_at_a_time() -> None:
    """Slips and pays wait for each other: slips read what is paid."""
    Cooperative.objects.select_for_update(of=("self",)).get()


def _locked(year_end: YearEnd) -> YearEnd:
    try:
        return locked(year_end)
    except YearEnd.DoesNotExist:
        raise Gone from None


# By when ------------------------------------------------------------------------------------------


def due_on(year: int) -> date:
    """The last day of February after the year, or the next business day when it is not one."""
    return next_business_day(date(year + 1, 3, 1) - timedelta(days=1), Government.QUEBEC)
