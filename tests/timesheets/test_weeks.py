from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timesheets import weeks

days = st.dates(min_value=date(2000, 1, 10), max_value=date(2199, 12, 1))
weekdays = st.integers(min_value=0, max_value=6)


@pytest.mark.parametrize(
    ("day", "starts_on_weekday", "first"),
    [
        (date(2026, 11, 16), 0, date(2026, 11, 16)),
        (date(2026, 11, 22), 0, date(2026, 11, 16)),
        (date(2026, 11, 22), 6, date(2026, 11, 22)),
        (date(2026, 11, 21), 6, date(2026, 11, 15)),
        (date(2027, 1, 1), 0, date(2026, 12, 28)),
    ],
)
def test_week_of_a_day_is_named_by_its_first_day(day, starts_on_weekday, first):
    assert weeks.week_of(day, starts_on_weekday) == first


@given(days, weekdays)
def test_every_day_is_in_the_one_week_that_starts_on_the_right_weekday(day, weekday):
    first = weeks.week_of(day, weekday)
    assert first.weekday() == weekday
    assert first <= day <= weeks.last_day(first)
    assert day in weeks.days_of(first)
    assert weeks.after(weeks.before(first)) == first


@given(days, st.integers(min_value=0, max_value=40), weekdays)
def test_weeks_between_two_days_hold_each_of_these_days_once(first, length, weekday):
    last = first.fromordinal(first.toordinal() + length)
    held = [day for week in weeks.weeks_between(first, last, weekday) for day in weeks.days_of(week)]
    assert len(held) == len(set(held))
    assert {first, last} <= set(held)
    assert held[6] >= first
    assert held[-7] <= last


def test_no_week_stands_between_two_days_in_the_wrong_order():
    assert list(weeks.weeks_between(date(2026, 11, 16), date(2026, 11, 8))) == []


def test_weekend_is_saturday_and_sunday_whatever_the_week_starts_on():
    assert [weeks.is_weekend(day) for day in weeks.days_of(date(2026, 11, 22))] == [True, *[False] * 5, True]
