"""What is owed to both governments for the pays of a period, what was paid, and what is left.

What is owed is read from the lines of the stubs, by payment date; what was paid, from the register of
remittances. A voiding has the payment date of what it voids: in a period that was already paid it shows
as a difference, until the government gives it back or it is deducted from another remittance.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.formats import day as written
from koumbit.formats import span
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Cooperative, Person

from .business_days import Government
from .deductions import NotReviewed, remitting_on
from .deductions.money import ZERO
from .employer import demand_pay_power, one_at_a_time
from .employer_year import TRAINING, YearFigures, figures
from .models import CnesstClassification, PayRun, Remittance, RemitterType, StubLine
from .models import Government as GovernmentName
from .models.remittances import PaidTo
from .remitting import Held, Period, cnesst_period, period_of, yearly_period

journal.name_events(
    {
        "remittance.recorded": gettext_lazy("remittance recorded"),
        "remittance.taken_back": gettext_lazy("remittance taken back"),
    }
)

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
WEEK = timedelta(days=7)


class SeenChanged(Refused):
    """What was read on the page is not what is owed now."""

    sentence = gettext_lazy(
        "What is owed has changed while you were reading, or this is already recorded: "
        "go back to the remittance and read it again."
    )


class NothingPaid(Refused):
    """An amount is left to pay, and none was given."""

    sentence = gettext_lazy("Give the amounts that were paid.")


class PaidLater(Refused):
    """Only what is paid is recorded."""

    sentence = gettext_lazy("This day is to come: record the payment once it is made.")


class PaidBefore(Refused):
    """Nothing is paid for pays that did not begin."""

    def __init__(self, period: Period):
        super().__init__(
            _("The first pays of this remittance are of %(day)s: it was paid on that day or later.")
            % {"day": written(period.starts_on)}
        )


class AlreadyTakenBack(Refused):
    """A payment is taken back once."""

    sentence = gettext_lazy("This payment is already taken back, or is itself a counter-entry.")


class State(StrEnum):
    """Where a remittance stands."""

    OPEN = "open"
    TO_PAY = "to_pay"
    LATE = "late"
    PAID = "paid"
    DIFFERS = "differs"


TONES = {
    State.OPEN: "plain",
    State.TO_PAY: "wait",
    State.LATE: "warn",
    State.PAID: "ok",
    State.DIFFERS: "info",
}
STATE_NAMES = {
    State.OPEN: gettext_lazy("not over yet"),
    State.TO_PAY: gettext_lazy("to pay"),
    State.LATE: gettext_lazy("late"),
    State.PAID: gettext_lazy("paid"),
    State.DIFFERS: gettext_lazy("differs from the pays"),
}


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


def _less(amounts: Amounts) -> Amounts:
    return {place: -amount for place, amount in amounts.items()}


# The rules of the co-op ---------------------------------------------------------------------------


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


# Where each remittance stands ---------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """One remittance: what the pays say is owed, what was recorded as paid, what is left."""

    period: Period
    owed: Amounts
    remittances: tuple[Remittance, ...]
    today: date
    kind: str = Kind.PERIODIC

    @cached_property
    def paid(self) -> Amounts:
        return added(*(remittance.amounts for remittance in self.remittances))

    @cached_property
    def left(self) -> Amounts:
        return added(self.owed, _less(self.paid))

    @property
    def owed_total(self) -> Decimal:
        return total(self.owed)

    @property
    def paid_total(self) -> Decimal:
        return total(self.paid)

    @property
    def left_total(self) -> Decimal:
        return total(self.left)

    @property
    def government(self) -> str:
        return str(PaidTo(self.paid_to).label)

    @property
    def paid_to(self) -> str:
        """Who is paid, as the register keeps it."""
        return PaidTo.CNESST if self.kind == Kind.CNESST else self.period.government

    @property
    def days(self) -> str:
        """The payment dates it holds, in short."""
        return span(self.period.starts_on, self.period.ends_on)

    @property
    def to(self) -> str:
        """The word of its address."""
        return WORDS.get(self.kind, self.period.government)

    @property
    def state(self) -> State:
        if not self.left and (self.remittances or self.is_over):
            return State.PAID
        # The CNESST's notice decides: what was paid by it is paid, whatever the pays say.
        if self.remittances and (self.left_total <= 0 or (self.kind == Kind.CNESST and self.paid)):
            return State.DIFFERS
        if self.today > self.period.due_on:
            return State.LATE
        return State.TO_PAY if self.is_over else State.OPEN

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[self.state])

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def is_over(self) -> bool:
        """Can no more pay be added to it, voidings apart?"""
        return self.today > self.period.ends_on

    @property
    def digest(self) -> str:
        """What somebody read before recording: it must still hold."""
        text = "".join(f"{'.'.join(place)}{amount}" for place, amount in sorted(self.left.items()))
        return hashlib.sha256(f"{len(self.remittances)}{text}".encode()).hexdigest()[:16]

    @property
    def lines(self) -> list[tuple[str, Decimal, Decimal, Decimal]]:
        """Each part: its label, what is owed, paid and left."""
        return [
            (
                label_of(place),
                self.owed.get(place, ZERO),
                self.paid.get(place, ZERO),
                self.left.get(place, ZERO),
            )
            for place in places_of(self)
            if place in self.owed or place in self.paid
        ]


def places_of(standing: Standing) -> tuple[tuple[str, str], ...]:
    """The parts a remittance may have, in the order they are shown."""
    if standing.kind == Kind.CNESST:
        return CNESST_PLACES
    return YEARLY_PLACES if standing.kind == Kind.YEARLY else PLACES[standing.period.government]


def period_holding(remittance: Remittance) -> Period:
    """The remittance in which a payment counts, by the frequencies on file."""
    if remittance.kind == Kind.YEARLY:
        return yearly_period(remittance.ends_on.year)
    if remittance.kind == Kind.CNESST:
        return cnesst_period(remittance.ends_on.year)
    return Rules.read().period_of(remittance.ends_on, Government(remittance.government))


#: The words of the addresses of what is paid once a year.
YEARLY, CNESST_YEAR = "rq-year", "cnesst-year"
WORDS: dict[str, str] = {Kind.YEARLY: YEARLY, Kind.CNESST: CNESST_YEAR}


@dataclass(frozen=True)
class Book:
    """The remittances of the pays of a year, by due date, and what they come to."""

    year: int
    today: date
    rules: Rules
    standings: tuple[Standing, ...]
    sent: dict[Government, list[tuple[date, Decimal]]]

    @classmethod
    def read(cls, year: int, *, today: date | None = None) -> "Book":
        """Those that have an amount or a payment. Four queries. Raises NotReviewed."""
        today, rules = today or timezone.localdate(), Rules.read()
        first, last = date(year, 1, 1), date(year, 12, 31)
        owed: dict[Period, Amounts] = {}
        sent: dict[Government, list[tuple[date, Decimal]]] = {government: [] for government in Government}
        for pay_on, amounts in withheld_by_day(first, last).items():
            for government in Government:
                period = rules.period_of(pay_on, government)
                own = rules.sent_to(government, pay_on, amounts)
                owed[period] = added(owed.get(period, {}), own)
                sent[government].append((pay_on, total(own)))
        paid = _paid_by_period(first, last, rules)
        standings = tuple(
            Standing(period, owed.get(period, {}), tuple(paid.get(period, ())), today)
            for period in sorted({*owed, *paid})
            if owed.get(period) or period in paid
        )
        return cls(year, today, rules, standings, sent)

    @property
    def owed_total(self) -> Decimal:
        return sum((standing.owed_total for standing in self.standings), ZERO)

    @property
    def paid_total(self) -> Decimal:
        return sum((standing.paid_total for standing in self.standings), ZERO)

    @property
    def left_total(self) -> Decimal:
        return sum((standing.left_total for standing in self.standings), ZERO)

    @property
    def to_send(self) -> list[Standing]:
        """What waits for somebody: late, to pay, or paid otherwise than the pays say."""
        waiting = (State.LATE, State.TO_PAY, State.DIFFERS)
        return [standing for standing in self.standings if standing.state in waiting]

    @property
    def unexplained(self) -> Decimal:
        """What is left of the periods that are over and should be settled: the difference to the books."""
        due = (standing for standing in self.standings if standing.today > standing.period.due_on)
        return sum((standing.left_total for standing in due), ZERO)

    def coming(self, count: int = 3) -> list[Standing]:
        """The next remittances of each government from today's on, those without a pay included."""
        known = {standing.period: standing for standing in self.standings}
        found = []
        for government in Government:
            day = self.today
            for _number in range(count):
                try:
                    period = self.rules.period_of(day, government)
                except NotReviewed:
                    break
                found.append(known.get(period) or Standing(period, {}, (), self.today))
                day = period.ends_on + timedelta(days=1)
        return sorted(found, key=lambda standing: standing.period)


def _paid_by_period(first: date, last: date, rules: Rules) -> dict[Period, list[Remittance]]:
    """The payments for these days, by the period in which the days they were made for end."""
    found: dict[Period, list[Remittance]] = defaultdict(list)
    payments = Remittance.objects.filter(kind=Kind.PERIODIC, ends_on__range=(first, last))
    for payment in payments.select_related("recorded_by", "corrected_by"):
        found[rules.period_of(payment.ends_on, Government(payment.government))].append(payment)
    return found


def standing_of(to: str, first: date, *, today: date | None = None) -> Standing | None:
    """The remittance whose pays start on that day; None where no period starts then. Four queries."""
    today = today or timezone.localdate()
    try:
        if to in WORDS.values():
            return _once_a_year(to, first, today)
        government = Government(to)
        rules = Rules.read()
        period = rules.period_of(first, government)
    except (ValueError, NotReviewed):
        return None
    if period.starts_on != first:
        return None
    by_day = withheld_by_day(period.starts_on, period.ends_on)
    owed = added(*(rules.sent_to(government, pay_on, amounts) for pay_on, amounts in by_day.items()))
    paid = _paid_by_period(period.starts_on, period.ends_on, rules)
    return Standing(period, owed, tuple(paid.get(period, ())), today)


def _once_a_year(to: str, first: date, today: date) -> Standing | None:
    if first != first.replace(month=1, day=1):
        return None
    year = figures(first.year)
    return year_standing(year, today) if to == YEARLY else cnesst_standing(year, today)


def cnesst_standing(year: YearFigures, today: date) -> Standing:
    """The premium of a year that the CNESST bills itself, and what was paid of it. One query."""
    payments = Remittance.objects.filter(kind=Kind.CNESST, ends_on__year=year.year)
    paid = tuple(payments.select_related("recorded_by", "corrected_by"))
    premium = year.premium_paid_directly
    owed: Amounts = {CNESST_PLACES[0]: premium} if premium else {}
    return Standing(cnesst_period(year.year), owed, paid, today, Kind.CNESST)


def year_standing(year: YearFigures, today: date) -> Standing:
    """What is paid once for a year. One query."""
    payments = Remittance.objects.filter(kind=Kind.YEARLY, ends_on__year=year.year)
    paid = tuple(payments.select_related("recorded_by", "corrected_by"))
    return Standing(yearly_period(year.year), year.owed, paid, today, Kind.YEARLY)


def paid(year: int) -> dict[str, Amounts]:
    """What was paid to each government for the pays of a year, and to the CNESST where it was paid
    directly; counter-entries deducted. One query.
    """
    found: dict[str, Amounts] = {str(government): {} for government in Government}
    for remittance in Remittance.objects.filter(ends_on__year=year):
        found[remittance.government] = added(found.get(remittance.government, {}), remittance.amounts)
    return found


# The pays behind it -------------------------------------------------------------------------------


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


# Recording ----------------------------------------------------------------------------------------


@transaction.atomic
def record(
    standing: Standing,
    *,
    parts: Amounts,
    paid_on: date,
    reference: str = "",
    because: str = "",
    seen: str = "",
    by: Person,
) -> Remittance:
    """Write down what was paid to a government for the pays of a period. It is never edited afterwards.

    A negative amount is what the government gave back, or what another remittance deducts: it says why.
    `seen` is the digest of what was read. Raises SeenChanged, NothingPaid, PaidLater, PaidBefore.
    """
    demand_pay_power(by)
    one_at_a_time()
    standing = standing_of(standing.to, standing.period.starts_on, today=standing.today)
    if standing is None or (seen and seen != standing.digest):
        raise SeenChanged
    parts = added(parts)
    if not parts and (standing.left or standing.remittances):
        raise NothingPaid
    if paid_on > timezone.localdate():
        raise PaidLater
    if paid_on < standing.period.starts_on:
        raise PaidBefore(standing.period)
    period = standing.period
    remittance = Remittance(
        kind=standing.kind,
        government=standing.paid_to,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        due_on=period.due_on,
        parts={".".join(place): f"{amount:.2f}" for place, amount in parts.items()},
        amount=total(parts),
        owed=standing.owed_total,
        paid_on=paid_on,
        reference=reference.strip(),
        because=because.strip(),
        recorded_by=by,
    )
    return _written(remittance, "remittance.recorded")


@transaction.atomic
def take_back(remittance: Remittance, *, because: str, by: Person) -> Remittance:
    """Cancel a payment that was recorded wrongly by its mirror; what was really paid is recorded anew."""
    demand_pay_power(by)
    one_at_a_time()
    remittance = locked(remittance)
    if remittance.is_correction or Remittance.objects.filter(corrects=remittance).exists():
        raise AlreadyTakenBack
    mirror = Remittance(
        kind=remittance.kind,
        government=remittance.government,
        starts_on=remittance.starts_on,
        ends_on=remittance.ends_on,
        due_on=remittance.due_on,
        parts={place: f"{-Decimal(amount):.2f}" for place, amount in remittance.parts.items()},
        amount=-remittance.amount,
        owed=remittance.owed,
        paid_on=remittance.paid_on,
        reference=remittance.reference,
        corrects=remittance,
        because=because.strip(),
        recorded_by=by,
    )
    return _written(mirror, "remittance.taken_back")


def _written(remittance: Remittance, event: str) -> Remittance:
    write(remittance)
    journal.record(
        event,
        by=remittance.recorded_by,
        remittance=remittance.pk,
        kind=remittance.kind,
        government=remittance.government,
        starts_on=str(remittance.starts_on),
        ends_on=str(remittance.ends_on),
    )
    return remittance


# What is due soon ---------------------------------------------------------------------------------


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


def years_with_pays() -> list[int]:
    """The years of which something may be owed, the last first."""
    days: Iterable[date] = PayRun.objects.filter(issued_at__isnull=False).dates("pay_on", "year", "DESC")
    return [day.year for day in days]
