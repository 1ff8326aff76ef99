"""EI and QPIP: insurable earnings, maxima, the employer's part."""

from decimal import Decimal

from tests.payroll.pays import deductions, so_far


def test_premiums_are_on_the_whole_pay_from_the_first_dollar():
    found = deductions("1000.00", nonperiodic="500.00")

    assert (found.ei, found.qpip) == (Decimal("19.50"), Decimal("6.45"))


def test_only_insurable_earnings_bear_premiums():
    found = deductions("4300.00", nonperiodic="2000.00", insurable="6000.00", periods=24, on="2024-05-31")

    assert (found.ei, found.qpip, found.qpip_employer) == (
        Decimal("79.20"),
        Decimal("29.64"),
        Decimal("41.52"),
    )
    assert found.qpp == Decimal("393.87")


def test_nothing_is_insurable_when_told_so():
    found = deductions(insurable="0.00")

    assert (found.ei, found.ei_employer, found.qpip, found.qpip_employer) == (0, 0, 0, 0)


def test_employment_not_insurable_under_ei_still_bears_qpip():
    found = deductions(ei_exempt=True)

    assert (found.ei, found.ei_employer) == (0, 0)
    assert (found.qpip, found.qpip_employer) == (Decimal("8.60"), Decimal("12.04"))


def test_no_ei_premium_means_no_federal_credit_for_it():
    assert deductions(ei_exempt=True).federal_tax > deductions().federal_tax


def test_ei_stops_in_the_pay_that_reaches_the_maximum():
    assert deductions(before=so_far(ei="885.70")).ei == Decimal("10.00")
    assert deductions(before=so_far(ei="895.70")).ei == 0
    assert deductions(before=so_far(ei="900.00")).ei == 0


def test_employer_ei_is_1_4_times_the_premium_withheld():
    found = deductions(before=so_far(ei="885.70"))

    assert found.ei_employer == Decimal("14.00")


def test_qpip_stops_for_each_side_at_its_own_maximum():
    found = deductions(before=so_far(qpip="440.00", qpip_employer="610.06"))

    assert (found.qpip, found.qpip_employer) == (Decimal("2.90"), Decimal("10.00"))
