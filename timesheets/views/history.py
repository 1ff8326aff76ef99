"""The story of a line, read by its owner and, from when it was received, by the committee."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from members.access import own_or, request_powers
from members.models import Power
from timesheets import history


@own_or(Power.APPROVE_HOURS)
@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """All that happened to a line, also one that was taken away."""
    found = history.story(pk, request.user, approves_hours=Power.APPROVE_HOURS in request_powers(request))
    if found is None:
        raise Http404
    return render(request, "timesheets/history.html", {"story": found, "pk": pk})
