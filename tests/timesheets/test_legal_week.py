"""What fills the legal week beside hours worked: plain days and minutes."""

from datetime import date, timedelta

import pytest

from timesheets.legal_week import Off, days_off, filled, holidays_in

# Thanksgiving is its Monday; in that of 29 June 2026, Canada Day is a Wednesday.
THANKSGIVING, CANADA = date(2026, 10, 12), date(2026, 6, 29)
FULL = 35 * 60


def agreed(minutes):
    return lambda day: minutes


@pytest.mark.parametrize(
    ("worked", "counted"), [({}, 420), ({0: 300}, 120), ({0: 420}, 0), ({0: 600}, 0), ({1: 600}, 420)]
)
def test_holiday_counts_for_a_fifth_of_the_agreed_week_less_what_is_worked_that_day(worked, counted):
    by_day = {THANKSGIVING + timedelta(day): minutes for day, minutes in worked.items()}
    assert filled(days_off(THANKSGIVING, {}, agreed(FULL)), by_day) == counted


def test_who_has_agreed_no_hours_has_no_day_off_to_count():
    assert days_off(THANKSGIVING, {}, agreed(0)) == {}


def test_holiday_counts_by_what_is_agreed_on_its_day():
    from_wednesday = CANADA + timedelta(2)
    assert days_off(CANADA, {}, lambda day: 40 * 60 if day >= from_wednesday else FULL) == {
        from_wednesday: Off(0, 480)
    }


def test_holiday_of_a_weekend_is_nobody_s_day_off():
    """24 June 2028 is a Saturday."""
    assert days_off(date(2028, 6, 19), {}, agreed(FULL)) == {}


def test_no_week_has_two_holidays_on_its_weekdays():
    first = date(2024, 1, 1)
    weeks = [first + timedelta(7 * number + start) for number in range(53 * 40) for start in range(7)]
    assert {len(holidays_in(week)) for week in weeks} == {0, 1}


def test_approved_leave_counts_for_its_minutes_and_a_day_once():
    leave = {THANKSGIVING: 210, THANKSGIVING + timedelta(1): 420, THANKSGIVING + timedelta(7): 420}
    found = days_off(THANKSGIVING, leave, agreed(FULL))
    assert filled(found, {}) == 420 + 420
    # Once the holiday is worked, the leave of that day is all that is left of it.
    assert filled(found, {THANKSGIVING: 420}) == 210 + 420
