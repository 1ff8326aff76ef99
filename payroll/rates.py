"""The one hourly rate: set by an adopted decision of the body that holds that power, never edited."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.dated import day_before
from koumbit.formats import day as written
from koumbit.formats import dollars
from koumbit.refusals import Refused
from koumbit.rows import write
from members import journal
from members.models import Decision, Power
from members.powers import Author, decisions_with, demand, person_of

from .deductions.parameters import MinimumWage, all_tables
from .editions import cited
from .models import HourlyRate

journal.name_events(
    {
        "rate.set": gettext_lazy("hourly rate set"),
    }
)


class BelowMinimumWage(Refused):
    """The law's minimum holds for everyone, whatever was decided."""

    def __init__(self, minimum: MinimumWage):
        super().__init__(
            _(
                "The minimum wage is %(minimum)s an hour from %(day)s (%(source)s), and this rate would hold "
                "on that day: a rate cannot be lower."
            )
            % {
                "minimum": dollars(minimum.hourly),
                "day": written(minimum.effective_from),
                "source": cited(minimum.provenance["hourly"].source),
            }
        )


class NotTheirsToSet(Refused):
    """The body that adopted the decision did not hold the power to set the rate."""

    def __init__(self, decision: Decision):
        super().__init__(
            _("“%(body)s” did not hold the power to set the hourly rate on %(day)s: pick another decision.")
            % {"body": decision.body, "day": written(decision.adopted_on)}
        )


class RecordedByItsSetter(Refused):
    """It takes two people to change what every hour is worth: one records the decision, another sets the rate."""

    sentence = gettext_lazy(
        "You recorded this decision, or nobody did: another person who holds this power sets the rate."
    )


class BeforeItsDecision(Refused):
    """A rate does not start before its decision takes effect."""

    def __init__(self, decision: Decision):
        super().__init__(
            _("This decision takes effect on %(day)s: the rate starts on that day or later.")
            % {"day": written(decision.effective_on)}
        )


def decisions_that_set_it() -> QuerySet[Decision]:
    """The decisions of bodies that could set the rate on the day they adopted them."""
    return decisions_with(Power.SET_RATE)


class Shortfall(NamedTuple):
    """A rate that is, or will be, lower than the minimum wage, and the first day on which it is."""

    rate: HourlyRate
    minimum: MinimumWage
    day: date


def shortfalls(
    first: date, last: date | None = None, *, known: Iterable[HourlyRate] | None = None
) -> list[Shortfall]:
    """The days, from `first` to `last` (no end if None), on which the rate is lower than the minimum wage.

    One for each minimum wage, the earliest day of each. One query, none where `known` gives every rate.
    """
    every = HourlyRate.objects.all() if known is None else known
    rates = sorted(every, key=lambda rate: (rate.starts_on, rate.pk))
    ends = [day_before(following.starts_on) for following in rates[1:]]
    found = []
    for minimum in _minimums(first, last):
        for rate, until in zip_longest(rates, ends):
            day = max(first, minimum.effective_from, rate.starts_on)
            lasts = [end for end in (until, last, _end_of(minimum)) if end]
            if rate.amount < minimum.hourly and all(day <= end for end in lasts):
                found.append(Shortfall(rate, minimum, day))
                break
    return found


def _end_of(minimum: MinimumWage) -> date | None:
    """The last day of a minimum wage; none for the last one known, which is the floor until the next."""
    tables = all_tables()[MinimumWage]
    return None if minimum is tables[-1] else minimum.reviewed_through


def _minimums(first: date, last: date | None) -> list[MinimumWage]:
    """The minimum wages known on the days from `first` to `last`, in order."""
    tables = cast("tuple[MinimumWage, ...]", all_tables()[MinimumWage])
    return [
        table
        for table in tables
        if (last is None or table.effective_from <= last)
        and (table is tables[-1] or table.reviewed_through >= first)
    ]


def known_minimums(day: date) -> list[MinimumWage]:
    """The minimum wage of that day, and those that are known to follow it."""
    return _minimums(day, None)


def minimum_on(day: date) -> MinimumWage | None:
    """The minimum wage of a day; the last known one beyond the reviewed tables, None before the first."""
    return next(iter(_minimums(day, day)), None)


def highest_minimum(first: date, last: date | None) -> MinimumWage | None:
    """The highest minimum wage known on the days from `first` to `last` (no end if None).

    Beyond the reviewed tables the last known one is the floor: a minimum wage does not go down.
    """
    return max(_minimums(first, last), key=lambda table: table.hourly, default=None)


def floor_of(starts_on: date) -> MinimumWage | None:
    """The highest minimum wage of the days on which a rate that starts on that day would hold. One query."""
    following = HourlyRate.objects.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    return highest_minimum(starts_on, day_before(following.starts_on) if following else None)


@transaction.atomic
def set_rate(*, amount: Decimal, starts_on: date, decision: Decision, by: Author) -> HourlyRate:
    """Make this the price of every hour from that day on, until the next rate starts.

    A day in the past is allowed: the difference on hours already paid is paid by the next run.
    Raises BelowMinimumWage, NotTheirsToSet, RecordedByItsSetter, BeforeItsDecision, or ValidationError.
    """
    demand(by, Power.SET_RATE)
    if not decisions_that_set_it().filter(pk=decision.pk).exists():
        raise NotTheirsToSet(decision)
    if by != decision and decision.recorded_by_id in (None, by.pk):
        raise RecordedByItsSetter
    if starts_on < decision.effective_on:
        raise BeforeItsDecision(decision)
    minimum = floor_of(starts_on)
    if minimum and amount < minimum.hourly:
        raise BelowMinimumWage(minimum)
    rate = HourlyRate(amount=amount, starts_on=starts_on, decision=decision, recorded_by=person_of(by))
    write(rate)
    journal.record(
        "rate.set", by=by, rate=rate.pk, decision=decision.pk, amount=str(amount), starts_on=str(starts_on)
    )
    return rate
