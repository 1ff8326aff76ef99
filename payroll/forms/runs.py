import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

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
#: Then so many of each kind are shown, and the others counted.
MOST_ALIKE = 20
LONGEST = 300
ANSWER = re.compile(r"answer-([0-9a-f]{12})", re.ASCII)


@dataclass(frozen=True)
class Question:
    """One finding of the pre-flight, with the field of its answer and what was typed there."""

    finding: Finding
    name: str
    text: str


@dataclass
class Topic:
    """The findings about one thing: those that are shown, and how many there are in all."""

    name: str
    questions: list[Question]
    count: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.questions)


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

    def __init__(
        self,
        *args,
        findings: Iterable[Finding] | None = None,
        kept: Mapping[str, str] | None = None,
        **kwargs,
    ):
        """Without `findings`, what was typed is read before anything is computed."""
        super().__init__(*args, initial=kept, **kwargs)
        self.findings = list(findings or ())
        self.warnings = [finding for finding in self.findings if not finding.stops]
        if findings is not None and not self.warnings:
            del self.fields["because"]

    @property
    def has_own_answers(self) -> bool:
        return len(self.warnings) <= MOST_ANSWERS

    @property
    def topics(self) -> list[Topic]:
        """The findings as the page shows them, with what was typed beside each, now or before."""
        known = self.data if self.is_bound else self.initial
        topics: dict[str, Topic] = {}
        alike: Counter[tuple[str, str]] = Counter()
        for finding in self.findings:
            kind = finding.about, finding.said.message
            topic = topics.setdefault(finding.about, Topic(finding.topic, []))
            topic.count += 1
            alike[kind] += 1
            if self.has_own_answers or finding.stops or alike[kind] <= MOST_ALIKE:
                name = f"answer-{finding.key}"
                topic.questions.append(Question(finding, name, known.get(name, "")))
        return list(topics.values())

    def typed(self) -> dict[str, str]:
        """Every text of the page as it was sent, right or not, by the name of its field."""
        return {name: self.data[name] for name in self.data if name in self.fields or ANSWER.fullmatch(name)}

    def given(self) -> dict[str, Any]:
        """What was typed, as the act takes it."""
        return self.cleaned_data

    def clean(self):
        given = super().clean()
        answer = forms.CharField(required=False, max_length=LONGEST, validators=[refuse_hidden_signs])
        answers = {}
        for name, text in self.typed().items():
            if key := ANSWER.fullmatch(name):
                try:
                    answers[key[1]] = answer.clean(text)
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

    def given(self):
        typed = dict(self.cleaned_data)
        return typed | {"because": typed.pop("reason"), "rest": typed.get("because", "")}


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
