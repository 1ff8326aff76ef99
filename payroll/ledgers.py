"""The banks of a member as dated ledgers: each stub that moved them, and the balance after it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from members.models import Cooperative, Person, WorkStatus
from timesheets import hours

from . import bank, vacation
from .bank import Bank
from .deductions.money import ZERO
from .earnings import Code, NoRate, worth
from .in_force import Rates, Spans
from .models import BankOpening, PayRun, PayStub, StubLine
from .vacation import Account, Length, ReferenceYear, year_of

A_YEAR = timedelta(days=366)


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
    """A reference year: what it earned, what is left of it, how long its vacation lasts and until when it is taken.

    `away` are the minutes of sick and parental leave in it, for which the law may give more (s. 74, second
    paragraph): that is not computed.
    """

    year: ReferenceYear
    part: Decimal
    earned: Decimal
    left: Decimal
    length: Length
    away: int = 0


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
    away = _away(person, cooperative) if account.years else Counter()
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
                away[year],
            )
            for year in reversed(account.years)
        ],
        minutes=_minutes(account.balance, today),
        keeps_vacation=keeps,
    )


@dataclass(frozen=True, slots=True)
class Owed:
    """What both banks of a person hold today; each in minutes and in dollars at today's rate."""

    person: Person
    vacation: Decimal
    vacation_minutes: int | None
    overtime_minutes: int
    overtime: Decimal | None


def of_everyone(*, today: date) -> list[Owed]:
    """Everybody whose banks hold something, by name. A constant number of queries."""
    cooperative = Cooperative.objects.get()
    overtime = {person_id: own.balance for person_id, own in bank.balances().items() if own.balance}
    statuses = Spans.of(WorkStatus.objects.all())
    services = {person_id: bank.services_of(own) for person_id, own in statuses.facts.items()}
    vacations = {
        person_id: account.balance
        for person_id, account in bank.accounts(cooperative, services).items()
        if account.balance
    }
    try:
        rate = Rates.read().on(today)
    except NoRate:
        rate = None
    people = Person.objects.filter(pk__in=overtime.keys() | vacations.keys()).by_name()
    return [
        Owed(
            person,
            vacations.get(person.pk, ZERO),
            None if rate is None else vacation.minutes_for(vacations.get(person.pk, ZERO), rate),
            overtime.get(person.pk, 0),
            None if rate is None else worth(overtime.get(person.pk, 0), rate, Code.BANK_OUT),
        )
        for person in people
    ]


def vacation_moved_by(runs: Iterable[PayRun]) -> dict[int, Decimal]:
    """By how much each of these runs raised what is owed of vacation, all people together, in dollars. One query.

    As the stubs say it, which never changes: the balance one tells less that of the stub before it. So a
    rate of vacation that changes within a reference year (who leaves before three years of service) is in
    the run that first says so. The first stub of a person, or the first in a year, counts what it
    earned and paid: what was owed at first is in the books of before.
    """
    wanted = {run.pk: run.pay_on for run in runs}
    if not wanted:
        return {}
    since = min(wanted.values()) - A_YEAR
    stubs = PayStub.objects.filter(
        kind=PayStub.Kind.STUB, run__pay_on__gte=since, facts__has_key="vacation_bank"
    )
    rows = stubs.order_by("pk").values_list("run", "run__pay_on", "person", "facts__vacation_bank")
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    last: dict[int, tuple[date, Decimal]] = {}
    for run, pay_on, person, told in rows.iterator():
        balance = Decimal(told["balance"])
        own = Decimal(told["accrued"]) - Decimal(told.get("taken", 0)) - Decimal(told.get("out", 0))
        if run in wanted:
            day, before = last.get(person, (date.min, ZERO))
            found[run] += balance - before if abs(pay_on - day) <= A_YEAR else own
        last[person] = pay_on, balance
    return found


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


def _away(person: Person, cooperative: Cooperative) -> Counter[ReferenceYear]:
    """The minutes of approved sick and parental leave, by reference year. One query, and the co-op's week."""
    found: Counter[ReferenceYear] = Counter()
    for of in hours.approved_leave(date.max, people=[person.pk], kinds=hours.SICK_OR_PARENTAL):
        found[year_of(of.day, cooperative.vacation_year_month)] += of.minutes
    return found


def _minutes(dollars: Decimal, today: date) -> int | None:
    try:
        return vacation.minutes_for(dollars, Rates.read().on(today))
    except NoRate:
        return None
