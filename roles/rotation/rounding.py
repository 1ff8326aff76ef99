"""Hours on a grid of quarters: a transport between tasks and people, whose vertices are whole.

Each part goes to the step below or above, each task keeps its sum, each person theirs to a step. Learners'
hours go down to a step first, so that their share is kept and the transport stays whole.
"""

import math
from collections import defaultdict

from .outcome import NOTHING, Outcome
from .problem import Pair
from .program import Program, Watch

#: A step below which two numbers of steps are the same.
SAME = 1e-6
#: What a step costs that is left to nobody, in steps moved.
LEFT = 100.0


def on_grid(outcome: Outcome, step: float, watch: Watch) -> Outcome:
    """The same plan in whole steps, loads within their band where steps fit it.

    Where they do not, a step of some task is left to nobody: a rule that does not bend comes first.
    """
    return (
        _rounded(outcome, step, watch, is_tight=True)
        or _rounded(outcome, step, watch, is_tight=False)
        or _rounded(outcome, step, watch, is_tight=False, may_leave=True)
        or outcome
    )


def _rounded(
    outcome: Outcome, step: float, watch: Watch, *, is_tight: bool, may_leave: bool = False
) -> Outcome | None:
    """The plan in whole steps, or None when they do not fit.

    `is_tight`: nobody leaves the band of the common load by a step; `may_leave`: a task may lose some.
    """
    problem = outcome.problem
    program = Program()
    columns: dict[Pair, int] = {}
    costs: dict[int, float] = {}
    of_task: dict[str, dict[int, float]] = defaultdict(dict)
    of_member: dict[str, dict[int, float]] = defaultdict(dict)
    for pair, hours in outcome.given.items():
        member, task = problem.member[pair[0]], problem.task[pair[1]]
        low, high = _around(hours / step)
        chunk = math.ceil(task.chunk / step - SAME)
        if low < chunk:
            low = high = chunk
        elif not problem.is_autonomous(member, task):
            high = low
        column = columns[pair] = program.column(chunk if may_leave else low, high)
        costs[column] = 1.0 - 2.0 * (hours / step - low)
        of_task[pair[1]][column] = of_member[pair[0]][column] = 1.0
    for what, row in of_task.items():
        low, high = _around(sum(outcome.by_task[what].values()) / step)
        if may_leave:
            left = program.column(0.0, float(low))
            costs[left] = LEFT
            row[left] = 1.0
        program.row(row, at_least=low, at_most=min(high, math.floor(problem.task[what].hours / step + SAME)))
    for who, row in of_member.items():
        member = problem.member[who]
        load, (least, most) = outcome.load(member), problem.load(member)
        low, high = (steps + by for steps, by in zip(_around(load / step), (-1, 1), strict=True))
        if is_tight and least - NOTHING <= load <= most + NOTHING:
            low, high = max(low, math.ceil(least / step - SAME)), min(high, math.floor(most / step + SAME))
        most_steps = min(high, math.floor(member.most / step + SAME))
        program.row(row, at_least=0.0 if may_leave else low, at_most=most_steps)
    answer = program.solver(watch).minimise(costs)
    if answer is None:
        return None
    hours_of = {pair: round(float(answer.values[column])) * step for pair, column in columns.items()}
    rounded = Outcome(problem, hours_of)
    return None if len(rounded.breaches) > len(outcome.breaches) else rounded


def _around(steps: float) -> tuple[int, int]:
    """The whole numbers of steps below and above."""
    return math.floor(steps + SAME), math.ceil(steps - SAME)
