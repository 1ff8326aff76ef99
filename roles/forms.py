from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.forms import DayField, MinutesField, PlainText
from members.forms import FromToday, LastDayForm
from members.models import Person

from .models import Assignment, Role, Task

__all__ = ["AssignmentForm", "LastDayForm", "RoleForm", "SearchForm", "TaskForm"]


class RoleForm(PlainText, forms.ModelForm):
    class Meta:
        model = Role
        fields = ["name", "aim"]
        widgets = {"aim": forms.Textarea({"rows": 2})}


class TaskForm(PlainText, forms.ModelForm):
    class Meta:
        model = Task
        fields = ["name"]


class SearchForm(forms.Form):
    """A word of a role's name, of its aim or of one of its tasks."""

    q = forms.CharField(label=_("Search"), max_length=80, required=False)
    retired = forms.BooleanField(label=_("Show the retired too"), required=False)


class AssignmentForm(FromToday, forms.ModelForm):
    """Who carries a task, from when, and roughly how many hours a week."""

    planned_minutes_per_week = MinutesField(
        label=_("Planned hours a week"),
        required=False,
        longest=7 * 24 * 60,
        help_text=_("Roughly, if the team has agreed on it."),
    )

    class Meta:
        model = Assignment
        fields = ["person", "starts_on", "ends_on", "planned_minutes_per_week"]
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def __init__(self, *args, by: Person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.visible_to(by).active().by_name()
