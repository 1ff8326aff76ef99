"""The model of a proposal: what may be held by whom, what must hold, what is only asked.

Hours `x` and "holds it" `y` for each pair that may be; the rules are rows. What may be missed (work left
uncovered, a mandate, a second person, a role due, the common load) has a column of its own that costs,
so that it is said by name instead of making the whole impossible.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from .problem import Member, Pair, Problem, Task
from .program import Program

Costs = dict[int, float]


@dataclass
class Model:
    """The program of a problem, and where each thing stands in its columns."""

    problem: Problem
    program: Program = field(default_factory=Program)
    hours: dict[Pair, int] = field(default_factory=dict)
    holds: dict[Pair, int] = field(default_factory=dict)
    holds_role: dict[tuple[str, str | None], int] = field(default_factory=dict)
    excess: dict[tuple[str, int], int] = field(default_factory=dict)
    largest: int = -1
    shortfalls: Costs = field(default_factory=dict)
    changes: Costs = field(default_factory=dict)

    def costs(self, stage: str) -> Costs:
        """What the question of a stage makes small."""
        if stage == "shortfalls":
            return self.shortfalls
        if stage == "worst":
            return {self.largest: 1.0}
        if stage == "excesses":
            return dict.fromkeys(self.excess.values(), 1.0)
        return self.changes


@dataclass(frozen=True)
class Fixed:
    """What others hold of a task, and keep."""

    hours: float = 0.0
    people: int = 0
    learner_hours: float = 0.0
    learners: int = 0
    mentors: int = 0

    def plus(self, hours: float, *, is_learner: bool, is_mentor: bool) -> "Fixed":
        """One more person who holds some of it."""
        return Fixed(
            self.hours + hours,
            self.people + 1,
            self.learner_hours + hours * is_learner,
            self.learners + is_learner,
            self.mentors + is_mentor,
        )


NOBODY = Fixed()


def build(
    problem: Problem,
    *,
    tau: float | None = None,
    only: Collection[str] | None = None,
    pairs: Mapping[Pair, float] | None = None,
    fixed: Mapping[str, Fixed] | None = None,
) -> Model:
    """Write the model of a problem; another `tau` than its own for a bound.

    With `only`, these members alone choose among `pairs`, and what the others hold is `fixed`.
    """
    model = Model(problem)
    by_member: dict[str, list[Pair]] = defaultdict(list)
    by_task: dict[str, list[Pair]] = defaultdict(list)
    for pair, bound in (problem.pairs if pairs is None else pairs).items():
        _hold(model, pair, bound)
        by_member[pair[0]].append(pair)
        by_task[pair[1]].append(pair)
    members = [member for member in problem.members if only is None or member.id in only]
    for task in problem.tasks:
        if only is None or by_task[task.id]:
            _task_rows(model, task, by_task[task.id], fixed[task.id] if fixed else NOBODY)
    for member in members:
        _member_rows(model, member, by_member[member.id])
    _kept(model)
    _due(model, only)
    _fairness(model, members, by_member, problem.config.tau if tau is None else tau)
    _changes(model)
    return model


def _hold(model: Model, pair: Pair, bound: float) -> None:
    """A pair: no hours, or at least a chunk."""
    program, chunk = model.program, model.problem.task[pair[1]].chunk
    x = model.hours[pair] = program.column(0.0, bound)
    y = model.holds[pair] = program.column(0.0, 1.0, integer=True)
    program.row({x: 1.0, y: -chunk}, at_least=0.0)
    program.row({x: 1.0, y: -bound}, at_most=0.0)


def _task_rows(model: Model, task: Task, pairs: list[Pair], fixed: Fixed) -> None:
    """All its hours, by enough people, not too many; learners within their share and beside a mentor."""
    program, weights = model.program, model.problem.weights
    left = task.hours - fixed.hours
    if left <= 0:
        return
    uncovered = program.column(0.0, left)
    model.shortfalls[uncovered] = weights.uncovered
    row = {model.hours[pair]: 1.0 for pair in pairs}
    program.row({**row, uncovered: 1.0}, at_least=left, at_most=left)
    held = {model.holds[pair]: 1.0 for pair in pairs}
    asked = task.min_people - fixed.people
    if asked > 0:
        missing = program.column(0.0, asked)
        model.shortfalls[missing] = weights.missing_person
        program.row({**held, missing: 1.0}, at_least=asked)
        if asked > 1:
            # Nobody holds what the others' smallest parts take: said exactly, the bound is sharper.
            most = left - (asked - 1) * task.chunk
            for pair in pairs:
                program.row({model.hours[pair]: 1.0, missing: -task.chunk}, at_most=max(most, 0.0))
    if task.max_people is not None:
        program.row(held, at_most=max(0, task.max_people - fixed.people))
    _learner_rows(model, task, pairs, fixed)


def _learner_rows(model: Model, task: Task, pairs: list[Pair], fixed: Fixed) -> None:
    """Learners within their share of the hours, and no more of them than mentors accompany."""
    problem, program = model.problem, model.program
    beside = {}
    learners = {}
    for pair in pairs:
        member = problem.member[pair[0]]
        if not problem.is_autonomous(member, task):
            learners[model.hours[pair]] = beside[model.holds[pair]] = 1.0
        elif problem.is_mentor(member, task):
            beside[model.holds[pair]] = -float(task.learners_per_mentor)
    if learners:
        program.row(learners, at_most=max(0.0, task.learner_share * task.hours - fixed.learner_hours))
    if learners or fixed.learners:
        places = task.mentor_slots + task.learners_per_mentor * fixed.mentors - fixed.learners
        program.row(beside, at_most=places)


def _member_rows(model: Model, member: Member, pairs: list[Pair]) -> None:
    """Never beyond the most; about the common load; no more tasks and roles than asked."""
    problem, program, weights = model.problem, model.program, model.problem.weights
    row = {model.hours[pair]: 1.0 for pair in pairs}
    least, most = problem.load(member)
    under, over = program.column(), program.column()
    model.shortfalls[under] = model.shortfalls[over] = weights.load
    program.row({**row, under: 1.0}, at_least=least)
    program.row({**row, over: -1.0}, at_most=most)
    program.row(row, at_most=member.most)
    if member.min_hours > 0:
        below = program.column()
        model.shortfalls[below] = weights.minimum
        program.row({**row, below: 1.0}, at_least=member.min_hours)
    if member.max_tasks is not None:
        program.row({model.holds[pair]: 1.0 for pair in pairs}, at_most=member.max_tasks)
    if member.max_roles is not None or problem.config.w_role:
        for who, task in pairs:
            role = problem.task[task].role
            if (who, role) not in model.holds_role:
                model.holds_role[who, role] = program.column(0.0, 1.0, integer=True)
            program.row({model.holds[who, task]: 1.0, model.holds_role[who, role]: -1.0}, at_most=0.0)
    if member.max_roles is not None:
        roles = {column: 1.0 for (who, _role), column in model.holds_role.items() if who == member.id}
        program.row(roles, at_most=member.max_roles)


def _kept(model: Model) -> None:
    """Mandates to keep; what their holder may not do is missed whole, and said elsewhere."""
    for pair, hours in model.problem.mandates.items():
        if pair in model.hours and hours > 0:
            missed = model.program.column(0.0, hours)
            model.shortfalls[missed] = model.problem.weights.mandate
            model.program.row({model.hours[pair]: 1.0, missed: 1.0}, at_least=hours)


def _due(model: Model, only: Collection[str] | None) -> None:
    """A role that is somebody's turn: enough hours of it to count."""
    problem = model.problem
    for who, role in sorted(problem.touch):
        if only is not None and who not in only:
            continue
        pairs = [(who, task.id) for task in problem.tasks_of.get(role, ()) if (who, task.id) in model.hours]
        if pairs:
            missed = model.program.column(0.0, problem.config.touch_hours)
            model.shortfalls[missed] = problem.weights.touch
            row = {model.hours[pair]: 1.0 for pair in pairs}
            model.program.row({**row, missed: 1.0}, at_least=problem.config.touch_hours)


def _fairness(model: Model, members: list[Member], by_member: dict[str, list[Pair]], tau: float) -> None:
    """How far each counted member is from the co-op's mean, beyond the band.

    The mean is a constant of the work, so that "within the band" is linear in hours:
    ±(carry + Σ (r - mean) x) - τ (carry hours + Σ x) <= N · excess.
    """
    problem, program, mean = model.problem, model.program, model.problem.mean
    model.largest = program.column()
    for member in members:
        reckoned = member.carry_hours + problem.planned(member)
        if not member.counted or reckoned <= 0:
            continue
        for k in (0, 1):
            excess = model.excess[member.id, k] = program.column()
            program.row({model.largest: 1.0, excess: -1.0}, at_least=0.0)
            for sign in (1.0, -1.0):
                row = {
                    model.hours[pair]: sign * (problem.task[pair[1]].ratings[k] - mean[k]) - tau
                    for pair in by_member[member.id]
                }
                row[excess] = -reckoned
                program.row(row, at_most=tau * member.carry_hours - sign * member.carry[k])


def _changes(model: Model) -> None:
    """What the stage of stability costs: hours changed, pieces, roles, less what is learnt on wish."""
    problem, config = model.problem, model.problem.config
    costs: Costs = defaultdict(float)
    for pair, x in model.hours.items():
        if problem.current:
            held = problem.current.get(pair, 0.0)
            changed = model.program.column() if held else x
            if held:
                model.program.row({changed: 1.0, x: -1.0}, at_least=-held)
                model.program.row({changed: 1.0, x: 1.0}, at_least=held)
            costs[changed] += config.w_change
        costs[model.holds[pair]] += config.w_fragment
        member, task = problem.member[pair[0]], problem.task[pair[1]]
        if config.w_wish and member.wants.get(task.role or "", 0) > 0 and problem.may_learn(member, task):
            costs[x] -= config.w_wish
    for z in model.holds_role.values():
        costs[z] += config.w_role
    model.changes = {column: cost for column, cost in costs.items() if cost}
