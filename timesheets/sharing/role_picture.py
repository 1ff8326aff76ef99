"""The picture of the roles, as geometry: a bar for each, a mark for what was expected, a dot for each person.

Plain numbers in the drawing's own units; the table beside it says the same in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

WIDTH, ROW, BAR = 640, 44, 14
PEOPLE_FROM, DOT = 452, 28
MOST_DOTS = 6


class Person(Protocol):
    @property
    def initials(self) -> str: ...

    @property
    def has_term(self) -> bool: ...


class Load(Protocol):
    @property
    def expected(self) -> int | None: ...

    @property
    def logged(self) -> int: ...

    @property
    def holders(self) -> Sequence[Person]: ...


@dataclass(frozen=True, slots=True)
class Dot:
    """Somebody who answers for the role: where, their initials, and whether for a term."""

    x: int
    initials: str
    has_term: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A role's place in the drawing."""

    load: Load
    y: int
    width: int
    expected_x: int | None
    dots: list[Dot]
    more: int
    more_x: int


@dataclass(frozen=True, slots=True)
class Picture:
    rows: list[Row]
    height: int


def drawn(loads: Sequence[Load], most: int) -> Picture:
    """A row for each role, in the order given; `most` is the longest bar's minutes."""
    longest = PEOPLE_FROM - 24
    rows = []
    for place, load in enumerate(loads):
        shown = load.holders[:MOST_DOTS]
        dots = [
            Dot(PEOPLE_FROM + DOT * (n + 1) - DOT // 2, one.initials, one.has_term)
            for n, one in enumerate(shown)
        ]
        expected = None if load.expected is None else round(load.expected * longest / most)
        rows.append(
            Row(
                load,
                place * ROW,
                round(max(0, load.logged) * longest / most),
                expected,
                dots,
                len(load.holders) - len(shown),
                PEOPLE_FROM + DOT * len(shown) + 4,
            )
        )
    return Picture(rows, max(1, len(rows)) * ROW)
