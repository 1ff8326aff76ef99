"""What an indicator is reckoned from, read from a case written as JSON: the format of `role_indicators`.

Plain Python. Numbers are exact; a value that cannot be meant is refused with the place where it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

from . import coverage, votes
from .balance import Rating
from .given import Given

T = TypeVar("T")
#: Person, task (None: hours without a task), hours.
Hours = tuple[str, Any, Fraction]
LOWEST, HIGHEST, REFERENCE = votes.LOWEST, votes.HIGHEST, 4
MOST = 1_000_000


@dataclass(frozen=True)
class CaseTask:
    """A task as far as the case says: its role, what it counts for, the hours it asks, what learners may do."""

    role: str | None = None
    d: Fraction | None = None
    e: Fraction | None = None
    rated: bool = True
    hours: Fraction | None = None
    learner_share: Fraction = Fraction(3, 10)
    min_chunk: Fraction = Fraction(2)
    learners_per_mentor: int = 1


@dataclass(frozen=True)
class CaseMember:
    """Somebody as far as the case says: levels by role (None: nothing is said), periods present, on leave today."""

    skills: dict[str, int] | None = None
    tenure: Fraction | None = None
    on_leave: bool = False


@dataclass(frozen=True)
class Case:
    """Everything a case holds; what it does not speak of is None."""

    tasks: dict[str, CaseTask] = field(default_factory=dict)
    members: dict[str, CaseMember] = field(default_factory=dict)
    prior: dict[str, Fraction] | None = None
    virtual: int = votes.VIRTUAL_VOTES
    shown_from: int = votes.SHOWN_FROM
    window: int = coverage.WINDOW
    votes: dict[tuple[str, str], int] | None = None
    hours: list[Hours] | None = None
    planned: list[Hours] | None = None
    periods: "list[Case] | None" = None

    @property
    def done(self) -> list[Hours]:
        """The hours logged; none when the case speaks of none."""
        return self.hours or []

    @cached_property
    def role_of(self) -> dict[Any, str]:
        """The role of each task that has one."""
        return {task: facts.role for task, facts in self.tasks.items() if facts.role}

    @cached_property
    def neutral(self) -> Rating:
        """What a task without a rating counts for."""
        middle = self.prior or dict.fromkeys("de", Fraction(votes.MIDDLE))
        return Rating(middle["d"], middle["e"], is_rated=False)

    @cached_property
    def rated(self) -> dict[Any, Rating]:
        """What each task counts for."""
        return {
            task: Rating(facts.d, facts.e)
            if facts.rated and facts.d is not None and facts.e is not None
            else self.neutral
            for task, facts in self.tasks.items()
        }


def case(given: object) -> Case:
    """The case that an object, or the `input` of one, says. Raises `NotGiven` with the place of a fault."""
    whole = Given(given)
    if not whole.at("input").is_nothing:
        whole = whole.at("input")
    one = _period(whole, Case())
    periods = whole.at("periods")
    if periods.is_nothing:
        return one
    shared = replace(one, votes=None, hours=None, planned=None)
    return replace(one, periods=[_period(row, shared) for row in periods.rows()])


def _period(whole: Given, shared: Case) -> Case:
    """One period of a case; what it does not say is as in the whole case."""
    here = replace(
        shared,
        virtual=_said(whole.at("k"), shared.virtual, lambda of: of.whole(0, MOST)),
        shown_from=_said(whole.at("min_raters"), shared.shown_from, lambda of: of.whole(1, MOST)),
        window=_said(whole.at("window"), shared.window, lambda of: of.whole(1, MOST)),
        prior=_said(whole.at("prior"), shared.prior, _prior),
        members=_said(whole.at("members"), shared.members, _members),
        planned=_said(whole.at("planned"), shared.planned, _rows_of_hours),
        hours=_said(whole.at("logged", "hours"), shared.hours, _rows_of_hours),
        votes=_said(whole.at("ratings"), shared.votes, _votes),
    )
    return replace(here, tasks=_said(whole.at("tasks"), shared.tasks, lambda of: _tasks(of, here.shown_from)))


def _said(value: Given, otherwise: T, reads: Callable[[Given], T]) -> T:
    """What is said, or what stands in for it."""
    return otherwise if value.is_nothing else reads(value)


def _rating(value: Given) -> Fraction:
    return value.exact(LOWEST - 1, HIGHEST)


def _prior(value: Given) -> dict[str, Fraction]:
    """One number for both dimensions, or one for each."""
    if isinstance(value.value, dict):
        return {name: _rating(value.at(name)) for name in "de"}
    return dict.fromkeys("de", _rating(value))


def _named(value: Given) -> list[tuple[str, Given | None]]:
    """Things by name: an object of objects, or a list of names and of objects with an `id`."""
    if isinstance(value.value, dict):
        return list(value.pairs())
    return [
        (row.at("id").name(), row) if isinstance(row.value, dict) else (row.name(), None)
        for row in value.rows()
    ]


def _tasks(value: Given, shown_from: int) -> dict[str, CaseTask]:
    return {name: CaseTask() if row is None else _task(row, shown_from) for name, row in _named(value)}


def _task(row: Given, shown_from: int) -> CaseTask:
    votes_of_it = row.at("n")
    enough = votes_of_it.is_nothing or votes_of_it.whole() >= shown_from
    usual = CaseTask()
    return CaseTask(
        role=_said(row.at("role"), None, Given.name),
        d=_said(row.at("d"), None, _rating),
        e=_said(row.at("e"), None, _rating),
        rated=_said(row.at("rated"), enough, Given.yes),
        hours=_said(row.at("hours"), None, lambda of: of.exact(0, MOST)),
        learner_share=_said(row.at("learner_share"), usual.learner_share, lambda of: of.exact(0, 1)),
        min_chunk=_said(row.at("min_chunk"), usual.min_chunk, lambda of: of.exact(0.25, MOST)),
        learners_per_mentor=_said(
            row.at("learners_per_mentor"), usual.learners_per_mentor, lambda of: of.whole(0, MOST)
        ),
    )


def _members(value: Given) -> dict[str, CaseMember]:
    return {name: CaseMember() if row is None else _member(row) for name, row in _named(value)}


def _member(row: Given) -> CaseMember:
    return CaseMember(
        skills=_said(row.at("skills"), None, _levels),
        tenure=_said(row.at("tenure"), None, lambda of: of.exact(0, MOST)),
        on_leave=_said(row.at("on_leave"), False, Given.yes),
    )


def _levels(value: Given) -> dict[str, int]:
    return {role: level.whole(0, REFERENCE) for role, level in value.pairs() if not level.is_nothing}


def _rows_of_hours(value: Given) -> list[Hours]:
    found = []
    for row in value.rows():
        person, task, hours = row.fields("person", "task", "hours")
        name = None if task.is_nothing else task.name()
        found.append((person.name(), name, hours.exact(0, MOST)))
    return found


def _votes(value: Given) -> dict[tuple[str, str], int]:
    """Each person's vote on each task: the last one said; no opinion (null) is no vote."""
    found: dict[tuple[str, str], int] = {}
    for row in value.rows():
        person, task, points = row.fields("person", "task", "points")
        pair = person.name(), task.name()
        found.pop(pair, None)
        if not points.is_nothing:
            found[pair] = points.whole(LOWEST, HIGHEST)
    return found
