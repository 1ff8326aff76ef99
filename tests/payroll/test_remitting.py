"""Working days, due dates and frequencies: plain tables of cases, and one law."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import holidays as other_calendars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payroll.business_days import (
    Government,
    business_days_after,
    holidays,
    is_business_day,
    next_business_day,
)
from payroll.deductions import NotReviewed, remitting_on
from payroll.remitting import (
    Frequency,
    Held,
    average_month,
    period_of,
    usual_frequency,
    yearly_period,
)

CRA, QUEBEC = Government.CRA, Government.QUEBEC
RULES = remitting_on(date(2026, 1, 1))

# Read on a calendar of each year: the days on which both governments close.
CLOSED = {
    2024: ["01-01", "03-29", "04-01", "05-20", "06-24", "07-01", "09-02", "10-14", "12-25"],
    2025: ["01-01", "04-18", "04-21", "05-19", "06-24", "07-01", "09-01", "10-13", "12-25"],
    2026: ["01-01", "04-03", "04-06", "05-18", "06-24", "07-01", "09-07", "10-12", "12-25"],
}


@pytest.mark.parametrize("year", CLOSED)
def test_holidays_are_those_of_the_calendar(year):
    closed = {date.fromisoformat(f"{year}-{day}") for day in CLOSED[year]}
    assert holidays(year, QUEBEC) == closed
    assert holidays(year, CRA) == closed | {date(year, 9, 30), date(year, 11, 11)}


@pytest.mark.parametrize("year", CLOSED)
def test_holidays_are_known_to_another_calendar(year):
    """Easter Monday apart, which that calendar holds for optional."""
    known = other_calendars.country_holidays(
        "CA", subdiv="QC", years=year, observed=False, categories=("public", "optional", "government")
    )
    assert {day for day in holidays(year, CRA) if day not in known} == set()


def test_canada_day_on_a_sunday_is_kept_on_the_monday():
    assert date(2029, 7, 2) in holidays(2029, QUEBEC)
    assert not is_business_day(date(2029, 7, 1), CRA)


@pytest.mark.parametrize(
    ("day", "moved_to"),
    [
        ("2026-02-15", "2026-02-16"),  # a Sunday
        ("2026-08-15", "2026-08-17"),  # a Saturday
        ("2026-04-03", "2026-04-07"),  # Good Friday, then Easter Monday
        ("2026-12-25", "2026-12-28"),  # Christmas on a Friday
        ("2026-12-15", "2026-12-15"),
    ],
)
def test_due_date_moves_to_the_next_working_day(day, moved_to):
    assert next_business_day(date.fromisoformat(day), QUEBEC) == date.fromisoformat(moved_to)


def test_third_working_day_skips_what_each_government_observes():
    assert business_days_after(date(2026, 9, 28), 3, CRA) == date(2026, 10, 2)  # 30 September
    assert business_days_after(date(2026, 9, 28), 3, QUEBEC) == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("frequency", "pay_on", "starts_on", "ends_on", "due_on"),
    [
        # every month: by the 15th of the next
        ("monthly", "2024-05-16", "2024-05-01", "2024-05-31", "2024-06-17"),
        ("monthly", "2025-01-31", "2025-01-01", "2025-01-31", "2025-02-17"),
        ("monthly", "2026-10-30", "2026-10-01", "2026-10-31", "2026-11-16"),
        ("monthly", "2026-12-31", "2026-12-01", "2026-12-31", "2027-01-15"),
        # every three months
        ("quarterly", "2024-03-31", "2024-01-01", "2024-03-31", "2024-04-15"),
        ("quarterly", "2025-04-01", "2025-04-01", "2025-06-30", "2025-07-15"),
        ("quarterly", "2026-11-13", "2026-10-01", "2026-12-31", "2027-01-15"),
        # once a year
        ("annual", "2026-02-12", "2026-01-01", "2026-12-31", "2027-01-15"),
        # twice a month: by the 25th, then by the 10th
        ("twice_monthly", "2026-11-15", "2026-11-01", "2026-11-15", "2026-11-25"),
        ("twice_monthly", "2026-11-16", "2026-11-16", "2026-11-30", "2026-12-10"),
        ("twice_monthly", "2025-12-05", "2025-12-01", "2025-12-15", "2025-12-26"),  # 25 December
        ("twice_monthly", "2026-09-30", "2026-09-16", "2026-09-30", "2026-10-13"),  # a Saturday, Thanksgiving
        # every week: the third working day after the 7th, the 14th, the 21st and the last
        ("weekly", "2026-11-07", "2026-11-01", "2026-11-07", "2026-11-12"),  # CRA: 11 November
        ("weekly", "2026-11-13", "2026-11-08", "2026-11-14", "2026-11-18"),
        ("weekly", "2024-02-29", "2024-02-22", "2024-02-29", "2024-03-05"),
        ("weekly", "2025-12-22", "2025-12-22", "2025-12-31", "2026-01-06"),
    ],
)
def test_payment_date_decides_the_period_and_its_due_date(frequency, pay_on, starts_on, ends_on, due_on):
    held = [Held(Frequency(frequency), date(2020, 1, 1))]
    period = period_of(date.fromisoformat(pay_on), CRA, held, RULES)
    assert [str(day) for day in (period.starts_on, period.ends_on, period.due_on)] == [
        starts_on,
        ends_on,
        due_on,
    ]


def test_nothing_on_file_is_every_month():
    period = period_of(date(2026, 11, 13), QUEBEC, [], RULES)
    assert (period.frequency, period.due_on) == (Frequency.MONTHLY, date(2026, 12, 15))


def test_change_of_frequency_cuts_the_period():
    held = [
        Held(Frequency.QUARTERLY, date(2025, 1, 1), date(2026, 1, 31)),
        Held(Frequency.MONTHLY, date(2026, 2, 1)),
    ]
    before, after = (period_of(date(2026, month, 10), QUEBEC, held, RULES) for month in (1, 3))
    assert (before.starts_on, before.ends_on, before.due_on) == (
        date(2026, 1, 1),
        date(2026, 1, 31),
        date(2026, 2, 16),
    )
    assert (after.starts_on, after.ends_on) == (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("year", "due_on"),
    [(2023, "2024-02-29"), (2024, "2025-02-28"), (2025, "2026-03-02"), (2026, "2027-03-01")],
)
def test_yearly_contributions_are_due_on_the_last_day_of_february(year, due_on):
    assert str(yearly_period(year).due_on) == due_on


def test_year_without_rules_is_refused():
    with pytest.raises(NotReviewed):
        remitting_on(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("average", "year_total", "cra", "quebec"),
    [
        ("199.99", "2399.88", "quarterly", "annual"),
        ("200.00", "2400.00", "quarterly", "annual"),
        ("200.01", "2400.12", "quarterly", "quarterly"),
        ("2999.99", "35999.88", "quarterly", "quarterly"),
        ("3000.00", "36000.00", "monthly", "monthly"),
        ("24999.99", "299999.88", "monthly", "monthly"),
        ("25000.00", "300000.00", "twice_monthly", "twice_monthly"),
        ("99999.99", "1199999.88", "twice_monthly", "twice_monthly"),
        ("100000.00", "1200000.00", "weekly", "weekly"),
    ],
)
def test_size_suggests_a_frequency(average, year_total, cra, quebec):
    amounts = Decimal(average), Decimal(year_total)
    assert usual_frequency(*amounts, CRA, RULES) == cra
    assert usual_frequency(*amounts, QUEBEC, RULES) == quebec


def test_average_counts_the_months_that_had_a_pay():
    by_day = [
        (date(2026, 1, 8), Decimal(100)),
        (date(2026, 1, 22), Decimal(200)),
        (date(2026, 3, 5), Decimal(60)),
        (date(2026, 4, 2), Decimal(0)),
    ]
    assert average_month(by_day) == Decimal(180)
    assert average_month([]) == 0


# The law: every day is in one period, and amounts add up whatever the calendar -----------------------


@st.composite
def calendars(draw):
    """Frequencies that follow one another from the first of some months."""
    firsts = sorted(
        draw(
            st.sets(st.dates(date(2023, 1, 1), date(2026, 12, 1)).map(lambda d: d.replace(day=1)), max_size=4)
        )
    )
    ends = [*(first - timedelta(days=1) for first in firsts[1:]), None]
    return [
        Held(draw(st.sampled_from(Frequency)), first, end) for first, end in zip(firsts, ends, strict=False)
    ]


@given(
    calendars(),
    st.sampled_from(Government),
    st.dictionaries(
        st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.decimals("-9999.99", "9999.99", places=2)
    ),
)
def test_periods_add_up_to_the_pays_whatever_the_calendar(held, government, pays):
    periods = defaultdict(Decimal)
    for pay_on, amount in pays.items():
        period = period_of(pay_on, government, held, remitting_on(pay_on))
        assert period.starts_on <= pay_on <= period.ends_on < period.due_on
        assert is_business_day(period.due_on, government)
        for edge in (period.starts_on, period.ends_on):
            assert period_of(edge, government, held, remitting_on(edge)) == period
        periods[period] += amount
    assert sum(periods.values()) == sum(pays.values())
