"""Rating tasks, each for oneself; and what the co-op reads of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from koumbit.pages import act, form_page
from members.access import for_oneself, own_only, request_powers, signed_in
from members.models import Power
from roles import ratings
from roles.models import Dimension, Task
from roles.placing import Place
from roles.rating_form import QUESTIONS, ComparisonForm, RatingForm


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
    task = get_object_or_404(Task.objects.to_share().select_related("role"), pk=pk)
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


@for_oneself
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """My opinion of one task, found by comparing it with tasks that I have rated; then the next one.

    What was answered travels in the page itself, never in an address: nobody finds it in a log.
    """
    task = get_object_or_404(Task.objects.in_use().select_related("role"), pk=pk)
    opinions = ratings.own(request.user)
    following = ratings.next_after(opinions, task)
    to = reverse("roles:rating_compare", args=[following.pk]) if following else reverse("roles:ratings")
    context = {
        "task": task,
        "next_url": to,
        "place": [one.task for one in opinions].index(task) + 1,
        "count": len(opinions),
    }
    if "save" in request.POST:
        return form_page(
            request,
            RatingForm(request.POST),
            do=lambda **points: ratings.rate(task, by=request.user, **points),
            done=_("Noted. Nobody else reads it."),
            to=to,
            template="roles/ratings_give.html",
            **context,
        )
    places = {name: Place() for name in Dimension.values}
    if request.method == "POST":
        form = ComparisonForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("This page is out of date: start the task again."))
            return redirect(request.path)
        places = form.places
    for name, place in places.items():
        beside = place.beside(ratings.compared_with(opinions, task, name), turn=task.pk)
        if beside:
            initial = {**places, "dimension": name, "points": beside[1]}
            context |= {
                "form": ComparisonForm(initial=initial),
                "question": QUESTIONS[Dimension(name)],
                "dimension": Dimension(name).label,
                "beside": beside[0],
            }
            return render(request, "roles/ratings_compare.html", context)
    return _placed(request, task, places, context)


def _placed(request: HttpRequest, task: Task, places: dict[str, Place], context: dict) -> HttpResponse:
    """Both places found: noted; or what is left of the scale, to choose among by its words."""
    by_name = {Dimension(name).name.lower(): place for name, place in places.items()}
    points = {name: place.points for name, place in by_name.items()}
    if request.method == "POST" and all(place.is_found for place in places.values()):
        said = {name: _("no opinion") if value is None else value for name, value in points.items()}
        return act(
            request,
            lambda: ratings.rate(task, by=request.user, **points),
            done=_("Noted: desirability %(desirability)s, empowerment %(empowerment)s. Nobody else reads it.")
            % said,
            to=context["next_url"],
        )
    form = RatingForm(initial=points, left=by_name)
    return render(request, "roles/ratings_give.html", context | {"form": form})


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
