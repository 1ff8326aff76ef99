"""What the hours ask of the pay: the banks that leave draws from, and what an hour is worth."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from timesheets import hours
from timesheets.worth import Bank

from . import bank
from .deductions.money import ZERO, cents
from .dues import Rates
from .earnings import HOUR, NoRate


def banks_of(person_id: int, on: date) -> list[Bank]:
    """The overtime a person banked, by the stubs issued so far: one bank, or none if nothing ever went in."""
    overtime = bank.balances(people=[person_id])[person_id]
    return [Bank(hours.BANKED_LEAVE, overtime.balance, overtime.taken)] if overtime else []


def price_of(worked: Iterable[tuple[date, int]]) -> Decimal | None:
    """What these minutes (day, minutes) cost at the one rate of each day, rounded once, to the cent.

    None when no rate is known for one of the days.
    """
    rates = Rates.read()
    try:
        return cents(sum((minutes * rates.on(day) for day, minutes in worked), ZERO) / HOUR)
    except NoRate:
        return None
