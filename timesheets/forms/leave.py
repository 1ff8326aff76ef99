"""Asking for leave: the dates first, then each day, proposed from the agreed hours and open to change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from koumbit import durations, formats
from koumbit.forms import DayField, PlainText, duration_refused

from .. import weeks
from ..absences import Work
from ..calendar_words import holiday_name
from ..holidays import holidays_of
from ..leave import LONGEST, TooLongAtOnce
from ..leave_days import days_between, proposed
from ..models import Leave

Kind = Leave.Kind
#: Compensatory days are for holidays of the last year and the months to come.
HOLIDAYS_SINCE, HOLIDAYS_UNTIL = timedelta(days=365), timedelta(days=100)


def refuse_days_out_of_order(cleaned: Mapping[str, Any]) -> None:
    first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
    if first and last and last < first:
        raise ValidationError(
            {"ends_on": _("The last day comes before the first. Check both dates.")}, "order"
        )


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the request, as the page shows it; those that only complete a week are not `is_in`."""

    day: date
    is_in: bool
    text: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return f"d-{self.day}"

    @property
    def label(self) -> str:
        return formats.weekday(self.day)

    @property
    def holiday(self) -> str:
        return holiday_name(self.day)

    @property
    def is_weekend(self) -> bool:
        return weeks.is_weekend(self.day)


class LeaveForm(PlainText, forms.Form):
    """What kind of leave, from when to when, and how long each day.

    The page goes back and forth: dates whose days were not shown yet are answered with the days, and
    nothing is asked for until they were seen.
    """

    kind = forms.ChoiceField(
        label=_("Kind of leave"),
        choices=Kind.choices,
        help_text=_("You and the committee read it. Everyone else only reads that you are away."),
    )
    compensates = forms.TypedChoiceField(
        label=_("Holiday it stands for"),
        required=False,
        coerce=date.fromisoformat,
        empty_value=None,
        help_text=_(
            "For “statutory holiday” only: a day off for a holiday that you worked, or that fell on a day "
            "off or in your vacation. The holiday itself needs no request: its indemnity is paid with its week, "
            "and the day you take for it carries no second one."
        ),
    )
    starts_on = DayField(label=_("First day away"))
    ends_on = DayField(label=_("Last day away"))
    note = forms.CharField(
        label=_("Note to the committee"),
        required=False,
        max_length=300,
        help_text=_("Only you and the committee read it. No reason has to be given."),
    )

    def __init__(self, data=None, *, person, leave: Leave | None = None, week_starts_on: int = 0):
        self._days = dict(leave.days.values_list("day", "minutes")) if leave and data is None else {}
        super().__init__(data, initial=self._of(leave) if leave else None)
        self.person, self.week_starts_on = person, week_starts_on
        today = timezone.localdate()
        years = range(today.year - 1, today.year + 2)
        self.fields["compensates"].choices = [("", "–")] + [
            (str(day), f"{holiday_name(day)}, {formats.day(day)}")
            for year in years
            for day in holidays_of(year)
            if today - HOLIDAYS_SINCE <= day <= today + HOLIDAYS_UNTIL
        ]

    @staticmethod
    def _of(leave: Leave) -> dict:
        return {
            name: getattr(leave, name) for name in ("kind", "starts_on", "ends_on", "note", "compensates")
        }

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        refuse_days_out_of_order(cleaned)
        if first and last and last - first >= LONGEST:
            raise ValidationError({"ends_on": str(TooLongAtOnce())}, "too_long")
        if cleaned.get("kind") == Kind.HOLIDAY and first != last:
            raise ValidationError(
                {"ends_on": _("A compensatory day is one day, and stands for one holiday.")}, "one_day"
            )
        if cleaned.get("kind") != Kind.HOLIDAY:
            cleaned["compensates"] = None
        return cleaned

    # The days ------------------------------------------------------------------------------------

    @cached_property
    def dates(self) -> tuple[date, date] | None:
        """The first and the last day, once both are known and in order."""
        held = self.cleaned_data if self.is_bound and self.errors is not None else self.initial
        first, last = held.get("starts_on"), held.get("ends_on")
        return (first, last) if first and last else None

    @property
    def shown(self) -> str:
        """The dates whose days the page holds, as it sends them back."""
        return "/".join(map(str, self.dates)) if self.dates else ""

    @property
    def days_were_seen(self) -> bool:
        """The days of exactly these dates were on the page that was sent."""
        return bool(self.dates) and self.data.get("shown") == self.shown

    @cached_property
    def cells(self) -> list[DayCell]:
        """Every day from the first to the last: as typed, as asked for before, or as proposed."""
        if not self.dates:
            return []
        days = list(days_between(*self.dates))
        if self.is_bound and self.days_were_seen:
            return [self._typed(day) for day in days]
        minutes = self._days or self._proposed()
        return [DayCell(day, True, durations.typed(minutes.get(day, 0))) for day in days]

    def _proposed(self) -> dict[date, int]:
        work = Work.of([self.person.pk], *self.dates)
        return proposed(*self.dates, lambda day: work.agreed(self.person.pk, day))

    def _typed(self, day: date) -> DayCell:
        text = self.data.get(f"d-{day}", "")[:40]
        try:
            durations.parse(text) if text.strip() else 0
        except durations.NotADuration as refusal:
            return DayCell(day, True, text, duration_refused(refusal))
        return DayCell(day, True, text)

    @property
    def refused(self) -> list[DayCell]:
        return [cell for cell in self.cells if cell.error]

    @property
    def minutes(self) -> Mapping[date, int]:
        """What is asked for, day by day; days that were refused or left empty are not in it."""
        return {
            cell.day: durations.parse(cell.text)
            for cell in self.cells
            if cell.text.strip() and not cell.error
        }

    @property
    def total(self) -> int:
        return sum(self.minutes.values())

    @property
    def rows(self) -> list[list[DayCell]]:
        """The days in weeks of seven; those before the first and after the last are empty."""
        if not self.dates:
            return []
        held = {cell.day: cell for cell in self.cells}
        return [
            [held.get(day, DayCell(day, False)) for day in weeks.days_of(week)]
            for week in weeks.weeks_between(*self.dates, self.week_starts_on)
        ]


class GivingBackForm(PlainText, forms.Form):
    """From which day to which day approved leave is given back, and what happened."""

    starts_on = DayField(label=_("First day given back"))
    ends_on = DayField(label=_("Last day given back"))
    because = forms.CharField(
        label=_("What happened"),
        required=False,
        max_length=300,
        help_text=_("Needed once one of these days has begun: the committee decides then."),
    )

    def __init__(self, data=None, *, leave: Leave):
        tomorrow = timezone.localdate() + timedelta(days=1)
        first = min(max(leave.starts_on, tomorrow), leave.ends_on)
        super().__init__(data, initial={"starts_on": first, "ends_on": leave.ends_on})

    def clean(self):
        cleaned = super().clean()
        refuse_days_out_of_order(cleaned)
        return cleaned


class RefusalForm(PlainText, forms.Form):
    """Why the committee says no."""

    because = forms.CharField(label=_("Why"), max_length=300)
