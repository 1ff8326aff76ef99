"""Three of allauth's forms, said our way."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm, LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm

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


class AddPasskeyForm(AddWebAuthnForm):
    """A new key signs in by itself unless its owner wants it as a second factor only."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
