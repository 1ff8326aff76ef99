"""What a review of the tables looks at: every value beside last year's, and the sums that must agree.

A new tax year is a change of data, read by two people. For each value this
module says what it was, what it is, how much it moved and where it was read;
what did not move, or still cites the same text, is said too, because that is
what a copied file looks like. `checks` redoes the arithmetic that ties values
to one another. Plain Python; labels are msgids, translated where shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from .money import cents
from .names import COUNTED, KIND_NAMES, NAMES
from .parameters import (
    KINDS,
    PAY_KINDS,
    AnyTable,
    Contributions,
    EmployerContributions,
    Federal,
    IncomeTax,
    MinimumWage,
    Provenance,
    Quebec,
    Table,
    all_tables,
)
from .refusals import gettext_noop

MILLION = Decimal(1_000_000)
#: A constant K makes the tax continuous where a bracket begins. The CRA rounds it to the dollar;
#: Revenu Québec's rounding is irregular.
FEDERAL_CONSTANT_MARGIN, QUEBEC_CONSTANT_MARGIN = Decimal(1), Decimal(2)
#: Indexed federal amounts are rounded to the dollar, from unrounded ones; Québec's thresholds to 5 dollars.
DOLLAR_MARGIN, FIVE_DOLLARS_MARGIN = Decimal(1), Decimal("2.5")


class Value(NamedTuple):
    """One number of a table. `number` counts those of a list from 1; 0 for a value alone.

    `unit`: "dollars", "rate" (a fraction), "percent" (as published), "factor" or "count" (a whole number).
    """

    key: str
    number: int
    label: str
    unit: str
    amount: Decimal
    origin: Provenance


class Change(NamedTuple):
    """A value and what it was in the edition before; None where one of the two has none."""

    before: Value | None
    after: Value | None

    @property
    def shown(self) -> Value:
        """The one to name it by: the newer where there is one."""
        return self.after or self.before  # type: ignore[return-value]

    @property
    def is_same(self) -> bool:
        return bool(self.before and self.after and self.before.amount == self.after.amount)

    @property
    def cites_the_same(self) -> bool:
        """Whether the source is, word for word, that of the edition before: normal for few values."""
        return bool(self.before and self.after and self.before.origin.source == self.after.origin.source)

    @property
    def growth(self) -> Decimal | None:
        """By which fraction it moved; None where there is nothing to compare with."""
        if not (self.before and self.after and self.before.amount):
            return None
        return self.after.amount / self.before.amount - 1


class Revision(NamedTuple):
    """An edition and the one it follows. The same twice: the text did not change between the years."""

    kind: str
    before: Table | None
    after: Table | None

    @property
    def is_carried_over(self) -> bool:
        return self.before is not None and self.before is self.after


class Check(NamedTuple):
    """A sum that two ways must give, within `margin` dollars (or points of a rate)."""

    label: str
    number: int
    computed: Decimal
    printed: Decimal
    margin: Decimal = Decimal(0)

    @property
    def agrees(self) -> bool:
        return abs(self.computed - self.printed) <= self.margin


def kind_name(kind: str) -> str:
    """What a kind of table is called, as a msgid."""
    return KIND_NAMES[kind]


def _unit(key: str) -> str:
    if key in COUNTED:
        return "count"
    if key.startswith("hsf_") and not key.endswith("_payroll"):
        return "percent"
    if key.endswith(("_rate", "rates")):
        return "rate"
    return "factor" if key in ("ei_employer_multiple", "indexation") else "dollars"


def values(table: Table) -> list[Value]:
    """Every number of a table, in the order in which it is written, lists one by one."""
    own = [f.name for f in fields(table) if f.name in table.provenance]
    return [
        Value(key, number, NAMES[key], _unit(key), amount, table.provenance[key])
        for key in own
        for number, amount in _numbered(getattr(table, key))
    ]


def _numbered(value: Any) -> Iterable[tuple[int, Decimal]]:
    return enumerate(value, start=1) if isinstance(value, tuple) else [(0, value)]


def changes(revision: Revision) -> list[Change]:
    """Each value of the two editions side by side."""
    before = {(of.key, of.number): of for of in values(revision.before)} if revision.before else {}
    after = {(of.key, of.number): of for of in values(revision.after)} if revision.after else {}
    return [Change(before.get(place), after.get(place)) for place in {**after, **before}]


def last_year() -> int:
    """The latest year for which some table is reviewed."""
    return max(table.reviewed_through.year for tables in all_tables().values() for table in tables)


def first_year() -> int:
    """The earliest year for which every table of a pay is reviewed."""
    return max(all_tables()[kind][0].effective_from.year for kind in PAY_KINDS)


def _all_of(kind: type[AnyTable]) -> tuple[AnyTable, ...]:
    return all_tables()[kind]  # type: ignore[return-value]


def _in_force(kind: type[AnyTable], year: int) -> list[AnyTable]:
    return [
        table for table in _all_of(kind) if table.effective_from.year <= year <= table.reviewed_through.year
    ]


def between(year: int, against: int) -> list[Revision]:
    """How each kind of table went from one year to another, edition by edition.

    From what was in force at the end of `against` to what is in force in `year`, in order; a kind
    without any table for `year` gives a revision without `after`.
    """
    found = []
    for kind, wanted in KINDS.items():
        before = next(iter(reversed(_in_force(wanted, against))), None)
        news = [table for table in _in_force(wanted, year) if table is not before]
        if news:
            chain = [before, *news]
            found += [Revision(kind, *pair) for pair in pairwise(chain)]
        else:
            found.append(Revision(kind, before, before if before in _in_force(wanted, year) else None))
    return found


# Sums that must agree -----------------------------------------------------------------------------


def checks(table: Table) -> list[Check]:
    """The sums that tie the values of a table together, and to those of the year before."""
    return [*_SUMS[type(table)](table)] if type(table) in _SUMS else []


def _last_of_year_before(table: Table) -> Any:
    earlier = _in_force(type(table), table.effective_from.year - 1)
    return earlier[-1] if earlier and earlier[-1] is not table else None


def _contribution_sums(table: Contributions) -> Iterator[Check]:
    earnings = table.qpp_maximum_pensionable - table.qpp_basic_exemption
    band = table.qpp_additional_maximum_pensionable - table.qpp_maximum_pensionable
    insurable = table.qpip_maximum_insurable
    for label, computed, printed in (
        (
            gettext_noop("QPP: (maximum earnings − exemption) × rate = maximum"),
            earnings * table.qpp_rate,
            table.qpp_maximum,
        ),
        (
            gettext_noop("QPP: (maximum earnings − exemption) × base rate = base maximum"),
            earnings * table.qpp_base_rate,
            table.qpp_base_maximum,
        ),
        (
            gettext_noop("QPP2: (additional maximum earnings − maximum earnings) × rate = maximum"),
            band * table.qpp2_rate,
            table.qpp2_maximum,
        ),
        (
            gettext_noop("QPIP: maximum earnings × rate = maximum"),
            insurable * table.qpip_rate,
            table.qpip_maximum,
        ),
        (
            gettext_noop("QPIP: maximum earnings × employer’s rate = employer’s maximum"),
            insurable * table.qpip_employer_rate,
            table.qpip_employer_maximum,
        ),
        (
            gettext_noop("EI: maximum earnings × rate = maximum"),
            table.ei_maximum_insurable * table.ei_rate,
            table.ei_maximum,
        ),
        (
            gettext_noop("EI: employer’s multiple × maximum = employer’s maximum"),
            table.ei_employer_multiple * table.ei_maximum,
            table.ei_employer_maximum,
        ),
    ):
        yield Check(label, 0, cents(computed), printed)


def _constants(table: IncomeTax, label: str, margin: Decimal) -> Iterator[Check]:
    """K of each bracket: what makes the tax the same on both sides of its threshold."""
    constant = Decimal(0)
    brackets = zip(table.thresholds, pairwise(table.rates), table.constants[1:], strict=True)
    for number, (threshold, (low, high), printed) in enumerate(brackets, start=2):
        constant += threshold * (high - low)
        yield Check(label, number, cents(constant), printed, margin)


def _federal_sums(table: Federal) -> Iterator[Check]:
    yield from _constants(
        table,
        gettext_noop("Constant K of federal bracket %(number)s joins the brackets"),
        FEDERAL_CONSTANT_MARGIN,
    )
    yield Check(
        gettext_noop("The federal basic amount decreases from the third threshold"),
        0,
        table.thresholds[2],
        table.basic_phase_out_from,
    )
    yield Check(
        gettext_noop("The federal basic amount is the least from the fourth threshold"),
        0,
        table.thresholds[3],
        table.basic_phase_out_to,
    )
    yield from _index_checks(table, FEDERAL_INDEXED)


def _quebec_sums(table: Quebec) -> Iterator[Check]:
    yield from _constants(
        table,
        gettext_noop("Constant K of Québec bracket %(number)s nearly joins the brackets"),
        QUEBEC_CONSTANT_MARGIN,
    )
    yield Check(
        gettext_noop("The Québec lump-sum limit is the basic amount"),
        0,
        table.basic_amount,
        table.lump_sum_limit,
    )
    yield from _index_checks(table, QUEBEC_INDEXED)


class Indexed(NamedTuple):
    """An amount that follows the year's indexation, within a margin."""

    name: str
    label: str
    margin: Decimal


FEDERAL_INDEXED = (
    Indexed(
        "thresholds",
        gettext_noop("Federal threshold %(number)s is last year’s, indexed"),
        DOLLAR_MARGIN,
    ),
    Indexed(
        "basic_maximum", gettext_noop("The most federal basic amount is last year’s, indexed"), DOLLAR_MARGIN
    ),
    Indexed(
        "basic_minimum", gettext_noop("The least federal basic amount is last year’s, indexed"), DOLLAR_MARGIN
    ),
    Indexed(
        "employment_amount",
        gettext_noop("The Canada employment amount is last year’s, indexed"),
        DOLLAR_MARGIN,
    ),
)
QUEBEC_INDEXED = (
    Indexed(
        "thresholds",
        gettext_noop("Québec threshold %(number)s is last year’s, indexed"),
        FIVE_DOLLARS_MARGIN,
    ),
    Indexed("basic_amount", gettext_noop("The Québec basic amount is last year’s, indexed"), DOLLAR_MARGIN),
    Indexed(
        "worker_deduction_maximum",
        gettext_noop("The most of the deduction for workers is last year’s, indexed"),
        FIVE_DOLLARS_MARGIN,
    ),
)


def _index_checks(table: Federal | Quebec, indexed: tuple[Indexed, ...]) -> Iterator[Check]:
    """Amounts of the year before × the year's indexation. A second edition of a year indexes nothing."""
    before = _last_of_year_before(table)
    if before is None:
        return
    for name, label, margin in indexed:
        pairs = zip(_numbered(getattr(before, name)), _numbered(getattr(table, name)), strict=True)
        for (number, earlier), (_same, later) in pairs:
            yield Check(label, number, cents(earlier * table.indexation), later, margin)


def _employer_sums(table: EmployerContributions) -> Iterator[Check]:
    upper = table.hsf_upper_payroll / MILLION
    lower = table.hsf_lower_payroll / MILLION
    lines = (
        (
            gettext_noop("HSF: the line begins at the rate of small payrolls"),
            table.hsf_intercept + table.hsf_slope * lower,
            table.hsf_small_rate,
        ),
        (
            gettext_noop("HSF: the line ends at the rate of large payrolls"),
            table.hsf_intercept + table.hsf_slope * upper,
            table.hsf_large_rate,
        ),
        (
            gettext_noop("HSF, primary and manufacturing: the line begins at the rate of small payrolls"),
            table.hsf_primary_intercept + table.hsf_primary_slope * lower,
            table.hsf_primary_small_rate,
        ),
        (
            gettext_noop("HSF, primary and manufacturing: the line ends at the rate of large payrolls"),
            table.hsf_primary_intercept + table.hsf_primary_slope * upper,
            table.hsf_large_rate,
        ),
    )
    for label, computed, printed in lines:
        yield Check(label, 0, cents(computed), printed)
    for beside in _in_force(Contributions, table.effective_from.year)[:1]:
        yield Check(
            gettext_noop("Labour standards: the ceiling is that of the QPIP"),
            0,
            beside.qpip_maximum_insurable,
            table.labour_standards_maximum,
        )
        yield Check(
            gettext_noop("CNESST: the ceiling is that of the QPIP"),
            0,
            beside.qpip_maximum_insurable,
            table.cnesst_maximum,
        )


def _minimum_wage_sums(table: MinimumWage) -> Iterator[Check]:
    """A minimum wage does not go down."""
    earlier = [one for one in _all_of(MinimumWage) if one.effective_from < table.effective_from]
    if earlier:
        yield Check(
            gettext_noop("The minimum wage is not lower than before"),
            0,
            max(earlier[-1].hourly, table.hourly),
            table.hourly,
        )


_SUMS: dict[type[Table], Callable[[Any], Iterator[Check]]] = {
    Contributions: _contribution_sums,
    Federal: _federal_sums,
    Quebec: _quebec_sums,
    EmployerContributions: _employer_sums,
    MinimumWage: _minimum_wage_sums,
}
