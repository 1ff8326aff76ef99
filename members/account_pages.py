"""The pages by which one signs in and proves who one is: those of a library, whose views declare no policy.

The tests compare this list with the addresses there are, and try each.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .access import ANYONE, SIGNED_IN


class AccountPage(NamedTuple):
    policy: str
    called: Promise


ACCOUNT_PAGES = {
    "account_login": AccountPage(ANYONE, _("Sign in")),
    "account_logout": AccountPage(ANYONE, _("Sign out")),
    "account_signup": AccountPage(ANYONE, _("Sign up: closed, people are admitted and invited")),
    "account_inactive": AccountPage(ANYONE, _("Closed account")),
    "account_confirm_login_code": AccountPage(ANYONE, _("Sign in with a code received by e-mail")),
    "account_reset_password": AccountPage(ANYONE, _("Forgotten password")),
    "account_reset_password_done": AccountPage(ANYONE, _("Forgotten password: the message has left")),
    "account_reset_password_from_key": AccountPage(ANYONE, _("New password, from the link received")),
    "account_reset_password_from_key_done": AccountPage(ANYONE, _("New password: it is chosen")),
    "account_confirm_email": AccountPage(ANYONE, _("Confirm an e-mail address, from the link received")),
    "account_email_verification_sent": AccountPage(ANYONE, _("E-mail address to confirm")),
    "account_email": AccountPage(SIGNED_IN, _("E-mail address one signs in with")),
    "account_change_password": AccountPage(SIGNED_IN, _("Change one’s password")),
    "account_set_password": AccountPage(SIGNED_IN, _("Choose a password")),
    "account_reauthenticate": AccountPage(SIGNED_IN, _("Prove again who one is: password")),
    "mfa_index": AccountPage(SIGNED_IN, _("Signing in and security")),
    "mfa_authenticate": AccountPage(ANYONE, _("Second step of signing in")),
    "mfa_login_webauthn": AccountPage(ANYONE, _("Sign in with a passkey")),
    "mfa_reauthenticate": AccountPage(SIGNED_IN, _("Prove again who one is: code")),
    "mfa_reauthenticate_webauthn": AccountPage(SIGNED_IN, _("Prove again who one is: passkey")),
    "mfa_activate_totp": AccountPage(SIGNED_IN, _("Add an authentication app")),
    "mfa_deactivate_totp": AccountPage(SIGNED_IN, _("Remove an authentication app")),
    "mfa_list_webauthn": AccountPage(SIGNED_IN, _("One’s passkeys")),
    "mfa_add_webauthn": AccountPage(SIGNED_IN, _("Add a passkey")),
    "mfa_edit_webauthn": AccountPage(SIGNED_IN, _("Name a passkey")),
    "mfa_remove_webauthn": AccountPage(SIGNED_IN, _("Remove a passkey")),
    "mfa_view_recovery_codes": AccountPage(SIGNED_IN, _("One’s recovery codes")),
    "mfa_generate_recovery_codes": AccountPage(SIGNED_IN, _("New recovery codes")),
    "mfa_download_recovery_codes": AccountPage(SIGNED_IN, _("One’s recovery codes, as a file")),
    "usersessions_list": AccountPage(SIGNED_IN, _("One’s open sessions")),
}
