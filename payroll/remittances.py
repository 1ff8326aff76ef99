"""What a pay owes to both governments, and by when if the co-op remits every month."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .deductions.money import ZERO
from .pays import Code, Side, Totals

#: For Québec employment the federal side is income tax and employment insurance only.
FEDERAL = frozenset({Code.FEDERAL_TAX, Code.EI})
QUEBEC = frozenset({Code.QUEBEC_TAX, Code.QPP, Code.QPP2, Code.QPIP, Code.HSF})
REMITTANCE_DAY = 15
SATURDAY = 5


@dataclass(frozen=True)
class Owed:
    """What one government is owed: each part as a label, withheld from people, added by the co-op."""

    parts: list[tuple[str, Decimal, Decimal]]
    total: Decimal


def owed(totals: Totals, codes: frozenset[str]) -> Owed:
    """The parts of a pay that go to the government whose codes these are."""
    found = [
        (
            str(code.label),
            totals.by_code.get((Side.DEDUCTION, code), ZERO),
            totals.by_code.get((Side.EMPLOYER, code), ZERO),
        )
        for code in Code
        if code in codes
    ]
    parts = [part for part in found if part[1] or part[2]]
    return Owed(parts, sum((withheld + added for _, withheld, added in parts), ZERO))


def monthly_due(pay_on: date) -> date:
    """The day a monthly remitter pays by: the 15th of the month after the pay, or the Monday after."""
    day = (pay_on.replace(day=1) + timedelta(days=32)).replace(day=REMITTANCE_DAY)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)
