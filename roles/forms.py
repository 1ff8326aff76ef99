"""What people type about roles, tasks, terms and learning. Nothing is saved here: the verbs write."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from koumbit.forms import DayField, MinutesField, PlainText
from members.forms import DAYS, DecisionField, FromToday, LastDayForm
from members.models import Person

from .models import Assignment, Candidacy, LearningWish, Opening, Role, Skill, Task, Term
from .periods import QUARTER, in_a_quarter, in_weeks

__all__ = [
    "AssignmentForm",
    "CandidacyForm",
    "LastDayForm",
    "MergeRoleForm",
    "MergeTasksForm",
    "OpeningForm",
    "RoleForm",
    "SearchForm",
    "SettleForm",
    "SplitTaskForm",
    "StandingForm",
    "TaskForm",
    "TermForm",
]


class RoleForm(PlainText, forms.ModelForm):
    """A role in words: what it is for, what it decides, for how long it is held."""

    decision = DecisionField(label=_("Created by decision"), required=False)

    class Meta:
        model = Role
        fields = [
            "name",
            "aim",
            "authority",
            "limits",
            "support",
            "skills_asked",
            "succession",
            "term_months",
            "max_consecutive_terms",
            "decision",
        ]
        widgets = dict.fromkeys(
            ["aim", "authority", "limits", "support", "skills_asked", "succession"],
            forms.Textarea({"rows": 2}),
        )


class WholeHoursField(forms.IntegerField):
    """Hours of a period of `weeks`, all people together, kept as the minutes of a quarter."""

    weeks = QUARTER

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=20_000, **kwargs)

    def prepare_value(self, value):
        return round(in_weeks(value, self.weeks) / 60) if isinstance(value, int) else value

    def clean(self, value) -> int | None:
        hours = super().clean(value)
        return None if hours is None else in_a_quarter(hours * 60, self.weeks)


class TaskForm(PlainText, forms.ModelForm):
    """A task, and what it asks of a period of the co-op: from this the sharing out of roles is planned."""

    expected_minutes_per_quarter = WholeHoursField(
        required=False,
        help_text=_("All people together. Empty as long as nobody knows."),
    )
    smallest_chunk_minutes = MinutesField(
        label=_("Smallest share worth taking, in a period"),
        longest=100 * 60,
        help_text=_("Less than that is not worth learning and handing over."),
    )

    class Meta:
        model = Task
        fields = [
            "name",
            "description",
            "frequency",
            "expected_minutes_per_quarter",
            "min_people",
            "max_people",
            "smallest_chunk_minutes",
            "learners_percent",
            "learners_per_mentor",
            "is_unclassified",
        ]
        widgets = {"description": forms.Textarea({"rows": 2})}

    def __init__(self, *args, weeks: int, **kwargs):
        super().__init__(*args, **kwargs)
        expected = self.fields["expected_minutes_per_quarter"]
        expected.weeks = weeks
        expected.label = ngettext(
            "Hours expected in a period of %(weeks)d week",
            "Hours expected in a period of %(weeks)d weeks",
            weeks,
        ) % {"weeks": weeks}
        if self.instance.pk:
            del self.fields["is_unclassified"]  # what hours say does not change after they are logged


class SplitTaskForm(PlainText, forms.Form):
    """Two to four tasks in which one goes on, and what part of its past hours each takes over."""

    PARTS = (1, 2, 3, 4)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in self.PARTS:
            needed = number <= 2
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Task %(number)s") % {"number": number}, max_length=80, required=needed
            )
            self.fields[f"percent_{number}"] = forms.IntegerField(
                label=_("Its share of the past hours, in %%, task %(number)s") % {"number": number},
                min_value=1,
                max_value=99,
                required=needed,
            )

    def clean(self):
        said = super().clean() or {}
        parts = [(said.get(f"name_{number}"), said.get(f"percent_{number}")) for number in self.PARTS]
        for number, (name, percent) in zip(self.PARTS, parts, strict=True):
            if bool(name) != bool(percent) and not self.has_error(f"percent_{number}"):
                self.add_error(f"percent_{number}", _("A name goes with a share: write both, or neither."))
        return {"parts": [(name, percent) for name, percent in parts if name and percent]}


class MergeTasksForm(PlainText, forms.Form):
    """The tasks of a role that go on as one, and its name."""

    tasks = forms.ModelMultipleChoiceField(
        Task.objects.none(), label=_("Tasks to merge"), widget=forms.CheckboxSelectMultiple
    )
    name = forms.CharField(label=_("Name of the task in which they go on"), max_length=80)

    def __init__(self, *args, role: Role, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tasks"].queryset = role.tasks.to_share().order_by("name")


class MergeRoleForm(forms.Form):
    """The role in which this one goes on."""

    into = forms.ModelChoiceField(Role.objects.none(), label=_("Goes on in the role"))

    def __init__(self, *args, role: Role, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Role.objects.in_use().exclude(pk=role.pk)


class SearchForm(forms.Form):
    """A word of what a role or one of its tasks says."""

    q = forms.CharField(label=_("Search"), max_length=80, required=False)
    retired = forms.BooleanField(label=_("Show the retired too"), required=False)


class AssignmentForm(FromToday, forms.ModelForm):
    """Who carries a task, from when, and roughly how many hours a week."""

    planned_minutes_per_week = MinutesField(
        label=_("Planned hours a week"),
        required=False,
        longest=7 * 24 * 60,
        help_text=_("Roughly, if the team has agreed on it."),
    )

    class Meta:
        model = Assignment
        fields = ["person", "starts_on", "ends_on", "planned_minutes_per_week"]
        field_classes = DAYS

    def __init__(self, *args, by: Person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.visible_to(by).active().by_name()


class TermForm(FromToday, forms.ModelForm):
    """Who holds a role, from when, by which decision."""

    decision = DecisionField(label=_("Decision"), required=False)

    class Meta:
        model = Term
        fields = ["person", "starts_on", "ends_on", "decision"]
        field_classes = DAYS
        help_texts = {"ends_on": _("Empty: for the length of a term of this role.")}

    def __init__(self, *args, by: Person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.visible_to(by).active().by_name()


class OpeningForm(forms.Form):
    """A role to be filled: how, for a term that starts when, and until when one puts oneself forward."""

    filled_by = forms.ChoiceField(label=_("Filled by"), choices=Opening.By)
    starts_on = DayField(label=_("The term starts on"))
    closes_on = DayField(label=_("Put oneself forward until"))


class CandidacyForm(PlainText, forms.ModelForm):
    class Meta:
        model = Candidacy
        fields = ["words"]
        widgets = {"words": forms.Textarea({"rows": 3})}


class SettleForm(forms.Form):
    """Who was chosen among those who put themselves forward, and the decision that says so."""

    chosen = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Who holds the role"), widget=forms.CheckboxSelectMultiple
    )
    decision = DecisionField(label=_("Decision"))

    def __init__(self, *args, opening: Opening, **kwargs):
        super().__init__(*args, **kwargs)
        candidates = Person.objects.filter(candidacies__opening=opening).active()
        self.fields["chosen"].queryset = candidates.by_name()


class StandingForm(forms.Form):
    """Where somebody says they stand in a role, and whether they wish to learn it."""

    level = forms.TypedChoiceField(
        label=_("What I can do"),
        coerce=int,
        choices=[(value, capfirst(label)) for value, label in Skill.Level.choices],
        widget=forms.RadioSelect,
        help_text=_("From “autonomous” on, somebody who is autonomous in this role confirms it."),
    )
    wish = forms.TypedChoiceField(
        label=_("Do I wish to learn it?"),
        coerce=int,
        choices=[(value, capfirst(label)) for value, label in reversed(LearningWish.Wish.choices)],
        widget=forms.RadioSelect,
        help_text=_("Nobody else sees this, and no reason is asked: it serves to propose who learns what."),
    )
