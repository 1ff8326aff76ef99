"""Every amount comes with steps that a member can redo."""

import re
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
            assert step.source


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
