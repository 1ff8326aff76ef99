"""Which column of another tool's file holds what: recognised where its names are known, else chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from . import file_cells
from .csv_table import CsvTable


class Use(models.TextChoices):
    """What a column is read for."""

    DAY = "day", _("Day")
    START = "start", _("Start time")
    END = "end", _("End time")
    DURATION = "duration", _("Length")
    PERSON = "person", _("Person (e-mail address or name)")
    FAMILY_NAME = "family_name", _("Family name, if it stands apart")
    ROLE = "role", _("Role")
    TASK = "task", _("Task")
    CLIENT = "client", _("Client")
    PROJECT = "project", _("Project")
    NOTE = "note", _("Note")
    MENTOR = "mentor", _("Learning with (e-mail address or name)")


# The names columns have, in English and French, whatever their capitals; of several, the first is read.
_NAMES: dict[Use, tuple[str, ...]] = {
    Use.DAY: ("date", "jour", "day", "start date", "date de début", "spent date"),
    Use.START: ("start time", "start", "from", "begin", "heure de début", "début", "de"),
    Use.END: ("end time", "end", "to", "heure de fin", "fin", "à"),
    Use.DURATION: (
        "minutes",
        "duration (h)",
        "duration",
        "durée",
        "durée (h)",
        "hours",
        "heures",
        "duration (decimal)",
        "durée (décimale)",
        "time (h)",
        "seconds",
        "secondes",
    ),
    Use.PERSON: (
        "email",
        "e-mail",
        "courriel",
        "user email",
        "person",
        "personne",
        "user",
        "utilisateur",
        "member",
        "membre",
        "username",
        "first name",
        "prénom",
        "name",
        "nom",
    ),
    Use.FAMILY_NAME: ("last name", "nom de famille"),
    Use.ROLE: ("role", "rôle"),
    Use.TASK: ("task", "tâche", "activity", "activité"),
    Use.CLIENT: ("client", "customer"),
    Use.PROJECT: ("project", "projet"),
    Use.NOTE: ("note", "notes", "description", "comment", "commentaire"),
    Use.MENTOR: ("learning with", "en apprenant avec", "mentor", "personne-ressource"),
}
KNOWN = frozenset(name for names in _NAMES.values() for name in names)
_UNITS = {
    "minutes": "minutes",
    "seconds": "seconds",
    "secondes": "seconds",
    "hours": "hours",
    "heures": "hours",
    "duration (h)": "hours",
    "durée (h)": "hours",
    "duration (decimal)": "hours",
    "durée (décimale)": "hours",
    "time (h)": "hours",
}


class Tool(NamedTuple):
    """A tool whose exports are known by the names of some of their columns.

    `unit`: what a bare number means in the column of lengths, where its name does not say it.
    """

    name: str
    marks: frozenset[str]
    unit: str = ""


# Their detailed exports, as each tool writes them: the column names of Toggl Track, Clockify and Harvest
# are those of their reports, solidtime's and Kimai's those of their source code.
TOOLS = (
    Tool("Toggl Track", frozenset({"user", "email", "start date", "start time", "end date", "duration"})),
    Tool("Clockify", frozenset({"start date", "start time", "duration (h)"})),
    Tool("Harvest", frozenset({"date", "project code", "task", "notes", "hours"})),
    Tool("solidtime", frozenset({"start", "end", "duration", "duration (decimal)"})),
    Tool("Kimai", frozenset({"date", "customer", "activity", "duration"}), unit="hours"),
    Tool("Kimai", frozenset({"date", "client", "activité", "durée"}), unit="hours"),
)


@dataclass(frozen=True)
class Reading:
    """How a file is read: the column of each use (counted from 0), the order of days, the unit of numbers.

    `day_order` (`dmy`, `mdy`) and `unit` (`hours`, `minutes`, `seconds`) are empty where nothing says them.
    """

    columns: Mapping[str, int] = field(default_factory=dict)
    day_order: str = ""
    unit: str = ""

    @property
    def as_json(self) -> dict[str, Any]:
        return {"columns": dict(self.columns), "day_order": self.day_order, "unit": self.unit}


def tool_of(headers: Iterable[str]) -> str:
    """The name of the tool that wrote the file, if its columns tell it."""
    names = {header.casefold() for header in headers}
    return next((tool.name for tool in TOOLS if tool.marks <= names), "")


def guess(table: CsvTable) -> Reading:
    """How the file seems to be meant: by the names of its columns and, for the order of days, by the days."""
    names = [header.casefold() for header in table.headers]
    columns = {
        use.value: names.index(found)
        for use, candidates in _NAMES.items()
        if (found := next((name for name in candidates if name in names), None))
    }
    if Use.DAY not in columns and Use.START in columns:
        columns[Use.DAY.value] = columns[Use.START]
    if (
        names
        and Use.FAMILY_NAME in columns
        and names[columns.get(Use.PERSON, 0)] not in ("first name", "prénom")
    ):
        del columns[Use.FAMILY_NAME]
    unit = _UNITS.get(names[columns[Use.DURATION]], "") if Use.DURATION in columns else ""
    tool = next((tool for tool in TOOLS if tool.marks <= set(names)), None)
    return Reading(columns, order_of_days(table, columns), unit or (tool.unit if tool else ""))


def order_of_days(table: CsvTable, columns: Mapping[str, int]) -> str:
    """The order in which the days of these columns are written, as far as they tell."""
    return file_cells.order_of(list(table.values(columns[Use.DAY]))) if Use.DAY in columns else ""
