"""How forms look, and the form fields a Québec reader can type into."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from koumbit import durations, formats


class Renderer(TemplatesSetting):
    """Every form and field of the product, account pages included, through two templates."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"


class DateInput(forms.DateInput):
    """The browser's own date picker; the value travels as ISO whatever the language."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day of the co-op's life; years nobody means (0001, 9999) are refused with a sentence."""

    widget = DateInput
    EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

    def validate(self, value):
        super().validate(value)
        if value is not None and not self.EARLIEST <= value <= self.LATEST:
            raise ValidationError(_("Check the year: a date goes from 1900 to 2199."), "out_of_range")


# Signs one cannot see: control characters (except tabs and ends of lines; Django refuses NUL by
# itself) and those that turn the direction of writing, which make a text read as another.
_HIDDEN_SIGNS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def refuse_hidden_signs(text: str) -> None:
    if _HIDDEN_SIGNS.search(text):
        raise ValidationError(
            _("This text holds invisible control characters. Type it again rather than pasting it."),
            "hidden_signs",
        )


def plain(text: str) -> str:
    """Text without accents nor capitals, for comparing what people type."""
    split = unicodedata.normalize("NFKD", text.replace("\0", "").casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


class PlainText:
    """A form whose texts hold what one sees, no more. Stands before `Form` or `ModelForm`."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.validators.append(refuse_hidden_signs)


class MoneyField(forms.Field):
    """Dollars and cents as typed in French or English: `1 234,50 $`, `1,234.50`, `21.5`."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("“%(value)s” is not an amount. Write it like 21.50 or 1234.56."),
        "min_value": _("The amount cannot be less than %(limit)s."),
        "max_value": _("The amount cannot be more than %(limit)s."),
    }

    def __init__(self, *, min_value: Decimal | None = Decimal(0), max_value=Decimal("99999999.99"), **kwargs):
        super().__init__(**kwargs)
        self.min_value, self.max_value = min_value, max_value

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off", "maxlength": "20"}

    def prepare_value(self, value):
        return formats.typed_amount(value) if isinstance(value, Decimal) else value

    def to_python(self, value) -> Decimal | None:
        if value in self.empty_values:
            return None
        amount = formats.parse_amount(str(value))
        if amount is None:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"value": str(value)[:40]})
        return amount

    def validate(self, value):
        super().validate(value)
        for bound, limit, beyond in (
            ("min_value", self.min_value, lambda v, b: v < b),
            ("max_value", self.max_value, lambda v, b: v > b),
        ):
            if value is not None and limit is not None and beyond(value, limit):
                raise ValidationError(self.error_messages[bound], bound, {"limit": formats.dollars(limit)})

    def has_changed(self, initial, data):
        return (self.prepare_value(initial) or "") != (data or "")


DURATION_REFUSALS = {
    "unknown": _("“%(text)s” is not a length of time. Write it like 7.5 or 7h30 or 90m."),
    "too_long": _("“%(text)s” is too long: at most %(limit)s here."),
    "minutes": _("%(text)s h? Write %(text)sm for %(meant)s."),
}


def duration_refused(refusal: durations.NotADuration) -> str:
    """Why a length of time was refused and how to write it, in the reader's language."""
    told = {"text": refusal.text, "limit": formats.hours(refusal.longest)}
    if refusal.code == "minutes":
        told["meant"] = formats.hours(int(refusal.text))
    return str(DURATION_REFUSALS[refusal.code]) % told


class MinutesField(forms.Field):
    """A duration as people write it (`7,5`, `7h30`, `90m`), kept as integer minutes."""

    widget = forms.TextInput

    def __init__(self, *, longest: int = durations.DAY, **kwargs):
        super().__init__(**kwargs)
        self.longest = longest

    def widget_attrs(self, widget):
        return {"inputmode": "text", "autocomplete": "off", "maxlength": "12"}

    def prepare_value(self, value):
        return durations.typed(value) if isinstance(value, int) else value

    def to_python(self, value) -> int | None:
        if value in self.empty_values:
            return None
        try:
            return durations.parse(str(value), longest=self.longest)
        except durations.NotADuration as refusal:
            raise ValidationError(duration_refused(refusal), refusal.code) from refusal

    def has_changed(self, initial, data):
        return (self.prepare_value(initial) or "") != (data or "")
