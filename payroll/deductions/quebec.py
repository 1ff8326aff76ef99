"""Québec income tax: TP-1015.F-V, sections 2.1.1 (regular pay) and 2.1.2 (lump sums).

Each parenthesis is rounded to the cent as it is resolved, half a cent going up.
Unlike the federal tax there is no credit for QPP, QPIP or EI contributions and
no deduction of union dues. Lump sums follow method 2 of the guide.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from .explanation import Row, Step, steps
from .money import ZERO, cents, whole_dollars
from .parameters import Quebec
from .qpp import Qpp
from .refusals import gettext_noop
from .values import Pay, YearToDate


class QuebecTax(NamedTuple):
    """The Québec worksheet of one pay, in the guide's symbols; dollars.

    `A` is withheld on the regular pay, `AB` on the lump sum `B2`, at the rate
    `T2` of the bracket in which the income `I2` of the year falls (or `T7`, the
    flat rate, when the year's pay stays under the limit).
    """

    P: int
    Hr: Decimal
    Hmax: Decimal
    H: Decimal
    G: Decimal
    F: Decimal
    CSA: Decimal
    J: Decimal
    J1: Decimal
    I: Decimal  # noqa: E741 (the guide's symbol)
    T: Decimal
    K: Decimal
    K1: Decimal
    E: Decimal
    c: Decimal
    Q: Decimal
    Q1: Decimal
    q: Decimal
    Y: Decimal
    L: Decimal
    A: Decimal
    B1: Decimal
    B2: Decimal
    F3: Decimal
    CSB1: Decimal
    CSB: Decimal
    I2: Decimal
    T2: Decimal
    T7: Decimal
    AB: Decimal
    is_flat: bool
    is_exempt: bool
    is_alone: bool
    has_claim: bool


def worker_deduction(gross: Decimal, periods: int, table: Quebec) -> Decimal:
    """H: the deduction for workers on a regular pay."""
    return min(
        cents(table.worker_deduction_rate * gross),
        cents(table.worker_deduction_maximum / periods),
    )


def assess(pay: Pay, so_far: YearToDate, qpp: Qpp, table: Quebec) -> QuebecTax:
    """What to withhold on the regular pay (A) and on the lump sum (AB)."""
    claims = pay.claims
    periods = pay.periods_per_year
    gross, lump = pay.periodic_gross, pay.nonperiodic
    h = worker_deduction(gross, periods, table)
    savings = pay.rpp
    if pay.cooperative_shares:
        savings += cents(table.cooperative_shares_rate * pay.cooperative_shares)
    annual = periods * (gross - savings - h - qpp.F5A)
    other = claims.quebec_deduction + claims.quebec_authorized_deduction
    income = max(ZERO, annual - other)
    bracket = table.bracket(income)
    claim = claims.quebec_claim
    claim = table.basic_amount if claim is None else whole_dollars(claim)
    year = max(
        ZERO,
        cents(bracket.rate * income)
        - bracket.constant
        - claims.quebec_authorized_credit
        - cents(table.credit_rate * claim)
        - cents(table.labour_fund_rate * periods * pay.ftq_shares)
        - cents(table.labour_fund_rate * periods * pay.fondaction_shares),
    )
    tax = extra = ZERO
    if not (claims.quebec_exempt or pay.is_paid_alone):
        extra = claims.quebec_extra_tax
        tax = cents(year / periods) + extra

    earlier = so_far.nonperiodic
    income2 = rate2 = tax_lump = ZERO
    is_flat = False
    if lump:
        is_flat = periods * gross + earlier + lump <= table.lump_sum_limit
        net = lump - pay.rpp_nonperiodic
        income2 = max(
            ZERO,
            annual + earlier - so_far.rpp_nonperiodic + net - so_far.nonperiodic_f5 - qpp.F5B - other,
        )
        rate2 = table.bracket(income2).rate
        if not claims.quebec_exempt:
            tax_lump = (
                cents(table.lump_sum_rate * lump) if is_flat else max(ZERO, cents(rate2 * (net - qpp.F5B)))
            )
    return QuebecTax(
        P=periods,
        Hr=table.worker_deduction_rate,
        Hmax=table.worker_deduction_maximum,
        H=h,
        G=gross,
        F=savings,
        CSA=qpp.F5A,
        J=claims.quebec_deduction,
        J1=claims.quebec_authorized_deduction,
        I=income,
        T=bracket.rate,
        K=bracket.constant,
        K1=claims.quebec_authorized_credit,
        E=claim,
        c=table.credit_rate,
        Q=pay.ftq_shares,
        Q1=pay.fondaction_shares,
        q=table.labour_fund_rate,
        Y=year,
        L=extra,
        A=tax,
        B1=earlier - so_far.rpp_nonperiodic,
        B2=lump,
        F3=pay.rpp_nonperiodic,
        CSB1=so_far.nonperiodic_f5,
        CSB=qpp.F5B,
        I2=income2,
        T2=rate2,
        T7=table.lump_sum_rate,
        AB=tax_lump,
        is_flat=is_flat,
        is_exempt=claims.quebec_exempt,
        is_alone=pay.is_paid_alone,
        has_claim=claims.quebec_claim is not None,
    )


INCOME_ROWS = (
    Row("P", gettext_noop("Pays in the year")),
    Row("G", gettext_noop("Regular pay of the period")),
    Row("F", gettext_noop("Retirement savings and cooperative investment withheld")),
    Row("Hr", gettext_noop("Rate of the deduction for workers"), key="worker_deduction_rate"),
    Row("Hmax", gettext_noop("Most it can be in the year"), key="worker_deduction_maximum"),
    Row("H", gettext_noop("Deduction for workers"), "min({Hr} × {G}, {Hmax} ÷ {P})"),
    Row("CSA", gettext_noop("Additional QPP contributions on regular pay")),
    Row("J", gettext_noop("Deductions of form TP-1015.3-V, for the year")),
    Row("J1", gettext_noop("Deductions authorised for the year")),
)

CLAIM_ROW = Row("E", gettext_noop("Personal credits of form TP-1015.3-V, line 10"))
BASIC_ROW = Row("E", gettext_noop("Basic amount, since no TP-1015.3-V is on file"), key="basic_amount")

YEAR_ROWS = (
    Row(
        "I",
        gettext_noop("Estimated taxable income of the year"),
        "max(0, {P} × ({G} − {F} − {H} − {CSA}) − {J} − {J1})",
    ),
    Row("T", gettext_noop("Rate of the bracket"), key="rates"),
    Row("K", gettext_noop("Constant of the bracket"), key="constants"),
    Row("K1", gettext_noop("Credits authorised for the year")),
    Row("c", gettext_noop("Rate of personal credits"), key="credit_rate"),
    Row("Q", gettext_noop("FTQ fund shares bought on this pay")),
    Row("Q1", gettext_noop("Fondaction shares bought on this pay")),
    Row("q", gettext_noop("Rate of the credit for labour-fund shares"), key="labour_fund_rate"),
    Row(
        "Y",
        gettext_noop("Québec tax of the year"),
        "max(0, {T} × {I} − {K} − {K1} − {c} × {E} − {q} × {P} × {Q} − {q} × {P} × {Q1})",
    ),
    Row("L", gettext_noop("Extra tax asked for on each pay")),
    Row("A", gettext_noop("Withheld from this pay"), "{Y} ÷ {P} + {L}"),
)

LUMP_ROWS = (
    Row("B2", gettext_noop("Non-periodic part of this pay")),
    Row("B1", gettext_noop("Earlier non-periodic pay of the year, less retirement savings")),
)

FLAT_LUMP_ROWS = (
    Row("T7", gettext_noop("Flat rate under the lump-sum limit"), key="lump_sum_rate"),
    Row("AB", gettext_noop("Withheld from the non-periodic part"), "{T7} × {B2}"),
)

LUMP_TAX_ROWS = (
    Row("F3", gettext_noop("Retirement savings withheld from it")),
    Row("CSB1", gettext_noop("Additional QPP contributions on earlier non-periodic pay")),
    Row("CSB", gettext_noop("Additional QPP contributions on it")),
    Row(
        "I2",
        gettext_noop("Estimated taxable income of the year, non-periodic pay included"),
        "max(0, {P} × ({G} − {F} − {H} − {CSA}) + {B1} + {B2} − {F3} − {CSB1} − {CSB} − {J} − {J1})",
    ),
    Row("T2", gettext_noop("Rate of the bracket"), key="rates"),
    Row(
        "AB",
        gettext_noop("Withheld from the non-periodic part"),
        "max(0, {T2} × ({B2} − {F3} − {CSB}))",
    ),
)

EXEMPT_ROWS = (Row("A", gettext_noop("Exempt from Québec tax: nothing is withheld")),)
NO_REGULAR_PAY_ROWS = (Row("A", gettext_noop("No regular pay: nothing is withheld on it")),)


def explain(sheet: QuebecTax, table: Quebec) -> tuple[Step, ...]:
    """The steps to the tax on the regular pay."""
    if sheet.is_exempt:
        return steps(EXEMPT_ROWS, sheet, table)
    if sheet.is_alone:
        return steps(NO_REGULAR_PAY_ROWS, sheet, table)
    claim = CLAIM_ROW if sheet.has_claim else BASIC_ROW
    return steps((*INCOME_ROWS, claim, *YEAR_ROWS), sheet, table)


def explain_lump(sheet: QuebecTax, table: Quebec) -> tuple[Step, ...]:
    """The steps to the tax on the lump sum."""
    if not sheet.B2 or sheet.is_exempt:
        return ()
    if sheet.is_flat:
        return steps((*LUMP_ROWS, *FLAT_LUMP_ROWS), sheet, table)
    return steps((*INCOME_ROWS, *LUMP_ROWS, *LUMP_TAX_ROWS), sheet, table)
