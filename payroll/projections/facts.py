"""What a projection starts from: agreed hours, calendar, rates, the employer's file. Plain Python, no Django.

Nothing here comes from anybody's pay file: agreed hours, the kind of work, the rate and the days on which
somebody is away are read by every member. Nobody is named. A projection that is kept keeps these
values as they were read (`to_dict`), and what is supposed of it later starts from them again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from payroll.calendar import Period

from .months import following, last_day


@dataclass(frozen=True, slots=True, order=True)
class Work:
    """Agreed minutes a week, from a day to a day (no last day while it lasts); salaried, or freelance."""

    starts_on: date
    ends_on: date | None
    is_salaried: bool
    minutes_per_week: int

    def holds_on(self, day: date) -> bool:
        return self.is_within(day, day)

    def is_within(self, first: date, last: date) -> bool:
        """Does it hold on at least one day from one to another, both included?"""
        return self.starts_on <= last and (self.ends_on is None or self.ends_on >= first)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody's work, in order, past work included, and the days on which they are known to be away.

    `away` gives the part of a working day, 1 or less; why somebody is away is nobody's business.
    """

    works: tuple[Work, ...]
    away: tuple[tuple[date, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Premium:
    """What the CNESST asks for each $100 of pay, and whether it is paid with Revenu Québec's remittances."""

    starts_on: date
    ends_on: date | None
    per_hundred: Decimal
    is_with_quebec: bool


@dataclass(frozen=True, slots=True)
class Payroll:
    """What sets the rate of the Health Services Fund in a calendar year."""

    year: int
    total: Decimal
    sector: str


@dataclass(frozen=True, slots=True)
class Remits:
    """How often a government is paid, from a day to a day."""

    government: str
    frequency: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of the co-op for some months from `first` on, as it was read on a day.

    `reviewed_through` is the last pay date that the tables were reviewed for, that day.
    `periods` start early enough for the contributions of the year and for what is still to be remitted.
    `without_hours` counts the people who work without agreed hours: nothing of theirs is foreseen.
    """

    first: date
    months: int
    read_on: date
    reviewed_through: date
    periods: tuple[Period, ...]
    workers: tuple[Worker, ...]
    rates: tuple[tuple[date, Decimal], ...]
    payrolls: tuple[Payroll, ...] = ()
    premiums: tuple[Premium, ...] = ()
    remits: tuple[Remits, ...] = ()
    vacation_month: int = 5
    without_hours: int = 0

    @property
    def all_months(self) -> tuple[date, ...]:
        return following(self.first, self.months)

    @property
    def last_day(self) -> date:
        return last_day(self.all_months[-1])

    def to_dict(self) -> dict[str, Any]:
        """The same in types JSON has: days and amounts as text."""
        return _stored(asdict(self))

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Facts:
        """The value that `to_dict` was made from."""
        return cls(
            first=date.fromisoformat(stored["first"]),
            months=stored["months"],
            read_on=date.fromisoformat(stored["read_on"]),
            reviewed_through=date.fromisoformat(stored["reviewed_through"]),
            periods=tuple(
                Period(_day(of["starts_on"]), _day(of["ends_on"]), _day(of["pay_on"]), of["pays_in_year"])
                for of in stored["periods"]
            ),
            workers=tuple(
                Worker(
                    tuple(
                        Work(_day(of["starts_on"]), _end(of), of["is_salaried"], of["minutes_per_week"])
                        for of in worker["works"]
                    ),
                    tuple((_day(day), Decimal(part)) for day, part in worker["away"]),
                )
                for worker in stored["workers"]
            ),
            rates=tuple((_day(day), Decimal(amount)) for day, amount in stored["rates"]),
            payrolls=tuple(
                Payroll(of["year"], Decimal(of["total"]), of["sector"]) for of in stored["payrolls"]
            ),
            premiums=tuple(
                Premium(_day(of["starts_on"]), _end(of), Decimal(of["per_hundred"]), of["is_with_quebec"])
                for of in stored["premiums"]
            ),
            remits=tuple(
                Remits(of["government"], of["frequency"], _day(of["starts_on"]), _end(of))
                for of in stored["remits"]
            ),
            vacation_month=stored["vacation_month"],
            without_hours=stored["without_hours"],
        )


def _stored(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _stored(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_stored(part) for part in value]
    return str(value) if isinstance(value, date | Decimal) else value


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _end(stored: dict[str, Any]) -> date | None:
    return _day(stored["ends_on"]) if stored["ends_on"] else None
