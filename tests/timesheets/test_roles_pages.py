"""A role beside its hours, the picture of the whole, training: what each shows, to whom, at what cost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Power
from roles import registry as verbs
from roles.coverage import Stage
from roles.models import Assignment, LearningWish, Role, Skill, Task, Term
from tests import make
from timesheets import learning
from timesheets.models import TimeEntry, WeekSheet
from timesheets.refusals import NotYours, WeekIsWaiting
from timesheets.sharing import registry, role_picture, training

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _today():
    make.cooperative()
    with time_machine.travel("2026-11-20 12:00-05:00", tick=False):
        yield


@pytest.fixture
def keeper():
    return make.person("Carl", powers=[Power.KEEP_ROLES], language="en-ca")


@pytest.fixture
def ana():
    return make.person("Ana", language="en-ca")


def asked(task, minutes):
    Task.objects.filter(pk=task.pk).update(expected_minutes_per_period=minutes)
    task.refresh_from_db()
    return task


# A role and its hours -----------------------------------------------------------------------------


def test_role_shows_what_was_declared_planned_and_logged(ana):
    task = asked(make.task("Livres", role="Finances"), 91 * 60)  # an hour a day
    Assignment.objects.create(
        person=ana, task=task, starts_on=date(2026, 11, 9), planned_minutes_per_week=7 * 30
    )
    make.approved(ana, starts_on=date(2026, 10, 26), hours={"mon": 5}, task=task)
    make.approved(ana, starts_on=MONDAY, hours={"mon": 7}, task=task)
    make.sheet(ana, starts_on=date(2026, 11, 9), hours={"mon": 3}, task=task)  # not approved
    hours = registry.hours_of(task.role, TODAY)
    [period] = hours.by_period
    days = (TODAY - date(2026, 10, 26)).days + 1  # since hours are kept
    assert (period.expected, period.planned, period.logged) == (days * 60, 12 * 30, 12 * 60)
    assert [(one.task, one.expected, one.logged) for one in hours.tasks] == [(task, days * 60, 12 * 60)]
    assert hours.expected_per_period == 91 * 60


def test_role_without_hours_or_expectation_says_so(ana):
    role = make.task("Livres", role="Finances").role
    hours = registry.hours_of(role, TODAY)
    assert (hours.now.expected, hours.now.logged, hours.expected_per_period) == (None, 0, None)


def test_past_hours_of_a_split_task_count_with_its_parts_and_of_a_merged_role_with_the_other(ana, keeper):
    task = make.task("Livres", role="Finances")
    make.approved(ana, hours={"mon": 10}, task=task)
    books, cash = verbs.split_task(task, by=keeper, parts=[("Saisie", 70), ("Caisse", 30)])
    hours = registry.hours_of(task.role, TODAY)
    assert {one.task: one.logged for one in hours.tasks} == {books: 420, cash: 180}
    assert hours.now.logged == 600
    there = make.task("Réunions", role="Administration")
    verbs.merge_role(task.role, by=keeper, into=there.role)
    there.role.refresh_from_db()
    assert registry.hours_of(there.role, TODAY).now.logged == 600
    task.role.refresh_from_db()
    assert registry.hours_of(task.role, TODAY).now.logged == 600  # where they were done
    assert TimeEntry.objects.get().task == task
    assert [(one.role, one.logged) for one in registry.whole(TODAY).roles] == [(there.role, 600)]


def test_periods_go_back_a_year(ana):
    task = make.task("Livres", role="Finances")
    for monday in (date(2026, 2, 2), date(2026, 10, 5)):
        make.approved(ana, starts_on=monday, hours={"mon": 2}, task=task)
    hours = registry.hours_of(task.role, TODAY)
    assert [(one.period.first, one.logged, one.is_now) for one in hours.by_period] == [
        (date(2026, 1, 5), 120, False),
        (date(2026, 4, 6), 0, False),
        (date(2026, 7, 6), 0, False),
        (date(2026, 10, 5), 120, True),
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_with_one_and_three(client, keeper, rows, django_assert_num_queries):
    task = make.task("Livres", role="Finances")
    for number in range(rows):
        someone = make.person(f"Une{number}")
        Assignment.objects.create(person=someone, task=task, starts_on=date(2026, 1, 5))
        Term.objects.create(person=someone, role=task.role, starts_on=date(2026, 1, 5))
        Skill.objects.create(person=someone, role=task.role, level=2, starts_on=date(2026, 1, 5))
        make.approved(someone, hours={"mon": 2}, task=make.task(role="Finances"))
        make.task(role=f"Rôle {number}")
    client.force_login(keeper)
    pages = {
        reverse("timesheets:role", args=[task.role_id]): 18,
        reverse("timesheets:role_learning", args=[task.role_id]): 16,
        reverse("timesheets:role_picture"): 12,
        reverse("timesheets:training"): 20,
        reverse("roles:role_versions", args=[task.role_id]): 8,
    }
    client.get(reverse("timesheets:role_picture"))
    counted = {}
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        counted[page] = len(queries)
    assert counted == pages


def test_role_page_says_what_matters_and_keepers_find_the_acts(client, ana, keeper):
    task = make.task("Livres", role="Finances")
    verbs.change_role(
        task.role,
        by=keeper,
        aim="Tenir les livres.",
        authority="Payer jusqu’à 500 $.",
        term_months=12,
        max_consecutive_terms=2,
        decision=make.decision(title="Création du rôle"),
    )
    Term.objects.create(person=ana, role=task.role, starts_on=date(2026, 1, 5), ends_on=date(2026, 12, 31))
    page = reverse("timesheets:role", args=[task.role_id])
    for reader, keeps in ((ana, False), (keeper, True)):
        client.force_login(reader)
        html = client.get(page).content.decode()
        for said in (
            "Tenir les livres.",
            "jusqu’à 500",
            "12 months, 2 in a row",
            "Création du rôle",
            str(ana),
        ):
            assert said in html
        assert "December 2026" in html
        assert (reverse("roles:task_split", args=[task.pk]) in html) is keeps


# The picture --------------------------------------------------------------------------------------


def test_picture_has_a_row_for_each_role_and_a_dot_for_each_person(ana, keeper):
    task = asked(make.task("Livres", role="Finances"), 91 * 60)
    make.task("Accueil", role="Vie")
    make.approved(ana, starts_on=date(2026, 11, 16), hours={"mon": 5}, task=task)
    Term.objects.create(person=ana, role=task.role, starts_on=TODAY)
    for someone in (ana, keeper):
        Assignment.objects.create(person=someone, task=task, starts_on=TODAY)
    whole = registry.whole(TODAY)
    assert (whole.since, whole.logged, whole.most) == (date(2026, 11, 16), 300, 300)
    drawn = role_picture.drawn(whole.roles, whole.most)
    assert [(row.width, row.expected_x) for row in drawn] == [(400, 400), (0, None)]
    assert [(dot.initials, dot.has_term) for dot in drawn[0].dots] == [("AE", True), ("CE", False)]
    assert drawn[1].dots == []


def test_picture_says_how_many_more_there_are(ana):
    holders = [registry.Holder(ana, False)] * 9
    load = registry.RoleLoad(Role(name="Vie"), None, 10, holders)
    [row] = role_picture.drawn([load], 10)
    assert (len(row.dots), row.more) == (6, 3)


# Training -----------------------------------------------------------------------------------------


def test_own_training_goes_from_hours_to_the_next_step(ana, keeper):
    near, far, done = (asked(make.task(role=name), 60 * 60) for name in ("Près", "Loin", "Su"))
    make.approved(ana, hours={"mon": 5}, task=near, by=keeper)
    LearningWish.objects.create(person=ana, role=near.role, wish=1)
    LearningWish.objects.create(person=keeper, role=near.role, wish=-1)
    Skill.objects.create(
        person=ana, role=done.role, level=2, starts_on=MONDAY, confirmed_by=keeper, confirmed_on=MONDAY
    )
    Skill.objects.create(
        person=keeper, role=far.role, level=3, starts_on=MONDAY, confirmed_by=ana, confirmed_on=MONDAY
    )
    Assignment.objects.create(person=ana, task=far, starts_on=TODAY + timedelta(10))
    found = training.own(ana, TODAY)
    by_name = {one.role.name: one for one in found.roles}
    assert {name: one.stage for name, one in by_name.items()} == {
        "Loin": Stage.FAR,
        "Près": Stage.TOUCHED,
        "Su": Stage.AUTONOMOUS,
    }
    assert [(one.role.name, one.minutes_to_go) for one in found.plan] == [("Près", 15 * 60), ("Loin", 240)]
    assert by_name["Loin"].mentors == [keeper]
    assert by_name["Loin"].is_due
    assert (found.touched, found.coverage, found.bound) == (2, Decimal("0.67"), Decimal("1"))
    # Ana has two of three roles, Carl one: half of all; with one mentor, one role takes in whom it lacks.
    assert found.everybody == Decimal("0.50")
    assert found.everybody_bound == Decimal("0.67")


def test_role_is_learnt_from_whom_and_by_whom_without_wishes(client, ana, keeper):
    task = asked(make.task(role="Finances"), 60 * 60)
    bea = make.person("Béa", language="en-ca")
    Skill.objects.create(
        person=ana, role=task.role, level=3, starts_on=MONDAY, confirmed_by=bea, confirmed_on=MONDAY
    )
    make.approved(bea, hours={"mon": 5}, task=task, by=keeper)
    waits = Skill.objects.create(person=bea, role=task.role, level=2, starts_on=MONDAY)
    LearningWish.objects.create(person=bea, role=task.role, wish=1)
    found = training.of_role(task.role, TODAY)
    assert [(str(person), level) for person, level in found.able] == [(str(ana), 3)]
    assert [(one.person, one.stage) for one in found.learners] == [(bea, Stage.TOUCHED), (keeper, Stage.FAR)]
    assert (found.places, found.lesson_minutes, found.mentor_minutes) == (1, 18 * 60, 18 * 60)
    page, confirm = (
        reverse("timesheets:role_learning", args=[task.role_id]),
        reverse("roles:skill_confirm", args=[waits.pk]),
    )
    for reader, may in ((ana, True), (bea, False), (keeper, False)):
        client.force_login(reader)
        html = client.get(page).content.decode()
        assert "Only Ana" in html
        assert (confirm in html) is may
    client.force_login(keeper)
    client.post(confirm)
    waits.refresh_from_db()
    assert waits.confirmed_by is None
    client.force_login(ana)
    client.post(confirm)
    waits.refresh_from_db()
    assert waits.confirmed_by == ana


def test_hour_of_learning_names_the_mentor_and_counts_for_both(client, ana, keeper):
    task = make.task(role="Finances")
    sheet = make.sheet(ana, hours={"mon": 3}, task=task)
    entry = sheet.entries.get()
    page = reverse("timesheets:entry_learning", args=[entry.pk])
    client.force_login(keeper)
    assert client.post(page, {"mentor": ana.pk}).status_code == 404
    client.force_login(ana)
    assert "form-errors" in client.post(page, {"mentor": ana.pk}).content.decode()
    client.post(page, {"mentor": keeper.pk})
    entry.refresh_from_db()
    assert entry.learning_with == keeper
    lines = reverse("timesheets:lines", args=[sheet.starts_on, entry.day, task.pk, 0])
    assert str(keeper) in client.get(lines).content.decode()
    make.approve(sheet)
    assert training.own(ana, TODAY).learnt == [("Finances", str(keeper), 180)]
    assert training.own(keeper, TODAY).taught == 180


def test_mentor_is_named_by_oneself_in_a_draft(ana, keeper):
    sheet = make.sheet(ana, hours={"mon": 3})
    entry = sheet.entries.get()
    for refusal, act in [
        (NotYours, {"by": keeper, "mentor": keeper}),
        (learning.LearntAlone, {"by": ana, "mentor": ana}),
    ]:
        with pytest.raises(refusal):
            learning.name_mentor(entry, **act)
    learning.name_mentor(entry, by=ana, mentor=keeper)
    learning.name_mentor(entry, by=ana, mentor=None)
    WeekSheet.objects.update(state="submitted", submitted_at=entry.written_at)
    with pytest.raises(WeekIsWaiting):
        learning.name_mentor(entry, by=ana, mentor=keeper)
    make.approve(sheet)
    with pytest.raises(learning.FinalAlready):
        learning.name_mentor(entry, by=ana, mentor=keeper)
