from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit import formats

from ..classifying import Unclassified


class ClassifyForm(forms.Form):
    """Which task each line was; nothing said leaves it as it is."""

    def __init__(self, data: Mapping | None, *, lines: Sequence[Unclassified], choices: Sequence[tuple]):
        super().__init__(data)
        self.lines = [line for line in lines if not line.is_waiting]
        for line in self.lines:
            self.fields[f"task-{line.entry.pk}"] = forms.TypedChoiceField(
                label=_("Task of %(hours)s, %(day)s")
                % {"hours": formats.hours(line.minutes), "day": formats.weekday(line.entry.day)},
                choices=[("", _("later")), *choices],
                coerce=int,
                empty_value=None,
                required=False,
            )

    @property
    def chosen(self) -> list[tuple[Unclassified, int]]:
        """The lines something was said of, and the task each was."""
        said = ((line, self.cleaned_data[f"task-{line.entry.pk}"]) for line in self.lines)
        return [(line, task) for line, task in said if task]

    def field_of(self, line: Unclassified):
        name = f"task-{line.entry.pk}"
        return self[name] if name in self.fields else None
