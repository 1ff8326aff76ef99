"""Money out: each person's account, what the bank's letter says, the deposit file and the cheques of a pay."""

from functools import partial

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koumbit import spreadsheets
from koumbit.formats import day as written
from koumbit.formats import dollars
from koumbit.pages import download, form_page
from koumbit.refusals import Refused, say
from members.access import needs, own_only, request_powers
from members.models import Person, Power

from .. import bank_accounts, banks, cheques, deposits
from ..forms.deposits import BankAccountForm, DepositForm, OriginatorForm, ReplaceForm
from ..models import BankAccount, PayRun
from ..readings import What, open_files
from .opening import has_opened, note_opening, note_shown, note_total, show_gate

ROWS = 100
pay_powers = needs(Power.PREPARE_PAY, Power.ISSUE_PAY)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when it is nothing: a form without a field is then valid."""
    return request.POST if request.method == "POST" else None


# Accounts -----------------------------------------------------------------------------------------


@own_only
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request):
    """Say where my pay goes, having just proved who I am."""
    accounts = list(BankAccount.objects.filter(person=request.user).order_by("-starts_on"))
    today = timezone.localdate()
    current = next((each for each in accounts if not each.is_over(today)), None)
    form = BankAccountForm(_posted(request), on_file=current, today=today)
    return form_page(
        request,
        form,
        do=partial(_keep_account, request.user),
        done=_("Your pay file is changed. A message tells you so, at your e-mail address."),
        to=reverse("payroll:profile"),
        template="payroll/account_form.html",
        title=_("Where my pay goes"),
        submit_label=_("Put on file"),
        cancel_url=reverse("payroll:profile"),
        accounts=[(each, bank_accounts.masked(each)) for each in accounts],
        today=today,
    )


def _keep_account(person: Person, *, starts_on, is_ended: bool, **numbers: str) -> None:
    if is_ended:
        bank_accounts.end(person, by=person, starts_on=starts_on)
    else:
        bank_accounts.give(person, by=person, starts_on=starts_on, **numbers)


@pay_powers
@require_safe
def accounts(request):
    """Who has an account on file, and who is paid by cheque. Never the accounts themselves."""
    people = bank_accounts.people_who_work(timezone.localdate())
    page = Paginator(people, ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "originator": deposits.originator()}
    context["may_set"] = Power.ISSUE_PAY in request_powers(request)
    return render(request, "payroll/account_list.html", context)


@pay_powers
@reauthentication_required
@require_safe
def account_of(request, pk):
    """A person's account, whole, to enter it by hand at the bank; they see who opened it."""
    person = get_object_or_404(Person, pk=pk)
    if not has_opened(request, person, What.BANK_ACCOUNT, pk):
        return show_gate(request, person, What.BANK_ACCOUNT, pk)
    today = timezone.localdate()
    found = BankAccount.objects.filter(person=person).on(today).first()
    context = {"person": person, "account": found, "bank": found and banks.name_of(found.institution)}
    return render(request, "payroll/account_detail.html", context)


@pay_powers
@require_POST
def account_open(request, pk):
    """Open a person's account: they will see that I did."""
    note_opening(request, get_object_or_404(Person, pk=pk), What.BANK_ACCOUNT, pk)
    return redirect("payroll:account_of", pk)


@needs(Power.ISSUE_PAY)
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def originator(request):
    """Copy what the letter of the co-op's bank says."""
    return form_page(
        request,
        OriginatorForm(_posted(request), on_file=deposits.originator()),
        do=partial(deposits.set_originator, by=request.user),
        done=_("What the bank needs is on file. The next deposit file uses it."),
        to=reverse("payroll:accounts"),
        template="payroll/originator_form.html",
        title=_("The bank’s letter"),
        submit_label=_("Put on file"),
        cancel_url=reverse("payroll:accounts"),
        read_of=[bank for bank in banks.known().values() if bank.trace],
    )


# A pay --------------------------------------------------------------------------------------------


def _found(pk: int) -> PayRun:
    issued = PayRun.objects.filter(issued_at__isnull=False).select_related("period", "voids__person")
    return get_object_or_404(issued, pk=pk)


@pay_powers
@require_safe
def run_money(request, pk):
    """Who of a pay is deposited and who gets a cheque, until the sum of both is the net of the pay."""
    found = _found(pk)
    split = deposits.split(found)
    page = Paginator(deposits.ways(found, split.file), ROWS).get_page(request.GET.get("page"))
    note_shown(request, (stub.person_id for stub in page), What.PAY)
    files = found.deposit_files.select_related("made_by", "replaced_by").defer("content")
    context = {
        "run": found,
        "split": split,
        "files": files,
        "findings": deposits.taken_back(found) if split.file else deposits.findings(found),
        "page": page,
        "originator": deposits.originator(),
        "may_deposit": Power.ISSUE_PAY in request_powers(request),
        "paid_on": deposits.paid_on(found),
    }
    return render(request, "payroll/run_money.html", context)


@needs(Power.ISSUE_PAY)
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def run_deposit(request, pk):
    """Take the file for the bank; the second time it is a copy, and says so."""
    found = _found(pk)
    split = deposits.split(found)
    findings = [] if split.file else deposits.findings(found)
    form = DepositForm(_posted(request), is_warned=bool(findings))
    if request.method == "POST" and form.is_valid():
        try:
            file, is_copy = deposits.make_file(found, by=request.user, **form.cleaned_data)
        except (Refused, ValidationError) as refusal:
            say(form, refusal)
        else:
            return _file(deposits.content_of(file), found, file.number, is_copy=is_copy)
    paid = deposits.ways(found, split.file).filter(way=deposits.Way.DEPOSIT)
    note_total(request, paid.values_list("person", flat=True), What.PAY)
    context = {
        "form": form,
        "title": _("Take a copy of the deposit file?") if split.file else _("Make the deposit file?"),
        "facts": _facts(found, split),
        "findings": findings,
        "is_late": not split.file and deposits.paid_on(found) > found.pay_on,
        "file": split.file,
        "submit_label": _("Take a copy") if split.file else _("Make the file"),
        "danger": bool(split.file),
        "cancel_url": reverse("payroll:run_money", args=[pk]),
    }
    return render(request, "payroll/run_deposit.html", context)


def _facts(found: PayRun, split: deposits.Split) -> list[tuple[str, object]]:
    return [
        (_("Pay date"), written(found.pay_on)),
        (
            _("The money is there on"),
            written(split.file.available_on if split.file else deposits.paid_on(found)),
        ),
        (_("Payments"), split.deposits.stubs),
        (_("Total"), dollars(split.deposits.amount)),
    ]


def _file(content: bytes, found: PayRun, number: int, *, is_copy: bool) -> HttpResponse:
    name = slugify(pgettext("file name", "deposits"))
    copied = slugify(pgettext("file name", "copy"))
    suffix = f"-{copied}" if is_copy else ""
    return download(
        content, "text/plain; charset=us-ascii", f"{name}-{found.pay_on}-{number:04d}{suffix}.txt"
    )


@needs(Power.ISSUE_PAY)
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def run_deposit_replace(request, pk):
    """Make another file, since the bank refused the whole of this one."""
    found = _found(pk)
    back = reverse("payroll:run_money", args=[pk])
    if deposits.file_of(found) is None:
        messages.error(request, str(deposits.NothingToReplace.sentence))
        return redirect(back)
    return form_page(
        request,
        ReplaceForm(_posted(request)),
        do=partial(deposits.replace_file, found, by=request.user),
        done=_("Another file is made, with its own number. Take it below."),
        to=back,
        title=_("The bank refused the file"),
        lead=_("Only when none of its payments was made: people would be paid twice."),
        submit_label=_("Make another file"),
        cancel_url=back,
        danger=True,
        template="payroll/run_deposit_replace.html",
        findings=deposits.findings(found),
    )


# Lists of a pay -----------------------------------------------------------------------------------


@pay_powers
@require_safe
def run_amounts(request, pk):
    """The amounts of a pay, to enter them by hand at the bank; taking them is kept, and shown to each person."""
    found = _found(pk)
    open_files(found.stubs.values_list("person", flat=True), What.PAY, by=request.user)
    return _csv(deposits.table(found), found, pgettext("file name", "payments"))


@pay_powers
@require_safe
def run_cheques(request, pk):
    """The cheques of a pay, to write and to sign: on screen and on paper."""
    found = _found(pk)
    split = deposits.split(found)
    stubs = deposits.ways(found, split.file).filter(way=deposits.Way.CHEQUE)
    page = Paginator(stubs, ROWS).get_page(request.GET.get("page"))
    note_shown(request, (stub.person_id for stub in page), What.PAY)
    rows = [(stub, cheques.in_words(stub.paid, request.LANGUAGE_CODE)) for stub in page]
    context = {"run": found, "split": split, "page": page, "rows": rows}
    context["findings"] = deposits.taken_back(found)
    return render(request, "payroll/run_cheques.html", context)


@pay_powers
@require_safe
def run_cheques_csv(request, pk):
    """The cheques of a pay, for a spreadsheet; taking them is kept, and shown to each person."""
    found = _found(pk)
    split = deposits.split(found)
    paid = deposits.ways(found, split.file).filter(way=deposits.Way.CHEQUE)
    open_files(paid.values_list("person", flat=True), What.PAY, by=request.user)
    rows = deposits.table(found, deposits.Way.CHEQUE)
    return _csv(rows, found, pgettext("file name", "cheques"))


def _csv(rows: list[list], found: PayRun, name: str) -> HttpResponse:
    file_name = f"{slugify(name)}-{found.pay_on}-{found.pk}.csv"
    return download(spreadsheets.as_csv(rows), spreadsheets.CSV_TYPE, file_name)
