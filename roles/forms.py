from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.forms import PlainText

from .models import Role, Task


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
