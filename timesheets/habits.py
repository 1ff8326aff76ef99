"""What is usual for one person: their last approved weeks, and what is far from them. No database here.

The middle is the median and the spread the median absolute deviation: one odd week changes neither.
A newcomer has no habits yet: below `ENOUGH` weeks nothing is said to be unusual for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

ENOUGH = 4
# A normal spread is 1.4826 median absolute deviations; three of them are far. In ten-thousandths.
FAR = 3 * 14_826
# Less than this is never far, however regular the person is.
AT_LEAST = 4 * 60


@dataclass(frozen=True, slots=True)
class PastWeek:
    """An approved week: its first day, its minutes, those of its weekend, in legal weeks of that person."""

    starts_on: date
    minutes: int
    weekend_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Habits:
    """The last approved weeks of a person, the oldest first."""

    weeks: tuple[PastWeek, ...] = ()

    @property
    def are_known(self) -> bool:
        return len(self.weeks) >= ENOUGH

    @property
    def usual_minutes(self) -> int:
        """The minutes of the week in the middle; of the two in the middle, the lesser."""
        return median_low(week.minutes for week in self.weeks)

    @property
    def works_weekends(self) -> bool:
        """On one weekend in four at least."""
        return 4 * sum(week.weekend_minutes > 0 for week in self.weeks) >= len(self.weeks)

    def is_far(self, minutes: int) -> bool:
        """Far from what is usual for this person, who has habits."""
        middle = self.usual_minutes
        spread = median_low(abs(week.minutes - middle) for week in self.weeks)
        away = abs(minutes - middle)
        return away >= AT_LEAST and 10_000 * away >= FAR * spread


def minutes_of(habits: Habits, first_days: Sequence[date]) -> list[int]:
    """The minutes of each of these weeks, 0 where nothing was approved."""
    known = {week.starts_on: week.minutes for week in habits.weeks}
    return [known.get(day, 0) for day in first_days]
