"""The co-op's journal: append-only, hash-chained, readable and verifiable by every member."""

import hashlib

from django.db import DEFAULT_DB_ALIAS, connections

from koumbit.dated import DatedModel

from .models import JournalEntry, Person


def record(event: str, *, by: Person | None, **body) -> JournalEntry:
    """Write what happened, last in the transaction of the act itself.

    `event` names the act (`pay.issued`); `body` holds identifiers, counts, dates and digests only,
    never names, SINs, bank data or amounts of one person. The database adds the moment and the hash.
    """
    return JournalEntry.objects.create(actor=by, event=event, body=body)


def days(fact: DatedModel) -> dict:
    """A dated fact as the journal writes it: its number, its first and its last day."""
    return {
        "id": fact.pk,
        "starts_on": fact.starts_on.isoformat(),
        "ends_on": fact.ends_on and fact.ends_on.isoformat(),
    }


def head() -> str:
    """The hash of the last line: whoever writes it down can prove that nothing before it changed."""
    last = JournalEntry.objects.order_by("-seq").values_list("hash", flat=True).first()
    return last or ""


def holds(digest: str) -> bool:
    """Is this hash, written down some day, still a line of the journal?"""
    return JournalEntry.objects.filter(hash=digest).exists()


def first_broken_line(using: str = DEFAULT_DB_ALIAS) -> int | None:
    """Recompute the whole chain; the number of the first line that does not hold, or None.

    Each hash is SHA-256, in hexadecimal, of the UTF-8 text
    `prev|seq|at (UTC, microseconds)|actor or nothing|event|body as PostgreSQL prints jsonb`.
    """
    previous, expected_seq = "", 1
    with connections[using].cursor() as cursor:
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
