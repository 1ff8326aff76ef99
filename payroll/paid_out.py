"""What banks pay without leave: overtime after twelve months, vacation left over, all of both at departure.

Source: Act respecting labour standards (CQLR, c. N-1.1), s. 55, 70 and 76. Leave that is approved for
after this pay is kept in its bank: approving it later than the law's term is an agreement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from members.models import Cooperative
from timesheets import hours
from timesheets.weeks import week_of

from . import bank, vacation
from .bank import Bank
from .deductions.money import ZERO
from .deductions.parameters import leave_pay_known
from .earnings import Code, Line, in_order, worth
from .in_force import Rates, Spans
from .settling import Scope, Terms
from .vacation import Account, Service, year_of

DAY = timedelta(days=1)


class Vacation(NamedTuple):
    """One person's vacation before this pay, and after it; at which part of wages it is earned now."""

    before: Account
    after: Account
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Banks:
    """Everybody's overtime bank and vacation by the stubs so far, at a pay of a period that ends on a day."""

    cooperative: Cooperative
    rates: Rates
    services: dict[int, list[Service]]
    ends_on: date
    pay_on: date
    now: dict[int, Bank]
    overdue_before: date
    overdue: dict[int, Bank]
    keeps_vacation: bool
    accounts: dict[int, Account]

    @classmethod
    def read(
        cls,
        cooperative: Cooperative,
        rates: Rates,
        statuses: Spans,
        scope: Scope,
        pay_on: date,
        terms: Terms | None,
    ) -> "Banks":
        """A constant number of queries. A stub that is being corrected has moved no bank."""
        services = {person_id: bank.services_of(own) for person_id, own in statuses.facts.items()}
        ends_on, instead_of = scope.ends_on, scope.instead_of
        before = bank.overdue_before(ends_on, terms.law if terms else leave_pay_known(pay_on))
        return cls(
            cooperative,
            rates,
            services,
            ends_on,
            pay_on,
            bank.balances(instead_of=instead_of),
            before,
            bank.balances(before=before, instead_of=instead_of),
            terms is not None,
            bank.accounts(cooperative, services, instead_of=instead_of) if terms else {},
        )

    @property
    def people(self) -> set[int]:
        """Those to whom a bank owes something, whether or not they have anything else on this pay."""
        overtime = {
            person_id
            for person_id, own in self.now.items()
            if own.balance > 0
            and (
                self.has_left(person_id)
                or self.overdue.get(person_id, Bank()).earned > own.taken + own.bank_out
            )
        }
        return overtime | {
            person_id
            for person_id, account in self.accounts.items()
            if (account.balance > 0 and self.has_left(person_id)) or account.left_over(self.ends_on + DAY) > 0
        }

    def has_left(self, person_id: int) -> bool:
        """Is the person's salaried work over by the end of the period, with none to follow?"""
        own = self.services.get(person_id)
        return bool(own) and own[-1].until is not None and own[-1].until <= self.ends_on

    def account(self, person_id: int) -> Account:
        return self.accounts.get(person_id, vacation.NOTHING)

    def pay_out(
        self, person_id: int, lines: list[Line], later: Mapping[tuple[int, str], int]
    ) -> tuple[list[Line], Vacation | None]:
        """These lines with what the banks pay beside them, and the person's vacation before and after.

        `later` are the minutes of approved leave of each kind that this pay does not pay yet. Raises
        NoRate.
        """
        week = week_of(self.ends_on, self.cooperative.week_starts_on)
        minutes = self._overtime(person_id, lines, later.get((person_id, hours.BANKED_LEAVE), 0))
        if minutes > 0:
            rate = self.rates.on(self.pay_on)
            amount = worth(minutes, rate, Code.BANK_OUT)
            lines = in_order([*lines, Line(week, Code.BANK_OUT, rate, minutes, amount)])
        if not self.keeps_vacation:
            return lines, None
        before = self.account(person_id)
        year = year_of(self.pay_on, self.cooperative.vacation_year_month)
        rate = vacation.rate_of(year, self.services.get(person_id, ()))
        amount = self._vacation(
            person_id, before.after(lines, year, rate), later.get((person_id, hours.VACATION), 0)
        )
        if amount > 0:
            lines = in_order([*lines, Line(week, Code.VACATION_OUT, None, 0, amount)])
        return lines, Vacation(before, before.after(lines, year, rate), rate)

    def _overtime(self, person_id: int, lines: list[Line], promised: int) -> int:
        """Minutes of banked leave to pay: all at departure, else what was to be taken by now."""
        _before, after = bank.around(self.now.get(person_id, Bank()), lines)
        if self.has_left(person_id):
            return after.balance
        corrected = (line for line in lines if line.week < self.overdue_before)
        _before, overdue = bank.around(self.overdue.get(person_id, Bank()), corrected)
        left = min(overdue.earned - after.taken - after.bank_out, after.balance - promised)
        return max(0, left)

    def _vacation(self, person_id: int, after: Account, promised: int) -> Decimal:
        """Dollars of vacation to pay: all at departure, else what was to be taken by now."""
        if self.has_left(person_id):
            return after.balance
        over = after.left_over(self.ends_on + DAY)
        if over <= 0 or not promised:
            return over
        kept = worth(promised, self.rates.on(self.pay_on), Code.VACATION)
        return max(ZERO, min(over, after.balance - kept))
