"""Scores, deviations and balances: the arithmetic of the definitions, and its laws."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roles.balance import Band, Rating, band_of, carried, picture

quick = settings(max_examples=40, deadline=None)
TASKS = {
    "a": Rating(Fraction(4), Fraction(2)),
    "b": Rating(Fraction(2), Fraction(5)),
    "c": Rating(Fraction(2), Fraction(5)),
}
DONE = [("ana", "a", Fraction(30)), ("ana", "b", Fraction(10)), ("bob", "c", Fraction(20))]

points = st.fractions(1, 5, max_denominator=8)
ratings = st.dictionaries(st.sampled_from("abcd"), st.builds(Rating, points, points), max_size=4)
work = st.lists(
    st.tuples(
        st.sampled_from(["ana", "bob", "cyd"]),
        st.sampled_from([*"abcd", None]),
        st.fractions(0, 60, max_denominator=4),
    ),
    max_size=12,
)


def test_scores_are_weighed_by_hours_and_the_deviations_follow():
    one = picture(DONE, TASKS, people=["ana", "bob", "cyd"])
    assert (one.hours, one.mean) == (60, {"d": 3, "e": Fraction(7, 2)})
    ana, bob, cyd = (one.standings[name] for name in ("ana", "bob", "cyd"))
    assert ana.score == {"d": Fraction(7, 2), "e": Fraction(11, 4)}
    assert ana.deviation == {"d": Fraction(1, 2), "e": Fraction(-3, 4)}
    assert bob.deviation == {"d": -1, "e": Fraction(3, 2)}
    assert (ana.balance["e"], bob.balance["e"]) == (-30, 30)
    assert (cyd.hours, cyd.score, cyd.deviation, cyd.is_counted) == (0, None, None, False)
    assert [(i.largest, i.mean_absolute) for i in one.indices.values()] == [
        (1, Fraction(2, 3)),
        (Fraction(3, 2), 1),
    ]
    assert ana.band("d") == Band.NEAR


def test_few_hours_are_shown_and_count_in_no_index():
    one = picture([*DONE, ("dan", "a", Fraction(79, 4))], TASKS)
    assert one.standings["dan"].has_few_hours
    assert one.standings["dan"].score == {"d": 4, "e": 2}
    assert one.indices["d"].counted == 2


def test_a_single_person_has_a_score_and_there_is_nothing_to_compare():
    one = picture(DONE[:2], TASKS, people=["ana", "bob"])
    assert one.standings["ana"].deviation == {"d": 0, "e": 0}
    assert one.indices == {"d": None, "e": None}


def test_nobody_worked():
    one = picture([], TASKS, people=["ana"])
    assert one.mean is None
    assert one.unclassified is None
    assert one.standings["ana"].score is None
    assert one.parts("ana", "d") == []


def test_without_any_rating_nobody_deviates():
    one = picture(DONE, {})
    assert all(set(standing.deviation.values()) == {0} for standing in one.standings.values())
    assert not one.standings["ana"].is_solid


def test_work_without_a_task_counts_as_the_mean_of_the_ratings_and_its_share_is_known():
    neutral = Rating(Fraction(7, 2), Fraction(3), is_rated=False)
    one = picture([("ana", None, Fraction(10)), ("ana", "a", Fraction(30))], TASKS, neutral=neutral)
    ana = one.standings["ana"]
    assert ana.score["d"] == Fraction(31, 8)
    assert (ana.unclassified, ana.rated_share, ana.is_solid) == (10, Fraction(3, 4), True)
    assert one.unclassified == Fraction(1, 4)


@pytest.mark.parametrize(
    ("deviation", "band"),
    [
        ("0.25", Band.WITHIN),
        ("-0.25", Band.WITHIN),
        ("0.2501", Band.NEAR),
        ("-0.5", Band.NEAR),
        ("0.5001", Band.BEYOND),
    ],
)
def test_the_limits_of_a_band_belong_to_the_nearer_one(deviation, band):
    assert band_of(Fraction(deviation)) == band


def test_the_balance_is_carried_over_the_periods_each_by_its_own_mean():
    first = picture(DONE, TASKS)
    away = picture([DONE[2]], TASKS)
    assert carried([first, away], "ana") == {"d": 20, "e": -30}
    assert carried([first, away], "bob") == {"d": -20, "e": 30}  # alone at work: at the mean
    assert carried([first, away], "new") == {"d": 0, "e": 0}


def test_the_parts_of_a_deviation_say_which_task_weighs_most():
    one = picture(DONE, TASKS)
    parts = {part.task: part for part in one.parts("bob", "e")}
    assert list(parts) == ["c", "a", "b"]
    assert (parts["c"].share, parts["c"].usual, parts["c"].points) == (1, Fraction(1, 3), 1)
    # None of it, when half of the co-op's hours go there.
    assert (parts["a"].share, parts["a"].usual, parts["a"].points) == (0, Fraction(1, 2), Fraction(3, 4))


@quick
@given(work, ratings)
def test_hours_times_deviation_adds_up_to_nothing(done, rated):
    one = picture(done, rated)
    for dimension in ("d", "e"):
        moved = [
            standing.hours * standing.deviation[dimension]
            for standing in one.standings.values()
            if standing.deviation
        ]
        assert sum(moved) == 0
        assert sum(standing.balance[dimension] for standing in one.standings.values()) == 0


@quick
@given(work, ratings)
def test_a_scale_from_nought_to_four_moves_no_deviation(done, rated):
    below = {task: Rating(one.d - 1, one.e - 1) for task, one in rated.items()}
    before = picture(done, rated)
    after = picture(done, below, neutral=Rating(Fraction(2), Fraction(2), is_rated=False))
    for person, standing in before.standings.items():
        assert standing.deviation == after.standings[person].deviation
    largest = [{d: i and i.largest for d, i in one.indices.items()} for one in (before, after)]
    assert largest[0] == largest[1]


@quick
@given(work, ratings, st.integers(2, 5))
def test_working_less_at_the_same_mix_changes_no_deviation(done, rated, part):
    less = picture([(person, task, hours / part) for person, task, hours in done], rated)
    for person, standing in picture(done, rated).standings.items():
        assert standing.deviation == less.standings[person].deviation


@quick
@given(work, ratings)
def test_the_parts_of_the_tasks_add_up_to_the_deviation(done, rated):
    one = picture(done, rated)
    for person, standing in one.standings.items():
        for dimension in ("d", "e"):
            if standing.deviation:
                parts = one.parts(person, dimension)
                assert sum(part.points for part in parts) == standing.deviation[dimension]
