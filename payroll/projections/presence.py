"""How many hours people are expected at work: agreed hours, less holidays, known leave and vacation.

Plain Python. Leave that is known stands in its month. Vacation that the law gives and nobody has planned yet
is spread over the months: 4 % of the agreed hours, or 6 % from three years of service on. A freelancer is
only away when it is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from payroll import vacation
from timesheets.holidays import holidays_of

from .facts import Facts, Worker
from .months import WORKING_DAYS, last_day, month_of, weekdays
from .supposing import Supposed

NOTHING = Decimal(0)


def at_work(facts: Facts, supposed: Supposed) -> dict[date, int]:
    """The minutes that everybody is expected at work, by month; half a minute is left out."""
    months = facts.all_months
    total = dict.fromkeys(months, NOTHING)
    for worker in (*facts.workers, *supposed.newcomers):
        for month, minutes in _present(worker, facts).items():
            total[month] += minutes * supposed.hours_share(month)
    return {month: int(minutes) for month, minutes in total.items()}


def _present(worker: Worker, facts: Facts) -> dict[date, Decimal]:
    """One person's minutes at work by month, before what a scenario changes."""
    agreed: dict[date, Decimal] = defaultdict(Decimal)
    off: dict[date, Decimal] = defaultdict(Decimal)
    earned = NOTHING
    services = vacation.services((work.starts_on, work.ends_on) for work in worker.works if work.is_salaried)
    for month in facts.all_months:
        for work in worker.works:
            first, last = max(month, work.starts_on), min(last_day(month), work.ends_on or date.max)
            minutes = Decimal(work.minutes_per_week * weekdays(first, last)) / WORKING_DAYS
            agreed[month] += minutes
            if work.is_salaried:
                year = vacation.year_of(month, facts.vacation_month)
                earned += minutes * vacation.rate_of(year, services)
                holidays = sum(1 for day in _holidays(month) if first <= day <= last)
                agreed[month] -= Decimal(work.minutes_per_week * holidays) / WORKING_DAYS
    for day, share in worker.away:
        off[month_of(day)] += _length_of(worker, day) * share
    known = sum((off[month] for month in facts.all_months), NOTHING)
    here = {month: max(NOTHING, agreed[month] - off[month]) for month in facts.all_months}
    left, whole = max(NOTHING, earned - known), sum(here.values(), NOTHING)
    if not whole:
        return here
    return {month: max(NOTHING, minutes - left * minutes / whole) for month, minutes in here.items()}


def _holidays(month: date) -> Iterator[date]:
    """The statutory holidays of a month that fall from Monday to Friday."""
    last = last_day(month)
    return (day for day in holidays_of(month.year) if month <= day <= last and weekdays(day, day))


def _length_of(worker: Worker, day: date) -> Decimal:
    """A working day of that person's, in minutes; none on weekends and holidays."""
    if not weekdays(day, day) or day in holidays_of(day.year):
        return NOTHING
    held = [
        work
        for work in worker.works
        if work.starts_on <= day and (work.ends_on is None or day <= work.ends_on)
    ]
    return sum((Decimal(work.minutes_per_week) / WORKING_DAYS for work in held), NOTHING)
