"""E-mails about ballots: to those called to answer, to who has not answered yet, to who proposed once it is known.

They are notices, like the call to a meeting: nobody turns them off, since who is called and not told is left
out of what concerns them. There are two a ballot at most for somebody who answers, and one for who proposed.
Of a secret ballot they hold what is known of it: who has not answered, and the result.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from koumbit import formats
from koumbit.rows import locked, write

from . import outbox
from .models import Ballot, Cooperative, Decision, Person
from .models.deciding import ElectorQuerySet

#: Nobody is woken up: reminders leave from this hour on.
MORNING = time(8)
A_DAY = timedelta(days=1)


def tell_opened(ballot: Ballot) -> int:
    """Write to those called to answer, but for who opened the ballot; how many. They leave with the next mail."""
    asked = ballot.electors.filter(has_interest=False).exclude(person=ballot.opened_by_id)
    return _tell(ballot, _may_sign_in(asked), "opened", at_once=False)


def remind_due(now: datetime) -> int:
    """Remind those who have not answered a ballot that closes tomorrow, or today; how many messages.

    Once a ballot, from eight in the morning, and never on the day it was opened: those called have just been
    told. A server that was down the day before reminds on the last day. For the clock: twice is once.
    """
    local = timezone.localtime(now)
    today = local.date()
    if local.time() < MORNING:
        return 0
    due = Ballot.objects.filter(
        closed_at=None, reminded_at=None, closes_on__range=(today, today + A_DAY), opened_at__date__lt=today
    )
    return sum(_remind(ballot, now) for ballot in due.order_by("pk"))


@transaction.atomic
def _remind(ballot: Ballot, now: datetime) -> int:
    ballot = locked(ballot)
    if ballot.reminded_at or ballot.closed_at:
        return 0  # another run of the same task was faster
    ballot.reminded_at = now
    write(ballot)
    return _tell(ballot, _may_sign_in(ballot.electors.waiting()), "reminder")


def tell_outcome(ballot: Ballot, *, by: Person | None) -> int:
    """Write to who proposed what their proposal came to, unless they closed the ballot themselves."""
    proposer = ballot.motion.proposed_by
    if proposer == by or not proposer.is_active:
        return 0
    decision = Decision.objects.filter(ballot=ballot).first()  # read again: the database gives its number
    return _tell(ballot, [proposer], "outcome", decision=decision, is_over=bool(ballot.motion.outcome))


def _may_sign_in(electors: ElectorQuerySet) -> list[Person]:
    return [
        elector.person
        for elector in electors.select_related("person").order_by("person__sort_name", "pk")
        if elector.person.is_active
    ]


def _tell(ballot: Ballot, people: Iterable[Person], kind: str, *, at_once: bool = True, **told) -> int:
    cooperative = Cooperative.objects.values_list("name", flat=True).first()
    link = settings.SITE_URL.rstrip("/") + reverse("members:motion", args=[ballot.motion_id])
    written = 0
    for person in people:
        with translation.override(person.language):
            context = {"person": person, "ballot": ballot, "cooperative": cooperative, "link": link}
            outbox.write(
                person,
                subject=_subject(ballot, kind),
                text=render_to_string(f"members/ballot_{kind}.txt", context | told),
                at_once=at_once,
            )
        written += 1
    return written


def _subject(ballot: Ballot, kind: str) -> str:
    subject = {
        "opened": _("Your answer until %(day)s: %(title)s"),
        "reminder": _("Your answer is still awaited until %(day)s: %(title)s"),
        Ballot.Result.ADOPTED.value: _("Adopted: %(title)s"),
        Ballot.Result.REFUSED.value: _("Not adopted: %(title)s"),
        Ballot.Result.NO_QUORUM.value: _("Too few answered: %(title)s"),
    }[ballot.result if kind == "outcome" else kind]
    return subject % {"day": formats.day(ballot.closes_on), "title": ballot.version.title}
