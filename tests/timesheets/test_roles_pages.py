"""A role beside its hours, the picture of the whole, training: what each shows, to whom, at what cost."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Cooperative, Power
from roles import registry as verbs
from roles.coverage import Stage
from roles.models import Assignment, LearningWish, Role, Skill, Task, Term
from roles.periods import Periods
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


def standings():
    return training.standings(Cooperative.objects.get(), TODAY)


def asked(task, minutes):
    Task.objects.filter(pk=task.pk).update(expected_minutes_per_quarter=minutes)
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
    hours = registry.hours_of(task.role, TODAY, Periods())
    [period] = hours.by_period
    days = (TODAY - date(2026, 10, 26)).days + 1  # since hours are kept
    assert (period.expected, period.planned, period.logged) == (days * 60, 12 * 30, 12 * 60)
    assert [(one.task, one.expected, one.logged) for one in hours.tasks] == [(task, days * 60, 12 * 60)]
    assert hours.expected_per_period == 91 * 60


def test_role_without_hours_or_expectation_says_so(ana):
    role = make.task("Livres", role="Finances").role
    hours = registry.hours_of(role, TODAY, Periods())
    assert (hours.now.expected, hours.now.logged, hours.expected_per_period) == (None, 0, None)


def test_past_hours_of_a_split_task_count_with_its_parts_and_of_a_merged_role_with_the_other(ana, keeper):
    task = make.task("Livres", role="Finances")
    make.approved(ana, hours={"mon": 10}, task=task)
    books, cash = verbs.split_task(task, by=keeper, parts=[("Saisie", 70), ("Caisse", 30)])
    hours = registry.hours_of(task.role, TODAY, Periods())
    assert {one.task: one.logged for one in hours.tasks} == {books: 420, cash: 180}
    assert hours.now.logged == 600
    there = make.task("Réunions", role="Administration")
    verbs.merge_role(task.role, by=keeper, into=there.role)
    there.role.refresh_from_db()
    assert registry.hours_of(there.role, TODAY, Periods()).now.logged == 600
    task.role.refresh_from_db()
    assert registry.hours_of(task.role, TODAY, Periods()).now.logged == 600  # where they were done
    assert TimeEntry.objects.get().task == task
    assert [(one.role, one.logged) for one in registry.whole(TODAY, Periods()).roles] == [(there.role, 600)]


def test_periods_go_back_a_year(ana):
    task = make.task("Livres", role="Finances")
    for monday in (date(2026, 2, 2), date(2026, 10, 5)):
        make.approved(ana, starts_on=monday, hours={"mon": 2}, task=task)
    hours = registry.hours_of(task.role, TODAY, Periods())
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
        reverse("timesheets:role", args=[task.role_id]): 16,
        reverse("timesheets:role_learning", args=[task.role_id]): 18,
        reverse("timesheets:role_picture"): 11,
        reverse("timesheets:training"): 20,
        reverse("timesheets:training_of_all"): 14,
        reverse("roles:role_versions", args=[task.role_id]): 7,
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
    whole = registry.whole(TODAY, Periods())
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
    found = training.own(ana, standings())
    by_name = {one.role.name: one for one in found.roles}
    assert {name: one.stage for name, one in by_name.items()} == {
        "Loin": Stage.FAR,
        "Près": Stage.TOUCHED,
        "Su": Stage.AUTONOMOUS,
    }
    assert [(one.role.name, one.minutes_to_go) for one in found.plan] == [("Loin", 240), ("Près", 15 * 60)]
    assert by_name["Loin"].mentors == [keeper]
    assert by_name["Loin"].is_due
    # Hours were logged on one role alone: the others are active for nobody, a level declared touches none.
    assert (found.touched, found.active, found.coverage, found.bound) == (1, 1, Decimal("1"), Decimal("1"))


def test_coverage_is_counted_on_active_roles_and_the_time_one_was_there(ana, keeper):
    """Four roles have hours. Ana touched three (4 h each) and came near the fourth (3 h); Béa, here for half
    of the running period's weekdays, touched one."""
    tasks = [asked(make.task(role=f"R{n}"), 60 * 60) for n in range(4)]
    make.task(role="Sans heures")
    for place, task in enumerate(tasks):
        make.approved(ana, hours={"mon": 4 if place < 3 else 3}, task=task, by=keeper)
    bea = make.person("Béa", starts_on=date(2026, 11, 2))
    make.approved(bea, hours={"tue": 5}, task=tasks[0], by=keeper)
    found = standings()
    assert [role.name for role in found.active] == ["R0", "R1", "R2", "R3"]
    # 46 weeks have gone by since 5 January: 230 weekdays of a window of 260.
    assert found.tenures[ana.pk] == Fraction(230, 65)
    assert found.coverage(ana.pk) == min(1, 3 / (4 * Fraction(230, 65) / 4))
    # 15 weekdays are a fourth of a period: of four roles one was to be expected at least.
    assert found.tenures[bea.pk] == Fraction(15, 65)
    assert found.coverage(bea.pk) == 1
    assert found.coverage(keeper.pk) == 0
    assert found.of_all.mean == Decimal("0.62")  # (0.85 + 1 + 0) ÷ 3
    assert found.of_all.lowest == 0
    # Nobody teaches: what is reached is within reach, nothing more.
    assert found.of_all.bound == Decimal("0.62")
    assert found.bound(keeper.pk) == 0
    make.leave(bea, *(date(2026, 11, day) for day in range(9, 14)), by=keeper)
    assert standings().tenures[bea.pk] == Fraction(10, 65)


def test_plan_of_learning_follows_from_the_tasks_that_were_given(client, ana, keeper):
    """Béa is given two hours a week of what Ana teaches, over a period: 26 h of Ana's time."""
    task = asked(make.task("Livres", role="Finances"), 60 * 60)
    bea = make.person("Béa", language="en-ca")
    Skill.objects.create(
        person=ana, role=task.role, level=3, starts_on=MONDAY, confirmed_by=keeper, confirmed_on=MONDAY
    )
    days = {"starts_on": date(2027, 1, 4), "ends_on": date(2027, 4, 4)}
    Assignment.objects.create(person=bea, task=task, planned_minutes_per_week=120, **days)
    [lesson] = training.own(bea, standings()).plan[0].lessons
    assert (lesson.mentors, lesson.planned) == ([], 26 * 60)
    Assignment.objects.create(person=ana, task=task, planned_minutes_per_week=600, **days)
    make.approved(bea, hours={"mon": 2}, task=task, by=keeper)
    [lesson] = training.own(bea, standings()).plan[0].lessons
    assert (lesson.mentors, lesson.planned, lesson.done) == ([ana], 26 * 60, 0)
    [taught] = training.own(ana, standings()).teaches
    assert (taught.learner, taught.planned) == (bea, 26 * 60)
    assert training.own(ana, standings()).teaching_minutes == 26 * 60
    client.force_login(bea)
    html = client.get(reverse("timesheets:training")).content.decode()
    assert "26\u00a0h planned" in html
    assert f"Beside {ana}." in html
    client.force_login(ana)
    html = client.get(reverse("timesheets:training")).content.decode()
    assert "Who learns beside me" in html
    assert str(bea) in html


def test_hours_of_a_learner_are_read_by_them_and_by_those_who_keep_roles(client, ana, keeper):
    task = make.task(role="Finances")
    bea = make.person("Béa", language="en-ca")
    make.approved(bea, hours={"mon": 7}, task=task, by=keeper)
    page = reverse("timesheets:role_learning", args=[task.role_id])
    for reader, minutes, to_go in ((bea, 420, 780), (keeper, 420, 780), (ana, None, 15 * 60)):
        client.force_login(reader)
        found = client.get(page).context["found"]
        [learner] = [one for one in found.learners if one.person == bea]
        assert (learner.minutes, learner.minutes_to_go, learner.stage) == (minutes, to_go, Stage.TOUCHED)


def test_everybody_sees_who_has_come_near_what_and_nobodys_hours(client, ana, keeper):
    task = asked(make.task(role="Finances"), 60 * 60)
    make.approved(ana, hours={"mon": 7}, task=task, by=keeper)
    bea = make.person("Béa", language="en-ca")
    client.force_login(bea)
    answer = client.get(reverse("timesheets:training_of_all"))
    rows = {row.person: row for row in answer.context["found"].rows}
    assert rows[ana].stages == [Stage.TOUCHED]
    assert (rows[ana].coverage, rows[bea].coverage) == (1, 0)
    assert "7\u00a0h" not in answer.content.decode()


def test_pages_speak_of_the_periods_of_the_co_op(client, ana, keeper):
    Cooperative.objects.update(sharing_weeks=4)
    task = asked(make.task("Livres", role="Finances"), 91 * 60)
    make.approved(ana, starts_on=date(2026, 8, 31), hours={"mon": 2}, task=task)
    make.approved(ana, starts_on=date(2026, 11, 9), hours={"mon": 5}, task=task)
    client.force_login(keeper)
    answer = client.get(reverse("timesheets:role", args=[task.role_id]))
    hours = answer.context["hours"]
    assert [one.period.weeks for one in hours.by_period] == [4, 4, 4, 4]
    assert (hours.now.period.first, hours.now.logged) == (date(2026, 11, 9), 300)
    assert hours.expected_per_period == 28 * 60  # an hour a day
    assert "by period of 4 weeks" in answer.content.decode()
    answer = client.get(reverse("timesheets:role_picture"))
    assert answer.context["whole"].since == date(2026, 10, 24)
    change = reverse("roles:task_change", args=[task.pk])
    html = client.get(change).content.decode()
    assert "period of 4 weeks" in html
    assert 'value="28"' in html
    client.post(change, {**_task_form(task), "expected_minutes_per_quarter": "56"})
    task.refresh_from_db()
    assert task.expected_minutes_per_quarter == 182 * 60
    assert training.standings(Cooperative.objects.get(), TODAY).since == date(2026, 8, 17)


def _task_form(task):
    return {
        "name": task.name,
        "description": "",
        "frequency": task.frequency,
        "min_people": 1,
        "smallest_chunk_minutes": "2h",
        "learners_percent": 30,
        "learners_per_mentor": 1,
    }


def test_role_is_learnt_from_whom_and_by_whom_without_wishes(client, ana, keeper):
    task = asked(make.task(role="Finances"), 60 * 60)
    bea = make.person("Béa", language="en-ca")
    Skill.objects.create(
        person=ana, role=task.role, level=3, starts_on=MONDAY, confirmed_by=bea, confirmed_on=MONDAY
    )
    make.approved(bea, hours={"mon": 5}, task=task, by=keeper)
    waits = Skill.objects.create(person=bea, role=task.role, level=2, starts_on=MONDAY)
    LearningWish.objects.create(person=bea, role=task.role, wish=1)
    found = training.of_role(task.role, standings(), bea, keeps_roles=False)
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
    assert training.own(ana, standings()).learnt == [("Finances", str(keeper), 180)]
    assert training.own(keeper, standings()).taught == 180


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
    WeekSheet.objects.update(state="submitted", submitted_at=entry.written_at, handed_in={})
    with pytest.raises(WeekIsWaiting):
        learning.name_mentor(entry, by=ana, mentor=keeper)
    make.approve(sheet)
    with pytest.raises(learning.FinalAlready):
        learning.name_mentor(entry, by=ana, mentor=keeper)
