"""The legal week: where it starts, which days it holds. Plain dates, no Django here.

A week is named by its first day. Which weekday that is (`starts_on_weekday`, 0 for Monday) is the
co-op's own setting: overtime is counted by this week.
"""

from collections.abc import Iterator
from datetime import date, timedelta

DAYS = 7
# Overtime is counted beyond 40 hours a week (Act respecting labour standards, s. 52).
LEGAL_WEEK = 40 * 60
WEEK = timedelta(days=DAYS)


def week_of(day: date, starts_on_weekday: int = 0) -> date:
    """The first day of the week that holds this day."""
    return day - timedelta(days=(day.weekday() - starts_on_weekday) % DAYS)


def days_of(starts_on: date) -> list[date]:
    """The seven days of a week, in order."""
    return [starts_on + timedelta(days=n) for n in range(DAYS)]


def last_day(starts_on: date) -> date:
    """The seventh day of a week."""
    return starts_on + timedelta(days=DAYS - 1)


def before(starts_on: date) -> date:
    """The week before."""
    return starts_on - WEEK


def after(starts_on: date) -> date:
    """The week after."""
    return starts_on + WEEK


def weeks_between(first: date, last: date, starts_on_weekday: int = 0) -> Iterator[date]:
    """The first days of all weeks with at least one day from `first` to `last`, both included."""
    week = week_of(first, starts_on_weekday)
    while week <= last:
        yield week
        week += WEEK


def is_weekend(day: date) -> bool:
    """Saturday or Sunday, whatever day the week starts on."""
    return day.weekday() >= 5
