"""What was decided, and what the cooperative says of itself."""

from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koumbit.pages import act, form_page
from koumbit.tables import paged

from .. import acts, adopting, forms, governance
from ..access import needs, request_powers, signed_in
from ..models import (
    Committee,
    CommitteePower,
    Cooperative,
    Decision,
    Mandate,
    Membership,
    Power,
)
from ..tables import DecisionTable
from .motions import act_page, says


@signed_in
def decisions(request: HttpRequest) -> HttpResponse:
    """What the bodies of the co-op adopted, newest first."""
    table = DecisionTable(Decision.objects.select_related("body"))
    context = {
        "title": _("Decisions"),
        "table": paged(request, table),
        "new_url": reverse("members:decision_record") if _recordable(request).exists() else "",
        "new_label": _("Record a decision"),
        "empty": _("No decision is recorded yet."),
    }
    return render(request, "page/list.html", context)


@signed_in
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision and what was done in its name."""
    adopted = get_object_or_404(
        Decision.objects.select_related(
            "body", "recorded_by", "ballot", "confirmation__by", "execution", "failed_execution"
        ),
        pk=pk,
    )
    awaits = adopting.awaits_confirmation(adopted)
    context = {
        "decision": adopted,
        "says": says(adopted),
        "awaits": awaits,
        "may_confirm": awaits
        and adopted.recorded_by_id != request.user.pk
        and governance.was_there(adopted.body, request.user, adopted.adopted_on),
        "is_ahead": adopted.effective_on > timezone.localdate(),
        "granted": CommitteePower.objects.filter(decision=adopted).select_related("committee"),
        "mandates": Mandate.objects.filter(decision=adopted).select_related("committee", "person"),
        "memberships": Membership.objects.filter(admitted_by=adopted).select_related("person"),
    }
    return render(request, "members/decision.html", context)


@signed_in
def decision_record(request: HttpRequest) -> HttpResponse:
    """Write down what a body adopted; for those who sit on it, or who keep committees."""
    bodies = _recordable(request)
    if not bodies.exists():
        messages.warning(request, _("You sit on no committee: a decision is recorded by who was there."))
        return redirect("members:decisions")
    initial = {"body": request.GET.get("body", "")[:20]}
    code = request.GET.get("act", "")
    if code not in {one.code for one in acts.every()}:
        code = ""
    return act_page(
        request,
        forms.DecisionForm(request.POST or None, initial=initial, bodies=bodies),
        code=code,
        do=partial(governance.record_decision, by=request.user, act=code),
        start=forms.MotionStartForm(initial=initial | {"act": code}, bodies=bodies, auto_id="start_%s"),
        done=_("The decision is recorded. It is never edited: a later one changes it."),
        to=lambda recorded: reverse("members:decision", args=[recorded.pk]),
        title=_("Record a decision"),
        submit_label=_("Record"),
        cancel_url=reverse("members:decisions"),
    )


@signed_in
@require_POST
def decision_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person who was there confirms it, and what it does is done on its day."""
    adopted = get_object_or_404(Decision, pk=pk)
    return act(
        request,
        partial(adopting.confirm, adopted, by=request.user),
        done=_("The decision is confirmed."),
        to=reverse("members:decision", args=[pk]),
    )


@signed_in
@require_POST
def decision_carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Try once more what could not be done on its day."""
    adopted = get_object_or_404(Decision, pk=pk)
    return act(
        request,
        partial(adopting.try_again, adopted, by=request.user),
        done=lambda was: _("It is done.") if was else _("It still could not be done: see why below."),
        to=reverse("members:decision", args=[pk]),
    )


def _recordable(request: HttpRequest) -> QuerySet[Committee]:
    """The bodies whose decisions the reader may record: all for who keeps committees, else their own."""
    if Power.KEEP_COMMITTEES in request_powers(request):
        return Committee.objects.all()
    return Committee.objects.filter(
        mandates__in=Mandate.objects.in_force(timezone.localdate()).filter(person=request.user)
    )


@signed_in
def cooperative(request: HttpRequest) -> HttpResponse:
    """What the cooperative says of itself, and how it counts weeks and pays."""
    context = {
        "coop": get_object_or_404(Cooperative),
        "keeps": Power.KEEP_COMMITTEES in request_powers(request),
    }
    return render(request, "members/cooperative.html", context)


@needs(Power.KEEP_COMMITTEES)
def cooperative_change(request: HttpRequest) -> HttpResponse:
    """Correct the cooperative's facts and settings."""
    return form_page(
        request,
        forms.CooperativeForm(request.POST or None, instance=get_object_or_404(Cooperative)),
        do=partial(governance.change_cooperative, by=request.user),
        done=_("The changes are saved."),
        to=reverse("members:cooperative"),
        title=_("Change the cooperative"),
        submit_label=_("Save"),
        cancel_url=reverse("members:cooperative"),
    )
