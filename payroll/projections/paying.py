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


def pays(facts: Facts, supposed: Supposed) -> list[Paid]:
    """Every pay of the periods, in order. Raises NoRate for a day of the projection that has no rate."""
    found = {period.pay_on: Paid(period.pay_on, is_carried(period.pay_on)) for period in facts.periods}
    stretches = [list(_stretches(period, facts, supposed)) for period in facts.periods]
    workers = (*facts.workers, *supposed.newcomers)
    # People with the same hours on these days have the same pays: they are computed once.
    alike = Counter(_salaried(worker, facts.periods) for worker in workers)
    for works, count in alike.items():
        if works:
            _add_salaried(found, facts, stretches, works, count)
    for worker in workers:
        _add_freelance(found, facts, stretches, worker)
    return [found[day] for day in sorted(found)]


def _salaried(worker: Worker, periods: tuple[Period, ...]) -> tuple[Work, ...]:
    """The salaried work of the days that are paid, without what lies beyond them."""
    first, last = periods[0].starts_on, periods[-1].ends_on
    return tuple(
        Work(
            max(first, work.starts_on),
            work.ends_on if work.ends_on and work.ends_on < last else None,
            True,
            work.minutes_per_week,
        )
        for work in worker.works
        if work.is_salaried and work.starts_on <= last and (work.ends_on is None or work.ends_on >= first)
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
    found: dict[date, Paid],
    facts: Facts,
    stretches: list[list[Stretch]],
    works: tuple[Work, ...],
    count: int,
) -> None:
    """Add the pays of so many people who have these hours."""
    so_far = YearToDate()
    year = 0
    for period, parts in zip(facts.periods, stretches, strict=True):
        if period.pay_on.year != year:
            so_far, year = YearToDate(), period.pay_on.year
        minutes, gross = _worth(works, parts)
        if not gross:
            continue
        premium = _premium(facts.premiums, period.pay_on)
        pay = Pay(
            pay_date=known_day(period.pay_on),
            periods_per_year=period.pays_in_year,
            gross=gross,
            employer=_employer(facts, period.pay_on, premium),
        )
        deductions = withheld(pay, so_far)
        so_far = so_far.after(pay, deductions)
        paid = found[period.pay_on]
        paid.minutes += minutes * count
        paid.salaried += gross * count
        paid.contributions += deductions.employer_total * count
        paid.withheld += deductions.total * count
        for day, amount in _remitted(facts, period.pay_on, deductions, premium):
            paid.remitted[month_of(day)] += amount * count


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


def _remitted(
    facts: Facts, pay_on: date, of: Deductions, premium: Premium | None
) -> Iterator[tuple[date, Decimal]]:
    """When each part of the deductions and contributions of a pay is due, and how much."""
    federal = of.federal_tax + of.federal_tax_nonperiodic + of.ei + of.ei_employer
    quebec = of.quebec_tax + of.quebec_tax_nonperiodic + of.qpp + of.qpp_employer + of.qpp2 + of.qpp2_employer
    quebec += of.qpip + of.qpip_employer + of.hsf_employer
    if premium and premium.is_with_quebec:
        quebec += of.cnesst_employer
    elif of.cnesst_employer:
        yield cnesst_period(pay_on.year).due_on, of.cnesst_employer
    yield _due_on(facts, pay_on, Government.CRA), federal
    yield _due_on(facts, pay_on, Government.QUEBEC), quebec
    yield yearly_period(pay_on.year).due_on, of.labour_standards_employer


def _due_on(facts: Facts, pay_on: date, government: Government) -> date:
    held = [
        Held(Frequency(of.frequency), of.starts_on, of.ends_on)
        for of in facts.remits
        if of.government == government
    ]
    return period_of(pay_on, government, held, remitting_on(known_day(pay_on))).due_on


def _add_freelance(
    found: dict[date, Paid], facts: Facts, stretches: list[list[Stretch]], worker: Worker
) -> None:
    """Add what a freelancer is paid: the agreed hours of the days on which they are not away."""
    works = [work for work in worker.works if not work.is_salaried]
    if not works:
        return
    for period, parts in zip(facts.periods, stretches, strict=True):
        paid = found[period.pay_on]
        for part in parts:
            away = sum(
                (
                    _minutes(works, day, day) * share
                    for day, share in worker.away
                    if part.first <= day <= part.last
                ),
                Decimal(0),
            )
            minutes = (_minutes(works, part.first, part.last) - away) * part.share
            paid.minutes += minutes
            paid.freelance += cents(minutes * part.rate / HOUR)
