"""What the law grants for absences, as dated data: each figure with its source and how sure we are of it.

The figures stand in `leave_rules.toml`, reviewed up to a day. Beyond that day there are none: last
year's figure is never shown by silence.
"""

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import get_language

CONFIDENCES = ("P", "T", "C", "M")
HEADER = {"edition", "publication", "effective_from", "reviewed_through", "values"}
PROVENANCE = {"value", "source", "source_fr", "consulted_on", "confidence"}


class RulesError(ValueError):
    """The file does not say all that it must; the text names what is wrong."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the law: where it was read, when, and how sure we are.

    `confidence`: P read in the primary text, T in a transcription or a good secondary source, C
    computed or cross-checked, M general knowledge.
    """

    value: int
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveRules:
    """The figures in force from a day to the day they were reviewed through, both included."""

    edition: str
    publication: str
    effective_from: date
    reviewed_through: date

    family_days_a_year: Figure
    paid_days_a_year: Figure
    service_months_for_paid_days: Figure
    year_starts_in_month: Figure
    sick_weeks: Figure
    sick_weeks_within_months: Figure
    absences_without_proof: Figure
    days_without_proof: Figure
    parental_weeks: Figure
    worked_holiday_weeks: Figure
    national_holiday_working_days: Figure


FIGURES = {field.name for field in fields(LeaveRules)} - HEADER


def rules_on(day: date) -> LeaveRules | None:
    """The figures of that day; None when nobody has reviewed them for it."""
    rules = latest_rules()
    return rules if rules.effective_from <= day <= rules.reviewed_through else None


@cache
def latest_rules() -> LeaveRules:
    """The figures of this release, read and checked once."""
    return read((files(__package__) / "leave_rules.toml").read_text(encoding="utf-8"))


def read(text: str) -> LeaveRules:
    """The rules that a file says. Raises `RulesError` when something is missing, unknown or unsourced."""
    content = tomllib.loads(text)
    _same_keys("header", set(content), HEADER)
    _same_keys("values", set(content["values"]), FIGURES)
    header = {key: content[key] for key in HEADER - {"values"}}
    if header["effective_from"] > header["reviewed_through"]:
        raise RulesError("reviewed_through comes before effective_from")
    return LeaveRules(**header, **{name: _figure(name, entry) for name, entry in content["values"].items()})


def _figure(name: str, entry: dict[str, Any]) -> Figure:
    _same_keys(name, set(entry), PROVENANCE)
    if type(entry["value"]) is not int or entry["value"] <= 0:
        raise RulesError(f"{name}: the value is a whole number above zero")
    if type(entry["consulted_on"]) is not date:
        raise RulesError(f"{name}: consulted_on must be a date")
    if not (str(entry["source"]).strip() and str(entry["source_fr"]).strip()):
        raise RulesError(f"{name}: the source is empty")
    if entry["confidence"] not in CONFIDENCES:
        raise RulesError(f"{name}: confidence must be one of {', '.join(CONFIDENCES)}")
    return Figure(**entry)


def _same_keys(where: str, found: set[str], wanted: set[str]) -> None:
    if found != wanted:
        raise RulesError(f"{where}: {', '.join(sorted(found ^ wanted))} missing or unknown")
