"""How amounts, hours and days are written for the reader, in the language that is active.

French as in Québec (`1 234,50 $`, `7 h 30`), English as in Canada (`$1,234.50`, `7 h 30`).
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone, translation
from django.utils.formats import date_format

NBSP = "\u00a0"
_AMOUNT = re.compile(r"^-?[0-9]{1,12}(?:\.[0-9]{1,2})?$", re.ASCII)


def _is_french() -> bool:
    return (translation.get_language() or "fr").startswith("fr")


def number(value: Decimal | int, places: int = 2) -> str:
    """A number with `places` decimals: `1 234,50` or `1,234.50`."""
    text = f"{Decimal(value):,.{places}f}"
    if _is_french():
        text = text.replace(",", NBSP).replace(".", ",")
    return text.replace("-", "\u2212")


def dollars(amount: Decimal | int | None) -> str:
    """An amount with its sign of dollars: `1 234,50 $` or `$1,234.50`; a dash for none."""
    if amount is None:
        return "–"
    if _is_french():
        return f"{number(amount)}{NBSP}$"
    return ("\u2212" if amount < 0 else "") + "$" + number(abs(amount))


def dollars_short(amount: Decimal | int) -> str:
    """A round amount beside a picture: without its cents where it has none."""
    if amount != int(amount):
        return dollars(amount)
    if _is_french():
        return f"{number(amount, 0)}{NBSP}$"
    return ("\u2212" if amount < 0 else "") + "$" + number(abs(amount), 0)


def measured(value: int | None, unit: str) -> str:
    """A figure of a chart: minutes as hours, whole dollars as dollars."""
    return dollars_short(value) if unit == "dollars" and value is not None else hours(value)


def percent(rate: Decimal, places: int = 2) -> str:
    """A rate as a percentage: `9,975 %` or `9.975%`."""
    text = number(rate * 100, places)
    return f"{text}{NBSP}%" if _is_french() else f"{text}%"


def hours(minutes: int | None) -> str:
    """A length of time: `7 h 30`, `7 h`, `0 h 45`, `1 025 h`; a dash for none."""
    if minutes is None:
        return "–"
    count, rest = divmod(abs(minutes), 60)
    whole = str(count) if count < 1000 else number(count, 0)
    sign = "\u2212" if minutes < 0 else ""
    return f"{sign}{whole}{NBSP}h{NBSP}{rest:02d}" if rest else f"{sign}{whole}{NBSP}h"


def day(value: date) -> str:
    """A day in full: `22 novembre 2026`, `1er décembre 2026`."""
    return _written(date(value.year, value.month, value.day), "j F Y", translation.get_language())


def weekday(value: date) -> str:
    """A day with its name, without its year: `lundi 16 novembre`, `Monday 16 November`."""
    return _written(date(value.year, value.month, value.day), "l j F", translation.get_language())


@lru_cache(maxsize=4096)
def _written(value: date, pattern: str, language: str | None) -> str:
    """A day written in the language that is active. Remembered: a page writes the same days many times."""
    text = date_format(value, pattern)
    if value.day > 1 or not _is_french():
        return text
    return f"1er{text[1:]}" if text.startswith("1 ") else text.replace(" 1 ", " 1er ", 1)


def span(first: date, last: date) -> str:
    """Days from a first to a last, as short as can be: `octobre 2026`, `16–30 novembre 2026`, `2026`."""
    whole_months = first.day == 1 and (last + timedelta(days=1)).day == 1
    if whole_months and (first.month, last.month) == (1, 12) and first.year == last.year:
        return str(first.year)
    if first.year == last.year and first.month == last.month:
        month = date_format(last, "F Y")
        return month if whole_months else f"{first.day}–{last.day} {month}"
    if whole_months and first.year == last.year:
        return f"{date_format(first, 'F')} – {date_format(last, 'F Y')}"
    return f"{day(first)} – {day(last)}"


def moment(value: datetime) -> str:
    """A moment as the clock on the wall shows it: `22 novembre 2026, 13 h 30`, `22 November 2026, 13:30`."""
    local = timezone.localtime(value)
    return f"{day(local)}, {clock(local.time())}"


def clock(value: time) -> str:
    """An hour of the day as the clock on the wall shows it: `13 h 30`, `13:30`."""
    between = f"{NBSP}h{NBSP}" if _is_french() else ":"
    return f"{value.hour}{between}{value.minute:02d}"


def typed_amount(amount: Decimal) -> str:
    """An amount as one types it in a field: `21,50` or `21.50`."""
    text = f"{amount:.2f}"
    return text.replace(".", ",") if _is_french() else text


def parse_amount(text: str) -> Decimal | None:
    """Dollars and cents from what was typed in either language, or None if it is not an amount."""
    typed = re.sub(r"[\s\u00a0\u202f$]", "", text).replace("\u2212", "-")
    if re.search(r",[0-9]{3}(?:\.|$)", typed) and not re.search(r",[0-9]{1,2}$", typed):
        typed = typed.replace(",", "")  # English thousands
    typed = typed.replace(",", ".")
    return Decimal(typed) if _AMOUNT.match(typed) else None
