"""What the other apps may read of the hours: frozen values, never models.

Minutes are integers, days are dates, weeks are named by their first day. Each function asks a
constant number of queries, whatever the number of people and years.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db import connection
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    Expression,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.prepared import Prepared, day_named, key_named
from members.models import Cooperative, Membership, Person, WorkStatus

from . import legal_week, weeks
from .agreed import Agreement, is_pause, minutes_of_week
from .models import (
    ConflictOfInterest,
    Leave,
    LeaveCancellation,
    LeaveDay,
    Service,
    SheetDecision,
    TimeEntry,
    Timer,
    WeekSheet,
)

State = WeekSheet.State
#: The kinds of leave that are drawn from a bank, and those of which the law has some days paid.
BANKED_LEAVE = Leave.Kind.BANKED.value
VACATION = Leave.Kind.VACATION.value
SICK_OR_FAMILY = (Leave.Kind.SICK.value, Leave.Kind.FAMILY.value)
SICK_OR_PARENTAL = (Leave.Kind.SICK.value, Leave.Kind.PARENTAL.value)
COMPENSATORY = Leave.Kind.HOLIDAY.value


class ApprovedDay(NamedTuple):
    """One person's approved minutes on one day, corrections included; 0 when all was taken back."""

    person_id: int
    day: date
    week_starts_on: date
    minutes: int


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
        .annotate(total=Sum("minutes"))
        .values_list("person_id", "day", "total")
    )
    return [
        ApprovedDay(person_id, day, weeks.week_of(day, starts_on), total)
        for person_id, day, total in rows.iterator()
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
    time worked, and are in no other answer of this module. One query, and the start of the co-op's week.
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
    """The first day of the legal week of a day, reckoned by the database from the start of any week before it."""

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


def weeks_filled_late(first: date, last: date, *, beyond: int) -> set[tuple[int, date]]:
    """The weeks that vacation or a compensatory day may have filled once it was worked in them.

    Leave of a day from `first` to `last`, approved on its day or later, or given back with the committee's
    word, in a week of more than `beyond` minutes of work and such leave in all. One query, and the start of
    the co-op's week.
    """
    start = weeks.week_of(date.min + weeks.WEEK, week_start_weekday())
    given_back = LeaveCancellation.objects.filter(
        leave=OuterRef("leave"),
        state=LeaveCancellation.State.ACCEPTED,
        starts_on__lte=OuterRef("day"),
        ends_on__gte=OuterRef("day"),
        decided_at__isnull=False,
    )
    counted = LeaveDay.objects.filter(leave__state=Leave.State.APPROVED, leave__kind__in=legal_week.COUNTED)
    of_week = {
        "person": OuterRef("person"),
        "day__gte": OuterRef("week"),
        "day__lt": OuterRef("week") + weeks.WEEK,
    }
    entries = TimeEntry.objects.filter(approved_at__isnull=False, **of_week)

    def total(rows: QuerySet) -> Coalesce:
        sums = rows.order_by().values("person").annotate(total=Sum("minutes")).values("total")
        return Coalesce(Subquery(sums), 0)

    late = (
        counted.filter(
            Q(leave__decided_at__date__gte=F("day")) | Exists(given_back), day__range=(first, last)
        )
        .order_by()
        .annotate(week=_WeekOf("day", start))
        .annotate(worked=total(entries), off=total(counted.filter(**of_week)))
        .filter(worked__gt=Greatest(beyond - F("off"), 0))
    )
    return set(late.values_list("person_id", "week"))


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


@dataclass(frozen=True, slots=True)
class ServiceOffered:
    """Something the co-op sells; closed, it is picked no more."""

    pk: int
    name: str
    is_open: bool


def services() -> list[ServiceOffered]:
    """Every service, by name. One query."""
    return [ServiceOffered(of.pk, of.name, of.closed_on is None) for of in Service.objects.order_by("name")]


def minutes_by_service(first: date, last: date) -> dict[int, int]:
    """Approved minutes of everybody on the projects of each service, by its key. One query."""
    entries = TimeEntry.objects.filter(approved_at__isnull=False, day__range=(first, last))
    rows = (
        entries.filter(project__service__isnull=False)
        .order_by()
        .values_list("project__service")
        .annotate(total=Sum("minutes"))
    )
    return dict(rows)


# The last act on a sheet; none when the committee never received it.
_LAST_ACT = Subquery(SheetDecision.objects.filter(sheet=OuterRef("pk")).order_by("-pk").values("act")[:1])


def _is_questioned(sheet) -> bool:
    """A draft the committee gave back: whole, or for some lines. Annotated with both."""
    return bool(sheet.questions) or sheet.last_act == SheetDecision.Act.SENT_BACK


def agreed_of(people: Iterable[int], first: date, last: date) -> dict[int, list[Agreement]]:
    """The agreed hours of these people on the days from `first` to `last`, in one query."""
    found: dict[int, list[Agreement]] = defaultdict(list)
    for person_id, since, until, minutes in _AGREED(people=list(people), first=first, last=last):
        found[person_id].append(Agreement(since, until, minutes))
    return found


_AGREED = Prepared(
    lambda: (
        WorkStatus.objects.during(day_named("first"), day_named("last"))
        .filter(person__any_of=key_named("people"), agreed_minutes_per_week__gt=0)
        .values_list("person_id", "starts_on", "ends_on", "agreed_minutes_per_week")
    )
)


def away_all_week(
    asked: Collection[tuple[int, date]], agreed: Mapping[int, list[Agreement]] | None = None
) -> set[tuple[int, date]]:
    """Those of these weeks, each of a person, whose working days are all approved leave or holidays.

    `agreed`, when it is known already, tells the agreed hours of these people in these weeks.
    """
    if not asked:
        return set()
    people, all_weeks = ({one[place] for one in asked} for place in (0, 1))
    first, last = min(all_weeks), weeks.last_day(max(all_weeks))
    left: Counter[tuple[int, date]] = Counter()
    for person_id, day, minutes in _LEAVE_DAYS(people=list(people), first=first, last=last):
        left[person_id, weeks.week_of(day, first.weekday())] += minutes
    if not left:
        return set()
    if agreed is None:
        agreed = agreed_of({person_id for person_id, _week in left}, first, last)
    return {
        (person_id, week)
        for person_id, week in left.keys() & set(asked)
        if left[person_id, week] >= sum(one.minutes_in(week) for one in agreed.get(person_id, ()))
    }


_LEAVE_DAYS = Prepared(
    lambda: (
        LeaveDay.objects.standing()
        .filter(day__range=(day_named("first"), day_named("last")), person__any_of=key_named("people"))
        .order_by()
        .values_list("person_id", "day", "minutes")
    )
)


def first_week_kept() -> date:
    """The first week anybody has a sheet for; no day at all when there is none."""
    return WeekSheet.objects.aggregate(first=Min("starts_on"))["first"] or date.min


def unsettled_sheets(first: date, last: date, *, people: Collection[int] | None = None) -> list[Unsettled]:
    """The weeks with a day from `first` to `last` whose hours are not all approved, by week and person.

    Everybody's, or those of `people` only.

    A week is missing when the person had agreed hours on one of those days and has no sheet, unless
    approved leave and statutory holidays take up all of them.
    """
    return unsettled(list(weeks.weeks_between(first, last, week_start_weekday())), first, last, people=people)


def unsettled(
    all_weeks: Sequence[date],
    first: date,
    last: date,
    *,
    states: Iterable[str] = (State.DRAFT, State.SUBMITTED),
    people: Collection[int] | None = None,
) -> list[Unsettled]:
    """The same, of weeks that are known already; `states`: those of the sheets asked for.

    Only the weeks asked for are read, and of them only those that are not approved or have no sheet.
    """
    if not all_weeks:
        return []
    sheets = list(_open_sheets(all_weeks, first, last, states, people))
    not_begun = _not_begun(all_weeks, first, last, people)
    # Begun and emptied again: nothing to hand in where the whole week is leave.
    emptied = {(one.person_id, one.starts_on) for one in sheets if not (one.open_anywhere or one.last_act)}
    away = away_all_week(not_begun | emptied)
    found = [Unsettled(person_id, week, Standing.MISSING, 0) for person_id, week in not_begun - away]
    for sheet in sheets:
        if sheet.final_count and not sheet.open_count:
            continue  # what waits lies on days outside the ones asked for, or nothing does
        if (sheet.person_id, sheet.starts_on) in emptied & away:
            continue
        if sheet.state == State.SUBMITTED:
            standing = Standing.WAITING
        else:
            standing = Standing.QUESTIONED if _is_questioned(sheet) else Standing.DRAFT
        received = {"pk": sheet.pk} if sheet.last_act else {}
        found.append(Unsettled(sheet.person_id, sheet.starts_on, standing, sheet.open_minutes or 0, received))
    return sorted(found, key=lambda one: (one.week_starts_on, one.person_id))


def not_handed_in(all_weeks: Sequence[date]) -> Counter[date]:
    """How many people have not handed in each of these weeks, in order: `unsettled` of drafts, counted.

    Weeks handed in by all are not in it. The drafts are counted by the database, so that only the weeks
    that leave may account for are read.
    """
    if not all_weeks:
        return Counter()
    found: Counter[date] = Counter()
    nothing_there = _not_begun(all_weeks, all_weeks[0], weeks.last_day(all_weeks[-1]), None)
    for week, emptied, count in _DRAFTS_COUNTED(weeks=list(all_weeks)):
        if emptied:
            nothing_there.add((emptied, week))
        else:
            found[week] += count
    found.update(week for _person, week in nothing_there - away_all_week(nothing_there))
    return found


def _drafts_counted() -> QuerySet:
    """Of each week, how many drafts wait for their owner; those with no open line and no decision by person."""
    lines = TimeEntry.objects.filter(sheet=OuterRef("pk"))
    is_open, is_final = (Exists(lines.filter(approved_at__isnull=open_)) for open_ in (True, False))
    received = Exists(SheetDecision.objects.filter(sheet=OuterRef("pk")))
    return (
        WeekSheet.objects.filter(is_open | ~is_final, state=State.DRAFT, starts_on__any_of=day_named("weeks"))
        .order_by()
        .values("starts_on", emptied=Case(When(~is_open & ~received, then="person")))
        .annotate(count=Count("pk"))
        .values_list("starts_on", "emptied", "count")
    )


_DRAFTS_COUNTED = Prepared(_drafts_counted)
_COUNTED = ("open_minutes", "open_count", "open_anywhere", "final_count", "questions", "last_act")


def _open_sheets(
    all_weeks: Sequence[date],
    first: date,
    last: date,
    states: Iterable[str],
    people: Collection[int] | None,
) -> QuerySet:
    """The sheets of these weeks in these states, with what decides where each stands, as named tuples."""
    only = {} if people is None else {"person__in": people}
    is_open = Q(entries__approved_at=None)
    within = is_open & Q(entries__day__range=(first, last))
    return (
        WeekSheet.objects.filter(
            reduce(or_, (Q(state=state) for state in states)), starts_on__in=all_weeks, **only
        )
        .order_by()
        .annotate(
            open_minutes=Sum("entries__minutes", filter=within),
            open_count=Count("entries", filter=within),
            open_anywhere=Count("entries", filter=is_open),
            final_count=Count("entries", filter=Q(entries__approved_at__isnull=False)),
            questions=Count("entries", filter=~Q(entries__question="")),
            last_act=_LAST_ACT,
        )
        .values_list("pk", "person_id", "starts_on", "state", *_COUNTED, named=True)
    )


def _not_begun(
    all_weeks: Sequence[date], first: date, last: date, people: Collection[int] | None
) -> set[tuple[int, date]]:
    """The weeks in which somebody agreed to work on a day from `first` to `last`, and has no sheet.

    Not where the days of the week that were agreed are a Saturday and a Sunday: nothing is agreed on these.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT status.person_id, week.starts_on, status.starts_on,
                coalesce(status.ends_on, week.starts_on + 6), status.agreed_minutes_per_week
            FROM unnest(%(weeks)s::date[]) AS week (starts_on)
            JOIN members_workstatus status
                ON status.agreed_minutes_per_week > 0
                AND status.starts_on <= least(week.starts_on + 6, %(last)s)
                AND coalesce(status.ends_on, 'infinity') >= greatest(week.starts_on, %(first)s)
            WHERE (%(people)s::bigint[] IS NULL OR status.person_id = ANY(%(people)s))
            AND NOT EXISTS (
                SELECT 1 FROM timesheets_weeksheet sheet
                WHERE sheet.person_id = status.person_id AND sheet.starts_on = week.starts_on
                    AND sheet.starts_on BETWEEN %(first_week)s AND %(last_week)s
            )
            """,
            {
                "weeks": list(all_weeks),
                "people": None if people is None else list(people),
                "first": first,
                "last": last,
                "first_week": all_weeks[0],
                "last_week": all_weeks[-1],
            },
        )
        return {
            (person_id, week)
            for person_id, week, *agreed in cursor.fetchall()
            if Agreement(*agreed).is_expected(week, first, last)
        }


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
    if sheet is None and not statuses:
        tone, state = "plain", _("no work agreed")
    elif sheet is None and is_pause(statuses):
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
    """How many weeks and how much leave wait for a committee member, those which others decide left out:
    their own, and those of the people from whom they step aside.

    `others_weeks`: the weeks that wait for the others.
    """

    weeks: int = 0
    leaves: int = 0
    others_weeks: int = 0

    @classmethod
    def counted(cls, sheets: int, asked: int, given_back: int, others: int) -> "Waits":
        """From what `waiting_counts` counts."""
        return cls(sheets, asked + given_back, others)


def waits_for(approver: Person, today: date | None = None) -> Waits:
    """What the committee still has to decide: weeks handed in, leave asked for or to be given back. One query."""
    return Waits.counted(*_WAITS.one(approver=approver.pk, today=today or timezone.localdate()))


def waiting_counts(approver: Expression, today: Expression) -> tuple[Expression, ...]:
    """What `Waits.counted` takes, for a question that asks other things too."""
    aside = ConflictOfInterest.objects.on(today).filter(approver=approver, person=OuterRef("person"))
    is_others = Q(person=approver) | Q(Exists(aside))

    def count(model, whose: Q) -> Coalesce:
        return Coalesce(
            Subquery(
                model.objects.filter(whose, state=_WAITS_IN[model])
                .order_by()
                .values(one=Value(1))
                .annotate(count=Count("pk"))
                .values("count")
            ),
            Value(0),
        )

    theirs = [count(model, ~is_others) for model in _WAITS_IN]
    return (*theirs, count(WeekSheet, is_others))


_WAITS = Prepared(
    lambda: Person.objects.filter(pk=key_named("approver")).values_list(
        *waiting_counts(key_named("approver"), day_named("today"))
    )
)
_WAITS_IN = {
    WeekSheet: WeekSheet.State.SUBMITTED,
    Leave: Leave.State.REQUESTED,
    LeaveCancellation: LeaveCancellation.State.REQUESTED,
}
