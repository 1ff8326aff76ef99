"""What the co-op set out to reach, and where it stands."""

from functools import partial
from urllib.parse import urlencode

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
    found = Objective.objects.select_related("body", "decision").prefetch_related("readings", "changes")
    rows = [objectives.progress(one, today, known) for one in found.order_by("ends_on", "pk")]
    context = {
        "running": [row for row in rows if not row.is_over],
        "past": [row for row in reversed(rows) if row.is_over],
    }
    return render(request, "members/objectives.html", context)


@signed_in
def objective(request: HttpRequest, pk: int) -> HttpResponse:
    """One objective: why, by which decision, how it came to where it stands; writing that down where needed."""
    told = ("readings__by", "changes__decision")
    found = get_object_or_404(
        Objective.objects.select_related("body", "decision").prefetch_related(*told), pk=pk
    )
    today = timezone.localdate()
    known = objectives.measures()
    row = objectives.progress(found, today, known)
    points = objectives.by_month(found, today, known)
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
        picture=objectives.picture(row, points) if len(points) > 1 else None,
        history=list(zip(found.changes.all(), list(found.all_terms())[1:], strict=True)),
        change_url=_proposal(
            "change_objective",
            row,
            direction=row.terms.direction,
            target=row.terms.target or "",
            ends_on=row.ends_on,
        ),
        give_up_url=_proposal("give_up_objective", row),
        writes=not found.measure and found.starts_on <= today,
    )


def _proposal(act: str, row: objectives.Progress, **filled_in) -> str:
    """Where one proposes to its body to change the objective or to give it up."""
    asked = {"act": f"members.{act}", "body": row.objective.body_id, "act-objective": row.objective.pk}
    asked |= {f"act-{name}": value for name, value in filled_in.items()}
    return f"{reverse('members:motion_new')}?{urlencode(asked)}"
