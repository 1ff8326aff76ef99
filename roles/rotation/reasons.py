"""Why somebody is given a task: codes and figures, put into words elsewhere.

The reasons of a pair stand in the order in which a person would give them: what was promised, who
else could, whose turn it is, what changes nothing, what balances. The first one is the reason.
"""

from dataclasses import dataclass, field
from typing import Any

from .outcome import Outcome
from .problem import Member, Pair, Problem, Task

#: A gap smaller than this many points is not worth a reason.
WORTH_SAYING = 0.02


@dataclass(frozen=True)
class Reason:
    """One reason, and its figures or names."""

    code: str
    about: dict[str, Any] = field(default_factory=dict)


def reasons(outcome: Outcome) -> dict[Pair, list[Reason]]:
    """The reasons of each pair that has hours, the best first; there is always one."""
    able = outcome.problem.able
    found = {}
    for (who, what), hours in outcome.given.items():
        member, task = outcome.problem.member[who], outcome.problem.task[what]
        kept = _kept(outcome.problem, member, task, hours)
        # Of which most is new, what they do today is no reason: it is told last.
        is_kept = bool(kept) and 2 * kept[0].about["now"] >= hours
        said = [
            *_promised(outcome.problem, member, task),
            *_learnt(outcome, member, task),
            *_only(able[what], task, who),
            *(kept if is_kept else ()),
            *_mentor(outcome, member, task),
            *_backup(outcome, task),
            *_balance(outcome, member, task, hours),
        ] or [Reason("fill", {"able": len(able[what])})]
        found[who, what] = said if is_kept else [*said, *kept]
    return found


def _promised(problem: Problem, member: Member, task: Task) -> list[Reason]:
    hours = problem.mandates.get((member.id, task.id))
    return [Reason("mandate", {"hours": hours})] if hours else []


def _learnt(outcome: Outcome, member: Member, task: Task) -> list[Reason]:
    problem = outcome.problem
    due = task.role is not None and (member.id, task.role) in problem.touch
    if problem.is_autonomous(member, task):
        return [Reason("rotation", {"role": task.role})] if due else []
    mentors = [who for who in outcome.by_task[task.id] if problem.is_mentor(problem.member[who], task)]
    return [Reason("rotation" if due else "learning", {"role": task.role, "mentors": mentors})]


def _only(able: list[str], task: Task, who: str) -> list[Reason]:
    """Nobody else could, or just enough people could."""
    if who in able and len(able) <= max(1, task.min_people):
        return [Reason("scarce", {"others": [other for other in able if other != who]})]
    return []


def _kept(problem: Problem, member: Member, task: Task, hours: float) -> list[Reason]:
    now = problem.current.get((member.id, task.id), 0.0)
    return [Reason("continuity", {"now": now, "then": hours})] if now else []


def _mentor(outcome: Outcome, member: Member, task: Task) -> list[Reason]:
    problem = outcome.problem
    if not problem.is_mentor(member, task):
        return []
    learners = [
        who for who in outcome.by_task[task.id] if not problem.is_autonomous(problem.member[who], task)
    ]
    return [Reason("mentor", {"learners": learners})] if learners else []


def _backup(outcome: Outcome, task: Task) -> list[Reason]:
    held = len(outcome.by_task[task.id])
    return [Reason("backup", {"people": task.min_people})] if 1 < held <= task.min_people else []


def _balance(outcome: Outcome, member: Member, task: Task, hours: float) -> list[Reason]:
    """Without these hours this person would be farther from the mean, and beyond the band."""
    deviation = outcome.deviations[member.id]
    rest = member.carry_hours + outcome.load(member) - hours
    if deviation is None or rest <= 0:
        return []
    found = []
    for k in (0, 1):
        balance = member.carry[k] + outcome.balance(member, k)
        without = abs(balance - hours * (task.ratings[k] - outcome.problem.mean[k])) / rest
        if without > max(abs(deviation[k]), outcome.problem.config.tau) + WORTH_SAYING:
            about = {"dimension": "de"[k], "without": round(without, 2), "with": round(abs(deviation[k]), 2)}
            found.append(Reason("balance", about))
    return sorted(found, key=lambda reason: reason.about["with"] - reason.about["without"])
