"""What the pay knows and the hours show: the banks leave is drawn from, the price of an hour, overtime's way.

The pay app stands above this one and is not imported here: it hands its answers over when it
starts (`payroll.apps`). Until then there is no bank, no price and no wish.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Bank:
    """Time a person has earned and not taken: `kind` is the `Leave.Kind` that draws from it.

    `minutes` is the balance by what was paid so far, with what is sure to come by the day asked for
    (vacation); `taken` is the leave that was paid from it and is counted off already; approved leave not
    paid yet is not. Leave of days before `since` was never drawn from it.
    """

    kind: str
    minutes: int
    taken: int = 0
    since: date | None = None


Worked = Iterable[tuple[date, int]]


class Prices(Protocol):
    """What an hour is worth on each day: the one rate, without overtime's half, which is law and not price."""

    @property
    def changes(self) -> Sequence[date]:
        """The days from which an hour is worth something else."""

    def of(self, worked: Worked) -> Decimal | None:
        """What minutes (day, minutes) are worth in dollars; None when no rate is known for one of the days.

        The minutes of days between which nothing changes may be given together, under any of them.
        """


class _NoPrices:
    changes = ()

    def of(self, worked: Worked) -> Decimal | None:
        return None


BanksOf = Callable[[int, date], list[Bank]]
PricesNow = Callable[[], Prices]
BanksOvertime = Callable[[int, date], bool]


def _no_banks(person_id: int, on: date) -> list[Bank]:
    return []


def _no_wish(person_id: int, on: date) -> bool:
    return False


_banks_of: BanksOf = _no_banks
_prices: PricesNow = _NoPrices
_banks_overtime: BanksOvertime = _no_wish


def told_by(*, banks_of: BanksOf, prices: PricesNow, banks_overtime: BanksOvertime) -> None:
    """Called once, by the app that knows: who pays the hours also keeps their banks and their price."""
    global _banks_of, _prices, _banks_overtime
    _banks_of, _prices, _banks_overtime = banks_of, prices, banks_overtime


def banks_of(person_id: int, on: date) -> list[Bank]:
    """The banks of a person as of that day; those nothing ever went into are left out."""
    return _banks_of(person_id, on)


def banks_overtime(person_id: int, on: date) -> bool:
    """Has the person asked in writing that, on that day, hours beyond 40 a week be banked?"""
    return _banks_overtime(person_id, on)


def prices() -> Prices:
    """What an hour is worth on each day, as it is known now."""
    return _prices()
