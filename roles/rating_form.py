from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Dimension

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

    @property
    def scales(self):
        """Both fields with their anchors, for the template."""
        return [(self[name], self.fields[name].anchors) for name in self.fields]
