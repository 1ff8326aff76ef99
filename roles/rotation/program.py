"""A linear program, written row by row, how long there is to solve it, and what was found."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from .solver import Solver

INFINITY = math.inf


class Cancelled(Exception):
    """Somebody asked to stop."""


@dataclass
class Watch:
    """How long there is, who wants to know how far it is, and whether somebody asked to stop."""

    seconds: float = math.inf
    tell: Callable[[str, float], None] | None = None
    is_cancelled: Callable[[], bool] | None = None

    def __post_init__(self) -> None:
        self.began = time.monotonic()
        self._asked = self.began

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        return max(0.0, self.seconds - self.elapsed)

    def say(self, stage: str, part: float) -> None:
        """Tell how far the work is; raises `Cancelled` when somebody asked to stop."""
        self.stop_if_asked()
        if self.tell:
            self.tell(stage, part)

    def stop_if_asked(self) -> None:
        if self.is_cancelled and self.is_cancelled():
            raise Cancelled

    def wants_out(self) -> bool:
        """The same question from inside the solver, asked at most twice a second."""
        now = time.monotonic()
        if self.is_cancelled is None or now - self._asked < 0.5:
            return False
        self._asked = now
        return self.is_cancelled()


@dataclass(frozen=True)
class Answer:
    """What the solver found: the columns, their cost, and a cost below which nothing exists."""

    values: np.ndarray
    cost: float
    bound: float
    is_proven: bool


class Program:
    """Columns and rows gathered in lists, then handed to the solver once."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.integer: list[int] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []
        self.starts: list[int] = [0]
        self.columns: list[int] = []
        self.coefficients: list[float] = []

    def column(self, lower: float = 0.0, upper: float = INFINITY, *, integer: bool = False) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        if integer:
            self.integer.append(len(self.lower) - 1)
        return len(self.lower) - 1

    def row(
        self, terms: Mapping[int, float], *, at_least: float = -INFINITY, at_most: float = INFINITY
    ) -> int:
        self.columns.extend(terms)
        self.coefficients.extend(terms.values())
        self.starts.append(len(self.columns))
        self.row_lower.append(at_least)
        self.row_upper.append(at_most)
        return len(self.row_lower) - 1

    def solver(self, watch: Watch, *, relaxed: bool = False, seed: int = 0) -> Solver:
        """The solver holding this program; `relaxed` forgets that some columns are whole numbers.

        HiGHS and its arrays are loaded by the first question of a process, not by the start of a server.
        """
        from .solver import Solver

        return Solver(self, watch, relaxed=relaxed, seed=seed)
