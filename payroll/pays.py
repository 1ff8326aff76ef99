"""One pay before it is written: each person's stub, its deductions and the totals that foot."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from sys import intern
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum

from members.models import Cooperative, Person

from . import earnings, profiles
from .calendar import Period
from .deductions import Claims, Deductions, Employer, Pay, SalesTaxes, YearToDate, compute, sales_taxes_on
from .deductions.money import ZERO, cents
from .dues import Outstanding, Payee, Spans, outstanding
from .earnings import Line
from .employer import employer_on
from .explaining import PARTS
from .freelancers import numbers_for
from .models import PayStub, SalesTaxRegistration, StubLine
from .opening import Opening, openings
from .periods import calendar_of

Side, Code = StubLine.Side, StubLine.Code
SIDES = tuple(Side.values)


class Amount(NamedTuple):
    """A deduction, a sales tax or an employer's contribution."""

    side: str
    code: str
    amount: Decimal


def amounts_of(deductions: Deductions) -> tuple[Amount, ...]:
    """The lines of a stub's deductions and employer's shares; what is zero has none."""
    found = []
    for (side, code), (part, *others) in PARTS.items():
        total = getattr(deductions, part)
        for other in others:
            total += getattr(deductions, other)
        if total:
            found.append(Amount(side, code, total))
    return tuple(found)


def sales_taxes(price: Decimal, gst_rate: Decimal, qst_rate: Decimal) -> tuple[Amount, ...]:
    """GST and QST on a freelancer's price, each rounded to the cent; QST is not charged on GST."""
    return (
        Amount(Side.SALES_TAX, Code.GST, cents(price * gst_rate)),
        Amount(Side.SALES_TAX, Code.QST, cents(price * qst_rate)),
    )


def recomputed(inputs: dict[str, Any]) -> tuple[Amount, ...]:
    """The deductions and contributions, or the sales taxes, that a stub's stored inputs give again."""
    if "price" in inputs:
        return sales_taxes(*(Decimal(inputs[name]) for name in ("price", "gst_rate", "qst_rate")))
    return amounts_of(compute(Pay.from_dict(inputs["pay"]), YearToDate.from_dict(inputs["so_far"])))


@dataclass(frozen=True)
class Draft:
    """A stub as it would be written.

    `pay` and `so_far` are all that a salaried person's deductions depend on, `taxed` all that a
    freelancer's sales taxes do.
    """

    person: Person
    kind: str
    earnings: tuple[Line, ...]
    amounts: tuple[Amount, ...] = ()
    editions: tuple[str, ...] = ()
    pay: Pay | None = None
    so_far: YearToDate | None = None
    taxed: Mapping[str, str] = field(default_factory=dict)
    deductions: Deductions | None = None
    nonperiodic: Decimal = ZERO
    registration: SalesTaxRegistration | None = None
    invoice_number: str = ""

    @property
    def inputs(self) -> dict[str, Any]:
        """What the deductions or the sales taxes are recomputed from, as it is stored; nothing without any.

        Made anew each time: ten thousand people's would not fit in the memory of one pay.
        """
        if self.pay and self.so_far:
            return {"pay": self.pay.to_dict(), "so_far": self.so_far.to_dict()}
        return dict(self.taxed)

    @cached_property
    def by_side(self) -> dict[str, Decimal]:
        sums = dict.fromkeys(SIDES, ZERO)
        for amount in self.amounts:
            sums[amount.side] += amount.amount
        sums[Side.EARNING] = sum((line.amount for line in self.earnings), ZERO)
        return sums

    @cached_property
    def by_code(self) -> dict[tuple[str, str], Decimal]:
        return {(amount.side, amount.code): amount.amount for amount in self.amounts}

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.earnings)

    @property
    def gross(self) -> Decimal:
        return self.by_side[Side.EARNING]

    @property
    def net(self) -> Decimal:
        """What the person receives: gross, less deductions, plus the sales taxes they remit."""
        return self.gross - self.by_side[Side.DEDUCTION] + self.by_side[Side.SALES_TAX]

    @property
    def cost(self) -> Decimal:
        """What the co-op pays in all: gross, sales taxes and its own contributions."""
        return self.gross + self.by_side[Side.SALES_TAX] + self.by_side[Side.EMPLOYER]

    @property
    def has_corrections(self) -> bool:
        """Whether it pays or takes back something of earlier weeks."""
        return any(line.reason for line in self.earnings)

    def digest(self, pay_on: date) -> str:
        """SHA-256 of all that this stub pays and of what it was computed from."""
        content = [
            str(pay_on),
            self.person.pk,
            self.kind,
            [[str(value) for value in line] for line in self.earnings],
            [[amount.side, amount.code, str(amount.amount)] for amount in self.amounts],
            self.inputs,
            self.editions,
        ]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Carried:
    """Somebody to whom nothing is paid this time, and by how much what is taken back exceeds what is due."""

    person: Person
    kind: str
    gross: Decimal
    net: Decimal


@dataclass(frozen=True)
class Preview:
    """What a run would pay, to whom and from what; nothing is written to make it.

    `years` is the year so far of each payee, without this pay.
    """

    period: Period
    stubs: tuple[Draft, ...]
    carried: tuple[Carried, ...]
    due: Outstanding
    cooperative: Cooperative
    years: Mapping[Payee, "Year"]

    @cached_property
    def totals(self) -> "Totals":
        return Totals.of(self.stubs)

    @cached_property
    def expected(self) -> list[list]:
        """Person, kind, gross, net and digest of each stub: what issuing is compared with."""
        pay_on = self.period.pay_on
        return [
            [stub.person.pk, stub.kind, str(stub.gross), str(stub.net), stub.digest(pay_on)]
            for stub in self.stubs
        ]

    @property
    def digest(self) -> str:
        return digest_of(self.expected)


#: What stands for the kind of a stub that takes another one back, among those a run expects.
MIRROR = "mirror"


def expected_mirror(stub: PayStub) -> list[list]:
    """The same for the one stub that would take this one back; its kind says so."""
    gross = net = ZERO
    lines = []
    signs: dict[str, int] = {Side.EARNING: 1, Side.SALES_TAX: 1, Side.DEDUCTION: -1}
    for line in stub.lines.all():
        sign = signs.get(line.side, 0)
        gross -= line.amount if line.side == Side.EARNING else ZERO
        net -= sign * line.amount
        lines.append([line.pk, line.side, line.code, str(-line.amount)])
    text = json.dumps([stub.pk, lines], separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return [[stub.person_id, MIRROR, str(gross), str(net), digest]]


def digest_of(expected: list[list]) -> str:
    """SHA-256 of the digests of a run's stubs, in the order of the people."""
    return hashlib.sha256("".join(row[-1] for row in sorted(expected)).encode()).hexdigest()


@dataclass(frozen=True)
class Totals:
    """Sums over the stubs of a run, by side and by code. `foots` redoes the sums the other way."""

    stubs: int
    minutes: int
    gross: Decimal
    net: Decimal
    cost: Decimal
    by_side: dict[str, Decimal]
    by_code: dict[tuple[str, str], Decimal]

    @classmethod
    def of(cls, drafts: Iterable[Draft]) -> "Totals":
        drafts = list(drafts)
        by_side = dict.fromkeys(Side.values, ZERO)
        by_code: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        for side, amount in chain.from_iterable(draft.by_side.items() for draft in drafts):
            by_side[side] += amount
        for place, amount in chain.from_iterable(draft.by_code.items() for draft in drafts):
            by_code[place] += amount
        return cls(
            stubs=len(drafts),
            minutes=sum(draft.minutes for draft in drafts),
            gross=sum((draft.gross for draft in drafts), ZERO),
            net=sum((draft.net for draft in drafts), ZERO),
            cost=sum((draft.cost for draft in drafts), ZERO),
            by_side=by_side,
            by_code=dict(by_code),
        )

    @property
    def foots(self) -> bool:
        """Gross less deductions plus sales taxes is net; every column adds up to its side."""
        columns: dict[str, Decimal] = defaultdict(lambda: ZERO, {Side.EARNING: self.gross})
        for (side, _), amount in self.by_code.items():
            columns[side] += amount
        net = self.gross - columns[Side.DEDUCTION] + columns[Side.SALES_TAX]
        cost = self.gross + columns[Side.SALES_TAX] + columns[Side.EMPLOYER]
        return (
            net == self.net
            and cost == self.cost
            and all(columns[side] == amount for side, amount in self.by_side.items())
        )


# The year so far ----------------------------------------------------------------------------------


@dataclass
class Year:
    """What one payee was paid, and what was withheld, in the tax year before this pay."""

    by_code: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    pensionable: Decimal = ZERO
    nonperiodic: Decimal = ZERO
    nonperiodic_f5: Decimal = ZERO
    pays: int = 0

    def side(self, side: str) -> Decimal:
        return sum((amount for (of, _), amount in self.by_code.items() if of == side), ZERO)

    @property
    def usual_gross(self) -> Decimal:
        """The regular pay of a usual period: the year's, over its pays."""
        return cents((self.side(Side.EARNING) - self.nonperiodic) / self.pays) if self.pays > 0 else ZERO

    def add(self, opening: Opening) -> None:
        """Count what was paid before the co-op used this software; its gross is that of regular hours."""
        self.by_code[Side.EARNING, Code.REGULAR] += opening.gross
        for place, amount in opening.by_code.items():
            self.by_code[place] += amount
        self.pensionable += opening.pensionable
        self.nonperiodic += opening.nonperiodic
        self.nonperiodic_f5 += opening.nonperiodic_f5
        self.pays += opening.pays

    def so_far(self) -> YearToDate:
        return YearToDate(
            gross=self.side(Side.EARNING),
            pensionable=self.pensionable,
            qpp=self.by_code[Side.DEDUCTION, Code.QPP],
            qpp2=self.by_code[Side.DEDUCTION, Code.QPP2],
            qpip=self.by_code[Side.DEDUCTION, Code.QPIP],
            qpip_employer=self.by_code[Side.EMPLOYER, Code.QPIP],
            ei=self.by_code[Side.DEDUCTION, Code.EI],
            ei_employer=self.by_code[Side.EMPLOYER, Code.EI],
            nonperiodic=self.nonperiodic,
            nonperiodic_f5=self.nonperiodic_f5,
        )


def years(
    year: int, *, instead_of: PayStub | None = None, people: Collection[int] | None = None
) -> dict[Payee, Year]:
    """The year so far of everybody who was paid in it, or of `people`, voided stubs deducted.

    What was paid before the co-op used this software is in it (`opening`). `instead_of` is a stub that
    is being corrected: the year without it, pays that followed it included, so that the corrected
    stub keeps within the year's maximums. Three queries, a fourth when there are opening balances.
    """
    found: dict[Payee, Year] = defaultdict(Year)
    theirs = Q() if people is None else Q(stub__person__in=people)
    amounts = (
        StubLine.objects.filter(theirs, stub__run__pay_on__year=year)
        .exclude(stub=instead_of)
        .order_by()
        .values_list("stub__person_id", "stub__kind", "side", "code")
        .annotate(total=Sum("amount"))
    )
    for person_id, kind, side, code, total in amounts:
        # Everybody has the same few words: one of each is kept.
        found[Payee(person_id, intern(kind))].by_code[intern(side), intern(code)] = total
    # Several pays of one period (off-cycle, corrected) are one usual pay.
    standing = Q(mirrors=None) & (Q(voided_by=None) | Q(voided_by__issued_at=None))
    counted = (
        PayStub.objects.paid_in(year)
        .filter(Q() if people is None else Q(person__in=people))
        .exclude(pk=instead_of and instead_of.pk)
        .order_by()
        .values_list("person_id", "kind")
        .annotate(
            Sum("pensionable"),
            Sum("nonperiodic"),
            Sum("nonperiodic_f5"),
            pays=Count("run__period", filter=standing, distinct=True),
        )
    )
    for person_id, kind, pensionable, nonperiodic, f5, pays in counted:
        of = found[Payee(person_id, kind)]
        of.pensionable, of.nonperiodic, of.nonperiodic_f5, of.pays = pensionable, nonperiodic, f5, pays
    for payee, opening in openings(year, people=people).items():
        found[payee].add(opening)
    return found


def exemptions_given(period: Period, *, instead_of: PayStub | None = None) -> set[int]:
    """Who already had the QPP exemption of this period, in a pay that stands: it is given once."""
    stubs = PayStub.objects.standing().filter(kind=PayStub.Kind.STUB, run__period__starts_on=period.starts_on)
    if instead_of:
        stubs = stubs.exclude(pk=instead_of.pk)
    given = set()
    for person_id, inputs in stubs.values_list("person_id", "inputs"):
        pay = Pay.from_dict(json.loads(inputs)["pay"])
        if not pay.exemption_used and not pay.is_paid_alone:
            given.add(person_id)
    return given


# The pay ------------------------------------------------------------------------------------------


def preview(
    period: Period, *, people: Collection[int] | None = None, instead_of: PayStub | None = None
) -> Preview:
    """What this period's run would pay, to `people` only when they are given. Writes nothing.

    `instead_of` is a stub that is being corrected: the preview is what it should have been.
    Raises NotReviewed when no table has been reviewed for the pay date.
    """
    cooperative = Cooperative.objects.get()
    due = outstanding(
        period.starts_on,
        period.ends_on,
        period.pay_on,
        cooperative=cooperative,
        people=people,
        instead_of=instead_of,
    )
    only = people
    people = {
        person.pk: person
        for person in Person.objects.filter(pk__in={payee.person_id for payee in due.lines}).by_name()
    }
    salaried = [people[payee.person_id] for payee in due.lines if payee.kind == PayStub.Kind.STUB]
    claims = profiles.claims_on(salaried, period.pay_on, calendar=calendar_of(cooperative))
    registrations = Spans.of(SalesTaxRegistration.objects.on(period.pay_on).filter(person__in=people))
    freelance = [payee.person_id for payee in due.lines if payee.kind == PayStub.Kind.STATEMENT]
    numbers = numbers_for(freelance, period.starts_on)
    so_far = years(period.pay_on.year, instead_of=instead_of, people=only)
    exempted = exemptions_given(period, instead_of=instead_of)
    employer = employer_on(period.pay_on, cooperative)
    rates = sales_taxes_on(period.pay_on)
    stubs: list[Draft] = []
    carried: list[Carried] = []
    order = {pk: place for place, pk in enumerate(people)}
    for payee, lines in sorted(due.lines.items(), key=lambda item: (order[item[0].person_id], item[0].kind)):
        person = people[payee.person_id]
        gross = sum((line.amount for line in lines), ZERO)
        if gross <= 0:
            carried.append(Carried(person, payee.kind, gross, gross))
            continue
        if payee.kind == PayStub.Kind.STATEMENT:
            draft = statement(person, lines, registrations.on(person.pk, period.pay_on), rates)
            draft = replace(draft, invoice_number=numbers.get(person.pk, ""))
        else:
            claimed, year = claims[person.pk], so_far[payee]
            draft = stub(person, lines, claimed, year, period, employer, exemption_used=person.pk in exempted)
        if draft.net < 0:
            carried.append(Carried(person, payee.kind, gross, draft.net))
        else:
            stubs.append(draft)
    # Somebody overpaid as one kind is not paid the same hours again as the other.
    owing = {of.person.pk for of in carried if of.gross < 0}
    carried += [Carried(of.person, of.kind, of.gross, of.net) for of in stubs if of.person.pk in owing]
    return Preview(
        period,
        tuple(of for of in stubs if of.person.pk not in owing),
        tuple(carried),
        due,
        cooperative,
        so_far,
    )


def stub(
    person: Person,
    lines: list[Line],
    claims: Claims,
    year: Year,
    period: Period,
    employer: Employer,
    *,
    exemption_used: bool = False,
) -> Draft:
    """A salaried person's pay: hours, source deductions, the employer's share.

    `exemption_used`: another pay of the same period already had its QPP exemption.
    """
    gross, nonperiodic = earnings.periodic_and_not(lines)
    pay = Pay(
        pay_date=period.pay_on,
        periods_per_year=period.pays_in_year,
        gross=gross,
        nonperiodic=nonperiodic,
        usual_gross=ZERO if gross else max(ZERO, year.usual_gross),
        exemption_used=exemption_used,
        claims=claims,
        employer=employer,
    )
    so_far = year.so_far()
    deductions = compute(pay, so_far)
    return Draft(
        person=person,
        kind=PayStub.Kind.STUB,
        earnings=tuple(lines),
        amounts=amounts_of(deductions),
        editions=deductions.editions,
        pay=pay,
        so_far=so_far,
        deductions=deductions,
        nonperiodic=nonperiodic,
    )


def statement(
    person: Person, lines: list[Line], registration: SalesTaxRegistration | None, rates: SalesTaxes
) -> Draft:
    """A freelancer's payment: hours at the same rate, sales taxes if registered, nothing withheld."""
    draft = Draft(person=person, kind=PayStub.Kind.STATEMENT, earnings=tuple(lines))
    if registration is None:
        return draft
    return replace(
        draft,
        amounts=sales_taxes(draft.gross, rates.gst_rate, rates.qst_rate),
        editions=(rates.edition,),
        taxed={
            "price": str(draft.gross),
            "gst_rate": str(rates.gst_rate),
            "qst_rate": str(rates.qst_rate),
        },
        registration=registration,
    )
