"""The books: the entries of the pays, the accounts they are written to, and files for accounting programs."""

from datetime import date
from functools import partial

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from koumbit import spreadsheets
from koumbit.pages import download, form_page
from members.access import needs, request_powers
from members.models import Power

from .. import books, ledger
from ..forms.books import AccountsForm, DaysForm

pay_powers = needs(Power.PREPARE_PAY, Power.ISSUE_PAY)
PLAIN = "text/plain; charset=utf-8"
#: The extension and the content type of each file.
FILES = {
    "sage": ("txt", "text/plain; charset=windows-1252"),
    "gnucash": ("csv", spreadsheets.CSV_TYPE),
    "odoo": ("csv", spreadsheets.CSV_TYPE),
    "hledger": ("journal", PLAIN),
    "beancount": ("beancount", PLAIN),
    "csv": ("csv", spreadsheets.CSV_TYPE),
    "xlsx": ("xlsx", spreadsheets.XLSX_TYPE),
}


@pay_powers
@require_safe
def entries(request):
    """Every entry of some days, and what each account moved by."""
    form, first, last = _days(request)
    accounts = books.Chart()
    found = books.entries(first, last, accounts=accounts)
    trial = ledger.trial_balance(found)
    context = {
        "form": form,
        "first": first,
        "last": last,
        "entries": found,
        "trial": trial,
        "debits": sum((line.debit for line in trial), ledger.ZERO),
        "credits": sum((line.credit for line in trial), ledger.ZERO),
        "is_mapped": accounts.is_mapped,
        "may_map": Power.PREPARE_PAY in request_powers(request),
        "query": f"first={first}&last={last}",
    }
    return render(request, "payroll/book_entries.html", context)


def _days(request: HttpRequest) -> tuple[DaysForm, date, date]:
    """The days asked for; those of the current year when none, or no sense, is asked."""
    today = timezone.localdate()
    year = {"first": today.replace(month=1, day=1), "last": today.replace(month=12, day=31)}
    asked = DaysForm(request.GET) if "first" in request.GET or "last" in request.GET else None
    if asked is not None and asked.is_valid():
        return asked, asked.cleaned_data["first"], asked.cleaned_data["last"]
    return asked or DaysForm(initial=year), year["first"], year["last"]


@needs(Power.PREPARE_PAY)
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request):
    """Say once which accounts the pay is written to."""
    form = AccountsForm(request.POST if request.method == "POST" else None, places=books.places())
    return form_page(
        request,
        form,
        do=lambda **given: books.map_accounts(given, by=request.user),
        done=_("The accounts are on file. Entries are written to them."),
        to=reverse("payroll:books"),
        title=_("Accounts of the books"),
        lead=_("For each amount of the pay, the number of the account in your own chart, then its name."),
        submit_label=_("Put on file"),
        cancel_url=reverse("payroll:books"),
    )


@pay_powers
@require_safe
def book_file(request, kind):
    """The entries of some days, as an accounting program takes them."""
    _form, first, last = _days(request)
    back = f"{reverse('payroll:books')}?first={first}&last={last}"
    written = ledger.Written(first, last, timezone.localtime())
    try:
        found = books.entries(first, last, accounts=books.chart())
        content = _writers(written)[kind](found)
    except books.NotMapped as refusal:
        messages.error(request, str(refusal))
        return redirect("payroll:books")
    except ledger.NotForSage as refusal:
        sentence = _("Sage 50 wants account numbers of four digits or more: %(number)s is none.")
        messages.error(request, sentence % {"number": refusal})
        return redirect(back)
    extension, content_type = FILES[kind]
    name = slugify(pgettext("file name", "books"))
    return download(content, content_type, f"{name}-{kind}-{first}-{last}.{extension}")


def _writers(written: ledger.Written) -> dict:
    return {
        "sage": ledger.sage,
        "gnucash": partial(ledger.gnucash, written=written),
        "odoo": partial(ledger.odoo, written=written, journal=_("Miscellaneous Operations")),
        "hledger": partial(ledger.hledger, written=written),
        "beancount": partial(ledger.beancount, written=written),
        "csv": lambda found: spreadsheets.as_csv(books.table(found, written)),
        "xlsx": lambda found: spreadsheets.as_xlsx(books.table(found, written), made_at=written.at),
    }
