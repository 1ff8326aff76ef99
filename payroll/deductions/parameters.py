"""The law as dated text files: which table applies on a pay date, and until when.

Each file of `tables/` is one edition: what it is (`kind`, `edition`,
`publication`), how sure we are of its formulas (`confidence`), the pay dates
it was reviewed for (`effective_from` to `reviewed_through`), and its values,
each with its source, the day it was consulted and how sure we are of it.
Documents are cited in both languages. Files are read once, checked whole, and a
pay date that no reviewed table covers raises `NotReviewed`: last year's rate is
never served by silence.

Rates are fractions (0.0630), except the HSF rates, which are percentages as
published. Amounts are dollars for the year.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, ClassVar, NamedTuple, TypeVar

from .refusals import NotReviewed, TableError, gettext_noop

NOT_REVIEWED = gettext_noop(
    "The tables are reviewed for dates from %(first)s through %(last)s, and %(day)s is outside. "
    "Nothing is computed with another year's rates: have that year's tables reviewed first."
)

CONFIDENCES = ("P", "T", "C", "M")
HEADER = {
    "kind",
    "edition",
    "publication",
    "publication_fr",
    "confidence",
    "effective_from",
    "reviewed_through",
    "values",
}
PROVENANCE = {"value", "source", "source_fr", "consulted_on", "confidence"}


class Cited(str):
    """A document as it is cited: in English, and in French (`fr`)."""

    fr: str

    def __new__(cls, text: str, fr: str) -> Cited:
        cited = super().__new__(cls, text)
        cited.fr = fr
        return cited


class Provenance(NamedTuple):
    """Where one value comes from, when it was read there, and how sure we are.

    `confidence`: P read in the primary text, T in a transcription or a good
    secondary source, C computed or cross-checked, M general knowledge.
    """

    source: Cited
    consulted_on: date
    confidence: str


class Bracket(NamedTuple):
    """A tax bracket: annual income up to `limit` (none for the last), rate, constant."""

    limit: Decimal | None
    rate: Decimal
    constant: Decimal


@dataclass(frozen=True, kw_only=True)
class Table:
    """One edition of one kind of table; `confidence` is that of the formulas its publication gives."""

    kind: ClassVar[str]

    edition: str
    publication: Cited
    confidence: str
    effective_from: date
    reviewed_through: date
    provenance: dict[str, Provenance]

    def read_in(self, *keys: str) -> list[tuple[Cited, bool]]:
        """Where these values were read (all of them if none is named), and whether to verify them.

        A value is to be verified unless it was read in the primary text.
        """
        found: dict[Cited, bool] = {}
        for key in keys or self.provenance:
            read = self.provenance[key]
            found[read.source] = found.get(read.source, False) or read.confidence != "P"
        return list(found.items())


@dataclass(frozen=True, kw_only=True)
class Contributions(Table):
    """QPP, QPIP and EI of a year."""

    kind = "contributions"

    qpp_basic_exemption: Decimal
    qpp_maximum_pensionable: Decimal
    qpp_additional_maximum_pensionable: Decimal
    qpp_base_rate: Decimal
    qpp_first_additional_rate: Decimal
    qpp_maximum: Decimal
    qpp_base_maximum: Decimal
    qpp2_rate: Decimal
    qpp2_maximum: Decimal
    cpp_base_rate: Decimal
    cpp_rate: Decimal
    qpip_maximum_insurable: Decimal
    qpip_rate: Decimal
    qpip_maximum: Decimal
    qpip_employer_rate: Decimal
    qpip_employer_maximum: Decimal
    ei_maximum_insurable: Decimal
    ei_rate: Decimal
    ei_maximum: Decimal
    ei_employer_multiple: Decimal
    ei_employer_maximum: Decimal

    #: Base and first additional rates together.
    qpp_rate: Decimal = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "qpp_rate", self.qpp_base_rate + self.qpp_first_additional_rate)


@dataclass(frozen=True, kw_only=True)
class IncomeTax(Table):
    """The brackets an income tax has: thresholds, one more rate, one more constant."""

    thresholds: tuple[Decimal, ...]
    rates: tuple[Decimal, ...]
    constants: tuple[Decimal, ...]

    brackets: tuple[Bracket, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not len(self.thresholds) + 1 == len(self.rates) == len(self.constants):
            raise TableError(f"{self.edition}: each bracket needs a rate and a constant")
        if list(self.thresholds) != sorted(set(self.thresholds)):
            raise TableError(f"{self.edition}: thresholds must rise")
        object.__setattr__(
            self,
            "brackets",
            tuple(map(Bracket, (*self.thresholds, None), self.rates, self.constants)),
        )

    def bracket(self, income: Decimal) -> Bracket:
        """The bracket an annual income falls in; a threshold belongs to the lower one."""
        for bracket in self.brackets:
            if bracket.limit is None or income <= bracket.limit:
                return bracket
        raise AssertionError("the last bracket has no limit")


@dataclass(frozen=True, kw_only=True)
class Federal(IncomeTax):
    """Federal income tax withheld from a Québec employee (T4127)."""

    kind = "federal"

    basic_maximum: Decimal
    basic_minimum: Decimal
    basic_phase_out_from: Decimal
    basic_phase_out_to: Decimal
    employment_amount: Decimal
    abatement_rate: Decimal
    labour_fund_rate: Decimal
    labour_fund_maximum: Decimal
    small_income_limit: Decimal
    small_income_rate: Decimal
    indexation: Decimal


@dataclass(frozen=True, kw_only=True)
class Quebec(IncomeTax):
    """Québec income tax (TP-1015.F-V)."""

    kind = "quebec"

    basic_amount: Decimal
    credit_rate: Decimal
    worker_deduction_rate: Decimal
    worker_deduction_maximum: Decimal
    labour_fund_rate: Decimal
    cooperative_shares_rate: Decimal
    lump_sum_limit: Decimal
    lump_sum_rate: Decimal
    indexation: Decimal


@dataclass(frozen=True, kw_only=True)
class EmployerContributions(Table):
    """Health services fund, labour standards and workplace accidents."""

    kind = "employer"

    hsf_lower_payroll: Decimal
    hsf_upper_payroll: Decimal
    hsf_small_rate: Decimal
    hsf_intercept: Decimal
    hsf_slope: Decimal
    hsf_primary_small_rate: Decimal
    hsf_primary_intercept: Decimal
    hsf_primary_slope: Decimal
    hsf_large_rate: Decimal
    labour_standards_rate: Decimal
    labour_standards_maximum: Decimal
    cnesst_maximum: Decimal


@dataclass(frozen=True, kw_only=True)
class MinimumWage(Table):
    """The general minimum wage, dollars an hour."""

    kind = "minimum_wage"

    hourly: Decimal


@dataclass(frozen=True, kw_only=True)
class LeavePay(Table):
    """What the labour standards have paid for time not worked: vacation, holidays, sick days, banked overtime."""

    kind = "leave_pay"

    vacation_rate: Decimal
    vacation_long_rate: Decimal
    vacation_long_years: Decimal
    vacation_days_a_month: Decimal
    vacation_weeks: Decimal
    vacation_long_weeks: Decimal
    vacation_within_months: Decimal
    indemnity_divisor: Decimal
    indemnity_weeks: Decimal
    banked_within_months: Decimal


@dataclass(frozen=True, kw_only=True)
class SalesTaxes(Table):
    """GST and QST rates, and the sales under which a supplier need not register."""

    kind = "sales_taxes"

    gst_rate: Decimal
    qst_rate: Decimal
    small_supplier_limit: Decimal


@dataclass(frozen=True, kw_only=True)
class Remitting(Table):
    """When source deductions are remitted, by which limits, and what is added once a year."""

    kind = "remitting"

    annual_limit: Decimal
    quarterly_limit: Decimal
    monthly_limit: Decimal
    twice_monthly_limit: Decimal
    due_day: Decimal
    twice_monthly_split: Decimal
    twice_monthly_due_days: tuple[Decimal, ...]
    weekly_ends: tuple[Decimal, ...]
    weekly_business_days: Decimal
    training_payroll: Decimal
    training_rate: Decimal


class Edition(NamedTuple):
    """The four tables a pay date is computed with."""

    contributions: Contributions
    federal: Federal
    quebec: Quebec
    employer: EmployerContributions

    @property
    def names(self) -> tuple[str, ...]:
        """The editions' names, as printed on a pay stub."""
        return tuple(table.edition for table in self)


KINDS: dict[str, type[Table]] = {
    table.kind: table
    for table in (
        Contributions,
        Federal,
        Quebec,
        EmployerContributions,
        MinimumWage,
        LeavePay,
        SalesTaxes,
        Remitting,
    )
}
PAY_KINDS = tuple(KINDS[kind] for kind in ("contributions", "federal", "quebec", "employer"))
HEADER_FIELDS = {f.name for f in fields(Table)}
AnyTable = TypeVar("AnyTable", bound=Table)


def read_table(name: str, text: str) -> Table:
    """One edition, from the text of its TOML file.

    Raises TableError when a key is missing or unknown, when a value has no
    source, day or confidence, or when the dates make no sense.
    """
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"{name}: {error}") from error
    _same_keys(name, set(content), HEADER)
    kind = content["kind"]
    if kind not in KINDS:
        raise TableError(f"{name}: unknown kind {kind!r}")
    for key in ("effective_from", "reviewed_through"):
        if type(content[key]) is not date:
            raise TableError(f"{name}: {key} must be a date")
    if content["confidence"] not in CONFIDENCES:
        raise TableError(f"{name}: confidence must be one of {', '.join(CONFIDENCES)}")
    if content["effective_from"] > content["reviewed_through"]:
        raise TableError(f"{name}: reviewed_through is before effective_from")
    wanted = KINDS[kind]
    _same_keys(name, set(content["values"]), _value_names(wanted))
    values: dict[str, Any] = {}
    provenance = {}
    for key, entry in content["values"].items():
        if not isinstance(entry, dict):
            raise TableError(f"{name}: {key} must have a value and its source")
        _same_keys(f"{name}: {key}", set(entry), PROVENANCE)
        provenance[key] = _provenance(f"{name}: {key}", entry)
        values[key] = _value(f"{name}: {key}", entry["value"])
    return wanted(
        edition=content["edition"],
        publication=_cited(f"{name}: publication", content["publication"], content["publication_fr"]),
        confidence=content["confidence"],
        effective_from=content["effective_from"],
        reviewed_through=content["reviewed_through"],
        provenance=provenance,
        **values,
    )


def _value_names(wanted: type[Table]) -> set[str]:
    return {f.name for f in fields(wanted) if f.init} - HEADER_FIELDS


def _same_keys(where: str, found: set[str], wanted: set[str]) -> None:
    if missing := wanted - found:
        raise TableError(f"{where}: missing {', '.join(sorted(missing))}")
    if unknown := found - wanted:
        raise TableError(f"{where}: unknown {', '.join(sorted(unknown))}")


def _provenance(where: str, entry: dict[str, Any]) -> Provenance:
    source = _cited(f"{where}: the source", entry["source"], entry["source_fr"])
    consulted_on, confidence = entry["consulted_on"], entry["confidence"]
    if type(consulted_on) is not date:
        raise TableError(f"{where}: consulted_on must be a date")
    if confidence not in CONFIDENCES:
        raise TableError(f"{where}: confidence must be one of {', '.join(CONFIDENCES)}")
    return Provenance(source, consulted_on, confidence)


def _cited(where: str, text: object, fr: object) -> Cited:
    if not (isinstance(text, str) and isinstance(fr, str) and text.strip() and fr.strip()):
        raise TableError(f"{where} is empty")
    return Cited(text, fr)


def _value(where: str, value: object) -> Decimal | tuple[Decimal, ...]:
    if isinstance(value, list):
        return tuple(_number(where, item) for item in value)
    return _number(where, value)


def _number(where: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TableError(f"{where}: not a number")
    number = Decimal(value)
    if not number.is_finite() or number < 0:
        raise TableError(f"{where}: must be zero or more")
    return number


def arrange(tables: list[Table]) -> dict[type[Table], tuple[Table, ...]]:
    """The tables by kind, in order of date; two of a kind may not share a day."""
    arranged: dict[type[Table], tuple[Table, ...]] = {}
    for wanted in KINDS.values():
        ordered = sorted(
            (table for table in tables if type(table) is wanted),
            key=lambda table: table.effective_from,
        )
        for earlier, later in pairwise(ordered):
            if later.effective_from <= earlier.reviewed_through:
                raise TableError(f"{earlier.edition} and {later.edition} share days")
        arranged[wanted] = tuple(ordered)
    return arranged


@cache
def all_tables() -> dict[type[Table], tuple[Table, ...]]:
    """Every table of this release, read and checked once."""
    folder = files(__package__) / "tables"
    return arrange(
        [
            read_table(entry.name, entry.read_text(encoding="utf-8"))
            for entry in folder.iterdir()
            if entry.name.endswith(".toml")
        ]
    )


def find(wanted: type[AnyTable], day: date) -> AnyTable:
    """The table of one kind in force on a day.

    Raises NotReviewed when none has been reviewed for that day.
    """
    candidates = all_tables()[wanted]
    for table in candidates:
        if table.effective_from <= day <= table.reviewed_through:
            return table  # type: ignore[return-value]
    raise NotReviewed(
        NOT_REVIEWED,
        day=day,
        first=candidates[0].effective_from,
        last=candidates[-1].reviewed_through,
    )


def reviewed_days() -> tuple[date, date]:
    """The first and last pay dates for which every table has been reviewed."""
    tables = all_tables()
    return (
        max(tables[kind][0].effective_from for kind in PAY_KINDS),
        min(tables[kind][-1].reviewed_through for kind in PAY_KINDS),
    )


@lru_cache(maxsize=1024)
def edition_on(day: date) -> Edition:
    """The four tables for a pay date.

    Raises NotReviewed when one of them has not been reviewed for that day.
    """
    try:
        return Edition(
            find(Contributions, day),
            find(Federal, day),
            find(Quebec, day),
            find(EmployerContributions, day),
        )
    except NotReviewed:
        first, last = reviewed_days()
        raise NotReviewed(NOT_REVIEWED, day=day, first=first, last=last) from None


def editions_on(day: date) -> tuple[str, ...]:
    """The names of the tables a pay dated that day is computed with, for the stub."""
    return edition_on(day).names


def minimum_wage_on(day: date) -> Decimal:
    """The general minimum wage on a day worked, dollars an hour."""
    return find(MinimumWage, day).hourly


def leave_pay_on(day: date) -> LeavePay:
    """What is paid for time not worked, by the law of that day.

    Raises NotReviewed when nobody has read it for that day.
    """
    return find(LeavePay, day)


def leave_pay_known(day: date) -> LeavePay:
    """The same, by the last law that was read: for what is shown or foreseen, never for a pay."""
    known = [table for table in all_tables()[LeavePay] if table.effective_from <= day]
    return (known or all_tables()[LeavePay])[-1 if known else 0]  # type: ignore[return-value]


def sales_taxes_on(day: date) -> SalesTaxes:
    """GST and QST in force on the day of an invoice or payment statement."""
    return find(SalesTaxes, day)


def remitting_on(day: date) -> Remitting:
    """The rules by which a pay of that date is remitted."""
    return find(Remitting, day)


def employer_table_on(day: date) -> EmployerContributions:
    """The employer's own contributions of a year."""
    return find(EmployerContributions, day)
