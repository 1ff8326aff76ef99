from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.forms import PlainText


class PrepareForm(PlainText, forms.Form):
    """Why the pay goes ahead although the pre-flight warns."""

    because = forms.CharField(
        label=_("Why the pay goes ahead in spite of the warnings"),
        max_length=300,
        error_messages={
            "required": _("Say why the pay goes ahead in spite of the warnings, or settle them first.")
        },
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with the pay, for everybody who looks at it later."),
    )

    def __init__(self, *args, has_warnings: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_warnings:
            del self.fields["because"]


class VoidForm(PlainText, forms.Form):
    because = forms.CharField(
        label=_("Why the stub is voided"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
