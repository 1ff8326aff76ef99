"""A co-op as plain values: a projection needs no database."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import takewhile

from payroll.calendar import Calendar
from payroll.projections.facts import Facts, Payroll, Premium, Remits, Work, Worker

LONG_AGO = date(2020, 1, 6)
EVERY_TWO_WEEKS = Calendar("biweekly", date(2026, 1, 5), 5)


def works(hours: int, *, salaried=True, starts_on=LONG_AGO, ends_on=None) -> Work:
    return Work(starts_on, ends_on, salaried, hours * 60)


def worker(hours: int, *, away=(), **others) -> Worker:
    return Worker((works(hours, **others),), tuple(away))


def facts(
    *workers: Worker,
    first=date(2026, 2, 1),
    months=12,
    rates: Iterable[tuple[date, str]] = ((LONG_AGO, "20.00"),),
    calendar: Calendar = EVERY_TWO_WEEKS,
    remits: tuple[Remits, ...] = (),
    premium: Premium | None = None,
) -> Facts:
    """These people at 20 $, paid every two weeks; the year of the first month is known from its first pay."""
    year = first.year if first.month > 2 else first.year - 1
    coming = calendar.periods_from(date(year, 1, 1))
    last = date(first.year + (first.month + months) // 12 + 1, 1, 31)
    return Facts(
        first=first,
        months=months,
        read_on=first,
        reviewed_through=date(2026, 12, 31),
        periods=tuple(takewhile(lambda period: period.pay_on <= last, coming)),
        workers=workers,
        rates=tuple((day, Decimal(amount)) for day, amount in rates),
        payrolls=(Payroll(first.year, Decimal("400000.00"), "other"),),
        premiums=(premium,) if premium else (),
        remits=remits,
    )
