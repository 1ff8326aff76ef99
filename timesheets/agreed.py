"""What was agreed for a week, day by day: it may change in its middle, begin, end, or stop for a pause."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from members.models import WorkStatus

from . import weeks
from .leave_days import WORKING_DAYS, days_between, proposed


class Agreement(NamedTuple):
    """The agreed hours of some days, as a work status has them; without a last day while they last."""

    starts_on: date
    ends_on: date | None
    agreed_minutes_per_week: int

    @classmethod
    def read(cls, starts_on: str, ends_on: str | None, minutes: int) -> "Agreement":
        """From what JSON holds."""
        return cls(date.fromisoformat(starts_on), date.fromisoformat(ends_on) if ends_on else None, minutes)

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def days_in(self, week: date) -> tuple[date, date]:
        """Its first and last day in a week; the last comes before the first when it has none there."""
        return max(week, self.starts_on), min(weeks.last_day(week), self.ends_on or date.max)

    def is_expected(self, week: date, first: date, last: date) -> bool:
        """Are hours agreed on a day of that week from `first` to `last`? None are on a weekend alone."""
        begins, ends = self.days_in(week)
        has_weekday = any(not weeks.is_weekend(day) for day in days_between(begins, ends))
        return begins <= last and ends >= first and has_weekday

    def minutes_in(self, week: date) -> int:
        """The minutes agreed on its working days in a week."""
        return sum(proposed(*self.days_in(week), lambda _day: self.agreed_minutes_per_week).values())


def minutes_of_week(statuses: Iterable[WorkStatus | Agreement], starts_on: date) -> int:
    """The minutes agreed for the week that starts on that day, of one person's statuses.

    Each weekday counts for a fifth of what is agreed a week on that day; the sum is rounded to the minute, half a
    minute going up. On a pause nothing is agreed.
    """
    held = list(statuses)
    fifths = sum(
        next((status.agreed_minutes_per_week for status in held if status.holds_on(day)), 0)
        for day in weeks.days_of(starts_on)
        if not weeks.is_weekend(day)
    )
    return (2 * fifths + WORKING_DAYS) // (2 * WORKING_DAYS)


def works_on(statuses: Iterable[WorkStatus], day: date) -> bool:
    """Does one of these statuses hold on that day, and is it no day of a pause?"""
    return any(status.holds_on(day) and status.pause_id is None for status in statuses)


def is_pause(statuses: Iterable[WorkStatus]) -> bool:
    """Are all these statuses a pause, one at least?"""
    held = list(statuses)
    return bool(held) and all(status.pause_id is not None for status in held)
