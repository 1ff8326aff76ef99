"""What the pages of proposals show: figures, people with their tasks, roles with their people, exchanges."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from members.models import Person

from . import proposal_words as words
from .models import Proposal, Role, Task
from .proposal_words import Names
from .rotation.outcome import Outcome
from .rotation.problem import Pair
from .rotation.reasons import reasons

MINUTES = 60
#: Hours below which a difference between two plans is not told.
TOLD = 0.5


@dataclass(frozen=True)
class Figures:
    """How a plan stands: what is missing, what it breaks, how near everybody is, what changes."""

    missing: list[str]
    broken: list[str]
    largest: Decimal
    within: int
    counted: int
    moved: int | None
    changing: int
    teaching: int

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.broken


#: A load a little off the common one is no shortfall for a reader: less than an hour in a week's work.
LOADS = {"under_load", "over_load"}


def figures(outcome: Outcome, names: Names) -> Figures:
    """The indicators of a plan, computed from its hours alone."""
    band = outcome.problem.config.tau + 0.005
    by_person: dict[str, float] = {}
    for (who, _k), gap in outcome.gaps.items():
        by_person[who] = max(gap, by_person.get(who, 0.0))
    current = outcome.problem.current
    changing = {
        pair[0]
        for pair in {*current, *outcome.given}
        if bool(current.get(pair, 0.0)) != bool(outcome.given.get(pair, 0.0))
    }
    return Figures(
        missing=[
            words.shortfall(one, names)
            for one in outcome.shortfalls
            if one.kind not in LOADS or one.amount >= 1.0
        ],
        broken=[words.breach(one, names) for one in outcome.breaches],
        largest=Decimal(str(round(outcome.max_deviation, 2))),
        within=sum(gap <= band for gap in by_person.values()),
        counted=len(by_person),
        moved=None if outcome.hours_moved is None else round(outcome.hours_moved * MINUTES),
        changing=len(changing) if current else 0,
        teaching=sum(teaching(outcome).values()),
    )


def teaching(outcome: Outcome) -> dict[str, int]:
    """The minutes each mentor gives to those who learn beside them: an hour for an hour, shared by its mentors."""
    problem = outcome.problem
    found: dict[str, float] = {}
    for what, held in outcome.by_task.items():
        task = problem.task[what]
        mentors = [who for who in held if problem.is_mentor(problem.member[who], task)]
        learnt = sum(
            outcome.given[who, what] for who in held if not problem.is_autonomous(problem.member[who], task)
        )
        for who in mentors:
            found[who] = found.get(who, 0.0) + learnt / len(mentors)
    return {who: round(hours * MINUTES) for who, hours in found.items() if hours}


@dataclass(frozen=True)
class Part:
    """A task in somebody's plan: minutes then and now, and why."""

    person: Person
    task: Task
    key: str
    minutes: int
    now: int
    why: list[str]


@dataclass(frozen=True)
class PersonPlan:
    """A person's tasks in the period, the hours they have, how far from the mean it brings them.

    `teaching` is what those who learn beside this person ask of their time: it is planned, and logged on
    the same task.
    """

    person: Person
    parts: list[Part]
    minutes: int
    most: int
    teaching: int
    d: Decimal | None
    e: Decimal | None


def minutes_of(outcome: Outcome, who: str) -> int:
    """What a plan gives somebody, who may be nobody of the period."""
    return round(sum(outcome.by_member.get(who, {}).values()) * MINUTES)


@dataclass(frozen=True)
class RolePlan:
    """A role with its tasks, who holds each, and the minutes asked and given."""

    role: Role
    tasks: list[tuple[Task, int, int, list[Part]]]


def key_of(pair: Pair) -> str:
    """How a pair is called in a form."""
    return f"{pair[0]}-{pair[1]}"


def parts(outcome: Outcome, names: Names) -> dict[Pair, Part]:
    """Every pair of a plan with its reasons in words."""
    why = reasons(outcome)
    current = outcome.problem.current
    return {
        pair: Part(
            names.people[pair[0]],
            names.tasks[pair[1]],
            key_of(pair),
            round(hours * MINUTES),
            round(current.get(pair, 0.0) * MINUTES),
            [words.reason(one, names) for one in why[pair]],
        )
        for pair, hours in outcome.given.items()
        if pair[0] in names.people and pair[1] in names.tasks
    }


def by_person(outcome: Outcome, names: Names, found: Mapping[Pair, Part]) -> list[PersonPlan]:
    """Everybody by name, with their tasks, most hours first."""
    plans, taught = [], teaching(outcome)
    for who, person in names.people.items():
        member, deviation = outcome.problem.member[who], outcome.deviations[who]
        own = sorted((part for pair, part in found.items() if pair[0] == who), key=lambda part: -part.minutes)
        d, e = (None, None) if deviation is None else (Decimal(str(round(one, 3))) for one in deviation)
        plans.append(
            PersonPlan(
                person,
                own,
                sum(part.minutes for part in own),
                round(member.hours * MINUTES),
                taught.get(who, 0),
                d,
                e,
            )
        )
    return plans


def by_role(outcome: Outcome, names: Names, found: Mapping[Pair, Part]) -> list[RolePlan]:
    """Every role by name, with its tasks and who holds them."""
    plans: dict[int, RolePlan] = {}
    for what, task in names.tasks.items():
        held = sorted(
            (part for pair, part in found.items() if pair[1] == what), key=lambda part: -part.minutes
        )
        asked = round(outcome.problem.task[what].hours * MINUTES)
        plan = plans.setdefault(task.role_id, RolePlan(task.role, []))
        plan.tasks.append((task, asked, sum(part.minutes for part in held), held))
    return list(plans.values())


@dataclass(frozen=True)
class Exchange:
    """What becomes of somebody's hours of a task in another plan."""

    person: Person
    task: Task
    before: int
    after: int

    @property
    def minutes(self) -> int:
        return abs(self.after - self.before)

    @property
    def is_more(self) -> bool:
        return self.after > self.before


def exchanges(before: Outcome, after: Outcome, names: Names) -> list[Exchange]:
    """The hours that differ between two plans, the largest first."""
    found = []
    for pair in {*before.given, *after.given}:
        then, now = after.given.get(pair, 0.0), before.given.get(pair, 0.0)
        if abs(then - now) >= TOLD:
            found.append(
                Exchange(
                    names.people[pair[0]], names.tasks[pair[1]], round(now * MINUTES), round(then * MINUTES)
                )
            )
    return sorted(found, key=lambda one: (-one.minutes, one.person.sort_name, one.task.name))


def limits(proposal: Proposal, names: Names) -> list[str]:
    """What limits the plan as it was computed, in sentences."""
    return [words.explanation(one, names) for one in (proposal.result or {}).get("explanations", [])]
