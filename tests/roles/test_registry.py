from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from members.models import JournalEntry, Power
from members.powers import NotAllowed
from roles import registry
from roles.models import Role, Task
from tests import make

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def keeper():
    return make.person("Keeper", language="en-ca", powers=[Power.KEEP_ROLES])


@pytest.fixture
def task():
    return make.task("Comptes", role="Finances")


ACTS = {
    "create role": lambda by, task: registry.create_role(by=by, name="Accueil"),
    "change role": lambda by, task: registry.change_role(task.role, by=by, name="Argent", aim="Compter."),
    "create task": lambda by, task: registry.create_task(task.role, by=by, name="Budget"),
    "rename task": lambda by, task: registry.rename_task(task, by=by, name="Comptabilité"),
    "retire role": lambda by, task: registry.retire(task.role, by=by),
    "retire task": lambda by, task: registry.retire(task, by=by),
}


@pytest.mark.parametrize("name", ACTS)
def test_act_needs_the_power_held_today(name, keeper, task):
    former, other = make.person("Former"), make.person("Other", powers=set(Power) - {Power.KEEP_ROLES})
    make.mandate(former, [Power.KEEP_ROLES], ends_on=YESTERDAY)
    for refused in (former, other):
        with pytest.raises(NotAllowed):
            ACTS[name](refused, task)
    assert JournalEntry.objects.count() == 0
    ACTS[name](keeper, task)
    assert JournalEntry.objects.get().actor == keeper


def test_retired_task_is_not_picked_and_past_hours_keep_it(keeper, task):
    sheet = make.sheet(make.person("Ana"), hours={"mon": 7}, task=task)
    registry.retire(task, by=keeper)
    registry.retire(task, by=keeper)
    assert not Task.objects.in_use().exists()
    assert sheet.entries.get().task.name == "Comptes"
    assert Task.objects.get().retired_on == TODAY
    assert JournalEntry.objects.count() == 1


def test_retired_role_hides_its_tasks(keeper, task):
    registry.retire(task.role, by=keeper)
    assert not Task.objects.in_use().exists()
    assert Task.objects.get().retired_on is None
    registry.bring_back(task.role, by=keeper)
    registry.bring_back(task.role, by=keeper)
    assert Task.objects.in_use().get() == task
    assert [entry.event for entry in JournalEntry.objects.all()] == [
        "roles.role_retired",
        "roles.role_brought_back",
    ]


def test_name_of_a_retired_role_may_be_taken_and_then_not_brought_back(keeper, task):
    registry.retire(task.role, by=keeper)
    registry.create_role(by=keeper, name="Finances")
    with pytest.raises(ValidationError) as refusal:
        registry.bring_back(task.role, by=keeper)
    assert refusal.value.messages == [str(Role._meta.constraints[0].violation_error_message)]
    assert Role.objects.in_use().count() == 1


def test_database_refuses_two_roles_of_one_name(task):
    with pytest.raises(IntegrityError, match="roles_role_name"):
        Role.objects.create(name="Finances")


def test_database_refuses_two_tasks_of_one_name_in_a_role(task):
    Task.objects.create(role=Role.objects.create(name="Autre"), name="Comptes")
    with pytest.raises(IntegrityError, match="roles_task_name"):
        Task.objects.create(role=task.role, name="Comptes")


def test_search_finds_a_word_of_the_role_its_aim_or_a_task(task):
    other = make.task("Affiches", role="Communications").role
    Role.objects.filter(pk=other.pk).update(aim="Faire connaître la coop.")
    make.task("Serveurs", role="Technique")
    for word, names in [
        ("finan", ["Finances"]),
        ("CONNAÎTRE", ["Communications"]),
        ("serveur", ["Technique"]),
        ("", ["Communications", "Finances", "Technique"]),
        ("%", []),
        ("absent", []),
    ]:
        assert [role.name for role in Role.objects.with_tasks(word)] == names


def test_retired_are_shown_when_asked(keeper, task):
    registry.retire(task, by=keeper)
    assert Role.objects.with_tasks().get().tasks_shown == []
    assert Role.objects.with_tasks(retired=True).get().tasks_shown == [task]
    assert not Role.objects.with_tasks("Comptes").exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_registry_costs_the_same_with_one_role_and_three(client, rows, django_assert_num_queries):
    for number in range(rows):
        make.task(role=f"Rôle {number}")
    client.force_login(make.person("Ana"))
    client.get(reverse("roles:registry"))  # the session is written once
    with django_assert_num_queries(7):
        client.get(reverse("roles:registry"))


def test_registry_is_read_by_all_and_kept_by_holders(client, keeper, task):
    ana = make.person("Ana", language="en-ca")
    for reader, keeps in ((ana, False), (keeper, True)):
        client.force_login(reader)
        html = client.get(reverse("roles:registry")).content.decode()
        assert "Comptes" in html
        assert (reverse("roles:role_create") in html) is keeps
    client.force_login(ana)
    assert client.post(reverse("roles:task_retire", args=[task.pk])).status_code == 403
    assert Task.objects.in_use().exists()


def test_pages_do_what_they_say(client, keeper, task):
    client.force_login(keeper)
    client.post(reverse("roles:role_create"), {"name": "Accueil", "aim": "Accueillir."})
    role = Role.objects.get(name="Accueil")
    client.post(reverse("roles:task_create", args=[role.pk]), {"name": "Courriel", "role": task.role.pk})
    created = Task.objects.get(name="Courriel")
    assert created.role == role
    client.post(reverse("roles:task_rename", args=[created.pk]), {"name": "Courriels"})
    client.post(reverse("roles:role_change", args=[role.pk]), {"name": "Accueil et suivi", "aim": ""})
    client.post(reverse("roles:task_retire", args=[created.pk]))
    client.post(reverse("roles:role_retire", args=[role.pk]))
    created.refresh_from_db()
    role.refresh_from_db()
    assert (created.name, created.retired_on) == ("Courriels", TODAY)
    assert (role.name, role.retired_on) == ("Accueil et suivi", TODAY)
    client.post(reverse("roles:task_bring_back", args=[created.pk]))
    answer = client.post(reverse("roles:role_bring_back", args=[role.pk]))
    assert answer.url.endswith(f"?retired=on#role-{role.pk}")
    assert created in Task.objects.in_use()


@pytest.mark.parametrize("name", ["", "x" * 81, "a\x00b", "Ana\u202eanA", "a\x07b", "Finances", "  "])
def test_bad_names_are_a_sentence(client, keeper, task, name):
    make.task("Finances", role="Finances")
    other = make.task("Autre", role="Autre")
    client.force_login(keeper)
    for address in [
        reverse("roles:role_create"),
        reverse("roles:role_change", args=[other.role.pk]),
        reverse("roles:task_create", args=[task.role.pk]),
        reverse("roles:task_rename", args=[task.pk]),
    ]:
        answer = client.post(address, {"name": name})
        assert answer.status_code == 200, address
        assert "form-errors" in answer.content.decode()
    assert JournalEntry.objects.count() == 0


def test_strange_searches_break_nothing(client, keeper, task):
    client.force_login(keeper)
    for query in ({"q": "a\x00b"}, {"q": "x" * 500}, {"q": "' OR 1=1--"}, {"retired": "peut-être"}):
        assert client.get(reverse("roles:registry"), query).status_code == 200
