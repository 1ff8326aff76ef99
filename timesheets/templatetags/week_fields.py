"""The cells of a week. A page has a hundred of them: as templates they would take most of its time.

Whatever comes from a person is escaped; each piece is what a template would say.
"""

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from koumbit import formats
from timesheets.grid import Column, Grid, GridCell, Row

register = template.Library()


@register.simple_tag
def day_buttons(grid: Grid, shown: int, is_writable: bool) -> SafeString:
    """The seven days, to show one at a time on a narrow screen: a week that is typed in is saved first."""
    refused = grid.refused_days
    return mark_safe("".join(_button(day, shown, is_writable, day.index in refused) for day in grid.columns))  # noqa: S308 (each part is escaped)


def _button(day: Column, shown: int, is_writable: bool, is_refused: bool) -> str:
    inside = (
        f'<span aria-hidden="true">{day.short}<b>{day.date.day}</b></span>'
        f'<span class="visually-hidden">{escape(day.label)}{_named(day)}</span>'
    )
    css = f"day-button{day.marks}{' refused' if is_refused else ''}"
    if not is_writable:
        current = ' aria-current="true"' if day.index == shown else ""
        return f'<a class="{css}" href="?day={day.index}"{current}>{inside}</a>'
    pressed = "true" if day.index == shown else "false"
    return (
        f'<button type="submit" class="{css}" name="show" value="{day.index}" aria-pressed="{pressed}">'
        f"{inside}</button>"
    )


def _named(day: Column) -> str:
    return f", {escape(day.holiday)}" if day.holiday else ""


@register.filter
def day_heads(columns: list[Column]) -> SafeString:
    """The heading of each day: its name, its number, whether it is today or a holiday."""
    return mark_safe("".join(map(_head, columns)))  # noqa: S308 (each part is escaped)


def _head(day: Column) -> str:
    hidden, today = "" if day.is_today else " hidden", _("(today)")
    holiday = f'<small class="holiday-name">{escape(day.holiday)}</small>' if day.holiday else ""
    return (
        f'<th scope="col" class="{day.css}" data-date="{day.date}">'
        f'<span aria-hidden="true">{day.short} <b>{day.date.day}</b></span>'
        f'<span class="visually-hidden">{escape(day.label)} <span data-is-today{hidden}>{today}</span>'
        f"{', ' if day.holiday else ''}</span>{holiday}</th>"
    )


@register.filter
def day_totals(columns: list[Column]) -> SafeString:
    """The time of each day, nothing where there is none."""
    totals = (
        f'<td class="num {day.css}"><output data-day-total="{day.index}"{_off(day)}>'
        f"{formats.hours(day.minutes) if day.minutes else ''}</output></td>"
        for day in columns
    )
    return mark_safe("".join(totals))  # noqa: S308 (each part is escaped)


def _off(day: Column) -> str:
    """What of the day counts in the legal week though it is not worked, for the script that adds up."""
    return f' data-leave="{day.off.leave}" data-holiday="{day.off.holiday}"' if any(day.off) else ""


@register.filter
def week_cells(row: Row, is_review: bool) -> SafeString:
    """The seven days of a row: a field, a link to its lines, or what was worked."""
    return mark_safe("".join(_cell(cell, is_review) for cell in row.cells))  # noqa: S308 (each part is escaped)


def _cell(cell: GridCell, is_review: bool) -> str:
    if cell.is_open:
        inside = _field(cell)
    elif cell.entries:
        inside = _worked(cell) if is_review else _lines(cell)
    else:
        inside = _shut(cell) if cell.day.is_writable else ""
    if cell.question:
        asks = _("The committee asks:")
        inside += f'<span class="visually-hidden" id="q-{cell.key}">{asks} {escape(cell.question)}</span>'
    return f'<td class="cell {cell.css}">{inside}</td>'


def _shut(cell: GridCell) -> str:
    later = _later(cell, _field(cell)) if cell.opens_later else ""
    return f'<span class="shut" aria-hidden="true"></span>{later}'


def _later(cell: GridCell, field: str) -> str:
    """A field laid aside until its day has come (sheet_days.js)."""
    return f'<template data-opens="{cell.day.date}">{field}</template>'


def _field(cell: GridCell) -> str:
    more = ""
    if cell.error:
        more = f' aria-invalid="true" aria-describedby="e-{cell.key}"'
    elif cell.question:
        more = f' aria-describedby="q-{cell.key}"'
    return (
        f'<input type="text" inputmode="decimal" autocomplete="off" name="c-{cell.key}" id="c-{cell.key}" '
        f'value="{escape(cell.text)}" aria-label="{escape(cell.label)}" '
        f'data-day="{cell.day.index}" data-saved="{cell.minutes}"{more}>'
    )


def _lines(cell: GridCell) -> str:
    time = formats.hours(cell.minutes)
    means = _("approved") if cell.is_final else _("open its lines")
    sign = ""
    if cell.is_final:
        sign = '<span class="final" aria-hidden="true">✓</span>'
    elif cell.has_lines:
        sign = '<span class="several" aria-hidden="true">⋯</span>'
    return (
        f'<a class="lines" href="{lines_url(cell)}" data-day="{cell.day.index}" data-minutes="{cell.minutes}" '
        f'data-open="{cell.open_minutes}" aria-label="{escape(cell.label)}, {time}, {means}">{time}{sign}</a>'
    )


def _worked(cell: GridCell) -> str:
    sign = ""
    if cell.is_final:
        approved = _("approved")
        sign = (
            f'<span class="final" aria-hidden="true">✓</span><span class="visually-hidden"> {approved}</span>'
        )
    return f'<span class="lines">{formats.hours(cell.minutes)}{sign}</span>'


@register.filter
def lines_url(cell: GridCell) -> str:
    """Where the lines of this cell are."""
    starts_on = cell.row.cells[0].day.date
    where = cell.cell
    return reverse("timesheets:lines", args=[starts_on, where.day, where.task_id, where.project_id or 0])


@register.filter
def note_fields(row: Row) -> SafeString:
    """A note for each day of a row that may be typed in."""
    return mark_safe("".join(map(_note, row.fields)))  # noqa: S308 (each part is escaped)


def _note(cell: GridCell) -> str:
    field = (
        f'<label class="d{cell.day.index}">{escape(cell.day.label)}'
        f'<span class="visually-hidden">, {escape(cell.row.label)}</span>'
        f'<input type="text" name="n-{cell.key}" value="{escape(cell.note)}" autocomplete="off"></label>'
    )
    return _later(cell, field) if cell.opens_later else field


@register.filter
def row_menu(row: Row) -> SafeString:
    """What may be done with a row: kept at hand, timed; and, with the script, filled, copied, pasted."""
    star = _("Keep at hand no more") if row.is_favourite else _("Keep at hand")
    start = _("Switch the timer to this row") if row.is_timed_elsewhere else _("Start the timer")
    acts = [
        "" if row.is_timed else f'<button type="submit" name="do" value="timer:{row.key}">{start}</button>',
        f'<button type="submit" name="do" value="star:{row.key}" data-star="{row.key}">{star}</button>',
        *(
            f'<button type="button" data-row-act="{act}">{said}</button>'
            for act, said in (
                ("fill", _("Fill the days to the right")),
                ("copy", _("Copy the row")),
                ("paste", _("Paste the copied row")),
            )
        ),
    ]
    means = _("More")
    return mark_safe(  # noqa: S308 (what comes from a person is escaped)
        f'<details class="row-menu"><summary><span aria-hidden="true">⋯</span>'
        f'<span class="visually-hidden">{means}, {escape(row.label)}</span></summary>'
        f'<div class="row-acts">{"".join(acts)}</div></details>'
    )
