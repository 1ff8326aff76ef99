import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from koumbit.forms import PlainText

from ..csv_table import LARGEST, CsvTable
from ..file_cells import ORDERS, UNITS
from ..file_reading import Reading, Use, order_of_days
from ..hours_file import short
from ..importing import Choices, Found, Plan, Word

MOST_WORDS = 300
_SHOWN_VALUES = 3


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


class ReadingForm(forms.Form):
    """What each column of the file holds, in which order its days are written, what its numbers count."""

    day_order = forms.ChoiceField(
        label=_("A day like 03/04/2026 is"),
        choices=[("", _("written in another way")), *zip(ORDERS, (_("3 April"), _("March 4")), strict=True)],
        required=False,
    )
    unit = forms.ChoiceField(
        label=_("A bare number counts"),
        choices=[
            ("", _("nothing: lengths are written like 1:30")),
            *zip(UNITS, (_("hours"), _("minutes"), _("seconds")), strict=True),
        ],
        required=False,
    )

    def __init__(self, table: CsvTable, reading: Reading, data: Mapping[str, Any] | None = None):
        initial = {"day_order": reading.day_order, "unit": reading.unit, **reading.columns}
        super().__init__(data, initial=initial)
        self.table, self.reading = table, reading
        columns = [("", _("– no column –"))] + [
            (str(place), _column_name(table, place)) for place in range(len(table.headers))
        ]
        for use in Use:
            self.fields[use.value] = forms.TypedChoiceField(
                label=use.label, choices=columns, coerce=int, empty_value=None, required=False
            )
        self.order_fields([*Use.values, "day_order", "unit"])

    def chosen(self) -> Reading:
        """The reading that was sent; the days of another column may tell their own order."""
        data = self.cleaned_data
        columns = {use.value: data[use.value] for use in Use if data[use.value] is not None}
        order = data["day_order"]
        if columns.get(Use.DAY) != self.reading.columns.get(Use.DAY):
            order = order_of_days(self.table, columns) or order
        return Reading(columns, order, data["unit"])


def _column_name(table: CsvTable, place: int) -> str:
    """A column by its name and what its first lines hold."""
    header = table.headers[place] or str(place + 1)
    values = dict.fromkeys(value for value in table.values(place) if value)
    shown = ", ".join(list(values)[:_SHOWN_VALUES])
    return short(f"{header} ({shown})" if shown else header)


class WordForm(PlainText, forms.Form):
    """What one word of the file means here, or that its lines are left out."""

    key = forms.CharField(widget=forms.HiddenInput)
    means = forms.CharField(label=_("Here"), max_length=200, required=False, strip=True)
    left_out = forms.BooleanField(label=_("Leave out"), required=False)

    # The word it is about, when it is shown.
    word: Word

    def clean_key(self) -> str | tuple[str, str]:
        match _parsed(self.cleaned_data["key"]):
            case str(key):
                return key
            case [str(first), str(second)]:
                return first, second
        raise ValidationError(_("This word is not in the file."))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


_WordFormSet = forms.formset_factory(WordForm, extra=0, max_num=MOST_WORDS, absolute_max=MOST_WORDS)


class ChoicesForm:
    """What the words of the file mean: its people, its tasks, its projects. Three lists sent together."""

    def __init__(self, plan: Plan, data: Mapping[str, Any] | None = None):
        self.people = _words("people", plan.person_words, data)
        self.tasks = _words("tasks", plan.task_words, data)
        self.projects = _words("projects", plan.project_words, data)

    @property
    def lists(self) -> tuple[forms.BaseFormSet, ...]:
        return self.people, self.tasks, self.projects

    def is_valid(self) -> bool:
        # Each list is checked, so that each says its faults.
        return sum(one.is_valid() for one in self.lists) == len(self.lists)

    def chosen(self, before: Choices) -> Choices:
        """What was said before of the words that are not listed, and what was sent of the others."""
        return Choices(
            _merged(before.people, self.people, str),
            _merged(before.tasks, self.tasks, tuple),
            _merged(before.projects, self.projects, tuple),
        )


def _merged(before: Mapping[Any, str | None], sent: forms.BaseFormSet, kind: type) -> dict[Any, str | None]:
    merged = dict(before)
    for data in sent.cleaned_data:
        if isinstance(data["key"], kind):
            merged[data["key"]] = None if data["left_out"] else data["means"]
    return {key: means for key, means in merged.items() if means != ""}


def _words(prefix: str, words: list[Word], data: Mapping[str, Any] | None) -> forms.BaseFormSet:
    """A line for each word; too many to be listed are none."""
    shown = words if len(words) <= MOST_WORDS else []
    if data is not None:
        made = _WordFormSet(data, prefix=prefix)
    else:
        initial = [
            {"key": json.dumps(word.key), "means": word.means, "left_out": word.state == Found.LEFT_OUT}
            for word in shown
        ]
        made = _WordFormSet(initial=initial, prefix=prefix)
    for form, word in zip(made, shown, strict=False):
        form.word = word
    return made
