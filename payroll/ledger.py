"""Entries of the general journal, and the files in which accounting programs take them.

Plain Python. An entry is a day, a number, a description and postings: an account and dollars, debits
positive and credits negative. An entry that does not balance to the cent does not exist: making one
raises Unbalanced.

Formats: Sage 50 (Canadian edition), « Importing General Journal Entries »; GnuCash, transactions from
CSV with several splits; Odoo, import of `account.move`; Beancount and hledger, plain text. Each says
which period it covers, when it was written (with the time zone), what run each entry comes from and,
where the format has room for it, its total.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

ZERO = Decimal("0.00")
CURRENCY = "CAD"
# What Sage 50 takes of a source and of a comment, whatever its edition.
SAGE_SOURCE, SAGE_COMMENT = 13, 39


class Unbalanced(Exception):
    """Debits and credits differ: a defect of ours, never written to a file."""


class NotForSage(ValueError):
    """An account number that Sage 50 cannot have: it wants digits, at least four."""


@dataclass(frozen=True, order=True)
class Account:
    """An account of the co-op's chart. `root` says what it is, in Beancount's five words."""

    number: str
    name: str
    root: str

    @property
    def plain_name(self) -> str:
        """`Expenses:5410-Salaires`: a root and a part without blanks, as plain-text accounting has them."""
        decomposed = unicodedata.normalize("NFKD", f"{self.number} {self.name}".replace("’", "-"))
        kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
        return f"{self.root}:{'-'.join(re.findall(r'[A-Za-z0-9]+', kept, re.ASCII))}"

    @property
    def full_name(self) -> str:
        """The account as GnuCash finds it: its number and its name."""
        return f"{self.number} {self.name}"


@dataclass(frozen=True)
class Posting:
    """An amount on one side of an account: debits positive, credits negative."""

    account: Account
    amount: Decimal

    @property
    def debit(self) -> Decimal:
        return max(self.amount, ZERO)

    @property
    def credit(self) -> Decimal:
        return max(-self.amount, ZERO)


@dataclass(frozen=True)
class Entry:
    """One entry. `number` is what it is called everywhere (`PAIE-24`); the days are those it is about."""

    number: str
    day: date
    description: str
    starts_on: date
    ends_on: date
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if sum((posting.amount for posting in self.postings), ZERO):
            raise Unbalanced(self.number)

    @classmethod
    def of(
        cls,
        number: str,
        day: date,
        description: str,
        days: tuple[date, date],
        amounts: Iterable[tuple[Account, Decimal]],
    ) -> Entry:
        """The entry of these amounts, added up by account, debits first; nothing for an account at zero."""
        sums: dict[Account, Decimal] = defaultdict(lambda: ZERO)
        for account, amount in amounts:
            sums[account] += amount
        postings = [Posting(account, amount) for account, amount in sums.items() if amount]
        ordered = sorted(postings, key=lambda posting: (posting.amount < 0, posting.account))
        return cls(number, day, description, *days, tuple(ordered))

    @property
    def total(self) -> Decimal:
        """The sum of its debits, which is that of its credits."""
        return sum((posting.debit for posting in self.postings), ZERO)


@dataclass(frozen=True)
class Trial:
    """What an account moved by: its debits, its credits."""

    account: Account
    debit: Decimal
    credit: Decimal


def trial_balance(entries: Iterable[Entry]) -> list[Trial]:
    """Each account that moved, by number, with its debits and credits; both columns have the same sum."""
    sides: dict[Account, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for entry in entries:
        for posting in entry.postings:
            debit, credit = sides[posting.account]
            sides[posting.account] = debit + posting.debit, credit + posting.credit
    return [Trial(account, *sides[account]) for account in sorted(sides)]


@dataclass(frozen=True)
class Written:
    """What a file says of itself: the days it covers and when it was written."""

    first: date
    last: date
    at: datetime

    def said(self, entries: Sequence[Entry]) -> str:
        total = sum((entry.total for entry in entries), ZERO)
        return (
            f"{self.first} – {self.last}, {self.at.isoformat(timespec='seconds')}, "
            f"entries: {len(entries)}, total: {total} {CURRENCY}"
        )


# Files --------------------------------------------------------------------------------------------


def sage(entries: Sequence[Entry]) -> bytes:
    """General journal for Sage 50: a line for the entry, one for each account, CRLF, Windows-1252.

    Day as mm-dd-yy; source and comment between quotes; debits positive, credits negative. There is
    no room for more: the comment holds the period, the source the run. Raises NotForSage.
    """
    lines = []
    for entry in entries:
        comment = f"{entry.starts_on}/{entry.ends_on} {entry.description}"
        lines.append(
            f'{entry.day:%m-%d-%y},"{_quoted(entry.number, SAGE_SOURCE)}","{_quoted(comment, SAGE_COMMENT)}"'
        )
        for posting in entry.postings:
            if not re.fullmatch(r"[0-9]{4,}", posting.account.number, re.ASCII):
                raise NotForSage(posting.account.number)
            lines.append(f"{posting.account.number},{posting.amount:.2f}")
    return "".join(f"{line}\r\n" for line in lines).encode("cp1252", errors="replace")


def _quoted(text: str, length: int) -> str:
    return text.replace('"', "'")[:length].rstrip()


def gnucash(entries: Sequence[Entry], written: Written) -> bytes:
    """Transactions for GnuCash: a row per split, the same Transaction ID on all those of one entry."""
    rows = [["Date", "Transaction ID", "Description", "Notes", "Full Account Name", "Amount"]]
    for entry in entries:
        rows += [
            [
                entry.day.isoformat(),
                entry.number,
                entry.description,
                _about(entry, written),
                posting.account.full_name,
                f"{posting.amount:.2f}",
            ]
            for posting in entry.postings
        ]
    return _csv(rows)


def odoo(entries: Sequence[Entry], written: Written, journal: str) -> bytes:
    """Entries for Odoo's import of `account.move`: what belongs to the entry on its first row only."""
    rows = [
        [
            "ref",
            "date",
            "journal_id",
            "narration",
            "line_ids/account_id",
            "line_ids/name",
            "line_ids/debit",
            "line_ids/credit",
        ]
    ]
    for entry in entries:
        head = [entry.number, entry.day.isoformat(), journal, _about(entry, written)]
        for posting in entry.postings:
            line = [
                posting.account.number,
                entry.description,
                f"{posting.debit:.2f}",
                f"{posting.credit:.2f}",
            ]
            rows.append([*head, *line])
            head = [""] * len(head)
    return _csv(rows)


def _about(entry: Entry, written: Written) -> str:
    """The period of an entry, and when the file was written."""
    return f"{entry.starts_on} – {entry.ends_on}, {written.at.isoformat(timespec='seconds')}"


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")


def _inert(cell: str) -> str:
    """A spreadsheet would run what starts like a formula; an amount is only read."""
    if re.fullmatch(r"-?[0-9.]+", cell, re.ASCII):
        return cell
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def hledger(entries: Sequence[Entry], written: Written) -> bytes:
    """Entries as hledger and ledger read them, with their total as a comment."""
    parts = [f"; {written.said(entries)}\n"]
    for entry in entries:
        parts.append(
            f"\n{entry.day} * ({_one_line(entry.number)}) {_one_line(entry.description)}"
            f"  ; {entry.starts_on} – {entry.ends_on}\n"
        )
        parts += [_plain_posting(posting) for posting in entry.postings]
    return "".join(parts).encode("utf-8")


def beancount(entries: Sequence[Entry], written: Written) -> bytes:
    """Entries as Beancount reads them; the accounts to open are given as comments."""
    accounts = sorted({posting.account for entry in entries for posting in entry.postings})
    opened = min((entry.day for entry in entries), default=written.first)
    parts = [f"; {written.said(entries)}\n"]
    parts += [f"; {opened} open {account.plain_name} {CURRENCY}\n" for account in accounts]
    for entry in entries:
        description = _one_line(entry.description).replace('"', "'")
        parts.append(f'\n{entry.day} * "{description}" ^{_link(entry.number)}\n')
        parts.append(f'  period: "{entry.starts_on} – {entry.ends_on}"\n')
        parts += [_plain_posting(posting) for posting in entry.postings]
    return "".join(parts).encode("utf-8")


def _plain_posting(posting: Posting) -> str:
    return f"  {posting.account.plain_name}  {posting.amount:.2f} {CURRENCY}\n"


def _one_line(text: str) -> str:
    return " ".join(text.replace(";", ",").split())


def _link(number: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "-", number)
