"""What a proposal is asked: who, what there is to do, what is kept, due, refused or held today.

Hours are hours of the period, ratings are points from 1 to 5, balances are point-hours. Nothing here
knows Django or a database: a problem is read from JSON (`reading`), kept as JSON, and solved the same way
again.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

#: The two dimensions of a rating: desirability and empowerment.
DIMENSIONS = ("d", "e")

Pair = tuple[str, str]
#: Whoever holds a task does at least a quarter of an hour of it, whatever its smallest part.
LEAST = 0.25


@dataclass(frozen=True)
class Member:
    """Somebody who will work in the period.

    `carry` is the balance of each dimension brought from the periods before, in point-hours, over
    `carry_hours`. Who is not `counted` (a newcomer, for one) is in the plan and not in its fairness.
    """

    id: str
    hours: float
    skills: Mapping[str, int] = field(default_factory=dict)
    wants: Mapping[str, int] = field(default_factory=dict)
    min_hours: float = 0.0
    max_hours: float = math.inf
    max_tasks: int | None = None
    max_roles: int | None = None
    carry: tuple[float, float] = (0.0, 0.0)
    carry_hours: float = 0.0
    counted: bool = True

    @property
    def most(self) -> float:
        """Hours beyond which nobody is planned; the hours of the period unless said."""
        return self.hours if math.isinf(self.max_hours) else self.max_hours


@dataclass(frozen=True)
class Task:
    """Something to do in the period: how many hours, how it is rated, and who may do it."""

    id: str
    role: str | None = None
    hours: float = 0.0
    d: float = 3.0
    e: float = 3.0
    min_people: int = 1
    max_people: int | None = None
    min_chunk: float = 2.0
    autonomy: int = 2
    mentor_level: int = 3
    learner_share: float = 0.3
    learners_per_mentor: float = 1
    mentor_slots: int = 0
    rated: bool = True

    @property
    def chunk(self) -> float:
        """The fewest hours one may be given: never more than the task has, never nothing at all."""
        return min(max(self.min_chunk, LEAST), self.hours)

    @property
    def ratings(self) -> tuple[float, float]:
        return (self.d, self.e)


@dataclass(frozen=True)
class Weights:
    """What an unkept wish of the rules costs, so that the dearest is kept first."""

    uncovered: float = 100.0
    mandate: float = 100.0
    missing_person: float = 300.0
    minimum: float = 10.0
    touch: float = 5.0
    load: float = 1.0


@dataclass(frozen=True)
class Config:
    """How to choose: the band, what a change costs, and how long to look.

    `grid` is the step of the hours given, 0 for the exact hours of the optimum.
    """

    tau: float = 0.25
    load_band: float = 0.0
    w_change: float = 1.0
    w_fragment: float = 0.01
    w_role: float = 0.0
    w_wish: float = 0.0
    touch_hours: float = 4.0
    grid: float = 0.0
    time_limit: float = 60.0
    seed: int = 0


@dataclass(frozen=True)
class Problem:
    """One period to share out."""

    members: tuple[Member, ...]
    tasks: tuple[Task, ...]
    mandates: Mapping[Pair, float] = field(default_factory=dict)
    refusals: frozenset[Pair] = frozenset()
    touch: frozenset[Pair] = frozenset()
    current: Mapping[Pair, float] = field(default_factory=dict)
    config: Config = Config()
    weights: Weights = Weights()
    #: Nothing else may be held, when said: the pairs of a plan whose hours alone are divided again.
    only_pairs: frozenset[Pair] | None = field(default=None, compare=False)
    #: The hours by which each member's balance is weighed, when it is not the common load.
    loads: Mapping[str, float] | None = field(default=None, compare=False)

    @cached_property
    def member(self) -> dict[str, Member]:
        return {member.id: member for member in self.members}

    @cached_property
    def task(self) -> dict[str, Task]:
        return {task.id: task for task in self.tasks}

    @cached_property
    def tasks_of(self) -> dict[str | None, list[Task]]:
        """The tasks of each role."""
        found: dict[str | None, list[Task]] = {}
        for task in self.tasks:
            found.setdefault(task.role, []).append(task)
        return found

    @cached_property
    def mean(self) -> tuple[float, float]:
        """The co-op's mean of each dimension: a property of the work, whoever does it."""
        work = sum(task.hours for task in self.tasks)
        if not work:
            return (3.0, 3.0)
        d, e = (sum(task.ratings[k] * task.hours for task in self.tasks) / work for k in (0, 1))
        return (d, e)

    @cached_property
    def theta(self) -> float:
        """The part of their hours that everyone works when the load is common."""
        work, capacity = (sum(of.hours for of in all_) for all_ in (self.tasks, self.members))
        return min(1.0, work / capacity) if capacity else 0.0

    def planned(self, member: Member) -> float:
        """Hours of a member under the common load, never beyond their maximum."""
        if self.loads is not None:
            return self.loads[member.id]
        return min(self.theta * member.hours, member.most)

    def load(self, member: Member) -> tuple[float, float]:
        """From how many hours to how many a member's load counts as common."""
        hours, band = self.theta * member.hours, self.config.load_band
        return min(hours * (1 - band), member.most), hours * (1 + band)

    def skill(self, member: Member, task: Task) -> int:
        return member.skills.get(task.role, 0) if task.role is not None else task.autonomy

    def is_autonomous(self, member: Member, task: Task) -> bool:
        return self.skill(member, task) >= task.autonomy

    def is_mentor(self, member: Member, task: Task) -> bool:
        return self.is_autonomous(member, task) and self.skill(member, task) >= task.mentor_level

    def may_learn(self, member: Member, task: Task) -> bool:
        """A learner by wish, or because the role is due; never against a rule of the task."""
        if task.role is None or task.learner_share <= 0 or self.is_autonomous(member, task):
            return False
        return member.wants.get(task.role, 0) > 0 or (member.id, task.role) in self.touch

    @cached_property
    def pairs(self) -> dict[Pair, float]:
        """Who may hold what, and at most how many hours of it."""
        found = {}
        by_role: dict[str | None, list[Task]] = self.tasks_of
        for member in self.members:
            if member.most <= 0:
                continue
            roles: set[str | None] = {*member.skills, *member.wants}
            roles |= {role for _who, role in self._due.get(member.id, ())}
            roles |= {role for role, tasks in by_role.items() if role is None or self._open_to_all[role]}
            for role in sorted(roles, key=str):
                for task in by_role.get(role, ()):
                    pair = (member.id, task.id)
                    if task.hours <= 0 or pair in self.refusals or task.chunk > member.most + 1e-9:
                        continue
                    if self.only_pairs is not None and pair not in self.only_pairs:
                        continue
                    if self.is_autonomous(member, task):
                        found[pair] = min(task.hours, member.most)
                    elif self.may_learn(member, task):
                        most = min(task.learner_share * task.hours, member.most)
                        if most >= task.chunk - 1e-9:
                            found[pair] = most
        return found

    @cached_property
    def pairs_of(self) -> dict[str, dict[str, float]]:
        """The tasks each member may hold, and at most how many hours of each."""
        found: dict[str, dict[str, float]] = {member.id: {} for member in self.members}
        for (who, what), bound in self.pairs.items():
            found[who][what] = bound
        return found

    @cached_property
    def able(self) -> dict[str, list[str]]:
        """Who could hold each task on their own."""
        found: dict[str, list[str]] = {task.id: [] for task in self.tasks}
        for who, what in self.pairs:
            if self.is_autonomous(self.member[who], self.task[what]):
                found[what].append(who)
        return found

    @cached_property
    def _due(self) -> dict[str, list[Pair]]:
        found: dict[str, list[Pair]] = {}
        for pair in self.touch:
            found.setdefault(pair[0], []).append(pair)
        return found

    @cached_property
    def _open_to_all(self) -> dict[str | None, bool]:
        """Whether a role has a task that asks no skill."""
        return {role: any(task.autonomy <= 0 for task in tasks) for role, tasks in self.tasks_of.items()}

    def with_pairs(self, pairs: Iterable[Pair]) -> "Problem":
        """The same period, in which only these pairs may be."""
        return replace(self, only_pairs=frozenset(pairs))

    def with_config(self, **changes: Any) -> "Problem":
        """The same period, chosen otherwise."""
        return replace(self, config=replace(self.config, **changes))
