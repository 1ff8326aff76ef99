"""What a decision can do about people, committees and the co-op's own rules."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from koumbit.dated import lasting
from koumbit.forms import DayField, PlainText

from . import governance, lifecycle, objectives, paths, shares
from .acts import Act, know
from .forms import CommitteeNameForm, CooperativeForm, WorkTermsForm
from .models import (
    Application,
    Committee,
    CommitteePower,
    Cooperative,
    Decision,
    DecisionRule,
    Mandate,
    Membership,
    Objective,
    Pause,
    Person,
    Power,
    Probation,
    ShareEntry,
)
from .share_forms import RefundActForm

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
    """Who becomes a member, and until when both sides try it."""

    probation_ends_on = DayField(
        label=_("On probation until"), required=False, help_text=_("That day included. Empty: no probation.")
    )
    field_order = ["person", "probation_ends_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["person"] = forms.ModelChoiceField(**_people())
        self.fields["person"].queryset = (
            Person.objects.active().exclude(pk__in=Membership.objects.on(today).values("person")).by_name()
        )
        self.order_fields(self.field_order)


class ApplicationEndForm(forms.Form):
    """Which candidate is not admitted."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        asked = Application.objects.filter(outcome="").select_related("person")
        self.fields["asked"] = WhoseField(asked.order_by("person__sort_name"), label=_("Candidate"))


class ProbationEndForm(forms.Form):
    """Whose probation is over."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        probations = Probation.objects.filter(lasting(timezone.localdate(), date.max)).select_related(
            "person"
        )
        self.fields["probation"] = WhoseField(
            probations.order_by("person__sort_name"), label=capfirst(_("person"))
        )


class ProbationLongerForm(ProbationEndForm):
    """Whose probation lasts until another day."""

    ends_on = DayField(label=_("On probation until"), help_text=_("That day still counts."))
    field_order = ["probation", "ends_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


def _members() -> forms.ModelChoiceField:
    today = timezone.localdate()
    field = forms.ModelChoiceField(**_people())
    field.queryset = Person.objects.filter(
        pk__in=Membership.objects.filter(lasting(today, date.max)).values("person")
    ).by_name()
    return field


class PauseNewForm(forms.Form):
    """Who steps back, and until when."""

    ends_on = DayField(
        label=capfirst(_("last day of the pause")),
        required=False,
        help_text=_("That day still counts. Empty: until they return."),
    )
    field_order = ["person", "ends_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = _members()
        self.order_fields(self.field_order)


class PauseEndForm(forms.Form):
    """Who returns."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        pauses = Pause.objects.filter(lasting(timezone.localdate(), date.max)).select_related("person")
        self.fields["pause"] = WhoseField(pauses.order_by("person__sort_name"), label=capfirst(_("person")))


class MembershipEndForm(forms.Form):
    """Who is a member for the last time, and works on or not."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        memberships = Membership.objects.filter(lasting(timezone.localdate(), date.max))
        self.fields["membership"] = WhoseField(
            memberships.select_related("person").order_by("person__sort_name"), label=capfirst(_("person"))
        )


class DepartureActForm(forms.Form):
    """Who leaves altogether."""

    closes_on = DayField(
        label=_("The account opens until"),
        required=False,
        help_text=_("So that they read their last pay stubs. Empty: until somebody closes it."),
    )
    field_order = ["person", "closes_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ModelChoiceField(**_people())
        self.order_fields(self.field_order)


class WhoseField(forms.ModelChoiceField):
    """A dated fact of somebody, by whose it is."""

    def label_from_instance(self, fact) -> str:
        return str(fact.person)


class VotersForm(forms.ModelForm):
    """Which members decide in the general assembly."""

    class Meta:
        model = Cooperative
        fields = ["probation_votes", "pause_votes"]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("instance", Cooperative.objects.first())
        super().__init__(*args, **kwargs)


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

    yearly_payroll = share_value = None

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


class ObjectiveEndForm(PlainText, forms.Form):
    """Which objective is given up, and why."""

    why = forms.CharField(
        label=capfirst(_("why")),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("It stays in the history of the objective."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        running = Objective.objects.running(timezone.localdate())
        self.fields["objective"] = forms.ModelChoiceField(
            running.order_by("title", "pk"), label=capfirst(_("objective"))
        )
        self.order_fields(["objective", "direction", "target", "ends_on", "why"])


class ObjectiveOtherForm(ObjectiveEndForm):
    """Which figure an objective aims at from now on, until when, and why."""

    direction = forms.ChoiceField(label=capfirst(_("to reach")), choices=Objective.Direction)
    target = forms.DecimalField(
        label=capfirst(_("target")),
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text=Objective._meta.get_field("target").help_text,
    )
    ends_on = DayField(label=capfirst(_("until")))


def _has_objectives() -> bool:
    return Objective.objects.running(timezone.localdate()).exists()


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
        seen_at="members:committees",
    ),
    Act(
        "members.change_committee",
        _("Change a committee"),
        _BODIES,
        Power.KEEP_COMMITTEES,
        CommitteeOtherForm,
        lambda decision, committee, **asked: governance.change_committee(committee, by=decision, **asked),
        seen_at="members:committees",
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
        seen_at="members:committees",
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
        seen_at="members:committees",
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
        seen_at="members:committees",
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
        seen_at="members:committees",
    ),
    Act(
        "members.end_mandate",
        _("End a mandate"),
        _BODIES,
        Power.KEEP_COMMITTEES,
        MandateEndForm,
        lambda decision, mandate: governance.end_mandate(mandate, by=decision, ends_on=_last_day(decision)),
        seen_at="members:committees",
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
        seen_at="members:committees",
    ),
    Act(
        "members.admit",
        _("Admit a member"),
        _PEOPLE,
        Power.ADMIT_PEOPLE,
        AdmissionForm,
        lambda decision, person, probation_ends_on: paths.start_membership(
            person, by=decision, starts_on=decision.effective_on, probation_ends_on=probation_ends_on
        ),
        seen_at="members:register",
    ),
    Act(
        "members.decline",
        _("Not admit a candidate"),
        _PEOPLE,
        Power.ADMIT_PEOPLE,
        ApplicationEndForm,
        lambda decision, asked: paths.decline(asked, by=decision),
        seen_at="members:comings",
    ),
    Act(
        "members.end_probation",
        _("End a probation"),
        _PEOPLE,
        Power.ADMIT_PEOPLE,
        ProbationEndForm,
        lambda decision, probation: paths.set_probation_end(
            probation, by=decision, ends_on=_last_day(decision)
        ),
        seen_at="members:comings",
    ),
    Act(
        "members.prolong_probation",
        _("Prolong a probation"),
        _PEOPLE,
        Power.ADMIT_PEOPLE,
        ProbationLongerForm,
        lambda decision, probation, ends_on: paths.set_probation_end(probation, by=decision, ends_on=ends_on),
        seen_at="members:comings",
    ),
    Act(
        "members.pause",
        _("Put a member on pause"),
        _PEOPLE,
        Power.ADMIT_PEOPLE,
        PauseNewForm,
        lambda decision, person, ends_on: paths.start_pause(
            person, by=decision, starts_on=decision.effective_on, ends_on=ends_on
        ),
        seen_at="members:comings",
    ),
    Act(
        "members.end_pause",
        _("End a pause"),
        _PEOPLE,
        Power.ADMIT_PEOPLE,
        PauseEndForm,
        lambda decision, pause: paths.change_pause(pause, by=decision, ends_on=_last_day(decision)),
        seen_at="members:comings",
    ),
    Act(
        "members.part",
        _("End a membership"),
        _PEOPLE,
        Power.ADMIT_PEOPLE,
        MembershipEndForm,
        lambda decision, membership: paths.end_membership(
            membership, by=decision, ends_on=_last_day(decision)
        ),
        seen_at="members:register",
    ),
    Act(
        "members.depart",
        _("Record somebody's departure"),
        _PEOPLE,
        Power.ADMIT_PEOPLE,
        DepartureActForm,
        lambda decision, person, closes_on: paths.depart(
            person, by=decision, ends_on=_last_day(decision), closes_on=closes_on
        ),
        seen_at="members:register",
    ),
    Act(
        "members.refund_shares",
        _("Refund somebody's member shares"),
        _PEOPLE,
        Power.ISSUE_PAY,
        RefundActForm,
        lambda decision, person, **asked: shares.refund(
            person, by=decision, on=decision.effective_on, **asked
        ),
        is_offered=lambda: ShareEntry.objects.exists(),
        seen_at="members:shares",
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
        seen_at="members:register",
    ),
    Act(
        "members.set_objective",
        _("Set an objective"),
        _RULES,
        None,
        ObjectiveForm,
        lambda decision, **aimed: objectives.set_objective(by=decision, **aimed),
        seen_at="members:objectives",
    ),
    Act(
        "members.change_objective",
        _("Change an objective"),
        _RULES,
        None,
        ObjectiveOtherForm,
        lambda decision, objective, **aimed: objectives.change_objective(objective, by=decision, **aimed),
        is_offered=_has_objectives,
        seen_at="members:objectives",
    ),
    Act(
        "members.give_up_objective",
        _("Give up an objective"),
        _RULES,
        None,
        ObjectiveEndForm,
        lambda decision, objective, why: objectives.give_up(objective, by=decision, why=why),
        is_offered=_has_objectives,
        seen_at="members:objectives",
    ),
    Act(
        "members.change_calendar",
        _("Change pay days and periods"),
        _RULES,
        Power.KEEP_COMMITTEES,
        CalendarForm,
        lambda decision, **fields: governance.change_cooperative(by=decision, **fields),
        seen_at="members:cooperative",
    ),
    Act(
        "members.set_voters",
        _("Change which members decide in the assembly"),
        _RULES,
        Power.KEEP_COMMITTEES,
        VotersForm,
        lambda decision, **fields: governance.change_cooperative(by=decision, **fields),
        seen_at="members:cooperative",
    ),
)
