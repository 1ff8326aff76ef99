"""What the boxes of the year's slips hold, as dated data: each rule with its source and how sure we are.

The rules stand in `slip_rules.toml`, reviewed up to a day: a year beyond is refused, never guessed.
No database: the file, the tables of the deductions, and the language of the reader.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import get_language

from .deductions.parameters import CONFIDENCES, Contributions, find
from .deductions.refusals import NotReviewed, gettext_noop

NOT_REVIEWED = gettext_noop(
    "The boxes of the slips are reviewed for the years from %(first)s through %(last)s, and %(day)s is outside: "
    "have that year's guides read first."
)
HEADER = {"edition", "publication", "effective_from", "reviewed_through", "figures", "boxes"}
FREQUENCIES = ("weekly", "biweekly", "semimonthly", "monthly")
FIGURES = {
    "slips_on_paper",
    "retention_years",
    "t4a_fees_from",
    "review_tolerance",
    "roe_days_to_issue",
    *(f"roe_{block}_{frequency}" for block in ("hours", "earnings") for frequency in FREQUENCIES),
}
SLIPS = ("rl1", "t4", "t4a")
PROVENANCE = {"source", "source_fr", "consulted_on", "confidence"}
OPTIONS = {"of", "is", "cap", "cap_with_qpp2", "writes_zero"}


class SlipRulesError(ValueError):
    """The file does not say all that it must; the text names what is wrong."""


@dataclass(frozen=True, slots=True)
class Sourced:
    """Something that was read somewhere: where, when, and how sure we are of it."""

    source: str
    source_fr: str
    consulted_on: date
    confidence: str

    @property
    def cited(self) -> str:
        """Its source, in the language that is active."""
        return self.source_fr if (get_language() or "fr").startswith("fr") else self.source

    @property
    def is_to_verify(self) -> bool:
        return self.confidence != "P"


@dataclass(frozen=True, slots=True)
class Figure(Sourced):
    """A whole number that goes with the slips: dollars, slips or years."""

    value: int


@dataclass(frozen=True, slots=True)
class Box(Sourced):
    """What one box holds: a sum of the year's pays, up to a maximum, or something written as it is."""

    slip: str
    name: str
    of: str = ""
    constant: str = ""
    cap: str = ""
    cap_with_qpp2: str = ""
    writes_zero: bool = False


@dataclass(frozen=True)
class SlipRules:
    """The boxes of each slip, in the order of the form, and the figures that go with them."""

    edition: str
    publication: str
    effective_from: date
    reviewed_through: date
    figures: dict[str, Figure]
    boxes: dict[str, tuple[Box, ...]]

    def box(self, slip: str, name: str) -> Box:
        return next(box for box in self.boxes[slip] if box.name == name)


@cache
def slip_rules() -> SlipRules:
    """The rules of this release, read and checked once."""
    return read((files(__package__) / "slip_rules.toml").read_text(encoding="utf-8"))


def rules_of(year: int) -> tuple[SlipRules, Contributions]:
    """The rules and the contributions table of a year of payment.

    Raises NotReviewed when either was not reviewed through the end of that year.
    """
    rules, last_day = slip_rules(), date(year, 12, 31)
    if not rules.effective_from <= last_day <= rules.reviewed_through:
        raise NotReviewed(NOT_REVIEWED, day=last_day, first=rules.effective_from, last=rules.reviewed_through)
    return rules, find(Contributions, last_day)


def read(text: str) -> SlipRules:
    """The rules that a file says. Raises SlipRulesError when something is missing, unknown or unsourced."""
    content = tomllib.loads(text)
    _same_keys("header", set(content), HEADER)
    _same_keys("figures", set(content["figures"]), FIGURES)
    _same_keys("boxes", set(content["boxes"]), set(SLIPS))
    return SlipRules(
        edition=content["edition"],
        publication=content["publication"],
        effective_from=content["effective_from"],
        reviewed_through=content["reviewed_through"],
        figures={name: _figure(name, entry) for name, entry in content["figures"].items()},
        boxes={
            slip: tuple(_box(slip, name, entry) for name, entry in content["boxes"][slip].items())
            for slip in SLIPS
        },
    )


def _figure(name: str, entry: dict[str, Any]) -> Figure:
    _same_keys(name, set(entry), PROVENANCE | {"value"})
    if type(entry["value"]) is not int or entry["value"] <= 0:
        raise SlipRulesError(f"{name}: the value is a whole number above zero")
    return Figure(value=entry["value"], **_sourced(name, entry))


def _box(slip: str, name: str, entry: dict[str, Any]) -> Box:
    where = f"{slip} {name}"
    if unknown := set(entry) - OPTIONS - PROVENANCE:
        raise SlipRulesError(f"{where}: unknown {', '.join(sorted(unknown))}")
    if ("of" in entry) == ("is" in entry):
        raise SlipRulesError(f"{where}: say what it is the sum of, or what it is, not both")
    for key in ("cap", "cap_with_qpp2"):
        if key in entry and entry[key] not in Contributions.__dataclass_fields__:
            raise SlipRulesError(f"{where}: {entry[key]} is not in the contributions table")
    options = {key: entry[key] for key in OPTIONS - {"is"} if key in entry}
    return Box(slip=slip, name=name, constant=entry.get("is", ""), **options, **_sourced(where, entry))


def _sourced(where: str, entry: dict[str, Any]) -> dict[str, Any]:
    if missing := PROVENANCE - set(entry):
        raise SlipRulesError(f"{where}: missing {', '.join(sorted(missing))}")
    if type(entry["consulted_on"]) is not date:
        raise SlipRulesError(f"{where}: consulted_on must be a date")
    if not (str(entry["source"]).strip() and str(entry["source_fr"]).strip()):
        raise SlipRulesError(f"{where}: the source is empty")
    if entry["confidence"] not in CONFIDENCES:
        raise SlipRulesError(f"{where}: confidence must be one of {', '.join(CONFIDENCES)}")
    return {key: entry[key] for key in PROVENANCE}


def _same_keys(where: str, found: set[str], wanted: set[str]) -> None:
    if found != wanted:
        raise SlipRulesError(f"{where}: {', '.join(sorted(found ^ wanted))} missing or unknown")
