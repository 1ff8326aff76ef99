"""The register of a year's remittances as rows for a spreadsheet: what was owed, each payment, what is left."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from .business_days import Government
from .deductions.money import ZERO
from .models import Remittance
from .remittance_parts import PLACES, Amounts, label_of, total
from .standings import Book, Standing

#: Both governments' parts, each once.
COLUMNS = (*PLACES[Government.CRA], *PLACES[Government.QUEBEC])


def table(book: Book) -> list[list[Any]]:
    """A line that says what it is, the head, the lines of each period, and the totals."""
    written = timezone.localtime().isoformat(timespec="seconds")
    title = [_("Register of the remittances of %(year)s") % {"year": book.year}, "", written]
    head = [
        _("Paid to"),
        _("Line"),
        _("Pays from"),
        _("Until"),
        _("Due on"),
        _("Paid on"),
        _("Reference"),
        _("Recorded by"),
        _("Reason"),
        *(label_of(place) for place in COLUMNS),
        _("Total"),
    ]
    rows = [row for standing in book.standings for row in _rows(standing)]
    foot = [
        _sum(book, _("Total owed"), [standing.owed for standing in book.standings]),
        _sum(book, _("Total paid"), [standing.paid for standing in book.standings]),
        _sum(book, _("Total left"), [standing.left for standing in book.standings]),
    ]
    return [title, head, *rows, *foot]


def _rows(standing: Standing) -> list[list[Any]]:
    rows = [_row(standing, _("owed"), standing.owed)]
    rows += [_row(standing, _("paid"), payment.amounts, payment) for payment in standing.remittances]
    return [*rows, _row(standing, _("left"), standing.left)]


def _row(standing: Standing, line: str, amounts: Amounts, payment: Remittance | None = None) -> list[Any]:
    told: list[Any] = ["", "", "", ""]
    if payment:
        told = [payment.paid_on, payment.reference, str(payment.recorded_by), payment.because]
    period = standing.period
    days = [period.starts_on, period.ends_on, period.due_on]
    return [standing.government, line, *days, *told, *_cells(amounts)]


def _cells(amounts: Amounts) -> list[Any]:
    return [*(amounts.get(place, ZERO) for place in COLUMNS), total(amounts)]


def _sum(book: Book, label: str, several: list[Amounts]) -> list[Any]:
    sums = {place: sum((amounts.get(place, ZERO) for amounts in several), ZERO) for place in COLUMNS}
    return [label, *[""] * 8, *_cells(sums)]
