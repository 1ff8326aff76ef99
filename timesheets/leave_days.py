"""Which days a leave covers and how long each is: plain dates and minutes, no Django.

A week of agreed hours is spread over its five weekdays; a statutory holiday is nobody's day of leave.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from . import weeks
from .holidays import holiday_on

WORKING_DAYS = 5


def days_between(first: date, last: date) -> Iterator[date]:
    """Each day from `first` to `last`, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def weekdays_between(first: date, last: date) -> int:
    """How many days from Monday to Friday there are from `first` to `last`, both included; holidays count."""
    if last < first:
        return 0
    whole, rest = divmod((last - first).days + 1, weeks.DAYS)
    return whole * WORKING_DAYS + sum(not weeks.is_weekend(last - timedelta(days=n)) for n in range(rest))


def length_of_day(agreed_minutes_per_week: int) -> int:
    """A fifth of the agreed week, in minutes, half a minute going up."""
    return (2 * agreed_minutes_per_week + WORKING_DAYS) // (2 * WORKING_DAYS)


def is_working_day(day: date) -> bool:
    """A weekday that is not a statutory holiday."""
    return not weeks.is_weekend(day) and holiday_on(day) is None


def proposed(first: date, last: date, agreed_on: Callable[[date], int]) -> dict[date, int]:
    """The minutes of leave to propose for each working day of a range: a fifth of what is agreed then.

    Days on which nothing is agreed are left out.
    """
    found = {day: length_of_day(agreed_on(day)) for day in days_between(first, last) if is_working_day(day)}
    return {day: minutes for day, minutes in found.items() if minutes}


def share_of_day(minutes: int, agreed_minutes_per_week: int) -> Fraction:
    """How much of a day these minutes are, at most one. Where nothing is agreed, any leave is a day."""
    whole = length_of_day(agreed_minutes_per_week)
    return min(Fraction(1), Fraction(minutes, whole)) if whole else Fraction(1)
