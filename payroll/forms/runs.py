from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from koumbit.formats import dollars
from koumbit.formats import hours as length
from koumbit.forms import DayField, PlainText, refuse_hidden_signs
from members.models import Person

from ..dues import Outstanding
from ..preflight import Finding
from ..runs import WarningsUnanswered

#: More warnings than this are answered together: a field for each would be a page nobody reads.
MOST_ANSWERS = 100
LONGEST = 300


@dataclass(frozen=True)
class Question:
    """One finding of the pre-flight, with the field of its answer and what was typed there."""

    finding: Finding
    name: str
    text: str


class PrepareForm(PlainText, forms.Form):
    """Why the pay goes ahead although the pre-flight warns: each warning answered, or all together."""

    because = forms.CharField(
        label=_("Why the pay goes ahead in spite of the warnings"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "For every warning that has no answer beside it. Kept with the pay, for everybody who looks "
            "at it later."
        ),
    )

    def __init__(self, *args, findings: Iterable[Finding], kept: Mapping[str, str] | None = None, **kwargs):
        super().__init__(*args, initial=kept, **kwargs)
        self.findings = list(findings)
        self.warnings = [finding for finding in self.findings if not finding.stops]
        if not self.warnings:
            del self.fields["because"]

    @property
    def has_own_answers(self) -> bool:
        return len(self.warnings) <= MOST_ANSWERS

    def questions(self) -> list[Question]:
        """The findings as the page shows them, with what was typed beside each, now or before."""
        known = self.data if self.is_bound else self.initial
        return [
            Question(finding, f"answer-{finding.key}", known.get(f"answer-{finding.key}", ""))
            for finding in self.findings
        ]

    def typed(self) -> dict[str, str]:
        """Every text of the page as it was sent, right or not, by the name of its field."""
        names = [*self.fields, *(asked.name for asked in self.questions())]
        return {name: self.data[name] for name in names if name in self.data}

    def address_of(self, key: str) -> str:
        """Where a finding of the page is settled; empty when it is not there any more."""
        return next((finding.address for finding in self.findings if finding.key == key), "")

    def clean(self):
        given = super().clean()
        answer = forms.CharField(required=False, max_length=LONGEST, validators=[refuse_hidden_signs])
        answers = {}
        for asked in self.questions():
            try:
                answers[asked.finding.key] = answer.clean(asked.text)
            except ValidationError as refusal:
                self.add_error(None, refusal)
        is_left = "because" in self.fields and not given.get("because")
        if is_left and not all(answers.get(finding.key) for finding in self.warnings):
            self.add_error("because", str(WarningsUnanswered()))
        return given | {"answers": answers}


class DuePeopleField(forms.ModelMultipleChoiceField):
    """People to whom something is due, each with how much."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, due: Outstanding, **kwargs):
        self.due: dict[int, list] = {}
        for payee, lines in due.lines.items():
            self.due.setdefault(payee.person_id, []).extend(lines)
        super().__init__(Person.objects.filter(pk__in=self.due).by_name(), **kwargs)

    def label_from_instance(self, person):
        lines = self.due[person.pk]
        minutes, amount = sum(line.minutes for line in lines), sum(line.amount for line in lines)
        return _("%(person)s: %(time)s, %(amount)s") % {
            "person": person,
            "time": length(minutes),
            "amount": dollars(amount),
        }


class OffCycleForm(forms.Form):
    """Until which day hours are paid between two regular pays, on which day, and to whom."""

    through = DayField(
        label=_("Hours approved up to"), help_text=_("What is due up to that day and not yet paid is paid.")
    )
    pay_on = DayField(label=_("Pay date"))

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, initial={"through": today, "pay_on": today}, **kwargs)

    def clean(self):
        given = super().clean()
        through, pay_on = given.get("through"), given.get("pay_on")
        if through and pay_on and through > pay_on:
            self.add_error("pay_on", _("The last day paid cannot come after the pay date."))
        return given


class ChosenForm(forms.Form):
    """Who is paid, of those to whom something is due."""

    def __init__(self, *args, due: Outstanding, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"] = DuePeopleField(
            due,
            label=_("Who is paid"),
            error_messages={"required": _("Choose who is paid.")},
        )


class OffCyclePrepareForm(PrepareForm):
    """The reason of an off-cycle pay, and the answers to its warnings."""

    reason = forms.CharField(
        label=_("Why they are paid between two regular pays"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A departure, a forgotten sheet… It is kept with the pay."),
    )
    field_order = ["reason", "because"]


class VoidForm(PlainText, forms.Form):
    because = forms.CharField(
        label=_("Why the stub is voided"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )


class CorrectForm(PlainText, forms.Form):
    because = forms.CharField(
        label=_("Why the stub is corrected"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is printed on both stubs."),
    )
