"""allauth's forms, said our way and hardened against what no browser sends."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm, LoginForm
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

from . import accounts


class SignInForm(LoginForm):
    """The labels say what goes where: no placeholder repeats them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)


class ChangeAddressForm(AddEmailForm):
    """An address that is somebody else's is refused at once: members know each other's anyway."""

    def clean_email(self) -> str:
        email = super().clean_email()
        if accounts.belongs_to_another(email, person=self.user):
            raise get_adapter().validation_error("email_taken")
        return email


@contextmanager
def _as_wrong_code() -> Iterator[None]:
    """What no browser sends is refused like any wrong key: the library stumbles on what is missing in it."""
    try:
        yield
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error):
        raise get_mfa_adapter().validation_error("incorrect_code") from None


class CredentialField(forms.JSONField):
    """What a key answered, as the browser wrote it down."""

    widget = forms.HiddenInput

    def to_python(self, value):
        with _as_wrong_code():
            return super().to_python(value)

    def bound_data(self, data, initial):
        """An answer is good once: a refused one is not shown again."""
        return initial


class AddPasskeyForm(AddWebAuthnForm):
    """A new key signs in by itself unless its owner wants it as a second factor only."""

    credential = CredentialField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True

    def clean(self):
        with _as_wrong_code():
            return super().clean()


class _PasskeyForm(AuthenticateWebAuthnForm):
    """A key that is shown to us. Stands before allauth's forms."""

    credential = CredentialField()

    def clean_credential(self):
        with _as_wrong_code():
            return super().clean_credential()


class SignInWithPasskeyForm(_PasskeyForm, LoginWebAuthnForm):
    pass


class SecondFactorPasskeyForm(_PasskeyForm):
    pass


class ProveWithPasskeyForm(_PasskeyForm, ReauthenticateWebAuthnForm):
    pass
