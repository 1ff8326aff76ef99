"""What hours are worth, and what of it is not paid yet. Plain Python, no Django.

The hours of a legal week are paid at the one rate of the day they were worked. For a salaried
person those beyond 40 hours, the last of the week in the order of its days, are overtime: paid
with their half, or banked at time and a half when the person has asked so (Act respecting labour
standards, s. 52 and 55). Vacation, and holidays that are not worked, fill the legal week as hours
worked do (s. 56, `timesheets.legal_week`). A freelancer's hours are all regular.

Leave drawn from the bank is paid at the rate of the day it is taken, minute for minute: the half was
earned when the overtime was banked. It is not time worked, and fills no legal week. Vacation is paid
in the same way out of its own bank (`vacation`); statutory holidays and the year's paid sick days are
amounts without a rate (`indemnities`).

A pay is a difference: what all approved hours of a week are worth, less what issued stubs paid for
that week. A late entry, a correction, a rate changed for the past and a voided stub are the same
subtraction, and doing it twice pays nothing twice.

Shapes: minutes are integers; rates and amounts are `Decimal` dollars. An amount is rounded once, to
the cent, on the whole of a week's minutes at one rate, so that partial pays add up to it exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from timesheets.weeks import LEGAL_WEEK

from .deductions.money import ZERO, cents

HOUR = 60


class Code(StrEnum):
    """What hours are paid as."""

    REGULAR = "regular"
    OVERTIME = "overtime"
    BANKED = "banked"
    # Leave drawn from the bank: its half was earned when the overtime was banked.
    TAKEN = "taken"
    VACATION = "vacation"
    HOLIDAY = "holiday"
    SICK = "sick"
    # What is left of a bank, paid without leave: after its twelve months, or when somebody leaves.
    BANK_OUT = "bank_out"
    VACATION_OUT = "vacation_out"


#: The order in which what hours are paid as is printed.
_ORDER = {code: place for place, code in enumerate(Code)}
#: Time worked: what the approved hours of a week are compared with.
WORKED = frozenset({Code.REGULAR, Code.OVERTIME, Code.BANKED})
#: Hours beyond the legal week.
BEYOND = frozenset({Code.OVERTIME, Code.BANKED})
#: Paid by the balance of a bank and not by a week: what is due of a week is never compared with them.
OUT = frozenset({Code.BANK_OUT, Code.VACATION_OUT})
#: Wages of the weeks that an indemnity is a part of: what was earned in them, overtime left out.
IN_BASE = frozenset({Code.REGULAR, Code.TAKEN, Code.VACATION, Code.HOLIDAY, Code.SICK})


class Reason(StrEnum):
    """Why hours of a past week are on a pay."""

    LATE = "late"
    CORRECTION = "correction"
    RATE = "rate"
    BANK = "bank"
    # An indemnity is a part of other weeks' wages, and those have changed.
    BASE = "base"
    VOID = "void"


#: Paid beside the regular pay: retroactive increases and banked overtime paid later are taxed as
#: lump sums (T4127, chapter 5; TP-1015.F-V, section 2.1.2). Late hours are ordinary pay.
NON_PERIODIC = frozenset({Reason.RATE, Reason.BANK})


class NoRate(LookupError):
    """No hourly rate is in force on that day."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class Worked(NamedTuple):
    """A person's approved minutes, worked or of leave, on a day of a legal week (named by its first day)."""

    day: date
    week: date
    minutes: int


class Line(NamedTuple):
    """Hours of a week at a rate and what they are worth; negative when taken back.

    An indemnity has no rate; that of a holiday, and vacation paid without leave, have no hours either
    (0 minutes). What is paid out of a bank carries the week in which its period ends.
    """

    week: date
    code: Code
    rate: Decimal | None
    minutes: int
    amount: Decimal
    reason: str = ""

    @property
    def is_periodic(self) -> bool:
        return self.reason not in NON_PERIODIC and self.code not in OUT


class Key(NamedTuple):
    """Lines of the same week, code and rate are one amount."""

    week: date
    code: Code
    rate: Decimal | None


def worth(minutes: int, rate: Decimal | None, code: Code) -> Decimal:
    """Dollars for these minutes, to the cent: with the half for overtime, none when it is banked."""
    if code == Code.BANKED or rate is None:
        return ZERO
    amount = minutes * rate / HOUR
    return cents(amount * 3 / 2 if code == Code.OVERTIME else amount)


def banked_minutes(minutes: int) -> int:
    """Leave earned by overtime that is banked: time and a half, half a minute going up."""
    return -(-minutes * 3 // 2)


def _never(day: date) -> bool:
    return False


NOTHING: Mapping[date, int] = {}


def due(
    days: Iterable[Worked],
    rate_on: Callable[[date], Decimal],
    *,
    has_overtime: bool = True,
    is_banked: Callable[[date], bool] = _never,
    since: date | None = None,
    off: Mapping[date, int] = NOTHING,
) -> list[Line]:
    """What these days are worth in all, whoever paid them: a line per week, code and rate.

    `is_banked` says whether the person's overtime of a day goes to the bank. `off` are the minutes of each
    week that vacation, and holidays not worked, already fill: they are paid otherwise. Days before `since`
    fill the legal week but are not ours to pay (the co-op paid them before it used this software).
    Raises NoRate for a day on which no rate is in force.
    """
    filled: dict[date, int] = defaultdict(int, off)
    minutes: dict[Key, int] = defaultdict(int)
    for worked in sorted(days):
        room = max(0, LEGAL_WEEK - filled[worked.week]) if has_overtime else worked.minutes
        regular = min(worked.minutes, room)
        filled[worked.week] += worked.minutes
        if not worked.minutes or (since and worked.day < since):
            continue
        rate = rate_on(worked.day)
        if regular:
            minutes[Key(worked.week, Code.REGULAR, rate)] += regular
        if over := worked.minutes - regular:
            code = Code.BANKED if is_banked(worked.day) else Code.OVERTIME
            minutes[Key(worked.week, code, rate)] += over
    return [Line(*key, total, worth(total, key.rate, key.code)) for key, total in minutes.items()]


def taken(
    days: Iterable[Worked], rate_on: Callable[[date], Decimal], *, since: date | None = None
) -> list[Line]:
    """What leave drawn from the overtime bank is worth: a line per week and rate.

    Days before `since` were paid before the co-op used this software. Raises NoRate for a day on
    which no rate is in force.
    """
    minutes: dict[Key, int] = defaultdict(int)
    for day in days:
        if day.minutes and not (since and day.day < since):
            minutes[Key(day.week, Code.TAKEN, rate_on(day.day))] += day.minutes
    return [Line(*key, total, worth(total, key.rate, key.code)) for key, total in minutes.items()]


@dataclass(slots=True)
class _Rest:
    """What is left to explain of the difference on one key."""

    key: Key
    minutes: int
    amount: Decimal
    was_paid: bool = False

    def take(self, minutes: int, reason: str) -> Line:
        """That part of it, for that reason; the last part takes the remaining cents."""
        amount = self.amount if minutes == self.minutes else worth(minutes, self.key.rate, self.key.code)
        self.minutes -= minutes
        self.amount -= amount
        return Line(*self.key, minutes, amount, reason)


def difference(
    due: Iterable[Line],
    paid: Iterable[Line],
    *,
    current_from: date,
    voided: Collection[date] = (),
) -> list[Line]:
    """What to pay now: what is due and not yet paid, week by week, with the reason of each line.

    Weeks that end on or after `current_from` are those of the pay itself: their new hours need no
    reason. In weeks before it, `voided` names those whose pay was taken back by voiding a stub. The
    lines add up exactly to `due` less `paid`, on every week, code and rate.
    """
    by_week: dict[date, dict[Key, _Rest]] = defaultdict(dict)
    for sign, lines in ((1, due), (-1, paid)):
        for line in lines:
            key = Key(line.week, line.code, line.rate)
            rest = by_week[line.week].setdefault(key, _Rest(key, 0, ZERO))
            rest.minutes += sign * line.minutes
            rest.amount += sign * line.amount
            rest.was_paid |= sign < 0 and bool(line.amount)
    found: list[Line] = []
    for week, rests in by_week.items():
        # Most weeks have one key, or agree: nothing is moved there.
        if any(rest.minutes < 0 for rest in rests.values()):
            by_code = defaultdict(list)
            for rest in rests.values():
                by_code[rest.key.code].append(rest)
            for code in Code:
                found += _moved(by_code[code], by_code[code], Reason.RATE)
            found += _moved(by_code[Code.BANKED], by_code[Code.OVERTIME], Reason.BANK)
        past = Reason.VOID if week in voided else Reason.LATE
        more = "" if week + timedelta(days=6) >= current_from else past
        for rest in rests.values():
            if rest.minutes or rest.amount:
                found.append(rest.take(rest.minutes, _reason(rest, more)))
    return in_order(found)


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Lines as they are printed: by week, then by what they are."""
    return sorted(lines, key=lambda line: (line.week, _ORDER[line.code], line.reason, line.rate or ZERO))


def _reason(rest: _Rest, more: str) -> str:
    """Why what is left of a key is paid; `more` is why when it is paid for the first time."""
    if rest.key.rate is None and rest.was_paid and not rest.minutes:
        return Reason.BASE
    return more if (rest.minutes or rest.amount) > 0 else Reason.CORRECTION


def _moved(away: list[_Rest], towards: list[_Rest], reason: Reason) -> Iterator[Line]:
    """The minutes taken from some keys and found again on others: the same hours, paid otherwise."""
    taken = sum(-rest.minutes for rest in away if rest.minutes < 0)
    added = sum(rest.minutes for rest in towards if rest.minutes > 0)
    moved = min(taken, added)
    for rests, sign in ((away, -1), (towards, 1)):
        open_minutes = moved
        for rest in rests:
            part = min(open_minutes, max(0, sign * rest.minutes))
            if part:
                open_minutes -= part
                yield rest.take(sign * part, reason)


def periodic_and_not(lines: Iterable[Line]) -> tuple[Decimal, Decimal]:
    """The regular pay and the non-periodic amount beside it; neither is negative when the sum is not.

    What is taken back of one lessens the other.
    """
    periodic = nonperiodic = ZERO
    for line in lines:
        if line.is_periodic:
            periodic += line.amount
        else:
            nonperiodic += line.amount
    if min(periodic, nonperiodic) < 0:
        total = periodic + nonperiodic
        return (total, ZERO) if nonperiodic < 0 else (ZERO, total)
    return periodic, nonperiodic
