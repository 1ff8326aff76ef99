"""The periods in which roles are planned and shared: whole weeks, one after the other. No Django here.

How long they are is for the co-op to say (`Periods`): a quarter of 13 weeks as long as nobody said otherwise.
They follow each other without a gap, whatever the year, so that a period is always as long as the one before.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

#: A quarter: how long a period is unless the co-op says otherwise, and what expected hours are kept for,
#: so that they stay true when the co-op changes the length of its periods.
QUARTER = 13
WINDOW = 4  # the periods looked back on: a year of quarters
_FIRST_MONDAY = date(2026, 1, 5)  # a quarter began near the first of the year


def in_weeks(minutes: int | None, weeks: int) -> int | None:
    """Minutes expected in so many weeks, of minutes expected in a quarter; to the minute. None stays unknown."""
    return None if minutes is None else round(Fraction(minutes * weeks, QUARTER))


def in_a_quarter(minutes: int | None, weeks: int) -> int | None:
    """The other way round: minutes of a quarter, of minutes of so many weeks. Something is never nothing."""
    return None if minutes is None else max(bool(minutes), round(Fraction(minutes * QUARTER, weeks)))


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole weeks from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def weeks(self) -> int:
        return ((self.last - self.first).days + 1) // 7

    def part_of(self, minutes: int, first: date, last: date) -> int:
        """What is expected from `first` to `last` within the period, to the quarter of an hour.

        `minutes` are those expected in a quarter, however long the period is.
        """
        begins, ends = max(first, self.first), min(last, self.last)
        days = max(0, (ends - begins).days + 1)
        return 15 * round(Fraction(minutes * days, QUARTER * 7 * 15))

    def before(self, periods: int = 1) -> "Period":
        """The period that came so many before this one."""
        gap = timedelta(weeks=self.weeks) * periods
        return Period(self.first - gap, self.last - gap)


@dataclass(frozen=True, slots=True)
class Periods:
    """How a co-op cuts its time: how many weeks a period has, the weekday its weeks start on (0 is Monday)."""

    weeks: int = QUARTER
    week_starts_on: int = 0

    def of(self, day: date) -> Period:
        """The period a day is in."""
        start = _FIRST_MONDAY + timedelta(days=self.week_starts_on)
        length = timedelta(weeks=self.weeks)
        first = start + ((day - start) // length) * length
        return Period(first, first + length - timedelta(days=1))

    def after(self, day: date) -> Period:
        """The period that follows the one of that day."""
        return self.of(self.of(day).last + timedelta(days=1))

    def window(self, day: date, periods: int = WINDOW) -> list[Period]:
        """The period of that day and those before it, oldest first."""
        now = self.of(day)
        return [now.before(back) for back in reversed(range(periods))]
