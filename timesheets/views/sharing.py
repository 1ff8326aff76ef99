"""How the work is shared: on whom roles rest, the balance, what was planned and what was lived."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from members.access import own_only, own_or, request_cooperative, request_powers, signed_in
from members.models import Power
from timesheets.sharing import pages
from timesheets.sharing.balance import sharing
from timesheets.sharing.resting import resting


@signed_in
@require_GET
def concentration(request: HttpRequest) -> HttpResponse:
    """Which roles rest on one person, and the way out. Before anything about fairness."""
    found = sharing(request_cooperative(request), timezone.localdate())
    context = pages.concentration(found, resting(found, request.user), request.user)
    return render(request, "timesheets/sharing_concentration.html", context)


@signed_in
@require_GET
def balance(request: HttpRequest) -> HttpResponse:
    """Everybody on two axes, per hour worked, around the mean of the co-op; and how it evolves."""
    found = sharing(request_cooperative(request), timezone.localdate())
    keeps = Power.KEEP_ROLES in request_powers(request)
    return render(request, "timesheets/sharing_balance.html", pages.balance(found, request.user, keeps=keeps))


@own_only
@require_GET
def balance_mine(request: HttpRequest) -> HttpResponse:
    """My own position, and why."""
    return redirect("timesheets:balance_of", request.user.pk)


@own_or(Power.KEEP_ROLES)
@require_GET
def balance_of(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's tasks and hours behind their position: for them, and for those who keep roles."""
    if pk != request.user.pk and Power.KEEP_ROLES not in request_powers(request):
        raise Http404
    found = sharing(request_cooperative(request), timezone.localdate())
    if pk not in found.people:
        if pk != request.user.pk:
            raise Http404
        return redirect("timesheets:balance")  # whoever sits here without working has no position
    context = pages.position(found, found.people[pk], request.user)
    return render(request, "timesheets/sharing_position.html", context)


@signed_in
@require_GET
def lived(request: HttpRequest) -> HttpResponse:
    """The period that runs: what was planned beside what was logged, by task; by person for those concerned."""
    found = sharing(request_cooperative(request), timezone.localdate())
    keeps = Power.KEEP_ROLES in request_powers(request)
    context = pages.lived(found, request.user, keeps=keeps, asked=request.GET.get("period", ""))
    return render(request, "timesheets/sharing_lived.html", context)
