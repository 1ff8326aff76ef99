"""How points of a rating, deviations and shares are written: `3,7`, `+0,25`, `34 %`."""

from decimal import Decimal
from fractions import Fraction

from django import template

from koumbit import formats

register = template.Library()
NOTHING = (None, "")


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
    """A part of a whole, in whole per cents: `34 %`; a dash for none."""
    return "–" if value in NOTHING else formats.percent(_decimal(value), 0)


@register.filter
def amount(value: Fraction | None) -> str:
    """Hours as they are written everywhere: `7 h 30`."""
    return formats.hours(None if value in NOTHING else int(value * 60))
