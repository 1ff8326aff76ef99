"""What the co-op set out to reach, and where it stands."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from koumbit.pages import form_page

from .. import forms, objectives
from ..access import signed_in
from ..models import Objective


@signed_in
@require_safe
def all_objectives(request: HttpRequest) -> HttpResponse:
    """The objectives that run, each with where it stands, and the past ones."""
    today = timezone.localdate()
    known = objectives.measures()
    found = Objective.objects.select_related("body", "decision").prefetch_related("readings")
    rows = [objectives.progress(one, today, known) for one in found.order_by("ends_on", "pk")]
    context = {
        "running": [row for row in rows if not row.objective.is_over(today)],
        "past": [row for row in reversed(rows) if row.objective.is_over(today)],
    }
    return render(request, "members/objectives.html", context)


@signed_in
def objective(request: HttpRequest, pk: int) -> HttpResponse:
    """One objective: why, by which decision, how it came to where it stands; writing that down where needed."""
    found = get_object_or_404(
        Objective.objects.select_related("body", "decision").prefetch_related("readings__by"), pk=pk
    )
    today = timezone.localdate()
    known = objectives.measures()
    row = objectives.progress(found, today, known)
    points = objectives.by_month(found, today, known)
    most = max([value for _day, value in points if value is not None] + [found.target or 0, 1])
    return form_page(
        request,
        forms.ReadingForm(request.POST or None),
        do=partial(objectives.write_down, found, by=request.user),
        done=_("Written down."),
        to=reverse("members:objective", args=[pk]),
        template="members/objective.html",
        objective=found,
        row=row,
        points=points,
        picture=_picture(points, found.target, most),
        writes=not found.measure and found.starts_on <= today,
    )


def _picture(points, target, most) -> dict:
    """Bars of 40 units a month in a drawing 120 high, and the line of the target."""
    bars = [
        {"x": 44 * place, "height": int(120 * value / most), "y": 120 - int(120 * value / most), "day": day}
        for place, (day, value) in enumerate(points)
        if value is not None
    ]
    line = None if target is None else 120 - int(120 * target / most)
    return {"bars": bars, "line": line, "width": max(44 * len(points), 44)}
