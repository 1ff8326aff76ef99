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
from .explanation import Row, Step, steps
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
    `NI` and the amounts in `b` give the basic personal amount, `TC` of someone
    who gave no TD1; `SH` are the labour-fund shares bought on this pay.
    """

    A: Decimal
    E: Decimal
    HD: Decimal
    NI: Decimal
    R: Decimal
    K: Decimal
    R1: Decimal
    bmax: Decimal
    bmin: Decimal
    bfrom: Decimal
    bto: Decimal
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
    P: int
    SH: Decimal
    rl: Decimal
    LCFmax: Decimal
    LCF: Decimal
    ab: Decimal
    T1: Decimal
    has_claim: bool


class FederalTax(NamedTuple):
    """The federal worksheet of one pay, in dollars.

    `T` is withheld on the regular pay, `TB` on the non-periodic part; `year`,
    `with_b` and `without_b` are the annual estimates they come from (none when
    there is nothing to estimate), `T1`, `T1w` and `T1n` the tax of each. `Ay` is
    what a year of such regular pays leaves after the deductions, below zero when
    they are larger; `A` is the same, taxable, so never below zero.
    """

    P: int
    I: Decimal  # noqa: E741 (the guide's symbol)
    F: Decimal
    U1: Decimal
    F5A: Decimal
    HD: Decimal
    F1: Decimal
    Ay: Decimal
    A: Decimal
    credits: Credits
    year: AnnualTax | None
    T1: Decimal
    L: Decimal
    T: Decimal
    B: Decimal
    F3: Decimal
    F5B: Decimal
    B1: Decimal
    with_b: AnnualTax | None
    without_b: AnnualTax | None
    T1w: Decimal
    T1n: Decimal
    small_rate: Decimal
    TB: Decimal
    is_exempt: bool


class Credits(NamedTuple):
    """The contributions of the year that give the credit K2Q, for QPP (Q), EI (E) and QPIP (P).

    Of each: `a` a year of such regular pays, `b` the non-periodic part, once,
    `d` already contributed, `m` the most, then the amount credited without and
    with (`w`) the non-periodic part. `CP`, `CB`, `EIP`, `EIB` are this pay's
    contributions before any maximum, `IQP` and `IQB` its insurable earnings.
    """

    P: int
    CP: Decimal
    CB: Decimal
    rb: Decimal
    r: Decimal
    QCa: Decimal
    QCb: Decimal
    QCd: Decimal
    QCm: Decimal
    QC: Decimal
    QCw: Decimal
    is_qpp_maximum_reached: bool
    EIP: Decimal
    EIB: Decimal
    ECa: Decimal
    ECd: Decimal
    ECm: Decimal
    EC: Decimal
    ECw: Decimal
    is_ei_maximum_reached: bool
    IQP: Decimal
    IQB: Decimal
    rq: Decimal
    PCa: Decimal
    PCb: Decimal
    PCd: Decimal
    PCm: Decimal
    PC: Decimal
    PCw: Decimal
    is_qpip_maximum_reached: bool


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


def contribution_credits(
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
    periods = pay.periods_per_year
    base, total, rate = table.qpp_base_rate, table.qpp_rate, table.qpip_rate
    most = table.qpp_base_maximum
    if qpp.PM not in (0, MONTHS):
        most = share(most, Decimal(qpp.PM), Decimal(MONTHS))
    already = share(so_far.qpp, base, total)
    if so_far.cpp:
        most -= share(so_far.cpp, base - table.cpp_base_rate, table.cpp_rate)
        already += share(so_far.cpp, table.cpp_base_rate, table.cpp_rate)
    qpp_year, qpp_once = share(periods * qpp.CP, base, total), share(qpp.CB, base, total)
    ei_year = periods * ei.EIP
    qpip_year, qpip_once = cents(periods * qpip.IQP * rate), cents(qpip.IQB * rate)
    for_qpp = (already, most, qpp.is_maximum_reached)
    for_ei = (so_far.ei, table.ei_maximum, ei.is_maximum_reached)
    for_qpip = (so_far.qpip, table.qpip_maximum, qpip.is_maximum_reached)
    return Credits(
        P=periods,
        CP=qpp.CP,
        CB=qpp.CB,
        rb=base,
        r=total,
        QCa=qpp_year,
        QCb=qpp_once,
        QCd=already,
        QCm=most,
        QC=_creditable(qpp_year, *for_qpp),
        QCw=_creditable(qpp_year + qpp_once, *for_qpp),
        is_qpp_maximum_reached=qpp.is_maximum_reached,
        EIP=ei.EIP,
        EIB=ei.EIB,
        ECa=ei_year,
        ECd=so_far.ei,
        ECm=table.ei_maximum,
        EC=_creditable(ei_year, *for_ei),
        ECw=_creditable(ei_year + ei.EIB, *for_ei),
        is_ei_maximum_reached=ei.is_maximum_reached,
        IQP=qpip.IQP,
        IQB=qpip.IQB,
        rq=rate,
        PCa=qpip_year,
        PCb=qpip_once,
        PCd=so_far.qpip,
        PCm=table.qpip_maximum,
        PC=_creditable(qpip_year, *for_qpip),
        PCw=_creditable(qpip_year + qpip_once, *for_qpip),
        is_qpip_maximum_reached=qpip.is_maximum_reached,
    )


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
    net_income = income + claims.federal_remote_area
    if claim is None:
        claim = basic_personal_amount(net_income, table)
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
        NI=net_income,
        R=bracket.rate,
        K=bracket.constant,
        R1=lowest,
        bmax=table.basic_maximum,
        bmin=table.basic_minimum,
        bfrom=table.basic_phase_out_from,
        bto=table.basic_phase_out_to,
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
        P=pay.periods_per_year,
        SH=shares,
        rl=table.labour_fund_rate,
        LCFmax=table.labour_fund_maximum,
        LCF=lcf,
        ab=table.abatement_rate,
        T1=max(ZERO, t3 - lcf - cents(table.abatement_rate * t3)),
        has_claim=claims.federal_claim is not None,
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
    periods = pay.periods_per_year
    gross = pay.periodic_gross
    nonperiodic, earlier = pay.nonperiodic, so_far.nonperiodic
    earlier_net = max(ZERO, earlier - so_far.rpp_nonperiodic - so_far.nonperiodic_f5)
    after_deductions = (
        periods * (gross - pay.rpp - qpp.F5A - pay.union_dues)
        - claims.federal_remote_area
        - claims.federal_deduction
    )
    annual = max(ZERO, after_deductions)
    year = with_b = without_b = None
    tax = tax_b = extra = ZERO
    credited = contribution_credits(pay, so_far, qpp, ei, qpip, contributions)
    if not claims.federal_exempt:
        regular = (credited.QC, credited.EC, credited.PC)
        if not pay.is_paid_alone:
            extra = claims.federal_extra_tax
            year = annual_tax(annual, periods * gross, regular, pay, table)
            tax = cents(year.T1 / periods) + extra
        if nonperiodic:
            # What the year's deductions leave unused by the regular pay comes
            # off the non-periodic pay: the whole is floored, not its parts.
            base = after_deductions + earlier_net
            total = base + nonperiodic - pay.rpp_nonperiodic - qpp.F5B
            base, total = max(ZERO, base), max(ZERO, total)
            if total <= table.small_income_limit:
                tax_b = cents(table.small_income_rate * nonperiodic)
            else:
                earned = periods * gross + earlier
                with_b = annual_tax(
                    total, earned + nonperiodic, (credited.QCw, credited.ECw, credited.PCw), pay, table
                )
                without_b = annual_tax(base, earned, regular, pay, table)
                tax_b = max(ZERO, with_b.T1 - without_b.T1)
    return FederalTax(
        P=periods,
        I=gross,
        F=pay.rpp,
        U1=pay.union_dues,
        F5A=qpp.F5A,
        HD=claims.federal_remote_area,
        F1=claims.federal_deduction,
        Ay=after_deductions,
        A=annual,
        credits=credited,
        year=year,
        T1=year.T1 if year else ZERO,
        L=extra,
        T=tax,
        B=nonperiodic,
        F3=pay.rpp_nonperiodic,
        F5B=qpp.F5B,
        B1=earlier_net,
        with_b=with_b,
        without_b=without_b,
        T1w=with_b.T1 if with_b else ZERO,
        T1n=without_b.T1 if without_b else ZERO,
        small_rate=table.small_income_rate,
        TB=tax_b,
        is_exempt=claims.federal_exempt,
    )


PAY_ROWS = (
    Row("I", gettext_noop("Regular pay of the period")),
    Row("F", gettext_noop("Retirement savings withheld")),
    Row("U1", gettext_noop("Union dues")),
    Row("F5A", gettext_noop("Additional QPP contributions on regular pay")),
    Row("HD", gettext_noop("Deduction for living in a remote area")),
    Row("F1", gettext_noop("Deductions authorised for the year")),
    Row("P", gettext_noop("Pays in the year")),
)

INCOME_ROW = Row(
    "A",
    gettext_noop("Estimated taxable income of the year"),
    "max(0, {P} × ({I} − {F} − {F5A} − {U1}) − {HD} − {F1})",
)

REGULAR_INCOME_ROW = Row(
    "Ay",
    gettext_noop("Estimated income of the year from regular pay, after deductions"),
    "{P} × ({I} − {F} − {F5A} − {U1}) − {HD} − {F1}",
)

QPP_CREDIT_ROWS = (
    Row("CP", gettext_noop("QPP contribution on a regular pay, before the maximum")),
    Row("rb", gettext_noop("Base rate of the QPP"), key="qpp_base_rate"),
    Row("r", gettext_noop("Rate, base and first additional"), key="qpp_base_rate"),
    Row("QCa", gettext_noop("Base QPP contributions of a year of such pays"), "{P} × {CP} × {rb} ÷ {r}"),
    Row("QCd", gettext_noop("Base QPP contributions already made this year")),
    Row("QCm", gettext_noop("Most for the year"), key="qpp_base_maximum"),
)
EI_CREDIT_ROWS = (
    Row("EIP", gettext_noop("EI premium on a regular pay, before the maximum")),
    Row("ECa", gettext_noop("EI premiums of a year of such pays"), "{P} × {EIP}"),
    Row("ECd", gettext_noop("EI premiums already withheld this year")),
    Row("ECm", gettext_noop("Most for the year"), key="ei_maximum"),
)
QPIP_CREDIT_ROWS = (
    Row("IQP", gettext_noop("Insurable earnings of a regular pay")),
    Row("rq", gettext_noop("QPIP rate"), key="qpip_rate"),
    Row("PCa", gettext_noop("QPIP premiums of a year of such pays"), "{P} × {IQP} × {rq}"),
    Row("PCd", gettext_noop("QPIP premiums already withheld this year")),
    Row("PCm", gettext_noop("Most for the year"), key="qpip_maximum"),
)

FOR_THE_CREDIT = gettext_noop("Counted for the credit: the greater of the two, up to the most")
MAXIMUM_FOR_THE_CREDIT = gettext_noop("Counted for the credit: the most, which is reached")

LUMP_CREDIT_ROWS = (
    Row("CB", gettext_noop("QPP contribution on the non-periodic part, before the maximum")),
    Row("QCb", gettext_noop("Base QPP contribution on it"), "{CB} × {rb} ÷ {r}"),
    Row("EIB", gettext_noop("EI premium on the non-periodic part, before the maximum")),
    Row("IQB", gettext_noop("Insurable earnings in the non-periodic part")),
    Row("PCb", gettext_noop("QPIP premium on it, before the maximum"), "{IQB} × {rq}"),
)

CREDITED_ROWS = (
    Row("QC", gettext_noop("Base QPP contributions counted for the credit")),
    Row("EC", gettext_noop("EI premiums counted for the credit")),
    Row("PC", gettext_noop("QPIP premiums counted for the credit")),
)

BRACKET_ROWS = (
    Row("R", gettext_noop("Rate of the bracket"), key="rates"),
    Row("K", gettext_noop("Constant of the bracket"), key="constants"),
    Row("R1", gettext_noop("Lowest rate, used for credits"), key="rates"),
)
CLAIM_ROWS = (Row("TC", gettext_noop("Total claim of form TD1")),)
BASIC_LABEL = gettext_noop("Basic personal amount, since no TD1 is on file")
PHASED_OUT_ROWS = (
    Row("HD", gettext_noop("Deduction for living in a remote area")),
    Row("NI", gettext_noop("Estimated net income of the year"), "{A} + {HD}"),
    Row("bmax", gettext_noop("Basic personal amount, the most"), key="basic_maximum"),
    Row("bmin", gettext_noop("Basic personal amount, the least"), key="basic_minimum"),
    Row("bfrom", gettext_noop("Net income from which it decreases"), key="basic_phase_out_from"),
    Row("bto", gettext_noop("Net income from which it is the least"), key="basic_phase_out_to"),
    Row("TC", BASIC_LABEL, "{bmax} − ({NI} − {bfrom}) × ({bmax} − {bmin}) ÷ ({bto} − {bfrom})"),
)

YEAR_ROWS = (
    Row("K1", gettext_noop("Credit for the claim"), "{R1} × {TC}"),
    Row(
        "K2Q",
        gettext_noop("Credit for contributions"),
        "{R1} × {QC} + {R1} × {EC} + {R1} × {PC}",
    ),
    Row("K3", gettext_noop("Credits authorised for the year")),
    Row("CEA", gettext_noop("Canada employment amount"), key="employment_amount"),
    Row("E", gettext_noop("Employment income of the year")),
    Row("K4", gettext_noop("Credit for employment"), "min({R1} × {E}, {R1} × {CEA})"),
    Row(
        "T3",
        gettext_noop("Basic federal tax of the year"),
        "max(0, {R} × {A} − {K} − {K1} − {K2Q} − {K3} − {K4})",
    ),
)

LABOUR_FUND_ROWS = (
    Row("P", gettext_noop("Pays in the year")),
    Row("SH", gettext_noop("Labour-fund shares bought on this pay")),
    Row("rl", gettext_noop("Rate of the credit for labour-fund shares"), key="labour_fund_rate"),
    Row("LCFmax", gettext_noop("Most for the year"), key="labour_fund_maximum"),
    Row("LCF", gettext_noop("Credit for labour-fund shares"), "min({P} × ({rl} × {SH}), {LCFmax})"),
)
NO_LABOUR_FUND_ROWS = (Row("LCF", gettext_noop("Credit for labour-fund shares")),)

ABATED_ROWS = (
    Row("ab", gettext_noop("Québec abatement"), key="abatement_rate"),
    Row("T1", gettext_noop("Federal tax of the year"), "max(0, {T3} − {LCF} − {ab} × {T3})"),
)

TAX_ROWS = (
    Row("L", gettext_noop("Extra tax asked for on each pay")),
    Row("T", gettext_noop("Withheld from this pay"), "{T1} ÷ {P} + {L}"),
)

LUMP_ROWS = (
    Row("B", gettext_noop("Non-periodic part of this pay")),
    Row("F3", gettext_noop("Retirement savings withheld from it")),
    Row("F5B", gettext_noop("Additional QPP contributions on it")),
    Row("B1", gettext_noop("Earlier non-periodic pay of the year, after its deductions")),
)

WITH_LUMP_ROW = Row("A", gettext_noop("Estimated income with the non-periodic part"))
WITHOUT_LUMP_ROW = Row("A", gettext_noop("Estimated income without it"))

LUMP_TAX_ROWS = (
    Row(
        "TB",
        gettext_noop("Withheld from the non-periodic part"),
        "max(0, {T1w} − {T1n})",
    ),
)

SMALL_LUMP_ROWS = (
    Row(
        "small_rate",
        gettext_noop("Flat rate under the small-income limit"),
        key="small_income_rate",
    ),
    Row("TB", gettext_noop("Withheld from the non-periodic part"), "{small_rate} × {B}"),
)

EXEMPT_ROWS = (Row("T", gettext_noop("Exempt from federal tax: nothing is withheld")),)
NO_REGULAR_PAY_ROWS = (Row("T", gettext_noop("No regular pay: nothing is withheld on it")),)


def _counted(symbol: str, estimate: str, already: str, most: str, is_maximum_reached: bool) -> Row:
    if is_maximum_reached:
        return Row(symbol, MAXIMUM_FOR_THE_CREDIT, f"{{{most}}}")
    return Row(symbol, FOR_THE_CREDIT, f"min({{{most}}}, max({estimate}, {{{already}}}))")


def _credit_rows(credited: Credits) -> tuple[Row, ...]:
    return (
        *QPP_CREDIT_ROWS,
        _counted("QC", "{QCa}", "QCd", "QCm", credited.is_qpp_maximum_reached),
        *EI_CREDIT_ROWS,
        _counted("EC", "{ECa}", "ECd", "ECm", credited.is_ei_maximum_reached),
        *QPIP_CREDIT_ROWS,
        _counted("PC", "{PCa}", "PCd", "PCm", credited.is_qpip_maximum_reached),
    )


def _lump_credit_rows(credited: Credits) -> tuple[Row, ...]:
    return (
        *LUMP_CREDIT_ROWS,
        _counted("QCw", "{QCa} + {QCb}", "QCd", "QCm", credited.is_qpp_maximum_reached),
        _counted("ECw", "{ECa} + {EIB}", "ECd", "ECm", credited.is_ei_maximum_reached),
        _counted("PCw", "{PCa} + {PCb}", "PCd", "PCm", credited.is_qpip_maximum_reached),
    )


def _year_rows(year: AnnualTax) -> tuple[Row, ...]:
    """The rows of a year's tax, with where the claim comes from."""
    claim: tuple[Row, ...]
    if year.has_claim:
        claim = CLAIM_ROWS
    elif year.bfrom >= year.NI:
        claim = (Row("TC", BASIC_LABEL, key="basic_maximum"),)
    elif year.bto <= year.NI:
        claim = (Row("TC", BASIC_LABEL, key="basic_minimum"),)
    else:
        claim = PHASED_OUT_ROWS
    shares = LABOUR_FUND_ROWS if year.SH else NO_LABOUR_FUND_ROWS
    return (*BRACKET_ROWS, *claim, *YEAR_ROWS, *shares, *ABATED_ROWS)


def explain(sheet: FederalTax, table: Federal, contributions: Contributions) -> tuple[Step, ...]:
    """The steps to the tax on the regular pay."""
    if sheet.is_exempt:
        return steps(EXEMPT_ROWS, sheet, table)
    if sheet.year is None:
        return steps(NO_REGULAR_PAY_ROWS, sheet, table)
    return (
        *steps((*PAY_ROWS, INCOME_ROW), sheet, table),
        *steps(_credit_rows(sheet.credits), sheet.credits, contributions),
        *steps(_year_rows(sheet.year), sheet.year, table),
        *steps(TAX_ROWS, sheet, table),
    )


def explain_lump(sheet: FederalTax, table: Federal, contributions: Contributions) -> tuple[Step, ...]:
    """The steps to the tax on the non-periodic part: the year with it, then without."""
    if not sheet.B or sheet.is_exempt:
        return ()
    opening = steps((*PAY_ROWS, REGULAR_INCOME_ROW, *LUMP_ROWS), sheet, table)
    if sheet.with_b is None or sheet.without_b is None:
        return (*opening, *steps(SMALL_LUMP_ROWS, sheet, table))
    credited = sheet.credits
    return (
        *opening,
        *steps((*_credit_rows(credited), *_lump_credit_rows(credited)), credited, contributions),
        *steps((WITH_LUMP_ROW, *_year_rows(sheet.with_b)), sheet.with_b, table, suffix="w"),
        *steps(
            (WITHOUT_LUMP_ROW, *CREDITED_ROWS, *_year_rows(sheet.without_b)),
            sheet.without_b,
            table,
            suffix="n",
        ),
        *steps(LUMP_TAX_ROWS, sheet, table),
    )
