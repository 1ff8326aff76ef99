"""What members have earned and not taken: banked overtime in minutes, vacation in dollars.

Both are sums over what issued stubs paid, and over what was owed already when the co-op started here.
Nothing is stored: a voided stub gives back what it took.

Source: Act respecting labour standards (CQLR, c. N-1.1), s. 55: at the employee's request overtime is
replaced by paid leave of the hours worked plus half, to be taken within twelve months, otherwise paid;
s. 66 to 76 for vacation (`vacation`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol

from dateutil.relativedelta import relativedelta
from django.db.models import Case, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import ExtractMonth, ExtractYear

from members.models import Cooperative, WorkStatus
from timesheets.weeks import WEEK

from . import vacation
from .deductions.money import ZERO
from .deductions.parameters import LeavePay
from .earnings import Code, banked_minutes
from .models import BankOpening, PayStub, StubLine
from .vacation import Account, ReferenceYear, Service, year_of

DAY = timedelta(days=1)


# Overtime -----------------------------------------------------------------------------------------


class Bank(NamedTuple):
    """Minutes of overtime banked, before time and a half; of leave taken from them, paid out, and owed at first."""

    banked: int = 0
    taken: int = 0
    bank_out: int = 0
    opening: int = 0

    @property
    def earned(self) -> int:
        return self.opening + banked_minutes(self.banked)

    @property
    def balance(self) -> int:
        return self.earned - self.taken - self.bank_out

    def __bool__(self) -> bool:
        return any(self)


#: The lines that move the overtime bank.
IN_BANK = (Code.BANKED, Code.TAKEN, Code.BANK_OUT)


class Earned(Protocol):
    code: str
    minutes: int | None


def balances(
    *,
    people: Iterable[int] | None = None,
    before: date | None = None,
    instead_of: PayStub | None = None,
) -> dict[int, Bank]:
    """The bank of each person by the stubs issued so far; of weeks before a day, if one is given. One query.

    `instead_of` is a stub that is being corrected: it counts for nothing.
    """
    lines = StubLine.objects.filter(code__in=IN_BANK).order_by()
    if instead_of:
        lines = lines.exclude(stub=instead_of)
    openings = BankOpening.objects.filter(banked_minutes__gt=0)
    if people is not None:
        people = list(people)
        lines = lines.filter(stub__person__in=people)
        openings = openings.filter(person__in=people)
    if before is not None:
        lines, openings = lines.filter(week_starts_on__lt=before), openings.filter(on__lte=before)
    moved = lines.values_list("stub__person_id", "code").annotate(total=Sum("minutes"))
    owed = openings.values_list("person_id", Value("opening"), "banked_minutes")
    found: dict[int, Bank] = defaultdict(Bank)
    for person_id, name, minutes in moved.union(owed, all=True):
        found[person_id] = found[person_id]._replace(**{name: minutes})
    return found


def overdue_before(through: date, law: LeavePay) -> date:
    """Overtime banked in weeks that start before this day should have been taken by the evening of `through`."""
    return through - relativedelta(months=int(law.banked_within_months)) - WEEK + 2 * DAY


def around(bank: Bank, lines: Iterable[Earned]) -> tuple[Bank, Bank]:
    """The bank before and after the lines of one stub."""
    added = dict.fromkeys(IN_BANK, 0)
    for line in lines:
        if line.code in IN_BANK:
            added[Code(line.code)] += line.minutes or 0
    banked, taken, out = added.values()
    return bank, Bank(bank.banked + banked, bank.taken + taken, bank.bank_out + out, bank.opening)


def told(before: Bank, after: Bank) -> dict[str, int]:
    """What a stub says of the bank, in minutes: earned on it, taken or paid out if any, the balance after it."""
    said = {"earned": after.earned - before.earned, "balance": after.balance}
    if after.taken != before.taken:
        said["taken"] = after.taken - before.taken
    if after.bank_out != before.bank_out:
        said["out"] = after.bank_out - before.bank_out
    return said


# Vacation -----------------------------------------------------------------------------------------


def services_of(statuses: Iterable[WorkStatus]) -> list[Service]:
    """One person's uninterrupted salaried services, oldest first."""
    salaried = (of for of in statuses if of.kind == WorkStatus.Kind.SALARIED)
    return vacation.services((of.starts_on, of.ends_on) for of in salaried)


def opening_of(opening: BankOpening, cooperative: Cooperative) -> dict[ReferenceYear, Decimal]:
    """What was owed of each reference year on the first day."""
    this = year_of(opening.on, cooperative.vacation_year_month)
    last = year_of(this.starts_on - DAY, cooperative.vacation_year_month)
    return {year: amount for year, amount in ((last, opening.last_year), (this, opening.this_year)) if amount}


def accounts(
    cooperative: Cooperative,
    services: Mapping[int, Sequence[Service]],
    *,
    people: Iterable[int] | None = None,
    instead_of: PayStub | None = None,
) -> dict[int, Account]:
    """The vacation of everybody who earned some by the stubs issued so far. Two queries, or none.

    `services` are those of each person: they give the rate of each reference year. `instead_of` is a
    stub that is being corrected: it counts for nothing.
    """
    if cooperative.leave_paid_from is None:
        return {}
    lines = StubLine.objects.filter(
        side=StubLine.Side.EARNING,
        stub__kind=PayStub.Kind.STUB,
        stub__run__pay_on__gte=cooperative.leave_paid_from,
    )
    if instead_of:
        lines = lines.exclude(stub=instead_of)
    openings = BankOpening.objects.all()
    if people is not None:
        people = list(people)
        lines, openings = lines.filter(stub__person__in=people), openings.filter(person__in=people)
    month = cooperative.vacation_year_month
    rows = (
        lines.order_by()
        .annotate(pay_year=ExtractYear("stub__run__pay_on"), pay_month=ExtractMonth("stub__run__pay_on"))
        .annotate(
            reference_year=Case(
                When(pay_month__lt=month, then=F("pay_year") - 1),
                default=F("pay_year"),
                output_field=IntegerField(),
            )
        )
        .values("stub__person_id", "reference_year")
        .annotate(
            gross=Sum("amount", filter=~Q(code=Code.VACATION_OUT), default=ZERO),
            paid=Sum("amount", filter=Q(code__in=vacation.PAID), default=ZERO),
            out=Sum("amount", filter=Q(code=Code.VACATION_OUT), default=ZERO),
            taken=Sum("minutes", filter=Q(code=Code.VACATION), default=0),
        )
        .values_list("stub__person_id", "reference_year", "gross", "paid", "out", "taken")
    )
    gross: dict[int, dict[ReferenceYear, Decimal]] = defaultdict(dict)
    paid: dict[int, Decimal] = defaultdict(lambda: ZERO)
    without_leave: dict[int, Decimal] = defaultdict(lambda: ZERO)
    minutes: dict[int, int] = defaultdict(int)
    for person_id, year, amount, of_bank, out, taken in rows:
        gross[person_id][ReferenceYear(date(year, month, 1))] = amount
        paid[person_id] += of_bank
        without_leave[person_id] += out
        minutes[person_id] += taken
    opening = {of.person_id: opening_of(of, cooperative) for of in openings}
    return {
        person_id: Account(
            gross.get(person_id, {}),
            {year: vacation.rate_of(year, services.get(person_id, ())) for year in gross.get(person_id, ())},
            opening.get(person_id, {}),
            paid[person_id],
            without_leave[person_id],
            minutes[person_id],
        )
        for person_id in gross.keys() | opening.keys()
    }
