"""Why not me? What it would cost everybody that somebody holds a task: the same period, with that forced."""

import random
from dataclasses import dataclass

from .exact import solve
from .groups import neighbours, within
from .model import Model, build
from .outcome import NOTHING, Outcome
from .problem import Pair, Problem
from .program import Watch
from .rounding import on_grid

#: Up to this many pairs that may be, everybody is asked again; beyond, a group around the task.
WHOLE, PEOPLE = 400, 8


@dataclass(frozen=True)
class Forced:
    """What the plan becomes with a pair forced, or the rule that excludes it; `held` when it is so already."""

    pair: Pair
    barred_by: str = ""
    is_held: bool = False
    outcome: Outcome | None = None


def bar(problem: Problem, pair: Pair) -> str:
    """The rule that keeps somebody from a task, if there is one."""
    if pair in problem.pairs:
        return ""
    member, task = problem.member[pair[0]], problem.task[pair[1]]
    if pair in problem.refusals:
        return "refused"
    if not problem.is_autonomous(member, task):
        return "not_learning" if not problem.may_learn(member, task) else "learner_share"
    return "no_hours" if member.most < task.chunk else "closed"


def tells_a_wish(problem: Problem, pair: Pair) -> bool:
    """Does the answer depend on a wish to learn that nobody but its author knows?"""
    member, task = problem.member[pair[0]], problem.task[pair[1]]
    due = task.role is not None and (member.id, task.role) in problem.touch
    return not problem.is_autonomous(member, task) and not due and pair not in problem.refusals


def why_not(plan: Outcome, pair: Pair, watch: Watch) -> Forced:
    """The best plan in which this person holds this task, to be compared with the plan. Raises `Cancelled`."""
    problem = plan.problem
    if plan.given.get(pair, 0.0) > NOTHING:
        return Forced(pair, is_held=True)
    barred = bar(problem, pair)
    if barred:
        return Forced(pair, barred)
    model, others = _asked_again(plan, pair)
    if pair not in model.holds:
        return Forced(pair, "rules")
    model.program.lower[model.holds[pair]] = 1.0
    found = solve(model, watch)
    if not found.hours:
        return Forced(pair, "rules")
    forced = Outcome(problem, {**others, **found.hours})
    if problem.config.grid:
        forced = on_grid(forced, problem.config.grid, Watch(is_cancelled=watch.is_cancelled))
    return Forced(pair, outcome=forced)


def _asked_again(plan: Outcome, pair: Pair) -> tuple[Model, dict[Pair, float]]:
    """The model of everybody, or of those around the task; and what the others keep."""
    problem = plan.problem
    if len(problem.pairs) <= WHOLE:
        return build(problem), {}
    holders = sorted(plan.by_task[pair[1]], key=lambda who: -plan.by_task[pair[1]][who])
    near = neighbours(plan, pair[0], PEOPLE, random.Random(problem.config.seed))  # noqa: S311 - no secret
    group = {pair[0], *holders[:3], *sorted(near)[: PEOPLE - 4]}
    return within(plan, group), {held: hours for held, hours in plan.given.items() if held[0] not in group}
