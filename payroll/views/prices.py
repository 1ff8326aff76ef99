"""The index of prices that the rate is compared with: entered by members, with its source."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from koumbit.pages import act, form_page
from members.access import own_or, request_powers, signed_in
from members.models import Power

from .. import prices
from ..forms.prices import IndexForm
from ..models import IndexPoint


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def all_prices(request):
    """Every figure on file and who entered it, and a form to add some."""
    points = list(IndexPoint.objects.select_related("entered_by").order_by("series", "-month"))
    last = max(points, key=lambda point: point.entered_at, default=None)
    sets_rate = Power.SET_RATE in request_powers(request)
    return form_page(
        request,
        IndexForm(request.POST or None, initial={"series": last.series} if last else None),
        do=partial(prices.enter, by=request.user),
        done=lambda found: (
            ngettext("%(count)s figure is on file.", "%(count)s figures are on file.", len(found))
            % {"count": len(found)}
        ),
        to=reverse("payroll:prices"),
        template="payroll/price_list.html",
        points=[(point, sets_rate or point.entered_by_id == request.user.pk) for point in points],
    )


@own_or(Power.SET_RATE)
@require_POST
def price_remove(request, pk):
    """Take away a figure that was read wrong: whoever entered it, or who sets the rate."""
    point = get_object_or_404(IndexPoint, pk=pk)
    if not prices.may_remove(point, request.user):
        raise Http404
    return act(
        request,
        lambda: prices.remove(point, by=request.user),
        done=_("The figure is taken away."),
        to=reverse("payroll:prices"),
    )
