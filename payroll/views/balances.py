"""Opening balances: what was paid in the year before this software, entered by one, confirmed by another."""

from functools import partial

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koumbit import spreadsheets
from koumbit.pages import act, download, form_page
from members.access import needs, request_powers
from members.models import Power

from .. import opening
from ..forms.opening import AdjustForm, OpeningForm
from ..forms.opening_file import OpeningFileForm, template
from ..models import OpeningAdjustment, OpeningBalance, PayStub
from ..readings import What
from .opening import note_shown
from .runs import pay_powers

ROWS = 50


@pay_powers
@require_safe
def openings(request):
    """Every balance of a year, and what waits to be confirmed."""
    years = list(OpeningBalance.objects.order_by("-year").values_list("year", flat=True).distinct())
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else next(iter(years), timezone.localdate().year)
    page = Paginator(opening.of_year(year), ROWS).get_page(request.GET.get("page"))
    note_shown(request, (balance.person_id for balance in page), What.OPENING)
    context = {
        "years": years,
        "year": year,
        "page": page,
        "rows": [(balance, opening.opening_of(balance, balance.counted)) for balance in page],
    }
    return render(request, "payroll/opening_list.html", context)


@needs(Power.PREPARE_PAY)
@require_http_methods(["GET", "HEAD", "POST"])
def opening_enter(request):
    """Copy what the former books say of somebody's year."""
    kind = PayStub.Kind.STATEMENT if "freelance" in request.GET else PayStub.Kind.STUB
    return form_page(
        request,
        OpeningForm(request.POST or None, kind=kind),
        do=partial(opening.enter, by=request.user),
        done=_("The balance is entered. Another person who issues pay confirms it."),
        to=lambda balance: reverse("payroll:opening", args=[balance.pk]),
        template="payroll/opening_form.html",
        kind=kind,
        title=_("Enter an opening balance"),
        lead=_("What was paid and withheld this year before this software, from the former books."),
        submit_label=_("Enter this balance"),
        cancel_url=reverse("payroll:openings"),
    )


@needs(Power.PREPARE_PAY)
@require_http_methods(["GET", "HEAD", "POST"])
def openings_import(request):
    """Enter everybody's balances at once, from a spreadsheet."""
    return form_page(
        request,
        OpeningFileForm(request.POST or None, request.FILES or None),
        do=partial(opening.enter_all, by=request.user),
        done=_("The balances are entered. Another person who issues pay confirms them."),
        to=reverse("payroll:openings"),
        template="payroll/opening_import.html",
        title=_("Opening balances from a file"),
        submit_label=_("Enter these balances"),
        cancel_url=reverse("payroll:openings"),
    )


@needs(Power.PREPARE_PAY)
@require_safe
def openings_model(request):
    """The file to fill, with everybody's line."""
    name = slugify(_("Opening balances"))
    return download(spreadsheets.as_csv(template()), spreadsheets.CSV_TYPE, f"{name}.csv")


@pay_powers
@require_safe
def opening_read(request, pk):
    """One balance, amount by amount, to check against the books and confirm."""
    balance = get_object_or_404(
        OpeningBalance.objects.select_related("person", "entered_by", "confirmed_by"), pk=pk
    )
    note_shown(request, [balance.person_id], What.OPENING)
    held = request_powers(request)
    adjustments = balance.adjustments.select_related("entered_by", "confirmed_by").prefetch_related("changes")
    counted = opening.counted_now(balance)
    context = {
        "balance": balance,
        "counted": counted,
        "amounts": opening.amounts_of(counted),
        "net": counted.net,
        "is_counted": opening.is_counted(balance),
        "adjustments": [(of, opening.changes_of(of), of.entered_by == request.user) for of in adjustments],
        "may_adjust": Power.PREPARE_PAY in held and all(of.is_confirmed for of in adjustments),
        "holds_issue": Power.ISSUE_PAY in held,
        "may_confirm": Power.ISSUE_PAY in held and balance.entered_by != request.user,
        "may_withdraw": Power.PREPARE_PAY in held,
    }
    return render(request, "payroll/opening_detail.html", context)


@needs(Power.ISSUE_PAY)
@require_POST
def opening_confirm(request, pk):
    """The second person says that it is what the books say."""
    balance = get_object_or_404(OpeningBalance, pk=pk)
    done = _("The balance is confirmed: every pay of the year counts it.")
    to = reverse("payroll:opening", args=[pk])
    return act(request, lambda: opening.confirm(balance, by=request.user), done=done, to=to)


@needs(Power.PREPARE_PAY)
@require_POST
def opening_withdraw(request, pk):
    """Take a balance away, to enter it again."""
    balance = get_object_or_404(OpeningBalance, pk=pk)
    to = reverse("payroll:openings")
    return act(
        request,
        lambda: opening.withdraw(balance, by=request.user),
        done=_("The balance is withdrawn."),
        to=to,
    )


# Adjustments --------------------------------------------------------------------------------------


@needs(Power.PREPARE_PAY)
@require_http_methods(["GET", "HEAD", "POST"])
def opening_adjust(request, pk):
    """Say what a balance that pays have counted should have said."""
    balance = get_object_or_404(OpeningBalance.objects.select_related("person"), pk=pk)
    note_shown(request, [balance.person_id], What.OPENING)
    back = reverse("payroll:opening", args=[pk])
    return form_page(
        request,
        AdjustForm(request.POST or None, balance=balance),
        do=partial(opening.adjust, balance, by=request.user),
        done=_("The adjustment is entered. Another person who issues pay confirms it."),
        to=back,
        template="payroll/opening_adjust.html",
        title=_("Adjust the opening balance of %(person)s, %(year)s")
        % {"person": balance.person, "year": balance.year},
        submit_label=_("Enter the adjustment"),
        cancel_url=back,
    )


@needs(Power.ISSUE_PAY)
@require_POST
def adjustment_confirm(request, pk):
    """The second person says that the differences are what the former books say."""
    adjustment = get_object_or_404(OpeningAdjustment, pk=pk)
    done = _("The adjustment is confirmed: the pays to come count it.")
    to = reverse("payroll:opening", args=[adjustment.balance_id])
    return act(request, lambda: opening.confirm_adjustment(adjustment, by=request.user), done=done, to=to)


@needs(Power.PREPARE_PAY)
@require_POST
def adjustment_withdraw(request, pk):
    """Take away an adjustment that waits, to enter it again."""
    adjustment = get_object_or_404(OpeningAdjustment, pk=pk)
    done = _("The adjustment is withdrawn.")
    to = reverse("payroll:opening", args=[adjustment.balance_id])
    return act(request, lambda: opening.withdraw_adjustment(adjustment, by=request.user), done=done, to=to)
