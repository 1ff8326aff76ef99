"""How points of a rating, deviations and shares are written: `3,7`, `+0,25`, `34 %`."""

from decimal import Decimal
from fractions import Fraction

from django import template

from koumbit import formats
from roles.periods import in_weeks

register = template.Library()
NOTHING = (None, "")
LITTLE = Fraction(1, 200)
QUARTER = Fraction(1, 4)


def _decimal(value: Fraction | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(value.numerator) / Decimal(value.denominator)


@register.filter
def points(value: Fraction | Decimal | None, places: int = 1) -> str:
    """Points from 1 to 5; a dash for none, as everywhere here (a template gives "" for a part of None)."""
    return "–" if value in NOTHING else formats.number(_decimal(value), places)


@register.filter
def deviation(value: Fraction | Decimal | None, places: int = 2) -> str:
    """Points above or below, with their sign: `+0,25`, `−0,40`; a dash for none."""
    if value in NOTHING:
        return "–"
    text = formats.number(abs(_decimal(value)), places)
    if not text.strip("0.,"):
        return text
    return f"+{text}" if value > 0 else f"\u2212{text}"


@register.filter
def share(value: Fraction | None) -> str:
    """A part of a whole, in whole per cents: `34 %`, `0,3 %` for what is little; a dash for none."""
    if value in NOTHING:
        return "–"
    return formats.percent(_decimal(value), 1 if 0 < abs(value) < LITTLE else 0)


@register.filter
def expected(minutes: int | None, weeks: int) -> int | None:
    """Minutes expected in a period of so many weeks, of those kept for a quarter."""
    return in_weeks(minutes, weeks)


@register.filter
def amount(value: Fraction | None) -> str:
    """Hours as they are written everywhere: `7 h 30`."""
    return formats.hours(None if value in NOTHING else int(value * 60))


@register.filter
def roughly(value: Fraction | None) -> str:
    """Hours of a plan, to the quarter: a plan is no clock."""
    return "–" if value in NOTHING else amount(round(value / QUARTER) * QUARTER)
