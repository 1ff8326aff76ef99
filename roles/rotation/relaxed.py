"""The relaxed model of a large co-op: hours only, no whole numbers, columns brought in when they pay.

Each pair that may be is a column or two (the hours held today, the hours added), kept as arrays; the
solver is given the few thousands that serve, found by the prices of the rows. Memory so grows with the
pairs that are used, and the least cost found is that of all pairs: it is a bound.
"""

import math
from dataclasses import dataclass

import numpy as np

from .problem import Pair, Problem
from .program import Answer, Program, Solver, Watch

#: Places of a column: its task, its member, four sides of fairness, learners' share, role due, mandate.
WIDTH = 9
#: Columns given at first to each member and to each task; brought in at most at once.
OF_MEMBER, OF_TASK, MORE = 24, 12, 20000


@dataclass
class Rows:
    """Where the rows and the costs of the program stand."""

    task: dict[str, int]
    member: dict[str, int]
    fairness: dict[str, list[int]]
    learners: dict[str, int]
    due: dict[tuple[str, str], int]
    mandate: dict[Pair, int]
    shortfalls: dict[int, float]
    excess: list[int]
    largest: int


class Relaxed:
    """The program of hours of a problem, with the columns of its pairs."""

    def __init__(self, problem: Problem, watch: Watch) -> None:
        self.problem, self.watch = problem, watch
        self.pairs: list[Pair] = list(problem.pairs)
        self.bound = np.fromiter((_most(problem, pair) for pair in self.pairs), float, len(self.pairs))
        self.held = np.fromiter(
            (problem.current.get(pair, 0.0) for pair in self.pairs), float, len(self.pairs)
        )
        self.chunk = np.fromiter(
            (problem.task[task].chunk for _who, task in self.pairs), float, len(self.pairs)
        )
        self.program = Program()
        self.rows = self._write()
        self.places, self.coefficients = self._columns()
        self.base = len(self.program.lower)
        self.solver: Solver = self.program.solver(watch, relaxed=True, seed=problem.config.seed)
        #: Of each column beyond the base: its pair, and whether it is hours added to what is held today.
        self.pair_of = np.zeros(0, dtype=int)
        self.added = np.zeros(0, dtype=bool)
        self.is_in = np.zeros(len(self.pairs), dtype=bool)
        self.lower, self.upper = np.zeros(len(self.pairs)), self.bound.copy()
        self._bring_in(self._first())

    def _write(self) -> Rows:
        """Rows without the pairs: what each asks, and the columns of what is missed."""
        problem, program, weights = self.problem, self.program, self.problem.weights
        shortfalls: dict[int, float] = {}
        rows = Rows({}, {}, {}, {}, {}, {}, shortfalls, [], program.column())
        for task in problem.tasks:
            if task.hours > 0:
                uncovered = program.column(0.0, task.hours)
                shortfalls[uncovered] = weights.uncovered
                rows.task[task.id] = program.row({uncovered: 1.0}, at_least=task.hours, at_most=task.hours)
        for _who, what in {pair for pair in self.pairs if not self._is_autonomous(pair)}:
            if what not in rows.learners:
                task = problem.task[what]
                rows.learners[what] = program.row({}, at_most=task.learner_share * task.hours)
        tau = problem.config.tau
        for member in problem.members:
            least, most = problem.load(member)
            under, over = program.column(), program.column(0.0, max(0.0, member.most - most))
            shortfalls[under] = shortfalls[over] = weights.load
            low, high = max(least, min(member.min_hours, member.most)), min(max(most, least), member.most)
            row = program.row({under: 1.0, over: -1.0}, at_least=min(low, high), at_most=high)
            rows.member[member.id] = row
            reckoned = member.carry_hours + problem.planned(member)
            if member.counted and reckoned > 0:
                sides = rows.fairness[member.id] = []
                for k in (0, 1):
                    excess = program.column()
                    rows.excess.append(excess)
                    program.row({rows.largest: 1.0, excess: -1.0}, at_least=0.0)
                    for sign in (1.0, -1.0):
                        most_allowed = tau * member.carry_hours - sign * member.carry[k]
                        sides.append(program.row({excess: -reckoned}, at_most=most_allowed))
        for due in sorted(problem.touch):
            missed = program.column(0.0, problem.config.touch_hours)
            shortfalls[missed] = weights.touch
            rows.due[due] = program.row({missed: 1.0}, at_least=problem.config.touch_hours)
        for pair, hours in problem.mandates.items():
            missed = program.column(0.0, hours)
            shortfalls[missed] = weights.mandate
            rows.mandate[pair] = program.row({missed: 1.0}, at_least=hours)
        return rows

    def _is_autonomous(self, pair: Pair) -> bool:
        return self.problem.is_autonomous(self.problem.member[pair[0]], self.problem.task[pair[1]])

    def _columns(self) -> tuple[np.ndarray, np.ndarray]:
        """Each pair's rows and coefficients, in arrays of one width."""
        places = np.zeros((len(self.pairs), WIDTH), dtype=np.int32)
        values = np.zeros((len(self.pairs), WIDTH))
        mean, tau, rows = self.problem.mean, self.problem.config.tau, self.rows
        for n, pair in enumerate(self.pairs):
            who, what = pair
            task = self.problem.task[what]
            places[n, 0], values[n, 0] = rows.task[what], 1.0
            places[n, 1], values[n, 1] = rows.member[who], 1.0
            if sides := rows.fairness.get(who):
                places[n, 2:6] = sides
                d, e = task.d - mean[0], task.e - mean[1]
                values[n, 2:6] = (d - tau, -d - tau, e - tau, -e - tau)
            if what in rows.learners and not self._is_autonomous(pair):
                places[n, 6], values[n, 6] = rows.learners[what], 1.0
            if task.role is not None and (who, task.role) in rows.due:
                places[n, 7], values[n, 7] = rows.due[who, task.role], 1.0
            if pair in rows.mandate:
                places[n, 8], values[n, 8] = rows.mandate[pair], 1.0
        return places, values

    def _first(self) -> np.ndarray:
        """Who holds what today, what is promised or due, and a spread of the others."""
        if len(self.pairs) <= MORE:
            return np.arange(len(self.pairs))
        chance = np.random.default_rng(self.problem.config.seed)
        kept = (self.held > 0) | (self.coefficients[:, 7:9] != 0).any(axis=1)
        lottery = chance.random(len(self.pairs))
        for column, each in ((1, OF_MEMBER), (0, OF_TASK)):
            # The places of a column are its member's row and its task's: some of each, by lot.
            order = np.lexsort((lottery, self.places[:, column]))
            sorted_places = self.places[order, column]
            starts = np.concatenate(([True], sorted_places[1:] != sorted_places[:-1]))
            rank = np.arange(len(order)) - np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
            kept[order[rank < each]] = True
        return np.flatnonzero(kept)

    def _bring_in(self, chosen: np.ndarray) -> None:
        """Give the solver the columns of these pairs."""
        held = chosen[self.held[chosen] > 0]
        pairs = np.concatenate((chosen, held)).astype(int)
        added = np.concatenate((np.ones(len(chosen), dtype=bool), np.zeros(len(held), dtype=bool)))
        self.is_in[chosen] = True
        self.pair_of = np.concatenate((self.pair_of, pairs))
        self.added = np.concatenate((self.added, added))
        self.solver.add_columns(self._bounds(pairs, added)[1], self.places[pairs], self.coefficients[pairs])

    def _bounds(self, pairs: np.ndarray, added: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The bounds of a pair, shared between the hours held today and those that are added."""
        kept = np.minimum(self.held[pairs], self.upper[pairs])
        low, high = self.lower[pairs], self.upper[pairs]
        lower = np.where(added, np.maximum(0.0, low - kept), np.minimum(low, kept))
        return lower, np.where(added, np.maximum(high - kept, 0.0), kept)

    def limit(self, pairs: np.ndarray) -> None:
        """Tell the solver the bounds of these pairs, after `lower` and `upper` were changed."""
        columns = np.flatnonzero(np.isin(self.pair_of, pairs))
        lower, upper = self._bounds(self.pair_of[columns], self.added[columns])
        self.solver.limit(columns + self.base, lower, upper)

    def costs(
        self, *, shortfalls: float = 0.0, largest: float = 0.0, excess: float = 0.0, changes: float = 0.0
    ) -> np.ndarray:
        """What each column costs, the four questions weighed."""
        costs = np.zeros(self.base + len(self.pair_of))
        for column, weight in self.rows.shortfalls.items():
            costs[column] = weight * shortfalls
        costs[self.rows.largest] = largest
        costs[self.rows.excess] = excess
        if changes and self.problem.current:
            costs[self.base :] = np.where(self.added, changes, -changes)
        return costs

    def minimise(self, seconds: float = math.inf, **weights: float) -> Answer | None:
        """The cheapest hours, with every pair that serves brought in."""
        while True:
            answer = self.solver.minimise(self.costs(**weights), seconds=seconds)
            if answer is None or not answer.is_proven or self.is_in.all():
                return answer
            gain = self._gains(weights.get("changes", 0.0))
            wanted = np.flatnonzero(gain < -1e-7)
            if not len(wanted):
                return answer
            self.watch.stop_if_asked()
            self._bring_in(wanted[np.argsort(gain[wanted])[:MORE]])

    def _gains(self, changes: float) -> np.ndarray:
        """What an hour of each pair left out would cost at the prices of the rows; below 0, it pays."""
        prices = self.solver.prices
        gain = (changes if self.problem.current else 0.0) - (prices[self.places] * self.coefficients).sum(
            axis=1
        )
        gain[self.is_in | (self.upper <= 0)] = 0.0
        return gain

    def hours(self, answer: Answer) -> np.ndarray:
        """The hours of each pair."""
        return np.bincount(self.pair_of, weights=answer.values[self.base :], minlength=len(self.pairs))


def _most(problem: Problem, pair: Pair) -> float:
    """At most the hours that leave the others their smallest parts."""
    task = problem.task[pair[1]]
    return min(problem.pairs[pair], max(task.chunk, task.hours - (task.min_people - 1) * task.chunk))
