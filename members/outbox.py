"""E-mail leaves through rows: written with the act, sent after the commit, tried again if it fails."""

import logging
from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from .models import OutgoingMessage, Person

logger = logging.getLogger(__name__)

LONGEST_SUBJECT = 200


def write(
    to: Person,
    *,
    subject: str,
    text: str,
    address: str = "",
    holds_key: bool = False,
    stop_url: str = "",
    at_once: bool = True,
) -> OutgoingMessage:
    """Put a message in the outbox; it leaves when the transaction commits.

    `holds_key`: its text lets whoever reads it in, so that only the mailbox gets to see it.
    `stop_url`: where one POST turns such messages off, which mail programs offer beside the message.
    `at_once`: where False, the queue sends it within minutes, so that nobody waits while many leave.
    """
    message = OutgoingMessage.objects.create(
        to=to,
        address=address or to.email,
        # On one line: a title may hold a line break, a header may not.
        subject=Truncator(" ".join(subject.splitlines())).chars(LONGEST_SUBJECT),
        text=text,
        holds_key=holds_key,
        stop_url=stop_url,
    )
    if at_once:
        transaction.on_commit(partial(deliver, message.pk), robust=True)
    return message


def deliver(pk: int) -> bool:
    """Send one message that has not left yet. A failure is counted and left for the next try."""
    with transaction.atomic():
        message = (
            OutgoingMessage.objects.select_for_update(skip_locked=True).filter(pk=pk, sent_at=None).first()
        )
        if message is None:
            return False
        message.attempts += 1
        try:
            EmailMessage(
                message.subject, message.text, to=[message.address], headers=_headers(message)
            ).send()
            message.sent_at = timezone.now()
            message.text = "" if message.holds_key else message.text
        except OSError:
            logger.warning("message %s could not be sent, attempt %s", message.pk, message.attempts)
        message.save(update_fields=["attempts", "sent_at", "text"])
        return message.sent_at is not None


def _headers(message: OutgoingMessage) -> dict[str, str]:
    """One click in the mail program turns such messages off (RFC 8058)."""
    if not message.stop_url:
        return {}
    return {
        "List-Unsubscribe": f"<{message.stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def deliver_waiting() -> tuple[int, int]:
    """Try every message that has not left; how many left and how many still wait."""
    waiting = list(OutgoingMessage.objects.filter(sent_at=None).order_by("pk").values_list("pk", flat=True))
    sent = sum(deliver(pk) for pk in waiting)
    return sent, len(waiting) - sent
