"""E-mails about one's hours: chosen, read again, turned off from the message itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from members.access import open_to_anyone, own_only, request_powers
from members.models import Power
from timesheets import nudges
from timesheets.forms.nudges import NudgeForm
from timesheets.models import Nudge, NudgeChoice

LATELY = 50


@own_only
@require_http_methods(["GET", "POST"])
def chosen(request: HttpRequest) -> HttpResponse:
    """The nudges I wish, and those that were written to me."""
    form = NudgeForm(
        request.POST or None,
        instance=nudges.choices_of(request.user),
        approves_hours=Power.APPROVE_HOURS in request_powers(request),
    )
    if request.method == "POST" and form.is_valid():
        nudges.choose(request.user, **form.cleaned_data)
        messages.success(request, _("Your choices are kept."))
        return redirect("timesheets:nudges")
    written = Nudge.objects.filter(person=request.user).select_related("message")[:LATELY]
    return render(request, "timesheets/nudges.html", {"form": form, "nudges": written})


@own_only
@require_GET
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """A nudge, word for word."""
    nudge = get_object_or_404(Nudge.objects.select_related("message"), pk=pk, person=request.user)
    return render(request, "timesheets/nudge.html", {"nudge": nudge})


@open_to_anyone
@csrf_exempt  # a mail program sends this POST (RFC 8058); the signed address is the proof
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """Turn off one kind of nudge, from the address in the message, signed in or not."""
    try:
        if request.method == "POST":
            nudges.stop(key)
            context: dict[str, Any] = {"done": True}
        else:
            _person, field = nudges.read_stop(key)
            context = {"kind": NudgeChoice._meta.get_field(field).verbose_name}
    except nudges.DeadLink as refusal:
        return render(request, "timesheets/nudge_stop.html", {"refusal": refusal}, status=404)
    return render(request, "timesheets/nudge_stop.html", context)
