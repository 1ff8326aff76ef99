"""The values a pay is computed from: what they refuse, and how they are stored."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from payroll.deductions import Claims, Employer, Invalid, Pay, YearToDate, compute
from tests.payroll.pays import pay, so_far

FULL = Pay(
    pay_date=date(2026, 5, 15),
    periods_per_year=26,
    gross=Decimal("2000.00"),
    nonperiodic=Decimal("500.00"),
    rpp=Decimal("50.00"),
    rpp_nonperiodic=Decimal("20.00"),
    union_dues=Decimal("10.00"),
    ftq_shares=Decimal("20.00"),
    fondaction_shares=Decimal("30.00"),
    cooperative_shares=Decimal("40.00"),
    pensionable=Decimal("2400.00"),
    insurable=Decimal("2300.00"),
    exemption_used=True,
    ei_exempt=False,
    claims=Claims(
        birth_date=date(1959, 3, 2),
        qpp_stops_on=date(2026, 7, 1),
        federal_claim=Decimal("17000"),
        federal_extra_tax=Decimal("5.00"),
        federal_remote_area=Decimal("100"),
        federal_deduction=Decimal("200"),
        federal_credit=Decimal("30"),
        quebec_claim=Decimal("20000"),
        quebec_extra_tax=Decimal("6.00"),
        quebec_deduction=Decimal("300"),
        quebec_authorized_deduction=Decimal("400"),
        quebec_authorized_credit=Decimal("50"),
    ),
    employer=Employer(
        total_payroll=Decimal("1500000"), sector="primary_manufacturing", cnesst_rate=Decimal("1.54")
    ),
)


def test_stored_inputs_give_the_same_pay_and_the_same_cents():
    before = so_far(qpp="100.00", nonperiodic="50.00", nonperiodic_f5="1.23", gross="4000.00")
    stored = json.loads(json.dumps({"pay": FULL.to_dict(), "so_far": before.to_dict()}))

    again, year = Pay.from_dict(stored["pay"]), YearToDate.from_dict(stored["so_far"])

    assert (again, year) == (FULL, before)
    assert compute(again, year) == compute(FULL, before)


def test_what_is_stored_names_every_input():
    stored = pay("2000.00").to_dict()

    assert stored["gross"] == "2000.00"
    assert stored["pay_date"] == "2026-05-15"
    assert stored["claims"]["federal_claim"] is None
    assert stored["employer"]["sector"] == "other"


def test_input_added_since_takes_its_default_when_read_back():
    stored = pay("2000.00").to_dict()
    del stored["cooperative_shares"], stored["claims"]["quebec_extra_tax"]

    assert Pay.from_dict(stored) == pay("2000.00")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"tips": "5.00"}, "“tips” is not something"),
        ({"gross": 2000}, "“gross” must be an amount"),
        ({"gross": "much"}, "“gross” must be an amount"),
        ({"gross": "NaN"}, "“gross” must be an amount"),
        ({"pay_date": "soon"}, "“pay_date” must be a date"),
        ({"claims": "TD1"}, "not the inputs of a pay"),
        ({"ei_exempt": "no"}, "“ei_exempt” must be yes or no"),
    ],
)
def test_spoiled_store_is_refused(change, sentence):
    with pytest.raises(Invalid, match=sentence):
        Pay.from_dict(pay("2000.00").to_dict() | change)


@pytest.mark.parametrize("name", ["pay_date", "periods_per_year", "gross"])
def test_store_without_what_every_pay_has_is_refused(name):
    stored = pay("2000.00").to_dict()
    del stored[name]

    with pytest.raises(Invalid, match=f"“{name}” is missing"):
        Pay.from_dict(stored)


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"gross": Decimal("-0.01")}, "“gross” cannot be negative"),
        ({"gross": 2000.0}, "“gross” must be an amount in dollars and cents"),
        ({"gross": "2000"}, "“gross” must be an amount in dollars and cents"),
        ({"gross": Decimal("NaN")}, "“gross” must be an amount"),
        ({"gross": Decimal("Infinity")}, "“gross” must be an amount"),
        ({"gross": Decimal("2000.001")}, "“gross” has more than two decimals"),
        ({"gross": Decimal("1e20")}, "larger than any amount"),
        ({"insurable": Decimal("-1")}, "“insurable” cannot be negative"),
        ({"insurable": Decimal("2000.01")}, "“insurable” .* is more than the whole pay"),
        ({"pensionable": Decimal("2000.01")}, "“pensionable” .* is more than the whole pay"),
        ({"rpp_nonperiodic": Decimal("1.00")}, "More is withheld for retirement"),
        ({"usual_gross": Decimal("1.00")}, "only when there is no regular pay"),
        ({"periods_per_year": 0}, "must be from 1 to 366"),
        ({"periods_per_year": 367}, "must be from 1 to 366"),
        ({"periods_per_year": 26.0}, "must be from 1 to 366"),
        ({"pay_date": "2026-05-15"}, "“pay_date” must be a date"),
        ({"pay_date": datetime(2026, 5, 15, 9)}, "“pay_date” must be a date"),  # noqa: DTZ001
        ({"ei_exempt": 1}, "“ei_exempt” must be yes or no"),
    ],
)
def test_pay_that_cannot_be_is_refused_with_a_sentence(inputs, sentence):
    with pytest.raises(Invalid, match=sentence):
        Pay(**{"pay_date": date(2026, 5, 15), "periods_per_year": 26, "gross": Decimal("2000.00")} | inputs)


def test_claim_cannot_be_negative():
    with pytest.raises(Invalid, match="“federal_claim” cannot be negative"):
        Claims(federal_claim=Decimal("-1"))


def test_sector_must_be_known():
    with pytest.raises(Invalid, match="“farm” is not a sector"):
        Employer(sector="farm")


def test_year_to_date_cannot_be_negative():
    with pytest.raises(Invalid, match="“qpp” cannot be negative"):
        YearToDate(qpp=Decimal("-1"))


def test_year_after_a_pay_adds_what_was_paid_and_withheld():
    each = pay("2000.00", nonperiodic="500.00", rpp_nonperiodic="20.00")
    found = compute(each, so_far(qpp="10.00", cpp="5.00"))

    after = so_far(qpp="10.00", cpp="5.00").after(each, found)

    assert after == YearToDate(
        gross=Decimal("2500.00"),
        pensionable=Decimal("2500.00"),
        qpp=Decimal("10.00") + found.qpp,
        cpp=Decimal("5.00"),
        qpip=found.qpip,
        qpip_employer=found.qpip_employer,
        ei=found.ei,
        ei_employer=found.ei_employer,
        nonperiodic=Decimal("500.00"),
        nonperiodic_f5=found.nonperiodic_f5,
        rpp_nonperiodic=Decimal("20.00"),
    )


def test_refusal_keeps_its_sentence_apart_from_its_words_for_translation():
    with pytest.raises(Invalid) as refused:
        pay("-1.00")

    assert refused.value.message == "“%(field)s” cannot be negative (%(value)s)."
    assert refused.value.params == {"field": "gross", "value": Decimal("-1.00")}
