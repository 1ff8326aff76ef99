"""The pay: its periods, its preview, its issue by a second person, and what it leaves behind."""

from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal
from functools import partial
from http import HTTPStatus

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koumbit import spreadsheets
from koumbit.formats import day as written
from koumbit.formats import dollars
from koumbit.pages import act, download
from koumbit.refusals import Refused, say
from koumbit.said import Said
from members.access import needs, request_cooperative, request_powers
from members.models import Power
from timesheets.weeks import WEEK

from .. import (
    archive,
    beside,
    comparison,
    deposits,
    documents,
    editions,
    kept_answers,
    nets,
    paper_queue,
    register,
    remittance_pays,
    runs,
    watching,
)
from ..calendar import Period
from ..forms.runs import PrepareForm
from ..models import PayRun
from ..pays import Preview, Totals
from ..periods import paid_on, starting, upcoming
from ..readings import What, open_files, open_stubs
from .opening import note_shown, note_total

ROWS = 100
pay_powers = needs(Power.PREPARE_PAY, Power.ISSUE_PAY)


@pay_powers
@require_safe
def all_runs(request):
    """What is to prepare, what waits to be issued, and every pay so far."""
    today = timezone.localdate()
    pays = PayRun.objects.select_related("period", "prepared_by", "issued_by", "voids__person")
    pays = pays.order_by("-pay_on", "-pk")
    context = {
        "coming": upcoming(),
        "waiting": pays.filter(issued_at=None),
        "page": _page(request, pays.filter(issued_at__isnull=False), 30),
        "today": today,
        "ahead": [
            *watching.warnings(request_powers(request), request_cooperative(request), today),
            *watching.forms_to_confirm(request_powers(request), today),
        ],
    }
    return render(request, "payroll/run_list.html", context)


@pay_powers
@require_http_methods(["GET", "HEAD", "POST"])
def run_preview(request, first):
    """What a period's pay would be, and the button that prepares it."""
    made = PayRun.objects.filter(kind=PayRun.Kind.REGULAR, period__starts_on=first).first()
    if made:
        return redirect("payroll:run", made.pk)
    period = starting(first)
    if period is None:
        raise Http404
    period = _on_the_day_asked(request, period)
    draft = kept_answers.page_of(first)
    refusal = None
    if request.method == "POST":
        do = partial(runs.prepare, period, by=request.user)
        answer, refusal = sent(request, PrepareForm(request.POST), draft, do, partial(looked_into, period))
        if answer:
            return answer
    seen, findings = looked_into(period)
    form = PrepareForm(request.POST or None, findings=findings, kept=kept_answers.of(request.user, draft))
    if refusal and form.is_valid():
        say(form, refusal)
    context = {"period": period, "form": form, "is_stopped": any(finding.stops for finding in findings)}
    context["may_prepare"] = Power.PREPARE_PAY in request_powers(request) and bool(seen and seen.stubs)
    context["may_answer"] = context["may_prepare"] and not context["is_stopped"] and form.has_own_answers
    return render(request, "payroll/run_preview.html", context | looked_at(request, seen))


def looked_into(
    period: Period, people: Collection[int] | None = None
) -> tuple[Preview | None, list[runs.Finding]]:
    """What a pay would be, None where the tables stop it, and what to look at before it."""
    try:
        seen = runs.preview(period, people=people)
    except runs.Stopped:
        seen = None
    return seen, runs.preflight(period, seen, people=people)


def sent(
    request: HttpRequest,
    form: PrepareForm,
    draft: str,
    do: Callable[..., PayRun],
    look: Callable[[], tuple[Preview | None, list[runs.Finding]]],
) -> tuple[HttpResponse | None, Refused | ValidationError | None]:
    """Keep what was typed, then prepare the pay; where that leads, or why it is refused.

    The pay of a request is computed once, by the act itself, and again only when it is refused. `leave`
    is the finding that is followed, `stay`, or `script` for what the page itself sends when it closes.
    """
    if Power.PREPARE_PAY in request_powers(request):  # the act refuses the others, on the form
        kept_answers.keep(draft, form.typed(), by=request.user)
        match request.POST.get("leave"):
            case None:
                pass
            case "script":
                return HttpResponse(status=HTTPStatus.NO_CONTENT), None
            case "stay":
                messages.success(request, _("Your answers are kept: you can leave this page and come back."))
                return redirect(request.get_full_path()), None
            case key:
                of = (finding.address for finding in look()[1] if finding.key == key)
                return redirect(next(of, "") or request.get_full_path()), None
    if not form.is_valid():
        return None, None
    try:
        run = do(seen_digest=request.POST.get("seen_digest", ""), **form.given())
    except (Refused, ValidationError) as refusal:
        return None, refusal
    messages.success(request, _("The pay is prepared. Another person reads it and issues it."))
    return redirect("payroll:run", run.pk), None


def _on_the_day_asked(request: HttpRequest, period: Period) -> Period:
    """The period paid on the day in the address, when it is within a week of the calendar's."""
    try:
        asked = date.fromisoformat(request.GET.get("pay_on", ""))
    except ValueError:
        return period
    return paid_on(period, asked) if abs((asked - period.pay_on).days) <= WEEK.days else period


def looked_at(request: HttpRequest, seen: Preview | None, *, is_apart: bool = False) -> dict:
    """A preview as its table, with what it changes from the last pay, or how one off-cycle is computed."""
    if seen is None:
        return {}
    page = _page(request, seen.stubs, ROWS)
    note_shown(request, (draft.person.pk for draft in page), What.PAY)
    said = comparison.apart(seen) if is_apart else comparison.differences(seen, comparison.last_issued(seen))
    return {
        "seen": seen,
        "page": page,
        "register": register.register([(draft, None) for draft in page], seen.totals),
        "differences": said,
        "editions": editions.used_on(seen.period.pay_on),
    }


def _page(request: HttpRequest, rows, size: int) -> Page:
    return Paginator(rows, size).get_page(request.GET.get("page"))


def _found(pk: int, **only) -> PayRun:
    people = ("period", "prepared_by", "issued_by", "voids__run", "voids__person")
    return get_object_or_404(PayRun.objects.select_related(*people), pk=pk, **only)


@pay_powers
@require_safe
def run(request, pk):
    """A pay: what waits to be issued, or what was."""
    found = _found(pk)
    if found.is_issued:
        return render(request, "payroll/run_issued.html", _issued(request, found))
    return render(request, "payroll/run_prepared.html", _prepared(request, found))


def _to_get_back(found: PayRun) -> Said | None:
    """What is to be done about the money of a stub that is voided."""
    return nets.to_get_back([found.voids]).get(found.voids_id) if found.kind == PayRun.Kind.VOID else None


def _answers(found: PayRun) -> dict:
    """The first warnings that were answered, and how many there are."""
    answers = found.acknowledgements.select_related("by")
    return {"answers": answers[:ROWS], "answer_count": answers.count()}


@pay_powers
@require_safe
def run_answers(request, pk):
    """Every warning of a pay, and why it went ahead in spite of it."""
    found = _found(pk)
    page = _page(request, found.acknowledgements.select_related("by"), ROWS)
    return render(request, "payroll/run_answers_all.html", {"run": found, "page": page})


def _prepared(request: HttpRequest, found: PayRun) -> dict:
    """What is needed to decide on issuing: the pay as it is now, against what was prepared."""
    held = request_powers(request)
    context = {
        "run": found,
        **_answers(found),
        "may_issue": Power.ISSUE_PAY in held and found.prepared_by != request.user,
        "may_withdraw": Power.PREPARE_PAY in held,
        "to_get_back": _to_get_back(found),
        "is_own": found.prepared_by == request.user,
        "is_apart": found.kind == PayRun.Kind.OFF_CYCLE,
    }
    try:
        seen = runs.as_it_is_now(found)
    except runs.Stopped as refusal:
        return context | {"stopped": str(refusal)}
    context["changes"] = runs.changes(found, seen)
    if found.voids:
        note_shown(request, [found.voids.person_id], What.PAY)
    if seen is None:
        mirror = register.as_mirrored(found.voids)
        totals = Totals.of([mirror])
        return context | {"register": register.register([(mirror, found.voids)], totals)}
    if found.kind == PayRun.Kind.CORRECTION:
        return context | {"beside": beside.of_stub(found.voids, seen)}
    return context | looked_at(request, seen, is_apart=found.kind == PayRun.Kind.OFF_CYCLE)


def _issued(request: HttpRequest, found: PayRun) -> dict:
    stubs = register.stubs_of(found)
    page = _page(request, stubs.prefetch_related("lines"), ROWS)
    note_shown(request, (stub.person_id for stub in page), What.PAY)
    totals = register.totals_of(found)
    names = stubs.exclude(editions="").order_by("editions").values_list("editions", flat=True).distinct()
    return {
        "run": found,
        **_answers(found),
        "beside": beside.of_run(found) if found.kind == PayRun.Kind.CORRECTION else None,
        "page": page,
        "register": register.register(register.issued(page), totals),
        "to_get_back": _to_get_back(found),
        "papers": paper_queue.progress(found),
        "parts": list(_parts(found)),
        "may_make_papers": Power.PREPARE_PAY in request_powers(request),
        "split": deposits.split(found),
        "names": names,
        "year": found.pay_on.year,
        "owed": remittance_pays.owed_by(found.pay_on, totals.by_code),
        "voidings": PayRun.objects.filter(voids__run=found).select_related("voids__person"),
    }


@needs(Power.ISSUE_PAY)
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def run_issue(request, pk):
    """The second person says yes, having just proved who they are."""
    found = _found(pk)
    back = reverse("payroll:run", args=[pk])
    if found.is_issued:
        return redirect(back)
    if request.method == "POST":
        done = _("The pay is issued: its stubs are final and in each person's archive.")
        if found.kind == PayRun.Kind.VOID:
            done = _("The voiding is issued: it is final, and in the archive of the person.")
        return act(request, partial(_issue, found, request.user), done=done, to=back)
    note_total(request, (row[0] for row in found.expected), What.PAY)
    facts = [
        (_("Kind"), found.get_kind_display()),
        (_("Pay date"), written(found.pay_on)),
        (_("Prepared by"), found.prepared_by),
        (_("Stubs"), len(found.expected)),
        (_("Gross"), dollars(sum(Decimal(row[2]) for row in found.expected))),
        (_("Net"), dollars(sum(Decimal(row[3]) for row in found.expected))),
    ]
    if found.kind == PayRun.Kind.CORRECTION:
        facts[-2:] = [(_("%(name)s: difference") % {"name": name}, value) for name, value in facts[-2:]]
    context = {
        "title": _("Issue this pay?"),
        "message": _("From then on its stubs are final: one that is wrong is corrected from its own page."),
        "facts": facts,
        "submit_label": _("Issue the pay"),
        "cancel_url": back,
    }
    return render(request, "page/confirm.html", context)


def _issue(found: PayRun, by) -> None:
    documents.check()
    runs.issue(found, by=by)


@needs(Power.PREPARE_PAY)
@require_POST
def run_withdraw(request, pk):
    """Take back a pay that was prepared, as if it had not been."""
    found = get_object_or_404(PayRun, pk=pk)
    done = _("The pay is withdrawn. Nothing was paid.")
    return act(request, lambda: runs.withdraw(found, by=request.user), done=done, to=reverse("payroll:runs"))


# Files --------------------------------------------------------------------------------------------


@pay_powers
@require_safe
def run_register(request, pk, kind):
    """The register of a pay, for a spreadsheet; taking it is kept, and shown to each person."""
    found = _found(pk, issued_at__isnull=False)
    rows = register.table(found)
    open_files(found.stubs.values_list("person", flat=True), What.PAY, by=request.user)
    name = slugify(_("register"))
    if kind == "csv":
        content, content_type = spreadsheets.as_csv(rows), spreadsheets.CSV_TYPE
    else:
        content, content_type = spreadsheets.as_xlsx(rows, made_at=found.issued_at), spreadsheets.XLSX_TYPE
    return download(content, content_type, f"{name}-{found.pay_on}-{found.pk}.{kind}")


@needs(Power.PREPARE_PAY)
@require_POST
def run_papers(request, pk):
    """Make the documents of a pay that are still missing."""
    found = _found(pk, issued_at__isnull=False)
    done = _("The missing PDFs are being made.")
    make = partial(runs.make_documents, found, by=request.user)
    return act(request, make, done=done, to=reverse("payroll:run", args=[pk]))


@pay_powers
@require_POST
def run_documents(request, pk):
    """The PDFs of a pay in an archive, or a part of them; taking them is kept, and shown to each person."""
    found = _found(pk, issued_at__isnull=False)
    part = _parts(found).get_page(request.POST.get("part"))
    stubs = list(part.object_list.select_related("document"))
    missing = sum(not hasattr(stub, "document") for stub in stubs)
    if missing > runs.FEW:
        sentence = ngettext(
            "%(count)s of these PDFs is not made yet: take them once it is.",
            "%(count)s of these PDFs are not made yet: take them once they are.",
            missing,
        )
        messages.error(request, sentence % {"count": missing})
        return redirect("payroll:run", pk)
    try:
        content = archive.zipped(stubs)
    except documents.DocumentsUnavailable as refusal:
        messages.error(request, str(refusal))
        return redirect("payroll:run", pk)
    open_stubs(stubs, by=request.user)
    name, of = slugify(pgettext("file name", "pay")), f"-{part.number}" if part.has_other_pages() else ""
    return download(content, "application/zip", f"{name}-{found.pay_on}-{found.pk}{of}.zip")


def _parts(found: PayRun) -> Paginator:
    """The stubs of a pay as its archives hold them: in one, or in several of a pay of many people."""
    return Paginator(register.stubs_of(found), archive.MOST)
