"""Year end: the slips of a year prepared, confirmed and amended, their summaries, and each person's figures."""

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koumbit import spreadsheets
from koumbit.formats import moment
from koumbit.pages import act, download, form_page
from members.access import needs, own_only, request_powers
from members.models import Person, Power

from .. import documents, profiles, reconciling, slip_papers, slip_tables, slip_words, slips, year_end
from ..deductions import NotReviewed
from ..forms.slips import PrepareSlipsForm
from ..models import Slip, YearEnd
from ..readings import What, open_files
from ..slip_rules import rules_of, slip_rules
from ..slips import Draft
from .opening import has_opened, note_opening, note_shown, show_gate

ROWS = 100
EARLIEST, LATEST = 2000, 2199
pay_powers = needs(Power.PREPARE_PAY, Power.ISSUE_PAY)
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


def known_year(year: int) -> int:
    """A year there may be slips of; no other address exists."""
    if not EARLIEST <= year <= LATEST:
        raise Http404
    return year


def _dental(year: int) -> str:
    """The code of box 45 as it was last given for that year."""
    last = YearEnd.objects.filter(year=year).order_by("-number").values_list("dental", flat=True).first()
    return last or YearEnd.Dental.NONE


# The year -----------------------------------------------------------------------------------------


@pay_powers
@require_safe
def all_years(request):
    """Each year of payment, and where its slips are."""
    versions = YearEnd.objects.select_related("prepared_by", "confirmed_by").order_by("number")
    by_year: dict[int, list[YearEnd]] = {year: [] for year in slips.years_paid()}
    for version in versions:
        by_year.setdefault(version.year, []).append(version)
    years = [(year, by_year[year], year_end.due_on(year)) for year in sorted(by_year, reverse=True)]
    return render(request, "payroll/year_end_list.html", {"years": years, "today": timezone.localdate()})


@pay_powers
@require_safe
def of_year(request, year):
    """The slips of a year: who has which, what to look at, and the next act."""
    dental = _dental(known_year(year))
    versions = list(
        YearEnd.objects.filter(year=year).select_related("prepared_by", "confirmed_by").order_by("number")
    )
    context = {"year": year, "versions": versions, "due_on": year_end.due_on(year)} | _may(request, versions)
    context["figures"] = slip_rules().figures
    try:
        seen = year_end.look(year, dental=dental)
    except year_end.Stopped as refusal:
        return render(request, "payroll/year_end_detail.html", context | {"stopped": str(refusal)})
    page = Paginator(slip_tables.by_person(seen.drafts), ROWS).get_page(request.GET.get("page"))
    changed = seen.new[:ROWS] if versions and versions[-1].is_confirmed else []
    note_shown(
        request, [*(row.person.pk for row in page), *(draft.person.pk for draft in changed)], What.YEAR
    )
    context |= {
        "seen": seen,
        "counts": slip_tables.counts(seen.drafts),
        "page": page,
        "changed": slip_words.changed(changed),
    }
    return render(request, "payroll/year_end_detail.html", context)


def _may(request: HttpRequest, versions: list[YearEnd]) -> dict[str, object]:
    """Which acts are open to the reader, and the version that waits, if one does."""
    held, last = request_powers(request), versions[-1] if versions else None
    waiting = last if last and not last.is_confirmed else None
    return {
        "waiting": waiting,
        "confirmed": next((of for of in reversed(versions) if of.is_confirmed), None),
        "may_prepare": Power.PREPARE_PAY in held and waiting is None,
        "may_withdraw": Power.PREPARE_PAY in held and waiting is not None,
        "may_confirm": Power.ISSUE_PAY in held and waiting and waiting.prepared_by != request.user,
        "is_own": waiting is not None and waiting.prepared_by == request.user,
    }


@needs(Power.PREPARE_PAY)
@read_or_send
def prepare(request, year):
    """Say what no pay says, answer the warnings, and have the slips ready for another person."""
    back = reverse("payroll:year_end", args=[known_year(year)])
    try:
        seen = year_end.look(year, dental=_dental(year))
    except year_end.Stopped:
        return redirect(back)
    is_amendment = YearEnd.objects.filter(year=year).exists()
    form = PrepareSlipsForm(
        request.POST or None,
        initial={"dental": _dental(year)},
        needs_reason=is_amendment or bool(seen.findings),
    )
    return form_page(
        request,
        form,
        do=partial(year_end.prepare, year, by=request.user),
        done=_("The slips are prepared. Another person reads them and confirms them."),
        to=back,
        template="payroll/year_end_prepare.html",
        title=_("Amend the slips of %(year)s") % {"year": year}
        if is_amendment
        else _("Prepare the slips of %(year)s") % {"year": year},
        findings=seen.findings,
        submit_label=_("Prepare the slips"),
        cancel_url=back,
    )


@needs(Power.ISSUE_PAY)
@read_or_send
def confirm(request, year):
    """The second person says yes: the slips are final and their people read them."""
    back = reverse("payroll:year_end", args=[known_year(year)])
    waiting = slips.open_year_end(year)
    if waiting is None:
        return redirect(back)
    if request.method == "POST":
        done = _("The slips are confirmed: each person reads theirs with their pay.")
        return act(request, partial(year_end.confirm, waiting, by=request.user), done=done, to=back)
    facts = [
        (_("Year of payment"), year),
        (_("Slips"), waiting.slip_count),
        (_("Prepared by"), f"{waiting.prepared_by}, {moment(waiting.prepared_at)}"),
        (_("T4, box 45"), waiting.get_dental_display()),
        *([(_("Reason"), waiting.because)] if waiting.because else []),
    ]
    context = {
        "title": _("Confirm the slips of %(year)s?") % {"year": year},
        "message": _("From then on their figures are final. What changes later is amended by a new version."),
        "facts": facts,
        "submit_label": _("Confirm the slips"),
        "cancel_url": back,
    }
    return render(request, "page/confirm.html", context)


@needs(Power.PREPARE_PAY)
@require_POST
def withdraw(request, year):
    """Take back slips that were prepared, as if they had not been."""
    back = reverse("payroll:year_end", args=[known_year(year)])
    waiting = slips.open_year_end(year)
    if waiting is None:
        return redirect(back)
    done = _("The slips are withdrawn.")
    return act(request, partial(year_end.withdraw, waiting, by=request.user), done=done, to=back)


# Summaries and files ------------------------------------------------------------------------------


@pay_powers
@require_safe
def summary(request, year):
    """The figures of both summaries, and whether slips, stubs and remittances say the same."""
    context = {"year": known_year(year), "due_on": year_end.due_on(year)}
    try:
        rules, table = rules_of(year)
    except NotReviewed:
        return redirect("payroll:year_end", year)
    boxes, confirmed_at = slip_tables.boxes_of(year, rules, table, dental=_dental(year))
    rows = reconciling.reconcile(year, boxes, rules, confirmed_at=confirmed_at)
    context |= {
        "confirmed_at": confirmed_at,
        "summaries": slip_tables.summaries(boxes, rules),
        "rows": rows,
        "employer": [row for row in rows if row.employer],
        "agree": not any(row.not_on_slips for row in rows),
        "all_sent": not any(row.not_sent for row in rows),
        "has_remittances": any(row.sent is not None for row in rows),
        "has_openings": any(row.before for row in rows),
    }
    return render(request, "payroll/year_end_summary.html", context)


@pay_powers
@require_POST
def figures_file(request, year, kind):
    """Every slip of the year for a spreadsheet, without social insurance numbers; taking it is kept."""
    try:
        rules, table = rules_of(known_year(year))
    except NotReviewed:
        return redirect("payroll:year_end", year)
    made = slips.drafts(year, rules, table, dental=_dental(year))
    rows = slip_tables.table(year, made, rules)
    open_files((draft.person.pk for draft in made), What.SLIP, by=request.user)
    name = "{}-{}.{}".format(slugify(_("slip-figures")), year, kind)
    if kind == "csv":
        return download(spreadsheets.as_csv(rows), spreadsheets.CSV_TYPE, name)
    return download(spreadsheets.as_xlsx(rows, made_at=timezone.now()), spreadsheets.XLSX_TYPE, name)


# One person ---------------------------------------------------------------------------------------


@pay_powers
@require_safe
def person(request, year, pk):
    """One person's slips, box by box, each opened on the pays behind it."""
    found = get_object_or_404(Person, pk=pk)
    if not has_opened(request, found, What.SLIP, pk):
        return _gate(request, found, known_year(year))
    context = {"year": known_year(year), "person": found, "is_mine": found == request.user}
    context["sin"] = shown_sin(request, found)
    context["versions"] = _versions(found, year)
    try:
        rules, table = rules_of(year)
    except NotReviewed:
        return render(request, "payroll/year_end_person.html", context)
    made = slips.drafts(year, rules, table, dental=_dental(year), people=[pk])
    pays = slips.pays_behind(found, year)
    context["slips"] = [
        (draft, slip_words.TITLES[draft.kind], _opened(draft, pays)) for draft in made if draft.boxes
    ]
    context["changed"] = slip_words.changed([draft for draft in made if draft.before and draft.is_new])
    return render(request, "payroll/year_end_person.html", context)


def _gate(request: HttpRequest, found: Person, year: int) -> HttpResponse:
    open_url = reverse("payroll:year_end_open", args=[year, found.pk])
    return show_gate(request, found, What.SLIP, found.pk, open_url=open_url)


def _opened(draft: Draft, pays: list[slips.PayBehind]) -> list[tuple[slips.Opened, str, str]]:
    """Each box with its pays, what it is called, and what is written in it; those never used left out."""
    return [
        (
            of,
            slip_words.label_of(draft.kind, of.filled.box.name),
            slip_words.said(of.filled.box, of.filled.written),
        )
        for of in slips.opened(draft, pays)
    ]


def _versions(found: Person, year: int) -> list[Slip]:
    """Every confirmed version of a person's slips of a year, the latest first."""
    confirmed = Slip.objects.filter(person=found, year_end__year=year, year_end__confirmed_at__isnull=False)
    return list(
        confirmed.select_related("year_end__confirmed_by", "amended_by").order_by("-year_end__number", "kind")
    )


def shown_sin(request: HttpRequest, found: Person) -> str:
    """The number on file: whole for its owner and for who opened it aloud, masked for others."""
    sin = profiles.sin_of(found)
    if sin and has_opened(request, found, What.SIN, found.pk):
        return profiles.spaced(sin)
    return profiles.masked(sin)


@pay_powers
@require_POST
def person_open(request, year, pk):
    """Open a person's slips: they will see that I did."""
    note_opening(request, get_object_or_404(Person, pk=pk), What.SLIP, pk)
    return redirect("payroll:year_end_person", known_year(year), pk)


@pay_powers
@require_POST
def sin_open(request, pk):
    """Show a social insurance number whole, to carry it into a form: its owner will see that I did."""
    note_opening(request, get_object_or_404(Person, pk=pk), What.SIN, pk)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "payroll:year_ends")


@pay_powers
@require_safe
def person_pdf(request, year, pk):
    """One person's figures on paper, to carry into the governments' forms."""
    found = get_object_or_404(Person, pk=pk)
    if not has_opened(request, found, What.SLIP, pk):
        return redirect("payroll:year_end_person", known_year(year), pk)
    return _pdf(request, found, known_year(year), with_drafts=True)


def _pdf(request: HttpRequest, found: Person, year: int, *, with_drafts: bool) -> HttpResponse:
    """The sheet in the reader's language: confirmed figures, or those of today where none are confirmed."""
    confirmed = slips.latest(year, people=[found.pk])
    sheets = slip_words.sheets_of_slips(list(confirmed.values()), year)
    if not sheets and with_drafts:
        try:
            rules, table = rules_of(year)
        except NotReviewed:
            raise Http404 from None
        made = slips.drafts(year, rules, table, dental=_dental(year), people=[found.pk])
        sheets = slip_words.sheets_of_drafts(made, rules)
    if not sheets:
        raise Http404
    sin = shown_sin(request, found)
    try:
        content = slip_papers.write(found, year, sheets, sin=sin, language=request.LANGUAGE_CODE)
    except documents.DocumentsUnavailable as missing:
        unavailable = {"title": _("The document cannot be made now"), "sentence": str(missing)}
        return render(request, "payroll/document_unavailable.html", unavailable, status=503)
    return download(content, "application/pdf", slip_words.file_name(found, year))


# My own -------------------------------------------------------------------------------------------


@own_only
@require_safe
def mine(request, year):
    """My slips of a year, once they are confirmed, with what changed since the first."""
    versions = _versions(request.user, known_year(year))
    current = [slip for slip in versions if not hasattr(slip, "amended_by")]
    context = {
        "year": year,
        "sheets": slip_words.sheets_of_slips(current, year),
        "versions": versions,
        "sin": profiles.masked(profiles.sin_of(request.user)),
        "t4a_from": slip_rules().figures["t4a_fees_from"].value,
    }
    return render(request, "payroll/slips_mine.html", context)


@own_only
@require_safe
def mine_pdf(request, year):
    """My figures on paper."""
    return _pdf(request, request.user, known_year(year), with_drafts=False)
