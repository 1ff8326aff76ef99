"""A projection month by month: pay, contributions, revenue, costs, cash. Plain Python, no Django.

A pay counts in the month of its pay date, whatever the days worked: some months have three. Cash is what
leaves the bank: nets on the pay date, deductions and contributions when they are remitted. Revenue and
fixed costs are received and paid in their own month, before sales taxes.

Amounts are `Decimal` dollars, to the cent; times are whole minutes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Any

from payroll.deductions.money import ZERO, cents
from payroll.earnings import HOUR

from .facts import Facts
from .months import month_of
from .paying import Paid, is_carried, pays
from .presence import at_work
from .supposing import OF_PAY, Change, Supposed

#: The revenue of no service in particular.
NO_SERVICE = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """An amount that somebody expects: every month from one to another (to the end without a last), or once.

    Revenue has the `service` it comes from, or none; a cost has no service.
    """

    is_revenue: bool
    amount: Decimal
    first: date
    last: date | None = None
    is_monthly: bool = True
    service: str = NO_SERVICE

    def of(self, month: date) -> Decimal:
        """What of it falls in that month."""
        if not self.is_monthly:
            return self.amount if month == self.first else ZERO
        return self.amount if self.first <= month and (self.last is None or month <= self.last) else ZERO


@dataclass(frozen=True, slots=True)
class Month:
    """One month. `minutes` are those paid, `work_minutes` those expected at work.

    `nets` is what people receive; `remitted` what goes to governments, for pays of this month or before.
    `is_carried`: a pay of the month is computed with tables that were not reviewed for it.
    """

    month: date
    pays: int = 0
    minutes: int = 0
    work_minutes: int = 0
    salaried: Decimal = ZERO
    freelance: Decimal = ZERO
    contributions: Decimal = ZERO
    revenue: Mapping[str, Decimal] = field(default_factory=dict)
    costs: Decimal = ZERO
    nets: Decimal = ZERO
    remitted: Decimal = ZERO
    is_carried: bool = False

    @property
    def pay(self) -> Decimal:
        return self.salaried + self.freelance

    @property
    def pay_cost(self) -> Decimal:
        """What the pays of the month cost in all, whenever their parts leave the bank."""
        return self.pay + self.contributions

    @property
    def income(self) -> Decimal:
        return sum(self.revenue.values(), ZERO)

    @property
    def spent(self) -> Decimal:
        return self.pay_cost + self.costs

    @property
    def result(self) -> Decimal:
        """Revenue less all that the month costs."""
        return self.income - self.spent

    @property
    def cash(self) -> Decimal:
        """By how much the bank account changes."""
        return self.income - self.costs - self.nets - self.remitted

    def to_dict(self) -> dict[str, Any]:
        stored = asdict(self)
        stored["revenue"] = {service: str(amount) for service, amount in self.revenue.items()}
        return {
            name: str(value) if isinstance(value, date | Decimal) else value for name, value in stored.items()
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Month:
        return cls(
            month=date.fromisoformat(stored["month"]),
            pays=stored["pays"],
            minutes=stored["minutes"],
            work_minutes=stored["work_minutes"],
            salaried=Decimal(stored["salaried"]),
            freelance=Decimal(stored["freelance"]),
            contributions=Decimal(stored["contributions"]),
            revenue={service: Decimal(amount) for service, amount in stored["revenue"].items()},
            costs=Decimal(stored["costs"]),
            nets=Decimal(stored["nets"]),
            remitted=Decimal(stored["remitted"]),
            is_carried=stored["is_carried"],
        )


def total(months: Iterable[Month]) -> Month:
    """Months as one, named by the first of them: each figure is the sum of theirs."""
    months = list(months)
    revenue: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for of in months:
        for service, amount in of.revenue.items():
            revenue[service] += amount

    def whole(name: str) -> int:
        return sum(getattr(of, name) for of in months)

    def dollars(name: str) -> Decimal:
        return sum((getattr(of, name) for of in months), ZERO)

    return Month(
        month=months[0].month,
        pays=whole("pays"),
        minutes=whole("minutes"),
        work_minutes=whole("work_minutes"),
        salaried=dollars("salaried"),
        freelance=dollars("freelance"),
        contributions=dollars("contributions"),
        revenue=dict(revenue),
        costs=dollars("costs"),
        nets=dollars("nets"),
        remitted=dollars("remitted"),
        is_carried=any(of.is_carried for of in months),
    )


@dataclass(frozen=True)
class Outlook:
    """A scenario: its months, and what the bank account holds at first.

    `owed` is what is still to be remitted of the pays before the first month, `left_owed` after the last.
    """

    opening: Decimal
    months: tuple[Month, ...]
    owed: Decimal = ZERO
    left_owed: Decimal = ZERO

    @cached_property
    def total(self) -> Month:
        return total(self.months)

    @cached_property
    def closings(self) -> tuple[Decimal, ...]:
        """What the bank account holds at the end of each month."""
        return tuple(accumulate((of.cash for of in self.months), initial=self.opening))[1:]

    @property
    def closing(self) -> Decimal:
        return self.closings[-1]

    @cached_property
    def lowest(self) -> tuple[date, Decimal]:
        """The month that ends with the least in the bank, and what it is."""
        place = min(range(len(self.months)), key=lambda number: self.closings[number])
        return self.months[place].month, self.closings[place]

    @property
    def short_from(self) -> date | None:
        """The first month that ends below zero."""
        return next((of.month for of, left in zip(self.months, self.closings, strict=True) if left < 0), None)

    # Break-even

    @property
    def needed(self) -> Decimal:
        """The revenue of a month, on average, at which all of it is spent and nothing is missing."""
        return cents(self.total.spent / len(self.months))

    @property
    def hour_cost(self) -> Decimal | None:
        """What an hour at work has to bring in: pay, contributions and fixed costs over the hours at work."""
        return _for_an_hour(self.total.spent, self.total.work_minutes)

    @property
    def hour_pay_cost(self) -> Decimal | None:
        """The part of it that is pay and contributions."""
        return _for_an_hour(self.total.pay_cost, self.total.work_minutes)

    def hours_paid_by(self, revenue: Decimal) -> int | None:
        """How many minutes at work this revenue pays for, at break-even; None when nobody is at work."""
        spent, minutes = self.total.spent, self.total.work_minutes
        return int(revenue * minutes / spent) if spent and minutes else None

    def to_dict(self) -> dict[str, Any]:
        return {
            "opening": str(self.opening),
            "owed": str(self.owed),
            "left_owed": str(self.left_owed),
            "months": [of.to_dict() for of in self.months],
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Outlook:
        """The value that `to_dict` was made from."""
        return cls(
            opening=Decimal(stored["opening"]),
            owed=Decimal(stored["owed"]),
            left_owed=Decimal(stored["left_owed"]),
            months=tuple(Month.from_dict(of) for of in stored["months"]),
        )


def _for_an_hour(amount: Decimal, minutes: int) -> Decimal | None:
    return cents(amount * HOUR / minutes) if minutes else None


def foresee(
    facts: Facts,
    *,
    opening: Decimal = ZERO,
    expected: Iterable[Expected] = (),
    changes: Iterable[Change] = (),
) -> Outlook:
    """What the months to come look like, if these changes are supposed.

    Raises NoRate (`payroll.earnings`) for a day that has no hourly rate.
    """
    return side_by_side(facts, [tuple(changes)], opening=opening, expected=expected)[0]


def side_by_side(
    facts: Facts,
    scenarios: Iterable[tuple[Change, ...]],
    *,
    opening: Decimal = ZERO,
    expected: Iterable[Expected] = (),
) -> list[Outlook]:
    """Several scenarios from the same facts; pays that no change touches are computed once. Raises NoRate."""
    expected = list(expected)
    computed: dict[tuple[Change, ...], tuple[list[Paid], dict[date, int]]] = {}
    known = at_work(facts.workers, facts)
    found = []
    for changes in scenarios:
        supposed = Supposed(changes)
        of_pay = tuple(change for change in changes if change.kind in OF_PAY)
        if of_pay not in computed:
            computed[of_pay] = pays(facts, supposed), _present(facts, supposed, known)
        found.append(_outlook(facts, supposed, *computed[of_pay], opening, expected))
    return found


def _present(facts: Facts, supposed: Supposed, known: Mapping[date, Decimal]) -> dict[date, int]:
    """The minutes at work by month in a scenario; what is left of a minute is left out."""
    new = at_work(supposed.newcomers, facts)
    return {
        month: int((minutes + new[month]) * supposed.hours_share(month)) for month, minutes in known.items()
    }


def _outlook(
    facts: Facts,
    supposed: Supposed,
    paid: list[Paid],
    present: Mapping[date, int],
    opening: Decimal,
    expected: list[Expected],
) -> Outlook:
    by_month: dict[date, list[Paid]] = defaultdict(list)
    due: dict[date, Decimal] = defaultdict(lambda: ZERO)
    for of in paid:
        by_month[month_of(of.pay_on)].append(of)
        if of.pay_on <= facts.last_day:
            for month, amount in of.remitted.items():
                due[month] += amount
    months = []
    for month in facts.all_months:
        own = by_month[month]
        revenue: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for one in expected:
            if one.is_revenue and (amount := one.of(month)):
                revenue[one.service] += amount
        costs = sum((one.of(month) for one in expected if not one.is_revenue), ZERO)
        months.append(
            Month(
                month=month,
                pays=len(own),
                minutes=int(sum((of.minutes for of in own), Decimal(0))),
                work_minutes=present[month],
                salaried=sum((of.salaried for of in own), ZERO),
                freelance=sum((of.freelance for of in own), ZERO),
                contributions=sum((of.contributions for of in own), ZERO),
                revenue=supposed.revenue(month, revenue),
                costs=supposed.costs(month, costs),
                nets=sum((of.nets for of in own), ZERO),
                remitted=due[month],
                is_carried=is_carried(month) or any(of.is_carried for of in own),
            )
        )
    before = [of for of in paid if of.pay_on < facts.first]
    return Outlook(
        opening=opening,
        months=tuple(months),
        owed=sum(
            (amount for of in before for month, amount in of.remitted.items() if month >= facts.first), ZERO
        ),
        left_owed=sum((amount for month, amount in due.items() if month > facts.last_day), ZERO),
    )
