"""The question put to a body: opened, answered in the open or in secret, counted, adopted or not.

A ballot ends on its last day, or as soon as everybody has answered and one of them says so. Who may answer,
by which rule, and on which words is what it was at the moment it was opened.
"""

import json
import logging
import random
from collections import Counter
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.encryption import decrypt, encrypt
from koumbit.refusals import Refused
from koumbit.rows import locked, write

from . import ballot_mail, journal, tallies
from .adopting import adopt
from .governance import electors, rule_of
from .models import Ballot, BallotBox, Elector, Motion, Person, Position
from .motions import BeingAnswered, ItIsOver
from .powers import NotAllowed

logger = logging.getLogger(__name__)

#: With fewer, what each answered in secret would show in the count.
FEWEST_IN_SECRET = 3
LONGEST = timedelta(days=92)
# One letter an answer, all of the same length; a blank for who has not answered.
_LETTERS = {tallies.Choice.AGREE: "a", tallies.Choice.DISAGREE: "d", tallies.Choice.ABSTAIN: "b"}
_NOBODY_YET = "-"


class NotAnElector(NotAllowed):
    def __init__(self):
        super().__init__(sentence=_("Those who decided in this body when the ballot was opened answer."))


class HasAnInterest(NotAllowed):
    def __init__(self):
        super().__init__(sentence=_("You declared an interest in this proposal: you do not answer on it."))


class IsClosed(Refused):
    sentence = gettext_lazy("The ballot is closed: its result is below.")


class IsSecret(Refused):
    sentence = gettext_lazy("You have answered already: a secret answer cannot be found to be changed.")


class NobodyDecides(Refused):
    sentence = gettext_lazy("Nobody could answer in this body today: give mandates first.")


class TooFewForASecret(Refused):
    sentence = gettext_lazy(
        "With fewer than three people, the count itself would tell who answered what: a secret ballot needs more."
    )


class ClosesInThePast(Refused):
    sentence = gettext_lazy("A ballot is open until today at least, and for three months at most.")


class NotThisChoice(Refused):
    sentence = gettext_lazy("Choose one of the answers.")


class NeedsAReason(Refused):
    sentence = gettext_lazy("Say why you object: the others look for a way to integrate it.")


class StillAnswering(Refused):
    sentence = gettext_lazy("Not everybody has answered, and the last day is not over.")


@transaction.atomic
def open_ballot(motion: Motion, *, by: Person, closes_on: date) -> Ballot:
    """Put the question to the body, by who proposed it or by one who decides there; until that day, included."""
    motion = locked(motion)
    if motion.outcome:
        raise ItIsOver
    today = timezone.localdate()
    if not today <= closes_on <= today + LONGEST:
        raise ClosesInThePast
    rule = rule_of(motion.body, today)
    people = list(electors(motion.body, today))
    if by != motion.proposed_by and by not in people:
        raise NotAnElector
    if motion.ballots.filter(closed_at=None).exists():
        raise BeingAnswered
    interested = set(motion.interests.values_list("person", flat=True))
    asked = sum(person.pk not in interested for person in people)
    if not asked:
        raise NobodyDecides
    if rule.secret and asked < FEWEST_IN_SECRET:
        raise TooFewForASecret
    ballot = Ballot(
        motion=motion,
        version=motion.current,
        opened_by=by,
        closes_on=closes_on,
        method=rule.method,
        secret=rule.secret,
        quorum_percent=rule.quorum_percent,
        threshold=rule.threshold,
    )
    write(ballot)
    Elector.objects.bulk_create(
        Elector(ballot=ballot, person=person, has_interest=person.pk in interested) for person in people
    )
    if ballot.secret:
        BallotBox.objects.create(ballot=ballot, sealed=_sealed([_NOBODY_YET] * len(people)))
    journal.record(
        "members.ballot_opened",
        by=by,
        id=ballot.pk,
        motion=motion.pk,
        electors=len(people),
        closes_on=closes_on.isoformat(),
    )
    ballot_mail.tell_opened(ballot)
    return ballot


@transaction.atomic
def answer(ballot: Ballot, *, by: Person, choice: str, reason: str = "") -> None:
    """Say what one answers. In the open it may change until the ballot closes; in secret it is said once.

    In secret the answer goes into the box without a name, and who answered is written beside: nothing
    joins the two.
    """
    ballot = locked(ballot)
    if ballot.closed_at or timezone.localdate() > ballot.closes_on:
        raise IsClosed
    elector = ballot.electors.select_for_update(of=("self",)).filter(person=by).first()
    if elector is None:
        raise NotAnElector
    if elector.has_interest:
        raise HasAnInterest
    rule = ballot.rule
    if choice not in rule.choices:
        raise NotThisChoice
    if ballot.secret:
        if elector.answered:
            raise IsSecret
        _put_in_the_box(ballot, tallies.Choice(choice))
    else:
        if rule.needs_reason(tallies.Choice(choice)) and not reason.strip():
            raise NeedsAReason
        position = Position.objects.filter(elector=elector).first() or Position(elector=elector)
        position.choice, position.reason = choice, reason.strip()
        write(position)
    if not elector.answered:
        elector.answered = True
        write(elector)


def _put_in_the_box(ballot: Ballot, choice: tallies.Choice) -> None:
    box = BallotBox.objects.select_for_update().get(ballot=ballot)
    letters = _opened(box)
    letters[letters.index(_NOBODY_YET)] = _LETTERS[choice]
    box.sealed = _sealed(letters)
    box.save()


def _sealed(letters: list[str]) -> str:
    random.SystemRandom().shuffle(letters)
    return encrypt(json.dumps(letters))


def _opened(box: BallotBox) -> list[str]:
    return json.loads(decrypt(box.sealed))


@transaction.atomic
def close(ballot: Ballot, *, by: Person | None) -> Ballot:
    """Count the answers and say what they come to. Adopted, it is a decision, and what it does is done.

    By one of those who answer, once all have; by the clock (`by` is None) once the last day is over. Twice is
    once: a ballot that is closed stays as it is.
    """
    ballot = locked(ballot)
    if ballot.closed_at:
        return ballot
    over = timezone.localdate() > ballot.closes_on
    if not over:
        if ballot.electors.waiting().exists():
            raise StillAnswering
        if by is None or not ballot.electors.filter(person=by).exists():
            raise NotAnElector
    motion = ballot.motion = locked(ballot.motion)
    count = _counted(ballot)
    asked = ballot.electors.filter(has_interest=False).count()
    result = tallies.result(ballot.rule, count, asked)
    ballot.result, ballot.closed_at = result.value, timezone.now()
    # Of a secret answered by too few, the result is said and the count is not.
    if not (ballot.secret and count.answered < FEWEST_IN_SECRET):
        for choice in tallies.Choice:
            setattr(ballot, choice.value, getattr(count, choice.value))
    write(ballot)
    BallotBox.objects.filter(ballot=ballot).delete()
    journal.record("members.ballot_closed", by=by, id=ballot.pk, motion=motion.pk, result=ballot.result)
    if result is tallies.Result.ADOPTED:
        motion.outcome, motion.ended_at = Motion.Outcome.ADOPTED, ballot.closed_at
        write(motion)
        adopt(ballot)
    elif result is tallies.Result.REFUSED and ballot.rule.method is tallies.Method.VOTE:
        motion.outcome, motion.ended_at = Motion.Outcome.REFUSED, ballot.closed_at
        write(motion)
    ballot_mail.tell_outcome(ballot, by=by)
    return ballot


def _counted(ballot: Ballot) -> tallies.Count:
    if ballot.secret:
        letters = Counter(_opened(BallotBox.objects.select_for_update().get(ballot=ballot)))
        return tallies.Count(**{choice.value: letters[letter] for choice, letter in _LETTERS.items()})
    choices = Position.objects.filter(elector__ballot=ballot).values_list("choice", flat=True)
    return tallies.Count(**Counter(choices))


def close_those_over() -> int:
    """Close the ballots whose last day is over, each for itself; how many were. For the clock.

    One that fails as nobody foresaw is told to the logs, tried again the next time, and keeps no other waiting.
    """
    closed = 0
    for ballot in Ballot.objects.filter(closed_at=None, closes_on__lt=timezone.localdate()).order_by("pk"):
        try:
            close(ballot, by=None)
        except Exception:
            logger.exception("ballot %s could not be closed", ballot.pk)
        else:
            closed += 1
    return closed
