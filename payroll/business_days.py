"""Which days count as working days for each government. Plain dates, no Django.

Sources, from general knowledge (to be verified): Interpretation Act (R.S.C. 1985, c. I-21), s. 35,
with 24 June, which the Canada Revenue Agency observes in Québec; Interpretation Act (CQLR,
c. I-16), s. 61(23). Days that only some calendars of the governments close (2 January, 26 December)
count as working days here: a remittance is then early, never late.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from dateutil.easter import easter

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


class Government(StrEnum):
    """Who source deductions are remitted to: the Canada Revenue Agency, or Revenu Québec."""

    CRA = "cra"
    QUEBEC = "rq"


def _monday_on_or_after(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


@lru_cache(maxsize=64)
def holidays(year: int, government: Government) -> frozenset[date]:
    """The days of a year on which the government does not count a payment as late."""
    paques = easter(year)
    canada_day = date(year, 7, 1)
    both = {
        date(year, 1, 1),
        paques - 2 * DAY,
        paques + DAY,
        _monday_on_or_after(date(year, 5, 18)),
        date(year, 6, 24),
        canada_day + DAY if canada_day.weekday() == SUNDAY else canada_day,
        _monday_on_or_after(date(year, 9, 1)),
        _monday_on_or_after(date(year, 10, 8)),
        date(year, 12, 25),
    }
    if government == Government.CRA:
        both |= {date(year, 9, 30), date(year, 11, 11)}
    return frozenset(both)


def is_business_day(day: date, government: Government) -> bool:
    """Neither a Saturday, a Sunday nor a holiday of that government."""
    return day.weekday() < SATURDAY and day not in holidays(day.year, government)


def next_business_day(day: date, government: Government) -> date:
    """That day, or the first working day after it."""
    while not is_business_day(day, government):
        day += DAY
    return day


def business_days_after(day: date, count: int, government: Government) -> date:
    """The working day that comes `count` working days after a day."""
    for _number in range(count):
        day = next_business_day(day + DAY, government)
    return day
