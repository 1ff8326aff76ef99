"""Which pay periods come next, and which one a day names: the co-op's calendar against its recorded periods."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from django.utils import timezone

from members.models import Cooperative

from .calendar import DAY, Calendar, Period
from .models import PayPeriod

#: How many periods ahead a pay may be looked at.
AHEAD = 60


def calendar_of(cooperative: Cooperative) -> Calendar:
    """The pay calendar that the co-op's own settings give."""
    return Calendar(cooperative.pay_frequency, cooperative.first_period_on, cooperative.pay_days_after)


def coming(today: date | None = None, cooperative: Cooperative | None = None) -> Iterator[Period]:
    """The periods that have no pay yet, in order, without end.

    After the last recorded one; before any, from the period that ended last.
    """
    last = PayPeriod.objects.order_by("-ends_on").first()
    paid_through = last.ends_on if last else None
    yield from following(
        paid_through, today or timezone.localdate(), cooperative or Cooperative.objects.get()
    )


def following(paid_through: date | None, today: date, cooperative: Cooperative) -> Iterator[Period]:
    """The periods that come after the last day that has a pay; before any pay, after what ended last."""
    calendar = calendar_of(cooperative)
    if paid_through is None:
        current = calendar.period_of(today)
        start = (
            max(current.starts_on - DAY, calendar.anchor)
            if calendar.anchor <= current.ends_on
            else calendar.anchor
        )
        yield from calendar.periods_from(start)
    else:
        after = paid_through + DAY
        # A calendar that was changed may start a period before the last one ended.
        for period in calendar.periods_from(after):
            yield replace(period, starts_on=max(period.starts_on, after))


def upcoming(today: date | None = None, count: int = 3) -> list[Period]:
    """The next periods to pay, in order."""
    return list(islice(coming(today), count))


def starting(day: date) -> Period | None:
    """The period that starts on that day, whether recorded, coming or, before any pay, past."""
    recorded = PayPeriod.objects.filter(starts_on=day).first()
    if recorded:
        return Period(recorded.starts_on, recorded.ends_on, recorded.pay_on, recorded.pays_in_year)
    if not PayPeriod.objects.exists():
        period = calendar_of(Cooperative.objects.get()).period_of(day)
        return period if period.starts_on == day else None
    return next((period for period in islice(coming(), AHEAD) if period.starts_on == day), None)
