"""Somebody's path: asking to be a member, admission, probation, pause, departure, and what each closes."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from koumbit.pages import form_page

from .. import path_forms, paths, steps
from ..access import needs, own_or, request_cooperative, request_powers, signed_in
from ..forms import NothingForm
from ..models import (
    Application,
    Committee,
    Cooperative,
    Membership,
    Pause,
    Person,
    Power,
    Probation,
    StepList,
)


def page_of(someone: Person) -> str:
    return reverse("members:person", args=[someone.pk])


def _person(request: HttpRequest, pk: int) -> Person:
    """Oneself, or anybody for who admits people."""
    people = Person.objects.visible_to(request.user)
    if Power.ADMIT_PEOPLE not in request_powers(request):
        people = people.filter(pk=request.user.pk)
    return get_object_or_404(people, pk=pk)


def _theirs(request: HttpRequest, facts: QuerySet) -> QuerySet:
    """One's own facts, or everybody's for who admits people."""
    facts = facts.select_related("person")
    return facts if Power.ADMIT_PEOPLE in request_powers(request) else facts.filter(person=request.user)


def assembly() -> Committee | None:
    """The general assembly of today, for a link that proposes something to it."""
    return Committee.objects.on(timezone.localdate()).filter(kind=Committee.Kind.ASSEMBLY).first()


def told(someone: Person) -> list[dict[str, Any]]:
    """The steps of somebody's path, the latest first: what it was, and the fact that says so. Four queries."""
    facts: Sequence[tuple[str, QuerySet]] = (
        ("application", someone.applications.select_related("decision")),
        ("membership", someone.memberships.select_related("admitted_by", "ended_by")),
        ("probation", someone.probations.select_related("decision")),
        ("pause", someone.pauses.select_related("decision")),
    )
    order = [kind for kind, _facts in facts]
    found = [{"kind": kind, "fact": fact} for kind, own in facts for fact in own]
    return sorted(found, key=lambda step: (step["fact"].starts_on, order.index(step["kind"])), reverse=True)


@signed_in
@require_safe
def comings(request: HttpRequest) -> HttpResponse:
    """Who asks to be a member, is on probation or on pause, and, for those who see to it, the lists under way."""
    today = timezone.localdate()
    lists = list(steps.see(request.user, request_powers(request)).select_related("person", "companion"))
    lines = steps.lines_of(lists)
    context = {
        "today": today,
        "assembly": assembly,
        "keeps": Power.ADMIT_PEOPLE in request_powers(request),
        "asking": Application.objects.filter(outcome="").select_related("person"),
        "tried": Probation.objects.filter(ends_on__gte=today).select_related("person", "decision"),
        "paused": Pause.objects.during(today, today.max).select_related("person"),
        "leaving": Membership.objects.filter(ends_on__gte=today).select_related("person", "ended_by"),
        "lists": [with_progress(one, lines[one.pk]) for one in lists if _is_under_way(lines[one.pk])],
    }
    return render(request, "members/comings.html", context)


def _is_under_way(lines: Sequence[steps.Line]) -> bool:
    return any(not line.is_done for line in lines)


def with_progress(one: StepList, lines: Sequence[steps.Line]) -> dict[str, Any]:
    """A list with how many of its things are done."""
    return {"list": one, "done": sum(line.is_done for line in lines), "all": len(lines)}


@own_or(Power.ADMIT_PEOPLE)
def application_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to become a member, or write down that somebody did."""
    someone = _person(request, pk)
    own = someone == request.user
    return form_page(
        request,
        path_forms.ApplicationForm(request.POST or None),
        do=partial(paths.apply, someone, by=request.user),
        done=_("It is written. A body admits members by a decision: propose it, or have it proposed."),
        to=page_of(someone),
        title=_("Ask to become a member") if own else _("Somebody asks to become a member"),
        lead=str(someone),
        submit_label=_("Ask") if own else _("Record"),
        cancel_url=page_of(someone),
    )


@own_or(Power.ADMIT_PEOPLE)
def application_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Not to ask any more."""
    asked = get_object_or_404(_theirs(request, Application.objects.all()), pk=pk)
    return _confirm(
        request,
        do=partial(paths.withdraw_application, asked, by=request.user),
        someone=asked.person,
        title=_("Withdraw the request"),
        message=_("It stays written that it was made. One may ask again another day."),
        submit_label=_("Withdraw"),
        done=_("The request is withdrawn."),
    )


def _confirm(request: HttpRequest, *, someone: Person, form=None, **context) -> HttpResponse:
    return form_page(
        request,
        form or NothingForm(request.POST or None),
        to=page_of(someone),
        template="page/confirm.html",
        lead=str(someone),
        cancel_url=page_of(someone),
        danger=True,
        **context,
    )


@needs(Power.ADMIT_PEOPLE)
def application_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """A body did not admit them."""
    asked = get_object_or_404(Application.objects.select_related("person"), pk=pk)
    return _confirm(
        request,
        form=path_forms.DecideForm(request.POST or None, by=request.user, of=asked.person),
        do=partial(paths.decline, asked, by=request.user),
        someone=asked.person,
        title=_("Not admitted"),
        message=_("They may ask again another day."),
        submit_label=_("Record"),
        done=_("The answer is recorded."),
    )


@needs(Power.ADMIT_PEOPLE)
def membership_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a person a member, by a decision."""
    someone = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return form_page(
        request,
        path_forms.MembershipForm(request.POST or None, by=request.user, of=someone),
        do=partial(paths.start_membership, someone, by=request.user),
        done=_("The membership is recorded."),
        to=page_of(someone),
        title=_("Record an admission"),
        lead=str(someone),
        submit_label=_("Record"),
        cancel_url=page_of(someone),
    )


@own_or(Power.ADMIT_PEOPLE)
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Resign, or record that a decision ended a membership."""
    membership = get_object_or_404(_theirs(request, Membership.objects.all()), pk=pk)
    own = membership.person == request.user
    return _confirm(
        request,
        form=path_forms.LastDayDecidedForm(request.POST or None, by=request.user, of=membership.person),
        do=partial(paths.end_membership, membership, by=request.user),
        someone=membership.person,
        title=_("Resign as a member") if own else _("End the membership"),
        message=_("From the next day on you are no longer a member. How you work is recorded apart.")
        if own
        else _("From the next day on they are no longer a member. How they work is recorded apart."),
        submit_label=_("Resign") if own else _("End the membership"),
        done=_("The end of the membership is recorded."),
    )


@needs(Power.ADMIT_PEOPLE)
def probation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Prolong a probation, or end it sooner."""
    probation = get_object_or_404(Probation.objects.select_related("person"), pk=pk)
    form = path_forms.LastDayDecidedForm(request.POST or None, by=request.user, of=probation.person)
    form.initial["ends_on"] = probation.ends_on
    return form_page(
        request,
        form,
        do=partial(paths.set_probation_end, probation, by=request.user),
        done=_("The end of the probation is recorded."),
        to=page_of(probation.person),
        template="page/confirm.html",
        title=_("End or prolong a probation"),
        lead=str(probation.person),
        message=_("After that day they are a member like the others, unless it is prolonged before."),
        submit_label=_("Record"),
        cancel_url=page_of(probation.person),
    )


def _closes(own: bool, cooperative: Cooperative | None) -> str:
    """What a pause closes, said before it is recorded."""
    if own:
        closes = _(
            "On these days nothing is agreed or owed, you log no hours and your mandates open nothing. You stay a "
            "member; all of it comes back with you."
        )
    else:
        closes = _(
            "On these days nothing is agreed or owed, they log no hours and their mandates open nothing. They stay "
            "a member; all of it comes back with them."
        )
    if cooperative is None or cooperative.pause_votes:
        return closes
    return closes + " " + _("Members on pause do not decide in the general assembly here.")


@own_or(Power.ADMIT_PEOPLE)
def pause_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Step back for a while, or record that a decision says so."""
    someone = _person(request, pk)
    own = someone == request.user
    return form_page(
        request,
        path_forms.PauseForm(request.POST or None, by=request.user, of=someone),
        do=partial(paths.start_pause, someone, by=request.user),
        done=_("The pause is recorded."),
        to=page_of(someone),
        template="page/confirm.html",
        title=_("Step back for a while") if own else _("Record a pause"),
        lead=str(someone),
        message=_closes(own, request_cooperative(request)),
        submit_label=_("Record the pause"),
        cancel_url=page_of(someone),
    )


@own_or(Power.ADMIT_PEOPLE)
def pause_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Return sooner or later than was said."""
    pause = get_object_or_404(_theirs(request, Pause.objects.all()), pk=pk)
    form = path_forms.PauseEndForm(request.POST or None, by=request.user, of=pause.person)
    form.initial["ends_on"] = pause.ends_on
    return form_page(
        request,
        form,
        do=partial(paths.change_pause, pause, by=request.user),
        done=_("The change is recorded."),
        to=page_of(pause.person),
        template="page/confirm.html",
        title=_("Change the pause"),
        lead=str(pause.person),
        message=_("A last day before the pause begins gives it up whole."),
        submit_label=_("Record the change"),
        cancel_url=page_of(pause.person),
    )


@own_or(Power.ADMIT_PEOPLE)
def depart(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave altogether, or record that somebody does."""
    someone = _person(request, pk)
    own = someone == request.user
    return _confirm(
        request,
        form=path_forms.DepartureForm(request.POST or None, by=request.user, of=someone),
        do=partial(paths.depart, someone, by=request.user),
        someone=someone,
        title=_("Leave the cooperative") if own else _("Record a departure"),
        message=_(
            "Your membership, your work and your mandates end on that day. Your hours, stubs and history stay."
        )
        if own
        else _(
            "Their membership, their work and their mandates end on that day. Their hours, stubs and history stay."
        ),
        submit_label=_("Leave the cooperative") if own else _("Record the departure"),
        done=_("The departure is recorded, and its list of things to do is open."),
    )
