from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.forms import PlainText

from ..models import YearEnd


class PrepareSlipsForm(PlainText, forms.Form):
    """What the slips of a year need that no pay says, and why they go ahead or are amended."""

    dental = forms.ChoiceField(
        label=_("T4, box 45: dental insurance the co-op offered on 31 December"),
        choices=YearEnd.Dental,
        help_text=_("The widest access offered, whether people took it or not. The same for everybody here."),
    )
    because = forms.CharField(
        label=_("Why"),
        max_length=300,
        error_messages={"required": _("Say why: it is kept with the slips.")},
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why the warnings are passed, or what is amended. Kept with the slips."),
    )

    def __init__(self, *args, needs_reason: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["because"]
