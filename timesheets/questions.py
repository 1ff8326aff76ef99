"""The thread of a line: what the committee asks, what its owner answers. It stays with the line, read by both."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from koumbit.refusals import Refused
from koumbit.rows import locked
from members import journal
from members.models import Person

from .models import LineMessage, TimeEntry, WeekSheet
from .refusals import NotYours

journal.name_events({"hours.answered": _("question about a line answered")})


class NothingAsked(Refused):
    sentence = _("Nothing was asked about this line.")


class SaySomething(Refused):
    sentence = _("Write your answer first.")


def ask(sheet: WeekSheet, questions: Mapping[int, str], *, by: Person) -> None:
    """Write the committee's questions (entry → what is asked) in the threads of their lines."""
    LineMessage.objects.bulk_create(
        LineMessage(sheet=sheet, entry_id=entry, by=by, text=text)
        for entry, text in sorted(questions.items())
    )


@transaction.atomic
def answer(entry: TimeEntry, text: str, *, by: Person) -> LineMessage:
    """Answer a question about a line without changing its hours. The week is then submitted again.

    Raises `NotYours`, `NothingAsked`, `SaySomething`.
    """
    entry = locked(entry)
    if by.pk != entry.person_id:
        raise NotYours
    if not LineMessage.objects.filter(entry=entry).exists():
        raise NothingAsked
    if not text.strip():
        raise SaySomething
    message = LineMessage.objects.create(sheet_id=entry.sheet_id, entry=entry, by=by, text=text.strip())
    journal.record("hours.answered", by=by, entry=entry.pk, message=message.pk)
    return message


def threads(entries: Iterable[TimeEntry]) -> dict[int, list[LineMessage]]:
    """The messages of each of these lines, the oldest first, in one query."""
    found: dict[int, list[LineMessage]] = defaultdict(list)
    rows = LineMessage.objects.filter(entry__in=[entry.pk for entry in entries]).select_related("by")
    for message in rows.order_by("pk"):
        found[message.entry_id].append(message)
    return found
