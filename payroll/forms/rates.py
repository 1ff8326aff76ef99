"""The next hourly rate, and the decision that sets it."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.formats import day as written
from koumbit.forms import DayField, MoneyField

from .. import rates


class DecisionField(forms.ModelChoiceField):
    """A decision with its body and its day, since titles repeat from year to year."""

    def label_from_instance(self, decision):
        return f"{written(decision.adopted_on)}, {decision.body} – {decision.title}"


class RateForm(forms.Form):
    amount = MoneyField(label=_("Rate per hour"), min_value=Decimal("0.01"), max_value=Decimal("999.99"))
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
