"""Québec Pension Plan: base and additional contributions of an employee.

The employer pays the same amounts. Source: TP-1015.F-V, section 3, and T4127,
chapter 6; ages: Act respecting the Québec Pension Plan as explained by Revenu
Québec (2023-10-10).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .explanation import Row, Step, steps
from .money import ZERO, cents, share, truncate_cents
from .parameters import Contributions
from .refusals import gettext_noop
from .values import Claims, Pay, YearToDate

FIRST_AGE = 18
LAST_AGE = 72
MONTHS = 12


class Qpp(NamedTuple):
    """The QPP worksheet of one pay, in the guides' symbols; dollars and cents.

    `PI` pensionable earnings of the pay, `B` the non-periodic part of them,
    `Ex` the exemption of the period, `PM` the months of the year that count,
    `D` and `D2` what was already contributed, `S5` the pensionable earnings
    before this pay. `C` is base and first additional, `C2` second additional.
    `F5Q` (Québec's CS) is the additional contributions, deducted from income,
    `F5A` and `F5B` its parts for regular and non-periodic pay. `CP` and `CB`
    are the contributions on each part before any yearly maximum. `Xa`, `Ca`,
    `Ma` and `C2a` are the exemption, the most, the ceiling and the second most
    of a whole year; `Ce` and `C2e` are the employer's contributions.
    """

    P: int
    PI: Decimal
    B: Decimal
    Xa: Decimal
    Ex: Decimal
    r: Decimal
    PM: int
    Ca: Decimal
    Cmax: Decimal
    D: Decimal
    C: Decimal
    Ce: Decimal
    S5: Decimal
    Ma: Decimal
    W: Decimal
    r2: Decimal
    C2a: Decimal
    C2max: Decimal
    D2: Decimal
    C2: Decimal
    C2e: Decimal
    r1: Decimal
    F5Q: Decimal
    F5A: Decimal
    F5B: Decimal
    CP: Decimal
    CB: Decimal
    is_maximum_reached: bool


NO_LONGER = gettext_noop(
    "No contribution: the person asked to stop (form RR-50-V), at 65 or more, with a pension"
)
TOO_OLD = gettext_noop("No contribution: it ends on 1 January of the year in which the person turns 73")
TOO_YOUNG = gettext_noop("No contribution: it begins with the first pay of the month after the 18th birthday")


def exemption_reason(claims: Claims, pay_date: date) -> str:
    """Why this person contributes nothing on this pay, as a msgid; empty when they do."""
    if contributory_months(claims, pay_date):
        return ""
    if claims.qpp_stops_on is not None and pay_date >= claims.qpp_stops_on:
        return NO_LONGER
    is_old = claims.birth_date is not None and pay_date.year - claims.birth_date.year > LAST_AGE
    return TOO_OLD if is_old else TOO_YOUNG


def contributory_months(claims: Claims, pay_date: date) -> int:
    """How many months of the year a person contributes for; 0 when this pay does not.

    Contributions begin with the first pay of the month after the 18th birthday,
    the year's maximum being prorated, and stop for good on 1 January of the
    year in which the person turns 73. From 65, with a pension, the person may
    stop (form RR-50-V), the maximum of that year staying whole.
    """
    if claims.qpp_stops_on is not None and pay_date >= claims.qpp_stops_on:
        return 0
    born = claims.birth_date
    if born is None:
        return MONTHS
    age_this_year = pay_date.year - born.year
    if age_this_year > LAST_AGE or age_this_year < FIRST_AGE:
        return 0
    if age_this_year == FIRST_AGE:
        return MONTHS - born.month if pay_date.month > born.month else 0
    return MONTHS


def basic_exemption(pay: Pay, table: Contributions) -> Decimal:
    """The part of a regular pay that bears no contribution: the year's, divided, cents dropped."""
    return truncate_cents(table.qpp_basic_exemption / pay.periods_per_year)


def assess(pay: Pay, so_far: YearToDate, table: Contributions) -> Qpp:
    """What the person contributes on this pay, and the parts income tax needs."""
    months = contributory_months(pay.claims, pay.pay_date)
    earnings = pay.gross + pay.nonperiodic if pay.pensionable is None else pay.pensionable
    if not months:
        earnings = ZERO
    nonperiodic = min(pay.nonperiodic, earnings)
    rate = table.qpp_rate
    regular_exemption = basic_exemption(pay, table)
    exemption = ZERO if pay.exemption_used or pay.is_paid_alone else regular_exemption

    maximum, maximum2, ceiling = (
        table.qpp_maximum,
        table.qpp2_maximum,
        table.qpp_maximum_pensionable,
    )
    if months != MONTHS:
        part = Decimal(months)
        maximum = share(maximum, part, Decimal(MONTHS))
        maximum2 = share(maximum2, part, Decimal(MONTHS))
        ceiling = share(ceiling, part, Decimal(MONTHS))

    already = so_far.qpp
    if so_far.cpp:
        already += share(so_far.cpp, rate, table.cpp_rate)
    due = max(ZERO, cents(rate * (earnings - exemption)))
    contribution = max(ZERO, min(maximum - already, due))
    over = max(so_far.pensionable, ceiling)
    due2 = cents((so_far.pensionable + earnings - over) * table.qpp2_rate)
    contribution2 = max(ZERO, min(maximum2 - so_far.qpp2, due2)) if months else ZERO

    first = table.qpp_first_additional_rate
    additional = share(contribution, first, rate) + contribution2
    if nonperiodic:
        additional_nonperiodic = share(additional, nonperiodic, earnings)
        additional_periodic = share(additional, earnings - nonperiodic, earnings)
        periodic = max(ZERO, cents(rate * (earnings - nonperiodic - exemption)))
    else:
        additional_nonperiodic = ZERO
        additional_periodic = additional
        periodic = due
    if months and pay.usual_gross:
        periodic = max(ZERO, cents(rate * (pay.usual_gross - regular_exemption)))
        additional_periodic = share(periodic, first, rate)

    return Qpp(
        P=pay.periods_per_year,
        PI=earnings,
        B=nonperiodic,
        Xa=table.qpp_basic_exemption,
        Ex=exemption,
        r=rate,
        PM=months,
        Ca=table.qpp_maximum,
        Cmax=maximum,
        D=already,
        C=contribution,
        Ce=contribution,
        S5=so_far.pensionable,
        Ma=table.qpp_maximum_pensionable,
        W=over,
        r2=table.qpp2_rate,
        C2a=table.qpp2_maximum,
        C2max=maximum2,
        D2=so_far.qpp2,
        C2=contribution2,
        C2e=contribution2,
        r1=first,
        F5Q=additional,
        F5A=additional_periodic,
        F5B=additional_nonperiodic,
        CP=periodic,
        CB=cents(rate * nonperiodic),
        is_maximum_reached=months > 0 and already + contribution >= maximum,
    )


PERIOD_EXEMPTION_ROWS = (
    Row("Xa", gettext_noop("Exemption of a whole year"), key="qpp_basic_exemption"),
    Row("P", gettext_noop("Pays in the year")),
    Row("Ex", gettext_noop("Exemption of the pay period, what is below the cent dropped"), "{Xa} ÷ {P}"),
)
NO_EXEMPTION_ALONE_ROWS = (
    Row("Ex", gettext_noop("No exemption: an amount paid alone, without regular pay")),
)
NO_EXEMPTION_LEFT_ROWS = (Row("Ex", gettext_noop("No exemption: another pay of this period already had it")),)

MAXIMUM_ROWS = (Row("Cmax", gettext_noop("Most for the year"), key="qpp_maximum"),)
PART_OF_MAXIMUM_ROWS = (
    Row("Ca", gettext_noop("Most for a whole year"), key="qpp_maximum"),
    Row("PM", gettext_noop("Months of the year that count, those after the 18th birthday’s")),
    Row("Cmax", gettext_noop("Most for the year"), "{Ca} × {PM} ÷ 12"),
)
RATE_ROW = Row("r", gettext_noop("Rate, base and first additional"), key="qpp_base_rate")
DUE_ROWS = (
    Row("D", gettext_noop("Already contributed this year")),
    Row(
        "C",
        gettext_noop("Contribution for this pay"),
        "max(0, min({Cmax} − {D}, {r} × ({PI} − {Ex})))",
    ),
)
EMPLOYER_ROWS = (Row("Ce", gettext_noop("Employer’s contribution: the same as the employee’s"), "{C}"),)

CEILING_ROWS = (
    Row("S5", gettext_noop("Pensionable earnings before this pay")),
    Row("Ma", gettext_noop("Maximum pensionable earnings of a whole year"), key="qpp_maximum_pensionable"),
)
W_LABEL = gettext_noop("Earnings from which the second contribution is due")
MAXIMUM2_ROWS = (
    Row("W", W_LABEL, "max({S5}, {Ma})"),
    Row("C2max", gettext_noop("Most for the year"), key="qpp2_maximum"),
)
PART_OF_MAXIMUM2_ROWS = (
    Row("PM", gettext_noop("Months of the year that count, those after the 18th birthday’s")),
    Row("W", W_LABEL, "max({S5}, {Ma} × {PM} ÷ 12)"),
    Row("C2a", gettext_noop("Most for a whole year"), key="qpp2_maximum"),
    Row("C2max", gettext_noop("Most for the year"), "{C2a} × {PM} ÷ 12"),
)
DUE2_ROWS = (
    Row("r2", gettext_noop("Rate, second additional"), key="qpp2_rate"),
    Row("D2", gettext_noop("Already contributed this year")),
    Row(
        "C2",
        gettext_noop("Second additional contribution for this pay"),
        "max(0, min({C2max} − {D2}, {r2} × ({S5} + {PI} − {W})))",
    ),
)
EMPLOYER_ROWS2 = (Row("C2e", gettext_noop("Employer’s contribution: the same as the employee’s"), "{C2}"),)
EARNINGS_ROW = Row("PI", gettext_noop("Pensionable earnings in this pay"))


def explain(sheet: Qpp, pay: Pay, table: Contributions) -> tuple[Step, ...]:
    """The steps to the base and first additional contribution, or why there is none."""
    if reason := exemption_reason(pay.claims, pay.pay_date):
        return steps((Row("C", reason),), sheet, table)
    exemption: tuple[Row, ...]
    if pay.exemption_used:
        exemption = NO_EXEMPTION_LEFT_ROWS
    elif pay.is_paid_alone:
        exemption = NO_EXEMPTION_ALONE_ROWS
    else:
        exemption = PERIOD_EXEMPTION_ROWS
    most = MAXIMUM_ROWS if sheet.PM == MONTHS else PART_OF_MAXIMUM_ROWS
    return steps((EARNINGS_ROW, *exemption, RATE_ROW, *most, *DUE_ROWS), sheet, table)


def explain_second(sheet: Qpp, pay: Pay, table: Contributions) -> tuple[Step, ...]:
    """The steps to the second additional contribution, or why there is none."""
    if reason := exemption_reason(pay.claims, pay.pay_date):
        return steps((Row("C2", reason),), sheet, table)
    most = MAXIMUM2_ROWS if sheet.PM == MONTHS else PART_OF_MAXIMUM2_ROWS
    return steps((EARNINGS_ROW, *CEILING_ROWS, *most, *DUE2_ROWS), sheet, table)


ADDITIONAL_ROWS = (
    Row("C", gettext_noop("QPP contribution for this pay")),
    Row("C2", gettext_noop("Second additional QPP contribution for this pay")),
    Row("r1", gettext_noop("First additional rate"), key="qpp_first_additional_rate"),
    Row("r", gettext_noop("Rate, base and first additional"), key="qpp_base_rate"),
    Row(
        "F5Q",
        gettext_noop("Additional contributions, deducted from income"),
        "{C} × {r1} ÷ {r} + {C2}",
    ),
)

WHOLE_ROWS = (Row("F5A", gettext_noop("Additional contributions on regular pay"), "{F5Q}"),)

SPLIT_ROWS = (
    Row("PI", gettext_noop("Pensionable earnings in this pay")),
    Row("B", gettext_noop("Non-periodic part of it")),
    Row("F5A", gettext_noop("Additional contributions on regular pay"), "{F5Q} × ({PI} − {B}) ÷ {PI}"),
    Row("F5B", gettext_noop("Additional contributions on the non-periodic part"), "{F5Q} × {B} ÷ {PI}"),
)

ALONE_ROWS = (
    Row("CP", gettext_noop("QPP contribution on a usual regular pay")),
    Row("F5A", gettext_noop("Additional contributions on a usual regular pay"), "{CP} × {r1} ÷ {r}"),
    Row("F5B", gettext_noop("Additional contributions on the non-periodic part"), "{F5Q}"),
)


def explain_additional(sheet: Qpp, pay: Pay, table: Contributions) -> tuple[Step, ...]:
    """The steps to the additional contributions, which both income taxes deduct."""
    rows: tuple[Row, ...]
    if pay.is_paid_alone and pay.usual_gross:
        rows = ALONE_ROWS
    elif sheet.B:
        rows = SPLIT_ROWS
    else:
        rows = WHOLE_ROWS
    return steps((*ADDITIONAL_ROWS, *rows), sheet, table)
