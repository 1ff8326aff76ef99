"""The slips of a year in tables: a row per person, the summaries, and the file for a spreadsheet."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from members.models import Person

from . import slip_words, slips
from .deductions.money import ZERO
from .deductions.parameters import Contributions
from .models import Slip, YearEnd
from .reconciling import BoxTotal, summary
from .slip_rules import SlipRules, slip_rules
from .slips import Draft

Kind = Slip.Kind


@dataclass(frozen=True)
class PersonRow:
    """One person of the year: their slips, what they earned and the income taxes withheld."""

    person: Person
    drafts: list[Draft]
    income: Decimal
    fees: Decimal
    federal_tax: Decimal
    quebec_tax: Decimal

    @property
    def kinds(self) -> list[str]:
        return [Kind(draft.kind).label for draft in self.drafts if draft.boxes]

    @property
    def is_new(self) -> bool:
        """Whether something of theirs is not on a confirmed slip."""
        return any(draft.is_new for draft in self.drafts)


def by_person(drafts: Iterable[Draft]) -> list[PersonRow]:
    """A row per person, in the order of the slips."""
    own: dict[Person, list[Draft]] = defaultdict(list)
    for draft in drafts:
        own[draft.person].append(draft)

    def amount(found: list[Draft], kind: str, box: str) -> Decimal:
        return sum((draft.amount(box) for draft in found if draft.kind == kind), ZERO)

    return [
        PersonRow(
            person,
            found,
            income=amount(found, Kind.T4, "14"),
            fees=amount(found, Kind.T4A, "048"),
            federal_tax=amount(found, Kind.T4, "22"),
            quebec_tax=amount(found, Kind.RL1, "E"),
        )
        for person, found in own.items()
    ]


def counts(drafts: Iterable[Draft]) -> list[tuple[str, int]]:
    """How many slips of each kind there are to file, those the government does not ask for left out."""
    found, rules = Counter[str](), slip_rules()
    for draft in drafts:
        found[draft.kind] += bool(draft.boxes) and slips.is_required(draft.kind, draft.boxes, rules)
    return [(kind.label, found[kind]) for kind in Kind if found[kind]]


def boxes_of(
    year: int, rules: SlipRules, table: Contributions, *, dental: str
) -> tuple[dict[str, list[Mapping[str, str]]], datetime | None]:
    """What is written on the slips of the year by kind, and when it was last confirmed.

    Once slips are confirmed, theirs; before that, those that would be written now.
    """
    confirmed = list(slips.latest(year).values())
    found: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    if not confirmed:
        for draft in slips.drafts(year, rules, table, dental=dental):
            found[draft.kind].append(draft.boxes)
        return found, None
    for slip in confirmed:
        found[slip.kind].append(slip.boxes)
    last = YearEnd.objects.filter(year=year, confirmed_at__isnull=False).order_by("-number").first()
    return found, last.confirmed_at


@dataclass(frozen=True)
class Summary:
    """The figures of one summary: how many slips, and the total of each box."""

    title: str
    slips: int
    boxes: list[tuple[BoxTotal, str]]


def summaries(boxes: Mapping[str, list[Mapping[str, str]]], rules: SlipRules) -> list[Summary]:
    """The RL-1 and T4 summaries, and the T4A's where there is one."""
    return [
        Summary(
            kind.label,
            sum(1 for written in boxes.get(kind, ()) if written),
            [
                (total, slip_words.label_of(kind, total.name))
                for total in summary(boxes.get(kind, ()), rules, kind)
            ],
        )
        for kind in Kind
        if any(boxes.get(kind, ()))
    ]


def table(year: int, drafts: list[Draft], rules: SlipRules) -> list[list[Any]]:
    """Every slip of the year as rows of cells: a line that says what it is, names, amounts, and totals."""
    columns = [(kind, box.name) for kind in Kind for box in rules.boxes[kind]]
    own: dict[Person, dict[tuple[str, str], str]] = defaultdict(dict)
    for draft in drafts:
        own[draft.person] |= {(draft.kind, name): written for name, written in draft.boxes.items()}
    constants = {(kind, box.name) for kind in Kind for box in rules.boxes[kind] if box.constant}

    def cell(place: tuple[str, str], written: str) -> Any:
        return written if place in constants or not written else Decimal(written)

    rows: list[list[Any]] = [
        [_("Figures of the slips of %(year)s, to carry into the governments’ forms") % {"year": year}],
        [_("Person"), *(f"{Kind(kind).label} {name}" for kind, name in columns)],
    ]
    rows += [
        [str(person), *(cell(place, written.get(place, "")) for place in columns)]
        for person, written in own.items()
        if written
    ]
    totals = [
        "" if place in constants else sum((Decimal(of.get(place, "0")) for of in own.values()), ZERO)
        for place in columns
    ]
    return [*rows, [_("Total"), *totals]]
