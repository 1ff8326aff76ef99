"""The register, a person's page, and what is written about how they come, work and leave."""

from functools import partial

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koumbit.pages import act, form_page

from .. import contact, forms, invitations, lifecycle, steps
from ..access import needs, own_only, own_or, request_powers, signed_in
from ..models import Membership, Person, Power, WorkStatus
from . import paths
from .endings import last_day_page

REGISTER_ROWS = 50


@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """The people of the co-op as of a day: who works how, who is a member, who sits where."""
    form = forms.RegisterForm(request.GET or None, initial={"on": timezone.localdate()})
    day = form.day(timezone.localdate())
    people = Person.objects.visible_to(request.user).who(form.asked(), day)
    memberships, statuses = (
        facts.objects.on(day).filter(person=OuterRef("pk")) for facts in (Membership, WorkStatus)
    )
    totals = people.aggregate(
        members=Count("pk", filter=Exists(memberships)),
        minutes=Sum(Subquery(statuses.values("agreed_minutes_per_week")), default=0),
    )
    context = {
        "form": form,
        "day": day,
        "page": Paginator(people.as_of(day).by_name(), REGISTER_ROWS).get_page(request.GET.get("page")),
        **totals,
    }
    return render(request, "members/register.html", context)


@own_only
def me(request: HttpRequest) -> HttpResponse:
    """One's own page."""
    return redirect("members:person", request.user.pk)


@signed_in
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person: how they work and worked, where they sit, and how to reach them for those who may know."""
    someone = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    powers, own = request_powers(request), someone == request.user
    today = timezone.localdate()
    statuses = list(someone.work_statuses.order_by("-starts_on"))
    path = paths.told(someone)
    here = {
        step["kind"]
        for step in path
        if step["fact"].holds_on(today) and not getattr(step["fact"], "outcome", "")
    }
    lists = list(steps.see(request.user, powers).filter(person=someone)) if own or sees_lists(powers) else []
    lines = steps.lines_of(lists)
    context = {
        "person": someone,
        "own": own,
        "keeps": Power.ADMIT_PEOPLE in powers,
        "sees_contact": own or Power.ADMIT_PEOPLE in powers,
        "sees_private": own or not powers.isdisjoint(contact.OPENED_BY),
        "contact_is_open": contact.is_open(request, someone),
        "may_invite": someone.is_active and not invitations.has_come_in(someone),
        "statuses": statuses,
        "status": next((status for status in statuses if status.holds_on(today)), None),
        "path": path,
        "assembly": paths.assembly,
        "here": here,
        "lists": [paths.with_progress(one, lines[one.pk]) for one in lists],
        "mandates": someone.mandates.select_related("committee").order_by("-starts_on"),
        "today": today,
    }
    return render(request, "members/person.html", context)


@needs(*contact.OPENED_BY)
@require_POST
def person_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Read somebody's home address and date of birth: they will see that I did."""
    someone = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    contact.open_aloud(request, someone)
    return redirect(_page(someone))


@needs(Power.ADMIT_PEOPLE)
def person_admit(request: HttpRequest) -> HttpResponse:
    """Enter somebody new."""
    return form_page(
        request,
        forms.PersonForm(request.POST or None),
        do=partial(lifecycle.admit_person, by=request.user),
        done=_("The person is entered. Give them a work status or a membership, then invite them."),
        to=_page,
        title=_("Enter a person"),
        lead=_("Somebody the co-op knows from now on. They sign in once you have invited them."),
        submit_label=_("Enter"),
        cancel_url=reverse("members:register"),
    )


@own_or(Power.ADMIT_PEOPLE)
def person_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a person: contact data for oneself, all of it for those who admit people."""
    form_class: type[forms.PersonForm | forms.OwnContactForm]
    if Power.ADMIT_PEOPLE in request_powers(request):
        people, form_class = Person.objects.all(), forms.PersonForm
    else:
        people, form_class = Person.objects.filter(pk=request.user.pk), forms.OwnContactForm
    someone = get_object_or_404(people, pk=pk)
    if not contact.is_open(request, someone):
        if request.method != "POST":
            return contact.gate(request, someone)
        # What was typed for longer than it stays open is not lost.
        contact.open_aloud(request, someone)
    return form_page(
        request,
        form_class(request.POST or None, instance=someone),
        do=partial(lifecycle.change_person, Person(pk=pk), by=request.user),
        done=_("The changes are saved."),
        to=_page,
        title=_("Change contact data"),
        lead=str(someone),
        submit_label=_("Save"),
        cancel_url=_page(someone),
    )


@needs(Power.ADMIT_PEOPLE)
def person_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, once more asked."""
    someone = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return form_page(
        request,
        forms.NothingForm(request.POST or None),
        do=partial(lifecycle.close_account, someone, by=request.user),
        done=_("The account is closed."),
        to=_page(someone),
        template="page/confirm.html",
        title=_("Close an account"),
        lead=str(someone),
        message=_(
            "They are signed out at once and cannot sign in any more; their mandates open nothing meanwhile. "
            "Their hours, stubs and history stay. The account can be reopened."
        ),
        submit_label=_("Close the account"),
        cancel_url=_page(someone),
        danger=True,
    )


@needs(Power.ADMIT_PEOPLE)
@require_POST
def person_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the person sign in again."""
    someone = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return act(
        request,
        partial(lifecycle.reopen_account, someone, by=request.user),
        done=_("The account is open again."),
        to=_page(someone),
    )


@needs(Power.ADMIT_PEOPLE)
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the person with the link that opens their account."""
    someone = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return act(
        request,
        partial(invitations.invite, someone, by=request.user),
        done=_("The invitation is on its way. Its link opens for seven days."),
        to=_page(someone),
    )


@needs(Power.ADMIT_PEOPLE)
def work_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a person works from a day on."""
    someone = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return form_page(
        request,
        forms.WorkStatusForm(request.POST or None),
        do=partial(lifecycle.start_work_status, someone, by=request.user),
        done=_("The work status is recorded."),
        to=_page(someone),
        title=_("Start a work status"),
        lead=str(someone),
        submit_label=_("Record"),
        cancel_url=_page(someone),
    )


@needs(Power.ADMIT_PEOPLE)
def work_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a person works otherwise from a day on; the status before ends the day before."""
    someone = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    latest = someone.work_statuses.order_by("-starts_on").first()
    initial = {
        name: getattr(latest, name, None)
        for name in ("kind", "tenure", "agreed_minutes_per_week", "job_title")
    }
    return form_page(
        request,
        forms.WorkTermsForm(request.POST or None, initial=initial),
        do=partial(lifecycle.change_work_status, someone, by=request.user),
        done=_("The change is recorded; the status before ends the day before."),
        to=_page(someone),
        title=_("Change the work status"),
        lead=str(someone),
        submit_label=_("Record the change"),
        cancel_url=_page(someone),
    )


@needs(Power.ADMIT_PEOPLE)
def work_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a work status."""
    people = Person.objects.visible_to(request.user)
    status = get_object_or_404(WorkStatus.objects.select_related("person"), pk=pk, person__in=people)
    return last_day_page(
        request,
        do=partial(lifecycle.end_work_status, status, by=request.user),
        done=_("The end of the work status is recorded."),
        to=_page(status.person),
        title=_("End the work status"),
        lead=str(status.person),
        message=_("From the next day on they log no hours. Their hours, stubs and history stay."),
        submit_label=_("End the work status"),
    )


def sees_lists(powers: frozenset[str]) -> bool:
    """Do these powers open the lists of others?"""
    return not powers.isdisjoint(steps.POWERS)


def _page(someone: Person) -> str:
    return reverse("members:person", args=[someone.pk])
