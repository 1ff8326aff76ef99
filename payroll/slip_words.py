"""What the boxes of the slips are called, and a person's figures arranged for reading, on screen and on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.formats import dollars
from members.models import Person

from .deductions import NotReviewed
from .models import Slip, YearEnd
from .slip_boxes import DENTAL
from .slip_rules import Box, SlipRules, rules_of, slip_rules
from .slips import Draft, SlipFacts

Kind, Change = Slip.Kind, Slip.Change

LABELS = {
    ("rl1", "A"): gettext_lazy("Employment income before source deductions"),
    ("rl1", "B.A"): gettext_lazy("QPP contribution"),
    ("rl1", "B.B"): gettext_lazy("Additional QPP contribution (second)"),
    ("rl1", "C"): gettext_lazy("Employment insurance premium"),
    ("rl1", "D"): gettext_lazy("Registered pension plan contribution"),
    ("rl1", "E"): gettext_lazy("Québec income tax withheld"),
    ("rl1", "F"): gettext_lazy("Union dues"),
    ("rl1", "G"): gettext_lazy("Pensionable salary or wages under the QPP"),
    ("rl1", "H"): gettext_lazy("QPIP premium"),
    ("rl1", "I"): gettext_lazy("Eligible salary or wages under the QPIP"),
    ("t4", "10"): gettext_lazy("Province of employment"),
    ("t4", "14"): gettext_lazy("Employment income"),
    ("t4", "17"): gettext_lazy("QPP contribution"),
    ("t4", "17A"): gettext_lazy("Second QPP contribution"),
    ("t4", "18"): gettext_lazy("Employment insurance premium"),
    ("t4", "20"): gettext_lazy("Registered pension plan contribution"),
    ("t4", "22"): gettext_lazy("Federal income tax withheld"),
    ("t4", "24"): gettext_lazy("EI insurable earnings"),
    ("t4", "26"): gettext_lazy("QPP pensionable earnings"),
    ("t4", "44"): gettext_lazy("Union dues"),
    ("t4", "45"): gettext_lazy("Dental insurance offered by the employer"),
    ("t4", "52"): gettext_lazy("Pension adjustment"),
    ("t4", "55"): gettext_lazy("QPIP premium"),
    ("t4", "56"): gettext_lazy("QPIP insurable earnings"),
    ("t4a", "048"): gettext_lazy("Fees for services, without GST and QST"),
}
TITLES: dict[str, Promise] = {
    Kind.RL1: gettext_lazy("RL-1: employment and other income (Revenu Québec)"),
    Kind.T4: gettext_lazy("T4: statement of remuneration paid (Canada Revenue Agency)"),
    Kind.T4A: gettext_lazy("T4A: other income (Canada Revenue Agency)"),
}


def label_of(kind: str, box: str) -> str:
    """What a box holds, in the language that is active."""
    return str(LABELS.get((kind, box), box))


def said(box: Box | None, written: str) -> str:
    """What is written in a box, for the reader: dollars, the province, or the code of dental insurance."""
    if box is None or not written:
        return written
    if box.constant == DENTAL:
        return f"{written} ({YearEnd.Dental(written).label})"
    return written if box.constant else dollars(Decimal(written))


def changed(drafts: list[Draft]) -> list[tuple[Draft, list[tuple[str, str, str]]]]:
    """Slips that differ from the confirmed ones, each with its boxes: the name, what was there, what is now."""
    found = []
    for draft in drafts:
        known = {box.name: box for box in slip_rules().boxes[draft.kind]}
        found.append(
            (
                draft,
                [
                    (name, said(known.get(name), before), said(known.get(name), now))
                    for name, before, now in draft.changes
                ],
            )
        )
    return found


@dataclass(frozen=True)
class BoxLine:
    """A box as it is read: its name, what it holds, what is written in it, and whether that is to verify."""

    name: str
    label: str
    text: str
    is_to_verify: bool


@dataclass(frozen=True)
class Sheet:
    """The figures of one slip, to carry into the government's form. `confirmed_at` is None before that."""

    kind: str
    title: str
    change: str
    facts: SlipFacts
    lines: list[BoxLine]
    confirmed_at: datetime | None

    @property
    def is_cancelled(self) -> bool:
        return self.change == Change.CANCELLED


def sheet(
    kind: str,
    boxes: Mapping[str, str],
    facts: SlipFacts,
    rules: SlipRules | None,
    *,
    change: str = Change.ORIGINAL,
    confirmed_at: datetime | None = None,
) -> Sheet:
    """A slip arranged for reading, in the order of its form; boxes that stay empty are left out."""
    known = {box.name: box for box in rules.boxes[kind]} if rules else {}
    names = [*(name for name in known if name in boxes), *(name for name in boxes if name not in known)]
    lines = [
        BoxLine(
            name,
            label_of(kind, name),
            said(known.get(name), boxes[name]),
            name in known and known[name].confidence == "M",
        )
        for name in names
    ]
    return Sheet(kind, str(TITLES[Kind(kind)]), change, facts, lines, confirmed_at)


def sheets_of_drafts(drafts: list[Draft], rules: SlipRules) -> list[Sheet]:
    return [sheet(draft.kind, draft.boxes, draft.facts, rules) for draft in drafts if draft.boxes]


def sheets_of_slips(slips: list[Slip], year: int) -> list[Sheet]:
    """Confirmed slips arranged for reading, whatever became of that year's rules."""
    try:
        rules = rules_of(year)[0]
    except NotReviewed:
        rules = None
    return [
        sheet(
            slip.kind,
            slip.boxes,
            slip.facts,
            rules,
            change=slip.change,
            confirmed_at=slip.year_end.confirmed_at,
        )
        for slip in slips
    ]


def file_name(person: Person, year: int) -> str:
    """A plain name for the sheet of a person's year."""
    return _("slip-figures-%(year)s-%(number)s.pdf") % {"year": year, "number": person.pk}
