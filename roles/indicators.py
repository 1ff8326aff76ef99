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

Json = dict[str, Any]
AUTONOMOUS = 2


class NotACase(ValueError):
    """The object holds nothing that an indicator can be reckoned from."""


def indicators(case: Json) -> Json:
    """Every indicator this case has the figures for. Raises `NotACase`."""
    found: Json = {}
    if "ratings" in case:
        found |= _ratings(case)
    if "hours" in case:
        found |= _scores(case)
    if "periods" in case:
        found |= _periods(case)
    if "planned" in case:
        found["lived"], found["lived_by_task"] = _lived(case)
    roles = _roles(case)
    if roles:
        found["roles"] = roles
        found["only_autonomous"] = _only_autonomous(case, roles)
        found |= _coverage(case)
    if not found:
        raise NotACase("ratings, hours, periods or planned: the case has none of them")
    return found


# Ratings -----------------------------------------------------------------------------------------


def _ratings(case: Json) -> Json:
    by_task: dict[str, list[int]] = {str(task): [] for task in _ids(case.get("tasks", ()))}
    for _person, task, points in case["ratings"]:
        by_task.setdefault(str(task), []).append(int(points))
    if all(by_task.values()):
        by_task[_unheard_of(by_task)] = []
    everything = [vote for found in by_task.values() for vote in found]
    mean = _exact(case["prior"]) if "prior" in case else votes.mean_of(everything)
    rules = {"virtual": int(case.get("k", votes.VIRTUAL_VOTES))}
    rules["shown_from"] = int(case.get("min_raters", votes.SHOWN_FROM))
    return {task: _aggregate(votes.aggregate(found, mean, **rules)) for task, found in by_task.items()}


def _unheard_of(tasks: Iterable[str]) -> str:
    """A name for the task that comes next, which nobody has rated: it shows what such a task counts for."""
    letters = [task for task in tasks if len(task) == 1]
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


def _scores(case: Json) -> Json:
    one = _picture(case)
    return (
        {"coop": _coop(one)}
        | {str(person): _standing(standing) for person, standing in one.standings.items()}
        | {name: _index(one, attribute) for name, attribute in INDICES.items()}
        | {"invariance": _invariance(case, one)}
    )


INDICES = {
    "max_deviation": "largest",
    "mean_absolute_deviation": "mean_absolute",
    "share_in_band": "within",
    "worst_off": "worst_off",
}


def _picture(case: Json) -> Picture:
    return balance.picture(
        _logged(case), _rated(case), people=_ids(case.get("members", ())), neutral=_neutral(case)
    )


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


def _invariance(case: Json, one: Picture) -> Json:
    """Why the index is a deviation and not an inequality ratio: the others change when the scale starts at 0."""
    shifted = {
        task: Rating(rating.d - 1, rating.e - 1, rating.is_rated) for task, rating in _rated(case).items()
    }
    neutral = _neutral(case)
    below = Rating(neutral.d - 1, neutral.e - 1, is_rated=False)
    other = balance.picture(
        ((person, task, hours) for person, own in one.by_person.items() for task, hours in own.items()),
        shifted,
        people=one.standings,
        neutral=below,
    )
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


def _periods(case: Json) -> Json:
    """Each period by its own ratings and mean, and the balance that is carried into the next one."""
    shared = {name: case[name] for name in ("tasks", "members", "prior") if name in case}
    pictures = [_picture(shared | period) for period in case["periods"]]
    people = list(dict.fromkeys(person for one in pictures for person in one.standings))
    said = [
        {"coop": _coop(one)} | {str(person): _standing(at) for person, at in one.standings.items()}
        for one in pictures
    ]
    carried = {
        str(person): {d: _rounded(points) for d, points in balance.carried(pictures, person).items()}
        for person in people
    }
    steps = [
        {d: _rounded(after.mean[d] - before.mean[d]) for d in DIMENSIONS}
        for before, after in pairwise(pictures)
        if before.mean and after.mean
    ]
    return {"periods": said, "carried": carried, "mean_moves": steps}


# Planned and lived -------------------------------------------------------------------------------


def _lived(case: Json) -> tuple[Json, Json]:
    planned = [(person, task, _exact(hours)) for person, task, hours in case["planned"]]
    logged = _logged(case)
    people = dict.fromkeys([*_ids(case.get("members", ())), *(one[0] for one in (*planned, *logged))])
    ratings, neutral = _rated(case), _neutral(case)
    by_person = {
        str(person): _lived_by(
            lived.compare(_of(person, planned), _of(person, logged), ratings, neutral=neutral)
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


def _of(person: Any, rows: Iterable[tuple[Any, Any, Fraction]]) -> dict[Any, Fraction]:
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


def _roles(case: Json) -> Json:
    """The concentration of each role that a task names."""
    role_of = {task: facts["role"] for task, facts in _tasks(case).items() if facts.get("role")}
    by_role: dict[str, dict[Any, Fraction]] = {role: {} for role in role_of.values()}
    for person, task, hours in _logged(case):
        if task in role_of:
            own = by_role[role_of[task]]
            own[person] = own.get(person, Fraction(0)) + hours
    wanted = {role: _is_wanted(role, role_of, case) for role in by_role}
    autonomous = _autonomous(case)
    return {
        role: _concentration(
            concentration(
                hours,
                autonomous=None if autonomous is None else len(autonomous.get(role, ())),
                is_wanted=wanted[role],
            )
        )
        for role, hours in by_role.items()
    }


def _is_wanted(role: str, role_of: Mapping[Any, str], case: Json) -> bool:
    """Is there work to do in this role? Tasks that say nothing of their hours have some."""
    tasks = _tasks(case)
    return any(_exact(tasks[task].get("hours", 1) or 0) > 0 for task, own in role_of.items() if own == role)


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


def _autonomous(case: Json) -> dict[str, list[Any]] | None:
    """Who can do each role alone and is here; None when the case says nothing of skills."""
    members = [one for one in case.get("members", ()) if isinstance(one, dict)]
    if not any("skills" in one for one in members):
        return None
    found: dict[str, list[Any]] = {}
    for one in members:
        for role, level in one.get("skills", {}).items():
            if int(level) >= AUTONOMOUS and not one.get("on_leave"):
                found.setdefault(role, []).append(one["id"])
    return found


def _only_autonomous(case: Json, roles: Json) -> Json:
    autonomous = _autonomous(case) or {}
    return {str(person): n for person, n in only_ones(autonomous.get(role, ()) for role in roles).items()}


# Training ----------------------------------------------------------------------------------------


def _coverage(case: Json) -> Json:
    """How many of the active roles each person has come near, and how far that can go."""
    window = int(case.get("window", coverage.WINDOW))
    role_of = {task: facts["role"] for task, facts in _tasks(case).items() if facts.get("role")}
    minutes: dict[tuple[Any, str], int] = {}
    for person, task, hours in _logged(case):
        if task in role_of:
            at = person, role_of[task]
            minutes[at] = minutes.get(at, 0) + int(hours * 60)
    active = [role for role in dict.fromkeys(role_of.values()) if any(of == role for _who, of in minutes)]
    members = {one["id"]: one for one in case.get("members") or [] if isinstance(one, dict)}
    people = dict.fromkeys([*_ids(case.get("members") or []), *(who for who, _role in minutes)])
    said: Json = {}
    for person in people:
        skills = members.get(person, {}).get("skills", {})
        stages = [coverage.stage(minutes.get((person, role), 0), int(skills.get(role, 0))) for role in active]
        touched = sum(minutes.get((person, role), 0) >= coverage.TOUCHED for role in active)
        tenure = _exact(members.get(person, {}).get("tenure", window))
        said[str(person)] = {
            "touched": touched,
            "practised": sum(minutes.get((person, role), 0) >= coverage.PRACTISED for role in active),
            "autonomous": sum(stage == coverage.Stage.AUTONOMOUS for stage in stages),
            "coverage": _rounded(coverage.coverage(touched, len(active), tenure, window)),
        }
    shares = [Fraction(str(one["coverage"])) for one in said.values()]
    return {
        "coverage": said,
        "coverage_mean": _rounded(sum(shares, Fraction(0)) / len(shares)) if shares else None,
        "coverage_min": _rounded(min(shares)) if shares else None,
        "coverage_bound": _rounded(_coverage_bound(case, active, minutes, people, window)),
    }


def _coverage_bound(
    case: Json,
    active: Iterable[str],
    minutes: Mapping[tuple[Any, str], int],
    people: Iterable[Any],
    window: int,
) -> Fraction | None:
    """The most the mean can become over the window, by the places for learners and their mentors."""
    members = [one for one in case.get("members") or [] if isinstance(one, dict)]
    near: dict[object, int] = {}
    places: dict[object, int] = {}
    for role in active:
        able = {one["id"] for one in members if int(one.get("skills", {}).get(role, 0)) >= AUTONOMOUS}
        touched = {who for (who, of), done in minutes.items() if of == role and done >= coverage.TOUCHED}
        near[role] = len(able | touched)
        mentors = sum(int(one.get("skills", {}).get(role, 0)) >= coverage.CAN_MENTOR for one in members)
        lessons = [
            coverage.Lesson(
                int(_exact(facts["hours"]) * 60),
                int(_exact(facts.get("learner_share", "0.3")) * 100),
                int(_exact(facts.get("min_chunk", 2)) * 60),
                int(facts.get("learners_per_mentor", 1)),
            )
            for facts in _tasks(case).values()
            if facts.get("role") == role and facts.get("hours")
        ]
        places[role] = coverage.learner_places(lessons, mentors)
    return coverage.coverage_bound(near, places, people=len(list(people)), periods=window)


# What a case is made of --------------------------------------------------------------------------


def _ids(things: Any) -> list[Any]:
    return [thing["id"] if isinstance(thing, dict) else thing for thing in things]


def _logged(case: Json) -> list[tuple[Any, Any, Fraction]]:
    rows = case["logged"] if "logged" in case else case.get("hours") or []
    return [(person, task, _exact(hours)) for person, task, hours in rows]


def _tasks(case: Json) -> dict[Any, Json]:
    tasks = case.get("tasks", {})
    return (
        tasks if isinstance(tasks, dict) else {task["id"]: task for task in tasks if isinstance(task, dict)}
    )


def _rated(case: Json) -> dict[Any, Rating]:
    neutral = _neutral(case)
    return {
        task: Rating(_exact(facts["d"]), _exact(facts["e"])) if _has_rating(facts) else neutral
        for task, facts in _tasks(case).items()
    }


def _has_rating(facts: Json) -> bool:
    if facts.get("d") is None or facts.get("e") is None:
        return False
    return bool(facts.get("rated", facts.get("n", votes.SHOWN_FROM) >= votes.SHOWN_FROM))


def _neutral(case: Json) -> Rating:
    middle = case.get("prior", votes.MIDDLE)
    by_dimension = middle if isinstance(middle, dict) else dict.fromkeys(DIMENSIONS, middle)
    return Rating(_exact(by_dimension["d"]), _exact(by_dimension["e"]), is_rated=False)


def _exact(value: Any) -> Fraction:
    return Fraction(str(value))


def _rounded(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    near = round(value, 4)
    return int(near) if near.denominator == 1 else float(near)
