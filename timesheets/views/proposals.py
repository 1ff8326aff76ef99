"""Proposals of who does what next period: asked for, followed, read, changed, adopted."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koumbit.pages import act, form_page
from koumbit.refusals import Refused, say
from members.access import needs, own_or, request_cooperative, request_powers, signed_in
from members.models import Power
from roles import proposal_forms as forms
from roles import proposal_pages as pages
from roles import proposal_words as words
from roles import proposals as verbs
from roles.models import Proposal, Rotation
from roles.proposal_ids import member_id
from roles.queue import is_worked_on
from roles.rotation import Watch
from roles.rotation.counterfactuals import tells_a_wish, why_not
from roles.rotation.outcome import Outcome
from timesheets.sharing import planning

#: Seconds somebody may wait for an answer to “why not me?”.
PATIENCE = 8
#: Up to so many people, everybody's tasks are open on the page; beyond, one opens those one looks for.
SMALL = 15


@signed_in
@require_GET
def rotations(request: HttpRequest) -> HttpResponse:
    """Every period that was shared out or is about to be, the last first."""
    found = Rotation.objects.select_related("asked_by", "adopted", "decision__body").prefetch_related(
        "proposals"
    )
    context = {"rotations": found, "keeps": Power.KEEP_ROLES in request_powers(request)}
    return render(request, "timesheets/rotation_list.html", context)


@needs(Power.KEEP_ROLES)
def rotation_ask(request: HttpRequest) -> HttpResponse:
    """Ask for three proposals of a period, computed in the background."""
    cooperative, today = request_cooperative(request), timezone.localdate()
    coming = planning.next_period(cooperative, today)
    periods = {one.first.isoformat(): one for one in (coming, coming.before())}

    def ask(first_on: str) -> Rotation:
        period = periods[first_on]
        inputs = planning.inputs(cooperative, period, today)
        return verbs.ask(by=request.user, first_on=period.first, last_on=period.last, inputs=inputs)

    return form_page(
        request,
        forms.PeriodForm(request.POST or None, periods=list(periods.values())),
        do=ask,
        done=_("Three proposals are being computed. You may leave this page meanwhile."),
        to=lambda asked: reverse("timesheets:rotation", args=[asked.pk]),
        title=_("Ask for proposals"),
        lead=_(
            "From the expected hours of the tasks, people’s hours without their leave, levels, wishes, "
            "ratings, balances and what each carries today. A proposal decides nothing: a committee does."
        ),
        submit_label=_("Ask for three proposals"),
        cancel_url=reverse("timesheets:rotations"),
    )


@signed_in
@require_GET
def rotation(request: HttpRequest, pk: int) -> HttpResponse:
    """The three proposals of a period side by side, or how far they are."""
    asked = get_object_or_404(
        Rotation.objects.select_related("asked_by", "adopted_by", "cancelled_by", "decision__body"), pk=pk
    )
    proposals = list(asked.proposals.prefetch_related("edits"))
    names = words.names_of(asked.inputs["problem"])
    under_way = any(one.is_under_way for one in proposals)
    adopted = next((one for one in proposals if one.pk == asked.adopted_id), None)
    notes = [(planning.NOTES[name], count) for name, count in asked.inputs.get("notes", {}).items()]
    context = {
        "rotation": asked,
        "proposals": [(one, one.is_done and pages.figures(_plan(asked, one), names)) for one in proposals],
        "under_way": under_way,
        "is_worked_on": under_way and is_worked_on(),
        "notes": notes,
        "adopter_minutes": adopted
        and pages.minutes_of(_plan(asked, adopted), member_id(asked.adopted_by_id)),
        "keeps": Power.KEEP_ROLES in request_powers(request),
    }
    return render(request, "timesheets/rotation.html", context)


@needs(Power.KEEP_ROLES)
@require_POST
def rotation_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what is still being computed."""
    asked = get_object_or_404(Rotation, pk=pk)
    return act(
        request,
        lambda: verbs.stop(asked, by=request.user),
        done=_("The computing stops. What was ready stays."),
        to=reverse("timesheets:rotation", args=[pk]),
    )


@signed_in
@require_GET
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal: what is missing first, then who does what, by person and by role, and why."""
    found = _ready(pk)
    names = words.names_of(found.rotation.inputs["problem"])
    plan = _plan(found.rotation, found)
    parts = pages.parts(plan, names)
    context = {
        "proposal": found,
        "rotation": found.rotation,
        "figures": pages.figures(plan, names),
        "limits": pages.limits(found, names),
        "people": pages.by_person(plan, names, parts),
        "roles": pages.by_role(plan, names, parts),
        "is_small": len(names.people) <= SMALL,
        "edited": len(found.edits.all()),
        "is_in_it": member_id(request.user.pk) in names.people,
        "keeps": Power.KEEP_ROLES in request_powers(request),
    }
    return render(request, "timesheets/proposal.html", context)


@needs(Power.KEEP_ROLES)
def proposal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other hours, written by hand; the indicators follow at once, without computing again."""
    found = _ready(pk)
    names = words.names_of(found.rotation.inputs["problem"])
    plan = _plan(found.rotation, found)
    parts = pages.parts(plan, names)
    form = forms.HoursForm(request.POST or None, names=names, parts=parts)
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            hours = {pair: minutes / pages.MINUTES for pair, minutes in form.hours.items()}
            plan = Outcome(plan.problem, {**plan.hours, **hours})
        else:
            try:
                verbs.edit(found, by=request.user, hours=form.hours)
            except (Refused, ValidationError) as refusal:
                say(form, refusal)
            else:
                messages.success(request, _("The hours are saved. What was computed stays beside them."))
                return redirect("timesheets:proposal_edit", pk)
    context = {
        "proposal": found,
        "rotation": found.rotation,
        "form": form,
        "figures": pages.figures(plan, names),
        "rows": [
            (one, [(part, form[part.key]) for pair, part in parts.items() if part.person == one.person])
            for one in pages.by_person(plan, names, parts)
        ],
    }
    return render(request, "timesheets/proposal_edit.html", context)


@own_or(Power.KEEP_ROLES, of_a_common_thing=True)
@require_GET
def proposal_why(request: HttpRequest, pk: int) -> HttpResponse:
    """Why not me? What would change for everybody if somebody held a task. For oneself, or who keeps roles."""
    found = _ready(pk)
    names = words.names_of(found.rotation.inputs["problem"])
    me, keeps = member_id(request.user.pk), Power.KEEP_ROLES in request_powers(request)
    if not keeps and me not in names.people:
        return redirect("timesheets:proposal", pk)
    form = forms.WhyForm(request.GET or None, names=names, own=None if keeps else me, initial={"person": me})
    context = {"proposal": found, "rotation": found.rotation, "form": form}
    if form.is_valid():
        pair = form.cleaned_data["person"], form.cleaned_data["task"]
        context |= _answer(_plan(found.rotation, found), pair, names, is_own=pair[0] == me)
    return render(request, "timesheets/proposal_why.html", context)


def _answer(plan: Outcome, pair: tuple[str, str], names: words.Names, *, is_own: bool) -> dict:
    """What forcing that pair does to the plan. Of somebody else, nothing that would tell their wishes."""
    answer = {"asked": pair, "person": names.people[pair[0]], "task": names.tasks[pair[1]]}
    if not is_own and tells_a_wish(plan.problem, pair):
        return answer | {"sentence": words.bar("wish", names, pair)}
    forced = why_not(plan, pair, Watch(PATIENCE))
    if forced.is_held:
        return answer | {"sentence": _("The proposal gives it to them already.")}
    if forced.barred_by:
        return answer | {"sentence": words.bar(forced.barred_by, names, pair)}
    return answer | {
        "price": words.price(plan, forced.outcome),
        "before": pages.figures(plan, names),
        "after": pages.figures(forced.outcome, names),
        "exchanges": pages.exchanges(plan, forced.outcome, names)[:12],
    }


@needs(Power.KEEP_ROLES)
def proposal_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the tasks as a decision says."""
    found = _ready(pk)
    names = words.names_of(found.rotation.inputs["problem"])
    to = reverse("timesheets:rotation", args=[found.rotation_id])
    plan = _plan(found.rotation, found)
    return form_page(
        request,
        forms.AdoptForm(request.POST or None),
        do=lambda decision: verbs.adopt(found, by=request.user, decision=decision),
        done=_("Adopted: each task is given for the days of the period."),
        to=to,
        template="timesheets/proposal_adopt.html",
        proposal=found,
        rotation=found.rotation,
        figures=pages.figures(plan, names),
        own_minutes=pages.minutes_of(plan, member_id(request.user.pk)),
        submit_label=_("Adopt and give the tasks"),
        cancel_url=reverse("timesheets:proposal", args=[pk]),
    )


def _ready(pk: int) -> Proposal:
    """A proposal that is ready, with its period and what was changed by hand."""
    ready = Proposal.objects.filter(state=Proposal.State.DONE).select_related("rotation")
    return get_object_or_404(ready.prefetch_related("edits"), pk=pk)


def _plan(asked: Rotation, found: Proposal) -> Outcome:
    """The plan as it stands, changes by hand included."""
    found.rotation = asked
    return Outcome(verbs.problem_of(found), verbs.hours_of(found))
