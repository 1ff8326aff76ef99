"""Periods of whole weeks that follow one another."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roles.periods import Period, period_of, window_of


def test_a_quarter_begins_near_that_of_the_calendar():
    assert period_of(date(2026, 11, 20), 13) == Period(date(2026, 9, 28), 13)
    assert period_of(date(2026, 11, 20), 13).ends_on == date(2026, 12, 27)


def test_the_window_is_that_period_and_the_three_before():
    starts = [period.starts_on for period in window_of(date(2026, 11, 20), 13)]
    assert starts == [date(2025, 12, 29), date(2026, 3, 30), date(2026, 6, 29), date(2026, 9, 28)]


@pytest.mark.parametrize("weekday", range(7))
def test_a_period_starts_with_the_legal_week(weekday):
    assert period_of(date(2026, 11, 20), 13, weekday).starts_on.weekday() == weekday


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2199, 1, 1)), st.integers(4, 26), st.integers(0, 6))
def test_every_day_is_in_one_period(day, weeks, weekday):
    period = period_of(day, weeks, weekday)
    assert period.holds(day)
    assert period_of(period.ends_on, weeks, weekday) == period
    assert period_of(period.ends_on + timedelta(days=1), weeks, weekday) == period.after
    assert period.after.before == period
