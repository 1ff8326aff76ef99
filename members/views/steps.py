"""Lists of things to do at each step: the co-op's own, and those of people."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from koumbit.pages import act, form_page

from .. import known, path_forms, steps
from ..access import needs, own_or, request_powers, signed_in
from ..models import ListItem, Person, Power, Step, StepItem
from .paths import page_of


@own_or(*steps.POWERS)
@require_safe
def step_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What there is to do for somebody at a step: for them, who accompanies them, and those who see to it."""
    one = get_object_or_404(steps.see(request.user, request_powers(request)), pk=pk)
    powers = request_powers(request)
    lines = steps.lines_of([one])[one.pk]
    for line in lines:
        line.url = line.answer.url if known.opens(line.item.item.known, powers) else ""
    context = {
        "list": one,
        "lines": lines,
        "left": sum(not line.is_done for line in lines),
        "keeps": Power.ADMIT_PEOPLE in powers,
    }
    return render(request, "members/step_list.html", context)


@own_or(*steps.POWERS)
@require_POST
def step_tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a thing is done, or not after all."""
    seen = steps.see(request.user, request_powers(request))
    item = get_object_or_404(StepItem.objects.filter(list__in=seen), pk=pk)
    is_done = request.POST.get("done") == "yes"
    return act(
        request,
        partial(steps.tick if is_done else steps.untick, item, by=request.user),
        done=_("It is done.") if is_done else _("It is to do again."),
        to=reverse("members:step_list", args=[item.list_id]),
    )


@needs(Power.ADMIT_PEOPLE)
def step_companion(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who accompanies somebody."""
    one = get_object_or_404(steps.see(request.user, request_powers(request)), pk=pk)
    to = reverse("members:step_list", args=[one.pk])
    return form_page(
        request,
        path_forms.CompanionForm(request.POST or None, instance=one),
        do=partial(steps.accompany, one, by=request.user),
        done=_("It is recorded. They read this list and tick it too."),
        to=to,
        title=_("Who accompanies them"),
        lead=str(one),
        submit_label=_("Save"),
        cancel_url=to,
    )


@needs(Power.ADMIT_PEOPLE)
def step_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a list for somebody whose step was long ago, or called for none."""
    someone = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return form_page(
        request,
        path_forms.ListOpenForm(request.POST or None),
        do=partial(steps.open_by_hand, someone, by=request.user),
        done=_("The list is open."),
        to=lambda opened: reverse("members:step_list", args=[opened.pk]),
        title=_("Open a list"),
        lead=str(someone),
        submit_label=_("Open"),
        cancel_url=page_of(someone),
    )


# The co-op's lists -------------------------------------------------------------------------------


@signed_in
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """What the co-op does at each step: read by all, adapted by those who admit people."""
    found = list(ListItem.objects.all())
    called = {fact.code: str(fact) for fact in known.every()}
    for item in found:
        item.known_name = called.get(item.known, "")
    context = {
        "by_step": [
            (step.label, [item for item in found if item.step == step and not item.retired_on])
            for step in Step
        ],
        "retired": [item for item in found if item.retired_on],
        "is_empty": not found,
        "keeps": Power.ADMIT_PEOPLE in request_powers(request),
    }
    return render(request, "members/items.html", context)


@needs(Power.ADMIT_PEOPLE)
@require_POST
def items_usual(request: HttpRequest) -> HttpResponse:
    """Start from what co-ops usually do."""
    return act(
        request,
        partial(steps.take_usual_lists, by=request.user),
        done=_("The usual lists are there: adapt them."),
        to=reverse("members:items"),
    )


@needs(Power.ADMIT_PEOPLE)
def item_create(request: HttpRequest) -> HttpResponse:
    """One more thing to do at a step."""
    to = reverse("members:items")
    step = request.GET.get("step", "")
    return form_page(
        request,
        path_forms.ListItemForm(
            request.POST or None, initial={"step": step if step in Step.values else None}
        ),
        do=partial(steps.add_item, by=request.user),
        done=_("It is on the lists that open from now on."),
        to=to,
        title=_("Add a thing to do"),
        submit_label=_("Add"),
        cancel_url=to,
    )


def _item(pk: int) -> ListItem:
    return get_object_or_404(ListItem, pk=pk)


@needs(Power.ADMIT_PEOPLE)
def item_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it otherwise."""
    item, to = _item(pk), reverse("members:items")
    return form_page(
        request,
        path_forms.ListItemWordsForm(request.POST or None, instance=_item(pk)),
        do=partial(steps.reword_item, item, by=request.user),
        done=_("It is said so on the lists that open from now on."),
        to=to,
        title=_("Change a thing to do"),
        lead=item.get_step_display(),
        submit_label=_("Save"),
        cancel_url=to,
    )


@needs(Power.ADMIT_PEOPLE)
@require_POST
def item_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave it out of the lists that open from now on."""
    return act(
        request,
        partial(steps.retire_item, _item(pk), by=request.user),
        done=_("It is on no list that opens from now on."),
        to=reverse("members:items"),
    )


@needs(Power.ADMIT_PEOPLE)
@require_POST
def item_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it on the lists again."""
    return act(
        request,
        partial(steps.bring_back_item, _item(pk), by=request.user),
        done=_("It is on the lists that open from now on."),
        to=reverse("members:items"),
    )


@needs(Power.ADMIT_PEOPLE)
@require_POST
def item_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Earlier by one."""
    return act(
        request,
        partial(steps.move_up, _item(pk), by=request.user),
        done=_("It comes earlier now."),
        to=reverse("members:items"),
    )
