"""My stubs, year by year; one stub on the screen, as PDF, and checked again."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from koumbit.pages import download
from members.access import own_only, own_or, request_powers

from .. import archive, bank_accounts, deductions
from ..documents import DocumentDestroyed, DocumentsUnavailable
from ..explaining import Explained, explained, inputs_of
from ..models import PayStub, StubDocument
from ..papers import Amount, Paper, arrange
from ..readings import OPENED_BY, What
from .opening import has_opened, note_opening, show_gate

of_a_stub = own_or(*OPENED_BY[What.STUB])


@own_only
@require_safe
def my_stubs(request):
    """My pay of a year: the picture, its table, and every document."""
    years = archive.years_of(request.user)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else next(iter(years), timezone.localdate().year)
    stubs = archive.of_year(request.user, year)
    context = {
        "recent_account": bank_accounts.lately(request.user).first(),
        "years": years,
        "year": year,
        "stubs": stubs,
        "bars": archive.picture(stubs),
        "sums": archive.year_sums(request.user, year) if stubs else None,
        "totals": {
            name: sum(getattr(stub, name) for stub in stubs)
            for name in ("gross", "deductions", "sales_taxes", "net")
        },
    }
    return render(request, "payroll/archive_list.html", context)


def _found(request: HttpRequest, pk: int) -> PayStub:
    return get_object_or_404(archive.visible_to(request.user, request_powers(request)), pk=pk)


@of_a_stub
@require_safe
def stub(request, pk):
    """Every line of a stub, explained; another person's is opened aloud first."""
    found = _found(request, pk)
    if not has_opened(request, found.person, What.STUB, pk):
        return show_gate(request, found.person, What.STUB, pk)
    paper = arrange(found)
    deducted, employer = _with_steps(found, paper)
    context = {
        "stub": found,
        "paper": paper,
        "deducted": deducted,
        "employer": employer,
        "is_mine": found.person == request.user,
        "followed_by": archive.followed_by(found),
        "sha256": StubDocument.objects.filter(stub=found).values_list("sha256", flat=True).first(),
    }
    if "check" in request.GET:
        try:
            context["recheck"] = archive.recheck(found, at=timezone.now())
        except DocumentsUnavailable as missing:
            context["missing"] = str(missing)
    return render(request, "payroll/stub_detail.html", context)


def _with_steps(
    found: PayStub, paper: Paper
) -> tuple[list[tuple[Amount, Explained | None]], list[tuple[Amount, Explained | None]]]:
    """Each deduction and contribution with its explanation, where computing again gives the same amount."""
    inputs = inputs_of(found)
    try:
        parts = explained(*inputs)[1] if inputs else []
    except deductions.Refused:
        parts = []
    steps = {(part.side, part.code, part.amount): part for part in parts}

    def pair(side: str, amounts: list[Amount]) -> list[tuple[Amount, Explained | None]]:
        return [(amount, steps.get((side, amount.code, amount.amount))) for amount in amounts]

    # What is not withheld is explained too: not due at this age, or its maximum is reached.
    written = {amount.code for amount in paper.deductions}
    nothing = [
        Amount(part.code, part.label, part.amount, None)
        for part in parts
        if part.side == "deduction" and not part.amount and part.code not in written
    ]
    return pair("deduction", [*paper.deductions, *nothing]), pair("employer", paper.employer)


@of_a_stub
@require_safe
def stub_numbered(request, number):
    """The stub whose number is printed on a paper, for who may read it."""
    found = archive.numbered(number, archive.visible_to(request.user, request_powers(request)))
    if found is None:
        raise Http404
    return redirect("payroll:stub", found.pk)


@of_a_stub
@require_POST
def stub_open(request, pk):
    """Open another person's stub: they will see that I did."""
    found = _found(request, pk)
    note_opening(request, found.person, What.STUB, pk)
    return redirect("payroll:stub", pk)


@of_a_stub
@require_safe
def stub_pdf(request, pk):
    """The document itself, as it was issued."""
    found = _found(request, pk)
    if not has_opened(request, found.person, What.STUB, pk):
        return redirect("payroll:stub", pk)
    try:
        content = archive.pdf_of(found)
    except DocumentsUnavailable as missing:
        return _unavailable(request, missing)
    return download(content, "application/pdf", archive.file_name(found))


@own_only
@require_safe
def my_year(request, year):
    """All my documents of a year, in one archive."""
    if not date.min.year <= year <= date.max.year:
        raise Http404
    stubs = list(archive.own(request.user).paid_in(year).select_related("run", "document"))
    if not stubs:
        raise Http404
    if not any(stub.is_named for stub in stubs):
        return _unavailable(request, DocumentDestroyed())
    try:
        content = archive.zipped(stubs)
    except DocumentsUnavailable as missing:
        return _unavailable(request, missing)
    return download(content, "application/zip", _("pay-%(year)s.zip") % {"year": year})


def _unavailable(request: HttpRequest, missing: DocumentsUnavailable) -> HttpResponse:
    is_gone = isinstance(missing, DocumentDestroyed)
    title = _("The document was destroyed") if is_gone else _("The document cannot be made now")
    context = {"title": title, "sentence": str(missing)}
    return render(request, "payroll/document_unavailable.html", context, status=410 if is_gone else 503)
