"""Signing in, the account's own pages, and what a closed account or another language changes."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import accounts
from members.models import Person, Power
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD = "essai-essai-essai"


@pytest.fixture
def ana():
    make.cooperative()
    return make.person("Ana", email="ana@example.org")


@pytest.fixture
def posted(client, django_capture_on_commit_callbacks):
    """Post a form and let what it wrote to somebody leave, as after the commit."""

    def post(name, given):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse(name), given)

    return post


def sign_in(client, person, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": person.email, "password": password})


def test_sign_in_by_email_leads_home(client, ana):
    response = sign_in(client, ana)
    assert response.status_code == HTTPStatus.FOUND
    assert response.url == reverse("home")
    assert client.get(reverse("home")).context["user"] == ana


def test_sign_in_ignores_the_case_of_the_address(client, ana):
    response = client.post(reverse("account_login"), {"login": "ANA@Example.org", "password": PASSWORD})
    assert response.url == reverse("home")


@pytest.mark.parametrize("address", ["ana@example.org", "nobody@example.org"])
def test_sign_in_refuses_alike_a_wrong_password_and_an_unknown_address(client, ana, address):
    response = client.post(reverse("account_login"), {"login": address, "password": "wrong"})
    assert response.status_code == HTTPStatus.OK
    assert response.context["form"].non_field_errors() == [
        "L’adresse courriel ou le mot de passe est incorrect."
    ]
    assert address in response.content.decode()  # what was typed is still there


def test_sign_up_is_closed(client):
    response = client.post(
        reverse("account_signup"),
        {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert "account/signup_closed.html" in [template.name for template in response.templates]
    assert not Person.objects.exists()


def test_closed_account_is_out_at_the_next_request(client, ana):
    sign_in(client, ana)
    assert client.get(reverse("home")).status_code == HTTPStatus.OK
    Person.objects.filter(pk=ana.pk).update(closed_at=timezone.now())
    response = client.get(reverse("home"))
    assert response.status_code == HTTPStatus.FOUND
    assert response.url.startswith(reverse("account_login"))


def test_closed_account_does_not_sign_in(client, ana):
    Person.objects.filter(pk=ana.pk).update(closed_at=timezone.now())
    sign_in(client, ana)
    assert client.get(reverse("home")).status_code == HTTPStatus.FOUND


def test_account_pages_are_for_the_signed_in(client):
    for name in ("mfa_index", "account_email", "account_change_password", "usersessions_list", "welcome"):
        assert client.get(reverse(name)).url.startswith(reverse("account_login")), name


def test_forgotten_password_writes_to_known_addresses_only(posted, ana):
    known = posted("account_reset_password", {"email": ana.email})
    unknown = posted("account_reset_password", {"email": "nobody@example.org"})
    assert known.url == unknown.url
    assert [message.to for message in mail.outbox] == [[ana.email]]
    assert "e-mail" not in mail.outbox[0].body


def test_new_address_signs_in_once_its_mailbox_confirms_it(client, posted, ana):
    accounts.vouch_for_email(ana)
    sign_in(client, ana)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    posted("account_email", {"action_add": "", "email": "Ana.Nouvelle@Example.org"})
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"
    waiting = EmailAddress.objects.get(verified=False)
    link = next(word for word in mail.outbox[-1].body.split() if "confirm-email" in word)
    client.post(link.removeprefix("http://testserver"))
    ana.refresh_from_db()
    assert ana.email == waiting.email == "ana.nouvelle@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("ana.nouvelle@example.org", True, True)
    ]


def test_address_of_somebody_else_is_refused(client, posted, ana):
    make.person("Bob", email="bob@example.org")
    accounts.vouch_for_email(ana)
    sign_in(client, ana)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = posted("account_email", {"action_add": "", "email": "bob@example.org"})
    assert response.context["form"].errors["email"] == [
        "Cette adresse courriel est déjà celle de quelqu’un d’autre."
    ]
    assert not mail.outbox


def test_address_given_to_somebody_else_meanwhile_is_not_taken(client, posted, ana):
    accounts.vouch_for_email(ana)
    sign_in(client, ana)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    posted("account_email", {"action_add": "", "email": "bob@example.org"})
    make.person("Bob", email="bob@example.org")
    link = next(word for word in mail.outbox[-1].body.split() if "confirm-email" in word)
    response = client.post(link.removeprefix("http://testserver"), follow=True)
    assert "déjà celle de quelqu’un d’autre" in response.content.decode()
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"


def test_vouching_leaves_one_proven_address(ana):
    EmailAddress.objects.create(user=ana, email="old@example.org", verified=True, primary=True)
    accounts.vouch_for_email(ana)
    accounts.vouch_for_email(ana)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("ana@example.org", True, True)
    ]


def test_secrets_of_authentication_apps_are_unreadable_in_the_database(client, ana):
    accounts.vouch_for_email(ana)
    sign_in(client, ana)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    adapter = accounts.MfaAdapter()
    kept = adapter.encrypt(secret)
    assert secret not in kept
    assert adapter.decrypt(kept) == secret
    assert "Coop%C3%A9rative" in page.context["totp_url"]


@pytest.mark.parametrize(
    ("required", "holds_power", "others", "may"),
    [
        (False, True, [], True),
        (True, False, [], True),
        (True, True, [], False),
        (True, True, [Authenticator.Type.RECOVERY_CODES], False),
        (True, True, [Authenticator.Type.WEBAUTHN], True),
    ],
)
def test_mandate_holder_keeps_a_second_factor(settings, required, holds_power, others, may):
    settings.MANDATES_NEED_SECOND_FACTOR = required
    person = make.person(powers=[Power.APPROVE_HOURS] if holds_power else [])
    last = Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    for kind in others:
        Authenticator.objects.create(user=person, type=kind, data={})
    assert accounts.MfaAdapter().can_delete_authenticator(last) is may


# Language ---------------------------------------------------------------------------------------


def test_language_is_remembered_for_the_browser_before_signing_in(client):
    make.cooperative()
    login = reverse("account_login")
    assert 'lang="fr-CA"' in client.get(login).content.decode()
    response = client.post(reverse("language"), {"language": "en-ca", "next": login})
    assert response.url == login
    assert client.cookies["language"]["httponly"]
    assert 'lang="en-CA"' in client.get(login).content.decode()


def test_language_is_remembered_for_the_person(client, ana):
    client.force_login(ana)
    client.post(reverse("language"), {"language": "en-ca"})
    ana.refresh_from_db()
    assert ana.language == "en-ca"
    assert 'lang="en-CA"' in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("language", ["", "de", "en", "fr-ca; x", "../"])
def test_unknown_language_changes_nothing(client, ana, language):
    client.force_login(ana)
    response = client.post(reverse("language"), {"language": language})
    ana.refresh_from_db()
    assert (response.url, ana.language) == ("/", "fr-ca")
    assert "language" not in response.cookies


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_language_switch_never_leads_elsewhere(client, away):
    assert client.post(reverse("language"), {"language": "en-ca", "next": away}).url == "/"


def test_language_is_not_changed_by_reading(client, ana):
    client.force_login(ana)
    response = client.get(reverse("language"), {"language": "en-ca"})
    ana.refresh_from_db()
    assert (response.status_code, ana.language) == (HTTPStatus.METHOD_NOT_ALLOWED, "fr-ca")


# Sessions ---------------------------------------------------------------------------------------


def test_open_sessions_are_listed_and_the_others_closed(client, ana):
    elsewhere = Client()
    sign_in(client, ana)
    sign_in(elsewhere, ana)
    assert client.get(reverse("usersessions_list")).context["session_count"] == 2
    client.post(reverse("usersessions_list"))
    assert elsewhere.get(reverse("home")).status_code == HTTPStatus.FOUND
    assert client.get(reverse("home")).status_code == HTTPStatus.OK


def test_session_ends_when_idle(client, ana, time_machine):
    time_machine.move_to("2026-11-02 09:00", tick=False)
    sign_in(client, ana)
    assert client.get(reverse("home")).status_code == HTTPStatus.OK
    time_machine.shift(timedelta(minutes=29))
    assert client.get(reverse("home")).status_code == HTTPStatus.OK
    time_machine.shift(timedelta(minutes=31))
    assert client.get(reverse("home")).status_code == HTTPStatus.FOUND


def test_session_ends_after_half_a_day_in_any_case(client, ana, time_machine):
    time_machine.move_to("2026-11-02 08:00", tick=False)
    sign_in(client, ana)
    client.get(reverse("home"))
    for _quarter in range(47):
        time_machine.shift(timedelta(minutes=15))
        assert client.get(reverse("home")).status_code == HTTPStatus.OK
    time_machine.shift(timedelta(minutes=20))
    assert client.get(reverse("home")).status_code == HTTPStatus.FOUND
