"""A file of hours as another tool gives it: one line an entry, read whole before anything is done with it.

CSV in UTF-8 or Windows-1252 (Latin-1 is part of it), its columns in any order, between commas, semicolons or tabs.
Nothing is guessed, cut or left out: what cannot be read is refused with the line it stands on.
"""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koumbit import formats
from koumbit.durations import DAY
from koumbit.forms import refuse_hidden_signs
from members.models import Person
from roles.models import Role, Task

from .models import Project, TimeEntry

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 100_000
EARLIEST = date(2000, 1, 1)

# A column may be named in either language; whatever its capitals.
COLUMNS = {
    "date": "date",
    "jour": "date",
    "person": "person",
    "personne": "person",
    "courriel": "person",
    "role": "role",
    "rôle": "role",
    "task": "task",
    "tâche": "task",
    "project": "project",
    "projet": "project",
    "minutes": "minutes",
    "note": "note",
}
REQUIRED = ("date", "person", "role", "task", "minutes")
_LONGEST = {
    "person": Person._meta.get_field("email").max_length,
    "role": Role._meta.get_field("name").max_length,
    "task": Task._meta.get_field("name").max_length,
    "project": Project._meta.get_field("name").max_length,
    "note": TimeEntry._meta.get_field("note").max_length,
}
# What the bytes 0x80 to 0x9F mean in Windows-1252; five of them mean nothing.
_WINDOWS_SIGNS = {
    byte: sign for byte in range(0x80, 0xA0) if (sign := bytes([byte]).decode("cp1252", errors="ignore"))
}
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MINUTES = re.compile(r"[0-9]{1,4}")


class Row(NamedTuple):
    """One entry of the file, whose every part can be read. `project` and `note` may be empty."""

    line: int
    day: date
    email: str
    role: str
    task: str
    project: str
    minutes: int
    note: str


class Refusal(NamedTuple):
    """Why a line (counted as a text editor does, the header is 1) cannot be imported: a translated sentence."""

    line: int
    sentence: str


@dataclass(frozen=True)
class HoursFile:
    """What a file says: its readable rows, the lines refused, the columns nobody reads.

    `digest` is the SHA-256, in hexadecimal, of its content.
    """

    digest: str
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unread_columns: list[str] = field(default_factory=list)


class _Unreadable(Exception):
    """The file stops making sense at a line; nothing after it can be told apart."""

    def __init__(self, line: int, sentence: str):
        self.refusal = Refusal(line, sentence)
        super().__init__(sentence)


class _Fault(Exception):
    """One cell that cannot be read; its text is the sentence."""


def read(content: str | bytes) -> HoursFile:
    """What the file says, in the order of its lines. Days are compared with today; no database is asked."""
    whole = content.encode() if isinstance(content, str) else content
    digest = hashlib.sha256(whole).hexdigest()
    try:
        if len(whole) > LARGEST:
            raise _Unreadable(1, _("The file is larger than 5 MB: cut it into several."))
        table = _table(_decoded(content))
    except _Unreadable as fault:
        return HoursFile(digest, refusals=[fault.refusal])
    found = HoursFile(digest, unread_columns=table.unread)
    today = timezone.localdate()
    for line, cells in table.lines:
        row, faults = _row(table, line, cells, today)
        found.refusals.extend(Refusal(line, sentence) for sentence in faults)
        if row is not None:
            found.rows.append(row)
    return found


def _decoded(content: str | bytes) -> str:
    """The text: UTF-8 if it is that, else Windows-1252.

    Tools that took Windows-1252 for Latin-1 leave its dashes and quotation marks as control
    characters, in UTF-8 too: they are given their meaning back.
    """
    if isinstance(content, bytes):
        try:
            content = content.decode()
        except UnicodeDecodeError:
            content = content.decode("latin-1")
    return unicodedata.normalize("NFC", content.removeprefix("\ufeff").translate(_WINDOWS_SIGNS))


@dataclass(frozen=True)
class _Table:
    """The file cut into cells: each column as the file names it and as we do (empty when nobody reads it)."""

    headers: list[str]
    names: list[str]
    lines: list[tuple[int, list[str]]]

    @property
    def unread(self) -> list[str]:
        pairs = zip(self.headers, self.names, strict=True)
        return [_short(header) for header, name in pairs if header and not name]


def _table(text: str) -> _Table:
    if not text.strip():
        raise _Unreadable(1, _("The file is empty."))
    lines = _lines(text, _delimiter(text))
    first, header = next(lines)
    headers = [cell.strip() for cell in header]
    names = [COLUMNS.get(cell.casefold(), "") for cell in headers]
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        raise _Unreadable(first, _("The column “%(name)s” is there twice.") % {"name": twice})
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise _Unreadable(
            first,
            _(
                "The first line has to name the columns date, person, role, task and minutes "
                "(project and note if there are any). Missing: %(missing)s."
            )
            % {"missing": ", ".join(missing)},
        )
    filled: list[tuple[int, list[str]]] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(filled) == MOST_ROWS:
            raise _Unreadable(
                line,
                _("There are more than %(most)s lines: cut the file into several.")
                % {"most": formats.number(MOST_ROWS, 0)},
            )
        filled.append((line, cells))
    if not filled:
        raise _Unreadable(first, _("The file names its columns and holds no hours."))
    return _Table(headers, names, filled)


def _delimiter(text: str) -> str:
    """The sign between the columns: the one with which the first line names most of them."""
    first = text.splitlines()[0]

    def known(sign: str) -> int:
        return sum(cell.strip(' "').casefold() in COLUMNS for cell in first.split(sign))

    return max(",;\t", key=known)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on: a quoted note may run over several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _Unreadable(
                line,
                _(
                    "The file cannot be read from this line on: a quotation mark is not closed, "
                    "or one inside a text is not doubled."
                ),
            ) from error


def _row(table: _Table, line: int, cells: list[str], today: date) -> tuple[Row | None, list[str]]:
    """The row of these cells, or the sentences that say why there is none."""
    if len(cells) != len(table.names):
        return None, [_other_columns(len(cells) - len(table.names))]
    by_name = {
        name: (text, header) for name, header, text in zip(table.names, table.headers, cells, strict=True)
    }
    faults: list[str] = []
    parts: dict[str, Any] = {}
    for name, reads in _READERS.items():
        text, header = by_name.get(name, ("", ""))
        try:
            parts[name] = reads(_visible(text.strip(), header, _LONGEST.get(name)), header, today)
        except _Fault as fault:
            faults.append(str(fault))
    return (None, faults) if faults else (Row(line, *parts.values()), faults)


def _other_columns(more: int) -> str:
    if more < 0:
        return ngettext(
            "This line has %(count)d column less than the first one.",
            "This line has %(count)d columns less than the first one.",
            -more,
        ) % {"count": -more}
    return ngettext(
        "This line has %(count)d column more than the first one: put its note in quotation marks.",
        "This line has %(count)d columns more than the first one: put its note in quotation marks.",
        more,
    ) % {"count": more}


def _visible(text: str, header: str, longest: int | None) -> str:
    """The text on one line, if it holds only what one sees and no more than there is room for."""
    try:
        refuse_hidden_signs(text)
    except ValidationError:
        hidden = True
    else:
        hidden = "\x00" in text
    if hidden:
        raise _Fault(
            _("The column “%(name)s” holds invisible control characters: take them out.") % {"name": header}
        )
    if longest and len(text) > longest:
        raise _Fault(
            _("The column “%(name)s” holds %(length)d characters and has room for %(longest)d: shorten it.")
            % {"name": header, "length": len(text), "longest": longest}
        )
    return re.sub(r"[\t\r\n]+", " ", text)


def _day(text: str, _header: str, today: date) -> date:
    try:
        day = date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise _Fault(_("“%(text)s” is not a day: write it like 2026-11-02.") % {"text": _short(text)})
    if day > today:
        raise _Fault(_("%(day)s has not come yet: hours are logged once worked.") % {"day": formats.day(day)})
    if day < EARLIEST:
        raise _Fault(_("%(day)s is too long ago: check the year.") % {"day": formats.day(day)})
    return day


def _email(text: str, _header: str, _today: date) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise _Fault(
            _("“%(text)s” is not an e-mail address: it says whose hours these are.") % {"text": _short(text)}
        ) from None
    return text.lower()


def _minutes(text: str, _header: str, _today: date) -> int:
    minutes = int(text) if _MINUTES.fullmatch(text) else 0
    if not 1 <= minutes <= DAY:
        raise _Fault(
            _("“%(text)s” is not a number of minutes: write a whole number from 1 to 1440.")
            % {"text": _short(text)}
        )
    return minutes


def _named(text: str, header: str, _today: date) -> str:
    if not text:
        raise _Fault(_("The column “%(name)s” is empty.") % {"name": header})
    return " ".join(text.split())


def _spaced(text: str, _header: str, _today: date) -> str:
    return " ".join(text.split())


def _text(text: str, _header: str, _today: date) -> str:
    return text


# In the order of `Row`.
_READERS = {
    "date": _day,
    "person": _email,
    "role": _named,
    "task": _named,
    "project": _spaced,
    "minutes": _minutes,
    "note": _text,
}


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
