"""How one becomes a member, steps back, returns and leaves: each step a dated fact, decided or one's own.

A membership begins by a decision that was taken here or that somebody else recorded: whoever admits
people could otherwise fill the assembly alone. It ends by the member, who resigns, or by such a decision;
so does a pause. What a step opens or closes follows from the facts at once: the vote in the assembly, the
powers of mandates, hours and what is agreed of them.
"""

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.dated import day_before
from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import locked, write

from . import journal
from .lifecycle import AlreadyEnded, close_after, demand_file, end_on, keep_open
from .models import Application, Decision, Membership, Pause, Person, Power, Probation, Step
from .powers import (
    Author,
    NotAllowed,
    decision_of,
    decisions_with,
    demand,
    person_of,
    somebody_still_holds,
)
from .statuses import rewrite, stretches_of
from .steps import open_list

journal.name_events(
    {
        "members.applied": gettext_lazy("asked to become a member"),
        "members.application_answered": gettext_lazy("candidate answered"),
        "members.probation_set": gettext_lazy("probation set"),
        "members.pause_started": gettext_lazy("pause started"),
        "members.pause_changed": gettext_lazy("pause changed"),
        "members.departed": gettext_lazy("departure recorded"),
    }
)

_DAY = timedelta(days=1)


class MemberAlready(Refused):
    sentence = gettext_lazy("This person is a member already.")


class IsAnswered(Refused):
    sentence = gettext_lazy("This request was answered: make another one.")


class TakesADecision(NotAllowed):
    """One person alone neither makes a member nor unmakes one."""

    def __init__(self):
        super().__init__(
            sentence=_(
                "This takes a decision of a body that may admit people, taken here or recorded by somebody "
                "else than you. Name it, or propose this to the assembly."
            )
        )


class NotAMemberThen(Refused):
    def __init__(self, first: date, last: date | None):
        super().__init__(
            _("This person is not a member on all the days from %(day)s.") % {"day": written(first)}
            if last is None
            else _("This person is not a member on all the days from %(first)s to %(last)s.")
            % {"first": written(first), "last": written(last)}
        )


class AskedForThePast(Refused):
    sentence = gettext_lazy("One steps back and returns from today on; for days gone by, a decision says so.")


class IsOver(Refused):
    sentence = gettext_lazy("It was over before that day.")


class NothingEnds(Refused):
    sentence = gettext_lazy("This person neither works here nor is a member after that day.")


class ClosesTooSoon(Refused):
    sentence = gettext_lazy("The account stays open until the last day at least.")


def _demand_decided(by: Author, decision: Decision | None) -> Decision:
    """The decision behind an act that takes two: the one that acts, or one that another person recorded."""
    demand(by, Power.ADMIT_PEOPLE)
    own = decision_of(by)
    if own is not None:
        return own
    if decision is None or not is_apart(decision, by):
        raise TakesADecision
    return decision


def is_apart(decision: Decision, person: Person) -> bool:
    """Could a body that admits people take it, and did it come from a ballot or from another's hand?"""
    return decisions_apart(person).filter(pk=decision.pk).exists()


def decisions_apart(person: Person):
    """The decisions a person may name who admits people."""
    of_another = Q(recorded_by__isnull=False) & ~Q(recorded_by=person)
    return decisions_with(Power.ADMIT_PEOPLE).filter(Q(ballot__isnull=False) | of_another)


# Candidates --------------------------------------------------------------------------------------


@transaction.atomic
def apply(person: Person, *, by: Person, words: str = "", starts_on: date | None = None) -> Application:
    """Ask to become a member: for oneself, or for somebody who asked those who admit people."""
    if person != by:
        demand(by, Power.ADMIT_PEOPLE)
    demand_file(person)
    day = starts_on or timezone.localdate()
    if person.memberships.on(day).exists():
        raise MemberAlready
    asked = Application(person=person, words=words.strip(), starts_on=day, recorded_by=by)
    write(asked)
    journal.record("members.applied", by=by, person=person.pk, **journal.days(asked))
    return asked


@transaction.atomic
def withdraw_application(asked: Application, *, by: Person) -> None:
    """Not to ask any more: by who asked, or by those who admit people when they are told so."""
    if asked.person != by:
        demand(by, Power.ADMIT_PEOPLE)
    _answer(locked(asked), Application.Outcome.WITHDRAWN, by=by)


@transaction.atomic
def decline(asked: Application, *, by: Author, decision: Decision | None = None) -> None:
    """The body does not admit them; they may ask again another day."""
    decided = _demand_decided(by, decision)
    _answer(locked(asked), Application.Outcome.DECLINED, by=by, decision=decided)


def _answer(
    asked: Application, outcome: str, *, by: Author, decision: Decision | None = None, on: date | None = None
) -> None:
    if asked.outcome:
        raise IsAnswered
    asked.outcome, asked.decision = outcome, decision
    asked.ends_on = max(asked.starts_on, on or timezone.localdate())
    write(asked)
    journal.record(
        "members.application_answered",
        by=by,
        outcome=str(outcome),
        decision=decision.pk if decision else None,
        **journal.days(asked),
    )


# Members -----------------------------------------------------------------------------------------


@transaction.atomic
def start_membership(
    person: Person,
    *,
    by: Author,
    starts_on: date,
    admitted_by: Decision | None = None,
    probation_ends_on: date | None = None,
) -> Membership:
    """The person is a member from that day on, on probation until a day where one is given."""
    decided = _demand_decided(by, admitted_by)
    demand_file(person)
    arrives = not (person.work_statuses.exists() or person.memberships.exists())
    membership = Membership(
        person=person, starts_on=starts_on, admitted_by=decided, recorded_by=person_of(by)
    )
    write(membership)
    journal.record(
        "members.membership_started",
        by=by,
        decision=decided.pk,
        person=membership.person_id,
        **journal.days(membership),
    )
    keep_open(person)
    if arrives:
        open_list(person, Step.ARRIVAL, starts_on, by=by)
    if probation_ends_on is not None:
        _write_probation(Probation(person=person, starts_on=starts_on), probation_ends_on, by, decided)
        open_list(person, Step.PROBATION, starts_on, by=by)
    for asked in Application.objects.select_for_update(of=("self",)).filter(person=person, outcome=""):
        _answer(asked, Application.Outcome.ADMITTED, by=by, decision=decided, on=starts_on)
    return membership


@transaction.atomic
def set_probation_end(
    probation: Probation, *, by: Author, ends_on: date, decision: Decision | None = None
) -> None:
    """The probation lasts until another day than was said: longer, or less long. Not once it is over."""
    decided = _demand_decided(by, decision)
    probation = locked(probation)
    if probation.is_over(timezone.localdate()):
        raise IsOver
    if ends_on < probation.starts_on:
        facts = journal.days(probation)
        probation.delete()
        journal.record(
            "members.probation_set",
            by=by,
            person=probation.person_id,
            decision=decided.pk,
            **facts | {"ends_on": ends_on.isoformat()},
        )
        return
    _write_probation(probation, ends_on, by, decided)


def _write_probation(probation: Probation, ends_on: date, by: Author, decided: Decision) -> None:
    probation.ends_on, probation.decision = ends_on, decided
    write(probation)
    journal.record(
        "members.probation_set",
        by=by,
        person=probation.person_id,
        decision=decided.pk,
        **journal.days(probation),
    )


@transaction.atomic
def end_membership(
    membership: Membership, *, by: Author, ends_on: date, decision: Decision | None = None
) -> None:
    """The person is a member until that day: they resign, or a decision says so. One that has not begun is taken back.

    What is left of a probation or a pause ends with it. How they work is recorded apart.
    """
    decided = None if membership.person == by else _demand_decided(by, decision)
    membership = locked(membership)
    facts = journal.days(membership) | {"person": membership.person_id}
    if membership.ends_on is not None and membership.ends_on <= ends_on:
        raise AlreadyEnded(membership.ends_on)
    if decided is None and ends_on < day_before(timezone.localdate()):
        raise AskedForThePast
    with somebody_still_holds(Power.KEEP_COMMITTEES):
        _cut_steps(membership, ends_on)
        if ends_on < membership.starts_on and membership.starts_on >= timezone.localdate():
            membership.delete()
        else:
            membership.ends_on, membership.ended_by = ends_on, decided
            membership.end_recorded_by = person_of(by)
            write(membership)
    journal.record(
        "members.membership_ended",
        by=by,
        decision=decided.pk if decided else None,
        **facts | {"ends_on": ends_on.isoformat()},
    )


def _cut_steps(membership: Membership, ends_on: date) -> None:
    """End what stands in a membership with it."""
    person = membership.person
    for facts in (person.probations, person.pauses):
        later = facts.select_for_update(of=("self",)).filter(starts_on__gte=membership.starts_on)
        for fact in later.filter(Q(ends_on__gt=ends_on) | Q(ends_on=None)):
            _end(fact, ends_on)


def _end(fact: Probation | Pause, ends_on: date) -> None:
    """Give a step its last day, or take it away where it would have none; what is agreed follows a pause."""
    person = fact.person
    is_pause = isinstance(fact, Pause)
    stretches = stretches_of(person) if is_pause else []
    if ends_on < fact.starts_on:
        if is_pause:
            rewrite(person, stretches, pauses=person.pauses.exclude(pk=fact.pk))
        fact.delete()
        return
    fact.ends_on = ends_on
    write(fact)
    if is_pause:
        rewrite(person, stretches)


# Pauses ------------------------------------------------------------------------------------------


@transaction.atomic
def start_pause(
    person: Person,
    *,
    by: Author,
    starts_on: date,
    ends_on: date | None = None,
    decision: Decision | None = None,
) -> Pause:
    """Step back from that day on, until a day or until one returns: asked for by the member, or decided."""
    decided = None
    if person != by:
        decided = _demand_decided(by, decision)
    elif starts_on < timezone.localdate():
        raise AskedForThePast
    stretches = stretches_of(person)
    pause = Pause(
        person=person, starts_on=starts_on, ends_on=ends_on, decision=decided, recorded_by=person_of(by)
    )
    with somebody_still_holds(Power.KEEP_COMMITTEES):
        _write_pause(pause)
        rewrite(person, stretches)
    journal.record(
        "members.pause_started",
        by=by,
        person=person.pk,
        decision=decided.pk if decided else None,
        **journal.days(pause),
    )
    open_list(person, Step.PAUSE, starts_on, by=by)
    return pause


def _write_pause(pause: Pause) -> None:
    inside = Q(ends_on=None) if pause.ends_on is None else Q(ends_on=None) | Q(ends_on__gte=pause.ends_on)
    memberships = pause.person.memberships.filter(inside, starts_on__lte=pause.starts_on)
    if not (pause.ends_on and pause.ends_on < pause.starts_on) and not memberships.exists():
        raise NotAMemberThen(pause.starts_on, pause.ends_on)
    write(pause)


@transaction.atomic
def change_pause(pause: Pause, *, by: Author, ends_on: date | None, decision: Decision | None = None) -> None:
    """Return after another day than was said, sooner or later; a pause that has not begun may be given up whole."""
    today = timezone.localdate()
    pause = locked(pause)
    decided = None
    if pause.person != by:
        decided = _demand_decided(by, decision)
    elif pause.is_over(today) or (ends_on is not None and ends_on < day_before(today)):
        raise AskedForThePast
    if pause.ends_on == ends_on:
        return
    facts = journal.days(pause) | {"person": pause.person_id}
    returns_on = ends_on + _DAY if ends_on else None
    with somebody_still_holds(Power.KEEP_COMMITTEES):
        if ends_on is not None and ends_on < pause.starts_on:
            _end(pause, ends_on)
        else:
            stretches = stretches_of(pause.person)
            pause.ends_on = ends_on
            if decided is not None:
                pause.decision = decided
            _write_pause(pause)
            rewrite(pause.person, stretches)
    journal.record(
        "members.pause_changed",
        by=by,
        decision=decided.pk if decided else None,
        **facts | {"ends_on": ends_on and ends_on.isoformat()},
    )
    if returns_on and returns_on > pause.starts_on:
        open_list(pause.person, Step.RETURN, returns_on, by=by)


# Departure ---------------------------------------------------------------------------------------


@transaction.atomic
def depart(
    person: Person,
    *,
    by: Author,
    ends_on: date,
    closes_on: date | None = None,
    decision: Decision | None = None,
) -> None:
    """The person leaves altogether: what they are and do here ends on that day, the list of departures opens.

    Membership, pauses, work and mandates end. By themselves; else, for a member, by a decision. `closes_on`:
    the last day their account opens, so that they read their last stubs; left open if none is given.
    """
    if person != by:
        demand(by, Power.ADMIT_PEOPLE)
    elif ends_on < day_before(timezone.localdate()):
        raise AskedForThePast
    if closes_on is not None and closes_on < ends_on:
        raise ClosesTooSoon
    person = locked(person)
    membership = person.memberships.during(ends_on + _DAY, date.max).order_by("starts_on").first()
    stretches = stretches_of(person)
    later = [one for one in stretches if one.ends_on is None or one.ends_on > ends_on]
    if membership is None and not later and not person.mandates.during(ends_on + _DAY, date.max).exists():
        raise NothingEnds
    if membership is not None:
        end_membership(membership, by=by, ends_on=ends_on, decision=decision)
        stretches = stretches_of(person)
    with somebody_still_holds(Power.KEEP_COMMITTEES):
        # Work that has begun since is not made undone: its last day would come before its first.
        rewrite(
            person,
            [
                replace(one, ends_on=min(one.ends_on or date.max, ends_on))
                for one in stretches
                if one.starts_on <= ends_on or one.starts_on < timezone.localdate()
            ],
        )
        mandates = _end_mandates(person, ends_on, by)
        if closes_on is not None:
            close_after(person, closes_on)
    for asked in Application.objects.select_for_update(of=("self",)).filter(person=person, outcome=""):
        _answer(asked, Application.Outcome.WITHDRAWN, by=by)
    journal.record(
        "members.departed",
        by=by,
        person=person.pk,
        ends_on=ends_on.isoformat(),
        works=len(later),
        mandates=mandates,
        closes_on=closes_on and closes_on.isoformat(),
    )
    open_list(person, Step.DEPARTURE, ends_on, by=by)


def _end_mandates(person: Person, ends_on: date, by: Author) -> int:
    """End the seats that last longer; how many did."""
    later = person.mandates.select_for_update(of=("self",)).during(ends_on + _DAY, date.max)
    for mandate in later:
        facts = journal.days(mandate) | {"committee": mandate.committee_id, "person": person.pk}
        end_on(mandate, ends_on)
        journal.record("members.mandate_ended", by=by, **facts | {"ends_on": ends_on.isoformat()})
    return len(later)
