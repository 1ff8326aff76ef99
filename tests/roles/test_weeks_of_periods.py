"""Every day stands in one period, which starts with a legal week."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from roles.periods import Periods


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2199, 1, 1)), st.integers(4, 26), st.integers(0, 6))
def test_every_day_is_in_one_period(day, weeks, weekday):
    periods = Periods(weeks, weekday)
    period = periods.of(day)
    assert period.first <= day <= period.last
    assert (period.first.weekday(), period.weeks) == (weekday, weeks)
    assert periods.of(period.last) == period
    after = periods.after(day)
    assert (after.first, after.before()) == (period.last + timedelta(days=1), period)
    assert periods.window(after.first, 2) == [period, after]
