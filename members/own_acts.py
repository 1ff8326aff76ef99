"""What a decision can do about people, committees and the co-op's own rules."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from koumbit.dated import lasting
from koumbit.forms import DayField, PlainText

from . import governance, lifecycle, objectives
from .acts import Act, know
from .forms import CommitteeNameForm, CooperativeForm, WorkTermsForm
from .models import (
    Committee,
    CommitteePower,
    Cooperative,
    Decision,
    DecisionRule,
    Mandate,
    Membership,
    Objective,
    Person,
    Power,
)

_BODIES = _("Committees and mandates")
_PEOPLE = _("People")
_RULES = _("Rules of the cooperative")


def _standing() -> dict:
    return {"queryset": Committee.objects.on(timezone.localdate()), "label": capfirst(_("committee"))}


def _people() -> dict:
    return {"queryset": Person.objects.active().by_name(), "label": capfirst(_("person"))}


class CommitteeNewForm(CommitteeNameForm):
    """A body to create."""


class CommitteeOtherForm(CommitteeNameForm):
    """A body to call otherwise, or to give another aim."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"committee": forms.ModelChoiceField(**_standing()), **self.fields}

    def validate_unique(self):
        """Not against the body itself: the verb checks, on the row."""

    def validate_constraints(self):
        """Not against the body itself: the verb checks, on the row."""


class CommitteeEndForm(forms.Form):
    """A body to dissolve."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["committee"] = forms.ModelChoiceField(**_standing())


class PowerNewForm(CommitteeEndForm):
    """What a body may do from now on."""

    power = forms.ChoiceField(label=capfirst(_("power")), choices=Power)
    ends_on = DayField(label=capfirst(_("until")), required=False, help_text=_("Empty while it lasts."))
    field_order = ["committee", "power", "ends_on"]


class PowerEndForm(forms.Form):
    """What a body may not do any more."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = CommitteePower.objects.filter(lasting(timezone.localdate(), timezone.localdate()))
        self.fields["granted"] = forms.ModelChoiceField(
            held.select_related("committee").order_by("committee__name", "power"),
            label=capfirst(_("power")),
        )


class MandateNewForm(CommitteeEndForm):
    """Who sits on a body from now on, for how long."""

    ends_on = DayField(label=capfirst(_("until")), required=False, help_text=_("Empty while it lasts."))
    filled_by = forms.ChoiceField(
        label=capfirst(_("came to it")), choices=[("", "–"), *Mandate.FilledBy.choices], required=False
    )
    field_order = ["committee", "person", "filled_by", "ends_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ModelChoiceField(**_people())
        self.order_fields(self.field_order)


class MandateEndForm(forms.Form):
    """Who leaves a body."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        seats = Mandate.objects.in_force(timezone.localdate()).select_related("committee", "person")
        self.fields["mandate"] = forms.ModelChoiceField(
            seats.order_by("committee__name", "person__sort_name"), label=capfirst(_("mandate"))
        )


class RuleForm(forms.ModelForm):
    """How a body decides."""

    class Meta:
        model = DecisionRule
        fields = ["committee", "method", "secret", "quorum_percent", "threshold"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = _standing()["queryset"]


class AdmissionForm(forms.Form):
    """Who becomes a member."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["person"] = forms.ModelChoiceField(**_people())
        self.fields["person"].queryset = (
            Person.objects.active().exclude(pk__in=Membership.objects.on(today).values("person")).by_name()
        )


class DepartureForm(forms.Form):
    """Who is a member for the last time."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        members = Membership.objects.on(timezone.localdate()).select_related("person")
        self.fields["membership"] = MembershipField(
            members.order_by("person__sort_name"), label=capfirst(_("person"))
        )


class MembershipField(forms.ModelChoiceField):
    """A membership, by whose it is."""

    def label_from_instance(self, membership: Membership) -> str:
        return str(membership.person)


class TermsForm(WorkTermsForm):
    """How somebody works from now on."""

    class Meta(WorkTermsForm.Meta):
        fields = ["kind", "tenure", "agreed_minutes_per_week", "job_title"]

    field_order = ["person"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ModelChoiceField(**_people())
        self.order_fields(self.field_order)


class CalendarForm(CooperativeForm):
    """How the co-op counts weeks, pays and periods."""

    class Meta(CooperativeForm.Meta):
        fields = ["pay_frequency", "pay_days_after", "vacation_year_month", "sharing_weeks"]

    yearly_payroll = None

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("instance", Cooperative.objects.first())
        super().__init__(*args, **kwargs)


class ObjectiveForm(PlainText, forms.ModelForm):
    """What a body sets out to reach; from the day the decision takes effect."""

    measure = forms.ChoiceField(
        label=_("Measured by"),
        required=False,
        help_text=_("What the software knows is read by itself; else members write down where things stand."),
    )

    class Meta:
        model = Objective
        fields = ["title", "why", "measure", "direction", "target", "ends_on"]
        field_classes = {"ends_on": DayField}
        widgets = {"why": forms.Textarea({"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = [(one.code, str(one)) for one in objectives.measures().values()]
        self.fields["measure"].choices = [("", _("members, in words")), *known]
        self.fields["ends_on"].required = True
        self.fields["ends_on"].help_text = _("The last day of the year, most often.")


def _last_day(decision: Decision):
    """What ends by a decision holds for the last time on the eve of the day it takes effect."""
    return decision.effective_on - timedelta(days=1)


know(
    Act(
        "members.create_committee",
        _("Create a committee"),
        _BODIES,
        Power.KEEP_COMMITTEES,
        CommitteeNewForm,
        lambda decision, **asked: governance.create_committee(
            by=decision, starts_on=decision.effective_on, **asked
        ),
    ),
    Act(
        "members.change_committee",
        _("Change a committee"),
        _BODIES,
        Power.KEEP_COMMITTEES,
        CommitteeOtherForm,
        lambda decision, committee, **asked: governance.change_committee(committee, by=decision, **asked),
    ),
    Act(
        "members.dissolve_committee",
        _("Dissolve a committee"),
        _BODIES,
        Power.KEEP_COMMITTEES,
        CommitteeEndForm,
        lambda decision, committee: governance.dissolve_committee(
            committee, by=decision, ends_on=_last_day(decision)
        ),
    ),
    Act(
        "members.grant_power",
        _("Grant a power"),
        _BODIES,
        Power.KEEP_COMMITTEES,
        PowerNewForm,
        lambda decision, committee, **asked: governance.grant_power(
            committee, by=decision, starts_on=decision.effective_on, **asked
        ),
    ),
    Act(
        "members.withdraw_power",
        _("Withdraw a power"),
        _BODIES,
        Power.KEEP_COMMITTEES,
        PowerEndForm,
        lambda decision, granted: governance.withdraw_power(
            granted, by=decision, ends_on=_last_day(decision)
        ),
    ),
    Act(
        "members.give_mandate",
        _("Give a mandate"),
        _BODIES,
        Power.KEEP_COMMITTEES,
        MandateNewForm,
        lambda decision, committee, **asked: governance.give_mandate(
            committee, by=decision, starts_on=decision.effective_on, **asked
        ),
    ),
    Act(
        "members.end_mandate",
        _("End a mandate"),
        _BODIES,
        Power.KEEP_COMMITTEES,
        MandateEndForm,
        lambda decision, mandate: governance.end_mandate(mandate, by=decision, ends_on=_last_day(decision)),
    ),
    Act(
        "members.set_rule",
        _("Set how a body decides"),
        _BODIES,
        Power.KEEP_COMMITTEES,
        RuleForm,
        lambda decision, committee, **asked: governance.set_rule(
            committee, by=decision, starts_on=decision.effective_on, **asked
        ),
    ),
    Act(
        "members.admit",
        _("Admit a member"),
        _PEOPLE,
        Power.ADMIT_PEOPLE,
        AdmissionForm,
        lambda decision, person: lifecycle.start_membership(
            person, by=decision, starts_on=decision.effective_on
        ),
    ),
    Act(
        "members.part",
        _("End a membership"),
        _PEOPLE,
        Power.ADMIT_PEOPLE,
        DepartureForm,
        lambda decision, membership: lifecycle.end_membership(
            membership, by=decision, ends_on=_last_day(decision)
        ),
    ),
    Act(
        "members.change_work",
        _("Change somebody's work status"),
        _PEOPLE,
        Power.ADMIT_PEOPLE,
        TermsForm,
        lambda decision, person, **terms: lifecycle.change_work_status(
            person, by=decision, starts_on=decision.effective_on, **terms
        ),
    ),
    Act(
        "members.set_objective",
        _("Set an objective"),
        _RULES,
        None,
        ObjectiveForm,
        lambda decision, **aimed: objectives.set_objective(by=decision, **aimed),
    ),
    Act(
        "members.change_calendar",
        _("Change pay days and periods"),
        _RULES,
        Power.KEEP_COMMITTEES,
        CalendarForm,
        lambda decision, **fields: governance.change_cooperative(by=decision, **fields),
    ),
)
