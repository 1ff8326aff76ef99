"""Worked cases with a verified optimum, through the command as a person would run it: no database."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

CASES = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))["optimisation"]


@pytest.fixture
def propose(tmp_path):
    """Run `propose_rotation` on a problem and read what it prints."""

    def run(problem) -> dict:
        file = tmp_path / "problem.json"
        file.write_text(json.dumps(problem), encoding="utf-8")
        out = StringIO()
        call_command("propose_rotation", problem=file, stdout=out)
        return json.loads(out.getvalue())

    return run


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_worked_case_reaches_its_optimum(propose, case):
    expected, given = case["expected"], propose(case["input"])
    for figure in ("uncovered_hours", "missing_people", "hours_changed"):
        assert given[figure] == expected[figure]
    for figure in ("max_deviation", "max_excess_over_tau", "sum_excess_over_tau"):
        assert given[figure] == pytest.approx(expected[figure], abs=case["tolerance"]["max_deviation"])
    if "assignment" in expected:
        hours = {tuple(row[:2]): row[2] for row in given["assignment"]}
        wanted = {tuple(row[:2]): row[2] for row in expected["assignment"]}
        assert hours == pytest.approx(wanted, abs=case["tolerance"]["hours"])
    if "explanation" in expected:
        said = given["explanations"][0]
        assert {name: said[name] for name in expected["explanation"]} == expected["explanation"]


def test_the_command_prints_one_object_and_nothing_else(tmp_path):
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(CASES[0]["input"]), encoding="utf-8")
    command = [sys.executable, "manage.py", "propose_rotation", "--problem", str(file)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "koumbit.settings", "DEBUG": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert json.loads(done.stdout)["uncovered_hours"] == 0


def test_a_plan_is_proven_as_far_as_its_bound(propose):
    given = propose(CASES[1]["input"])
    assert given["lower_bound"] == pytest.approx(0.75, abs=0.001)
    assert given["ratio"] == pytest.approx(1.0, abs=0.001)


def test_every_pair_with_hours_has_its_reason(propose):
    for case in CASES:
        given = propose(case["input"])
        pairs = {tuple(row[:2]) for row in given["assignment"]}
        assert {(row["member"], row["task"]) for row in given["reasons"]} == pairs
        assert all(row["reason"] for row in given["reasons"])


def test_nothing_to_share_is_an_empty_plan(propose):
    given = propose({"members": [{"id": "ana", "hours": 0}], "tasks": [{"id": "web", "role": "web"}]})
    assert (given["assignment"], given["shortfalls"], given["max_deviation"]) == ([], [], 0)


def test_a_mandate_its_holder_may_not_do_is_a_shortfall(propose):
    problem = json.loads(json.dumps(CASES[2]["input"])) | {"mandates": [["bob", "paie", 10]]}
    assert ["mandate_hours", "bob/paie", 10.0] in propose(problem)["shortfalls"]


def test_a_refusal_is_never_planned(propose):
    problem = json.loads(json.dumps(CASES[0]["input"])) | {"refusals": [["bob", "t2"]]}
    given = propose(problem)
    assert ["bob", "t2"] not in [row[:2] for row in given["assignment"]]
    assert given["max_deviation"] == pytest.approx(2, abs=0.005)


def test_a_whole_case_is_read_by_its_input(propose):
    assert propose(CASES[0])["assignment"] == propose(CASES[0]["input"])["assignment"]


ANA = {"id": "ana", "hours": 10, "skills": {"web": 3}}
WEB = {"id": "web", "role": "web", "hours": 10}


def asked(**others) -> dict:
    return {"members": [ANA], "tasks": [WEB]} | others


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        ([], "an object is expected"),
        ({}, "members: a list is missing"),
        ({"optimisation": CASES}, "members: a list is missing"),
        (asked(members=7), "members: a list is expected, not 7"),
        (asked(members=[{"hours": 3}]), r"members\[0\]\.id: a name is missing"),
        (asked(members=[ANA, ANA]), r"members\[1\]\.id: “ana” is there already"),
        (asked(members=[ANA | {"hours": "ten"}]), r"members\[0\]\.hours: a number is expected"),
        (asked(members=[ANA | {"skills": {"web": 7}}]), r"members\[0\]\.skills\.web: a number from 0 to 4"),
        (asked(members=[ANA | {"max_tasks": 1.5}]), r"members\[0\]\.max_tasks: a whole number"),
        (asked(tasks=[WEB | {"d": 6}]), r"tasks\[0\]\.d: a number from 1 to 5 is expected, not 6"),
        (asked(tasks=[WEB | {"learner_share": 2}]), r"tasks\[0\]\.learner_share: a number from 0 to 1"),
        (asked(mandates=[["ana", "web"]]), r"mandates\[0\]: \[member, task, hours\] is expected"),
        (asked(mandates=[["bob", "web", 3]]), r"mandates\[0\]\[0\]: no member is called “bob”"),
        (asked(touch=[["bob", "web"]]), r"touch\[0\]\[0\]: no member is called “bob”"),
        (asked(current=[["ana", "web", -1]]), r"current\[0\]\[2\]: a number from 0"),
        (asked(config={"tau": "wide"}), r"config\.tau: a number is expected"),
        (asked(config={"time_limit": 0}), r"config\.time_limit: a number from 0\.1"),
        (asked(config={"tau": float("nan")}), r"config\.tau: a number is expected, not NaN"),
    ],
)
def test_what_is_no_problem_is_refused_with_its_place(propose, problem, sentence):
    with pytest.raises(CommandError, match=rf"problem\.json: {sentence}"):
        propose(problem)


def test_a_balance_carried_is_read_in_its_three_ways(propose):
    ways = (
        {"carry": {"d": 2, "e": 0, "hours": 10}},
        {"carry": [2, 0, 10]},
        {"carry_d": 2, "carry_hours": 10},
    )
    found = [propose(asked(members=[ANA | carry]))["max_deviation"] for carry in ways]
    assert found == [0.1, 0.1, 0.1]


def test_somebody_counts_as_a_second_person_with_hours_only(propose):
    """A smallest part of nothing is a quarter of an hour: nobody holds a task without doing any of it."""
    people = [ANA, ANA | {"id": "bob"}]
    given = propose(asked(members=people, tasks=[WEB | {"min_people": 2, "min_chunk": 0, "hours": 20}]))
    assert given["missing_people"] == 0
    assert len(given["assignment"]) == 2
    assert min(row[2] for row in given["assignment"]) >= 0.25


def test_tasks_that_share_people_are_one_knot(propose):
    """Ana and Bob do all three: what is missing is said once, for all of them together."""
    both = {"skills": {"accounts": 3, "web": 3}}
    given = propose(
        {
            "members": [{"id": "ana", "hours": 10} | both, {"id": "bob", "hours": 10} | both],
            "tasks": [{"id": name, "role": "accounts", "hours": 9} for name in ("pay", "tax")]
            + [{"id": "site", "role": "web", "hours": 12}],
        }
    )
    heavy = [one for one in given["explanations"] if one["kind"] == "too_heavy"]
    assert [(one["tasks"], one["members"], one["missing"]) for one in heavy] == [
        (["pay", "tax", "site"], ["ana", "bob"], 10.0)
    ]


def test_what_learners_may_do_of_a_knot_is_told_apart(propose):
    nia = {"id": "nia", "hours": 40, "wants": {"web": 1}}
    given = propose(asked(members=[ANA, nia], tasks=[WEB | {"hours": 20, "learner_share": 0.2}]))
    heavy = given["explanations"][0]
    assert (heavy["members"], heavy["can_give_at_most"], heavy["learners_give"]) == (["ana"], 14.0, 4.0)
    assert heavy["missing"] == 6.0
