"""On whom each role rests, and the way out: who could learn it, from whom, in how many hours.

Shown before fairness, since it breaks first. Hours of a task that was split or merged count with the role
in which its work goes on.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from members.models import Person
from roles import coverage, successions
from roles.concentration import Concentration, concentration, only_ones
from roles.models import LearningWish, Role, Skill, Task, TaskSuccession
from timesheets.models import LeaveDay

from .balance import HOUR, Sharing

TOUCHED, PRACTISED = Fraction(coverage.TOUCHED, HOUR), Fraction(coverage.PRACTISED, HOUR)


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who has begun: what they did in the window, and the hours that are left beside a mentor."""

    person: Person
    hours: Fraction
    hours_left: Fraction

    @property
    def hours_told(self) -> Fraction:
        """What is left, as everybody reads it: in steps of five hours, so that nobody's own hours are read in it."""
        return Fraction(coverage.told(int(self.hours_left * HOUR)), HOUR)


@dataclass(frozen=True, slots=True)
class Resting:
    """A role, how its hours are spread, who can do it alone and who could learn it.

    `autonomous` is None when nobody has declared a level in this role: then the hours alone speak.
    `wishes` says whether the reader told that they would like to learn it; nobody else is told.
    """

    role: Role
    spread: Concentration
    people: Sequence[tuple[Person | None, Fraction]]
    autonomous: Sequence[Person] | None
    teachers: Sequence[Person]
    learners: Sequence[Learner]
    wishes: bool

    @property
    def alone(self) -> Person | None:
        """The one person it rests on, if there is one."""
        if not self.spread.is_single_point_of_failure:
            return None
        if self.autonomous:
            return self.autonomous[0]
        return self.people[0][0] if self.people else None

    @property
    def is_worth_a_look(self) -> bool:
        return self.spread.is_single_point_of_failure or self.spread.is_left_undone

    @property
    def most(self) -> Person | None:
        """Who does most of it; None also when they have left."""
        return self.people[0][0] if self.people else None


def resting(found: Sharing, reader: Person) -> list[Resting]:
    """Every role in use, by name. Seven queries beside those of the hours, whatever the number of roles."""
    roles = {role.pk: role for role in Role.objects.all()}
    hours = _hours(found, roles)
    wanted = set(Task.objects.to_share().values_list("role", flat=True))
    levels: dict[int, dict[int, Skill]] = defaultdict(dict)
    for skill in Skill.objects.on(found.today).filter(person__in=list(found.people)):
        levels[skill.role_id][skill.person_id] = skill
    away = set(
        LeaveDay.objects.standing().filter(day=found.today).values_list("person", flat=True).distinct()
    )
    wishes = set(
        LearningWish.objects.filter(person=reader, wish=LearningWish.Wish.YES).values_list("role", flat=True)
    )
    return [
        _resting(role, hours[pk], pk in wanted, levels[pk], away, found.people, pk in wishes)
        for pk, role in sorted(roles.items(), key=lambda one: one[1].name)
        if role.retired_on is None
    ]


def dependencies(roles: Iterable[Resting]) -> list[tuple[Person, int]]:
    """In how many roles each person is the only one who can be called, by name."""
    counts = only_ones([[one.alone] for one in roles if one.alone is not None])
    return sorted(counts.items(), key=lambda one: one[0].sort_name)


def _resting(
    role: Role,
    hours: Mapping[int, Fraction],
    is_wanted: bool,
    levels: Mapping[int, Skill],
    away: set[int],
    people: Mapping[int, Person],
    wishes: bool,
) -> Resting:
    alone = None
    if levels:
        able = {pk for pk, skill in levels.items() if skill.counted_level >= Skill.Level.AUTONOMOUS}
        alone = [person for pk, person in people.items() if pk in able and pk not in away]
    spread = concentration(hours, autonomous=None if alone is None else len(alone), is_wanted=is_wanted)
    most = sorted(hours.items(), key=lambda one: (-one[1], one[0]))
    teachers = [
        person
        for pk, person in people.items()
        if pk in levels and levels[pk].counted_level >= Skill.Level.CAN_MENTOR and pk not in away
    ]
    teachers = teachers or alone or [people[pk] for pk, _amount in most[:1] if pk in people]
    knows = {person.pk for person in (*(alone or ()), *teachers)}
    learners = [
        Learner(person, hours.get(pk, Fraction(0)), max(Fraction(0), PRACTISED - hours.get(pk, Fraction(0))))
        for pk, person in people.items()
        if pk not in knows and (hours.get(pk, 0) >= TOUCHED or (pk in levels and levels[pk].level))
    ]
    learners.sort(key=lambda one: one.hours_left)
    return Resting(
        role, spread, [(people.get(pk), amount) for pk, amount in most], alone, teachers, learners, wishes
    )


def _hours(found: Sharing, roles: Mapping[int, Role]) -> dict[int, dict[int, Fraction]]:
    """Hours by role and person over the window, counted where the work goes on now."""
    following = successions.links(TaskSuccession.objects.values_list("task", "successor", "percent"))
    counted = {task: successions.today(task, following) for task in found.tasks}
    role_of = dict(Task.objects.values_list("pk", "role"))
    hours: dict[int, dict[int, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for person, own in found.whole.by_person.items():
        for (_place, task), amount in own.items():
            for one, share in counted.get(task, {}).items():  # hours still to be classified are in no role
                hours[_merged(roles, role_of[one])][person] += amount * share
    return hours


def _merged(roles: Mapping[int, Role], pk: int) -> int:
    while roles[pk].merged_into_id is not None:
        pk = roles[pk].merged_into_id
    return pk
