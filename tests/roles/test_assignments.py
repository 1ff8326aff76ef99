"""Who carries what: dated, kept by those who keep roles, seen by all."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.models import JournalEntry, Power
from members.powers import NotAllowed
from roles import assignments
from roles.models import Assignment
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
    return make.person("Ana")


def test_a_task_is_given_then_handed_over(ana, keeper):
    task = make.task()
    given = assignments.assign(task, by=keeper, person=ana, starts_on=TODAY, planned_minutes_per_week=240)
    assert (given.person, given.starts_on, given.ends_on) == (ana, TODAY, None)
    over = assignments.hand_over(given, by=keeper, ends_on=TODAY + timedelta(30))
    assert over.ends_on == TODAY + timedelta(30)
    assert list(JournalEntry.objects.values_list("event", flat=True))[-2:] == [
        "roles.assigned",
        "roles.handed_over",
    ]


def test_two_people_carry_a_task_together_but_nobody_twice(ana, keeper):
    task = make.task()
    for someone in (ana, keeper):
        assignments.assign(task, by=keeper, person=someone, starts_on=TODAY)
    with pytest.raises(ValidationError, match="porte déjà"):
        assignments.assign(task, by=keeper, person=ana, starts_on=TODAY + timedelta(10))
    with pytest.raises(IntegrityError, match="roles_one_assignment_at_a_time"), transaction.atomic():
        Assignment.objects.create(task=task, person=ana, starts_on=TODAY)


def test_what_is_refused(ana, keeper):
    task = make.task()
    with pytest.raises(NotAllowed):
        assignments.assign(task, by=ana, person=ana, starts_on=TODAY)
    given = assignments.assign(task, by=keeper, person=ana, starts_on=TODAY, ends_on=TODAY)
    with pytest.raises(assignments.HandedOverAlready):
        assignments.hand_over(given, by=keeper, ends_on=TODAY + timedelta(1))
    task.retired_on = TODAY
    task.save()
    with pytest.raises(assignments.TaskIsRetired):
        assignments.assign(task, by=keeper, person=keeper, starts_on=TODAY)


def test_keepers_give_and_hand_over_on_screen_and_every_member_reads(client, ana, keeper):
    task = make.task("Month end")
    client.force_login(keeper)
    page = f"/roles/tasks/{task.pk}/"
    sent = {"person": ana.pk, "starts_on": "2026-11-18", "planned_minutes_per_week": "3,5"}
    assert client.post(f"{page}give/", sent).status_code == 302
    given = Assignment.objects.get()
    assert given.planned_minutes_per_week == 210
    client.post(f"/roles/assignments/{given.pk}/end/", {"ends_on": "2026-12-18"})
    client.force_login(ana)
    said = client.get(page).content.decode()
    assert str(ana) in said
    assert "18 décembre 2026" in said
    assert client.post(f"{page}give/", sent).status_code == 403
    assert str(ana) in client.get("/roles/").content.decode()


def test_dates_the_wrong_way_round_are_told_in_the_form(client, ana, keeper):
    client.force_login(keeper)
    sent = {"person": ana.pk, "starts_on": "2026-11-18", "ends_on": "2026-11-01"}
    answer = client.post(f"/roles/tasks/{make.task().pk}/give/", sent)
    assert "The last day comes before the first" in answer.content.decode()
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("carriers", [1, 3])
def test_registry_and_task_take_the_same_queries(client, keeper, carriers, django_assert_num_queries):
    client.force_login(keeper)
    for _ in range(carriers):
        task = make.task()
        for someone in (make.person("Un"), make.person("Deux")):
            assignments.assign(task, by=keeper, person=someone, starts_on=TODAY)
    client.get("/roles/")
    with django_assert_num_queries(7):
        client.get("/roles/")
    with django_assert_num_queries(6):
        client.get(f"/roles/tasks/{task.pk}/")
