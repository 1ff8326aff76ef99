"""What an approver saw of a week, so that what is approved is what was seen. No database here.

A week's content is its lines; its digest names it. An act carries the digest of the page it came
from; when the week has another one by then, the act is refused and the difference is shown.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Line(NamedTuple):
    """One entry as it stands: every part a decision rests on, and whether it is final already."""

    entry_id: int
    day: date
    task_id: int
    project_id: int | None
    minutes: int
    note: str
    corrects_id: int | None
    reason: str
    is_final: bool
    learning_with_id: int | None = None


def lines_of(entries: Iterable) -> list[Line]:
    """The lines of these entries, in the order they were written."""
    return [
        Line(
            entry.pk,
            entry.day,
            entry.task_id,
            entry.project_id,
            entry.minutes,
            entry.note,
            entry.corrects_id,
            entry.reason,
            entry.approved_at is not None,
            entry.learning_with_id,
        )
        for entry in sorted(entries, key=lambda entry: entry.pk)
    ]


def digest_of(lines: Iterable[Line]) -> str:
    """SHA-256, in hexadecimal, of the lines written as JSON."""
    return hashlib.sha256(json.dumps([_plain(line) for line in lines]).encode()).hexdigest()


def _plain(line: Line) -> list:
    entry_id, day, *rest = line
    # An hour without a mentor reads as it did before hours had any: what was signed then still agrees.
    return [entry_id, str(day), *(rest if line.learning_with_id else rest[:-1])]


def packed(lines: Iterable[Line]) -> str:
    """The lines as a page carries them along, to tell what changed since; notes as fingerprints."""
    return json.dumps(
        [[line.entry_id, line.minutes, _fingerprint(line)] for line in lines], separators=(",", ":")
    )


def _fingerprint(line: Line) -> str:
    return hashlib.sha256(json.dumps(_plain(line)).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Change:
    """A line that is not what it was: `before` or `after` is None when it was not or is no more there.

    Equal minutes mean that its note, its task or its approval changed.
    """

    entry_id: int
    before: int | None
    after: int | None


def changes(packed_before: str, now: Iterable[Line]) -> list[Change]:
    """What differs between a packed page and the lines of now; nothing if the page cannot be read."""
    try:
        before = {int(entry): (int(minutes), str(rest)) for entry, minutes, rest in json.loads(packed_before)}
    except (OverflowError, RecursionError, TypeError, ValueError):
        return []
    after = {line.entry_id: (line.minutes, _fingerprint(line)) for line in now}
    return [
        Change(entry, before.get(entry, (None,))[0], after.get(entry, (None,))[0])
        for entry in sorted(before.keys() | after.keys())
        if before.get(entry) != after.get(entry)
    ]
