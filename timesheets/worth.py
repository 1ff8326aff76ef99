"""What the pay knows and the hours show: the banks leave is drawn from, the price of an hour.

The pay app stands above this one and is not imported here: it hands its answers over when it
starts (`payroll.apps`). Until then there is no bank and no price.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Bank:
    """Time a person has earned and not taken: `kind` is the `Leave.Kind` that draws from it.

    `minutes` is the balance by what was paid so far: `taken` is the leave that was paid from it and is
    counted off already; approved leave not paid yet is not.
    """

    kind: str
    minutes: int
    taken: int = 0


BanksOf = Callable[[int, date], list[Bank]]
PriceOf = Callable[[Iterable[tuple[date, int]]], Decimal]


def _no_banks(person_id: int, on: date) -> list[Bank]:
    return []


def _no_price(worked: Iterable[tuple[date, int]]) -> Decimal | None:
    return None


_banks_of: BanksOf = _no_banks
_price_of: Callable[[Iterable[tuple[date, int]]], Decimal | None] = _no_price


def told_by(*, banks_of: BanksOf, price_of: PriceOf) -> None:
    """Called once, by the app that knows: who pays the hours also keeps their banks and their price."""
    global _banks_of, _price_of
    _banks_of, _price_of = banks_of, price_of


def banks_of(person_id: int, on: date) -> list[Bank]:
    """The banks of a person as of that day; those nothing ever went into are left out."""
    return _banks_of(person_id, on)


def price_of(worked: Iterable[tuple[date, int]]) -> Decimal | None:
    """What these minutes (day, minutes) are worth at the one rate of each day, in dollars.

    Without overtime's half, which is law and not price. None when no rate is known for one of the days.
    """
    return _price_of(worked)
