"""Objectives: set by a decision, measured where the software knows, else written down; what a page says of them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from koumbit.refusals import Refused
from members import ballots, objectives
from members.models import Committee, Decision, Membership, Motion, Objective, ObjectiveChange
from roles.models import Dimension, PublishedRating, Task
from tests import make
from timesheets.models import Project, Service

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


def aimed(**fields) -> Objective:
    decision = make.decision()
    return Objective.objects.create(
        **{
            "body": decision.body,
            "decision": decision,
            "title": "Ensemble",
            "starts_on": date(2026, 9, 1),
            "ends_on": date(2026, 12, 31),
        }
        | fields
    )


def standing(objective) -> objectives.Progress:
    return objectives.progress(objective, TODAY, objectives.measures())


def worked(person, minutes, *, day=date(2026, 11, 9), project=None):
    week = make.sheet(person, starts_on=day, hours={"mon": minutes / 60})
    week.entries.update(project=project)
    make.approve(week)


def test_the_rate_is_read_on_the_last_day():
    make.rate("21.50")
    make.rate("24.50", starts_on=date(2026, 10, 1))
    objective = aimed(measure="payroll.rate", target=25)
    assert standing(objective).value == Decimal("24.50")
    assert not standing(objective).is_reached
    assert [value for _day, value in objectives.by_month(objective, TODAY, objectives.measures())] == [
        Decimal("21.50"),
        Decimal("24.50"),
        Decimal("24.50"),
    ]


def test_share_of_permanent_work():
    ana, bob = make.person("Ana"), make.person("Bob")
    bob.work_statuses.update(tenure="occasional")
    worked(ana, 360)
    worked(bob, 120)
    row = standing(aimed(measure="timesheets.permanent", target=75))
    assert (row.value, row.is_reached, row.part) == (75, True, 100)


def test_hours_of_a_service_and_not_of_another():
    ana = make.person("Ana")
    teaching, hosting = (Service.objects.create(name=name) for name in ("Formation", "Hébergement"))
    worked(ana, 300, project=Project.objects.create(name="A", service=teaching))
    worked(ana, 60, day=date(2026, 11, 2), project=Project.objects.create(name="B", service=hosting))
    row = standing(aimed(measure=f"timesheets.service:{teaching.pk}", target=20))
    assert (row.value, row.part, row.is_reached) == (Decimal("5.00"), 25, False)


def test_roles_each_has_touched():
    """Ana has touched one role of two; whoever approved her week and Bob, none: a sixth on the whole."""
    ana, _bob = make.person("Ana"), make.person("Bob")
    make.task(role="Jamais touché")
    worked(ana, 600)
    assert standing(aimed(measure="timesheets.coverage", target=50)).value == 17


def test_a_limit_is_reached_from_above():
    make.rate("21.50")
    row = standing(aimed(measure="payroll.rate", target=22, direction="at_most"))
    assert (row.is_reached, row.part) == (True, None)


def test_time_goes_by_evenly():
    objective = aimed(starts_on=date(2026, 11, 11), ends_on=date(2026, 11, 30))
    assert standing(objective).time_gone == 50
    assert objectives.progress(objective, date(2026, 11, 1), {}).time_gone == 0
    assert objectives.progress(objective, date(2027, 1, 1), {}).time_gone == 100


def test_what_no_figure_knows_is_written_down(client):
    ana = make.person("Ana", language="en-ca")
    objective = aimed(target=4)
    client.force_login(ana)
    url = reverse("members:objective", args=[objective.pk])
    for on, said in (("2026-11-21", "today at the latest"), ("2026-08-31", "today at the latest")):
        answer = client.post(url, {"on": on, "value": "1", "words": "Un jardin"})
        assert said in answer.content.decode()
    client.post(url, {"on": "2026-11-20", "value": "1", "words": "Un jardin"})
    told = client.get(url).content.decode()
    assert "Un jardin" in told
    assert standing(objective).part == 25
    with pytest.raises(objectives.IsMeasured):
        objectives.write_down(aimed(measure="payroll.rate", target=1), by=ana, on=TODAY, words="Non")


def test_the_database_keeps_them():
    with pytest.raises(IntegrityError, match="members_objective_ends"), transaction.atomic():
        aimed(ends_on=None)
    with pytest.raises(IntegrityError, match="members_measured_has_a_target"), transaction.atomic():
        aimed(measure="payroll.rate")
    aimed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Objective.objects.update(target=1)


# Changed, given up ---------------------------------------------------------------------------------


def decided(body, *, on=TODAY):
    return Decision.objects.create(body=body, adopted_on=on, effective_on=on, title="Autrement", text="T")


def change(objective, *, body=None, on=TODAY, **fields):
    aimed_at = {
        "target": Decimal(30),
        "direction": "at_least",
        "ends_on": date(2027, 6, 30),
        "why": "Trop peu",
    }
    return objectives.change_objective(
        objective, by=decided(body or objective.body, on=on), **aimed_at | fields
    )


def test_an_objective_is_changed_and_what_it_was_stays(client):
    make.rate("24.50")
    objective = aimed(measure="payroll.rate", target=25)
    change(objective)
    row = standing(objective)
    assert (row.terms.target, row.ends_on, row.part) == (30, date(2027, 6, 30), 81)
    before = objectives.progress(objective, date(2026, 11, 19), objectives.measures())
    assert (before.terms.target, before.ends_on) == (25, date(2026, 12, 31))
    client.force_login(make.person("Ana", language="en-ca"))
    told = client.get(reverse("members:objective", args=[objective.pk])).content.decode()
    assert "at least $30.00, until 30 June 2027" in told
    assert "Trop peu" in told
    assert reverse("members:decision", args=[objective.changes.get().decision_id]) in told


def test_one_that_is_given_up_stands_where_it_stood_and_is_past(client):
    make.rate("24.50")
    objective = aimed(measure="payroll.rate", target=25)
    objectives.give_up(objective, by=decided(objective.body), why="Gel des revenus")
    make.rate("26.00", starts_on=date(2026, 12, 1))
    row = objectives.progress(objective, date(2026, 12, 15), objectives.measures())
    assert (row.value, row.is_over, row.ends_on) == (Decimal("24.50"), True, TODAY)
    assert not Objective.objects.running(TODAY).exists()
    client.force_login(make.person("Ana", language="en-ca"))
    told = client.get(reverse("members:objectives")).content.decode()
    assert "No objective is running" in told
    assert "given up" in told.split("Past objectives")[1]
    told = client.get(reverse("members:objective", args=[objective.pk])).content.decode()
    assert "Gel des revenus" in told
    assert "Propose to change it" not in told


def test_only_what_runs_is_changed():
    objective = aimed(target=4)
    objectives.give_up(objective, by=decided(objective.body), why="Assez")
    for act in (
        lambda: change(objective),
        lambda: objectives.give_up(objective, by=decided(objective.body), why="Encore"),
        lambda: change(aimed(), on=date(2026, 8, 31)),
        lambda: change(aimed(), on=date(2027, 1, 1)),
    ):
        with pytest.raises(objectives.DoesNotRun):
            act()
    with pytest.raises(ValidationError, match="dernier jour"):
        change(aimed(), ends_on=date(2026, 11, 19))
    with pytest.raises(Refused, match="atteindre"):
        change(aimed(measure="payroll.rate", target=1), target=None)


def test_another_body_does_not_change_it_but_the_assembly_does():
    objective = aimed(target=4)
    with pytest.raises(Refused):
        change(objective, body=make.committee())
    assembly = Committee.objects.create(name="Assemblée", kind="assembly", starts_on=make.LONG_AGO)
    change(objective, body=assembly)
    assert standing(objective).terms.target == 30


def test_the_database_keeps_what_changed():
    objective = aimed(target=4)
    objectives.give_up(objective, by=decided(objective.body), why="Assez")
    said = {"objective": objective, "on": TODAY, "why": "T", "direction": "at_least", "ends_on": TODAY}
    with pytest.raises(IntegrityError, match="does not run"), transaction.atomic():
        ObjectiveChange.objects.create(decision=decided(objective.body), **said)
    other = said | {"objective": aimed(title="Autre")}
    with pytest.raises(IntegrityError, match="the body that set it"), transaction.atomic():
        ObjectiveChange.objects.create(decision=decided(make.committee()), **other)
    with pytest.raises(IntegrityError), transaction.atomic():
        ObjectiveChange.objects.update(why="Autre chose")


def test_a_change_is_proposed_from_its_page(client):
    """The page gives its words to the proposal: which objective, and what it aims at now."""
    ana = make.member("Ana", language="en-ca")
    objective = aimed(target=4)
    make.Mandate.objects.create(committee=objective.body, person=ana, starts_on=make.LONG_AGO)
    client.force_login(ana)
    told = client.get(reverse("members:objective", args=[objective.pk]))
    form = client.get(told.context["change_url"]).content.decode()
    assert 'name="act-ends_on" value="2026-12-31"' in form
    assert 'name="act-target" value="4' in form
    said = {"title": "Abandon", "text": "T", "act-objective": objective.pk, "act-why": "Gel"}
    assert client.post(told.context["give_up_url"], said).status_code == 302
    ballot = ballots.open_ballot(Motion.objects.get(), by=ana, closes_on=TODAY)
    ballots.answer(ballot, by=ana, choice="agree")
    ballots.close(ballot, by=ana)
    assert standing(objective).terms.is_given_up


# Each measure, through the page ---------------------------------------------------------------------


def _two_kinds_of_work():
    bob = make.person("Bob")
    bob.work_statuses.update(tenure="occasional")
    worked(make.person("Ana"), 360)
    worked(bob, 120)


def _hours_of_a_service():
    service = Service.objects.create(name="Formation")
    worked(make.person("Ana"), 330, project=Project.objects.create(name="A", service=service))


def _one_role_of_two():
    make.task(role="Jamais touché")
    worked(make.person("Ana"), 600)


def _rated_work():
    """Two people, both on work as pleasant and as weighty as the mean: both within the band."""
    for name in ("Ana", "Bob"):
        person = make.person(name)
        worked(person, 600)
    published = {"published_at": datetime(2026, 9, 1, tzinfo=UTC), "count": 3, "total": 9}
    for task in Task.objects.all():
        for dimension in Dimension:
            PublishedRating.objects.create(task=task, dimension=dimension, points=3, mean=3, **published)


@pytest.mark.parametrize(
    ("measure", "set_up", "said"),
    [
        ("timesheets.permanent", _two_kinds_of_work, "75%"),
        ("timesheets.service", _hours_of_a_service, "5 h 30"),
        ("timesheets.coverage", _one_role_of_two, "%"),
        ("timesheets.within", _rated_work, "people"),
        ("payroll.rate", lambda: make.rate("24.50"), "$24.50"),
    ],
)
def test_each_figure_the_software_knows_is_read_on_the_page(client, measure, set_up, said):
    make.cooperative()
    set_up()
    code = next(code for code in objectives.measures() if code.startswith(measure))
    objective = aimed(measure=code, target=100)
    client.force_login(make.member("Zoé", language="en-ca"))
    for page in (reverse("members:objectives"), reverse("members:objective", args=[objective.pk])):
        told = client.get(page).content.decode().replace("\u00a0", " ")
        standing_said = told.split('class="cluster"')[1].split("</p>")[0]
        assert said in standing_said
        assert "no figure yet" not in standing_said
    assert 'class="chart-picture"' in told
    assert "The same in figures" in told


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same(client, rows, django_assert_num_queries):
    reader = make.person("Ana", language="en-ca")
    Membership.objects.create(person=reader, starts_on=make.LONG_AGO)
    for number in range(rows):
        aimed(title=f"Objectif {number}", target=4)
    client.force_login(reader)
    client.get(reverse("members:objectives"))
    with django_assert_num_queries(8):
        told = client.get(reverse("members:objectives")).content.decode()
    assert told.count("<article") == rows
