"""Québec parental insurance plan: premiums of the employee and of the employer.

Source: TP-1015.F-V, section 4.1; the premium of a pay is taken to the nearest
cent. There is no age limit, and no exemption.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from .ei import insurable
from .explanation import Row
from .money import ZERO, cents
from .parameters import Cited, Contributions
from .refusals import gettext_noop
from .values import Pay, YearToDate


class Qpip(NamedTuple):
    """The QPIP worksheet of one pay; dollars and cents.

    `IQ` insurable earnings, of which `IQP` and `IQB` regular and non-periodic;
    `A6` and `A7` the premiums already paid by the employee and the employer.
    """

    IQ: Decimal
    r: Decimal
    QPIPmax: Decimal
    A6: Decimal
    QPIP: Decimal
    re: Decimal
    employer_max: Decimal
    A7: Decimal
    employer: Decimal
    IQP: Decimal
    IQB: Decimal
    is_maximum_reached: bool


def assess(pay: Pay, so_far: YearToDate, table: Contributions) -> Qpip:
    """The premiums on this pay."""
    earnings, periodic, nonperiodic = insurable(pay)
    premium = max(ZERO, min(table.qpip_maximum - so_far.qpip, cents(table.qpip_rate * earnings)))
    employer = max(
        ZERO,
        min(
            table.qpip_employer_maximum - so_far.qpip_employer,
            cents(table.qpip_employer_rate * earnings),
        ),
    )
    return Qpip(
        IQ=earnings,
        r=table.qpip_rate,
        QPIPmax=table.qpip_maximum,
        A6=so_far.qpip,
        QPIP=premium,
        re=table.qpip_employer_rate,
        employer_max=table.qpip_employer_maximum,
        A7=so_far.qpip_employer,
        employer=employer,
        IQP=periodic,
        IQB=nonperiodic,
        is_maximum_reached=so_far.qpip + premium >= table.qpip_maximum,
    )


# The guide itself was not read, nor whether it rounds the premium of a pay to the nearest cent.
SOURCE = Cited(
    "TP-1015.F-V, section 4.1, as transcribed; taken to the nearest cent",
    "TP-1015.F, section 4.1, d’après une transcription ; au cent le plus près",
)

ROWS = (
    Row("IQ", gettext_noop("Insurable earnings in this pay")),
    Row("r", gettext_noop("Rate"), key="qpip_rate"),
    Row("QPIPmax", gettext_noop("Most for the year"), key="qpip_maximum"),
    Row("A6", gettext_noop("Already withheld this year")),
    Row(
        "QPIP",
        gettext_noop("Premium for this pay"),
        "max(0, min({QPIPmax} − {A6}, {r} × {IQ}))",
        source=SOURCE,
        confidence="T",
    ),
)

EMPLOYER_ROWS = (
    Row("IQ", gettext_noop("Insurable earnings in this pay")),
    Row("re", gettext_noop("Employer's rate"), key="qpip_employer_rate"),
    Row("employer_max", gettext_noop("Most for the year"), key="qpip_employer_maximum"),
    Row("A7", gettext_noop("Already paid this year")),
    Row(
        "employer",
        gettext_noop("Employer's premium for this pay"),
        "max(0, min({employer_max} − {A7}, {re} × {IQ}))",
        source=SOURCE,
        confidence="T",
    ),
)
