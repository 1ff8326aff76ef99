"""Where the past hours of tasks count today, when tasks were split, merged or moved. No Django here."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

Links = Mapping[int, list[tuple[int, int]]]


def links(rows: Iterable[tuple[int, int, int]]) -> dict[int, list[tuple[int, int]]]:
    """Rows of task, successor, percent → by task, the tasks that follow and their percents."""
    found: dict[int, list[tuple[int, int]]] = {}
    for task, successor, percent in rows:
        found.setdefault(task, []).append((successor, percent))
    return found


def today(task: int, following: Links) -> dict[int, Fraction]:
    """The tasks in which a task's work goes on, with the share each has of its hours: they sum to one."""
    shares: dict[int, Fraction] = {}
    waiting = [(task, Fraction(1))]
    while waiting:
        one, share = waiting.pop()
        if one not in following:
            shares[one] = shares.get(one, Fraction(0)) + share
        waiting.extend((successor, share * percent / 100) for successor, percent in following.get(one, ()))
    return shares


def counted_today(minutes: Mapping[int, int], following: Links) -> dict[int, Fraction]:
    """Minutes by the task they were logged on → minutes by the task they count with today; same sum."""
    found: dict[int, Fraction] = {}
    for task, logged in minutes.items():
        for one, share in today(task, following).items():
            found[one] = found.get(one, Fraction(0)) + logged * share
    return found


def whole(minutes: Fraction) -> int:
    """Minutes as they are shown: shares of hours seldom fall on one."""
    return round(minutes)
