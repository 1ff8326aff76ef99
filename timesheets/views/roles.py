"""A role with its hours, the picture of all roles, who learns what: read by every member."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from koumbit import formats
from koumbit.pages import form_page
from members.access import own_only, request_cooperative, request_powers, signed_in
from members.models import Power
from roles import training as roles_training
from roles.models import Assignment, Role
from roles.rhythm import periods_of
from timesheets import learning
from timesheets.forms.learning import MentorForm
from timesheets.models import TimeEntry
from timesheets.sharing import registry, role_picture, training


@signed_in
@require_GET
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """A role: its aim, tasks and authority, who holds it and who did, declared and logged hours."""
    found = get_object_or_404(
        Role.objects.select_related("decision__body", "merged_into", "written_by"), pk=pk
    )
    today = timezone.localdate()
    terms = list(found.terms.select_related("person", "decision").order_by("-starts_on", "person__sort_name"))
    held_now = [one for one in terms if one.holds_on(today)]
    context = {
        "role": found,
        "hours": registry.hours_of(found, today, periods_of(request_cooperative(request))),
        "terms": terms,
        "held_now": held_now,
        "next_renewal": min((one.ends_on for one in held_now if one.ends_on), default=None),
        "carried": Assignment.objects.filter(task__role=found)
        .select_related("person", "task")
        .order_by("-starts_on", "person__sort_name"),
        "opening": found.openings.filter(closed_at=None).first(),
        "keeps": Power.KEEP_ROLES in request_powers(request),
        "today": today,
    }
    return render(request, "timesheets/role.html", context)


@signed_in
@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """All roles at a glance: their load against what was expected, and who answers for them."""
    whole = registry.whole(timezone.localdate(), periods_of(request_cooperative(request)))
    context = {"whole": whole, "rows": role_picture.drawn(whole.roles, whole.most)}
    return render(request, "timesheets/role_picture.html", context)


@own_only
@require_GET
def own_training(request: HttpRequest) -> HttpResponse:
    """What I can do, what I wish to learn, what I have come near, and from whom I can learn next."""
    today, keeps = timezone.localdate(), Power.KEEP_ROLES in request_powers(request)
    found = training.standings(request_cooperative(request), today)
    context = {
        "found": training.own(request.user, found),
        "waiting": roles_training.waiting_for(request.user, today, keeps_roles=keeps),
    }
    return render(request, "timesheets/training.html", context)


@signed_in
@require_GET
def role_learning(request: HttpRequest, pk: int) -> HttpResponse:
    """Who could learn a role, and from whom. Nobody's wishes are shown, nor the hours of others."""
    role = get_object_or_404(Role.objects.in_use(), pk=pk)
    keeps = Power.KEEP_ROLES in request_powers(request)
    standings = training.standings(request_cooperative(request), timezone.localdate())
    found = training.of_role(role, standings, request.user, keeps_roles=keeps)
    able = {person.pk for person, _level in found.able}
    confirmable = {
        one.waits.pk
        for one in found.learners
        if one.waits and roles_training.may_confirm(one.waits, request.user, able, keeps_roles=keeps)
    }
    context = {
        "role": role,
        "found": found,
        "since": standings.since,
        "confirmable": confirmable,
        "keeps": keeps,
    }
    return render(request, "timesheets/role_learning.html", context)


@signed_in
@require_GET
def training_of_all(request: HttpRequest) -> HttpResponse:
    """Who has come near which role: stages, never hours; each one's coverage and what it can become."""
    found = training.of_all(training.standings(request_cooperative(request), timezone.localdate()))
    return render(request, "timesheets/training_of_all.html", {"found": found})


@own_only
def entry_learning(request: HttpRequest, pk: int) -> HttpResponse:
    """With whom one learnt in an hour of one's own week."""
    entry = get_object_or_404(
        TimeEntry.objects.select_related("task__role", "sheet"), pk=pk, person=request.user, corrects=None
    )
    initial = {"mentor": entry.learning_with_id}
    to = reverse("timesheets:sheet", args=[entry.sheet.starts_on])
    return form_page(
        request,
        MentorForm(request.POST or None, entry=entry, initial=initial),
        do=partial(learning.name_mentor, entry, by=request.user),
        done=_("The line says so. The hour is paid like any other."),
        to=to,
        template="page/confirm.html",
        title=_("An hour of learning"),
        message=_("Name who taught you. They log their own hour on the same task: teaching is work."),
        facts=[
            (_("Day"), formats.weekday(entry.day)),
            (_("Task"), f"{entry.task.role}, {entry.task}"),
            (_("Time"), formats.hours(entry.minutes)),
        ],
        submit_label=_("Save"),
        cancel_url=to,
    )
