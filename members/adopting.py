"""What was decided becomes a decision, and a decision does what it says, once, on the day it takes effect.

By the clock of the queue each few minutes, so that a day the server was down is caught up with; the act
is then dated from the day it took effect, as the screens would let somebody date it.
"""

import logging
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.refusals import Refused
from koumbit.rows import held, write

from . import acts, journal
from .governance import was_there
from .models import Ballot, Confirmation, Cooperative, Decision, Execution, FailedExecution, Person
from .powers import NotAllowed

logger = logging.getLogger(__name__)


class NothingToConfirm(Refused):
    sentence = gettext_lazy("This decision needs no confirmation.")


class WasNotThere(NotAllowed):
    def __init__(self):
        super().__init__(
            sentence=_(
                "A decision is confirmed by somebody else than who recorded it, who decided in that body too."
            )
        )


class NotYet(Refused):
    sentence = gettext_lazy("This decision has nothing to do now.")


def adopt(ballot: Ballot) -> Decision:
    """Write the decision that a ballot adopted, and do what it does if it takes effect now."""
    version = ballot.version
    adopted_on = timezone.localdate(ballot.closed_at)
    decision = Decision(
        body=ballot.motion.body,
        adopted_on=adopted_on,
        effective_on=version.effective_on or adopted_on,
        review_on=version.review_on,
        title=version.title,
        text=version.text,
        act=version.act,
        fields=version.fields,
        ballot=ballot,
    )
    write(decision)
    journal.record("members.decided", by=None, id=decision.pk, ballot=ballot.pk, body=decision.body_id)
    _do_if_due(decision)
    return decision


@transaction.atomic
def confirm(decision: Decision, *, by: Person) -> Decision:
    """A second person who was there says that this was adopted: what it does is done on its day."""
    decision = held(decision)
    if not awaits_confirmation(decision):
        raise NothingToConfirm
    if decision.recorded_by_id == by.pk or not was_there(decision.body, by, decision.adopted_on):
        raise WasNotThere
    write(Confirmation(decision=decision, by=by))
    journal.record("members.decision_confirmed", by=by, id=decision.pk)
    _do_if_due(decision)
    return decision


def awaits_confirmation(decision: Decision) -> bool:
    """Was it recorded by hand, does it do something, and has nobody confirmed it yet?"""
    return (
        bool(decision.act)
        and decision.ballot_id is None
        and not Confirmation.objects.filter(decision=decision).exists()
    )


def _do_if_due(decision: Decision) -> None:
    if decision.act and decision.effective_on <= timezone.localdate():
        carry_out(decision)


@transaction.atomic
def carry_out(decision: Decision) -> bool:
    """Do what a decision does, by the verb of the screens; whether it was done.

    Once: a decision that was carried out is left alone. What refuses it is kept, shown on the decision, and
    tried again later: a decision is never half done.
    """
    decision = held(decision)
    if not Decision.objects.to_do(timezone.localdate()).filter(pk=decision.pk).exists():
        return False
    language = Cooperative.objects.values_list("language", flat=True).first()
    try:
        with transaction.atomic(), translation.override(language):
            one = acts.act(decision.act)
            one.do(decision, **acts.cleaned(one, decision.fields))
    except (Refused, ValidationError) as refusal:
        sentences = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        kept = FailedExecution.objects.filter(decision=decision).first() or FailedExecution(decision=decision)
        is_news = kept.sentence != " ".join(sentences)
        kept.sentence = " ".join(sentences)
        write(kept)
        if is_news:
            journal.record("members.decision_not_carried_out", by=decision)
        return False
    FailedExecution.objects.filter(decision=decision).delete()
    write(Execution(decision=decision))
    journal.record("members.decision_carried_out", by=decision, act=decision.act)
    return True


@transaction.atomic
def try_again(decision: Decision, *, by: Person) -> bool:
    """Try to do now what could not be done on its day, by anybody: it does what was decided and nothing else."""
    if not Decision.objects.to_do(timezone.localdate()).filter(pk=decision.pk).exists():
        raise NotYet
    return carry_out(decision)


def carry_out_those_due(today: date) -> int:
    """Do what the decisions in effect have still to do, in the order they take effect; how many were done.

    One that fails as nobody foresaw is told to the logs, tried again the next time, and keeps no other waiting.
    """
    done = 0
    for decision in Decision.objects.to_do(today).order_by("effective_on", "pk"):
        try:
            done += carry_out(decision)
        except Exception:
            logger.exception("decision %s could not be carried out", decision.pk)
    return done
