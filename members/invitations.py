"""Coming in for the first time: a link by e-mail, used once, good for a week."""

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from koumbit.refusals import Refused
from koumbit.rows import locked

from . import accounts, journal, outbox
from .models import OutgoingMessage, Person, Power
from .powers import demand


class CannotInvite(Refused):
    """The person cannot be invited: their account is closed, or they already came in."""


class LinkIsDead(Refused):
    """The link was used, is older than a week, or was never one."""

    def __init__(self):
        super().__init__(
            _(
                "This invitation link no longer opens: it was already used, it is more than seven days old, "
                "or it was cut on its way. Ask the co-op for a new one."
            )
        )


class _Tokens(PasswordResetTokenGenerator):
    """Bound to the password, the address, the last sign-in and the account being open."""

    key_salt = "members.invitations"

    def _make_hash_value(self, user, timestamp):
        return f"{super()._make_hash_value(user, timestamp)}{user.closed_at}"


_tokens = _Tokens()


def has_come_in(person: Person) -> bool:
    """Has this person chosen a password already?"""
    return bool(person.password) and person.has_usable_password()


def link(person: Person) -> str:
    """The address that lets this person, and nobody else, choose a first password."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("invitation", kwargs={"uid": uid, "token": _tokens.make_token(person)})
    return settings.SITE_URL.rstrip("/") + path


@transaction.atomic
def invite(person: Person, *, by: Person) -> OutgoingMessage:
    """Write to a person, in their language, with the link that opens their account."""
    demand(by, Power.ADMIT_PEOPLE)
    person = locked(person)
    if not person.is_active:
        raise CannotInvite(_("This account is closed: open it again before inviting the person."))
    if has_come_in(person):
        raise CannotInvite(
            _("This person already comes in. A forgotten password is replaced from the sign-in page.")
        )
    with translation.override(person.language):
        message = outbox.write(
            person,
            subject=_("Your access to the cooperative’s hours and pay"),
            text=render_to_string(
                "members/invitation.txt", {"person": person, "by": by, "link": link(person)}
            ),
            holds_key=True,
        )
    journal.record("members.invited", by=by, person=person.pk)
    return message


def invited(uid: str, token: str) -> Person:
    """The person whom this link invites; raises `LinkIsDead` when it opens nothing."""
    try:
        pk = int(force_str(urlsafe_base64_decode(uid)))
        person = Person.objects.active().get(pk=pk)
    except (ValueError, OverflowError, Person.DoesNotExist):
        raise LinkIsDead from None
    if has_come_in(person) or not _tokens.check_token(person, token):
        raise LinkIsDead
    return person


@transaction.atomic
def accept(uid: str, token: str, *, password: str) -> Person:
    """Open the account with the chosen password; the address is proven, since the link came by it."""
    locked(invited(uid, token))
    person = invited(uid, token)  # once more: the link may have served while we waited
    person.set_password(password)
    person.save(update_fields=["password"])
    accounts.vouch_for_email(person)
    journal.record("members.invitation_accepted", by=person, person=person.pk)
    return person
