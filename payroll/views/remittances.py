"""What is sent to both governments, by when, and the register of what was paid."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from koumbit import spreadsheets
from koumbit.formats import day as written
from koumbit.formats import dollars
from koumbit.pages import download, form_page
from members.access import needs
from members.models import Power

from .. import reminders, remittance_pays, remittance_register, remittances, standings
from ..business_days import Government
from ..forms.remittances import PaymentForm, TakeBackForm
from ..models import Remittance
from ..remitter_size import suggestions

pay_powers = needs(Power.PREPARE_PAY, Power.ISSUE_PAY)
YEARS = range(2000, 2200)


def _book(year: int) -> standings.Book:
    """The register of a year. Raises Http404 for one in which nobody was paid."""
    book = standings.Book.read(year) if year in YEARS else None
    if not (book and book.standings):
        raise Http404
    return book


def _standing(to: str, first) -> standings.Standing:
    found = standings.standing_of(to, first)
    if found is None:
        raise Http404
    return found


@pay_powers
@require_safe
def all_remittances(request):
    """What to send to whom, by when, late first; then the register of the year."""
    today = timezone.localdate()
    years = remittance_pays.years_with_pays()
    asked = request.GET.get("year", "")
    year = int(asked) if asked in {str(one) for one in years} else (years[0] if years else today.year)
    book = standings.Book.read(year)
    context = {
        "years": years,
        "year": year,
        "book": book,
        "coming": book.coming() if year == (years or [year])[0] else (),
        "others": [due for due in reminders.reminders(today=today) if not _is_listed(due, year)],
        "suggestions": suggestions(book),
        "is_assumed": len(book.rules.types) < len(Government),
    }
    return render(request, "payroll/remittance_list.html", context)


def _is_listed(due: reminders.Reminder, year: int) -> bool:
    """Is it among the remittances of that year's register? What is paid once a year is not."""
    return due.kwargs["first"].year == year and due.kwargs["to"] != standings.YEARLY


@pay_powers
@require_safe
def remittance(request, to, first):
    """One remittance: its parts, the pays behind it, what was paid."""
    standing = _standing(to, first)
    is_yearly = standing.kind != Remittance.Kind.PERIODIC
    context = {
        "standing": standing,
        "is_yearly": is_yearly,
        "is_of_cnesst": standing.kind == Remittance.Kind.CNESST,
        "pays": [] if is_yearly else remittance_pays.runs_behind(standing),
    }
    return render(request, "payroll/remittance_detail.html", context)


@pay_powers
@require_http_methods(["GET", "HEAD", "POST"])
def remittance_record(request, to, first):
    """Write down what was paid."""
    standing = _standing(to, first)
    back = reverse("payroll:remittance", args=[to, first])
    facts = [
        (_("Paid to"), standing.government),
        (_("Due on"), written(standing.period.due_on)),
        (_("Left to pay"), dollars(standing.left_total)),
    ]
    return form_page(
        request,
        PaymentForm(request.POST or None, standing=standing, today=timezone.localdate()),
        do=partial(remittances.record, standing, by=request.user),
        done=_("The payment is recorded."),
        to=back,
        template="page/confirm.html",
        title=_("Record a payment"),
        message=_("Amounts are those left to pay. Change them only if something else was paid."),
        facts=facts,
        submit_label=_("Record the payment"),
        cancel_url=back,
    )


@pay_powers
@require_http_methods(["GET", "HEAD", "POST"])
def remittance_take_back(request, pk):
    """Cancel a payment recorded wrongly, by its mirror."""
    found = get_object_or_404(Remittance, pk=pk)
    to = standings.WORDS.get(found.kind, found.government)
    period = standings.period_holding(found)
    back = reverse("payroll:remittance", args=[to, period.starts_on])
    facts = [
        (_("Paid to"), found.get_government_display()),
        (_("Paid on"), written(found.paid_on)),
        (_("Amount"), dollars(found.amount)),
        (_("Reference"), found.reference or "–"),
    ]
    return form_page(
        request,
        TakeBackForm(request.POST or None),
        do=partial(remittances.take_back, found, by=request.user),
        done=_("The payment is taken back. Record what was really paid, if anything was."),
        to=back,
        template="page/confirm.html",
        title=_("Take a payment back"),
        message=_("Nothing is erased: a counter-entry with the same amounts, negative, is added."),
        facts=facts,
        submit_label=_("Take it back"),
        cancel_url=back,
        danger=True,
    )


@pay_powers
@require_safe
def remittance_file(request, year, kind):
    """The register of a year, for a spreadsheet."""
    rows = remittance_register.table(_book(year))
    word = slugify(_("remittances"))
    name = f"{word}-{year}.{kind}"
    if kind == "csv":
        return download(spreadsheets.as_csv(rows), spreadsheets.CSV_TYPE, name)
    made_at = timezone.localtime()
    return download(spreadsheets.as_xlsx(rows, made_at=made_at), spreadsheets.XLSX_TYPE, name)
