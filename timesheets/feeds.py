"""Calendars that other programs read: one's own hours, the meetings of one's committees, who is away, never why.

Written with the icalendar library by RFC 5545: all-day events, since hours have a day and no clock, meetings
apart; the same event keeps its UID, so that a calendar changes it rather than adding it twice.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from koumbit import formats
from members import meetings
from members.models import Cooperative, Person

from . import absences
from .models import TimeEntry

# How far a calendar goes: what is asked for again and again stays small.
BEHIND, AHEAD = timedelta(days=400), timedelta(days=400)


def own_hours(person: Person, today: date) -> bytes:
    """The hours of a person, an event for each task of each day, with its notes: it is theirs."""
    made_at = timezone.now()
    rows = (
        TimeEntry.objects.filter(person=person, day__range=(today - BEHIND, today))
        .values_list("day", "task_id", "project_id", "task__name", "task__role__name", "project__name")
        .annotate(total=Sum("minutes"), notes=StringAgg("note", "\n", filter=~Q(note=""), order_by="pk"))
        .order_by("day", "task__role__name", "task__name", "project__name")
    )
    calendar = _calendar(_("My hours"))
    for day, task_id, project_id, task, role, project, minutes, notes in rows:
        if minutes:
            event = _event(f"hours-{person.pk}-{day}-{task_id}-{project_id or 0}", day, day, made_at)
            event.add("summary", f"{formats.hours(minutes)} – {task}")
            place = " · ".join(filter(None, [role, project]))
            event.add("description", "\n".join(filter(None, [place, notes])))
            event.add("transp", "TRANSPARENT")
            calendar.add_component(event)
    return calendar.to_ical()


def away(today: date) -> bytes:
    """Who is away, a whole day or a part of it: names and days, nothing else."""
    calendar, made_at = _calendar(_("Who is away")), timezone.now()
    for uid, first, last, summary in _stretches(absences.away_between(today - BEHIND / 4, today + AHEAD)):
        event = _event(uid, first, last, made_at)
        event.add("summary", summary)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()


def meetings_of(person: Person, today: date) -> bytes:
    """The meetings of the bodies the person sits on: those that were cancelled say so, as calendars expect it."""
    calendar, made_at = _calendar(_("Meetings")), timezone.now()
    span = (today - BEHIND / 4, today + AHEAD)
    for meeting in meetings.of(person, today).filter(on__range=span).order_by("on", "starts_at", "pk"):
        event = Event()
        event.add("uid", f"meeting-{meeting.pk}@koumbit")
        event.add("dtstamp", made_at)
        for name, hour in (("dtstart", meeting.starts_at), ("dtend", meeting.ends_at)):
            event.add(name, timezone.make_aware(datetime.combine(meeting.on, hour)).astimezone(UTC))
        event.add("sequence", meeting.changes + bool(meeting.cancelled_at))
        event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
        event.add("summary", meeting.body.name)
        event.add("location", meeting.place)
        if meeting.words:
            event.add("description", meeting.words)
        event.add("url", settings.SITE_URL.rstrip("/") + reverse("members:meeting", args=[meeting.pk]))
        calendar.add_component(event)
    return calendar.to_ical()


def _stretches(days: Iterable[absences.Away]) -> list[tuple[str, date, date, str]]:
    """Days away that follow each other, of one person and alike, as one event."""
    found: list[list] = []
    ordered = sorted(days, key=lambda one: (one.person_id, one.is_whole_day, one.day))
    for one in ordered:
        if (
            found
            and found[-1][0] == (one.person_id, one.is_whole_day)
            and found[-1][2] + timedelta(1) == one.day
        ):
            found[-1][2] = one.day
        else:
            found.append([(one.person_id, one.is_whole_day), one.day, one.day, one.name])
    return [
        (
            f"away-{person}-{first}",
            first,
            last,
            (_("%(name)s is away") if is_whole else _("%(name)s is away part of the day")) % {"name": name},
        )
        for (person, is_whole), first, last, name in found
    ]


def _calendar(name: str) -> Calendar:
    cooperative = Cooperative.objects.values_list("name", flat=True).first() or ""
    calendar = Calendar()
    calendar.add("prodid", "-//koumbit//hours//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{name} – {cooperative}" if cooperative else name)
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"value": "DURATION"})
    return calendar


def _event(uid: str, first: date, last: date, made_at: datetime) -> Event:
    """An event of whole days; its end is the day after the last (RFC 5545, 3.6.1)."""
    event = Event()
    event.add("uid", f"{uid}@koumbit")
    event.add("dtstamp", made_at)  # required: some calendars refuse an event without it
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    return event
