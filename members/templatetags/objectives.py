"""Figures of objectives, in the unit of their measure."""

from decimal import Decimal

from django import template
from django.utils.translation import ngettext

from koumbit import formats
from members.objectives import Unit

register = template.Library()


@register.filter
def figure(value: Decimal | int | None, unit: str) -> str:
    """A figure as its reader writes it: `82 %`, `1 250 h`, `22,25 $`, `7 personnes`; a plain number without a unit."""
    if value is None:
        return "–"
    value = Decimal(value)
    whole = value == value.to_integral_value()
    if unit == Unit.PERCENT:
        return formats.percent(value / 100, 0 if whole else 1)
    if unit == Unit.HOURS:
        return formats.hours(int((value * 60).to_integral_value()))
    if unit == Unit.DOLLARS:
        return formats.dollars(value)
    if unit == Unit.PEOPLE:
        count = int(value)
        return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
    return formats.number(value, 0 if whole else 2)


@register.filter
def mark(value: Decimal, unit: str) -> str:
    """A figure beside a picture: as `figure` says it, people by their number alone."""
    return formats.number(value, 0) if unit == Unit.PEOPLE else figure(value, unit)
