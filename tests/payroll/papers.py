"""Stubs as a pay run leaves them, for the tests of what is made from them: no database needed."""

from datetime import date
from decimal import Decimal

from django.utils import translation

from payroll.facts import StubFacts
from payroll.models import StubLine
from payroll.papers import Paper, arrange_lines

Side, Code = StubLine.Side, StubLine.Code


def line(side, code, amount, *, week=None, minutes=None, rate=None, reason="") -> StubLine:
    return StubLine(
        side=side,
        code=code,
        amount=Decimal(amount),
        week_starts_on=week,
        minutes=minutes,
        rate=None if rate is None else Decimal(rate),
        reason=reason,
    )


def earned(code, week, minutes, amount, *, rate="21.50", reason="") -> StubLine:
    return line(Side.EARNING, code, amount, week=week, minutes=minutes, rate=rate, reason=reason)


def facts(**changes) -> StubFacts:
    return {
        "number": "2026-24-3",
        "cooperative": {
            "name": "Coopérative d’essai",
            "address": "1, rue de l’Essai\nMontréal (Québec)  H2X 1Y4",
            "phone": "514 555-0100",
            "email": "paie@example.org",
            "enterprise_number": "1160000000",
        },
        "person": {
            "name": "Ana Nguyễn-Łukasz",
            "address": "20, avenue du Parc\nMontréal (Québec)  H2V 4E7",
            "job_title": "Membre travailleuse, permanence",
        },
        "period_starts_on": "2026-11-02",
        "period_ends_on": "2026-11-15",
        "pay_on": "2026-11-20",
        "issued_on": "2026-11-19",
        "address": "https://koumbit.example.org/pay/stubs/no/2026-24-3/",
        "rates": [
            {
                "amount": "21.50",
                "starts_on": "2026-01-05",
                "decision": "Taux horaire unique de 2026",
                "body": "Assemblée générale",
                "adopted_on": "2025-12-08",
            }
        ],
        "roles": [{"role": "Coordination", "minutes": 1500}, {"role": "Comptabilité", "minutes": 2850}],
        "year_to_date": {
            "gross": "34812.40",
            "federal_tax": "2301.17",
            "quebec_tax": "2950.08",
            "qpp": "2045.60",
            "qpip": "149.69",
            "ei": "452.56",
            "deductions": "7899.10",
            "net": "26913.30",
        },
        **changes,
    }


# 37 h 30 of regular time; 40 h and 2 h of overtime; 1 h 20 corrected in an earlier week.
SALARIED_LINES = [
    earned(Code.REGULAR, date(2026, 10, 19), -80, "-28.67", reason="correction"),
    earned(Code.REGULAR, date(2026, 11, 2), 2250, "806.25"),
    earned(Code.REGULAR, date(2026, 11, 9), 2400, "860.00"),
    earned(Code.OVERTIME, date(2026, 11, 9), 120, "64.50"),
    line(Side.DEDUCTION, Code.FEDERAL_TAX, "98.36"),
    line(Side.DEDUCTION, Code.QUEBEC_TAX, "126.20"),
    line(Side.DEDUCTION, Code.QPP, "98.75"),
    line(Side.DEDUCTION, Code.QPIP, "7.32"),
    line(Side.DEDUCTION, Code.EI, "22.13"),
    line(Side.EMPLOYER, Code.QPP, "98.75"),
    line(Side.EMPLOYER, Code.QPIP, "10.25"),
    line(Side.EMPLOYER, Code.EI, "30.98"),
    line(Side.EMPLOYER, Code.HSF, "28.08"),
]
EDITIONS = "contributions-2026, T4127-122, TP-1015.F-2026-01, employer-2026"


def salaried(language="fr-ca", lines=SALARIED_LINES, **changes) -> Paper:
    with translation.override(language):
        return arrange_lines(facts(**changes), lines, kind="stub", language=language, editions=EDITIONS)


FREELANCE_LINES = [
    earned(Code.REGULAR, date(2026, 11, 2), 1230, "440.75"),
    earned(Code.REGULAR, date(2026, 11, 9), 900, "322.50"),
]
SALES_TAX_LINES = [
    line(Side.SALES_TAX, Code.GST, "38.16"),
    line(Side.SALES_TAX, Code.QST, "76.13"),
]


def freelance(language="fr-ca", *, is_registered=True) -> Paper:
    person = {"name": "Bo Tremblay", "address": "3, rue Ontario\nMontréal", "job_title": "Pigiste, formation"}
    so_far = {"gross": "9210.25", "net": "10589.48", "gst": "460.51", "qst": "918.72"}
    lines = FREELANCE_LINES
    if is_registered:
        person |= {"gst_number": "123456789 RT 0001", "qst_number": "1234567890 TQ 0001"}
        lines = lines + SALES_TAX_LINES
    changes = {"sales_tax_rates": {"gst": "0.05", "qst": "0.09975"}} if is_registered else {}
    with translation.override(language):
        return arrange_lines(
            facts(person=person, year_to_date=so_far, **changes), lines, kind="statement", language=language
        )


# Thanksgiving; a sick day and a half, recomputed; a week of vacation paid ahead; what two banks paid out.
LEAVE_LINES = [
    line(Side.EARNING, Code.SICK, "3.22", week=date(2026, 9, 28), minutes=0, reason="base"),
    earned(Code.REGULAR, date(2026, 10, 12), 1680, "602.00"),
    line(Side.EARNING, Code.HOLIDAY, "150.50", week=date(2026, 10, 12)),
    earned(Code.REGULAR, date(2026, 10, 19), 2100, "752.50"),
    earned(Code.BANK_OUT, date(2026, 10, 19), 90, "32.25"),
    line(Side.EARNING, Code.VACATION_OUT, "120.45", week=date(2026, 10, 19)),
    earned(Code.VACATION, date(2026, 11, 2), 2100, "752.50"),
    line(Side.DEDUCTION, Code.FEDERAL_TAX, "248.36"),
    line(Side.DEDUCTION, Code.QUEBEC_TAX, "306.20"),
    line(Side.DEDUCTION, Code.QPP, "143.55"),
    line(Side.DEDUCTION, Code.QPIP, "10.38"),
    line(Side.DEDUCTION, Code.EI, "31.37"),
]
INDEMNITIES = [
    {
        "week": "2026-09-28",
        "code": "sick",
        "base": "2902.86",
        "first": "2026-08-31",
        "last": "2026-09-27",
        "days": "11/7",
        "divisor": "20",
        "amount": "228.08",
        "holidays": [],
    },
    {
        "week": "2026-10-12",
        "code": "holiday",
        "base": "3010.00",
        "first": "2026-09-14",
        "last": "2026-10-11",
        "days": "1",
        "divisor": "20",
        "amount": "150.50",
        "holidays": ["2026-10-12"],
    },
]


def on_leave(language="fr-ca") -> Paper:
    return salaried(
        language,
        LEAVE_LINES,
        indemnities=INDEMNITIES,
        period_starts_on="2026-10-12",
        period_ends_on="2026-10-25",
        pay_on="2026-10-30",
        overtime_bank={"earned": 0, "out": 90, "balance": 0},
        vacation_bank={
            "part": "0.06",
            "accrued": "137.58",
            "taken": "752.50",
            "out": "120.45",
            "balance": "318.62",
        },
    )
