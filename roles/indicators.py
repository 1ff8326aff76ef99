"""The indicators of a case written as JSON: what `manage.py role_indicators` prints. No database.

Plain Python. A case is an object; each part of the reckoning answers when what it needs is there:

    ratings   [[person, task, points]…]                        what the votes become, task by task
    tasks     {task: {d, e, role, rated}} or a list with ids   with hours: scores, deviations, indices
    hours     [[person, task or null, hours]…]                 or `periods`, a list of such objects
    members   [id…] or [{id, skills: {role: level}}…]
    planned   [[person, task, hours]…]                         beside `logged` (or the hours)

What is exact inside leaves as numbers with four decimals.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from . import balance, coverage, lived, votes
from .balance import DIMENSIONS, Picture, Rating, Standing
from .concentration import Concentration, concentration, only_ones
from .given import NotGiven
from .indicator_cases import Case, Hours
from .indicator_cases import case as read_case

Json = dict[str, Any]
AUTONOMOUS = 2


def indicators(given: object) -> Json:
    """Every indicator this case has the figures for. Raises `NotGiven`."""
    case = read_case(given)
    found: Json = {}
    if case.votes is not None:
        found |= _ratings(case)
    if case.hours is not None:
        found |= _scores(case)
    if case.periods is not None:
        found |= _periods(case)
    if case.planned is not None:
        found["lived"], found["lived_by_task"] = _lived(case)
    roles = _roles(case)
    if roles:
        found["roles"] = roles
        found["only_autonomous"] = _only_autonomous(case, roles)
        found |= _coverage(case)
    if not found:
        raise NotGiven("ratings, hours, periods or planned: the case has none of them")
    return found


# Ratings -----------------------------------------------------------------------------------------


def _ratings(case: Case) -> Json:
    by_task: dict[str, list[int]] = {task: [] for task in case.tasks}
    for (_person, task), points in (case.votes or {}).items():
        by_task.setdefault(task, []).append(points)
    if all(by_task.values()):
        by_task[_unheard_of(by_task)] = []
    everything = [vote for found in by_task.values() for vote in found]
    mean = case.prior["d"] if case.prior else votes.mean_of(everything)
    return {
        task: _aggregate(votes.aggregate(found, mean, virtual=case.virtual, shown_from=case.shown_from))
        for task, found in by_task.items()
    }


def _unheard_of(tasks: Iterable[str]) -> str:
    """A name for the task that comes next, which nobody has rated: it shows what such a task counts for."""
    letters = [task for task in tasks if len(task) == 1 and task not in "zZ"]
    return f"{chr(ord(max(letters)) + 1)} (no rating)" if letters else "(no rating)"


def _aggregate(one: votes.Aggregate) -> Json:
    said: Json = {
        "value": _rounded(one.value),
        "used": _rounded(one.used),
        "n": one.count,
        "shown": one.is_shown,
    }
    if one.moves is not None:
        said["leave_one_out"] = [_rounded(bound) for bound in one.moves]
    if one.spread is not None:
        said["spread"] = round(one.spread, 4)
    if not one.count:
        said["flag"] = "à noter"
    return said


# Scores ------------------------------------------------------------------------------------------


def _scores(case: Case) -> Json:
    one = _picture(case)
    return (
        {"coop": _coop(one)}
        | {person: _standing(standing) for person, standing in one.standings.items()}
        | {name: _index(one, attribute) for name, attribute in INDICES.items()}
        | {"invariance": _invariance(case, one)}
    )


INDICES = {
    "max_deviation": "largest",
    "mean_absolute_deviation": "mean_absolute",
    "share_in_band": "within",
    "worst_off": "worst_off",
}


def _picture(case: Case) -> Picture:
    return balance.picture(case.done, case.rated, people=case.members, neutral=case.neutral)


def _coop(one: Picture) -> Json:
    mean = one.mean or dict.fromkeys(DIMENSIONS)
    said: Json = {"hours": _rounded(one.hours), **{d: _rounded(mean[d]) for d in DIMENSIONS}}
    return said | {"unclassified": _rounded(one.unclassified)} if one.unclassified else said


def _standing(one: Standing) -> Json:
    said: Json = {"hours": _rounded(one.hours)}
    if one.score is None or one.deviation is None:
        return said | dict.fromkeys(DIMENSIONS)
    if one.has_few_hours:
        said["flag"] = "peu d’heures"
    return (
        said
        | {d: _rounded(one.score[d]) for d in DIMENSIONS}
        | {f"dev_{d}": _rounded(one.deviation[d]) for d in DIMENSIONS}
        | {f"balance_{d}": _rounded(one.balance[d]) for d in DIMENSIONS}
        | {f"band_{d}": str(one.band(d)) for d in DIMENSIONS}
        | {
            "few_hours": one.has_few_hours,
            "counted": one.is_counted,
            "rated_share": _rounded(one.rated_share),
            "greyed": not one.is_solid,
            "unclassified": _rounded(one.unclassified / one.hours),
        }
    )


def _index(one: Picture, attribute: str) -> Json:
    return {
        d: None if indices is None else _rounded(getattr(indices, attribute))
        for d, indices in one.indices.items()
    }


def _invariance(case: Case, one: Picture) -> Json:
    """Why the index is a deviation and not an inequality ratio: the others change when the scale starts at 0."""
    shifted = {task: Rating(of.d - 1, of.e - 1, of.is_rated) for task, of in case.rated.items()}
    below = Rating(case.neutral.d - 1, case.neutral.e - 1, is_rated=False)
    other = balance.picture(case.done, shifted, people=case.members, neutral=below)
    same = [_index(one, "largest"), _index(other, "largest")]
    scores = [_counted_scores(picture) for picture in (one, other)]
    return {
        "scale_0_4_same_max_deviation": same[0] == same[1],
        "gini_1_5": _gini(scores[0]),
        "gini_0_4": _gini(scores[1]),
        "jain_1_5": _jain(scores[0]),
        "jain_0_4": _jain(scores[1]),
    }


def _counted_scores(one: Picture) -> list[Fraction]:
    return [
        standing.score["d"]
        for standing in one.standings.values()
        if standing.is_counted and standing.score is not None
    ]


def _gini(scores: list[Fraction]) -> float | int | None:
    if not sum(scores):
        return None
    differences = sum((abs(one - other) for one in scores for other in scores), Fraction(0))
    return _rounded(differences / (2 * len(scores) * sum(scores)))


def _jain(scores: list[Fraction]) -> float | int | None:
    squares = sum((score**2 for score in scores), Fraction(0))
    return _rounded(sum(scores, Fraction(0)) ** 2 / (len(scores) * squares)) if squares else None


# Periods -----------------------------------------------------------------------------------------


def _periods(case: Case) -> Json:
    """Each period by its own ratings and mean, and the balance that is carried into the next one."""
    pictures = [_picture(period) for period in case.periods or []]
    people = list(dict.fromkeys(person for one in pictures for person in one.standings))
    said = [
        {"coop": _coop(one)} | {person: _standing(at) for person, at in one.standings.items()}
        for one in pictures
    ]
    carried = {
        person: {d: _rounded(points) for d, points in balance.carried(pictures, person).items()}
        for person in people
    }
    steps = [
        {d: _rounded(after.mean[d] - before.mean[d]) for d in DIMENSIONS}
        for before, after in pairwise(pictures)
        if before.mean and after.mean
    ]
    return {"periods": said, "carried": carried, "mean_moves": steps}


# Planned and lived -------------------------------------------------------------------------------


def _lived(case: Case) -> tuple[Json, Json]:
    planned, logged = case.planned or [], case.done
    people = dict.fromkeys([*case.members, *(one[0] for one in (*planned, *logged))])
    by_person = {
        person: _lived_by(
            lived.compare(_of(person, planned), _of(person, logged), case.rated, neutral=case.neutral)
        )
        for person in people
    }
    by_task = {
        str(task): {
            "planned": _rounded(one.planned),
            "logged": _rounded(one.logged),
            "coverage": _rounded(one.coverage),
            "people": one.people,
        }
        for task, one in lived.by_task(planned, logged).items()
    }
    return by_person, by_task


def _of(person: str, rows: Iterable[Hours]) -> dict[Any, Fraction]:
    found: dict[Any, Fraction] = {}
    for who, task, hours in rows:
        if who == person:
            found[task] = found.get(task, Fraction(0)) + hours
    return found


def _lived_by(one: lived.Lived) -> Json:
    drift = one.drift or dict.fromkeys(DIMENSIONS)
    return {
        "planned": _rounded(one.planned),
        "logged": _rounded(one.logged),
        "displacement": _rounded(one.displacement),
        "unplanned_hours": _rounded(one.unplanned),
        "not_started": [str(task) for task in one.not_started],
        **{f"drift_{d}": _rounded(drift[d]) for d in DIMENSIONS},
    }


# Roles -------------------------------------------------------------------------------------------


def _roles(case: Case) -> Json:
    """The concentration of each role that a task names."""
    by_role: dict[str, dict[Any, Fraction]] = {role: {} for role in case.role_of.values()}
    for person, task, hours in case.done:
        if task in case.role_of:
            own = by_role[case.role_of[task]]
            own[person] = own.get(person, Fraction(0)) + hours
    autonomous = _autonomous(case)
    return {
        role: _concentration(
            concentration(
                hours,
                autonomous=None if autonomous is None else len(autonomous.get(role, ())),
                is_wanted=_is_wanted(role, case),
            )
        )
        for role, hours in by_role.items()
    }


def _is_wanted(role: str, case: Case) -> bool:
    """Is there work to do in this role? Tasks that say nothing of their hours have some."""
    return any(task.hours is None or task.hours > 0 for task in case.tasks.values() if task.role == role)


def _concentration(one: Concentration) -> Json:
    return {
        "hours": _rounded(one.hours),
        "top": None if one.top is None else str(one.top),
        "top_share": _rounded(one.top_share),
        "effective_people": _rounded(one.effective_people),
        "truck_factor": one.truck_factor,
        "autonomous": one.autonomous,
        "single_point_of_failure": one.is_single_point_of_failure,
        "left_undone": one.is_left_undone,
    }


def _autonomous(case: Case) -> dict[str, list[str]] | None:
    """Who can do each role alone and is here; None when the case says nothing of skills."""
    if all(member.skills is None for member in case.members.values()):
        return None
    found: dict[str, list[str]] = {}
    for name, member in case.members.items():
        for role, level in (member.skills or {}).items():
            if level >= AUTONOMOUS and not member.on_leave:
                found.setdefault(role, []).append(name)
    return found


def _only_autonomous(case: Case, roles: Json) -> Json:
    autonomous = _autonomous(case) or {}
    return {str(person): n for person, n in only_ones(autonomous.get(role, ()) for role in roles).items()}


# Training ----------------------------------------------------------------------------------------


def _coverage(case: Case) -> Json:
    """How many of the active roles each person has come near, and how far that can go."""
    minutes: dict[tuple[str, str], int] = {}
    for person, task, hours in case.done:
        if task in case.role_of:
            at = person, case.role_of[task]
            minutes[at] = minutes.get(at, 0) + int(hours * 60)
    roles = dict.fromkeys(case.role_of.values())
    active = [role for role in roles if any(of == role and done for (_who, of), done in minutes.items())]
    people = dict.fromkeys([*case.members, *(who for who, _role in minutes)])
    said: Json = {}
    for person in people:
        member = case.members.get(person)
        skills = (member and member.skills) or {}
        stages = [coverage.stage(minutes.get((person, role), 0), skills.get(role, 0)) for role in active]
        touched = sum(minutes.get((person, role), 0) >= coverage.TOUCHED for role in active)
        tenure = Fraction(case.window) if member is None or member.tenure is None else member.tenure
        said[person] = {
            "touched": touched,
            "practised": sum(minutes.get((person, role), 0) >= coverage.PRACTISED for role in active),
            "autonomous": sum(stage == coverage.Stage.AUTONOMOUS for stage in stages),
            "coverage": _rounded(coverage.coverage(touched, len(active), tenure, case.window)),
        }
    shares = [Fraction(str(one["coverage"])) for one in said.values()]
    return {
        "coverage": said,
        "coverage_mean": _rounded(sum(shares, Fraction(0)) / len(shares)) if shares else None,
        "coverage_min": _rounded(min(shares)) if shares else None,
        "coverage_bound": _rounded(_coverage_bound(case, active, minutes, people)),
    }


def _coverage_bound(
    case: Case,
    active: Iterable[str],
    minutes: Mapping[tuple[str, str], int],
    people: Iterable[str],
) -> Fraction | None:
    """The most the mean can become over the window, by the places for learners and their mentors."""
    near: dict[object, int] = {}
    places: dict[object, int] = {}
    for role in active:
        levels = {name: (member.skills or {}).get(role, 0) for name, member in case.members.items()}
        able = {name for name, level in levels.items() if level >= AUTONOMOUS}
        touched = {who for (who, of), done in minutes.items() if of == role and done >= coverage.TOUCHED}
        near[role] = len(able | touched)
        mentors = sum(level >= coverage.CAN_MENTOR for level in levels.values())
        lessons = [
            coverage.Lesson(
                int(task.hours * 60),
                int(task.learner_share * 100),
                int(task.min_chunk * 60),
                task.learners_per_mentor,
            )
            for task in case.tasks.values()
            if task.role == role and task.hours
        ]
        places[role] = coverage.learner_places(lessons, mentors)
    return coverage.coverage_bound(near, places, people=len(list(people)), periods=case.window)


def _rounded(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    near = round(value, 4)
    return int(near) if near.denominator == 1 else float(near)
