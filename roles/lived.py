"""What was planned beside what was lived: a plan only predicts, the hours say how it went.

Plain Python. A person's plan is compared with the hours expected to date, so that leave does not read as
a default. Nothing here is a judgement: hours that moved may be the plan that was wrong.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .balance import DIMENSIONS, NEUTRAL, ByDimension, Rating, picture

Task = Hashable
Person = Hashable


@dataclass(frozen=True, slots=True)
class Lived:
    """A person's period beside its plan.

    `displacement` is the share of the hours that went elsewhere than planned, from 0 (as planned) to 1,
    None when there is no plan or nothing was logged; `drift` is by how many points per hour the mix that
    was lived differs from the planned one, in each dimension.
    """

    planned: Fraction
    logged: Fraction
    displacement: Fraction | None
    unplanned: Fraction
    not_started: tuple[Task, ...]
    drift: ByDimension | None


@dataclass(frozen=True, slots=True)
class TaskLived:
    """A task's period beside its plan: `coverage` is logged over planned, None where nothing was planned."""

    planned: Fraction
    logged: Fraction
    coverage: Fraction | None
    people: int


def expected_to_date(planned: Fraction, weeks_present: Fraction, weeks_of_period: Fraction) -> Fraction:
    """The part of a plan that could have been done by today, weeks of leave taken off."""
    return planned * weeks_present / weeks_of_period if weeks_of_period else Fraction(0)


def compare(
    planned: Mapping[Task, Fraction],
    logged: Mapping[Task, Fraction],
    ratings: Mapping[Task, Rating],
    *,
    neutral: Rating = NEUTRAL,
) -> Lived:
    """One person's plan and hours by task, in the same unit."""
    plan = {task: hours for task, hours in planned.items() if hours}
    done = {task: hours for task, hours in logged.items() if hours}
    total_planned, total_logged = sum(plan.values(), Fraction(0)), sum(done.values(), Fraction(0))
    displacement = drift = None
    if total_planned and total_logged:
        displacement = (
            sum(
                (
                    abs(
                        done.get(task, Fraction(0)) / total_logged
                        - plan.get(task, Fraction(0)) / total_planned
                    )
                    for task in plan.keys() | done.keys()
                ),
                Fraction(0),
            )
            / 2
        )
        drift = _drift(plan, done, ratings, neutral)
    return Lived(
        total_planned,
        total_logged,
        displacement,
        sum((hours for task, hours in done.items() if task not in plan), Fraction(0)),
        tuple(task for task in plan if task not in done),
        drift,
    )


def by_task(
    planned: Iterable[tuple[Person, Task, Fraction]], logged: Iterable[tuple[Person, Task, Fraction]]
) -> dict[Task, TaskLived]:
    """Each task's plan beside its hours, over everybody, and how many people logged hours on it."""
    plan: dict[Task, Fraction] = {}
    done: dict[Task, Fraction] = {}
    people: dict[Task, set[Person]] = {}
    for _person, task, hours in planned:
        plan[task] = plan.get(task, Fraction(0)) + hours
    for person, task, hours in logged:
        done[task] = done.get(task, Fraction(0)) + hours
        if hours:
            people.setdefault(task, set()).add(person)
    return {
        task: TaskLived(
            plan.get(task, Fraction(0)),
            done.get(task, Fraction(0)),
            done.get(task, Fraction(0)) / plan[task] if plan.get(task) else None,
            len(people.get(task, ())),
        )
        for task in [*plan, *(task for task in done if task not in plan)]
    }


def _drift(
    plan: Mapping[Task, Fraction],
    done: Mapping[Task, Fraction],
    ratings: Mapping[Task, Rating],
    neutral: Rating,
) -> ByDimension:
    means = [
        picture(((None, task, hours) for task, hours in of.items()), ratings, neutral=neutral).mean
        for of in (done, plan)
    ]
    lived, meant = (mean or dict.fromkeys(DIMENSIONS, Fraction(0)) for mean in means)
    return {dimension: lived[dimension] - meant[dimension] for dimension in DIMENSIONS}
