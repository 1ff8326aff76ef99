"""How an issued pay reaches people: a deposit file for the bank, and cheques for the others.

Each stub of the run goes one way: deposited, paid by cheque, or nothing to pay (nothing is due, or
it was voided before it was paid). The three sums are the net of the run. The ways are worked out
from the accounts of the day until the file is made; from then on they are what the file says.

A stub that a correction takes back stays paid by its own run; the correction pays the difference. So
whatever comes first, the file or the correction, both together are what the stub should have been.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    TextChoices,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.refusals import Refused
from koumbit.rows import locked, write
from koumbit.said import Said, said
from members import journal
from members.models import Person, Power
from members.powers import demand

from . import bank_accounts, cpa005, readings
from .bank_days import bank_day_from
from .deductions.money import ZERO
from .models import BankAccount, Deposit, DepositFile, Originator, PayRun, PayStub
from .nets import paid_in_correction

journal.name_events(
    {
        "originator.set": gettext_lazy("what the bank needs for deposits changed"),
        "deposits.made": gettext_lazy("deposit file made"),
        "deposits.copied": gettext_lazy("copy of a deposit file taken"),
        "deposits.replaced": gettext_lazy("deposit file made again: the bank refused the one before"),
    }
)


class Way(TextChoices):
    DEPOSIT = "deposit", gettext_lazy("deposit")
    CHEQUE = "cheque", gettext_lazy("cheque")
    NOTHING = "nothing", gettext_lazy("nothing to pay")


class NoOriginator(Refused):
    sentence = gettext_lazy(
        "Enter first what the bank’s letter says: without it no deposit file can be made."
    )


class NobodyToDeposit(Refused):
    sentence = gettext_lazy("Nobody in this pay has a bank account: all of it is paid by cheque.")


class NotIssued(Refused):
    sentence = gettext_lazy("This pay is not issued: nothing is paid before somebody else has issued it.")


class WarningsUnanswered(Refused):
    sentence = gettext_lazy("Say why the file is made in spite of the warnings, or settle them first.")


class NothingToReplace(Refused):
    sentence = gettext_lazy("This pay has no deposit file yet: there is none to replace.")


class ReasonMissing(Refused):
    sentence = gettext_lazy("Say why the bank refused the file.")


class NotInTheStandard(Refused):
    """The letter of the bank was not copied as it is. `field` is what to correct."""

    def __init__(self, field: str):
        self.field = field
        super().__init__(_("This does not fit a deposit file: copy it from the bank’s letter."))


class NameUnknownToBanks(Refused):
    """A name was changed since its owner entered their account."""

    def __init__(self, person: Person):
        super().__init__(
            _("Banks only exchange Latin letters, and the name of %(person)s in the register has none.")
            % {"person": person}
        )


# What the bank says -------------------------------------------------------------------------------


def originator() -> Originator | None:
    """What the bank's letter says, once it was entered."""
    return Originator.objects.first()


@transaction.atomic
def set_originator(*, by: Person, **given: str | int) -> Originator:
    """Enter what the letter of the co-op's bank says about its direct deposits."""
    demand(by, Power.ISSUE_PAY)
    kept = Originator.objects.select_for_update(of=("self",)).first() or Originator(pk=1)
    changed = sorted(name for name, value in given.items() if getattr(kept, name) != value)
    for name, value in given.items():
        setattr(kept, name, value)
    try:
        _sender(kept)
    except cpa005.Invalid as invalid:
        raise NotInTheStandard(invalid.field) from invalid
    write(kept)
    journal.record("originator.set", by=by, fields=changed)
    return kept


# Which way each stub goes -------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """How many stubs go one way, and for how much."""

    stubs: int
    amount: Decimal


@dataclass(frozen=True)
class Split:
    """The net of a run by the way it goes. `file` is the deposit file in force, once there is one."""

    deposits: Part
    cheques: Part
    nothing: Part
    file: DepositFile | None

    @property
    def net(self) -> Decimal:
        return self.deposits.amount + self.cheques.amount + self.nothing.amount


def file_of(run: PayRun) -> DepositFile | None:
    """The deposit file in force of a run: the last one, those the bank refused left out."""
    files = run.deposit_files.filter(replaced_by=None).select_related("made_by", "replaces")
    return files.defer("content").first()


def paid_on(run: PayRun) -> date:
    """The day the money is there: the pay date; once that is past, the first day on which banks pay."""
    today = timezone.localdate()
    return run.pay_on if run.pay_on >= today else bank_day_from(today)


def ways(run: PayRun, file: DepositFile | None) -> QuerySet:
    """The stubs of a run by name, each with what is `paid` and its `way`; `is_voided` if it is not to be."""
    voiding = PayRun.objects.filter(voids=OuterRef("pk"), kind=PayRun.Kind.VOID, issued_at__isnull=False)
    stubs = run.stubs.with_totals().annotate(is_voided=Exists(voiding))
    stubs = stubs.annotate(paid=_paid(run, F("gross") - F("deductions") + F("sales_taxes")))
    nothing = When(Q(paid__lte=0) | Q(is_voided=True), then=Value(Way.NOTHING))
    if file:
        in_file = Exists(Deposit.objects.filter(file=file, stub=OuterRef("pk")))
        cases = [When(in_file, then=Value(Way.DEPOSIT)), nothing]
    else:
        accounts = BankAccount.objects.on(paid_on(run)).filter(person=OuterRef("person"))
        cases = [nothing, When(Exists(accounts), then=Value(Way.DEPOSIT))]
    stubs = stubs.annotate(way=Case(*cases, default=Value(Way.CHEQUE)))
    return stubs.select_related("person").order_by("person__sort_name", "person", "kind")


def _paid(run: PayRun, net: CombinedExpression) -> CombinedExpression | Case:
    """What a stub pays: its net. In a correction, the stub that replaces another pays the difference."""
    if run.kind != PayRun.Kind.CORRECTION:
        return net
    paid = paid_in_correction(run.stubs.with_totals())
    return Case(
        *(When(pk=pk, then=Value(amount)) for pk, amount in paid.items()),
        default=net,
        output_field=DecimalField(max_digits=12, decimal_places=2),
    )


def split(run: PayRun) -> Split:
    """The net of a run by the way it goes. Two queries, whatever the number of people; three for a correction."""
    file = file_of(run)
    counted = {f"{way}_stubs": Count("pk", filter=Q(way=way)) for way in Way}
    summed = {f"{way}_amount": Sum("paid", filter=Q(way=way), default=ZERO) for way in Way}
    found = ways(run, file).order_by().aggregate(**counted, **summed)

    def part(way: Way) -> Part:
        return Part(found[f"{way}_stubs"], found[f"{way}_amount"])

    return Split(part(Way.DEPOSIT), part(Way.CHEQUE), part(Way.NOTHING), file)


def findings(run: PayRun) -> list[Said]:
    """What to make sure of before the file is made; nothing if all is well."""
    day = paid_on(run)
    new = BankAccount.objects.on(day).filter(
        person__stubs__run=run, given_at__gt=timezone.now() - bank_accounts.COOLING
    )
    changed = new.order_by("person__sort_name").values_list("person", "given_at").distinct()
    people = Person.objects.in_bulk({person for person, _given_at in changed})
    return [
        *(_changed(people[person], given_at) for person, given_at in changed),
        *taken_back(run),
    ]


def taken_back(run: PayRun) -> list[Said]:
    """What was decided about stubs of this run since it was issued, and bears on paying them."""
    found = []
    about = PayRun.objects.filter(voids__run=run).select_related("voids__person").order_by("pk")
    for later in about:
        person = later.voids.person
        if later.kind == PayRun.Kind.VOID and not later.is_issued:
            found.append(
                said(
                    "The voiding of the stub of %(person)s waits to be issued: have it issued or withdrawn first.",
                    person=person,
                )
            )
        if later.kind == PayRun.Kind.CORRECTION and later.is_issued:
            difference = sum((stub.net for stub in later.stubs.with_totals()), ZERO)
            if difference < 0:
                found.append(
                    said(
                        "The stub of %(person)s was corrected to a lower amount: they will have received "
                        "%(difference)s too much, which is to be settled with them.",
                        person=person,
                        difference=-difference,
                    )
                )
    return found


def _changed(person: Person, given_at: datetime) -> Said:
    return said(
        "The account of %(person)s was entered on %(moment)s, less than two days ago: "
        "ask them, aloud, whether they did it.",
        person=person,
        moment=given_at,
    )


# The file -----------------------------------------------------------------------------------------


@transaction.atomic
def make_file(run: PayRun, *, by: Person, because: str = "") -> tuple[DepositFile, bool]:
    """The deposit file of an issued pay, and whether it is a copy of one that was taken before.

    The first time it is written and numbered; afterwards it is the same, to the character.
    `because` answers the warnings of `findings`. Whose account it holds sees who took it.
    """
    demand(by, Power.ISSUE_PAY)
    run = locked(run)
    file = file_of(run)
    if file:
        _note_reading(file, by)
        journal.record("deposits.copied", by=by, run=run.pk, file=file.pk, number=file.number)
        return file, True
    file = _write_file(run, list(ways(run, None).filter(way=Way.DEPOSIT)), by=by, because=because)
    journal.record("deposits.made", by=by, **_body(file))
    return file, False


@transaction.atomic
def replace_file(run: PayRun, *, by: Person, because: str) -> DepositFile:
    """Another file, with another number, since the bank refused the whole of the one before.

    It pays those whom that file would have paid and who still have an account; nobody else, who may
    have their cheque already.
    """
    demand(by, Power.ISSUE_PAY)
    run = locked(run)
    refused = file_of(run)
    if refused is None:
        raise NothingToReplace
    if not because.strip():
        raise ReasonMissing
    stubs = ways(run, None).filter(way=Way.DEPOSIT, deposits__file=refused)
    file = _write_file(run, list(stubs), by=by, because=because, replaces=refused)
    journal.record("deposits.replaced", by=by, replaces=refused.pk, **_body(file))
    return file


def content_of(file: DepositFile) -> bytes:
    """The characters for the bank, as they were written once."""
    return DepositFile.objects.values_list("content", flat=True).get(pk=file.pk).encode("ascii")


def _body(file: DepositFile) -> dict[str, int]:
    # Neither the total nor the digest: of a pay with one person they would give away an amount,
    # or let an account number be found by trying them all.
    return {"run": file.run_id, "file": file.pk, "number": file.number, "payments": file.payments}


def _write_file(
    run: PayRun,
    stubs: Sequence[PayStub],
    *,
    by: Person,
    because: str,
    replaces: DepositFile | None = None,
) -> DepositFile:
    if not run.is_issued:
        raise NotIssued
    sender = Originator.objects.select_for_update(of=("self",)).first()
    if sender is None:
        raise NoOriginator
    if not stubs:
        raise NobodyToDeposit
    found, because = findings(run), because.strip()
    if found and not because:
        raise WarningsUnanswered
    cycle, number = next_number(sender)
    available_on, now = paid_on(run), timezone.now()
    payments = _credits(stubs, available_on)
    content = cpa005.written(_sender(sender), payments, number=number, made_on=timezone.localdate(now))
    file = DepositFile(
        run=run,
        originator_id=sender.originator_id,
        cycle=cycle,
        number=number,
        available_on=available_on,
        payments=len(stubs),
        total=sum((credit.amount for credit in payments), ZERO),
        findings=[one.kept() for one in found],
        because=because,
        replaces=replaces,
        content=content,
        sha256=hashlib.sha256(content.encode("ascii")).hexdigest(),
        made_at=now,
        made_by=by,
    )
    write(file)
    Deposit.objects.bulk_create(
        [
            Deposit(file=file, stub=stub, place=place, amount=stub.paid)
            for place, stub in enumerate(stubs, start=1)
        ]
    )
    _note_reading(file, by)
    return file


def next_number(sender: Originator) -> tuple[int, int]:
    """The cycle and number of the next file: after the last of this originator, here or by other means.

    After 9999 another cycle starts at 1: the standard has four digits, and banks ask that a number
    differ from those of the last files.
    """
    files = DepositFile.objects.filter(originator_id=sender.originator_id)
    last = files.order_by("-cycle", "-number").values_list("cycle", "number").first()
    cycle, number = last or (1, 0)
    number = max(number, sender.last_number) + 1 if cycle == 1 else number + 1
    return (cycle, number) if number <= cpa005.LAST_NUMBER else (cycle + 1, 1)


def _credits(stubs: Sequence[PayStub], available_on: date) -> list[cpa005.Credit]:
    accounts = bank_accounts.in_force({stub.person_id for stub in stubs}, available_on)
    return [_credit(stub, accounts[stub.person_id], available_on) for stub in stubs]


def _credit(stub: PayStub, account: BankAccount, available_on: date) -> cpa005.Credit:
    payee = stub.person.get_full_name()
    if not cpa005.plain(payee):
        raise NameUnknownToBanks(stub.person)
    to = cpa005.Account(account.institution, account.transit, account.number)
    return cpa005.Credit(stub.paid, available_on, payee, to, stub.facts["number"])


def _sender(sender: Originator) -> cpa005.Originator:
    return cpa005.Originator(
        originator_id=sender.originator_id,
        short_name=sender.short_name,
        long_name=sender.long_name,
        data_centre=sender.data_centre,
        returns_to=cpa005.Account(sender.institution, sender.transit, sender.number),
        clearer_centre=sender.clearer_centre,
    )


def _note_reading(file: DepositFile, by: Person) -> None:
    """Each person paid by the file sees who took it, since it holds their account."""
    readings.open_accounts(Person.objects.filter(stubs__deposits__file=file).distinct(), by=by)


# Files for people ---------------------------------------------------------------------------------


def table(run: PayRun, way: Way | None = None) -> list[list]:
    """What is to be paid, as rows of cells: what it is, a row per stub, the total. Never an account.

    `way` keeps one way only; without it, deposits and cheques both, for entering by hand at the bank.
    """
    title = [
        _("Payments of pay run %(run)s") % {"run": run.pk},
        str(run.period.starts_on),
        str(run.period.ends_on),
        str(paid_on(run)),
        timezone.localtime().isoformat(timespec="seconds"),
    ]
    head = [_("Number"), _("Person"), _("Way"), _("Account entered on"), _("Amount")]
    found = ways(run, file_of(run)).exclude(way=Way.NOTHING)
    stubs = list(found.filter(way=way) if way else found)
    accounts = BankAccount.objects.on(paid_on(run)).filter(person__in=[stub.person_id for stub in stubs])
    entered = dict(accounts.values_list("person", "given_at"))
    rows = [
        [
            stub.facts["number"],
            str(stub.person),
            Way(stub.way).label,
            timezone.localdate(entered[stub.person_id]) if stub.person_id in entered else "",
            stub.paid,
        ]
        for stub in stubs
    ]
    foot = [_("Total"), "", "", "", sum((stub.paid for stub in stubs), ZERO)]
    return [title, head, *rows, foot]
