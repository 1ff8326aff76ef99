"""The accounts of the co-op's chart, and the days of which the books are read."""

import re
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.forms import DayField, PlainText

from ..books import Place


class AccountsForm(PlainText, forms.Form):
    """A number and a name for each amount of the pay, in one field: `5410 Wages`."""

    def __init__(self, *args, places: Sequence[Place], **kwargs):
        super().__init__(*args, **kwargs)
        for place in places:
            self.fields[place.key] = forms.CharField(
                label=place.label, max_length=100, initial=f"{place.number} {place.name}"
            )
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean(self):
        given = super().clean()
        for key, typed in list(given.items()):
            number, _blank, name = typed.strip().partition(" ")
            if not name.strip() or not re.fullmatch(r"[0-9A-Za-z.-]{1,20}", number, re.ASCII):
                self.add_error(key, _("Give the number of the account, a blank, then its name: 5410 Wages."))
            else:
                given[key] = number, " ".join(name.split())[:80]
        return given


class DaysForm(forms.Form):
    """From a day to a day."""

    first = DayField(label=_("From"))
    last = DayField(label=_("Until"))

    def clean(self):
        given = super().clean()
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day comes before the first. Check both dates."))
        return given
