"""How allauth is used: sign-up is closed, secrets are encrypted, mandate holders keep a second factor."""

import allauth.core.context
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.db import transaction

from koumbit import encryption

from . import outbox
from .models import Cooperative, Person
from .powers import powers_of


def display_name(person: Person) -> str:
    return person.get_full_name()


def choose_language(person: Person, language: str) -> None:
    """From now on, everything is said to this person in that language."""
    Person.objects.filter(pk=person.pk).update(language=language)
    person.language = language


def belongs_to_another(email: str, *, person: Person) -> bool:
    """Is this the address of somebody else, whether they ever signed in or not?"""
    return Person.objects.filter(email=email.lower()).exclude(pk=person.pk).exists()


@transaction.atomic
def vouch_for_email(person: Person) -> None:
    """Make the person's address the one and only, proven one that signs in.

    For those who know it to be theirs: an accepted invitation, the first person set up from the
    server, somebody whose address was corrected by the holders of that power.
    """
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )


class AccountAdapter(DefaultAccountAdapter):
    """People are admitted and invited; nobody signs up."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Through the outbox: a mail server that is away delays a message, and tells nobody whose address is known."""
        request = allauth.core.context.request
        site = {"request": request, "email": email, "current_site": get_current_site(request)}
        message = self.render_mail(template_prefix, email, site | context)
        outbox.write(
            context["user"], address=email, subject=message.subject, text=message.body, holds_key=True
        )

    @transaction.atomic
    def confirm_email(self, request, email_address) -> bool:
        """The new address signs in from now on, unless somebody else received it in the meantime."""
        if belongs_to_another(email_address.email, person=email_address.user):
            self.add_message(request, messages.ERROR, message=self.error_messages["email_taken"])
            return False
        return super().confirm_email(request, email_address)


class MfaAdapter(DefaultMFAAdapter):
    """TOTP secrets and recovery seeds are unreadable in a stolen database."""

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """The name under which an authentication app files the codes."""
        cooperative = Cooperative.objects.first()
        return cooperative.name if cooperative else "koumbit"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A mandate holder keeps at least one second factor."""
        if not settings.MANDATES_NEED_SECOND_FACTOR or not powers_of(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
