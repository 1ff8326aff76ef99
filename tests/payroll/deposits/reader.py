"""Reads a direct deposit file back, column by column, knowing nothing of how it was written.

The columns are those of the record descriptions banks publish. Whatever does not add up raises.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class Paid:
    code: str
    amount: Decimal
    available_on: date
    institution: str
    transit: str
    account: str
    trace: str
    short_name: str
    payee: str
    long_name: str
    originator_id: str
    reference: str
    returns_to: tuple[str, str, str]


@dataclass(frozen=True)
class DepositFile:
    originator_id: str
    number: int
    made_on: date
    data_centre: str
    currency: str
    payments: list[Paid]
    total: Decimal


def read(text: str) -> DepositFile:
    assert text.isascii()
    records = text.split("\r\n")
    assert records.pop() == "", "the last record ends like the others"
    assert {len(record) for record in records} == {1464}
    assert "".join(record[0] for record in records) == f"A{'C' * (len(records) - 2)}Z"
    assert [int(record[1:10]) for record in records] == list(range(1, len(records) + 1))
    assert len({record[10:24] for record in records}) == 1, "the same origination control data everywhere"
    head, *details, foot = records
    assert head[35:55] + head[58:] == " " * (20 + 1406)
    payments = [paid for record in details for paid in _payments(record)]
    _foot(foot, payments)
    return DepositFile(
        originator_id=head[10:20],
        number=int(head[20:24]),
        made_on=_day(head[24:30]),
        data_centre=head[30:35],
        currency=head[55:58],
        payments=payments,
        total=_dollars(foot[46:60]),
    )


def _payments(record: str) -> list[Paid]:
    segments = [record[24 + 240 * place : 24 + 240 * (place + 1)] for place in range(6)]
    used = [segment for segment in segments if segment.strip()]
    assert segments[len(used) :] == [" " * 240] * (6 - len(used)), "empty segments stand at the end"
    return [_paid(segment) for segment in used]


def _paid(segment: str) -> Paid:
    assert segment[19] == "0"
    assert segment[62:65] == "000"
    assert segment[169] == "0"
    assert segment[190:227] == " " * 37
    assert segment[227:229] == "  "
    assert segment[229:240] == "0" * 11
    return Paid(
        code=segment[0:3],
        amount=_dollars(segment[3:13]),
        available_on=_day(segment[13:19]),
        institution=segment[20:23],
        transit=segment[23:28],
        account=segment[28:40].rstrip(),
        trace=segment[40:62],
        short_name=segment[65:80].rstrip(),
        payee=segment[80:110].rstrip(),
        long_name=segment[110:140].rstrip(),
        originator_id=segment[140:150],
        reference=segment[150:169].rstrip(),
        returns_to=(segment[170:173], segment[173:178], segment[178:190].rstrip()),
    )


def _foot(foot: str, payments: list[Paid]) -> None:
    assert foot[24:46] == "0" * 22, "no debits"
    assert _dollars(foot[46:60]) == sum(paid.amount for paid in payments)
    assert int(foot[60:68]) == len(payments)
    assert foot[68:112] == "0" * 44, "no error corrections"
    assert foot[112:] == " " * 1352


def _dollars(digits: str) -> Decimal:
    assert digits.isdecimal()
    return Decimal(digits) / 100


def _day(digits: str) -> date:
    assert digits[0] == "0"
    return date(2000 + int(digits[1:3]), 1, 1) + timedelta(days=int(digits[3:6]) - 1)
