"""What is typed about the employer and its remittances. The verbs check the rest."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.forms import DayField, MoneyField, PlainText

from ..models import CnesstClassification, EmployerYear, Government, RemitterType
from ..models.remittances import NOTICE_HELP
from ..remittance_parts import Amounts, label_of
from ..standings import Standing, places_of

LARGEST = Decimal("499999999.99")


class PaymentForm(PlainText, forms.Form):
    """An amount for each part, as it is left to pay; the day it was paid; the bank's or the site's number."""

    paid_on = DayField(label=_("Paid on"))
    reference = forms.CharField(
        label=_("Reference"),
        required=False,
        max_length=60,
        help_text=_("The confirmation number of the payment."),
    )
    because = forms.CharField(
        label=_("Reason, for an amount given back"),
        required=False,
        max_length=300,
        help_text=_("Needed when the total is negative: refunded, or deducted from which other remittance."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args, standing: Standing, today: date, **kwargs):
        initial = {"paid_on": min(today, max(standing.period.due_on, standing.period.starts_on))}
        super().__init__(*args, initial=initial | {"seen": standing.digest}, **kwargs)
        self.places = {"_".join(place): place for place in places_of(standing) if place in standing.left}
        for name, place in self.places.items():
            self.fields[name] = MoneyField(
                label=label_of(place), min_value=-LARGEST, initial=standing.left[place]
            )
        self.order_fields([*self.places, "paid_on", "reference", "because"])

    def clean(self):
        given = super().clean()
        parts: Amounts = {
            place: given.pop(name) for name, place in self.places.items() if given.get(name) is not None
        }
        return {name: given[name] for name in given if name not in self.places} | {"parts": parts}


class TakeBackForm(PlainText, forms.Form):
    because = forms.CharField(
        label=_("Why this payment is taken back"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class RemitterForm(PlainText, forms.Form):
    """How often a government wants to be paid, and which notice says so."""

    government = forms.ChoiceField(label=_("Government"), choices=Government)
    frequency = forms.ChoiceField(label=_("Remits"), choices=RemitterType.Frequency)
    starts_on = DayField(label=_("From"), help_text=_("The first day of a month."))
    notice = forms.CharField(label=_("Notice"), max_length=200, help_text=NOTICE_HELP)


class ClassificationForm(PlainText, forms.Form):
    """The unit of the CNESST's yearly notice, and its premium."""

    unit = forms.CharField(
        label=_("Classification unit"), max_length=5, widget=forms.TextInput({"inputmode": "numeric"})
    )
    per_hundred_dollars = MoneyField(
        label=_("Premium per $100 of assessable pay"), max_value=Decimal("100.00")
    )
    is_paid_with_quebec = forms.BooleanField(
        label=_("Paid as we go, with Revenu Québec's remittances"),
        required=False,
        initial=True,
        help_text=_(
            "To be verified on the notice: otherwise the premium is paid to the CNESST by its own notice."
        ),
    )
    starts_on = DayField(label=_("From"))
    notice = forms.CharField(label=_("Notice"), max_length=200, help_text=NOTICE_HELP)

    def __init__(self, *args, on_file: CnesstClassification | None, **kwargs):
        super().__init__(*args, **kwargs)
        if on_file:
            for name in ("unit", "per_hundred_dollars", "is_paid_with_quebec"):
                self.fields[name].initial = getattr(on_file, name)


class YearForm(PlainText, forms.Form):
    """What the pays of a year do not say."""

    sector = forms.ChoiceField(label=_("Sector"), choices=EmployerYear.Sector)
    estimated_payroll = MoneyField(
        label=_("Total payroll of the year (estimate)"),
        max_value=LARGEST,
        help_text=_("The co-op's own: usually last year's. It sets the rate of the Health Services Fund."),
    )
    associated_payroll = MoneyField(
        label=_("Payroll of associated employers"),
        max_value=LARGEST,
        required=False,
        help_text=_("Counted with the co-op's own to find the rate; 0 if there is none."),
    )
    training_spent = MoneyField(
        label=_("Eligible training expenses"),
        max_value=LARGEST,
        required=False,
        help_text=_("Spent on training in the year, as the law on workforce skills counts it."),
    )
    notice = forms.CharField(label=_("Source"), max_length=200, help_text=_("Where these figures come from."))

    def clean(self):
        given = super().clean()
        for name in ("associated_payroll", "training_spent"):
            if given.get(name) is None and name not in self.errors:
                given[name] = Decimal("0.00")
        return given
