"""The arithmetic of the year's slips: what the pays of a person add up to in each box. Plain Python.

The same function reads one pay and a whole year, since every box is a sum: the pays behind a box add
up to it, less what exceeds its yearly maximum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .deductions.money import ZERO, cents, share, truncate_cents
from .deductions.parameters import Contributions
from .deductions.qpp import FIRST_AGE, MONTHS
from .slip_rules import Box

EARNING, DEDUCTION, EMPLOYER = "earning", "deduction", "employer"
QPP2 = "qpp2"
#: What is written in a box that holds the code of access to dental insurance.
DENTAL = "dental"


class Figures(NamedTuple):
    """What one pay, or all pays of a year, say of a person: amounts by side and code, and what counted.

    `pensionable` is what QPP was reckoned on, `insurable` what EI and QPIP were; dollars, negative on
    a pay that takes another one back.
    """

    by_code: Mapping[tuple[str, str], Decimal]
    pensionable: Decimal = ZERO
    insurable: Decimal = ZERO

    def side(self, side: str) -> Decimal:
        return sum((amount for (of, _code), amount in self.by_code.items() if of == side), ZERO)

    def plus(self, other: Figures) -> Figures:
        """Both together, code by code."""
        codes = {**self.by_code, **other.by_code}
        return Figures(
            {place: self.by_code.get(place, ZERO) + other.by_code.get(place, ZERO) for place in codes},
            self.pensionable + other.pensionable,
            self.insurable + other.insurable,
        )

    def __bool__(self) -> bool:
        return any(self.by_code.values()) or bool(self.pensionable or self.insurable)


@dataclass(frozen=True)
class Filled:
    """A box with what is written in it: an amount, a text, or nothing (both empty).

    `counted` is what the pays add up to; `over` what exceeds the yearly maximum `cap`.
    """

    box: Box
    counted: Decimal = ZERO
    cap: Decimal | None = None
    text: str = ""

    @property
    def over(self) -> Decimal:
        return max(ZERO, self.counted - self.cap) if self.cap is not None else ZERO

    @property
    def amount(self) -> Decimal | None:
        """The amount to carry; None where the box stays empty."""
        if self.box.constant:
            return None
        amount = self.counted - self.over
        return amount if amount or self.box.writes_zero else None

    @property
    def written(self) -> str:
        """What is kept of it: the amount with two decimals, or the text; empty for an empty box."""
        return self.text or ("" if self.amount is None else f"{self.amount:.2f}")


def contributory_months(born_on: date | None, year: int) -> int:
    """How many months of the year can count for QPP: fewer in the year of the 18th birthday."""
    is_first = born_on is not None and year - born_on.year == FIRST_AGE
    return MONTHS - born_on.month if is_first else MONTHS


def counted(box: Box, figures: Figures) -> Decimal:
    """What these pays add to a box, before any maximum."""
    if box.of == "gross":
        return figures.side(EARNING)
    if box.of in ("pensionable", "insurable"):
        return getattr(figures, box.of)
    return figures.by_code.get((DEDUCTION, box.of), ZERO)


def fill(
    boxes: tuple[Box, ...],
    figures: Figures,
    table: Contributions,
    *,
    months: int = MONTHS,
    dental: str = "",
) -> tuple[Filled, ...]:
    """Every box of a slip from the figures of the year, in the order of the form.

    `months`: those that count for QPP; its maximum is prorated by them. `dental`: the code of box 45.
    """
    return tuple(
        Filled(box, text=dental if box.constant == DENTAL else box.constant)
        if box.constant
        else Filled(box, counted(box, figures), _cap(box, figures, table, months))
        for box in boxes
    )


def _cap(box: Box, figures: Figures, table: Contributions, months: int) -> Decimal | None:
    if not box.cap:
        return None
    has_qpp2 = figures.by_code.get((DEDUCTION, QPP2), ZERO) > 0
    cap = Decimal(getattr(table, box.cap_with_qpp2 if box.cap_with_qpp2 and has_qpp2 else box.cap))
    prorated = box.of == "pensionable" and months != MONTHS
    return share(cap, Decimal(months), Decimal(MONTHS)) if prorated else cap


# What the governments check ----------------------------------------------------------------------


class Contribution(NamedTuple):
    """One contribution of a year: what was withheld, what the year's own sum asks, and its maximum."""

    code: str
    withheld: Decimal
    asked: Decimal
    maximum: Decimal

    @property
    def missing(self) -> Decimal:
        """How much too little was withheld; the governments ask for that."""
        return max(ZERO, self.asked - self.withheld)

    @property
    def over_maximum(self) -> Decimal:
        return max(ZERO, self.withheld - self.maximum)


def review(
    figures: Figures, table: Contributions, *, exempted: Decimal, months: int = MONTHS
) -> tuple[Contribution, ...]:
    """The contributions of a year, reckoned once on the whole year as the governments do.

    QPP: rate × (pensionable earnings up to the maximum − exemption), never more than the year's maximum.
    `exempted` is the sum of the exemptions of the pays, never more than the year's. Source: Canada Revenue
    Agency, pensionable and insurable earnings review; T4127, chapter 6.
    """
    whole, part = Decimal(MONTHS), Decimal(months)
    ceiling, upper = (
        share(Decimal(limit), part, whole)
        for limit in (table.qpp_maximum_pensionable, table.qpp_additional_maximum_pensionable)
    )
    qpp_maximum = share(table.qpp_maximum, part, whole)
    base = max(ZERO, min(figures.pensionable, ceiling) - min(exempted, table.qpp_basic_exemption))
    second = max(ZERO, min(figures.pensionable, upper) - ceiling)

    def withheld(code: str) -> Decimal:
        return figures.by_code.get((DEDUCTION, code), ZERO)

    def premium(rate: Decimal, most: Decimal) -> Decimal:
        return cents(rate * max(ZERO, min(figures.insurable, most)))

    return (
        Contribution("qpp", withheld("qpp"), min(qpp_maximum, cents(table.qpp_rate * base)), qpp_maximum),
        Contribution(
            QPP2, withheld(QPP2), cents(table.qpp2_rate * second), share(table.qpp2_maximum, part, whole)
        ),
        Contribution(
            "ei", withheld("ei"), premium(table.ei_rate, table.ei_maximum_insurable), table.ei_maximum
        ),
        Contribution(
            "qpip",
            withheld("qpip"),
            premium(table.qpip_rate, table.qpip_maximum_insurable),
            table.qpip_maximum,
        ),
    )


def exemption_of_pays(table: Contributions, pays: Mapping[int, int]) -> Decimal:
    """The QPP exemptions of so many pays, by the number of pays in their year: {26: 20} for twenty of 26."""
    total = sum(
        (truncate_cents(table.qpp_basic_exemption / in_year) * count for in_year, count in pays.items()), ZERO
    )
    return max(ZERO, min(total, table.qpp_basic_exemption))
