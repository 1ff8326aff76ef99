"""The direct deposit file that every Canadian bank reads: Standard 005 of Payments Canada, credits only.

Plain Python. A file is logical records of exactly 1,464 characters: one A (who sends, and the
number of the file), as many C as needed (six payments of 240 characters in each, the last one
completed with spaces), one Z (the totals, by which the bank checks the file). Numbers are filled
with zeros on the left, text with spaces on the right; amounts are cents; a day is 0YYDDD: a zero,
the year in two digits, the day of the year in three.

Source: Payments Canada, Standard 005, Standards for the Exchange of Financial Data on AFT Files,
section D (layouts of the logical records A, C and Z) and appendix 1 (data elements), read through
the record descriptions that financial institutions publish for their clients [T]; transaction
codes: Standard 007, appendix I [T]. The standard's EBCDIC is between institutions; clients send
ASCII. Here each record ends with a carriage return and a line feed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

RECORD = 1464
SEGMENT = 240
SEGMENTS = 6
PAYROLL = "200"  # Standard 007: payroll deposit
END_OF_RECORD = "\r\n"
LARGEST_AMOUNT = Decimal("99999999.99")
LAST_NUMBER = 9999

# What decomposing a letter and dropping its accent does not reach.
_LETTERS = str.maketrans(
    {
        "Œ": "OE",
        "œ": "OE",
        "Æ": "AE",
        "æ": "AE",
        "Ø": "O",
        "ø": "O",
        "Ł": "L",
        "ł": "L",
        "Đ": "D",
        "đ": "D",
        "Ð": "D",
        "ð": "D",
        "Þ": "TH",
        "þ": "TH",
        "ı": "I",
        "’": "'",
        "‘": "'",
        "–": "-",
        "‑": "-",
        "—": "-",
    }
)
_UNKNOWN = re.compile(r"[^A-Z0-9 .,'&()/-]+", re.ASCII)


class Invalid(ValueError):
    """Something that does not fit the standard. `field` names it."""

    def __init__(self, field: str, value: object):
        super().__init__(f"{field}: {value!r}")
        self.field = field


@dataclass(frozen=True)
class Account:
    """An account at a Canadian institution: 3 digits, 5 digits of the branch (transit), 1 to 12 digits."""

    institution: str
    transit: str
    number: str

    def __post_init__(self) -> None:
        _demand("institution", self.institution, r"[0-9]{3}")
        _demand("transit", self.transit, r"[0-9]{5}")
        _demand("number", self.number, r"[0-9]{1,12}")

    @property
    def routing(self) -> str:
        """The nine digits of an institution and its branch: a zero, the institution, the transit."""
        return f"0{self.institution}{self.transit}"


@dataclass(frozen=True)
class Originator:
    """Who sends the file, as the bank's letter says it.

    `clearer_centre`: the data centre of the co-op's own bank, which the standard puts in the trace
    number of each payment; empty for a bank that asks for zeros there and writes it itself.
    """

    originator_id: str
    short_name: str
    long_name: str
    data_centre: str
    returns_to: Account
    clearer_centre: str = ""

    def __post_init__(self) -> None:
        _demand("originator_id", self.originator_id, r"[A-Z0-9]{10}")
        _demand("short_name", self.short_name, r"[A-Z0-9 .,'&()/-]{1,15}")
        _demand("long_name", self.long_name, r"[A-Z0-9 .,'&()/-]{1,30}")
        _demand("data_centre", self.data_centre, r"[0-9]{5}")
        _demand("clearer_centre", self.clearer_centre, r"|(?!00000)[0-9]{5}")


@dataclass(frozen=True)
class Credit:
    """One payment: dollars, the day the money is there, to whom, and our reference (19 characters)."""

    amount: Decimal
    available_on: date
    payee: str
    account: Account
    reference: str

    def __post_init__(self) -> None:
        is_payable = self.amount.is_finite() and Decimal(0) < self.amount <= LARGEST_AMOUNT
        if not is_payable or self.amount * 100 % 1:
            raise Invalid("amount", self.amount)
        if not plain(self.payee):
            raise Invalid("payee", self.payee)
        _demand("reference", self.reference, r"[A-Z0-9-]{1,19}")

    @property
    def cents(self) -> int:
        return int(self.amount * 100)


def plain(text: str, length: int = 30) -> str:
    """A name in the letters banks exchange: capitals without accents, at most `length` of them.

    `Nguyễn-Łukasz, Zoë` → `NGUYEN-LUKASZ, ZOE`. What has no such letter becomes a space; a name
    written in another alphabet comes back empty.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    spaced = " ".join(_UNKNOWN.sub(" ", kept.upper()).split())
    return spaced[:length].rstrip() if re.search("[A-Z0-9]", spaced) else ""


def written(
    originator: Originator, payments: Sequence[Credit], *, number: int, made_on: date, code: str = PAYROLL
) -> str:
    """The whole file, each record ended by CRLF.

    `number`: the file creation number, 1 to 9999, never one of an earlier file. Raises Invalid for a
    file without a payment.
    """
    if not 1 <= number <= LAST_NUMBER:
        raise Invalid("number", number)
    if not payments:
        raise Invalid("payments", "none")
    control = f"{originator.originator_id}{number:04d}"
    records = [_header(originator, control, made_on)]
    segments = (
        _segment(originator, credit, control=control, place=place, code=code)
        for place, credit in enumerate(payments, start=1)
    )
    while six := "".join(islice(segments, SEGMENTS)):
        records.append(f"C{len(records) + 1:09d}{control}{six}".ljust(RECORD))
    records.append(_trailer(payments, control, len(records) + 1))
    return "".join(record + END_OF_RECORD for record in records)


def day_of(value: date) -> str:
    """A day as 0YYDDD."""
    return f"0{value:%y%j}"


def _header(originator: Originator, control: str, made_on: date) -> str:
    """Logical record A: who sends, the number and the day of the file, where it is processed, dollars."""
    return f"A{1:09d}{control}{day_of(made_on)}{originator.data_centre}{'':20}CAD".ljust(RECORD)


def _segment(originator: Originator, credit: Credit, *, control: str, place: int, code: str) -> str:
    """One payment of a logical record C: elements 04 to 21, 240 characters."""
    returns_to = originator.returns_to
    parts = (
        code,  # 04 transaction type
        f"{credit.cents:010d}",  # 05 amount
        day_of(credit.available_on),  # 06 date the funds are available
        credit.account.routing,  # 07 institution and branch of the payee
        credit.account.number.ljust(12),  # 08 account of the payee
        _trace(originator, control, place),  # 09 item trace number
        "000",  # 10 stored transaction type
        originator.short_name.ljust(15),  # 11
        plain(credit.payee).ljust(30),  # 12 name of the payee
        originator.long_name.ljust(30),  # 13
        originator.originator_id,  # 14 the originator as its own bank knows it
        credit.reference.ljust(19),  # 15 cross-reference
        returns_to.routing,  # 16 institution and branch for returns
        returns_to.number.ljust(12),  # 17 account for returns
        " " * 15,  # 18 sundry information
        " " * 22,  # 19 filler
        "  ",  # 20 settlement code
        "0" * 11,  # 21 invalid data element: written by whoever sends a payment back
    )
    return "".join(parts)


def _trace(originator: Originator, control: str, place: int) -> str:
    """The 22 digits that follow a payment everywhere.

    Four digits of the destination data centre, five of the data centre of the co-op's bank, the
    number of the file, the place of the payment in it (appendix 1); or zeros, see Originator.
    """
    if not originator.clearer_centre:
        return "0" * 22
    return f"{originator.data_centre[:4]}{originator.clearer_centre}{control[-4:]}{place:09d}"


def _trailer(payments: Sequence[Credit], control: str, place: int) -> str:
    """Logical record Z: value and number of debits, of credits, of error corrections E and F."""
    total = sum(credit.cents for credit in payments)
    sums = ((0, 0), (total, len(payments)), (0, 0), (0, 0))
    text = "".join(f"{value:014d}{count:08d}" for value, count in sums)
    return f"Z{place:09d}{control}{text}".ljust(RECORD)


def fits(value: str, pattern: str) -> bool:
    """Is the whole value written as this pattern of ASCII characters asks?"""
    return re.fullmatch(pattern, value, re.ASCII) is not None


def _demand(field: str, value: str, pattern: str) -> None:
    if not fits(value, pattern):
        raise Invalid(field, value)
