"""The pays to come: hours at the rate, contributions by the tables, when each dollar leaves. Plain Python.

Agreed hours are spread over the days from Monday to Friday. Whoever is salaried is paid all of them, worked
or on leave: holidays and vacation are a part of the year's pay. A freelancer is paid those on which they
are not away, without source deductions. Overtime is not foreseen.

Source deductions are those of somebody who only claims the basic amounts. What they come to changes nothing
of what a pay costs, only the month in which a part of it goes to the governments. Beyond the last reviewed
tables a pay is computed with these (`Paid.is_carried`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from payroll.business_days import Government
from payroll.calendar import Period
from payroll.deductions import (
    Deductions,
    Employer,
    Pay,
    YearToDate,
    compute,
    remitting_on,
    reviewed_days,
)
from payroll.deductions.money import ZERO, cents
from payroll.earnings import HOUR, NoRate
from payroll.remitting import Frequency, Held, cnesst_period, period_of, yearly_period

from .facts import Facts, Premium, Work, Worker
from .months import WORKING_DAYS, last_day, month_of, weekdays
from .supposing import Supposed

DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """Days of a period in one month and at one rate; `share` multiplies the agreed hours."""

    first: date
    last: date
    rate: Decimal
    share: Decimal


@dataclass(slots=True)
class Paid:
    """What is paid on a pay date: minutes, pay, contributions; and what is remitted of it, by month."""

    pay_on: date
    is_carried: bool
    minutes: Decimal = Decimal(0)
    salaried: Decimal = ZERO
    freelance: Decimal = ZERO
    contributions: Decimal = ZERO
    withheld: Decimal = ZERO
    remitted: dict[date, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    @property
    def nets(self) -> Decimal:
        """What people receive that day."""
        return self.salaried - self.withheld + self.freelance


def known_day(day: date) -> date:
    """The day of the tables that a pay date is computed with: itself, or the nearest one reviewed."""
    first, last = reviewed_days()
    return min(max(day, first), last)


@dataclass(frozen=True, slots=True)
class Payday:
    """A pay date: the days it pays, what its contributions are computed with, and when each part is due."""

    period: Period
    stretches: tuple[Stretch, ...]
    known_day: date
    employer: Employer
    premium: Premium | None
    federal_due: date
    quebec_due: date
    year_due: date
    cnesst_due: date


def pays(facts: Facts, supposed: Supposed) -> list[Paid]:
    """Every pay of the periods, in order. Raises NoRate for a day of the projection that has no rate."""
    found = {period.pay_on: Paid(period.pay_on, is_carried(period.pay_on)) for period in facts.periods}
    paydays = [_payday(period, facts, supposed) for period in facts.periods]
    workers = (*facts.workers, *supposed.newcomers)
    # People with the same hours on these days have the same pays: they are computed once.
    salaried = Counter(_works(worker, facts.periods, is_salaried=True) for worker in workers)
    for works, count in salaried.items():
        if works:
            _add_salaried(found, paydays, works, count)
    freelance = Counter(
        Worker(works, worker.away)
        for worker in workers
        if (works := _works(worker, facts.periods, is_salaried=False))
    )
    for worker, count in freelance.items():
        _add_freelance(found, paydays, worker, count)
    return [found[day] for day in sorted(found)]


def _payday(period: Period, facts: Facts, supposed: Supposed) -> Payday:
    pay_on, tables_of = period.pay_on, known_day(period.pay_on)
    premium = _premium(facts.premiums, pay_on)
    rules = remitting_on(tables_of)

    def due_on(government: Government) -> date:
        held = [
            Held(Frequency(of.frequency), of.starts_on, of.ends_on)
            for of in facts.remits
            if of.government == government
        ]
        return month_of(period_of(pay_on, government, held, rules).due_on)

    return Payday(
        period=period,
        stretches=tuple(_stretches(period, facts, supposed)),
        known_day=tables_of,
        employer=_employer(facts, pay_on, premium),
        premium=premium,
        federal_due=due_on(Government.CRA),
        quebec_due=due_on(Government.QUEBEC),
        year_due=month_of(yearly_period(pay_on.year).due_on),
        cnesst_due=month_of(cnesst_period(pay_on.year).due_on),
    )


def _works(worker: Worker, periods: tuple[Period, ...], *, is_salaried: bool) -> tuple[Work, ...]:
    """Their salaried or freelance work of the days that are paid, without what lies beyond them."""
    first, last = periods[0].starts_on, periods[-1].ends_on
    return tuple(
        Work(
            max(first, work.starts_on),
            work.ends_on if work.ends_on and work.ends_on < last else None,
            is_salaried,
            work.minutes_per_week,
        )
        for work in worker.works
        if work.is_salaried == is_salaried and work.is_within(first, last)
    )


def is_carried(pay_on: date) -> bool:
    """Whether the tables were not reviewed for that day: the last ones known are used in their place."""
    return pay_on > reviewed_days()[1]


def _stretches(period: Period, facts: Facts, supposed: Supposed) -> Iterator[Stretch]:
    """The days of a period, cut where a month or a rate begins."""
    starts = {period.starts_on, *(day for day, _amount in facts.rates)}
    month = month_of(period.starts_on)
    while month <= period.ends_on:
        starts.add(month)
        month = last_day(month) + DAY
    cuts = [*sorted(day for day in starts if period.starts_on <= day <= period.ends_on), period.ends_on + DAY]
    for first, following in pairwise(cuts):
        rate = supposed.rate_on(first, facts.rates)
        if rate is None:
            if first >= facts.first:
                raise NoRate(first)
            continue  # before the projection, and before the first rate: nothing was paid here
        yield Stretch(first, following - DAY, rate, supposed.hours_share(month_of(first)))


def _minutes(works: Iterable[Work], first: date, last: date) -> Decimal:
    """Agreed minutes from a day to a day, a fifth of the week on each weekday."""
    return (
        sum(
            (
                Decimal(
                    work.minutes_per_week
                    * weekdays(max(first, work.starts_on), min(last, work.ends_on or last))
                )
                for work in works
            ),
            Decimal(0),
        )
        / WORKING_DAYS
    )


def _add_salaried(
    found: dict[date, Paid], paydays: Iterable[Payday], works: tuple[Work, ...], count: int
) -> None:
    """Add the pays of so many people who have these hours."""
    so_far = YearToDate()
    year = 0
    for payday in paydays:
        period = payday.period
        if period.pay_on.year != year:
            so_far, year = YearToDate(), period.pay_on.year
        minutes, gross = _worth(works, payday.stretches)
        if not gross:
            continue
        pay = Pay(
            pay_date=payday.known_day,
            periods_per_year=period.pays_in_year,
            gross=gross,
            employer=payday.employer,
        )
        deductions = withheld(pay, so_far)
        so_far = so_far.after(pay, deductions)
        paid = found[period.pay_on]
        paid.minutes += minutes * count
        paid.salaried += gross * count
        paid.contributions += deductions.employer_total * count
        paid.withheld += deductions.total * count
        for month, amount in _remitted(payday, deductions):
            paid.remitted[month] += amount * count


@lru_cache(maxsize=16384)
def withheld(pay: Pay, so_far: YearToDate) -> Deductions:
    """The deductions of a pay; scenarios have most of theirs in common."""
    return compute(pay, so_far)


def _worth(works: Iterable[Work], parts: Iterable[Stretch]) -> tuple[Decimal, Decimal]:
    """Minutes, and what they are worth."""
    total, gross = Decimal(0), ZERO
    for part in parts:
        minutes = _minutes(works, part.first, part.last) * part.share
        total += minutes
        gross += cents(minutes * part.rate / HOUR)
    return total, gross


def _premium(premiums: Iterable[Premium], day: date) -> Premium | None:
    """What the CNESST asks for on a day; None where nothing is on file."""
    known = [one for one in premiums if one.starts_on <= day and (one.ends_on is None or day <= one.ends_on)]
    return known[-1] if known else None


def _employer(facts: Facts, day: date, premium: Premium | None) -> Employer:
    payroll = next((one for one in facts.payrolls if one.year == day.year), None)
    return Employer(
        total_payroll=payroll.total if payroll else ZERO,
        sector=payroll.sector if payroll else "other",
        cnesst_rate=premium.per_hundred if premium else ZERO,
    )


def _remitted(payday: Payday, of: Deductions) -> Iterator[tuple[date, Decimal]]:
    """In which month each part of the deductions and contributions of a pay is due, and how much."""
    federal = of.federal_tax + of.federal_tax_nonperiodic + of.ei + of.ei_employer
    quebec = of.quebec_tax + of.quebec_tax_nonperiodic + of.qpp + of.qpp_employer + of.qpp2 + of.qpp2_employer
    quebec += of.qpip + of.qpip_employer + of.hsf_employer
    if payday.premium and payday.premium.is_with_quebec:
        quebec += of.cnesst_employer
    else:
        yield payday.cnesst_due, of.cnesst_employer
    yield payday.federal_due, federal
    yield payday.quebec_due, quebec
    yield payday.year_due, of.labour_standards_employer


def _add_freelance(found: dict[date, Paid], paydays: Iterable[Payday], worker: Worker, count: int) -> None:
    """Add what so many such freelancers are paid: the agreed hours of the days on which they are not away."""
    for payday in paydays:
        paid = found[payday.period.pay_on]
        for part in payday.stretches:
            away = sum(
                (
                    _minutes(worker.works, day, day) * share
                    for day, share in worker.away
                    if part.first <= day <= part.last
                ),
                Decimal(0),
            )
            minutes = (_minutes(worker.works, part.first, part.last) - away) * part.share
            paid.minutes += minutes * count
            paid.freelance += cents(minutes * part.rate / HOUR) * count
