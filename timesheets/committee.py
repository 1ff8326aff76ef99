"""What the committee that approves hours reads: the weeks that wait, those that do not come, those done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from django.db.models import (
    BooleanField,
    DateField,
    Exists,
    Expression,
    ExpressionWrapper,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import JSONArray
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.prepared import Prepared, day_named, key_named
from members.models import Person, WorkStatus

from . import absences, seen, weeks
from .agreed import Agreement, minutes_of_week
from .habits import Habits, PastWeek, minutes_of
from .hours import (
    Standing,
    Waits,
    agreed_of,
    away_all_week,
    not_handed_in,
    unsettled,
    waiting_counts,
    waits_for,
)
from .models import ConflictOfInterest, LeaveDay, Nudge, SheetDecision, TimeEntry, WeekSheet
from .unusual import signals
from .week_sums import WeekSum, Worked

# How many weeks make somebody's habits, those approved among them, and how many are drawn.
HABIT_WEEKS = 12
PICTURE_WEEKS = 8


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
    """The submitted weeks, the oldest first, each with what `described` says of it."""
    sheets = for_reader(WeekSheet.objects.filter(state=WeekSheet.State.SUBMITTED), reader, today)
    told = sheets.annotate(agreed=_AGREED, leave=_LEAVE, habits=_HABITS)
    return told.order_by("starts_on", "person__sort_name", "pk")


def for_reader(
    sheets: QuerySet[WeekSheet], reader: Person | Expression, today: date | Expression | None = None
) -> QuerySet[WeekSheet]:
    """These weeks with their people; each knows whether the reader steps aside from it."""
    aside = ConflictOfInterest.objects.on(today or timezone.localdate()).filter(
        approver=reader, person=OuterRef("person")
    )
    return sheets.annotate(steps_aside=Exists(aside)).select_related("person")


class WaitingPages:
    """The weeks that wait, page by page, and how much waits in all.

    The first page, opened all day, is asked together with those counts by a prepared question.
    """

    ordered = True

    def __init__(self, reader: Person):
        self.reader = reader

    @cached_property
    def first(self) -> list[WeekSheet]:
        """The first page; each of its weeks knows how much waits."""
        return _FIRST_PAGE(reader=self.reader.pk, today=timezone.localdate())

    @cached_property
    def counts(self) -> "Counts":
        """How much waits, for the tabs of the queue."""
        return Counts.of(Waits.counted(*self.first[0].waits)) if self.first else counts(self.reader)

    def __len__(self) -> int:
        return self.counts.weeks

    def __getitem__(self, part: slice) -> list[WeekSheet]:
        if not part.start and part.stop and part.stop <= FIRST_PAGE:
            return self.first[: part.stop]
        return list(waiting(self.reader)[part])


FIRST_PAGE = 25


def _first_page() -> QuerySet[WeekSheet]:
    reader, today = key_named("reader"), day_named("today")
    return waiting(reader, today).annotate(waits=JSONArray(*waiting_counts(reader, today)))[:FIRST_PAGE]


_FIRST_PAGE = Prepared(_first_page)


def described(sheets: Iterable[WeekSheet], reader: Person) -> list[Waiting]:
    """These weeks of `waiting` with their sums, signals and last weeks. No query."""
    rows = []
    for sheet in sheets:
        week = WeekSum.read(sheet.handed_in)
        agreed = minutes_of_week([Agreement.read(*told) for told in sheet.agreed], sheet.starts_on)
        leave = {date.fromisoformat(day): minutes for day, minutes in sheet.leave}
        habits = _habits(sheet.habits)
        submitted_on = sheet.submitted_at and timezone.localdate(sheet.submitted_at)
        rows.append(
            Waiting(
                sheet,
                week.minutes,
                week.by_role,
                signals(week, agreed, leave, habits, submitted_on),
                week.digest,
                sheet.person_id == reader.pk,
                sheet.steps_aside,
                past_weeks(sheet.starts_on, habits),
                agreed,
            )
        )
    return rows


def entries_of(sheet: WeekSheet) -> list[TimeEntry]:
    """The entries of a week by day, each knowing whether its task is new to the person."""
    return _ENTRIES(sheet=sheet.pk)


def _entries() -> QuerySet[TimeEntry]:
    earlier = TimeEntry.objects.filter(
        person=OuterRef("person"), task=OuterRef("task"), day__lt=OuterRef("sheet__starts_on")
    )
    return (
        TimeEntry.objects.filter(sheet=key_named("sheet"))
        .annotate(is_new_task=~Exists(earlier))
        .select_related("task__role", "project", "learning_with")
        .order_by("day", "pk")
    )


_ENTRIES = Prepared(_entries)


def in_sum(entries: Iterable[TimeEntry]) -> WeekSum:
    """The sum of a week's entries, read by `entries_of`."""
    entries = list(entries)
    return WeekSum.of((_worked(entry) for entry in entries), seen.digest_of(seen.lines_of(entries)))


def _worked(entry: TimeEntry) -> Worked:
    return Worked(
        entry.day,
        entry.minutes,
        entry.task.name,
        entry.task.role.name,
        entry.is_new_task,
        entry.is_final,
        entry.corrects_id is not None,
        entry.question,
    )


def agreed_and_leave(sheet: WeekSheet) -> tuple[int, list[absences.LeaveRow]]:
    """The agreed minutes of a week and its leave, in one query."""
    statuses = absences.statuses_with_leave(sheet.person_id, sheet.starts_on)
    agreed = minutes_of_week(statuses, sheet.starts_on)
    return agreed, absences.rows_beside(statuses, sheet.starts_on)


def habits_of(sheet: WeekSheet) -> Habits:
    """The approved weeks before this one, of the same person, in one query."""
    return _habits(_HABITS_OF.one(sheet=sheet.pk)[0])


def _habits(told: Iterable[tuple[str, int, int]]) -> Habits:
    return Habits(tuple(PastWeek(date.fromisoformat(week), total, weekend) for week, total, weekend in told))


class _Rows(Subquery):
    """The rows of a question, each told as one JSON value, as a JSON list."""

    template = "(SELECT coalesce(jsonb_agg(told), '[]') FROM (%(subquery)s) AS row_of (told))"
    output_field = JSONField()


def _days_from(days: int) -> Func:
    """A day so many days from the first of the sheet."""
    return Func(
        OuterRef("starts_on"),
        Value(days),
        template="(%(expressions)s)",
        arg_joiner=" + ",
        output_field=DateField(),
    )


# Of a sheet: the agreed hours of its days, its approved leave by day, the approved weeks before it.
_AGREED = _Rows(
    WorkStatus.objects.during(OuterRef("starts_on"), _days_from(weeks.DAYS - 1))
    .filter(person=OuterRef("person"))
    .order_by("starts_on")
    .values(told=JSONArray("starts_on", "ends_on", "agreed_minutes_per_week"))
)
_LEAVE = _Rows(
    LeaveDay.objects.standing()
    .filter(person=OuterRef("person"), day__range=(OuterRef("starts_on"), _days_from(weeks.DAYS - 1)))
    .order_by()
    .values("day")
    .values(told=JSONArray("day", Sum("minutes")))
)
_HABITS = _Rows(
    WeekSheet.objects.filter(
        person=OuterRef("person"),
        starts_on__gte=_days_from(-HABIT_WEEKS * weeks.DAYS),
        starts_on__lt=OuterRef("starts_on"),
        approved_minutes__gt=0,
    )
    .order_by("starts_on")
    .values(told=JSONArray("starts_on", "approved_minutes", "approved_weekend_minutes"))
)
_HABITS_OF = Prepared(lambda: WeekSheet.objects.filter(pk=key_named("sheet")).values_list(_HABITS))


def past_weeks(starts_on: date, habits: Habits) -> list[tuple[date, int]]:
    """The minutes of the last weeks before this one, 0 where nothing was approved."""
    days = [starts_on - (PICTURE_WEEKS - n) * weeks.WEEK for n in range(PICTURE_WEEKS)]
    return list(zip(days, minutes_of(habits, days), strict=True))


def missing(week: date) -> list[Missing]:
    """Who has not handed in this week, by name, and where each stands."""
    found = unsettled([week], week, weeks.last_day(week), states=[WeekSheet.State.DRAFT])
    people = Person.objects.in_bulk([one.person_id for one in found])
    rows = [Missing(people[one.person_id], one.state, one.url_kwargs.get("pk")) for one in found]
    return sorted(rows, key=lambda row: (row.person.sort_name, row.person.pk))


def done(week: date) -> QuerySet[WeekSheet]:
    """The approved weeks that start on that day, by name."""
    return (
        WeekSheet.objects.filter(starts_on=week, state=WeekSheet.State.APPROVED)
        .select_related("person", "approved_by")
        .order_by("person__sort_name", "pk")
    )


@dataclass(frozen=True)
class Counts:
    """What waits for the committee: weeks, those that others decide among them, and requests of leave."""

    weeks: int
    leaves: int

    @classmethod
    def of(cls, waits: Waits) -> "Counts":
        return cls(waits.weeks + waits.others_weeks, waits.leaves)


def counts(reader: Person) -> Counts:
    """How much waits, for the tabs of the queue. One query."""
    return Counts.of(waits_for(reader))


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
