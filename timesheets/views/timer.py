"""The timer: started from a row, stopped into a cell, asked about when it was forgotten."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koumbit import formats
from koumbit.pages import act, form_page
from members.access import own_only
from timesheets import own_week, timer, weeks
from timesheets.forms.week import TimedForm
from timesheets.hours import week_start_weekday
from timesheets.models import Timer


@own_only
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Stop the timer into its cell; one that was forgotten asks first."""
    running = timer.running(request.user)
    if running and timer.is_forgotten(running, timezone.now()):
        return redirect("timesheets:timer_ask")
    to = _cell_of(running) if running else reverse("timesheets:week")
    return act(request, lambda: timer.stop(request.user), done=_told, to=to)


def _cell_of(running: Timer) -> str:
    """The week where the time goes, at its row and, on a narrow screen, on its day."""
    day = timezone.localdate(running.started_at)
    week = weeks.week_of(day, week_start_weekday())
    return own_week.address(week, [(running.task_id, running.project_id)], day=str((day - week).days))


def _told(stopped: timer.Stopped) -> str:
    if not stopped.minutes:
        return _("Less than a minute: the timer is stopped, and nothing was logged.")
    return _("Stopped: %(hours)s more on %(day)s, where you can change it.") % {
        "hours": formats.hours(stopped.minutes),
        "day": formats.weekday(stopped.cell.day),
    }


@own_only
def ask(request: HttpRequest) -> HttpResponse:
    """A timer that was forgotten: how long was it really?"""
    running = timer.running(request.user)
    if running is None:
        return redirect("timesheets:week")
    return form_page(
        request,
        TimedForm(request.POST or None),
        do=lambda minutes: timer.stop(request.user, minutes=minutes),
        done=_told,
        to=_cell_of(running),
        template="timesheets/timer_ask.html",
        title=_("How long was it?"),
        timer=running,
        facts=[
            (_("Task"), f"{running.task.role}, {running.task}"),
            (_("Project"), running.project or _("none")),
            (_("Started"), formats.moment(running.started_at)),
            (_("Runs since"), formats.hours(timer.elapsed(running, timezone.now()))),
        ],
        submit_label=_("Stop with this time"),
        cancel_url=reverse("timesheets:week"),
    )


@own_only
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Forget the timer."""
    return act(
        request,
        lambda: timer.discard(request.user),
        done=_("The timer is forgotten. Nothing was logged."),
        to=reverse("timesheets:week"),
    )
