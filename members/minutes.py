"""What is kept of a meeting: who was there, what was said, what was decided, who does what next.

Whoever sits on the body writes it; somebody else who was there approves it, or a later decision of the body
does. From there on it is final: what is missing is added below.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.refusals import Refused
from koumbit.rows import locked, write

from . import journal, tallies
from .governance import decides_in, electors, record_decision, rule_of
from .meetings import Cancelled, Final, NotTheirMeeting, called_to
from .models import (
    Addendum,
    AgendaPoint,
    Attendance,
    Decision,
    Meeting,
    Minutes,
    Person,
    PointDecision,
    Undertaking,
)
from .models.people import PersonQuerySet
from .powers import NotAllowed

journal.name_events(
    {
        "members.minutes_written": gettext_lazy("minutes written"),
        "members.minutes_approved": gettext_lazy("minutes approved"),
        "members.minutes_added_to": gettext_lazy("addition to approved minutes"),
        "members.point_decided": gettext_lazy("decision taken at a meeting"),
        "members.undertaking_done": gettext_lazy("what was undertaken is done"),
    }
)

Step = tuple[str, Person, date | None]


class NotHeldYet(Refused):
    sentence = gettext_lazy("The meeting has not been held yet: its minutes are written from its day on.")


class WrittenMeanwhile(Refused):
    sentence = gettext_lazy(
        "Somebody else wrote these minutes while you did, and changed the same things. Nothing of yours is lost: it "
        "is still below, with what stands now beside it. Put together what should stay, then save again."
    )


class ReadAgain(Refused):
    sentence = gettext_lazy("These minutes were written again since you opened them: read what stands now.")


class ApprovedByAnother(NotAllowed):
    def __init__(self):
        super().__init__(
            sentence=_(
                "Minutes are approved by somebody else than who wrote them last, and who was at the meeting."
            )
        )


class NotALaterDecision(Refused):
    sentence = gettext_lazy("Choose a decision that the same body took on that day or later.")


class NotDecidedThere(Refused):
    sentence = gettext_lazy("Choose a decision that this body took.")


class NotFinalYet(Refused):
    sentence = gettext_lazy("These minutes are not approved yet: correct them where they are.")


class NotTheirUndertaking(NotAllowed):
    def __init__(self):
        super().__init__(sentence=_("Whoever undertook it, or sits on the body, says that it is done."))


def writes(meeting: Meeting, person: Person) -> bool:
    """May the person write the minutes: do they sit on the body today, or did they on the day it met?"""
    return person.is_active and any(
        decides_in(meeting.body, person, day) for day in {meeting.on, timezone.localdate()}
    )


def expected(meeting: Meeting) -> PersonQuerySet:
    """Whose attendance is noted: those who were called, and whoever was noted already, by name."""
    noted = Person.objects.filter(pk__in=meeting.attendances.values("person"))
    called = Person.objects.filter(pk__in=called_to(meeting).order_by().values("pk"))
    return (called | noted).by_name()


@dataclass(frozen=True)
class Quorum:
    """How many who decide in the body were there, of how many, and how many it took."""

    present: int
    electors: int
    needed: int

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed


def quorum_of(meeting: Meeting, minutes: Minutes) -> Quorum:
    """The quorum of a meeting, by the rule of the body on its day, as the minutes keep it."""
    deciding = electors(meeting.body, meeting.on).order_by().values("pk")
    present = meeting.attendances.filter(how=Attendance.How.PRESENT, person__in=deciding).count()
    return Quorum(present, minutes.electors, minutes.quorum)


def why_not_written(meeting: Meeting, by: Person) -> Refused | None:
    """Why this person does not write these minutes, which may be approved already; None when they do."""
    if meeting.cancelled_at:
        return Cancelled()
    if meeting.on > timezone.localdate():
        return NotHeldYet()
    return None if writes(meeting, by) else NotTheirMeeting(meeting.body)


def _to_write(meeting: Meeting, by: Person) -> Meeting:
    meeting = locked(meeting)
    if refusal := why_not_written(meeting, by):
        raise refusal
    return meeting


@transaction.atomic
def write_minutes(
    meeting: Meeting,
    *,
    by: Person,
    seen: int,
    attendance: Mapping[int, str],
    said: Mapping[int, str],
    steps: Iterable[tuple[int | None, Step | None]] = (),
    **words: Any,
) -> Minutes:
    """Write what is to be kept of a meeting, over the version one had before one's eyes (`seen`; 0 for none).

    `attendance`: by person, `present`, `excused`, `absent`, or nothing where it is not known. `said`: by point.
    `steps`: each with the number it has already, if any, and nothing where it is taken out.
    `words`: facilitated_by, noted_by, guests, words. Raises `WrittenMeanwhile` when somebody else wrote since.
    """
    meeting = _to_write(meeting, by)
    minutes = Minutes.objects.select_for_update().filter(meeting=meeting).first()
    if minutes and minutes.is_final:
        raise Final
    if (minutes.version if minutes else 0) != seen:
        raise WrittenMeanwhile
    minutes = minutes or Minutes(meeting=meeting, version=0)
    count = electors(meeting.body, meeting.on).count()
    minutes.electors = count
    minutes.quorum = tallies.needed(rule_of(meeting.body, meeting.on).rule, count)
    for name, value in words.items():
        setattr(minutes, name, value)
    minutes.version += 1
    minutes.written_by, minutes.written_at = by, timezone.now()
    write(minutes)
    _note_attendance(meeting, attendance)
    for point in meeting.points.filter(pk__in=said):
        if point.said != said[point.pk]:
            point.said = said[point.pk]
            write(point)
    _note_steps(meeting, steps)
    journal.record("members.minutes_written", by=by, meeting=meeting.pk, version=minutes.version)
    return minutes


def _note_attendance(meeting: Meeting, attendance: Mapping[int, str]) -> None:
    noted = {one.person_id: one for one in meeting.attendances.all()}
    people = {person.pk: person for person in expected(meeting).filter(pk__in=attendance)}
    for pk, person in people.items():
        how, was = attendance[pk], noted.get(pk)
        if not how and was:
            was.delete()
        elif how and (was is None or was.how != how):
            row = was or Attendance(meeting=meeting, person=person)
            row.how = how
            write(row)


def _note_steps(meeting: Meeting, steps: Iterable[tuple[int | None, Step | None]]) -> None:
    known = {one.pk: one for one in meeting.undertakings.all()}
    for pk, step in steps:
        row = known.get(pk) if pk else None
        if step is None:
            if row is not None:
                row.delete()
            continue
        row = row or Undertaking(meeting=meeting)
        if (row.what, row.person_id, row.due_on) != (step[0], step[1].pk, step[2]):
            row.what, row.person, row.due_on = step
            write(row)


def _draft(minutes: Minutes) -> Minutes:
    locked(Meeting(pk=minutes.meeting_id))
    minutes = locked(minutes)
    if minutes.is_final:
        raise Final
    return minutes


@transaction.atomic
def approve(minutes: Minutes, *, by: Person, seen: int, decision: Decision | None = None) -> Minutes:
    """Say that this is what happened: from here on it is final.

    By somebody who was there and did not write it last; or, with the decision by which the body approves it, by
    anybody who decides there and did not write it last. `seen` is the version one read.
    """
    minutes = _draft(minutes)
    meeting = minutes.meeting
    if minutes.version != seen:
        raise ReadAgain
    there = meeting.attendances.filter(person=by, how=Attendance.How.PRESENT).exists()
    if decision is not None:
        if decision.body_id != meeting.body_id or decision.adopted_on < meeting.on:
            raise NotALaterDecision
        there = decides_in(meeting.body, by, timezone.localdate())
    if not (by.is_active and there) or minutes.written_by_id == by.pk:
        raise ApprovedByAnother
    minutes.approved_by, minutes.approved_at, minutes.approved_in = by, timezone.now(), decision
    minutes.journal_head = journal.head()
    write(minutes)
    journal.record(
        "members.minutes_approved",
        by=by,
        meeting=meeting.pk,
        version=minutes.version,
        decision=decision and decision.pk,
    )
    return minutes


@transaction.atomic
def add_below(minutes: Minutes, *, by: Person, text: str) -> Addendum:
    """Correct or complete approved minutes: they stay as they are, this is read below them, signed."""
    minutes = locked(minutes)
    if not minutes.is_final:
        raise NotFinalYet
    if not writes(minutes.meeting, by):
        raise NotTheirMeeting(minutes.meeting.body)
    added = Addendum(minutes=minutes, by=by, text=text)
    write(added)
    journal.record("members.minutes_added_to", by=by, meeting=minutes.meeting_id)
    return added


# Decisions and what follows -------------------------------------------------------------------------


def _decidable(point: AgendaPoint, by: Person) -> Meeting:
    meeting = _to_write(point.meeting, by)
    if hasattr(meeting, "minutes") and meeting.minutes.is_final:
        raise Final
    return meeting


@transaction.atomic
def decide(point: AgendaPoint, *, by: Person, **said) -> Decision:
    """Record a decision that the body took at this point of its meeting, on that day.

    `said`: what `governance.record_decision` takes. What it does waits for a second person who was there.
    """
    meeting = _decidable(point, by)
    decision = record_decision(meeting.body, by=by, adopted_on=meeting.on, **said)
    _link(point, decision, by)
    return decision


@transaction.atomic
def link_decision(point: AgendaPoint, *, by: Person, decision: Decision) -> PointDecision:
    """Say that a decision which is in the register was taken at this point."""
    meeting = _decidable(point, by)
    if decision.body_id != meeting.body_id:
        raise NotDecidedThere
    return _link(point, decision, by)


def _link(point: AgendaPoint, decision: Decision, by: Person) -> PointDecision:
    linked = PointDecision(point=point, decision=decision)
    write(linked)
    journal.record("members.point_decided", by=by, point=point.pk, decision=decision.pk)
    return linked


@transaction.atomic
def do(undertaking: Undertaking, *, by: Person) -> Undertaking:
    """Say that what was undertaken is done: by whoever undertook it, or who sits on the body."""
    undertaking = locked(undertaking)
    if undertaking.person_id != by.pk and not decides_in(undertaking.meeting.body, by, timezone.localdate()):
        raise NotTheirUndertaking
    if undertaking.done_on is None:
        undertaking.done_on = timezone.localdate()
        write(undertaking)
        journal.record("members.undertaking_done", by=by, id=undertaking.pk)
    return undertaking
