"""What a scenario changes: a rate, hours, somebody new, revenue, costs; each from a month. Plain Python.

Changes of the same kind add up: hours −10 % and −5 % in one month are −15 %. Of two rates that are
supposed for the same month, the one that starts last applies. A scenario without changes is the base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from payroll.deductions.money import ZERO, cents

from .facts import Work, Worker
from .months import last_day, month_of

HUNDRED = Decimal(100)


class Kind(StrEnum):
    """What is supposed to change."""

    RATE = "rate"
    HOURS = "hours"
    PERSON = "person"
    REVENUE = "revenue"
    COSTS = "costs"


#: What the pays depend on; the others only move revenue and costs.
OF_PAY = frozenset({Kind.RATE, Kind.HOURS, Kind.PERSON})


@dataclass(frozen=True, slots=True)
class Change:
    """One supposition, from a month to a month, both included (no last month: to the end).

    A rate has an `amount`, in dollars an hour; hours a `percent`, more or less; revenue and costs one
    of the two, the amount being dollars a month; somebody new has `minutes` a week. Revenue may be
    that of one `service`.
    """

    kind: Kind
    first: date
    last: date | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    minutes: int = 0
    is_salaried: bool = True
    service: str | None = None

    def holds_in(self, month: date) -> bool:
        return self.first <= month and (self.last is None or month <= self.last)


@dataclass(frozen=True, slots=True)
class Supposed:
    """The changes of a scenario, asked by month."""

    changes: tuple[Change, ...] = ()

    def of(self, kind: Kind, month: date) -> list[Change]:
        return [change for change in self.changes if change.kind == kind and change.holds_in(month)]

    def rate_on(self, day: date, known: Sequence[tuple[date, Decimal]]) -> Decimal | None:
        """The rate of a day: what is supposed for its month, else what holds; None before the first rate."""
        if supposed := self.of(Kind.RATE, month_of(day)):
            return max(supposed, key=lambda change: change.first).amount
        return next((amount for starts_on, amount in reversed(known) if starts_on <= day), None)

    def hours_share(self, month: date) -> Decimal:
        """By what the agreed hours of a month are multiplied; never below zero."""
        return _share(self.of(Kind.HOURS, month))

    @property
    def newcomers(self) -> tuple[Worker, ...]:
        """The people who are supposed to come."""
        return tuple(
            Worker(
                (
                    Work(
                        change.first,
                        change.last and last_day(change.last),
                        change.is_salaried,
                        change.minutes,
                    ),
                )
            )
            for change in self.changes
            if change.kind == Kind.PERSON
        )

    def revenue(self, month: date, by_service: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """The revenue of a month by service, as it is supposed to be; never below zero."""
        changes = self.of(Kind.REVENUE, month)
        services = [*by_service, *(change.service or "" for change in changes if change.amount)]
        return {
            service: _changed(
                by_service.get(service, ZERO),
                [
                    change
                    for change in changes
                    if change.service == service or (change.service is None and _is_for_all(change, service))
                ],
            )
            for service in dict.fromkeys(services)
        }

    def costs(self, month: date, amount: Decimal) -> Decimal:
        """The fixed costs of a month, as they are supposed to be; never below zero."""
        return _changed(amount, self.of(Kind.COSTS, month))


def _is_for_all(change: Change, service: str) -> bool:
    """A percentage without a service is of all of them; an amount without one is of no service."""
    return change.percent is not None or not service


def _share(changes: Iterable[Change]) -> Decimal:
    percent = sum((change.percent or ZERO for change in changes), HUNDRED)
    return max(ZERO, percent / HUNDRED)


def _changed(amount: Decimal, changes: list[Change]) -> Decimal:
    added = sum((change.amount or ZERO for change in changes), ZERO)
    return max(ZERO, cents(amount * _share(changes)) + added)
