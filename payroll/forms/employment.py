"""What is typed about records of employment."""

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from koumbit.forms import DayField, PlainText

from ..models import EmploymentRecord


class RecordGivenForm(PlainText, forms.ModelForm):
    """The number of a record that was given, and the day."""

    class Meta:
        model = EmploymentRecord
        fields = ["number", "given_on"]
        field_classes = {"given_on": DayField}
        labels = {"given_on": capfirst(_("given on"))}
        help_texts = {"number": _("ROE Web writes it on the record.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("given_on", timezone.localdate())
