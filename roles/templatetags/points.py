"""How points of a rating, deviations and shares are written: `3,7`, `+0,25`, `34 %`."""

from decimal import Decimal
from fractions import Fraction

from django import template

from koumbit import formats

register = template.Library()


def _decimal(value: Fraction | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(value.numerator) / Decimal(value.denominator)


@register.filter
def points(value: Fraction | Decimal | None, places: int = 1) -> str:
    """Points from 1 to 5; a dash for none."""
    return "–" if value is None else formats.number(_decimal(value), places)


@register.filter
def deviation(value: Fraction | Decimal | None, places: int = 2) -> str:
    """Points above or below, with their sign: `+0,25`, `−0,40`; a dash for none."""
    if value is None:
        return "–"
    text = formats.number(_decimal(value), places)
    return (
        f"+{text}"
        if value > 0 and text.strip("0.,")
        else text.lstrip("\u2212")
        if not text.strip("\u22120.,")
        else text
    )


@register.filter
def share(value: Fraction | None) -> str:
    """A part of a whole, in whole per cents: `34 %`; a dash for none."""
    return "–" if value is None else formats.percent(_decimal(value), 0)


@register.filter
def amount(value: Fraction | None) -> str:
    """Hours as they are written everywhere: `7 h 30`."""
    return formats.hours(None if value is None else int(value * 60))
