"""Leave: one's own, the committee's queue of it, and who is away."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koumbit.pages import act
from koumbit.refusals import Refused, say
from members.access import needs, own_only, request_cooperative, request_powers, signed_in
from members.models import Power
from timesheets import absences, leave_words, weeks
from timesheets import leave as verbs
from timesheets.calendar_words import holiday_name
from timesheets.conflicts import aside_from, who_can_decide
from timesheets.forms.leave import GivingBackForm, LeaveForm, RefusalForm
from timesheets.leave_rules import rules_on
from timesheets.models import Leave, LeaveCancellation

ROWS = 25
WEEKS_SHOWN = 5
read_or_act = require_http_methods(["GET", "POST"])


def _week_start(request: HttpRequest) -> int:
    cooperative = request_cooperative(request)
    return cooperative.week_starts_on if cooperative else 0


# One's own leave ---------------------------------------------------------------------------------


@own_only
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """My leave: what waits for the committee, what is to come, what was; and what is left of what."""
    today = timezone.localdate()
    is_ahead = Q(state=Leave.State.REQUESTED) | Q(state=Leave.State.APPROVED, ends_on__gte=today)
    mine = (
        Leave.objects.filter(person=request.user)
        .with_times()
        .annotate(is_ahead=ExpressionWrapper(is_ahead, output_field=BooleanField()))
        .order_by("-is_ahead", "-starts_on", "-pk")
    )
    page = Paginator(mine, ROWS).get_page(request.GET.get("page"))
    shown = list(page)
    context = {
        "page": page,
        "ahead": [leave for leave in reversed(shown) if leave.is_ahead],
        "before": [leave for leave in shown if not leave.is_ahead],
    }
    return render(request, "timesheets/leave.html", context | _law(request.user.pk, today))


def _law(person_id: int, on: date) -> dict[str, Any]:
    """What the law grants a person as of a day and what their banks hold, to read beside a request."""
    counters = absences.counters_of(person_id, on)
    grants = leave_words.grants_of(counters, on) if counters else []
    return {
        "grants": grants,
        "figures": leave_words.figures_of(grants),
        "reviewed_through": None if rules_on(on) else leave_words.reviewed_through(),
        "balances": absences.balances_of(person_id, on),
    }


@own_only
@read_or_act
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to be away."""
    return _request_page(request, None, lambda **wanted: verbs.request(by=request.user, **wanted))


@own_only
@read_or_act
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for something else, while nothing is decided."""
    leave = _own(request, pk, state=Leave.State.REQUESTED)
    return _request_page(request, leave, lambda **wanted: verbs.change(leave, by=request.user, **wanted))


def _own(request: HttpRequest, pk: int, **more) -> Leave:
    return get_object_or_404(Leave.objects.with_times(), pk=pk, person=request.user, **more)


def _request_page(request: HttpRequest, leave: Leave | None, do: Callable[..., Leave]) -> HttpResponse:
    """The dates, then their days, then the request: nothing is asked for before its days were seen."""
    data = request.POST if request.method == "POST" else None
    form = LeaveForm(data, person=request.user, leave=leave, week_starts_on=_week_start(request))
    status = 200
    if data is not None:
        asked = form.is_valid() and form.days_were_seen and data.get("do") != "days" and not form.refused
        if asked and _done(form, do):
            messages.success(request, _("The committee reads your request. You see its answer here."))
            return redirect("timesheets:leave")
        status = 422 if form.errors or form.refused else 200
    context = {"form": form, "leave": leave} | _law(request.user.pk, timezone.localdate())
    return render(request, "timesheets/leave_form.html", context, status=status)


def _done(form: LeaveForm, do: Callable[..., Leave]) -> bool:
    held = form.cleaned_data
    try:
        do(kind=held["kind"], days=form.minutes, note=held["note"], compensates=held["compensates"])
    except Refused as refusal:
        say(form, refusal)
        return False
    return True


@own_only
@require_GET
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """One leave of mine: its days, what was decided, what I may do."""
    return _shown(request, _own(request, pk))


def _shown(
    request: HttpRequest, leave: Leave, *, giving: GivingBackForm | None = None, status: int = 200
) -> HttpResponse:
    if giving is None and leave.is_approved and leave.left and not leave.asks_back:
        giving = GivingBackForm(leave=leave)
    context = {
        "leave": leave,
        "days": leave.days.all(),
        "cancellations": leave.cancellations.select_related("decided_by"),
        "giving": giving,
        "today": timezone.localdate(),
    }
    return render(request, "timesheets/leave_shown.html", context, status=status)


@own_only
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a request."""
    leave = _own(request, pk)
    return act(
        request,
        lambda: verbs.withdraw(leave, by=request.user),
        done=_("The request is withdrawn."),
        to=reverse("timesheets:leave"),
    )


@own_only
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give approved leave back, whole or in part."""
    leave = _own(request, pk, state=Leave.State.APPROVED)
    form = GivingBackForm(request.POST, leave=leave)
    if form.is_valid():
        try:
            cancellation = verbs.cancel(leave, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            say(form, refusal)
        else:
            messages.success(
                request,
                _("These days are given back: you are not away any more.")
                if cancellation.is_accepted
                else _("Some of these days have begun: the committee decides. Until then the leave holds."),
            )
            return redirect("timesheets:leave_shown", pk)
    return _shown(request, leave, giving=form, status=422)


@own_only
@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the leave after all: the committee has nothing to decide any more."""
    cancellation = get_object_or_404(LeaveCancellation, pk=pk, person=request.user)
    return act(
        request,
        lambda: verbs.withdraw_cancellation(cancellation, by=request.user),
        done=_("The leave stays as it is."),
        to=reverse("timesheets:leave_shown", args=[cancellation.leave_id]),
    )


# The committee -----------------------------------------------------------------------------------


@needs(Power.APPROVE_HOURS)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The leave that waits for the committee, and the leave somebody asks to give back."""
    waiting = (
        Leave.objects.filter(state=Leave.State.REQUESTED).select_related("person").order_by("starts_on", "pk")
    )
    page = Paginator(waiting, ROWS).get_page(request.GET.get("page"))
    cancellations = (
        LeaveCancellation.objects.filter(state=LeaveCancellation.State.REQUESTED)
        .select_related("leave", "person")
        .order_by("pk")[:ROWS]
    )
    not_mine = {request.user.pk, *aside_from(request.user)}
    context = {
        "page": page,
        "rows": _described(list(page), not_mine),
        "cancellations": cancellations,
        "not_mine": not_mine,
    }
    return render(request, "timesheets/leave_queue.html", context)


def _described(leaves: list[Leave], not_mine: set[int]) -> list[dict[str, Any]]:
    """These requests with their days, who else is away meanwhile, and whether the reader decides on them."""
    days = absences.days_of(leaves)
    others = absences.others_away(leaves, days)
    return [
        {
            "leave": leave,
            "minutes": sum(days[leave.pk].values()),
            "digest": verbs.digest_of(leave, days[leave.pk]),
            "others": others[leave.pk],
            "is_mine": leave.person_id not in not_mine,
        }
        for leave in leaves
    ]


@needs(Power.APPROVE_HOURS)
@require_POST
def approve_ticked(request: HttpRequest) -> HttpResponse:
    """Approve the requests ticked in the queue, as they were shown there: all of them or none."""
    chosen = [text.partition(":") for text in request.POST.getlist("leave")[:ROWS]]
    digests = {
        int(pk): digest for pk, _colon, digest in chosen if pk.isascii() and pk.isdigit() and len(pk) < 19
    }
    if not digests:
        messages.error(request, _("Tick the requests to approve first."))
        return redirect("timesheets:leave_queue")
    told = ngettext("%(count)s leave is approved.", "%(count)s leaves are approved.", len(digests))
    return act(
        request,
        lambda: verbs.approve_all(digests, by=request.user),
        done=told % {"count": len(digests)},
        to=reverse("timesheets:leave_queue"),
    )


@needs(Power.APPROVE_HOURS)
@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: its days, the law's counters, the bank it draws on, who else is away."""
    return _review(request, _any(request, pk))


def _any(request: HttpRequest, pk: int) -> Leave:
    leaves = Leave.objects.visible_to(request.user, request_powers(request))
    return get_object_or_404(leaves.select_related("person", "decided_by"), pk=pk)


def _review(
    request: HttpRequest, leave: Leave, *, refusing: RefusalForm | None = None, status: int = 200
) -> HttpResponse:
    days = dict(leave.days.values_list("day", "minutes"))
    counters = grants = balances = None
    if leave.kind in (Leave.Kind.SICK, Leave.Kind.FAMILY):
        counters = absences.counters_of(leave.person_id, leave.starts_on)
        grants = leave_words.grants_of(counters, leave.starts_on) if counters else []
    elif leave.kind in (Leave.Kind.BANKED, Leave.Kind.VACATION):
        balances = absences.balances_of(leave.person_id, leave.starts_on, without=leave)
    is_own = leave.person_id == request.user.pk
    is_aside = leave.person_id in aside_from(request.user)
    context = {
        "leave": leave,
        "days": days,
        "minutes": sum(days.values()),
        "signals": leave_words.signals_of(leave, days, counters),
        "grants": grants,
        "figures": leave_words.figures_of(grants or []),
        "balances": [balance for balance in balances or [] if balance.kind == leave.kind],
        "others": absences.others_away([leave], {leave.pk: days})[leave.pk],
        "digest": verbs.digest_of(leave, days),
        "is_own": is_own,
        "is_aside": is_aside,
        "can_decide": leave.is_requested and not (is_own or is_aside),
        "approvers": who_can_decide(leave.person) if is_own or is_aside else (),
        "refusing": refusing or RefusalForm(),
    }
    return render(request, "timesheets/leave_review.html", context, status=status)


@needs(Power.APPROVE_HOURS)
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to what was seen."""
    leave = _any(request, pk)
    return _decide(
        request,
        leave,
        lambda: verbs.approve(leave, by=request.user, seen=request.POST.get("seen", "")),
        done=_("The leave is approved: the person is seen as away on these days."),
    )


@needs(Power.APPROVE_HOURS)
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, and why."""
    leave = _any(request, pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _review(request, leave, refusing=form, status=422)
    return _decide(
        request,
        leave,
        lambda: verbs.refuse(leave, by=request.user, seen=request.POST.get("seen", ""), **form.cleaned_data),
        done=_("The leave is refused: the person reads why."),
    )


def _decide(request: HttpRequest, leave: Leave, do: Callable[[], Any], *, done: str) -> HttpResponse:
    """Do what was decided and go back to the queue; or show the request as it is now, with why not."""
    try:
        do()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _review(request, _any(request, leave.pk), status=409)
    messages.success(request, done)
    return redirect("timesheets:leave_queue")


@needs(Power.APPROVE_HOURS)
@require_POST
def accept_cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree that these days were no leave."""
    cancellation = get_object_or_404(LeaveCancellation, pk=pk)
    return act(
        request,
        lambda: verbs.accept_cancellation(cancellation, by=request.user),
        done=_("These days are given back: the next pay takes the difference."),
        to=reverse("timesheets:leave_queue"),
    )


@needs(Power.APPROVE_HOURS)
@require_POST
def refuse_cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the leave stays as it was approved."""
    cancellation = get_object_or_404(LeaveCancellation, pk=pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect("timesheets:leave_queue")
    return act(
        request,
        lambda: verbs.refuse_cancellation(cancellation, by=request.user, **form.cleaned_data),
        done=_("The leave stays as it was approved: the person reads why."),
        to=reverse("timesheets:leave_queue"),
    )


# Everyone ----------------------------------------------------------------------------------------


@signed_in
@require_GET
def away(request: HttpRequest) -> HttpResponse:
    """Who is away in the coming weeks: names and days, never why."""
    today, starts = timezone.localdate(), _week_start(request)
    first = weeks.week_of(_asked_day(request.GET.get("week", "")) or today, starts)
    span = WEEKS_SHOWN * weeks.WEEK
    people = defaultdict(list)
    for one in absences.away_between(first, first + span - timedelta(days=1)):
        people[one.day].append(one)
    shown_weeks = [
        [
            {
                "day": day,
                "people": people[day],
                "holiday": holiday_name(day),
                "is_weekend": weeks.is_weekend(day),
            }
            for day in weeks.days_of(first + number * weeks.WEEK)
        ]
        for number in range(WEEKS_SHOWN)
    ]
    context = {
        "weeks": shown_weeks,
        "first": first,
        "last": first + span - timedelta(days=1),
        "today": today,
        "before": first - span,
        "after": first + span,
        "is_now": first <= today < first + span,
        "anybody": bool(people),
    }
    return render(request, "timesheets/away.html", context)


def _asked_day(text: str) -> date | None:
    """The day asked for, in the years of the co-op."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2199 else None
