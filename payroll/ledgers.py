"""The banks of a member as dated ledgers: each stub that moved them, and the balance after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from members.models import Cooperative, Person, WorkStatus

from . import bank, vacation
from .bank import Bank
from .deductions.money import ZERO
from .earnings import Code, NoRate
from .in_force import Rates
from .models import BankOpening, PayStub, StubLine
from .vacation import Account, Length, ReferenceYear, year_of


@dataclass(frozen=True, slots=True)
class Movement:
    """What one stub did to a bank, in minutes or in dollars; without a stub, what was owed at first."""

    on: date
    stub: PayStub | None
    earned: Decimal | int
    taken: Decimal | int
    out: Decimal | int
    balance: Decimal | int


@dataclass(frozen=True, slots=True)
class YearLeft:
    """A reference year: what it earned, what is left of it, how long its vacation lasts and until when it is taken."""

    year: ReferenceYear
    part: Decimal
    earned: Decimal
    left: Decimal
    length: Length


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Both banks of a person, latest movement first. `minutes` are the vacation dollars at today's rate."""

    overtime: list[Movement]
    overtime_balance: int
    vacation: list[Movement]
    vacation_balance: Decimal
    years: list[YearLeft]
    minutes: int | None
    keeps_vacation: bool


def of_person(person: Person, *, today: date) -> Ledgers:
    """The ledgers of a person by the stubs issued so far. A constant number of queries."""
    cooperative = Cooperative.objects.get()
    stubs = list(_stubs(person))
    opening = BankOpening.objects.filter(person=person).first()
    overtime = _overtime(stubs, opening)
    keeps = cooperative.leave_paid_from is not None
    services = bank.services_of(WorkStatus.objects.filter(person=person))
    moved, account = _vacation(stubs, opening, cooperative, services) if keeps else ([], vacation.NOTHING)
    left = account.left()
    return Ledgers(
        overtime=overtime[::-1],
        overtime_balance=int(overtime[-1].balance) if overtime else 0,
        vacation=moved[::-1],
        vacation_balance=account.balance,
        years=[
            YearLeft(
                year,
                vacation.rate_of(year, services),
                account.accrued(year),
                left[year],
                vacation.length_of(year, services),
            )
            for year in reversed(account.years)
        ],
        minutes=_minutes(account.balance, today),
        keeps_vacation=keeps,
    )


def _stubs(person: Person) -> QuerySet:
    """The person's stubs in the order they were paid, with what moves the banks."""

    def total(field: str, *codes: Code) -> Sum:
        return Sum(
            f"lines__{field}", filter=Q(lines__code__in=codes), default=0 if field == "minutes" else ZERO
        )

    earned = Q(lines__side=StubLine.Side.EARNING) & ~Q(lines__code=Code.VACATION_OUT)
    return (
        PayStub.objects.filter(person=person, kind=PayStub.Kind.STUB)
        .select_related("run")
        .defer("inputs")
        .annotate(
            gross_for_vacation=Sum("lines__amount", filter=earned, default=ZERO),
            vacation_taken=total("amount", Code.VACATION),
            vacation_out=total("amount", Code.VACATION_OUT),
            banked=total("minutes", Code.BANKED),
            bank_taken=total("minutes", Code.TAKEN),
            bank_out=total("minutes", Code.BANK_OUT),
        )
        .order_by("run__pay_on", "pk")
    )


def _overtime(stubs: Iterable, opening: BankOpening | None) -> list[Movement]:
    found: list[Movement] = []
    held = Bank()
    if opening and opening.banked_minutes:
        held = Bank(opening=opening.banked_minutes)
        found.append(Movement(opening.on, None, held.earned, 0, 0, held.balance))
    for stub in stubs:
        before = held
        held = Bank(
            held.banked + stub.banked,
            held.taken + stub.bank_taken,
            held.bank_out + stub.bank_out,
            held.opening,
        )
        if stub.banked or stub.bank_taken or stub.bank_out:
            earned = held.earned - before.earned
            found.append(
                Movement(stub.run.pay_on, stub, earned, stub.bank_taken, stub.bank_out, held.balance)
            )
    return found


def _vacation(
    stubs: Iterable, opening: BankOpening | None, cooperative: Cooperative, services: list
) -> tuple[list[Movement], Account]:
    found: list[Movement] = []
    account = Account({}, {}, bank.opening_of(opening, cooperative) if opening else {})
    if account.balance and opening:
        found.append(Movement(opening.on, None, account.balance, ZERO, ZERO, account.balance))
    for stub in stubs:
        if stub.run.pay_on < cooperative.leave_paid_from:
            continue
        year = year_of(stub.run.pay_on, cooperative.vacation_year_month)
        before = account
        account = Account(
            {**account.gross, year: account.gross.get(year, ZERO) + stub.gross_for_vacation},
            {**account.rates, year: vacation.rate_of(year, services)},
            account.opening,
            account.paid + stub.vacation_taken + stub.vacation_out,
            account.out + stub.vacation_out,
        )
        earned = account.earned - before.earned
        if earned or stub.vacation_taken or stub.vacation_out:
            found.append(
                Movement(
                    stub.run.pay_on, stub, earned, stub.vacation_taken, stub.vacation_out, account.balance
                )
            )
    return found, account


def _minutes(dollars: Decimal, today: date) -> int | None:
    try:
        return vacation.minutes_for(dollars, Rates.read().on(today))
    except NoRate:
        return None
