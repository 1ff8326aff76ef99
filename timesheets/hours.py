"""What the other apps may read of the hours: frozen values, never models.

Minutes are integers, days are dates, weeks are named by their first day. Each function asks a
constant number of queries, whatever the number of people and years.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.db import connection
from django.db.models import (
    Count,
    DateField,
    Exists,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from koumbit.prepared import Prepared, day_named, key_named
from members.models import Cooperative, Membership, Person, WorkStatus

from . import weeks
from .agreed import is_pause, minutes_of_week
from .leave_days import days_between, proposed
from .models import Leave, LeaveCancellation, LeaveDay, SheetDecision, TimeEntry, Timer, WeekSheet

#: The kinds of leave that are drawn from a bank, and those of which the law has some days paid.
BANKED_LEAVE = Leave.Kind.BANKED.value
VACATION = Leave.Kind.VACATION.value
SICK_OR_FAMILY = (Leave.Kind.SICK.value, Leave.Kind.FAMILY.value)


@dataclass(frozen=True, slots=True)
class ApprovedDay:
    """One person's approved minutes on one day, corrections included; 0 when all was taken back.

    `approved_at` is the latest approval of that day: later than a run's cut-off means late hours.
    """

    person_id: int
    day: date
    week_starts_on: date
    minutes: int
    approved_at: datetime


@dataclass(frozen=True, slots=True)
class ApprovedLeaveDay:
    """One person's approved leave of one kind on one day: minutes not worked, more than 0.

    `kind` is a value of `Leave.Kind`; `approved_at` is the latest approval behind that day;
    `begins_on` is the first day of the leave it belongs to.
    """

    person_id: int
    day: date
    week_starts_on: date
    kind: str
    minutes: int
    approved_at: datetime
    begins_on: date


class Standing(StrEnum):
    """Why a week is not settled."""

    MISSING = "missing"
    DRAFT = "draft"
    QUESTIONED = "questioned"
    WAITING = "waiting"

    @property
    def label(self) -> str:
        return str(_STANDING_LABELS[self])


_STANDING_LABELS = {
    Standing.MISSING: _("no sheet yet"),
    Standing.DRAFT: _("not submitted"),
    Standing.QUESTIONED: _("sent back with a question"),
    Standing.WAITING: _("waiting for the committee"),
}


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A person's week whose hours are not all approved.

    `minutes` are those not approved yet, within the days asked for. `url_kwargs` go with
    `timesheets:review`; empty when the committee never received the week: its draft is its owner's
    alone (then `timesheets:queue` is the place).
    """

    person_id: int
    week_starts_on: date
    state: Standing
    minutes: int
    url_kwargs: dict[str, int] = field(default_factory=dict)


def week_start_weekday() -> int:
    """The weekday on which the co-op's legal week starts, 0 for Monday."""
    return Cooperative.objects.values_list("week_starts_on", flat=True).first() or 0


def approved_days(
    through: date, *, since: date | None = None, people: Iterable[int] | None = None
) -> list[ApprovedDay]:
    """What was approved, per person and day, up to `through` (and from `since`), in person and day order.

    One aggregated query, answered by the covering index alone. Only approved time counts: drafts
    and waiting weeks are not payable.
    """
    entries = TimeEntry.objects.filter(approved_at__isnull=False, day__lte=through)
    if since is not None:
        entries = entries.filter(day__gte=since)
    if people is not None:
        entries = entries.filter(person__in=list(people))
    starts_on = week_start_weekday()
    rows = (
        entries.order_by("person_id", "day")
        .values("person_id", "day")
        .annotate(total=Sum("minutes"), latest=Max("approved_at"))
        .values_list("person_id", "day", "total", "latest")
    )
    return [
        ApprovedDay(person_id, day, weeks.week_of(day, starts_on), total, latest)
        for person_id, day, total, latest in rows.iterator()
    ]


def approved_leave(
    through: date,
    *,
    since: date | None = None,
    people: Iterable[int] | None = None,
    kinds: Iterable[str] | None = None,
) -> list[ApprovedLeaveDay]:
    """Approved leave per person, day and kind, up to `through` (and from `since`), in that order.

    What holds now: a leave is final once approved, but its days may be given back later by a
    cancellation, signed by the committee when they had begun. Days given back are not in the answer,
    whole leaves or single days; nothing is ever negative. Whoever counted them before compares what
    it counted with this answer and finds them missing: that difference is the correction. Leave that
    is only asked for, refused or withdrawn is never in it. Several leaves of one kind on one day are
    one row. Minutes are those approved, to the minute, also on weekends and holidays; they are not
    time worked, fill no legal week and are in no other answer of this module. One query, and the
    start of the co-op's week.
    """
    days = LeaveDay.objects.standing().filter(day__lte=through)
    if since is not None:
        days = days.filter(day__gte=since)
    if people is not None:
        days = days.filter(person__in=list(people))
    if kinds is not None:
        days = days.filter(leave__kind__in=list(kinds))
    starts_on = week_start_weekday()
    rows = (
        days.order_by("person_id", "day", "leave__kind")
        .values("person_id", "day", "leave__kind")
        .annotate(total=Sum("minutes"), latest=Max("leave__decided_at"), begins=Min("leave__starts_on"))
        .values_list("person_id", "day", "leave__kind", "total", "latest", "begins")
    )
    return [
        ApprovedLeaveDay(person_id, day, weeks.week_of(day, starts_on), kind, total, latest, begins)
        for person_id, day, kind, total, latest, begins in rows.iterator()
    ]


class _WeekOf(Func):
    """The first day of the legal week of a day, reckoned by the database from the start of any week."""

    output_field = DateField()

    def __init__(self, day: str, start: date):
        super().__init__(day)
        self.start = start

    def as_sql(self, compiler, connection, **context):
        sql, params = compiler.compile(self.get_source_expressions()[0])
        return f"({sql} - ({sql} - %s) %% {weeks.DAYS})", [*params, *params, self.start]


def minutes_of_members(first: date, last: date) -> dict[int, int]:
    """Approved minutes from `first` to `last`, by person, on the days on which they were members.

    Salaried or freelance alike, corrections included; whoever has none, or had all taken back, is left out.
    One aggregated query.
    """
    member_then = Membership.objects.on(OuterRef("day")).filter(person=OuterRef("person"))
    rows = (
        TimeEntry.objects.filter(Exists(member_then), approved_at__isnull=False, day__range=(first, last))
        .order_by()
        .values("person_id")
        .annotate(total=Sum("minutes"))
        .values_list("person_id", "total")
    )
    return {person_id: total for person_id, total in rows if total > 0}


def weeks_unlike(counted: QuerySet, first: date, last: date) -> list[tuple[int, date]]:
    """The weeks whose approved minutes, from `first` to `last`, are not those of `counted`.

    `counted` gives rows of person, first day of the week and minutes, one per person and week. Weeks
    without any minutes in it count as zero. Compared by the database: only what differs is read.
    """
    entries = TimeEntry.objects.filter(approved_at__isnull=False, day__range=(first, last))
    return _unlike(entries, counted)


def leave_unlike(counted: QuerySet, first: date, last: date, kind: str) -> list[tuple[int, date]]:
    """The weeks whose approved leave of a kind, from `first` to `last`, is not that of `counted`. As above."""
    return _unlike(
        LeaveDay.objects.standing().filter(leave__kind=kind, day__range=(first, last)),
        counted,
    )


def _unlike(approved: QuerySet, counted: QuerySet) -> list[tuple[int, date]]:
    # Any day, before all others, on which a legal week starts.
    start = weeks.week_of(date.min + weeks.WEEK, week_start_weekday())
    approved = (
        approved.order_by()
        .annotate(week=_WeekOf("day", start))
        .values("person_id", "week")
        .annotate(total=Sum("minutes"))
        .values_list("person_id", "week", "total")
    )
    approved_sql, approved_params = approved.query.sql_with_params()
    counted_sql, counted_params = counted.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT person, week
            FROM ({approved_sql}) AS approved (person, week, minutes)
            FULL JOIN ({counted_sql}) AS counted (person, week, minutes) USING (person, week)
            WHERE coalesce(approved.minutes, 0) <> coalesce(counted.minutes, 0)
            ORDER BY person, week
            """,  # noqa: S608 (both are compiled by the ORM, their values stay parameters)
            (*approved_params, *counted_params),
        )
        return cursor.fetchall()


def minutes_by_role(
    first: date, last: date, people: Iterable[int] | None = None
) -> dict[int, list[tuple[str, int]]]:
    """Approved minutes of each person by role name, from `first` to `last`: most minutes first.

    Roles whose time was all taken back by corrections are left out.
    """
    entries = TimeEntry.objects.filter(approved_at__isnull=False, day__range=(first, last))
    if people is not None:
        entries = entries.filter(person__in=list(people))
    rows = (
        entries.values("person_id", "task__role__name")
        .annotate(total=Sum("minutes"))
        .values_list("person_id", "task__role__name", "total")
        .order_by("person_id", "-total", "task__role__name")
    )
    by_person: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for person_id, role, total in rows:
        if total:
            by_person[person_id].append((role, total))
    return dict(by_person)


# The last act on a sheet; none when the committee never received it.
_LAST_ACT = Subquery(SheetDecision.objects.filter(sheet=OuterRef("pk")).order_by("-pk").values("act")[:1])


def _is_questioned(sheet) -> bool:
    """A draft the committee gave back: whole, or for some lines. Annotated with both."""
    return bool(sheet.questions) or sheet.last_act == SheetDecision.Act.SENT_BACK


def expected_and_away(
    all_weeks: list[date], first: date, last: date, people: Iterable[Person] | None = None
) -> tuple[set[tuple[int, date]], set[tuple[int, date]]]:
    """The weeks in which people have agreed hours from `first` to `last`; those that are all leave.

    Leave is counted over whole weeks, against what is agreed on their days of work. `people`: only of these.
    """
    span = all_weeks[0], weeks.last_day(all_weeks[-1])
    of = {} if people is None else {"person__in": people}
    statuses = WorkStatus.objects.during(*span).filter(agreed_minutes_per_week__gt=0, **of)
    expected: set[tuple[int, date]] = set()
    wanted: Counter[tuple[int, date]] = Counter()
    for person_id, since, until, agreed in statuses.values_list(
        "person_id", "starts_on", "ends_on", "agreed_minutes_per_week"
    ):
        for week in all_weeks:
            begins, ends = max(week, since), min(weeks.last_day(week), until or date.max)
            if begins > ends:
                continue
            minutes = sum(proposed(begins, ends, lambda _day, agreed=agreed: agreed).values())
            wanted[person_id, week] += minutes
            if begins <= last and ends >= first and _has_weekday(begins, ends):
                expected.add((person_id, week))
    left: Counter[tuple[int, date]] = Counter()
    starts_on = all_weeks[0].weekday()
    days = LeaveDay.objects.standing().filter(day__range=span, **of).order_by()
    for person_id, day, minutes in days.values_list("person_id", "day", "minutes"):
        left[person_id, weeks.week_of(day, starts_on)] += minutes
    return expected, {key for key, minutes in left.items() if minutes >= wanted[key]}


def _has_weekday(first: date, last: date) -> bool:
    """Is one of these days no Saturday and no Sunday? On these alone, nothing is agreed."""
    return any(not weeks.is_weekend(day) for day in days_between(first, last))


def first_week_kept() -> date:
    """The first week anybody has a sheet for; no day at all when there is none."""
    return WeekSheet.objects.aggregate(first=Min("starts_on"))["first"] or date.min


def unsettled_sheets(first: date, last: date) -> list[Unsettled]:
    """The weeks with a day from `first` to `last` whose hours are not all approved, by week and person.

    A week is missing when the person had agreed hours on one of those days and has no sheet, unless
    approved leave and statutory holidays take up all of them.
    """
    starts_on = week_start_weekday()
    all_weeks = list(weeks.weeks_between(first, last, starts_on))
    if not all_weeks:
        return []
    expected, away = expected_and_away(all_weeks, first, last)
    open_entries = Q(entries__approved_at=None, entries__day__range=(first, last))
    sheets = (
        WeekSheet.objects.filter(starts_on__in=all_weeks)
        .annotate(
            open_minutes=Sum("entries__minutes", filter=open_entries),
            open_count=Count("entries", filter=open_entries),
            open_anywhere=Count("entries", filter=Q(entries__approved_at=None)),
            final_count=Count("entries", filter=Q(entries__approved_at__isnull=False)),
            questions=Count("entries", filter=~Q(entries__question="")),
            last_act=_LAST_ACT,
        )
        .order_by()
    )
    found, seen = [], set()
    for sheet in sheets:
        seen.add((sheet.person_id, sheet.starts_on))
        if sheet.state == WeekSheet.State.SUBMITTED:
            state = Standing.WAITING
        elif sheet.state == WeekSheet.State.APPROVED or (sheet.final_count and not sheet.open_anywhere):
            continue
        else:
            state = Standing.QUESTIONED if _is_questioned(sheet) else Standing.DRAFT
        if sheet.final_count and not sheet.open_count:
            continue  # what waits lies on days outside the ones asked for
        if (sheet.person_id, sheet.starts_on) in away and not (sheet.open_anywhere or sheet.last_act):
            continue  # begun and emptied again, and the whole week is leave
        received = {"pk": sheet.pk} if sheet.last_act else {}
        found.append(Unsettled(sheet.person_id, sheet.starts_on, state, sheet.open_minutes or 0, received))
    found.extend(
        Unsettled(person_id, week, Standing.MISSING, 0)
        for person_id, week in expected
        if (person_id, week) not in seen and (person_id, week) not in away
    )
    return sorted(found, key=lambda one: (one.week_starts_on, one.person_id))


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A person's own week that waits for them: given back by the committee, or never submitted."""

    starts_on: date
    is_given_back: bool


@dataclass(frozen=True, slots=True)
class RunningTimer:
    """The timer that runs for a person: on which task, since when."""

    task: str
    project: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class WeekSummary:
    """A person's week at a glance: its hours, those agreed, approved leave, and where it stands.

    `tone` is how `parts/state.html` shows the standing: ok, info, warn or plain. `unfinished` are the
    weeks that ask something of the person, oldest first: those the committee gave back, and those
    before this one which hold hours never submitted. `timer` is the one that runs, if one does.
    """

    starts_on: date
    ends_on: date
    minutes: int
    agreed_minutes: int
    leave_minutes: int
    tone: str
    state: str
    unfinished: tuple[Unfinished, ...]
    timer: RunningTimer | None = None

    @property
    def counted_minutes(self) -> int:
        """What counts towards the agreed hours: time worked and leave."""
        return self.minutes + self.leave_minutes


def week_summary(person: Person, day: date, starts_on_weekday: int) -> WeekSummary:
    """The person's legal week of that day, whether something was written in it or not."""
    starts_on = weeks.week_of(day, starts_on_weekday)
    sheets = _SHEETS_UNDER_WAY(person=person.pk, week=starts_on)
    sheet = next((one for one in sheets if one.starts_on == starts_on), None)
    unfinished = (
        Unfinished(one.starts_on, _is_questioned(one))
        for one in sheets
        if one.is_draft and (_is_questioned(one) or (one.open_count and one.starts_on < starts_on))
    )
    statuses = _STATUSES_WITH_WEEK(person=person.pk, first=starts_on, last=weeks.last_day(starts_on))
    agreed = minutes_of_week(statuses, starts_on)
    away = (statuses[0].leave or 0) if statuses else 0
    timer = statuses[0].timer if statuses else None
    if sheet is None and is_pause(statuses):
        tone, state = "plain", _("on pause")
    elif sheet is None and away and away >= agreed:
        tone, state = "ok", _("away all week")
    elif sheet is None or (sheet.is_draft and not _is_questioned(sheet)):
        tone, state = "plain", _("not submitted")
    elif sheet.is_draft:
        tone, state = "warn", _("sent back with a question")
    elif sheet.is_waiting:
        tone, state = "info", _("waiting for the committee")
    else:
        tone, state = "ok", _("approved")
    return WeekSummary(
        starts_on,
        weeks.last_day(starts_on),
        (sheet.minutes or 0) if sheet else 0,
        agreed,
        away,
        tone,
        str(state),
        tuple(unfinished),
        _running(timer) if timer else None,
    )


def _sheets_under_way() -> QuerySet[WeekSheet]:
    sheets = WeekSheet.objects.filter(
        Q(starts_on=day_named("week")) | Q(state=WeekSheet.State.DRAFT), person=key_named("person")
    )
    return sheets.annotate(
        minutes=Sum("entries__minutes"),
        open_count=Count("entries", filter=Q(entries__approved_at=None)),
        questions=Count("entries", filter=~Q(entries__question="")),
        last_act=_LAST_ACT,
    ).order_by("starts_on")


def _statuses_with_week() -> QuerySet:
    """The work statuses of a week, each with the leave of that week and the timer that runs."""
    leave = LeaveDay.objects.standing().filter(
        person=OuterRef("person"), day__range=(day_named("first"), day_named("last"))
    )
    total = leave.order_by().values("person").annotate(total=Sum("minutes")).values("total")
    told = JSONObject(task="task__name", project="project__name", started_at="started_at")
    timer = Timer.objects.filter(person=OuterRef("person")).values(told=told)
    return (
        WorkStatus.objects.filter(person=key_named("person"))
        .during(day_named("first"), day_named("last"))
        .annotate(leave=Subquery(total), timer=Subquery(timer))
        .order_by("starts_on", "pk")
    )


_SHEETS_UNDER_WAY, _STATUSES_WITH_WEEK = Prepared(_sheets_under_way), Prepared(_statuses_with_week)


def _running(timer: dict[str, str | None]) -> RunningTimer:
    started_at = datetime.fromisoformat(timer["started_at"] or "")
    return RunningTimer(timer["task"] or "", timer["project"] or "", started_at)


@dataclass(frozen=True, slots=True)
class Waits:
    """How many weeks and how much leave wait for a committee member; their own, which others decide, left out.

    `own_weeks`: those of their own that wait for the others.
    """

    weeks: int = 0
    leaves: int = 0
    own_weeks: int = 0


def waits_for(approver: Person) -> Waits:
    """What the committee still has to decide: weeks handed in, leave asked for or to be given back. One query."""

    sheets, asked, given_back, own = _WAITS.one(approver=approver.pk)
    return Waits(sheets, asked + given_back, own)


def _waits() -> QuerySet:
    approver = key_named("approver")

    def count(model, *, own: bool = False) -> Coalesce:
        theirs = Q(person=approver) if own else ~Q(person=approver)
        return Coalesce(
            Subquery(
                model.objects.filter(theirs, state=_WAITS_IN[model])
                .order_by()
                .values(one=Value(1))
                .annotate(count=Count("pk"))
                .values("count")
            ),
            Value(0),
        )

    return Person.objects.filter(pk=approver).values_list(
        count(WeekSheet), count(Leave), count(LeaveCancellation), count(WeekSheet, own=True)
    )


_WAITS = Prepared(_waits)
_WAITS_IN = {
    WeekSheet: WeekSheet.State.SUBMITTED,
    Leave: Leave.State.REQUESTED,
    LeaveCancellation: LeaveCancellation.State.REQUESTED,
}
