from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Person
from timesheets.learning import mentors
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
        self.fields["mentor"].queryset = mentors(entry.person)
