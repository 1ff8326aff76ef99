"""What a projection starts from, read from the co-op as it is today: nobody's pay file is opened for it."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import dropwhile, takewhile

from members.models import Cooperative, WorkStatus
from timesheets import absences

from .. import periods
from ..calendar import Period
from ..deductions import reviewed_days
from ..in_force import Rates
from ..models import CnesstClassification, EmployerYear, RemitterType
from .facts import Facts, Payroll, Premium, Remits, Work, Worker
from .months import after, following, last_day

WHOLE_DAY, PART_OF_DAY = Decimal(1), Decimal("0.5")
#: A period ends at most so long before its pay, and lasts at most a month.
LONGEST = timedelta(days=60)


def facts_of(first: date, months: int, *, today: date, cooperative: Cooperative) -> Facts:
    """What is known today of these months: agreed hours, calendar, rates, the employer's file. At most eight queries.

    Leave is counted as every member sees it: somebody is away for a day, or a part of one, never why.
    """
    last = last_day(following(first, months)[-1])
    paid = _periods(first, last, cooperative)
    workers, without_hours = _workers(first, last, since=paid[0].starts_on)
    return Facts(
        first=first,
        months=months,
        read_on=today,
        reviewed_through=reviewed_days()[1],
        periods=paid,
        workers=workers,
        rates=tuple((rate.starts_on, rate.amount) for rate in Rates.read().known),
        payrolls=_payrolls(_since(first).year, last.year, cooperative),
        premiums=tuple(
            Premium(of.starts_on, of.ends_on, of.per_hundred_dollars, of.is_paid_with_quebec)
            for of in CnesstClassification.objects.order_by("starts_on")
        ),
        remits=tuple(
            Remits(of.government, of.frequency, of.starts_on, of.ends_on)
            for of in RemitterType.objects.order_by("government", "starts_on")
        ),
        vacation_month=cooperative.vacation_year_month,
        without_hours=without_hours,
    )


def _since(first: date) -> date:
    """The first pay date to look at: contributions have a yearly maximum, and some wait for the next year."""
    return date(after(first, -2).year, 1, 1)


def _periods(first: date, last: date, cooperative: Cooperative) -> tuple[Period, ...]:
    since = _since(first)
    known = periods.since(since - LONGEST, cooperative)
    in_time = dropwhile(lambda period: period.pay_on < since, known)
    return tuple(takewhile(lambda period: period.pay_on <= last, in_time))


def _workers(first: date, last: date, *, since: date) -> tuple[tuple[Worker, ...], int]:
    """Who has agreed hours in these months, or had some since that day: what they were paid is still remitted.

    In an order that tells nothing of who they are; with how many work in these months without agreed hours.
    """
    works: dict[int, list[Work]] = defaultdict(list)
    here, with_hours, still_owed = set(), set(), set()
    for status in WorkStatus.objects.order_by("person", "starts_on"):
        person_id, is_salaried = status.person_id, status.kind == WorkStatus.Kind.SALARIED
        works[person_id].append(
            Work(status.starts_on, status.ends_on, is_salaried, status.agreed_minutes_per_week)
        )
        ends_on = status.ends_on or last
        # On a pause nothing is agreed, and nothing is worked either.
        if status.starts_on <= last and ends_on >= first and not status.pause_id:
            here.add(person_id)
            if status.agreed_minutes_per_week:
                with_hours.add(person_id)
        if status.agreed_minutes_per_week and status.starts_on <= last and ends_on >= since:
            still_owed.add(person_id)
    away: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for one in absences.away_between(first, last):
        away[one.person_id].append((one.day, WHOLE_DAY if one.is_whole_day else PART_OF_DAY))
    workers = sorted(
        (Worker(tuple(works[person_id]), tuple(away[person_id])) for person_id in still_owed),
        key=lambda worker: (worker.works[-1].minutes_per_week, worker.works[-1].starts_on, worker.away),
        reverse=True,
    )
    return tuple(workers), len(here - with_hours)


def _payrolls(first: int, last: int, cooperative: Cooperative) -> tuple[Payroll, ...]:
    """What sets the rate of the Health Services Fund in each year: what was told of it, else the estimate."""
    told = {of.year: of for of in EmployerYear.objects.filter(year__range=(first, last))}
    return tuple(
        Payroll(year, told[year].estimated_payroll + told[year].associated_payroll, told[year].sector)
        if year in told
        else Payroll(year, cooperative.yearly_payroll, EmployerYear.Sector.OTHER.value)
        for year in range(first, last + 1)
    )
