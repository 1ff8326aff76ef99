"""A few people divide again what they hold between them; everybody else stays as they are."""

import random

from .model import Fixed, Model, build
from .outcome import NOTHING, Outcome
from .problem import Pair


def within(outcome: Outcome, group: set[str]) -> Model:
    """The exact model of a group: its members, and the tasks of which others leave it something."""
    problem = outcome.problem
    fixed = {task.id: Fixed() for task in problem.tasks}
    for (who, what), hours in outcome.given.items():
        if who not in group:
            member, task = problem.member[who], problem.task[what]
            fixed[what] = fixed[what].plus(
                hours,
                is_learner=not problem.is_autonomous(member, task),
                is_mentor=problem.is_mentor(member, task),
            )
    open_to_them = {
        task.id
        for task in problem.tasks
        if task.hours - fixed[task.id].hours > NOTHING or task.min_people > fixed[task.id].people
    }
    pairs: dict[Pair, float] = {}
    for who in group:
        for what, bound in problem.pairs_of[who].items():
            left = problem.task[what].hours - fixed[what].hours
            if what in open_to_them and left >= problem.task[what].chunk - NOTHING:
                pairs[who, what] = min(bound, left)
    return build(problem, only=group, pairs=pairs, fixed=fixed)


def neighbours(outcome: Outcome, first: str, people: int, chance: random.Random) -> set[str]:
    """Somebody, and others who could exchange with them: who shares tasks, can do theirs, or leans the other way."""
    problem, deviations = outcome.problem, outcome.deviations
    mine = deviations[first] or (0.0, 0.0)
    worth: dict[str, float] = {}
    for what in problem.pairs_of[first]:
        for other, hours in outcome.by_task[what].items():
            if other == first:
                continue
            theirs = deviations[other] or (0.0, 0.0)
            opposed = -(mine[0] * theirs[0] + mine[1] * theirs[1])
            worth[other] = worth.get(other, 0.0) + min(hours, 20.0) / 20.0 * (1.0 + max(0.0, opposed) * 20.0)
    for what in outcome.by_member[first]:
        for other in chance.sample(problem.able[what], min(4, len(problem.able[what]))):
            worth[other] = worth.get(other, 0.0) + 0.5
    ranked = sorted(worth, key=lambda other: -worth[other] * chance.uniform(0.3, 1.0))
    return {first, *[other for other in ranked if other != first][: people - 1]}
