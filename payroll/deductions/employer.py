"""What only the employer pays on a pay: HSF, labour standards, workplace accidents.

Sources: Revenu Québec, health services fund and contribution related to labour
standards; CNESST. The labour standards contribution is remitted once a year,
with the RL-1 summary; here it is counted as it builds up.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from .explanation import Row
from .money import ZERO, cents
from .parameters import EmployerContributions
from .refusals import gettext_noop
from .values import Employer, Pay, YearToDate

MILLION = Decimal(1_000_000)
HUNDRED = Decimal(100)


class EmployerAmounts(NamedTuple):
    """The employer's worksheet of one pay, in dollars; `W` and `cnesst_rate` are percentages."""

    S: Decimal
    W: Decimal
    HSF: Decimal
    SN: Decimal
    rn: Decimal
    CNT: Decimal
    SC: Decimal
    rc: Decimal
    CNESST: Decimal


def hsf_rate(employer: Employer, table: EmployerContributions) -> Decimal:
    """The health services fund rate of the year, a percentage with two decimals.

    Small under the lower limit of total payroll, full from the upper one, and
    on a straight line in between.
    """
    if employer.sector == "public" or employer.total_payroll >= table.hsf_upper_payroll:
        return table.hsf_large_rate
    is_primary = employer.sector == "primary_manufacturing"
    if employer.total_payroll <= table.hsf_lower_payroll:
        return table.hsf_primary_small_rate if is_primary else table.hsf_small_rate
    intercept = table.hsf_primary_intercept if is_primary else table.hsf_intercept
    slope = table.hsf_primary_slope if is_primary else table.hsf_slope
    return cents(intercept + slope * employer.total_payroll / MILLION)


def assess(pay: Pay, so_far: YearToDate, table: EmployerContributions) -> EmployerAmounts:
    """The employer's own contributions on this pay."""
    gross = pay.gross + pay.nonperiodic
    rate = hsf_rate(pay.employer, table)
    standards = max(ZERO, min(gross, table.labour_standards_maximum - so_far.gross))
    accidents = max(ZERO, min(gross, table.cnesst_maximum - so_far.gross))
    return EmployerAmounts(
        S=gross,
        W=rate,
        HSF=cents(gross * rate / HUNDRED),
        SN=standards,
        rn=table.labour_standards_rate,
        CNT=cents(standards * table.labour_standards_rate),
        SC=accidents,
        rc=pay.employer.cnesst_rate,
        CNESST=cents(accidents * pay.employer.cnesst_rate / HUNDRED),
    )


HSF_ROWS = (
    Row("S", gettext_noop("Whole pay")),
    Row("W", gettext_noop("Rate for the employer's total payroll, %"), key="hsf_small_rate"),
    Row("HSF", gettext_noop("Employer's contribution for this pay"), "{S} × {W} ÷ 100"),
)

LABOUR_STANDARDS_ROWS = (
    Row("SN", gettext_noop("Pay up to the year's ceiling"), key="labour_standards_maximum"),
    Row("rn", gettext_noop("Rate"), key="labour_standards_rate"),
    Row("CNT", gettext_noop("Employer's contribution for this pay"), "{SN} × {rn}"),
)

CNESST_ROWS = (
    Row("SC", gettext_noop("Pay up to the year's ceiling"), key="cnesst_maximum"),
    Row("rc", gettext_noop("Employer's rate, per $100")),
    Row("CNESST", gettext_noop("Employer's contribution for this pay"), "{SC} × {rc} ÷ 100"),
)
