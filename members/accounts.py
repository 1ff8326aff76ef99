"""How allauth is used: sign-up is closed, secrets are encrypted, mandate holders keep a second factor."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from .powers import powers_of


def display_name(person) -> str:
    return person.get_full_name()


class AccountAdapter(DefaultAccountAdapter):
    """People are admitted and invited; nobody signs up."""

    def is_open_for_signup(self, request) -> bool:
        return False


class MfaAdapter(DefaultMFAAdapter):
    """TOTP secrets and recovery seeds are unreadable in a stolen database."""

    def _cipher(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])

    def encrypt(self, text: str) -> str:
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A mandate holder keeps at least one second factor."""
        if not settings.MANDATES_NEED_SECOND_FACTOR or not powers_of(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
