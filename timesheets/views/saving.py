"""The week saved while it is typed: a few cells at a time, answered as data."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from koumbit import durations
from members.access import signed_in_script
from timesheets import drafts
from timesheets.drafts import NOTHING, Cell, Content
from timesheets.forms.week import WeekForm
from timesheets.grid import row_key
from timesheets.refusals import WeekIsApproved, WeekIsWaiting
from timesheets.views.own import contested


@signed_in_script
@require_POST
def cells(request: HttpRequest, starts_on: date) -> JsonResponse:
    """Save the cells that were sent, and say of each what became of it.

    `saved`, `refused` and `contested` name cells as the page does. Of a saved or contested one: its
    minutes, its note and how its minutes are typed; of a refused or contested one: a sentence. A week
    that is no longer a draft answers 409 with its sentence, and nothing is saved.
    """
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
    refused = form.errors | saved.refused
    kept = {
        cell: content
        for cell, content in form.wanted.items()
        if cell not in refused and cell not in saved.contested
    }
    return JsonResponse(
        {
            "saved": _told(starts_on, kept),
            "refused": {_key(starts_on, cell): sentence for cell, sentence in refused.items()},
            "contested": _told(
                starts_on,
                saved.contested,
                {
                    cell: contested(now, form.wanted.get(cell, NOTHING))
                    for cell, now in saved.contested.items()
                },
            ),
        }
    )


def _key(starts_on: date, cell: Cell) -> str:
    return f"{row_key(cell.task_id, cell.project_id)}-{(cell.day - starts_on).days}"


def _told(
    starts_on: date, contents: Mapping[Cell, Content], sentences: Mapping[Cell, str] | None = None
) -> dict[str, dict[str, Any]]:
    return {
        _key(starts_on, cell): {
            "minutes": content.minutes,
            "note": content.note,
            "typed": durations.typed(content.minutes),
        }
        | ({"sentence": sentences[cell]} if sentences else {})
        for cell, content in contents.items()
    }
