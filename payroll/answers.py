"""What the hours ask of the pay: banks that leave draws from, what hours are worth, whether overtime is banked."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import islice, pairwise

from koumbit.prepared import Prepared, day_named, key_named
from members.models import Cooperative, WorkStatus
from timesheets import hours
from timesheets.weeks import DAYS
from timesheets.worth import Bank

from . import bank, periods, vacation
from .calendar import Period
from .deductions.money import ZERO, cents
from .dues import Rates, Spans
from .earnings import HOUR, NoRate
from .models import OvertimeChoice


def banks_of(person_id: int, on: date) -> list[Bank]:
    """The overtime a person banked, by the stubs issued so far, and the vacation they will have by that day.

    A bank into which nothing ever went is left out, and vacation where the co-op pays it otherwise.
    """
    overtime = bank.balances(people=[person_id])[person_id]
    banks = [Bank(hours.BANKED_LEAVE, overtime.balance, overtime.taken)] if overtime else []
    cooperative = Cooperative.objects.get()
    if cooperative.leave_paid_from and cooperative.leave_paid_from <= on:
        own = _vacation_by(person_id, on, cooperative)
        banks += [own] if own else []
    return banks


def _vacation_by(person_id: int, on: date, cooperative: Cooperative) -> Bank | None:
    """A salaried person's vacation, in minutes at the rate of a day: what they have, and what comes by then.

    What comes is foreseen from the agreed hours of the periods that are paid before the pay which pays
    for leave that starts on that day.
    """
    statuses = Spans.of(WorkStatus.objects.filter(person=person_id))
    status = statuses.on(person_id, on)
    if status is None or status.kind != WorkStatus.Kind.SALARIED:
        return None
    rates = Rates.read()
    services = bank.services_of(statuses.facts[person_id])
    accounts = bank.accounts(cooperative, {person_id: services}, people=[person_id])
    account = accounts.get(person_id, vacation.NOTHING)
    dollars = account.balance
    try:
        price = rates.on(on)
        for period, following in pairwise(islice(periods.coming(cooperative=cooperative), periods.AHEAD)):
            if following.pay_on > on:
                break
            if agreed := _agreed_in(period, statuses.facts[person_id]):
                wages = rates.on(period.ends_on) * agreed / (DAYS * HOUR)
                year = vacation.year_of(period.pay_on, cooperative.vacation_year_month)
                dollars += cents(wages * vacation.rate_of(year, services))
    except NoRate:
        return None
    return Bank(
        hours.VACATION, vacation.minutes_for(dollars, price), account.minutes, cooperative.leave_paid_from
    )


def _agreed_in(period: Period, statuses: Iterable[WorkStatus]) -> int:
    """Agreed minutes a week, times the days of the period on which they are: they may change in its middle."""
    return sum(
        status.agreed_minutes_per_week
        * (
            (min(period.ends_on, status.ends_on or date.max) - max(period.starts_on, status.starts_on)).days
            + 1
        )
        for status in statuses
        if status.kind == WorkStatus.Kind.SALARIED
        and status.starts_on <= period.ends_on
        and not status.is_over(period.starts_on)
    )


def banks_overtime(person_id: int, on: date) -> bool:
    """Does a written request of this person hold on that day? Without one, overtime is paid with its half."""
    return bool(_ASKED(person=person_id, day=on))


_ASKED = Prepared(
    lambda: OvertimeChoice.objects.on(day_named("day")).filter(person=key_named("person")).values_list("pk")
)


class Prices:
    """The one rate of each day, read once (`timesheets.worth.Prices`). Amounts are rounded once, to the cent."""

    def __init__(self, rates: Rates):
        self._rates = rates

    @classmethod
    def read(cls) -> "Prices":
        return cls(Rates.read())

    @property
    def changes(self) -> list[date]:
        return [rate.starts_on for rate in self._rates.known]

    def of(self, worked: Iterable[tuple[date, int]]) -> Decimal | None:
        try:
            return cents(sum((minutes * self._rates.on(day) for day, minutes in worked), ZERO) / HOUR)
        except NoRate:
            return None
