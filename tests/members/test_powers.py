from datetime import date, timedelta

import pytest
import time_machine

from members.models import Committee, CommitteePower, Mandate, Power
from members.powers import NotAllowed, demand, first_day_without, holders, holds, holds_any, powers_of
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def test_power_comes_with_a_mandate_and_ends_with_it():
    ana = make.person("Ana")
    make.mandate(ana, [Power.ISSUE_PAY], starts_on=date(2026, 1, 1), ends_on=date(2026, 11, 19))
    assert holds(ana, Power.ISSUE_PAY, on=date(2026, 11, 19))
    assert not holds(ana, Power.ISSUE_PAY, on=TODAY)
    assert not holds(ana, Power.PREPARE_PAY, on=date(2026, 11, 19))


def test_ended_mandate_opens_nothing_while_a_colleague_still_sits():
    ana, bob = make.person("Ana"), make.person("Bob")
    body = make.committee([Power.ISSUE_PAY])
    Mandate.objects.create(committee=body, person=ana, starts_on=make.LONG_AGO, ends_on=date(2026, 11, 19))
    Mandate.objects.create(committee=body, person=bob, starts_on=make.LONG_AGO)
    assert powers_of(ana, on=TODAY) == frozenset()
    assert powers_of(bob, on=TODAY) == {Power.ISSUE_PAY}
    assert list(holders(Power.ISSUE_PAY, on=TODAY)) == [bob]
    assert list(holders(Power.ISSUE_PAY, on=date(2026, 11, 19))) == [ana, bob]


def test_power_of_another_committee_is_not_mine():
    ana = make.person("Ana", powers=[Power.PREPARE_PAY])
    make.person("Bob", powers=[Power.ISSUE_PAY])
    assert powers_of(ana, on=TODAY) == {Power.PREPARE_PAY}


def test_mandate_that_starts_tomorrow_opens_nothing_today():
    ana = make.person("Ana")
    make.mandate(ana, [Power.SET_RATE], starts_on=TODAY + timedelta(1))
    assert not holds(ana, Power.SET_RATE, on=TODAY)
    assert holds(ana, Power.SET_RATE, on=TODAY + timedelta(1))


def test_withdrawn_power_opens_nothing():
    ana = make.person("Ana", powers=[Power.SET_RATE])
    CommitteePower.objects.update(ends_on=TODAY - timedelta(1))
    assert powers_of(ana, on=TODAY) == frozenset()


def test_dissolved_committee_opens_nothing():
    ana = make.person("Ana", powers=[Power.SET_RATE])
    Committee.objects.update(ends_on=TODAY - timedelta(1))
    assert powers_of(ana, on=TODAY) == frozenset()


def test_closed_account_holds_nothing():
    ana = make.person("Ana", powers=[Power.SET_RATE])
    ana.closed_at = "2026-11-01T00:00:00Z"
    ana.save()
    assert powers_of(ana, on=TODAY) == frozenset()
    assert list(holders(Power.SET_RATE, on=TODAY)) == []


@time_machine.travel("2026-11-20T15:00:00Z")
def test_power_is_asked_for_today_unless_said():
    ana = make.person("Ana")
    make.mandate(ana, [Power.KEEP_ROLES], ends_on=date(2026, 11, 19))
    with pytest.raises(NotAllowed):
        demand(ana, Power.KEEP_ROLES)
    demand(ana, Power.KEEP_ROLES, on=date(2026, 11, 19))
    assert not holds_any(ana, [Power.KEEP_ROLES, Power.SET_RATE])


def test_powers_of_takes_one_query(django_assert_num_queries):
    ana = make.person("Ana", powers=list(Power))
    with django_assert_num_queries(1):
        assert powers_of(ana, on=TODAY) == set(Power.values)


@pytest.mark.parametrize(
    ("spans", "lapse"),
    [
        ([], TODAY),
        ([(make.LONG_AGO, None)], None),
        ([(make.LONG_AGO, TODAY)], TODAY + timedelta(1)),
        ([(make.LONG_AGO, TODAY), (TODAY + timedelta(1), None)], None),
        ([(make.LONG_AGO, TODAY), (TODAY + timedelta(2), None)], TODAY + timedelta(1)),
        ([(TODAY + timedelta(1), None)], TODAY),
        ([(make.LONG_AGO, TODAY - timedelta(9))], TODAY),
    ],
)
def test_first_day_without_a_power_is_the_first_gap(spans, lapse):
    for starts_on, ends_on in spans:
        make.mandate(make.person("Ana"), [Power.KEEP_COMMITTEES], starts_on=starts_on, ends_on=ends_on)
    assert first_day_without(Power.KEEP_COMMITTEES, since=TODAY) == lapse
