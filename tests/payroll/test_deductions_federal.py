"""Federal tax: claims, credits, non-periodic pay."""

from datetime import date
from decimal import Decimal

import pytest

from payroll.deductions import Claims, edition_on, explain
from payroll.deductions.federal import basic_personal_amount
from payroll.deductions.values import YearToDate
from tests.payroll.pays import deductions, pay, so_far

LUMP = "federal_tax_nonperiodic"
FEDERAL_2026 = edition_on(date(2026, 1, 15)).federal


def amounts(symbols, name="federal_tax", before=None, **inputs):
    found = {step.symbol: step.amount for step in explain(pay(**inputs), before or YearToDate())[name]}
    return tuple(found[symbol] for symbol in symbols.split())


@pytest.mark.parametrize(
    ("income", "amount"),
    [
        ("0", "16452"),
        ("181440.00", "16452"),
        ("181440.01", "16452.00"),
        ("219961.00", "15640.50"),  # halfway
        ("258481.99", "14829.00"),
        ("258482.00", "14829"),
        ("500000", "14829"),
    ],
)
def test_basic_personal_amount_shrinks_between_two_incomes(income, amount):
    assert basic_personal_amount(Decimal(income), FEDERAL_2026) == Decimal(amount)


def test_no_form_means_the_basic_personal_amount():
    assert deductions().federal_tax == deductions(claims=Claims(federal_claim=Decimal("16452"))).federal_tax


def test_high_income_without_a_form_loses_part_of_the_basic_amount():
    """26 × (10,000 − 98.65); 75,995.10 past the start of 77,042.00: 1,600.95 of 1,623 is lost."""
    assert amounts("A TC", gross="10000.00") == (Decimal("257435.10"), Decimal("14851.05"))


def test_exempt_person_has_no_federal_tax_at_all():
    exempt = Claims(federal_exempt=True, federal_extra_tax=Decimal("50"))
    found = deductions(nonperiodic="5000.00", claims=exempt)

    assert (found.federal_tax, found.federal_tax_nonperiodic) == (0, 0)
    assert found.quebec_tax > 0


def test_extra_tax_is_added_to_each_pay_even_without_any_other():
    extra = Claims(federal_extra_tax=Decimal("25.00"))

    assert deductions(claims=extra).federal_tax == Decimal("160.30")
    assert deductions("100.00", claims=extra).federal_tax == Decimal("25.00")


def test_savings_and_dues_lower_the_estimated_income_by_their_year():
    (plain,) = amounts("A")

    assert amounts("A", rpp="100.00") == (plain - 2600,)
    assert amounts("A", union_dues="20.00") == (plain - 520,)


def test_remote_area_and_authorised_deductions_are_for_the_year():
    (plain,) = amounts("A")
    claims = Claims(federal_remote_area=Decimal("4015"), federal_deduction=Decimal("1000"))

    assert amounts("A", claims=claims) == (plain - 5015,)


def test_authorised_credit_lowers_the_tax_of_the_year():
    (plain,) = amounts("T3")

    assert amounts("T3", claims=Claims(federal_credit=Decimal("260.00"))) == (plain - 260,)


def test_labour_fund_shares_give_fifteen_percent_up_to_750_a_year():
    assert amounts("LCF", ftq_shares="50.00", fondaction_shares="50.00") == (Decimal("390.00"),)
    assert amounts("LCF", ftq_shares="500.00") == (Decimal("750"),)


def test_credit_for_employment_is_at_most_the_lowest_rate_of_its_amount():
    assert amounts("K4") == (Decimal("210.14"),)
    assert amounts("K4", gross="20.00") == (Decimal("72.80"),)


def test_credit_uses_the_maximum_from_the_pay_that_reaches_it():
    """A low pay at the end of a year that began high: annualised it would credit less."""
    before = so_far(qpp="4470.00", ei="890.00", qpip="440.00", pensionable="74000.00")

    assert amounts("QC EC PC", gross="1000.00", before=before) == (
        Decimal("3768.30"),
        Decimal("895.70"),
        Decimal("442.90"),
    )


def test_credit_uses_what_was_contributed_when_it_is_more_than_the_annualised_amount():
    before = so_far(qpp="3150.00", ei="600.00", qpip="300.00")

    assert amounts("QC EC PC", gross="500.00", before=before) == (
        Decimal("2650.00"),
        Decimal("600.00"),
        Decimal("300.00"),
    )


def test_credit_annualises_the_pay_when_that_is_more():
    assert amounts("EC PC", before=so_far(ei="26.00", qpip="8.60")) == (Decimal("676.00"), Decimal("223.60"))


def test_credit_maximum_is_prorated_the_year_of_turning_18():
    claims = Claims(birth_date=date(2008, 6, 15))

    assert amounts("QC", gross="9000.00", claims=claims, on="2026-08-15") == (Decimal("1884.15"),)


def test_cpp_credited_before_a_transfer_lowers_the_credit_maximum():
    """551.61 of CPP: (5.4 − 4.95) ÷ 5.95 of it is 41.72 (PDOC 2024)."""
    before = so_far(cpp="551.61", qpp="593.33", ei="264.00", pensionable="20000.00")

    assert amounts("QC", gross="4000.00", periods=24, on="2024-06-15", before=before) == (Decimal("3468.28"),)


def test_lump_sum_is_taxed_at_the_difference_it_makes_to_the_year():
    with_lump, without = amounts("T1w T1n", "federal_tax_nonperiodic", nonperiodic="1000.00")

    assert deductions(nonperiodic="1000.00").federal_tax_nonperiodic == with_lump - without


def test_lump_sum_does_not_change_the_tax_on_the_regular_pay_beyond_its_contributions():
    (alone,) = amounts("A")
    (beside,) = amounts("A", nonperiodic="1000.00")

    assert abs(alone - beside) <= Decimal("26") * Decimal("1.40")


def test_flat_ten_percent_when_the_year_stays_under_5000():
    assert deductions("100.00", nonperiodic="400.00").federal_tax_nonperiodic == Decimal("40.00")


def test_earlier_lump_sums_of_the_year_count_in_the_bracket_of_a_later_one():
    """The year reaches the second bracket only with the 20,000 already paid."""
    first = deductions(nonperiodic="1000.00").federal_tax_nonperiodic
    later = deductions(nonperiodic="1000.00", before=so_far(nonperiodic="20000.00"))

    assert later.federal_tax_nonperiodic > first


def test_lump_sum_paid_alone_is_taxed_with_the_usual_pay():
    """Beside a usual pay or alone with that pay in mind, the same bracket applies."""
    alone = deductions("0.00", nonperiodic="1000.00", usual_gross="3000.00")
    beside = deductions("3000.00", nonperiodic="1000.00")

    assert alone.federal_tax == 0
    assert abs(alone.federal_tax_nonperiodic - beside.federal_tax_nonperiodic) < Decimal("3.00")


def test_lump_sum_paid_alone_asks_for_no_extra_tax_on_a_regular_pay_that_is_not_there():
    extra = Claims(federal_extra_tax=Decimal("25.00"), quebec_extra_tax=Decimal("30.00"))
    found = deductions("0.00", nonperiodic="1000.00", claims=extra)

    assert (found.federal_tax, found.quebec_tax) == (0, 0)


def test_savings_withheld_from_a_lump_sum_lower_its_tax():
    plain = deductions(nonperiodic="1000.00").federal_tax_nonperiodic

    assert deductions(nonperiodic="1000.00", rpp_nonperiodic="400.00").federal_tax_nonperiodic < plain


def test_deductions_larger_than_the_regular_pay_come_off_the_lump_sum():
    """40,000 alone, 10,000 authorised: 29,600.00 after 400 of QPP, 4,144.00 − 2,303.28 − 393.68 − 210.14."""
    claims = Claims(federal_deduction=Decimal("10000"))

    assert amounts("Ay Aw T3w TB", LUMP, gross="0.00", nonperiodic="40000.00", claims=claims) == (
        Decimal("-10000.00"),
        Decimal("29600.00"),
        Decimal("1236.90"),
        Decimal("1032.81"),
    )


def test_flat_rate_looks_at_what_the_deductions_leave():
    """26 × 100 and a bonus of 4,000 make 6,600: over the limit of 5,000, unless 2,000 are deducted."""
    deducted = Claims(federal_deduction=Decimal("2000"))

    assert deductions("100.00", nonperiodic="4000.00").federal_tax_nonperiodic == 0
    found = deductions("100.00", nonperiodic="4000.00", claims=deducted)
    assert found.federal_tax_nonperiodic == Decimal("400.00")


@pytest.mark.parametrize(
    ("gross", "tax"),
    [("2861.04", "289.05"), ("2179.84", "173.35")],
    ids=["second bracket", "first threshold"],
)
def test_pay_without_pension_contributions_agrees_with_the_calculator(gross, tax):
    """PDOC 2026 for someone exempt from the QPP: neither its credit nor its deduction."""
    claims = Claims(birth_date=date(2010, 1, 1), federal_claim=Decimal("16452"))
    found = deductions(gross, on="2026-07-29", periods=27, claims=claims)

    assert (found.qpp, found.federal_tax) == (0, Decimal(tax))


@pytest.mark.parametrize(
    ("claim", "credit"),
    [
        ("0", "0.00"),
        ("16452.00", "2303.28"),
        ("17868.50", "2501.59"),
        ("20701.50", "2898.21"),
        ("23534.50", "3294.83"),
        ("26367.50", "3691.45"),
        ("29200.50", "4088.07"),
        ("32033.50", "4484.69"),
        ("34866.50", "4881.31"),
        ("37699.50", "5277.93"),
        ("40532.50", "5674.55"),
    ],
)
def test_claim_codes_give_the_printed_credits(claim, credit):
    """T4127, 122nd edition, table 8.9: codes 0 to 10."""
    assert amounts("K1", claims=Claims(federal_claim=Decimal(claim))) == (Decimal(credit),)
