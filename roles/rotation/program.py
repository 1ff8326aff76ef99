"""A linear program, written row by row and given to HiGHS: the only file that knows the solver."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

INFINITY = highspy.kHighsInf
#: Columns or bounds, as a list or as an array.
Numbers = Sequence[int] | Sequence[float] | np.ndarray


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
        self._starts: list[int] = [0]
        self._columns: list[int] = []
        self._coefficients: list[float] = []

    def column(self, lower: float = 0.0, upper: float = INFINITY, *, integer: bool = False) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        if integer:
            self.integer.append(len(self.lower) - 1)
        return len(self.lower) - 1

    def row(
        self, terms: Mapping[int, float], *, at_least: float = -INFINITY, at_most: float = INFINITY
    ) -> int:
        self._columns.extend(terms)
        self._coefficients.extend(terms.values())
        self._starts.append(len(self._columns))
        self.row_lower.append(at_least)
        self.row_upper.append(at_most)
        return len(self.row_lower) - 1

    def solver(self, watch: Watch, *, relaxed: bool = False, seed: int = 0) -> "Solver":
        """The solver holding this program; `relaxed` forgets that some columns are whole numbers."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.lower), len(self.row_lower)
        lp.col_cost_ = np.zeros(len(self.lower))
        lp.col_lower_, lp.col_upper_ = np.array(self.lower), np.array(self.upper)
        lp.row_lower_, lp.row_upper_ = np.array(self.row_lower), np.array(self.row_upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self._starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self._columns, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(self._coefficients, dtype=np.float64)
        if self.integer and not relaxed:
            kinds = np.zeros(len(self.lower), dtype=int)
            kinds[self.integer] = 1
            lp.integrality_ = [highspy.HighsVarType(int(kind)) for kind in kinds]
        return Solver(lp, watch, seed=seed)


class Solver:
    """HiGHS with one program, asked several questions in a row; each starts where the last one ended."""

    def __init__(self, lp: highspy.HighsLp, watch: Watch, *, seed: int = 0) -> None:
        self.watch = watch
        self.size = lp.num_col_
        self.is_whole = len(lp.integrality_) > 0
        self._highs = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", seed),
            ("mip_abs_gap", 1e-7),
        ):
            self._highs.setOptionValue(option, value)
        self._highs.passModel(lp)
        self._costs = np.zeros(self.size)
        self._start: dict[int, float] = {}
        self._listen()

    def _listen(self) -> None:
        """Let somebody stop a long computation."""
        if self.watch.is_cancelled is None:
            return
        kinds = highspy.cb.HighsCallbackType

        def hear(kind: Any, message: str, out: Any, into: Any, data: object) -> None:
            if self.watch.wants_out():
                into.user_interrupt = True

        self._highs.setCallback(hear, None)
        for kind in (
            kinds.kCallbackMipInterrupt,
            kinds.kCallbackSimplexInterrupt,
            kinds.kCallbackIpmInterrupt,
        ):
            self._highs.startCallback(kind)

    def start_from(self, values: Mapping[int, float]) -> None:
        """Whole numbers to begin from; the solver works out the rest."""
        self._start = dict(values)

    def limit(self, columns: Numbers, lower: Numbers, upper: Numbers) -> None:
        """New bounds for some columns."""
        if len(columns):
            self._highs.changeColsBounds(
                len(columns),
                np.asarray(columns, dtype=np.int32),
                np.asarray(lower, dtype=np.float64),
                np.asarray(upper, dtype=np.float64),
            )

    def add_row(
        self, terms: Mapping[int, float], *, at_least: float = -INFINITY, at_most: float = INFINITY
    ) -> int:
        self._highs.addRow(
            at_least,
            at_most,
            len(terms),
            np.fromiter(terms, dtype=np.int32, count=len(terms)),
            np.fromiter(terms.values(), dtype=np.float64, count=len(terms)),
        )
        return self._highs.getNumRow() - 1

    def loosen(self, row: int) -> None:
        """Let a row say nothing any more."""
        self._highs.changeRowBounds(row, -INFINITY, INFINITY)

    def add_columns(self, upper: np.ndarray, rows: np.ndarray, coefficients: np.ndarray) -> None:
        """More columns, from 0 to `upper`; each has as many places as `rows` is wide, those of 0 are empty."""
        kept = coefficients != 0
        counts = kept.sum(axis=1)
        starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int32)
        self._highs.addCols(
            len(upper),
            np.zeros(len(upper)),
            np.zeros(len(upper)),
            np.asarray(upper, dtype=np.float64),
            int(counts.sum()),
            starts,
            rows[kept].astype(np.int32),
            coefficients[kept].astype(np.float64),
        )
        self.size += len(upper)

    @property
    def prices(self) -> np.ndarray:
        """What one more unit of each row's bound is worth, after a relaxed question."""
        return np.array(self._highs.getSolution().row_dual)

    def use(self, method: str) -> None:
        """`simplex` continues from where it is; `ipm` suits a large program that is solved once."""
        self._highs.setOptionValue("solver", method)

    def minimise(
        self, costs: Mapping[int, float] | np.ndarray, *, seconds: float = math.inf, gap: float = 0.0
    ) -> Answer | None:
        """The cheapest solution found within that time, or None when none was."""
        if isinstance(costs, np.ndarray):
            fresh = costs
        else:
            fresh = np.zeros(self.size)
            fresh[list(costs)] = list(costs.values())
        self._costs = fresh
        self._highs.changeColsCost(self.size, np.arange(self.size, dtype=np.int32), fresh)
        self._highs.setOptionValue("mip_rel_gap", gap)
        seconds = min(seconds, self.watch.left)
        if not math.isinf(seconds):
            # HiGHS counts a relaxed question from the birth of the object, one of whole numbers from its start.
            before = 0.0 if self.is_whole else self._highs.getRunTime()
            self._highs.setOptionValue("time_limit", before + max(seconds, 0.05))
        if self._start and self.is_whole:
            columns = np.fromiter(self._start, dtype=np.int32, count=len(self._start))
            values = np.fromiter(self._start.values(), dtype=np.float64, count=len(self._start))
            self._highs.setSolution(len(columns), columns, values)
        self._highs.run()
        self.watch.stop_if_asked()
        return self._read()

    def _read(self) -> Answer | None:
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        values = np.array(self._highs.getSolution().col_value)
        proven = status == highspy.HighsModelStatus.kOptimal
        cost = float(self._costs @ values)
        if self.is_whole:
            bound = cost if proven and info.mip_gap <= 1e-9 else float(info.mip_dual_bound)
        else:
            bound = cost if proven else -math.inf
        if self.is_whole:
            self._start = dict(enumerate(values))
        return Answer(values, cost, min(bound, cost), proven)
