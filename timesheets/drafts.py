"""What a person writes in their own week: cells, lines, late entries, corrections.

A cell is a task, a project and a day. It usually holds one entry; it may hold several, and then it
is changed line by line. Nothing somebody else wrote meanwhile is overwritten without being seen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import DateField, F, QuerySet, Sum, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from koumbit import formats
from koumbit.durations import DAY
from koumbit.prepared import Prepared, day_named, key_named
from koumbit.rows import locked, write
from members import journal
from members.models import Membership, Pause, Person, WorkStatus
from roles.models import Task

from . import weeks
from .models import EntryVersion, Project, TimeEntry, WeekSheet
from .refusals import (
    EntryRefused,
    LinesChanged,
    NotFinal,
    NothingToClassify,
    NothingToCorrect,
    NotYours,
    ReasonMissing,
    UnknownLine,
    WeekIsApproved,
    WeekIsWaiting,
)
from .workflow import reopen


class Cell(NamedTuple):
    """Where minutes go: a task, a project or none, a day."""

    task_id: int
    project_id: int | None
    day: date


class Content(NamedTuple):
    """What a cell or a line says."""

    minutes: int = 0
    note: str = ""


NOTHING = Content()


@dataclass
class Saved:
    """What became of a draft that was saved: nothing is refused or contested without being named."""

    sheet: WeekSheet | None
    changed: list[Cell] = field(default_factory=list)
    refused: dict[Cell, str] = field(default_factory=dict)
    # What the cell holds now, written elsewhere since the page was opened.
    contested: dict[Cell, Content] = field(default_factory=dict)
    # The week was begun, or an approved one opened again, by this.
    is_begun: bool = False
    is_reopened: bool = False

    @property
    def is_whole(self) -> bool:
        return not (self.refused or self.contested)


@dataclass(frozen=True)
class Copied:
    """What was taken over from another week: its rows, how many hours, and what was left out and why."""

    rows: list[tuple[int, int | None]]
    cells: int = 0
    skipped: list[tuple[Cell, str]] = field(default_factory=list)

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int | None]], saved: Saved) -> "Copied":
        """What was written, and each cell left out with its reason, day by day."""
        skipped = dict(saved.refused) | dict.fromkeys(saved.contested, _("There are hours already."))
        return cls(
            list(dict.fromkeys(rows)),
            len(saved.changed),
            sorted(skipped.items(), key=lambda item: item[0].day),
        )


class _Draft:
    """A person's week, locked for writing, with what decides whether time may be written in it."""

    def __init__(self, person: Person, starts_on: date):
        self.person = person
        sheet, self.is_new = _SHEET.one(person=person.pk, week=starts_on), False
        if sheet is None:
            sheet, self.is_new = WeekSheet.objects.get_or_create(person=person, starts_on=starts_on)
            sheet = locked(sheet)
        self.sheet = sheet
        if self.sheet.is_waiting:
            raise WeekIsWaiting
        self.cells: dict[Cell, list[TimeEntry]] = defaultdict(list)
        self.totals: dict[date, int] = defaultdict(int)
        for entry in _LINES(sheet=self.sheet.pk):
            self.cells[Cell(entry.task_id, entry.project_id, entry.day)].append(entry)
            self.totals[entry.day] += entry.minutes
        self._today = timezone.localdate()
        self._known: dict[tuple[type, int], bool] = {}

    def look_up(self, cells: Iterable[Cell]) -> None:
        """Look up, in one query, the person's days here and which of these tasks and projects may be picked.

        A member without a work status may log hours: they count like the others, and are not paid.
        """
        cells = list(cells)
        found = defaultdict(list)
        for what, pk, first, last in _MAY_BE_PICKED(
            person=self.person.pk,
            tasks=list({cell.task_id for cell in cells}),
            projects=list({cell.project_id for cell in cells} - {None}),
        ):
            found[what].append((first, last) if what in {"work", "pause"} else pk)
        self._spans = sorted(found["work"], key=lambda span: span[0])
        self._pauses = found["pause"]
        self._tasks, self._projects = set(found["task"]), set(found["project"])

    def refusal(self, cell: Cell) -> str:
        """Why no time may be written on that day, or nothing."""
        if not self.sheet.starts_on <= cell.day <= self.sheet.ends_on:
            return _("This day is not in the week.")
        if cell.day > self._today:
            return _("%(day)s has not come yet: hours are logged once worked.") % {
                "day": capfirst(formats.weekday(cell.day))
            }
        return self._outside_work(cell.day)

    def _outside_work(self, day: date) -> str:
        if any(first <= day and (last is None or day <= last) for first, last in self._pauses):
            return _("%(day)s is a day of your pause: no hours are logged then.") % {
                "day": capfirst(formats.weekday(day))
            }
        if any(first <= day and (last is None or day <= last) for first, last in self._spans):
            return ""
        if not self._spans:
            return _("You have no work status yet: those who admit people enter it first.")
        before = [last for first, last in self._spans if first <= day]
        if not before:
            return _("Your work starts on %(day)s: there are no hours before it.") % {
                "day": formats.day(self._spans[0][0])
            }
        return _("Your work ended on %(day)s: there are no hours after it.") % {
            "day": formats.day(before[-1])
        }

    def refusal_of_new(self, cell: Cell) -> str:
        """Why no new time may be written in that cell, or nothing."""
        if cell.task_id not in self._tasks:
            if self._is_known(Task, cell.task_id):
                return _("This task is retired: pick another one.")
            return _("There is no such task: pick another one.")
        if cell.project_id is not None and cell.project_id not in self._projects:
            if self._is_known(Project, cell.project_id):
                return _("This project is closed: pick another one.")
            return _("There is no such project: pick another one.")
        return self.refusal(cell)

    def _is_known(self, kind: type[Task] | type[Project], pk: int) -> bool:
        """What ended is told from what never was: a program that sends a wrong number learns it."""
        if (kind, pk) not in self._known:
            self._known[kind, pk] = kind.objects.filter(pk=pk).exists()
        return self._known[kind, pk]

    def make_draft(self, because: str = "") -> None:
        """Late time on an approved week reopens it; what is final in it stays so."""
        if self.sheet.is_approved:
            reopen(self.sheet, by=self.person, because=because)

    def new_entry(self, cell: Cell, content: Content, **fields) -> TimeEntry:
        return TimeEntry(
            sheet=self.sheet,
            person=self.person,
            day=cell.day,
            task_id=cell.task_id,
            project_id=cell.project_id,
            minutes=content.minutes,
            note=content.note,
            **fields,
        )


def _found(what: str, rows: QuerySet, first: str = "", last: str = "") -> QuerySet:
    """Rows of one kind, as a part of a union: what they are, their number, their first and last day."""
    none = Cast(Value(None), DateField())
    return (
        rows.order_by()
        .annotate(found_as=Value(what), first=F(first) if first else none, last=F(last) if last else none)
        .values_list("found_as", "pk", "first", "last")
    )


def _may_be_picked() -> QuerySet:
    tasks = _found("task", Task.objects.in_use().filter(pk__any_of=key_named("tasks")))
    projects = _found("project", Project.objects.open().filter(pk__any_of=key_named("projects")))
    facts = {
        "work": WorkStatus.objects.filter(person=key_named("person"), pause=None),
        "pause": Pause.objects.filter(person=key_named("person")),
    }
    member = Membership.objects.filter(person=key_named("person"))
    dated = [
        _found(what, found, "starts_on", "ends_on") for what, found in (*facts.items(), ("work", member))
    ]
    return tasks.union(projects, *dated, all=True)


def _sheet() -> QuerySet[WeekSheet]:
    return WeekSheet.objects.select_for_update(of=("self",)).filter(
        person=key_named("person"), starts_on=day_named("week")
    )


_MAY_BE_PICKED, _SHEET = Prepared(_may_be_picked), Prepared(lambda: _sheet().order_by())
_LINES = Prepared(lambda: TimeEntry.objects.filter(sheet=key_named("sheet")).order_by("pk"))


def too_long(day: date, minutes: int) -> str:
    """The sentence for a day that would hold more than 24 hours."""
    return _("%(day)s would hold %(hours)s: a day has 24.") % {
        "day": capfirst(formats.weekday(day)),
        "hours": formats.hours(minutes),
    }


@transaction.atomic
def save_draft(
    person: Person,
    starts_on: date,
    wanted: Mapping[Cell, Content],
    *,
    based_on: Mapping[Cell, Content] | None = None,
    reopens: bool = True,
) -> Saved:
    """Set cells of one's week to these minutes and notes. Saving the same twice changes nothing more.

    `based_on` is what the page showed when it was opened: only the cells that differ from it are
    written, and those that were changed elsewhere since are left as they are and told. Cells that
    cannot be written are refused with a sentence each; the others are saved. Time added to an approved
    week reopens it, unless `reopens` is off. Raises `WeekIsWaiting`, `WeekIsApproved`.
    """
    wanted = {
        cell: content
        for cell, content in wanted.items()
        if based_on is None or content != based_on.get(cell, NOTHING)
    }
    if not wanted:
        return Saved(WeekSheet.objects.filter(person=person, starts_on=starts_on).first())
    draft = _Draft(person, starts_on)
    if draft.sheet.is_approved and not reopens:
        raise WeekIsApproved
    saved = Saved(draft.sheet)
    accepted = _accepted(draft, wanted, based_on, saved)
    if accepted:
        saved.is_begun, saved.is_reopened = draft.is_new, draft.sheet.is_approved
        draft.make_draft()
        _set(draft, accepted)
        saved.changed = sorted(accepted, key=lambda cell: (cell.day, cell.task_id, cell.project_id or 0))
    elif draft.is_new:
        draft.sheet.delete()
        saved.sheet = None
    return saved


def now_in(person: Person, starts_on: date) -> dict[Cell, Content]:
    """What each cell of the person's week says, where it says one thing."""
    entries = TimeEntry.objects.filter(person=person, day__range=(starts_on, weeks.last_day(starts_on)))
    return {
        Cell(entry.task_id, entry.project_id, entry.day): Content(entry.minutes, entry.note)
        for entry in entries
    }


def written_last(person: Person, cells: Iterable[Cell]) -> dict[Cell, datetime]:
    """When each of these cells was last written, changed or cleared."""
    where = {"person": person, "day__in": {cell.day for cell in cells}}
    written = TimeEntry.objects.filter(**where).values_list("task_id", "project_id", "day", "written_at")
    changed = EntryVersion.objects.filter(**where).values_list("task_id", "project_id", "day", "until")
    last: dict[Cell, datetime] = {}
    for *place, moment in [*written, *changed]:
        cell = Cell(*place)
        last[cell] = max(moment, last.get(cell, moment))
    return last


def _accepted(
    draft: _Draft, wanted: Mapping[Cell, Content], based_on: Mapping[Cell, Content] | None, saved: Saved
) -> dict[Cell, Content]:
    """The changes that may be written; the others are put in `saved` with their reason."""
    draft.look_up(cell for cell, content in wanted.items() if content.minutes)
    accepted: dict[Cell, Content] = {}
    for cell, content in wanted.items():
        held = draft.cells.get(cell, [])
        if len(held) > 1 or any(entry.is_final or entry.corrects_id for entry in held):
            saved.refused[cell] = _("This day holds several lines or approved time: open its lines.")
            continue
        now = Content(held[0].minutes, held[0].note) if held else NOTHING
        if now == content:
            continue
        if based_on is not None and now != based_on.get(cell, NOTHING):
            saved.contested[cell] = now
        elif content.note and not content.minutes:
            saved.refused[cell] = _("This note has no time: write its hours, or clear it.")
        elif content.minutes and (why := draft.refusal(cell) if held else draft.refusal_of_new(cell)):
            saved.refused[cell] = why
        else:
            accepted[cell] = content
    _keep_days_within_24_hours(draft, accepted, saved)
    return accepted


def _keep_days_within_24_hours(draft: _Draft, accepted: dict[Cell, Content], saved: Saved) -> None:
    gains: dict[date, dict[Cell, int]] = defaultdict(dict)
    for cell, content in accepted.items():
        held = draft.cells.get(cell, [])
        gains[cell.day][cell] = content.minutes - sum(entry.minutes for entry in held)
    for day, by_cell in gains.items():
        total = draft.totals[day] + sum(by_cell.values())
        if total > DAY:
            for cell in [cell for cell, gain in by_cell.items() if gain > 0]:
                del accepted[cell]
                saved.refused[cell] = too_long(day, total)


def _set(draft: _Draft, accepted: Mapping[Cell, Content]) -> None:
    # What makes room is written before what takes it: the database counts after each statement.
    gone = [
        entry.pk for cell, content in accepted.items() if not content.minutes for entry in draft.cells[cell]
    ]
    if gone:
        TimeEntry.objects.filter(pk__in=gone).delete()
    kept = [
        (draft.cells[cell][0].pk, *content)
        for cell, content in accepted.items()
        if content.minutes and draft.cells.get(cell)
    ]
    if kept:
        with connection.cursor() as cursor:
            cursor.execute(_CHANGED, [list(column) for column in zip(*kept, strict=True)])
    new = [
        draft.new_entry(cell, content)
        for cell, content in accepted.items()
        if content.minutes and not draft.cells.get(cell)
    ]
    if new:
        TimeEntry.objects.bulk_create(new)


# What the ORM composes for this takes longer than all the rest of saving a cell.
_CHANGED = """
    UPDATE timesheets_timeentry AS entry SET minutes = wanted.minutes, note = wanted.note
    FROM unnest(%s::bigint[], %s::smallint[], %s::text[]) AS wanted (id, minutes, note)
    WHERE entry.id = wanted.id
"""


def add_entry(person: Person, starts_on: date, cell: Cell, minutes: int, note: str = "") -> WeekSheet:
    """Add a line to a cell, whatever it holds already. Raises `EntryRefused` or `WeekIsWaiting`."""
    return save_lines(person, starts_on, cell, {}, [Content(minutes, note)])


@transaction.atomic
def save_lines(
    person: Person,
    starts_on: date,
    cell: Cell,
    wanted: Mapping[int, Content],
    added: Sequence[Content] = (),
    *,
    based_on: Mapping[int, Content] | None = None,
) -> WeekSheet:
    """Change the lines of one cell (entry → content; no minutes removes it) and add others: all or nothing.

    `based_on` is what the page showed of the cell, line by line. Raises `LinesChanged` when that is
    not what is there any more, `EntryRefused` with the reason, `UnknownLine`, `WeekIsWaiting`.
    """
    draft = _Draft(person, starts_on)
    lines = {entry.pk: entry for entry in draft.cells.get(cell, ())}
    now = {pk: Content(entry.minutes, entry.note) for pk, entry in lines.items()}
    if based_on is not None and based_on != now:
        raise LinesChanged
    changed: list[TimeEntry] = []
    for pk, content in wanted.items():
        entry = lines.get(pk)
        if entry is None or entry.is_final or entry.corrects_id:
            raise UnknownLine
        if (entry.minutes, entry.note) != content:
            entry.minutes, entry.note = content
            changed.append(entry)
    if any(content.note and not content.minutes for content in [*wanted.values(), *added]):
        raise EntryRefused(_("This note has no time: write its hours, or clear it."))
    added = [content for content in added if content.minutes]
    if not changed and not added:
        return draft.sheet
    draft.look_up([cell])
    why = draft.refusal_of_new(cell) if added else draft.refusal(cell)
    if why and (added or any(entry.minutes for entry in changed)):
        raise EntryRefused(why)
    others = draft.totals[cell.day] - sum(content.minutes for content in now.values())
    _within_a_day(cell.day, others, [*lines.values(), *added])
    draft.make_draft()
    TimeEntry.objects.filter(pk__in=[entry.pk for entry in changed if not entry.minutes]).delete()
    TimeEntry.objects.bulk_update([entry for entry in changed if entry.minutes], ["minutes", "note"])
    TimeEntry.objects.bulk_create(draft.new_entry(cell, content) for content in added)
    return draft.sheet


def _within_a_day(day: date, others: int, lines: Iterable[TimeEntry | Content]) -> None:
    total = others + sum(line.minutes for line in lines)
    if total > DAY:
        raise EntryRefused(too_long(day, total))


@transaction.atomic
def correct(entry: TimeEntry, minutes: int, *, reason: str, by: Person) -> WeekSheet:
    """Say what an approved line should have been. The difference becomes a line to be approved in turn.

    `minutes` is the right time, corrections included; the approved line itself never changes. A
    correction still in draft is replaced. Raises `NotFinal`, `NotYours`, `ReasonMissing`,
    `NothingToCorrect`, `EntryRefused`, `WeekIsWaiting`.
    """
    if entry.person_id != by.pk:
        raise NotYours
    if not entry.is_final or entry.corrects_id:
        raise NotFinal
    if not reason.strip():
        raise ReasonMissing
    cell = Cell(entry.task_id, entry.project_id, entry.day)
    draft = _Draft(by, entry.sheet.starts_on)
    settled, unsettled = _corrections(draft, cell, entry)
    delta = minutes - settled
    if delta == sum(line.minutes for line in unsettled):
        raise NothingToCorrect
    _within_a_day(
        entry.day, draft.totals[entry.day] - sum(line.minutes for line in unsettled), [Content(delta)]
    )
    _write_correction(draft, cell, entry, delta, unsettled, reason.strip())
    return draft.sheet


@transaction.atomic
def classify(entry: TimeEntry, task: Task, *, by: Person) -> WeekSheet:
    """Say which task an hour was, that was logged as still to be classified. The time, and its pay, stay the same.

    A draft says so at once. An approved line never changes: a correction takes its time back and a line of
    the same day gives it to the task, both to be approved in turn. Raises `NotYours`, `NothingToClassify`,
    `EntryRefused`, `WeekIsWaiting`.
    """
    if entry.person_id != by.pk:
        raise NotYours
    draft = _Draft(by, entry.sheet.starts_on)
    entry = locked(entry)
    if not entry.task.is_unclassified or entry.corrects_id:
        raise NothingToClassify
    cell, to = (
        Cell(entry.task_id, entry.project_id, entry.day),
        Cell(task.pk, entry.project_id, entry.day),
    )
    if not Task.objects.to_share().filter(pk=task.pk).exists():
        raise EntryRefused(_("This task is retired: pick another one."))
    if not entry.is_final:
        entry.task = task
        write(entry)
        return draft.sheet
    settled, unsettled = _corrections(draft, cell, entry)
    if settled + sum(line.minutes for line in unsettled) <= 0:
        raise NothingToClassify
    _write_correction(
        draft, cell, entry, -settled, unsettled, _("Classified: %(task)s") % {"task": f"{task.role}, {task}"}
    )
    draft.new_entry(to, Content(settled, entry.note), learning_with_id=entry.learning_with_id).save()
    return draft.sheet


def _corrections(draft: _Draft, cell: Cell, entry: TimeEntry) -> tuple[int, list[TimeEntry]]:
    """What an approved line amounts to with its approved corrections, and those still in draft."""
    earlier = [line for line in draft.cells[cell] if line.corrects_id == entry.pk]
    settled = entry.minutes + sum(line.minutes for line in earlier if line.is_final)
    return settled, [line for line in earlier if not line.is_final]


def _write_correction(
    draft: _Draft, cell: Cell, entry: TimeEntry, delta: int, unsettled: Sequence[TimeEntry], reason: str
) -> None:
    """Write a difference beside an approved line, in place of those that were still in draft."""
    draft.make_draft(reason)
    TimeEntry.objects.filter(pk__in=[line.pk for line in unsettled]).delete()
    if delta:
        draft.new_entry(
            cell,
            Content(delta),
            corrects=entry,
            reason=reason,
            learning_with_id=entry.learning_with_id,
        ).save()
    journal.record(
        "hours.corrected",
        by=draft.person,
        sheet=draft.sheet.pk,
        entry=entry.pk,
        replaced=[line.pk for line in unsettled],
    )


def copy_week(person: Person, source: date, target: date, *, with_hours: bool) -> Copied:
    """Take over the rows of another week and, if asked, its hours day for day.

    Hours never replace what is there already; each one left out is named with the reason.
    """
    found = list(
        TimeEntry.objects.filter(person=person, sheet__starts_on=source)
        .values_list("task_id", "project_id", "day")
        .annotate(total=Sum("minutes"))
        .order_by("task__role__name", "task__name", "project__name", "day")
    )
    rows = list(dict.fromkeys((task, project) for task, project, _day, _total in found))
    if not with_hours:
        return Copied(rows)
    shift = target - source
    wanted = {
        Cell(task, project, day + shift): Content(total) for task, project, day, total in found if total > 0
    }
    return Copied.of(rows, save_draft(person, target, wanted, based_on={}))
