"""What a decision can do about roles: create one, change it, retire it, entrust it, share out the work."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from members.acts import Act, know
from members.models import Person, Power

from . import proposals, registry, terms
from .forms import RoleForm
from .models import Proposal, Role

_ROLES = _("Roles and tasks")


class RoleWordsForm(RoleForm):
    """A role in words; the decision that says them is the one being taken."""

    decision = None

    class Meta(RoleForm.Meta):
        fields = [name for name in RoleForm.Meta.fields if name != "decision"]


def _role_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Role.objects.filter(retired_on=None).order_by("name"), label=capfirst(_("role"))
    )


class RoleOtherForm(RoleWordsForm):
    """A role to be said otherwise."""

    field_order = ["role"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"] = _role_field()
        self.order_fields(self.field_order)

    def validate_unique(self):
        """Not against the role itself: the verb checks, on the row."""

    def validate_constraints(self):
        """Not against the role itself: the verb checks, on the row."""


class RoleEndForm(forms.Form):
    """A role to retire."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"] = _role_field()


class TermNewForm(RoleEndForm):
    """Who holds a role from now on."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ModelChoiceField(
            Person.objects.active().by_name(), label=capfirst(_("person"))
        )


class SharingField(forms.ModelChoiceField):
    """A proposal of who does what, with its period."""

    def label_from_instance(self, proposal: Proposal) -> str:
        return f"{proposal.rotation} – {proposal}"


class SharingForm(forms.Form):
    """Which of the proposals that are ready is adopted, as it stands: what is changed by hand later is another one."""

    edits = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ready = Proposal.objects.filter(
            state=Proposal.State.DONE, rotation__adopted=None, rotation__cancelled_at=None
        )
        self.fields["proposal"] = SharingField(
            ready.select_related("rotation"), label=capfirst(_("proposal"))
        )

    def clean(self):
        said = super().clean()
        if "proposal" in said:
            now = said["proposal"].edits.count()
            if said.get("edits") not in (None, now):
                raise forms.ValidationError(
                    _(
                        "This proposal was changed by hand since it was put to the body: propose it as it is now."
                    )
                )
            said["edits"] = now
        return said


know(
    Act(
        "roles.create",
        _("Create a role"),
        _ROLES,
        Power.KEEP_ROLES,
        RoleWordsForm,
        lambda decision, **charter: registry.create_role(by=decision, decision=decision, **charter),
        seen_at="roles:registry",
    ),
    Act(
        "roles.change",
        _("Change a role"),
        _ROLES,
        Power.KEEP_ROLES,
        RoleOtherForm,
        lambda decision, role, **charter: registry.change_role(role, by=decision, **charter),
        seen_at="roles:registry",
    ),
    Act(
        "roles.retire",
        _("Retire a role"),
        _ROLES,
        Power.KEEP_ROLES,
        RoleEndForm,
        lambda decision, role: registry.retire(role, by=decision),
        seen_at="roles:registry",
    ),
    Act(
        "roles.give_term",
        _("Entrust a role to somebody"),
        _ROLES,
        Power.KEEP_ROLES,
        TermNewForm,
        lambda decision, role, person: terms.give_term(
            role, by=decision, person=person, starts_on=decision.effective_on, decision=decision
        ),
        seen_at="roles:registry",
    ),
    Act(
        "roles.share_out",
        _("Adopt a proposal of who does what"),
        _ROLES,
        Power.KEEP_ROLES,
        SharingForm,
        lambda decision, proposal, edits: proposals.adopt(proposal, by=decision, decision=decision),
    ),
)
