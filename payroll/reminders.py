"""What is due soon to both governments, for the home page and the list of remittances. No amounts are added up."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from koumbit.formats import day as written
from koumbit.formats import span
from members.models import Cooperative

from .business_days import Government
from .deductions.money import ZERO
from .models import Government as GovernmentName
from .models import PayRun, Remittance, RemitterType, StubLine
from .remittance_parts import Kind, Side
from .remittance_rules import Rules
from .remitting import Held, Period, yearly_period
from .standings import YEARLY

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Reminder:
    """A remittance to be made within a week, or that is late: a sentence, and its page."""

    sentence: str
    url: str
    kwargs: dict[str, Any] = field(default_factory=dict)


def cooperative_with_facts() -> Cooperative | None:
    """The co-op, read in one query with what `reminders` asks: the home page has no other to spare.

    Frequencies on file, payments, and pays that withheld something, since the first of January of last year.
    """
    since = date(timezone.localdate().year - 1, 1, 1)
    withholding = StubLine.objects.filter(stub__run=OuterRef("pk"), side__in=[Side.DEDUCTION, Side.EMPLOYER])
    runs = PayRun.objects.filter(Exists(withholding), pay_on__gte=since, issued_at__isnull=False)
    amounts = {name: Cast(name, TextField()) for name in ("amount", "owed")}
    return Cooperative.objects.annotate(
        held=_told(RemitterType.objects.all(), "government", "frequency", "starts_on", "ends_on"),
        payments=_told(
            Remittance.objects.filter(ends_on__gte=since).exclude(kind=Kind.CNESST),
            "government",
            "kind",
            "ends_on",
            "recorded_at",
            **amounts,
        ),
        withheld=_told(runs, "pay_on", "issued_at"),
    ).first()


def _told(rows: QuerySet, *names: str, **others: Cast) -> ArraySubquery:
    """Rows as a column of objects: dates and moments as text, amounts as text."""
    fields = {name: name for name in names} | others
    return ArraySubquery(rows.order_by("pk").values(told=JSONObject(**fields)))


def reminders(cooperative: Cooperative | None = None, *, today: date | None = None) -> list[Reminder]:
    """What a holder of the pay powers must remit within a week, late first. No amounts are added up.

    A period waits when it has pays, and nothing was recorded since the last of them was issued, or less
    than what was owed then. `cooperative` is `cooperative_with_facts`, where it is read already.
    """
    today = today or timezone.localdate()
    cooperative = cooperative or cooperative_with_facts()
    types: dict[str, list[Held]] = defaultdict(list)
    for told in cooperative.held:
        types[told["government"]].append(
            Held(told["frequency"], _day(told["starts_on"]), told["ends_on"] and _day(told["ends_on"]))
        )
    rules = Rules(types, [])
    last_issue: dict[Period, datetime] = {}
    years = set()
    for told in cooperative.withheld:
        pay_on, issued_at = _day(told["pay_on"]), datetime.fromisoformat(told["issued_at"])
        years.add(pay_on.year)
        for government in Government:
            period = rules.period_of(pay_on, government)
            last_issue[period] = max(issued_at, last_issue.get(period, issued_at))
    paid: dict[tuple[Period, str], list[dict]] = defaultdict(list)
    for told in cooperative.payments:
        ends_on, to = _day(told["ends_on"]), YEARLY
        period = yearly_period(ends_on.year)
        if told["kind"] == Kind.PERIODIC:
            to, period = told["government"], rules.period_of(ends_on, Government(told["government"]))
        paid[period, to].append(told)
    waiting = [
        (period, str(period.government))
        for period, issued_at in last_issue.items()
        if not _is_settled(paid[period, str(period.government)], issued_at)
    ]
    ended = [yearly_period(year) for year in years if year < today.year]
    waiting += [(period, YEARLY) for period in ended if not _is_settled(paid[period, YEARLY], None)]
    return [_reminder(period, to, today) for period, to in sorted(waiting) if period.due_on <= today + WEEK]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _is_settled(payments: list[dict], issued_at: datetime | None) -> bool:
    """Does the register say that all was paid, and was no pay issued since? The last payment stands last."""
    if not payments:
        return False
    last = payments[-1]
    if issued_at and datetime.fromisoformat(last["recorded_at"]) < issued_at:
        return False
    return sum((Decimal(payment["amount"]) for payment in payments), ZERO) == Decimal(last["owed"])


def _reminder(period: Period, to: str, today: date) -> Reminder:
    words = {
        "to": GovernmentName(period.government).label,
        "due": written(period.due_on),
        "days": span(period.starts_on, period.ends_on),
    }
    if period.due_on < today:
        text = _("Late: %(to)s was to be paid by %(due)s for the pays of %(days)s.")
    else:
        text = _("%(to)s is to be paid by %(due)s for the pays of %(days)s.")
    return Reminder(text % words, "payroll:remittance", {"to": to, "first": period.starts_on})
