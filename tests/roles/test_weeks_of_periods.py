"""Every day stands in one period, which starts with a legal week."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from roles.periods import period_of, window


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2199, 1, 1)), st.integers(4, 26), st.integers(0, 6))
def test_every_day_is_in_one_period(day, weeks, weekday):
    period = period_of(day, weeks=weeks, week_starts_on=weekday)
    assert period.first <= day <= period.last
    assert (period.first.weekday(), period.weeks) == (weekday, weeks)
    assert period_of(period.last, weeks=weeks, week_starts_on=weekday) == period
    after = period_of(period.last + timedelta(days=1), weeks=weeks, week_starts_on=weekday)
    assert after.before() == period
    assert window(after.first, weeks=weeks, week_starts_on=weekday, periods=2) == [period, after]
