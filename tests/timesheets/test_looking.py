"""Pictures of hours: each bar stands for a sum of the database, and the table beside it says the same."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from koumbit.charts import HEIGHT, WIDEST, Series, stacked
from members.models import Power, WorkStatus
from tests import make
from timesheets import drafts, looking, projects, workflow
from timesheets.models import PersonMonth, Project, Service, TaskMonth, TimeEntry, WeekSheet
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 9)


@pytest.fixture(autouse=True)
def _today():
    make.cooperative()
    with time_machine.travel("2026-11-20 12:00-05:00", tick=False):
        yield


@pytest.fixture
def ana(client):
    ana = make.person("Ana", language="en-ca")
    client.force_login(ana)
    return ana


@pytest.fixture
def bob():
    return make.person("Bob", powers=[Power.APPROVE_HOURS])


def approved(person, bob, starts_on=MONDAY, project=None, **fields):
    sheet = make.sheet(person, starts_on=starts_on, **({"hours": {"mon": 7, "tue": 3}} | fields))
    if project:
        TimeEntry.objects.filter(sheet=sheet).update(project=project)
    workflow.submit(sheet, by=person)
    workflow.approve(sheet, by=bob, seen=digest_of(lines_of(sheet.entries.all())))
    return sheet


# Geometry -----------------------------------------------------------------------------------------


def test_bars_stand_on_the_floor_one_on_the_other_and_the_tallest_fills():
    chart = stacked(["a", "b"], [Series("x", [60, 30]), Series("y", [60, 0])], [90, 0])
    first, second, third = chart.rects
    assert (first.y + first.height, second.y + second.height) == (HEIGHT, first.y)
    assert second.y == 0
    assert (third.series, third.height) == (0, round(30 * HEIGHT / 120))
    assert chart.level == [(0, WIDEST, HEIGHT - round(90 * HEIGHT / 120))]
    assert chart.rows == [("a", [60, 60], 120, 90), ("b", [30, 0], 30, 0)]
    assert (chart.totals, chart.total) == ([90, 60], 150)


@pytest.mark.parametrize(
    ("most", "marks"),
    [(30, []), (60, [1]), (35 * 60, [10, 20, 30]), (4 * 60, [1, 2, 3, 4]), (590 * 60, [200, 400])],
)
def test_the_scale_is_in_round_hours(most, marks):
    scale = stacked(["a"], [Series("x", [most])]).scale
    assert scale == [(HEIGHT - round(hours * 60 * HEIGHT / most), hours * 60) for hours in marks]


@pytest.mark.parametrize("values", [[], [0, 0], [-60, 0]])
def test_nothing_or_less_than_nothing_draws_nothing(values):
    assert not stacked([str(value) for value in values], [Series("x", values)]).rects


# One's own year -----------------------------------------------------------------------------------


def test_own_year_sets_worked_hours_beside_what_was_agreed(client, ana, bob):
    approved(ana, bob)
    make.sheet(ana, starts_on=MONDAY + timedelta(7), hours={"mon": 2})
    found = looking.own_year(ana, 2026, 0, TODAY)
    last, this = found.by_week.rows[-2:]
    assert last[1:] == ([600, 0, 0], 600, 35 * 60)
    assert this[1:] == ([0, 120, 0], 120, 35 * 60)
    assert found.minutes == 720
    assert found.agreed_minutes == 2 * 35 * 60  # none before the first week kept here
    page = client.get("/hours/year/", follow=True).content.decode()
    assert "12\u00a0h worked" in page
    assert client.get("/hours/year/2025/").status_code == 200
    assert client.get("/hours/year/2027/").status_code == 404


def test_agreed_hours_that_change_in_mid_year_are_followed(ana):
    WorkStatus.objects.update(ends_on=date(2026, 6, 30))
    WorkStatus.objects.create(
        person=ana,
        kind="salaried",
        tenure="permanent",
        agreed_minutes_per_week=21 * 60,
        starts_on=date(2026, 7, 1),
    )
    make.sheet(ana, starts_on=date(2026, 1, 5))
    levels = looking.own_year(ana, 2026, 0, TODAY).by_week.levels
    assert (levels[10], levels[40]) == (35 * 60, 21 * 60)


@pytest.mark.parametrize("weeks", [1, 3])
def test_own_year_costs_the_same_whatever_it_holds(client, ana, bob, weeks, django_assert_num_queries):
    for number in range(weeks):
        approved(ana, bob, starts_on=MONDAY - timedelta(7 * number))
    client.get("/hours/year/2026/")
    with django_assert_num_queries(8):
        client.get("/hours/year/2026/")


# Projects and services ----------------------------------------------------------------------------


@pytest.fixture
def keeper():
    return make.person("Carl", powers=[Power.KEEP_PROJECTS])


def test_a_project_shows_its_approved_hours_without_names(client, ana, bob):
    bea = make.person("Béa", family_name="Secret")
    service = Service.objects.create(name="Hosting")
    project = Project.objects.create(name="Site", service=service)
    approved(bea, bob, project=project, task=make.task(role="Web"))
    make.sheet(ana, starts_on=MONDAY, hours={"mon": 5})
    TimeEntry.objects.filter(person=ana).update(project=project)
    for address in (f"/hours/projects/{project.pk}/", f"/hours/services/{service.pk}/"):
        page = client.get(address).content.decode()
        assert "10\u00a0h approved" in page
        assert "Web" in page
        assert "Secret" not in page


@pytest.mark.parametrize(
    ("limit", "said"),
    [(1200, "10\u00a0h of 20\u00a0h"), (700, "More than four fifths"), (500, "The budget is passed")],
)
def test_a_budget_in_hours_warns_before_it_is_passed(client, ana, bob, limit, said):
    project = Project.objects.create(name="Site", budget_minutes=limit)
    approved(ana, bob, project=project)
    assert said in client.get(f"/hours/projects/{project.pk}/").content.decode()


def test_a_budget_in_dollars_is_counted_at_the_rate_of_each_day(ana, bob):
    make.rate("20.00", starts_on=date(2026, 1, 1))
    make.rate("30.00", starts_on=MONDAY + timedelta(1))
    project = Project.objects.create(name="Site", budget_dollars=Decimal("1000"))
    approved(ana, bob, project=project)
    budget = looking.budget_of(project, TODAY)
    assert budget.used == Decimal("230.00")  # 7 h at 20, 3 h at 30
    assert budget.percent == 23
    # 770 dollars are left, at 230 in 28 days: 93 days.
    assert budget.reached_on == TODAY + timedelta(days=93)


def test_a_budget_counts_what_is_approved_and_what_is_not_over_years_and_rates(ana, bob):
    """Whole months together, days apart in the month in which the rate changes; drafts too."""
    for amount, day in (("10.00", date(2025, 1, 1)), ("20.00", date(2026, 10, 14)), ("25.00", TODAY)):
        make.rate(amount, starts_on=day)
    projects_ = [
        Project.objects.create(name="Site", budget_dollars=Decimal("100000")),
        Project.objects.create(name="Other", budget_dollars=Decimal("100000")),
        Project.objects.create(name="Hours", budget_minutes=600_000),
    ]
    weeks_of = [date(2025, 3, 3), date(2026, 9, 28), date(2026, 10, 12), date(2026, 11, 2)]
    for project in projects_:
        for monday in weeks_of:
            approved(make.person(), bob, monday, project, hours={"mon": 7, "wed": 5})
    draft = make.sheet(ana, starts_on=MONDAY, hours={"tue": 4})
    draft.entries.update(project=projects_[0])
    found = looking.budgets_of(projects_, TODAY)
    # 3 × 7 h and 2 × 5 h at 10, then 2 × 5 h and 7 h at 20; the draft's 4 h as well.
    assert [found[project.pk].used for project in projects_] == [310 + 340 + 80, 310 + 340, 48 * 60]
    recent = found[projects_[2].pk]
    assert recent.reached_on is None


def test_without_a_rate_dollars_are_not_guessed(client, ana, bob):
    project = Project.objects.create(name="Site", budget_dollars=Decimal("1000"))
    approved(ana, bob, project=project)
    assert "has no hourly rate" in client.get(f"/hours/projects/{project.pk}/").content.decode()


def test_budget_is_set_by_who_keeps_projects_in_hours_or_in_dollars(client, keeper):
    client.force_login(keeper)
    client.post("/hours/projects/new/", {"name": "Site", "budget_hours": "2000"})
    project = Project.objects.get()
    assert project.budget_minutes == 120_000
    assert 'value="2000"' in client.get(f"/hours/projects/{project.pk}/change/").content.decode()
    both = {"name": "Site", "budget_hours": "20", "budget_dollars": "500"}
    assert client.post(f"/hours/projects/{project.pk}/change/", both).status_code == 200
    client.post(f"/hours/projects/{project.pk}/change/", {"name": "Site", "budget_dollars": "500,50"})
    project.refresh_from_db()
    assert (project.budget_minutes, project.budget_dollars) == (None, Decimal("500.50"))


def test_database_refuses_two_budgets(keeper):
    with pytest.raises(ValidationError, match=r"not both|pas les deux"):
        projects.create_project(by=keeper, name="Site", budget_minutes=60, budget_dollars=Decimal(5))


# The co-op ----------------------------------------------------------------------------------------


def test_the_load_foots_and_tells_the_share_of_permanent_work(client, ana, bob):
    occasional = make.person("Occasional")
    WorkStatus.objects.filter(person=occasional).update(tenure="occasional")
    service = Service.objects.create(name="Hosting")
    project = Project.objects.create(name="Site", service=service)
    approved(ana, bob, project=project, task=make.task(role="Web"))
    approved(occasional, bob, task=make.task(role="Caisse"), hours={"mon": 5, "tue": 5})
    found = looking.load(date(2026, 1, 1), TODAY)
    assert found.by_role.total == found.by_service.total == 1200
    assert {one.name: sum(one.values) for one in found.by_role.series} == {"Web": 600, "Caisse": 600}
    assert found.permanent_share == 50
    page = client.get("/hours/cooperative/2026/").content.decode()
    assert "Permanent work: 50%" in page
    assert "Occasional" not in page


def sums_as_counted() -> tuple[dict, dict, dict]:
    """What the sums by month and by week have to be: every approved entry, counted again."""
    by_task, by_person, by_week = Counter(), Counter(), Counter()
    for entry in TimeEntry.objects.exclude(approved_at=None):
        month = entry.day.replace(day=1)
        by_task[month, entry.task_id, entry.project_id] += entry.minutes
        by_person[month, entry.person_id] += entry.minutes
        by_week[entry.sheet_id, False] += entry.minutes
        by_week[entry.sheet_id, True] += entry.minutes if entry.day.isoweekday() >= 6 else 0
    return by_task, by_person, by_week


def sums_as_kept() -> tuple[dict, dict, dict]:
    tasks = TaskMonth.objects.values_list("month", "task", "project", "minutes")
    people = PersonMonth.objects.values_list("month", "person", "minutes")
    by_week = {}
    for sheet, minutes, weekend in WeekSheet.objects.values_list(
        "pk", "approved_minutes", "approved_weekend_minutes"
    ):
        by_week |= {(sheet, False): minutes, (sheet, True): weekend}
    by_task, by_person = ({tuple(key): total for *key, total in rows} for rows in (tasks, people))
    return by_task, by_person, by_week


def test_sums_follow_whatever_is_approved(ana, bob):
    task, project = make.task(), Project.objects.create(name="Site")
    october = date(2026, 10, 26)  # a week of two months
    whole = approved(ana, bob, october, hours={"mon": 7, "fri": 5, "sun": 2}, task=task)
    approved(make.person("Béa"), bob, october, hours={"fri": 3, "sun": 1}, task=task, project=project)
    in_part = make.sheet(ana, starts_on=MONDAY, hours={"mon": 4, "tue": 3}, task=task)
    workflow.submit(in_part, by=ana)
    asked = in_part.entries.get(day=MONDAY)
    seen = digest_of(lines_of(in_part.entries.all()))
    workflow.approve(in_part, by=bob, seen=seen, questions={asked.pk: "All of it?"})
    assert sums_as_kept() == sums_as_counted()
    assert sum(sums_as_kept()[1].values()) == (14 + 4 + 3) * 60
    entry = whole.entries.get(day=october)
    drafts.correct(entry, 0, reason="Wrong week", by=ana)
    assert sums_as_kept() == sums_as_counted()  # a draft changes nothing
    whole.refresh_from_db()
    workflow.submit(whole, by=ana)
    workflow.approve(whole, by=bob, seen=digest_of(lines_of(whole.entries.all())))
    assert sums_as_kept() == sums_as_counted()
    assert sums_as_kept()[1][date(2026, 10, 1), ana.pk] == 5 * 60


def test_sums_of_a_week_are_the_databases_alone(ana, bob):
    approved(ana, bob, task=make.task())
    for door in (
        lambda: WeekSheet.objects.update(approved_minutes=0),
        lambda: WeekSheet.objects.update(approved_weekend_minutes=1),
        lambda: WeekSheet.objects.create(person=bob, starts_on=MONDAY, approved_minutes=60),
    ):
        with pytest.raises(DatabaseError, match="approve hours instead"), transaction.atomic():
            door()
    assert WeekSheet.objects.get().approved_minutes == 600


@pytest.mark.parametrize("kind", [TaskMonth, PersonMonth])
def test_sums_by_month_are_the_databases_alone(ana, bob, kind):
    approved(ana, bob, task=make.task())
    of = kind.objects.values().get() | {"id": None}
    for door in (
        lambda: kind.objects.update(minutes=0),
        lambda: kind.objects.all().delete(),
        lambda: kind(**of | {"month": date(2026, 1, 1)}).save(),
    ):
        with pytest.raises(DatabaseError, match="approve hours instead"), transaction.atomic():
            door()
    assert kind.objects.get().minutes == 600


def test_permanent_work_is_counted_by_the_day(ana, bob):
    """A status that starts or ends within a month counts for its own days, and for the whole months between."""
    WorkStatus.objects.filter(person=ana).delete()
    days = [
        ("permanent", date(2026, 1, 1), date(2026, 9, 10)),
        ("permanent", date(2026, 9, 11), date(2026, 9, 21)),  # other agreed hours, from mid-month
        ("occasional", date(2026, 9, 22), date(2026, 11, 10)),
        ("permanent", date(2026, 11, 11), None),
    ]
    for tenure, first, last in days:
        WorkStatus.objects.create(
            person=ana,
            kind="salaried",
            tenure=tenure,
            agreed_minutes_per_week=2100,
            starts_on=first,
            ends_on=last,
        )
    for monday in (date(2026, 8, 31), date(2026, 9, 7), date(2026, 9, 21), date(2026, 10, 5), MONDAY):
        approved(ana, bob, monday, hours={"mon": 7, "tue": 3, "wed": 1})
    permanent = dict.fromkeys(range(1, 12), 0)
    for entry in TimeEntry.objects.all():
        if any(t == "permanent" and f <= entry.day <= (n or TODAY) for t, f, n in days):
            permanent[entry.day.month] += entry.minutes
    assert permanent[9] == (3 + 1 + 7 + 3 + 1 + 7) * 60
    found = looking.load(date(2026, 1, 1), date(2026, 11, 30))
    assert [minutes for _month, minutes, _all in found.permanent] == list(permanent.values())


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 9, 9), date(2026, 11, 10)),
        (date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 9, 9), date(2026, 9, 22)),
        (date(2026, 9, 9), date(2026, 10, 31)),
        (date(2026, 9, 1), date(2026, 11, 9)),
    ],
)
def test_the_load_is_that_of_the_days_asked_for(ana, bob, first, last):
    """Also of a month that a day cuts, such as the months an objective is looked at."""
    occasional = make.person("Occasional")
    WorkStatus.objects.filter(person=occasional).update(tenure="occasional")
    for monday in (date(2026, 9, 7), date(2026, 9, 21), date(2026, 10, 5), date(2026, 10, 26), MONDAY):
        approved(ana, bob, monday, hours={"mon": 7, "tue": 3, "sun": 2})
    approved(occasional, bob, date(2026, 9, 21), hours={"mon": 5, "tue": 1})
    entries = TimeEntry.objects.filter(day__range=(first, last))
    found = looking.load(first, last)
    assert found.by_role.total == found.by_service.total == sum(entry.minutes for entry in entries)
    permanent = sum(entry.minutes for entry in entries if entry.person == ana)
    assert sum(minutes for _month, minutes, _all in found.permanent) == permanent
    assert found.people == len({entry.person_id for entry in entries})


@pytest.mark.parametrize("people", [1, 3])
def test_the_load_costs_the_same_whoever_works(client, ana, bob, people, django_assert_num_queries):
    for _ in range(people):
        approved(make.person(), bob)
    client.get("/hours/cooperative/2026/")
    with django_assert_num_queries(7):
        client.get("/hours/cooperative/2026/")
