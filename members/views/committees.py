"""The committees: what they may do, who sits on them."""

from datetime import timedelta
from functools import partial

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koumbit.pages import form_page

from .. import forms, governance, holding, meetings, tallies, waiting
from ..access import needs, own_or, request_powers, signed_in
from ..models import Committee, CommitteePower, Mandate, Meeting, Power, Undertaking
from .endings import last_day_page

#: How long before its end a mandate is shown as coming up for renewal.
SOON = timedelta(days=60)
#: How many of its past meetings the page of a body shows; the others are in the list of meetings.
BEHIND_SHOWN = 12


@signed_in
def committees(request: HttpRequest) -> HttpResponse:
    """The bodies of the co-op, what each may do and who sits on it today."""
    today = timezone.localdate()
    seats = Mandate.objects.on(today).select_related("person").order_by("person__sort_name")
    bodies = list(
        Committee.objects.prefetch_related(
            Prefetch("powers", CommitteePower.objects.on(today), to_attr="powers_today"),
            Prefetch("mandates", seats, to_attr="seats_today"),
        )
    )
    context = {
        "standing": [body for body in bodies if not body.is_over(today)],
        "dissolved": [body for body in bodies if body.is_over(today)],
        "keeps": Power.KEEP_COMMITTEES in request_powers(request),
        "gaps": holding.gaps(holding.held(today), today),
    }
    return render(request, "members/committees.html", context)


@signed_in
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    """A body: what waits for it, when it meets, its powers of today, who sits on it and sat on it, what it decided."""
    body = get_object_or_404(Committee, pk=pk)
    today = timezone.localdate()
    mandates = list(
        body.mandates.select_related("person", "given_by", "decision").order_by("person__sort_name")
    )
    powers = list(body.powers.select_related("granted_by", "decision").order_by("starts_on"))
    held = [power for power in powers if not power.is_over(today)]
    called = Meeting.objects.filter(body=body).select_related("minutes")
    asked = waiting.Asked(
        body,
        frozenset(power.power for power in held if power.holds_on(today)),
        request.user,
        request_powers(request),
        today,
    )
    context = {
        "waits": waiting.waiting(asked),
        "seated": meetings.sits(body, request.user),
        "meetings_ahead": called.ahead(today),
        "meetings_behind": called.behind(today)[:BEHIND_SHOWN],
        "undertakings": Undertaking.objects.to_do()
        .filter(meeting__body=body)
        .select_related("person", "meeting"),
        "committee": body,
        "today": today,
        "stands": not body.is_over(today),
        "keeps": Power.KEEP_COMMITTEES in request_powers(request),
        "powers_held": held,
        "past_powers": [power for power in powers if power.is_over(today)],
        "mandates": [mandate for mandate in mandates if not mandate.is_over(today)],
        "past_mandates": [mandate for mandate in mandates if mandate.is_over(today)],
        "decisions": body.decisions.all()[:20],
        "rule": (rule := governance.rule_of(body, today)),
        "electors": (count := governance.electors(body, today).count()),
        "quorum": tallies.needed(rule.rule, count),
        "vacant": max(0, (body.seats or 0) - sum(mandate.holds_on(today) for mandate in mandates)),
        "soon": today + SOON,
        "motions": body.motions.open().select_related("body", "current", "proposed_by"),
    }
    return render(request, "members/committee.html", context)


@needs(Power.KEEP_COMMITTEES)
def committee_create(request: HttpRequest) -> HttpResponse:
    """A new body."""
    return form_page(
        request,
        forms.CommitteeForm(request.POST or None),
        do=partial(governance.create_committee, by=request.user),
        done=_("The committee is created. Now its powers, and who sits on it."),
        to=_body,
        title=_("Create a committee"),
        submit_label=_("Create"),
        cancel_url=reverse("members:committees"),
    )


@needs(Power.KEEP_COMMITTEES)
def committee_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name or aim."""
    body = get_object_or_404(Committee, pk=pk)
    return form_page(
        request,
        forms.CommitteeNameForm(request.POST or None, instance=body),
        do=partial(governance.change_committee, Committee(pk=pk), by=request.user),
        done=_("The changes are saved."),
        to=_body,
        title=_("Change the committee"),
        lead=body.name,
        submit_label=_("Save"),
        cancel_url=_body(body),
    )


@needs(Power.KEEP_COMMITTEES)
def committee_dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of a body."""
    body = get_object_or_404(Committee, pk=pk)
    return last_day_page(
        request,
        do=partial(governance.dissolve_committee, body, by=request.user),
        done=_("The end of the committee is recorded."),
        to=_body(body),
        title=_("Dissolve the committee"),
        lead=body.name,
        message=_("Its powers and its mandates end with it. Its decisions and its history stay."),
        submit_label=_("Dissolve"),
    )


@needs(Power.KEEP_COMMITTEES)
def power_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a committee do something for everyone."""
    body = get_object_or_404(Committee, pk=pk)
    return form_page(
        request,
        forms.PowerForm(request.POST or None),
        do=partial(governance.grant_power, body, by=request.user),
        done=_("The power is granted."),
        to=_body(body),
        title=_("Grant a power"),
        lead=body.name,
        submit_label=_("Grant"),
        cancel_url=_body(body),
    )


@needs(Power.KEEP_COMMITTEES)
def power_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day on which a committee may do something."""
    granted = get_object_or_404(CommitteePower.objects.select_related("committee"), pk=pk)
    return last_day_page(
        request,
        do=partial(governance.withdraw_power, granted, by=request.user),
        done=_("The end of the power is recorded."),
        to=_body(granted.committee),
        title=_("Withdraw a power"),
        lead=f"{granted.committee.name} – {granted.get_power_display()}",
        message=_("From the next day on, nobody acts with this power through this committee."),
        submit_label=_("Withdraw"),
    )


@needs(Power.KEEP_COMMITTEES)
def mandate_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody else a seat."""
    body = get_object_or_404(Committee, pk=pk)
    return form_page(
        request,
        forms.MandateForm(request.POST or None, by=request.user),
        do=partial(governance.give_mandate, body, by=request.user),
        done=_("The mandate is given."),
        to=_body(body),
        title=_("Give a mandate"),
        lead=body.name,
        submit_label=_("Give the mandate"),
        cancel_url=_body(body),
    )


@needs(Power.KEEP_COMMITTEES)
def lots_draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give seats by lot: the same chance for each, and anybody can draw again."""
    body = get_object_or_404(Committee, pk=pk)
    return form_page(
        request,
        forms.LotsForm(request.POST or None, by=request.user, committee=body),
        do=partial(governance.draw_lots, body, by=request.user),
        done=lambda given: _("Drawn: %(names)s.") % {"names": ", ".join(str(one.person) for one in given)},
        to=_body(body),
        title=_("Draw by lot"),
        lead=body.name,
        submit_label=_("Draw"),
        cancel_url=_body(body),
    )


@needs(Power.KEEP_COMMITTEES)
def rule_set(request: HttpRequest, pk: int) -> HttpResponse:
    """How the body decides, from a day on."""
    body = get_object_or_404(Committee, pk=pk)
    rule = governance.rule_of(body, timezone.localdate())
    initial = {name: getattr(rule, name) for name in ("method", "secret", "quorum_percent", "threshold")}
    return form_page(
        request,
        forms.RuleForm(request.POST or None, initial=initial),
        do=partial(governance.set_rule, body, by=request.user),
        done=_("The way to decide is set."),
        to=_body(body),
        title=_("Set how the body decides"),
        lead=body.name,
        submit_label=_("Set"),
        cancel_url=_body(body),
    )


@own_or(Power.KEEP_COMMITTEES)
def mandate_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of a seat: by who keeps committees, or by the person, who steps down."""
    keeps = Power.KEEP_COMMITTEES in request_powers(request)
    mandates = Mandate.objects.all() if keeps else request.user.mandates.all()
    mandate = get_object_or_404(mandates.select_related("committee", "person"), pk=pk)
    return last_day_page(
        request,
        do=partial(governance.end_mandate, mandate, by=request.user),
        done=_("The end of the mandate is recorded."),
        to=_body(mandate.committee),
        title=_("End a mandate"),
        lead=f"{mandate.person} – {mandate.committee.name}",
        message=_("From the next day on, what this committee may do is closed to them."),
        submit_label=_("End the mandate"),
    )


def _body(committee: Committee) -> str:
    return reverse("members:committee", args=[committee.pk])
