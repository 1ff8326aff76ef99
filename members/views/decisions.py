"""What was decided, and what the cooperative says of itself."""

from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from koumbit import spreadsheets
from koumbit.pages import act, download, form_page
from koumbit.press import paper_page
from koumbit.tables import paged

from .. import acts, adopting, decision_register, forms, governance, journal
from ..access import needs, request_cooperative, request_powers, signed_in
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
    """What the bodies of the co-op adopted, newest first, looked through by words, year, body and state."""
    form = forms.DecisionsForm(request.GET or None)
    table = paged(request, DecisionTable(decision_register.asked(today=timezone.localdate(), **form.asked())))
    query = request.GET.copy()
    for name in ("sort", "page", "per_page"):
        query.pop(name, None)
    context = {
        "title": _("Decisions"),
        "form": form,
        "table": table,
        "count": table.paginator.count,
        "is_asked": any(form.asked().values()),
        "query": query.urlencode(),
        "may_record": _recordable(request).exists(),
    }
    return render(request, "members/decisions.html", context)


@signed_in
@require_safe
def decisions_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same register as a file, as it was asked for: `csv`, `xlsx` or `pdf`."""
    today = timezone.localdate()
    found = list(decision_register.asked(today=today, **forms.DecisionsForm(request.GET).asked()))
    name = "{}-{}.{}".format(slugify(_("register-of-decisions")), today.isoformat(), kind)
    if kind == "pdf":
        context = {
            "cooperative": request_cooperative(request),
            "today": today,
            "lines": [(one, decision_register.state_of(one, today)) for one in found],
            "head": journal.head(),
        }
        return paper_page(request, "members/pdf/decisions.html", context, name)
    rows = decision_register.table(found, today=today)
    if kind == "csv":
        return download(spreadsheets.as_csv(rows), spreadsheets.CSV_TYPE, name)
    return download(spreadsheets.as_xlsx(rows, made_at=timezone.now()), spreadsheets.XLSX_TYPE, name)


@signed_in
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision and what was done in its name."""
    adopted = get_object_or_404(
        Decision.objects.select_related(
            "body",
            "recorded_by",
            "ballot",
            "confirmation__by",
            "execution",
            "failed_execution",
            "taken_at__point__meeting",
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
