"""How the co-op remits: how often, to whom, and what of a day's pays goes where."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from .business_days import Government
from .deductions import remitting_on
from .models import CnesstClassification, RemitterType, StubLine
from .remittance_parts import PLACES, Amounts, Code, Side
from .remitting import Held, Period, period_of


@dataclass(frozen=True)
class Rules:
    """How the co-op remits: its frequencies, and the days on which the CNESST is paid with Revenu Québec."""

    types: dict[str, list[Held]]
    with_quebec: list[tuple[date, date | None]]

    @classmethod
    def read(cls) -> "Rules":
        """The employer's file, in two queries."""
        types: dict[str, list[Held]] = defaultdict(list)
        for held in RemitterType.objects.all():
            types[held.government].append(Held(held.frequency, held.starts_on, held.ends_on))
        units = CnesstClassification.objects.filter(is_paid_with_quebec=True)
        return cls(types, list(units.values_list("starts_on", "ends_on")))

    def period_of(self, pay_on: date, government: Government) -> Period:
        """The remittance a payment date belongs to. Raises NotReviewed beyond the reviewed tables."""
        return period_of(pay_on, government, self.types.get(government, ()), remitting_on(pay_on))

    def sent_to(self, government: Government, pay_on: date, amounts: Amounts) -> Amounts:
        """Those of the amounts of that day that go to this government with its remittance."""
        found = {place: amounts[place] for place in PLACES[government] if amounts.get(place)}
        if not any(first <= pay_on and (last is None or pay_on <= last) for first, last in self.with_quebec):
            found.pop((Side.EMPLOYER, Code.CNESST), None)
        return found


def withheld_by_day(first: date, last: date) -> dict[date, Amounts]:
    """What the stubs withheld or added, by payment date. One query."""
    found: dict[date, Amounts] = defaultdict(dict)
    rows = (
        StubLine.objects.filter(
            side__in=[Side.DEDUCTION, Side.EMPLOYER], stub__run__pay_on__range=(first, last)
        )
        .order_by()
        .values_list("stub__run__pay_on", "side", "code")
        .annotate(total=Sum("amount"))
    )
    for pay_on, side, code, amount in rows:
        found[pay_on][side, code] = amount
    return found
