"""Employment insurance: premiums of a Québec employee and of the employer.

Source: T4127, chapter 7.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from .explanation import Row, Step, steps
from .money import ZERO, cents
from .parameters import Contributions
from .refusals import gettext_noop
from .values import Pay, YearToDate


class Ei(NamedTuple):
    """The EI worksheet of one pay; dollars and cents.

    `IE` insurable earnings, `D1` premiums already withheld and `A` those the
    employer already paid, `EIP` and `EIB` the premiums on the regular and non-periodic parts before the yearly maximum.
    """

    IE: Decimal
    r: Decimal
    EImax: Decimal
    D1: Decimal
    EI: Decimal
    m: Decimal
    employer_max: Decimal
    A: Decimal
    employer: Decimal
    EIP: Decimal
    EIB: Decimal
    is_maximum_reached: bool


def insurable(pay: Pay) -> tuple[Decimal, Decimal, Decimal]:
    """Insurable earnings: of the whole pay, of a usual regular pay, of the rest."""
    earnings = pay.gross + pay.nonperiodic if pay.insurable is None else pay.insurable
    nonperiodic = min(pay.nonperiodic, earnings)
    return earnings, pay.usual_gross or earnings - nonperiodic, nonperiodic


def assess(pay: Pay, so_far: YearToDate, table: Contributions) -> Ei:
    """The premiums on this pay: nothing when the employment is not insurable."""
    earnings, periodic, nonperiodic = (ZERO,) * 3 if pay.ei_exempt else insurable(pay)
    premium = max(ZERO, min(table.ei_maximum - so_far.ei, cents(table.ei_rate * earnings)))
    return Ei(
        IE=earnings,
        r=table.ei_rate,
        EImax=table.ei_maximum,
        D1=so_far.ei,
        EI=premium,
        m=table.ei_employer_multiple,
        employer_max=table.ei_employer_maximum,
        A=so_far.ei_employer,
        employer=max(
            ZERO,
            min(
                table.ei_employer_maximum - so_far.ei_employer,
                cents(table.ei_employer_multiple * premium),
            ),
        ),
        EIP=cents(table.ei_rate * periodic),
        EIB=cents(table.ei_rate * nonperiodic),
        is_maximum_reached=so_far.ei + premium >= table.ei_maximum,
    )


ROWS = (
    Row("IE", gettext_noop("Insurable earnings in this pay")),
    Row("r", gettext_noop("Rate"), key="ei_rate"),
    Row("EImax", gettext_noop("Most for the year"), key="ei_maximum"),
    Row("D1", gettext_noop("Already withheld this year")),
    Row(
        "EI",
        gettext_noop("Premium for this pay"),
        "max(0, min({EImax} − {D1}, {r} × {IE}))",
    ),
)

EMPLOYER_ROWS = (
    Row("EI", gettext_noop("Employee's premium for this pay")),
    Row("m", gettext_noop("Employer's multiple"), key="ei_employer_multiple"),
    Row("employer_max", gettext_noop("Most for the year"), key="ei_employer_maximum"),
    Row("A", gettext_noop("Already paid this year")),
    Row(
        "employer",
        gettext_noop("Employer's premium for this pay"),
        "max(0, min({employer_max} − {A}, {m} × {EI}))",
    ),
)

NOT_INSURABLE_ROWS = (Row("EI", gettext_noop("No premium: this employment is not insurable")),)


def explain(sheet: Ei, pay: Pay, table: Contributions) -> tuple[Step, ...]:
    """The steps to the employee's premium, or why there is none."""
    return steps(NOT_INSURABLE_ROWS if pay.ei_exempt else ROWS, sheet, table)
