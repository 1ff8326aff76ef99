"""What a person types about their taxes. Forms check how it is written; the verbs check the rest."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koumbit.formats import day as written
from koumbit.forms import DayField, MinutesField, MoneyField, PlainText
from koumbit.refusals import Refused

from .. import profiles
from ..calendar import Period
from ..deductions.money import ZERO
from ..models import BankOpening, SalesTaxRegistration, TaxProfile

LONGEST_BANK = 1000 * 60


class TaxProfileForm(PlainText, forms.Form):
    """The amounts as they stand on the TD1 and the TP-1015.3, from a day on."""

    starts_on = DayField(
        label=_("In force from"),
        help_text=_("Pays dated from that day on use these forms. They replace those on file."),
    )
    sin = forms.CharField(
        label=_("Social insurance number"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )
    federal_claim = MoneyField(
        label=_("TD1, line 13: total claim amount"),
        required=False,
        help_text=_(
            "The sum of the federal credits of the form: the part of the year’s income on which no federal tax is "
            "withheld. Empty: the basic personal amount. 0 when another employer already applies it."
        ),
    )
    federal_extra_tax = MoneyField(
        label=_("TD1: additional tax on each pay"),
        required=False,
        help_text=_(
            "Federal tax withheld on top of the usual one, for example because of other income. Empty: none."
        ),
    )
    federal_exempt = forms.BooleanField(
        label=_("TD1: my total income of the year will be less than my total claim amount"),
        required=False,
        help_text=_(
            "From all employers and other sources together. Ticked: no federal tax is withheld. "
            "Not ticked: it is withheld as usual."
        ),
    )
    is_non_resident = forms.BooleanField(
        label=_("TD1: I am a non-resident of Canada"),
        required=False,
        help_text=_(
            "The rules of non-residents are not handled here: tax is withheld as from a resident, on the amount of "
            "line 13, which must then be given, even 0; and each pay warns whoever prepares it. Not ticked: resident."
        ),
    )
    quebec_claim = MoneyField(
        label=_("TP-1015.3, line 10: amount for personal credits"),
        required=False,
        help_text=_(
            "The sum of Québec’s personal credits: basic amount, person living alone, age, retirement income… "
            "Empty: the basic personal amount. 0 when another employer already applies it."
        ),
    )
    quebec_extra_tax = MoneyField(
        label=_("TP-1015.3, line 11: additional tax on each pay"),
        required=False,
        help_text=_("Québec tax withheld on top of the usual one. Empty: none."),
    )
    quebec_deduction = MoneyField(
        label=_("TP-1015.3, line 19: deductions of the year"),
        required=False,
        help_text=_(
            "Deductions of the whole year that lower the income on which Québec tax is withheld (support payments, "
            "for instance). What is left of them is spread over the pays left in the year. Empty: none."
        ),
    )
    quebec_exempt = forms.BooleanField(
        label=_("TP-1015.3: exempt from source deductions of income tax"),
        required=False,
        help_text=_(
            "For whoever expects to owe no Québec tax for the year and says so on the form. Ticked: no Québec "
            "tax is withheld. Not ticked: it is withheld as usual."
        ),
    )
    qpp_stops_on = DayField(
        label=_("RR-50: QPP contributions stop from"),
        required=False,
        help_text=_(
            "Only at 65 or more, while receiving a retirement pension, and once the form is filed. "
            "Empty: contributions go on."
        ),
    )

    def __init__(self, *args, on_file: TaxProfile | None, today: date, **kwargs):
        initial = {"starts_on": today}
        if on_file:
            initial |= profiles.amounts_of(on_file)
            initial |= {
                name: getattr(on_file, name)
                for name in ("federal_exempt", "is_non_resident", "quebec_exempt", "qpp_stops_on")
            }
        super().__init__(*args, initial=initial, **kwargs)
        if on_file and on_file.sin:
            self.fields["sin"].help_text = gettext("On file: %(sin)s. Leave empty to keep it.") % {
                "sin": profiles.masked(on_file.sin)
            }

    def clean_sin(self) -> str:
        typed = self.cleaned_data["sin"]
        try:
            return profiles.sin_digits(typed) if typed else ""
        except Refused as refusal:
            raise forms.ValidationError(str(refusal), "sin") from refusal


class OvertimeForm(forms.Form):
    """From which day overtime is banked; or, when it is, from which day it is paid again."""

    starts_on = DayField(label=_("From"))
    asked_on = DayField(label=_("Asked in writing on"))

    def __init__(self, *args, is_banked: bool, today: date, **kwargs):
        super().__init__(*args, initial={"starts_on": today, "asked_on": today}, **kwargs)
        self.today = today
        if is_banked:
            del self.fields["asked_on"]
            self.lead = _(
                "Hours beyond 40 in a week are paid with their half from that day on. "
                "With a day in the past, what was banked since then is paid by the next run."
            )
        else:
            self.lead = _(
                "Hours beyond 40 in a week are no longer paid: they become leave, at time and a half, to be taken "
                "within 12 months (Act respecting labour standards, s. 55). You can go back at any time."
            )

    def clean_asked_on(self) -> date:
        asked_on = self.cleaned_data["asked_on"]
        if asked_on > self.today:
            raise forms.ValidationError(_("The request cannot be in the future."), "future")
        return asked_on

    def clean(self):
        given = super().clean()
        starts_on, asked_on = given.get("starts_on"), given.get("asked_on")
        if starts_on and asked_on and starts_on < asked_on:
            self.add_error("starts_on", _("Overtime is banked from the day it was asked for, not before."))
        return given


class InvoiceForm(PlainText, forms.Form):
    """The freelancer's own number for what a period pays them."""

    period = forms.TypedChoiceField(label=_("For the pay of"))
    number = forms.CharField(
        label=_("Your invoice number"),
        required=False,
        max_length=30,
        help_text=_("Printed on the statement. Empty: the statement has the co-op’s number only."),
    )

    def __init__(self, *args, coming: list[Period], given: dict[date, str], **kwargs):
        self.coming = {str(period.starts_on): period for period in coming}
        first = next(iter(coming), None)
        super().__init__(*args, initial={"number": given.get(first.starts_on, "") if first else ""}, **kwargs)
        self.fields["period"].choices = [
            (
                starts_on,
                gettext("%(pay)s (%(first)s to %(last)s)")
                % {
                    "pay": written(period.pay_on),
                    "first": written(period.starts_on),
                    "last": written(period.ends_on),
                },
            )
            for starts_on, period in self.coming.items()
        ]
        self.fields["period"].coerce = self.coming.__getitem__


class BankOpeningForm(forms.ModelForm):
    """What somebody was owed already on the first morning their banks are kept here."""

    on = DayField(
        label=_("On the morning of"),
        help_text=_("Usually the first day of the first period that is paid here."),
    )
    last_year = MoneyField(label=_("Vacation of the last reference year, in dollars"))
    this_year = MoneyField(label=_("Vacation of the reference year under way, in dollars"))
    banked_minutes = MinutesField(
        label=_("Banked overtime, as leave"),
        required=False,
        longest=LONGEST_BANK,
        help_text=_("With its half: 10 h of overtime are 15 h of leave."),
    )
    earned_in_four_weeks = MoneyField(
        label=_("Earned in the four weeks before, overtime left out"),
        required=False,
        help_text=_("The indemnity of a holiday in the first weeks is a part of it."),
    )

    class Meta:
        model = BankOpening
        fields = ["on", "last_year", "this_year", "banked_minutes", "earned_in_four_weeks"]

    def clean_banked_minutes(self) -> int:
        return self.cleaned_data["banked_minutes"] or 0

    def clean_earned_in_four_weeks(self) -> Decimal:
        return self.cleaned_data["earned_in_four_weeks"] or ZERO


class SalesTaxForm(PlainText, forms.Form):
    """A freelancer's registration numbers, from a day on; or the day from which there are none."""

    starts_on = DayField(label=_("From"))
    gst_number = forms.CharField(
        label=_("GST number"), required=False, max_length=20, help_text=_("Example: 123456789 RT 0001")
    )
    qst_number = forms.CharField(
        label=_("QST number"), required=False, max_length=20, help_text=_("Example: 1234567890 TQ 0001")
    )
    is_ended = forms.BooleanField(label=_("I am no longer registered from that day on"), required=False)

    def __init__(self, *args, on_file: SalesTaxRegistration | None, today: date, **kwargs):
        initial: dict[str, object] = {"starts_on": today}
        if on_file:
            initial |= {"gst_number": on_file.gst_number, "qst_number": on_file.qst_number}
        super().__init__(*args, initial=initial, **kwargs)
        if on_file is None:
            del self.fields["is_ended"]

    def clean(self):
        given = super().clean()
        given.setdefault("is_ended", False)
        if given["is_ended"]:
            return given
        for name, check in (("gst_number", profiles.gst_number_of), ("qst_number", profiles.qst_number_of)):
            if name in given:
                try:
                    given[name] = check(given[name])
                except Refused as refusal:
                    self.add_error(name, str(refusal))
        return given
