"""What the committee that approves hours reads: the weeks that wait, those that do not come, those done."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter

from django.db.models import BooleanField, Exists, Expression, ExpressionWrapper, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.prepared import Prepared, day_named, key_named
from members.models import Person, WorkStatus

from . import absences, seen, weeks
from .agreed import minutes_of_week
from .habits import Habits, PastWeek, minutes_of
from .hours import Standing, WeekOf, agreed_of, away_all_week, not_handed_in, unsettled, waits_for
from .models import ConflictOfInterest, Nudge, SheetDecision, TimeEntry, WeekSheet
from .unusual import Worked, signals

# How many approved weeks make somebody's habits, and how many are drawn.
HABIT_WEEKS = 12
PICTURE_WEEKS = 8
SATURDAY = 6


@dataclass(frozen=True)
class Waiting:
    """A week that waits, with what helps to decide whether to open it."""

    sheet: WeekSheet
    minutes: int
    roles: list[tuple[str, int]]
    signals: list[str]
    digest: str
    is_own: bool
    steps_aside: bool
    past: list[tuple[date, int]]
    agreed_minutes: int

    @property
    def is_open_to_reader(self) -> bool:
        """May the reader decide on it?"""
        return not (self.is_own or self.steps_aside)


@dataclass(frozen=True)
class Missing:
    """A week that should be there and is not handed in."""

    person: Person
    state: Standing
    sheet_id: int | None


def waiting(reader: Person | Expression, today: date | Expression | None = None) -> QuerySet[WeekSheet]:
    """The submitted weeks, the oldest first."""
    sheets = for_reader(WeekSheet.objects.filter(state=WeekSheet.State.SUBMITTED), reader, today)
    return sheets.order_by("starts_on", "person__sort_name", "pk")


def for_reader(
    sheets: QuerySet[WeekSheet], reader: Person | Expression, today: date | Expression | None = None
) -> QuerySet[WeekSheet]:
    """These weeks with their people; each knows whether the reader steps aside from it."""
    aside = ConflictOfInterest.objects.on(today or timezone.localdate()).filter(
        approver=reader, person=OuterRef("person")
    )
    return sheets.annotate(steps_aside=Exists(aside)).select_related("person")


class WaitingPages:
    """The weeks that wait, page by page: the first page, opened all day, is asked by a prepared question."""

    ordered = True

    def __init__(self, reader: Person):
        self.reader = reader

    def __len__(self) -> int:
        return waiting(self.reader).count()

    def __getitem__(self, part: slice) -> list[WeekSheet]:
        if not part.start and part.stop and part.stop <= FIRST_PAGE:
            return _FIRST_PAGE(reader=self.reader.pk, today=timezone.localdate())[: part.stop]
        return list(waiting(self.reader)[part])


FIRST_PAGE = 25
_FIRST_PAGE = Prepared(lambda: waiting(key_named("reader"), day_named("today"))[:FIRST_PAGE])


def described(sheets: Sequence[WeekSheet], reader: Person) -> list[Waiting]:
    """These weeks with their totals, signals and last weeks, in four queries for all of them."""
    lines = _lines_of(sheets)
    agreed = agreed_minutes(sheets)
    leave = leave_of(sheets)
    habits = habits_of(sheets)
    rows = []
    for sheet in sheets:
        own = lines[sheet.pk]
        by_role: dict[str, int] = defaultdict(int)
        for role, _line, work in own:
            by_role[role] += work.minutes
        rows.append(
            Waiting(
                sheet,
                sum(by_role.values()),
                sorted(by_role.items(), key=lambda item: (-item[1], item[0])),
                signals(
                    [work for _role, _line, work in own],
                    agreed[sheet.pk],
                    leave[sheet.pk],
                    habits[sheet.pk],
                    sheet.submitted_at and timezone.localdate(sheet.submitted_at),
                ),
                seen.digest_of(sorted((line for _role, line, _work in own), key=attrgetter("entry_id"))),
                sheet.person_id == reader.pk,
                sheet.steps_aside,
                past_weeks(sheet.starts_on, habits[sheet.pk]),
                agreed[sheet.pk],
            )
        )
    return rows


def _entries() -> QuerySet[TimeEntry]:
    earlier = TimeEntry.objects.filter(
        person=OuterRef("person"), task=OuterRef("task"), day__lt=OuterRef("sheet__starts_on")
    )
    return (
        TimeEntry.objects.filter(sheet__any_of=key_named("sheets"))
        .annotate(is_new_task=~Exists(earlier))
        .order_by("day", "pk")
    )


_ENTRIES = Prepared(lambda: _entries().select_related("task__role", "project", "learning_with"))


def entries_of(sheet: WeekSheet) -> list[TimeEntry]:
    """The entries of a week by day, each knowing whether its task is new to the person."""
    return _ENTRIES(sheets=[sheet.pk])


# Of a week in the queue: what is added up, compared with habits and signed; nothing of what its own page shows.
_LINES = Prepared(
    lambda: (
        _entries()
        .annotate(is_approved=Q(approved_at__isnull=False))
        .values_list(
            "sheet",
            "task__role__name",
            "task__name",
            "is_new_task",
            "question",
            # The fields of `seen.Line`, in their order.
            "pk",
            "day",
            "task",
            "project",
            "minutes",
            "note",
            "corrects",
            "reason",
            "is_approved",
            "learning_with",
        )
    )
)


def _lines_of(sheets: Sequence[WeekSheet]) -> dict[int, list[tuple[str, seen.Line, Worked]]]:
    """The lines of each of these weeks by day: the role, what is signed, what the signals read."""
    by_sheet: dict[int, list[tuple[str, seen.Line, Worked]]] = defaultdict(list)
    for sheet_id, role, task, is_new_task, question, *rest in _LINES(sheets=[sheet.pk for sheet in sheets]):
        line = seen.Line(*rest)
        is_correction = line.corrects_id is not None
        work = Worked(line.day, line.minutes, task, is_new_task, line.is_final, is_correction, question)
        by_sheet[sheet_id].append((role, line, work))
    return by_sheet


def agreed_minutes(sheets: Sequence[WeekSheet]) -> dict[int, int]:
    """The agreed minutes of each of these weeks, day by day."""
    if not sheets:
        return {}
    first = min(sheet.starts_on for sheet in sheets)
    last = max(sheet.ends_on for sheet in sheets)
    statuses = _STATUSES(people=_people_of(sheets), first=first, last=last)
    by_person: dict[int, list[WorkStatus]] = defaultdict(list)
    for status in statuses:
        by_person[status.person_id].append(status)
    return {sheet.pk: minutes_of_week(by_person[sheet.person_id], sheet.starts_on) for sheet in sheets}


_STATUSES = Prepared(
    lambda: (
        WorkStatus.objects.during(day_named("first"), day_named("last"))
        .filter(person__any_of=key_named("people"))
        .order_by("starts_on")
    )
)


def _people_of(sheets: Iterable[WeekSheet]) -> list[int]:
    return sorted({sheet.person_id for sheet in sheets})


def agreed_and_leave(sheet: WeekSheet) -> tuple[int, list[absences.LeaveRow]]:
    """The agreed minutes of a week and its leave, in one query."""
    statuses = absences.statuses_with_leave(sheet.person_id, sheet.starts_on)
    agreed = minutes_of_week(statuses, sheet.starts_on)
    return agreed, absences.rows_beside(statuses, sheet.starts_on)


def habits_of(sheets: Sequence[WeekSheet]) -> dict[int, Habits]:
    """The last approved weeks before each of these, of the same person, in one query."""
    if not sheets:
        return {}
    first = min(sheet.starts_on for sheet in sheets) - HABIT_WEEKS * weeks.WEEK
    last = max(sheet.starts_on for sheet in sheets)
    by_person: dict[int, list[PastWeek]] = defaultdict(list)
    for person_id, starts_on, total, weekend in _HABITS(people=_people_of(sheets), first=first, last=last):
        by_person[person_id].append(PastWeek(starts_on, total, weekend))
    found = {}
    for sheet in sheets:
        before = [week for week in by_person[sheet.person_id] if week.starts_on < sheet.starts_on]
        found[sheet.pk] = Habits(tuple(before[-HABIT_WEEKS:]))
    return found


# `first` starts a legal week, and all the others follow it in sevens: that start is final once hours are kept.
_HABITS = Prepared(
    lambda: (
        TimeEntry.objects.filter(
            person__any_of=key_named("people"),
            day__gte=day_named("first"),
            day__lt=day_named("last"),
            approved_at__isnull=False,
        )
        .annotate(week=WeekOf("day", day_named("first")))
        .order_by("week")
        .values_list("person_id", "week")
        .annotate(
            total=Sum("minutes"),
            weekend=Sum("minutes", filter=Q(day__iso_week_day__gte=SATURDAY), default=0),
        )
    )
)


def past_weeks(starts_on: date, habits: Habits) -> list[tuple[date, int]]:
    """The minutes of the last weeks before this one, 0 where nothing was approved."""
    days = [starts_on - (PICTURE_WEEKS - n) * weeks.WEEK for n in range(PICTURE_WEEKS)]
    return list(zip(days, minutes_of(habits, days), strict=True))


def leave_of(sheets: Sequence[WeekSheet]) -> dict[int, dict[date, int]]:
    """The approved leave in each of these weeks, by day."""
    if not sheets:
        return {}
    first = min(sheet.starts_on for sheet in sheets)
    last = max(sheet.ends_on for sheet in sheets)
    by_person = absences.minutes_by_day(_people_of(sheets), first, last)
    return {
        sheet.pk: {day: minutes for day, minutes in by_person[sheet.person_id].items() if day in sheet.days}
        for sheet in sheets
    }


def worked(entry: TimeEntry) -> Worked:
    """An entry of `entries_of`, as the signals read it."""
    return Worked(
        entry.day,
        entry.minutes,
        entry.task.name,
        entry.is_new_task,
        entry.is_final,
        entry.corrects_id is not None,
        entry.question,
    )


def missing(week: date) -> list[Missing]:
    """Who has not handed in this week, by name, and where each stands."""
    found = unsettled([week], week, weeks.last_day(week), states=[WeekSheet.State.DRAFT])
    people = Person.objects.in_bulk([one.person_id for one in found])
    rows = [Missing(people[one.person_id], one.state, one.url_kwargs.get("pk")) for one in found]
    return sorted(rows, key=lambda row: (row.person.sort_name, row.person.pk))


def done(week: date) -> QuerySet[WeekSheet]:
    """The approved weeks that start on that day, by name, with their total."""
    return (
        WeekSheet.objects.filter(starts_on=week, state=WeekSheet.State.APPROVED)
        .select_related("person", "approved_by")
        .annotate(minutes=Sum("entries__minutes", default=0))
        .order_by("person__sort_name", "pk")
    )


@dataclass(frozen=True)
class Counts:
    """What waits for the committee: weeks, those that others decide among them, and requests of leave."""

    waiting: int
    leaves: int


def counts(reader: Person) -> Counts:
    """How much waits, for the tabs of the queue. One query."""
    waits = waits_for(reader)
    return Counts(waits.weeks + waits.others_weeks, waits.leaves)


class Place(StrEnum):
    """Where a person's week stands, at a glance: done, under way, or forgotten."""

    APPROVED = "approved"
    WAITING = "waiting"
    QUESTIONED = "questioned"
    DRAFT = "draft"
    AWAY = "away"
    NOTHING = "nothing"
    NOT_WORKING = "not_working"
    BEFORE = "before"

    @property
    def label(self) -> str:
        return str(_PLACE_LABELS[self])


_PLACE_LABELS = {
    Place.APPROVED: _("approved"),
    Place.WAITING: _("waiting for the committee"),
    Place.QUESTIONED: _("the committee has a question"),
    Place.DRAFT: _("begun, not submitted"),
    Place.AWAY: _("on leave"),
    Place.NOTHING: _("nothing yet"),
    Place.NOT_WORKING: _("no agreed hours"),
    Place.BEFORE: _("hours were not kept here yet"),
}


@dataclass(frozen=True)
class WeeksOf:
    """A person's weeks, in the order asked for: where each stands, and the sheet the committee may open."""

    person: Person
    places: list[tuple[date, Place, int | None]]


def standings(people: Sequence[Person], first_days: Sequence[date], kept_since: date) -> list[WeeksOf]:
    """Done or forgotten? Where each week of each person stands, in three queries for all of them.

    Before `kept_since`, the first week that anybody kept here, nothing is forgotten.
    """
    first, last = min(first_days), weeks.last_day(max(first_days))
    keys = [person.pk for person in people]
    sheets = {
        (person_id, week): sheet
        for person_id, week, *sheet in _STANDING_SHEETS(people=keys, first=first, last=last)
    }
    agreed = agreed_of(keys, first, last)
    away = away_all_week([(person.pk, week) for person in people for week in first_days], agreed)

    def place(person: Person, week: date) -> tuple[date, Place, int | None]:
        if (person.pk, week) in sheets:
            sheet, state, has_lines, is_open, is_questioned, was_received = sheets[person.pk, week]
            opens = sheet if state != WeekSheet.State.DRAFT or was_received else None
            if state == WeekSheet.State.APPROVED or (has_lines and not is_open):
                return week, Place.APPROVED, opens
            if state == WeekSheet.State.SUBMITTED:
                return week, Place.WAITING, opens
            if is_questioned:
                return week, Place.QUESTIONED, opens
            if has_lines:
                return week, Place.DRAFT, opens
        if not any(one.is_expected(week, first, last) for one in agreed[person.pk]):
            return week, Place.NOT_WORKING, None
        if (person.pk, week) in away:
            return week, Place.AWAY, None
        return week, Place.BEFORE if week < kept_since else Place.NOTHING, None

    return [WeeksOf(person, [place(person, week) for week in first_days]) for person in people]


def _standing_sheets() -> QuerySet:
    """Weeks with their state and, of a draft alone: has it lines, an open one, a question; was it received?"""
    lines = TimeEntry.objects.filter(sheet=OuterRef("pk"))
    received = SheetDecision.objects.filter(sheet=OuterRef("pk"))

    def of_draft(found: Exists | Q) -> ExpressionWrapper:
        return ExpressionWrapper(Q(state=WeekSheet.State.DRAFT) & found, BooleanField())

    sheets = WeekSheet.objects.filter(
        person__any_of=key_named("people"), starts_on__range=(day_named("first"), day_named("last"))
    )
    return sheets.order_by().values_list(
        "person_id",
        "starts_on",
        "pk",
        "state",
        of_draft(Exists(lines)),
        of_draft(Exists(lines.filter(approved_at=None))),
        of_draft(
            Q(Exists(lines.exclude(question="")))
            | Q(Exists(received.filter(act=SheetDecision.Act.SENT_BACK)))
        ),
        of_draft(Exists(received)),
    )


_STANDING_SHEETS = Prepared(_standing_sheets)


def still_to_come(first_days: Sequence[date], kept_since: date) -> list[tuple[date, int | None]]:
    """How many people have not handed in each of these weeks; None before hours were kept here."""
    found = not_handed_in(sorted(first_days))
    return [(week, None if week < kept_since else found[week]) for week in first_days]


def reminded(week: date, people: Iterable[Person]) -> dict[int, datetime]:
    """When each of these people was last reminded of a week."""
    rows = Nudge.objects.filter(week=week, kind=Nudge.Kind.REMINDER, person__in=people)
    return dict(rows.order_by("pk").values_list("person_id", "at"))
