"""Files of worked cases: what they may hold, and the command that runs them."""

import csv
import io
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from payroll import deduction_cases
from payroll.deductions import Refused

ROOT = Path(__file__).parents[2]
OFFICIAL = Path(__file__).parent / "cases" / "official.csv"
HEADER = "id,pay_date,periods_per_year,gross"


def cases(*rows, header=HEADER):
    return list(deduction_cases.read(io.StringIO("\n".join([header, *rows]) + "\n")))


def refusal(row, header=HEADER):
    (case,) = cases(row, header=header)
    assert case.amounts is None
    return str(case.refusal)


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def run(path):
    out, err = io.StringIO(), io.StringIO()
    call_command("source_deductions", cases=path, stdout=out, stderr=err)
    return list(csv.DictReader(io.StringIO(out.getvalue()))), err.getvalue()


def test_row_with_the_fewest_columns_is_computed():
    (case,) = cases("a,2026-01-15,26,2000")

    assert case.id == "a"
    assert case.amounts.federal_tax == Decimal("135.30")
    assert case.expected == {}


def test_empty_cells_and_unknown_columns_change_nothing():
    plain = cases("a,2026-01-15,26,2000")
    (case,) = cases("a,2026-01-15,26,2000,,,whatever", header=HEADER + ",nonperiodic,ytd_qpp,note")

    assert case.amounts == plain[0].amounts


def test_claim_of_zero_is_not_an_empty_claim():
    (case,) = cases("a,2026-01-15,26,2000,0", header=HEADER + ",federal_claim")

    assert case.amounts.federal_tax > Decimal("135.30")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("a,2027-01-07,26,2000", "2024-01-01 through 2026-12-31, and 2027-01-07 is outside"),
        ("a,2023-12-31,26,2000", "2023-12-31 is outside"),
        ("a,2026-01-15,26,-5", "“gross” cannot be negative (-5)."),
        ("a,2026-01-15,26,much", "“gross” is not a number: much."),
        ("a,2026-01-15,26,1e3", "“gross” is not a number: 1e3."),
        ("a,2026-01-15,26,NaN", "“gross” is not a number: NaN."),
        ("a,2026-01-15,26,٢٠٠٠", "“gross” is not a number: ٢٠٠٠."),
        ("a,2026-01-15,26,2000.005", "“gross” has more than two decimals (2000.005)."),
        ("a,2026-01-15,26,", "“gross” is empty."),
        ("a,2026-01-15,26", "“gross” is empty."),
        ("a,,26,2000", "“pay_date” is empty."),
        ("a,15/01/2026,26,2000", "“pay_date” is not a date written YYYY-MM-DD: 15/01/2026."),
        ("a,20260115,26,2000", "“pay_date” is not a date written YYYY-MM-DD: 20260115."),
        ("a,2026-02-30,26,2000", "“pay_date” is not a date written YYYY-MM-DD: 2026-02-30."),
        ("a,2026-01-15,,2000", "“periods_per_year” is empty."),
        ("a,2026-01-15,26.5,2000", "“periods_per_year” is not a whole number: 26.5."),
        ("a,2026-01-15,²,2000", "“periods_per_year” is not a whole number: ²."),
        ("a,2026-01-15," + "9" * 5000 + ",2000", "“periods_per_year” is not a whole number: 999"),
        ('a,2026-01-15,26,"2,000"', "“gross” is not a number: 2,000."),
        ('a,2026-01-15,26,"2,000.00"', "“gross” is not a number: 2,000.00."),
        ("a,2026-01-15,0,2000", "The number of pays in the year must be from 1 to 366 (0)."),
        ("a,2026-01-15,26,2000,5", "This row has more cells than the file has columns."),
    ],
)
def test_row_that_cannot_be_computed_says_why(row, sentence):
    assert sentence in refusal(row)


@pytest.mark.parametrize("column", ["ytd_qpp", "ytd_pensionable", "l_quebec", "j_quebec", "rpp"])
def test_refusal_names_the_column_of_the_file(column):
    assert refusal("a,2026-01-15,26,2000,-5", header=f"{HEADER},{column}") == (
        f"“{column}” cannot be negative (-5)."
    )


def test_file_of_a_french_spreadsheet_is_read():
    plain = cases("a,2026-01-15,26,2000.50,25.5", header=HEADER + ",rpp")
    french = cases("a;2026-01-15;26;2000,50;25,5", header="id;pay_date;periods_per_year;gross;rpp")

    assert french == plain
    assert french[0].amounts is not None


def test_lines_with_nothing_but_separators_are_skipped():
    found = list(
        deduction_cases.read(io.StringIO(f"\n  \n{HEADER}\n\n,,,\na,2026-01-15,26,2000\n   \n , , ,\n"))
    )

    assert [(case.id, case.refusal) for case in found] == [("a", None)]


def test_cell_may_hold_several_lines():
    found = cases('a,2026-01-15,26,2000,"two\nlines"', "b,2026-01-15,26,2000,one", header=HEADER + ",note")

    assert [case.id for case in found] == ["a", "b"]


def test_rows_with_the_same_name_are_both_computed():
    found = cases("a,2026-01-15,26,2000", "a,2026-01-15,26,1000")

    assert [case.amounts.qpip for case in found] == [Decimal("8.60"), Decimal("4.30")]


def test_expected_amount_that_is_not_a_number_refuses_its_row():
    assert refusal("a,2026-01-15,26,2000,x", header=HEADER + ",exp_qpp") == "“exp_qpp” is not a number: x."


def test_one_bad_row_does_not_stop_the_others():
    found = cases("a,2026-01-15,26,-5", "b,2026-01-15,26,2000")

    assert [case.refusal is None for case in found] == [False, True]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file has no column named id, pay_date, periods_per_year, gross."),
        ("id,gross\na,5\n", "The file has no column named pay_date, periods_per_year."),
        (f"{HEADER},gross\na,2026-01-15,26,5,6\n", "The file has more than one column named gross."),
        (f'{HEADER},note\na,2026-01-15,26,5,"open\nb,2026-01-15,26,5,\n', deduction_cases.NOT_CSV),
    ],
)
def test_file_without_the_columns_is_refused(text, sentence):
    with pytest.raises(Refused) as refused:
        list(deduction_cases.read(io.StringIO(text)))

    assert str(refused.value) == sentence


def test_taxes_may_differ_by_a_cent_and_contributions_may_not():
    header = HEADER + ",exp_federal_tax,exp_quebec_tax,exp_qpp,exp_ei"
    found = cases("a,2026-01-15,26,2000,135.31,167.55,117.53,26.00", header=header)

    compared = deduction_cases.compare(found)

    assert compared.compared == 4
    assert compared.disagreements == [
        ("a", "quebec_tax", Decimal("167.55"), Decimal("167.53")),
        ("a", "qpp", Decimal("117.53"), Decimal("117.52")),
    ]


def test_refused_row_agrees_with_nothing_it_expects():
    found = cases("a,2027-01-15,26,2000,117.52", header=HEADER + ",exp_qpp")

    assert deduction_cases.compare(found).disagreements == [("a", "qpp", Decimal("117.52"), None)]


def test_command_prints_a_row_per_case_with_the_error_last(tmp_path, english):
    path = tmp_path / "pays.csv"
    path.write_text("﻿" + HEADER + "\na,2026-01-15,26,2000\nb,2027-01-07,26,2000\n", encoding="utf-8")

    rows, err = run(path)

    assert rows[0] == {
        "id": "a",
        "federal_tax": "135.30",
        "federal_tax_nonperiodic": "0.00",
        "quebec_tax": "167.53",
        "quebec_tax_nonperiodic": "0.00",
        "qpp": "117.52",
        "qpp2": "0.00",
        "qpip": "8.60",
        "ei": "26.00",
        "qpip_employer": "12.04",
        "ei_employer": "36.40",
        "error": "",
    }
    assert list(rows[0]) == list(deduction_cases.OUTPUT_COLUMNS)
    assert "2027-01-07 is outside" in rows[1].pop("error")
    assert rows[1].pop("id") == "b"
    assert set(rows[1].values()) == {""}
    assert err == ""


def test_command_reports_agreement_on_standard_error(english):
    rows, err = run(OFFICIAL)

    assert len(rows) == 37
    assert err.strip() == "164 of 164 figures agree (37 pays, 0 refused)."


def test_command_names_each_disagreement(tmp_path, english):
    path = tmp_path / "pays.csv"
    path.write_text(
        HEADER + ",exp_qpp,exp_ei\na,2026-01-15,26,2000,117.53,26.00\nb,2027-01-07,26,2000,1.00,\n"
    )

    _, err = run(path)

    assert err.splitlines() == [
        "a: qpp should be 117.53, and is 117.52.",
        "b: qpp should be 1.00, and is refused.",
        "1 of 3 figures agree (2 pays, 1 refused).",
    ]


def test_command_refuses_a_file_that_is_not_there(tmp_path, english):
    with pytest.raises(CommandError, match=r"The file .*nothing\.csv cannot be opened"):
        run(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    "content", [b"id,pay_date\xff\n", b"id,pay_date,periods_per_year,gross\n\xe9,2026-01-15,26,5\n"]
)
def test_command_refuses_a_file_that_is_not_text(tmp_path, english, content):
    path = tmp_path / "pays.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match="cannot be read as CSV text in UTF-8"):
        run(path)


def test_command_prints_nothing_when_columns_are_missing(tmp_path, english, capsys):
    path = tmp_path / "pays.csv"
    path.write_text("id,gross\n")

    with pytest.raises(CommandError, match="no column named pay_date, periods_per_year"):
        call_command("source_deductions", cases=path)
    assert capsys.readouterr().out == ""


def test_command_needs_no_database():
    """In a process of its own, with a database that does not exist."""
    done = subprocess.run(
        [sys.executable, "manage.py", "source_deductions", "--cases", str(OFFICIAL)],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
            "DEBUG": "1",
            "LANG": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 38
    assert "164" in done.stderr
