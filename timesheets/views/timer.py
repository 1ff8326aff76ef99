"""The timer: started from a row, stopped into a cell, asked about when it was forgotten."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koumbit import formats
from koumbit.pages import act, form_page
from members.access import signed_in
from timesheets import own_week, timer, weeks
from timesheets.forms.week import TimedForm
from timesheets.hours import week_start_weekday


@signed_in
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Stop the timer into its cell; one that was forgotten asks first."""
    running = timer.running(request.user)
    if running and timer.is_forgotten(running, timezone.now()):
        return redirect("timesheets:timer_ask")
    week = weeks.week_of(
        timezone.localdate(running.started_at) if running else timezone.localdate(), week_start_weekday()
    )
    rows = [(running.task_id, running.project_id)] if running else []
    return act(
        request,
        lambda: timer.stop(request.user),
        done=_told,
        to=own_week.address(week, rows),
    )


def _told(stopped: timer.Stopped) -> str:
    if not stopped.minutes:
        return _("Less than a minute: the timer is stopped, and nothing was logged.")
    return _("Stopped: %(hours)s more on %(day)s, where you can change it.") % {
        "hours": formats.hours(stopped.minutes),
        "day": formats.weekday(stopped.cell.day),
    }


@signed_in
def ask(request: HttpRequest) -> HttpResponse:
    """A timer that was forgotten: how long was it really?"""
    running = timer.running(request.user)
    if running is None:
        return redirect("timesheets:week")
    day = timezone.localdate(running.started_at)
    week = weeks.week_of(day, week_start_weekday())
    return form_page(
        request,
        TimedForm(request.POST or None),
        do=lambda minutes: timer.stop(request.user, minutes=minutes),
        done=_("Stopped: its time is in the week, where you can change it."),
        to=own_week.address(week, [(running.task_id, running.project_id)]),
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


@signed_in
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Forget the timer."""
    return act(
        request,
        lambda: timer.discard(request.user),
        done=_("The timer is forgotten. Nothing was logged."),
        to=reverse("timesheets:week"),
    )
