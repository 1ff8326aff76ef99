"""A role beside the hours logged on it: what was declared, what was planned, what was done.

Approved time only, all people together: nobody is named by their hours. Hours of tasks that were split,
merged or moved count where their work goes on; of a retired role, where they were done.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Sum

from members.models import Person
from roles import successions
from roles.models import Assignment, Role, Task, TaskSuccession, Term
from roles.periods import Period, Periods, in_weeks
from timesheets.hours import first_week_kept
from timesheets.models import TimeEntry


@dataclass(frozen=True)
class RolePeriod:
    """A period of a role in minutes: expected and planned to date, logged. Expected is None when nobody said."""

    period: Period
    is_now: bool
    expected: int | None
    planned: int
    logged: int


@dataclass(frozen=True)
class TaskHours:
    """A task in use, who carries it, and its hours since `since`: expected in that time, and logged."""

    task: Task
    carried_by: list[Assignment]
    expected: int | None
    logged: int

    @property
    def follows(self) -> list[Task]:
        """The tasks it was split or merged from."""
        return [one.task for one in self.task.follows.all()]


@dataclass(frozen=True)
class RoleHours:
    """A role's hours: by period, oldest first, and by task over the present period."""

    by_period: list[RolePeriod]
    tasks: list[TaskHours]
    weeks: int

    @property
    def now(self) -> RolePeriod:
        return self.by_period[-1]

    @property
    def expected_per_period(self) -> int | None:
        """Minutes expected in a period of the co-op; None when nobody said."""
        return in_weeks(_sum(one.task.expected_minutes_per_quarter for one in self.tasks), self.weeks)


def hours_of(role: Role, today: date, periods: Periods) -> RoleHours:
    """The declared, planned and logged hours of a role over the last four periods of the co-op, in six queries."""
    window = periods.window(today)
    kept_since = first_week_kept()
    tasks = list(
        role.tasks.filter(retired_on=None)
        .order_by("name")
        .prefetch_related("follows__task__role", "assignments__person")
    )
    following = successions.links(TaskSuccession.objects.values_list("task", "successor", "percent"))
    shares = _shares(role, following)
    logged: dict[tuple[int, Period], Fraction] = defaultdict(Fraction)
    rows = TimeEntry.objects.filter(
        task__in=shares, approved_at__isnull=False, day__range=(window[0].first, today)
    )
    for task, day, minutes in (
        rows.order_by()
        .values("task", "day")
        .annotate(total=Sum("minutes"))
        .values_list("task", "day", "total")
    ):
        period = next(one for one in window if one.first <= day <= one.last)
        for one, share in shares[task].items():
            logged[one, period] += minutes * share
    carried = list(Assignment.objects.filter(task__role=role).during(window[0].first, window[-1].last))
    expected = _sum(task.expected_minutes_per_quarter for task in tasks)
    by_period = [
        RolePeriod(
            period,
            period is window[-1],
            _to_date(expected, period, kept_since, today),
            planned_minutes(carried, period.first, min(period.last, today)),
            successions.whole(
                sum((minutes for (_task, of), minutes in logged.items() if of == period), Fraction(0))
            ),
        )
        for period in window
        if period.last >= kept_since
    ] or [RolePeriod(window[-1], True, None, 0, 0)]
    return RoleHours(
        by_period,
        [
            TaskHours(
                task,
                [one for one in task.assignments.all() if one.holds_on(today)],
                _to_date(task.expected_minutes_per_quarter, window[-1], kept_since, today),
                successions.whole(logged[task.pk, window[-1]]),
            )
            for task in tasks
        ],
        periods.weeks,
    )


def _shares(role: Role, following: successions.Links) -> dict[int, dict[int, Fraction]]:
    """By task whose hours are this role's: the tasks of today they count with, and for what share."""
    own = set(role.tasks.values_list("pk", flat=True))
    if role.retired_on:
        return {task: {task: Fraction(1)} for task in own}
    found = {}
    for task in own | following.keys():
        shares = {one: share for one, share in successions.today(task, following).items() if one in own}
        if shares:
            found[task] = shares
    return found


def planned_minutes(assignments: Iterable[Assignment], first: date, last: date) -> int:
    """The minutes planned by week, for the days from `first` to `last` on which each is carried."""
    total = Fraction(0)
    for one in assignments:
        begins, ends = max(first, one.starts_on), min(last, one.ends_on or date.max)
        if one.planned_minutes_per_week and begins <= ends:
            total += Fraction(one.planned_minutes_per_week * ((ends - begins).days + 1), 7)
    return successions.whole(total)


def _to_date(expected: int | None, period: Period, kept_since: date, today: date) -> int | None:
    """What was to be expected of a period by now: the part of its days gone by, since hours are kept here."""
    return None if expected is None else period.part_of(expected, kept_since, today)


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


# The picture of the whole -------------------------------------------------------------------------


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a role for a term, or carries some of its tasks."""

    person: Person
    has_term: bool

    @property
    def initials(self) -> str:
        return "".join(name[:1] for name in (self.person.given_name, self.person.family_name)).upper()


@dataclass(frozen=True)
class RoleLoad:
    """A role in the picture: minutes expected and logged since `Whole.since`, and who answers for it."""

    role: Role
    expected: int | None
    logged: int
    holders: Sequence[Holder]


@dataclass(frozen=True)
class Whole:
    """Every role in use, the busiest first, over as many weeks as a period has, or since hours are kept here."""

    since: date
    roles: list[RoleLoad]

    @property
    def most(self) -> int:
        return max([1, *(max(one.logged, one.expected or 0) for one in self.roles)])

    @property
    def logged(self) -> int:
        return sum(one.logged for one in self.roles)


def whole(today: date, periods: Periods) -> Whole:
    """The roles, their load and who answers for them, in seven queries whatever their number."""
    recent = Period(date.fromordinal(today.toordinal() - 7 * periods.weeks + 1), today)
    since = max(recent.first, first_week_kept())
    following = successions.links(TaskSuccession.objects.values_list("task", "successor", "percent"))
    logged: dict[int, int] = dict(
        TimeEntry.objects.filter(approved_at__isnull=False, day__range=(since, today))
        .order_by()
        .values("task")
        .annotate(total=Sum("minutes"))
        .values_list("task", "total")
    )
    counted = successions.counted_today(logged, following)
    role_of = dict(Task.objects.values_list("pk", "role"))
    by_role: dict[int, Fraction] = defaultdict(Fraction)
    for task, minutes in counted.items():
        by_role[role_of[task]] += minutes
    holders = _holders(today)
    loads = []
    for role in Role.objects.in_use().prefetch_related("tasks"):
        expected = _sum(
            task.expected_minutes_per_quarter for task in role.tasks.all() if task.retired_on is None
        )
        loads.append(
            RoleLoad(
                role,
                _to_date(expected, recent, since, today),
                successions.whole(by_role[role.pk]),
                holders.get(role.pk, []),
            )
        )
    return Whole(since, sorted(loads, key=lambda one: (-one.logged, one.role.name)))


def _holders(today: date) -> dict[int, list[Holder]]:
    """By role, those who hold it for a term, then those who carry a task of it."""
    found: dict[int, dict[int, Holder]] = defaultdict(dict)
    for term in Term.objects.on(today).select_related("person").order_by("person__sort_name"):
        found[term.role_id][term.person_id] = Holder(term.person, True)
    carried = Assignment.objects.on(today).select_related("person", "task").order_by("person__sort_name")
    for one in carried:
        found[one.task.role_id].setdefault(one.person_id, Holder(one.person, False))
    return {role: list(people.values()) for role, people in found.items()}
