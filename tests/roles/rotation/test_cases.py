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


@pytest.mark.parametrize(
    "problem", [{"members": [{"hours": 3}]}, {"members": 7}, [], {"mandates": [["ana", "web", 3]]}]
)
def test_what_is_no_problem_is_refused_with_a_sentence(propose, problem):
    with pytest.raises(CommandError, match=r"problem\.json"):
        propose(problem)
