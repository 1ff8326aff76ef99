"""One stub taken back: voided, or corrected at once without touching the others."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from koumbit.pages import form_page
from koumbit.refusals import Refused, say
from members.access import needs
from members.models import Power

from .. import beside, nets, runs
from ..forms.runs import CorrectForm, VoidForm
from ..models import PayStub
from ..readings import What
from .opening import has_opened, note_opening, show_gate


def _issued(pk: int) -> PayStub:
    issued = PayStub.objects.filter(run__issued_at__isnull=False)
    return get_object_or_404(issued.select_related("run__period", "person", "voided_by"), pk=pk)


def _is_open(request: HttpRequest, stub: PayStub) -> bool:
    """Is the stub of this person open, or is something typed about it sent? That takes longer than it stays open."""
    if has_opened(request, stub.person, What.STUB, stub.pk):
        return True
    if request.method == "POST":
        note_opening(request, stub.person, What.STUB, stub.pk)
    return request.method == "POST"


@needs(Power.PREPARE_PAY)
@require_http_methods(["GET", "HEAD", "POST"])
def stub_correct(request, pk):
    """What the stub should have been, beside what it is; and the button that prepares its correction."""
    stub = _issued(pk)
    if not _is_open(request, stub):
        return show_gate(request, stub.person, What.STUB, pk)
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        read = request.POST.get("seen_digest", "")
        try:
            run = runs.correct_stub(stub, by=request.user, seen_digest=read, **form.cleaned_data)
        except (Refused, ValidationError) as refusal:
            say(form, refusal)
        else:
            messages.success(request, _("The correction is prepared. Another person reads it and issues it."))
            return redirect("payroll:run", run.pk)
    return render(request, "payroll/stub_correct.html", {"stub": stub, "form": form} | _as_it_is_now(stub))


def _as_it_is_now(stub: PayStub) -> dict:
    """Both sides and what to look at; or why there is nothing to correct."""
    try:
        runs.demand_standing(stub)
        seen = runs.corrected(stub)
        runs.demand_correction(stub, seen)
    except Refused as refusal:
        return {"refused": str(refusal), "waiting": getattr(stub, "voided_by", None)}
    findings = runs.correction_preflight(seen)
    return {"seen": seen, "beside": beside.of_stub(stub, seen), "findings": findings}


@needs(Power.PREPARE_PAY)
@require_http_methods(["GET", "HEAD", "POST"])
def stub_void(request: HttpRequest, pk: int):
    """Ask that a stub be taken back; somebody else issues it."""
    stub = _issued(pk)
    if not _is_open(request, stub):
        return show_gate(request, stub.person, What.STUB, pk)
    return form_page(
        request,
        VoidForm(request.POST or None),
        do=partial(runs.void_stub, stub, by=request.user),
        done=_("The voiding is prepared. Another person issues it; the next pay then pays what is due."),
        to=lambda run: reverse("payroll:run", args=[run.pk]),
        template="payroll/stub_void.html",
        stub=stub,
        to_get_back=nets.to_get_back([stub]).get(pk),
        title=_("Void the stub %(number)s of %(person)s")
        % {"number": stub.facts["number"], "person": stub.person},
        lead=_("Its mirror, with every amount negative, is added at the same pay date. Nothing is erased."),
        submit_label=_("Prepare the voiding"),
        # In French “cancel” and “void” are one word.
        cancel_label=_("Not now"),
        cancel_url=reverse("payroll:stub", args=[pk]),
        danger=True,
    )
