"""The employer's file, by the notices of the governments, and the end of its year."""

from datetime import date
from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from koumbit.pages import form_page
from members.models import Cooperative

from .. import employer, employer_year, standings
from ..deductions import NotReviewed, remitting_on
from ..deductions.parameters import Cited
from ..explaining import refusal
from ..forms.remittances import ClassificationForm, RemitterForm, YearForm
from ..models import CnesstClassification, EmployerYear, RemitterType
from .remittances import YEARS, pay_powers


@pay_powers
@require_safe
def employer_file(request):
    """How often each government is paid, the CNESST unit, the years."""
    context = {
        "types": RemitterType.objects.select_related("recorded_by").order_by("government", "-starts_on"),
        "units": CnesstClassification.objects.select_related("recorded_by").order_by("-starts_on"),
        "years": EmployerYear.objects.select_related("recorded_by"),
        "cooperative": Cooperative.objects.get(),
        "today": timezone.localdate(),
        "sources": _sources(timezone.localdate()),
    }
    return render(request, "payroll/employer_detail.html", context)


def _sources(today: date) -> list[tuple[Cited, bool]]:
    """Where the due dates and the limits were read, and whether they remain to be verified."""
    try:
        return remitting_on(today).read_in()
    except NotReviewed:
        return []


@pay_powers
@require_http_methods(["GET", "HEAD", "POST"])
def remitter(request):
    """Put a government's frequency on file."""
    return form_page(
        request,
        RemitterForm(request.POST or None, initial={"starts_on": timezone.localdate().replace(day=1)}),
        do=partial(employer.declare_remitter, by=request.user),
        done=_("The frequency is on file: due dates follow it."),
        title=_("How often a government is paid"),
        **_shared(),
    )


@pay_powers
@require_http_methods(["GET", "HEAD", "POST"])
def classification(request):
    """Put the CNESST's classification on file."""
    last = CnesstClassification.objects.order_by("-starts_on").first()
    first_of_year = timezone.localdate().replace(month=1, day=1)
    return form_page(
        request,
        ClassificationForm(request.POST or None, on_file=last, initial={"starts_on": first_of_year}),
        do=partial(employer.classify, by=request.user),
        done=_("The classification is on file: pays dated from its first day carry its premium."),
        title=_("CNESST classification"),
        **_shared(),
    )


def _shared() -> dict:
    back = reverse("payroll:employer")
    return {"to": back, "cancel_url": back, "submit_label": _("Put on file")}


@pay_powers
@require_safe
def year(request, year):
    """The end of the year of the employer, with the figures and where each comes from."""
    _refuse_strange(year)
    try:
        found = employer_year.figures(year)
    except NotReviewed as unknown:
        return render(request, "payroll/employer_year.html", {"year": year, "stopped": refusal(unknown)})
    today = timezone.localdate()
    context = {
        "year": year,
        "figures": found,
        "standing": standings.year_standing(found, today),
        "cnesst": standings.cnesst_standing(found, today),
        "is_over": today.year > year,
    }
    return render(request, "payroll/employer_year.html", context)


@pay_powers
@require_http_methods(["GET", "HEAD", "POST"])
def year_change(request, year):
    """Tell what the pays of a year do not say."""
    _refuse_strange(year)
    known = employer.of_year(year, Cooperative.objects.get())
    told = EmployerYear.objects.filter(year=year).first()
    initial = {name: getattr(known, name) for name in YearForm.base_fields if hasattr(known, name)}
    back = reverse("payroll:employer_year", args=[year])
    return form_page(
        request,
        YearForm(request.POST or None, initial=initial | {"notice": told.notice if told else ""}),
        do=partial(employer.tell_year, year, by=request.user),
        done=_("The year is on file."),
        to=back,
        cancel_url=back,
        title=_("The employer's year %(year)s") % {"year": year},
        submit_label=_("Put on file"),
    )


def _refuse_strange(year: int) -> None:
    if year not in YEARS:
        raise Http404
