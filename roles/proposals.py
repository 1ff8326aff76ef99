"""Proposals of who does what next period: asked for, stopped, changed by hand, adopted by a decision.

A proposal decides nothing. A committee that holds the power adopts it, as it is or as people changed it,
and the tasks are then given to people for the days of the period. What was asked and what was
computed stay as they were.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Decision, Person, Power
from members.powers import Author, decisions_with, demand, person_of

from . import proposal_words as words
from . import rotation as solver
from .models import Assignment, Proposal, ProposalEdit, Refusal, Rotation, Task
from .proposal_ids import member_id, number, task_id
from .rotation.outcome import Outcome
from .rotation.problem import Pair
from .tasks import compute_proposal

journal.name_events(
    {
        "roles.rotation_asked": gettext_lazy("proposals of sharing out asked for"),
        "roles.rotation_stopped": gettext_lazy("computing of proposals stopped"),
        "roles.proposal_changed": gettext_lazy("proposal changed by hand"),
        "roles.rotation_adopted": gettext_lazy("sharing out adopted"),
    }
)

#: The width of the band of each proposal, in points.
BANDS = {
    Proposal.Leaning.STABILITY: Decimal("0.50"),
    Proposal.Leaning.DEFAULT: Decimal("0.25"),
    Proposal.Leaning.FAIRNESS: Decimal("0.10"),
}
HOUR = 60


class NothingToShare(Refused):
    sentence = gettext_lazy(
        "Nobody has hours in this period, or no task has any: write the expected hours of the tasks first."
    )


class NotUnderWay(Refused):
    sentence = gettext_lazy("Nothing is being computed any more.")


class NotReady(Refused):
    sentence = gettext_lazy("This proposal is not ready: wait until it is computed, or ask for another one.")


class AdoptedAlready(Refused):
    sentence = gettext_lazy("A proposal of this period is adopted: nothing changes in it any more.")


class NotInIt(Refused):
    sentence = gettext_lazy(
        "This person or this task is not in the period: ask for new proposals to bring it in."
    )


class NotTheirsToShare(Refused):
    """The body that adopted the decision did not hold the power to keep roles."""

    def __init__(self, decision: Decision):
        super().__init__(
            _("“%(body)s” did not hold the power to keep roles on %(day)s: pick another decision.")
            % {"body": decision.body, "day": written(decision.adopted_on)}
        )


class BreaksARule(Refused):
    """An edit by hand left the proposal with something nobody may be asked."""

    def __init__(self, sentences: list[str]):
        super().__init__(_("This cannot be adopted as it is. %(why)s") % {"why": " ".join(sentences)})


class BegunMeanwhile(Refused):
    """A task was given within the period after the proposals were asked for."""

    def __init__(self, assignment: Assignment):
        super().__init__(
            _("“%(task)s” is given to %(person)s from %(day)s, within the period: end that first.")
            % {
                "task": assignment.task,
                "person": assignment.person,
                "day": written(assignment.starts_on),
            }
        )


def decisions_that_share_work() -> QuerySet[Decision]:
    """The decisions of bodies that could keep roles on the day they adopted them."""
    return decisions_with(Power.KEEP_ROLES)


@transaction.atomic
def ask(*, by: Person, first_on: date, last_on: date, inputs: Mapping[str, Any]) -> Rotation:
    """Ask for three proposals of a period, from what is known now; workers compute them.

    `inputs` holds the `problem` as `roles.rotation` reads it. Raises `NothingToShare`.
    """
    demand(by, Power.KEEP_ROLES)
    problem = solver.from_json(inputs["problem"])
    if not any(task.hours for task in problem.tasks) or not any(one.hours for one in problem.members):
        raise NothingToShare
    asked = Rotation(
        first_on=first_on, last_on=last_on, inputs=dict(inputs), version=solver.VERSION, asked_by=by
    )
    write(asked)
    for leaning, band in BANDS.items():
        write(Proposal(rotation=asked, leaning=leaning, band=band, seed=asked.pk % 1000))
    jobs = [{"proposal": pk} for pk in asked.proposals.order_by("pk").values_list("pk", flat=True)]
    compute_proposal.batch_defer(*jobs)
    journal.record("roles.rotation_asked", by=by, id=asked.pk, first_on=str(first_on), last_on=str(last_on))
    return asked


@transaction.atomic
def stop(asked: Rotation, *, by: Person) -> None:
    """What is still being computed stops within a second or two; what is ready stays. Raises `NotUnderWay`."""
    demand(by, Power.KEEP_ROLES)
    asked = locked(asked)
    under_way = asked.proposals.filter(state__in=[Proposal.State.WAITING, Proposal.State.COMPUTING])
    if asked.cancelled_at or not under_way.update(state=Proposal.State.CANCELLED):
        raise NotUnderWay
    asked.cancelled_by, asked.cancelled_at = by, timezone.now()
    write(asked)
    journal.record("roles.rotation_stopped", by=by, id=asked.pk)


def problem_of(proposal: Proposal) -> solver.Problem:
    """What the proposal answers, with its own band."""
    given = solver.from_json(proposal.rotation.inputs["problem"])
    return given.with_config(tau=float(proposal.band), seed=proposal.seed)


def computed_hours(proposal: Proposal) -> dict[Pair, float]:
    """The hours of each pair as they were computed."""
    rows = (proposal.result or {}).get("assignment", [])
    return {(who, what): float(hours) for who, what, hours in rows}


def hours_of(proposal: Proposal) -> dict[Pair, float]:
    """The hours of each pair, as computed and then changed by hand."""
    found = computed_hours(proposal)
    for edit in proposal.edits.all():
        found[member_id(edit.person_id), task_id(edit.task_id)] = edit.minutes / HOUR
    return {pair: hours for pair, hours in found.items() if hours}


@transaction.atomic
def edit(proposal: Proposal, *, by: Person, hours: Mapping[Pair, int]) -> int:
    """Write other minutes for some (member, task); the number that really changed.

    Nothing is computed again: the indicators say at once what it does. Raises `NotReady`,
    `AdoptedAlready`, `NotInIt`.
    """
    demand(by, Power.KEEP_ROLES)
    proposal = locked(proposal)
    if not proposal.is_done:
        raise NotReady
    if proposal.rotation.adopted_id:
        raise AdoptedAlready
    problem, now = problem_of(proposal), hours_of(proposal)
    changed = 0
    for (who, what), minutes in hours.items():
        if who not in problem.member or what not in problem.task:
            raise NotInIt
        if round(now.get((who, what), 0.0) * HOUR) != minutes:
            write(
                ProposalEdit(
                    proposal=proposal, person_id=number(who), task_id=number(what), minutes=minutes, by=by
                )
            )
            changed += 1
    if changed:
        journal.record("roles.proposal_changed", by=by, id=proposal.pk, pairs=changed)
    return changed


@transaction.atomic
def adopt(proposal: Proposal, *, by: Author, decision: Decision) -> Rotation:
    """Give the tasks to people for the period, as the decision says; what they carried ends the day before.

    Raises `NotReady`, `AdoptedAlready`, `NotTheirsToShare`, `BreaksARule`, `BegunMeanwhile`.
    """
    demand(by, Power.KEEP_ROLES)
    asked = locked(proposal.rotation)
    proposal = locked(proposal)
    if asked.adopted_id:
        raise AdoptedAlready
    if not proposal.is_done:
        raise NotReady
    if not decisions_that_share_work().filter(pk=decision.pk).exists():
        raise NotTheirsToShare(decision)
    plan = hours_of(proposal)
    outcome = Outcome(problem_of(proposal), plan)
    if outcome.breaches:
        names = words.names_of(asked.inputs["problem"])
        raise BreaksARule([words.breach(one, names) for one in outcome.breaches])
    _end_what_was(asked)
    for (who, what), hours in sorted(plan.items()):
        weekly = max(1, round(hours * HOUR / asked.weeks))
        write(
            Assignment(
                person_id=number(who),
                task_id=number(what),
                starts_on=asked.first_on,
                ends_on=asked.last_on,
                planned_minutes_per_week=weekly,
            )
        )
    asked.adopted, asked.decision, asked.adopted_by, asked.adopted_at = (
        proposal,
        decision,
        person_of(by),
        timezone.now(),
    )
    write(asked)
    journal.record(
        "roles.rotation_adopted",
        by=by,
        id=asked.pk,
        proposal=proposal.pk,
        decision=decision.pk,
        assignments=len(plan),
    )
    return asked


def _end_what_was(asked: Rotation) -> None:
    """Whoever carries a task of the period hands it over the day before; the plan says who goes on."""
    given = asked.inputs["problem"]
    people, tasks = ([number(row["id"]) for row in given[name]] for name in ("members", "tasks"))
    carried = Assignment.objects.during(asked.first_on, asked.last_on).filter(
        person__in=people, task__in=tasks
    )
    begun = carried.filter(starts_on__gte=asked.first_on).select_related("person", "task").first()
    if begun:
        raise BegunMeanwhile(begun)
    carried.update(ends_on=asked.first_on - timedelta(days=1))


@transaction.atomic
def refuse(*, by: Person, tasks: list[Task]) -> None:
    """These are the tasks I do not take in the next sharings out, and no others. No reason is asked or kept."""
    Refusal.objects.filter(person=by).exclude(task__in=tasks).delete()
    standing = set(Refusal.objects.filter(person=by).values_list("task", flat=True))
    for task in tasks:
        if task.pk not in standing:
            write(Refusal(person=by, task=task))
