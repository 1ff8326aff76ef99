"""Which pay periods come next, and which one a day names: the co-op's calendar against its recorded periods."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from django.db.models import F, Q, Subquery
from django.utils import timezone

from members.models import Cooperative

from .calendar import DAY, Calendar, Period
from .models import PayPeriod

#: How many periods ahead a pay may be looked at.
AHEAD = 60


def calendar_of(cooperative: Cooperative) -> Calendar:
    """The pay calendar that the co-op's own settings give."""
    return Calendar(cooperative.pay_frequency, cooperative.first_period_on, cooperative.pay_days_after)


def _as_recorded(recorded: PayPeriod) -> Period:
    return Period(recorded.starts_on, recorded.ends_on, recorded.pay_on, recorded.pays_in_year)


def coming(today: date | None = None, cooperative: Cooperative | None = None) -> Iterator[Period]:
    """The periods that have no regular pay yet, in order, without end.

    After the last that has one; before any, from the period that ended last. A period in which
    somebody was paid off-cycle keeps its days, whatever the calendar has become.
    """
    last = PayPeriod.objects.paid().order_by("-ends_on").values("ends_on")[:1]
    told = PayPeriod.objects.annotate(paid_through=Subquery(last))
    known = list(told.filter(Q(paid_through=None) | Q(ends_on__gte=F("paid_through"))))
    paid_through = known[0].paid_through if known else None
    yield from following(
        paid_through,
        today or timezone.localdate(),
        cooperative or Cooperative.objects.get(),
        recorded=[one for one in known if one.ends_on != paid_through],
    )


def following(
    paid_through: date | None,
    today: date,
    cooperative: Cooperative,
    *,
    recorded: Iterable[PayPeriod] | None = None,
) -> Iterator[Period]:
    """The periods that come after the last day that has a pay; before any pay, after what ended last.

    `recorded` are at least the periods written after that day, where the caller has read them already.
    """
    calendar = calendar_of(cooperative)
    if paid_through is None:
        current = calendar.period_of(today)
        start = (
            max(current.starts_on - DAY, calendar.anchor)
            if calendar.anchor <= current.ends_on
            else calendar.anchor
        )
        yield from _free(calendar, calendar.period_of(start).starts_on, recorded)
    else:
        yield from _free(calendar, paid_through + DAY, recorded)


def _free(calendar: Calendar, after: date, recorded: Iterable[PayPeriod] | None = None) -> Iterator[Period]:
    """The periods from a day on: those recorded as they are, the calendar's in between.

    A calendar that was changed may start a period before the day, or end it within a recorded one.
    """
    found = PayPeriod.objects.filter(ends_on__gte=after) if recorded is None else recorded
    kept = sorted(
        (period for period in found if period.ends_on >= after), key=lambda period: period.starts_on
    )
    while True:
        period = calendar.period_of(after)
        starts_on, ends_on = max(period.starts_on, after), period.ends_on
        if kept and kept[0].starts_on <= starts_on:
            period = _as_recorded(kept.pop(0))
        else:
            if kept and kept[0].starts_on <= ends_on:
                ends_on = kept[0].starts_on - DAY
            period = replace(period, starts_on=starts_on, ends_on=ends_on)
        yield period
        after = period.ends_on + DAY


def since(day: date, cooperative: Cooperative) -> Iterator[Period]:
    """The period of a day and those that follow it, without end: as they were recorded, else by the calendar."""
    yield from _free(calendar_of(cooperative), calendar_of(cooperative).period_of(day).starts_on)


def upcoming(today: date | None = None, count: int = 3) -> list[Period]:
    """The next periods to pay, in order."""
    return list(islice(coming(today), count))


def starting(day: date) -> Period | None:
    """The period that starts on that day, whether recorded, coming or, before any pay, past."""
    recorded = PayPeriod.objects.filter(starts_on=day).first()
    if recorded:
        return _as_recorded(recorded)
    if not PayPeriod.objects.paid().exists():
        period = calendar_of(Cooperative.objects.get()).period_of(day)
        return period if period.starts_on == day else None
    return next((period for period in islice(coming(), AHEAD) if period.starts_on == day), None)


def holding(day: date) -> Period:
    """The period of a day: recorded, coming, or what the calendar makes of a day without pays."""
    recorded = PayPeriod.objects.filter(starts_on__lte=day, ends_on__gte=day).first()
    if recorded:
        return _as_recorded(recorded)
    calendar = calendar_of(Cooperative.objects.get())
    before = PayPeriod.objects.filter(ends_on__lt=day).order_by("-ends_on").first()
    after = before.ends_on + DAY if before else calendar.period_of(day).starts_on
    return next(period for period in _free(calendar, after) if period.ends_on >= day)


def paid_on(period: Period, day: date) -> Period:
    """The period, paid on another day: that day's year says how many pays it counts."""
    if day.year == period.pay_on.year:
        return replace(period, pay_on=day)
    calendar = calendar_of(Cooperative.objects.get())
    return replace(period, pay_on=day, pays_in_year=len(calendar.pay_dates(day.year)))
