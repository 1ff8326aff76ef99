"""What months came to, entered by members from the books: what projections are compared with."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from koumbit.pages import act, form_page
from members.access import own_or, request_powers, signed_in
from members.models import Power

from .. import month_figures
from ..forms.projections import MonthFiguresForm
from ..models import MonthFigures


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def all_months(request):
    """Every month on file and who entered it, and a form for another."""
    found = MonthFigures.objects.select_related("entered_by")
    prepares = Power.PREPARE_PAY in request_powers(request)
    return form_page(
        request,
        MonthFiguresForm(request.POST or None, today=timezone.localdate()),
        do=partial(month_figures.enter, by=request.user),
        done=_("The figures are on file: projections are compared with them."),
        to=reverse("payroll:months"),
        template="payroll/month_list.html",
        months=[(one, prepares or one.entered_by_id == request.user.pk) for one in found],
    )


@own_or(Power.PREPARE_PAY)
@require_POST
def month_remove(request, pk):
    """Take away figures that were read wrong: whoever entered them, or who prepares pay."""
    found = get_object_or_404(MonthFigures, pk=pk)
    if not month_figures.may_remove(found, request.user):
        raise Http404
    return act(
        request,
        lambda: month_figures.remove(found, by=request.user),
        done=_("The figures are taken away."),
        to=reverse("payroll:months"),
    )
