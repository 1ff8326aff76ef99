"""What the pays that were issued came to, beside what was foreseen: sums of a month, of three people or more."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from ..deductions.money import ZERO
from ..earnings import Code
from ..models import PayStub, StubLine
from .discretion import is_shown
from .months import last_day
from .outlook import Month

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
    """A past month: what was foreseen of its pays and what they came to. A change is actual less foreseen."""

    foreseen: Month
    actual: Actual

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
    def is_hidden(self) -> bool:
        return self.actual.pay is None


def compared(months: Iterable[Month], today: date) -> list[Compared]:
    """The months that are over, by the stubs of their pay dates. One query."""
    past = [of for of in months if last_day(of.month) < today]
    if not past:
        return []
    found = _actual(past[0].month, last_day(past[-1].month))
    nothing = Actual(past[0].month, 0, ZERO, ZERO)
    return [Compared(of, found.get(of.month, nothing)) for of in past]


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
