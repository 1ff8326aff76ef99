"""What waits for a body: on its page, from every app that knows something that the body is to do.

An app adds its own source when it starts (`know`). Every member reads the page, so a source tells counts
and days, never whose they are; it may tell the reader more of what their own mandates open.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from koumbit.formats import day as written

from .models import Ballot, Committee, Decision, Meeting, Person, Purge
from .retention import EXECUTED_BY


@dataclass(frozen=True)
class Asked:
    """For which body something is looked for, what it may do today, who reads, and what the reader may do."""

    body: Committee
    powers: Collection[str]
    reader: Person
    reader_powers: Collection[str]
    today: date


@dataclass(frozen=True)
class Waiting:
    """Something that waits: a sentence, and the page where it is done where there is one for the reader."""

    sentence: str
    url: str = ""


Source = Callable[[Asked], Iterable[Waiting]]
_SOURCES: list[Source] = []


def know(source: Source) -> None:
    """Add what an app knows that waits for a body; for an app, when it starts."""
    _SOURCES.append(source)


def waiting(asked: Asked) -> list[Waiting]:
    """All that waits for the body on that day."""
    return [one for source in _SOURCES for one in source(asked)]


def _own(asked: Asked) -> Iterator[Waiting]:
    """Ballots that are open, decisions to confirm, minutes to write or to approve, a destruction to carry out."""
    body = asked.body
    ballots = Ballot.objects.filter(motion__body=body, closed_at=None).select_related("version")
    for ballot in ballots.order_by("closes_on", "pk"):
        yield Waiting(
            _("“%(title)s” is being answered until %(day)s.")
            % {"title": ballot.version.title, "day": written(ballot.closes_on)},
            reverse("members:motion", args=[ballot.motion_id]),
        )
    unconfirmed = Decision.objects.unconfirmed().filter(body=body).order_by("pk")
    for decision in unconfirmed:
        yield Waiting(
            _("Decision %(number)s waits for a second person who was there to confirm it.")
            % {"number": decision.number},
            reverse("members:decision", args=[decision.pk]),
        )
    behind = Meeting.objects.behind(asked.today).filter(body=body)
    unsettled = behind.filter(Q(minutes=None) | Q(minutes__approved_at=None)).select_related("minutes")
    for meeting in unsettled:
        sentence = (
            _("The minutes of %(day)s wait for somebody else who was there to approve them.")
            if hasattr(meeting, "minutes")
            else _("The minutes of %(day)s are not written.")
        )
        yield Waiting(sentence % {"day": written(meeting.on)}, reverse("members:meeting", args=[meeting.pk]))
    if EXECUTED_BY in asked.powers and Purge.objects.filter(executed_at=None).exists():
        opens = EXECUTED_BY in asked.reader_powers
        yield Waiting(
            _("The destruction of what is past its term waits for a second person."),
            reverse("members:past_terms") if opens else "",
        )


know(_own)
