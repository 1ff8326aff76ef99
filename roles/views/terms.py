"""Who holds a role until when, and how the next one is found: seen by all, kept by those who keep roles."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koumbit.pages import act, form_page
from members.access import for_oneself, needs, own_or, request_powers, signed_in
from members.models import Power
from roles import forms, terms
from roles.models import Opening, Role, Term


@signed_in
@require_GET
def renewals(request: HttpRequest) -> HttpResponse:
    """The calendar of terms: those that end soon, those that end later, and the roles that are open."""
    today = timezone.localdate()
    context = {
        "renewals": terms.renewals(today),
        "later": terms.later(today),
        "openings": Opening.objects.filter(closed_at=None).select_related("role"),
        "keeps": Power.KEEP_ROLES in request_powers(request),
        "today": today,
    }
    return render(request, "roles/renewals.html", context)


@needs(Power.KEEP_ROLES)
def term_give(request: HttpRequest, pk: int) -> HttpResponse:
    """A person holds the role for a term."""
    role = get_object_or_404(Role, pk=pk)
    return form_page(
        request,
        forms.TermForm(request.POST or None, by=request.user, instance=Term(role=role)),
        do=partial(terms.give_term, role, by=request.user),
        done=_("The term is written down. Its end is in the calendar of renewals."),
        to=_role(role),
        title=_("Entrust the role for a term"),
        lead=role.name,
        submit_label=_("Entrust the role"),
        cancel_url=_role(role),
    )


@own_or(Power.KEEP_ROLES)
def term_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day on which somebody holds the role: by themselves, or by those who keep roles."""
    mine = {} if Power.KEEP_ROLES in request_powers(request) else {"person": request.user}
    term = get_object_or_404(Term.objects.select_related("role", "person"), pk=pk, **mine)
    return form_page(
        request,
        forms.LastDayForm(request.POST or None),
        do=partial(terms.end_term, term, by=request.user),
        done=_("The term ends on that day."),
        to=_role(term.role),
        template="page/confirm.html",
        title=_("End the term"),
        lead=f"{term.person} – {term.role}",
        message=_("The tasks of the role are handed over one by one, on their own pages."),
        submit_label=_("End the term"),
        cancel_url=_role(term.role),
    )


@needs(Power.KEEP_ROLES)
def opening_create(request: HttpRequest, pk: int) -> HttpResponse:
    """A role is to be filled."""
    role = get_object_or_404(Role, pk=pk)
    return form_page(
        request,
        forms.OpeningForm(request.POST or None),
        do=partial(terms.open_role, role, by=request.user),
        done=_("The role is open: whoever wishes puts themselves forward."),
        to=lambda opening: reverse("roles:opening", args=[opening.pk]),
        title=_("Open the role"),
        lead=role.name,
        submit_label=_("Open"),
        cancel_url=_role(role),
    )


@signed_in
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """A role that is open, who put themselves forward, and one's own words."""
    found = get_object_or_404(Opening.objects.select_related("role", "opened_by", "decision"), pk=pk)
    candidacies = list(found.candidacies.select_related("person"))
    own = next((one for one in candidacies if one.person_id == request.user.pk), None)
    return form_page(
        request,
        forms.CandidacyForm(request.POST or None, instance=own),
        do=partial(terms.put_forward, found, by=request.user),
        done=_("You have put yourself forward. You can step back until the decision."),
        to=reverse("roles:opening", args=[pk]),
        template="roles/opening.html",
        opening=found,
        candidacies=candidacies,
        own=own,
        takes=found.closed_at is None and timezone.localdate() <= found.closes_on,
        keeps=Power.KEEP_ROLES in request_powers(request),
    )


@for_oneself
@require_POST
def opening_step_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own candidacy back."""
    found = get_object_or_404(Opening, pk=pk)
    return act(
        request,
        partial(terms.step_back, found, by=request.user),
        done=_("Your candidacy is taken back."),
        to=reverse("roles:opening", args=[pk]),
    )


@needs(Power.KEEP_ROLES)
def opening_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Write who holds the role, by which decision."""
    found = get_object_or_404(Opening.objects.select_related("role"), pk=pk)
    return form_page(
        request,
        forms.SettleForm(request.POST or None, opening=found),
        do=partial(terms.settle, found, by=request.user),
        done=_("The role is filled: the term is written down with its decision."),
        to=_role(found.role),
        title=_("Write who was chosen"),
        lead=found.role.name,
        submit_label=_("Entrust the role"),
        cancel_url=reverse("roles:opening", args=[pk]),
    )


@needs(Power.KEEP_ROLES)
@require_POST
def opening_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an opening that nobody fills."""
    found = get_object_or_404(Opening.objects.select_related("role"), pk=pk)
    return act(
        request,
        partial(terms.close_unfilled, found, by=request.user),
        done=_("The opening is closed. The role can be opened again."),
        to=_role(found.role),
    )


def _role(role: Role) -> str:
    return reverse("timesheets:role", args=[role.pk])
