"""Training: what people say they can do, who confirms it, what they wish to learn, and from whom.

A level is one's own word; from “autonomous” on it counts once somebody who is autonomous in the role has
confirmed it. A wish is nobody else's business: it is read by its author and by the planner.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.dated import day_before
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Person, Power
from members.powers import NotAllowed, holds

from . import coverage
from .models import LearningWish, Role, Skill, Task
from .periods import in_weeks

journal.name_events(
    {
        "roles.skill_declared": _("level in a role declared"),
        "roles.skill_confirmed": _("level in a role confirmed"),
    }
)

Level = Skill.Level


class NothingToConfirm(Refused):
    sentence = _("This level needs no confirmation, or has one already.")


class OwnLevel(NotAllowed):
    def __init__(self):
        super().__init__(sentence=_("Nobody confirms their own level."))


class NotAble(NotAllowed):
    """Whoever signs off does the work alone already; for the first of a role, those who keep roles sign."""

    def __init__(self):
        super().__init__(
            sentence=_(
                "Somebody who is autonomous in this role confirms this level; where nobody else is yet, "
                "those who keep roles do."
            )
        )


@transaction.atomic
def declare(role: Role, *, by: Person, level: int) -> Skill | None:
    """Say what one can do in a role, from today. What was said before stays in its days; the same changes nothing."""
    today = timezone.localdate()
    standing = Skill.objects.select_for_update().filter(person=by, role=role).on(today).first()
    if (standing.level if standing else Level.NONE) == level:
        return standing
    if standing is not None:
        _end(standing, today)
    skill = Skill(person=by, role=role, level=level, starts_on=today)
    write(skill)
    journal.record("roles.skill_declared", by=by, id=skill.pk, role=role.pk)
    return skill


def _end(standing: Skill, today: date) -> None:
    """The level held until yesterday; one said today, and confirmed by nobody, was a slip."""
    if standing.starts_on < today:
        standing.ends_on = day_before(today)
        write(standing)
    elif standing.confirmed_by_id is None:
        standing.delete()
    else:
        raise ConfirmedToday


class ConfirmedToday(Refused):
    sentence = _("This level was confirmed today: declare another from tomorrow on.")


@transaction.atomic
def confirm(skill: Skill, *, by: Person) -> Skill:
    """Sign off: this person does the work of the role at that level. By one who is autonomous in it, never oneself.

    Where nobody else is autonomous yet, those who keep roles confirm the first. Raises `OwnLevel`,
    `NotAble`, `NothingToConfirm`.
    """
    if skill.person_id == by.pk:
        raise OwnLevel
    skill = locked(skill)
    today = timezone.localdate()
    if not skill.waits or not skill.holds_on(today):
        raise NothingToConfirm
    keeps_roles = holds(by, Power.KEEP_ROLES)
    if not may_confirm(skill, by, able_in(skill.role_id, today), keeps_roles=keeps_roles):
        raise NotAble
    skill.confirmed_by, skill.confirmed_on = by, today
    write(skill)
    journal.record("roles.skill_confirmed", by=by, id=skill.pk, role=skill.role_id, person=skill.person_id)
    return skill


def able_in(role_id: int, today: date) -> set[int]:
    """The people who carry the role on their own today."""
    return set(Skill.objects.autonomous(today).filter(role=role_id).values_list("person", flat=True))


def may_confirm(skill: Skill, reader: Person, able: set[int], *, keeps_roles: bool) -> bool:
    """May this reader sign off that level, `able` being those who are autonomous in its role?"""
    others = able - {skill.person_id}
    if reader.pk == skill.person_id:
        return False
    return reader.pk in others if others else keeps_roles


@transaction.atomic
def wish_to_learn(role: Role, *, by: Person, wish: int) -> None:
    """Say whether one wishes to learn a role: yes, why not, rather not. No reason is asked, and nobody is told."""
    LearningWish.objects.update_or_create(person=by, role=role, defaults={"wish": wish})


@transaction.atomic
def stand(role: Role, *, by: Person, level: int, wish: int) -> None:
    """Both at once, as the page asks them: what one can do, and what one wishes."""
    declare(role, by=by, level=level)
    wish_to_learn(role, by=by, wish=wish)


def waiting_for(reader: Person, today: date, *, keeps_roles: bool) -> QuerySet:
    """The levels that this reader may sign off today, with their person and role."""
    autonomous = Skill.objects.autonomous(today).filter(role=OuterRef("role"))
    may = Q(Exists(autonomous.filter(person=reader)))
    if keeps_roles:
        may |= ~Q(Exists(autonomous.exclude(person=OuterRef("person"))))
    waiting = Skill.objects.on(today).filter(confirmed_by=None, level__gte=Level.AUTONOMOUS)
    return (
        waiting.filter(may, role__retired_on=None)
        .exclude(person=reader)
        .select_related("person", "role")
        .order_by("role__name", "person__sort_name")
    )


# What is read ------------------------------------------------------------------------------------


def levels(day: date, people: Iterable[Person] | None = None) -> dict[tuple[int, int], int]:
    """(person, role) → the level that counts that day: declared, and confirmed from “autonomous” on.

    A level in a role that was merged into another counts there, unless one was declared there. Nobody
    who is not in it has any: 0.
    """
    skills = Skill.objects.on(day)
    if people is not None:
        skills = skills.filter(person__in=people)
    moved = dict(Role.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    found: dict[tuple[int, int], int] = {}
    carried: dict[tuple[int, int], int] = {}
    for skill in skills:
        role = skill.role_id
        while role in moved:
            role = moved[role]
        into = found if role == skill.role_id else carried
        into[skill.person_id, role] = max(skill.counted_level, into.get((skill.person_id, role), 0))
    return carried | found


def wishes(people: Iterable[Person] | None = None) -> dict[tuple[int, int], int]:
    """(person, role) → −1, 0 or 1. For its author and for the planner alone: no page shows another's."""
    rows = LearningWish.objects.all() if people is None else LearningWish.objects.filter(person__in=people)
    return {(person, role): wish for person, role, wish in rows.values_list("person", "role", "wish")}


@dataclass(frozen=True)
class Places:
    """What roles can take in: learner places by role in a period, and who can teach, by role."""

    by_role: Mapping[int, int]
    mentors: Mapping[int, list[int]]


def places(
    counted: Mapping[tuple[int, int], int], *, weeks: int, present: Iterable[int] | None = None
) -> Places:
    """The learner places of each role in use, from the hours its tasks ask in so many weeks and who can teach it.

    `counted` are the levels that count; with `present`, only those people teach.
    """
    here = None if present is None else set(present)
    mentors: dict[int, list[int]] = defaultdict(list)
    for (person, role), level in counted.items():
        if level >= coverage.CAN_MENTOR and (here is None or person in here):
            mentors[role].append(person)
    lessons: dict[int, list[coverage.Lesson]] = defaultdict(list)
    for role, *offer in Task.objects.to_share().values_list(
        "role",
        "expected_minutes_per_quarter",
        "learners_percent",
        "smallest_chunk_minutes",
        "learners_per_mentor",
    ):
        lessons[role].append(coverage.Lesson(in_weeks(offer[0], weeks) or 0, *offer[1:]))
    roles = Role.objects.in_use().values_list("pk", flat=True)
    return Places(
        {role: coverage.learner_places(lessons[role], len(mentors[role])) for role in roles}, dict(mentors)
    )
