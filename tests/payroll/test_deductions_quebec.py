"""Québec tax: the deduction for workers, claims, lump sums."""

from datetime import date
from decimal import Decimal

import pytest

from payroll.deductions import Claims, edition_on, explain
from payroll.deductions.quebec import worker_deduction
from payroll.deductions.values import YearToDate
from tests.payroll.pays import deductions, pay, so_far

QUEBEC_2026 = edition_on(date(2026, 1, 15)).quebec


def amounts(symbols, name="quebec_tax", before=None, **inputs):
    found = {step.symbol: step.amount for step in explain(pay(**inputs), before or YearToDate())[name]}
    return tuple(found[symbol] for symbol in symbols.split())


@pytest.mark.parametrize(("periods", "most"), [(52, "27.88"), (26, "55.77"), (24, "60.42"), (12, "120.83")])
def test_worker_deduction_has_a_ceiling_per_pay(periods, most):
    assert worker_deduction(Decimal("9000.00"), periods, QUEBEC_2026) == Decimal(most)


def test_worker_deduction_is_six_percent_of_a_small_pay():
    assert worker_deduction(Decimal("400.00"), 52, QUEBEC_2026) == Decimal("24.00")


def test_no_form_means_the_basic_amount():
    assert deductions().quebec_tax == deductions(claims=Claims(quebec_claim=Decimal("18952"))).quebec_tax


@pytest.mark.parametrize(("claim", "counted"), [("18951.50", "18952"), ("18951.49", "18951")])
def test_claim_is_rounded_to_the_dollar(claim, counted):
    assert amounts("E", claims=Claims(quebec_claim=Decimal(claim))) == (Decimal(counted),)


def test_deductions_and_credits_of_the_year():
    """Monthly 6,000: I = 69,865.08 and A = 658.67; 5,000 less income, 250 more credit: 558.67."""
    claims = Claims(
        quebec_deduction=Decimal("3000"),
        quebec_authorized_deduction=Decimal("2000"),
        quebec_authorized_credit=Decimal("250"),
    )

    assert amounts("I A", gross="6000.00", periods=12) == (Decimal("69865.08"), Decimal("658.67"))
    assert amounts("I A", gross="6000.00", periods=12, claims=claims) == (
        Decimal("64865.08"),
        Decimal("558.67"),
    )


def test_labour_fund_shares_give_fifteen_percent_of_the_year_of_each():
    (plain,) = amounts("Y", gross="4000.00")

    assert amounts("Y", gross="4000.00", ftq_shares="100.00", fondaction_shares="150.00") == (
        plain - Decimal("390.00") - Decimal("585.00"),
    )


def test_cooperative_investment_shares_are_deducted_at_125_percent():
    assert amounts("F", rpp="50.00", cooperative_shares="100.00") == (Decimal("175.00"),)
    assert deductions(cooperative_shares="100.00").federal_tax == deductions().federal_tax


def test_union_dues_change_nothing_in_quebec():
    assert deductions(union_dues="40.00").quebec_tax == deductions().quebec_tax


def test_exempt_person_has_no_quebec_tax_at_all():
    exempt = Claims(quebec_exempt=True, quebec_extra_tax=Decimal("50"))
    found = deductions(nonperiodic="5000.00", claims=exempt)

    assert (found.quebec_tax, found.quebec_tax_nonperiodic) == (0, 0)
    assert found.federal_tax > 0


def test_extra_tax_is_added_to_each_pay_even_without_any_other():
    extra = Claims(quebec_extra_tax=Decimal("25.00"))

    assert deductions(claims=extra).quebec_tax == Decimal("192.53")
    assert deductions("100.00", claims=extra).quebec_tax == Decimal("25.00")


def test_flat_seven_percent_when_the_year_stays_under_the_limit():
    """52 × 200 + 500 = 10,900."""
    found = deductions("200.00", periods=52, nonperiodic="500.00")

    assert (found.quebec_tax, found.quebec_tax_nonperiodic) == (0, Decimal("35.00"))


def test_limit_of_the_flat_rate_belongs_to_it():
    """26 × 700 = 18,200: 752 more reaches 18,952."""
    at = deductions("700.00", nonperiodic="752.00")
    above = deductions("700.00", nonperiodic="752.01")

    assert at.quebec_tax_nonperiodic == Decimal("52.64")
    assert above.quebec_tax_nonperiodic > Decimal("100.00")


def test_earlier_lump_sums_count_towards_the_limit():
    found = deductions("700.00", nonperiodic="500.00", before=so_far(nonperiodic="252.01"))

    assert found.quebec_tax_nonperiodic > Decimal("65.00")


def test_lump_sum_is_taxed_at_the_rate_its_year_reaches():
    (rate,) = amounts("T2", "quebec_tax_nonperiodic", nonperiodic="3000.00")
    (higher,) = amounts("T2", "quebec_tax_nonperiodic", nonperiodic="5000.00")

    assert (rate, higher) == (Decimal("0.14"), Decimal("0.19"))


def test_lump_sum_paid_alone_is_taxed_with_the_usual_pay():
    assert deductions("0.00", nonperiodic="1000.00").quebec_tax_nonperiodic == Decimal("70.00")
    (rate,) = amounts(
        "T2", "quebec_tax_nonperiodic", gross="0.00", nonperiodic="1000.00", usual_gross="3000.00"
    )
    assert rate == Decimal("0.19")
