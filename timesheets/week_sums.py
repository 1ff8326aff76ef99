"""A week in sum: what the committee's queue shows of it and its signals read. No database here.

A week that waits for the committee does not change: its sum is reckoned when it is handed in and kept with it,
so that a page of the queue reads no line.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple


class Worked(NamedTuple):
    """One line of the week, as far as its sum goes."""

    day: date
    minutes: int
    task: str
    role: str = ""
    is_new_task: bool = False
    is_final: bool = False
    is_correction: bool = False
    question: str = ""


@dataclass(frozen=True, slots=True)
class WeekSum:
    """A week's minutes by role, most first, and by day; and what of it the committee has still to approve.

    `digest` is that of the lines it is the sum of (see `seen`). `corrections` are a day and signed minutes;
    `last_day` is the latest day with a line to approve, None without any; `new_tasks` are those on which the
    person asks to have hours approved for the first time.
    """

    digest: str
    by_role: list[tuple[str, int]]
    by_day: dict[date, int]
    has_approved: bool
    to_approve: int
    last_day: date | None
    corrections: list[tuple[date, int]]
    new_tasks: list[str]
    questions: int

    @property
    def minutes(self) -> int:
        """All of the week, approved before or not."""
        return sum(self.by_day.values())

    @classmethod
    def of(cls, lines: Iterable[Worked], digest: str = "") -> "WeekSum":
        """The sum of these lines, which come by day."""
        lines = list(lines)
        waiting = [line for line in lines if not line.is_final]
        by_role: dict[str, int] = defaultdict(int)
        by_day: dict[date, int] = defaultdict(int)
        for line in lines:
            by_role[line.role] += line.minutes
            by_day[line.day] += line.minutes
        return cls(
            digest,
            sorted(by_role.items(), key=lambda item: (-item[1], item[0])),
            dict(sorted(by_day.items())),
            len(waiting) < len(lines),
            sum(line.minutes for line in waiting),
            max((line.day for line in waiting), default=None),
            [(line.day, line.minutes) for line in waiting if line.is_correction],
            list(dict.fromkeys(line.task for line in waiting if line.is_new_task)),
            sum(bool(line.question) for line in lines),
        )

    def kept(self) -> dict[str, Any]:
        """What is written with the week, as JSON."""
        return asdict(self) | {
            "by_day": {str(day): minutes for day, minutes in self.by_day.items()},
            "last_day": self.last_day and str(self.last_day),
            "corrections": [(str(day), minutes) for day, minutes in self.corrections],
        }

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "WeekSum":
        """What `kept` wrote."""
        day = date.fromisoformat
        changed = {
            "by_role": [(role, minutes) for role, minutes in kept["by_role"]],
            "by_day": {day(of): minutes for of, minutes in kept["by_day"].items()},
            "last_day": kept["last_day"] and day(kept["last_day"]),
            "corrections": [(day(of), minutes) for of, minutes in kept["corrections"]],
        }
        return cls(**kept | changed)
