"""Why not me? What it would cost everybody that somebody holds a task: the same period, with that forced."""

from dataclasses import dataclass, replace

from .exact import solve
from .model import build
from .outcome import Outcome
from .problem import Pair, Problem
from .program import Watch


@dataclass(frozen=True)
class Forced:
    """What the plan becomes with a pair forced, or the rule that excludes it."""

    pair: Pair
    barred_by: str = ""
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
    return "no_hours" if member.most < task.chunk or task.hours <= 0 else "closed"


def why_not(problem: Problem, pair: Pair, watch: Watch) -> Forced:
    """The best plan in which this person holds this task, to be compared with the plan. Raises `Cancelled`."""
    barred = bar(problem, pair)
    if barred:
        return Forced(pair, barred)
    model = build(problem)
    model.program.lower[model.holds[pair]] = 1.0
    found = solve(model, watch)
    if not found.hours:
        return Forced(pair, "rules")
    return Forced(pair, outcome=Outcome(problem, found.hours))


def narrowed(problem: Problem, outcome: Outcome, pair: Pair, *, people: int = 8) -> Problem:
    """The same question among few people: those who share most with this person; the others stay as they are."""
    near = _near(problem, outcome, pair, people)
    kept = {held: hours for held, hours in outcome.given.items() if held[0] not in near}
    taken = {task.id: sum(h for (_who, what), h in kept.items() if what == task.id) for task in problem.tasks}
    tasks = tuple(replace(task, hours=max(0.0, task.hours - taken[task.id])) for task in problem.tasks)
    members = tuple(member for member in problem.members if member.id in near)
    return replace(problem, members=members, tasks=tasks)


def _near(problem: Problem, outcome: Outcome, pair: Pair, people: int) -> set[str]:
    who, task = pair
    near = [who, *outcome.by_task[task]]
    shared: dict[str, float] = {}
    for what in outcome.by_member[who]:
        for other, hours in outcome.by_task[what].items():
            shared[other] = shared.get(other, 0.0) + hours
    near += sorted(shared, key=lambda other: -shared[other])
    return set(list(dict.fromkeys(near))[:people])
