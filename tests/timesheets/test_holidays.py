"""The eight statutory holidays, against an independent implementation."""

from datetime import date

import holidays
import pytest

from timesheets.holidays import Holiday, holiday_on, holidays_of


@pytest.mark.parametrize("year", range(2007, 2060))
def test_holidays_are_those_of_quebec(year):
    theirs = set(holidays.country_holidays("CA", subdiv="QC", years=year, observed=False))
    if (
        date(year, 7, 1).weekday() == 6
    ):  # the labour standards move it to the 2nd; that package's rule differs
        theirs = theirs - {date(year, 7, 1)} | {date(year, 7, 2)}
    assert set(holidays_of(year)) == theirs
    assert list(holidays_of(year)) == sorted(holidays_of(year))


def test_a_day_knows_its_holiday():
    assert holiday_on(date(2026, 6, 24)) == Holiday.NATIONAL
    assert holiday_on(date(2026, 4, 3)) == Holiday.GOOD_FRIDAY
    assert holiday_on(date(2026, 6, 25)) is None
