"""The rows of one's week: found by typing, kept at hand, taken from a usual week."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koumbit.pages import act, form_page
from koumbit.refusals import Refused
from members.access import own_only
from timesheets import hours, own_week, rows, usual, weeks
from timesheets.forms.week import UsualWeekForm, parse_row
from timesheets.grid import row_key
from timesheets.models import WeekTemplate


@own_only
@require_GET
def search(request: HttpRequest, starts_on: date) -> HttpResponse:
    """Tasks and projects in which the words typed stand, each a row to add to the week."""
    asked = request.GET.get("q", "")[:80]
    added = request.GET.getlist("row")[:100]
    found = [(row_key(*rows.key_of(head)), *head) for head in rows.search(asked)]
    template = "row_options" if request.headers.get("X-Part") == "options" else "row_search"
    context = {"starts_on": starts_on, "asked": asked, "found": found, "added": added}
    return render(request, f"timesheets/{template}.html", context)


@own_only
@require_GET
def one(request: HttpRequest, starts_on: date, row: str) -> HttpResponse:
    """One row of the week, as the page shows it: added without loading the page again."""
    key = parse_row(row)
    if key is None or not rows.heads([key]):
        raise Http404
    sheet = own_week.sheet_of(request.user, starts_on)
    if sheet is None and weeks.week_of(starts_on, hours.week_start_weekday()) != starts_on:
        raise Http404
    context = own_week.context(request.user, starts_on, sheet, late="late" in request.GET, added=[key])
    found = next((shown for shown in context["grid"].rows if shown.key == row), None)
    if found is None or not found.fields:
        raise Http404
    return render(request, "timesheets/sheet_row.html", context | {"row": found})


@own_only
@require_POST
def favourite(request: HttpRequest, row: str) -> HttpResponse:
    """Keep a row at hand, or no more."""
    key = parse_row(row)
    if key is None:
        raise Http404
    is_one = rows.toggle_favourite(request.user, key)
    return HttpResponse(status=200, content="on" if is_one else "off", content_type="text/plain")


# Usual weeks ---------------------------------------------------------------------------------------


@own_only
@require_GET
def usual_weeks(request: HttpRequest, starts_on: date) -> HttpResponse:
    """My usual weeks, to pour one into this week, and this week to keep as one."""
    context = {
        "starts_on": starts_on,
        "ends_on": weeks.last_day(starts_on),
        "templates": usual.of(request.user),
        "form": UsualWeekForm(),
    }
    return render(request, "timesheets/usual_weeks.html", context)


@own_only
@require_POST
def usual_keep(request: HttpRequest, starts_on: date) -> HttpResponse:
    """Keep the rows and hours of a week under a name."""
    to = reverse("timesheets:usual_weeks", args=[starts_on])
    form = UsualWeekForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect(to)
    return act(
        request,
        lambda: usual.keep(request.user, starts_on, form.cleaned_data["name"]),
        done=_("This week is kept as a usual week."),
        to=to,
    )


@own_only
@require_POST
def usual_pour(request: HttpRequest, starts_on: date, pk: int) -> HttpResponse:
    """Pour a usual week into this one; what is there already stays."""
    template = get_object_or_404(WeekTemplate, pk=pk, person=request.user)
    try:
        copied = usual.pour(template, starts_on)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("timesheets:sheet", starts_on)
    own_week.tell_copied(request, copied)
    return redirect(own_week.address(starts_on, copied.rows))


@own_only
@require_http_methods(["GET", "POST"])
def usual_rename(request: HttpRequest, starts_on: date, pk: int) -> HttpResponse:
    """Another name for a usual week."""
    template = get_object_or_404(WeekTemplate, pk=pk, person=request.user)
    to = reverse("timesheets:usual_weeks", args=[starts_on])
    return form_page(
        request,
        UsualWeekForm(request.POST or None, initial={"name": template.name}),
        do=lambda name: usual.rename(template, name),
        done=_("The usual week has its new name."),
        to=to,
        title=_("Rename the usual week"),
        submit_label=_("Rename"),
        cancel_url=to,
    )


@own_only
@require_POST
def usual_forget(request: HttpRequest, starts_on: date, pk: int) -> HttpResponse:
    """Forget a usual week; no hour changes."""
    template = get_object_or_404(WeekTemplate, pk=pk, person=request.user)
    usual.forget(template)
    messages.success(request, _("The usual week is forgotten. No hour has changed."))
    return redirect("timesheets:usual_weeks", starts_on)
