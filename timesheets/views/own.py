"""One's own hours: the week, the lines of a day, a correction."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Exists, OuterRef, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koumbit import formats
from koumbit.pages import act, form_page
from koumbit.refusals import Refused
from members.access import own_only, own_or_held, request_cooperative
from members.models import Person
from roles.models import Task
from timesheets import drafts, hours, own_week, questions, rows, timer, unsent, weeks, workflow
from timesheets.drafts import NOTHING, Cell, Content, Saved
from timesheets.forms.week import AnswerForm, CorrectionForm, DayLines, WeekForm, parse_row, parse_rows
from timesheets.grid import Grid, RowKey, row_key
from timesheets.models import EntryVersion, LineMessage, Project, TimeEntry, Timer, WeekSheet
from timesheets.refusals import LinesChanged, WeekIsApproved, WeekIsWaiting

DAY_NUMBERS = [str(number) for number in range(weeks.DAYS)]
read_or_act = require_http_methods(["GET", "POST"])


@own_only
@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """The week of today."""
    return redirect("timesheets:sheet", weeks.week_of(timezone.localdate(), hours.week_start_weekday()))


@own_or_held(unsent.hold)
@read_or_act
def sheet(request: HttpRequest, starts_on: date) -> HttpResponse:
    """One's week: seen, typed in, saved, handed in."""
    found = own_week.sheet_of(request.user, starts_on)
    if found is None:
        cooperative = request_cooperative(request)
        first_day = weeks.week_of(starts_on, cooperative.week_starts_on if cooperative else 0)
        if first_day != starts_on:
            if request.method == "POST":
                raise Http404
            return redirect("timesheets:sheet", first_day)
    if request.method == "POST":
        unsent.let_go(request, starts_on)
        return _save(request, starts_on, WeekForm(request.POST, starts_on))
    if (held := unsent.held(request, starts_on)) and (
        marked := _still_to_save(request.user, starts_on, held)
    ):
        messages.warning(
            request, _("You were signed out before this could be saved: what you had typed is here. Save it.")
        )
        return _again(request, starts_on, held, marked, status=200)
    late, added = "late" in request.GET, parse_rows(request.GET.getlist("row"))
    context = own_week.context(request.user, starts_on, found, late=late, added=added)
    return _page(request, context)


def _page(request: HttpRequest, context: dict, status: int = 200) -> HttpResponse:
    starts_on, grid = context["starts_on"], context["grid"]
    shown = grid.base if context["is_writable"] else grid.contents
    return render(
        request,
        "timesheets/sheet.html",
        context
        | {
            "base": json.dumps(shown, ensure_ascii=False, separators=(",", ":")),
            "of": unsent.mark_of(request.user),
            "previous": weeks.before(starts_on),
            "next": weeks.after(starts_on),
            "shown_day": _shown_day(request, grid),
        },
        status=status,
    )


def _shown_day(request: HttpRequest, grid: Grid) -> int:
    """The day a narrow screen shows: one with something refused, the one asked for, a question, today, the first."""
    asked = request.POST.get("day") or request.GET.get("day")
    if grid.refused:
        return grid.refused[0].day.index
    if asked in DAY_NUMBERS:
        return int(asked)
    if questioned := grid.questioned_days:
        return min(questioned)
    return next((column.index for column in grid.columns if column.is_today), 0)


def _save(request: HttpRequest, starts_on: date, form: WeekForm) -> HttpResponse:
    """Save what can be; what cannot stays on the page as typed, with its sentence."""
    try:
        saved = drafts.save_draft(
            request.user, starts_on, form.wanted, based_on=form.based_on, reopens="late" in request.POST
        )
    except (WeekIsWaiting, WeekIsApproved) as refusal:
        messages.error(request, str(refusal))
        return _again(request, starts_on, form, dict.fromkeys(form.typed, ""), status=409)
    elsewhere = {
        cell: contested(now, form.wanted.get(cell, NOTHING)) for cell, now in saved.contested.items()
    }
    if refused := form.errors | saved.refused | elsewhere:
        _say_what_was_kept(request, saved)
        return _again(request, starts_on, form, refused, status=409 if elsewhere else 422)
    do = "show" if "show" in request.POST else request.POST.get("do", "")
    return _ACTS.get(do.partition(":")[0], _saved)(request, starts_on, form)


def _again(
    request: HttpRequest, starts_on: date, form: WeekForm, refused: dict[Cell, str], *, status: int
) -> HttpResponse:
    found = own_week.sheet_of(request.user, starts_on)
    context = own_week.context(
        request.user, starts_on, found, added=[*form.rows, *form.added], typed=form.refused(refused)
    )
    return _page(request, context, status)


def _still_to_save(person: Person, starts_on: date, form: WeekForm) -> dict[Cell, str]:
    """The cells of a page sent while signed out that say something new, with what stands against it."""
    now = drafts.now_in(person, starts_on)
    marked = dict(form.errors)
    for cell, wanted in form.wanted.items():
        here, shown = now.get(cell, NOTHING), form.based_on.get(cell, NOTHING)
        if wanted not in {here, shown}:
            marked[cell] = contested(here, wanted) if here != shown else ""
    return marked


def contested(now: Content, wanted: Content) -> str:
    """What a cell became meanwhile, elsewhere."""
    if now.minutes == wanted.minutes:
        return _("Meanwhile the note here became “%(note)s”. Save again to keep yours.") % {"note": now.note}
    return _("Meanwhile this became %(hours)s. Save again to keep yours.") % {
        "hours": formats.hours(now.minutes)
    }


def _say_what_was_kept(request: HttpRequest, saved: Saved) -> None:
    """Beside the list of what was refused, which the page shows."""
    if saved.changed:
        told = ngettext(
            "%(count)s other change is saved.", "%(count)s other changes are saved.", len(saved.changed)
        )
        messages.success(request, told % {"count": len(saved.changed)})
    if request.POST.get("do") == "submit":
        messages.warning(request, _("The week is not submitted: look at what is marked first."))


def _to_week(starts_on: date, rows: Sequence[RowKey] = (), **query: str) -> HttpResponse:
    return redirect(own_week.address(starts_on, rows, **query))


def _saved(request: HttpRequest, starts_on: date, form: WeekForm) -> HttpResponse:
    messages.success(request, _("Saved. The committee sees nothing of it until you submit the week."))
    return _to_week(starts_on, form.added, **_day(request))


def _day(request: HttpRequest) -> dict[str, str]:
    """On a narrow screen one day is shown at a time: the one that was asked for, else the same."""
    day = request.POST.get("show") or request.POST.get("day", "")
    return {"day": day} if day in DAY_NUMBERS else {}


def _show_day(request: HttpRequest, starts_on: date, form: WeekForm) -> HttpResponse:
    return _to_week(starts_on, form.added, **_day(request))


def _submit(request: HttpRequest, starts_on: date, form: WeekForm) -> HttpResponse:
    return act(
        request,
        lambda: workflow.submit(workflow.open_week(request.user, starts_on), by=request.user),
        done=_("The week is submitted. Until the committee decides, you can withdraw it."),
        to=reverse("timesheets:sheet", args=[starts_on]),
    )


def _find_row(request: HttpRequest, starts_on: date, form: WeekForm) -> HttpResponse:
    """The page where any task is found by typing, once what is on this one is saved."""
    pairs = [("q", request.POST.get("q", ""))] + [("row", row_key(*row)) for row in form.added]
    return redirect(f"{reverse('timesheets:rows', args=[starts_on])}?{urlencode(pairs)}")


def _star(request: HttpRequest, starts_on: date, form: WeekForm) -> HttpResponse:
    """Keep a row at hand, or no more, once what is on the page is saved."""
    row = parse_row(request.POST.get("do", "").partition(":")[2])
    if row is not None:
        rows.toggle_favourite(request.user, row)
    return _to_week(starts_on, [*form.added, *([row] if row else [])], **_day(request))


def _time(request: HttpRequest, starts_on: date, form: WeekForm) -> HttpResponse:
    """Start the timer on a row, once what is on the page is saved."""
    row = parse_row(request.POST.get("do", "").partition(":")[2])
    to = own_week.address(starts_on, [*form.added, *([row] if row else [])], **_day(request))
    before = timer.running(request.user)
    try:
        now_runs = timer.start(request.user, *(row or (0, None)))
    except timer.Forgotten as refusal:
        messages.warning(request, str(refusal))
        return redirect("timesheets:timer_ask")
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _started(before, now_runs))
    return redirect(to)


def _started(before: Timer | None, now_runs: Timer) -> str:
    if before is None or before == now_runs:
        return _("The timer runs, even after this page is closed. Stop it here.")
    if not timer.elapsed(before, now_runs.started_at):
        return _(
            "The timer runs on this row now. It ran for less than a minute on “%(task)s”: nothing was logged there."
        ) % {"task": before.task}
    return _(
        "The timer runs on this row now. What it measured on “%(task)s” is in the week, where you can change it."
    ) % {"task": before.task}


def _copy(*, with_hours: bool) -> Callable[[HttpRequest, date, WeekForm], HttpResponse]:
    def copy(request: HttpRequest, starts_on: date, form: WeekForm) -> HttpResponse:
        source = weeks.before(starts_on)
        copied = drafts.copy_week(request.user, source, starts_on, with_hours=with_hours)
        if not copied.rows:
            messages.info(request, _("There is nothing in the week before."))
        elif with_hours:
            own_week.tell_copied(request, copied)
        return _to_week(starts_on, [*form.added, *copied.rows], **_day(request))

    return copy


_ACTS: dict[str, Callable[[HttpRequest, date, WeekForm], HttpResponse]] = {
    "submit": _submit,
    "find": _find_row,
    "star": _star,
    "timer": _time,
    "copy-rows": _copy(with_hours=False),
    "copy-hours": _copy(with_hours=True),
    "show": _show_day,
}


@own_only
@require_POST
def withdraw(request: HttpRequest, starts_on: date) -> HttpResponse:
    """Take back a week handed in by mistake."""
    found = get_object_or_404(WeekSheet, person=request.user, starts_on=starts_on)
    return act(
        request,
        lambda: workflow.withdraw(found, by=request.user),
        done=_("The week is yours again: change it, then submit it."),
        to=reverse("timesheets:sheet", args=[starts_on]),
    )


@own_only
@read_or_act
def lines(request: HttpRequest, starts_on: date, day: date, task: int, project: int) -> HttpResponse:
    """Everything logged one day on one task: changed, completed, corrected line by line."""
    if weeks.week_of(day, hours.week_start_weekday()) != starts_on:
        raise Http404
    of_task = get_object_or_404(Task.objects.select_related("role"), pk=task)
    of_project = get_object_or_404(Project, pk=project) if project else None
    cell = Cell(of_task.pk, of_project and of_project.pk, day)
    entries = (
        TimeEntry.objects.filter(person=request.user, day=day, task=of_task, project=of_project)
        .select_related("sheet", "approved_by", "corrects", "learning_with")
        .order_by("pk")
    )
    form = DayLines(entries, request.POST if request.method == "POST" else None)
    form.threads = questions.threads([entry for entry, _form in form.lines])
    status = 200
    if request.method == "POST":
        status = _save_lines(request, starts_on, cell, form)
        if status == 200:
            return _to_week(starts_on, [(cell.task_id, cell.project_id)])
    gone = EntryVersion.objects.filter(
        person=request.user, day=day, task=of_task, project=of_project, was_taken_away=True
    )
    context = {
        "starts_on": starts_on,
        "day": day,
        "task": of_task,
        "project": of_project,
        "form": form,
        "gone": gone,
    }
    return render(request, "timesheets/lines.html", context, status=status)


def _save_lines(request: HttpRequest, starts_on: date, cell: Cell, form: DayLines) -> int:
    """Save the lines and say so, or say why not: the status of the answer."""
    if not form.is_valid():
        return 422
    try:
        drafts.save_lines(request.user, starts_on, cell, form.wanted, [form.new.content], based_on=form.seen)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return 409 if isinstance(refusal, LinesChanged | WeekIsWaiting) else 422
    messages.success(request, _("The lines are saved."))
    return 200


@own_only
@read_or_act
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question about a line without changing its hours."""
    asked = TimeEntry.objects.filter(Exists(LineMessage.objects.filter(entry=OuterRef("pk"))))
    entry = get_object_or_404(asked.select_related("task__role", "sheet"), pk=pk, person=request.user)
    to = reverse("timesheets:sheet", args=[entry.sheet.starts_on])
    return form_page(
        request,
        AnswerForm(request.POST or None),
        do=lambda text: questions.answer(entry, text, by=request.user),
        done=_("Your answer stands beside the line. Submit the week again for the committee to decide."),
        to=to,
        template="timesheets/answer.html",
        title=_("Answer the committee"),
        lead=f"{formats.weekday(entry.day)}, {entry.task}, {formats.hours(entry.minutes)}",
        thread=questions.threads([entry])[entry.pk],
        entry=entry,
        submit_label=_("Answer"),
        cancel_url=to,
    )


@own_only
@read_or_act
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what an approved line should have been; the difference goes to the committee."""
    entry = get_object_or_404(
        TimeEntry.objects.select_related("task__role", "project", "sheet"),
        pk=pk,
        person=request.user,
        corrects=None,
        approved_at__isnull=False,
    )
    to = reverse("timesheets:sheet", args=[entry.sheet.starts_on])
    corrected = TimeEntry.objects.filter(corrects=entry).aggregate(by=Sum("minutes"))["by"]
    return form_page(
        request,
        CorrectionForm(request.POST or None),
        do=lambda minutes, reason: drafts.correct(entry, minutes, reason=reason, by=request.user),
        done=_("The correction is in your week: submit it for the committee to approve."),
        to=to,
        template="page/confirm.html",
        title=_("Correct approved time"),
        message=_("An approved line never changes: the difference is written beside it, with your reason."),
        facts=[
            (_("Day"), formats.weekday(entry.day)),
            (_("Task"), f"{entry.task.role}, {entry.task}"),
            (_("Project"), entry.project or _("none")),
            (_("Approved"), formats.hours(entry.minutes)),
            *([(_("With its corrections"), formats.hours(entry.minutes + corrected))] if corrected else []),
            (
                _("What happens next"),
                _(
                    "Submit the week again: the committee approves the difference, and the next pay counts it."
                ),
            ),
        ],
        submit_label=_("Write the correction"),
        cancel_url=to,
    )
