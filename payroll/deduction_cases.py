"""Worked cases in a CSV file: the check of our deductions against official figures.

One row is one pay, in the columns of `tests/payroll/cases/official.csv`; what
is empty takes its default. The result is one row of amounts, or a refusal with
its sentence and no amount. Where the file says what is expected (`exp_…`), the
two are compared: contributions to the cent, income taxes within one cent.

A spreadsheet set to French writes `;` between cells and a comma before the
cents; both are read. A comma before three digits is refused, because it may
separate thousands.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple, TextIO, TypeVar

from .deductions import Claims, Deductions, Invalid, Pay, Refused, YearToDate, compute
from .deductions.refusals import gettext_noop

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
DECIMAL_COMMA = re.compile(r"([+-]?[0-9]+),([0-9]{1,2})")
COUNT = re.compile(r"[0-9]{1,9}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CENT = Decimal("0.01")

REQUIRED = ("id", "pay_date", "periods_per_year", "gross")

#: The columns that are amounts, and the value and field each one fills.
PAY_COLUMNS = {
    name: name
    for name in (
        "gross",
        "nonperiodic",
        "rpp",
        "rpp_nonperiodic",
        "ftq_shares",
        "fondaction_shares",
        "insurable",
    )
}
CLAIM_COLUMNS = {
    "federal_claim": "federal_claim",
    "quebec_claim": "quebec_claim",
    "l_quebec": "quebec_extra_tax",
    "j_quebec": "quebec_deduction",
}
YEAR_TO_DATE_COLUMNS = {
    f"ytd_{name}": name
    for name in (
        "qpp",
        "qpp2",
        "ei",
        "qpip",
        "qpip_employer",
        "pensionable",
        "nonperiodic",
        "nonperiodic_f5",
        "cpp",
    )
}

TAXES = ("federal_tax", "federal_tax_nonperiodic", "quebec_tax", "quebec_tax_nonperiodic")
CONTRIBUTIONS = ("qpp", "qpp2", "qpip", "ei", "qpip_employer", "ei_employer")
AMOUNTS = (*TAXES, *CONTRIBUTIONS)
OUTPUT_COLUMNS = ("id", *AMOUNTS, "error")

MISSING_COLUMNS = gettext_noop("The file has no column named %(columns)s.")
REPEATED_COLUMN = gettext_noop("The file has more than one column named %(column)s.")
NOT_CSV = gettext_noop("The file cannot be read as CSV text in UTF-8.")
NOT_A_NUMBER = gettext_noop("“%(column)s” is not a number: %(value)s.")
NOT_A_COUNT = gettext_noop("“%(column)s” is not a whole number: %(value)s.")
NOT_A_DATE = gettext_noop("“%(column)s” is not a date written YYYY-MM-DD: %(value)s.")
EMPTY = gettext_noop("“%(column)s” is empty.")
TOO_MANY_CELLS = gettext_noop("This row has more cells than the file has columns.")


Built = TypeVar("Built")


class Case(NamedTuple):
    """One row: its name, and the amounts or the refusal; `expected` by column."""

    id: str
    amounts: Deductions | None
    refusal: Refused | None
    expected: dict[str, Decimal]

    def disagreements(self) -> Iterator[tuple[str, Decimal, Decimal | None]]:
        """The expected amounts we do not give: column, expected, ours."""
        for column, wanted in self.expected.items():
            ours = None if self.amounts is None else getattr(self.amounts, column)
            tolerance = CENT if column in TAXES else 0
            if ours is None or abs(ours - wanted) > tolerance:
                yield column, wanted, ours


class Agreement(NamedTuple):
    """How the cases of a file compare with what they expect."""

    cases: int
    refused: int
    compared: int
    disagreements: list[tuple[str, str, Decimal, Decimal | None]]


def read(source: TextIO) -> Iterator[Case]:
    """The cases of a CSV file, computed one by one.

    Raises Refused when the file itself cannot be used; a row that cannot be
    computed carries its own refusal.
    """
    try:
        header = next((line for line in source if line.strip()), "")
        delimiter = ";" if header.count(";") > header.count(",") else ","
        reader = csv.DictReader(chain([header], source), delimiter=delimiter, strict=True)
        columns = [name.strip() for name in reader.fieldnames or ()]
        if missing := [name for name in REQUIRED if name not in columns]:
            raise Refused(MISSING_COLUMNS, columns=", ".join(missing))
        for name in columns:
            if name and columns.count(name) > 1:
                raise Refused(REPEATED_COLUMN, column=name)
        reader.fieldnames = columns
        for row in reader:
            if not _is_blank(row):
                yield case(row)
    except (UnicodeDecodeError, csv.Error):
        raise Refused(NOT_CSV) from None


def _is_blank(row: dict[str, str | None]) -> bool:
    """Whether a spreadsheet left nothing but separators on this line."""
    return None not in row and not any((cell or "").strip() for cell in row.values())


def case(row: dict[str, str | None]) -> Case:
    """One row, computed or refused."""
    name = (row["id"] or "").strip()
    amounts, refusal = None, None
    try:
        if None in row:
            raise Refused(TOO_MANY_CELLS)
        amounts = compute(_pay(row), _filled(YearToDate, row, YEAR_TO_DATE_COLUMNS))
    except Refused as refused:
        refusal = refused
    try:
        expected = _amounts(row, {f"exp_{column}": column for column in AMOUNTS})
    except Refused as refused:
        expected, amounts, refusal = {}, None, refusal or refused
    return Case(name, amounts, refusal, expected)


def compare(cases: Sequence[Case]) -> Agreement:
    """What the cases expect against what we give."""
    return Agreement(
        cases=len(cases),
        refused=sum(case.refusal is not None for case in cases),
        compared=sum(len(case.expected) for case in cases),
        disagreements=[(case.id, *found) for case in cases for found in case.disagreements()],
    )


def write(cases: Iterable[Case], target: TextIO, sentence: Callable[[Refused], str] = str) -> None:
    """Write one row per case; `sentence` says a refusal in words."""
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(OUTPUT_COLUMNS)
    for case in cases:
        cells = ["" if case.amounts is None else f"{getattr(case.amounts, column):.2f}" for column in AMOUNTS]
        error = "" if case.refusal is None else sentence(case.refusal)
        writer.writerow([case.id, *cells, error])


def _pay(row: dict[str, str | None]) -> Pay:
    amounts = _amounts(row, PAY_COLUMNS)
    if "gross" not in amounts:
        raise Refused(EMPTY, column="gross")
    return Pay(
        pay_date=_date(row, "pay_date"),
        periods_per_year=_count(row, "periods_per_year"),
        claims=_filled(Claims, row, CLAIM_COLUMNS),
        **amounts,
    )


def _filled(make: Callable[..., Built], row: dict[str, str | None], columns: dict[str, str]) -> Built:
    """A value made from the amounts of some columns; a refusal names the column, not our field."""
    try:
        return make(**_amounts(row, columns))
    except Invalid as refused:
        names = {field: column for column, field in columns.items()}
        field = str(refused.params.get("field", ""))
        raise Invalid(refused.message, **{**refused.params, "field": names.get(field, field)}) from None


def _amounts(row: dict[str, str | None], columns: dict[str, str]) -> dict[str, Any]:
    amounts: dict[str, Any] = {}
    for column, field in columns.items():
        text = (row.get(column) or "").strip()
        if not text:
            continue
        if comma := DECIMAL_COMMA.fullmatch(text):
            text = f"{comma[1]}.{comma[2]}"
        if not NUMBER.fullmatch(text):
            raise Refused(NOT_A_NUMBER, column=column, value=text)
        amounts[field] = Decimal(text)
    return amounts


def _required(row: dict[str, str | None], column: str) -> str:
    text = (row[column] or "").strip()
    if not text:
        raise Refused(EMPTY, column=column)
    return text


def _date(row: dict[str, str | None], column: str) -> date:
    text = _required(row, column)
    if DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise Refused(NOT_A_DATE, column=column, value=text)


def _count(row: dict[str, str | None], column: str) -> int:
    text = _required(row, column)
    if not COUNT.fullmatch(text):
        raise Refused(NOT_A_COUNT, column=column, value=text)
    return int(text)
