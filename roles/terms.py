"""Terms: who holds a role until when, and how the next one is found.

A role is opened, whoever wishes puts themselves forward, and the decision of a body says who holds it.
The term has an end, so that nobody is left holding a role for ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.dated import last_day_of_term
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Decision, Person, Power
from members.powers import Author, demand

from .models import Candidacy, Opening, Role, Term

journal.name_events(
    {
        "roles.term_given": _("role entrusted for a term"),
        "roles.term_ended": _("term ended"),
        "roles.opened": _("role opened"),
        "roles.opening_closed": _("role filled or closed"),
        "roles.put_forward": _("candidacy"),
        "roles.candidacy_withdrawn": _("candidacy withdrawn"),
    }
)

#: How long before its end a term is shown as coming up for renewal.
SOON = timedelta(days=90)


class RoleIsRetired(Refused):
    sentence = _("This role is retired: nobody takes it up any more.")


class EndsBeforeItBegins(Refused):
    sentence = _("The last day comes before the first. Check both dates.")


class EndedAlready(Refused):
    sentence = _("This term ended already.")


class NotOpen(Refused):
    sentence = _("This role is not open any more.")


class ClosesAfterItStarts(Refused):
    sentence = _("One puts oneself forward before the term starts. Check both dates.")


class NobodyChosen(Refused):
    sentence = _("Tick who holds the role from now on, or close the opening without filling it.")


@transaction.atomic
def give_term(
    role: Role,
    *,
    by: Author,
    person: Person,
    starts_on: date,
    ends_on: date | None = None,
    decision: Decision | None = None,
) -> Term:
    """The person holds the role from that day, for the length of a term unless a day is given.

    The database refuses one term too many in a row, with a sentence.
    """
    demand(by, Power.KEEP_ROLES)
    term = _write_term(role, person, starts_on, ends_on, decision)
    journal.record(
        "roles.term_given",
        by=by,
        role=role.pk,
        person=person.pk,
        decision=term.decision_id,
        **journal.days(term),
    )
    return term


def _write_term(role, person, starts_on, ends_on, decision, opening=None) -> Term:
    role = Role.objects.get(pk=role.pk)
    if role.retired_on:
        raise RoleIsRetired
    term = Term(
        role=role,
        person=person,
        starts_on=starts_on,
        ends_on=ends_on or last_day_of_term(starts_on, role.term_months),
        decision=decision,
        opening=opening,
    )
    write(term)
    return term


@transaction.atomic
def end_term(term: Term, *, by: Person, ends_on: date) -> Term:
    """The person holds the role for the last time that day: by themselves, or by who keeps roles."""
    if term.person_id != by.pk:
        demand(by, Power.KEEP_ROLES)
    term = locked(term)
    if term.ends_on is not None and term.ends_on <= ends_on:
        raise EndedAlready
    if ends_on < term.starts_on:
        raise EndsBeforeItBegins
    term.ends_on = ends_on
    write(term)
    journal.record("roles.term_ended", by=by, role=term.role_id, person=term.person_id, **journal.days(term))
    return term


@transaction.atomic
def open_role(role: Role, *, by: Person, filled_by: str, starts_on: date, closes_on: date) -> Opening:
    """Say that a role is to be filled, by election or by volunteering, and until when one puts oneself forward."""
    demand(by, Power.KEEP_ROLES)
    role = locked(role)
    if role.retired_on:
        raise RoleIsRetired
    if closes_on > starts_on:
        raise ClosesAfterItStarts
    opening = Opening(role=role, by=filled_by, starts_on=starts_on, closes_on=closes_on, opened_by=by)
    write(opening)
    journal.record("roles.opened", by=by, id=opening.pk, role=role.pk)
    return opening


@transaction.atomic
def put_forward(opening: Opening, *, by: Person, words: str = "") -> Candidacy:
    """Put oneself forward for a role that is open. Said again, the last words stand."""
    opening = locked(opening)
    if opening.closed_at or timezone.localdate() > opening.closes_on:
        raise NotOpen
    candidacy = opening.candidacies.filter(person=by).first() or Candidacy(opening=opening, person=by)
    is_new, candidacy.words = candidacy.pk is None, words
    write(candidacy)
    if is_new:
        journal.record("roles.put_forward", by=by, opening=opening.pk)
    return candidacy


@transaction.atomic
def step_back(opening: Opening, *, by: Person) -> None:
    """Take one's candidacy back as long as nothing is decided. Twice is once."""
    opening = locked(opening)
    if opening.closed_at:
        raise NotOpen
    if opening.candidacies.filter(person=by).delete()[0]:
        journal.record("roles.candidacy_withdrawn", by=by, opening=opening.pk)


@transaction.atomic
def settle(opening: Opening, *, by: Person, decision: Decision, chosen: Iterable[Person]) -> list[Term]:
    """Write what was decided: who holds the role for the coming term, by which decision. One or several people."""
    demand(by, Power.KEEP_ROLES)
    opening, chosen = locked(opening), list(chosen)
    if opening.closed_at:
        raise NotOpen
    if not chosen:
        raise NobodyChosen
    terms = [
        _write_term(opening.role, person, opening.starts_on, None, decision, opening) for person in chosen
    ]
    _close(opening, decision)
    journal.record(
        "roles.opening_closed",
        by=by,
        id=opening.pk,
        role=opening.role_id,
        decision=decision.pk,
        terms=[term.pk for term in terms],
    )
    return terms


@transaction.atomic
def close_unfilled(opening: Opening, *, by: Person) -> None:
    """Nobody took the role this time, or it was opened by mistake: it may be opened again."""
    demand(by, Power.KEEP_ROLES)
    opening = locked(opening)
    if opening.closed_at:
        raise NotOpen
    _close(opening, None)
    journal.record("roles.opening_closed", by=by, id=opening.pk, role=opening.role_id, terms=[])


def _close(opening: Opening, decision: Decision | None) -> None:
    opening.decision, opening.closed_at = decision, timezone.now()
    write(opening)


def with_holders(roles: QuerySet[Role], day: date) -> QuerySet[Role]:
    """The roles, each with the terms of that day in `terms_now`, by name. One query more."""
    then = Term.objects.on(day).select_related("person").order_by("person__sort_name", "pk")
    return roles.prefetch_related(Prefetch("terms", then, to_attr="terms_now"))


@dataclass(frozen=True)
class Renewal:
    """A term whose end is near, or past without anybody after it; the opening that answers it, if there is one."""

    term: Term
    opening: Opening | None
    followed: bool
    is_over: bool

    @property
    def asks_something(self) -> bool:
        return self.opening is None and not self.followed


def renewals(today: date, *, within: timedelta = SOON) -> Sequence[Renewal]:
    """The terms that end within that time, or ended within it without anybody taking over; the earliest first."""
    terms = list(
        Term.objects.filter(ends_on__range=(today - within, today + within), role__retired_on=None)
        .select_related("role", "person")
        .order_by("ends_on", "role__name", "person__sort_name")
    )
    roles = {term.role_id for term in terms}
    openings = {one.role_id: one for one in Opening.objects.filter(role__in=roles, closed_at=None)}
    later: dict[int, date] = {}
    for role, starts_on in Term.objects.filter(role__in=roles).values_list("role", "starts_on"):
        later[role] = max(starts_on, later.get(role, date.min))
    found = [
        Renewal(term, openings.get(term.role_id), later[term.role_id] > term.starts_on, term.ends_on < today)
        for term in terms
    ]
    return [one for one in found if not (one.is_over and one.followed)]


def later(today: date, *, beyond: timedelta = SOON) -> QuerySet[Term]:
    """The terms that end after that time, the earliest first: the rest of the calendar."""
    ending = Term.objects.filter(ends_on__gt=today + beyond, role__retired_on=None)
    return ending.select_related("role", "person").order_by("ends_on", "role__name", "person__sort_name")
