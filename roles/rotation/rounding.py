"""Hours on a grid of quarters: a transport between tasks and people, whose vertices are whole.

Each part goes to the step below or above, or a few steps further where sums ask for it; each task keeps
its sum, each person theirs to a step. The steps left in the learners' share are given to learners one by
one beforehand, so that the share is kept and the transport stays whole. What a mandate keeps is kept.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field

from .outcome import Outcome
from .problem import Pair
from .program import Program, Watch

#: A step below which two numbers of steps are the same.
SAME = 1e-6
#: How many steps beyond the nearest two a part may move, and what each costs, in steps moved.
FURTHER, FAR = 4, 3.0
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


@dataclass
class _Transport:
    """The program: columns of whole steps, their costs, and the sums of tasks and people."""

    program: Program = field(default_factory=Program)
    costs: dict[int, float] = field(default_factory=dict)
    of_pair: dict[Pair, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    of_task: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    of_member: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))

    def column(self, pair: Pair, low: float, high: float, cost: float, sign: float = 1.0) -> None:
        """Steps given to a pair, or taken from it."""
        made = self.program.column(low, high)
        self.costs[made] = cost
        self.of_pair[pair][made] = self.of_task[pair[1]][made] = self.of_member[pair[0]][made] = sign


def _rounded(
    outcome: Outcome, step: float, watch: Watch, *, is_tight: bool, may_leave: bool = False
) -> Outcome | None:
    """The plan in whole steps, or None when they do not fit.

    `is_tight`: nobody leaves the band of the common load by a step; `may_leave`: a task may lose some.
    """
    problem, transport, room = outcome.problem, _Transport(), _room_of_learners(outcome, step)
    for pair in outcome.given:
        _part(transport, outcome, pair, step, room=room.get(pair), may_leave=may_leave)
    for what, row in transport.of_task.items():
        asked = math.floor(problem.task[what].hours / step + SAME)
        low, high = _around(sum(outcome.by_task[what].values()) / step)
        if high >= asked:
            low = asked
        if may_leave:
            left = transport.program.column(0.0, float(low))
            transport.costs[left] = LEFT
            row[left] = 1.0
        transport.program.row(row, at_least=low, at_most=min(high, asked))
    for who, row in transport.of_member.items():
        member = problem.member[who]
        load, (least, most) = outcome.load(member), problem.load(member)
        low, high = (steps + by for steps, by in zip(_around(load / step), (-1, 1), strict=True))
        if is_tight and least - step <= load <= most + step:
            low, high = max(low, math.ceil(least / step - SAME)), min(high, math.floor(most / step + SAME))
        most_steps = min(high, math.floor(member.most / step + SAME))
        transport.program.row(row, at_least=0.0 if may_leave else low, at_most=most_steps)
    answer = transport.program.solver(watch).minimise(transport.costs)
    if answer is None:
        return None
    hours = {
        pair: round(sum(sign * float(answer.values[column]) for column, sign in columns.items())) * step
        for pair, columns in transport.of_pair.items()
    }
    rounded = Outcome(problem, hours)
    return None if len(rounded.breaches) > len(outcome.breaches) else rounded


def _room_of_learners(outcome: Outcome, step: float) -> dict[Pair, int]:
    """How many steps above the one below each learner may go: what their tasks' shares leave, shared out."""
    problem = outcome.problem
    found: dict[Pair, int] = {}
    for task in problem.tasks:
        held = outcome.by_task[task.id]
        learners = [who for who in held if not problem.is_autonomous(problem.member[who], task)]
        if not learners:
            continue
        below = {who: _around(held[who] / step)[0] for who in learners}
        left = math.floor(task.learner_share * task.hours / step + SAME) - sum(below.values())
        for who in sorted(learners, key=lambda who: below[who] - held[who] / step):
            found[who, task.id] = 1 if left > 0 else 0
            left -= found[who, task.id]
        found[learners[0], task.id] += max(0, min(left, FURTHER))
    return found


def _part(
    transport: _Transport, outcome: Outcome, pair: Pair, step: float, *, room: int | None, may_leave: bool
) -> None:
    """The steps of a pair: the ones nearest to its hours, and a few more or fewer at a cost.

    `room` is how many more a learner may have; None for who does the task alone.
    """
    problem, hours = outcome.problem, outcome.given[pair]
    task = problem.task[pair[1]]
    low, high = _around(hours / step)
    more = FURTHER if room is None else room - (high - low)
    least = math.ceil(task.chunk / step - SAME)
    if not may_leave and hours > (kept := problem.mandates.get(pair, 0.0)) - step:
        least = max(least, math.ceil(kept / step - SAME))
    if task.role is not None and (pair[0], task.role) in problem.touch:
        least = max(least, min(low, math.ceil(problem.config.touch_hours / step - SAME)))
    if low < least:
        low = high = least
        more = 0
    elif more < 0:
        high, more = low, 0
    transport.column(pair, least if may_leave else low, high, 1.0 - 2.0 * (hours / step - low))
    if more:
        transport.column(pair, 0.0, more, FAR)
    if not may_leave and low > least:
        transport.column(pair, 0.0, min(FURTHER, low - least), FAR, sign=-1.0)


def _around(steps: float) -> tuple[int, int]:
    """The whole numbers of steps below and above."""
    return math.floor(steps + SAME), math.ceil(steps - SAME)
