"""The books: an entry for each issued pay and for each payment to a government, in the co-op's own accounts.

Nothing is kept but the accounts. An entry is worked out from the issued lines, which never change:
what was earned and the employer's contributions are expenses, what was withheld and what is added is
owed to the governments, the rest is owed to people. A voiding has its lines negative, and so its
entry is that of the stub it takes back with both sides turned. Nets leave the bank by an entry of their
own (`nets`). Vacation is an expense as it is earned: a third entry accrues what the stubs of the run
say they earned, and takes back what they paid of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from koumbit.refusals import Refused
from koumbit.rows import write
from members import journal
from members.models import Cooperative, Person, Power
from members.powers import demand

from . import ledgers
from .deductions.money import ZERO
from .earnings import Code as HoursCode
from .explaining import PARTS
from .ledger import Account, Entry, Written
from .models import (
    CnesstClassification,
    DepositFile,
    MappedAccount,
    OpeningBalance,
    PayRun,
    PayStub,
    Remittance,
    StubLine,
)
from .nets import moved_by, with_day
from .remittance_parts import YEARLY_PLACES, Amounts

Side, Code, Kind = StubLine.Side, StubLine.Code, Remittance.Kind

journal.name_events({"books.mapped": gettext_lazy("accounts of the books changed")})

EXPENSE, OWED, RECOVERED = "expense", "owed", "recovered"
FEES, NET, BANK = "fees", "net", "bank"
PEOPLE = f"{BANK}.people"
VACATION, VACATION_OWED = f"{EXPENSE}.vacation", f"{OWED}.vacation"
ROOTS = {EXPENSE: "Expenses", FEES: "Expenses", OWED: "Liabilities", NET: "Liabilities"}
ROOTS |= {RECOVERED: "Assets", BANK: "Assets"}

#: What is paid once a year and stands on no stub: the year's adjustments, and the training contribution.
ADJUSTED = frozenset(place for place in YEARLY_PLACES if place[1] != Code.LABOUR_STANDARDS)

#: What is reckoned once on a whole year, and is not to the cent the sum of the stubs.
ON_THE_YEAR: dict[str, tuple[str, str]] = {
    Kind.YEARLY: (Side.EMPLOYER, Code.LABOUR_STANDARDS),
    Kind.CNESST: (Side.EMPLOYER, Code.CNESST),
}

Proposal = tuple[str, str | Promise]
#: What is proposed, by place or, where a place has none, by its kind: numbers of four digits as Sage 50 has
#: them, assets in 1, liabilities in 2, expenses in 5. They are a proposal: each co-op has its own chart.
PROPOSED: dict[str, Proposal] = {
    FEES: ("5450", gettext_lazy("Freelancers’ fees")),
    NET: ("2300", gettext_lazy("Net pay owed")),
    BANK: ("1060", gettext_lazy("Bank account")),
    "recovered.gst": ("1410", gettext_lazy("GST to recover")),
    "recovered.qst": ("1420", gettext_lazy("QST to recover")),
    "expense.earning": ("5410", gettext_lazy("Wages")),
    VACATION: ("5415", gettext_lazy("Vacation earned, less what was paid")),
    VACATION_OWED: ("2340", gettext_lazy("Vacation owed")),
    "expense.employer": ("5420", gettext_lazy("Employer’s contributions")),
    "expense.employer.cnesst": ("5430", gettext_lazy("CNESST premium")),
    "owed.deduction.federal_tax": ("2310", gettext_lazy("Owed to the Canada Revenue Agency")),
    "owed.deduction.ei": ("2310", gettext_lazy("Owed to the Canada Revenue Agency")),
    "owed.employer.ei": ("2310", gettext_lazy("Owed to the Canada Revenue Agency")),
    "owed.employer.cnesst": ("2330", gettext_lazy("Owed to the CNESST")),
    "owed.deduction": ("2320", gettext_lazy("Owed to Revenu Québec")),
    "owed.employer": ("2320", gettext_lazy("Owed to Revenu Québec")),
    RECOVERED: ("1430", gettext_lazy("Sales taxes to recover")),
}


class NotMapped(Refused):
    sentence = gettext_lazy("Confirm first the accounts of your own chart: what is shown is a proposal.")


class TwoNames(Refused):
    def __init__(self, number: str):
        super().__init__(
            _("Account %(number)s has two names: give it the same one everywhere.") % {"number": number}
        )


@dataclass(frozen=True)
class Place:
    """An amount of the pay that is written to an account: its key, what it is called, its account."""

    key: str
    label: str
    number: str
    name: str
    is_proposed: bool


# Accounts -----------------------------------------------------------------------------------------


def places() -> list[Place]:
    """Every amount a pay can have, with the account it is written to: the co-op's own, else a proposal."""
    kept = {row.place: row for row in MappedAccount.objects.all()}
    return [_place(key, label, kept) for key, label in _labels().items()]


def _labels() -> dict[str, str]:
    """What each place is called, expenses first, in the order of a stub."""
    labels = {
        f"{EXPENSE}.{Side.EARNING}.{code.value}": _("Expense: %(what)s") % {"what": Code(code.value).label}
        for code in HoursCode
        if code != HoursCode.BANKED
    }
    labels[VACATION] = _("Expense: vacation earned, less what was paid of it")
    labels[FEES] = _("Expense: freelancers’ fees")
    for side, code in PARTS:
        if side == Side.EMPLOYER:
            labels[f"{EXPENSE}.{side}.{code}"] = _("Expense: %(what)s (employer)") % {
                "what": Code(code).label
            }
    for code in (Code.GST, Code.QST):
        labels[f"{RECOVERED}.{code}"] = _("To recover: %(what)s") % {"what": code.label}
    for side, code in PARTS:
        what = {"what": Code(code).label}
        owed = _("Owed: %(what)s (employer)") if side == Side.EMPLOYER else _("Owed: %(what)s (withheld)")
        labels[f"{OWED}.{side}.{code}"] = owed % what
    labels[VACATION_OWED] = _("Owed: vacation earned and not paid yet")
    labels[NET] = _("Owed: net pay")
    labels[PEOPLE] = _("Bank account that pays people")
    labels[BANK] = _("Bank account that pays the governments")
    return labels


def _place(key: str, label: str, kept: Mapping[str, MappedAccount]) -> Place:
    if own := kept.get(key) or kept.get(key.rpartition(".")[0]):
        return Place(key, label, own.number, own.name, is_proposed=key not in kept)
    number, name = _proposal(key)
    return Place(key, label, number, str(name), is_proposed=True)


def _proposal(key: str) -> Proposal:
    """The proposal for a place: its own, or that of what it is a part of."""
    while key not in PROPOSED:
        key = key.rpartition(".")[0]
    return PROPOSED[key]


@transaction.atomic
def map_accounts(accounts: Mapping[str, tuple[str, str]], *, by: Person) -> None:
    """Say which accounts of the co-op's chart the pay is written to: number and name, by place."""
    demand(by, Power.PREPARE_PAY)
    Cooperative.objects.select_for_update(of=("self",)).get()
    names: dict[str, str] = {}
    for number, name in accounts.values():
        if names.setdefault(number, name) != name:
            raise TwoNames(number)
    kept = {row.place: row for row in MappedAccount.objects.all()}
    for place, (number, name) in accounts.items():
        row = kept.get(place) or MappedAccount(place=place)
        row.number, row.name = number, name
        write(row)
    journal.record("books.mapped", by=by, accounts=len(accounts))


class Chart:
    """The accounts of the co-op by place, as entries are written to them. One query."""

    def __init__(self) -> None:
        self.kept = {row.place: row for row in MappedAccount.objects.all()}
        # One account has one root, whatever is written to it: the bank's stays an asset.
        self.roots: dict[str, str] = {}
        for key in sorted(self.kept, key=lambda key: ROOTS[key.partition(".")[0]]):
            self.roots.setdefault(self.kept[key].number, ROOTS[key.partition(".")[0]])

    @property
    def is_mapped(self) -> bool:
        return bool(self.kept)

    def account(self, key: str) -> Account:
        """The account of a place; of what it is a part of, where the law added it since."""
        place = _place(key, "", self.kept)
        root = ROOTS[key.partition(".")[0]]
        return Account(place.number, place.name, self.roots.get(place.number, root))


def chart() -> Chart:
    """The co-op's accounts. Raises NotMapped until somebody has confirmed them."""
    found = Chart()
    if not found.is_mapped:
        raise NotMapped
    return found


# Entries ------------------------------------------------------------------------------------------


def entries(first: date, last: date, *, accounts: Chart) -> list[Entry]:
    """The entries of these days, by day: each issued run at its pay date, its nets on the day they are paid,
    the vacation it earned, each remittance on the day it was paid.

    Four queries; two more when stubs were taken back, and three for each year whose yearly remittance was
    paid on these days.
    """
    days = first, last
    issued = with_day(PayRun.objects.filter(issued_at__isnull=False))
    # A net that was voided comes back when the bank refuses the file that held it.
    refused = DepositFile.objects.filter(made_at__date__range=days).values("replaces__deposits__stub")
    runs = issued.filter(Q(pay_on__range=days) | Q(paid_on__range=days) | Q(voids__in=refused))
    pays = [entry for entry in entries_of(runs, accounts=accounts) if first <= entry.day <= last]
    found = Remittance.objects.filter(paid_on__range=(first, last)).order_by("paid_on", "pk")
    paid = [remittance for remittance in found if remittance.parts]
    unaccrued: dict[int, Amounts] = {}
    for year, kind in {(remittance.ends_on.year, remittance.kind) for remittance in paid}:
        if kind in ON_THE_YEAR:
            unaccrued |= _unaccrued(year, kind)
    remitted = [
        entry_of(remittance, accounts=accounts, unaccrued=unaccrued.get(remittance.pk)) for remittance in paid
    ]
    return sorted([*pays, *remitted], key=lambda entry: entry.day)


def entries_of(runs: QuerySet[PayRun], *, accounts: Chart) -> list[Entry]:
    """The entries of these issued runs: the pay, its vacation, its nets."""
    counted = list(
        with_day(runs)
        .select_related("period", "voids__run")
        .defer("voids__facts", "voids__inputs")
        .order_by("pay_on", "pk")
    )
    sums = (
        StubLine.objects.filter(stub__run__in=counted)
        .order_by()
        .values_list("stub__run", "stub__kind", "side", "code")
        .annotate(Sum("amount"))
    )
    amounts: dict[int, list[tuple[str, str, str, Decimal]]] = {run.pk: [] for run in counted}
    for run, kind, side, code, amount in sums:
        amounts[run].append((kind, side, code, amount))
    return [
        *(_entry(run, amounts[run.pk], accounts) for run in counted),
        *_vacation_entries(counted, accounts),
        *_net_entries(counted, {run.pk: _net(amounts[run.pk]) for run in counted}, accounts),
    ]


def _net(sums: Iterable[tuple[str, str, str, Decimal]]) -> Decimal:
    """What is owed to people by a run's sums."""
    signs = {Side.EARNING: 1, Side.SALES_TAX: 1, Side.DEDUCTION: -1}
    return sum((signs.get(Side(side), 0) * amount for _kind, side, _code, amount in sums), ZERO)


def _net_entries(runs: Sequence[PayRun], nets: Mapping[int, Decimal], accounts: Chart) -> list[Entry]:
    """Nets that leave the bank on the day they are paid, and those that were not paid after all."""
    prefix = pgettext("number of an entry", "NET")
    owed, bank = accounts.account(NET), accounts.account(PEOPLE)
    found = []
    for run, day, amount in moved_by(runs, nets):
        days = run.period.starts_on, run.period.ends_on
        said = _("Nets paid, run %(run)s") if amount > 0 else _("Net that was not paid, run %(run)s")
        lines = [(owed, amount), (bank, -amount)]
        found.append(Entry.of(f"{prefix}-{run.pk}", day, said % {"run": run.pk}, days, lines))
    return found


def _vacation_entries(runs: Sequence[PayRun], accounts: Chart) -> list[Entry]:
    """The vacation each run earned, less what it paid: an expense and what is owed, or both turned round."""
    prefix = pgettext("number of an entry", "VAC")
    expense, owed = accounts.account(VACATION), accounts.account(VACATION_OWED)
    moved = ledgers.vacation_moved_by(runs)
    return [
        Entry.of(
            f"{prefix}-{run.pk}",
            run.pay_on,
            _("Vacation earned and paid, run %(run)s") % {"run": run.pk},
            (run.period.starts_on, run.period.ends_on),
            [(expense, amount), (owed, -amount)],
        )
        for run in runs
        if (amount := moved.get(run.pk, ZERO))
    ]


def _entry(run: PayRun, sums: list[tuple[str, str, str, Decimal]], accounts: Chart) -> Entry:
    lines: list[tuple[Account, Decimal]] = []
    for kind, side, code, amount in sums:
        if side == Side.EARNING:
            place = FEES if kind == PayStub.Kind.STATEMENT else f"{EXPENSE}.{side}.{code}"
            lines.append((accounts.account(place), amount))
        elif side == Side.SALES_TAX:
            lines.append((accounts.account(f"{RECOVERED}.{code}"), amount))
        else:
            lines.append((accounts.account(f"{OWED}.{side}.{code}"), -amount))
            if side == Side.EMPLOYER:
                lines.append((accounts.account(f"{EXPENSE}.{side}.{code}"), amount))
    lines.append((accounts.account(NET), -_net(sums)))
    prefix = pgettext("number of an entry", "PAY")
    days = run.period.starts_on, run.period.ends_on
    description = _("%(kind)s, run %(run)s") % {"kind": run.get_kind_display(), "run": run.pk}
    return Entry.of(f"{prefix}-{run.pk}", run.pay_on, description, days, lines)


def _unaccrued(year: int, kind: str) -> dict[int, Amounts]:
    """What each yearly payment of a year pays that no stub carries, by payment.

    The year's adjustments, whole; and of what is reckoned once on the whole year (labour standards, a
    CNESST premium paid directly), the difference from the stubs, with the payment that settles the year:
    so that nothing stays owed. The CNESST's own notice settles it as soon as it asks what the stubs carry.
    Where the year began elsewhere, the difference stays owed: it is what the books of before hold. Only
    pays issued by then count. At most three queries.
    """
    place = ON_THE_YEAR[kind]
    payments = Remittance.objects.filter(kind=kind, ends_on__year=year).order_by("pk")
    began_elsewhere = OpeningBalance.objects.filter(year=year, confirmed_at__isnull=False).exists()
    lines = StubLine.objects.filter(
        side=place[0], code=place[1], stub__run__pay_on__year=year, stub__run__issued_at__isnull=False
    )
    if kind == Kind.CNESST:
        directly = CnesstClassification.objects.filter(is_paid_with_quebec=False).on(
            OuterRef("stub__run__pay_on")
        )
        lines = lines.filter(Exists(directly))
    carried = list(lines.values_list("stub__run__issued_at", "amount"))
    found: dict[int, Amounts] = {}
    paid = settled = beyond = ZERO
    for payment in payments:
        own = {part: amount for part, amount in payment.amounts.items() if part in ADJUSTED}
        paid += payment.amounts.get(place, ZERO)
        settled += payment.amount
        if payment.corrects_id:
            cents = -found[payment.corrects_id].get(place, ZERO)
        else:
            by_then = sum((amount for at, amount in carried if at <= payment.recorded_at), ZERO)
            is_settled = settled == payment.owed or (kind == Kind.CNESST and paid >= by_then)
            cents = paid - by_then - beyond if is_settled and not began_elsewhere else ZERO
        beyond += cents
        found[payment.pk] = own | {place: cents}
    return found


def entry_of(remittance: Remittance, *, accounts: Chart, unaccrued: Amounts | None = None) -> Entry:
    """The entry of a payment of the register of remittances; of a counter-entry, the same turned round."""
    prefix = pgettext("number of an entry", "REM")
    return remittance_entry(
        f"{prefix}-{remittance.pk}",
        remittance.paid_on,
        remittance.get_government_display(),
        remittance.amounts,
        remittance.amount,
        days=(remittance.starts_on, remittance.ends_on),
        accounts=accounts,
        unaccrued=unaccrued,
    )


def remittance_entry(
    number: str,
    day: date,
    payee: str,
    parts: Mapping[tuple[str, str], Decimal],
    total: Decimal,
    *,
    days: tuple[date, date],
    accounts: Chart,
    unaccrued: Mapping[tuple[str, str], Decimal] | None = None,
) -> Entry:
    """The entry of a payment to a government: what was owed no longer is, and the bank has less.

    `parts`: dollars by side and code of the stubs' lines. What of them is `unaccrued` is in no stub
    (the year-end adjustments): it becomes an expense as it is paid. A part taken back is negative.
    """
    as_paid = {place: amount for place, amount in (unaccrued or {}).items() if amount}
    lines = [
        (accounts.account(f"{EXPENSE}.{side}.{code}"), amount) for (side, code), amount in as_paid.items()
    ]
    for side, code in {**parts, **as_paid}:
        owed = parts.get((side, code), ZERO) - as_paid.get((side, code), ZERO)
        if owed:
            lines.append((accounts.account(f"{OWED}.{side}.{code}"), owed))
    description = _("Remittance to %(payee)s") % {"payee": payee}
    return Entry.of(number, day, description, days, [*lines, (accounts.account(BANK), -total)])


# Files --------------------------------------------------------------------------------------------


def table(found: Sequence[Entry], written: Written) -> list[list[Any]]:
    """The postings as rows of cells: what it is and when it was written, a row each, the totals."""
    title = [
        _("Books"),
        str(written.first),
        str(written.last),
        written.at.isoformat(timespec="seconds"),
    ]
    head = [
        _("Entry"),
        _("Date"),
        _("Description"),
        _("First day"),
        _("Last day"),
        _("Account"),
        _("Account name"),
        _("Debit"),
        _("Credit"),
    ]
    rows = [
        [
            entry.number,
            entry.day,
            entry.description,
            entry.starts_on,
            entry.ends_on,
            posting.account.number,
            posting.account.name,
            posting.debit,
            posting.credit,
        ]
        for entry in found
        for posting in entry.postings
    ]
    total = sum((entry.total for entry in found), ZERO)
    return [title, head, *rows, [_("Total"), "", "", "", "", "", "", total, total]]
