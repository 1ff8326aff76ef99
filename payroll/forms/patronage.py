"""What is asked of a surplus to share."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from koumbit.forms import MoneyField


class SurplusForm(forms.Form):
    """An amount, and the year by whose hours it would be shared."""

    amount = MoneyField(label=_("Surplus to share"), min_value=Decimal("0.01"))
    year = forms.TypedChoiceField(label=capfirst(_("year")), coerce=int)

    def __init__(self, *args, today: date, first_year: int, **kwargs):
        super().__init__(*args, **kwargs)
        years = range(today.year, min(first_year, today.year) - 1, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]
