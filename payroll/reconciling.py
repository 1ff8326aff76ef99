"""Do the slips of a year say what the stubs say, and what the governments were sent? To the cent, by code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from . import standings
from .deductions.money import ZERO
from .models import PayStub, Slip, StubLine
from .opening import openings
from .slip_rules import SlipRules
from .slips import SLIPS_OF

Side, Code, Kind = StubLine.Side, StubLine.Code, Slip.Kind
#: What the pays of a kind of stub add up to before deductions, beside the codes of deductions.
GROSS = "gross"
#: The side and code of an amount; for gross, the kind of stub and GROSS.
Place = tuple[str, str]
Boxes = Mapping[str, str]


@dataclass(frozen=True)
class BoxTotal:
    """One box of a summary: what the slips add up to in it, and how many write something there."""

    name: str
    total: Decimal
    slips: int


@dataclass(frozen=True)
class Later:
    """A pay that is on stubs and not yet on the confirmed slips, with what it adds to an amount."""

    stub: PayStub
    amount: Decimal


@dataclass(frozen=True)
class Row:
    """One amount of the year: on the slips (slip, box, total), on the stubs, and sent to a government.

    `stubs` and `employer` are of the pays issued here; `before` is what opening balances say was withheld or
    paid before that. `sent` is None where nothing says what was sent. `later` are the pays that explain a
    difference with the slips.
    """

    label: str
    boxes: list[tuple[str, str, Decimal]]
    stubs: Decimal
    before: Decimal
    employer: Decimal
    sent: Decimal | None
    later: list[Later] = field(default_factory=list)

    @property
    def not_on_slips(self) -> Decimal:
        """All pays less the slip that differs most; zero when every slip says what the pays say."""
        gaps = [self.stubs + self.before - total for _slip, _box, total in self.boxes]
        return max(gaps, key=abs, default=ZERO)

    @property
    def not_sent(self) -> Decimal:
        """Withheld and added by the co-op, less what was sent; zero where nothing is known of it."""
        return ZERO if self.sent is None else self.stubs + self.employer - self.sent


def summary(slips: Iterable[Boxes], rules: SlipRules, kind: str) -> list[BoxTotal]:
    """The figures of a summary, box by box, in the order of the form; boxes nobody has are left out."""
    amounts = [box.name for box in rules.boxes[kind] if box.of]
    totals: dict[str, Decimal] = defaultdict(lambda: ZERO)
    counts: dict[str, int] = defaultdict(int)
    for boxes in slips:
        for name in amounts:
            if name in boxes:
                totals[name] += Decimal(boxes[name])
                counts[name] += 1
    return [BoxTotal(name, totals[name], counts[name]) for name in amounts if counts[name]]


def on_stubs(year: int) -> dict[Place, Decimal]:
    """The amounts of all stubs paid in the year, by side and code; gross by kind of stub. One query."""
    rows = (
        StubLine.objects.filter(stub__run__pay_on__year=year)
        .order_by()
        .values_list("stub__kind", "side", "code")
        .annotate(total=Sum("amount"))
    )
    found: dict[Place, Decimal] = defaultdict(lambda: ZERO)
    for kind, side, code, total in rows:
        found[(kind, GROSS) if side == Side.EARNING else (side, code)] += total
    return found


def before(year: int) -> dict[Place, Decimal]:
    """The same of the opening balances of the year: what was paid before the co-op used this software."""
    found: dict[Place, Decimal] = defaultdict(lambda: ZERO)
    for payee, opening in openings(year).items():
        found[payee.kind, GROSS] += opening.gross
        for place, amount in opening.by_code.items():
            found[place] += amount
    return found


def remitted(year: int) -> dict[str, Decimal] | None:
    """What the register of remittances says was sent for the pays of a year, by code, both shares together.

    None where it holds no payment for that year.
    """
    found: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for amounts in standings.paid(year).values():
        for (_side, code), amount in amounts.items():
            found[code] += amount
    return found or None


def reconcile(
    year: int, slips: Mapping[str, list[Boxes]], rules: SlipRules, *, confirmed_at: datetime | None = None
) -> list[Row]:
    """Each amount of the year on slips, on stubs and sent. `slips` are the boxes written, by kind of slip.

    `confirmed_at`: when these slips were confirmed; the pays issued later explain what differs.
    """
    stubs, earlier, sent = on_stubs(year), before(year), remitted(year)
    totals = {
        kind: {of.name: of.total for of in summary(slips.get(kind, ()), rules, kind)} for kind in Kind.values
    }

    def boxes(of: str, kinds: Iterable[str]) -> list[tuple[str, str, Decimal]]:
        return [
            (Kind(kind).label, box.name, totals[kind].get(box.name, ZERO))
            for kind in kinds
            for box in rules.boxes[kind]
            if box.of == of
        ]

    rows: dict[Place, Row] = {}
    for stub_kind, kinds in SLIPS_OF.items():
        label = _("Gross pay") if stub_kind == PayStub.Kind.STUB else _("Freelancers’ fees")
        rows[stub_kind, GROSS] = Row(
            label, boxes(GROSS, kinds), stubs[stub_kind, GROSS], earlier[stub_kind, GROSS], ZERO, None
        )
    for code in Code:
        withheld, added = stubs[Side.DEDUCTION, code], stubs[Side.EMPLOYER, code]
        opened = earlier[Side.DEDUCTION, code]
        if withheld or added or opened:
            on_slips = boxes(code, SLIPS_OF[PayStub.Kind.STUB]) if withheld or opened else []
            was_sent = None if sent is None else sent.get(code, ZERO)
            rows[Side.DEDUCTION, code] = Row(str(code.label), on_slips, withheld, opened, added, was_sent)
    if confirmed_at and any(row.not_on_slips for row in rows.values()):
        for place, later in _issued_after(year, confirmed_at).items():
            if place in rows and rows[place].not_on_slips:
                rows[place].later.extend(later)
    return list(rows.values())


def _issued_after(year: int, moment: datetime) -> dict[Place, list[Later]]:
    """What the stubs issued since then add to each amount of the year. Two queries."""
    lines = StubLine.objects.filter(stub__run__pay_on__year=year, stub__run__issued_at__gt=moment)
    rows = lines.order_by().values_list("stub", "stub__kind", "side", "code").annotate(total=Sum("amount"))
    sums: dict[tuple[Place, int], Decimal] = defaultdict(lambda: ZERO)
    for stub_id, kind, side, code, total in rows:
        sums[(kind, GROSS) if side == Side.EARNING else (side, code), stub_id] += total
    stubs = PayStub.objects.select_related("run", "person").in_bulk({stub_id for _place, stub_id in sums})
    found: dict[Place, list[Later]] = defaultdict(list)
    for (place, stub_id), amount in sorted(sums.items(), key=lambda item: item[0][1]):
        if amount:
            found[place].append(Later(stubs[stub_id], amount))
    return found
