"""What people have come near by their hours, and what they could learn from whom.

Approved hours of the window, by the tasks they count with today. Nobody's wishes leave this module but to
their author; hours of one person are for that person and for those who keep roles, levels and how near
people are for everybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.db.models import Count, QuerySet, Sum

from members.models import Cooperative, Person, WorkStatus
from roles import coverage, successions, training
from roles.coverage import PRACTISED, TOUCHED, Stage
from roles.models import Assignment, LearningWish, Role, Skill, Task, TaskSuccession
from roles.periods import WINDOW, Period, in_weeks
from roles.rhythm import periods_of
from timesheets.leave_days import weekdays_between
from timesheets.models import LeaveDay, TimeEntry

from .registry import planned_minutes

WEEKDAYS = 5
Pair = tuple[int, int]  # a person and a role


# Where everybody stands ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Standings:
    """Everybody's way to every role over a window of periods, the last of which is running.

    `minutes` are approved, by person and role; `levels` those that count; `active` the roles on which
    anybody logged an hour in the window: coverage is counted on them.
    """

    periods: Sequence[Period]
    today: date
    people: Sequence[Person]
    roles: Sequence[Role]
    levels: Mapping[Pair, int]
    minutes: Mapping[Pair, int]
    places: training.Places
    tenures: Mapping[int, Fraction]

    @property
    def since(self) -> date:
        return self.periods[0].first

    @cached_property
    def active(self) -> list[Role]:
        done = {role for (_person, role), minutes in self.minutes.items() if minutes > 0}
        return [role for role in self.roles if role.pk in done]

    def stage(self, person: int, role: int) -> Stage:
        return coverage.stage(self.minutes.get((person, role), 0), self.levels.get((person, role), 0))

    def touched(self, person: int) -> int:
        """Roles on which this person logged enough hours to have touched them: a level declared is none."""
        return sum(self.minutes.get((person, role.pk), 0) >= TOUCHED for role in self.active)

    def coverage(self, person: int) -> Fraction:
        """The part of the active roles a person has touched, of those they had the time to come near."""
        return coverage.coverage(
            self.touched(person), len(self.active), self.tenures.get(person, Fraction(0)), WINDOW
        )

    @cached_property
    def near(self) -> dict[int, int]:
        """How many people are near each active role: they have touched it, or do it alone."""
        return {
            role.pk: sum(self.stage(one.pk, role.pk) > Stage.FAR for one in self.people)
            for role in self.active
        }

    def bound(self, person: int) -> Fraction | None:
        """The most this person's coverage can become over the window, when places to learn are shared alike."""
        reachable = coverage.own_bound(
            {role.pk for role in self.active if self.stage(person, role.pk) > Stage.FAR},
            self.near,
            self.places.by_role,
            people=len(self.people),
            periods=WINDOW,
        )
        return None if reachable is None else max(reachable, self.coverage(person))

    def named(self, role: int) -> list[Person]:
        """Who can teach a role."""
        mentors = set(self.places.mentors.get(role, ()))
        return [one for one in self.people if one.pk in mentors]

    @cached_property
    def coverages(self) -> dict[int, Fraction]:
        return {one.pk: self.coverage(one.pk) for one in self.people}

    @cached_property
    def of_all(self) -> "Together":
        """The coverage of the co-op: its mean, its lowest, and what the mean can become over the window."""
        found = list(self.coverages.values())
        if not found or not self.active:
            return Together(None, None, None)
        mean = sum(found, Fraction(0)) / len(found)
        bound = coverage.coverage_bound(self.near, self.places.by_role, people=len(found), periods=WINDOW)
        return Together(_rate(mean), _rate(min(found)), None if bound is None else _rate(max(bound, mean)))


@dataclass(frozen=True)
class Together:
    """The co-op's coverage, as screens write it; None where nobody logged an hour on a role."""

    mean: Decimal | None
    lowest: Decimal | None
    bound: Decimal | None

    @property
    def percent(self) -> int:
        return int((self.mean or 0) * 100)


def standings(cooperative: Cooperative | None, today: date) -> Standings:
    """Where everybody who is here stands with every role in use, in a constant number of queries."""
    periods = periods_of(cooperative).window(today)
    people = list(Person.objects.here(today).active().by_name())
    levels = training.levels(today)
    places = training.places(levels, weeks=periods[-1].weeks, present=[one.pk for one in people])
    return Standings(
        periods,
        today,
        people,
        list(Role.objects.in_use()),
        levels,
        minutes_by_role(periods[0].first, today),
        places,
        _tenures(people, periods, today),
    )


def minutes_by_role(first: date, last: date) -> dict[Pair, int]:
    """(person, role) → approved minutes from `first` to `last`, by the tasks they count with today.

    Hours that nobody has classified yet are in no role.
    """
    following = successions.links(TaskSuccession.objects.values_list("task", "successor", "percent"))
    role_of = dict(Task.objects.filter(is_unclassified=False).values_list("pk", "role"))
    found: dict[Pair, Fraction] = defaultdict(Fraction)
    rows = _approved(first, last).values("person", "task").annotate(total=Sum("minutes"))
    for person, task, minutes in rows.values_list("person", "task", "total"):
        for one, share in successions.today(task, following).items():
            if one in role_of:
                found[person, role_of[one]] += minutes * share
    return {key: successions.whole(minutes) for key, minutes in found.items()}


def _approved(first: date, last: date) -> QuerySet[TimeEntry]:
    return TimeEntry.objects.filter(approved_at__isnull=False, day__range=(first, last)).order_by()


def _tenures(people: Iterable[Person], periods: Sequence[Period], today: date) -> dict[int, Fraction]:
    """How many periods of the window each person has been present: their weekdays at work, leave taken off."""
    first = periods[0].first
    days: dict[int, int] = defaultdict(int)
    statuses = WorkStatus.objects.during(first, today).filter(person__in=people)
    for person, starts_on, ends_on in statuses.values_list("person", "starts_on", "ends_on"):
        days[person] += weekdays_between(max(first, starts_on), min(today, ends_on or today))
    away = LeaveDay.objects.standing().filter(day__range=(first, today), day__iso_week_day__lte=WEEKDAYS)
    for person, count in (
        away.order_by()
        .values("person")
        .annotate(days=Count("day", distinct=True))
        .values_list("person", "days")
    ):
        if person in days:
            days[person] = max(0, days[person] - count)
    whole = periods[-1].weeks * WEEKDAYS
    return {person: Fraction(count, whole) for person, count in days.items()}


def _rate(part: Fraction) -> Decimal:
    """A part of one, to the hundredth, as screens write it."""
    return Decimal(coverage.percent(part)) / 100


# One's own training -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lesson:
    """Planned time beside a mentor, as the tasks given to people say it.

    `planned` minutes over the days of the plan, `done` those approved so far with the mentor named.
    """

    learner: Person
    mentors: Sequence[Person]
    task: Task
    starts_on: date
    ends_on: date | None
    planned: int | None
    done: int


@dataclass(frozen=True)
class OwnRole:
    """Where a person stands in a role, what they wish, from whom they could learn it, and what is planned."""

    role: Role
    minutes: int
    level: int
    declared: Skill | None
    stage: Stage
    wish: int
    is_due: bool
    mentors: list[Person]
    lessons: Sequence[Lesson] = ()

    @property
    def is_planned(self) -> bool:
        """Is it on their way: wished for, or carried already, and not done alone yet?"""
        return self.stage < Stage.AUTONOMOUS and (self.wish > 0 or self.is_due)

    @property
    def is_accompanied(self) -> bool:
        """Does the plan say already beside whom each part is learnt?"""
        return bool(self.lessons) and all(one.mentors for one in self.lessons)

    @property
    def minutes_to_go(self) -> int:
        """To have touched it, then to have practised it."""
        goal = TOUCHED if self.stage == Stage.FAR else PRACTISED
        return max(0, goal - self.minutes)


@dataclass(frozen=True)
class OwnTraining:
    """A person's training: roles, coverage, what it can become, hours learnt and taught in the window.

    `teaches`: those who are given tasks to learn beside this person, with the time that asks for.
    """

    since: date
    roles: list[OwnRole]
    touched: int
    active: int
    coverage: Decimal
    bound: Decimal | None
    everybody: Together
    learnt: list[tuple[str, str, int]]
    taught: int
    teaches: Sequence[Lesson] = field(default_factory=list)

    @property
    def plan(self) -> list[OwnRole]:
        """What to learn next: what was given first, then the nearest."""
        return sorted(
            (one for one in self.roles if one.is_planned),
            key=lambda one: (not one.is_due, -one.stage, one.minutes_to_go),
        )

    @property
    def teaching_minutes(self) -> int:
        """The time of a mentor that is planned: side by side, an hour for an hour, shared among the mentors."""
        return sum(
            coverage.mentor_minutes(one.planned or 0) // max(1, len(one.mentors)) for one in self.teaches
        )

    @property
    def coverage_percent(self) -> int:
        return int(self.coverage * 100)


def own(person: Person, found: Standings) -> OwnTraining:
    """A person's own page of training, in a constant number of queries beside those of `found`."""
    declared = {skill.role_id: skill for skill in Skill.objects.on(found.today).filter(person=person)}
    wishes = training.wishes([person])
    carried = _carried_with(person, found.today)
    lessons = _lessons(carried, found)
    due = {one.task.role_id for one in carried if one.person_id == person.pk}
    own_lessons: dict[int, list[Lesson]] = defaultdict(list)
    for one in lessons:
        if one.learner == person:
            own_lessons[one.task.role_id].append(one)
    roles = [
        OwnRole(
            role,
            found.minutes.get((person.pk, role.pk), 0),
            found.levels.get((person.pk, role.pk), 0),
            declared.get(role.pk),
            found.stage(person.pk, role.pk),
            wishes.get((person.pk, role.pk), LearningWish.Wish.NEUTRAL),
            role.pk in due,
            [one for one in found.named(role.pk) if one != person],
            own_lessons.get(role.pk, ()),
        )
        for role in found.roles
    ]
    bound = found.bound(person.pk)
    return OwnTraining(
        found.since,
        roles,
        found.touched(person.pk),
        len(found.active),
        _rate(found.coverage(person.pk)),
        None if bound is None else _rate(bound),
        found.of_all,
        _learnt(person, found.since, found.today),
        _approved(found.since, found.today).filter(learning_with=person).aggregate(all=Sum("minutes"))["all"]
        or 0,
        [one for one in lessons if person in one.mentors],
    )


def _carried_with(person: Person, today: date) -> list[Assignment]:
    """What this person carries today or later, and what others carry of the same tasks then."""
    coming = Assignment.objects.during(today, date.max)
    own_tasks = coming.filter(person=person).values("task")
    return list(
        coming.filter(task__in=own_tasks, task__role__retired_on=None)
        .select_related("task__role", "person")
        .order_by("starts_on", "task__role__name", "task__name", "person__sort_name")
    )


def _lessons(carried: Sequence[Assignment], found: Standings) -> list[Lesson]:
    """Who learns beside whom: not autonomous in the role, and given a task that somebody who teaches it carries too.

    Where no mentor carries it at the same time, the lesson has none: it still has to be found.
    """
    learners = [one for one in carried if found.levels.get((one.person_id, one.task.role_id), 0) < 2]
    done = _learnt_with({one.person_id for one in learners}, found)
    lessons = []
    for one in learners:
        beside = [
            other.person
            for other in carried
            if other.task_id == one.task_id
            and found.levels.get((other.person_id, other.task.role_id), 0) >= coverage.CAN_MENTOR
            and other.starts_on <= (one.ends_on or date.max)
            and one.starts_on <= (other.ends_on or date.max)
        ]
        lessons.append(
            Lesson(
                one.person,
                list(dict.fromkeys(beside)),
                one.task,
                one.starts_on,
                one.ends_on,
                _minutes_of(one),
                done.get((one.person_id, one.task.role_id), 0),
            )
        )
    return lessons


def _minutes_of(one: Assignment) -> int | None:
    """The minutes planned over its days; None without a last day, or when nobody planned any."""
    if one.planned_minutes_per_week is None or one.ends_on is None:
        return None
    return planned_minutes([one], one.starts_on, one.ends_on)


def _learnt_with(people: Iterable[int], found: Standings) -> dict[Pair, int]:
    """(person, role) → approved minutes in which somebody taught them, in the window."""
    rows = (
        _approved(found.since, found.today)
        .filter(person__in=list(people), learning_with__isnull=False)
        .values("person", "task__role")
        .annotate(total=Sum("minutes"))
        .values_list("person", "task__role", "total")
    )
    return {(person, role): total for person, role, total in rows}


def _learnt(person: Person, first: date, last: date) -> list[tuple[str, str, int]]:
    """Role, mentor and minutes of one's learning hours."""
    rows = (
        _approved(first, last)
        .filter(person=person, learning_with__isnull=False)
        .values("task__role__name", "learning_with__given_name", "learning_with__family_name")
        .annotate(total=Sum("minutes"))
        .order_by("task__role__name", "-total")
    )
    return [
        (
            row["task__role__name"],
            f"{row['learning_with__given_name']} {row['learning_with__family_name']}".strip(),
            row["total"],
        )
        for row in rows
        if row["total"]
    ]


# A role, and who could learn it -------------------------------------------------------------------


@dataclass(frozen=True)
class Learner:
    """Somebody who is not alone in a role yet: how near they are, and what they declared.

    `minutes` is None for readers to whom this person's hours are not shown.
    """

    person: Person
    minutes: int | None
    minutes_to_go: int
    stage: Stage
    waits: Skill | None


@dataclass(frozen=True)
class RoleLearning:
    """Who could learn a role, from whom, and how much of it can be taught in a period.

    `able`: those who do it alone, with their level. `lesson_minutes`: what its tasks leave to learners;
    teaching them asks for as much of the mentors' time.
    """

    able: list[tuple[Person, int]]
    learners: list[Learner]
    places: int
    lesson_minutes: int
    taught: int

    @property
    def mentors(self) -> list[Person]:
        return [person for person, level in self.able if level >= coverage.CAN_MENTOR]

    @property
    def mentor_minutes(self) -> int:
        return coverage.mentor_minutes(self.lesson_minutes) if self.mentors else 0


def of_role(role: Role, found: Standings, reader: Person, *, keeps_roles: bool) -> RoleLearning:
    """The page of who could learn a role: nobody's wish is in it, and hours of those only whom they concern.

    Whoever reads it sees how near everybody is; the hours are one's own, and everybody's for those who
    keep roles, who plan with them.
    """
    waiting = {
        skill.person_id: skill
        for skill in Skill.objects.on(found.today).filter(role=role).select_related("person")
        if skill.waits
    }
    able = [
        (one, found.levels[one.pk, role.pk])
        for one in found.people
        if found.levels.get((one.pk, role.pk), 0) >= coverage.AUTONOMOUS
    ]
    learners = [
        _learner(one, role, found, waiting.get(one.pk), is_shown=keeps_roles or one == reader)
        for one in found.people
        if found.levels.get((one.pk, role.pk), 0) < coverage.AUTONOMOUS
    ]
    tasks = role.tasks.filter(retired_on=None).values_list("expected_minutes_per_quarter", "learners_percent")
    weeks = found.periods[-1].weeks
    taught = _approved(found.since, found.today).filter(learning_with__isnull=False, task__role=role)
    return RoleLearning(
        sorted(able, key=lambda one: -one[1]),
        sorted(learners, key=lambda one: (-one.stage, one.minutes_to_go)),
        found.places.by_role.get(role.pk, 0),
        sum((in_weeks(expected, weeks) or 0) * percent // 100 for expected, percent in tasks),
        taught.aggregate(all=Sum("minutes"))["all"] or 0,
    )


def _learner(one: Person, role: Role, found: Standings, waits: Skill | None, *, is_shown: bool) -> Learner:
    minutes = found.minutes.get((one.pk, role.pk), 0)
    to_go = max(0, PRACTISED - minutes)
    return Learner(
        one,
        minutes if is_shown else None,
        to_go if is_shown else coverage.told(to_go),
        found.stage(one.pk, role.pk),
        waits,
    )


# Everybody and every role -------------------------------------------------------------------------


@dataclass(frozen=True)
class CoverageRow:
    """A person in the picture of everybody: their stage in each active role, their coverage and its bound."""

    person: Person
    stages: Sequence[Stage]
    touched: int
    coverage: Decimal
    bound: Decimal | None


@dataclass(frozen=True)
class CoverageOfAll:
    """Everybody beside every active role; by role, how many are near it and how many more it can take in."""

    since: date
    roles: Sequence[Role]
    rows: Sequence[CoverageRow]
    near: Sequence[int]
    places: Sequence[int]
    together: Together


def of_all(found: Standings) -> CoverageOfAll:
    """The picture of everybody's coverage, by name: there is no order of merit."""
    active = found.active
    rows = []
    for one in found.people:
        bound = found.bound(one.pk)
        rows.append(
            CoverageRow(
                one,
                [found.stage(one.pk, role.pk) for role in active],
                found.touched(one.pk),
                _rate(found.coverage(one.pk)),
                None if bound is None else _rate(bound),
            )
        )
    return CoverageOfAll(
        found.since,
        active,
        rows,
        [found.near[role.pk] for role in active],
        [found.places.by_role.get(role.pk, 0) for role in active],
        found.of_all,
    )
