"""Projections: made by any member, read by all once kept, tried, compared, presented, copied."""

from datetime import date
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koumbit.formats import day as written
from koumbit.pages import act, download, form_page
from koumbit.refusals import Refused
from koumbit.spreadsheets import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from members.access import own_only, request_cooperative, signed_in

from ..earnings import NoRate
from ..forms.projections import (
    SUPPOSITIONS,
    CompareForm,
    ExpectedForm,
    ProjectionForm,
    WhatIfForm,
)
from ..models import ExpectedAmount, Projection, Supposition
from ..projections import files, keeping, pages
from ..projections.actual import compared
from ..projections.outlook import Month
from ..projections.scenarios import Foreseen, Scenario, first_rate, foreseen, kept_outlook, tried

SIDES = {"revenue": ExpectedAmount.Side.REVENUE, "cost": ExpectedAmount.Side.COST}


class NoRateYet(Refused):
    """Agreed hours have no price on some day: there is nothing to foresee."""

    def __init__(self, day: date):
        super().__init__(
            _("No hourly rate is in force on %(day)s: a decision sets one before pay can be foreseen.")
            % {"day": written(day)}
        )


def _visible(request: HttpRequest):
    return (
        Projection.objects.visible_to(request.user)
        .select_related("author", "copied_from__author", "adopted_by_decision__body")
        .prefetch_related("amounts__service", "suppositions__service")
    )


def _found(request: HttpRequest, pk: int) -> Projection:
    return get_object_or_404(_visible(request), pk=pk)


def _own_draft(request: HttpRequest, pk: int) -> Projection:
    return get_object_or_404(_visible(request), pk=pk, author=request.user, kept_at=None)


def _foreseen(request: HttpRequest, projection: Projection) -> Foreseen:
    """Raises NoRateYet."""
    try:
        return foreseen(projection, today=timezone.localdate(), cooperative=request_cooperative(request))
    except NoRate as refusal:
        raise NoRateYet(refusal.day) from refusal


@signed_in
@require_safe
def all_projections(request):
    """Those that were kept, and which one other pages count with; my drafts."""
    found = (
        Projection.objects.visible_to(request.user)
        .select_related("author", "adopted_by_decision__body")
        .defer("facts")
    )
    reference = Projection.objects.reference()
    context = {
        "kept": [
            (of, kept_outlook(of, Scenario.EXPECTED.value), of == reference) for of in found if of.is_kept
        ],
        "drafts": [of for of in found if not of.is_kept],
    }
    return render(request, "payroll/projection_list.html", context)


# A draft ------------------------------------------------------------------------------------------


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def projection_start(request):
    """Begin a projection of one's own."""
    return form_page(
        request,
        ProjectionForm(request.POST or None, today=timezone.localdate()),
        do=partial(keeping.start, by=request.user),
        done=_("Your projection is begun. Say now what revenue and costs you expect."),
        to=_page_of,
        title=_("Make a projection"),
        submit_label=_("Begin"),
        cancel_url=reverse("payroll:projections"),
    )


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def projection_change(request, pk):
    """Change what one's draft is called, its months, what is in the bank, its words."""
    projection = _own_draft(request, pk)
    return form_page(
        request,
        ProjectionForm(request.POST or None, today=timezone.localdate(), projection=projection),
        do=partial(keeping.change, projection, by=request.user),
        done=_("The projection is changed."),
        to=_page_of(projection),
        title=_("Change the projection"),
        submit_label=_("Change"),
        cancel_url=_page_of(projection),
    )


@own_only
@require_POST
def projection_discard(request, pk):
    """Throw one's draft away."""
    projection = _own_draft(request, pk)
    return act(
        request,
        lambda: keeping.discard(projection, by=request.user),
        done=_("The draft is thrown away."),
        to=reverse("payroll:projections"),
    )


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def projection_keep(request, pk):
    """Keep one's draft for everybody: read back what that means first."""
    projection = _own_draft(request, pk)
    if request.method == "POST":
        try:
            _foreseen(request, projection)
            keeping.keep(projection, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The projection is kept: every member reads it."))
        return redirect(_page_of(projection))
    return render(request, "payroll/projection_keep.html", {"projection": projection})


@signed_in
@require_POST
def projection_copy(request, pk):
    """Make a draft of one's own from a projection one reads."""
    source = _found(request, pk)
    copy = keeping.copy(source, by=request.user)
    messages.success(
        request,
        _("This copy is yours: it starts from the co-op as it is today. Change what you see otherwise."),
    )
    return redirect(_page_of(copy))


def _page_of(projection: Projection) -> str:
    return reverse("payroll:projection", args=[projection.pk])


# Its lines ----------------------------------------------------------------------------------------


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def projection_expect(request, pk, side):
    """Add a revenue or a fixed cost to one's draft."""
    projection = _own_draft(request, pk)
    if side not in SIDES:
        raise Http404
    titles = {"revenue": _("Expect a revenue"), "cost": _("Expect a fixed cost")}
    return _line_page(
        request,
        projection,
        ExpectedForm(request.POST or None, projection=projection, side=SIDES[side]),
        do=partial(keeping.expect, projection, by=request.user),
        title=titles[side],
    )


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def expected_change(request, pk):
    """Change a revenue or a fixed cost of one's draft."""
    part = _own_part(request, ExpectedAmount, pk)
    return _line_page(
        request,
        part.projection,
        ExpectedForm(request.POST or None, projection=part.projection, side=part.side, part=part),
        do=partial(keeping.change_part, part, by=request.user),
        title=_("Change what is expected"),
    )


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def projection_suppose(request, pk, kind):
    """Add a change to a scenario of one's draft."""
    projection = _own_draft(request, pk)
    if kind not in SUPPOSITIONS:
        raise Http404
    titles = {
        Supposition.Kind.RATE: _("Suppose another hourly rate"),
        Supposition.Kind.HOURS: _("Suppose more or fewer hours"),
        Supposition.Kind.PERSON: _("Suppose somebody new"),
        Supposition.Kind.REVENUE: _("Suppose more or less revenue"),
        Supposition.Kind.COSTS: _("Suppose more or fewer fixed costs"),
    }
    scenario = request.GET.get("scenario")
    initial = {"scenario": scenario if scenario in Scenario.values else Scenario.CAUTIOUS}
    return _line_page(
        request,
        projection,
        SUPPOSITIONS[kind](request.POST or None, projection=projection, initial=initial),
        do=partial(keeping.suppose, projection, by=request.user),
        title=titles[Supposition.Kind(kind)],
    )


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def supposition_change(request, pk):
    """Change what a scenario of one's draft supposes."""
    part = _own_part(request, Supposition, pk)
    return _line_page(
        request,
        part.projection,
        SUPPOSITIONS[part.kind](request.POST or None, projection=part.projection, part=part),
        do=partial(keeping.change_part, part, by=request.user),
        title=_("Change what is supposed"),
    )


@own_only
@require_POST
def expected_remove(request, pk):
    """Take a revenue or a cost of one's draft away."""
    return _remove(request, _own_part(request, ExpectedAmount, pk))


@own_only
@require_POST
def supposition_remove(request, pk):
    """Take a change of a scenario of one's draft away."""
    return _remove(request, _own_part(request, Supposition, pk))


def _own_part(request, model, pk):
    parts = model.objects.select_related("projection", "service")
    return get_object_or_404(parts, pk=pk, projection__author=request.user, projection__kept_at=None)


def _line_page(request, projection, form, *, do, title) -> HttpResponse:
    back = _page_of(projection)
    return form_page(
        request,
        form,
        do=do,
        done=_("The projection counts with it."),
        to=back,
        title=title,
        lead=projection.title,
        submit_label=_("Count with it"),
        cancel_url=back,
    )


def _remove(request, part) -> HttpResponse:
    return act(
        request,
        lambda: keeping.remove_part(part, by=request.user),
        done=_("The line is taken away."),
        to=_page_of(part.projection),
    )


# Read ---------------------------------------------------------------------------------------------


@signed_in
@require_safe
def projection(request, pk):
    """The three scenarios, month by month; what if; what came true; what it is worked out from."""
    found = _found(request, pk)
    context = {"projection": found, "is_own_draft": not found.is_kept, **_lines(found)}
    try:
        outcome = _foreseen(request, found)
    except NoRateYet as refusal:
        return render(request, "payroll/projection.html", context | {"refused": str(refusal)})
    asked = request.GET.get("scenario")
    scenario = asked if asked in Scenario.values else Scenario.EXPECTED.value
    context |= _read(found, outcome, scenario)
    context["form"] = form = WhatIfForm(
        request.GET, rate=first_rate(found, outcome.facts, scenario), first=found.starts_on
    )
    if form.is_bound and form.is_valid():
        context["tried"] = _tried(found, outcome, form)
    return render(request, "payroll/projection.html", context)


def _lines(found: Projection) -> dict:
    return {
        "revenue": pages.amounts_said(found, ExpectedAmount.Side.REVENUE),
        "costs": pages.amounts_said(found, ExpectedAmount.Side.COST),
        "suppositions": pages.suppositions_said(found),
        "kinds": Supposition.Kind.choices,
    }


def _read(found: Projection, outcome: Foreseen, scenario: str) -> dict:
    """What a page shows of a projection, one scenario in detail."""
    today, outlook = timezone.localdate(), outcome.by_scenario[scenario]
    named = {str(of.label): outcome.by_scenario[of] for of in Scenario}
    expected = str(Scenario.EXPECTED.label)
    picture, picture_rows = pages.cash_picture({expected: named[expected], **named})
    past = compared(outcome.expected, today) if found.is_kept else []
    return {
        "scenario": scenario,
        "scenario_name": Scenario(scenario).label,
        "scenarios_names": list(named),
        "scenarios": [(of.value, of.label) for of in Scenario],
        "rows": pages.rows_of(list(named.values())),
        "picture": picture,
        "picture_rows": picture_rows,
        "chart": pages.spending_chart(outlook),
        "outlook": outlook,
        "months": pages.month_rows(outlook),
        "by_service": pages.by_service(outlook, pages.services_of(found), today),
        "past": past,
        "past_rows": pages.past_rows(past),
        "known": pages.known(outcome.facts),
        "carried": pages.carried_sentence(outcome.facts, outlook),
        "sales_taxes": pages.sales_taxes_sentence(outlook),
        "short": [(str(of.label), outcome.by_scenario[of].short_from) for of in Scenario],
    }


def _tried(found: Projection, outcome: Foreseen, form: WhatIfForm) -> dict:
    scenario = form.cleaned_data["scenario"]
    base, other = tried(found, outcome.facts, scenario, form.what_if)
    names = [str(Scenario(scenario).label), _("With what I try")]
    picture, rows = pages.cash_picture(dict(zip(names, (base, other), strict=True)))
    return {
        "names": names,
        "rows": pages.rows_of([base, other]),
        "picture": picture,
        "picture_rows": rows,
        "is_otherwise": base != outcome.by_scenario[scenario],
    }


@signed_in
@require_safe
def projection_present(request, pk):
    """A page to show on a wall or to print: what it says, in three scenarios, and what one has to believe."""
    found = _found(request, pk)
    try:
        outcome = _foreseen(request, found)
    except NoRateYet as refusal:
        messages.error(request, str(refusal))
        return redirect(_page_of(found))
    context = {"projection": found, "is_presented": True, **_lines(found)}
    context |= _read(found, outcome, Scenario.EXPECTED.value)
    return render(request, "payroll/projection_present.html", context)


@signed_in
@require_safe
def projection_file(request, pk, kind):
    """Every month of the three scenarios, with what came of those that are over, as CSV or XLSX."""
    found = _found(request, pk)
    try:
        outcome = _foreseen(request, found)
    except NoRateYet as refusal:
        messages.error(request, str(refusal))
        return redirect(_page_of(found))
    past = compared(outcome.expected, timezone.localdate()) if found.is_kept else []
    rows = files.table(found, outcome, pages.services_of(found), past)
    name = f"projection-{found.pk}.{kind}"
    if kind == "csv":
        return download(as_csv(rows), CSV_TYPE, name)
    return download(as_xlsx(rows, made_at=timezone.localtime()), XLSX_TYPE, name)


@signed_in
@require_safe
def projection_compare(request):
    """Two projections side by side, in one scenario."""
    visible = _visible(request)
    form = CompareForm(request.GET, visible=visible)
    context: dict = {"form": form}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            outlooks = [_foreseen(request, given[name]).by_scenario[given["scenario"]] for name in ("a", "b")]
        except NoRateYet as refusal:
            form.add_error(None, str(refusal))
        else:
            context["found"] = _side_by_side(given["a"], given["b"], outlooks)
    return render(request, "payroll/projection_compare.html", context)


def _side_by_side(first: Projection, second: Projection, outlooks) -> dict:
    names = [f"{first.title} ({first.author})", f"{second.title} ({second.author})"]
    if names[0] == names[1]:
        names = [f"{first.title} (1)", f"{second.title} (2)"]
    picture, rows = pages.cash_picture(dict(zip(names, outlooks, strict=True)))
    by_month = [{of.month: of for of in outlook.months} for outlook in outlooks]
    months = sorted({*by_month[0], *by_month[1]})
    return {
        "projections": [first, second],
        "names": names,
        "rows": pages.rows_of(outlooks),
        "picture": picture,
        "picture_rows": rows,
        "months": [
            (month, [cell for own in by_month for cell in _cells(own.get(month))]) for month in months
        ],
    }


def _cells(of: Month | None) -> list:
    """Revenue, all costs and result of a month; nothing where the projection does not reach it."""
    return [of.income, of.spent, of.result] if of else [None, None, None]
