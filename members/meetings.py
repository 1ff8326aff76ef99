"""A body is called to meet, and what it talks about is put in order.

Whoever sits there calls it, changes it and orders its agenda; whoever is here asks for a point. Those who are
called are told by e-mail, and told again of what changes.
"""

from collections.abc import Iterable
from datetime import date, time

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.dated import lasting
from koumbit.formats import clock
from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import locked, write

from . import agenda, journal, outbox
from .governance import NoCommitteeThen, decides_in, electors
from .models import AgendaPoint, Committee, Cooperative, Mandate, Meeting, Motion, Person
from .models.people import PersonQuerySet
from .powers import NotAllowed

journal.name_events(
    {
        "members.meeting_called": gettext_lazy("meeting called"),
        "members.meeting_changed": gettext_lazy("meeting changed"),
        "members.meeting_cancelled": gettext_lazy("meeting cancelled"),
        "members.point_added": gettext_lazy("point put on an agenda"),
        "members.point_left_out": gettext_lazy("point left out of an agenda"),
    }
)


class NotTheirMeeting(NotAllowed):
    def __init__(self, body: Committee):
        super().__init__(
            sentence=_("Those who sit on the body do this (%(body)s): ask one of them.") % {"body": body.name}
        )


class NotTheirsToAsk(NotAllowed):
    def __init__(self):
        super().__init__(
            sentence=_("Whoever works in the cooperative or is a member of it asks for a point.")
        )


class InThePast(Refused):
    sentence = gettext_lazy("A meeting that was called is moved to today or to a day to come. Check the day.")


class Cancelled(Refused):
    sentence = gettext_lazy("This meeting is cancelled: call another one.")


class Held(Refused):
    sentence = gettext_lazy("This meeting has been held: what came out of it goes into its minutes.")


class Final(Refused):
    sentence = gettext_lazy("The minutes of this meeting are approved: add what is missing below them.")


class NotSuggested(Refused):
    sentence = gettext_lazy("This is not suggested any more: it may be on an agenda already.")


class NothingChanged(Refused):
    sentence = gettext_lazy("Nothing was changed: nobody was written to.")


def sits(body: Committee, person: Person) -> bool:
    """May the person call the body, order its agenda, write its minutes today?"""
    return person.is_active and decides_in(body, person, timezone.localdate())


def called_to(meeting: Meeting) -> PersonQuerySet:
    """Who is called: those who decide in the body on that day, and those who sit on it, as secretaries do."""
    return invited(meeting.body, meeting.on)


def invited(body: Committee, day: date) -> PersonQuerySet:
    """Who would be called to a meeting of the body on that day, by name."""
    seats = body.mandates.in_force(day).values("person")
    deciding = electors(body, day).order_by().values("pk")
    people = Person.objects.active()
    return (people.filter(pk__in=seats) | people.filter(pk__in=deciding)).by_name()


def bodies_of(person: Person, today: date) -> QuerySet[Committee]:
    """The bodies that the person may call today: those of which `sits` is true. Two queries."""
    theirs = Q(pk__in=Mandate.objects.in_force(today).filter(person=person).values("committee"))
    if Person.objects.active().voters(today).filter(pk=person.pk).exists():
        theirs |= Q(kind=Committee.Kind.ASSEMBLY)
    return Committee.objects.on(today).filter(theirs)


def of(person: Person, today: date) -> QuerySet[Meeting]:
    """The meetings of the bodies that the person sat on, or sits on, on their day; those of the assembly if they
    decide there today. Cancelled ones too.
    """
    seat = Mandate.objects.filter(
        lasting(OuterRef("on"), OuterRef("on")), person=person, committee=OuterRef("body")
    )
    theirs = Q(Exists(seat))
    if Person.objects.voters(today).filter(pk=person.pk).exists():
        theirs |= Q(body__kind=Committee.Kind.ASSEMBLY)
    return Meeting.objects.filter(theirs).select_related("body")


def _demand_seat(body: Committee, by: Person) -> None:
    if not sits(body, by):
        raise NotTheirMeeting(body)


def _open(meeting: Meeting) -> Meeting:
    """The meeting, kept from others, if it may still change."""
    meeting = locked(meeting)
    if meeting.cancelled_at:
        raise Cancelled
    if meeting.on < timezone.localdate() or hasattr(meeting, "minutes"):
        raise Held
    return meeting


@transaction.atomic
def call(
    body: Committee, *, by: Person, on: date, starts_at: time, ends_at: time, place: str, words: str = ""
) -> Meeting:
    """Call the body to meet. Those who sit there or decide there on that day are told by e-mail.

    A meeting of a day that is past was held without being called here: it is noted, and nobody is written to.
    """
    if not body.holds_on(on):
        raise NoCommitteeThen(body, on)
    _demand_seat(body, by)
    meeting = Meeting(
        body=body, on=on, starts_at=starts_at, ends_at=ends_at, place=place, words=words, called_by=by
    )
    write(meeting)
    told = _tell(meeting, "called", by=by) if on >= timezone.localdate() else 0
    journal.record("members.meeting_called", by=by, id=meeting.pk, body=body.pk, on=on.isoformat(), told=told)
    return meeting


@transaction.atomic
def change(meeting: Meeting, *, by: Person, **said) -> Meeting:
    """Another day, hour or place, or other words. Those who were called are told what stands now.

    `said`: on, starts_at, ends_at, place, words.
    """
    meeting = _open(meeting)
    _demand_seat(meeting.body, by)
    changed = sorted(name for name, value in said.items() if getattr(meeting, name) != value)
    if not changed:
        raise NothingChanged
    before = {*called_to(meeting), *_askers(meeting)}
    for name in changed:
        setattr(meeting, name, said[name])
    if meeting.on < timezone.localdate():
        raise InThePast
    if not meeting.body.holds_on(meeting.on):
        raise NoCommitteeThen(meeting.body, meeting.on)
    meeting.changes += 1
    write(meeting)
    told = _tell(meeting, "changed", by=by, besides=before)
    journal.record("members.meeting_changed", by=by, id=meeting.pk, fields=changed, told=told)
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, by: Person, because: str) -> Meeting:
    """The body does not meet: those who were called are told why. What was on the agenda stays readable."""
    meeting = _open(meeting)
    _demand_seat(meeting.body, by)
    meeting.cancelled_at, meeting.cancelled_because = timezone.now(), because
    write(meeting)
    told = _tell(meeting, "cancelled", by=by, besides=_askers(meeting))
    journal.record("members.meeting_cancelled", by=by, id=meeting.pk, told=told)
    return meeting


# The agenda ---------------------------------------------------------------------------------------


def _amendable(meeting: Meeting, by: Person) -> Meeting:
    """The meeting, kept from others, if this person may still put a point on its agenda.

    Until the minutes are approved for those who sit there, who note what came up; for the others, before it is held.
    """
    meeting = locked(meeting)
    if meeting.cancelled_at:
        raise Cancelled
    if hasattr(meeting, "minutes") and meeting.minutes.is_final:
        raise Final
    if not sits(meeting.body, by):
        if not (by.is_active and Person.objects.here(timezone.localdate()).filter(pk=by.pk).exists()):
            raise NotTheirsToAsk
        if meeting.on < timezone.localdate():
            raise Held
    return meeting


@transaction.atomic
def add_point(
    meeting: Meeting,
    *,
    by: Person,
    title: str,
    wanted: str,
    planned_minutes: int | None = None,
    motion: Motion | None = None,
) -> AgendaPoint:
    """Ask that something be talked about: it comes last on the agenda, under one's name."""
    meeting = _amendable(meeting, by)
    source = f"members.motion:{motion.pk}" if motion else ""
    return _put(
        meeting,
        by,
        AgendaPoint(
            title=title, wanted=wanted, planned_minutes=planned_minutes, motion=motion, source=source
        ),
    )


@transaction.atomic
def take(meeting: Meeting, *, by: Person, key: str) -> AgendaPoint:
    """Put on the agenda what came by itself as a suggestion."""
    meeting = _amendable(meeting, by)
    _demand_seat(meeting.body, by)
    suggested = agenda.suggestions(meeting.body, timezone.localdate())
    found = next((one for one in suggested if one.key == key), None)
    if found is None:
        raise NotSuggested
    point = AgendaPoint(
        title=found.title, wanted=found.wanted, source=found.key, link=found.url, motion_id=found.motion
    )
    return _put(meeting, by, point)


def _put(meeting: Meeting, by: Person, point: AgendaPoint) -> AgendaPoint:
    last = meeting.points.aggregate(last=Max("rank"))["last"] or 0
    point.meeting, point.brought_by, point.rank = meeting, by, last + 1
    write(point)
    journal.record("members.point_added", by=by, id=point.pk, meeting=meeting.pk)
    return point


def _own_or_seated(point: AgendaPoint, by: Person) -> AgendaPoint:
    """The point, if this person may say it otherwise: who brought it, and those who sit on the body."""
    meeting = _amendable(point.meeting, by)
    if point.brought_by_id != by.pk:
        _demand_seat(meeting.body, by)
    return locked(point)


@transaction.atomic
def change_point(point: AgendaPoint, *, by: Person, **said) -> AgendaPoint:
    """Say otherwise what is talked about: by who brought it, or who sits there.

    `said`: title, wanted, planned_minutes, motion.
    """
    point = _own_or_seated(point, by)
    for name, value in said.items():
        setattr(point, name, value)
    write(point)
    return point


@transaction.atomic
def move_up(point: AgendaPoint, *, by: Person) -> AgendaPoint:
    """Talk about it earlier: it changes places with the one before it."""
    meeting = _amendable(point.meeting, by)
    _demand_seat(meeting.body, by)
    points = list(meeting.points.filter(left_out_because="").order_by("rank", "pk"))
    place = next((place for place, one in enumerate(points) if one.pk == point.pk), 0)
    if place:
        points[place - 1], points[place] = points[place], points[place - 1]
    for rank, one in enumerate(points, start=1):
        if one.rank != rank:
            one.rank = rank
            write(one)
    return point


@transaction.atomic
def leave_out(point: AgendaPoint, *, by: Person, because: str) -> AgendaPoint:
    """Not this time: it stays readable below the agenda with why, and is suggested for the next meeting."""
    point = _own_or_seated(point, by)
    point.left_out_because = because
    write(point)
    journal.record("members.point_left_out", by=by, id=point.pk, meeting=point.meeting_id)
    return point


# What is written to people --------------------------------------------------------------------------


def _askers(meeting: Meeting) -> set[Person]:
    """Who asked for a point that is on the agenda."""
    points = meeting.points.filter(left_out_because="")
    return set(Person.objects.active().filter(pk__in=points.values("brought_by")))


def _tell(meeting: Meeting, what: str, *, by: Person, besides: Iterable[Person] = ()) -> int:
    """Write to everybody who is called, and to these besides, each in their language; how many."""
    people = sorted({*called_to(meeting), *besides}, key=lambda person: person.pk)
    cooperative = Cooperative.objects.values_list("name", flat=True).first()
    points = list(meeting.points.filter(left_out_because=""))
    for person in people:
        with translation.override(person.language):
            subject = {
                "called": _("%(body)s meets on %(day)s"),
                "changed": _("Changed: %(body)s meets on %(day)s"),
                "cancelled": _("Cancelled: %(body)s does not meet on %(day)s"),
            }[what] % {"body": meeting.body.name, "day": written(meeting.on)}
            context = {
                "what": what,
                "person": person,
                "by": by,
                "meeting": meeting,
                "points": points,
                "from_hour": clock(meeting.starts_at),
                "to_hour": clock(meeting.ends_at),
                "cooperative": cooperative,
                "link": settings.SITE_URL.rstrip("/") + reverse("members:meeting", args=[meeting.pk]),
            }
            outbox.write(person, subject=subject, text=render_to_string("members/meeting_told.txt", context))
    return len(people)
