"""The indicators of cases written as JSON, through the command, without a database."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

VOTES = {
    "prior": 3.0,
    "k": 2,
    "min_raters": 3,
    "ratings": [
        *[[f"r{n}", "A", points] for n, points in enumerate([1, 4, 4, 5, 4, 4])],
        ["r0", "B", 5],
        ["r1", "B", 5],
    ],
}
SCORES = {
    "tasks": {"a": {"d": 4, "e": 2}, "b": {"d": 2, "e": 5}, "c": {"d": 2, "e": 5}},
    "hours": [["ana", "a", 30], ["ana", "b", 10], ["bob", "c", 20]],
    "members": ["ana", "bob", "cyd"],
}


@pytest.fixture
def answer(tmp_path):
    def ask(case):
        file, out = tmp_path / "case.json", io.StringIO()
        file.write_text(case if isinstance(case, str) else json.dumps(case), encoding="utf-8")
        call_command("role_indicators", "--case", str(file), stdout=out)
        return json.loads(out.getvalue())

    return ask


def test_what_votes_become(answer):
    found = answer({"id": "votes", "input": VOTES})
    assert found["A"] == {
        "value": 3.6667,
        "used": 3.6667,
        "n": 6,
        "shown": True,
        "leave_one_out": [3.6, 3.6],
        "spread": 1.2472,
    }
    assert found["B"] == {"value": 4.0, "used": 3.0, "n": 2, "shown": False}
    assert found["C (no rating)"] == {
        "value": None,
        "used": 3.0,
        "n": 0,
        "shown": False,
        "flag": "à noter",
    }


def test_without_a_prior_the_mean_is_that_of_all_votes(answer):
    found = answer({"ratings": [["r0", "A", 5], ["r1", "A", 4], ["r2", "A", 3], ["r0", "B", 2]]})
    assert found["B"]["used"] == 3.5
    assert found["A"]["value"] == 3.8  # (12 + 2 × 3.5) / 5


def test_scores_deviations_and_indices(answer):
    found = answer(SCORES)
    assert found["coop"] == {"hours": 60, "d": 3.0, "e": 3.5}
    ana = {"hours": 40, "d": 3.5, "e": 2.75, "dev_d": 0.5, "dev_e": -0.75}
    assert found["ana"].items() >= ana.items()
    bob = {"hours": 20, "d": 2.0, "e": 5.0, "dev_d": -1.0, "dev_e": 1.5}
    assert found["bob"].items() >= bob.items()
    assert found["cyd"] == {"hours": 0, "d": None, "e": None}
    assert found["max_deviation"] == {"d": 1.0, "e": 1.5}
    assert found["mean_absolute_deviation"] == {"d": 0.6667, "e": 1.0}
    assert found["invariance"] == {
        "scale_0_4_same_max_deviation": True,
        "gini_1_5": 0.1364,
        "gini_0_4": 0.2143,
        "jain_1_5": 0.9308,
        "jain_0_4": 0.8448,
    }


def test_periods_add_up_to_what_is_carried(answer):
    found = answer({"periods": [SCORES, SCORES | {"hours": [["bob", "c", 20]]}]})
    assert found["carried"]["ana"] == {"d": 20, "e": -30}
    assert len(found["periods"]) == 2


def test_planned_beside_lived(answer):
    found = answer(SCORES | {"planned": [["ana", "a", 20], ["ana", "b", 20], ["cyd", "c", 4]]})
    assert found["lived"]["ana"]["displacement"] == 0.25
    assert found["lived"]["cyd"]["not_started"] == ["c"]
    assert found["lived_by_task"]["c"] == {"planned": 4, "logged": 20, "coverage": 5, "people": 1}


def test_concentration_of_the_roles_the_tasks_name(answer):
    found = answer(
        {
            "members": [{"id": "ana", "skills": {"web": 3}}, {"id": "bob", "skills": {"web": 1}}],
            "tasks": [{"id": "a", "role": "web", "d": 3, "e": 3}],
            "hours": [["ana", "a", 30], ["bob", "a", 10]],
        }
    )
    assert found["roles"]["web"] == {
        "hours": 40,
        "top": "ana",
        "top_share": 0.75,
        "effective_people": 1.6,
        "truck_factor": 1,
        "autonomous": 1,
        "single_point_of_failure": True,
        "left_undone": False,
    }
    assert found["only_autonomous"] == {"ana": 1}
    assert found["coverage"]["bob"] == {"touched": 1, "practised": 0, "autonomous": 0, "coverage": 1}


def test_coverage_by_the_time_people_were_there_and_its_bound(answer):
    found = answer(
        {
            "members": [
                {"id": "ana", "skills": {"web": 3, "books": 3}},
                {"id": "nia", "skills": {}, "tenure": 2},
            ],
            "tasks": [
                {"id": "a", "role": "web", "hours": 40, "d": 3, "e": 3},
                {"id": "b", "role": "books", "hours": 4, "learner_share": 0.25, "d": 3, "e": 3},
            ],
            "hours": [["ana", "a", 30], ["ana", "b", 3.75], ["nia", "a", 4]],
        }
    )
    assert found["coverage"]["ana"] == {"touched": 1, "practised": 1, "autonomous": 2, "coverage": 0.5}
    assert found["coverage"]["nia"]["coverage"] == 1  # half of the window, and so one of the two roles
    assert (found["coverage_mean"], found["coverage_min"]) == (0.75, 0.5)
    assert found["coverage_bound"] == 0.75  # an hour of the books is no place for a learner


def test_a_person_who_votes_again_replaces_their_vote_and_no_opinion_is_none(answer):
    votes = [["r0", "A", 1], ["r1", "A", 4], ["r2", "A", 4], ["r0", "A", 4], ["r3", "A", None]]
    found = answer({"prior": 3, "ratings": votes})
    assert (found["A"]["n"], found["A"]["value"]) == (3, 3.6)


def test_a_case_with_one_person_or_without_hours_has_no_index(answer):
    alone = answer(SCORES | {"members": ["bob"], "hours": [["bob", "c", 40]]})
    assert alone["max_deviation"] == {"d": None, "e": None}
    empty = answer(SCORES | {"hours": []})
    assert empty["coop"] == {"hours": 0, "d": None, "e": None}
    assert empty["ana"] == {"hours": 0, "d": None, "e": None}


def test_hours_without_a_task_count_as_the_middle(answer):
    found = answer(SCORES | {"hours": [["ana", None, 30], ["bob", "c", 30]]})
    assert (found["coop"]["d"], found["coop"]["unclassified"]) == (2.5, 0.5)
    assert (found["ana"]["unclassified"], found["ana"]["greyed"]) == (1, True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[]", r"case\.json: an object is expected"),
        ("{", "is not JSON"),
        ("{}", "none of them"),
        ('{"ratings": [["r0", "A"]]}', r"ratings\[0\]: \[person, task, points\] is expected"),
        ('{"ratings": [["r0", "A", 6]]}', r"ratings\[0\]\[2\]: a number from 1 to 5 is expected, not 6"),
        ('{"tasks": {"a": {"d": 9, "e": 1}}, "hours": []}', r"tasks\.a\.d: a number from"),
        ('{"hours": [["ana", "a", -1]]}', r"hours\[0\]\[2\]: a number from 0"),
        (
            '{"members": [{"id": "ana", "skills": {"web": "much"}}], "hours": []}',
            r"members\[0\]\.skills\.web",
        ),
        ('{"periods": [{"hours": [["ana"]]}]}', r"periods\[0\]\.hours\[0\]"),
    ],
)
def test_what_is_not_a_case_is_said(answer, text, sentence):
    with pytest.raises(CommandError, match=sentence):
        answer(text)
