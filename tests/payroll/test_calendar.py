from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payroll.calendar import Calendar, Period


@pytest.mark.parametrize(
    ("frequency", "anchor", "days_after", "year", "pays"),
    [
        ("weekly", date(2025, 12, 19), 7, 2026, 53),  # Thursdays: 2026 begins on one
        ("weekly", date(2025, 12, 20), 7, 2026, 52),  # Fridays
        ("biweekly", date(2025, 12, 12), 7, 2026, 27),  # pays on Thursday 1 January 2026
        ("biweekly", date(2025, 12, 19), 7, 2026, 26),  # the other Thursdays
        ("biweekly", date(2025, 9, 22), 5, 2026, 26),
        ("biweekly", date(2025, 9, 22), 5, 2027, 27),
        ("semimonthly", date(2026, 1, 1), 5, 2026, 24),
        ("semimonthly", date(2026, 1, 1), 16, 2026, 24),
        ("monthly", date(2026, 1, 1), 0, 2026, 12),
        ("monthly", date(2026, 1, 1), 5, 2026, 12),
    ],
)
def test_pays_of_a_year_are_counted_on_its_pay_dates(frequency, anchor, days_after, year, pays):
    calendar = Calendar(frequency, anchor, days_after)
    dates = calendar.pay_dates(year)
    assert len(dates) == pays
    assert {day.year for day in dates} == {year}
    assert list(dates) == sorted(set(dates))


def test_period_follows_from_any_first_day_before_or_after_it():
    for anchor in (date(2025, 9, 22), date(2027, 1, 11), date(2026, 11, 2)):
        assert Calendar("biweekly", anchor, 5).period_of(date(2026, 11, 10)) == Period(
            date(2026, 11, 2), date(2026, 11, 15), date(2026, 11, 20), 26
        )


def test_period_of_the_year_end_counts_the_pays_of_the_pay_date():
    calendar = Calendar("biweekly", date(2025, 9, 22), 5)
    assert calendar.period_of(date(2026, 12, 31)) == Period(
        date(2026, 12, 28), date(2027, 1, 10), date(2027, 1, 15), 27
    )
    assert calendar.period_of(date(2026, 12, 27)).pay_on == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("day", "starts_on", "ends_on"),
    [
        (date(2026, 2, 15), date(2026, 2, 1), date(2026, 2, 15)),
        (date(2026, 2, 16), date(2026, 2, 16), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2024, 2, 16), date(2024, 2, 29)),
        (date(2026, 12, 31), date(2026, 12, 16), date(2026, 12, 31)),
    ],
)
def test_half_months_end_on_the_15th_and_the_last_day(day, starts_on, ends_on):
    period = Calendar("semimonthly", date(2026, 1, 1), 5).period_of(day)
    assert (period.starts_on, period.ends_on) == (starts_on, ends_on)


def test_pays_left_counts_that_day_and_those_after_it():
    calendar = Calendar("biweekly", date(2025, 9, 22), 5)
    assert calendar.pay_dates(2026)[0] == date(2026, 1, 2)
    assert calendar.pays_left(date(2026, 1, 1)) == 26
    assert calendar.pays_left(date(2026, 1, 2)) == 26
    assert calendar.pays_left(date(2026, 1, 3)) == 25
    assert calendar.pays_left(date(2026, 12, 19)) == 0


def test_unknown_frequency_is_refused():
    with pytest.raises(ValueError, match="'daily' is not a pay frequency"):
        Calendar("daily", date(2026, 1, 1), 5)


@given(
    st.builds(
        Calendar,
        st.sampled_from(["weekly", "biweekly", "semimonthly", "monthly"]),
        st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        st.integers(0, 16),
    ),
    st.dates(date(2021, 1, 1), date(2029, 1, 1)),
)
def test_periods_follow_each_other_without_a_gap(calendar, day):
    periods = list(islice(calendar.periods_from(day), 30))
    assert periods[0].starts_on <= day <= periods[0].ends_on
    for one, next_one in pairwise(periods):
        assert next_one.starts_on == one.ends_on + timedelta(days=1)
    for period in periods:
        assert calendar.period_of(period.starts_on) == calendar.period_of(period.ends_on) == period
        assert calendar.pay_dates(period.pay_on.year).count(period.pay_on) == 1
        assert period.pays_in_year == len(calendar.pay_dates(period.pay_on.year))
