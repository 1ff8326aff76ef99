"""What is kept of a meeting: written, approved by somebody else, printed, added to."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from koumbit.formats import day as written
from koumbit.pages import form_page
from koumbit.press import paper_page
from koumbit.refusals import Refused, say

from .. import acts, forms, minutes
from .. import meeting_forms as of_meetings
from ..access import request_cooperative, signed_in
from ..models import AgendaPoint, Decision, Meeting, Minutes, PointDecision
from .meetings import all_of, points_of, shown, to_meeting
from .motions import act_page


@signed_in
def minutes_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was there, what was said, who does what next. What two people write at once is put together.

    Where both changed the same thing, nothing is saved: what was typed stays, what stands now is shown beside it.
    """
    found = get_object_or_404(all_of(), pk=pk)
    if request.method != "POST" and (refusal := minutes.why_not_written(found, request.user)):
        messages.info(request, str(refusal))
        return redirect(to_meeting(found))
    if request.method != "POST" and (kept := getattr(found, "minutes", None)) and kept.is_final:
        messages.info(request, _("The minutes of this meeting are approved: add what is missing below them."))
        return redirect(to_meeting(found))
    form, steps = _minutes_forms(found, request.POST if request.method == "POST" else None)
    differing: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST" and form.is_valid() & steps.is_valid():
        try:
            _save(request, found, form, steps)
            return redirect(to_meeting(found))
        except minutes.WrittenMeanwhile as refusal:
            found = get_object_or_404(all_of(), pk=pk)
            stands, _stood = _minutes_forms(found)
            differing = [*form.against(stands), *_steps_against(steps, found)]
            form, steps = _minutes_forms(found, form.over(stands))
            if form.is_valid() & steps.is_valid() and not differing:
                with suppress(minutes.WrittenMeanwhile):  # a third person: both are shown
                    _save(request, found, form, steps)
                    return redirect(to_meeting(found))
            say(form, refusal)
            status = 409
        except (Refused, ValidationError) as refusal:
            say(form, refusal)
    context = {
        "title": _("Write the minutes"),
        "lead": f"{found.body.name}, {written(found.on)}",
        "form": form,
        "steps": steps,
        "differing": differing,
        "cancel_url": to_meeting(found),
    }
    return render(request, "members/minutes_form.html", context, status=status)


def _save(request: HttpRequest, found: Meeting, form, steps) -> None:
    changed = [one.asked() for one in steps if one.has_changed()]
    minutes.write_minutes(found, by=request.user, steps=changed, **form.asked())
    messages.success(request, _("The minutes are saved. Somebody else who was there approves them."))


def _minutes_forms(found: Meeting, data=None):
    """The form of the minutes and that of what was undertaken: as they stand, or as they were sent."""
    kept = getattr(found, "minutes", None)
    people = minutes.expected(found)
    points = [point for point in points_of(found) if not point.is_left_out]
    form = of_meetings.MinutesForm(
        data,
        instance=Minutes(pk=kept.pk, **{name: getattr(kept, name) for name in _WORDS}) if kept else Minutes(),
        initial={"seen": kept.version if kept else 0},
        people=people,
        points=points,
        noted=found.attendances.all(),
    )
    steps = of_meetings.StepFormSet(
        data,
        prefix="steps",
        initial=of_meetings.steps_initial(found.undertakings.all()),
        form_kwargs={"people": people},
    )
    return form, steps


_WORDS = of_meetings.MinutesForm.Meta.fields


def _steps_against(steps, found: Meeting) -> Iterator[tuple[str, str]]:
    """What was undertaken, as it stands now, where somebody else changed a line that was changed here."""
    stands = {one.pk: one for one in found.undertakings.select_related("person")}
    for step in steps:
        number, now = step.asked()[0], stands.get(step.asked()[0])
        if number and step.has_changed() and not step.was_seen_as(now):
            yield _("What was undertaken"), of_meetings.step_told(now) if now else "–"


@signed_in
def minutes_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that this is what happened, bound to what one has read."""
    found = get_object_or_404(all_of().filter(minutes__isnull=False), pk=pk)
    kept = found.minutes
    later = Decision.objects.filter(body=found.body, adopted_on__gte=found.on).order_by(
        "-adopted_on", "-rank"
    )
    return form_page(
        request,
        of_meetings.ApprovalForm(request.POST or None, initial={"seen": kept.version}, decisions=later),
        do=partial(minutes.approve, kept, by=request.user),
        done=_("The minutes are approved: they change no more."),
        to=to_meeting(found),
        template="members/minutes_approve.html",
        title=_("Approve the minutes"),
        submit_label=_("Approve"),
        cancel_url=to_meeting(found),
        **shown(request, found),
    )


@signed_in
def minutes_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add below approved minutes what they lack."""
    found = get_object_or_404(all_of().filter(minutes__isnull=False), pk=pk)
    return form_page(
        request,
        of_meetings.AddendumForm(request.POST or None),
        do=partial(minutes.add_below, found.minutes, by=request.user),
        done=_("It is read below the minutes, under your name."),
        to=to_meeting(found),
        title=_("Add below the minutes"),
        lead=f"{found.body.name}, {written(found.on)}",
        submit_label=_("Add"),
        cancel_url=to_meeting(found),
    )


@signed_in
@require_safe
def minutes_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes on paper, in the language of the reader."""
    found = get_object_or_404(all_of().filter(minutes__isnull=False), pk=pk)
    name = "{}-{}-{}.pdf".format(
        slugify(_("minutes-of-meeting")), found.on.isoformat(), slugify(found.body.name)
    )
    context = shown(request, found) | {"cooperative": request_cooperative(request)}
    return paper_page(request, "members/pdf/minutes.html", context, name)


# Decisions taken at a point --------------------------------------------------------------------------


def _point(pk: int) -> AgendaPoint:
    return get_object_or_404(AgendaPoint.objects.select_related("meeting__body", "motion__current"), pk=pk)


@signed_in
def point_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a decision that was taken at this point; where it was about a proposal, from its words."""
    point = _point(pk)
    version = point.motion.current if point.motion_id else None
    initial = {"title": version.title, "text": version.text} if version else {"title": point.title}
    code = version.act if version else request.GET.get("act", "")
    if code not in {one.code for one in acts.every()}:
        code = ""
    return act_page(
        request,
        forms.TakenForm(request.POST or None, initial=initial),
        code=code,
        kept=version.fields if version else None,
        do=partial(minutes.decide, point, by=request.user, act=code),
        done=_("The decision is recorded. It is never edited: a later one changes it."),
        to=to_meeting(point.meeting),
        title=_("Record a decision taken at this point"),
        lead=point.title,
        submit_label=_("Record"),
        cancel_url=to_meeting(point.meeting),
    )


@signed_in
def point_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a decision which is in the register was taken at this point."""
    point = _point(pk)
    return form_page(
        request,
        of_meetings.LinkForm(request.POST or None, decisions=_linkable(point)),
        do=partial(minutes.link_decision, point, by=request.user),
        done=_("The decision is named at its point."),
        to=to_meeting(point.meeting),
        title=_("Name a decision of the register"),
        lead=point.title,
        submit_label=_("Name it here"),
        cancel_url=to_meeting(point.meeting),
    )


def _linkable(point: AgendaPoint) -> QuerySet[Decision]:
    """The decisions of the body that no meeting names yet, those of that day first."""
    linked = PointDecision.objects.values("decision")
    return (
        Decision.objects.filter(body=point.meeting.body)
        .exclude(pk__in=linked)
        .order_by("-adopted_on", "-rank")
    )
