"""Federal income tax withheld from a Québec employee: T4127, option 1.

Results are rounded to the cent as each parenthesis is resolved; ratios of rates
never are. The credits for contributions (K2Q) follow two statements of the
guide: the year's maximum is used from the pay in which it is reached, and
otherwise the greater of the annualised amount and what was already contributed.
The CRA's calculator does only the second; the difference is under a dollar or
two, in one pay of the year.

Non-periodic pay is taxed at the difference it makes to the year's tax. The
annualised credits are then those of the regular pay, to which the contributions
on the non-periodic part are added once.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from .ei import Ei
from .explanation import Row
from .money import ZERO, cents, share
from .parameters import Contributions, Federal
from .qpip import Qpip
from .qpp import MONTHS, Qpp
from .refusals import gettext_noop
from .values import Pay, YearToDate


class AnnualTax(NamedTuple):
    """The year's tax on an estimated annual income; the symbols of T4127, in dollars.

    `QC`, `EC` and `PC` are the contributions to QPP, EI and QPIP that give the
    credit `K2Q`. `E` is employment income of the year before any deduction.
    """

    A: Decimal
    E: Decimal
    HD: Decimal
    R: Decimal
    K: Decimal
    R1: Decimal
    TC: Decimal
    K1: Decimal
    QC: Decimal
    EC: Decimal
    PC: Decimal
    K2Q: Decimal
    K3: Decimal
    CEA: Decimal
    K4: Decimal
    T3: Decimal
    LCF: Decimal
    ab: Decimal
    T1: Decimal


class FederalTax(NamedTuple):
    """The federal worksheet of one pay, in dollars.

    `T` is withheld on the regular pay, `TB` on the non-periodic part; `year`,
    `with_b` and `without_b` are the annual estimates they come from (none when
    there is nothing to estimate).
    """

    P: int
    I: Decimal  # noqa: E741 (the guide's symbol)
    F: Decimal
    U1: Decimal
    F5A: Decimal
    HD: Decimal
    F1: Decimal
    A: Decimal
    year: AnnualTax | None
    L: Decimal
    T: Decimal
    B: Decimal
    F3: Decimal
    F5B: Decimal
    B1: Decimal
    with_b: AnnualTax | None
    without_b: AnnualTax | None
    small_rate: Decimal
    TB: Decimal


class Credits(NamedTuple):
    """Contributions of a year that give a credit, with and without the non-periodic part."""

    regular: tuple[Decimal, Decimal, Decimal]
    with_nonperiodic: tuple[Decimal, Decimal, Decimal]


def basic_personal_amount(net_income: Decimal, table: Federal) -> Decimal:
    """The basic personal amount (BPAF) of someone who gave no TD1, for an annual net income."""
    start, end = table.basic_phase_out_from, table.basic_phase_out_to
    if net_income <= start:
        return table.basic_maximum
    if net_income >= end:
        return table.basic_minimum
    return table.basic_maximum - share(
        net_income - start, table.basic_maximum - table.basic_minimum, end - start
    )


def _creditable(annualised: Decimal, already: Decimal, maximum: Decimal, is_maximum_reached: bool) -> Decimal:
    if is_maximum_reached:
        return maximum
    return min(maximum, max(annualised, already))


def credits(
    pay: Pay,
    so_far: YearToDate,
    qpp: Qpp,
    ei: Ei,
    qpip: Qpip,
    table: Contributions,
) -> Credits:
    """What the year's QPP (base), EI and QPIP contributions are estimated to be, for K2Q.

    After a transfer from another province the QPP maximum is lowered by what
    CPP contributions already credit (K2RQ).
    """
    P = pay.periods_per_year
    base, total = table.qpp_base_rate, table.qpp_rate
    maximum = table.qpp_base_maximum
    if qpp.PM not in (0, MONTHS):
        maximum = share(maximum, Decimal(qpp.PM), Decimal(MONTHS))
    already = share(so_far.qpp, base, total)
    if so_far.cpp:
        maximum -= share(so_far.cpp, base - table.cpp_base_rate, table.cpp_rate)
        already += share(so_far.cpp, table.cpp_base_rate, table.cpp_rate)
    annual = (
        share(P * qpp.CP, base, total),
        P * ei.EIP,
        cents(P * qpip.IQP * table.qpip_rate),
    )
    once = (
        share(qpp.CB, base, total),
        ei.EIB,
        cents(qpip.IQB * table.qpip_rate),
    )
    limits = (
        (already, maximum, qpp.is_maximum_reached),
        (so_far.ei, table.ei_maximum, ei.is_maximum_reached),
        (so_far.qpip, table.qpip_maximum, qpip.is_maximum_reached),
    )
    regular = tuple(_creditable(amount, *limit) for amount, limit in zip(annual, limits, strict=True))
    with_nonperiodic = tuple(
        _creditable(amount + extra, *limit) for amount, extra, limit in zip(annual, once, limits, strict=True)
    )
    return Credits(regular, with_nonperiodic)  # type: ignore[arg-type]


def annual_tax(
    income: Decimal,
    employment_income: Decimal,
    credited: tuple[Decimal, Decimal, Decimal],
    pay: Pay,
    table: Federal,
) -> AnnualTax:
    """The year's federal tax on an annual income, after the Québec abatement."""
    claims = pay.claims
    bracket = table.bracket(income)
    lowest = table.rates[0]
    claim = claims.federal_claim
    if claim is None:
        claim = basic_personal_amount(income + claims.federal_remote_area, table)
    k1 = cents(lowest * claim)
    qpp, ei, qpip = credited
    k2q = cents(lowest * qpp) + cents(lowest * ei) + cents(lowest * qpip)
    k4 = min(cents(lowest * employment_income), cents(lowest * table.employment_amount))
    t3 = max(
        ZERO,
        cents(bracket.rate * income) - bracket.constant - k1 - k2q - claims.federal_credit - k4,
    )
    shares = pay.ftq_shares + pay.fondaction_shares
    lcf = ZERO
    if shares:
        lcf = min(
            pay.periods_per_year * cents(table.labour_fund_rate * shares),
            table.labour_fund_maximum,
        )
    return AnnualTax(
        A=income,
        E=employment_income,
        HD=claims.federal_remote_area,
        R=bracket.rate,
        K=bracket.constant,
        R1=lowest,
        TC=claim,
        K1=k1,
        QC=qpp,
        EC=ei,
        PC=qpip,
        K2Q=k2q,
        K3=claims.federal_credit,
        CEA=table.employment_amount,
        K4=k4,
        T3=t3,
        LCF=lcf,
        ab=table.abatement_rate,
        T1=max(ZERO, t3 - lcf - cents(table.abatement_rate * t3)),
    )


def assess(
    pay: Pay,
    so_far: YearToDate,
    qpp: Qpp,
    ei: Ei,
    qpip: Qpip,
    contributions: Contributions,
    table: Federal,
) -> FederalTax:
    """What to withhold on the regular pay (T) and on the non-periodic part (TB)."""
    claims = pay.claims
    P = pay.periods_per_year
    gross = pay.periodic_gross
    nonperiodic, earlier = pay.nonperiodic, so_far.nonperiodic
    annual = max(
        ZERO,
        P * (gross - pay.rpp - qpp.F5A - pay.union_dues)
        - claims.federal_remote_area
        - claims.federal_deduction,
    )
    year = with_b = without_b = None
    tax = tax_b = extra = ZERO
    if not claims.federal_exempt:
        credited = credits(pay, so_far, qpp, ei, qpip, contributions)
        if not pay.is_paid_alone:
            extra = claims.federal_extra_tax
            year = annual_tax(annual, P * gross, credited.regular, pay, table)
            tax = cents(year.T1 / P) + extra
        if nonperiodic:
            base = annual + max(ZERO, earlier - so_far.rpp_nonperiodic - so_far.nonperiodic_f5)
            total = base + max(ZERO, nonperiodic - pay.rpp_nonperiodic - qpp.F5B)
            if total <= table.small_income_limit:
                tax_b = cents(table.small_income_rate * nonperiodic)
            else:
                earned = P * gross + earlier
                with_b = annual_tax(total, earned + nonperiodic, credited.with_nonperiodic, pay, table)
                without_b = annual_tax(base, earned, credited.regular, pay, table)
                tax_b = max(ZERO, with_b.T1 - without_b.T1)
    return FederalTax(
        P=P,
        I=gross,
        F=pay.rpp,
        U1=pay.union_dues,
        F5A=qpp.F5A,
        HD=claims.federal_remote_area,
        F1=claims.federal_deduction,
        A=annual,
        year=year,
        L=extra,
        T=tax,
        B=nonperiodic,
        F3=pay.rpp_nonperiodic,
        F5B=qpp.F5B,
        B1=max(ZERO, earlier - so_far.rpp_nonperiodic - so_far.nonperiodic_f5),
        with_b=with_b,
        without_b=without_b,
        small_rate=table.small_income_rate,
        TB=tax_b,
    )
