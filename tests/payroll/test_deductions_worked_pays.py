"""Whole pays worked by hand, every line of them."""

from decimal import Decimal

import pytest

from payroll.deductions import Claims, Employer, explain
from payroll.deductions.values import YearToDate
from tests.payroll.pays import deductions, pay


def test_first_biweekly_pay_of_2026_is_worked_line_by_line():
    """2,000.00 every two weeks, no TD1 and no TP-1015.3-V."""
    found = deductions("2000.00", on="2026-01-15")

    assert found.to_dict() == {
        "federal_tax": "135.30",
        "federal_tax_nonperiodic": "0.00",
        "quebec_tax": "167.53",
        "quebec_tax_nonperiodic": "0.00",
        "qpp": "117.52",
        "qpp2": "0.00",
        "qpip": "8.60",
        "ei": "26.00",
        "qpp_employer": "117.52",
        "qpp2_employer": "0.00",
        "qpip_employer": "12.04",
        "ei_employer": "36.40",
        "hsf_employer": "33.00",
        "labour_standards_employer": "1.20",
        "cnesst_employer": "0.00",
        "pensionable": "2000.00",
        "insurable": "2000.00",
        "nonperiodic_f5": "0.00",
        "editions": ["QPP-QPIP-EI-2026", "T4127-122", "TP-1015.F-V-2026-01", "HSF-CNT-2026"],
    }
    assert Decimal("2000.00") - found.total == Decimal("1545.05")


@pytest.mark.parametrize(
    ("amount", "symbol", "expected"),
    [
        ("federal_tax", "F5Q", "18.65"),
        ("federal_tax", "A", "51515.10"),
        ("federal_tax", "K1", "2303.28"),
        ("federal_tax", "QC", "2570.52"),
        ("federal_tax", "EC", "676.00"),
        ("federal_tax", "PC", "223.60"),
        ("federal_tax", "K2Q", "485.81"),
        ("federal_tax", "K4", "210.14"),
        ("federal_tax", "T3", "4212.88"),
        ("federal_tax", "T1", "3517.75"),
        ("quebec_tax", "H", "55.77"),
        ("quebec_tax", "I", "50065.08"),
        ("quebec_tax", "Y", "4355.83"),
    ],
)
def test_intermediate_amounts_of_that_pay_are_explained(amount, symbol, expected):
    steps = explain(pay("2000.00", on="2026-01-15"), YearToDate())[amount]

    assert {step.symbol: step.amount for step in steps}[symbol] == Decimal(expected)


def test_quebec_example_of_t4127_122nd_edition():
    """Semi-monthly 4,200: C = 255.41 and F5Q = 40.54 (appendix 1)."""
    steps = explain(pay("4200.00", periods=24, on="2026-01-15"), YearToDate())

    assert steps["qpp"][-1].amount == Decimal("255.41")
    assert {step.symbol: step.amount for step in steps["federal_tax"]}["F5Q"] == Decimal("40.54")


def test_bonus_of_webras_2024_counts_hsf_on_the_whole_pay():
    """WebRAS prints an HSF of 103.95 on 4,300 and a bonus of 2,000."""
    found = deductions("4300.00", periods=24, on="2024-05-31", nonperiodic="2000.00")

    assert found.hsf_employer == Decimal("103.95")


def test_what_each_government_receives_adds_up():
    found = deductions("2000.00", on="2026-01-15", employer=Employer(cnesst_rate=Decimal("1.54")))

    to_cra = found.federal_tax + found.ei + found.ei_employer
    to_revenu_quebec = found.quebec_tax + 2 * found.qpp + found.qpip + found.qpip_employer
    assert (to_cra, to_revenu_quebec) == (Decimal("197.70"), Decimal("423.21"))
    assert found.employer_total == Decimal("230.96")
    assert found.cnesst_employer == Decimal("30.80")


def test_pay_too_small_to_be_taxed_still_bears_premiums():
    found = deductions("100.00")

    assert (found.federal_tax, found.quebec_tax) == (0, 0)
    assert (found.qpp, found.ei, found.qpip) == (0, Decimal("1.30"), Decimal("0.43"))


def test_second_job_claims_nothing_and_is_taxed_from_the_first_dollar():
    """H 18.00, CS 1.65: 26 × 280.35 = 7,289.10; 14 % is 1,020.47; ÷ 26."""
    second = Claims(federal_claim=Decimal(0), quebec_claim=Decimal(0))

    assert deductions("300.00", claims=second).quebec_tax == Decimal("39.25")
