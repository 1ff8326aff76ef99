"""What no plan may do, checked without the product's own checks: from the JSON asked and the JSON answered alone.

The rules are written here a second time, in the simplest way. Random plans then tell whether the product sees
a broken rule where there is one, and random problems whether a proposal ever breaks one.
"""

from collections import defaultdict
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from roles.rotation import from_json, propose
from roles.rotation.outcome import Outcome

Json = dict[str, Any]
HAIR = 1e-4
STEP = 2


def plan_of(problem: Json, hours: dict) -> dict[str, dict[str, float]]:
    """By task, who does how many hours of it."""
    found: dict[str, dict[str, float]] = {task["id"]: {} for task in problem["tasks"]}
    for (who, what), amount in hours.items():
        if amount > HAIR:
            found[what][who] = amount
    return found


def broken(problem: Json, hours: dict) -> set[tuple[str, str]]:
    """The hard rules these hours break, each with whom or what it is about."""
    members = {one["id"]: one for one in problem["members"]}
    found: set[tuple[str, str]] = set()
    load: dict[str, float] = defaultdict(float)
    count: dict[str, int] = defaultdict(int)
    for task in problem["tasks"]:
        held = plan_of(problem, hours)[task["id"]]
        learners = {who for who in held if members[who]["skills"].get(task["role"], 0) < 2}
        mentors = {who for who in held if members[who]["skills"].get(task["role"], 0) >= 3}
        for who, amount in held.items():
            load[who] += amount
            count[who] += 1
            is_wished = members[who]["wants"].get(task["role"], 0) > 0
            is_due = [who, task["role"]] in problem["touch"]
            if [who, task["id"]] in problem["refusals"]:
                found.add(("refused", f"{who}/{task['id']}"))
            elif who in learners and not ((is_wished or is_due) and task["learner_share"] > 0):
                found.add(("skill", f"{who}/{task['id']}"))
            elif amount < min(task["min_chunk"], task["hours"]) - HAIR:
                found.add(("chunk", f"{who}/{task['id']}"))
        if len(held) > task["max_people"]:
            found.add(("max_people", task["id"]))
        if len(learners) > len(mentors) * task["learners_per_mentor"]:
            found.add(("mentors", task["id"]))
        if sum(held[who] for who in learners) > task["learner_share"] * task["hours"] + HAIR:
            found.add(("learner_share", task["id"]))
        if sum(held.values()) > task["hours"] + HAIR:
            found.add(("task_hours", task["id"]))
    for who, one in members.items():
        if load[who] > one["max_hours"] + HAIR:
            found.add(("max_hours", who))
        if count[who] > one["max_tasks"]:
            found.add(("max_tasks", who))
    return found


@st.composite
def problems(draw, *, is_easy: bool = False) -> Json:
    """Three or four people, three tasks of two roles; learners, mentors, refusals, turns, small limits.

    An easy one has hours enough, and people who can do everything: all of it can be covered.
    """
    people = [f"p{n}" for n in range(draw(st.integers(3, 4)))]
    roles, rating, level = ("a", "b"), st.integers(1, 5), st.integers(2 if is_easy else 0, 3)
    members = [
        {
            "id": who,
            "hours": (hours := STEP * draw(st.integers(2, 6))),
            "max_hours": hours + (24 if is_easy else draw(st.sampled_from([0, STEP]))),
            "max_tasks": 3 if is_easy else draw(st.integers(1, 3)),
            "skills": {role: draw(level) for role in roles},
            "wants": {role: draw(st.integers(-1, 1)) for role in roles},
        }
        for who in people
    ]
    tasks = [
        {
            "id": f"t{n}",
            "role": roles[n % 2],
            "hours": STEP * draw(st.integers(1, 8)),
            "d": draw(rating),
            "e": draw(rating),
            "min_people": draw(st.integers(1, 2)),
            "max_people": draw(st.integers(2, 3)),
            "min_chunk": draw(st.sampled_from([1, 2, 4])),
            "learner_share": draw(st.sampled_from([0.0, 0.3, 0.5])),
            "learners_per_mentor": draw(st.integers(1, 2)),
        }
        for n in range(3)
    ]
    pairs = [[who, task["id"]] for who in people for task in tasks]
    return {
        "members": members,
        "tasks": tasks,
        "refusals": [] if is_easy else draw(st.lists(st.sampled_from(pairs), max_size=2)),
        "touch": [[people[0], draw(st.sampled_from(roles))]] if draw(st.booleans()) else [],
        "config": {"tau": 0.25, "time_limit": 5.0},
    }


@st.composite
def plans(draw) -> tuple[Json, dict]:
    """A problem and hours drawn with no regard to its rules."""
    problem = draw(problems())
    amount = st.sampled_from([0, 0, 0.5, 1, 2, 4, 6])
    hours = {(one["id"], task["id"]): draw(amount) for one in problem["members"] for task in problem["tasks"]}
    return problem, hours


@settings(max_examples=150, deadline=None)
@given(plans())
def test_a_broken_rule_is_seen_and_only_a_broken_one(drawn):
    problem, hours = drawn
    seen = {(breach.kind, breach.subject) for breach in Outcome(from_json(problem), hours).breaches}
    assert seen == broken(problem, hours)


@settings(max_examples=40, deadline=None)
@given(problems())
def test_no_proposal_breaks_a_rule_and_what_is_missing_is_told_to_the_hour(problem):
    """Nobody beyond their hours, nobody below a chunk, no learner without a mentor, and hours that add up."""
    outcome = propose(from_json(problem)).outcome
    assert broken(problem, outcome.given) == set()
    held = plan_of(problem, outcome.given)
    missing = {task["id"]: task["hours"] - sum(held[task["id"]].values()) for task in problem["tasks"]}
    told = {short.subject: short.amount for short in outcome.shortfalls if short.kind == "uncovered_hours"}
    assert {what for what, amount in missing.items() if amount > 0.01} <= told.keys()
    assert all(abs(told[what] - missing[what]) < 0.01 for what in told)
    few = {task["id"] for task in problem["tasks"] if len(held[task["id"]]) < task["min_people"]}
    assert few == {short.subject for short in outcome.shortfalls if short.kind == "missing_people"}


@settings(max_examples=40, deadline=None)
@given(problems(is_easy=True))
def test_where_all_is_covered_hours_times_deviation_add_up_to_nothing(problem):
    outcome = propose(from_json(problem)).outcome
    held = plan_of(problem, outcome.given)
    work = sum(task["hours"] for task in problem["tasks"])
    assert all(abs(task["hours"] - sum(held[task["id"]].values())) < HAIR for task in problem["tasks"])
    for k, dimension in enumerate(("d", "e")):
        mean = Fraction(sum(task[dimension] * task["hours"] for task in problem["tasks"]), work)
        total = 0.0
        for one in problem["members"]:
            own = {task["id"]: held[task["id"]].get(one["id"], 0.0) for task in problem["tasks"]}
            hours = sum(own.values())
            balance = sum((task[dimension] - float(mean)) * own[task["id"]] for task in problem["tasks"])
            if hours > HAIR:
                assert abs(outcome.deviations[one["id"]][k] - balance / hours) < 1e-3
            total += balance
        assert abs(total) < 0.01
