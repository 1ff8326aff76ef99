"""What people type about services, clients and projects. Nothing is saved here: the verbs write."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.forms import PlainText

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
    """A project picks among what is open, and keeps what it had."""

    class Meta:
        model = Project
        fields = ["name", "client", "service"]
        help_texts = {"client": _("Empty for the co-op's own work.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("client", "service"):
            field = self.fields[name]
            had = field.queryset.filter(pk=getattr(self.instance, f"{name}_id"))
            field.queryset = field.queryset.open() | had


class SearchForm(forms.Form):
    """A word of a name; of a project, also of its client's or service's name."""

    q = forms.CharField(label=_("Search"), max_length=80, required=False)
    closed = forms.BooleanField(label=_("Show the closed too"), required=False)
