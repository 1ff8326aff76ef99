"""What people were paid in the year before the co-op used this software: entered by one, confirmed by another.

A year's maximums, years to date and yearly slips are about the whole year: a co-op that starts in
mid-year copies what its former books say, person by person. `openings` is where everything else
reads them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.formats import day as written
from koumbit.formats import dollars
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Cooperative, Person, Power
from members.powers import demand

from .deductions import NotReviewed, edition_on
from .deductions.money import ZERO, cents
from .dues import Payee
from .explaining import PARTS
from .models import OpeningAmount, OpeningBalance, PayStub, StubLine

Side, Code = StubLine.Side, StubLine.Code
Place = tuple[str, str]
#: What an opening balance may hold besides the gross, by kind.
PLACES: dict[str, tuple[Place, ...]] = {
    PayStub.Kind.STUB: tuple(PARTS),
    PayStub.Kind.STATEMENT: ((Side.SALES_TAX, Code.GST), (Side.SALES_TAX, Code.QST)),
}
#: The yearly maximum of a contribution, in the tables.
MAXIMUMS: dict[Place, str] = {
    (Side.DEDUCTION, Code.QPP): "qpp_maximum",
    (Side.DEDUCTION, Code.QPP2): "qpp2_maximum",
    (Side.DEDUCTION, Code.QPIP): "qpip_maximum",
    (Side.DEDUCTION, Code.EI): "ei_maximum",
    (Side.EMPLOYER, Code.QPP): "qpp_maximum",
    (Side.EMPLOYER, Code.QPP2): "qpp2_maximum",
    (Side.EMPLOYER, Code.QPIP): "qpip_employer_maximum",
}

journal.name_events(
    {
        "opening.entered": gettext_lazy("opening balance entered"),
        "opening.confirmed": gettext_lazy("opening balance confirmed"),
        "opening.withdrawn": gettext_lazy("opening balance withdrawn"),
    }
)


class MoreThanTheMaximum(Refused):
    """A contribution copied wrong: nobody contributes more in a year."""

    def __init__(self, code: str, amount: Decimal, most: Decimal):
        super().__init__(
            _("%(contribution)s: %(amount)s is more than the year’s maximum, %(most)s.")
            % {"contribution": Code(code).label, "amount": dollars(amount), "most": dollars(most)}
        )


class MoreThanTheGross(Refused):
    """What was withheld is part of the gross."""

    sentence = gettext_lazy("More is withheld than the gross: check the amounts.")


class ConfirmedByWhoEntered(Refused):
    """Two people: one copies, another one checks."""

    sentence = gettext_lazy("You entered this balance: another person confirms it.")


class AlreadyConfirmed(Refused):
    """It is counted already."""

    sentence = gettext_lazy("This balance is already confirmed.")


class PaidHereBefore(Refused):
    """The balance would count pays that were made here."""

    def __init__(self, day: date):
        super().__init__(
            _(
                "A pay of %(day)s was issued here: an opening balance counts only pays made before. Check its "
                "last pay date."
            )
            % {"day": written(day)}
        )


@dataclass(frozen=True)
class Opening:
    """One payee's confirmed opening balance: the gross, and the other amounts by side and code."""

    payee: Payee
    year: int
    through: date
    pays: int
    gross: Decimal
    pensionable: Decimal
    insurable: Decimal
    nonperiodic: Decimal
    nonperiodic_f5: Decimal
    by_code: dict[Place, Decimal]


def openings(year: int, *, people: Collection[int] | None = None) -> dict[Payee, Opening]:
    """The confirmed opening balances of a tax year, or of `people`, by payee. One query, two when there are some."""
    confirmed = OpeningBalance.objects.filter(year=year, confirmed_at__isnull=False)
    if people is not None:
        confirmed = confirmed.filter(person__in=people)
    return {
        Payee(balance.person_id, balance.kind): Opening(
            payee=Payee(balance.person_id, balance.kind),
            year=year,
            through=balance.through,
            pays=balance.pays,
            gross=balance.gross,
            pensionable=balance.pensionable,
            insurable=balance.insurable,
            nonperiodic=balance.nonperiodic,
            nonperiodic_f5=balance.nonperiodic_f5,
            by_code={(amount.side, amount.code): amount.amount for amount in balance.amounts.all()},
        )
        for balance in confirmed.order_by("pk").prefetch_related("amounts")
    }


def of_year(year: int) -> QuerySet[OpeningBalance]:
    """The balances of a year, confirmed or not, by name, each with its people."""
    balances = OpeningBalance.objects.filter(year=year)
    return balances.select_related("person", "entered_by", "confirmed_by").order_by(
        "person__sort_name", "kind"
    )


def net_of(balance: OpeningBalance) -> Decimal:
    """What the person received in all: gross, less deductions, plus sales taxes."""
    signs: dict[str, int] = {Side.DEDUCTION: -1, Side.SALES_TAX: 1}
    return balance.gross + sum(
        (signs.get(amount.side, 0) * amount.amount for amount in balance.amounts.all()), ZERO
    )


# Verbs --------------------------------------------------------------------------------------------


@transaction.atomic
def enter(
    person: Person,
    *,
    by: Person,
    through: date,
    pays: int,
    gross: Decimal,
    kind: str = PayStub.Kind.STUB,
    amounts: Mapping[Place, Decimal],
    pensionable: Decimal | None = None,
    insurable: Decimal | None = None,
    nonperiodic: Decimal = ZERO,
) -> OpeningBalance:
    """Copy what a person was paid and what was withheld, up to a pay date; somebody else confirms it.

    `pensionable` and `insurable` are the whole gross unless they are said. Raises MoreThanTheMaximum,
    MoreThanTheGross, Refused for a year without tables.
    """
    demand(by, Power.PREPARE_PAY)
    kept = {place: amount for place, amount in amounts.items() if amount}
    is_stub = kind == PayStub.Kind.STUB
    _check(kept, gross, through)
    whole = gross if is_stub else ZERO
    balance = OpeningBalance(
        person=person,
        year=through.year,
        kind=kind,
        through=through,
        pays=pays,
        gross=gross,
        pensionable=whole if pensionable is None else pensionable,
        insurable=whole if insurable is None else insurable,
        nonperiodic=nonperiodic,
        entered_at=timezone.now(),
        entered_by=by,
    )
    balance.nonperiodic_f5 = _f5_on_lump_sums(balance, kept)
    write(balance)
    for (side, code), amount in kept.items():
        write(OpeningAmount(balance=balance, side=side, code=code, amount=amount))
    journal.record("opening.entered", by=by, opening=balance.pk, person=person.pk, year=balance.year)
    return balance


@transaction.atomic
def enter_all(balances: Iterable[tuple[int, Mapping[str, Any]]], *, by: Person) -> list[OpeningBalance]:
    """Enter the balances of a file, all or none; each comes with its line, which a refusal names."""
    entered = []
    for line, told in balances:
        try:
            entered.append(enter(by=by, **told))
        except (Refused, ValidationError) as refusal:
            sentence = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
            raise Refused(
                _("Line %(line)d: %(sentence)s") % {"line": line, "sentence": sentence}
            ) from refusal
    return entered


def _check(amounts: Mapping[Place, Decimal], gross: Decimal, through: date) -> None:
    try:
        table = edition_on(through).contributions
    except NotReviewed as refusal:
        raise Refused(
            _("The tables of %(year)s are not here: this year cannot be opened.") % {"year": through.year}
        ) from refusal
    for place, amount in amounts.items():
        most = getattr(table, MAXIMUMS[place]) if place in MAXIMUMS else None
        if most is not None and amount > most:
            raise MoreThanTheMaximum(place[1], amount, most)
    if sum((amount for (side, _code), amount in amounts.items() if side == Side.DEDUCTION), ZERO) > gross:
        raise MoreThanTheGross


def _f5_on_lump_sums(balance: OpeningBalance, amounts: Mapping[Place, Decimal]) -> Decimal:
    """The additional QPP contributions on the non-periodic part, in proportion to the whole."""
    if not balance.nonperiodic or not balance.pensionable:
        return ZERO
    table = edition_on(balance.through).contributions
    qpp = amounts.get((Side.DEDUCTION, Code.QPP), ZERO)
    additional = qpp * table.qpp_first_additional_rate / table.qpp_rate
    additional += amounts.get((Side.DEDUCTION, Code.QPP2), ZERO)
    return cents(additional * min(balance.nonperiodic, balance.pensionable) / balance.pensionable)


@transaction.atomic
def confirm(balance: OpeningBalance, *, by: Person) -> OpeningBalance:
    """Say that the balance is what the former books say: from now on every pay of the year counts it."""
    Cooperative.objects.select_for_update(of=("self",)).get()  # no pay is issued meanwhile
    demand(by, Power.ISSUE_PAY)
    balance = locked(balance)
    if balance.is_confirmed:
        raise AlreadyConfirmed
    if by.pk == balance.entered_by_id:
        raise ConfirmedByWhoEntered
    paid = PayStub.objects.paid_in(balance.year).filter(
        person=balance.person_id, kind=balance.kind, run__pay_on__lte=balance.through
    )
    if first := paid.select_related("run").order_by("run__pay_on").first():
        raise PaidHereBefore(first.run.pay_on)
    balance.confirmed_at, balance.confirmed_by = timezone.now(), by
    balance.save(update_fields=["confirmed_at", "confirmed_by"])
    journal.record(
        "opening.confirmed", by=by, opening=balance.pk, person=balance.person_id, year=balance.year
    )
    return balance


@transaction.atomic
def withdraw(balance: OpeningBalance, *, by: Person) -> None:
    """Take a balance away, to enter it again. Refused once an issued pay has counted it."""
    Cooperative.objects.select_for_update(of=("self",)).get()
    demand(by, Power.PREPARE_PAY)
    balance = locked(balance)
    if is_counted(balance):
        raise Refused(_("A pay has counted this balance: it is final."))
    pk, person_id, year = balance.pk, balance.person_id, balance.year
    balance.amounts.all().delete()
    balance.delete()
    journal.record("opening.withdrawn", by=by, opening=pk, person=person_id, year=year)


def is_counted(balance: OpeningBalance) -> bool:
    """Has a pay issued since its confirmation counted it?"""
    if balance.confirmed_at is None:
        return False
    stubs = PayStub.objects.paid_in(balance.year).filter(person=balance.person_id, kind=balance.kind)
    return stubs.filter(run__issued_at__gt=balance.confirmed_at).exists()
