"""Small pictures of weeks, drawn by the server: bars that a sentence says as well."""

from collections.abc import Sequence
from datetime import date

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape as escape
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koumbit import formats
from timesheets.committee import Place

register = template.Library()
BAR, GAP, HEIGHT = 7, 2, 24


@register.simple_tag
def last_weeks(weeks: Sequence[tuple[date, int]], now: int, agreed: int) -> SafeString:
    """The minutes of the last weeks as bars, this week's last and darker, agreed hours as a line."""
    minutes = [total for _day, total in weeks] + [now]
    most = max(*minutes, agreed, 1)
    bars = [
        (
            "now" if place == len(weeks) else "past",
            place * (BAR + GAP),
            HEIGHT - max(0, total) * HEIGHT // most,
            BAR,
            max(0, total) * HEIGHT // most,
        )
        for place, total in enumerate(minutes)
    ]
    width = len(minutes) * (BAR + GAP) - GAP
    line = HEIGHT - agreed * HEIGHT // most
    told = ", ".join(formats.hours(total) if total else "0" for _day, total in weeks)
    return format_html(
        '<svg class="last-weeks" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">{}{}</svg>',
        _("Weeks before: %(weeks)s") % {"weeks": told},
        width,
        HEIGHT,
        width,
        HEIGHT,
        format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', bars),
        format_html('<line x1="0" x2="{}" y1="{}" y2="{}"/>', width, line, line) if agreed else "",
    )


@register.filter
def place_cells(places: Sequence[tuple[date, Place, int | None]], opens: bool) -> SafeString:
    """Where each week of a person stands, as cells; whoever `opens` weeks goes to those received."""
    shown = {place: _shown(place) for place in {place for _week, place, _sheet in places}}
    before, after = reverse("timesheets:review", args=[0]).rsplit("0", 1)
    cells = [
        f'<a href="{before}{sheet}{after}">{shown[place]}</a>' if sheet and opens else shown[place]
        for _week, place, sheet in places
    ]
    return mark_safe("".join(f"<td>{cell}</td>" for cell in cells))  # noqa: S308 (each part is escaped)


def _shown(place: Place) -> str:
    label = f'<span class="visually-hidden">{escape(place.label)}</span>'
    return f'<span class="place" data-place="{place.value}">{label}</span>'
