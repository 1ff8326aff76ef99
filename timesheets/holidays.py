"""The statutory holidays of Québec, as days of a year. Plain dates, no Django.

Source: Act respecting labour standards (CQLR, c. N-1.1), s. 60, and National Holiday Act (c. F-1.1),
s. 2: 1 January, Good Friday or Easter Monday (the employer chooses: here Good Friday), the Monday
before 25 May, 24 June, 1 July (2 July when the 1st is a Sunday), Labour Day, the second Monday of
October, 25 December.
"""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from dateutil.easter import easter

MONDAY, SUNDAY = 0, 6


class Holiday(StrEnum):
    """The eight statutory holidays; `timesheets.calendar_words` says their names."""

    NEW_YEAR = "new_year"
    GOOD_FRIDAY = "good_friday"
    PATRIOTS = "patriots"
    NATIONAL = "national"
    CANADA = "canada"
    LABOUR = "labour"
    THANKSGIVING = "thanksgiving"
    CHRISTMAS = "christmas"


@lru_cache(maxsize=64)
def holidays_of(year: int) -> dict[date, Holiday]:
    """The eight statutory holidays of a year, in order of their days."""
    canada = date(year, 7, 1)
    if canada.weekday() == SUNDAY:
        canada = date(year, 7, 2)
    return {
        date(year, 1, 1): Holiday.NEW_YEAR,
        easter(year) - timedelta(days=2): Holiday.GOOD_FRIDAY,
        _monday_on_or_before(date(year, 5, 24)): Holiday.PATRIOTS,
        date(year, 6, 24): Holiday.NATIONAL,
        canada: Holiday.CANADA,
        _monday_on_or_before(date(year, 9, 7)): Holiday.LABOUR,
        _monday_on_or_before(date(year, 10, 14)): Holiday.THANKSGIVING,
        date(year, 12, 25): Holiday.CHRISTMAS,
    }


def holiday_on(day: date) -> Holiday | None:
    """The statutory holiday of that day, if it is one."""
    return holidays_of(day.year).get(day)


def _monday_on_or_before(day: date) -> date:
    return day - timedelta(days=(day.weekday() - MONDAY) % 7)
