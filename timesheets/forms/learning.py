from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Person
from timesheets.models import TimeEntry


class MentorForm(forms.Form):
    """Who taught in an hour; nobody when it was an hour like the others."""

    mentor = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Learning with"),
        required=False,
        empty_label=_("nobody: an ordinary hour"),
    )

    def __init__(self, *args, entry: TimeEntry, **kwargs):
        super().__init__(*args, **kwargs)
        others = Person.objects.here(timezone.localdate()).active().exclude(pk=entry.person_id)
        self.fields["mentor"].queryset = others.by_name()
