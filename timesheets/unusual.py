"""What stands out in a week: signals for whoever reads it, not errors. No database here.

Each signal is a sentence in the reader's language. None of them stops anything.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from koumbit import formats

from . import weeks
from .calendar_words import holiday_name
from .habits import Habits
from .holidays import holiday_on
from .leave_days import length_of_day

NO_LEAVE: Mapping[date, int] = {}
NO_HABITS = Habits()
LATE = 14
LONG_DAY = 12 * 60
FAR_FROM_AGREED = 4 * 60


class Worked(NamedTuple):
    """One line of the week, as far as the signals go."""

    day: date
    minutes: int
    task: str
    is_new_task: bool = False
    is_final: bool = False
    is_correction: bool = False
    question: str = ""


def signals(
    lines: Sequence[Worked],
    agreed_minutes: int,
    leave: Mapping[date, int] = NO_LEAVE,
    habits: Habits = NO_HABITS,
    submitted_on: date | None = None,
) -> list[str]:
    """The signals of a week, the weightiest first. `agreed_minutes` is 0 when nothing is agreed.

    `leave` is what was approved, by day: it counts towards the agreed hours, and is no work beyond forty.
    `habits` are the person's own: somebody whose weeks always differ from what is agreed, or who
    always works weekends, is not told about it each week.
    """
    return [
        *_of_this_act(lines),
        *_of_the_total(lines, agreed_minutes, sum(leave.values()), habits),
        *_of_the_leave(lines, agreed_minutes, leave),
        *_of_the_days(lines, habits),
        *_of_the_tasks(lines),
        *_of_the_delay(lines, submitted_on),
    ]


def _of_this_act(lines: Sequence[Worked]) -> list[str]:
    found = []
    if asked := sum(bool(line.question) for line in lines):
        found.append(_("Comes back after a question (%(count)s)") % {"count": asked})
    waiting = [line for line in lines if not line.is_final]
    if waiting and len(waiting) < len(lines):
        time = formats.hours(sum(line.minutes for line in waiting))
        found.append(_("%(hours)s to approve, the rest is approved already") % {"hours": time})
    found.extend(
        _("Correction of %(hours)s on %(day)s")
        % {"hours": formats.hours(line.minutes), "day": formats.weekday(line.day)}
        for line in waiting
        if line.is_correction
    )
    return found


def _of_the_total(
    lines: Sequence[Worked], agreed_minutes: int, leave_minutes: int, habits: Habits
) -> list[str]:
    total = sum(line.minutes for line in lines)
    found = []
    if total > weeks.LEGAL_WEEK:
        found.append(_("%(hours)s beyond 40 h") % {"hours": formats.hours(total - weeks.LEGAL_WEEK)})
    if habits.are_known:
        return found + _of_the_habits(total, leave_minutes, habits)
    away = total + leave_minutes - agreed_minutes
    if agreed_minutes and abs(away) >= max(FAR_FROM_AGREED, agreed_minutes // 5):
        pattern = _("%(hours)s more than agreed") if away > 0 else _("%(hours)s less than agreed")
        found.append(_with_leave(pattern % {"hours": formats.hours(abs(away))}, leave_minutes))
    return found


def _of_the_habits(minutes: int, leave_minutes: int, habits: Habits) -> list[str]:
    """Far from the person's own weeks, with what those are. Leave counts as if it had been worked."""
    if not habits.is_far(minutes + leave_minutes):
        return []
    away = minutes + leave_minutes - habits.usual_minutes
    pattern = (
        _("%(hours)s more than their usual %(usual)s")
        if away > 0
        else _("%(hours)s less than their usual %(usual)s")
    )
    told = pattern % {"hours": formats.hours(abs(away)), "usual": formats.hours(habits.usual_minutes)}
    return [_with_leave(told, leave_minutes)]


def _with_leave(told: str, leave_minutes: int) -> str:
    """The sum cannot be redone from the hours shown when leave is in it: then it is said."""
    if not leave_minutes:
        return told
    leave = _("%(hours)s of leave included") % {"hours": formats.hours(leave_minutes)}
    return f"{told} ({leave})"


def _of_the_leave(lines: Sequence[Worked], agreed_minutes: int, leave: Mapping[date, int]) -> list[str]:
    """Hours worked on a day that is leave as a whole."""
    whole = {day for day, minutes in leave.items() if minutes >= length_of_day(agreed_minutes)}
    by_day: dict[date, int] = defaultdict(int)
    for line in lines:
        if line.day in whole:
            by_day[line.day] += line.minutes
    return [
        _("%(hours)s worked on %(day)s, a day of leave")
        % {"hours": formats.hours(minutes), "day": formats.weekday(day)}
        for day, minutes in sorted(by_day.items())
        if minutes
    ]


def _of_the_days(lines: Sequence[Worked], habits: Habits) -> list[str]:
    by_day: dict[date, int] = defaultdict(int)
    for line in lines:
        by_day[line.day] += line.minutes
    found = [
        _("%(hours)s on %(day)s") % {"hours": formats.hours(minutes), "day": formats.weekday(day)}
        for day, minutes in sorted(by_day.items())
        if minutes > LONG_DAY
    ]
    found.extend(
        _("%(hours)s on %(holiday)s") % {"hours": formats.hours(minutes), "holiday": holiday_name(day)}
        for day, minutes in sorted(by_day.items())
        if minutes and holiday_on(day)
    )
    weekend = sum(minutes for day, minutes in by_day.items() if weeks.is_weekend(day))
    if weekend and not (habits.are_known and habits.works_weekends):
        found.append(_("%(hours)s on the weekend") % {"hours": formats.hours(weekend)})
    return found


def _of_the_delay(lines: Sequence[Worked], submitted_on: date | None) -> list[str]:
    """Hours written down long after they were worked are remembered less well."""
    waiting = [line.day for line in lines if not line.is_final]
    if submitted_on is None or not waiting or (submitted_on - max(waiting)).days <= LATE:
        return []
    return [
        _("Submitted %(count)s days after the last day worked")
        % {"count": (submitted_on - max(waiting)).days}
    ]


def _of_the_tasks(lines: Sequence[Worked]) -> list[str]:
    new = dict.fromkeys(line.task for line in lines if line.is_new_task and not line.is_final)
    return [_("First time on: %(tasks)s") % {"tasks": ", ".join(new)}] if new else []
