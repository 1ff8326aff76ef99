"""How an amount was reached, step by step, so that a member can redo the sum.

Each module keeps its calculation as a worksheet: a named tuple whose fields
are the symbols of the official guides (H, CSA, I, Y, A, K1, K2Q …). Beside it,
`Row`s say what each symbol means and the formula that gives it. A `Step` is a
row with the numbers put in. Symbols and formulas are the same in every
language; labels are msgids, translated where they are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from .parameters import Table

SYMBOL = re.compile(r"\{(\w+)\}")


class Row(NamedTuple):
    """What a symbol means and how it is obtained.

    `formula` names other symbols in braces; it is empty for what is given.
    `key`: the value of the table that the symbol is, whose source is then cited.
    `source` and `confidence`: of a formula that another document than the
    table's publication gives.
    """

    symbol: str
    label: str
    formula: str = ""
    key: str = ""
    source: str = ""
    confidence: str = ""


class Step(NamedTuple):
    """One line of an explanation.

    `formula` in symbols, `working` the same with its numbers, `amount` what
    they give, `source` the document the formula or the number comes from,
    `confidence` how sure we are of it (see `Provenance`) and `edition` its table.
    What is neither a formula nor a value of a table comes from the pay itself:
    it has no source.
    """

    symbol: str
    label: str
    formula: str
    working: str
    amount: Decimal
    source: str
    confidence: str
    edition: str


class Origin(NamedTuple):
    """The document a step comes from, and how sure we are of it."""

    source: str
    confidence: str


def _origin(row: Row, table: Table) -> Origin:
    if row.key:
        found = table.provenance[row.key]
        return Origin(found.source, found.confidence)
    if row.formula:
        return Origin(row.source or table.publication, row.confidence or table.confidence)
    return Origin("", "")


def steps(rows: Iterable[Row], worksheet: Any, table: Table, *, suffix: str = "") -> tuple[Step, ...]:
    """The rows of a worksheet with their numbers.

    `suffix` ends every symbol, when the same worksheet is filled twice.
    """
    values = worksheet._asdict()
    return tuple(
        Step(
            symbol=row.symbol + suffix,
            label=row.label,
            formula=SYMBOL.sub(rf"\1{suffix}", row.formula),
            working=SYMBOL.sub(lambda match: str(values[match[1]]), row.formula),
            amount=values[row.symbol],
            source=origin.source,
            confidence=origin.confidence,
            edition=table.edition,
        )
        for row in rows
        for origin in [_origin(row, table)]
    )
