"""A person's pay file: tax forms, overtime, sales taxes, and who looked at it."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from koumbit.pages import act
from koumbit.refusals import Refused, say
from members.access import needs, own_only, own_or, request_powers
from members.models import Person, Power, WorkStatus

from .. import bank_accounts, editions, freelancers, ledgers, profiles, readings
from ..forms.profiles import InvoiceForm, OvertimeForm, SalesTaxForm, TaxProfileForm
from ..models import InvoiceNumber, OvertimeChoice, SalesTaxRegistration, TaxProfile
from ..readings import What
from .opening import has_opened, note_opening, show_gate


def of_another(view: Callable, *powers: Power) -> Callable:
    """The same page of another person: theirs is opened aloud first; one's own has its own address.

    For those who prepare pay, or who hold one of the `powers`.
    """

    @needs(*(powers or [Power.PREPARE_PAY]))
    @wraps(view)
    def guarded(request, pk):
        found = get_object_or_404(Person, pk=pk)
        if not has_opened(request, found, What.TAX_PROFILE, found.pk):
            if request.method != "POST":
                return show_gate(request, found, What.TAX_PROFILE, found.pk)
            # What was typed for longer than a file stays open is not lost.
            note_opening(request, found, What.TAX_PROFILE, found.pk)
        return view(request, found)

    return guarded


def file_url(request: HttpRequest, person: Person) -> str:
    if person == request.user:
        return reverse("payroll:profile")
    return reverse("payroll:profile_of", args=[person.pk])


# The file -----------------------------------------------------------------------------------------


@own_only
@require_safe
def profile(request):
    """What the co-op holds of my taxes and my choices."""
    return _file(request, request.user)


def read_of_another(view: Callable) -> Callable:
    """A page that is read, and that whoever issues pay opens as well."""
    return of_another(view, Power.PREPARE_PAY, Power.ISSUE_PAY)


@require_safe
@read_of_another
def profile_of(request, person):
    """The pay file of a person, for those who prepare or issue pay."""
    return _file(request, person)


@needs(Power.PREPARE_PAY, Power.ISSUE_PAY)
@require_POST
def profile_open(request, pk):
    """Open a person's pay file: they will see that I did."""
    found = get_object_or_404(Person, pk=pk)
    note_opening(request, found, What.TAX_PROFILE, found.pk)
    return redirect(file_url(request, found))


def _file(request: HttpRequest, person: Person) -> HttpResponse:
    today = timezone.localdate()
    versions = list(
        TaxProfile.objects.filter(person=person)
        .select_related("declared_by", "confirmed_by")
        .order_by("-starts_on")
    )
    context = {
        "person": person,
        "is_mine": person == request.user,
        "may_keep": person == request.user or Power.PREPARE_PAY in request_powers(request),
        "today": today,
        "current": next((version for version in versions if version.holds_on(today)), None),
        "versions": [
            (version, profiles.masked(version.sin), profiles.amounts_of(version)) for version in versions
        ],
        "choices": OvertimeChoice.objects.filter(person=person).order_by("-starts_on"),
        "account": bank_accounts.shown(person, today) if person == request.user else None,
        "ledgers": ledgers.of_person(person, today=today),
        "registrations": SalesTaxRegistration.objects.filter(person=person).order_by("-starts_on"),
    }
    context["is_registered"] = any(of.holds_on(today) for of in context["registrations"])
    if WorkStatus.objects.filter(person=person, kind=WorkStatus.Kind.FREELANCE).exists():
        context["freelance"] = {
            "watch": freelancers.watch([person.pk], today)[person.pk],
            "invoices": InvoiceNumber.objects.filter(person=person)[:5],
            "share": editions.employer_share(today),
        }
    return render(request, "payroll/profile_detail.html", context)


@own_only
@require_safe
def my_readings(request):
    """Who looked at my file, and when."""
    page = Paginator(readings.of_my_file(request.user), 50).get_page(request.GET.get("page"))
    return render(request, "payroll/readings_list.html", {"page": page})


# Confirmed by another person ----------------------------------------------------------------------


@needs(Power.PREPARE_PAY, Power.ISSUE_PAY)
@require_safe
def forms_waiting(request):
    """Whose tax forms wait for somebody who prepares or issues pay to confirm them."""
    page = Paginator(profiles.waiting(timezone.localdate()), 50).get_page(request.GET.get("page"))
    return render(request, "payroll/forms_waiting.html", {"page": page})


@own_or(Power.PREPARE_PAY, Power.ISSUE_PAY)
@require_POST
def forms_confirm(request, pk):
    """Say that tax forms are what the person handed in: theirs, opened aloud; or mine, entered for me."""
    found = get_object_or_404(profiles.visible_to(request.user, request_powers(request)), pk=pk)
    to = file_url(request, found.person)
    if not has_opened(request, found.person, What.TAX_PROFILE, found.person.pk):
        return redirect(to)
    seen = request.POST.get("seen", "")
    return act(
        request,
        lambda: profiles.confirm_taxes(found, by=request.user, seen=seen),
        done=_("The tax forms are confirmed."),
        to=to,
    )


# Its forms ----------------------------------------------------------------------------------------


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def taxes(request):
    """Put my new tax forms on file."""
    return _taxes(request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@of_another
def taxes_of(request, person):
    """Put on file the tax forms that somebody handed in."""
    return _taxes(request, person)


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def overtime(request):
    """Choose between overtime paid and overtime banked."""
    return _overtime(request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@of_another
def overtime_of(request, person):
    """Record what somebody asked in writing about their overtime."""
    return _overtime(request, person)


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def sales_taxes(request):
    """Give my GST and QST numbers, or end them."""
    return _sales_taxes(request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@of_another
def sales_taxes_of(request, person):
    """Record a freelancer's GST and QST numbers, or end them."""
    return _sales_taxes(request, person)


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def invoice(request):
    """Give my own number to what a period will pay me."""
    return _invoice(request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@of_another
def invoice_of(request, person):
    """Record the number of a freelancer's invoice."""
    return _invoice(request, person)


def _invoice(request: HttpRequest, person: Person) -> HttpResponse:
    given = dict(InvoiceNumber.objects.filter(person=person).values_list("period_starts_on", "number"))
    form = InvoiceForm(request.POST or None, coming=freelancers.periods_to_number(), given=given)

    def keep() -> str:
        freelancers.number_invoice(person, by=request.user, **form.cleaned_data)
        return _("The invoice number is kept: it will be printed on the statement of that pay.")

    return kept(request, person, form, keep, title=_("Invoice number"), submit_label=_("Keep"))


def _taxes(request: HttpRequest, person: Person) -> HttpResponse:
    last = TaxProfile.objects.filter(person=person).order_by("-starts_on").first()
    form = TaxProfileForm(request.POST or None, on_file=last, today=timezone.localdate())

    def keep() -> str:
        kept = profiles.declare_taxes(person, by=request.user, **form.cleaned_data)
        if not kept.sin:
            messages.warning(
                request,
                _(
                    "There is no social insurance number on file: the law asks for it within 30 days of hiring."
                ),
            )
        return _(
            "The tax forms are on file. Pays dated from their first day use them. Another person confirms them."
        )

    return kept(
        request,
        person,
        form,
        keep,
        template="payroll/taxes_form.html",
        title=_("Tax forms"),
        submit_label=_("Put on file"),
        is_mine=person == request.user,
    )


def _overtime(request: HttpRequest, person: Person) -> HttpResponse:
    today = timezone.localdate()
    is_banked = OvertimeChoice.objects.filter(person=person).on(today).exists()
    form = OvertimeForm(request.POST or None, is_banked=is_banked, today=today)

    def keep() -> str:
        starts_on = form.cleaned_data["starts_on"]
        if is_banked:
            profiles.pay_overtime(person, by=request.user, starts_on=starts_on)
            return _("Overtime is paid with its half from that day on.")
        asked_on = form.cleaned_data["asked_on"]
        profiles.bank_overtime(person, by=request.user, starts_on=starts_on, asked_on=asked_on)
        return _("Overtime is banked at time and a half from that day on.")

    title = _("Have overtime paid again") if is_banked else _("Bank my overtime")
    return kept(request, person, form, keep, title=title, submit_label=title, lead=form.lead)


def _sales_taxes(request: HttpRequest, person: Person) -> HttpResponse:
    last = SalesTaxRegistration.objects.filter(person=person).order_by("-starts_on").first()
    form = SalesTaxForm(request.POST or None, on_file=last, today=timezone.localdate())

    def keep() -> str:
        given = dict(form.cleaned_data)
        if given.pop("is_ended"):
            profiles.end_sales_taxes(person, by=request.user, starts_on=given["starts_on"])
            return _("Payment statements carry no sales taxes from that day on.")
        profiles.register_sales_taxes(person, by=request.user, **given)
        return _("Payment statements carry GST and QST from that day on.")

    return kept(request, person, form, keep, title=_("Sales taxes"), submit_label=_("Put on file"))


def kept(
    request: HttpRequest,
    person: Person,
    form: BaseForm,
    keep: Callable[[], str],
    *,
    title: str,
    back_to: str = "",
    template: str = "page/form.html",
    **context,
) -> HttpResponse:
    """Do what a valid form asks and go back to the file; else show the form with what was typed."""
    back_to = back_to or file_url(request, person)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, keep())
            return redirect(back_to)
        except (Refused, ValidationError) as refusal:
            say(form, refusal)
    if person != request.user:
        title = f"{title} – {person}"
    context |= {"form": form, "title": title, "cancel_url": back_to}
    return render(request, template, context)
