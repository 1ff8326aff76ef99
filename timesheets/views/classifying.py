"""My hours that are still to be classified: which task each was."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from koumbit.refusals import Refused
from members.access import own_only
from roles.models import Task
from timesheets import classifying, drafts
from timesheets.forms.classifying import ClassifyForm


@own_only
@require_http_methods(["GET", "POST"])
def to_classify(request: HttpRequest) -> HttpResponse:
    """Say which task my unclassified hours were, several at once; what is not said stays for later."""
    lines = classifying.waiting(request.user)
    shown = lines[: classifying.MOST]
    form = ClassifyForm(
        request.POST if request.method == "POST" else None,
        lines=shown,
        choices=classifying.choices(request.user, timezone.localdate()) if shown else (),
    )
    if request.method == "POST" and form.is_valid():
        _classify(request, form)
        return redirect("timesheets:to_classify")
    context = {
        "form": form,
        "lines": [(line, form.field_of(line)) for line in shown],
        "more": len(lines) - len(shown),
        "minutes": sum(line.minutes for line in lines),
    }
    return render(request, "timesheets/to_classify.html", context)


def _classify(request: HttpRequest, form: ClassifyForm) -> None:
    """Each line for itself: one that is refused says why, and keeps no other from its task."""
    tasks = Task.objects.in_bulk({task for _line, task in form.chosen})
    drafted = approved = 0
    for line, task in form.chosen:
        try:
            drafts.classify(line.entry, tasks[task], by=request.user)
        except Refused as refusal:
            messages.error(request, f"{line.entry.day}: {refusal}")
        else:
            approved += line.entry.is_final
            drafted += not line.entry.is_final
    if drafted:
        messages.success(
            request,
            ngettext("%(count)d line is classified.", "%(count)d lines are classified.", drafted)
            % {"count": drafted},
        )
    if approved:
        said = ngettext(
            "%(count)d approved line is classified: submit its week for the committee to approve that.",
            "%(count)d approved lines are classified: submit their weeks for the committee to approve that.",
            approved,
        )
        messages.success(request, said % {"count": approved})
    if not form.chosen:
        messages.info(request, _("Nothing was said: the lines stay to be classified."))
