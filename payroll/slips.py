"""The figures of the year's slips: everybody's, one person's, and the pays behind each box.

A slip is of the year of payment, whatever the days worked. A person who was salaried and freelance in
the same year has the slips of both.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypedDict

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from members.models import Cooperative, Person

from .deductions.money import ZERO
from .deductions.parameters import Contributions
from .dues import Payee
from .models import OpeningBalance, PayRun, PayStub, Slip, StubLine, YearEnd
from .opening import Opening, openings
from .periods import calendar_of
from .slip_boxes import Figures, Filled, contributory_months, counted, exemption_of_pays, fill
from .slip_rules import SlipRules

Kind, Change, Side = Slip.Kind, Slip.Change, StubLine.Side
#: The slips of each kind of stub.
SLIPS_OF: dict[str, tuple[Slip.Kind, ...]] = {
    PayStub.Kind.STUB: (Kind.RL1, Kind.T4),
    PayStub.Kind.STATEMENT: (Kind.T4A,),
}
#: The code of what was earned before the co-op used this software.
OPENING = "opening"
STUB_OF: dict[str, str] = {kind: stub for stub, kinds in SLIPS_OF.items() for kind in kinds}


class SlipFacts(TypedDict):
    """Who paid whom, as on the day the slip was confirmed."""

    name: str
    address: str
    employer: str
    employer_address: str
    enterprise_number: str
    cra_payroll_account: str
    rq_employer_account: str


@dataclass(frozen=True)
class Draft:
    """One person's slip as it would be written now. `before` is the confirmed one it would replace."""

    person: Person
    kind: str
    filled: tuple[Filled, ...]
    facts: SlipFacts
    before: Slip | None = None

    @property
    def boxes(self) -> dict[str, str]:
        """What is written in each box that is not empty; nothing at all once no pay is left."""
        if not any(filled.counted for filled in self.filled):
            return {}
        return {filled.box.name: filled.written for filled in self.filled if filled.written}

    @property
    def change(self) -> str:
        if self.before is None:
            return Change.ORIGINAL
        return Change.AMENDED if self.boxes else Change.CANCELLED

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def change_label(self) -> str:
        return str(Change(self.change).label)

    @property
    def is_new(self) -> bool:
        """Whether it is not what was confirmed already."""
        return bool(self.boxes) if self.before is None else self.boxes != self.before.boxes

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Box by box, what was confirmed and what it is now."""
        before = self.before.boxes if self.before else {}
        names = {**before, **self.boxes}
        now = self.boxes
        return [
            (name, before.get(name, ""), now.get(name, ""))
            for name in names
            if before.get(name) != now.get(name)
        ]

    def amount(self, box: str) -> Decimal:
        return next((of.amount or ZERO for of in self.filled if of.box.name == box), ZERO)


# Everybody's --------------------------------------------------------------------------------------


def figures_of(year: int, *, people: Collection[int] | None = None) -> dict[Payee, Figures]:
    """What the pays of a year add up to, by person and kind of stub, voided ones deducted.

    What was paid before the co-op used this software is in it. Three queries, a fourth when there are
    opening balances.
    """
    stubs = PayStub.objects.paid_in(year).order_by()
    if people is not None:
        stubs = stubs.filter(person__in=people)
    by_code: dict[Payee, dict[tuple[str, str], Decimal]] = defaultdict(dict)
    of_people = Q() if people is None else Q(stub__person__in=people)
    amounts = (
        # Joined rather than asked with “in”: a database that knows little of its tables nests it once less.
        StubLine.objects.filter(of_people, stub__run__pay_on__year=year)
        .order_by()
        .values_list("stub__person_id", "stub__kind", "side", "code")
        .annotate(total=Sum("amount"))
    )
    for person_id, kind, side, code, total in amounts:
        by_code[Payee(person_id, kind)][side, code] = total
    found = {
        Payee(person_id, kind): Figures(by_code[Payee(person_id, kind)], pensionable, insurable)
        for person_id, kind, pensionable, insurable in stubs.values_list("person_id", "kind").annotate(
            Sum("pensionable"), Sum("insurable")
        )
    }
    for payee, opening in openings(year).items():
        if people is None or payee.person_id in people:
            found[payee] = found.get(payee, Figures({})).plus(figures_opened_with(opening))
    return found


def figures_opened_with(opening: Opening) -> Figures:
    """An opening balance as the boxes count it: like one pay."""
    gross = {(Side.EARNING, OPENING): opening.gross}
    return Figures(opening.by_code | gross, opening.pensionable, opening.insurable)


def drafts(
    year: int,
    rules: SlipRules,
    table: Contributions,
    *,
    dental: str,
    people: Collection[int] | None = None,
) -> list[Draft]:
    """Every slip of the year as it would be written now, by name; those already confirmed beside them.

    Six queries, whatever the number of people; one more when there are opening balances.
    """
    figures = figures_of(year, people=people)
    confirmed = latest(year, people=people)
    wanted = {
        (payee.person_id, kind) for payee, own in figures.items() for kind in SLIPS_OF[payee.kind] if own
    }
    wanted |= set(confirmed)
    found = Person.objects.filter(pk__in={person_id for person_id, _kind in wanted}).by_name().in_bulk()
    cooperative = Cooperative.objects.get()
    none = Figures({})
    made = [
        Draft(
            person=found[person_id],
            kind=kind,
            filled=fill(
                rules.boxes[kind],
                figures.get(Payee(person_id, STUB_OF[kind]), none),
                table,
                months=contributory_months(found[person_id].born_on, year),
                dental=dental,
            ),
            facts=_facts(found[person_id], cooperative),
            before=confirmed.get((person_id, kind)),
        )
        for person_id, kind in wanted
    ]
    order = list(Kind.values)
    return sorted(made, key=lambda of: (of.person.sort_name, of.person.pk, order.index(of.kind)))


def latest(year: int, *, people: Collection[int] | None = None) -> dict[tuple[int, str], Slip]:
    """The confirmed slips that hold, by person and kind. One query."""
    slips = Slip.objects.latest().filter(year_end__year=year, year_end__confirmed_at__isnull=False)
    if people is not None:
        slips = slips.filter(person__in=people)
    return {(slip.person_id, slip.kind): slip for slip in slips.select_related("year_end")}


def _facts(person: Person, cooperative: Cooperative) -> SlipFacts:
    return {
        "name": person.get_full_name(),
        "address": person.address,
        "employer": cooperative.name,
        "employer_address": cooperative.address,
        "enterprise_number": cooperative.enterprise_number,
        "cra_payroll_account": cooperative.cra_payroll_account,
        "rq_employer_account": cooperative.rq_employer_account,
    }


def exemptions_of(year: int, table: Contributions) -> dict[int, Decimal]:
    """The QPP exemptions each salaried person had in the year: one a period with pensionable pay.

    Pays before the co-op used this software had those of its calendar. Two queries, two more when there
    are opening balances.
    """
    periods = (
        PayStub.objects.paid_in(year)
        .filter(kind=PayStub.Kind.STUB)
        .order_by()
        .values_list("person_id", "run__period", "run__period__pays_in_year")
        .annotate(total=Sum("pensionable"))
        .filter(total__gt=0)
    )
    pays: dict[int, Counter[int]] = defaultdict(Counter)
    for person_id, _period, in_year, _total in periods:
        pays[person_id][in_year] += 1
    if before := [opening for opening in openings(year).values() if opening.pensionable]:
        usual = len(calendar_of(Cooperative.objects.get()).pay_dates(year))
        for opening in before:
            pays[opening.payee.person_id][usual] += opening.pays
    return {person_id: exemption_of_pays(table, own) for person_id, own in pays.items()}


def years_paid() -> list[int]:
    """The years in which somebody was paid, here or before the co-op used this software, the latest first."""
    issued = PayRun.objects.filter(issued_at__isnull=False).order_by()
    opened = OpeningBalance.objects.filter(confirmed_at__isnull=False).order_by()
    years = {day.year for day in issued.dates("pay_on", "year")}
    return sorted(years | set(opened.values_list("year", flat=True)), reverse=True)


# One person's -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PayBehind:
    """One pay of the year as the boxes count it. `stub` is the paper it is on; None for an opening balance."""

    stub: PayStub | None
    pay_on: date
    number: str
    kind: str
    is_void: bool
    figures: Figures


def pays_behind(person: Person, year: int) -> list[PayBehind]:
    """The pays of a person's year, in order, mirrors included, after what was paid before the software."""
    stubs = (
        PayStub.objects.paid_in(year)
        .filter(person=person)
        .select_related("run")
        .prefetch_related("lines")
        .order_by("run__pay_on", "pk")
    )
    before = [
        PayBehind(
            None, opening.through, _("opening balance"), payee.kind, False, figures_opened_with(opening)
        )
        for payee, opening in openings(year).items()
        if payee.person_id == person.pk
    ]
    return before + [
        PayBehind(
            stub,
            stub.run.pay_on,
            stub.facts["number"],
            stub.kind,
            "voids" in stub.facts,
            Figures(_by_code(stub.lines.all()), stub.pensionable, stub.insurable),
        )
        for stub in stubs
    ]


def _by_code(lines: Iterable[StubLine]) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        sums[line.side, line.code] += line.amount
    return dict(sums)


@dataclass(frozen=True)
class Opened:
    """A box opened on the pays behind it: what each adds, what exceeds the maximum, what is written."""

    filled: Filled
    pays: list[tuple[PayBehind, Decimal]]

    @property
    def adds_up(self) -> bool:
        """The pays, less what exceeds the maximum, are the box."""
        total = sum((amount for _pay, amount in self.pays), ZERO)
        return total - self.filled.over == (self.filled.amount or ZERO)


def opened(draft: Draft, pays: Iterable[PayBehind]) -> list[Opened]:
    """Each box of a slip with the pays behind it, those that add nothing left out."""
    own = [pay for pay in pays if pay.kind == STUB_OF[draft.kind]]
    return [
        Opened(filled, [(pay, amount) for pay in own if (amount := counted(filled.box, pay.figures))])
        for filled in draft.filled
    ]


def is_required(kind: str, boxes: dict[str, str], rules: SlipRules) -> bool:
    """Does the government ask for this slip? A T4A of small fees, from which nothing is withheld, is not."""
    least = Decimal(rules.figures["t4a_fees_from"].value)
    return kind != Kind.T4A or Decimal(boxes.get("048", "0")) >= least


def open_year_end(year: int) -> YearEnd | None:
    """The slips of the year that wait to be confirmed, if any do."""
    return YearEnd.objects.filter(year=year, confirmed_at=None).select_related("prepared_by").first()
