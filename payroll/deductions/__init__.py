"""Source deductions and employer contributions of a pay, in Québec.

Plain Python, standard library only: a pay and the year so far go in, amounts
come out. `compute` gives the amounts; `explain` gives, for each of them, the
steps a member can redo by hand. Both read the dated tables of `tables/` and
raise `NotReviewed` for a pay date they were not reviewed for.
"""

from __future__ import annotations

from typing import NamedTuple

from . import ei, employer, federal, qpip, qpp, quebec
from .ei import Ei
from .employer import EmployerAmounts
from .explanation import Step, steps
from .federal import FederalTax
from .parameters import (
    Edition,
    SalesTaxes,
    edition_on,
    editions_on,
    employer_table_on,
    minimum_wage_on,
    remitting_on,
    reviewed_days,
    sales_taxes_on,
)
from .qpip import Qpip
from .qpp import Qpp
from .quebec import QuebecTax
from .refusals import Invalid, NotReviewed, Refused, TableError
from .values import Claims, Deductions, Employer, Pay, YearToDate

__all__ = [
    "Claims",
    "Deductions",
    "Employer",
    "Invalid",
    "NotReviewed",
    "Pay",
    "Refused",
    "SalesTaxes",
    "Step",
    "TableError",
    "YearToDate",
    "compute",
    "edition_on",
    "editions_on",
    "employer_table_on",
    "explain",
    "minimum_wage_on",
    "remitting_on",
    "reviewed_days",
    "sales_taxes_on",
]


class Worksheets(NamedTuple):
    """Every calculation of one pay, with the tables it was made from."""

    edition: Edition
    qpp: Qpp
    ei: Ei
    qpip: Qpip
    federal: FederalTax
    quebec: QuebecTax
    employer: EmployerAmounts


def work(pay: Pay, so_far: YearToDate) -> Worksheets:
    """Each worksheet of a pay, contributions first because the taxes depend on them."""
    edition = edition_on(pay.pay_date)
    contributions = edition.contributions
    for_qpp = qpp.assess(pay, so_far, contributions)
    for_ei = ei.assess(pay, so_far, contributions)
    for_qpip = qpip.assess(pay, so_far, contributions)
    return Worksheets(
        edition=edition,
        qpp=for_qpp,
        ei=for_ei,
        qpip=for_qpip,
        federal=federal.assess(pay, so_far, for_qpp, for_ei, for_qpip, contributions, edition.federal),
        quebec=quebec.assess(pay, so_far, for_qpp, edition.quebec),
        employer=employer.assess(pay, so_far, edition.employer),
    )


def compute(pay: Pay, so_far: YearToDate) -> Deductions:
    """What is withheld from a pay, and what the employer adds, in dollars and cents.

    `so_far`: what this employer already paid and withheld in the calendar year
    of the pay date. The same inputs always give the same cents.

    Raises NotReviewed when the tables have not been reviewed for the pay date.
    """
    sheets = work(pay, so_far)
    for_qpp, for_federal, for_quebec = sheets.qpp, sheets.federal, sheets.quebec
    return Deductions(
        federal_tax=for_federal.T,
        federal_tax_nonperiodic=for_federal.TB,
        quebec_tax=for_quebec.A,
        quebec_tax_nonperiodic=for_quebec.AB,
        qpp=for_qpp.C,
        qpp2=for_qpp.C2,
        qpip=sheets.qpip.QPIP,
        ei=sheets.ei.EI,
        qpp_employer=for_qpp.C,
        qpp2_employer=for_qpp.C2,
        qpip_employer=sheets.qpip.employer,
        ei_employer=sheets.ei.employer,
        hsf_employer=sheets.employer.HSF,
        labour_standards_employer=sheets.employer.CNT,
        cnesst_employer=sheets.employer.CNESST,
        pensionable=for_qpp.PI,
        insurable=sheets.qpip.IQ,
        nonperiodic_f5=for_qpp.F5B,
        editions=sheets.edition.names,
    )


def explain(pay: Pay, so_far: YearToDate) -> dict[str, tuple[Step, ...]]:
    """How each amount of `compute` was reached, under the names `Deductions` has.

    The last step of each list is the amount itself; a part of the pay that does
    not exist has no steps. Labels are msgids.
    """
    sheets = work(pay, so_far)
    table, for_federal, for_quebec, own = sheets.edition
    additional = qpp.explain_additional(sheets.qpp, pay, table)
    federal_lump = federal.explain_lump(sheets.federal, for_federal, table)
    quebec_lump = quebec.explain_lump(sheets.quebec, for_quebec)
    qpp_steps = qpp.explain(sheets.qpp, pay, table)
    qpp2_steps = qpp.explain_second(sheets.qpp, pay, table)
    return {
        "federal_tax": (*additional, *federal.explain(sheets.federal, for_federal, table)),
        "federal_tax_nonperiodic": federal_lump and (*additional, *federal_lump),
        "quebec_tax": (*additional, *quebec.explain(sheets.quebec, for_quebec)),
        "quebec_tax_nonperiodic": quebec_lump and (*additional, *quebec_lump),
        "qpp": qpp_steps,
        "qpp2": qpp2_steps,
        "qpip": steps(qpip.ROWS, sheets.qpip, table),
        "ei": ei.explain(sheets.ei, pay, table),
        "qpp_employer": (*qpp_steps, *steps(qpp.EMPLOYER_ROWS, sheets.qpp, table)),
        "qpp2_employer": (*qpp2_steps, *steps(qpp.EMPLOYER_ROWS2, sheets.qpp, table)),
        "qpip_employer": steps(qpip.EMPLOYER_ROWS, sheets.qpip, table),
        "ei_employer": steps(ei.EMPLOYER_ROWS, sheets.ei, table),
        "hsf_employer": steps(employer.HSF_ROWS, sheets.employer, own),
        "labour_standards_employer": steps(employer.LABOUR_STANDARDS_ROWS, sheets.employer, own),
        "cnesst_employer": steps(employer.CNESST_ROWS, sheets.employer, own),
    }
