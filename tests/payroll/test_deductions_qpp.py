"""QPP: exemption, ages, maxima, the second contribution, what is deducted from income."""

from datetime import date
from decimal import Decimal

import pytest

from payroll.deductions import Claims, Invalid
from payroll.deductions.qpp import contributory_months
from tests.payroll.pays import deductions, pay, so_far, year_of


@pytest.mark.parametrize(
    ("periods", "exemption"),
    [
        (52, "67.30"),
        (53, "66.03"),
        (26, "134.61"),
        (27, "129.62"),
        (24, "145.83"),
        (12, "291.66"),
    ],
)
def test_exemption_of_a_period_is_the_year_divided_with_cents_dropped(periods, exemption):
    assert deductions(exemption, periods=periods).qpp == 0
    assert deductions(str(Decimal(exemption) + 100), periods=periods).qpp == Decimal("6.30")


def test_contribution_rounds_half_a_cent_up():
    """0.063 × (139.61 − 134.61) is 0.315."""
    assert deductions("139.61").qpp == Decimal("0.32")


@pytest.mark.parametrize(
    ("born", "on", "months"),
    [
        ("2008-06-15", "2026-06-30", 0),  # turned 18 this month: not yet
        ("2008-06-15", "2026-07-01", 6),  # first pay of the month after
        ("2008-12-31", "2026-12-31", 0),
        ("2008-01-01", "2026-01-31", 0),
        ("2008-01-01", "2026-02-01", 11),
        ("2009-01-01", "2026-12-31", 0),  # 17
        ("2007-12-31", "2026-01-01", 12),  # 18 last year
        ("1953-12-31", "2026-01-01", 0),  # turns 73 this year: none from 1 January
        ("1954-01-01", "2026-12-31", 12),  # turns 72
    ],
)
def test_age_decides_the_months_that_count(born, on, months):
    claims = Claims(birth_date=date.fromisoformat(born))

    assert contributory_months(claims, date.fromisoformat(on)) == months


def test_person_of_17_pays_premiums_but_no_qpp():
    found = deductions(claims=Claims(birth_date=date(2009, 3, 1)))

    assert (found.qpp, found.qpp2, found.pensionable) == (0, 0, 0)
    assert (found.ei, found.qpip) == (Decimal("26.00"), Decimal("8.60"))


def test_maximum_is_prorated_the_year_of_turning_18():
    """Born in June: 6 months of 12, so 2,239.65 and 208.00 from an MPE of 37,300."""
    claims = Claims(birth_date=date(2008, 6, 15))
    pays = [pay("9000.00", periods=12, on=f"2026-{month:02}-15", claims=claims) for month in range(1, 13)]

    done, year = year_of(pays)

    assert [each.qpp for each in done[:6]] == [0] * 6
    assert year.qpp == Decimal("2239.65")
    assert year.qpp2 == Decimal("208.00")
    assert year.pensionable == Decimal("54000.00")


def test_stopping_from_65_takes_effect_on_its_date_and_keeps_the_maximum_whole():
    claims = Claims(birth_date=date(1960, 2, 1), qpp_stops_on=date(2026, 7, 1))

    before = deductions("9000.00", periods=12, on="2026-06-30", claims=claims, before=so_far(qpp="4000"))
    after = deductions("9000.00", periods=12, on="2026-07-01", claims=claims, before=so_far(qpp="2000"))

    assert before.qpp == Decimal("479.30")
    assert (after.qpp, after.qpp2, after.pensionable) == (0, 0, 0)


def test_contributions_made_before_stopping_keep_their_federal_credit():
    stopped = Claims(birth_date=date(1960, 2, 1), qpp_stops_on=date(2026, 7, 1))

    with_credit = deductions(on="2026-07-15", claims=stopped, before=so_far(qpp="1500"))
    without = deductions(on="2026-07-15", claims=stopped)

    assert with_credit.federal_tax < without.federal_tax


def test_stopping_before_65_is_refused():
    with pytest.raises(Invalid, match="before the person is 65; on 2026-06-30 they are 64"):
        Claims(birth_date=date(1961, 7, 1), qpp_stops_on=date(2026, 6, 30))


def test_stopping_needs_a_date_of_birth():
    with pytest.raises(Invalid, match="needs the person's date of birth"):
        Claims(qpp_stops_on=date(2026, 6, 30))


def test_amount_paid_alone_has_no_exemption():
    assert deductions("0.00", nonperiodic="1000.00").qpp == Decimal("63.00")


def test_exemption_already_used_in_the_period_is_not_given_twice():
    assert deductions("1000.00", exemption_used=True).qpp == Decimal("63.00")
    assert deductions("1000.00").qpp == Decimal("54.52")


def test_maximum_stops_the_contribution_in_the_pay_that_reaches_it():
    assert deductions(before=so_far(qpp="4400.00")).qpp == Decimal("79.30")
    assert deductions(before=so_far(qpp="4479.30")).qpp == 0
    assert deductions(before=so_far(qpp="5000.00")).qpp == 0


def test_second_contribution_begins_above_the_first_ceiling_and_stops_at_the_second():
    def second(pensionable, qpp2="0"):
        before = so_far(qpp="4479.30", pensionable=pensionable, qpp2=qpp2)
        return deductions("4000.00", before=before).qpp2

    assert second("70000.00") == 0
    assert second("70600.00") == 0
    assert second("72000.00") == Decimal("56.00")
    assert second("76000.00", "56.00") == Decimal("160.00")
    assert second("84000.00", "376.00") == Decimal("40.00")
    assert second("88000.00", "416.00") == 0


def test_only_pensionable_earnings_bear_contributions():
    assert deductions("2000.00", pensionable="1500.00").qpp == deductions("1500.00").qpp
    assert deductions("2000.00", pensionable="0.00").qpp == 0


def test_cpp_withheld_before_a_transfer_counts_in_the_maximum_at_the_ratio_of_rates():
    """1,000 of CPP at 5.95 % is 1,058.82 of QPP at 6.30 %."""
    before = so_far(cpp="1000.00", qpp="3400.00")

    assert deductions(before=before).qpp == Decimal("20.48")


def test_additional_contributions_are_split_between_regular_and_non_periodic_pay():
    """C = 87.38; 1 ÷ 6.4 of it is 13.65, a third of which is for 500 out of 1,500."""
    found = deductions("1000.00", nonperiodic="500.00", on="2024-10-25")

    assert found.qpp == Decimal("87.38")
    assert found.nonperiodic_f5 == Decimal("4.55")


def test_employer_pays_the_same():
    found = deductions("8000.00", periods=12, before=so_far(pensionable="72000.00", qpp="4400.00"))

    assert (found.qpp_employer, found.qpp2_employer) == (found.qpp, found.qpp2)
    assert found.qpp2 == Decimal("216.00")
