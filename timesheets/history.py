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
from .models.entries import AmidActs


@dataclass(frozen=True)
class Step:
    """Something that happened to a line: when, by whom, what, and the words that go with it.

    `turn` puts it among the acts on its week: after how many of them, and whether it is one itself.
    What happened between two acts is in the order of the database's clock; acts need none.
    """

    turn: tuple[int, bool]
    at: datetime
    by: str
    what: str
    words: str = ""

    @property
    def was_received(self) -> bool:
        """Did it happen once the week had been handed in a first time?"""
        return self.turn[0] > 0


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


class _Acts:
    """The acts on a week, and what was written between them."""

    def __init__(self, sheet_id: int):
        self.all = list(SheetDecision.objects.filter(sheet=sheet_id).select_related("by").order_by("pk"))
        self._places = {act.pk: place for place, act in enumerate(self.all, 1)}

    def after(self, written: AmidActs) -> int:
        """How many acts came before this was written."""
        return self._places.get(written.after_act_id, 0)

    def approving(self, entry: TimeEntry) -> int:
        """The place of the act that approved this entry: they have the same moment."""
        return next(
            (place for place, act in enumerate(self.all, 1) if act.at == entry.approved_at), len(self.all)
        )

    def step(self, written: AmidActs, *told) -> Step:
        return Step((self.after(written), True), *told)


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
    acts = _Acts(last.sheet_id)
    if not is_own and not acts.all:
        return None
    steps = [
        *_of_week(entry, acts),
        *_changes(entry, versions, last, acts),
        *_talk(entry_id, acts),
        *_corrections(entry, acts),
    ]
    steps.sort(key=lambda step: (step.turn, step.at))
    return Story(
        last.person,
        last.day,
        f"{last.task.role} · {last.task}",
        str(last.project or ""),
        last.minutes,
        entry is None,
        is_own and entry is not None and entry.is_final and entry.corrects_id is None,
        [step for step in steps if is_own or step.was_received],
    )


def _of_week(entry: TimeEntry | None, acts: _Acts) -> list[Step]:
    """What was done with the week while the line was in it, and the approval of the line itself."""
    is_final = entry is not None and entry.is_final
    first = acts.after(entry) if entry is not None else 0
    end = acts.approving(entry) if is_final else len(acts.all) + 1
    steps = [
        Step((place, False), act.at, str(act.by), _("week: %(act)s") % {"act": act.get_act_display()})
        for place, act in enumerate(acts.all, 1)
        if first < place < end
    ]
    if is_final:
        told = entry.approved_at, str(entry.approved_by), _("approved"), formats.hours(entry.minutes)
        steps.append(Step((end, False), *told))
    return steps


def _changes(entry: TimeEntry | None, versions: list[EntryVersion], last, acts: _Acts) -> list[Step]:
    """What the line said, one saying after the other."""
    sayings = [*versions, entry] if entry else versions
    by = str(last.person)
    steps = []
    if entry is not None:
        steps.append(acts.step(entry, entry.written_at, by, _("written"), _said(sayings[0])))
    for before, after in zip(versions, sayings[1:], strict=False):
        words = _("%(before)s became %(after)s") % {"before": _said(before), "after": _said(after)}
        steps.append(acts.step(before, before.until, by, _("changed"), words))
    if entry is None:
        gone = versions[-1]
        steps.append(acts.step(gone, gone.until, by, _("taken away"), _said(gone)))
    return steps


def _said(line) -> str:
    return f"{formats.hours(line.minutes)} ({line.note})" if line.note else formats.hours(line.minutes)


def _talk(entry_id: int, acts: _Acts) -> list[Step]:
    messages = LineMessage.objects.filter(entry=entry_id).select_related("by", "sheet")
    return [
        acts.step(
            message,
            message.at,
            str(message.by),
            _("answered") if message.by_id == message.sheet.person_id else _("asked"),
            message.text,
        )
        for message in messages
    ]


def _corrections(entry: TimeEntry | None, acts: _Acts) -> list[Step]:
    if entry is None or not entry.is_final:
        return []
    return [
        acts.step(
            correction,
            correction.written_at,
            str(entry.person),
            _("corrected, approved") if correction.is_final else _("corrected, to be approved"),
            f"{formats.hours(correction.minutes)} – {correction.reason}",
        )
        for correction in entry.corrections.order_by("pk")
    ]
