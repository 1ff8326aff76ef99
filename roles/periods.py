"""The periods by which the balance of the work is looked at, and roles are shared anew.

Plain Python. Periods of whole legal weeks follow one another from a fixed start, so that a quarter of 13
weeks begins within days of a calendar quarter and nothing but the co-op's own setting moves them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

#: Near the start of a year that begins on a Monday.
ANCHOR = date(2024, 1, 1)
#: A balance is looked at over a year: the period that runs and the three before it.
WINDOW = 4


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole weeks, from a first day to a last day."""

    starts_on: date
    weeks: int

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(weeks=self.weeks, days=-1)

    @property
    def before(self) -> "Period":
        return Period(self.starts_on - timedelta(weeks=self.weeks), self.weeks)

    @property
    def after(self) -> "Period":
        return Period(self.starts_on + timedelta(weeks=self.weeks), self.weeks)

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def period_of(day: date, weeks: int, week_starts_on: int = 0) -> Period:
    """The period in which a day stands; legal weeks start on `week_starts_on`, 0 for Monday."""
    anchor = ANCHOR - timedelta(days=(ANCHOR.weekday() - week_starts_on) % 7)
    length = timedelta(weeks=weeks)
    return Period(anchor + (day - anchor) // length * length, weeks)


def window_of(day: date, weeks: int, week_starts_on: int = 0, *, count: int = WINDOW) -> Sequence[Period]:
    """The period of a day and those before it, oldest first."""
    found = [period_of(day, weeks, week_starts_on)]
    while len(found) < count:
        found.append(found[-1].before)
    return found[::-1]
