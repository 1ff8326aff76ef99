"""The months of a projection, each named by its first day. Plain dates, no Django."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

MONTHS_OF_YEAR = 12
DAYS_OF_WEEK, WORKING_DAYS = 7, 5


def month_of(day: date) -> date:
    """The month that holds this day."""
    return day.replace(day=1)


def after(month: date, count: int = 1) -> date:
    """The month so many months later; earlier where `count` is negative."""
    place = month.year * MONTHS_OF_YEAR + month.month - 1 + count
    return date(place // MONTHS_OF_YEAR, place % MONTHS_OF_YEAR + 1, 1)


@lru_cache(maxsize=1024)
def last_day(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def following(first: date, count: int) -> tuple[date, ...]:
    """So many months from the first one on."""
    return tuple(after(first, number) for number in range(count))


@lru_cache(maxsize=8192)
def weekdays(first: date, last: date) -> int:
    """How many days from Monday to Friday there are from one day to another, both included."""
    if last < first:
        return 0
    whole, rest = divmod((last - first).days + 1, DAYS_OF_WEEK)
    over = sum((first + timedelta(days=number)).weekday() < WORKING_DAYS for number in range(rest))
    return whole * WORKING_DAYS + over
