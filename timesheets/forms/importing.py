from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from ..hours_file import LARGEST


class HoursFileForm(forms.Form):
    """A file of hours from another tool."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("At most 5 MB and 100,000 lines. It is shown first; nothing is written yet."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 5 MB: cut it into several."))
        return file
