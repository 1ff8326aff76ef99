"""The pays behind a remittance, and the remittances that carry a pay."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from .business_days import Government
from .models import Government as GovernmentName
from .models import PayRun, StubLine
from .remittance_parts import Amounts, Side, label_of, total
from .remittance_rules import Rules
from .remitting import Period
from .standings import Standing


@dataclass(frozen=True)
class RunPart:
    """What one pay adds to a remittance; `is_late` if it was issued after the last payment was recorded."""

    run: PayRun
    amount: Decimal
    is_late: bool


def runs_behind(standing: Standing) -> list[RunPart]:
    """The pays that a remittance is made of, in the order they were issued. Four queries."""
    period, rules = standing.period, Rules.read()
    rows = (
        StubLine.objects.filter(
            side__in=[Side.DEDUCTION, Side.EMPLOYER],
            stub__run__pay_on__range=(period.starts_on, period.ends_on),
        )
        .order_by()
        .values_list("stub__run_id", "side", "code")
        .annotate(total=Sum("amount"))
    )
    amounts: dict[int, Amounts] = defaultdict(dict)
    for run_id, side, code, amount in rows:
        amounts[run_id][side, code] = amount
    runs = PayRun.objects.filter(pk__in=amounts).select_related("voids__person").order_by("issued_at")
    recorded = max((payment.recorded_at for payment in standing.remittances), default=None)
    return [
        RunPart(
            run,
            total(rules.sent_to(period.government, run.pay_on, amounts[run.pk])),
            recorded is not None and run.issued_at > recorded,
        )
        for run in runs
    ]


@dataclass(frozen=True)
class OwedByRun:
    """What one pay owes one government: its parts, and the remittance that carries them."""

    government: str
    lines: list[tuple[str, Decimal]]
    total: Decimal
    period: Period


def owed_by(pay_on: date, by_code: Amounts) -> list[OwedByRun]:
    """What a pay adds to the remittance of each government. Two queries."""
    rules = Rules.read()
    found = []
    for government in Government:
        amounts = rules.sent_to(government, pay_on, by_code)
        lines = [(label_of(place), amount) for place, amount in amounts.items()]
        label = str(GovernmentName(government).label)
        found.append(OwedByRun(label, lines, total(amounts), rules.period_of(pay_on, government)))
    return found


def years_with_pays() -> list[int]:
    """The years of which something may be owed, the last first."""
    days: Iterable[date] = PayRun.objects.filter(issued_at__isnull=False).dates("pay_on", "year", "DESC")
    return [day.year for day in days]
