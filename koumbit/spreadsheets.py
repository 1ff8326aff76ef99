"""Rows as files that a spreadsheet opens: inert in every cell, in the conventions of the reader's language."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import translation

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as a spreadsheet in the reader's language opens them: with `;` and a comma in French."""
    return b"".join(csv_lines(rows))


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The same, line by line, for files too long to hold."""
    is_french = (translation.get_language() or "fr").startswith("fr")
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if is_french else ",", lineterminator="\r\n")
    yield "\ufeff".encode()
    for row in rows:
        writer.writerow([_cell(value, is_french) for value in row])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def _cell(value: Any, is_french: bool) -> str:
    if isinstance(value, Decimal):
        return str(value).replace(".", ",") if is_french else str(value)
    text = str(value)
    # A spreadsheet would run what starts like a formula.
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def as_xlsx(rows: Sequence[Sequence[Any]], *, made_at: datetime) -> bytes:
    """The same rows as a workbook: real numbers and dates, text that stays text."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        page = book.add_worksheet()
        money, day = (
            book.add_format({"num_format": "#,##0.00"}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
        )
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, Decimal):
                    page.write_number(line, column, value, money)
                elif hasattr(value, "isoformat"):
                    page.write_datetime(line, column, value, day)
                else:
                    page.write_string(line, column, str(value))
        page.freeze_panes(2, 2)
        page.autofit()
    return buffer.getvalue()
