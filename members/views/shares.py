"""Member shares: the capital of all, what each holds, and what is written about it."""

from collections.abc import Callable
from functools import partial, wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from koumbit.pages import form_page
from koumbit.press import paper_page

from .. import share_forms, shares
from ..access import needs, own_or, request_cooperative, request_powers, signed_in
from ..forms import NothingForm
from ..models import Person, Power, ShareEntry


def where_there_are_shares(view: Callable) -> Callable:
    """404 where the legal form knows no member shares: nothing speaks of them there."""

    @wraps(view)
    def seen(request, *args, **kwargs):
        cooperative = request_cooperative(request)
        if cooperative is None or not cooperative.has_shares:
            raise Http404
        return view(request, *args, **kwargs)

    return seen


def _theirs(request: HttpRequest, pk: int) -> Person:
    """Oneself, or anybody for who holds a power over pay."""
    people = Person.objects.all()
    if request_powers(request).isdisjoint(shares.POWERS):
        people = people.filter(pk=request.user.pk)
    return get_object_or_404(people, pk=pk)


def _ledger_url(person: Person) -> str:
    return reverse("members:share_ledger", args=[person.pk])


@signed_in
@require_safe
@where_there_are_shares
def capital(request: HttpRequest) -> HttpResponse:
    """What all members put in, what I hold, and, with the powers, what each does."""
    cooperative = request_cooperative(request)
    sees_all = not request_powers(request).isdisjoint(shares.POWERS)
    context = {
        "capital": shares.capital(cooperative),
        "own": shares.holding_of(request.user, cooperative),
        "people": _everybody(cooperative) if sees_all else [],
        "sees_all": sees_all,
    }
    return render(request, "members/shares.html", context)


def _everybody(cooperative) -> list[tuple[Person, shares.Holding]]:
    """Those who hold shares, and the members who hold none yet."""
    held = shares.holdings(cooperative)
    there = {person.pk for person, _holding in held}
    others = Person.objects.members(timezone.localdate()).exclude(pk__in=there)
    none = shares.Holding(0, shares.ZERO, cooperative.share_value or shares.ZERO)
    return sorted([*held, *((person, none) for person in others)], key=lambda row: row[0].sort_name)


@own_or(*shares.POWERS)
@require_safe
@where_there_are_shares
def ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's shares, entry by entry."""
    person = _theirs(request, pk)
    powers = request_powers(request)
    entries = person.share_entries.select_related("decision", "recorded_by", "reverses", "reversed_by")
    context = {
        "person": person,
        "own": person == request.user,
        "holding": shares.holding_of(person, request_cooperative(request)),
        "entries": entries,
        "writes": Power.PREPARE_PAY in powers and person != request.user,
        "refunds": Power.ISSUE_PAY in powers and person != request.user,
    }
    return render(request, "members/share_ledger.html", context)


@own_or(*shares.POWERS)
@require_safe
@where_there_are_shares
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """A certificate of what somebody holds today, as the ledger says it."""
    person, cooperative = _theirs(request, pk), request_cooperative(request)
    last = person.share_entries.order_by("-pk").first()
    holding = shares.holding_of(person, cooperative)
    if last is None or holding.shares == 0:
        raise Http404
    context = {
        "person": person,
        "cooperative": cooperative,
        "holding": holding,
        "number": f"{person.pk}-{last.pk}",
        "today": timezone.localdate(),
    }
    name = _("member-shares-%(number)s.pdf") % {"number": context["number"]}
    return paper_page(request, "members/pdf/share_certificate.html", context, name)


def _entry_page(request: HttpRequest, person: Person, form, **page) -> HttpResponse:
    to = _ledger_url(person)
    return form_page(
        request, form, done=_("It is written in the ledger."), to=to, lead=str(person), cancel_url=to, **page
    )


@needs(Power.PREPARE_PAY)
@where_there_are_shares
def subscribe(request: HttpRequest, pk: int) -> HttpResponse:
    """A member subscribes shares."""
    person = get_object_or_404(Person, pk=pk)
    cooperative = request_cooperative(request)
    missing = (cooperative.shares_to_hold or 0) - shares.holding_of(person, cooperative).shares
    initial = {"shares": missing} if missing > 0 else {}
    return _entry_page(
        request,
        person,
        share_forms.SubscriptionForm(request.POST or None, initial=initial),
        do=partial(shares.subscribe, person, by=request.user),
        title=_("Subscribe shares"),
        submit_label=_("Record"),
    )


@needs(Power.PREPARE_PAY)
@where_there_are_shares
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """A member paid for shares."""
    person = get_object_or_404(Person, pk=pk)
    left = shares.holding_of(person, request_cooperative(request)).left_to_pay
    return _entry_page(
        request,
        person,
        share_forms.PaymentForm(request.POST or None, initial={"amount": left} if left else {}),
        do=partial(shares.pay, person, by=request.user),
        title=_("Record a payment of shares"),
        submit_label=_("Record"),
    )


@needs(Power.ISSUE_PAY)
@where_there_are_shares
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Shares are refunded."""
    person = get_object_or_404(Person, pk=pk)
    holding = shares.holding_of(person, request_cooperative(request))
    initial = {"shares": holding.shares, "amount": holding.paid}
    return _entry_page(
        request,
        person,
        share_forms.RefundForm(request.POST or None, initial=initial),
        do=partial(shares.refund, person, by=request.user),
        title=_("Refund shares"),
        submit_label=_("Record the refund"),
    )


@needs(Power.ISSUE_PAY)
@where_there_are_shares
def reverse_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a mistaken entry back."""
    entry = get_object_or_404(ShareEntry.objects.select_related("person"), pk=pk)
    return _entry_page(
        request,
        entry.person,
        NothingForm(request.POST or None),
        do=partial(shares.reverse, entry, by=request.user),
        template="page/confirm.html",
        title=_("Reverse an entry"),
        message=_("The entry stays, and one with the other sign follows it today."),
        submit_label=_("Reverse it"),
        danger=True,
    )
