"""A problem as JSON says it: read with the defaults of what is not said, and written to be kept.

What cannot be meant is refused with the place where it stands; what is only impossible (a mandate beyond
somebody's hours, more people than there are) is read, and comes out as a shortfall with its name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from roles.given import Given

from .problem import DIMENSIONS, Config, Member, Pair, Problem, Task, Weights

#: More hours than a period can have, for anybody or anything.
MOST = 1_000_000
LOWEST, HIGHEST = 1, 5
REFERENCE = 4


def from_json(given: Mapping[str, Any]) -> Problem:
    """The problem that an object, or the `input` of a case, says. Raises `NotGiven` with the place of a fault."""
    whole = Given(given)
    if not whole.at("input").is_nothing:
        whole = whole.at("input")
    members = tuple(_member(row) for row in whole.at("members").rows())
    tasks = tuple(_task(row) for row in whole.at("tasks").rows())
    for rows, found in (("members", members), ("tasks", tasks)):
        _each_once(whole.at(rows), [one.id for one in found])
    people, works = {member.id for member in members}, {task.id for task in tasks}
    return Problem(
        members=members,
        tasks=tasks,
        mandates=_hours(whole.at("mandates"), people, works),
        refusals=frozenset(_refusals(whole)),
        touch=frozenset(_due(row, people) for row in _rows(whole.at("touch"))),
        current=_hours(whole.at("current")),
        config=_config(whole.at("config")),
        weights=_weights(whole.at("weights")),
    )


def to_json(problem: Problem) -> dict[str, Any]:
    """The same problem, to keep and to read again."""
    return {
        "members": [
            {
                "id": member.id,
                "hours": member.hours,
                "skills": dict(member.skills),
                "wants": dict(member.wants),
                "min_hours": member.min_hours,
                "max_hours": member.most,
                "max_tasks": member.max_tasks,
                "max_roles": member.max_roles,
                "carry": {"d": member.carry[0], "e": member.carry[1], "hours": member.carry_hours},
                "counted": member.counted,
            }
            for member in problem.members
        ],
        "tasks": [{name.name: getattr(task, name.name) for name in fields(Task)} for task in problem.tasks],
        "mandates": [[*pair, hours] for pair, hours in problem.mandates.items()],
        "refusals": sorted(list(pair) for pair in problem.refusals),
        "touch": sorted(list(pair) for pair in problem.touch),
        "current": [[*pair, hours] for pair, hours in problem.current.items()],
        "config": {name.name: getattr(problem.config, name.name) for name in fields(Config)},
        "weights": {name.name: getattr(problem.weights, name.name) for name in fields(Weights)},
    }


def _said(read: Mapping[str, tuple[Given, Any]]) -> dict[str, Any]:
    """What is said, each read in its way; the rest keeps its default."""
    return {name: reads(value) for name, (value, reads) in read.items() if not value.is_nothing}


def _amount(value: Given) -> float:
    return value.number(0, MOST)


def _count(value: Given) -> int:
    return value.whole(0, MOST)


def _member(row: Given) -> Member:
    carry, carry_hours = _carry(row)
    return Member(
        id=row.at("id").name(),
        carry=carry,
        carry_hours=carry_hours,
        **{"hours": 0.0}
        | _said(
            {
                "hours": (row.at("hours"), _amount),
                "skills": (row.at("skills"), lambda value: _levels(value, 0, REFERENCE)),
                "wants": (row.at("wants"), lambda value: _levels(value, -1, 1)),
                "min_hours": (row.at("min_hours"), _amount),
                "max_hours": (row.at("max_hours"), _amount),
                "max_tasks": (row.at("max_tasks"), _count),
                "max_roles": (row.at("max_roles"), _count),
                "counted": (row.at("counted"), Given.yes),
            }
        ),
    )


def _levels(value: Given, least: int, most: int) -> dict[str, int]:
    """By role; a role without a level is one of which nothing is said."""
    return {role: level.whole(least, most) for role, level in value.pairs() if not level.is_nothing}


def _carry(row: Given) -> tuple[tuple[float, float], float]:
    """The balance carried: `{"d": …, "e": …, "hours": …}`, a list of these, or flat as `carry_d`, `carry_hours`."""
    said = row.at("carry", "balance")
    if isinstance(said.value, list | tuple):
        named = dict(zip((*DIMENSIONS, "hours"), said.rows(), strict=False))
    else:
        named = {} if said.is_nothing else {name: said.at(name) for name in (*DIMENSIONS, "hours")}
    found = [
        named[name]
        if name in named and not named[name].is_nothing
        else row.at(f"carry_{name}", f"balance_{name}")
        for name in (*DIMENSIONS, "hours")
    ]
    d, e, hours = (0.0 if value.is_nothing else value.number(-MOST, MOST) for value in found)
    if hours < 0:
        found[-1].number(0, MOST)
    return (d, e), hours


def _task(row: Given) -> Task:
    def rating(value: Given) -> float:
        return value.number(LOWEST, HIGHEST)

    return Task(
        id=row.at("id").name(),
        **_said(
            {
                "role": (row.at("role"), Given.name),
                "hours": (row.at("hours"), _amount),
                "d": (row.at("d"), rating),
                "e": (row.at("e"), rating),
                "min_people": (row.at("min_people"), _count),
                "max_people": (row.at("max_people"), _count),
                "min_chunk": (row.at("min_chunk"), _amount),
                "autonomy": (row.at("autonomy"), _count),
                "mentor_level": (row.at("mentor_level"), _count),
                "learner_share": (row.at("learner_share"), lambda value: value.number(0, 1)),
                "learners_per_mentor": (row.at("learners_per_mentor"), _amount),
                "mentor_slots": (row.at("mentor_slots"), _count),
                "rated": (row.at("rated"), Given.yes),
            }
        ),
    )


def _each_once(rows: Given, names: list[str]) -> None:
    for n, name in enumerate(names):
        if name in names[:n]:
            rows.rows()[n].at("id").refuse(f"“{name}” is there already")


def _rows(value: Given) -> list[Given]:
    return [] if value.is_nothing else value.rows()


def _known(value: Given, names: set[str] | None, what: str) -> str:
    name = value.name()
    if names is not None and name not in names:
        value.refuse(f"no {what} is called “{name}”")
    return name


def _hours(rows: Given, people: set[str] | None = None, works: set[str] | None = None) -> dict[Pair, float]:
    """Hours of (member, task); of one that stands twice, both together."""
    found: dict[Pair, float] = {}
    for row in _rows(rows):
        who, what, hours = row.fields("member", "task", "hours")
        pair = _known(who, people, "member"), _known(what, works, "task")
        found[pair] = found.get(pair, 0.0) + _amount(hours)
    return found


def _due(row: Given, people: set[str]) -> Pair:
    who, role = row.fields("member", "role")
    return _known(who, people, "member"), role.name()


def _refusals(whole: Given) -> Iterable[Pair]:
    """Refusals said together, or with the member."""
    for key in ("refusals", "refused", "forbidden"):
        for row in _rows(whole.at(key)):
            who, what = row.fields("member", "task")
            yield who.name(), what.name()
    for member in whole.at("members").rows():
        for key in ("refusals", "refused", "refuses", "forbidden"):
            for task in _rows(member.at(key)):
                yield member.at("id").name(), task.name()


def _config(value: Given) -> Config:
    if value.is_nothing:
        return Config()
    amounts = ("tau", "load_band", "w_change", "w_fragment", "w_role", "w_wish", "touch_hours", "grid")
    return Config(
        **_said(
            {name: (value.at(name), _amount) for name in amounts}
            | {
                "time_limit": (value.at("time_limit"), lambda limit: limit.number(0.1, MOST)),
                "seed": (value.at("seed"), lambda seed: seed.whole(0, 2**31 - 1)),
            }
        )
    )


def _weights(value: Given) -> Weights:
    if value.is_nothing:
        return Weights()
    return Weights(**_said({name.name: (value.at(name.name), _amount) for name in fields(Weights)}))
