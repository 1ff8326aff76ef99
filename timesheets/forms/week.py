"""What people type into the hours: a week at once, the lines of a day, a reason."""

import json
import re
from collections.abc import Iterable
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koumbit import durations
from koumbit.forms import MinutesField, PlainText, duration_refused, plain, refuse_hidden_signs

from .. import weeks
from ..drafts import NOTHING, Cell, Content
from ..grid import RowKey, Typed, row_key
from ..models import TimeEntry

MOST_ROWS = 100
NOTE_LENGTH = TimeEntry._meta.get_field("note").max_length
_KEY = re.compile("[0-9]{1,18}")
_ROW = re.compile("([0-9]{1,18})-([0-9]{1,18})")


def parse_row(text: str) -> RowKey | None:
    """A row as the page names it: the task, then the project (0 for none)."""
    match = _ROW.fullmatch(text)
    return (int(match[1]), int(match[2]) or None) if match else None


def parse_rows(texts: Iterable[str]) -> list[RowKey]:
    """The rows among these texts, each once, in order, and not more than a week can show."""
    rows = dict.fromkeys(row for row in map(parse_row, texts) if row)
    return list(rows)[:MOST_ROWS]


class WeekForm:
    """The week as it was sent: for each cell what is wanted, or what was typed and why it is refused.

    A plain class rather than a Django form: its fields are whatever rows the page had.
    """

    def __init__(self, data: QueryDict, starts_on: date):
        self.rows = parse_rows(data.getlist("row"))
        self.added = parse_rows(data.getlist("added"))
        self.wanted: dict[Cell, Content] = {}
        self.typed: dict[Cell, Typed] = {}
        self.errors: dict[Cell, str] = {}
        self.based_on: dict[Cell, Content] = {}
        base = _base(data.get("base", ""))
        for row in self.rows:
            for index, day in enumerate(weeks.days_of(starts_on)):
                key, cell = f"{row_key(*row)}-{index}", Cell(*row, day)
                self.based_on[cell] = base.get(key, NOTHING)
                if f"c-{key}" in data or f"n-{key}" in data:
                    self._read(cell, data.get(f"c-{key}", ""), data.get(f"n-{key}", ""))

    def _read(self, cell: Cell, text: str, note: str) -> None:
        self.typed[cell] = Typed(text, note)
        try:
            note = clean_note(note)
            self.wanted[cell] = Content(durations.parse(text) if text.strip() else 0, note)
        except durations.NotADuration as refusal:
            self.errors[cell] = duration_refused(refusal)
        except ValidationError as refusal:
            self.errors[cell] = " ".join(refusal.messages)

    def refused(self, sentences: dict[Cell, str]) -> dict[Cell, Typed]:
        """What was typed in the cells that were not kept, each with its sentence."""
        return {
            cell: Typed(self.typed[cell].text, self.typed[cell].note, sentence)
            for cell, sentence in sentences.items()
            if cell in self.typed
        }


def _base(text: str) -> dict[str, Content]:
    try:
        return {
            str(key): Content(int(minutes), str(note)) for key, (minutes, note) in json.loads(text).items()
        }
    except (AttributeError, OverflowError, RecursionError, TypeError, ValueError):
        return {}


def clean_note(text: str) -> str:
    """A note as it is kept. Raises `ValidationError` with the reason."""
    note = " ".join(text.split())
    if "\0" in note:
        raise ValidationError(gettext("This text holds invisible control characters. Type it again."))
    refuse_hidden_signs(note)
    if len(note) > NOTE_LENGTH:
        raise ValidationError(
            gettext("This note has %(length)s characters; there is room for %(most)s.")
            % {"length": len(note), "most": NOTE_LENGTH}
        )
    return note


class LineForm(PlainText, forms.Form):
    """One line of a day: its time and its note. No time takes the line away."""

    minutes = MinutesField(label=_("Time"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=NOTE_LENGTH)

    @property
    def content(self) -> Content:
        return Content(self.cleaned_data["minutes"] or 0, " ".join(self.cleaned_data["note"].split()))


class DayLines:
    """The lines of one cell as a form: those that may change, and room for one more."""

    def __init__(self, entries: Iterable[TimeEntry], data: QueryDict | None = None):
        self.lines: list[tuple[TimeEntry, LineForm | None]] = []
        self.threads: dict[int, list] = {}
        for entry in entries:
            changes = not (entry.is_final or entry.corrects_id) and entry.sheet.is_draft
            initial = {"minutes": entry.minutes, "note": entry.note}
            self.lines.append(
                (entry, LineForm(data, prefix=f"line-{entry.pk}", initial=initial) if changes else None)
            )
        self.is_writable = all(not entry.sheet.is_waiting for entry, _form in self.lines)
        self.new = LineForm(data, prefix="new")
        self._based_on = _base(data.get("base", "") if data else "")

    def is_valid(self) -> bool:
        return not [form for form in [*self.forms.values(), self.new] if not form.is_valid()]

    @property
    def shown(self) -> list[tuple[TimeEntry, LineForm | None, list]]:
        """Each line with its form and what was asked and answered about it."""
        return [(entry, form, self.threads.get(entry.pk, [])) for entry, form in self.lines]

    @property
    def forms(self) -> dict[int, LineForm]:
        return {entry.pk: form for entry, form in self.lines if form}

    @property
    def wanted(self) -> dict[int, Content]:
        return {pk: form.content for pk, form in self.forms.items()}

    @property
    def seen(self) -> dict[int, Content]:
        """What the page it came from showed, line by line."""
        return {int(pk): content for pk, content in self._based_on.items() if _KEY.fullmatch(pk)}

    @property
    def base(self) -> str:
        return json.dumps({entry.pk: [entry.minutes, entry.note] for entry, _form in self.lines})


class UsualWeekForm(PlainText, forms.Form):
    """The name of a usual week."""

    name = forms.CharField(label=_("Name"), max_length=60)


class TimedForm(forms.Form):
    """How long a forgotten timer really was."""

    minutes = MinutesField(
        label=_("Time worked"), help_text=_("As you type it in the week: 2h30, 2.5 or 150m.")
    )


class CorrectionForm(PlainText, forms.Form):
    """What an approved line should have been, and why."""

    minutes = MinutesField(label=_("The right time"), help_text=_("0 takes the whole line back."))
    reason = forms.CharField(label=_("Why"), max_length=300)


class QuestionsForm:
    """The lines an approver questions, each with what is asked. A plain class: one pair of fields a line."""

    def __init__(self, entries: Iterable[TimeEntry], data: QueryDict | None = None):
        self.lines: list[tuple[TimeEntry, QuestionForm | None]] = [
            (entry, None if entry.is_final else QuestionForm(data, prefix=f"line-{entry.pk}"))
            for entry in entries
        ]

        self.threads: dict[int, list] = {}

    def with_threads(self, threads: dict[int, list]) -> "QuestionsForm":
        """What was asked and answered before, beside each line."""
        self.threads = threads
        return self

    @property
    def shown(self) -> list[tuple[TimeEntry, "QuestionForm | None", list]]:
        return [(entry, form, self.threads.get(entry.pk, [])) for entry, form in self.lines]

    def is_valid(self) -> bool:
        return not [form for _entry, form in self.lines if form and not form.is_valid()]

    @property
    def questions(self) -> dict[int, str]:
        """Entry → what is asked, for the lines that are questioned."""
        return {
            entry.pk: form.cleaned_data["why"]
            for entry, form in self.lines
            if form and form.cleaned_data["why"]
        }


class QuestionForm(PlainText, forms.Form):
    """A line questioned by its approver: ticked, with what is asked. What is asked alone is enough."""

    asked = forms.BooleanField(label=_("Question this line"), required=False)
    why = forms.CharField(label=_("What do you ask?"), required=False, max_length=500)

    def clean(self):
        if self.cleaned_data.get("asked") and not self.cleaned_data.get("why") and "why" not in self.errors:
            self.add_error("why", _("Say what you ask: the person has to know what to answer."))
        return self.cleaned_data


class AnswerForm(PlainText, forms.Form):
    """The owner's answer to a question about a line."""

    text = forms.CharField(label=_("Your answer"), max_length=500, widget=forms.Textarea({"rows": 2}))


class StepAsideForm(PlainText, forms.Form):
    """Why an approver steps aside; saying it is theirs to choose."""

    because = forms.CharField(label=_("Reason, if you wish"), required=False, max_length=300)


class QueueFilter:
    """Which of the waiting weeks are shown: a part of a name, a week, a role, only what stands out.

    Anything else is ignored.
    """

    def __init__(self, data: QueryDict):
        self.name = data.get("q", "").strip()[:80]
        self.role = data.get("role", "").replace("\0", "").strip()[:80]
        self.stands_out = "stands_out" in data
        try:
            self.day = date.fromisoformat(data.get("of", "")) if data.get("of") else None
        except ValueError:
            self.day = None

    def __bool__(self) -> bool:
        return bool(self.name or self.role or self.day or self.stands_out)

    def narrow(self, sheets: QuerySet) -> QuerySet:
        """Those of these weeks that were asked for."""
        if self.name:
            sheets = sheets.filter(person__sort_name__icontains=plain(self.name))
        if self.day:
            sheets = sheets.filter(starts_on__range=(self.day - timedelta(weeks.DAYS - 1), self.day))
        if self.role:
            of_role = TimeEntry.objects.filter(sheet=OuterRef("pk"), task__role__name__icontains=self.role)
            sheets = sheets.filter(Exists(of_role))
        return sheets


class SendBackForm(PlainText, forms.Form):
    """Why a week goes back to its owner."""

    because = forms.CharField(
        label=_("What has to change"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
