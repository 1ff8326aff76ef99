"""What people type about somebody's path: asking to be a member, a probation, a pause, a departure, its lists."""

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from koumbit.forms import DayField, PlainText

from .forms import DAYS, DecisionField, FromToday
from .models import Application, ListItem, Membership, Pause, Person, Step, StepList
from .paths import decisions_apart


class Decided:
    """A form whose act takes a decision, of another's hand, unless one does it for oneself. Before `Form`."""

    fields: dict[str, forms.Field]

    def __init__(self, *args, by: Person, of: Person, **kwargs):
        super().__init__(*args, **kwargs)
        if by.pk == of.pk:
            self.fields.pop("decision")
        else:
            name = "decision" if "decision" in self.fields else "admitted_by"
            self.fields[name].queryset = decisions_apart(by).order_by("-adopted_on", "-pk")


def _decision(**kwargs) -> DecisionField:
    help_text = _("Of a body that may admit people; taken here, or recorded by somebody else than you.")
    return DecisionField(label=capfirst(_("decision")), help_text=help_text, **kwargs)


class ApplicationForm(PlainText, forms.ModelForm):
    """Why somebody wishes to become a member."""

    class Meta:
        model = Application
        fields = ["words"]
        widgets = {"words": forms.Textarea({"rows": 5})}


class DecideForm(Decided, forms.Form):
    """The decision behind an act."""

    decision = _decision()


class MembershipForm(FromToday, Decided, forms.ModelForm):
    """From when on somebody is a member, by which decision, on probation until when."""

    admitted_by = DecisionField(
        label=capfirst(_("admitted by decision")),
        help_text=_("Of a body that may admit people; taken here, or recorded by somebody else than you."),
    )
    probation_ends_on = DayField(
        label=_("On probation until"), required=False, help_text=_("That day included. Empty: no probation.")
    )

    class Meta:
        model = Membership
        fields = ["starts_on", "admitted_by"]
        field_classes = DAYS


class LastDayDecidedForm(Decided, forms.Form):
    """The last day of something that was decided."""

    ends_on = DayField(
        label=capfirst(_("last day")), initial=timezone.localdate, help_text=_("That day still counts.")
    )
    decision = _decision()


class PauseForm(FromToday, Decided, forms.ModelForm):
    """From when to when somebody steps back."""

    decision = _decision()

    class Meta:
        model = Pause
        fields = ["starts_on", "ends_on", "decision"]
        field_classes = DAYS
        labels = {
            "starts_on": capfirst(_("first day of the pause")),
            "ends_on": capfirst(_("last day of the pause")),
        }
        help_texts = {"ends_on": _("That day still counts. Empty: until they return.")}


class PauseEndForm(Decided, forms.Form):
    """Until when the pause lasts after all."""

    ends_on = DayField(
        label=capfirst(_("last day of the pause")),
        required=False,
        help_text=_("That day still counts. Empty: until they return."),
    )
    decision = _decision()


class DepartureForm(Decided, forms.Form):
    """The last day of somebody who leaves altogether."""

    ends_on = DayField(
        label=capfirst(_("last day")), initial=timezone.localdate, help_text=_("That day still counts.")
    )
    closes_on = DayField(
        label=_("The account opens until"),
        required=False,
        help_text=_("So that they read their last pay stubs. Empty: until somebody closes it."),
    )
    decision = _decision(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "decision" in self.fields:
            self.fields["decision"].help_text = _(
                "Needed for a member who does not resign here: of a body that may admit people; taken here, or "
                "recorded by somebody else than you."
            )


class ListOpenForm(forms.Form):
    """Which list to open for somebody, and the day of the step."""

    step = forms.ChoiceField(label=capfirst(_("step")), choices=Step)
    on = DayField(label=capfirst(_("day of the step")), initial=timezone.localdate)


class CompanionForm(forms.ModelForm):
    """Who accompanies somebody."""

    class Meta:
        model = StepList
        fields = ["companion"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        here = Person.objects.here(timezone.localdate()).active().exclude(pk=self.instance.person_id)
        self.fields["companion"].queryset = here.by_name()


class ListItemForm(PlainText, forms.ModelForm):
    """One thing to do at a step."""

    class Meta:
        model = ListItem
        fields = ["step", "text_fr", "text_en"]


class ListItemWordsForm(ListItemForm):
    """The same thing to do, said otherwise."""

    class Meta(ListItemForm.Meta):
        fields = ["text_fr", "text_en"]
