"""A pay between two regular ones: who, up to which day, then the pay itself, to prepare."""

from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from koumbit.refusals import Refused, say
from members.access import needs
from members.models import Power

from .. import kept_answers, runs
from ..dues import Outstanding
from ..forms.runs import ChosenForm, OffCycleForm, OffCyclePrepareForm
from ..readings import What
from .opening import note_shown
from .runs import looked_at, looked_into, sent


@needs(Power.PREPARE_PAY)
@require_http_methods(["GET", "HEAD", "POST"])
def run_off_cycle(request):
    """What was chosen stands in the address: the page can be left, kept and opened again."""
    asked = OffCycleForm(request.GET if "through" in request.GET else None, today=timezone.localdate())
    context: dict[str, Any] = {"asked": asked}
    due = _due(asked) if asked.is_bound and asked.is_valid() else None
    if due:
        through, pay_on = asked.cleaned_data["through"], asked.cleaned_data["pay_on"]
        period = runs.off_cycle_period(through, pay_on)
        chosen = ChosenForm(request.GET if "people" in request.GET else None, due=due)
        context |= {"chosen": chosen, "period": period}
        note_shown(request, (payee.person_id for payee in due.lines), What.PAY)
        if chosen.is_bound and chosen.is_valid():
            people = list(chosen.cleaned_data["people"])
            answer = _looked_at(request, context, people, through, pay_on)
            if answer:
                return answer
    return render(request, "payroll/run_off_cycle.html", context)


def _due(asked: OffCycleForm) -> Outstanding | None:
    """To whom something is due on the days asked for; None, with a sentence, for a day without tables."""
    try:
        return runs.due_up_to(**asked.cleaned_data)
    except Refused as refusal:
        asked.add_error("pay_on", str(refusal))
        return None


def _looked_at(request: HttpRequest, context: dict, people: list, through: date, pay_on: date):
    """Fill the page with the pay of these people; once it is prepared, where it is read."""
    ids = [person.pk for person in people]
    draft = kept_answers.page_apart(through, pay_on, ids)
    look, refusal = partial(looked_into, context["period"], ids), None
    if request.method == "POST":
        do = partial(runs.prepare_off_cycle, people, through=through, pay_on=pay_on, by=request.user)
        answer, refusal = sent(request, OffCyclePrepareForm(request.POST), draft, do, look)
        if answer:
            return answer
    seen, findings = look()
    form = OffCyclePrepareForm(
        request.POST or None, findings=findings, kept=kept_answers.of(request.user, draft)
    )
    if refusal and form.is_valid():
        say(form, refusal)
    context |= {"form": form, "is_stopped": any(finding.stops for finding in findings)}
    context["may_answer"] = bool(seen and seen.stubs) and not context["is_stopped"] and form.has_own_answers
    context |= looked_at(request, seen, is_apart=True)
    return None
