"""The committee's hours: the queue, a week under review, what is decided on it."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koumbit import formats
from koumbit.forms import plain
from koumbit.pages import act, form_page
from koumbit.refusals import Refused
from members.access import needs, own_only, request_cooperative, request_powers
from members.models import Person, Power
from timesheets import (
    absences,
    committee,
    conflicts,
    grid,
    hours,
    nudges,
    questions,
    seen,
    weeks,
    workflow,
)
from timesheets.forms.week import QuestionsForm, QueueFilter, SendBackForm, StepAsideForm
from timesheets.models import ConflictOfInterest, SheetDecision, TimeEntry, WeekSheet
from timesheets.refusals import SheetChanged
from timesheets.unusual import signals

ROWS = 25
WEEKS_SHOWN = 10
OWN_WEEKS_SHOWN = 26
NARROWED_BY = ("q", "role", "of", "stands_out", "page")
_TICKED = re.compile(r"(?P<pk>[0-9]{1,18}):(?P<digest>.*)")


@needs(Power.APPROVE_HOURS)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The weeks that wait for the committee, those that are not submitted, those that are done."""
    tab = request.GET.get("tab")
    tab = tab if tab in ("missing", "done") else "waiting"
    week = _asked_week(request, request.GET.get("week", "") if tab != "waiting" else "")
    found = QueueFilter(request.GET)
    rows = {
        "waiting": lambda: _waiting(request.user, found),
        "missing": lambda: committee.missing(week),
        "done": lambda: committee.done(week),
    }[tab]()
    paginator: Paginator = Paginator(rows, ROWS)
    counts = rows.counts if isinstance(rows, committee.WaitingPages) else committee.counts(request.user)
    page: Page = paginator.get_page(request.GET.get("page"))
    context = {
        "tab": tab,
        "page": page,
        "week": week,
        "filter": found,
        "counts": counts,
        "kept": _kept(request),
    }
    if tab == "waiting":
        context["ticked"] = {int(pk) for pk in request.GET.getlist("ticked") if pk.isdecimal()}
        context["rows"] = list(page) if found.stands_out else committee.described(list(page), request.user)
        context["any_open"] = any(row.is_open_to_reader for row in context["rows"])
    else:
        context |= {"before": weeks.before(week), "after": weeks.after(week), "ends_on": weeks.last_day(week)}
    return render(request, f"timesheets/queue_{tab}.html", context)


def _kept(request: HttpRequest) -> str:
    """What the queue is narrowed to: deciding on a week comes back to the same rows."""
    return urlencode([(key, request.GET[key]) for key in NARROWED_BY if request.GET.get(key)])


def _to_queue(request: HttpRequest, ticked: Iterable[int] = ()) -> HttpResponse:
    query = "&".join(filter(None, [_kept(request), urlencode([("ticked", pk) for pk in ticked])]))
    address = reverse("timesheets:queue")
    return redirect(f"{address}?{query}" if query else address)


def _waiting(
    reader: Person, found: QueueFilter
) -> committee.WaitingPages | Sequence[WeekSheet | committee.Waiting]:
    """The weeks that wait; only those with a signal takes describing them all first."""
    if not found:
        return committee.WaitingPages(reader)
    sheets = found.narrow(committee.waiting(reader))
    if not found.stands_out:
        return cast("Sequence[WeekSheet]", sheets)
    return [week for week in committee.described(list(sheets), reader) if week.signals]


def _asked_week(request: HttpRequest, text: str) -> date:
    """The week of the day asked for; the last one that is over when none is, or no such day exists."""
    try:
        day = date.fromisoformat(text)
        if not 2000 <= day.year <= 2199:
            raise ValueError(text)
    except ValueError:
        day = weeks.before(timezone.localdate())
    cooperative = request_cooperative(request)
    return weeks.week_of(day, cooperative.week_starts_on if cooperative else 0)


@needs(Power.APPROVE_HOURS)
@require_POST
def queue_approve(request: HttpRequest) -> HttpResponse:
    """Approve the weeks ticked in the queue, as they were shown there: all of them or none."""
    chosen = [_TICKED.fullmatch(text) for text in request.POST.getlist("sheet")[:ROWS]]
    digests = {int(match["pk"]): match["digest"] for match in chosen if match}
    if not digests:
        messages.error(request, _("Tick the weeks to approve first."))
        return _to_queue(request)
    told = ngettext("%(count)s week is approved.", "%(count)s weeks are approved.", len(digests))
    try:
        workflow.approve_all(digests, by=request.user)
    except SheetChanged as refusal:
        return _changed(request, refusal.sheet)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _to_queue(request, ticked=digests)
    messages.success(request, told % {"count": len(digests)})
    return _to_queue(request)


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
    return _to_queue(request)


@needs(Power.APPROVE_HOURS)
@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's week, line by line, to approve it, question it or send it back."""
    return _review(request, _received(request, pk))


def _received(request: HttpRequest, pk: int) -> WeekSheet:
    sheets = WeekSheet.objects.visible_to(request.user, request_powers(request))
    return get_object_or_404(committee.for_reader(sheets, request.user), pk=pk)


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
    agreed, leave = committee.agreed_and_leave(sheet)
    decisions = list(SheetDecision.objects.filter(sheet=sheet).select_related("by"))
    is_own = sheet.person_id == request.user.pk
    threads = questions.threads(entries)
    habits = committee.habits_of(sheet)
    approve = _("Approve %(hours)s")
    waiting = sum(entry.minutes for entry in entries if not entry.is_final)
    context = {
        "sheet": sheet,
        "starts_on": sheet.starts_on,
        "ends_on": sheet.ends_on,
        "grid": grid.build(sheet.starts_on, entries, today=timezone.localdate(), agreed_minutes=agreed),
        "leave": leave,
        "signals": signals(
            committee.in_sum(entries),
            agreed,
            absences.approved_by_day(leave, sheet.starts_on),
            habits,
            sheet.submitted_at and timezone.localdate(sheet.submitted_at),
        ),
        "past": committee.past_weeks(sheet.starts_on, habits),
        "agreed": agreed,
        "conflict": sheet.steps_aside,
        "questions": (asked or QuestionsForm(entries)).with_threads(threads),
        "sending": sending or SendBackForm(),
        "seen": seen.digest_of(lines),
        "packed": seen.packed(lines),
        "approve_label": approve % {"hours": formats.hours(waiting)},
        "patterns": {"approve": approve, "question": _("Approve %(hours)s, ask about %(count)s")},
        "decisions": decisions,
        "last_decision": decisions[-1] if decisions else None,
        "is_own": is_own,
        "can_decide": sheet.is_waiting and not (is_own or sheet.steps_aside),
        "others": conflicts.who_can_decide(sheet.person) if is_own or sheet.steps_aside else (),
        "is_review": True,
        "shown_day": request.GET.get("day", "0"),
    }
    template = "review_body" if request.headers.get("X-Part") == "review" else "review"
    return render(request, f"timesheets/{template}.html", context, status=status)


def _shown(sheet: WeekSheet) -> list[TimeEntry]:
    """A week that went back to its owner shows the committee what is approved, not what is being changed."""
    entries = committee.entries_of(sheet)
    return [entry for entry in entries if entry.is_final] if sheet.is_draft else entries


@needs(Power.APPROVE_HOURS)
@require_POST
def review_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve what was seen, except the lines that are questioned."""
    sheet = _received(request, pk)
    form = QuestionsForm(_shown(sheet), request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing is decided yet: say what you ask on each line you ticked."))
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
        messages.error(request, _("Nothing is decided yet: say why the week goes back."))
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


# Stepping aside, reminding, done or forgotten ------------------------------------------------------


@needs(Power.APPROVE_HOURS)
@require_http_methods(["GET", "POST"])
def step_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare a conflict of interest: somebody else decides on this person's hours from today."""
    sheet = _received(request, pk)
    to = reverse("timesheets:review", args=[pk])
    return form_page(
        request,
        StepAsideForm(request.POST or None),
        do=lambda because: conflicts.declare(sheet.person, by=request.user, because=because),
        done=_("You step aside. Another member of the committee decides on these hours."),
        to=to,
        template="page/confirm.html",
        title=_("Step aside from these hours"),
        lead=str(sheet.person),
        message=_(
            "From today, until you say that it is over, you decide neither on this week nor on any other of "
            "this person. The committee sees that you stepped aside; the reason is yours to give or not."
        ),
        facts=[(_("Who can decide then"), _others(sheet, request.user))],
        submit_label=_("Step aside"),
        cancel_url=to,
    )


def _others(sheet: WeekSheet, reader) -> str:
    names = [str(person) for person in conflicts.who_can_decide(sheet.person).exclude(pk=reader.pk)]
    return ", ".join(names) or _("nobody yet: these hours will wait until another member gets the mandate")


@needs(Power.APPROVE_HOURS)
@require_GET
def conflicts_declared(request: HttpRequest) -> HttpResponse:
    """Who steps aside from whose hours, and did."""
    rows = ConflictOfInterest.objects.select_related("approver", "person").order_by("-starts_on", "-pk")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "timesheets/conflicts.html", {"page": page, "today": timezone.localdate()})


@needs(Power.APPROVE_HOURS)
@require_POST
def step_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a conflict of interest is over."""
    conflict = get_object_or_404(ConflictOfInterest, pk=pk, approver=request.user)
    return act(
        request,
        lambda: conflicts.end(conflict, by=request.user),
        done=_("The conflict of interest is over: you may decide on these hours again."),
        to=reverse("timesheets:conflicts"),
    )


@needs(Power.APPROVE_HOURS)
@require_http_methods(["GET", "POST"])
def remind(request: HttpRequest, starts_on: date) -> HttpResponse:
    """Write to those who have not submitted a week: who will be written to is listed first."""
    rows = [row for row in committee.missing(starts_on) if row.person != request.user]
    people = {str(row.person.pk): row.person for row in rows}
    to = f"{reverse('timesheets:queue')}?tab=missing&week={starts_on}"
    if request.method == "POST":
        chosen = [people[pk] for pk in request.POST.getlist("person") if pk in people]
        try:
            written = nudges.remind(chosen, starts_on, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            told = ngettext("%(count)s message is written.", "%(count)s messages are written.", written)
            messages.success(request, told % {"count": written})
            return redirect(to)
    when = committee.reminded(starts_on, [row.person for row in rows])
    context = {
        "starts_on": starts_on,
        "ends_on": weeks.last_day(starts_on),
        "rows": [(row, when.get(row.person.pk)) for row in rows],
        "back": to,
    }
    return render(request, "timesheets/remind.html", context)


@needs(Power.APPROVE_HOURS, Power.PREPARE_PAY)
@require_GET
def standings(request: HttpRequest) -> HttpResponse:
    """Done or forgotten? Each person's last weeks at a glance."""
    last = _asked_week(request, request.GET.get("week", ""))
    days = [last - n * weeks.WEEK for n in reversed(range(WEEKS_SHOWN))]
    people = Person.objects.working(days[0], weeks.last_day(last))
    if asked := request.GET.get("q", "").strip()[:80]:
        people = people.filter(sort_name__icontains=plain(asked))
    page = Paginator(people.by_name(), ROWS).get_page(request.GET.get("page"))
    kept_since = hours.first_week_kept()
    context = {
        "page": page,
        "days": days,
        "rows": committee.standings(list(page), days, kept_since),
        "to_come": committee.still_to_come(days, kept_since),
        "asked": asked,
        "before": last - WEEKS_SHOWN * weeks.WEEK,
        "after": last + WEEKS_SHOWN * weeks.WEEK,
        "opens": Power.APPROVE_HOURS in request_powers(request),
        "places": list(committee.Place),
    }
    return render(request, "timesheets/standings.html", context)


@own_only
@require_GET
def own_standing(request: HttpRequest) -> HttpResponse:
    """My last weeks: done, under way or forgotten."""
    last = weeks.week_of(timezone.localdate(), hours.week_start_weekday())
    days = [last - n * weeks.WEEK for n in range(OWN_WEEKS_SHOWN)]
    (row,) = committee.standings([cast(Person, request.user)], days, hours.first_week_kept())
    return render(request, "timesheets/own_standing.html", {"places": row.places})
