"""Dated facts read once and asked by day: the rates that hold, what each person was on a day."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from koumbit.dated import day_before
from timesheets.weeks import WEEK, last_day

from .earnings import Line, NoRate
from .models import HourlyRate


@dataclass(frozen=True, slots=True)
class Rates:
    """Every hourly rate in force one day or another, in the order of their first days."""

    known: tuple[HourlyRate, ...]
    # With those that a later record for the same day replaced: stubs may have paid at them.
    recorded: tuple[HourlyRate, ...]

    @classmethod
    def read(cls) -> "Rates":
        """All rates; of two that start on the same day, the later recorded one holds."""
        recorded = tuple(HourlyRate.objects.select_related("decision__body").order_by("starts_on", "pk"))
        return cls(tuple({rate.starts_on: rate for rate in recorded}.values()), recorded)

    def with_proposed(self, amount: Decimal, starts_on: date) -> "Rates":
        """The same, if a decision set this rate from that day: it holds until the next one starts."""
        recorded = sorted(
            [*self.recorded, HourlyRate(amount=amount, starts_on=starts_on)], key=lambda rate: rate.starts_on
        )
        return Rates(tuple({rate.starts_on: rate for rate in recorded}.values()), tuple(recorded))

    def row(self, day: date) -> HourlyRate:
        """The rate in force on that day, with its decision. Raises NoRate before the first."""
        place = bisect_right(self.known, day, key=lambda rate: rate.starts_on)
        if not place:
            raise NoRate(day)
        return self.known[place - 1]

    def on(self, day: date) -> Decimal:
        return self.row(day).amount

    def that_paid(self, line: Line) -> HourlyRate:
        """The rate, with its decision, that a line's hours are or were paid at."""
        same = [rate for rate in self.recorded if rate.amount == line.rate]
        return next((rate for rate in reversed(same) if rate.starts_on <= last_day(line.week)), same[0])

    def stale(self) -> Q:
        """Lines of weeks in which the rate they were paid at was not in force on any day.

        Weeks in which a rate starts after their first day are always looked at: a part of their
        hours may have to be paid at the other rate.
        """
        fresh, mixed = Q(), Q()
        for rate, follower in zip(self.known, [*self.known[1:], None], strict=True):
            during = Q(rate=rate.amount, week_starts_on__gte=rate.starts_on - WEEK + timedelta(days=1))
            if follower:
                during &= Q(week_starts_on__lt=follower.starts_on)
                first = follower.starts_on
                mixed |= Q(week_starts_on__range=(first - WEEK + timedelta(days=1), day_before(first)))
            fresh |= during
        return ~fresh | mixed if self.known else Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Spans:
    """Dated facts of people, found by person and day without another query."""

    facts: dict[int, list]

    @classmethod
    def of(cls, rows: QuerySet) -> "Spans":
        facts = defaultdict(list)
        for row in rows:
            facts[row.person_id].append(row)
        return cls(facts)

    def on(self, person_id: int, day: date):
        # Asked for every day of everybody: a plain loop takes half as long as a generator.
        for fact in self.facts.get(person_id, ()):
            if fact.holds_on(day):
                return fact
        return None
