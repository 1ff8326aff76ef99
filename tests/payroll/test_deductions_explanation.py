"""Every amount comes with steps that a member can redo."""

import re
from datetime import date
from decimal import Decimal

import pytest

from payroll.deductions import Claims, compute, explain
from payroll.deductions.values import YearToDate
from tests.payroll.pays import pay, so_far

NUMBER = re.compile(r"\d+(\.\d+)?")
PAYS = {
    "first of the year": (pay(), YearToDate()),
    "with a bonus": (
        pay(nonperiodic="3000.00", rpp="50.00", rpp_nonperiodic="100.00", ftq_shares="20.00"),
        so_far(nonperiodic="500.00", nonperiodic_f5="4.00", qpp="900.00", pensionable="15000.00"),
    ),
    "under the limits": (pay("100.00", nonperiodic="400.00"), YearToDate()),
    "at the maxima": (
        pay("4000.00"),
        so_far(qpp="4383.36", pensionable="72000.00", ei="890.00", qpip="440.00", qpip_employer="610.00"),
    ),
    "bonus alone": (pay("0.00", nonperiodic="1000.00", usual_gross="3000.00"), YearToDate()),
    "bonus beside deductions larger than the pay": (
        pay(
            "100.00",
            nonperiodic="30000.00",
            claims=Claims(federal_deduction=Decimal("9000"), quebec_authorized_deduction=Decimal("9000")),
        ),
        YearToDate(),
    ),
    "in the year of turning 18": (
        pay("6000.00", on="2026-10-02", claims=Claims(birth_date=date(2008, 5, 20))),
        so_far(qpp="2000.00", pensionable="42000.00"),
    ),
    "where the basic amount decreases": (pay("8000.00"), YearToDate()),
    "where the basic amount is the least": (pay("12000.00"), YearToDate()),
    "second pay of the same period": (pay("300.00", exemption_used=True), YearToDate()),
    "not insurable": (pay("900.00", ei_exempt=True), YearToDate()),
    "at 17": (pay("900.00", claims=Claims(birth_date=date(2009, 5, 20))), YearToDate()),
    "with every claim": (
        pay(
            claims=Claims(
                federal_claim=Decimal("17000"),
                federal_extra_tax=Decimal("5.00"),
                federal_remote_area=Decimal("100"),
                federal_deduction=Decimal("200"),
                federal_credit=Decimal("30"),
                quebec_claim=Decimal("20000"),
                quebec_extra_tax=Decimal("6.00"),
                quebec_deduction=Decimal("300"),
                quebec_authorized_deduction=Decimal("400"),
                quebec_authorized_credit=Decimal("50"),
            )
        ),
        YearToDate(),
    ),
}


def worked_out(working):
    """What the printed numbers give, without any rounding."""
    sum_ = NUMBER.sub(lambda match: f"Decimal('{match[0]}')", working)
    for printed, python in (("×", "*"), ("÷", "/"), ("−", "-")):
        sum_ = sum_.replace(printed, python)
    return eval(sum_, {"Decimal": Decimal, "min": min, "max": max})


@pytest.mark.parametrize("name", PAYS)
def test_last_step_is_the_amount(name):
    each, before = PAYS[name]
    found = compute(each, before)

    for amount, steps in explain(each, before).items():
        assert (steps[-1].amount if steps else 0) == getattr(found, amount), amount


@pytest.mark.parametrize("name", PAYS)
def test_each_sum_can_be_redone_from_its_printed_numbers(name):
    """Within the cents that are rounded away in each parenthesis, times the pays of a year."""
    each, before = PAYS[name]

    for amount, steps in explain(each, before).items():
        for step in steps:
            if step.working:
                assert abs(worked_out(step.working) - step.amount) <= Decimal("0.02"), (amount, step)


@pytest.mark.parametrize("name", PAYS)
def test_every_symbol_of_a_formula_was_shown_before(name):
    each, before = PAYS[name]

    for amount, steps in explain(each, before).items():
        shown = set()
        for step in steps:
            used = set(re.findall(r"[A-Za-z_]\w*", step.formula)) - {"min", "max"}
            assert used <= shown, (amount, step.symbol, used - shown)
            shown.add(step.symbol)


def test_every_step_has_a_label_and_a_source():
    for steps in explain(*PAYS["with a bonus"]).values():
        for step in steps:
            assert step.label
            assert step.edition
            assert bool(step.source) == bool(step.confidence)
            assert step.source or not step.formula


def test_value_of_the_tables_cites_its_own_source():
    steps = {step.symbol: step for step in explain(*PAYS["first of the year"])["quebec_tax"]}

    assert steps["Hmax"].source == "TP-1015.F-V (2026-01), as transcribed"
    assert steps["Y"].source.startswith("Revenu Québec, Formulas to Calculate Source Deductions")


def test_step_shows_the_formula_and_its_numbers():
    steps = {step.symbol: step for step in explain(*PAYS["first of the year"])["quebec_tax"]}

    assert steps["H"].formula == "min(Hr × G, Hmax ÷ P)"
    assert steps["H"].working == "min(0.06 × 2000.00, 1450 ÷ 26)"
    assert steps["H"].amount == Decimal("55.77")


def test_part_of_the_pay_that_does_not_exist_has_no_steps():
    found = explain(*PAYS["first of the year"])

    assert found["federal_tax_nonperiodic"] == ()
    assert found["quebec_tax_nonperiodic"] == ()


def test_exempt_person_is_told_so():
    exempt = Claims(federal_exempt=True, quebec_exempt=True)
    found = explain(pay(nonperiodic="500.00", claims=exempt), YearToDate())

    assert found["federal_tax"][-1].label == "Exempt from federal tax: nothing is withheld"
    assert found["quebec_tax"][-1].label == "Exempt from Québec tax: nothing is withheld"
    assert found["federal_tax_nonperiodic"] == found["quebec_tax_nonperiodic"] == ()


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        (Claims(birth_date=date(2009, 5, 20)), "the month after the 18th birthday"),
        (Claims(birth_date=date(2008, 5, 20)), "the month after the 18th birthday"),
        (Claims(birth_date=date(1953, 12, 31)), "the year in which the person turns 73"),
        (Claims(birth_date=date(1960, 1, 1), qpp_stops_on=date(2026, 5, 1)), "form RR-50-V"),
    ],
)
def test_person_who_contributes_nothing_to_the_qpp_is_told_why(claims, reason):
    found = explain(pay(on="2026-05-15", claims=claims), YearToDate())

    for amount in ("qpp", "qpp2"):
        (step,) = found[amount]
        assert reason in step.label
        assert step.amount == 0


def test_amount_paid_alone_is_told_that_it_has_no_exemption():
    steps = {step.symbol: step for step in explain(*PAYS["bonus alone"])["qpp"]}

    assert steps["Ex"].amount == 0
    assert steps["Ex"].label.startswith("No exemption: an amount paid alone")


def test_part_of_a_year_says_how_its_most_is_reached():
    steps = {step.symbol: step for step in explain(*PAYS["in the year of turning 18"])["qpp"]}

    assert steps["Cmax"].working == "4479.30 × 7 ÷ 12"
    assert steps["Cmax"].amount == Decimal("2612.93")


def test_basic_amount_of_a_high_income_is_worked_out():
    steps = {step.symbol: step for step in explain(*PAYS["where the basic amount decreases"])["federal_tax"]}

    assert steps["TC"].formula == "bmax − (NI − bfrom) × (bmax − bmin) ÷ (bto − bfrom)"
    assert Decimal(14829) < steps["TC"].amount < Decimal(16452)


def test_employer_share_of_the_qpp_is_said_to_be_the_same():
    *_, last = explain(*PAYS["first of the year"])["qpp_employer"]

    assert last.label == "Employer’s contribution: the same as the employee’s"
    assert last.working == "117.52"


@pytest.mark.parametrize(
    ("amount", "symbol", "confidence"),
    [("qpp", "C", "P"), ("qpip", "QPIP", "T"), ("federal_tax", "T", "P"), ("quebec_tax", "A", "T")],
)
def test_step_says_how_sure_we_are_of_its_formula(amount, symbol, confidence):
    steps = {step.symbol: step for step in explain(*PAYS["first of the year"])[amount]}

    assert steps[symbol].confidence == confidence


def test_what_the_pay_itself_gives_has_no_source():
    steps = {step.symbol: step for step in explain(*PAYS["first of the year"])["qpp"]}

    assert (steps["PI"].source, steps["PI"].confidence) == ("", "")
    assert (steps["Xa"].confidence, steps["Xa"].edition) == ("P", "QPP-QPIP-EI-2026")
