"""Weeks drawn by the server: bars that a sentence says as well, and the rows of the two tables of many weeks.

Those rows are written here rather than in a template, which takes twice as long for a page of them.
"""

from collections.abc import Container, Sequence
from datetime import date

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape as escape
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koumbit import formats
from timesheets.committee import Place, Waiting

register = template.Library()
BAR, GAP, HEIGHT = 7, 2, 24


@register.simple_tag
def last_weeks(weeks: Sequence[tuple[date, int]], now: int, agreed: int) -> SafeString:
    """The minutes of the last weeks as bars, this week's last and darker, agreed hours as a line."""
    minutes = [total for _day, total in weeks] + [now]
    most = max(*minutes, agreed, 1)
    bars = []
    for place, total in enumerate(minutes):
        height = max(0, total) * HEIGHT // most
        bars.append(
            f'<rect class="{"now" if place == len(weeks) else "past"}" x="{place * (BAR + GAP)}"'
            f' y="{HEIGHT - height}" width="{BAR}" height="{height}"/>'
        )
    width = len(minutes) * (BAR + GAP) - GAP
    if agreed:
        line = HEIGHT - agreed * HEIGHT // most
        bars.append(f'<line x1="0" x2="{width}" y1="{line}" y2="{line}"/>')
    told = _("Weeks before: %(weeks)s") % {
        "weeks": ", ".join(formats.hours(total) if total else "0" for _day, total in weeks)
    }
    return mark_safe(  # noqa: S308 (what is no number is escaped)
        f'<svg class="last-weeks" role="img" aria-label="{escape(told)}" viewBox="0 0 {width} {HEIGHT}"'
        f' width="{width}" height="{HEIGHT}">{"".join(bars)}</svg>'
    )


_ROW = """
<tr role="row" data-week-row>
  <td role="cell">{choice}</td>
  <td role="cell" id="week-{pk}">{day}</td>
  <th scope="row" role="rowheader"><a data-open id="person-{pk}" href="{pk}/">{person}</a>{why_not}</th>
  <td role="cell" class="num">{hours} {picture}</td>
  <td role="cell"><ul class="plain">{roles}</ul></td>
  <td role="cell"><ul class="signals">{signals}</ul></td>
</tr>"""
_CHOICE = (
    '<input type="checkbox" form="bulk" name="sheet" value="{}:{}" aria-labelledby="person-{} week-{}"{}>'
)


_CHECKED, _NOTHING = mark_safe(" checked"), mark_safe("")


@register.filter
def week_rows(rows: Sequence[Waiting], ticked: Container[int]) -> SafeString:
    """The weeks that wait for the committee, each with its box unless another member decides on it."""
    return mark_safe("".join(_week_row(row, row.sheet.pk in ticked) for row in rows))  # noqa: S308 (escaped there)


def _week_row(row: Waiting, is_ticked: bool) -> SafeString:
    pk = row.sheet.pk
    choice, why_not = _choice(row, is_ticked)
    roles = [(role, formats.hours(minutes)) for role, minutes in row.roles]
    return format_html(
        _ROW,
        pk=pk,
        choice=choice,
        day=formats.day(row.sheet.starts_on),
        person=row.sheet.person,
        why_not=why_not,
        hours=formats.hours(row.minutes),
        picture=last_weeks(row.past, row.minutes, row.agreed_minutes),
        roles=format_html_join("", '<li>{} <span class="num muted">{}</span></li>', roles)
        or format_html('<li class="muted">{}</li>', _("nothing this week")),
        signals=format_html_join("", "<li>{}</li>", ((signal,) for signal in row.signals)),
    )


def _choice(row: Waiting, is_ticked: bool) -> tuple[SafeString, SafeString]:
    """The box that ticks a week, or why there is none: for who reads the cell, and beside the name."""
    if row.is_open_to_reader:
        pk = row.sheet.pk
        return format_html(_CHOICE, pk, row.digest, pk, pk, _CHECKED if is_ticked else ""), _NOTHING
    read, told = (
        (_("your own week"), _("(you: another member approves)"))
        if row.is_own
        else (_("you step aside"), _("(you step aside: another member approves)"))
    )
    return (
        format_html('<span class="visually-hidden">{}</span>', read),
        format_html(' <span class="muted">{}</span>', told),
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
