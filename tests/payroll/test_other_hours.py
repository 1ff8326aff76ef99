"""« My net if I worked 28 h »: the cents that a pay would have, beside the last one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from members.models import WorkStatus
from payroll import periods, profiles, runs
from payroll.models import PayStub
from tests import make

from . import paid

pytestmark = pytest.mark.django_db

PAGE = reverse("payroll:what_if")
WEEK_OF_28 = {"mon": 7, "tue": 7, "wed": 7, "thu": 7}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def coop():
    return paid.coop()


def ask(client, person, **given):
    client.force_login(person)
    return client.get(PAGE, given)


def words(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def test_28_hours_give_the_cents_that_the_pay_then_has(client, coop):
    """With their own forms and their year so far: asked first, then worked, approved and paid."""
    profiles.declare_taxes(
        coop.ana,
        by=coop.ana,
        starts_on=date(2026, 1, 1),
        federal_claim=Decimal("20000.00"),
        quebec_extra_tax=Decimal("10.00"),
    )
    coop.pay(has_documents=False)
    supposed = ask(client, coop.ana, minutes="28", of="week").context["supposed"]
    second = paid.next_period()
    for starts_on in (second, date(2026, 11, 23)):
        make.approved(coop.ana, starts_on=starts_on, hours=WEEK_OF_28)
    prepared = runs.prepare(periods.starting(second), by=coop.preparer, because=paid.BECAUSE)
    runs.issue(prepared, by=coop.issuer, documents=False)
    stub = PayStub.objects.with_totals().get(person=coop.ana, run=prepared)
    assert supposed.minutes == 56 * 60
    assert (supposed.draft.gross, supposed.draft.net) == (stub.gross, stub.net)
    assert set(supposed.draft.amounts) == {
        (line.side, line.code, line.amount) for line in stub.lines.exclude(side="earning")
    }


def test_rows_foot_and_stand_beside_the_last_pay(client, coop):
    coop.pay(has_documents=False)
    supposed = ask(client, coop.ana, minutes="28").context["supposed"]
    last = PayStub.objects.with_totals().get(person=coop.ana)
    gross, *withheld, net = supposed.rows
    assert (gross.last, net.last) == (last.gross, last.net)
    assert net.then == gross.then - sum(row.then for row in withheld)
    assert net.last == gross.last - sum(row.last for row in withheld)
    assert supposed.last_minutes == 42 * 60


def test_hours_of_the_period_are_the_same_as_of_its_weeks(client, coop):
    by_week = ask(client, coop.ana, minutes="28").context["supposed"]
    by_period = ask(client, coop.ana, minutes="56h", of="period").context["supposed"]
    assert by_week.draft == by_period.draft


def test_agreed_hours_are_computed_at_first(client, coop):
    response = ask(client, coop.ana)
    assert response.context["supposed"].minutes == 70 * 60
    assert response.context["supposed"].last is None
    assert response.context["form"]["minutes"].value() == "35"


def test_page_says_that_it_is_an_estimate_and_which_edition(client, coop):
    text = words(ask(client, coop.ana, minutes="28"))
    assert "An estimate: nothing is kept" in text
    assert "Computed with the tables" in text
    assert "T4127" in text


def test_hours_beyond_forty_a_week_count_with_their_half(client, coop):
    supposed = ask(client, coop.ana, minutes="42").context["supposed"]
    assert supposed.overtime == 4 * 60
    assert supposed.draft.gross == Decimal("21.50") * 80 + Decimal("21.50") * 6


def test_hours_that_go_to_the_bank_are_not_paid(client, coop):
    """Asked first, then worked, approved and paid: the same cents, and the hours are in the bank."""
    coop.pay(has_documents=False)
    profiles.bank_overtime(coop.ana, by=coop.ana, starts_on=paid.next_period(), asked_on=paid.PERIOD)
    page = ask(client, coop.ana, minutes="42")
    supposed = page.context["supposed"]
    assert (supposed.banked, supposed.overtime, supposed.minutes) == (4 * 60, 0, 80 * 60)
    assert "go to your bank" in words(page)
    for number in (0, 1):
        starts_on = paid.next_period() + timedelta(days=7 * number)
        make.approved(coop.ana, starts_on=starts_on, hours=paid.WEEK)
    run = coop.pay(paid.next_period(), has_documents=False)
    assert PayStub.objects.with_totals().get(person=coop.ana, run=run).net == supposed.draft.net


def test_exemption_of_an_off_cycle_pay_is_not_given_twice(client, coop):
    coop.pay(has_documents=False)
    second = paid.next_period()
    make.approved(coop.ana, starts_on=second, hours=WEEK_OF_28)
    run = runs.prepare_off_cycle(
        [coop.ana],
        through=date(2026, 11, 22),
        pay_on=date(2026, 11, 25),
        by=coop.preparer,
        because="Avance",
        rest=paid.BECAUSE,
    )
    runs.issue(run, by=coop.issuer, documents=False)
    page = ask(client, coop.ana, minutes="28h", of="period")
    supposed = page.context["supposed"]
    assert "already had the QPP exemption" in words(page)
    make.approved(coop.ana, starts_on=date(2026, 11, 23), hours=WEEK_OF_28)
    stub = coop.pay(second, has_documents=False).stubs.get(person=coop.ana)
    assert {line.code: line.amount for line in stub.lines.filter(side="deduction")} == {
        code: amount for side, code, amount in supposed.draft.amounts if side == "deduction"
    }


def test_freelancer_sees_the_price_with_both_taxes(client, coop):
    supposed = ask(client, coop.bo, minutes="10").context["supposed"]
    assert [row.then for row in supposed.rows] == [
        Decimal("430.00"),
        Decimal("21.50"),
        Decimal("42.89"),
        Decimal("494.39"),
    ]


def test_pay_date_past_the_tables_is_computed_on_their_last_day_and_says_so(client, coop):
    with time_machine.travel("2027-01-05 15:00:00+00:00", tick=False):
        response = ask(client, coop.ana, minutes="28")
    assert "The tables do not reach the next pay date yet" in words(response)


def test_person_without_work_is_told(client, coop):
    WorkStatus.objects.filter(person=coop.ana).delete()
    assert "You have no work status" in words(ask(client, coop.ana, minutes="28"))


@pytest.mark.parametrize("typed", ["", "0", "-3", "abc", "169", "9" * 12, "<script>alert(1)</script>"])
def test_bad_hours_are_a_sentence_and_stay_typed(client, coop, typed):
    response = ask(client, coop.ana, minutes=typed)
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"minutes"}
    assert "supposed" not in response.context
    assert response.context["form"]["minutes"].value() == typed
    assert "<script>alert" not in words(response)


def test_page_asks_a_constant_number_of_queries(client, coop, django_assert_num_queries):
    ask(client, coop.ana, minutes="28")
    for number in (0, 1, 2):
        first = paid.next_period(number)
        if number:
            make.approved(coop.ana, starts_on=first, hours=paid.WEEK)
        coop.pay(first, has_documents=False)
        ask(client, coop.ana, minutes="28")
        with django_assert_num_queries(18):
            client.get(PAGE, {"minutes": "28"})
