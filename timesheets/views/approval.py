"""The committee's hours: the queue, a week under review, what is decided on it."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from koumbit import formats
from koumbit.refusals import Refused
from members.access import needs, request_powers
from members.models import Power
from members.powers import holders
from timesheets import absences, committee, grid, hours, seen, weeks, workflow
from timesheets.forms.week import QuestionsForm, SendBackForm
from timesheets.models import SheetDecision, TimeEntry, WeekSheet
from timesheets.refusals import SheetChanged
from timesheets.unusual import signals

ROWS = 25
_TICKED = re.compile(r"(?P<pk>[0-9]{1,18}):(?P<digest>.*)")


@needs(Power.APPROVE_HOURS)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The weeks that wait for the committee, those that are not submitted, those that are done."""
    tab = request.GET.get("tab")
    tab = tab if tab in ("missing", "done") else "waiting"
    week = _asked_week(request.GET.get("week", "")) if tab != "waiting" else None
    rows = {
        "waiting": committee.waiting,
        "missing": lambda: committee.missing(week),
        "done": lambda: committee.done(week),
    }[tab]()
    page: Page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"tab": tab, "page": page, "week": week}
    if tab == "waiting":
        context["rows"] = committee.described(list(page), request.user)
    else:
        context |= {"before": weeks.before(week), "after": weeks.after(week), "ends_on": weeks.last_day(week)}
    return render(request, f"timesheets/queue_{tab}.html", context)


def _asked_week(text: str) -> date:
    """The week of the day asked for; the last one that is over when none is, or no such day exists."""
    try:
        day = date.fromisoformat(text)
        if not 2000 <= day.year <= 2199:
            raise ValueError(text)
    except ValueError:
        day = weeks.before(timezone.localdate())
    return weeks.week_of(day, hours.week_start_weekday())


@needs(Power.APPROVE_HOURS)
@require_POST
def queue_approve(request: HttpRequest) -> HttpResponse:
    """Approve the weeks ticked in the queue, as they were shown there: all of them or none."""
    chosen = [_TICKED.fullmatch(text) for text in request.POST.getlist("sheet")[:ROWS]]
    digests = {int(match["pk"]): match["digest"] for match in chosen if match}
    if not digests:
        messages.error(request, _("Tick the weeks to approve first."))
        return redirect("timesheets:queue")
    told = ngettext("%(count)s week is approved.", "%(count)s weeks are approved.", len(digests))
    return _decide(
        request, lambda: workflow.approve_all(digests, by=request.user), done=told % {"count": len(digests)}
    )


def _decide(request: HttpRequest, do: Callable[[], Any], *, done: str) -> HttpResponse:
    """Do what was decided and go back to the queue, or show what changed under the approver's eyes."""
    try:
        do()
    except SheetChanged as refusal:
        return _changed(request, refusal.sheet)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("timesheets:queue")


@needs(Power.APPROVE_HOURS)
@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's week, line by line, to approve it, question it or send it back."""
    return _review(request, _received(request, pk))


def _received(request: HttpRequest, pk: int) -> WeekSheet:
    sheets = WeekSheet.objects.visible_to(request.user, request_powers(request))
    return get_object_or_404(sheets.select_related("person"), pk=pk)


def _review(
    request: HttpRequest,
    sheet: WeekSheet,
    *,
    asked: QuestionsForm | None = None,
    sending: SendBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    entries = _shown(sheet)
    lines = seen.lines_of(entries)
    agreed = committee.agreed_minutes([sheet])[sheet.pk]
    leave = absences.rows_of_week(sheet.person_id, sheet.starts_on)
    decisions = list(SheetDecision.objects.filter(sheet=sheet).select_related("by"))
    is_own = sheet.person_id == request.user.pk
    approve = _("Approve %(hours)s")
    waiting = sum(entry.minutes for entry in entries if not entry.is_final)
    context = {
        "sheet": sheet,
        "starts_on": sheet.starts_on,
        "ends_on": sheet.ends_on,
        "grid": grid.build(sheet.starts_on, entries, today=timezone.localdate(), agreed_minutes=agreed),
        "leave": leave,
        "signals": signals(
            [committee.worked(entry) for entry in entries],
            agreed,
            absences.approved_by_day(leave, sheet.starts_on),
        ),
        "questions": asked or QuestionsForm(entries),
        "sending": sending or SendBackForm(),
        "seen": seen.digest_of(lines),
        "packed": seen.packed(lines),
        "approve_label": approve % {"hours": formats.hours(waiting)},
        "patterns": {"approve": approve, "question": _("Approve %(hours)s, ask about %(count)s")},
        "decisions": decisions,
        "last_decision": decisions[-1] if decisions else None,
        "is_own": is_own,
        "can_decide": sheet.is_waiting and not is_own,
        "others": holders(Power.APPROVE_HOURS).exclude(pk=request.user.pk) if is_own else (),
        "is_review": True,
        "shown_day": request.GET.get("day", "0"),
    }
    return render(request, "timesheets/review.html", context, status=status)


def _shown(sheet: WeekSheet) -> list[TimeEntry]:
    """A week that went back to its owner shows the committee what is approved, not what is being changed."""
    entries = committee.entries_of([sheet])[sheet.pk]
    return [entry for entry in entries if entry.is_final] if sheet.is_draft else entries


@needs(Power.APPROVE_HOURS)
@require_POST
def review_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve what was seen, except the lines that are questioned."""
    sheet = _received(request, pk)
    form = QuestionsForm(_shown(sheet), request.POST)
    if not form.is_valid():
        return _review(request, sheet, asked=form, status=422)
    asked = form.questions
    done = ngettext(
        "The rest of the week is approved; %(count)s line goes back with your question.",
        "The rest of the week is approved; %(count)s lines go back with your questions.",
        len(asked),
    ) % {"count": len(asked)}
    return _decide(
        request,
        lambda: workflow.approve(sheet, by=request.user, seen=request.POST.get("seen", ""), questions=asked),
        done=done if asked else _("The week is approved: its hours will be paid."),
    )


@needs(Power.APPROVE_HOURS)
@require_POST
def review_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the whole week back with a reason."""
    sheet = _received(request, pk)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _review(request, sheet, sending=form, status=422)
    return _decide(
        request,
        lambda: workflow.send_back(
            sheet, by=request.user, seen=request.POST.get("seen", ""), **form.cleaned_data
        ),
        done=_("The week went back to its owner with your reason."),
    )


def _changed(request: HttpRequest, sheet: WeekSheet | None) -> HttpResponse:
    """The sheet is not what the approver saw: nothing was decided, and here is what differs."""
    changes = []
    if sheet and sheet.is_waiting:
        entries = {entry.pk: entry for entry in _shown(sheet)}
        found = seen.changes(request.POST.get("packed", ""), seen.lines_of(entries.values()))
        changes = [(entries.get(change.entry_id), change) for change in found]
    context = {
        "sheet": sheet,
        "changes": changes,
        "last_decision": SheetDecision.objects.filter(sheet=sheet).select_related("by").last(),
    }
    return render(request, "timesheets/sheet_changed.html", context, status=409)
