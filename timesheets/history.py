"""The whole story of a line: written, changed, handed in, questioned, answered, approved, corrected.

Its owner reads all of it. Whoever approves hours reads what the committee received: from the first
time the week was submitted.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from koumbit import formats
from members.models import Person

from .models import EntryVersion, LineMessage, SheetDecision, TimeEntry


@dataclass(frozen=True)
class Step:
    """Something that happened to a line: when, by whom, what, and the words that go with it."""

    at: datetime
    by: str
    what: str
    words: str = ""


@dataclass(frozen=True)
class Story:
    """A line, as it stands or as it last stood, and all that happened to it, the oldest first."""

    person: Person
    day: date
    task: str
    project: str
    minutes: int
    is_gone: bool
    is_open_to_correction: bool
    steps: list[Step]


def story(entry_id: int, reader: Person, *, approves_hours: bool) -> Story | None:
    """The story of a line for this reader, in five queries; None if it is not theirs to read."""
    entry = (
        TimeEntry.objects.select_related("person", "task__role", "project", "approved_by")
        .filter(pk=entry_id)
        .first()
    )
    versions = list(
        EntryVersion.objects.filter(entry_id=entry_id)
        .select_related("person", "task__role", "project")
        .order_by("pk")
    )
    last = entry or (versions[-1] if versions else None)
    if last is None:
        return None
    is_own = last.person_id == reader.pk
    if not is_own and not approves_hours:
        return None
    decisions = list(SheetDecision.objects.filter(sheet=last.sheet_id).select_related("by").order_by("pk"))
    if not is_own and not decisions:
        return None
    steps = _changes(entry, versions, last) + _talk(entry_id) + _acts(entry, decisions) + _corrections(entry)
    steps.sort(key=lambda step: step.at)
    if not is_own:
        steps = [step for step in steps if step.at >= decisions[0].at]
    return Story(
        last.person,
        last.day,
        f"{last.task.role} · {last.task}",
        str(last.project or ""),
        last.minutes,
        entry is None,
        is_own and entry is not None and entry.is_final and entry.corrects_id is None,
        steps,
    )


def _changes(entry: TimeEntry | None, versions: list[EntryVersion], last) -> list[Step]:
    """What the line said, one saying after the other."""
    sayings = [*versions, entry] if entry else versions
    steps = []
    if entry is not None:
        steps.append(Step(entry.written_at, str(last.person), _("written"), _said(sayings[0])))
    for before, after in zip(versions, sayings[1:], strict=False):
        steps.append(
            Step(
                before.until,
                str(last.person),
                _("changed"),
                _("%(before)s became %(after)s") % {"before": _said(before), "after": _said(after)},
            )
        )
    if entry is None:
        steps.append(Step(versions[-1].until, str(last.person), _("taken away"), _said(versions[-1])))
    return steps


def _said(line) -> str:
    return f"{formats.hours(line.minutes)} ({line.note})" if line.note else formats.hours(line.minutes)


def _talk(entry_id: int) -> list[Step]:
    messages = LineMessage.objects.filter(entry=entry_id).select_related("by", "sheet")
    return [
        Step(
            message.at,
            str(message.by),
            _("answered") if message.by_id == message.sheet.person_id else _("asked"),
            message.text,
        )
        for message in messages
    ]


def _acts(entry: TimeEntry | None, decisions: list[SheetDecision]) -> list[Step]:
    """What was done with the week while the line was in it, and the approval of the line itself."""
    steps = [
        Step(decision.at, str(decision.by), _("week: %(act)s") % {"act": decision.get_act_display()})
        for decision in decisions
        if entry is None
        or (decision.at >= entry.written_at and (not entry.is_final or decision.at < entry.approved_at))
    ]
    if entry is not None and entry.is_final:
        steps.append(
            Step(entry.approved_at, str(entry.approved_by), _("approved"), formats.hours(entry.minutes))
        )
    return steps


def _corrections(entry: TimeEntry | None) -> list[Step]:
    if entry is None or not entry.is_final:
        return []
    return [
        Step(
            correction.written_at,
            str(entry.person),
            _("corrected, approved") if correction.is_final else _("corrected, to be approved"),
            f"{formats.hours(correction.minutes)} – {correction.reason}",
        )
        for correction in entry.corrections.order_by("pk")
    ]
