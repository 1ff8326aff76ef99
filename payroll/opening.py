"""What people were paid in the year before the co-op used this software: entered by one, confirmed by another.

A year's maximums, years to date and yearly slips are about the whole year: a co-op that starts in
mid-year copies what its former books say, person by person. `openings` is where everything else
reads them.

Once a pay has counted a balance it is final. What it should have said is an adjustment: signed
differences, entered by one and confirmed by another. The pays that counted the balance stay what they
are; the next ones compare the year as it is now with the year's maximums, as they always do.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
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
from .models import OpeningAdjustment, OpeningAmount, OpeningBalance, OpeningChange, PayStub, StubLine

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
        "opening.adjusted": gettext_lazy("adjustment of an opening balance entered"),
        "opening.adjustment_confirmed": gettext_lazy("adjustment of an opening balance confirmed"),
        "opening.adjustment_withdrawn": gettext_lazy("adjustment of an opening balance withdrawn"),
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


class NotCounted(Refused):
    """Nothing holds the balance yet."""

    sentence = gettext_lazy(
        "No pay has counted this balance yet: withdraw it and enter it again instead of adjusting it."
    )


class NothingToAdjust(Refused):
    sentence = gettext_lazy("These are the figures that are counted already: there is nothing to adjust.")


class AdjustmentConfirmed(Refused):
    sentence = gettext_lazy("This adjustment is confirmed: it is final. Enter another one.")


class AdjustedByWhoEntered(Refused):
    sentence = gettext_lazy("Whoever entered this adjustment does not confirm it: another person does.")


class PartsDoNotFit(Refused):
    sentence = gettext_lazy(
        "No figure is less than 0, and no part of the gross is more than the gross: check the amounts."
    )


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

    @property
    def net(self) -> Decimal:
        """What the person received in all: gross, less deductions, plus sales taxes."""
        signs: dict[str, int] = {Side.DEDUCTION: -1, Side.SALES_TAX: 1}
        return self.gross + sum(
            (signs.get(side, 0) * amount for (side, _code), amount in self.by_code.items()), ZERO
        )

    @property
    def figures(self) -> dict[str, Decimal]:
        """Every figure by its name, as an adjustment calls it."""
        own = {name: getattr(self, name) for name in FIGURES}
        return own | {f"{side}.{code}": amount for (side, code), amount in self.by_code.items()}


#: The figures of a balance that are not amounts by side and code.
FIGURES = ("gross", "pensionable", "insurable", "nonperiodic", "nonperiodic_f5")
COUNTED = Prefetch("adjustments", OpeningAdjustment.objects.filter(confirmed_at__isnull=False), "counted")


def opening_of(balance: OpeningBalance, adjustments: Iterable[OpeningAdjustment] = ()) -> Opening:
    """What a balance says with these adjustments of it."""
    figures: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for name in FIGURES:
        figures[name] = getattr(balance, name)
    for amount in balance.amounts.all():
        figures[f"{amount.side}.{amount.code}"] = amount.amount
    for adjustment in adjustments:
        for change in adjustment.changes.all():
            figures[change.what] += change.amount
    return Opening(
        payee=Payee(balance.person_id, balance.kind),
        year=balance.year,
        through=balance.through,
        pays=balance.pays,
        **{name: figures.pop(name) for name in FIGURES},
        by_code={_place(what): amount for what, amount in figures.items() if amount},
    )


def _place(what: str) -> Place:
    side, _dot, code = what.partition(".")
    return side, code


def openings(year: int, *, people: Collection[int] | None = None) -> dict[Payee, Opening]:
    """The confirmed opening balances of a tax year, or of `people`, by payee, as adjusted since.

    One query; three when there are some, four when some are adjusted.
    """
    confirmed = OpeningBalance.objects.filter(year=year, confirmed_at__isnull=False)
    if people is not None:
        confirmed = confirmed.filter(person__in=people)
    confirmed = confirmed.order_by("pk").prefetch_related("amounts", COUNTED, "counted__changes")
    return {Payee(of.person_id, of.kind): opening_of(of, of.counted) for of in confirmed}


def counted_now(balance: OpeningBalance) -> Opening:
    """What the year counts of this balance, or will once it is confirmed: with its confirmed adjustments."""
    adjustments = balance.adjustments.filter(confirmed_at__isnull=False)
    return opening_of(balance, adjustments.prefetch_related("changes"))


def of_year(year: int) -> QuerySet[OpeningBalance]:
    """The balances of a year, confirmed or not, by name, each with its people and its amounts."""
    balances = OpeningBalance.objects.filter(year=year)
    balances = balances.prefetch_related("amounts", COUNTED, "counted__changes")
    return balances.select_related("person", "entered_by", "confirmed_by").order_by(
        "person__sort_name", "kind"
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
    balance.nonperiodic_f5 = _f5_on_lump_sums(
        kept, nonperiodic=nonperiodic, pensionable=balance.pensionable, on=through
    )
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


def _f5_on_lump_sums(
    amounts: Mapping[Place, Decimal], *, nonperiodic: Decimal, pensionable: Decimal, on: date
) -> Decimal:
    """The additional QPP contributions on the non-periodic part, in proportion to the whole."""
    if not nonperiodic or not pensionable:
        return ZERO
    table = edition_on(on).contributions
    qpp = amounts.get((Side.DEDUCTION, Code.QPP), ZERO)
    additional = qpp * table.qpp_first_additional_rate / table.qpp_rate
    additional += amounts.get((Side.DEDUCTION, Code.QPP2), ZERO)
    return cents(additional * min(nonperiodic, pensionable) / pensionable)


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


# Adjustments --------------------------------------------------------------------------------------


@transaction.atomic
def adjust(
    balance: OpeningBalance,
    *,
    by: Person,
    because: str,
    gross: Decimal,
    amounts: Mapping[Place, Decimal],
    pensionable: Decimal | None = None,
    insurable: Decimal | None = None,
    nonperiodic: Decimal = ZERO,
) -> OpeningAdjustment:
    """Say what a balance that pays have counted should have said; the differences wait to be confirmed.

    The figures are the right ones, all of them. Raises NotCounted, NothingToAdjust, PartsDoNotFit,
    MoreThanTheMaximum, MoreThanTheGross.
    """
    Cooperative.objects.select_for_update(of=("self",)).get()  # the figures are those of the last pay
    demand(by, Power.PREPARE_PAY)
    if not is_counted(balance):
        raise NotCounted
    whole = gross if balance.kind == PayStub.Kind.STUB else ZERO
    parts = {
        "pensionable": whole if pensionable is None else pensionable,
        "insurable": whole if insurable is None else insurable,
        "nonperiodic": nonperiodic,
    }
    if min(gross, *parts.values(), *amounts.values(), ZERO) < 0 or max(parts.values()) > gross:
        raise PartsDoNotFit
    _check(amounts, gross, balance.through)
    f5 = _f5_on_lump_sums(
        amounts, nonperiodic=nonperiodic, pensionable=parts["pensionable"], on=balance.through
    )
    right = {"gross": gross, **parts, "nonperiodic_f5": f5}
    right |= {f"{side}.{code}": amount for (side, code), amount in amounts.items()}
    now = counted_now(balance).figures
    changes = {what: right.get(what, ZERO) - now.get(what, ZERO) for what in {**now, **right}}
    if not any(changes.values()):
        raise NothingToAdjust
    adjustment = OpeningAdjustment(
        balance=balance, because=because.strip(), entered_at=timezone.now(), entered_by=by
    )
    write(adjustment)
    for what, amount in changes.items():
        if amount:
            write(OpeningChange(adjustment=adjustment, what=what, amount=amount))
    _record("opening.adjusted", adjustment, by)
    return adjustment


@transaction.atomic
def confirm_adjustment(adjustment: OpeningAdjustment, *, by: Person) -> OpeningAdjustment:
    """Say that the differences are what the former books say: the pays to come count them."""
    Cooperative.objects.select_for_update(of=("self",)).get()
    demand(by, Power.ISSUE_PAY)
    adjustment = locked(adjustment)
    if adjustment.is_confirmed:
        raise AdjustmentConfirmed
    if by.pk == adjustment.entered_by_id:
        raise AdjustedByWhoEntered
    adjustment.confirmed_at, adjustment.confirmed_by = timezone.now(), by
    adjustment.save(update_fields=["confirmed_at", "confirmed_by"])
    _record("opening.adjustment_confirmed", adjustment, by)
    return adjustment


@transaction.atomic
def withdraw_adjustment(adjustment: OpeningAdjustment, *, by: Person) -> None:
    """Take away an adjustment that nobody has confirmed."""
    demand(by, Power.PREPARE_PAY)
    adjustment = locked(adjustment)
    if adjustment.is_confirmed:
        raise AdjustmentConfirmed
    _record("opening.adjustment_withdrawn", adjustment, by)
    adjustment.changes.all().delete()
    adjustment.delete()


def _record(event: str, adjustment: OpeningAdjustment, by: Person) -> None:
    balance = adjustment.balance
    journal.record(
        event,
        by=by,
        adjustment=adjustment.pk,
        opening=balance.pk,
        person=balance.person_id,
        year=balance.year,
    )


def amounts_of(opening: Opening) -> list[OpeningAmount]:
    """The amounts by side and code as they are counted, not saved, in the order of a stub."""
    places = PLACES[opening.payee.kind]
    return [
        OpeningAmount(side=side, code=code, amount=opening.by_code[side, code])
        for side, code in places
        if (side, code) in opening.by_code
    ]


@dataclass(frozen=True)
class Change:
    """One difference as it is read: what it is about, and signed dollars."""

    label: str
    amount: Decimal


def changes_of(adjustment: OpeningAdjustment) -> list[Change]:
    """The differences of an adjustment, in words."""
    labels = {
        "gross": _("Gross"),
        "pensionable": _("Pensionable earnings (QPP)"),
        "insurable": _("Insurable earnings (EI, QPIP)"),
        "nonperiodic": _("Taxed as lump sums"),
        "nonperiodic_f5": _("Additional QPP contributions on lump sums (computed)"),
    }
    return [
        Change(labels.get(change.what) or _amount_label(_place(change.what)), change.amount)
        for change in adjustment.changes.all()
    ]


def _amount_label(place: Place) -> str:
    label = str(Code(place[1]).label)
    return _("%(contribution)s (employer)") % {"contribution": label} if place[0] == Side.EMPLOYER else label
