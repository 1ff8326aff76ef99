"""The overtime bank: minutes earned at time and a half by banked overtime, less those taken as leave.

Source: Act respecting labour standards (CQLR, c. N-1.1), s. 55: at the employee's request overtime is
replaced by paid leave of the hours worked plus half, to be taken within twelve months.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, Protocol

from django.db.models import Sum

from .earnings import Code, banked_minutes
from .models import StubLine


class Bank(NamedTuple):
    """Minutes of overtime banked, before time and a half, and minutes of leave taken from them."""

    banked: int = 0
    taken: int = 0

    @property
    def earned(self) -> int:
        return banked_minutes(self.banked)

    @property
    def balance(self) -> int:
        return self.earned - self.taken

    def __bool__(self) -> bool:
        return self.banked != 0 or self.taken != 0


class Earned(Protocol):
    code: str
    minutes: int | None


def balances(*, people: Iterable[int] | None = None, before: date | None = None) -> dict[int, Bank]:
    """The bank of each person by the stubs issued so far; of weeks before a day, if one is given."""
    lines = StubLine.objects.filter(code__in=[Code.BANKED, Code.TAKEN]).order_by()
    if people is not None:
        lines = lines.filter(stub__person__in=list(people))
    if before is not None:
        lines = lines.filter(week_starts_on__lt=before)
    found: dict[int, Bank] = defaultdict(Bank)
    for person_id, code, minutes in lines.values_list("stub__person_id", "code").annotate(
        total=Sum("minutes")
    ):
        found[person_id] = found[person_id]._replace(**{code: minutes})
    return found


def around(bank: Bank, lines: Iterable[Earned]) -> tuple[Bank, Bank]:
    """The bank before and after the lines of one stub."""
    lines = [line for line in lines if line.code in (Code.BANKED, Code.TAKEN)]
    added = {code: sum(line.minutes for line in lines if line.code == code) for code in Code}
    return bank, Bank(bank.banked + added[Code.BANKED], bank.taken + added[Code.TAKEN])


def told(before: Bank, after: Bank) -> dict[str, int]:
    """What a stub says of the bank, in minutes: earned on it, taken on it if any, the balance after it."""
    said = {"earned": after.earned - before.earned, "balance": after.balance}
    if after.taken != before.taken:
        said["taken"] = after.taken - before.taken
    return said
