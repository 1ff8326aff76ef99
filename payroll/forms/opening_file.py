"""Opening balances from a spreadsheet: a line a person, the same fields as the form, all or nothing."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import Person, WorkStatus
from timesheets.csv_table import LARGEST, CsvTable, Unreadable, read_table

from ..dues import KIND_OF_STUB
from ..models import PayStub
from .opening import OpeningForm

#: A file with more wrong lines than this is wrong in its columns: the first ones are enough to see it.
MOST_SENTENCES = 20
EMAIL, KIND = "email", "kind"


def columns() -> dict[str, str]:
    """The columns of the file by field, each as the reader's language names it."""
    named = {EMAIL: gettext("E-mail"), KIND: gettext("Kind")}
    for kind in PayStub.Kind.values:
        fields = OpeningForm(kind=kind).fields.items()
        named |= {name: str(field.label) for name, field in fields if name != "person"}
    return named


def _known() -> dict[str, str]:
    """Every name a column may have, in each language or as the field itself, to its field."""
    known: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {label.casefold(): name for name, label in columns().items()}
    return known | {name: name for name in columns()}


def template() -> list[list[str]]:
    """The file to fill: its columns, and a line for each person with a work status today."""
    named = columns()
    statuses = WorkStatus.objects.on(timezone.localdate()).select_related("person")
    lines = [
        [status.person.email, KIND_OF_STUB[status.kind], *[""] * (len(named) - 2)]
        for status in statuses.order_by("person__sort_name")
    ]
    return [list(named.values()), *lines]


class OpeningFileForm(forms.Form):
    """The file itself; once it is right, `balances` holds what each line says."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "A line a person, with the columns of the model. Nothing is entered unless every line is right."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )

    def clean(self):
        given = super().clean()
        file = given.pop("file", None)
        if file is None:
            return given
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 5 MB: cut it into several."), "too_large")
        known = _known()
        try:
            table = read_table(file.read(), known.keys())
        except Unreadable as refusal:
            raise ValidationError(refusal.sentence, "unreadable") from refusal
        return given | {"balances": self._balances(table, known)}

    def _balances(self, table: CsvTable, known: dict[str, str]) -> list[tuple[int, dict[str, Any]]]:
        """Each line with what it says. Raises ValidationError with a sentence for each that is wrong."""
        right, wrong = [], []
        for line, form in _forms(table, known):
            if form.is_valid():
                right.append((line, form.cleaned_data))
                continue
            for name, sentences in form.errors.items():
                label = form.fields[name].label if name in form.fields else ""
                said = f"{label} – {' '.join(sentences)}" if label else " ".join(sentences)
                wrong.append(gettext("Line %(line)d: %(sentence)s") % {"line": line, "sentence": said})
        if wrong:
            raise ValidationError(wrong[:MOST_SENTENCES])
        return right


def _forms(table: CsvTable, known: dict[str, str]) -> Iterator[tuple[int, OpeningForm]]:
    """A form for each line, filled with its cells."""
    places = {
        known[header.casefold()]: at for at, header in enumerate(table.headers) if header.casefold() in known
    }
    kinds = {str(label).casefold(): value for value, label in PayStub.Kind.choices}
    people = {email.casefold(): pk for email, pk in Person.objects.values_list("email", "pk")}
    for line, cells in table.lines:
        told = {name: cells[at].strip() for name, at in places.items() if at < len(cells)}
        kind = told.get(KIND, "").casefold()
        kind = kind if kind in PayStub.Kind.values else kinds.get(kind, PayStub.Kind.STUB)
        data = told | {"person": people.get(told.get(EMAIL, "").casefold(), "")}
        yield line, OpeningForm(data, kind=kind)
