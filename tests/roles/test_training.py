"""Levels declared and confirmed, wishes kept private, places for learners."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from members.models import JournalEntry, Power
from roles import registry, training
from roles.models import LearningWish, Role, Skill, Task
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _today():
    make.cooperative()
    with time_machine.travel("2026-11-18 12:00-05:00", tick=False):
        yield


@pytest.fixture
def keeper():
    return make.person("Carl", powers=[Power.KEEP_ROLES], language="en-ca")


@pytest.fixture
def ana():
    return make.person("Ana", language="en-ca")


@pytest.fixture
def role():
    return Role.objects.create(name="Comptabilité")


def on(day: str):
    return time_machine.travel(f"{day} 12:00-05:00", tick=False)


def test_first_level_of_a_role_is_confirmed_by_a_keeper_and_the_next_by_the_able(ana, keeper, role):
    bea = make.person("Béa")
    first = training.declare(role, by=ana, level=3)
    assert training.levels(TODAY) == {(ana.pk, role.pk): 1}
    for refused, by in ((training.OwnLevel, ana), (training.NotAble, bea)):
        with pytest.raises(refused):
            training.confirm(first, by=by)
    training.confirm(first, by=keeper)
    assert training.levels(TODAY) == {(ana.pk, role.pk): 3}
    with pytest.raises(training.NothingToConfirm):
        training.confirm(first, by=keeper)
    second = training.declare(role, by=bea, level=2)
    with pytest.raises(training.NotAble):
        training.confirm(second, by=keeper)
    training.confirm(second, by=ana)
    bodies = list(JournalEntry.objects.filter(event="roles.skill_confirmed").values_list("body", flat=True))
    assert all("level" not in body for body in bodies)


def test_level_follows_another_in_its_days(ana, keeper, role):
    with on("2026-03-02"):
        training.declare(role, by=ana, level=1)
    training.declare(role, by=ana, level=2)
    training.declare(role, by=ana, level=2)
    training.declare(role, by=ana, level=3)  # a slip of the same day
    assert list(Skill.objects.values_list("level", "starts_on", "ends_on")) == [
        (1, date(2026, 3, 2), date(2026, 11, 17)),
        (3, TODAY, None),
    ]
    training.confirm(Skill.objects.get(level=3), by=keeper)
    with pytest.raises(training.ConfirmedToday):
        training.declare(role, by=ana, level=4)
    with on("2026-11-19"):
        training.declare(role, by=ana, level=4)
        assert training.levels(date(2026, 11, 19)) == {(ana.pk, role.pk): 1}
    assert training.levels(TODAY) == {(ana.pk, role.pk): 3}


def test_level_in_a_merged_role_counts_in_the_other(ana, keeper, role):
    skill = training.declare(role, by=ana, level=2)
    training.confirm(skill, by=keeper)
    into = registry.merge_role(role, by=keeper, into=Role.objects.create(name="Administration"))
    assert training.levels(TODAY) == {(ana.pk, into.pk): 2}
    training.declare(into, by=ana, level=1)
    assert training.levels(TODAY) == {(ana.pk, into.pk): 1}


def test_places_come_from_hours_and_mentors_who_are_here(ana, keeper, role):
    Task.objects.create(role=role, name="Livres", expected_minutes_per_quarter=60 * 60)
    levels = {(ana.pk, role.pk): 3, (keeper.pk, role.pk): 3}
    assert training.places(levels, weeks=13).by_role == {role.pk: 2}
    assert training.places(levels, weeks=13, present=[ana.pk]).by_role == {role.pk: 1}
    assert training.places({}, weeks=13).by_role == {role.pk: 0}


def test_places_are_those_of_a_period_of_the_co_op(ana, keeper, role):
    """20 h expected in a quarter, 30 % open to learners, in shares of 2 h: 3 places; in four weeks, none."""
    Task.objects.create(role=role, name="Livres", expected_minutes_per_quarter=20 * 60)
    levels = {(ana.pk, role.pk): 3, (keeper.pk, role.pk): 3}
    Task.objects.update(learners_per_mentor=5)
    assert training.places(levels, weeks=13).by_role == {role.pk: 3}
    assert training.places(levels, weeks=26).by_role == {role.pk: 6}
    assert training.places(levels, weeks=4).by_role == {role.pk: 0}


def test_wish_and_level_are_said_on_one_page_and_the_wish_is_shown_to_nobody_else(client, ana, keeper, role):
    client.force_login(ana)
    client.post(reverse("roles:standing", args=[role.pk]), {"level": "2", "wish": "-1"})
    assert LearningWish.objects.get().wish == -1
    assert training.wishes([ana]) == {(ana.pk, role.pk): -1}
    assert "rather not" in client.get(reverse("timesheets:training")).content.decode()
    client.force_login(keeper)
    for page in ("timesheets:role_learning", "timesheets:role", "roles:standing"):
        html = client.get(reverse(page, args=[role.pk])).content.decode()
        assert "rather not" not in html.lower() or page == "roles:standing"
    client.post(reverse("roles:skill_confirm", args=[Skill.objects.get().pk]))
    assert Skill.objects.get().confirmed_by == keeper


def test_saying_nothing_writes_no_level(client, ana, role):
    client.force_login(ana)
    client.post(reverse("roles:standing", args=[role.pk]), {"level": "0", "wish": "1"})
    assert not Skill.objects.exists()
    answer = client.post(reverse("roles:standing", args=[role.pk]), {"level": "9", "wish": "5"})
    assert answer.status_code == 200
    assert "form-errors" in answer.content.decode()


def test_levels_wait_for_the_able_and_where_there_are_none_for_the_keepers(client, ana, keeper, role):
    bea, other = make.person("Béa"), Role.objects.create(name="Accueil")
    first = training.declare(role, by=ana, level=2)
    new = training.declare(other, by=bea, level=2)

    def waits(reader, *, keeps_roles=False):
        return list(training.waiting_for(reader, TODAY, keeps_roles=keeps_roles))

    assert waits(keeper, keeps_roles=True) == [new, first]
    assert waits(keeper) == waits(bea) == waits(ana, keeps_roles=True)[1:] == []
    training.confirm(first, by=keeper)
    second = training.declare(role, by=bea, level=2)
    assert waits(ana) == [second]
    assert waits(keeper, keeps_roles=True) == [new]
    client.force_login(ana)
    html = client.get(reverse("timesheets:training")).content.decode()
    assert reverse("roles:skill_confirm", args=[second.pk]) in html
    assert reverse("roles:skill_confirm", args=[new.pk]) not in html
