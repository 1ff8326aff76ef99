"""The acts on a week, between the person who worked it and the committee that approves it.

Each act locks the week, checks who does it and what they saw, changes it, writes the decision and
the journal, and returns the week. What a person writes in a draft is in `drafts`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.refusals import Refused
from koumbit.rows import locked
from members import journal
from members.models import Person, Power
from members.powers import demand

from . import committee, nudges
from . import seen as content
from .conflicts import StepsAside, aside_from
from .models import SheetDecision, TimeEntry, WeekSheet
from .questions import ask
from .refusals import (
    NotAllEligible,
    NotYours,
    OwnHours,
    ReasonMissing,
    SheetChanged,
    UnknownLine,
    WeekIsNotDraft,
    WeekIsNotWaiting,
    WeekNotBegun,
)

journal.name_events(
    {
        "hours.submitted": _("week submitted"),
        "hours.withdrawn": _("week withdrawn"),
        "hours.approved": _("week approved"),
        "hours.approved_in_part": _("week approved, with questions"),
        "hours.sent_back": _("week sent back"),
        "hours.reopened": _("week reopened"),
        "hours.corrected": _("approved time corrected"),
    }
)

Act = SheetDecision.Act
State = WeekSheet.State


def open_week(person: Person, starts_on: date) -> WeekSheet:
    """The person's week, as an empty draft if nothing was written in it yet."""
    return WeekSheet.objects.get_or_create(person=person, starts_on=starts_on)[0]


@transaction.atomic
def submit(sheet: WeekSheet, *, by: Person) -> WeekSheet:
    """Hand the week to the committee. A week without hours says “nothing this week”."""
    sheet = locked(sheet)
    if by.pk != sheet.person_id:
        raise NotYours
    if not sheet.is_draft:
        raise WeekIsNotDraft
    if sheet.starts_on > timezone.localdate():
        raise WeekNotBegun
    now = timezone.now()
    entries = committee.entries_of(sheet)
    _move(sheet, State.SUBMITTED, submitted_at=now, handed_in=committee.in_sum(entries).kept())
    return _decided(sheet, Act.SUBMITTED, by, entries, at=now)


@transaction.atomic
def withdraw(sheet: WeekSheet, *, by: Person) -> WeekSheet:
    """Take back a week that was submitted and not decided yet, to change it."""
    sheet = locked(sheet)
    if by.pk != sheet.person_id:
        raise NotYours
    if not sheet.is_waiting:
        raise WeekIsNotWaiting
    _move(sheet, State.DRAFT)
    return _decided(sheet, Act.WITHDRAWN, by, _entries(sheet))


@transaction.atomic
def approve(
    sheet: WeekSheet, *, by: Person, seen: str, questions: Mapping[int, str] | None = None
) -> WeekSheet:
    """Accept the week; its hours become payable and final.

    `seen` is the digest of the content the approver had before their eyes. With `questions` (entry →
    why), the questioned lines go back to draft with the question and only the others are accepted.
    """
    sheet, entries = _to_decide(sheet, by, seen)
    questions = {entry: why.strip() for entry, why in (questions or {}).items()}
    waiting = [entry for entry in entries if not entry.is_final]
    if not all(questions.values()):
        raise ReasonMissing
    if questions.keys() - {entry.pk for entry in waiting}:
        raise UnknownLine
    now = timezone.now()
    accepted = [entry.pk for entry in waiting if entry.pk not in questions]
    TimeEntry.objects.filter(pk__in=accepted).update(approved_at=now, approved_by=by, question="")
    if not questions:
        _move(sheet, State.APPROVED, submitted_at=sheet.submitted_at, approved_at=now, approved_by=by)
        nudges.approved(sheet, by=by, minutes=sum(entry.minutes for entry in entries))
        return _decided(sheet, Act.APPROVED, by, entries, at=now)
    for entry in waiting:
        entry.question = questions.get(entry.pk, "")
    TimeEntry.objects.bulk_update([entry for entry in waiting if entry.question], ["question"])
    _move(sheet, State.DRAFT)
    act = Act.APPROVED_IN_PART if accepted else Act.SENT_BACK
    nudges.questioned(
        sheet, by=by, questions=[(entry, entry.question) for entry in waiting if entry.question]
    )
    return _decided(sheet, act, by, entries, "\n".join(questions.values()), at=now, questions=questions)


@transaction.atomic
def approve_all(seen: Mapping[int, str], *, by: Person) -> list[WeekSheet]:
    """Accept several weeks (sheet → digest seen), or none of them if one cannot be.

    Raises `NotAllEligible`, which names that one and says why, or `SheetChanged`.
    """
    # All of them are held, in one order, before the first is written in the journal: two lists that
    # share a week then never wait for each other.
    held = WeekSheet.objects.select_for_update(of=("self",)).select_related("person")
    sheets = list(held.filter(pk__in=seen).order_by("pk"))
    if len(sheets) < len(seen):
        raise SheetChanged
    for sheet in sheets:
        try:
            approve(sheet, by=by, seen=seen[sheet.pk])
        except SheetChanged:
            raise
        except Refused as refusal:
            raise NotAllEligible(sheet, refusal) from refusal
    return sheets


@transaction.atomic
def send_back(sheet: WeekSheet, *, by: Person, because: str, seen: str) -> WeekSheet:
    """Give the whole week back to its owner, saying why; lines approved before stay approved."""
    sheet, entries = _to_decide(sheet, by, seen)
    if not because.strip():
        raise ReasonMissing
    _move(sheet, State.DRAFT)
    nudges.sent_back(sheet, by=by, because=because.strip())
    return _decided(sheet, Act.SENT_BACK, by, entries, because.strip())


def reopen(sheet: WeekSheet, *, by: Person, because: str) -> WeekSheet:
    """Make an approved week a draft again for a late entry or a correction; what is final stays so.

    The week is already locked by the act that reopens it.
    """
    _move(sheet, State.DRAFT)
    return _decided(sheet, Act.REOPENED, by, _entries(sheet), because)


def _to_decide(sheet: WeekSheet, by: Person, seen: str) -> tuple[WeekSheet, list[TimeEntry]]:
    demand(by, Power.APPROVE_HOURS)
    sheet = locked(sheet)
    if by.pk == sheet.person_id:
        raise OwnHours
    if sheet.person_id in aside_from(by):
        raise StepsAside
    entries = _entries(sheet)
    if not sheet.is_waiting or content.digest_of(content.lines_of(entries)) != seen:
        raise SheetChanged(sheet)
    return sheet, entries


def _move(
    sheet: WeekSheet,
    state: str,
    *,
    submitted_at: datetime | None = None,
    handed_in: dict[str, Any] | None = None,
    approved_at: datetime | None = None,
    approved_by: Person | None = None,
) -> None:
    sheet.state, sheet.handed_in = state, handed_in
    sheet.submitted_at, sheet.approved_at, sheet.approved_by = submitted_at, approved_at, approved_by
    sheet.save(update_fields=["state", "handed_in", "submitted_at", "approved_at", "approved_by"])


def _entries(sheet: WeekSheet) -> list[TimeEntry]:
    return list(sheet.entries.order_by("pk"))


def _decided(
    sheet: WeekSheet,
    act: str,
    by: Person,
    entries: list[TimeEntry],
    because: str = "",
    *,
    at: datetime | None = None,
    questions: Mapping[int, str] | None = None,
) -> WeekSheet:
    """Write the decision on the content as it was before the act, what it asks, then the journal."""
    digest = content.digest_of(content.lines_of(entries))
    SheetDecision.objects.create(
        sheet=sheet,
        act=act,
        by=by,
        at=at or timezone.now(),
        minutes=sum(entry.minutes for entry in entries),
        digest=digest,
        because=because[:2000],
    )
    if questions:
        ask(sheet, questions, by=by)
    journal.record(
        f"hours.{act}",
        by=by,
        sheet=sheet.pk,
        person=sheet.person_id,
        week=str(sheet.starts_on),
        entries=len(entries),
        digest=digest,
        **({"questioned": sorted(questions)} if questions else {}),
    )
    return sheet
