"""The keys a person gives to their own tools: one opens their hours or a calendar, until it is revoked.

A key is shown once, when it is made; only its SHA-256 is kept. It never opens the screens, the pay, or
anybody else's hours.
"""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.rows import locked
from members import journal
from members.models import Person

from .models import AccessToken
from .refusals import NotYours

journal.name_events(
    {"tools.key_made": _("key given to a tool"), "tools.key_revoked": _("key of a tool revoked")}
)

Opens = AccessToken.Opens
_BYTES = 32


@transaction.atomic
def make(person: Person, *, opens: str, name: str) -> tuple[AccessToken, str]:
    """A new key and its secret, which is told once and kept nowhere."""
    secret = secrets.token_urlsafe(_BYTES)
    token = AccessToken(person=person, opens=opens, name=name, digest=_digest(secret))
    token.full_clean()
    token.save()
    journal.record("tools.key_made", by=person, token=token.pk, opens=opens)
    return token, secret


@transaction.atomic
def revoke(token: AccessToken, *, by: Person) -> None:
    """From now on it opens nothing. Twice is once. Raises `NotYours`."""
    token = locked(token)
    if token.person_id != by.pk:
        raise NotYours
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        journal.record("tools.key_revoked", by=by, token=token.pk)


def holder_of(secret: str, opens: str) -> Person | None:
    """Whose key this is, if it opens that, it was not revoked, and they are here with an open account."""
    token = (
        AccessToken.objects.opening(timezone.localdate())
        .select_related("person")
        .filter(digest=_digest(secret), opens=opens)
        .first()
    )
    return token.person if token else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
