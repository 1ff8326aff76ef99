"""What is about a person, table by table: what the export gives, and what happens once the term is past.

Each app says it of its own tables, in its `personal_data`, and hands it over when it starts: this app
knows none of those above it. One register serves the export of one's data, the retention of what is
kept and the tests that walk every model, so that nothing about a person is forgotten by one of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from koumbit.privacy import KEPT, Kind, Until
from koumbit.purge_sql import ERASED

from .models import Person

# Why something is left out of the export.
CONFIDENTIAL = _("never put in a file: you read it on its own page, having proved who you are")
KEY = _("opens a door, or proves one: of no use outside of the program")
OF_THE_PROGRAM = _("only serves the program")
IN_DOCUMENTS = _("among the documents of this archive")
OTHERS = _("about somebody else")


# What columns are called whose model does not say it in words of the screen.
COLUMNS: dict[str, Promise] = {
    "act": _("act"),
    "adjustment": _("adjustment"),
    "after_act": _("last act before it"),
    "agreed_when_back": _("agreed at the return"),
    "amount": _("amount"),
    "answered": _("answered"),
    "approved_by": _("approved by"),
    "at": _("when"),
    "balance": _("opening balance"),
    "ballot": _("ballot"),
    "body": _("details"),
    "boxes": _("boxes"),
    "by": _("by"),
    "choices": _("meanings chosen"),
    "code": _("line"),
    "columns_digest": _("fingerprint of the columns"),
    "confirmed_at": _("confirmed at"),
    "confirmed_by": _("confirmed by"),
    "content": _("content"),
    "created_at": _("created at"),
    "data": _("secret"),
    "decided_by": _("decided by"),
    "digest": _("fingerprint"),
    "dimension": _("dimension"),
    "done_by": _("done by"),
    "done_on": _("done on"),
    "elector": _("called to the ballot"),
    "entered_at": _("entered at"),
    "entry_id": _("number of the line"),
    "event": _("event"),
    "facts": _("what it says besides"),
    "fields": _("what it would do"),
    "figures": _("figures"),
    "file": _("deposit file"),
    "has_interest": _("has an interest"),
    "hash": _("hash"),
    "holds_key": _("holds a key"),
    "id": _("number"),
    "inputs": _("what deductions were computed from"),
    "insurable": _("insurable earnings"),
    "ip": _("internet address"),
    "item": _("thing to do"),
    "kept_at": _("kept at"),
    "last_seen_at": _("last seen at"),
    "last_used_at": _("last used at"),
    "learning_with": _("learning with"),
    "leave": _("leave"),
    "list": _("list"),
    "message": _("message"),
    "minutes": _("minutes"),
    "mirrors": _("stub it takes back"),
    "month": _("month"),
    "motion": _("proposal"),
    "nonperiodic": _("non-periodic pay"),
    "nonperiodic_f5": _("non-periodic pay, deduction F5"),
    "opened_at": _("opened at"),
    "opened_by": _("opened by"),
    "opening": _("opening"),
    "page": _("page"),
    "pdf": _("document"),
    "pensionable": _("pensionable earnings"),
    "person": _("person"),
    "place": _("place in the file"),
    "prev": _("hash of the line before"),
    "project": _("project"),
    "proposal": _("proposal"),
    "reading": _("meaning of the columns"),
    "reason": _("reason"),
    "seq": _("number"),
    "session_key": _("key of the session"),
    "sha256": _("fingerprint"),
    "sheet": _("week"),
    "sheet_id": _("number of the week"),
    "side": _("side"),
    "since": _("since"),
    "sort_name": _("name, for sorting"),
    "stop_url": _("address that turns reminders off"),
    "stub": _("pay stub"),
    "task": _("task"),
    "template": _("usual week"),
    "type": _("kind"),
    "typed": _("what was typed"),
    "used_at": _("used at"),
    "user_agent": _("browser"),
    "what": _("what"),
    "written_at": _("written at"),
}


@dataclass(frozen=True)
class Destroyed:
    """The rows go."""


@dataclass(frozen=True)
class Emptied:
    """The rows stay for their numbers and days; these columns lose what they said.

    `left` finds the rows in which something is left to empty; made from the columns when they are texts.
    """

    columns: tuple[str, ...]
    left: Q | None = None

    @property
    def something_left(self) -> Q:
        if self.left is not None:
            return self.left
        found = Q()
        for column in self.columns:
            found |= ~Q(**{f"{column}__in": ["", ERASED]})
        return found


@dataclass(frozen=True)
class Stays:
    """The rows stay, and why."""

    because: Promise


Fate = Destroyed | Emptied | Stays


@dataclass(frozen=True)
class Personal:
    """Rows of one table about people.

    `of` are the ways from a row to whom it is about, none where a row is about several or nobody.
    `called` is its name in the export and on the page of what is past its term. `left_out` says, of each
    column that the export does not give, why. `year` is the way to the day, or the number, that tells
    which year a row is of. Other people are exported by name: they acted on these rows.
    """

    model: type[models.Model]
    kind: Kind
    called: Promise
    of: tuple[str, ...]
    fate: Fate
    left_out: Mapping[str, Promise] = field(default_factory=dict)
    year: str = ""
    is_exported: bool = True

    @property
    def term(self) -> Until:
        return next(kept.term for kept in KEPT if kept.kind == self.kind)

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def fields(self) -> list[models.Field]:
        """The columns that are exported, those that say whose the row is left out."""
        return [
            each
            for each in self.model._meta.concrete_fields
            if each.name not in self.left_out and each.name not in self.of
        ]

    def about(self, person: Person) -> QuerySet:
        """The rows about this person, in order."""
        found = Q(pk__in=[])
        for way in self.of:
            found |= Q(**{way: person.pk})
        return self.model._default_manager.filter(found).order_by("pk").distinct()

    def with_something_left(self) -> QuerySet:
        """The rows in which something is left to destroy or to empty."""
        rows = self.model._default_manager.order_by()
        if isinstance(self.fate, Emptied):
            return rows.filter(self.fate.something_left)
        return rows.none() if isinstance(self.fate, Stays) else rows

    @property
    def is_year_a_day(self) -> bool:
        return isinstance(self._year_field, models.DateField)

    @property
    def _year_field(self) -> Any:
        model, names = self.model, self.year.split("__")
        for name in names[:-1]:
            model = model._meta.get_field(name).related_model
        return model._meta.get_field(names[-1])

    def until_year(self, year: int) -> Q:
        """Rows of that year and of those before, by a day's index where there is one."""
        return Q(**{f"{self.year}__year__lte" if self.is_year_a_day else f"{self.year}__lte": year})

    def in_year(self, year: int) -> Q:
        return Q(**{f"{self.year}__year" if self.is_year_a_day else self.year: year})


#: A document of somebody's: its name in the archive, and its bytes.
Document = tuple[str, bytes]


@dataclass(frozen=True)
class Part:
    """What one app tells: its tables, and the documents it makes of somebody.

    `not_personal` are the tables that are about nobody, each with why. `to_make` is how many documents are
    not made yet and would have to be; `keeps_file` whose file has to wait longer than it would, on a day.
    """

    tables: tuple[Personal, ...]
    not_personal: Mapping[type[models.Model], str]
    documents: Callable[[Person], Iterable[Document]] = lambda person: ()
    to_make: Callable[[Person], int] = lambda person: 0
    keeps_file: Callable[[date], Iterable[int]] = lambda today: ()


_parts: dict[str, Part] = {}


def told_by(app: str, part: Part) -> None:
    """Called once by each app when it starts."""
    _parts[app] = part


def parts() -> list[Part]:
    """What every app told, from the one that stands on the others down: the order in which rows may go."""
    return list(reversed(_parts.values()))


def tables() -> Iterator[Personal]:
    for part in parts():
        yield from part.tables


def documents(person: Person) -> Iterator[Document]:
    for part in parts():
        yield from part.documents(person)


def documents_to_make(person: Person) -> int:
    """How many documents of this person are still to be made: what makes an export long."""
    return sum(part.to_make(person) for part in parts())


def kept_longer(today: date) -> set[int]:
    """The people whose file has to wait, by key, whenever they left."""
    return {pk for part in parts() for pk in part.keeps_file(today)}


def value(row: models.Model, column: models.Field) -> Any:
    """A cell as it is said: another person or thing by its name, a choice by its label, the rest as it is."""
    if column.is_relation:
        other = getattr(row, column.name)
        return "" if other is None else str(other)
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    found = getattr(row, column.attname)
    if isinstance(found, datetime):
        return timezone.localtime(found).isoformat(" ", "seconds")
    return "" if found is None else found


def called(column: models.Field) -> str:
    """What a column is called in the language that is active."""
    name = column.verbose_name
    return str(name if isinstance(name, Promise) else COLUMNS[column.name])
