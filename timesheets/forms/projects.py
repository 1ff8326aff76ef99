"""What people type about services, clients and projects. Nothing is saved here: the verbs write."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.forms import MoneyField, PlainText

from ..models import Client, Project, Service


class ServiceForm(PlainText, forms.ModelForm):
    class Meta:
        model = Service
        fields = ["name"]


class ClientForm(PlainText, forms.ModelForm):
    class Meta:
        model = Client
        fields = ["name"]


class ProjectForm(PlainText, forms.ModelForm):
    """A project picks among what is open, and keeps what it had. Its budget is in hours or in dollars."""

    budget_hours = forms.IntegerField(
        label=_("Budget in hours"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Empty when there is none."),
    )
    budget_dollars = MoneyField(
        label=_("Budget in dollars"),
        required=False,
        help_text=_("Counted at the one hourly rate of each day."),
    )

    class Meta:
        model = Project
        fields = ["name", "client", "service", "budget_dollars"]
        help_texts = {"client": _("Empty for the co-op's own work.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("client", "service"):
            field = self.fields[name]
            had = field.queryset.filter(pk=getattr(self.instance, f"{name}_id"))
            field.queryset = field.queryset.open() | had
        if self.instance.budget_minutes:
            self.initial["budget_hours"] = self.instance.budget_minutes // 60

    def clean(self):
        given = super().clean() or self.cleaned_data
        hours = given.pop("budget_hours", None)
        given["budget_minutes"] = hours * 60 if hours else None
        if hours and given.get("budget_dollars"):
            self.add_error("budget_dollars", _("Give the budget in hours or in dollars, not both."))
        return given


class SearchForm(forms.Form):
    """A word of a name; of a project, also of its client's or service's name."""

    q = forms.CharField(label=_("Search"), max_length=80, required=False)
    closed = forms.BooleanField(label=_("Show the closed too"), required=False)
