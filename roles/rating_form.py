from django import forms
from django.utils.translation import gettext_lazy as _

from . import placing
from .models import Dimension
from .placing import Answer, Place

#: What the ends and the middle of each scale mean, in words.
ANCHORS = {
    Dimension.DESIRABILITY: {
        1: _("I would avoid it if I could"),
        3: _("neither a pleasure nor a chore"),
        5: _("I would choose it first"),
    },
    Dimension.EMPOWERMENT: {
        1: _("teaches nothing, informs of nothing"),
        3: _("teaches or informs a little"),
        5: _("gives knowledge, information, confidence and a say in decisions"),
    },
}


class PointsField(forms.TypedChoiceField):
    """From 1 to 5, or no opinion: that is no rating, never a 3."""

    widget = forms.RadioSelect

    def __init__(self, dimension: Dimension, **kwargs):
        self.anchors = ANCHORS[dimension]
        choices = [(points, points) for points in range(1, 6)]
        super().__init__(
            choices=[*choices, ("", _("no opinion"))],
            coerce=int,
            empty_value=None,
            required=False,
            **kwargs,
        )


class RatingForm(forms.Form):
    """What one thinks of a task, for anyone, at its usual quantity."""

    desirability = PointsField(Dimension.DESIRABILITY, label=_("Would one wish to do it?"))
    empowerment = PointsField(Dimension.EMPOWERMENT, label=_("What does one get out of it?"))

    def __init__(self, *args, left: dict[str, Place] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.left = left or {}

    @property
    def scales(self):
        """Both fields with their anchors and what comparing left of the scale, for the template."""
        for name, field in self.fields.items():
            place = self.left.get(name)
            is_narrower = place is not None and not place.is_found and place != Place()
            yield self[name], field.anchors, place if is_narrower else None


#: What is asked of two tasks, and how one says more, the same or less of the first.
QUESTIONS = {
    Dimension.DESIRABILITY: _("Which would one rather do?"),
    Dimension.EMPOWERMENT: _("Which gives more knowledge, information, confidence and say in decisions?"),
}


class PlaceField(forms.CharField):
    """Where a task may still be on the scale, as the page before wrote it."""

    widget = forms.HiddenInput

    def to_python(self, value):
        try:
            return placing.place(super().to_python(value))
        except ValueError:
            raise forms.ValidationError(_("This page is out of date: start the task again.")) from None

    def prepare_value(self, value):
        return str(value) if isinstance(value, Place) else value

    def validate(self, value):
        """Nothing is a place too: no opinion."""


class ComparisonForm(forms.Form):
    """An answer about one task beside another, and what the answers before it left of the scale."""

    d = PlaceField(required=False)
    e = PlaceField(required=False)
    dimension = forms.ChoiceField(choices=Dimension, widget=forms.HiddenInput)
    points = forms.IntegerField(min_value=1, max_value=5, widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[(one.value, one.value) for one in Answer])

    @property
    def places(self) -> dict[str, Place]:
        """What is left of the scale in each dimension, with this answer."""
        given = self.cleaned_data
        found = {name: given[name] for name in ("d", "e")}
        name = given["dimension"]
        found[name] = found[name].after(Answer(given["answer"]), given["points"])
        return found
