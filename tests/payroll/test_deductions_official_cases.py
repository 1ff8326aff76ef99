"""The pays whose deductions the governments published."""

from pathlib import Path

import pytest

from payroll import deduction_cases

OFFICIAL = Path(__file__).parent / "cases" / "official.csv"


def official_cases():
    with OFFICIAL.open(encoding="utf-8", newline="") as source:
        return list(deduction_cases.read(source))


@pytest.mark.parametrize("case", official_cases(), ids=lambda case: case.id)
def test_official_case_is_reproduced(case):
    assert case.refusal is None
    assert case.expected
    assert list(case.disagreements()) == []


@pytest.mark.parametrize("case", official_cases(), ids=lambda case: case.id)
def test_official_case_is_reproduced_to_the_cent(case):
    """Income taxes too: the tolerance of one cent is not used by any known case."""
    ours = {column: getattr(case.amounts, column) for column in case.expected}

    assert ours == case.expected


def test_official_cases_are_all_there():
    found = deduction_cases.compare(official_cases())

    assert (found.cases, found.refused, found.compared) == (37, 0, 164)
