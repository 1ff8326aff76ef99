"""The co-op's journal: append-only, hash-chained, readable and verifiable by every member."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel
from koumbit.forms import plain

from .models import Decision, JournalEntry, Person

# What each event is called on the page; every app adds its own beside its verbs.
_names: dict[str, str | Promise] = {
    "members.person_admitted": _("person entered"),
    "members.person_changed": _("person changed"),
    "members.invited": _("person invited"),
    "members.invitation_accepted": _("invitation accepted"),
    "members.account_closed": _("account closed"),
    "members.account_reopened": _("account reopened"),
    "members.work_started": _("work status started"),
    "members.work_changed": _("work status changed"),
    "members.work_ended": _("work status ended"),
    "members.membership_started": _("membership started"),
    "members.membership_ended": _("membership ended"),
    "members.committee_created": _("committee created"),
    "members.committee_changed": _("committee changed"),
    "members.committee_dissolved": _("committee dissolved"),
    "members.power_granted": _("power granted"),
    "members.power_withdrawn": _("power withdrawn"),
    "members.mandate_given": _("mandate given"),
    "members.lots_drawn": _("lots drawn"),
    "members.mandate_ended": _("mandate ended"),
    "members.rule_set": _("way to decide set"),
    "members.decision_recorded": _("decision recorded"),
    "members.decision_confirmed": _("decision confirmed"),
    "members.decision_carried_out": _("decision carried out"),
    "members.decision_not_carried_out": _("decision that could not be carried out"),
    "members.proposed": _("proposal made"),
    "members.proposal_amended": _("proposal amended"),
    "members.proposal_withdrawn": _("proposal withdrawn"),
    "members.interest_declared": _("conflict of interest declared"),
    "members.ballot_opened": _("ballot opened"),
    "members.ballot_closed": _("ballot closed"),
    "members.decided": _("decision adopted"),
    "members.cooperative_founded": _("cooperative founded"),
    "members.cooperative_changed": _("cooperative changed"),
    "members.data_exported": _("own data exported"),
    "members.incident_recorded": _("confidentiality incident recorded"),
    "members.incident_followed_up": _("confidentiality incident followed up"),
    "members.purge_prepared": _("destruction prepared"),
    "members.purge_withdrawn": _("destruction withdrawn"),
    "members.purge_executed": _("destruction carried out"),
}


def name_events(names: Mapping[str, str | Promise]) -> None:
    """Say how the events of an app are called on the journal's page."""
    _names.update(names)


def name_of(event: str) -> str:
    """An event as the reader calls it; its code where nobody named it."""
    return str(_names.get(event, event))


def record(event: str, *, by: Person | Decision | None, **body) -> JournalEntry:
    """Write what happened, last in the transaction of the act itself.

    `event` names the act (`pay.issued`); `body` holds identifiers, counts, dates and digests only,
    never names, SINs, bank data or amounts of one person. The database adds the moment and the hash.
    What a decision does has no actor: its number is in the body.
    """
    if isinstance(by, Decision):
        return JournalEntry.objects.create(actor=None, event=event, body={"by_decision": by.pk} | body)
    return JournalEntry.objects.create(actor=by, event=event, body=body)


def days(fact: DatedModel) -> dict:
    """A dated fact as the journal writes it: its number, its first and its last day."""
    return {
        "id": fact.pk,
        "starts_on": fact.starts_on.isoformat(),
        "ends_on": fact.ends_on and fact.ends_on.isoformat(),
    }


def entered_by(person: Person, keeper: Person) -> bool:
    """Is it `keeper` who entered this person, or who wrote the e-mail address they come in by?

    An act that enters several people at once, such as an import, names them as `people` in its line.
    """
    entered = Q(event="members.person_admitted", body__person=person.pk)
    imported = Q(body__people__contains=[person.pk])
    addressed = Q(event="members.person_changed", body__person=person.pk, body__fields__contains="email")
    return JournalEntry.objects.filter(entered | imported | addressed, actor=keeper).exists()


def head() -> str:
    """The hash of the last line: whoever writes it down can prove that nothing before it changed."""
    last = JournalEntry.objects.order_by("-seq").values_list("hash", flat=True).first()
    return last or ""


def line_of(digest: str) -> JournalEntry | None:
    """The line whose hash this is, written down some day; None if there is none any more."""
    return JournalEntry.objects.select_related("actor").filter(hash=digest).first() if digest else None


def events() -> list[tuple[str, str]]:
    """Every kind of line there may be: its code, and what it is called, in the order of the names."""
    return sorted(((code, name_of(code)) for code in _names), key=lambda named: plain(named[1]))


def asked(*, event: str = "", who: str = "", first: date | None = None, last: date | None = None) -> QuerySet:
    """The lines of one kind, by whoever has these words in their name, of these days; the latest first."""
    lines = JournalEntry.objects.select_related("actor").order_by("-seq")
    if event:
        lines = lines.filter(event=event)
    for word in plain(who).split():
        lines = lines.filter(actor__sort_name__contains=word)
    if first:
        lines = lines.filter(at__gte=_midnight(first))
    if last:
        lines = lines.filter(at__lt=_midnight(last + timedelta(days=1)))
    return lines


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def first_broken_line(database=connection) -> int | None:
    """Recompute the whole chain; the number of the first line that does not hold, or None.

    Each hash is SHA-256, in hexadecimal, of the UTF-8 text
    `prev|seq|at (UTC, microseconds)|actor or nothing|event|body as PostgreSQL prints jsonb`.
    `database` may be another connection, such as a restored backup's.
    """
    previous, expected_seq = "", 1
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT seq, prev, hash, concat_ws('|', prev, seq, "
            "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), coalesce(actor_id::text, ''), "
            "event, body::text) FROM members_journalentry ORDER BY seq"
        )
        for seq, prev, digest, text in cursor:
            if seq != expected_seq or prev != previous or hashlib.sha256(text.encode()).hexdigest() != digest:
                return seq
            previous, expected_seq = digest, seq + 1
    return None
