"""The days, times and lengths of time other tools write, and what they mean. No Django here.

A text is understood or it is not: where it could mean two things, `Ambiguous` says so.
"""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from koumbit import durations

ORDERS = ("dmy", "mdy")
UNITS = ("hours", "minutes", "seconds")
_DAY_SECONDS = 24 * 60 * 60
_HALF = Decimal("0.5")
_UNIT_SECONDS = {"hours": 3600, "minutes": 60, "seconds": 1}

_DATE = r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})"
_MOMENT = re.compile(rf"({_DATE})(?:(?:T| +)([^+Z]+?)(Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?")
_TIME = re.compile(
    r"([0-9]{1,2})(?:[:h]([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?| ?h)? ?([ap])?\.?(?:m\.?)?", re.IGNORECASE
)
_CLOCK = re.compile(r"([0-9]{1,3}):([0-5][0-9])(?::([0-5][0-9]))?")
_ISO = re.compile(r"PT(?=[0-9])(?:([0-9]{1,3})H)?(?:([0-9]{1,4})M)?(?:([0-9]{1,5})S)?", re.IGNORECASE)
_NUMBER = re.compile(r"([0-9]{0,6})(?:[.,]([0-9]{1,20}))?")


class Ambiguous(ValueError):
    """The text means two things, and nothing in the file says which."""


class Moment(NamedTuple):
    """A day and, where the text says it, the minute of that day."""

    day: date
    start: int | None


def moment(text: str, order: str, zone: tzinfo) -> Moment | None:
    """The day, and the time with it: `2026-11-02`, `02/11/2026`, `2026-11-02T13:05:00Z`; None if it is none.

    `order`: what `02/11/2026` means, `dmy` or `mdy`; raises `Ambiguous` where it is not said and matters.
    An hour with its offset is told in the hour of `zone`.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    day = _day(match[1], order)
    if day is None or match[2] is None:
        return Moment(day, None) if day else None
    start = minute_of_day(match[2])
    if start is None:
        return None
    if match[3]:
        offset = "+00:00" if match[3] == "Z" else match[3]
        said = datetime.fromisoformat(f"{day}T{start // 60:02}:{start % 60:02}{offset}").astimezone(zone)
        return Moment(said.date(), said.hour * 60 + said.minute)
    return Moment(day, start)


def order_of(texts: list[str]) -> str:
    """In which order days are written, as far as they tell: a 13th month gives it away; else empty."""
    firsts, seconds = set(), set()
    for text in texts:
        parts = re.split(r"[-/.]", text.split("T")[0].split(" ")[0])
        if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts) and len(parts[0]) < 3:
            firsts.add(int(parts[0]) > 12)
            seconds.add(int(parts[1]) > 12)
    if True in firsts and True not in seconds:
        return "dmy"
    return "mdy" if True in seconds and True not in firsts else ""


def _day(text: str, order: str) -> date | None:
    parts = [int(part) for part in re.split(r"[-/.]", text)]
    if parts[0] > 31:
        year, month, day = parts
    else:
        one, two, year = parts
        year += 2000 if year < 100 else 0
        if not order and one != two and one <= 12 and two <= 12:
            raise Ambiguous(text)
        is_day_first = order == "dmy" if order else one > 12
        day, month = (one, two) if is_day_first else (two, one)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def minute_of_day(text: str) -> int | None:
    """`09:05`, `9h05`, `2:05 PM` as minutes since midnight; seconds are left aside. None if it is no time."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        time(hour, minute)
    except ValueError:
        return None
    return hour * 60 + minute


def seconds(text: str, unit: str) -> int | None:
    """A length of time as seconds: `1:30`, `1:30:00`, `1h30`, `90 min`, `PT1H30M`, or a bare number of `unit`.

    Hours with one or two decimals are whole minutes that a tool wrote short (0.33 is 20 minutes): they
    are rounded to the minute, half up; anything finer to the second. None if it is no length of time;
    raises `Ambiguous` for a bare number whose `unit` is not said.
    """
    if match := _CLOCK.fullmatch(text):
        return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    if match := _ISO.fullmatch(text):
        return int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + int(match[3] or 0)
    if text and (match := _NUMBER.fullmatch(text)):
        if not unit:
            raise Ambiguous(text)
        value = Decimal(f"{match[1] or 0}.{match[2] or 0}") * _UNIT_SECONDS[unit]
        if unit == "hours" and len(match[2] or "") <= 2:
            return int(value / 60 + _HALF) * 60
        return int(value + _HALF)
    try:
        return durations.parse(text) * 60
    except durations.NotADuration:
        return None


def between(start: int, end: int) -> int:
    """Seconds from one minute of the day to another; an end before its start is on the next day."""
    return (end - start) * 60 % _DAY_SECONDS


def by_day(day: date, start: int | None, length: int) -> list[tuple[date, int]]:
    """The seconds on each day: work that runs past midnight belongs to both, when its start is known."""
    today = _DAY_SECONDS - start * 60 if start is not None else length
    if length <= today:
        return [(day, length)]
    return [(day, today), (day + timedelta(days=1), length - today)]
