"""What cannot be done, and why: a minimum cut in words, and which rule to relax.

Work flows from tasks to the people who may do it, up to what they have. Where it does not fit, the
cut names the tasks that ask too much, the only people who can do them and what these can give.
"""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from .model import build
from .outcome import NOTHING
from .problem import Member, Pair, Problem, Task
from .program import Program, Watch


@dataclass(frozen=True)
class TooHeavy:
    """These tasks together ask more than the people who may do them can give.

    `members` can do them alone or learn more of them; `learners_give` are hours of `can_give` that come
    from other people, who learn as much of them as is open to learners.
    """

    tasks: tuple[str, ...]
    members: tuple[str, ...]
    need: float
    can_give: float
    learners_give: float = 0.0

    @property
    def missing(self) -> float:
        return self.need - self.can_give


@dataclass(frozen=True)
class Relaxed:
    """A family of rules lifted alone: what the shortfalls cost before and after."""

    family: str
    before: float
    after: float


def too_heavy(problem: Problem, watch: Watch) -> list[TooHeavy]:
    """The minimum cuts of the work against the hours people have, one for each separate knot."""
    program = Program()
    flows = {pair: program.column(0.0, bound) for pair, bound in problem.pairs.items()}
    of_task: dict[str, list[Pair]] = defaultdict(list)
    of_member: dict[str, list[Pair]] = defaultdict(list)
    for pair in flows:
        of_task[pair[1]].append(pair)
        of_member[pair[0]].append(pair)
    uncovered = {}
    for task in problem.tasks:
        if task.hours > 0:
            uncovered[task.id] = column = program.column(0.0, task.hours)
            row = {flows[pair]: 1.0 for pair in of_task[task.id]}
            program.row({**row, column: 1.0}, at_least=task.hours, at_most=task.hours)
            learners = [pair for pair in of_task[task.id] if not _is_autonomous(problem, pair)]
            if learners:
                share = task.learner_share * task.hours
                program.row({flows[pair]: 1.0 for pair in learners}, at_most=share)
    for member in problem.members:
        program.row({flows[pair]: 1.0 for pair in of_member[member.id]}, at_most=member.most)
    answer = program.solver(watch).minimise(dict.fromkeys(uncovered.values(), 1.0))
    if answer is None or answer.cost <= NOTHING:
        return []
    flow = {pair: float(answer.values[column]) for pair, column in flows.items()}
    short = {task for task, column in uncovered.items() if answer.values[column] > NOTHING}
    return _knots(problem, flow, short, of_task, of_member)


def _is_autonomous(problem: Problem, pair: Pair) -> bool:
    return problem.is_autonomous(problem.member[pair[0]], problem.task[pair[1]])


def _knots(
    problem: Problem,
    flow: dict[Pair, float],
    short: set[str],
    of_task: dict[str, list[Pair]],
    of_member: dict[str, list[Pair]],
) -> list[TooHeavy]:
    """From each task that is short: whoever could take more of it, and what they would have to leave.

    Two knots that share people are one: the same hours cannot be given twice.
    """
    knots: list[tuple[set[str], set[str]]] = []
    for first in (task.id for task in problem.tasks if task.id in short):
        if any(first in tasks for tasks, _members in knots):
            continue
        tasks, members = _reached(problem, flow, first, of_task, of_member)
        for other in [one for one in knots if one[0] & tasks or one[1] & members]:
            knots.remove(other)
            tasks, members = tasks | other[0], members | other[1]
        knots.append((tasks, members))
    found = []
    for tasks, members in knots:
        given = {pair: hours for pair, hours in flow.items() if pair[1] in tasks}
        others = sum(hours for pair, hours in given.items() if pair[0] not in members)
        found.append(
            TooHeavy(
                _in_order(problem.tasks, tasks),
                _in_order(problem.members, members),
                sum(problem.task[task].hours for task in tasks),
                sum(given.values()),
                others,
            )
        )
    return found


def _reached(
    problem: Problem,
    flow: dict[Pair, float],
    first: str,
    of_task: dict[str, list[Pair]],
    of_member: dict[str, list[Pair]],
) -> tuple[set[str], set[str]]:
    """The tasks and the people between which hours could still be moved in favour of this task."""
    tasks, members = {first}, set()
    queue = deque([first])
    while queue:
        task = queue.popleft()
        learning = sum(flow[pair] for pair in of_task[task] if not _is_autonomous(problem, pair))
        share = problem.task[task].learner_share * problem.task[task].hours
        for pair in of_task[task]:
            is_closed = not _is_autonomous(problem, pair) and learning >= share - NOTHING
            if pair[0] in members or is_closed:
                continue
            members.add(pair[0])
            for held in of_member[pair[0]]:
                if flow[held] > NOTHING and held[1] not in tasks:
                    tasks.add(held[1])
                    queue.append(held[1])
    return tasks, members


def _in_order(all_: tuple[Member, ...] | tuple[Task, ...], chosen: set[str]) -> tuple[str, ...]:
    return tuple(of.id for of in all_ if of.id in chosen)


def _tasks(**changes: Any) -> Callable[[Problem], Problem]:
    return lambda problem: replace(problem, tasks=tuple(replace(task, **changes) for task in problem.tasks))


def _members(**changes: Any) -> Callable[[Problem], Problem]:
    return lambda problem: replace(
        problem, members=tuple(replace(member, **changes) for member in problem.members)
    )


def _more_hours(problem: Problem) -> Problem:
    return replace(
        problem, members=tuple(replace(member, max_hours=1.25 * member.most) for member in problem.members)
    )


#: Each family of rules, alone: what the period would be without it.
LADDER: dict[str, Callable[[Problem], Problem]] = {
    "refusals": lambda problem: replace(problem, refusals=frozenset()),
    "mandates": lambda problem: replace(problem, mandates={}),
    "touch": lambda problem: replace(problem, touch=frozenset()),
    "max_tasks": _members(max_tasks=None),
    "max_roles": _members(max_roles=None),
    "max_people": _tasks(max_people=None),
    "min_people": _tasks(min_people=1),
    "chunk": _tasks(min_chunk=0.25),
    "learners": _tasks(learner_share=1.0, learners_per_mentor=1000.0),
    "skills": _tasks(autonomy=0),
    "max_hours": _more_hours,
}


def ladder(problem: Problem, cost: float, watch: Watch, *, seconds: float = 5.0) -> list[Relaxed]:
    """What each family of rules, lifted alone, would free; those that free nothing are left out."""
    found: list[Relaxed] = []
    for family, lift in LADDER.items():
        lifted = lift(problem)
        if lifted == problem:
            continue
        watch.say("ladder", len(found) / len(LADDER))
        model = build(lifted)
        answer = model.program.solver(watch).minimise(model.shortfalls, seconds=seconds)
        if answer is not None and answer.cost < cost - 1.0:
            found.append(Relaxed(family, cost, max(0.0, answer.cost)))
    return sorted(found, key=lambda relaxed: relaxed.after)
