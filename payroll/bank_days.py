"""The days on which banks pay: neither on a weekend nor a statutory holiday."""

from datetime import date, timedelta

from timesheets.holidays import holiday_on
from timesheets.weeks import is_weekend

DAY = timedelta(days=1)


def is_bank_day(day: date) -> bool:
    return not is_weekend(day) and holiday_on(day) is None


def bank_day_before(day: date) -> date:
    """The last day on which banks pay before this one."""
    day -= DAY
    while not is_bank_day(day):
        day -= DAY
    return day


def bank_day_from(day: date) -> date:
    """That day, or the first one after it on which banks pay."""
    while not is_bank_day(day):
        day += DAY
    return day
