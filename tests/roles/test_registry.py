from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from koumbit.refusals import Refused
from members.models import JournalEntry, Power
from members.powers import NotAllowed
from roles import history, registry
from roles.models import Assignment, Role, Task, Term
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


ASKED = {
    "name": "Courriel",
    "frequency": "weekly",
    "expected_minutes_per_quarter": "40",
    "min_people": "1",
    "smallest_chunk_minutes": "2",
    "learners_percent": "30",
    "learners_per_mentor": "1",
}
ACTS = {
    "create role": lambda by, task: registry.create_role(by=by, name="Accueil"),
    "change role": lambda by, task: registry.change_role(task.role, by=by, name="Argent", aim="Compter."),
    "create task": lambda by, task: registry.create_task(task.role, by=by, name="Budget"),
    "change task": lambda by, task: registry.change_task(task, by=by, name="Comptabilité"),
    "split task": lambda by, task: registry.split_task(task, by=by, parts=[("Une", 60), ("Autre", 40)]),
    "merge tasks": lambda by, task: registry.merge_tasks(
        [task, make.task(role="Finances")], by=by, name="Livres"
    ),
    "merge role": lambda by, task: registry.merge_role(
        task.role, by=by, into=make.task(role="Vie collective").role
    ),
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
    Role.objects.filter(pk=other.pk).update(aim="Faire connaître la coop.", limits="Dépenser 500 $.")
    make.task("Serveurs", role="Technique")
    for word, names in [
        ("finan", ["Finances"]),
        ("CONNAÎTRE", ["Communications"]),
        ("serveur", ["Technique"]),
        ("500 $", ["Communications"]),
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


def test_search_needs_neither_accents_nor_capitals():
    made = make.task("Révision de l’été", role="Comptabilité")
    for word in ("comptabilite", "COMPTABILITÉ", "revision", "Été"):
        assert list(Role.objects.with_tasks(word)) == [made.role], word
    assert list(Role.objects.with_tasks("hiver")) == []


def test_registry_says_who_holds_a_role_and_what_its_tasks_ask(client, task):
    Task.objects.filter(pk=task.pk).update(expected_minutes_per_quarter=90 * 60, frequency="weekly")
    ana = make.person("Ana", language="en-ca")
    Term.objects.create(person=ana, role=task.role, starts_on=TODAY, ends_on=TODAY + timedelta(days=90))
    client.force_login(ana)
    html = client.get(reverse("roles:registry")).content.decode()
    for said in (str(ana), "90\N{NO-BREAK SPACE}h", "every week", "carried by nobody"):
        assert said in html, said


@pytest.mark.parametrize("rows", [1, 3])
def test_registry_costs_the_same_with_one_role_and_three(client, rows, django_assert_num_queries):
    for number in range(rows):
        make.task(role=f"Rôle {number}")
    client.force_login(make.person("Ana"))
    client.get(reverse("roles:registry"))  # the session is written once
    with django_assert_num_queries(8):
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
    client.post(reverse("roles:task_create", args=[role.pk]), ASKED | {"role": task.role.pk})
    created = Task.objects.get(name="Courriel")
    assert (created.role, created.expected_minutes_per_quarter) == (role, 2400)
    client.post(reverse("roles:task_change", args=[created.pk]), ASKED | {"name": "Courriels"})
    client.post(reverse("roles:role_change", args=[role.pk]), {"name": "Accueil et suivi", "aim": ""})
    client.post(reverse("roles:task_retire", args=[created.pk]))
    client.post(reverse("roles:role_retire", args=[role.pk]))
    created.refresh_from_db()
    role.refresh_from_db()
    assert (created.name, created.retired_on) == ("Courriels", TODAY)
    assert (role.name, role.retired_on) == ("Accueil et suivi", TODAY)
    client.post(reverse("roles:task_bring_back", args=[created.pk]))
    answer = client.post(reverse("roles:role_bring_back", args=[role.pk]))
    assert answer.url == reverse("timesheets:role", args=[role.pk])
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
        reverse("roles:task_change", args=[task.pk]),
    ]:
        answer = client.post(address, ASKED | {"name": name})
        assert answer.status_code == 200, address
        assert "form-errors" in answer.content.decode()
    assert JournalEntry.objects.count() == 0


def test_strange_searches_break_nothing(client, keeper, task):
    client.force_login(keeper)
    for query in ({"q": "a\x00b"}, {"q": "x" * 500}, {"q": "' OR 1=1--"}, {"retired": "peut-être"}):
        assert client.get(reverse("roles:registry"), query).status_code == 200


def test_split_task_goes_on_as_its_parts_with_its_people_and_past_hours_stay(keeper, task):
    ana = make.person("Ana")
    Task.objects.filter(pk=task.pk).update(expected_minutes_per_quarter=1000, frequency="weekly")
    given = Assignment.objects.create(
        person=ana, task=task, starts_on=date(2026, 1, 5), planned_minutes_per_week=100
    )
    sheet = make.sheet(ana, hours={"mon": 7}, task=task)
    books, cash = registry.split_task(task, by=keeper, parts=[("Livres", 70), ("Caisse", 30)])
    task.refresh_from_db()
    given.refresh_from_db()
    assert (task.retired_on, given.ends_on, sheet.entries.get().task) == (TODAY, YESTERDAY, task)
    assert [(one.expected_minutes_per_quarter, one.frequency) for one in (books, cash)] == [
        (700, "weekly"),
        (300, "weekly"),
    ]
    carried = Assignment.objects.filter(starts_on=TODAY).order_by("task")
    assert [(one.person, one.task, one.planned_minutes_per_week) for one in carried] == [
        (ana, cash, 30),
        (ana, books, 70),
    ]
    assert list(task.followed_by.values_list("successor", "percent", "since")) == [
        (books.pk, 70, TODAY),
        (cash.pk, 30, TODAY),
    ]
    with pytest.raises(Refused, match="se poursuit"):
        registry.bring_back(task, by=keeper)


def test_merged_tasks_go_on_as_one_even_of_the_same_name(keeper, task):
    ana, other = make.person("Ana"), make.task("Caisse", role="Finances")
    for one, minutes in ((task, 60), (other, 30)):
        Assignment.objects.create(
            person=ana, task=one, starts_on=date(2026, 1, 5), planned_minutes_per_week=minutes
        )
        Task.objects.filter(pk=one.pk).update(expected_minutes_per_quarter=minutes * 13)
    made = registry.merge_tasks([task, other], by=keeper, name="Comptes")
    assert made.expected_minutes_per_quarter == 90 * 13
    assert Assignment.objects.get(task=made).planned_minutes_per_week == 90
    assert Task.objects.in_use().get() == made
    far = make.task(role="Ailleurs")
    for wrong in ([made], [made, far]):
        with pytest.raises(registry.PartsMissing):
            registry.merge_tasks(wrong, by=keeper, name="Tout")
    with pytest.raises(registry.NotInUse):
        registry.merge_tasks([task, made], by=keeper, name="Tout")


def test_merged_role_lends_its_tasks_to_the_other(keeper, task):
    there = make.task("Comptes", role="Administration")
    for pk, minutes in ((there.pk, 600), (task.pk, 300)):
        Task.objects.filter(pk=pk).update(expected_minutes_per_quarter=minutes)
    make.task("Caisse", role="Finances")
    into = registry.merge_role(task.role, by=keeper, into=there.role)
    assert sorted(into.tasks.values_list("name", flat=True)) == ["Caisse", "Comptes"]
    task.refresh_from_db()
    assert task.followed_by.get().successor == there
    there.refresh_from_db()
    assert there.expected_minutes_per_quarter == 900
    task.role.refresh_from_db()
    assert (task.role.retired_on, task.role.merged_into) == (TODAY, into)
    for wrong in (task.role, into):
        with pytest.raises(registry.IntoItself):
            registry.merge_role(wrong, by=keeper, into=into)


def test_parts_that_are_not_whole_are_a_sentence(client, keeper, task):
    client.force_login(keeper)
    page = reverse("roles:task_split", args=[task.pk])
    sent = {"name_1": "Une", "percent_1": "60", "name_2": "Autre", "percent_2": "30"}
    assert "make up 100" in client.post(page, sent).content.decode()
    assert "write both" in client.post(page, sent | {"name_3": "Reste"}).content.decode()
    client.post(page, sent | {"name_3": "Reste", "percent_3": "10"})
    assert [one.percent for one in task.followed_by.all()] == [60, 30, 10]
    html = client.get(reverse("roles:task_carriers", args=[task.pk])).content.decode()
    assert "Finances – Une</a> (60 %)" in html


def test_words_of_a_task_say_since_when_and_the_same_again_changes_nothing(keeper, task):
    before = Task.objects.get().worded_at
    registry.change_task(task, by=keeper, name="Comptes", frequency="monthly")
    assert Task.objects.get().worded_at == before
    registry.change_task(task, by=keeper, description="Tenir les livres.")
    assert Task.objects.get().worded_at > before
    registry.change_task(task, by=keeper, description="Tenir les livres.")
    assert JournalEntry.objects.filter(event="roles.task_changed").count() == 2


def test_what_a_role_said_is_read_with_who_wrote_it(client, keeper, task):
    registry.change_role(task.role, by=keeper, aim="Compter.", term_months=12)
    registry.change_role(task.role, by=keeper, aim="Tenir les livres.")
    latest, first = history.of_role(Role.objects.get())
    assert (latest.by, [one[1:] for one in latest.said]) == (keeper, [("Compter.", "Tenir les livres.")])
    assert [one[1:] for one in first.said] == [("", "Compter."), ("", "12")]
    client.force_login(make.person("Ana", language="en-ca"))
    html = client.get(reverse("roles:role_versions", args=[task.role_id])).content.decode()
    assert "Tenir les livres." in html
    assert str(keeper) in html


def test_what_cannot_be_planned_is_a_sentence(client, keeper, task):
    client.force_login(keeper)
    page = reverse("roles:task_change", args=[task.pk])
    for wrong, said in [
        ({"learners_percent": "101"}, "from 0 to 100 percent"),
        ({"min_people": "3", "max_people": "2"}, "At least one person"),
        ({"smallest_chunk_minutes": "5m"}, "between 15 minutes and 100 hours"),
        ({"expected_minutes_per_quarter": "0"}, "form-errors"),
    ]:
        html = client.post(page, ASKED | wrong).content.decode()
        assert said in html
    page = reverse("roles:role_change", args=[task.role_id])
    html = client.post(page, {"name": "Finances", "max_consecutive_terms": "2"}).content.decode()
    assert "goes with the length of a term" in html
