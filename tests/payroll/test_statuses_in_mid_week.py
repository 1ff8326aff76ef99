"""A status that changes in the middle of a week, known late: the target, the pay by due − paid, the balance."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine

from members import lifecycle, paths
from members.models import Power
from payroll import periods, roe, runs
from payroll.service import services_of
from tests import make
from timesheets import hours
from timesheets.sharing.balance import sharing

from . import paid

pytestmark = pytest.mark.django_db
WEDNESDAY = paid.PERIOD + timedelta(days=2)
WORKED = {"mon": 7, "tue": 7, "wed": 7, "thu": 7, "fri": 7}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-12-04 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def coop():
    """Ana is a member since long ago; her week of the period is paid, as she was thought to be salaried."""
    people = paid.coop()
    make.Membership.objects.create(person=people.ana, starts_on=make.LONG_AGO)
    people.admitter = make.person("Admise", kind=None, powers=[Power.ADMIT_PEOPLE])
    people.pay(has_documents=False)
    return people


def earned(run, person) -> dict[str, tuple[int, Decimal]]:
    """What a pay says of a person's hours, by kind of stub: minutes and dollars."""
    return {
        stub.kind: (
            sum(line.minutes for line in stub.lines.filter(side="earning", code__in=["regular", "overtime"])),
            sum(line.amount for line in stub.lines.filter(side="earning", code__in=["regular", "overtime"])),
        )
        for stub in run.stubs.filter(person=person)
    }


def test_freelance_for_the_rest_of_a_week_moves_its_pay_to_a_statement(coop):
    ana = coop.ana
    assert hours.week_summary(ana, paid.PERIOD, 0).agreed_minutes == 35 * 60
    for day, kind, agreed in ((WEDNESDAY, "freelance", 20), (paid.PERIOD + timedelta(7), "salaried", 35)):
        lifecycle.change_work_status(
            ana, by=coop.admitter, starts_on=day, kind=kind, agreed_minutes_per_week=agreed * 60
        )
    assert hours.week_summary(ana, paid.PERIOD, 0).agreed_minutes == 26 * 60
    make.approved(ana, starts_on=paid.next_period(), hours=WORKED)
    run = coop.pay(paid.next_period(), has_documents=False)
    # 42 h were paid to an employee, two of them overtime: 16 h were hers as one, 26 h are a freelancer's.
    assert earned(run, ana) == {
        "stub": (35 * 60 - 26 * 60, Decimal("752.50") - Decimal("580.50")),
        "statement": (26 * 60, Decimal("559.00")),
    }
    assert runs.preview(periods.starting(paid.next_period())).stubs == ()


def test_work_that_ended_on_tuesday_leaves_hours_without_status_and_takes_back_their_pay(coop):
    ana = coop.ana
    decision = make.admission(adopted_on=WEDNESDAY)
    paths.depart(ana, by=coop.admitter, ends_on=WEDNESDAY - timedelta(1), decision=decision)
    assert hours.week_summary(ana, paid.PERIOD, 0).agreed_minutes == 14 * 60
    assert sharing(None, date(2026, 12, 4)).unpaid[ana.pk] == Fraction(26)
    (carried,) = runs.preview(periods.starting(paid.next_period())).carried
    assert (carried.person, carried.gross) == (ana, Decimal("-580.50"))


def test_a_pause_keeps_the_employment_and_pays_nothing(coop):
    """No record of employment, no payment of vacation: the work goes on, nothing is agreed meanwhile."""
    ana, first = coop.ana, paid.next_period()
    paths.start_pause(
        ana, by=coop.admitter, starts_on=first, ends_on=paid.next_period(2), decision=make.admission()
    )
    make.approved(coop.bo, starts_on=first, hours=WORKED)
    run = coop.pay(first, has_documents=False)
    assert {stub.person for stub in run.stubs.all()} == {coop.bo}
    assert hours.week_summary(ana, first, 0).agreed_minutes == 0
    assert (roe.departures(make.LONG_AGO), services_of([ana.pk])[ana.pk][0].until) == ([], None)
