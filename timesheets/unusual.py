"""What stands out in a week: signals for whoever reads it, not errors. No database here.

Each signal is a sentence in the reader's language. None of them stops anything.
"""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from koumbit import formats

from . import weeks
from .calendar_words import holiday_name
from .habits import Habits
from .holidays import holiday_on
from .leave_days import length_of_day
from .week_sums import WeekSum

NO_LEAVE: Mapping[date, int] = {}
NO_HABITS = Habits()
LATE = 14
LONG_DAY = 12 * 60
FAR_FROM_AGREED = 4 * 60


def signals(
    week: WeekSum,
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
        *_of_this_act(week),
        *_of_the_total(week.minutes, agreed_minutes, sum(leave.values()), habits),
        *_of_the_leave(week, agreed_minutes, leave),
        *_of_the_days(week, habits),
        *_of_the_tasks(week),
        *_of_the_delay(week, submitted_on),
    ]


def _of_this_act(week: WeekSum) -> list[str]:
    found = []
    if week.questions:
        found.append(_("Comes back after a question (%(count)s)") % {"count": week.questions})
    if week.has_approved and week.last_day:
        time = formats.hours(week.to_approve)
        found.append(_("%(hours)s to approve, the rest is approved already") % {"hours": time})
    found.extend(
        _("Correction of %(hours)s on %(day)s")
        % {"hours": formats.hours(minutes), "day": formats.weekday(day)}
        for day, minutes in week.corrections
    )
    return found


def _of_the_total(total: int, agreed_minutes: int, leave_minutes: int, habits: Habits) -> list[str]:
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


def _of_the_leave(week: WeekSum, agreed_minutes: int, leave: Mapping[date, int]) -> list[str]:
    """Hours worked on a day that is leave as a whole."""
    return [
        _("%(hours)s worked on %(day)s, a day of leave")
        % {"hours": formats.hours(minutes), "day": formats.weekday(day)}
        for day, minutes in week.by_day.items()
        if minutes and day in leave and leave[day] >= length_of_day(agreed_minutes)
    ]


def _of_the_days(week: WeekSum, habits: Habits) -> list[str]:
    found = [
        _("%(hours)s on %(day)s") % {"hours": formats.hours(minutes), "day": formats.weekday(day)}
        for day, minutes in week.by_day.items()
        if minutes > LONG_DAY
    ]
    found.extend(
        _("%(hours)s on %(holiday)s") % {"hours": formats.hours(minutes), "holiday": holiday_name(day)}
        for day, minutes in week.by_day.items()
        if minutes and holiday_on(day)
    )
    weekend = sum(minutes for day, minutes in week.by_day.items() if weeks.is_weekend(day))
    if weekend and not (habits.are_known and habits.works_weekends):
        found.append(_("%(hours)s on the weekend") % {"hours": formats.hours(weekend)})
    return found


def _of_the_delay(week: WeekSum, submitted_on: date | None) -> list[str]:
    """Hours written down long after they were worked are remembered less well."""
    if submitted_on is None or week.last_day is None or (submitted_on - week.last_day).days <= LATE:
        return []
    return [
        _("Submitted %(count)s days after the last day worked")
        % {"count": (submitted_on - week.last_day).days}
    ]


def _of_the_tasks(week: WeekSum) -> list[str]:
    return [_("First time on: %(tasks)s") % {"tasks": ", ".join(week.new_tasks)}] if week.new_tasks else []
