"""What a remittance is made of: the amounts of the stubs that go to each government, and what they are called."""

from collections import defaultdict
from decimal import Decimal

from django.utils.translation import gettext as _

from .business_days import Government
from .deductions.money import ZERO
from .employer_year import TRAINING
from .models import Remittance, StubLine

Side, Code, Kind = StubLine.Side, StubLine.Code, Remittance.Kind
Amounts = dict[tuple[str, str], Decimal]

#: Where each amount goes. For Québec employment the federal side is income tax and insurance only.
PLACES: dict[Government, tuple[tuple[str, str], ...]] = {
    Government.CRA: (
        (Side.DEDUCTION, Code.FEDERAL_TAX),
        (Side.DEDUCTION, Code.EI),
        (Side.EMPLOYER, Code.EI),
    ),
    Government.QUEBEC: (
        (Side.DEDUCTION, Code.QUEBEC_TAX),
        (Side.DEDUCTION, Code.QPP),
        (Side.EMPLOYER, Code.QPP),
        (Side.DEDUCTION, Code.QPP2),
        (Side.EMPLOYER, Code.QPP2),
        (Side.DEDUCTION, Code.QPIP),
        (Side.EMPLOYER, Code.QPIP),
        (Side.EMPLOYER, Code.HSF),
        (Side.EMPLOYER, Code.CNESST),
    ),
}
#: Paid once a year with the RL-1 summary; the Health Services Fund is then an adjustment.
YEARLY_PLACES = (
    (Side.EMPLOYER, Code.LABOUR_STANDARDS),
    (Side.EMPLOYER, Code.HSF),
    (Side.EMPLOYER, TRAINING),
)
#: Paid by the CNESST's own notice, where the classification on file says so.
CNESST_PLACES = ((Side.EMPLOYER, Code.CNESST),)


def label_of(place: tuple[str, str]) -> str:
    """An amount as it is called on screen, with whose share it is."""
    side, code = place
    if code == TRAINING:
        return _("Workforce skills fund")
    text = str(Code(code).label)
    shared = (Side.DEDUCTION if side == Side.EMPLOYER else Side.EMPLOYER, code)
    if any(shared in places for places in PLACES.values()):
        whose = (
            _("%(contribution)s, employer's share")
            if side == Side.EMPLOYER
            else _("%(contribution)s, withheld")
        )
        return whose % {"contribution": text}
    return text


def total(amounts: Amounts) -> Decimal:
    return sum(amounts.values(), ZERO)


def added(*several: Amounts) -> Amounts:
    """Amounts added place by place; what comes to nothing is left out."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for amounts in several:
        for place, amount in amounts.items():
            sums[place] += amount
    return {place: amount for place, amount in sums.items() if amount}


def less(amounts: Amounts) -> Amounts:
    return {place: -amount for place, amount in amounts.items()}
