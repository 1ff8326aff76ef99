"""What people can do in a role: declared by them, confirmed by one who does it already."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from roles.models import LearningWish, Role, Skill
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


@contextmanager
def refused_by(constraint: str):
    """The database refuses what is done inside, by the constraint or the trigger of that name."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert refusal.value.__cause__.diag.constraint_name == constraint


@pytest.fixture
def role():
    return Role.objects.create(name="Comptabilité")


def skill(person, role, level=2, by=None, **fields):
    confirmed = {"confirmed_by": by, "confirmed_on": DAY} if by else {}
    return Skill.objects.create(person=person, role=role, level=level, starts_on=DAY, **confirmed | fields)


def refused(constraint, *args, **fields):
    with refused_by(constraint):
        skill(*args, **fields)


def test_level_is_confirmed_by_somebody_autonomous_once_there_is_one(role):
    ana, bea, carl, dan = (make.person(name) for name in ("Ana", "Béa", "Carl", "Dan"))
    skill(ana, role, by=bea)  # the first of the role
    refused("roles_skill_confirmed_by_the_able", carl, role, by=bea)
    skill(carl, role, by=ana)
    skill(bea, role, level=1)
    refused("roles_skill_confirmed_by_the_able", dan, role, by=bea)
    other = Role.objects.create(name="Accueil")
    skill(dan, other, by=bea)
    assert set(Skill.objects.autonomous(DAY).values_list("person", "role")) == {
        (ana.pk, role.pk),
        (carl.pk, role.pk),
        (dan.pk, other.pk),
    }


def test_nobody_confirms_oneself_and_levels_below_two_need_nobody(role):
    ana, bea = make.person("Ana"), make.person("Béa")
    refused("roles_skill_confirmed_by_another", ana, role, by=ana)
    refused("roles_skill_confirmation_is_signed", ana, role, level=1, by=bea)
    refused("roles_skill_level", ana, role, level=5)
    declared = skill(ana, role, level=3)
    assert (declared.waits, declared.counted_level) == (True, 1)
    refused("roles_one_skill_at_a_time", ana, role, level=1)


def test_confirmed_level_stays_written(role):
    ana, bea = make.person("Ana"), make.person("Béa")
    first = skill(ana, role, by=bea)
    for change in (lambda: Skill.objects.update(level=4), lambda: Skill.objects.all().delete()):
        with refused_by("roles_skill_is_kept"):
            change()
    Skill.objects.update(ends_on=date(2026, 11, 30))
    later = Skill.objects.create(person=ana, role=role, level=3, starts_on=date(2026, 12, 1))
    assert Skill.objects.on(DAY).get() == first
    assert Skill.objects.on(date(2026, 12, 1)).get() == later


def test_one_wish_per_role(role):
    ana = make.person("Ana")
    LearningWish.objects.create(person=ana, role=role, wish=1)
    for constraint, wish in (("roles_one_wish", 0), ("roles_wish", 2)):
        with refused_by(constraint):
            LearningWish.objects.create(person=ana if wish == 0 else make.person("Béa"), role=role, wish=wish)
