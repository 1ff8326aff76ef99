"""How pays fall into remittances: which days go together, by when they are paid, at which frequency.

Plain dates and amounts, no Django. What is withheld belongs to the period that holds the *payment*
date. The days and limits are those of `deductions/tables/remitting-*.toml`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from .business_days import Government, business_days_after, next_business_day
from .deductions.parameters import Remitting

FEBRUARY, MARCH = 2, 3
MONTHS_OF_QUARTER = 3
MONTHS_OF_YEAR = 12


class Frequency(StrEnum):
    """How often a government wants to be paid."""

    ANNUAL = "annual"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    TWICE_MONTHLY = "twice_monthly"
    WEEKLY = "weekly"


#: What applies to days for which no notice is on file: that of a new employer.
DEFAULT = Frequency.MONTHLY


@dataclass(frozen=True, slots=True)
class Held:
    """A frequency, from a first day; until a last one, if it is over."""

    frequency: Frequency
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The payment dates that are remitted together, both included, and the day it must be paid by."""

    due_on: date
    government: Government
    starts_on: date
    ends_on: date
    frequency: Frequency


def period_of(day: date, government: Government, types: Iterable[Held], rules: Remitting) -> Period:
    """The remittance period of a payment date, by the frequency held that day.

    A change of frequency cuts the period in which it falls.
    """
    held = next((one for one in types if _holds(one, day)), None)
    frequency = held.frequency if held else DEFAULT
    starts_on, ends_on = _bounds(day, frequency, rules)
    if held:
        starts_on = max(starts_on, held.starts_on)
        ends_on = min(ends_on, held.ends_on or ends_on)
    return Period(_due(ends_on, frequency, government, rules), government, starts_on, ends_on, frequency)


def yearly_period(year: int) -> Period:
    """What is paid once a year with the RL-1 summary: by the last day of February of the next year."""
    due_on = next_business_day(_last_of_month(date(year + 1, FEBRUARY, 1)), Government.QUEBEC)
    return Period(due_on, Government.QUEBEC, date(year, 1, 1), date(year, 12, 31), Frequency.ANNUAL)


def cnesst_period(year: int) -> Period:
    """A CNESST premium paid directly: by its notice, which follows the statement of wages of 15 March.

    That day is general knowledge, to be verified on the notice itself.
    """
    due_on = next_business_day(date(year + 1, MARCH, 15), Government.QUEBEC)
    return Period(due_on, Government.QUEBEC, date(year, 1, 1), date(year, 12, 31), Frequency.ANNUAL)


def _holds(one: Held, day: date) -> bool:
    return one.starts_on <= day and (one.ends_on is None or day <= one.ends_on)


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _bounds(day: date, frequency: Frequency, rules: Remitting) -> tuple[date, date]:
    last = _last_of_month(day)
    if frequency == Frequency.ANNUAL:
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    if frequency == Frequency.QUARTERLY:
        month = day.month - (day.month - 1) % MONTHS_OF_QUARTER
        return date(day.year, month, 1), _last_of_month(date(day.year, month + MONTHS_OF_QUARTER - 1, 1))
    if frequency == Frequency.MONTHLY:
        return day.replace(day=1), last
    ends = rules.weekly_ends if frequency == Frequency.WEEKLY else (rules.twice_monthly_split,)
    cuts = [0, *(int(end) for end in ends), last.day]
    first, end = next((low + 1, high) for low, high in pairwise(cuts) if day.day <= high)
    return day.replace(day=first), day.replace(day=end)


def _due(ends_on: date, frequency: Frequency, government: Government, rules: Remitting) -> date:
    if frequency == Frequency.WEEKLY:
        return business_days_after(ends_on, int(rules.weekly_business_days), government)
    next_month = _last_of_month(ends_on) + timedelta(days=1)
    due_on = next_month.replace(day=int(rules.due_day))
    if frequency == Frequency.TWICE_MONTHLY:
        in_first_half = ends_on.day <= rules.twice_monthly_split
        first, second = (int(day) for day in rules.twice_monthly_due_days)
        due_on = ends_on.replace(day=first) if in_first_half else next_month.replace(day=second)
    return next_business_day(due_on, government)


def average_month(by_day: Sequence[tuple[date, Decimal]]) -> Decimal:
    """What was remitted for a month on average, over the months that had a pay (not rounded)."""
    months = {(day.year, day.month) for day, amount in by_day if amount}
    total = sum((amount for _day, amount in by_day), Decimal(0))
    return total / len(months) if months else Decimal(0)


def usual_frequency(
    average: Decimal, year_total: Decimal, government: Government, rules: Remitting
) -> Frequency:
    """The frequency at which employers of that size usually remit. Only the government's notice decides."""
    if government == Government.QUEBEC and year_total <= rules.annual_limit:
        return Frequency.ANNUAL
    if average < rules.quarterly_limit:
        return Frequency.QUARTERLY
    if average < rules.monthly_limit:
        return Frequency.MONTHLY
    return Frequency.TWICE_MONTHLY if average < rules.twice_monthly_limit else Frequency.WEEKLY
