"""Vacation: what a reference year earns, for how long one may leave, and what is paid of it. Plain Python.

Source: Act respecting labour standards (CQLR, c. N-1.1), s. 66 to 76. Each reference year earns a part
of its gross wages: 4 %, or 6 % for whoever has three years of uninterrupted service at its end. Wages
count in the year of their pay date, vacation taken included, vacation paid without leave left out.

Vacation taken is paid at the hourly rate of its days out of what was earned, the oldest year first, and
before the leave (s. 75). Once paid it keeps its rate: a rate raised for the past earns more vacation
instead. What is left of a year twelve months after its end, and all of it when somebody leaves, is paid
without leave (s. 70, 76).

Amounts are `Decimal` dollars; a year's vacation is rounded once, to the cent, on all its wages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .deductions.money import ZERO, cents
from .deductions.parameters import leave_pay_known
from .earnings import HOUR, Code, Line, Worked, worth

DAY = timedelta(days=1)
MONTHS = 12
WORKING_DAYS = 5


class ReferenceYear(NamedTuple):
    """The twelve months in which vacation is earned, named by the first of them."""

    starts_on: date

    @property
    def ends_on(self) -> date:
        return _year_from(self.starts_on)

    @property
    def taken_by(self) -> date:
        """The last day on which its vacation may be taken."""
        return _taken_by(self.ends_on)


# Remembered: everybody's years are the same few.


@lru_cache
def _year_from(day: date) -> date:
    """The last day of the twelve months from this one."""
    return day + relativedelta(years=1) - DAY


@lru_cache
def _taken_by(day: date) -> date:
    """The last day on which the vacation of a year that ends on this one may be taken."""
    return day + relativedelta(months=int(leave_pay_known(day).vacation_within_months))


def year_of(day: date, first_month: int) -> ReferenceYear:
    """The reference year that holds this day, when each starts with that month."""
    year = day.year if day.month >= first_month else day.year - 1
    return ReferenceYear(date(year, first_month, 1))


class Service(NamedTuple):
    """Uninterrupted salaried service: its first day, and its last (None while it lasts)."""

    since: date
    until: date | None = None

    def years_at(self, day: date) -> int:
        """Whole years served on the evening of that day."""
        return _whole_years(self.since, min(day, self.until or day) + DAY)

    def months_at(self, day: date) -> int:
        """Whole months served on the evening of that day."""
        served = relativedelta(min(day, self.until or day) + DAY, self.since)
        return max(0, served.years * MONTHS + served.months)


def _whole_years(since: date, day: date) -> int:
    """Whole years from one day to another, 0 before it; 28 February is the anniversary of the 29th."""
    try:
        anniversary = since.replace(year=day.year)
    except ValueError:
        anniversary = since.replace(year=day.year, day=28)
    return max(0, day.year - since.year - (day < anniversary))


def services(statuses: Iterable[tuple[date, date | None]]) -> list[Service]:
    """Salaried statuses as uninterrupted services: those that follow each other to the day are one."""
    found: list[Service] = []
    for starts_on, ends_on in sorted(statuses, key=lambda status: status[0]):
        last = found[-1] if found else None
        if last and last.until and starts_on <= last.until + DAY:
            found[-1] = Service(last.since, ends_on)
        else:
            found.append(Service(starts_on, ends_on))
    return found


def service_at(known: Iterable[Service], day: date) -> Service | None:
    """The service under way on that day, or the last one before it."""
    return next((service for service in reversed(list(known)) if service.since <= day), None)


def rate_of(year: ReferenceYear, known: Iterable[Service]) -> Decimal:
    """The part of a reference year's wages that vacation is, by the service at its end (s. 67 to 69, 74).

    Whoever leaves and comes back within the year keeps what the first service was paid out at.
    """
    law = leave_pay_known(year.ends_on)
    is_long = any(
        service.years_at(year.ends_on) >= law.vacation_long_years
        for service in known
        if service.since <= year.ends_on and (service.until is None or service.until >= year.starts_on)
    )
    return law.vacation_long_rate if is_long else law.vacation_rate


class Length(NamedTuple):
    """For how long one may leave: whole weeks, or days in a first year."""

    weeks: int
    days: int


def length_of(year: ReferenceYear, known: Iterable[Service]) -> Length:
    """How long the vacation earned in a reference year lasts, by the service at its end (s. 67 to 69)."""
    law = leave_pay_known(year.ends_on)
    service = service_at(known, year.ends_on)
    if service is None:
        return Length(0, 0)
    years = service.years_at(year.ends_on)
    if years >= law.vacation_long_years:
        return Length(int(law.vacation_long_weeks), 0)
    if years >= 1:
        return Length(int(law.vacation_weeks), 0)
    days = service.months_at(year.ends_on) * int(law.vacation_days_a_month)
    return Length(0, min(days, int(law.vacation_weeks) * WORKING_DAYS))


@dataclass(frozen=True, slots=True)
class Account:
    """One person's vacation: wages of each reference year at its rate, and what was paid of it.

    `out` is the part of `paid` that was paid without leave; `minutes` are those of the leave that was paid.
    `opening` is what each year had already earned, less what was paid of it, where the co-op started
    to use this software in the middle of one.
    """

    gross: Mapping[ReferenceYear, Decimal]
    rates: Mapping[ReferenceYear, Decimal]
    opening: Mapping[ReferenceYear, Decimal]
    paid: Decimal = ZERO
    out: Decimal = ZERO
    minutes: int = 0

    def accrued(self, year: ReferenceYear) -> Decimal:
        """What that year has earned so far."""
        earned = cents(self.gross[year] * self.rates[year]) if year in self.gross else ZERO
        return earned + self.opening.get(year, ZERO)

    @property
    def years(self) -> list[ReferenceYear]:
        return sorted({*self.gross, *self.opening})

    @property
    def earned(self) -> Decimal:
        return sum((self.accrued(year) for year in self.years), ZERO)

    @property
    def balance(self) -> Decimal:
        return self.earned - self.paid

    def left(self) -> dict[ReferenceYear, Decimal]:
        """What is left of each year, the oldest being used first; the last one bears what is overdrawn."""
        paid, found = self.paid, {}
        for year in self.years:
            found[year] = self.accrued(year) - min(paid, self.accrued(year))
            paid -= self.accrued(year) - found[year]
        if found and paid > 0:
            found[self.years[-1]] -= paid
        return found

    def left_over(self, on: date) -> Decimal:
        """What is left on that day of the years whose vacation is to be taken before it."""
        old = sum((self.accrued(year) for year in self.years if year.taken_by < on), ZERO)
        return max(ZERO, old - self.paid)

    def after(self, lines: Iterable[Line], year: ReferenceYear, rate: Decimal) -> Account:
        """The account once a pay of that reference year has paid these lines."""
        lines = list(lines)
        gross = sum((line.amount for line in lines if line.code != Code.VACATION_OUT), ZERO)
        paid = sum((line.amount for line in lines if line.code in PAID), ZERO)
        out = sum((line.amount for line in lines if line.code == Code.VACATION_OUT), ZERO)
        return Account(
            {**self.gross, year: self.gross.get(year, ZERO) + gross},
            {**self.rates, year: rate},
            self.opening,
            self.paid + paid,
            self.out + out,
        )


#: What vacation is paid as: taken, or without leave.
PAID = frozenset({Code.VACATION, Code.VACATION_OUT})
NOTHING = Account({}, {}, {})


class Due(NamedTuple):
    """What vacation days are worth in all, and the minutes that the bank cannot pay yet."""

    lines: list[Line]
    short: int


def due(
    days: Iterable[Worked],
    paid: Collection[Line],
    rate_on: Callable[[date], Decimal],
    available: Decimal,
) -> Due:
    """What approved vacation is worth: what was paid of it, and its other minutes at the rate of their day.

    `paid` is what stubs paid of the same weeks, `available` what the bank still holds. Minutes given
    back return to the bank first; the last ones are left out when it is empty. Raises NoRate for a day
    on which no rate is in force.
    """
    by_week: dict[date, list[Worked]] = defaultdict(list)
    for day in sorted(days):
        by_week[day.week].append(day)
    kept, still_paid = _kept(paid, {week: sum(day.minutes for day in own) for week, own in by_week.items()})
    available += sum((line.amount for line in paid), ZERO) - sum((line.amount for line in kept), ZERO)
    minutes: dict[tuple[date, Decimal], int] = defaultdict(int)
    amounts: dict[tuple[date, Decimal], Decimal] = defaultdict(lambda: ZERO)
    for line in kept:
        if line.rate is not None:
            minutes[line.week, line.rate] += line.minutes
            amounts[line.week, line.rate] += line.amount
    short = 0
    for week in sorted(by_week):
        covered = still_paid.get(week, 0)
        for day in by_week[week]:
            # The first minutes of the week are those that were paid.
            new = day.minutes - min(day.minutes, covered)
            covered -= day.minutes - new
            if not new:
                continue
            rate = rate_on(day.day)
            place = week, rate
            payable = min(new, _affordable(available, rate))
            whole = worth(minutes[place] + payable, rate, Code.VACATION)
            while payable and whole - amounts[place] > available:
                payable -= 1
                whole = worth(minutes[place] + payable, rate, Code.VACATION)
            if payable:
                available -= whole - amounts[place]
                minutes[place] += payable
                amounts[place] = whole
            short += new - payable
    lines = [
        Line(week, Code.VACATION, rate, total, amounts[week, rate])
        for (week, rate), total in minutes.items()
        if total
    ]
    return Due(lines, short)


def _kept(paid: Iterable[Line], wanted: Mapping[date, int]) -> tuple[list[Line], dict[date, int]]:
    """What was paid and still holds, at most the minutes wanted of each week; and those minutes by week."""
    left = dict(wanted)
    kept: list[Line] = []
    still: dict[date, int] = defaultdict(int)
    for line in paid:
        minutes = max(0, min(line.minutes, left.get(line.week, 0)))
        if not minutes:
            continue
        left[line.week] -= minutes
        still[line.week] += minutes
        amount = line.amount if minutes == line.minutes else worth(minutes, line.rate, line.code)
        kept.append(line._replace(minutes=minutes, amount=amount))
    return kept, still


def _affordable(available: Decimal, rate: Decimal) -> int:
    """How many minutes these dollars pay at that rate, to the nearest cent of the last one."""
    return max(0, int(available * HOUR / rate) + 1) if available > 0 else 0


def minutes_for(dollars: Decimal, rate: Decimal) -> int:
    """How many whole minutes these dollars pay at that rate; 0 when there is nothing left."""
    return max(0, int(dollars * HOUR / rate))
