"""The pay calendar: which days a pay covers, when it is paid, and how many pays its year has.

Plain dates, no Django. A period is found from the co-op's frequency, from the first day of any of
its periods (every week or two weeks), and from the number of days between its last day and the
pay. The number of pays of a year is counted on the pay dates of that calendar year, as the guides
ask (T4127, chapter 4): 26 or 27, 52 or 53, according to the year.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import takewhile

DAY = timedelta(days=1)
#: Days in a period of the two frequencies that are counted from an anchor.
SPANS = {"weekly": 7, "biweekly": 14}
MONTHLY, SEMIMONTHLY = "monthly", "semimonthly"
MIDDLE_OF_MONTH = 15


@dataclass(frozen=True, slots=True)
class Period:
    """The days a pay covers, both included, its pay date, and the pays of the pay date's year."""

    starts_on: date
    ends_on: date
    pay_on: date
    pays_in_year: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """How often the co-op pays. `anchor` is the first day of any weekly or biweekly period.

    `days_after` counts from the last day of a period to its pay. Raises ValueError for a frequency
    that does not exist.
    """

    frequency: str
    anchor: date
    days_after: int

    def __post_init__(self) -> None:
        if self.frequency not in (*SPANS, SEMIMONTHLY, MONTHLY):
            raise ValueError(f"{self.frequency!r} is not a pay frequency")

    def period_of(self, day: date) -> Period:
        """The period that holds this day."""
        starts_on, ends_on = self._days(day)
        pay_on = ends_on + timedelta(days=self.days_after)
        return Period(starts_on, ends_on, pay_on, len(self.pay_dates(pay_on.year)))

    def periods_from(self, day: date) -> Iterator[Period]:
        """The period that holds this day and all that follow it."""
        while True:
            period = self.period_of(day)
            yield period
            day = period.ends_on + DAY

    def pay_dates(self, year: int) -> tuple[date, ...]:
        """Every pay date of a calendar year, in order."""
        return _pay_dates(self, year)

    def pays_left(self, day: date) -> int:
        """How many pays its year still has from this day on, that day included."""
        dates = self.pay_dates(day.year)
        return len(dates) - bisect_left(dates, day)

    def _days(self, day: date) -> tuple[date, date]:
        if span := SPANS.get(self.frequency):
            starts_on = day - timedelta(days=(day - self.anchor).days % span)
            return starts_on, starts_on + timedelta(days=span - 1)
        last = day.replace(day=monthrange(day.year, day.month)[1])
        if self.frequency == MONTHLY:
            return day.replace(day=1), last
        if day.day <= MIDDLE_OF_MONTH:
            return day.replace(day=1), day.replace(day=MIDDLE_OF_MONTH)
        return day.replace(day=MIDDLE_OF_MONTH + 1), last


@lru_cache(maxsize=64)
def _pay_dates(calendar: Calendar, year: int) -> tuple[date, ...]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    after = timedelta(days=calendar.days_after)

    def ends() -> Iterator[date]:
        # A pay on 1 January is for a period that ended `days_after` before.
        _, ends_on = calendar._days(first - after)
        while True:
            yield ends_on
            _, ends_on = calendar._days(ends_on + DAY)

    return tuple(takewhile(lambda pay_on: pay_on <= last, (ends_on + after for ends_on in ends())))
