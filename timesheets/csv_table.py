"""A CSV file cut into cells: its first line names the columns, whatever tool wrote it.

UTF-8 or Windows-1252 (Latin-1 is part of it), between commas, semicolons, tabs or bars. Nothing is
guessed, cut or left out: what cannot be told apart is refused with the line it stands on.
"""

import csv
import hashlib
import io
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from koumbit import formats

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 100_000
_PREAMBLE = 5

# What the bytes 0x80 to 0x9F mean in Windows-1252; five of them mean nothing.
_WINDOWS_SIGNS = {
    byte: sign for byte in range(0x80, 0xA0) if (sign := bytes([byte]).decode("cp1252", errors="ignore"))
}


class Unreadable(Exception):
    """The file stops making sense at a line; nothing after it can be told apart."""

    def __init__(self, line: int, sentence: str):
        self.line, self.sentence = line, sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class CsvTable:
    """The cells of a file. `digest`: the SHA-256 of its content, in hexadecimal.

    `lines`: each record with the line it starts on, counted as a text editor does; blank ones are not there.
    """

    digest: str
    headers: list[str]
    lines: list[tuple[int, list[str]]]

    @property
    def columns_digest(self) -> str:
        """What names the columns, in their order: files of the same tool share it."""
        return hashlib.sha256("\n".join(self.headers).casefold().encode()).hexdigest()

    def values(self, column: int) -> Iterator[str]:
        """What a column holds, line by line; a line that is too short holds nothing there."""
        return (cells[column].strip() if column < len(cells) else "" for _line, cells in self.lines)


def digest_of(content: str | bytes) -> str:
    whole = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(whole).hexdigest()


def read_table(content: str | bytes, known: Collection[str]) -> CsvTable:
    """The cells of the file. `known`: the names columns often have, to find the line that names them.

    Raises `Unreadable`.
    """
    if len(content) > LARGEST:
        raise Unreadable(1, _("The file is larger than 5 MB: cut it into several."))
    text = _decoded(content)
    if not text.strip():
        raise Unreadable(1, _("The file is empty."))
    records = _records(text, _delimiter(text, known))
    first, headers, before = _header(records, known)
    filled: list[tuple[int, list[str]]] = list(before)
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(filled) == MOST_ROWS:
            raise Unreadable(
                line,
                _("There are more than %(most)s lines: cut the file into several.")
                % {"most": formats.number(MOST_ROWS, 0)},
            )
        filled.append((line, cells))
    if not filled:
        raise Unreadable(first, _("The file names its columns and holds no hours."))
    return CsvTable(digest_of(content), headers, filled)


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


def _delimiter(text: str, known: Collection[str]) -> str:
    """The sign between the columns: the one with which the first lines name most of them."""
    first = text.splitlines()[:_PREAMBLE]

    def named(sign: str) -> tuple[int, int]:
        cells = [line.split(sign) for line in first]
        return max(_count(line, known) for line in cells), max(len(line) for line in cells)

    return max(",;\t|", key=named)


def _count(cells: list[str], known: Collection[str]) -> int:
    return sum(cell.strip(' "').casefold() in known for cell in cells)


def _header(
    records: Iterator[tuple[int, list[str]]], known: Collection[str]
) -> tuple[int, list[str], list[tuple[int, list[str]]]]:
    """The line that names the columns, and the lines read on the way to it that are hours.

    Some tools write a title first: of the first lines it is the one with most known names. Where
    none is known, it is the first.
    """
    seen: list[tuple[int, list[str]]] = []
    for line, cells in records:
        if any(cell.strip() for cell in cells):
            seen.append((line, cells))
        if len(seen) == _PREAMBLE or _count(cells, known) > 2:
            break
    place = max(range(len(seen)), key=lambda at: _count(seen[at][1], known))
    line, cells = seen[place]
    return line, [cell.strip() for cell in cells], seen[place + 1 :]


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on: a quoted note may run over several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                line,
                _(
                    "The file cannot be read from this line on: a quotation mark is not closed, "
                    "or one inside a text is not doubled."
                ),
            ) from error
