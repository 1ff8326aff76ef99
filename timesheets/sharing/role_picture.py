"""The picture of the roles, as geometry: a bar for each, a mark for what was expected, dots for who answers.

Plain numbers in the drawing's own units; the table beside it says the same in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

WIDTH = 400
MOST_DOTS = 6


class Load(Protocol):
    @property
    def expected(self) -> int | None: ...

    @property
    def logged(self) -> int: ...

    @property
    def holders(self) -> Sequence[Any]: ...


@dataclass(frozen=True, slots=True)
class Row:
    """A role in the drawing: how long its bar is, where its mark stands, whose dots fit and how many more."""

    load: Load
    width: int
    expected_x: int | None
    dots: Sequence[Any]
    more: int


def drawn(loads: Sequence[Load], most: int) -> list[Row]:
    """A row for each role, in the order given; `most` is the longest bar's minutes."""
    return [
        Row(
            load,
            max(0, load.logged) * WIDTH // most,
            None if load.expected is None else load.expected * WIDTH // most,
            load.holders[:MOST_DOTS],
            max(0, len(load.holders) - MOST_DOTS),
        )
        for load in loads
    ]
