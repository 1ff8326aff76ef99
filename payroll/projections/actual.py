"""What the pays that were issued came to, beside what was foreseen: sums of a month, of three people or more."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from ..deductions.money import ZERO
from ..earnings import Code
from ..models import MonthFigures, PayStub, StubLine
from .discretion import is_shown
from .months import last_day
from .outlook import Month, Outlook

Side = StubLine.Side


@dataclass(frozen=True, slots=True)
class Actual:
    """The pays of one month. What is a sum over fewer than three people is None."""

    month: date
    minutes: int | None
    pay: Decimal | None
    contributions: Decimal | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A past month: what was foreseen of it and what it came to. A change is actual less foreseen.

    Pays by their stubs; revenue, fixed costs and the bank as members entered them, where they did. `closing` is
    what was foreseen in the bank at its end.
    """

    foreseen: Month
    actual: Actual
    closing: Decimal | None = None
    entered: MonthFigures | None = None

    @property
    def pay_change(self) -> Decimal | None:
        return None if self.actual.pay is None else self.actual.pay - self.foreseen.pay

    @property
    def minutes_change(self) -> int | None:
        return None if self.actual.minutes is None else self.actual.minutes - self.foreseen.minutes

    @property
    def contributions_change(self) -> Decimal | None:
        if self.actual.contributions is None:
            return None
        return self.actual.contributions - self.foreseen.contributions

    @property
    def money(self) -> list[tuple[Decimal | None, Decimal | None, Decimal | None]]:
        """Of revenue, of fixed costs and of the bank: foreseen, actual, and their difference."""
        foreseen = (self.foreseen.income, self.foreseen.costs, self.closing)
        entered = self.entered
        actual = (entered.revenue, entered.costs, entered.closing) if entered else (None, None, None)
        return [
            (before, after, None if before is None or after is None else after - before)
            for before, after in zip(foreseen, actual, strict=True)
        ]

    @property
    def is_hidden(self) -> bool:
        return self.actual.pay is None


def compared(outlook: Outlook, today: date) -> list[Compared]:
    """The months that are over, by the stubs of their pay dates and what members entered. Two queries."""
    past = [
        (of, closing)
        for of, closing in zip(outlook.months, outlook.closings, strict=True)
        if last_day(of.month) < today
    ]
    if not past:
        return []
    first, last = past[0][0].month, past[-1][0].month
    found = _actual(first, last_day(last))
    nothing = Actual(first, 0, ZERO, ZERO)
    entered = {one.month: one for one in MonthFigures.objects.filter(month__range=(first, last))}
    return [
        Compared(of, found.get(of.month, nothing), closing, entered.get(of.month)) for of, closing in past
    ]


def _actual(first: date, last: date) -> dict[date, Actual]:
    rows = (
        StubLine.objects.filter(
            side__in=[Side.EARNING, Side.EMPLOYER], stub__run__pay_on__range=(first, last)
        )
        .order_by()
        .annotate(month=TruncMonth("stub__run__pay_on"))
        .values_list("month", "stub__person_id", "stub__kind", "side")
        .annotate(total=Sum("amount"), time=Sum("minutes", filter=~Q(code=Code.BANKED), default=0))
    )
    sums: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    minutes: dict[date, int] = defaultdict(int)
    people: dict[date, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for month, person_id, kind, side, total, time in rows:
        sums[month][side] += total
        if side == Side.EARNING:
            minutes[month] += time
        if total:  # whoever was paid and taken back whole adds nothing
            people[month][kind].add(person_id)
    found = {}
    for month, by_side in sums.items():
        everybody = set().union(*people[month].values())
        is_told = is_shown(len(everybody))
        is_more_told = is_told and is_shown(len(people[month][PayStub.Kind.STUB]))
        found[month] = Actual(
            month,
            minutes[month] if is_told else None,
            by_side[Side.EARNING] if is_told else None,
            by_side[Side.EMPLOYER] if is_more_told else None,
        )
    return found
