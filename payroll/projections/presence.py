"""How many hours people are expected at work: agreed hours, less holidays, known leave and vacation.

Plain Python. Leave that is known stands in its month. Vacation that the law gives and nobody has planned yet
is spread over the months: 4 % of the agreed hours, or 6 % from three years of service on. A freelancer is
only away when it is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from payroll import vacation
from timesheets.holidays import holidays_of

from .facts import Facts, Worker
from .months import WORKING_DAYS, last_day, month_of, weekdays

NOTHING = Decimal(0)


def at_work(workers: Iterable[Worker], facts: Facts) -> dict[date, Decimal]:
    """The minutes that these people are expected at work, by month, before what a scenario changes."""
    total = dict.fromkeys(facts.all_months, NOTHING)
    for worker, count in Counter(workers).items():
        for month, minutes in _present(worker, facts).items():
            total[month] += minutes * count
    return total


def _present(worker: Worker, facts: Facts) -> dict[date, Decimal]:
    """One person's minutes at work by month."""
    here = dict.fromkeys(facts.all_months, NOTHING)
    earned = NOTHING
    rates = _vacation_rates(worker, facts)
    for month in here:
        end = last_day(month)
        for work in worker.works:
            first, last = max(month, work.starts_on), min(end, work.ends_on or end)
            minutes = Decimal(work.minutes_per_week * weekdays(first, last)) / WORKING_DAYS
            here[month] += minutes
            if work.is_salaried and minutes:
                earned += minutes * rates[vacation.year_of(month, facts.vacation_month)]
                holidays = sum(first <= day <= last for day in _holidays(month))
                here[month] -= Decimal(work.minutes_per_week * holidays) / WORKING_DAYS
    known = NOTHING
    for day, share in worker.away:
        minutes = _length_of(worker, day) * share
        if month_of(day) in here:
            known += minutes
            here[month_of(day)] -= minutes
    here = {month: max(NOTHING, minutes) for month, minutes in here.items()}
    left, whole = max(NOTHING, earned - known), sum(here.values(), NOTHING)
    if not left or not whole:
        return here
    return {month: max(NOTHING, minutes - left * minutes / whole) for month, minutes in here.items()}


def _vacation_rates(worker: Worker, facts: Facts) -> dict[vacation.ReferenceYear, Decimal]:
    """The part of their hours that vacation is, by reference year."""
    services = vacation.services((work.starts_on, work.ends_on) for work in worker.works if work.is_salaried)
    years = {vacation.year_of(month, facts.vacation_month) for month in facts.all_months}
    return {year: vacation.rate_of(year, services) for year in years}


@lru_cache(maxsize=256)
def _holidays(month: date) -> tuple[date, ...]:
    """The statutory holidays of a month that fall from Monday to Friday."""
    last = last_day(month)
    return tuple(day for day in holidays_of(month.year) if month <= day <= last and weekdays(day, day))


def _length_of(worker: Worker, day: date) -> Decimal:
    """A working day of that person's, in minutes; none on weekends and holidays."""
    if not weekdays(day, day) or day in holidays_of(day.year):
        return NOTHING
    held = [work.minutes_per_week for work in worker.works if work.holds_on(day)]
    return Decimal(sum(held)) / WORKING_DAYS
