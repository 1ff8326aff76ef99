"""Pages to look at: my year, a project, a service, the co-op's load."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from members.access import own_only, request_cooperative, request_powers, signed_in
from members.models import Power
from timesheets import looking
from timesheets.models import Project, Service


@own_only
@require_GET
def own_year_now(request: HttpRequest) -> HttpResponse:
    """My hours of the year of today."""
    return redirect("timesheets:own_year", timezone.localdate().year)


@signed_in
@require_GET
def load_now(request: HttpRequest) -> HttpResponse:
    """The co-op's load of the year of today."""
    return redirect("timesheets:load", timezone.localdate().year)


@own_only
@require_GET
def own_year(request: HttpRequest, year: int) -> HttpResponse:
    """My hours of a year, week by week against what was agreed, and by role."""
    today = timezone.localdate()
    if not 2000 <= year <= today.year:
        raise Http404
    cooperative = request_cooperative(request)
    found = looking.own_year(request.user, year, cooperative.week_starts_on if cooperative else 0, today)
    context = {
        "year": year,
        "found": found,
        "before": year - 1,
        "after": year + 1 if year < today.year else None,
    }
    return render(request, "timesheets/own_year.html", context)


@signed_in
@require_GET
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """A project: its approved hours by month and role, and where its budget stands. Nobody is named."""
    found = get_object_or_404(Project.objects.select_related("client", "service"), pk=pk)
    today = timezone.localdate()
    context = {
        "thing": found,
        "kind": "project",
        "work": looking.work_on(project=found),
        "budget": looking.budget_of(found, today),
        "keeps": Power.KEEP_PROJECTS in request_powers(request),
        "lead": " · ".join(str(part) for part in (found.client, found.service) if part),
    }
    return render(request, "timesheets/project.html", context)


@signed_in
@require_GET
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """A service: its approved hours by month and role, all its projects together."""
    found = get_object_or_404(Service, pk=pk)
    work = looking.work_on(service=found)
    context = {"thing": found, "kind": "service", "work": work, "lead": _("Service")}
    return render(request, "timesheets/project.html", context)


@signed_in
@require_GET
def load(request: HttpRequest, year: int) -> HttpResponse:
    """The co-op's year: load by role and by service, share of permanent work. Nobody is named."""
    today = timezone.localdate()
    if not 2000 <= year <= today.year:
        raise Http404
    found = looking.load(date(year, 1, 1), min(looking.last_day_of_month(today), date(year, 12, 31)))
    context = {
        "year": year,
        "found": found,
        "before": year - 1,
        "after": year + 1 if year < today.year else None,
    }
    return render(request, "timesheets/load.html", context)
