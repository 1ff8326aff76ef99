"""How the co-op organizes itself: committees, what they may do, who sits on them, what they decide.

Kept by the holders of the power to keep committees, who are themselves held by two rules: nobody
gives themselves a mandate, and nobody alone enlarges what a committee they sit on may do. At each
moment somebody remains who can give mandates, so that the co-op never locks itself out.
"""

import random
import secrets
from collections.abc import Iterable
from copy import copy
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koumbit.dated import day_before, last_day_of_term
from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import locked, write

from . import journal
from .acts import rehearse
from .lifecycle import AlreadyEnded, end_on
from .models import Committee, CommitteePower, Cooperative, Decision, DecisionRule, Mandate, Person, Power
from .models.people import PersonQuerySet
from .powers import Author, NotAllowed, decision_of, demand, holds, person_of, somebody_still_holds

COMMITTEE_FIELDS = frozenset({"name", "kind", "aim", "seats", "term_months", "max_consecutive_terms"})
COOPERATIVE_FIELDS = frozenset(
    field.name for field in Cooperative._meta.concrete_fields if not field.primary_key
)


class NoCommitteeThen(Refused):
    """A committee acts from its first day to its last."""

    def __init__(self, committee: Committee, day: date):
        super().__init__(
            _("%(committee)s does not exist on %(day)s. Check the date.")
            % {"committee": committee.name, "day": written(day)}
        )


class ClosedAccount(Refused):
    """A mandate is carried by somebody who can sign in."""

    def __init__(self):
        super().__init__(_("This person's account is closed: reopen it before giving them a mandate."))


class GivenToOneself(NotAllowed):
    def __init__(self):
        super().__init__(
            sentence=_("Nobody gives a mandate to themselves: ask another holder of this power.")
        )


class TooFewToDraw(Refused):
    def __init__(self):
        super().__init__(_("Lots are drawn for one seat at least, and for no more than there are people."))


class SeatTakesTwo(NotAllowed):
    """Whoever enters people and seats them could otherwise act through somebody who does not exist."""

    def __init__(self):
        super().__init__(
            sentence=_(
                "You entered this person or their e-mail address: somebody else gives them a mandate, or has "
                "recorded the decision that does. Name that decision."
            )
        )


class PowerTakesTwo(NotAllowed):
    def __init__(self):
        super().__init__(
            sentence=_(
                "You sit on this committee: it gets a power by a decision that somebody else has recorded. "
                "Name that decision."
            )
        )


class RuleTakesTwo(NotAllowed):
    def __init__(self):
        super().__init__(
            sentence=_(
                "You decide in this body: its rule changes by a decision that somebody else has recorded, or "
                "that it takes here. Name that decision, or propose the rule."
            )
        )


class NotYetAdopted(Refused):
    def __init__(self):
        super().__init__(
            _("A decision is recorded once it is adopted: the day of adoption is still to come.")
        )


class NotOnTheBody(NotAllowed):
    def __init__(self, body: Committee):
        super().__init__(
            sentence=_(
                "A decision is recorded by somebody who sat on the body that day and still does "
                "(%(body)s), or who keeps committees."
            )
            % {"body": body.name}
        )


def _within(committee: Committee, first: date, last: date | None) -> None:
    """Refuse days on which the committee does not exist."""
    for day in filter(None, [first, last]):
        if not committee.holds_on(day):
            raise NoCommitteeThen(committee, day)


def _recorded_by_another(decision: Decision | None, person: Person) -> bool:
    return decision is not None and decision.recorded_by_id not in (None, person.pk)


@transaction.atomic
def create_committee(
    *, by: Author, name: str, starts_on: date, kind: str = Committee.Kind.STANDING, aim: str = "", **seating
) -> Committee:
    """A new body; it holds no power and nobody sits on it yet. `seating`: seats, term_months, max_consecutive_terms."""
    demand(by, Power.KEEP_COMMITTEES)
    committee = Committee(name=name, kind=kind, aim=aim, starts_on=starts_on, **seating)
    write(committee)
    journal.record("members.committee_created", by=by, **journal.days(committee))
    return committee


@transaction.atomic
def change_committee(committee: Committee, *, by: Author, **said) -> Committee:
    """Another name, kind, aim or seating for the same body; what was issued keeps the name it was issued with.

    `said`: name, kind, aim, seats, term_months, max_consecutive_terms; what is not given stays. Mandates
    that were given keep their days.
    """
    demand(by, Power.KEEP_COMMITTEES)
    unknown = said.keys() - COMMITTEE_FIELDS
    if unknown:
        raise TypeError(f"not something to write about a committee: {sorted(unknown)}")
    committee = locked(committee)
    for name, value in said.items():
        setattr(committee, name, value)
    write(committee)
    journal.record("members.committee_changed", by=by, id=committee.pk)
    return committee


@transaction.atomic
def dissolve_committee(committee: Committee, *, by: Author, ends_on: date) -> Committee:
    """The body acts for the last time that day; its powers and its mandates end with it."""
    demand(by, Power.KEEP_COMMITTEES)
    with somebody_still_holds(Power.KEEP_COMMITTEES):
        committee = locked(committee)
        if committee.ends_on is not None and committee.ends_on <= ends_on:
            raise AlreadyEnded(committee.ends_on)
        committee.ends_on = ends_on
        write(committee)
        for facts in (committee.powers, committee.mandates):
            facts.filter(starts_on__gt=ends_on).delete()
            for fact in facts.select_for_update().exclude(ends_on__lte=ends_on):
                fact.ends_on = ends_on
                write(fact)
    journal.record("members.committee_dissolved", by=by, **journal.days(committee))
    return committee


@transaction.atomic
def grant_power(
    committee: Committee,
    power: str,
    *,
    by: Author,
    starts_on: date,
    ends_on: date | None = None,
    decision: Decision | None = None,
) -> CommitteePower:
    """The committee may, from that day on, do this for everyone.

    It takes two people to enlarge what one of them may do: whoever sits on the committee (now, or
    from a later day) names a decision that somebody else recorded. That body may be the committee
    itself: in an assembly where all sit, one member records what was adopted and another grants.
    Somebody who does not sit on it grants alone: they gain nothing by it, and cannot give
    themselves a seat. The database refuses the same (`members_power_takes_two`).
    """
    demand(by, Power.KEEP_COMMITTEES)
    committee = locked(committee)
    _within(committee, starts_on, ends_on)
    sits = committee.mandates.filter(person=person_of(by)).during(starts_on, date.max).exists()
    if sits and not _recorded_by_another(decision, by):
        raise PowerTakesTwo
    granted = CommitteePower(
        committee=committee,
        power=power,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=person_of(by),
        decision=decision or decision_of(by),
    )
    write(granted)
    journal.record(
        "members.power_granted",
        by=by,
        committee=committee.pk,
        power=str(power),
        decision=granted.decision_id,
        **journal.days(granted),
    )
    return granted


@transaction.atomic
def withdraw_power(granted: CommitteePower, *, by: Author, ends_on: date) -> None:
    """The committee holds this power until that day. A power that has not begun is taken back."""
    demand(by, Power.KEEP_COMMITTEES)
    with somebody_still_holds(Power.KEEP_COMMITTEES):
        granted = locked(granted)
        facts = journal.days(granted) | {"committee": granted.committee_id, "power": granted.power}
        end_on(granted, ends_on)
    journal.record("members.power_withdrawn", by=by, **facts | {"ends_on": ends_on.isoformat()})


@transaction.atomic
def give_mandate(
    committee: Committee,
    person: Person,
    *,
    by: Author,
    starts_on: date,
    ends_on: date | None = None,
    filled_by: str = "",
    decision: Decision | None = None,
) -> Mandate:
    """The person sits on the committee from a day to a day, and may do what it may do. Never oneself.

    Nor somebody one has entered oneself, except by a decision that another person recorded. Without a last
    day, for the length of a mandate of that committee. The database refuses one too many in a row.
    """
    demand(by, Power.KEEP_COMMITTEES)
    if person == by:
        raise GivenToOneself
    giver = person_of(by)
    if giver and journal.entered_by(person, giver) and not _recorded_by_another(decision, giver):
        raise SeatTakesTwo
    committee, person = locked(committee), locked(person)
    if not person.is_active:
        raise ClosedAccount
    _within(committee, starts_on, ends_on)
    mandate = Mandate(
        committee=committee,
        person=person,
        starts_on=starts_on,
        ends_on=ends_on or last_day_of_term(starts_on, committee.term_months),
        filled_by=filled_by,
        given_by=giver,
        decision=decision or decision_of(by),
    )
    write(mandate)
    journal.record(
        "members.mandate_given",
        by=by,
        committee=committee.pk,
        person=person.pk,
        decision=mandate.decision_id,
        **journal.days(mandate),
    )
    return mandate


@transaction.atomic
def draw_lots(
    committee: Committee,
    *,
    by: Person,
    among: Iterable[Person],
    count: int,
    starts_on: date,
    ends_on: date | None = None,
    decision: Decision | None = None,
) -> list[Mandate]:
    """Give `count` mandates by lot among these people, all with the same chance.

    Whoever draws is not among them. The seed is in the journal with who was drawn from: anybody can draw
    again with `random.Random(seed).sample(people, count)`, people by their numbers, and find the same.
    """
    pool = sorted({person.pk: person for person in among}.items())
    if by.pk in dict(pool):
        raise GivenToOneself
    if not 0 < count <= len(pool):
        raise TooFewToDraw
    seed = secrets.randbits(53)
    drawn = random.Random(seed).sample([pk for pk, _person in pool], count)  # noqa: S311 (it can be done again)
    journal.record(
        "members.lots_drawn",
        by=by,
        committee=committee.pk,
        among=[pk for pk, _person in pool],
        seed=seed,
        drawn=drawn,
    )
    return [
        give_mandate(
            committee,
            dict(pool)[pk],
            by=by,
            starts_on=starts_on,
            ends_on=ends_on,
            filled_by=Mandate.FilledBy.DRAWN,
            decision=decision,
        )
        for pk in drawn
    ]


@transaction.atomic
def end_mandate(mandate: Mandate, *, by: Author, ends_on: date) -> None:
    """The person sits on the committee until that day: by who keeps committees, or by the person, who steps down."""
    if mandate.person != by:
        demand(by, Power.KEEP_COMMITTEES)
    with somebody_still_holds(Power.KEEP_COMMITTEES):
        mandate = locked(mandate)
        facts = journal.days(mandate) | {"committee": mandate.committee_id, "person": mandate.person_id}
        end_on(mandate, ends_on)
    journal.record("members.mandate_ended", by=by, **facts | {"ends_on": ends_on.isoformat()})


def electors(body: Committee, day: date) -> PersonQuerySet:
    """Who decides in this body on that day: in the assembly the members who vote, else whoever sits on it."""
    if body.is_assembly:
        return Person.objects.active().voters(day).by_name()
    seats = body.mandates.in_force(day)
    return Person.objects.active().filter(pk__in=seats.values("person")).by_name()


def decides_in(body: Committee, person: Person, day: date) -> bool:
    """Does the person decide in this body on that day, or sit on it, as the assembly's secretaries do?"""
    sits = body.mandates.in_force(day).filter(person=person)
    return sits.exists() or electors(body, day).filter(pk=person.pk).exists()


def was_there(body: Committee, person: Person, day: date) -> bool:
    """Did the person decide in this body that day, and does today?"""
    return all(decides_in(body, person, each) for each in {day, timezone.localdate()})


@transaction.atomic
def record_decision(
    body: Committee,
    *,
    by: Person,
    adopted_on: date,
    title: str,
    text: str,
    effective_on: date | None = None,
    review_on: date | None = None,
    act: str = "",
    fields: dict | None = None,
) -> Decision:
    """Write down what a body adopted in a room. It is never edited: a later decision changes it.

    Recorded by somebody who sat on the body on the day of adoption and still does, or by who
    keeps committees. It may take effect before it was adopted (a rate paid retroactively). What it does
    (`act`, with its `fields`) waits for the confirmation of a second person who was there.
    """
    today = timezone.localdate()
    if adopted_on > today:
        raise NotYetAdopted
    _within(body, adopted_on, None)
    if not was_there(body, by, adopted_on) and not holds(by, Power.KEEP_COMMITTEES):
        raise NotOnTheBody(body)
    decision = Decision(
        body=body,
        adopted_on=adopted_on,
        effective_on=effective_on or adopted_on,
        title=title,
        text=text,
        recorded_by=by,
        review_on=review_on,
        act=act,
        fields=fields or {},
    )
    if act:
        rehearse(copy(decision))
    write(decision)
    journal.record(
        "members.decision_recorded", by=by, id=decision.pk, body=body.pk, adopted_on=adopted_on.isoformat()
    )
    return decision


def rule_of(body: Committee, day: date) -> DecisionRule:
    """How the body decides on that day; by consent, half being there, where it has set no rule."""
    return body.rules.on(day).first() or DecisionRule(committee=body, starts_on=body.starts_on)


@transaction.atomic
def set_rule(
    committee: Committee,
    *,
    by: Author,
    starts_on: date,
    method: str,
    quorum_percent: int,
    threshold: str,
    secret: bool = False,
    decision: Decision | None = None,
) -> DecisionRule:
    """From that day on the body decides so. What is being answered keeps the rule it was opened with.

    Like a power, it takes a decision that somebody else recorded when one sits on the body.
    """
    if decision_of(by) is None or decision_of(by).body_id != committee.pk:
        demand(by, Power.KEEP_COMMITTEES)
    committee = locked(committee)
    _within(committee, starts_on, None)
    keeper = person_of(by)
    if keeper and was_there(committee, keeper, starts_on) and not _recorded_by_another(decision, keeper):
        raise RuleTakesTwo
    committee.rules.filter(starts_on__gte=starts_on).delete()
    for former in committee.rules.on(starts_on).select_for_update(of=("self",)):
        former.ends_on = day_before(starts_on)
        write(former)
    rule = DecisionRule(
        committee=committee,
        method=method,
        quorum_percent=quorum_percent,
        threshold=threshold,
        secret=secret,
        starts_on=starts_on,
        decision=decision or decision_of(by),
    )
    write(rule)
    journal.record(
        "members.rule_set",
        by=by,
        committee=committee.pk,
        decision=rule.decision_id,
        method=str(method),
        secret=secret,
        quorum_percent=quorum_percent,
        threshold=str(threshold),
        **journal.days(rule),
    )
    return rule


@transaction.atomic
def change_cooperative(*, by: Author, **fields) -> Cooperative:
    """Correct what the cooperative says of itself, and how it counts weeks and pays.

    The first day of the week stays once hours are logged: the database refuses
    (`timesheets_week_start_is_final`).
    """
    demand(by, Power.KEEP_COMMITTEES)
    unknown = fields.keys() - COOPERATIVE_FIELDS
    if unknown:
        raise TypeError(f"not something to write about the cooperative: {sorted(unknown)}")
    cooperative = Cooperative.objects.select_for_update().get()
    changed = sorted(name for name, value in fields.items() if getattr(cooperative, name) != value)
    if not changed:
        return cooperative
    for name in changed:
        setattr(cooperative, name, fields[name])
    write(cooperative)
    journal.record("members.cooperative_changed", by=by, fields=changed)
    return cooperative
