"""How each amount of a pay was reached, in the reader's words: formula, figures, source, edition."""

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from koumbit.formats import day, number

from . import deductions
from .deductions import Deductions, Pay, Step, YearToDate
from .deductions.money import ZERO
from .editions import cited, how_sure, is_to_verify
from .models import PayStub, StubLine

Side, Code = StubLine.Side, StubLine.Code
# The lines that a pay's deductions make, and what each adds up, under the names of `Deductions`.
PARTS: dict[tuple[str, str], tuple[str, ...]] = {
    (Side.DEDUCTION, Code.FEDERAL_TAX): ("federal_tax", "federal_tax_nonperiodic"),
    (Side.DEDUCTION, Code.QUEBEC_TAX): ("quebec_tax", "quebec_tax_nonperiodic"),
    (Side.DEDUCTION, Code.QPP): ("qpp",),
    (Side.DEDUCTION, Code.QPP2): ("qpp2",),
    (Side.DEDUCTION, Code.QPIP): ("qpip",),
    (Side.DEDUCTION, Code.EI): ("ei",),
    (Side.EMPLOYER, Code.QPP): ("qpp_employer",),
    (Side.EMPLOYER, Code.QPP2): ("qpp2_employer",),
    (Side.EMPLOYER, Code.QPIP): ("qpip_employer",),
    (Side.EMPLOYER, Code.EI): ("ei_employer",),
    (Side.EMPLOYER, Code.HSF): ("hsf_employer",),
    (Side.EMPLOYER, Code.CNESST): ("cnesst_employer",),
    (Side.EMPLOYER, Code.LABOUR_STANDARDS): ("labour_standards_employer",),
}
# A figure inside a formula: not the digits of a symbol such as K2Q.
_FIGURE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", re.ASCII)


class ReadableStep(NamedTuple):
    """A step in the reader's language. `to_verify` says how its figure was read, empty when in the official text."""

    symbol: str
    label: str
    formula: str
    working: str
    amount: str
    source: str
    to_verify: str


@dataclass(frozen=True)
class Explained:
    """One amount with the steps that lead to it; the last step of each part is the amount itself.

    `year` is that of the pay date, `editions` the tables that the steps come from.
    """

    side: str
    code: str
    label: str
    amount: Decimal
    steps: list[ReadableStep]
    editions: list[str]
    year: int


def figures(text: str) -> str:
    """A formula or a figure with its numbers written as the reader writes them."""
    return _FIGURE.sub(lambda match: _figure(match[0]), text)


def _figure(text: str) -> str:
    return number(Decimal(text), len(text.partition(".")[2]))


def _readable(step: Step) -> ReadableStep:
    """A step in the reader's language. Labels are msgids of `payroll.deductions`."""
    return ReadableStep(
        symbol=step.symbol,
        label=_(step.label),
        formula=step.formula.replace("_", " "),
        working=figures(step.working),
        amount=figures(f"{Decimal(step.amount):f}"),
        source=cited(step.source),
        to_verify=how_sure(step.confidence) if is_to_verify(step.confidence) else "",
    )


def explained(pay: Pay, so_far: YearToDate) -> tuple[Deductions, list[Explained]]:
    """The deductions and contributions of a pay, each with its steps; those of 0 included.

    Raises Refused (`payroll.deductions`) for a pay that cannot be computed.
    """
    result = deductions.compute(pay, so_far)
    steps = deductions.explain(pay, so_far)
    return result, [
        Explained(
            side,
            code,
            str(Code(code).label),
            sum((getattr(result, part) for part in parts), ZERO),
            [_readable(step) for part in parts for step in steps[part]],
            list(dict.fromkeys(step.edition for part in parts for step in steps[part])),
            pay.pay_date.year,
        )
        for (side, code), parts in PARTS.items()
    ]


def inputs_of(stub: PayStub) -> tuple[Pay, YearToDate] | None:
    """What the deductions of a stub were computed from; None where none were (statement, voided stub)."""
    stored = json.loads(stub.inputs) if stub.inputs else {}
    if "pay" not in stored:
        return None
    return Pay.from_dict(stored["pay"]), YearToDate.from_dict(stored["so_far"])


def refusal(refused: deductions.Refused) -> str:
    """Why a pay cannot be computed, in the reader's language, days and amounts included."""
    return _(refused.message) % {name: _written(value) for name, value in refused.params.items()}


def _written(value: object) -> str:
    if isinstance(value, date):
        return day(value)
    return number(value) if isinstance(value, Decimal) else str(value)
