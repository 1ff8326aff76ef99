"""The timer: one at most runs for a person, and it always ends as minutes in a cell that can be edited.

It survives closing the browser, since it is a row with the moment it started. One that was forgotten
asks when it really ended rather than logging a night.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.durations import DAY
from koumbit.refusals import Refused
from members.models import Person
from roles.models import Task

from . import weeks
from .drafts import Cell, Content, add_entry, save_draft
from .hours import week_start_weekday
from .models import Project, TimeEntry, Timer
from .refusals import EntryRefused

# Longer than this, or past midnight, and it asks: hardly anybody works that long without a pause.
LONGEST = 8 * 60
MINUTE = timedelta(minutes=1)


class NothingRuns(Refused):
    sentence = _("No timer is running.")


class CannotTime(Refused):
    sentence = _("No hours can be logged on this row any more: pick another one.")


class Forgotten(Refused):
    """It ran past midnight or for very long: the person says how long it really was."""

    sentence = _("The timer ran for long: say how long you really worked.")


@dataclass(frozen=True)
class Stopped:
    """What a timer became: so many minutes more in a cell; none if it ran for less than one."""

    cell: Cell
    minutes: int
    week: date


def running(person: Person) -> Timer | None:
    """The timer of a person, with its task and project, if one runs."""
    return Timer.objects.select_related("task__role", "project").filter(person=person).first()


def elapsed(timer: Timer, now: datetime) -> int:
    """Whole minutes since it started."""
    return max(0, int((now - timer.started_at) / MINUTE))


def is_forgotten(timer: Timer, now: datetime) -> bool:
    """It has run past midnight, or for longer than anybody works in one go."""
    is_another_day = timezone.localdate(timer.started_at) != timezone.localdate(now)
    return is_another_day or elapsed(timer, now) > LONGEST


@transaction.atomic
def start(person: Person, task_id: int, project_id: int | None, *, note: str = "") -> Timer:
    """Start timing a row; what ran before stops into its cell first. The same row goes on running.

    Raises `CannotTime`, and whatever keeps the one before from stopping (`Forgotten`, `EntryRefused`).
    """
    _one_at_a_time(person)
    if not Task.objects.in_use().filter(pk=task_id).exists() or (
        project_id is not None and not Project.objects.open().filter(pk=project_id).exists()
    ):
        raise CannotTime
    before = running(person)
    if before is not None and (before.task_id, before.project_id) == (task_id, project_id):
        return before
    if before is not None:
        stop(person)
    return Timer.objects.create(
        person=person, task_id=task_id, project_id=project_id, note=note, started_at=timezone.now()
    )


@transaction.atomic
def stop(person: Person, *, minutes: int | None = None) -> Stopped:
    """Stop the timer: its minutes go to the cell of the day it started.

    `minutes` is what the person says it was; without it, what the clock says: one that ran for less than
    a minute was started by mistake, and logs nothing. Raises `NothingRuns`, `Forgotten`; `EntryRefused` or
    `WeekIsWaiting` when the cell takes nothing: the timer then goes on, and nothing is lost.
    """
    _one_at_a_time(person)
    timer = running(person)
    if timer is None:
        raise NothingRuns
    if minutes is None:
        now = timezone.now()
        if is_forgotten(timer, now):
            raise Forgotten
        minutes = elapsed(timer, now)
    elif not 0 < minutes <= DAY:
        raise EntryRefused
    day = timezone.localdate(timer.started_at)
    cell = Cell(timer.task_id, timer.project_id, day)
    week = weeks.week_of(day, week_start_weekday())
    if minutes:
        _add(person, week, cell, minutes, timer.note)
    timer.delete()
    return Stopped(cell, minutes, week)


def discard(person: Person) -> None:
    """Forget the timer: nothing is logged. Raises `NothingRuns`."""
    deleted, _by_kind = Timer.objects.filter(person=person).delete()
    if not deleted:
        raise NothingRuns


def _one_at_a_time(person: Person) -> None:
    """Two tabs that start or stop at once wait for each other."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _add(person: Person, week: date, cell: Cell, minutes: int, note: str) -> None:
    """To the one plain line of the cell if that is what it holds, else as a line of its own."""
    held = list(
        TimeEntry.objects.filter(
            person=person, day=cell.day, task_id=cell.task_id, project_id=cell.project_id
        )
    )
    if len(held) == 1 and not held[0].is_final and not held[0].corrects_id:
        content = Content(held[0].minutes + minutes, held[0].note or note)
        saved = save_draft(person, week, {cell: content})
        if saved.refused:
            raise EntryRefused(saved.refused[cell])
    else:
        add_entry(person, week, cell, minutes, note)
