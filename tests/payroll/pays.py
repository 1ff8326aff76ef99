"""Pays to compute in tests: a few words give a whole one."""

from datetime import date
from decimal import Decimal

from payroll.deductions import Deductions, Pay, YearToDate, compute


def pay(gross="2000.00", *, on="2026-05-15", periods=26, **others) -> Pay:
    """A pay every two weeks in 2026, unless told otherwise; amounts may be text."""
    return Pay(
        pay_date=date.fromisoformat(on),
        periods_per_year=periods,
        gross=Decimal(gross),
        **{name: _amount(value) for name, value in others.items()},
    )


def so_far(**amounts) -> YearToDate:
    """The year before a pay; amounts may be text."""
    return YearToDate(**{name: Decimal(value) for name, value in amounts.items()})


def deductions(gross="2000.00", *, before: YearToDate | None = None, **others) -> Deductions:
    """What `compute` gives for such a pay, the first of the year unless told otherwise."""
    return compute(pay(gross, **others), before or YearToDate())


def year_of(pays: list[Pay]) -> tuple[list[Deductions], YearToDate]:
    """The deductions of pays that follow one another, and the year after them."""
    before, done = YearToDate(), []
    for each in pays:
        done.append(compute(each, before))
        before = before.after(each, done[-1])
    return done, before


def _amount(value):
    return Decimal(value) if isinstance(value, str) else value
