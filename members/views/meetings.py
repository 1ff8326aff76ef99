"""Meetings: called, put in order, changed, cancelled; the list of them, and one with what came out of it."""

from functools import partial

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from koumbit.formats import day as written
from koumbit.pages import act, form_page

from .. import agenda, meetings, minutes
from .. import meeting_forms as forms
from ..access import signed_in
from ..models import AgendaPoint, Committee, Meeting, PointDecision, Undertaking

BEHIND_SHOWN = 50


def all_of() -> QuerySet[Meeting]:
    return Meeting.objects.select_related("body", "called_by", "minutes")


@signed_in
@require_safe
def all_meetings(request: HttpRequest) -> HttpResponse:
    """The meetings to come of every body, and those held lately; what I undertook at some of them."""
    today = timezone.localdate()
    context = {
        "ahead": all_of().ahead(today),
        "behind": all_of().behind(today)[:BEHIND_SHOWN],
        "cancelled": all_of().filter(cancelled_at__isnull=False, on__gte=today),
        "undertakings": request.user.undertakings.to_do().select_related("meeting__body", "person"),
        "today": today,
        "bodies": meetings.bodies_of(request.user, today),
    }
    return render(request, "members/meetings.html", context)


@signed_in
@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """A meeting: when and where, its agenda, what could come onto it; once held, what came out of it."""
    found = get_object_or_404(all_of(), pk=pk)
    return render(request, "members/meeting.html", shown(request, found))


def points_of(found: Meeting) -> list[AgendaPoint]:
    """The points of a meeting, with what they came to, in order."""
    taken = PointDecision.objects.select_related("decision")
    return list(
        found.points.select_related("brought_by", "motion__current").prefetch_related(
            Prefetch("decisions", taken)
        )
    )


def shown(request: HttpRequest, found: Meeting) -> dict:
    """What the page of a meeting and its paper say."""
    today = timezone.localdate()
    kept = getattr(found, "minutes", None)
    points = points_of(found)
    on_it = [point for point in points if not point.is_left_out]
    seated = meetings.sits(found.body, request.user)
    is_open = found.cancelled_at is None and not (kept and kept.is_final)
    attendances = list(found.attendances.select_related("person"))
    return {
        "meeting": found,
        "today": today,
        "noted_after": found.on < timezone.localdate(found.called_at),
        "points": on_it,
        "left_out": [point for point in points if point.is_left_out],
        "planned": sum(point.planned_minutes or 0 for point in on_it),
        "seated": seated,
        "is_ahead": found.on >= today and found.cancelled_at is None,
        "may_order": seated and is_open,
        "may_ask": is_open and (seated or found.on >= today),
        "may_write": is_open and found.on <= today and minutes.writes(found, request.user),
        "may_add": bool(kept and kept.is_final) and minutes.writes(found, request.user),
        "suggestions": agenda.suggestions(found.body, today) if seated and is_open else [],
        "called": [] if attendances else meetings.called_to(found),
        "minutes": kept,
        "quorum": kept and minutes.quorum_of(found, kept),
        "attendances": [
            (label, [one.person for one in attendances if one.how == how])
            for how, label in (
                ("present", _("Who was present")),
                ("excused", _("Excused")),
                ("absent", _("Absent")),
            )
            if any(one.how == how for one in attendances)
        ],
        "may_approve": bool(kept)
        and not kept.is_final
        and kept.written_by_id != request.user.pk
        and (seated or any(one.person_id == request.user.pk and one.how == "present" for one in attendances)),
        "undertakings": found.undertakings.select_related("person"),
        "addenda": kept.addenda.select_related("by") if kept else [],
    }


@signed_in
def meeting_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a body one sits on to meet; at the hours and in the place of the last time, unless one says otherwise."""
    body = get_object_or_404(Committee, pk=pk)
    last = body.meetings.filter(cancelled_at=None).first()
    usual = {name: getattr(last, name) for name in ("starts_at", "ends_at", "place")} if last else None
    return form_page(
        request,
        forms.MeetingForm(request.POST or None, initial=usual),
        do=partial(meetings.call, body, by=request.user),
        done=_called,
        to=to_meeting,
        template="members/meeting_call.html",
        note=_("A meeting that was held already is noted here too: nobody is written to then."),
        title=_("Call a meeting"),
        lead=body.name,
        submit_label=_("Call and write to them"),
        cancel_url=reverse("members:committee", args=[pk]),
        people=meetings.invited(body, timezone.localdate()),
    )


@signed_in
def meeting_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day, hour or place."""
    found = get_object_or_404(all_of(), pk=pk)
    return form_page(
        request,
        forms.MeetingForm(request.POST or None, instance=found),
        do=partial(meetings.change, Meeting(pk=pk), by=request.user),
        done=_("The meeting is changed: those who were called are told by e-mail."),
        to=to_meeting,
        template="members/meeting_call.html",
        title=_("Change the meeting"),
        lead=found.body.name,
        submit_label=_("Change and write to them"),
        cancel_url=to_meeting(found),
        people=meetings.called_to(found),
    )


@signed_in
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The body does not meet."""
    found = get_object_or_404(all_of(), pk=pk)
    return form_page(
        request,
        forms.CancelForm(request.POST or None),
        do=partial(meetings.cancel, found, by=request.user),
        done=_("The meeting is cancelled: those who were called are told by e-mail."),
        to=to_meeting,
        template="members/meeting_call.html",
        title=_("Cancel the meeting"),
        lead=str(found.body),
        submit_label=_("Cancel the meeting and write to them"),
        cancel_url=to_meeting(found),
        people=meetings.called_to(found),
        danger=True,
    )


@signed_in
def point_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that something be talked about."""
    found = get_object_or_404(all_of(), pk=pk)
    return form_page(
        request,
        forms.PointForm(request.POST or None, body=found.body),
        do=partial(meetings.add_point, found, by=request.user),
        done=_("The point is on the agenda, the last one."),
        to=to_meeting(found),
        title=_("Ask for a point"),
        lead=_about(found),
        submit_label=_("Put it on the agenda"),
        cancel_url=to_meeting(found),
    )


@signed_in
@require_POST
def point_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Put on the agenda what came by itself."""
    found = get_object_or_404(all_of(), pk=pk)
    return act(
        request,
        partial(meetings.take, found, by=request.user, key=request.POST.get("key", "")[:60]),
        done=_("The point is on the agenda, the last one."),
        to=f"{to_meeting(found)}#agenda",
    )


def _point(pk: int) -> AgendaPoint:
    return get_object_or_404(AgendaPoint.objects.select_related("meeting__body", "motion"), pk=pk)


@signed_in
def point_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Say otherwise what is talked about."""
    point = _point(pk)
    return form_page(
        request,
        forms.PointForm(request.POST or None, instance=point, body=point.meeting.body),
        do=partial(meetings.change_point, _point(pk), by=request.user),
        done=_("The changes are saved."),
        to=to_meeting(point.meeting),
        title=_("Change the point"),
        lead=_about(point.meeting),
        submit_label=_("Save"),
        cancel_url=to_meeting(point.meeting),
    )


@signed_in
@require_POST
def point_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Talk about it earlier."""
    point = _point(pk)
    return act(
        request,
        partial(meetings.move_up, point, by=request.user),
        done=_("The agenda is in its new order."),
        to=f"{to_meeting(point.meeting)}#point-{pk}",
    )


@signed_in
def point_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Not this time, and why."""
    point = _point(pk)
    return form_page(
        request,
        forms.LeaveOutForm(request.POST or None),
        do=partial(meetings.leave_out, point, by=request.user),
        done=_("The point is left out of this agenda."),
        to=to_meeting(point.meeting),
        title=_("Leave the point out"),
        lead=point.title,
        submit_label=_("Leave it out"),
        cancel_url=to_meeting(point.meeting),
    )


@signed_in
@require_POST
def undertaking_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that what was undertaken is done."""
    undertaking = get_object_or_404(Undertaking.objects.select_related("meeting__body"), pk=pk)
    return act(
        request,
        partial(minutes.do, undertaking, by=request.user),
        done=_("It is done."),
        to=reverse("members:committee", args=[undertaking.meeting.body_id]) + "#undertakings",
    )


def _called(found: Meeting) -> str:
    if found.on < timezone.localdate():
        return _("The meeting is noted. Now what was on its agenda, then its minutes.")
    return _("The meeting is called: those who sit there are told by e-mail. Now its agenda.")


def to_meeting(found: Meeting) -> str:
    return reverse("members:meeting", args=[found.pk])


def _about(found: Meeting) -> str:
    return f"{found.body.name}, {written(found.on)}"
