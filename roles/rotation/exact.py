"""The exact way, for a co-op of ordinary size: whole numbers, four questions in a strict order.

Each answer is frozen before the next question is asked, and each question starts from the answer
before: what is worth more is never given up for what is worth less.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .model import Costs, Model
from .outcome import NOTHING, Outcome
from .problem import Pair
from .program import Answer, Solver, Watch

#: How the time is shared: a stage may take this part of what is left when it begins.
PARTS = {"shortfalls": 0.4, "worst": 0.5, "excesses": 0.5, "changes": 0.9}


@dataclass
class Found:
    """The hours of each pair, and what is proven of each stage: its value and a bound below it."""

    hours: Mapping[Pair, float]
    values: dict[str, float] = field(default_factory=dict)
    bounds: dict[str, float] = field(default_factory=dict)


class _Known:
    """A plan that is known already: who holds what, and what it is worth at each stage."""

    def __init__(self, model: Model, hours: Mapping[Pair, float]) -> None:
        self.holds = {y: float(hours.get(pair, 0.0) > NOTHING) for pair, y in model.holds.items()}
        outcome = Outcome(model.problem, hours)
        excesses = outcome.excesses.values()
        self._worth = {"worst": max(excesses, default=0.0), "excesses": sum(excesses)}

    def is_no_worse(self, values: Mapping[str, float]) -> bool:
        """Does it reach what the stages before have reached? Then the next one may begin from it."""
        return all(
            self._worth[stage] <= values.get(stage, worth) + 1e-4 for stage, worth in self._worth.items()
        )


#: The four questions, in their order.
STAGES = ("shortfalls", "worst", "excesses", "changes")
#: Up to this many pairs the last question is answered exactly; beyond, to half a percent.
TO_THE_END, CLOSE = 120, 0.005


def solve(
    model: Model,
    watch: Watch,
    *,
    start: Mapping[Pair, float] | None = None,
    stages: tuple[str, ...] = STAGES,
) -> Found:
    """The best sharing out, stage after stage, from a plan known already if there is one. Raises `Cancelled`."""
    solver = model.program.solver(watch, seed=model.problem.config.seed)
    known = None if start is None else _Known(model, start)
    found = Found({})
    answer: Answer | None = None
    for stage in stages:
        costs = model.costs(stage)
        watch.say(stage, STAGES.index(stage) / len(STAGES))
        if stage == "excesses" and found.values.get("worst", 1.0) <= 1e-7:
            found.values[stage] = found.bounds[stage] = 0.0
            continue
        if known is not None and known.is_no_worse(found.values):
            solver.start_from(known.holds)
        gap = CLOSE if stage == "changes" and len(model.hours) > TO_THE_END else 0.0
        better = solver.minimise(costs, seconds=watch.left * PARTS[stage], gap=gap)
        if better is None:
            break
        answer = better
        found.values[stage], found.bounds[stage] = answer.cost, answer.bound
        if stage != stages[-1]:
            _freeze(solver, stage, costs, answer.cost)
    if answer is not None:
        answer = _polish(model, solver, answer) or answer
        found.hours = {pair: max(0.0, float(answer.values[x])) for pair, x in model.hours.items()}
    return found


def _freeze(solver: Solver, stage: str, costs: Costs, value: float) -> None:
    """What was reached is kept, but for the last digits of the arithmetic.

    A thinner margin than the solver's own tolerance would make it lose its way: seen on case C16.
    """
    if stage == "shortfalls" and value <= 1e-6:
        solver.limit(list(costs), [0.0] * len(costs), [0.0] * len(costs))
    elif stage == "shortfalls":
        solver.add_row(costs, at_most=value * (1 + 1e-6) + 1e-4)
    else:
        solver.add_row(costs, at_most=value + 1e-5 * max(1.0, value))


def _polish(model: Model, solver: Solver, answer: Answer) -> Answer | None:
    """The same choice of pairs with clean hours: whole numbers made whole, the rest divided again."""
    whole = model.program.integer
    chosen = [float(round(answer.values[column])) for column in whole]
    solver.limit(whole, chosen, chosen)
    return solver.minimise(model.costs(STAGES[-1]), seconds=5.0)
