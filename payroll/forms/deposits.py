"""Where pay goes: a person's account, what the bank's letter says, why a file is made all the same."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.forms import DayField, PlainText
from koumbit.refusals import Refused

from .. import bank_accounts, cpa005
from ..models import BankAccount, Originator

DIGITS = {"autocomplete": "off", "inputmode": "numeric"}


class AccountNumbers(PlainText, forms.Form):
    """The three numbers of an account, as they stand at the bottom of a cheque."""

    institution = forms.CharField(
        label=_("Institution (3 digits)"),
        max_length=10,
        widget=forms.TextInput(DIGITS),
        help_text=_("815 for the Caisses Desjardins of Québec. On a cheque, after the transit."),
    )
    transit = forms.CharField(
        label=_("Transit (5 digits)"),
        max_length=12,
        widget=forms.TextInput(DIGITS),
        help_text=_("The number of the branch or of the caisse. On a cheque, before the institution."),
    )
    number = forms.CharField(
        label=_("Account number (5 to 12 digits)"),
        max_length=20,
        widget=forms.TextInput(DIGITS),
        help_text=_("All its digits, with the zeros at the beginning. Blanks and hyphens do not matter."),
    )
    field_order: tuple[str, ...] = ("starts_on", "institution", "transit", "number")

    def clean(self):
        given = super().clean()
        checks = {
            "institution": bank_accounts.institution_digits,
            "transit": bank_accounts.transit_digits,
            "number": bank_accounts.number_digits,
        }
        for name, check in checks.items():
            if given.get(name):
                try:
                    given[name] = check(given[name])
                except Refused as refusal:
                    self.add_error(name, str(refusal))
        return given


class BankAccountForm(AccountNumbers):
    """My account, from a day on; or the day from which I am paid by cheque."""

    starts_on = DayField(label=_("From"))
    is_ended = forms.BooleanField(label=_("I want to be paid by cheque from that day on"), required=False)

    def __init__(self, *args, on_file: BankAccount | None, today: date, **kwargs):
        super().__init__(*args, initial={"starts_on": today}, **kwargs)
        if on_file is None:
            del self.fields["is_ended"]
        self.is_asked_to_end = "is_ended" in self.fields and bool(self.data.get("is_ended"))
        if self.is_asked_to_end:
            for name in ("institution", "transit", "number"):
                self.fields[name].required = False

    def clean(self):
        if not self.is_asked_to_end:
            super().clean()
        self.cleaned_data.setdefault("is_ended", False)
        return self.cleaned_data


class OriginatorForm(AccountNumbers):
    """What the letter of the co-op's bank says. Nothing is guessed."""

    originator_id = forms.CharField(
        label=_("Originator number (10 characters)"),
        max_length=10,
        help_text=_("Some banks call it client number or company number."),
    )
    short_name = forms.CharField(
        label=_("Short name (15 characters)"),
        max_length=15,
        help_text=_("What members read on their bank statement. It is written in capitals without accents."),
    )
    long_name = forms.CharField(label=_("Long name (30 characters)"), max_length=30)
    data_centre = forms.CharField(
        label=_("Data centre (5 digits)"),
        max_length=5,
        widget=forms.TextInput(DIGITS),
        help_text=_("Where the bank processes the file. Some banks call it processing centre."),
    )
    trace = forms.ChoiceField(
        label=_("Trace number of each payment"),
        choices=[("", _("Pick what the letter asks for")), *Originator.Trace.choices],
    )
    clearer_centre = forms.CharField(
        label=_("Data centre of the co-op’s bank (5 digits)"),
        max_length=5,
        required=False,
        widget=forms.TextInput(DIGITS),
        help_text=_("Only for the trace number of the standard."),
    )
    last_number = forms.IntegerField(
        label=_("Number of the last file sent by other means"),
        min_value=0,
        max_value=cpa005.LAST_NUMBER,
        initial=0,
        help_text=_("0 if there was none. The next file has the number after it."),
    )
    field_order = (
        *("originator_id", "short_name", "long_name", "data_centre", "trace", "clearer_centre"),
        *("institution", "transit", "number", "last_number"),
    )
    NAMES = (*field_order,)

    def __init__(self, *args, on_file: Originator | None, **kwargs):
        initial = {name: getattr(on_file, name) for name in self.NAMES} if on_file else {}
        super().__init__(*args, initial=initial, **kwargs)
        for name, text in (
            ("institution", _("Of the co-op’s account: the pay leaves it, what cannot be paid comes back.")),
            ("transit", ""),
            ("number", ""),
        ):
            self.fields[name].help_text = text

    def clean_originator_id(self) -> str:
        return self._fitting("originator_id", r"[A-Z0-9]{10}", _("It has ten digits or capital letters."))

    def clean_data_centre(self) -> str:
        return self._fitting("data_centre", r"[0-9]{5}", _("It has five digits."))

    def clean_clearer_centre(self) -> str:
        return self._fitting("clearer_centre", r"|[0-9]{5}", _("It has five digits."))

    def clean_short_name(self) -> str:
        return self._plain("short_name", 15)

    def clean_long_name(self) -> str:
        return self._plain("long_name", 30)

    def _plain(self, name: str, length: int) -> str:
        plain = cpa005.plain(self.cleaned_data[name], length)
        if not plain:
            raise forms.ValidationError(_("Banks only exchange Latin letters and digits."), "plain")
        return plain

    def _fitting(self, name: str, pattern: str, sentence) -> str:
        value = self.cleaned_data[name].strip().upper()
        if not cpa005.fits(value, pattern):
            raise forms.ValidationError(sentence, name)
        return value


class DepositForm(PlainText, forms.Form):
    """Why the file is made although something has to be looked at."""

    because = forms.CharField(
        label=_("Why the file is made in spite of the warnings"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Say why the file is made in spite of the warnings, or settle them first.")
        },
        help_text=_("Kept with the file, for everybody who looks at it later."),
    )

    def __init__(self, *args, is_warned: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_warned:
            del self.fields["because"]


class ReplaceForm(PlainText, forms.Form):
    because = forms.CharField(
        label=_("Why the bank refused the file"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the bank wrote, and who confirmed that none of the payments was made."),
    )
