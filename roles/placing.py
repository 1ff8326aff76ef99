"""A task placed on the scale by comparing it with tasks that the same person has rated already.

Plain Python. What comes out is a vote from 1 to 5 like any other: comparing is a way to find it. Each
answer halves what is left of the scale, so that three answers are enough; where the person has rated
nothing to compare with, they choose among what is left by the words of the scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from .votes import HIGHEST, LOWEST

T = TypeVar("T")


class Answer(StrEnum):
    """The task beside one that is rated: more than it, the same, less; or nothing to say."""

    MORE = "more"
    SAME = "same"
    LESS = "less"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the scale a task may still be, after some answers; nowhere when there is no opinion."""

    low: int = LOWEST
    high: int = HIGHEST
    is_silent: bool = False

    @property
    def is_found(self) -> bool:
        return self.is_silent or self.low == self.high

    @property
    def points(self) -> int | None:
        """The vote; None when there is no opinion, or not one place yet."""
        return self.low if self.low == self.high and not self.is_silent else None

    def after(self, answer: Answer, points: int) -> "Place":
        """What an answer beside a task of these points leaves.

        Between two neighbours of the scale both are left: the person chooses.
        """
        if answer == Answer.NONE:
            return Place(self.low, self.high, is_silent=True)
        if answer == Answer.SAME:
            return Place(points, points)
        if answer == Answer.MORE:
            low, high = max(self.low, min(points + 1, HIGHEST)), self.high
        else:
            low, high = self.low, min(self.high, max(points - 1, LOWEST))
        return Place(min(low, high), max(low, high))

    def beside(self, rated: Sequence[tuple[T, int]], turn: int = 0) -> tuple[T, int] | None:
        """A rated thing in the middle of what is left, another one each `turn`; None when there is none."""
        if self.is_found:
            return None
        left = [one for one in rated if self.low <= one[1] <= self.high]
        middle = (self.low + self.high) / 2
        nearest = min((abs(points - middle) for _thing, points in left), default=None)
        best = [one for one in left if abs(one[1] - middle) == nearest]
        return best[turn % len(best)] if best else None

    def __str__(self) -> str:
        return "" if self.is_silent else f"{self.low}-{self.high}"


def place(text: str) -> Place:
    """A place as it is written in a form. Raises ValueError."""
    if not text:
        return Place(is_silent=True)
    low, high = (int(part) for part in text.split("-"))
    if not LOWEST <= low <= high <= HIGHEST:
        raise ValueError(text)
    return Place(low, high)
