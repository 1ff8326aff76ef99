"""What only the employer pays."""

from datetime import date
from decimal import Decimal

import pytest

from payroll.deductions import Employer, edition_on
from payroll.deductions.employer import hsf_rate
from tests.payroll.pays import deductions, so_far

TABLE_2026 = edition_on(date(2026, 1, 15)).employer


@pytest.mark.parametrize(
    ("payroll", "sector", "rate"),
    [
        ("0", "other", "1.65"),
        ("1000000", "other", "1.65"),
        ("2500000", "other", "2.23"),  # 1.2662 + 0.3838 × 2.5 = 2.2257
        ("7799999", "other", "4.26"),
        ("7800000", "other", "4.26"),
        ("1000000", "primary_manufacturing", "1.25"),
        ("2500000", "primary_manufacturing", "1.91"),  # 0.8074 + 0.4426 × 2.5 = 1.9139
        ("9000000", "primary_manufacturing", "4.26"),
        ("500000", "public", "4.26"),
    ],
)
def test_hsf_rate_follows_total_payroll(payroll, sector, rate):
    assert hsf_rate(Employer(total_payroll=Decimal(payroll), sector=sector), TABLE_2026) == Decimal(rate)


def test_hsf_is_on_the_whole_pay_without_ceiling():
    assert deductions("2000.00", nonperiodic="500.00").hsf_employer == Decimal("41.25")
    assert deductions("2000.00", before=so_far(gross="500000.00")).hsf_employer == Decimal("33.00")


def test_labour_standards_stop_at_the_ceiling_of_the_year():
    def standards(gross):
        return deductions("2000.00", before=so_far(gross=gross)).labour_standards_employer

    assert standards("0.00") == Decimal("1.20")
    assert standards("102000.00") == Decimal("0.60")
    assert standards("103000.00") == 0


def test_cnesst_is_the_employers_own_rate_on_pay_up_to_the_ceiling():
    employer = Employer(cnesst_rate=Decimal("1.54"))

    assert deductions("2000.00", employer=employer).cnesst_employer == Decimal("30.80")
    assert deductions("2000.00", employer=employer, before=so_far(gross="103000")).cnesst_employer == 0
    assert deductions("2000.00").cnesst_employer == 0
