"""What comes to the agenda of a body by itself: suggestions, from every app that knows something to talk about.

An app adds its own source when it starts (`know`); this one knows none of those above it. Nothing is put on
an agenda but by somebody: a suggestion is taken, or left.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from koumbit.formats import day as written

from .models import AgendaPoint, Committee, Meeting, Motion

Wanted = AgendaPoint.Wanted

#: For so long what a body has talked about is not suggested to it again.
QUIET = timedelta(days=60)
#: How long before its end a mandate is something to talk about.
MANDATE_ENDS = timedelta(days=60)
#: How long before its day the review of a decision is.
REVIEW_COMES = timedelta(days=30)


@dataclass(frozen=True)
class Suggestion:
    """Something to talk about: what it is, what is wanted, where one reads more of it.

    `key` names it for good (`roles.contested:12`), so that it is not suggested while it is on an agenda.
    """

    key: str
    title: str
    url: str = ""
    wanted: str = Wanted.DISCUSS
    motion: int | None = None


#: What an app suggests to a body on a day.
Source = Callable[[Committee, date], Iterable[Suggestion]]
_SOURCES: list[Source] = []


def know(source: Source) -> None:
    """Add what an app suggests to talk about; for an app, when it starts."""
    _SOURCES.append(source)


def suggestions(body: Committee, today: date) -> list[Suggestion]:
    """What the body could talk about and has on no agenda, neither to come nor of the last two months."""
    taken = set(
        AgendaPoint.objects.filter(
            meeting__body=body,
            meeting__cancelled_at=None,
            meeting__on__gte=today - QUIET,
            left_out_because="",
        )
        .exclude(source="")
        .values_list("source", flat=True)
    )
    return [one for source in _SOURCES for one in source(body, today) if one.key not in taken]


def _own(body: Committee, today: date) -> Iterator[Suggestion]:
    """Proposals, decisions to look at again, mandates that end, minutes to approve, points that were left out."""
    for meeting in Meeting.objects.to_approve().filter(body=body, on__lt=today).order_by("on"):
        yield Suggestion(
            f"members.minutes:{meeting.pk}",
            _("Approve the minutes of %(day)s") % {"day": written(meeting.on)},
            reverse("members:meeting", args=[meeting.pk]),
            Wanted.DECIDE,
        )
    for motion in Motion.objects.open().filter(body=body).select_related("current").order_by("pk"):
        yield Suggestion(
            f"members.motion:{motion.pk}",
            motion.current.title,
            reverse("members:motion", args=[motion.pk]),
            Wanted.DECIDE,
            motion.pk,
        )
    due = body.decisions.filter(review_on__range=(today - QUIET, today + REVIEW_COMES)).order_by("review_on")
    for decision in due:
        yield Suggestion(
            f"members.review:{decision.pk}",
            (
                _("Look again at decision %(number)s: %(title)s")
                % {"number": decision.number, "title": decision.title}
            )[:160],
            reverse("members:decision", args=[decision.pk]),
        )
    ending = body.mandates.on(today).filter(ends_on__lte=today + MANDATE_ENDS).select_related("person")
    for mandate in ending.order_by("ends_on", "pk"):
        yield Suggestion(
            f"members.mandate:{mandate.pk}",
            _("The mandate of %(name)s ends on %(day)s")
            % {"name": mandate.person, "day": written(mandate.ends_on)},
            reverse("members:committee", args=[body.pk]),
            Wanted.DECIDE,
        )
    left_out = AgendaPoint.objects.filter(
        ~Q(left_out_because=""), meeting__body=body, meeting__on__gte=today - QUIET
    )
    for point in left_out.order_by("pk"):
        yield Suggestion(
            f"members.point:{point.pk}",
            point.title,
            reverse("members:meeting", args=[point.meeting_id]),
            point.wanted,
            point.motion_id,
        )


know(_own)
