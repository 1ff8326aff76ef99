"""Coverage, its bound, periods and successions: arithmetic, without a database."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roles import coverage, periods, successions
from roles.coverage import Lesson, Stage

quick = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("minutes", "level", "stage"),
    [
        (0, 0, Stage.FAR),
        (239, 1, Stage.FAR),
        (240, 0, Stage.TOUCHED),
        (1199, 0, Stage.TOUCHED),
        (1200, 1, Stage.PRACTISED),
        (0, 2, Stage.AUTONOMOUS),
    ],
)
def test_stage_goes_by_hours_and_then_by_the_level_confirmed(minutes, level, stage):
    assert coverage.stage(minutes, level) == stage


@pytest.mark.parametrize(
    ("touched", "roles", "tenure", "expected"),
    [
        (5, 10, 4, Fraction(1, 2)),
        (5, 10, 2, Fraction(1)),  # half the window: half the roles
        (0, 10, 0, Fraction(0)),
        (1, 10, 0, Fraction(1)),
        (3, 10, Fraction(1, 2), Fraction(1)),
        (12, 10, 4, Fraction(1)),
        (0, 0, 4, Fraction(0)),
        (5, 10, 9, Fraction(1, 2)),
    ],
)
def test_coverage_counts_the_time_one_was_there(touched, roles, tenure, expected):
    assert coverage.coverage(touched, roles, tenure) == expected


def test_places_are_those_of_the_hours_and_of_the_mentors():
    accounts, meetings = Lesson(60 * 60), Lesson(6 * 60)  # 18 h open in shares of 2 h; 1 h 48
    assert (accounts.places, meetings.places) == (9, 0)
    assert coverage.learner_places([accounts, meetings], mentors=2) == 2
    assert coverage.learner_places([accounts, meetings], mentors=20) == 9
    assert coverage.learner_places([Lesson(60 * 60, learners_per_mentor=3)], mentors=2) == 6
    assert coverage.learner_places([Lesson(60 * 60, learners_percent=0)], mentors=2) == 0
    assert coverage.learner_places([], mentors=2) == 0


def test_bound_is_what_roles_can_take_in():
    near, places = {"taxes": 1, "site": 3}, {"taxes": 1, "site": 0}
    assert coverage.coverage_bound(near, places, people=6, periods=4) == Fraction(5 + 3, 12)
    assert coverage.coverage_bound(near, {"taxes": 9, "site": 9}, people=6) == 1
    assert coverage.coverage_bound({}, {}, people=6) is None
    assert coverage.coverage_bound(near, places, people=0) is None
    # Taxes take in four of the five who lack them: four fifths for each. The site takes in nobody more.
    assert coverage.own_bound({"site"}, near, places, people=6, periods=4) == (1 + Fraction(4, 5)) / 2
    assert coverage.own_bound({"taxes"}, near, places, people=6, periods=4) == Fraction(1, 2)
    assert coverage.own_bound(set(), {}, {}, people=6) is None


@quick
@given(
    st.lists(st.sets(st.integers(0, 6)), min_size=1, max_size=8),
    st.lists(st.integers(0, 3), min_size=7, max_size=7),
)
def test_everybodys_bounds_make_that_of_the_co_op(own, places):
    """`own`: by person, the roles they are near."""
    near = {role: sum(role in roles for roles in own) for role in range(7)}
    free = dict(enumerate(places))
    bounds = [coverage.own_bound(roles, near, free, people=len(own)) for roles in own]
    assert sum(bounds) / len(own) == coverage.coverage_bound(near, free, people=len(own))
    assert all(Fraction(len(roles), 7) <= bound <= 1 for roles, bound in zip(own, bounds, strict=True))


@quick
@given(st.lists(st.integers(0, 12), min_size=1, max_size=9), st.integers(12, 40), st.integers(0, 5))
def test_bound_is_between_what_is_and_one(counts, people, places):
    near = dict(enumerate(counts))
    bound = coverage.coverage_bound(near, dict.fromkeys(near, places), people=people)
    now = Fraction(sum(near.values()), people * len(near))
    assert now <= bound <= 1


@quick
@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 6), st.integers(4, 26))
def test_every_day_is_in_one_period_of_whole_weeks(day, week_starts_on, weeks):
    period = periods.Periods(weeks, week_starts_on).of(day)
    assert period.first <= day <= period.last
    assert (period.weeks, period.first.weekday()) == (weeks, week_starts_on)
    next_day = period.last + timedelta(days=1)
    assert periods.Periods(weeks, week_starts_on).of(next_day).before() == period


def test_window_is_a_year_of_periods():
    window = periods.Periods().window(date(2026, 11, 20))
    assert [one.first for one in window] == [
        date(2026, 1, 5),
        date(2026, 4, 6),
        date(2026, 7, 6),
        date(2026, 10, 5),
    ]


def test_past_hours_count_with_what_followed():
    following = successions.links([(1, 3, 60), (1, 4, 40), (2, 3, 100), (3, 5, 50), (3, 6, 50)])
    assert successions.today(9, following) == {9: 1}
    assert successions.today(1, following) == {
        4: Fraction(2, 5),
        5: Fraction(3, 10),
        6: Fraction(3, 10),
    }
    assert successions.counted_today({1: 100, 2: 10, 9: 7}, following) == {4: 40, 5: 35, 6: 35, 9: 7}


def test_part_of_a_period_is_told_to_the_quarter_of_an_hour():
    period = periods.Periods().of(date(2026, 11, 20))
    assert period.part_of(91 * 60, date(2026, 10, 5), date(2026, 10, 11)) == 7 * 60
    assert period.part_of(100, date(2000, 1, 1), date(2100, 1, 1)) == 105
    assert period.part_of(91 * 60, date(2027, 1, 4), date(2027, 1, 5)) == 0


def test_what_is_expected_in_a_quarter_is_told_in_the_periods_of_the_co_op():
    short = periods.Periods(weeks=4).of(date(2026, 11, 20))
    assert short.part_of(91 * 60, short.first, short.last) == 28 * 60  # an hour a day, whatever the period
    assert periods.in_weeks(91 * 60, 4) == 28 * 60
    assert periods.in_weeks(None, 4) is periods.in_a_quarter(None, 4) is None
    assert periods.in_a_quarter(0, 4) == 0


@quick
@given(st.integers(1, 20_000), st.integers(4, 26))
def test_hours_typed_for_a_period_are_read_again_as_typed(hours, weeks):
    kept = periods.in_a_quarter(hours * 60, weeks)
    assert round(periods.in_weeks(kept, weeks) / 60) == hours
