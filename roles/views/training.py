"""What somebody can do in a role, and whether they wish to learn it; and the sign-off by one who can."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koumbit.pages import act, form_page
from members.access import for_oneself
from roles import forms, training
from roles.models import LearningWish, Role, Skill


@for_oneself
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """Where I stand in a role, and whether I wish to learn it. My own words, about myself."""
    role = get_object_or_404(Role.objects.in_use(), pk=pk)
    level = Skill.objects.on(timezone.localdate()).filter(person=request.user, role=role).first()
    wish = LearningWish.objects.filter(person=request.user, role=role).first()
    initial = {"level": level.level if level else 0, "wish": wish.wish if wish else 0}
    return form_page(
        request,
        forms.StandingForm(request.POST or None, initial=initial),
        do=partial(training.stand, role, by=request.user),
        done=_("Your words are kept."),
        to=reverse("timesheets:training"),
        title=_("Where I stand in this role"),
        lead=role.name,
        submit_label=_("Save"),
        cancel_url=reverse("timesheets:training"),
    )


@for_oneself
@require_POST
def skill_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign off somebody's level, by one who is autonomous in the role."""
    skill = get_object_or_404(Skill.objects.select_related("role", "person"), pk=pk)
    return act(
        request,
        partial(training.confirm, skill, by=request.user),
        done=_("The level of %(person)s is confirmed.") % {"person": skill.person},
        to=reverse("timesheets:role_learning", args=[skill.role_id]),
    )
