"""Where each remittance stands: what is owed for the pays of a period, what was paid, and what is left.

What is owed is read from the lines of the stubs, by payment date; what was paid, from the register of
remittances. A voiding has the payment date of what it voids: in a period that was already paid it shows
as a difference, until the government gives it back or it is deducted from another remittance.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext_lazy

from koumbit.formats import span

from .business_days import Government
from .deductions import NotReviewed
from .deductions.money import ZERO
from .employer_year import YearFigures, figures
from .models import Remittance
from .models.remittances import PaidTo
from .remittance_parts import (
    CNESST_PLACES,
    PLACES,
    YEARLY_PLACES,
    Amounts,
    Kind,
    added,
    label_of,
    less,
    total,
)
from .remittance_rules import Rules, withheld_by_day
from .remitting import Period, cnesst_period, yearly_period

#: The words of the addresses of what is paid once a year.
YEARLY, CNESST_YEAR = "rq-year", "cnesst-year"
WORDS: dict[str, str] = {Kind.YEARLY: YEARLY, Kind.CNESST: CNESST_YEAR}


class State(StrEnum):
    """Where a remittance stands."""

    OPEN = "open"
    TO_PAY = "to_pay"
    LATE = "late"
    PAID = "paid"
    DIFFERS = "differs"


TONES = {
    State.OPEN: "plain",
    State.TO_PAY: "wait",
    State.LATE: "warn",
    State.PAID: "ok",
    State.DIFFERS: "info",
}
STATE_NAMES = {
    State.OPEN: gettext_lazy("not over yet"),
    State.TO_PAY: gettext_lazy("to pay"),
    State.LATE: gettext_lazy("late"),
    State.PAID: gettext_lazy("paid"),
    State.DIFFERS: gettext_lazy("differs from the pays"),
}


@dataclass(frozen=True)
class Standing:
    """One remittance: what the pays say is owed, what was recorded as paid, what is left."""

    period: Period
    owed: Amounts
    remittances: tuple[Remittance, ...]
    today: date
    kind: str = Kind.PERIODIC

    @cached_property
    def paid(self) -> Amounts:
        return added(*(remittance.amounts for remittance in self.remittances))

    @cached_property
    def left(self) -> Amounts:
        return added(self.owed, less(self.paid))

    @property
    def owed_total(self) -> Decimal:
        return total(self.owed)

    @property
    def paid_total(self) -> Decimal:
        return total(self.paid)

    @property
    def left_total(self) -> Decimal:
        return total(self.left)

    @property
    def government(self) -> str:
        return str(PaidTo(self.paid_to).label)

    @property
    def paid_to(self) -> str:
        """Who is paid, as the register keeps it."""
        return PaidTo.CNESST if self.kind == Kind.CNESST else self.period.government

    @property
    def days(self) -> str:
        """The payment dates it holds, in short."""
        return span(self.period.starts_on, self.period.ends_on)

    @property
    def to(self) -> str:
        """The word of its address."""
        return WORDS.get(self.kind, self.period.government)

    @property
    def state(self) -> State:
        if not self.left and (self.remittances or self.is_over):
            return State.PAID
        # The CNESST's notice decides: what was paid by it is paid, whatever the pays say.
        if self.remittances and (self.left_total <= 0 or (self.kind == Kind.CNESST and self.paid)):
            return State.DIFFERS
        if self.today > self.period.due_on:
            return State.LATE
        return State.TO_PAY if self.is_over else State.OPEN

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[self.state])

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def is_over(self) -> bool:
        """Can no more pay be added to it, voidings apart?"""
        return self.today > self.period.ends_on

    @property
    def digest(self) -> str:
        """What somebody read before recording: it must still hold."""
        text = "".join(f"{'.'.join(place)}{amount}" for place, amount in sorted(self.left.items()))
        return hashlib.sha256(f"{len(self.remittances)}{text}".encode()).hexdigest()[:16]

    @property
    def lines(self) -> list[tuple[str, Decimal, Decimal, Decimal]]:
        """Each part: its label, what is owed, paid and left."""
        return [
            (
                label_of(place),
                self.owed.get(place, ZERO),
                self.paid.get(place, ZERO),
                self.left.get(place, ZERO),
            )
            for place in places_of(self)
            if place in self.owed or place in self.paid
        ]


def places_of(standing: Standing) -> tuple[tuple[str, str], ...]:
    """The parts a remittance may have, in the order they are shown."""
    if standing.kind == Kind.CNESST:
        return CNESST_PLACES
    return YEARLY_PLACES if standing.kind == Kind.YEARLY else PLACES[standing.period.government]


def period_holding(remittance: Remittance) -> Period:
    """The remittance in which a payment counts, by the frequencies on file."""
    if remittance.kind == Kind.YEARLY:
        return yearly_period(remittance.ends_on.year)
    if remittance.kind == Kind.CNESST:
        return cnesst_period(remittance.ends_on.year)
    return Rules.read().period_of(remittance.ends_on, Government(remittance.government))


@dataclass(frozen=True)
class Book:
    """The remittances of the pays of a year, by due date, and what they come to."""

    year: int
    today: date
    rules: Rules
    standings: tuple[Standing, ...]
    sent: dict[Government, list[tuple[date, Decimal]]]

    @classmethod
    def read(cls, year: int, *, today: date | None = None) -> "Book":
        """Those that have an amount or a payment. Four queries. Raises NotReviewed."""
        today, rules = today or timezone.localdate(), Rules.read()
        first, last = date(year, 1, 1), date(year, 12, 31)
        owed: dict[Period, Amounts] = {}
        sent: dict[Government, list[tuple[date, Decimal]]] = {government: [] for government in Government}
        for pay_on, amounts in withheld_by_day(first, last).items():
            for government in Government:
                period = rules.period_of(pay_on, government)
                own = rules.sent_to(government, pay_on, amounts)
                owed[period] = added(owed.get(period, {}), own)
                sent[government].append((pay_on, total(own)))
        paid = _paid_by_period(first, last, rules)
        standings = tuple(
            Standing(period, owed.get(period, {}), tuple(paid.get(period, ())), today)
            for period in sorted({*owed, *paid})
            if owed.get(period) or period in paid
        )
        return cls(year, today, rules, standings, sent)

    @property
    def owed_total(self) -> Decimal:
        return sum((standing.owed_total for standing in self.standings), ZERO)

    @property
    def paid_total(self) -> Decimal:
        return sum((standing.paid_total for standing in self.standings), ZERO)

    @property
    def left_total(self) -> Decimal:
        return sum((standing.left_total for standing in self.standings), ZERO)

    @property
    def to_send(self) -> list[Standing]:
        """What waits for somebody: late, to pay, or paid otherwise than the pays say."""
        waiting = (State.LATE, State.TO_PAY, State.DIFFERS)
        return [standing for standing in self.standings if standing.state in waiting]

    @property
    def unexplained(self) -> Decimal:
        """What is left of the periods that are over and should be settled: the difference to the books."""
        due = (standing for standing in self.standings if standing.today > standing.period.due_on)
        return sum((standing.left_total for standing in due), ZERO)

    def coming(self, count: int = 3) -> list[Standing]:
        """The next remittances of each government from today's on, those without a pay included."""
        known = {standing.period: standing for standing in self.standings}
        found = []
        for government in Government:
            day = self.today
            for _number in range(count):
                try:
                    period = self.rules.period_of(day, government)
                except NotReviewed:
                    break
                found.append(known.get(period) or Standing(period, {}, (), self.today))
                day = period.ends_on + timedelta(days=1)
        return sorted(found, key=lambda standing: standing.period)


def _paid_by_period(first: date, last: date, rules: Rules) -> dict[Period, list[Remittance]]:
    """The payments for these days, by the period in which the days they were made for end."""
    found: dict[Period, list[Remittance]] = defaultdict(list)
    payments = Remittance.objects.filter(kind=Kind.PERIODIC, ends_on__range=(first, last))
    for payment in payments.select_related("recorded_by", "corrected_by"):
        found[rules.period_of(payment.ends_on, Government(payment.government))].append(payment)
    return found


def standing_of(to: str, first: date, *, today: date | None = None) -> Standing | None:
    """The remittance whose pays start on that day; None where no period starts then. Four queries."""
    today = today or timezone.localdate()
    try:
        if to in WORDS.values():
            return _once_a_year(to, first, today)
        government = Government(to)
        rules = Rules.read()
        period = rules.period_of(first, government)
    except (ValueError, NotReviewed):
        return None
    if period.starts_on != first:
        return None
    by_day = withheld_by_day(period.starts_on, period.ends_on)
    owed = added(*(rules.sent_to(government, pay_on, amounts) for pay_on, amounts in by_day.items()))
    paid = _paid_by_period(period.starts_on, period.ends_on, rules)
    return Standing(period, owed, tuple(paid.get(period, ())), today)


def _once_a_year(to: str, first: date, today: date) -> Standing | None:
    if first != first.replace(month=1, day=1):
        return None
    year = figures(first.year)
    return year_standing(year, today) if to == YEARLY else cnesst_standing(year, today)


def cnesst_standing(year: YearFigures, today: date) -> Standing:
    """The premium of a year that the CNESST bills itself, and what was paid of it. One query."""
    payments = Remittance.objects.filter(kind=Kind.CNESST, ends_on__year=year.year)
    paid = tuple(payments.select_related("recorded_by", "corrected_by"))
    premium = year.premium_paid_directly
    owed: Amounts = {CNESST_PLACES[0]: premium} if premium else {}
    return Standing(cnesst_period(year.year), owed, paid, today, Kind.CNESST)


def year_standing(year: YearFigures, today: date) -> Standing:
    """What is paid once for a year. One query."""
    payments = Remittance.objects.filter(kind=Kind.YEARLY, ends_on__year=year.year)
    paid = tuple(payments.select_related("recorded_by", "corrected_by"))
    return Standing(yearly_period(year.year), year.owed, paid, today, Kind.YEARLY)


def paid(year: int) -> dict[str, Amounts]:
    """What was paid to each government for the pays of a year, and to the CNESST where it was paid
    directly; counter-entries deducted. One query.
    """
    found: dict[str, Amounts] = {str(government): {} for government in Government}
    for remittance in Remittance.objects.filter(ends_on__year=year):
        found[remittance.government] = added(found.get(remittance.government, {}), remittance.amounts)
    return found
