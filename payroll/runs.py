"""The pay, act by act: looked at, prepared by one person, issued by another, corrected by a voiding."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Cooperative, Person, Power
from members.powers import demand

from . import issuing, pays, periods
from .calendar import Period
from .deductions import NotReviewed
from .models import PayPeriod, PayRun, PayStub
from .pays import Preview
from .preflight import Finding, not_reviewed, preflight

journal.name_events(
    {
        "pay.prepared": gettext_lazy("pay prepared"),
        "pay.withdrawn": gettext_lazy("prepared pay withdrawn"),
        "pay.issued": gettext_lazy("pay issued"),
        "stub.voided": gettext_lazy("voiding of a stub prepared"),
    }
)

__all__ = ["Finding", "Preview", "preflight", "preview"]


class Stopped(Refused):
    """The pre-flight found something that no reason can pass."""


class WarningsUnanswered(Refused):
    """The pre-flight warned: going ahead takes a reason."""

    sentence = gettext_lazy("Say why the pay goes ahead in spite of the warnings, or settle them first.")


class NothingToPay(Refused):
    """No approved hours are due."""

    sentence = gettext_lazy("There is nothing to pay: no approved hours are due to anybody.")


class SeenChanged(Refused):
    """The preview that was read is not what would be paid now."""

    sentence = gettext_lazy(
        "What is due has changed while you were reading. Here is what it is now: read it again."
    )


class IssuedByItsPreparer(Refused):
    """Two people make a pay: whoever prepared it does not issue it."""

    sentence = gettext_lazy("You prepared this pay: another person issues it.")


class AlreadyIssued(Refused):
    """What is issued is final."""

    sentence = gettext_lazy("This pay is issued and final: void a stub and the next pay corrects it.")


class AlreadyVoided(Refused):
    """A stub is taken back once."""

    sentence = gettext_lazy("This stub is already voided, or its voiding waits to be issued.")


class NotVoidable(Refused):
    """A voiding is not itself voided."""

    sentence = gettext_lazy("This is a voiding: the hours it took back are paid again by the next pay.")


class Gone(Refused):
    """Somebody withdrew the pay in the meantime."""

    sentence = gettext_lazy("This pay was withdrawn in the meantime: prepare it again.")


@dataclass(frozen=True)
class Difference:
    """One stub that is no longer what was prepared: its gross and net, then and now (None: no stub)."""

    person: Person
    before: tuple[Decimal, Decimal] | None
    now: tuple[Decimal, Decimal] | None


class Changed(Refused):
    """What would be paid now is not what was prepared. `differences` says for whom."""

    def __init__(self, differences: list[Difference]):
        self.differences = differences
        super().__init__(
            _(
                "What was prepared has changed since (%(people)s): withdraw this pay, prepare it again and "
                "have it issued."
            )
            % {"people": ", ".join(dict.fromkeys(str(one.person) for one in differences))}
        )


def preview(period: Period) -> Preview:
    """What this period's pay would be, person by person. Writes nothing.

    Raises Stopped when no table has been reviewed for the pay date.
    """
    try:
        return pays.preview(period)
    except NotReviewed as refusal:
        raise Stopped(not_reviewed(refusal)) from refusal


# Preparing ----------------------------------------------------------------------------------------


@transaction.atomic
def prepare(period: Period, *, by: Person, because: str = "", seen_digest: str = "") -> PayRun:
    """Make this period's pay ready to be issued by somebody else. Nothing is paid yet.

    `because` says why it goes ahead where the pre-flight warns; `seen_digest`, where given, is that of
    the preview the person read. Raises Stopped, WarningsUnanswered, NothingToPay,
    SeenChanged.
    """
    _one_pay_at_a_time()
    demand(by, Power.PREPARE_PAY)
    seen = preview(period)
    findings = preflight(period, seen)
    for finding in findings:
        if finding.stops:
            raise Stopped(finding.sentence)
    if not seen.stubs:
        raise NothingToPay
    if seen_digest and seen_digest != seen.digest:
        raise SeenChanged
    because = because.strip()
    if findings and not because:
        raise WarningsUnanswered
    recorded = PayPeriod(
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        pay_on=period.pay_on,
        pays_in_year=period.pays_in_year,
    )
    write(recorded)
    run = PayRun(
        period=recorded,
        pay_on=period.pay_on,
        because=because,
        findings=[finding.sentence for finding in findings],
        expected=seen.expected,
        digest=seen.digest,
        prepared_at=timezone.now(),
        prepared_by=by,
    )
    write(run)
    journal.record(
        "pay.prepared",
        by=by,
        run=run.pk,
        pay_on=str(run.pay_on),
        stubs=len(seen.stubs),
        warnings=len(findings),
        digest=run.digest,
    )
    return run


@transaction.atomic
def withdraw(run: PayRun, *, by: Person) -> None:
    """Take back a pay that is prepared and not issued, as if it had not been prepared."""
    _one_pay_at_a_time()
    demand(by, Power.PREPARE_PAY)
    run = _locked(run)
    if run.is_issued:
        raise AlreadyIssued
    pk, kind, period = run.pk, run.kind, run.period
    run.delete()
    if kind == PayRun.Kind.REGULAR:
        period.delete()
    journal.record("pay.withdrawn", by=by, run=pk, kind=kind, pay_on=str(run.pay_on))


@transaction.atomic
def void_stub(stub: PayStub, *, by: Person, because: str) -> PayRun:
    """Prepare the taking back of one stub; once somebody else issues it, the next pay pays what is due.

    Its mirror has the pay date of the stub, so that the sums of that year are right.
    """
    _one_pay_at_a_time()
    demand(by, Power.PREPARE_PAY)
    if stub.run.kind == PayRun.Kind.VOID:
        raise NotVoidable
    if PayRun.objects.filter(voids=stub).exists():
        raise AlreadyVoided
    mirror = pays.expected_mirror(stub)
    run = PayRun(
        period=stub.run.period,
        kind=PayRun.Kind.VOID,
        pay_on=stub.run.pay_on,
        voids=stub,
        because=because.strip(),
        expected=mirror,
        digest=pays.digest_of(mirror),
        prepared_at=timezone.now(),
        prepared_by=by,
    )
    write(run)
    journal.record("stub.voided", by=by, run=run.pk, stub=stub.pk, pay_on=str(run.pay_on), digest=run.digest)
    return run


# Issuing ------------------------------------------------------------------------------------------


@transaction.atomic
def issue(run: PayRun, *, by: Person, documents: bool = True) -> PayRun:
    """Pay: write the stubs, their lines and their documents, final from here on.

    All or nothing, in one transaction. What was prepared is computed again: should a single cent or
    input differ, nothing is written and Changed says what. Issuing what is issued returns it as it is.
    """
    _one_pay_at_a_time()
    run = _locked(run)
    if run.is_issued:
        return run
    demand(by, Power.ISSUE_PAY)
    if by.pk == run.prepared_by_id:
        raise IssuedByItsPreparer
    today = timezone.localdate()
    if run.kind == PayRun.Kind.VOID:
        stubs = issuing.write_mirror(run, issued_on=today)
    else:
        seen = preview(period_of(run))
        if seen.digest != run.digest:
            raise Changed(changes(run, seen))
        stubs = issuing.write_stubs(run, seen, issued_on=today)
    if documents:
        issuing.write_documents(stubs)
    entry = journal.record(
        "pay.issued",
        by=by,
        run=run.pk,
        kind=run.kind,
        pay_on=str(run.pay_on),
        stubs=len(stubs),
        documents=len(stubs) if documents else 0,
        digest=run.digest,
    )
    entry.refresh_from_db(fields=["hash"])
    run.issued_at, run.issued_by, run.journal_hash = timezone.now(), by, entry.hash
    run.save(update_fields=["issued_at", "issued_by", "journal_hash"])
    return run


def period_of(run: PayRun) -> Period:
    """The period of a run, as the calendar knows it."""
    recorded = run.period
    return Period(recorded.starts_on, recorded.ends_on, run.pay_on, recorded.pays_in_year)


def _one_pay_at_a_time() -> None:
    """Acts on pay wait for each other: each reads what is paid, and writes from it."""
    Cooperative.objects.select_for_update(of=("self",)).get()


def _locked(run: PayRun) -> PayRun:
    try:
        return locked(run)
    except PayRun.DoesNotExist:
        raise Gone from None


def changes(run: PayRun, seen: Preview) -> list[Difference]:
    """Whose stub differs between what was prepared and what would be paid now. None, normally."""
    before = {(row[0], row[1]): row for row in run.expected}
    now = {(row[0], row[1]): row for row in seen.expected}
    places = [place for place in {**before, **now} if before.get(place) != now.get(place)]
    people = Person.objects.in_bulk({person_id for person_id, _kind in places})

    def amounts(row: list | None) -> tuple[Decimal, Decimal] | None:
        return (Decimal(row[2]), Decimal(row[3])) if row else None

    return [
        Difference(people[place[0]], amounts(before.get(place)), amounts(now.get(place))) for place in places
    ]


# What comes next ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class NextStep:
    """What a holder of the pay powers should do now, for the home page."""

    sentence: str
    url: str
    kwargs: dict[str, Any] = field(default_factory=dict)


def next_step(
    person: Person, held: Collection[str], cooperative: Cooperative, *, today: date | None = None
) -> NextStep | None:
    """The next act of pay that waits for this person, who holds these powers today, or None."""
    if not {Power.PREPARE_PAY, Power.ISSUE_PAY}.intersection(held):
        return None
    # One query: what waits, and the runs of the last period, which tell where the next one starts.
    latest = PayPeriod.objects.order_by("-ends_on").values("pk")[:1]
    found = PayRun.objects.filter(Q(issued_at=None) | Q(period=Subquery(latest))).select_related("period")
    known = list(found.defer("findings", "expected").order_by("kind", "pk"))
    waiting = [run for run in known if not run.is_issued]
    for run in waiting:
        if Power.ISSUE_PAY in held and run.prepared_by_id != person.pk:
            sentence = (
                _("The pay of %(day)s is ready: read it and issue it.")
                if run.kind == PayRun.Kind.REGULAR
                else _("The voiding of a stub of %(day)s is ready: read it and issue it.")
            )
            return NextStep(sentence % {"day": written(run.pay_on)}, "payroll:run", {"pk": run.pk})
    if Power.PREPARE_PAY not in held or any(run.kind == PayRun.Kind.REGULAR for run in waiting):
        return None
    today = today or timezone.localdate()
    paid_through = max((run.period.ends_on for run in known), default=None)
    period = next(periods.following(paid_through, today, cooperative))
    if period.ends_on >= today:
        return None
    return NextStep(
        _("The pay of %(day)s can be prepared.") % {"day": written(period.pay_on)},
        "payroll:run_preview",
        {"first": period.starts_on},
    )
