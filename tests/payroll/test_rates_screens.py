"""The hourly rate: who sets it, by which decision, above which wage, and what is said before it is set."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from members.models import CommitteePower, JournalEntry, Mandate, Power
from members.powers import NotAllowed
from payroll import rates
from payroll.models import HourlyRate
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def setter():
    make.cooperative()
    return make.person("Sam", kind=None, powers=[Power.SET_RATE], language="en-ca")


@pytest.fixture
def secretary():
    return make.person("Rita", kind=None)


@pytest.fixture
def decision(secretary):
    return make.decision(
        adopted_on=date(2026, 11, 2),
        effective_on=date(2026, 9, 1),
        title="Hausse de 2027",
        recorded_by=secretary,
    )


def words(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def test_set_rate_writes_the_decision_who_and_the_journal(setter, decision):
    rate = rates.set_rate(amount=Decimal("22.25"), starts_on=date(2027, 1, 4), decision=decision, by=setter)
    assert (rate.amount, rate.decision, rate.recorded_by) == (Decimal("22.25"), decision, setter)
    entry = JournalEntry.objects.latest("seq")
    assert entry.event == "rate.set"
    assert entry.body["amount"] == "22.25"


def test_set_rate_needs_the_power_held_today(setter, decision):
    Mandate.objects.filter(person=setter).update(ends_on=date(2026, 11, 22))
    with pytest.raises(NotAllowed):
        rates.set_rate(amount=Decimal("22.25"), starts_on=date(2027, 1, 4), decision=decision, by=setter)
    assert not HourlyRate.objects.exists()


def test_decision_counts_if_its_body_held_the_power_on_the_day_it_was_adopted(setter, decision):
    CommitteePower.objects.filter(committee=decision.body).update(ends_on=date(2026, 11, 2))
    assert decision in rates.decisions_that_set_it()
    CommitteePower.objects.filter(committee=decision.body).update(ends_on=date(2026, 11, 1))
    assert decision not in rates.decisions_that_set_it()
    with pytest.raises(rates.NotTheirsToSet, match=r"Hausse|Comité"):
        rates.set_rate(amount=Decimal("22.25"), starts_on=date(2027, 1, 4), decision=decision, by=setter)


@pytest.mark.parametrize("recorder", ["setter", None])
def test_rate_takes_one_who_records_the_decision_and_another_who_sets_it(setter, recorder):
    alone = make.decision(adopted_on=date(2026, 11, 2), recorded_by=recorder and setter)
    with pytest.raises(rates.RecordedByItsSetter):
        rates.set_rate(amount=Decimal("99.00"), starts_on=date(2027, 1, 4), decision=alone, by=setter)
    assert not HourlyRate.objects.exists()


def test_rate_does_not_start_before_its_decision_takes_effect(setter, decision):
    with pytest.raises(rates.BeforeItsDecision):
        rates.set_rate(amount=Decimal("22.25"), starts_on=date(2026, 8, 31), decision=decision, by=setter)


@pytest.mark.parametrize(
    ("starts_on", "amount", "is_refused"),
    [
        (date(2026, 11, 30), "16.59", True),
        (date(2026, 11, 30), "16.60", False),
        (date(2027, 6, 1), "16.59", True),  # beyond the tables the last known wage is the floor
        (date(2026, 9, 1), "16.10", True),
    ],
)
def test_rate_is_never_under_the_minimum_wage(setter, decision, starts_on, amount, is_refused):
    if is_refused:
        with pytest.raises(rates.BelowMinimumWage, match="16"):
            rates.set_rate(amount=Decimal(amount), starts_on=starts_on, decision=decision, by=setter)
    else:
        rates.set_rate(amount=Decimal(amount), starts_on=starts_on, decision=decision, by=setter)
    assert HourlyRate.objects.exists() is not is_refused


def test_minimum_wage_looks_at_every_day_the_rate_would_hold(setter, secretary):
    """16.10 was lawful until 30 April 2026: it can still be set for days that end before."""
    old = make.decision(adopted_on=date(2025, 5, 1), recorded_by=secretary)
    with pytest.raises(rates.BelowMinimumWage):
        rates.set_rate(amount=Decimal("16.10"), starts_on=date(2025, 6, 1), decision=old, by=setter)
    make.rate("21.50", starts_on=date(2026, 1, 1))
    rates.set_rate(amount=Decimal("16.10"), starts_on=date(2025, 6, 1), decision=old, by=setter)
    assert HourlyRate.objects.on(date(2025, 12, 31)).amount == Decimal("16.10")


def test_same_decision_does_not_set_two_rates_from_one_day(setter, decision):
    for_day = {"starts_on": date(2027, 1, 4), "decision": decision, "by": setter}
    rates.set_rate(amount=Decimal("22.25"), **for_day)
    with pytest.raises(ValidationError, match=r"decision|décision"):
        rates.set_rate(amount=Decimal("22.50"), **for_day)


# Screens ------------------------------------------------------------------------------------------


def test_every_member_reads_the_rates_and_their_decisions(client, setter, django_assert_num_queries):
    member = make.person("Ana", language="en-ca")
    client.force_login(member)
    make.rate("21.50", starts_on=date(2026, 1, 5))
    client.get(reverse("payroll:rates"))
    with django_assert_num_queries(5):
        text = words(client.get(reverse("payroll:rates")))
    assert "$21.50" in text
    assert "Taux horaire unique" in text
    assert "The minimum wage is $16.60" in text
    assert "Set the next rate" not in text
    for year in (2027, 2028):
        make.rate("23.00", starts_on=date(year, 1, 4))
    with django_assert_num_queries(5):
        response = client.get(reverse("payroll:rates"))
    assert response.context["current"].amount == Decimal("21.50")
    assert len(response.context["rates"]) == 3


def test_setting_reads_back_first_and_writes_only_when_confirmed(client, setter, decision):
    client.force_login(setter)
    given = {"amount": "22,25", "starts_on": "2026-10-05", "decision": decision.pk}
    read_back = client.post(reverse("payroll:rate_set"), given)
    assert "$22.25" in words(read_back)
    assert "the next run pays or takes back the difference" in words(read_back)
    assert not HourlyRate.objects.exists()
    changed = client.post(reverse("payroll:rate_set"), given | {"again": "1"})
    assert changed.context["form"]["amount"].value() == "22,25"
    done = client.post(reverse("payroll:rate_set"), given | {"confirmed": "1"}, follow=True)
    assert "An hour is worth $22.25 from 5 October 2026." in words(done)
    assert HourlyRate.objects.get().amount == Decimal("22.25")


def test_future_rate_says_nothing_of_the_past(client, setter, decision):
    client.force_login(setter)
    given = {"amount": "22.25", "starts_on": "2027-01-04", "decision": decision.pk}
    assert "takes back the difference" not in words(client.post(reverse("payroll:rate_set"), given))


def test_rate_under_the_minimum_wage_is_refused_on_the_form(client, setter, decision):
    client.force_login(setter)
    given = {"amount": "16.00", "starts_on": "2027-01-04", "decision": decision.pk, "confirmed": "1"}
    response = client.post(reverse("payroll:rate_set"), given)
    assert "The minimum wage is $16.60" in words(response)
    assert response.context["form"]["amount"].value() == "16.00"
    assert not HourlyRate.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", "1e3"),
        ("amount", "NaN"),
        ("amount", "0"),
        ("amount", "1000"),
        ("amount", "２２"),
        ("starts_on", "9999-12-31"),
        ("starts_on", "31/31/2026"),
        ("decision", "0"),
        ("decision", "abc"),
        ("decision", "9" * 22),
    ],
)
def test_bad_input_is_a_sentence(client, setter, decision, field, typed):
    client.force_login(setter)
    given = {"amount": "22.25", "starts_on": "2027-01-04", "decision": decision.pk, "confirmed": "1"}
    response = client.post(reverse("payroll:rate_set"), given | {field: typed})
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {field}
    assert not HourlyRate.objects.exists()


@pytest.mark.parametrize("power", [power for power in Power if power != Power.SET_RATE])
def test_other_powers_do_not_set_the_rate(client, decision, power):
    make.cooperative()
    client.force_login(make.person("Zoé", powers=[power]))
    given = {"amount": "22.25", "starts_on": "2027-01-04", "decision": decision.pk, "confirmed": "1"}
    assert client.get(reverse("payroll:rate_set")).status_code == 403
    assert client.post(reverse("payroll:rate_set"), given).status_code == 403
    assert not HourlyRate.objects.exists()
