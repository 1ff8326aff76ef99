"""The periods in which roles are planned and shared: whole weeks, one after the other. No Django here.

A period is a quarter of 13 weeks. They follow each other without a gap, whatever the year, so that a
period is always as long as the one before it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

WEEKS = 13
WINDOW = 4  # the periods looked back on: a year
_FIRST_MONDAY = date(2026, 1, 5)  # a quarter began near the first of the year


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole weeks from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def weeks(self) -> int:
        return ((self.last - self.first).days + 1) // 7

    def part_of(self, minutes: int, first: date, last: date) -> int:
        """The part of a period's minutes that falls from `first` to `last`, to the quarter of an hour."""
        begins, ends = max(first, self.first), min(last, self.last)
        days = max(0, (ends - begins).days + 1)
        return 15 * round(Fraction(minutes * days, self.weeks * 7 * 15))

    def before(self, periods: int = 1) -> "Period":
        """The period that came so many before this one."""
        gap = timedelta(weeks=self.weeks) * periods
        return Period(self.first - gap, self.last - gap)


def period_of(day: date, *, week_starts_on: int = 0, weeks: int = WEEKS) -> Period:
    """The period a day is in. `week_starts_on` is a weekday, 0 for Monday."""
    start = _FIRST_MONDAY + timedelta(days=week_starts_on)
    length = timedelta(weeks=weeks)
    first = start + ((day - start) // length) * length
    return Period(first, first + length - timedelta(days=1))


def window(day: date, *, week_starts_on: int = 0, weeks: int = WEEKS, periods: int = WINDOW) -> list[Period]:
    """The period of that day and those before it, oldest first."""
    now = period_of(day, week_starts_on=week_starts_on, weeks=weeks)
    return [now.before(back) for back in reversed(range(periods))]
