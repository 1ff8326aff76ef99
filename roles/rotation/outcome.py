"""What a sharing out amounts to: shortfalls by name, deviations, hours that change hands.

Computed from the hours alone, whoever or whatever made them, so that an edit by hand is judged at
once and a solver's claim is never taken on its word.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .problem import Member, Pair, Problem

#: Below half a hundredth of an hour, hours are noise of the arithmetic.
NOTHING = 0.005


@dataclass(frozen=True)
class Shortfall:
    """Something asked that is not given: what kind, of what, how much."""

    kind: str
    subject: str
    amount: float


@dataclass(frozen=True)
class Breach:
    """A rule that may not be broken, and is: only an edit by hand can do that."""

    kind: str
    subject: str
    amount: float
    limit: float


@dataclass(frozen=True)
class Outcome:
    """The hours of each pair, read."""

    problem: Problem
    hours: Mapping[Pair, float] = field(default_factory=dict)

    @cached_property
    def given(self) -> dict[Pair, float]:
        """The pairs that have hours."""
        return {pair: hours for pair, hours in self.hours.items() if hours > NOTHING}

    @cached_property
    def by_member(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {member.id: {} for member in self.problem.members}
        for (who, task), hours in self.given.items():
            found[who][task] = hours
        return found

    @cached_property
    def by_task(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {task.id: {} for task in self.problem.tasks}
        for (who, task), hours in self.given.items():
            found[task][who] = hours
        return found

    def load(self, member: Member) -> float:
        return sum(self.by_member[member.id].values())

    def balance(self, member: Member, k: int) -> float:
        """Point-hours of a dimension in this period, without what is carried."""
        mean = self.problem.mean[k]
        return sum(
            hours * (self.problem.task[task].ratings[k] - mean)
            for task, hours in self.by_member[member.id].items()
        )

    @cached_property
    def deviations(self) -> dict[str, tuple[float, float] | None]:
        """How far from the co-op's mean each member is, carried balance included; None without hours."""
        found: dict[str, tuple[float, float] | None] = {}
        for member in self.problem.members:
            hours = member.carry_hours + self.load(member)
            if hours > NOTHING:
                d, e = ((member.carry[k] + self.balance(member, k)) / hours for k in (0, 1))
                found[member.id] = (d, e)
            else:
                found[member.id] = None
        return found

    @cached_property
    def gaps(self) -> dict[tuple[str, int], float]:
        """The distance of each counted member to the mean, by dimension."""
        return {
            (member.id, k): abs(deviation[k])
            for member in self.problem.members
            if member.counted and (deviation := self.deviations[member.id]) is not None
            for k in (0, 1)
        }

    @cached_property
    def excesses(self) -> dict[tuple[str, int], float]:
        """By how much each counted member's balance passes the band, over the hours they were to have.

        The solver's measure, linear in hours: that of the gaps when everybody has the common load.
        """
        tau = self.problem.config.tau
        found = {}
        for member in self.problem.members:
            reckoned = member.carry_hours + self.problem.planned(member)
            if member.counted and reckoned > 0:
                allowed = tau * (member.carry_hours + self.load(member))
                for k in (0, 1):
                    beyond = abs(member.carry[k] + self.balance(member, k)) - allowed
                    found[member.id, k] = max(0.0, beyond) / reckoned
        return found

    @property
    def max_deviation(self) -> float:
        return max(self.gaps.values(), default=0.0)

    @property
    def max_excess(self) -> float:
        return max(0.0, self.max_deviation - self.problem.config.tau)

    @property
    def sum_excess(self) -> float:
        return sum(max(0.0, gap - self.problem.config.tau) for gap in self.gaps.values())

    @cached_property
    def hours_changed(self) -> float | None:
        """Hours added and hours taken away, over all pairs. None without a present sharing out."""
        current = self.problem.current
        if not current:
            return None
        pairs = {*current, *self.given}
        return sum(abs(self.given.get(pair, 0.0) - current.get(pair, 0.0)) for pair in pairs)

    @property
    def hours_moved(self) -> float | None:
        """Hours that change hands: each is added to one pair and taken from another."""
        return None if self.hours_changed is None else self.hours_changed / 2

    @cached_property
    def shortfalls(self) -> list[Shortfall]:
        """What is asked and not given, dearest kind first."""
        found = [*self._of_tasks(), *self._of_mandates(), *self._of_touches(), *self._of_members()]
        return [short for short in found if short.amount > NOTHING]

    def amount(self, kind: str) -> float:
        return sum(short.amount for short in self.shortfalls if short.kind == kind)

    def _of_tasks(self) -> list[Shortfall]:
        tasks = [task for task in self.problem.tasks if task.hours > 0]
        given = self.by_task
        return [
            *(
                Shortfall("uncovered_hours", task.id, task.hours - sum(given[task.id].values()))
                for task in tasks
            ),
            *(Shortfall("missing_people", task.id, task.min_people - len(given[task.id])) for task in tasks),
        ]

    def _of_mandates(self) -> list[Shortfall]:
        return [
            Shortfall("mandate_hours", "/".join(pair), hours - self.given.get(pair, 0.0))
            for pair, hours in self.problem.mandates.items()
        ]

    def _of_touches(self) -> list[Shortfall]:
        done: dict[tuple[str, str | None], float] = defaultdict(float)
        for (who, task), hours in self.given.items():
            done[who, self.problem.task[task].role] += hours
        asked = self.problem.config.touch_hours
        return [
            Shortfall("touch_hours", "/".join(due), asked - done[due]) for due in sorted(self.problem.touch)
        ]

    def _of_members(self) -> list[Shortfall]:
        found = []
        for member in self.problem.members:
            hours, (least, most) = self.load(member), self.problem.load(member)
            found += [
                Shortfall("minimum_hours", member.id, member.min_hours - hours),
                Shortfall("under_load", member.id, least - hours),
                Shortfall("over_load", member.id, hours - most),
            ]
        return found

    @cached_property
    def breaches(self) -> list[Breach]:
        """Rules that do not bend and that these hours break, by name."""
        return [*self._members_beyond(), *self._tasks_beyond(), *self._pairs_beyond()]

    def _members_beyond(self) -> list[Breach]:
        found = []
        for member in self.problem.members:
            tasks = self.by_member[member.id]
            roles = {self.problem.task[task].role for task in tasks}
            limits = (
                ("max_hours", self.load(member), member.most),
                ("max_tasks", len(tasks), member.max_tasks),
                ("max_roles", len(roles), member.max_roles),
            )
            found += [
                Breach(kind, member.id, amount, limit)
                for kind, amount, limit in limits
                if limit is not None and amount > limit + NOTHING
            ]
        return found

    def _tasks_beyond(self) -> list[Breach]:
        found, problem = [], self.problem
        for task in problem.tasks:
            held = self.by_task[task.id]
            learners = {who for who in held if not problem.is_autonomous(problem.member[who], task)}
            mentors = [who for who in held if problem.is_mentor(problem.member[who], task)]
            places = task.mentor_slots + task.learners_per_mentor * len(mentors)
            limits = (
                ("task_hours", sum(held.values()), task.hours),
                ("max_people", len(held), task.max_people),
                ("learner_share", sum(held[who] for who in learners), task.learner_share * task.hours),
                ("mentors", len(learners), places),
            )
            found += [
                Breach(kind, task.id, amount, limit)
                for kind, amount, limit in limits
                if limit is not None and amount > limit + NOTHING
            ]
        return found

    def _pairs_beyond(self) -> list[Breach]:
        found, problem = [], self.problem
        for pair, hours in self.given.items():
            member, task = problem.member[pair[0]], problem.task[pair[1]]
            if pair in problem.refusals:
                found.append(Breach("refused", "/".join(pair), hours, 0.0))
            elif not (problem.is_autonomous(member, task) or problem.may_learn(member, task)):
                found.append(Breach("skill", "/".join(pair), problem.skill(member, task), task.autonomy))
            elif hours < task.chunk - NOTHING:
                found.append(Breach("chunk", "/".join(pair), hours, task.chunk))
        return found
