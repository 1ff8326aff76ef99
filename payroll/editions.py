"""The tables of the law as people read them: which edition computes, until when, what changed in a year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from koumbit.formats import dollars, number, percent

from .calendar import Calendar
from .deductions import NotReviewed, edition_on, reviewed_days, reviewing, sales_taxes_on
from .deductions.names import CONFIDENCE_NAMES, SURE
from .deductions.parameters import (
    KINDS,
    PAY_KINDS,
    Cited,
    LeavePay,
    Remitting,
    SalesTaxes,
    Table,
    all_tables,
)
from .deductions.reviewing import Change, Check, Revision, Value

#: The tables whose values are only a part of the law: formulas or rules go with them.
WITH_RULES = (*PAY_KINDS, LeavePay, Remitting)
#: How long before the first refused pay date the holders of the pay powers are told.
AHEAD = timedelta(weeks=6)


def is_to_verify(confidence: str) -> bool:
    """Whether a value or a formula was not read in the official text itself."""
    return confidence not in ("", SURE)


def how_sure(confidence: str) -> str:
    """What a mark of confidence means, in the reader's language."""
    return _(CONFIDENCE_NAMES[confidence]) if confidence else ""


# Which edition computes ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Used:
    """The editions a pay date is computed with, and the last day all of them were reviewed for."""

    names: tuple[str, ...]
    through: date
    year: int


def used_on(pay_on: date) -> Used | None:
    """The editions of a pay date; None where it is refused."""
    try:
        tables: tuple[Table, ...] = (*edition_on(pay_on), sales_taxes_on(pay_on))
    except NotReviewed:
        return None
    names = tuple(table.edition for table in tables if not isinstance(table, SalesTaxes))
    return Used(names, min(table.reviewed_through for table in tables), pay_on.year)


def last_reviewed() -> date:
    """The last pay date that nothing refuses."""
    return min(reviewed_days()[1], all_tables()[SalesTaxes][-1].reviewed_through)


def cited(document: str) -> str:
    """A document of the tables as the reader's language cites it; any other text as it is."""
    is_french = (get_language() or "fr").startswith("fr")
    return document.fr if isinstance(document, Cited) and is_french else document


def first_refused(calendar: Calendar, today: date) -> date | None:
    """The first pay date to come that is refused, once it is less than six weeks away; else None."""
    last = last_reviewed()
    year = max(last, today).year
    dates = (*calendar.pay_dates(year), *calendar.pay_dates(year + 1))
    refused = next(day for day in dates if day > last and day >= today)
    return refused if refused - today <= AHEAD else None


def employer_share(day: date) -> Decimal | None:
    """What the employer adds to each dollar of pay before the ceilings, CNESST apart; None where refused.

    QPP, QPIP, EI, health services fund of a small payroll and labour standards.
    """
    try:
        contributions, _federal, _quebec, own = edition_on(day)
    except NotReviewed:
        return None
    return (
        contributions.qpp_rate
        + contributions.qpip_employer_rate
        + contributions.ei_rate * contributions.ei_employer_multiple
        + own.hsf_small_rate / 100
        + own.labour_standards_rate
    )


# A year beside another ----------------------------------------------------------------------------


def written(value: Value) -> str:
    """A value as the law prints it: dollars, a percentage, a plain factor or a whole number."""
    shown = value.amount.scaleb(2) if value.unit == "rate" else value.amount
    places = max(2, -int(shown.as_tuple().exponent))
    match value.unit:
        case "dollars":
            return dollars(value.amount)
        case "rate":
            return percent(value.amount, places)
        case "percent":
            return percent(value.amount / 100, places)
        case "count":
            return number(value.amount, 0)
    return number(value.amount, places)


@dataclass(frozen=True)
class Line:
    """A value of the year beside the year before's."""

    change: Change

    @property
    def label(self) -> str:
        shown = self.change.shown
        return _(shown.label) % {"number": shown.number} if shown.number else _(shown.label)

    @property
    def before(self) -> str:
        return written(self.change.before) if self.change.before else ""

    @property
    def after(self) -> str:
        return written(self.change.after) if self.change.after else ""

    @property
    def growth(self) -> str:
        """By how much it moved, with its sign; empty where there is nothing to compare with."""
        growth = self.change.growth
        if not growth:
            return ""
        return ("+" if growth > 0 else "") + percent(growth)

    @property
    def is_same(self) -> bool:
        return self.change.is_same

    @property
    def cites_the_same(self) -> bool:
        return self.change.cites_the_same

    @property
    def source(self) -> str:
        return cited(self.change.shown.origin.source)

    @property
    def consulted_on(self) -> date:
        return self.change.shown.origin.consulted_on

    @property
    def confidence(self) -> str:
        return self.change.shown.origin.confidence

    @property
    def how_sure(self) -> str:
        return how_sure(self.confidence)

    @property
    def is_to_verify(self) -> bool:
        return is_to_verify(self.confidence)


@dataclass(frozen=True)
class Sum:
    """A check of the arithmetic, in words."""

    check: Check

    @property
    def label(self) -> str:
        return (
            _(self.check.label) % {"number": self.check.number} if self.check.number else _(self.check.label)
        )

    @property
    def computed(self) -> str:
        return number(self.check.computed)

    @property
    def printed(self) -> str:
        return number(self.check.printed)

    @property
    def agrees(self) -> bool:
        return self.check.agrees


@dataclass(frozen=True)
class Part:
    """One kind of table in a year: its edition, each value beside the one before, and its sums."""

    revision: Revision

    @property
    def name(self) -> str:
        return _(reviewing.kind_name(self.revision.kind))

    @property
    def table(self) -> Table | None:
        return self.revision.after

    @property
    def before(self) -> Table | None:
        return self.revision.before

    @property
    def is_carried_over(self) -> bool:
        return self.revision.is_carried_over

    @property
    def lines(self) -> list[Line]:
        return [Line(change) for change in reviewing.changes(self.revision)]

    @property
    def sums(self) -> list[Sum]:
        return [Sum(check) for check in reviewing.checks(self.table)] if self.table else []

    @property
    def rules_to_verify(self) -> str:
        """Why the formulas or rules of its publication are to be verified; empty when they were read in it."""
        table = self.table
        if not isinstance(table, WITH_RULES) or not is_to_verify(table.confidence):
            return ""
        return how_sure(table.confidence)


def marks() -> list[tuple[str, str]]:
    """Each mark of confidence, as the tables' files have it, and what it means."""
    return [(mark, _(meaning)) for mark, meaning in CONFIDENCE_NAMES.items()]


def parts(year: int, against: int) -> list[Part]:
    """Every kind of table of a year, beside another year's."""
    return [Part(revision) for revision in reviewing.between(year, against)]


def years() -> list[int]:
    """The years that have tables, the latest first."""
    return list(range(reviewing.last_year(), reviewing.first_year() - 1, -1))


def every_table() -> Iterable[tuple[str, Table, int]]:
    """Each table of this release with its kind's name and how many of its values are to be verified."""
    for kind, wanted in KINDS.items():
        for table in all_tables()[wanted]:
            doubtful = sum(is_to_verify(value.origin.confidence) for value in reviewing.values(table))
            yield _(reviewing.kind_name(kind)), table, doubtful
