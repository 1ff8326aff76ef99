"""Days that are paid though nobody works them: statutory holidays, the year's first sick days. Plain Python.

Source: Act respecting labour standards (CQLR, c. N-1.1), s. 62 and 79.7; National Holiday Act
(c. F-1.1), s. 4. Each is 1/20 of the wages earned in the four complete weeks before the week of the
day, overtime left out: so a part-timer has their part, whether they would have worked that day or not.
The weeks are the co-op's legal weeks. Leave that was paid in them counts, indemnities included.

Amounts are `Decimal` dollars, to the cent, rounded once for the days of a week.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from timesheets.weeks import WEEK

from .deductions.money import ZERO, cents
from .deductions.parameters import LeavePay
from .earnings import Code, Line


class Indemnity(NamedTuple):
    """What days of a week are worth in all, whoever paid them, and from what: `days` is how many, in parts."""

    week: date
    code: Code
    base: Decimal
    days: Fraction
    minutes: int
    amount: Decimal

    @property
    def line(self) -> Line:
        return Line(self.week, self.code, None, self.minutes, self.amount)


def weeks_before(week: date, law: LeavePay) -> list[date]:
    """The complete weeks whose wages the indemnity of a week's day is a part of."""
    return [week - number * WEEK for number in range(int(law.indemnity_weeks), 0, -1)]


def weeks_after(week: date, law: LeavePay) -> list[date]:
    """The weeks whose indemnities are a part of this week's wages."""
    return [week + number * WEEK for number in range(1, int(law.indemnity_weeks) + 1)]


def of_week(
    week: date, code: Code, wages: Mapping[date, Decimal], law: LeavePay, *, days: Fraction, minutes: int = 0
) -> Indemnity:
    """The indemnity of these days of a week; `wages` are those of each week, overtime left out."""
    base = sum((wages.get(before, ZERO) for before in weeks_before(week, law)), ZERO)
    amount = max(ZERO, base) * days.numerator / (law.indemnity_divisor * days.denominator)
    return Indemnity(week, code, base, days, minutes, cents(amount))


class Absence(NamedTuple):
    """A day of sick or family leave: its minutes, and how much of a day they are."""

    day: date
    week: date
    minutes: int
    share: Fraction


def paid_days(absences: Iterable[Absence], most: int) -> list[Absence]:
    """The first absences of a year that are paid, `most` days in all; the last one may be paid in part."""
    left, found = Fraction(most), []
    for absence in sorted(absences):
        share = min(left, absence.share)
        if share <= 0:
            break
        left -= share
        minutes = absence.minutes * share // absence.share
        found.append(absence._replace(minutes=int(minutes), share=share))
    return found
