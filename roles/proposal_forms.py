"""What is asked of people about proposals: which period, other hours, why not me, by which decision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.formats import day as written
from koumbit.forms import MinutesField

from . import proposals
from .models import Task
from .proposal_pages import Part, key_of
from .proposal_words import Names
from .rotation.problem import Pair

A_PERIOD = 26 * 7 * 24 * 60


class PeriodForm(forms.Form):
    """Which period is shared out: the one that comes, or the rest of the one that runs, as a whole."""

    first_on = forms.ChoiceField(label=_("Period"), widget=forms.RadioSelect)

    def __init__(self, *args, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first_on"].choices = [
            (
                one.first.isoformat(),
                _("from %(first)s to %(last)s") % {"first": written(one.first), "last": written(one.last)},
            )
            for one in periods
        ]
        self.initial.setdefault("first_on", periods[0].first.isoformat())


class HoursForm(forms.Form):
    """The hours of each pair of a plan, and those of one more."""

    person = forms.ChoiceField(label=_("Person"), required=False)
    task = forms.ChoiceField(label=_("Task"), required=False)
    minutes = MinutesField(label=_("Hours in the period"), required=False, longest=A_PERIOD)

    def __init__(self, *args, names: Names, parts: dict[Pair, Part], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "–"), *((key, str(one)) for key, one in names.people.items())]
        self.fields["task"].choices = [
            ("", "–"),
            *((key, f"{one.role} – {one}") for key, one in names.tasks.items()),
        ]
        self.pairs = {key_of(pair): pair for pair in parts}
        for pair, part in parts.items():
            self.fields[key_of(pair)] = MinutesField(
                label=f"{part.person}, {part.task}", required=False, longest=A_PERIOD, initial=part.minutes
            )

    def clean(self):
        given = super().clean()
        added = [bool(given.get(name)) for name in ("person", "task", "minutes")]
        if any(added) and not all(added):
            self.add_error("minutes", _("To add a task: a person, a task and hours."))
        return given

    @property
    def hours(self) -> dict[Pair, int]:
        """Minutes of each pair, 0 where the field was emptied."""
        given = self.cleaned_data
        found = {pair: given[key] or 0 for key, pair in self.pairs.items() if key in given}
        if given.get("person") and given.get("task") and given.get("minutes"):
            found[given["person"], given["task"]] = given["minutes"]
        return found


class WhyForm(forms.Form):
    """Somebody, and a task they do not hold in the plan."""

    person = forms.ChoiceField(label=_("Person"))
    task = forms.ChoiceField(label=_("Task"))

    def __init__(self, *args, names: Names, own: str | None, **kwargs):
        super().__init__(*args, **kwargs)
        people = {own: names.people[own]} if own else names.people
        self.fields["person"].choices = [(key, str(one)) for key, one in people.items()]
        self.fields["task"].choices = [(key, f"{one.role} – {one}") for key, one in names.tasks.items()]


class SharingDecisionField(forms.ModelChoiceField):
    """A decision with its body and its day, since titles repeat from period to period."""

    def label_from_instance(self, decision):
        return f"{written(decision.adopted_on)}, {decision.body} – {decision.title}"


class AdoptForm(forms.Form):
    decision = SharingDecisionField(
        proposals.decisions_that_share_work().none(),
        label=_("Adopted by the decision"),
        empty_label=_("Pick a decision"),
        help_text=_("Decisions of a body that held the power to keep roles when it adopted them."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = proposals.decisions_that_share_work()


class RefusalForm(forms.Form):
    tasks = forms.ModelMultipleChoiceField(
        Task.objects.none(), label=_("I do not take"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["tasks"]
        field.queryset = Task.objects.to_share().select_related("role").order_by("role__name", "name")
        field.label_from_instance = lambda task: f"{task.role} – {task}"
