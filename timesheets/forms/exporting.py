"""What is taken out: whose hours, from when to when, as which file; and the keys of one's tools."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.forms import DayField, PlainText

from ..exporting import Export
from ..models import AccessToken, Project, Service

LONGEST_DAYS = 366 * 10


class ExportForm(forms.Form):
    """Which hours, for which period, in which format. What of others may be asked depends on the powers."""

    what = forms.ChoiceField(label=_("Which hours"))
    project = forms.ModelChoiceField(
        Project.objects.order_by("name"), label=_("Project"), required=False, empty_label=_("– choose –")
    )
    service = forms.ModelChoiceField(
        Service.objects.order_by("name"), label=_("Service"), required=False, empty_label=_("– choose –")
    )
    first = DayField(label=_("From"))
    last = DayField(label=_("To"))
    kind = forms.ChoiceField(
        label=_("As"), choices=[("csv", _("CSV, for any spreadsheet")), ("xlsx", _("XLSX, a workbook"))]
    )

    def __init__(self, *args, names_people: bool, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.names_people = names_people
        self.fields["what"].choices = [
            ("mine", _("mine")),
            ("project", _("of a project, approved")),
            ("service", _("of a service, approved")),
            (
                "all",
                _("of everybody, approved")
                if names_people
                else _("of the cooperative, approved, without names"),
            ),
        ]
        first = {
            "what": "mine",
            "first": date(today.year, 1, 1),
            "last": today,
            "kind": "csv",
        }
        self.initial = {**first, **self.initial}

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for what, sentence in (("project", _("Pick the project.")), ("service", _("Pick the service."))):
            if given.get("what") == what and not given.get(what) and what not in self.errors:
                self.add_error(what, sentence)
        if given.get("first") and given.get("last"):
            if given["last"] < given["first"]:
                self.add_error("last", _("The last day comes before the first. Check both dates."))
            elif (given["last"] - given["first"]).days > LONGEST_DAYS:
                self.add_error("last", _("Ten years at most go in one file: shorten the period."))
        return given

    def export(self, person) -> Export:
        """What was asked for."""
        given = self.cleaned_data
        what = given["what"]
        return Export(
            given["first"],
            given["last"],
            person=person if what == "mine" else None,
            project=given["project"] if what == "project" else None,
            service=given["service"] if what == "service" else None,
            names_people=what == "mine" or self.names_people,
        )


class TokenForm(PlainText, forms.ModelForm):
    """A key for one of one's tools: what it opens, and a name to know it by."""

    class Meta:
        model = AccessToken
        fields = ["opens", "name"]
        widgets = {"opens": forms.RadioSelect}
        help_texts = {"name": _("To know it by when you revoke it: the device or the program it is for.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["opens"].choices = AccessToken.Opens.choices  # without the one that means nothing
