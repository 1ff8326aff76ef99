"""The next hourly rate, and the decision that sets it."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.formats import day as written
from koumbit.forms import DayField, MinutesField, MoneyField

from .. import rate_effects, rates


class DecisionField(forms.ModelChoiceField):
    """A decision with its body and its day, since titles repeat from year to year."""

    def label_from_instance(self, decision):
        return f"{written(decision.adopted_on)}, {decision.body} – {decision.title}"


LOWEST, HIGHEST = Decimal("0.01"), Decimal("999.99")
LONGEST_WEEK = 60 * 60


class RateForm(forms.Form):
    amount = MoneyField(label=_("Rate per hour"), min_value=LOWEST, max_value=HIGHEST)
    starts_on = DayField(
        label=_("From"),
        help_text=_("With a day in the past, the difference on hours already paid is paid by the next run."),
    )
    decision = DecisionField(
        rates.decisions_that_set_it().none(),
        label=_("Set by the decision"),
        empty_label=_("Pick a decision"),
        help_text=_("Decisions of a body that held the power to set the rate when it adopted them."),
    )

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["decision"].queryset = rates.decisions_that_set_it()

    @property
    def is_retroactive(self) -> bool:
        return self.cleaned_data["starts_on"] < self.today


class RateTryForm(forms.Form):
    """A rate and its first day, asked in the address: a page about a proposal can lead to them."""

    amount = MoneyField(label=_("Rate per hour"), min_value=LOWEST, max_value=HIGHEST)
    starts_on = DayField(
        label=_("From"), help_text=_("A day in the past too: the effect on hours already paid is then said.")
    )
    minutes = MinutesField(
        label=_("My hours a week"),
        required=False,
        longest=LONGEST_WEEK,
        help_text=_("Empty: those that are agreed. Only you see what they give."),
    )

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.first, self.last = rate_effects.first_and_last_day(today)

    def clean_starts_on(self) -> date:
        day = self.cleaned_data["starts_on"]
        if not self.first <= day <= self.last:
            raise forms.ValidationError(
                _("Try a day from %(first)s to %(last)s.")
                % {"first": written(self.first), "last": written(self.last)},
                "out_of_range",
            )
        return day
