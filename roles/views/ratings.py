"""Rating tasks, each for oneself; and what the co-op reads of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from koumbit.pages import form_page
from members.access import for_oneself, own_only, request_powers, signed_in
from members.models import Power
from roles import ratings
from roles.models import Task
from roles.rating_form import RatingForm


@own_only
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My own ratings, which nobody else reads, and where to go on."""
    opinions = ratings.own(request.user)
    left = [one for one in opinions if not one.is_given]
    context = {"opinions": opinions, "left": left, "given": len(opinions) - len(left)}
    return render(request, "roles/ratings_mine.html", context)


@for_oneself
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """My opinion of one task, then the next one."""
    task = get_object_or_404(Task.objects.in_use().select_related("role"), pk=pk)
    opinions = ratings.own(request.user)
    own = next(one for one in opinions if one.task == task)
    given = {"desirability": own.desirability, "empowerment": own.empowerment}
    following = ratings.next_after(opinions, task)
    to = reverse("roles:rating_give", args=[following.pk]) if following else reverse("roles:ratings")
    return form_page(
        request,
        RatingForm(request.POST or None, initial=given),
        do=lambda **points: ratings.rate(task, by=request.user, **points),
        done=_("Noted. Nobody else reads it."),
        to=to,
        template="roles/ratings_give.html",
        task=task,
        next_url=to,
        place=opinions.index(own) + 1,
        count=len(opinions),
        compared=[one for one in opinions if one.is_given and one != own],
    )


@signed_in
@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """What the votes become, task by task; from three votes on."""
    return render(request, "roles/ratings_published.html", {"tasks": ratings.shown()})


@signed_in
@require_GET
def contested(request: HttpRequest) -> HttpResponse:
    """The tasks on which people are far apart: something to talk about at a meeting."""
    found = [one for one in ratings.shown() if one.contested]
    keeps = Power.KEEP_ROLES in request_powers(request)
    return render(request, "roles/ratings_contested.html", {"tasks": found, "keeps": keeps})
