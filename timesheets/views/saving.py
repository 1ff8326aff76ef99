"""The week saved while it is typed: a few cells at a time, answered as data."""

from datetime import date
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koumbit import durations, formats
from members.access import own_script
from members.models import Person
from timesheets import drafts, unsent
from timesheets.drafts import Cell, Content, Saved
from timesheets.forms.week import WeekForm
from timesheets.grid import row_key
from timesheets.models import SheetDecision
from timesheets.refusals import WeekIsApproved, WeekIsWaiting


@own_script
@require_POST
def cells(request: HttpRequest, starts_on: date) -> JsonResponse:
    """Save the cells that were sent, and say of each what became of it.

    `saved`, `refused` and `contested` name cells as the page does. Of a saved or contested one: its
    minutes, its note and how its minutes are typed; of a contested one, also when it was written; of a
    refused one: a sentence. `state` is where the week stands, as the page shows it, if this changed it.
    A week that takes no hours any more answers 409 with its sentence, and nothing is saved; a page that
    somebody else opened is answered like one whose reader is signed out.
    """
    if unsent.is_of_another(request):
        return JsonResponse({"sentence": _("Somebody else signed in: nothing was saved.")}, status=401)
    form = WeekForm(request.POST, starts_on)
    try:
        saved = drafts.save_draft(
            request.user, starts_on, form.wanted, based_on=form.based_on, reopens="late" in request.POST
        )
    except (WeekIsWaiting, WeekIsApproved) as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=409)
    except IntegrityError as error:
        # The address names a day on which no week starts: the database keeps such a sheet from being made.
        if error.__cause__.diag.constraint_name == "timesheets_sheet_starts_the_week":
            raise Http404 from None
        raise
    unsent.let_go(request, starts_on)
    refused = form.errors | saved.refused
    kept = form.wanted.keys() - refused.keys() - saved.contested.keys()
    return JsonResponse(
        {
            "saved": {_key(starts_on, cell): _told(form.wanted[cell]) for cell in kept},
            "refused": {_key(starts_on, cell): sentence for cell, sentence in refused.items()},
            "contested": _contested(request.user, starts_on, saved),
            "state": _state(saved),
        }
    )


def _key(starts_on: date, cell: Cell) -> str:
    return f"{row_key(cell.task_id, cell.project_id)}-{(cell.day - starts_on).days}"


def _told(content: Content) -> dict[str, Any]:
    return {
        "minutes": content.minutes,
        "note": content.note,
        "typed": durations.typed(content.minutes),
    }


def _contested(person: Person, starts_on: date, saved: Saved) -> dict[str, dict[str, Any]]:
    if not saved.contested:
        return {}
    last = drafts.written_last(person, saved.contested)
    return {
        _key(starts_on, cell): _told(now) | {"at": formats.moment(last[cell]) if cell in last else ""}
        for cell, now in saved.contested.items()
    }


def _state(saved: Saved) -> str:
    if not (saved.is_begun or saved.is_reopened):
        return ""
    last = {"act": SheetDecision.Act.REOPENED} if saved.is_reopened else None
    return render_to_string("timesheets/sheet_state.html", {"sheet": saved.sheet, "last_decision": last})
