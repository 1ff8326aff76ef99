"""Which e-mails about their hours a person wishes."""

from django import forms

from ..models import NudgeChoice


class NudgeForm(forms.ModelForm):
    """One box for each kind of nudge; the committee's only for those who sit on it."""

    class Meta:
        model = NudgeChoice
        fields = ["empty_week", "questioned", "approved", "leave", "renewal", "digest"]

    def __init__(self, *args, approves_hours: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not approves_hours:
            del self.fields["digest"]
