"""What people type about people, committees and decisions. Nothing is saved here: the verbs write."""

from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koumbit.formats import day as written
from koumbit.forms import DayField, MinutesField, MoneyField, PlainText

from . import acts, decision_register, journal
from .invitations import has_come_in
from .models import (
    Ballot,
    Committee,
    CommitteePower,
    Cooperative,
    Decision,
    DecisionRule,
    Incident,
    IncidentFollowUp,
    Interest,
    Mandate,
    MotionVersion,
    ObjectiveReading,
    Person,
    Power,
    Remark,
    WorkStatus,
)
from .models.deciding import Method

DAYS = {"starts_on": DayField, "ends_on": DayField}


class DecisionField(forms.ModelChoiceField):
    """A decision, by its day, its title and its body."""

    def __init__(self, **kwargs):
        super().__init__(Decision.objects.select_related("body"), **kwargs)

    def label_from_instance(self, decision: Decision) -> str:
        return f"{written(decision.adopted_on)} – {decision.title} ({decision.body.name})"


class FromToday:
    """A form about something that most often begins today. Stands before `ModelForm`."""

    initial: dict

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.initial.get("starts_on") is None:
            self.initial["starts_on"] = timezone.localdate()


class RegisterForm(forms.Form):
    """The register as of which day, and of whom."""

    WHO = {
        "": _("everyone here"),
        "members": _("members"),
        "candidates": _("candidates"),
        "pause": _("on pause"),
        "salaried": _("salaried"),
        "freelance": _("freelance"),
        "permanent": _("permanent"),
        "occasional": _("occasional"),
        "all": _("all, past included"),
    }
    on = DayField(label=_("As of"), required=False)
    who = forms.ChoiceField(label=_("Who"), choices=list(WHO.items()), required=False)

    def day(self, today: date) -> date:
        """The day asked for, else today."""
        return (self.is_valid() and self.cleaned_data["on"]) or today

    def asked(self) -> str:
        """Whom the register is asked for: a key of `WHO`."""
        return self.cleaned_data["who"] if self.is_valid() else ""


class MemberRegisterForm(forms.Form):
    """The register of members as of which day, past ones included or not."""

    on = DayField(label=_("As of"), required=False)
    past = forms.BooleanField(label=_("with past members"), required=False)

    def day(self, today: date) -> date:
        """The day asked for, else today."""
        return (self.is_valid() and self.cleaned_data["on"]) or today

    @property
    def with_past(self) -> bool:
        return self.is_valid() and self.cleaned_data["past"]


class OwnContactForm(PlainText, forms.ModelForm):
    """What a person corrects about themselves."""

    class Meta:
        model = Person
        fields = ["given_name", "family_name", "language", "phone", "address"]
        widgets = {
            "given_name": forms.TextInput({"autocomplete": "given-name"}),
            "family_name": forms.TextInput({"autocomplete": "family-name"}),
            "phone": forms.TextInput({"autocomplete": "tel", "type": "tel"}),
            "address": forms.Textarea({"autocomplete": "street-address", "rows": 3}),
        }


class PersonForm(PlainText, forms.ModelForm):
    """What those who admit people write about somebody; their address is theirs once they have come in."""

    class Meta:
        model = Person
        fields = ["given_name", "family_name", "email", "language", "phone", "address", "born_on"]
        field_classes = {"born_on": DayField}
        widgets = {"address": forms.Textarea({"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and has_come_in(self.instance):
            del self.fields["email"]

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class WorkTermsForm(FromToday, PlainText, forms.ModelForm):
    """How a person works from a day on."""

    agreed_minutes_per_week = MinutesField(
        label=capfirst(_("agreed hours per week")),
        longest=60 * 60,
        required=False,
        help_text=_("Like 35 or 17h30; empty when no hours are agreed."),
    )

    class Meta:
        model = WorkStatus
        fields = ["kind", "tenure", "agreed_minutes_per_week", "job_title", "starts_on"]
        field_classes = DAYS

    def clean_agreed_minutes_per_week(self) -> int:
        return self.cleaned_data["agreed_minutes_per_week"] or 0


class WorkStatusForm(WorkTermsForm):
    class Meta(WorkTermsForm.Meta):
        fields = [*WorkTermsForm.Meta.fields, "ends_on"]


class NothingForm(forms.Form):
    """A button to press once more: nothing to fill in."""


class LastDayForm(forms.Form):
    """The last day of a dated fact."""

    ends_on = DayField(
        label=capfirst(_("last day")), initial=timezone.localdate, help_text=_("That day still counts.")
    )


class CommitteeNameForm(PlainText, forms.ModelForm):
    class Meta:
        model = Committee
        fields = ["name", "kind", "aim", "seats", "term_months", "max_consecutive_terms"]
        widgets = {"aim": forms.Textarea({"rows": 2})}


class CommitteeForm(FromToday, CommitteeNameForm):
    class Meta(CommitteeNameForm.Meta):
        fields = [*CommitteeNameForm.Meta.fields, "starts_on"]
        field_classes = DAYS


class PowerForm(FromToday, forms.ModelForm):
    decision = DecisionField(
        label=capfirst(_("decision")),
        required=False,
        help_text=_("Needed if you sit on this committee: a decision recorded by somebody else."),
    )

    class Meta:
        model = CommitteePower
        fields = ["power", "starts_on", "ends_on", "decision"]
        field_classes = DAYS


class MandateForm(FromToday, forms.ModelForm):
    decision = DecisionField(label=capfirst(_("decision")), required=False)

    class Meta:
        model = Mandate
        fields = ["person", "filled_by", "starts_on", "ends_on", "decision"]
        field_classes = DAYS
        help_texts = {"ends_on": _("Empty: for the length of a mandate, if the committee has one.")}

    def __init__(self, *args, by: Person, **kwargs):
        super().__init__(*args, **kwargs)
        others = Person.objects.visible_to(by).active().exclude(pk=by.pk)
        self.fields["person"].queryset = others.by_name()


class MotionStartForm(forms.Form):
    """To whom something is proposed, and what it would do."""

    body = forms.ModelChoiceField(Committee.objects.none(), label=capfirst(_("body")))
    act = forms.ChoiceField(
        label=_("Once adopted"),
        required=False,
        help_text=_("What is chosen here is done by itself on the day the decision takes effect."),
    )

    def __init__(self, *args, bodies: QuerySet[Committee], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies
        grouped: dict[str, list[tuple[str, str]]] = {}
        for one in acts.offered():
            grouped.setdefault(str(one.group), []).append((one.code, str(one)))
        nothing = ("", _("it is words: people do it"))
        self.fields["act"].choices = [nothing, *grouped.items()]


class MotionForm(PlainText, forms.ModelForm):
    """What is proposed, and when it would take effect."""

    class Meta:
        model = MotionVersion
        fields = ["title", "text", "effective_on", "review_on"]
        field_classes = {"effective_on": DayField, "review_on": DayField}
        widgets = {"text": forms.Textarea({"rows": 10})}


class RemarkForm(PlainText, forms.ModelForm):
    class Meta:
        model = Remark
        fields = ["text"]
        widgets = {"text": forms.Textarea({"rows": 3})}


class InterestForm(PlainText, forms.ModelForm):
    class Meta:
        model = Interest
        fields = ["what"]


class BallotForm(forms.ModelForm):
    """Until when one answers."""

    class Meta:
        model = Ballot
        fields = ["closes_on"]
        field_classes = {"closes_on": DayField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("closes_on", timezone.localdate() + timedelta(days=7))


#: What each answer is called where one decides so.
ANSWERS = {
    Method.CONSENT: {
        "agree": _("I consent"),
        "stand_aside": _("I stand aside"),
        "abstain": _("I abstain"),
        "disagree": _("I object"),
    },
    Method.CONSENSUS: {
        "agree": _("I agree"),
        "stand_aside": _("I stand aside"),
        "abstain": _("I abstain"),
        "disagree": _("I oppose it"),
    },
    Method.VOTE: {"agree": _("For"), "disagree": _("Against"), "abstain": _("I abstain")},
}


class AnswerForm(PlainText, forms.Form):
    """One's answer to a ballot; the reason where answers are open."""

    choice = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args, ballot: Ballot, **kwargs):
        super().__init__(*args, **kwargs)
        names = ANSWERS[Method(ballot.method)]
        self.fields["choice"].choices = [
            (choice.value, names[choice.value]) for choice in ballot.rule.choices
        ]
        if ballot.secret:
            del self.fields["reason"]
        elif ballot.method != Method.VOTE:
            self.fields["reason"].help_text = _("Needed when you object: what would have to change?")


class RuleForm(FromToday, forms.ModelForm):
    """How a body decides, from a day on."""

    decision = DecisionField(
        label=capfirst(_("decision")),
        required=False,
        help_text=_("Needed if you decide in this body: a decision recorded by somebody else."),
    )

    class Meta:
        model = DecisionRule
        fields = ["method", "secret", "quorum_percent", "threshold", "starts_on", "decision"]
        field_classes = DAYS


class LotsForm(FromToday, forms.Form):
    """Among whom lots are drawn, for how many seats."""

    among = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Among"), widget=forms.CheckboxSelectMultiple
    )
    count = forms.IntegerField(label=_("How many seats"), min_value=1, max_value=100, initial=1)
    starts_on = DayField(label=capfirst(_("from")))
    ends_on = DayField(
        label=capfirst(_("until")),
        required=False,
        help_text=_("Empty: for the length of a mandate, if the committee has one."),
    )
    decision = DecisionField(label=capfirst(_("decision")), required=False)

    def __init__(self, *args, by: Person, committee: Committee, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        others = Person.objects.active().here(today).exclude(pk=by.pk)
        sitting = committee.mandates.on(today).values("person")
        self.fields["among"].queryset = others.exclude(pk__in=sitting).by_name()


class DecisionForm(PlainText, forms.ModelForm):
    effective_on = DayField(
        label=capfirst(_("takes effect on")), required=False, help_text=_("Empty: the day it was adopted.")
    )

    class Meta:
        model = Decision
        fields = ["body", "title", "text", "adopted_on", "effective_on", "review_on"]
        field_classes = {"adopted_on": DayField, "review_on": DayField}
        widgets = {"text": forms.Textarea({"rows": 10})}

    def __init__(self, *args, bodies: QuerySet[Committee], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies


class DecisionsForm(PlainText, forms.Form):
    """Which decisions of the register."""

    words = forms.CharField(label=_("Words"), required=False, max_length=80)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    body = forms.ModelChoiceField(
        Committee.objects.all(), label=capfirst(_("body")), required=False, empty_label=_("all")
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *decision_register.STATES.items()]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("all")), *((year, year) for year in decision_register.years())]

    def asked(self) -> dict:
        """What is asked of `decision_register.asked`: everything, until the form is right."""
        return self.cleaned_data if self.is_valid() else {}


class TakenForm(PlainText, forms.ModelForm):
    """A decision taken at a meeting: its body and its day are those of the meeting."""

    effective_on = DayField(
        label=capfirst(_("takes effect on")), required=False, help_text=_("Empty: the day it was adopted.")
    )

    class Meta:
        model = Decision
        fields = ["title", "text", "effective_on", "review_on"]
        field_classes = {"review_on": DayField}
        widgets = {"text": forms.Textarea({"rows": 6})}


class CooperativeForm(PlainText, forms.ModelForm):
    yearly_payroll = MoneyField(
        label=capfirst(_("yearly total payroll (estimate)")),
        max_value=None,
        help_text=Cooperative._meta.get_field("yearly_payroll").help_text,
    )

    share_value = MoneyField(
        label=capfirst(_("value of a member share")),
        min_value=Decimal("0.01"),
        max_value=Decimal("999999.99"),
        required=False,
        help_text=Cooperative._meta.get_field("share_value").help_text,
    )

    class Meta:
        model = Cooperative
        fields = [
            "name",
            "legal_form",
            "address",
            "email",
            "phone",
            "enterprise_number",
            "cra_payroll_account",
            "rq_employer_account",
            "language",
            "week_starts_on",
            "pay_frequency",
            "first_period_on",
            "pay_days_after",
            "leave_paid_from",
            "vacation_year_month",
            "yearly_payroll",
            "sharing_weeks",
            "probation_votes",
            "pause_votes",
            "share_value",
            "shares_to_hold",
            "privacy_officer",
        ]
        field_classes = {"first_period_on": DayField, "leave_paid_from": DayField}
        widgets = {"address": forms.Textarea({"rows": 3})}


class IncidentForm(PlainText, forms.ModelForm):
    """The eight fields of the register of confidentiality incidents."""

    class Meta:
        model = Incident
        fields = [
            "information",
            "circumstances",
            "occurred",
            "noticed_on",
            "people",
            "people_is_about",
            "serious_harm",
            "assessment",
            "notices",
            "measures",
        ]
        field_classes = {"noticed_on": DayField}
        widgets = {
            name: forms.Textarea({"rows": 3})
            for name in ("information", "circumstances", "assessment", "notices", "measures")
        }


class FollowUpForm(PlainText, forms.ModelForm):
    """What was learnt, done or notified since an incident was recorded."""

    class Meta:
        model = IncidentFollowUp
        fields = ["text", "serious_harm"]
        widgets = {"text": forms.Textarea({"rows": 4})}


class PurgeForm(PlainText, forms.Form):
    """What a later reader should know of a destruction."""

    because = forms.CharField(required=False, max_length=300)


class AccessForm(PlainText, forms.Form):
    """Which pages of the access table, by a word of their name or by who opens them."""

    q = forms.CharField(label=_("Word"), required=False, max_length=60)
    who = forms.ChoiceField(label=_("Opened by"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [
            ("", _("all pages")),
            ("mine", _("me, today")),
            ("public", _("anybody, without signing in")),
            ("member", _("a member without a mandate")),
            *((power.value, gettext("who may: %(power)s") % {"power": power.label}) for power in Power),
        ]

    def asked(self) -> dict[str, str]:
        """The words and who, as `access_table.table` takes them."""
        found = self.cleaned_data if self.is_valid() else {}
        return {"words": found.get("q", ""), "opened_by": found.get("who", "")}


class JournalForm(PlainText, forms.Form):
    """Which lines of the journal: of which kind, by whom, from which day to which."""

    event = forms.ChoiceField(label=_("What"), required=False)
    who = forms.CharField(label=_("By whom (name)"), required=False, max_length=60)
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("Until"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = [("", _("everything")), *journal.events()]

    def asked(self) -> dict:
        """What `journal.asked` takes; everything where something was asked wrongly."""
        return self.cleaned_data if self.is_valid() else {}


class ReadingForm(PlainText, forms.ModelForm):
    """Where an objective stands."""

    class Meta:
        model = ObjectiveReading
        fields = ["on", "value", "words"]
        field_classes = {"on": DayField}
        widgets = {"words": forms.Textarea({"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())


class HeadForm(forms.Form):
    """A hash of the journal that somebody wrote down, to look for in it."""

    head = forms.RegexField(
        "^[0-9a-f]{64}$",
        label=_("A hash you wrote down"),
        required=False,
        help_text=_("64 signs, as printed on a pay run's summary."),
        error_messages={"invalid": _("A hash has 64 signs, from 0 to 9 and from a to f.")},
    )
