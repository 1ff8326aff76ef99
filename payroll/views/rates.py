"""The one hourly rate: what it was and is, by which decision; and setting the next one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from koumbit.formats import day, dollars
from koumbit.refusals import Refused, say
from members.access import needs, own_only, request_cooperative, signed_in
from members.models import Power

from .. import editions, rate_effects, rate_history, rates, watching
from ..forms.rates import RateForm, RateTryForm
from ..models import HourlyRate, IndexPoint


@signed_in
@require_safe
def all_rates(request):
    """What an hour is worth, for everyone, the decision behind each rate, and what prices did meanwhile."""
    today = timezone.localdate()
    found = list(HourlyRate.objects.select_related("decision__body"))
    context = {
        "rates": found,
        "current": next((rate for rate in found if rate.starts_on <= today), None),
        "today": today,
        "minimum": rates.minimum_on(today),
        "history": rate_history.history(found, list(IndexPoint.objects.all()), today),
        "too_low": [watching.too_low(of, today) for of in rates.shortfalls(today, known=found)],
    }
    return render(request, "payroll/rate_list.html", context)


@own_only
@require_safe
def rate_try(request):
    """What another rate would do, before anybody votes: to my net, to the co-op's year, to hours already paid."""
    today, asked = timezone.localdate(), request.GET if "amount" in request.GET else None
    form = RateTryForm(asked, today=today, initial={"starts_on": today})
    context = {"form": form, "reviewed_through": editions.last_reviewed()}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        context["effects"] = rate_effects.rate_effects(
            given["amount"],
            given["starts_on"],
            reader=request.user,
            minutes=given["minutes"],
            today=today,
            cooperative=request_cooperative(request),
        )
    return render(request, "payroll/rate_try.html", context)


@needs(Power.SET_RATE)
@require_http_methods(["GET", "HEAD", "POST"])
def rate_set(request):
    """Set the next rate: read back what was typed first, because a rate is never edited."""
    today = timezone.localdate()
    form = RateForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        if "confirmed" not in request.POST and "again" not in request.POST:
            return render(request, "payroll/rate_confirm.html", {"form": form, **form.cleaned_data})
        if "confirmed" in request.POST:
            try:
                rate = rates.set_rate(by=request.user, **form.cleaned_data)
            except (Refused, ValidationError) as refusal:
                say(form, refusal)
            else:
                words = {"amount": dollars(rate.amount), "day": day(rate.starts_on)}
                messages.success(request, _("An hour is worth %(amount)s from %(day)s.") % words)
                return redirect("payroll:rates")
    return render(request, "payroll/rate_form.html", {"form": form, "minimums": rates.known_minimums(today)})
