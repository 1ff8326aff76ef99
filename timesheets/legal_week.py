"""What fills a salaried person's legal week beside the hours they work. Plain dates and minutes, no Django.

Annual vacation, and statutory holidays that are not worked, count as days of work where overtime is
reckoned: their hours are added to those worked, and overtime begins at forty in all. A holiday counts for
whoever has the day off: on a weekday, for a fifth of their agreed week, less what they worked that day. Who
has agreed no hours has no day off to count. The compensatory day of a holiday that was worked counts as the
holiday would have.

Source: Act respecting labour standards (CQLR, c. N-1.1), s. 56, as the CNESST interprets it (read on its
site on 2026-11-29) [P]. That a compensatory day counts is our own reading of it [M].
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from . import weeks
from .holidays import holiday_on
from .leave_days import length_of_day

#: The kinds of leave, by their codes, whose days count as days of work.
COUNTED = ("vacation", "holiday")
#: What the holidays of a week can count for: there is never more than one on its weekdays.
HOLIDAYS_AT_MOST = 24 * 60


class Off(NamedTuple):
    """What a day off counts for, in minutes: approved leave, and the length of a holiday before any work."""

    leave: int = 0
    holiday: int = 0

    def minutes(self, worked: int) -> int:
        """What it counts for beside the minutes worked that day: a holiday's are less, a day counts once."""
        return max(self.leave, self.holiday - max(0, worked))


@lru_cache(maxsize=1024)
def holidays_in(starts_on: date) -> tuple[date, ...]:
    """The statutory holidays of a week that fall on a weekday."""
    return tuple(
        day for day in weeks.days_of(starts_on) if not weeks.is_weekend(day) and holiday_on(day) is not None
    )


def days_off(starts_on: date, leave: Mapping[date, int], agreed_on: Callable[[date], int]) -> dict[date, Off]:
    """The days off of a week that count as days of work.

    `leave` is the approved vacation and compensatory days, in minutes by day; `agreed_on` the minutes agreed
    a week on a day, 0 for whoever is not salaried then.
    """
    found = {day: Off(leave[day]) for day in weeks.days_of(starts_on) if leave.get(day)}
    for day in holidays_in(starts_on):
        if length := length_of_day(agreed_on(day)):
            found[day] = Off(leave.get(day, 0), length)
    return found


def filled(days: Mapping[date, Off], worked: Mapping[date, int]) -> int:
    """The minutes of a week that its days off fill beside the hours worked, by day."""
    return sum(off.minutes(worked.get(day, 0)) for day, off in days.items())
