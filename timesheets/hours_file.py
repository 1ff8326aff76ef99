"""A file of hours as another tool gives it: one line an entry, read whole before anything is done with it.

Nothing is guessed or cut: what cannot be read is refused with the line it stands on. Seconds become
minutes so that the total of each person's day stays right within half a minute, whatever the number of
its lines.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koumbit import formats
from koumbit.durations import DAY
from koumbit.forms import refuse_hidden_signs
from members.models import Person
from roles.models import Role, Task

from . import file_cells
from .csv_table import CsvTable, Unreadable, digest_of, read_table
from .file_reading import KNOWN, Reading, Use, guess
from .models import Client, Project, TimeEntry

EARLIEST = date(2000, 1, 1)
_LONGEST = {
    Use.PERSON: Person._meta.get_field("email").max_length,
    Use.FAMILY_NAME: Person._meta.get_field("family_name").max_length,
    Use.ROLE: Role._meta.get_field("name").max_length,
    Use.TASK: Task._meta.get_field("name").max_length,
    Use.CLIENT: Client._meta.get_field("name").max_length,
    Use.PROJECT: Project._meta.get_field("name").max_length,
    Use.NOTE: TimeEntry._meta.get_field("note").max_length,
    Use.MENTOR: Person._meta.get_field("email").max_length,
}


class Row(NamedTuple):
    """One entry of the file, in the file's own words: every text may be empty."""

    line: int
    day: date
    person: str
    role: str
    task: str
    client: str
    project: str
    minutes: int
    note: str
    mentor: str = ""


class Refusal(NamedTuple):
    """Why a line (counted as a text editor does, the header is 1) cannot be imported: a translated sentence."""

    line: int
    sentence: str


@dataclass(frozen=True)
class HoursFile:
    """What a file says: its readable rows, the lines refused, the columns nobody reads.

    `digest` is the SHA-256, in hexadecimal, of its content. `seconds`: all the time its lines hold;
    `without_time`: the lines that hold none, or too little for the day to gain a minute;
    `total_line`: the last line, when it only adds up the others.
    """

    digest: str
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unread_columns: list[str] = field(default_factory=list)
    seconds: int = 0
    without_time: list[int] = field(default_factory=list)
    total_line: int | None = None


class _Fault(Exception):
    """One cell that cannot be read; its text is the sentence."""


class _Piece(NamedTuple):
    """What a line holds for one day, before its seconds are minutes."""

    line: int
    day: date
    seconds: int
    texts: dict[str, str]


def read(content: str | bytes) -> HoursFile:
    """What the file says, its columns recognised by their names; no database is asked."""
    try:
        table = table_of(content)
    except Unreadable as fault:
        return refused(content, fault)
    return read_as(table, guess(table))


def table_of(content: str | bytes) -> CsvTable:
    """The cells of the file. Raises `Unreadable`."""
    return read_table(content, KNOWN)


def refused(content: str | bytes, fault: Unreadable) -> HoursFile:
    """A file of which nothing can be read."""
    return HoursFile(digest_of(content), refusals=[Refusal(fault.line, fault.sentence)])


def read_as(table: CsvTable, reading: Reading) -> HoursFile:
    """What the file says, read that way, in the order of its lines. Days are compared with today."""
    unread = [
        short(header)
        for place, header in enumerate(table.headers)
        if header and place not in reading.columns.values()
    ]
    missing = list(_missing(reading))
    if missing:
        return HoursFile(
            table.digest, refusals=[Refusal(1, sentence) for sentence in missing], unread_columns=unread
        )
    return _Reader(table, reading).read(unread)


def _missing(reading: Reading) -> Iterator[str]:
    if Use.DAY not in reading.columns:
        yield _("No column says the day worked: choose it.")
    if Use.DURATION not in reading.columns and not {Use.START, Use.END} <= set(reading.columns):
        yield _("No column says how long the work took: choose it, or those of its start and its end.")


class _Reader:
    """The lines of a table, read one way."""

    def __init__(self, table: CsvTable, reading: Reading):
        self.table, self.reading = table, reading
        self.today, self.zone = timezone.localdate(), timezone.get_current_timezone()
        self.refusals: list[Refusal] = []
        # What is ambiguous is asked once, not on each line.
        self.asked: set[str] = set()

    def read(self, unread: list[str]) -> HoursFile:
        lines, total_line = self.table.lines, None
        if len(lines) > 1 and self._only_adds_up(lines[-1][1]):
            total_line = lines[-1][0]
            lines = lines[:-1]
        pieces = [piece for line, cells in lines for piece in self._pieces(line, cells)]
        rows, without_time = _in_minutes(pieces)
        return HoursFile(
            self.table.digest,
            rows,
            self.refusals,
            unread,
            sum(piece.seconds for piece in pieces),
            without_time,
            total_line,
        )

    def _only_adds_up(self, cells: list[str]) -> bool:
        """Does the line say no day, no person, no work: only sums?"""
        padded = cells + [""] * (len(self.table.headers) - len(cells))
        if any(self._cell(padded, use) for use in _LONGEST):
            return False
        text = self._cell(padded, Use.DAY)
        return not any(sign.isdigit() for sign in text)

    def _cell(self, cells: list[str], use: Use) -> str:
        place = self.reading.columns.get(use)
        return "" if place is None else cells[place].strip()

    def _pieces(self, line: int, cells: list[str]) -> list[_Piece]:
        """What the line holds, by day: nothing where a sentence says why it cannot be read."""
        if len(cells) != len(self.table.headers):
            self._refuse(line, _other_columns(len(cells) - len(self.table.headers)))
            return []
        faults = []
        texts: dict[str, str] = {}
        for use, longest in _LONGEST.items():
            try:
                texts[use] = _visible(self._cell(cells, use), self._header(use), longest)
            except _Fault as fault:
                faults.append(str(fault))
        moment, length = None, None
        try:
            moment = self._moment(self._cell(cells, Use.DAY))
        except _Fault as fault:
            faults.append(str(fault))
        try:
            length = self._length(cells)
        except _Fault as fault:
            faults.append(str(fault))
        for fault in filter(None, faults):
            self._refuse(line, fault)
        if faults or moment is None or length is None:
            return []
        start = self._start(cells, moment)
        days = file_cells.by_day(moment.day, start, length)
        if days[-1][0] > self.today:
            self._refuse(line, _not_yet(days[-1][0]))
            return []
        return [_Piece(line, day, seconds, texts) for day, seconds in days]

    def _refuse(self, line: int, sentence: str) -> None:
        self.refusals.append(Refusal(line, sentence))

    def _header(self, use: Use) -> str:
        place = self.reading.columns.get(use)
        return "" if place is None else self.table.headers[place]

    def _moment(self, text: str) -> file_cells.Moment:
        try:
            found = file_cells.moment(text, self.reading.day_order, self.zone)
        except file_cells.Ambiguous:
            raise _Fault(
                self._once(
                    "order",
                    _("“%(text)s” can be read day first or month first: say which it is.") % {"text": text},
                )
            ) from None
        if found is None:
            raise _Fault(_("“%(text)s” is not a day: write it like 2026-11-02.") % {"text": short(text)})
        if found.day > self.today:
            raise _Fault(_not_yet(found.day))
        if found.day < EARLIEST:
            raise _Fault(_("%(day)s is too long ago: check the year.") % {"day": formats.day(found.day)})
        return found

    def _length(self, cells: list[str]) -> int:
        """The seconds worked: what the column of lengths says, else from the start to the end."""
        if Use.DURATION not in self.reading.columns:
            start, end = self._minute(cells, Use.START), self._minute(cells, Use.END)
            return file_cells.between(start, end)
        text = self._cell(cells, Use.DURATION)
        try:
            length = file_cells.seconds(text, self.reading.unit)
        except file_cells.Ambiguous:
            raise _Fault(
                self._once(
                    "unit",
                    _("“%(text)s” can be hours, minutes or seconds: say which it is.")
                    % {"text": short(text)},
                )
            ) from None
        if length is None or length > DAY * 60:
            raise _Fault(
                _("“%(text)s” is not a length of time of at most 24 hours: write 90 minutes, 1:30 or 1h30.")
                % {"text": short(text)}
            )
        return length

    def _minute(self, cells: list[str], use: Use) -> int:
        text = self._cell(cells, use)
        # A time may come with its day: the order of that day matters to the column of days only.
        found = file_cells.minute_of_day(re.split("T| ", text, maxsplit=1)[-1]) if text else None
        if found is None:
            found = file_cells.minute_of_day(text)
        if found is None:
            raise _Fault(
                _("“%(text)s” is not a time of the day: write it like 9:05.") % {"text": short(text)}
            )
        return found

    def _start(self, cells: list[str], moment: file_cells.Moment) -> int | None:
        if moment.start is not None:
            return moment.start
        if Use.START not in self.reading.columns or not self._cell(cells, Use.START):
            return None
        try:
            return self._minute(cells, Use.START)
        except _Fault:
            return None

    def _once(self, what: str, sentence: str) -> str:
        """The sentence the first time, nothing after."""
        if what in self.asked:
            return ""
        self.asked.add(what)
        return sentence


def _in_minutes(pieces: list[_Piece]) -> tuple[list[Row], list[int]]:
    """The rows, and the lines that gave none.

    A day's minutes after each line are the nearest, half up, to its seconds so far: each line is within
    a minute of what it says, and their sum within half a minute.
    """
    so_far: dict[tuple[str, date], int] = defaultdict(int)
    rows, without_time = [], []
    for piece in pieces:
        texts = piece.texts
        person = " ".join(f"{texts[Use.PERSON]} {texts[Use.FAMILY_NAME]}".split())
        # An address is the same whatever its capitals; a name is shown as it is written.
        person = person.lower() if "@" in person else person
        key = person, piece.day
        before = (so_far[key] + 30) // 60
        so_far[key] += piece.seconds
        minutes = (so_far[key] + 30) // 60 - before
        if not minutes:
            without_time.append(piece.line)
            continue
        role, task, client, project = (
            " ".join(texts[use].split()) for use in (Use.ROLE, Use.TASK, Use.CLIENT, Use.PROJECT)
        )
        mentor = " ".join(texts[Use.MENTOR].split())
        rows.append(
            Row(piece.line, piece.day, person, role, task, client, project, minutes, texts[Use.NOTE], mentor)
        )
    return rows, without_time


def _not_yet(day: date) -> str:
    return _("%(day)s has not come yet: hours are logged once worked.") % {"day": formats.day(day)}


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


def _visible(text: str, header: str, longest: int) -> str:
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
    if len(text) > longest:
        raise _Fault(
            _("The column “%(name)s” holds %(length)d characters and has room for %(longest)d: shorten it.")
            % {"name": header, "length": len(text), "longest": longest}
        )
    return re.sub(r"[\t\r\n]+", " ", text)


def short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
