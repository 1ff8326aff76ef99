"""From an idea to a question: a proposal is made to a body, discussed, amended, withdrawn.

Whoever works in the co-op or is a member of it proposes to any body that stands: those who sit on it
answer. Nothing said is taken back; an amendment is another version beside the former ones.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Expression
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.refusals import Refused
from koumbit.rows import locked, write

from . import acts, journal
from .governance import NoCommitteeThen
from .models import (
    Committee,
    Decision,
    Elector,
    Interest,
    Motion,
    MotionVersion,
    Person,
    Position,
    Remark,
)
from .powers import NotAllowed


class ItIsOver(Refused):
    sentence = gettext_lazy("This proposal has come to its end. Make another one.")


class BeingAnswered(Refused):
    sentence = gettext_lazy("The body is answering: what is proposed changes once it has.")


class NotTheirProposal(NotAllowed):
    def __init__(self):
        super().__init__(
            sentence=_("Only who made the proposal amends or withdraws it: say what you think of it.")
        )


class NotTheirsToPropose(NotAllowed):
    def __init__(self):
        super().__init__(sentence=_("Whoever works in the cooperative or is a member of it proposes."))


class AnsweredAlready(Refused):
    sentence = gettext_lazy(
        "You have answered in secret already: your answer cannot be found to be taken out."
    )


class Awaited(NamedTuple):
    """A proposal on which somebody's answer is awaited, and until when."""

    motion: int
    title: str
    closes_on: date


def awaited_from(person: Expression, day: Expression) -> ArraySubquery:
    """The proposals on which a person may answer and has not, the most pressing first; `read_awaited` reads them."""
    asked = Elector.objects.waiting().filter(person=person, ballot__closes_on__gte=day)
    return ArraySubquery(
        asked.order_by("ballot__closes_on", "ballot").values(
            row=JSONObject(
                motion="ballot__motion", title="ballot__version__title", closes_on="ballot__closes_on"
            )
        )
    )


def read_awaited(rows: Iterable[Mapping]) -> list[Awaited]:
    """What `awaited_from` found."""
    return [Awaited(row["motion"], row["title"], date.fromisoformat(row["closes_on"])) for row in rows]


def _is_here(person: Person, day: date) -> bool:
    return person.is_active and Person.objects.here(day).filter(pk=person.pk).exists()


def _rehearsed(
    body: Committee, title: str, text: str, effective_on: date | None, act: str, fields: dict
) -> None:
    """What it would do is tried and undone, as if it were adopted today."""
    if act:
        today = timezone.localdate()
        acts.rehearse(
            Decision(
                body=body,
                adopted_on=today,
                effective_on=effective_on or today,
                title=title,
                text=text,
                act=act,
                fields=fields,
            )
        )


@transaction.atomic
def propose(
    body: Committee,
    *,
    by: Person,
    title: str,
    text: str,
    effective_on: date | None = None,
    review_on: date | None = None,
    act: str = "",
    fields: dict[str, Any] | None = None,
) -> Motion:
    """Put something to a body, with what it does once adopted where it does something.

    What it would do is tried and undone at once, so that what the law, a constraint or a verb refuses is
    refused before anybody discusses it.
    """
    today = timezone.localdate()
    if not _is_here(by, today):
        raise NotTheirsToPropose
    if not body.holds_on(today):
        raise NoCommitteeThen(body, today)
    _rehearsed(body, title, text, effective_on, act, fields or {})
    motion = Motion(body=body, proposed_by=by)
    write(motion)
    _write_version(motion, 1, by, title, text, effective_on, review_on, act, fields or {})
    journal.record("members.proposed", by=by, id=motion.pk, body=body.pk, act=act or None)
    return motion


@transaction.atomic
def amend(
    motion: Motion,
    *,
    by: Person,
    title: str,
    text: str,
    effective_on: date | None = None,
    review_on: date | None = None,
    act: str = "",
    fields: dict[str, Any] | None = None,
) -> Motion:
    """Propose otherwise, by who proposed; what it said before stays readable. Not while the body answers."""
    motion = _open(motion)
    if motion.proposed_by != by:
        raise NotTheirProposal
    if motion.ballots.filter(closed_at=None).exists():
        raise BeingAnswered
    _rehearsed(motion.body, title, text, effective_on, act, fields or {})
    number = motion.current.number + 1
    _write_version(motion, number, by, title, text, effective_on, review_on, act, fields or {})
    journal.record("members.proposal_amended", by=by, id=motion.pk, version=number)
    return motion


def _write_version(motion, number, by, title, text, effective_on, review_on, act, fields) -> None:
    version = MotionVersion(
        motion=motion,
        number=number,
        title=title,
        text=text,
        effective_on=effective_on,
        review_on=review_on,
        act=act,
        fields=fields,
        written_by=by,
    )
    if review_on is not None and review_on <= (effective_on or timezone.localdate()):
        raise ValidationError({"review_on": _("A decision is reviewed after the day it takes effect.")})
    write(version)
    motion.current = version
    write(motion)


def _open(motion: Motion) -> Motion:
    motion = locked(motion)
    if motion.outcome:
        raise ItIsOver
    return motion


@transaction.atomic
def remark(motion: Motion, *, by: Person, text: str) -> Remark:
    """Say what one thinks of a proposal: to all, signed, for good."""
    motion = _open(motion)
    if not _is_here(by, timezone.localdate()):
        raise NotTheirsToPropose
    said = Remark(motion=motion, by=by, text=text)
    write(said)
    return said


@transaction.atomic
def withdraw(motion: Motion, *, by: Person) -> Motion:
    """Take a proposal back, by who made it, but not while the body answers; what was said of it stays."""
    motion = _open(motion)
    if motion.proposed_by != by:
        raise NotTheirProposal
    if motion.ballots.filter(closed_at=None).exists():
        raise BeingAnswered
    motion.outcome, motion.ended_at = Motion.Outcome.WITHDRAWN, timezone.now()
    write(motion)
    journal.record("members.proposal_withdrawn", by=by, id=motion.pk)
    return motion


@transaction.atomic
def declare_interest(motion: Motion, *, by: Person, what: str) -> Interest:
    """Say that one has a stake in a proposal: one does not answer, an open answer is taken out.

    Not after a secret answer, which nobody can find.
    """
    motion = _open(motion)
    asked = Elector.objects.filter(ballot__motion=motion, ballot__closed_at=None, person=by)
    for elector in asked.select_for_update(of=("self",)).select_related("ballot"):
        if elector.answered and elector.ballot.secret:
            raise AnsweredAlready
        Position.objects.filter(elector=elector).delete()
        elector.answered, elector.has_interest = False, True
        write(elector)
    interest = Interest(motion=motion, person=by, what=what)
    write(interest)
    journal.record("members.interest_declared", by=by, motion=motion.pk)
    return interest
