"""What people type about meetings: the call, the points, the minutes. Nothing is saved here: the verbs write."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from koumbit.formats import day as written
from koumbit.forms import DayField, PlainText, refuse_hidden_signs

from .models import (
    Addendum,
    AgendaPoint,
    Attendance,
    Committee,
    Decision,
    Meeting,
    Minutes,
    Motion,
    Person,
    Undertaking,
)
from .models.meetings import LONGEST_SAID

#: How many blank lines wait for what somebody undertakes.
BLANK_STEPS = 3


class HourInput(forms.TimeInput):
    """The browser's own field for an hour of the day; the value travels as `13:30` whatever the language."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class HourField(forms.TimeField):
    """An hour of the day; typed where the browser has no field for it, as `13:30` or `13 h 30`."""

    widget = HourInput
    input_formats = ("%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H h")


class MeetingForm(PlainText, forms.ModelForm):
    """When and where a body meets, and what to read before."""

    class Meta:
        model = Meeting
        fields = ["on", "starts_at", "ends_at", "place", "words"]
        field_classes = {"on": DayField, "starts_at": HourField, "ends_at": HourField}
        widgets = {"words": forms.Textarea({"rows": 4})}


class CancelForm(PlainText, forms.Form):
    because = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("Those who were called read it in the message they get.")
    )


class LeaveOutForm(PlainText, forms.Form):
    because = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("It stays readable below the agenda, and is suggested for the next meeting."),
    )


class PointForm(PlainText, forms.ModelForm):
    """Something to talk about."""

    class Meta:
        model = AgendaPoint
        fields = ["title", "wanted", "planned_minutes", "motion"]

    def __init__(self, *args, body: Committee, **kwargs):
        super().__init__(*args, **kwargs)
        motions = Motion.objects.open().filter(body=body)
        if self.instance.motion_id:
            motions = motions | Motion.objects.filter(pk=self.instance.motion_id)
        self.fields["motion"].queryset = motions.select_related("current")
        self.fields["motion"].help_text = _("Where the point is about a proposal made to this body.")


class LinkForm(forms.Form):
    """A decision of the body that was taken at a point of its meeting."""

    decision = forms.ModelChoiceField(Decision.objects.none(), label=capfirst(_("decision")))

    def __init__(self, *args, decisions: QuerySet[Decision], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = decisions
        self.fields["decision"].label_from_instance = lambda one: f"{one.number} – {one.title}"


class ApprovalForm(forms.Form):
    """That the minutes say what happened; by which decision, where the body decided it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ModelChoiceField(
        Decision.objects.none(),
        label=_("By the decision"),
        required=False,
        help_text=_(
            "Where the body approved them by a decision. Empty: you were there, and this is what happened."
        ),
    )

    def __init__(self, *args, decisions: QuerySet[Decision], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = decisions
        self.fields["decision"].label_from_instance = lambda one: f"{one.number} – {one.title}"


class AddendumForm(PlainText, forms.ModelForm):
    class Meta:
        model = Addendum
        fields = ["text"]
        widgets = {"text": forms.Textarea({"rows": 5})}


class MinutesForm(PlainText, forms.ModelForm):
    """Who was there and what was said: a field for each person called, one for each point of the agenda."""

    # The version one has before one's eyes.
    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Minutes
        fields = ["facilitated_by", "noted_by", "guests", "words"]
        widgets = {"words": forms.Textarea({"rows": 4})}

    def __init__(
        self,
        *args,
        people: Iterable[Person],
        points: Iterable[AgendaPoint],
        noted: Iterable[Attendance],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.people, self.points = list(people), list(points)
        queryset = Person.objects.filter(pk__in=[person.pk for person in self.people]).by_name()
        for name in ("facilitated_by", "noted_by"):
            self.fields[name].queryset = queryset
        how = {one.person_id: one.how for one in noted}
        for person in self.people:
            self.fields[f"how-{person.pk}"] = forms.ChoiceField(
                label=str(person),
                choices=[("", _("not noted")), *Attendance.How.choices],
                required=False,
                initial=how.get(person.pk, ""),
            )
        for point in self.points:
            self.fields[f"said-{point.pk}"] = forms.CharField(
                label=point.title,
                widget=forms.Textarea({"rows": 4}),
                required=False,
                max_length=LONGEST_SAID,
                initial=point.said,
                validators=[refuse_hidden_signs],
            )
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "seen"

    def attendances(self) -> list[forms.BoundField]:
        return [self[f"how-{person.pk}"] for person in self.people]

    def sayings(self) -> list[tuple[AgendaPoint, forms.BoundField]]:
        return [(point, self[f"said-{point.pk}"]) for point in self.points]

    def asked(self) -> dict[str, Any]:
        """What was typed, as `minutes.write_minutes` takes it; the steps apart."""
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in (*self.Meta.fields, "seen")},
            "attendance": {person.pk: cleaned[f"how-{person.pk}"] for person in self.people},
            "said": {point.pk: cleaned[f"said-{point.pk}"] for point in self.points},
        }

    def against(self, stands: "MinutesForm") -> Iterator[tuple[str, str]]:
        """Where somebody else changed what was changed here: the field, and what stands now.

        `stands` is the form as it would be opened now, this one as it was sent.
        """
        for name in self._common(stands):
            now = _typed(stands[name].value())
            if name in self.changed_data and now not in (_typed(self[name].value()), self._as_seen(name)):
                yield str(self[name].label), _shown(stands.fields[name], now) or "–"

    def over(self, stands: "MinutesForm") -> QueryDict:
        """What would be sent over what stands now: what was changed here, and for the rest what stands."""
        data = self.data.copy()
        data["seen"] = stands["seen"].value()
        for name in self._common(stands):
            now = _typed(stands[name].value())
            if name not in self.changed_data:
                data[name] = now
            data[self[name].html_initial_name] = now
        return data

    def _common(self, stands: "MinutesForm") -> list[str]:
        return [name for name in self.fields if name != "seen" and name in stands.fields]

    def _as_seen(self, name: str) -> str:
        """What the field held when the page was opened."""
        return _typed(self.data.get(self[name].html_initial_name))


def _typed(value: Any) -> str:
    """A value as a request would send it."""
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _shown(field: forms.Field, value: str) -> str:
    if isinstance(field, forms.ChoiceField):
        return next((str(label) for key, label in field.choices if str(key) == value), value)
    return value


class StepForm(PlainText, forms.Form):
    """What somebody undertakes; emptied, it is taken out."""

    number = forms.IntegerField(widget=forms.HiddenInput, required=False)
    what = forms.CharField(label=capfirst(_("what is to be done")), max_length=300, required=False)
    person = forms.ModelChoiceField(Person.objects.none(), label=capfirst(_("who does it")), required=False)
    due_on = DayField(label=capfirst(_("until")), required=False)

    def __init__(self, *args, people: QuerySet[Person], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("what") and not cleaned.get("person") and "person" not in self.errors:
            raise ValidationError({"person": _("Say who does it.")})
        return cleaned

    def asked(self) -> tuple[int | None, tuple[str, Person, date | None] | None]:
        """As `minutes.write_minutes` takes it: the number it has already, and what it says, if anything."""
        cleaned = self.cleaned_data
        step = (cleaned["what"], cleaned["person"], cleaned["due_on"]) if cleaned.get("what") else None
        return cleaned.get("number"), step

    def was_seen_as(self, now: Undertaking | None) -> bool:
        """Is the line in the database still what it was when the page was opened?"""
        if now is None:
            return False
        names = ("what", "person", "due_on")
        seen = [_typed(self.data.get(self[name].html_initial_name)) for name in names]
        return seen == [_typed(value) for value in (now.what, now.person_id, now.due_on)]


StepFormSet = forms.formset_factory(StepForm, extra=0, max_num=60, validate_max=True)


def steps_initial(undertakings: Iterable[Undertaking]) -> list[dict[str, Any]]:
    """Those of a meeting as the form shows them, and some blank lines."""
    known = [
        {"number": one.pk, "what": one.what, "person": one.person_id, "due_on": one.due_on}
        for one in undertakings
    ]
    return [*known, *({} for _blank in range(BLANK_STEPS))]


def step_told(one: Undertaking) -> str:
    """What somebody undertook, in one line."""
    return f"{one.what} – {one.person}{f', {written(one.due_on)}' if one.due_on else ''}"
