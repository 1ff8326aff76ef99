"""What people have come near by their hours, and what they could learn from whom.

Approved hours of a year back, by the tasks they count with today. Nobody's wishes leave this
module but to their author.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet, Sum

from members.models import Person, WorkStatus
from roles import coverage, periods, successions, training
from roles.coverage import PRACTISED, TOUCHED, Stage
from roles.models import Assignment, LearningWish, Role, Skill, Task, TaskSuccession
from timesheets.models import TimeEntry


@dataclass(frozen=True)
class OwnRole:
    """Where a person stands in a role, what they wish, and from whom they could learn it."""

    role: Role
    minutes: int
    level: int
    declared: Skill | None
    stage: Stage
    wish: int
    is_due: bool
    mentors: list[Person]

    @property
    def is_planned(self) -> bool:
        """Is it on their way: wished for, or carried already, and not done alone yet?"""
        return self.stage < Stage.AUTONOMOUS and (self.wish > 0 or self.is_due)

    @property
    def minutes_to_go(self) -> int:
        """To have touched it, then to have practised it."""
        goal = TOUCHED if self.stage == Stage.FAR else PRACTISED
        return max(0, goal - self.minutes)


@dataclass(frozen=True)
class OwnTraining:
    """A person's training: roles, coverage, what it can become, hours learnt and taught in the window."""

    since: date
    roles: list[OwnRole]
    coverage: Decimal
    bound: Decimal | None
    everybody: Decimal | None
    everybody_bound: Decimal | None
    learnt: list[tuple[str, str, int]]
    taught: int

    @property
    def plan(self) -> list[OwnRole]:
        """What to learn next, the nearest first."""
        return sorted(
            (one for one in self.roles if one.is_planned), key=lambda one: (-one.stage, one.minutes_to_go)
        )

    @property
    def touched(self) -> int:
        return sum(one.stage > Stage.FAR for one in self.roles)

    @property
    def coverage_percent(self) -> int:
        return int(self.coverage * 100)

    @property
    def everybody_percent(self) -> int:
        return int((self.everybody or 0) * 100)


def own(person: Person, today: date) -> OwnTraining:
    """A person's own page of training, in a constant number of queries."""
    since = _since(today)
    people = list(Person.objects.here(today).active())
    roles = list(Role.objects.in_use())
    levels = training.levels(today)
    minutes = minutes_by_role(since, today)
    places = training.places(today, levels, (one.pk for one in people))
    mentors = _named(places.mentors, people)
    declared = {skill.role_id: skill for skill in Skill.objects.on(today).filter(person=person)}
    wishes = training.wishes([person])
    due = set(
        Assignment.objects.filter(person=person).during(today, date.max).values_list("task__role", flat=True)
    )
    own_roles = [
        OwnRole(
            role,
            minutes.get((person.pk, role.pk), 0),
            levels.get((person.pk, role.pk), 0),
            declared.get(role.pk),
            coverage.stage(minutes.get((person.pk, role.pk), 0), levels.get((person.pk, role.pk), 0)),
            wishes.get((person.pk, role.pk), LearningWish.Wish.NEUTRAL),
            role.pk in due,
            [one for one in mentors.get(role.pk, []) if one != person],
        )
        for role in roles
    ]
    near = _near([one.pk for one in people], roles, minutes, levels)
    tenures = _tenures(people, since, today)
    covered = {
        one.pk: coverage.coverage(
            sum(one.pk in near[role.pk] for role in roles), len(roles), tenures.get(one.pk, Fraction(0))
        )
        for one in people
    }
    return OwnTraining(
        since,
        own_roles,
        _rate(covered.get(person.pk, Fraction(0))) or Decimal(0),
        _rate(
            coverage.own_bound(
                (one.role.pk for one in own_roles if one.stage > Stage.FAR),
                places.by_role,
                (role.pk for role in roles),
            )
        ),
        _rate(sum(covered.values(), Fraction(0)) / len(covered) if covered and roles else None),
        _rate(
            coverage.coverage_bound(
                {role: len(close) for role, close in near.items()}, places.by_role, people=len(people)
            )
        ),
        _learnt(person, since, today),
        _approved(since, today).filter(learning_with=person).aggregate(all=Sum("minutes"))["all"] or 0,
    )


def _rate(part: Fraction | None) -> Decimal | None:
    """A part of one, to the hundredth, as screens write it."""
    return None if part is None else Decimal(coverage.percent(part)) / 100


@dataclass(frozen=True)
class Learner:
    """Somebody who is not alone in a role yet: how near they are, and what they declared."""

    person: Person
    minutes: int
    stage: Stage
    waits: Skill | None

    @property
    def minutes_to_go(self) -> int:
        """Until they have practised it."""
        return max(0, PRACTISED - self.minutes)


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


def of_role(role: Role, today: date) -> RoleLearning:
    """The page of who could learn a role: nobody's wish is in it."""
    since = _since(today)
    people = list(Person.objects.here(today).active().by_name())
    levels = training.levels(today)
    minutes = minutes_by_role(since, today)
    waiting = {skill.person_id: skill for skill in Skill.objects.on(today).filter(role=role) if skill.waits}
    places = training.places(today, levels, (one.pk for one in people))
    able = [(one, levels[one.pk, role.pk]) for one in people if levels.get((one.pk, role.pk), 0) >= 2]
    learners = [
        Learner(
            one,
            minutes.get((one.pk, role.pk), 0),
            coverage.stage(minutes.get((one.pk, role.pk), 0), levels.get((one.pk, role.pk), 0)),
            waiting.get(one.pk),
        )
        for one in people
        if levels.get((one.pk, role.pk), 0) < coverage.AUTONOMOUS
    ]
    tasks = role.tasks.filter(retired_on=None).values_list("expected_minutes_per_period", "learners_percent")
    taught = _approved(since, today).filter(learning_with__isnull=False, task__role=role)
    return RoleLearning(
        sorted(able, key=lambda one: -one[1]),
        sorted(learners, key=lambda one: (-one.stage, -one.minutes)),
        places.by_role.get(role.pk, 0),
        sum((expected or 0) * percent // 100 for expected, percent in tasks),
        taught.aggregate(all=Sum("minutes"))["all"] or 0,
    )


def minutes_by_role(first: date, last: date) -> dict[tuple[int, int], int]:
    """(person, role) → approved minutes from `first` to `last`, by the tasks they count with today."""
    following = successions.links(TaskSuccession.objects.values_list("task", "successor", "percent"))
    role_of = dict(Task.objects.values_list("pk", "role"))
    found: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    rows = _approved(first, last).values("person", "task").annotate(total=Sum("minutes"))
    for person, task, minutes in rows.values_list("person", "task", "total"):
        for one, share in successions.today(task, following).items():
            found[person, role_of[one]] += minutes * share
    return {key: successions.whole(minutes) for key, minutes in found.items()}


def _approved(first: date, last: date) -> QuerySet[TimeEntry]:
    return TimeEntry.objects.filter(approved_at__isnull=False, day__range=(first, last)).order_by()


def _since(today: date) -> date:
    """The first day of the window: as many weeks back as its periods have."""
    return today - timedelta(weeks=periods.WEEKS * periods.WINDOW, days=-1)


def _named(by_role: Mapping[int, Iterable[int]], people: Iterable[Person]) -> dict[int, list[Person]]:
    known = {one.pk: one for one in people}
    return {role: [known[pk] for pk in pks if pk in known] for role, pks in by_role.items()}


def _near(
    people: Iterable[int],
    roles: Iterable[Role],
    minutes: Mapping[tuple[int, int], int],
    levels: Mapping[tuple[int, int], int],
) -> dict[int, set[int]]:
    """By role, the people here who have touched it or do it alone."""
    return {
        role.pk: {
            one
            for one in people
            if coverage.stage(minutes.get((one, role.pk), 0), levels.get((one, role.pk), 0)) > Stage.FAR
        }
        for role in roles
    }


def _tenures(people: Iterable[Person], since: date, today: date) -> dict[int, Fraction]:
    """How many periods of the window each person has been at work, by the first day of their work."""
    first: dict[int, date] = {}
    statuses = WorkStatus.objects.filter(person__in=people).values_list("person", "starts_on")
    for person, starts_on in statuses:
        first[person] = min(starts_on, first.get(person, date.max))
    return {
        person: Fraction(max(0, (today - max(begins, since)).days + 1), periods.WEEKS * 7)
        for person, begins in first.items()
    }


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
