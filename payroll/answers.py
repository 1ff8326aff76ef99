"""What the hours ask of the pay: banks that leave draws from, what hours are worth, whether overtime is banked."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from timesheets import hours
from timesheets.worth import Bank

from . import bank
from .deductions.money import ZERO, cents
from .dues import Rates
from .earnings import HOUR, NoRate
from .models import OvertimeChoice


def banks_of(person_id: int, on: date) -> list[Bank]:
    """The overtime a person banked, by the stubs issued so far: one bank, or none if nothing ever went in."""
    overtime = bank.balances(people=[person_id])[person_id]
    return [Bank(hours.BANKED_LEAVE, overtime.balance, overtime.taken)] if overtime else []


def banks_overtime(person_id: int, on: date) -> bool:
    """Does a written request of this person hold on that day? Without one, overtime is paid with its half."""
    return OvertimeChoice.objects.on(on).filter(person=person_id).exists()


def prices_of(worked: Mapping[int, Iterable[tuple[date, int]]]) -> dict[int, Decimal | None]:
    """What the minutes (day, minutes) under each key cost at the one rate of each day, rounded once, to the cent.

    None when no rate is known for one of the days.
    """
    rates = Rates.read()
    return {key: _price(rates, lines) for key, lines in worked.items()}


def _price(rates: Rates, worked: Iterable[tuple[date, int]]) -> Decimal | None:
    try:
        return cents(sum((minutes * rates.on(day) for day, minutes in worked), ZERO) / HOUR)
    except NoRate:
        return None
