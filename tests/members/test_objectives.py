"""Objectives: set by a decision, measured where the software knows, else written down; what a page says of them."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from members import objectives
from members.models import Membership, Objective
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


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same(client, rows, django_assert_num_queries):
    reader = make.person("Ana", language="en-ca")
    Membership.objects.create(person=reader, starts_on=make.LONG_AGO)
    for number in range(rows):
        aimed(title=f"Objectif {number}", target=4)
    client.force_login(reader)
    client.get(reverse("members:objectives"))
    with django_assert_num_queries(7):
        told = client.get(reverse("members:objectives")).content.decode()
    assert told.count("<article") == rows
