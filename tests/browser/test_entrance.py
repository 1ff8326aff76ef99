"""The door, in French: a password, a forgotten one, an invitation, codes, a passkey, another language, the way out."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from playwright.sync_api import Page, expect

from members import accounts, invitations
from members.models import Power
from tests import make
from tests.browser.conftest import FRIDAY_NOON, PASSWORD, found_by_axe, french, prove_oneself

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
SIGN_IN = "/account/login/"
NEW_PASSWORD = "quatre mots au hasard"
TOTP_PERIOD = 30


@pytest.fixture
def ana(transactional_db):
    make.cooperative()
    person = make.person("Ana", email="ana@example.org")
    accounts.vouch_for_email(person)
    return person


def is_home(page: Page) -> None:
    expect(page).to_have_url(re.compile(r"^http://localhost:\d+/$"))


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label(french("Email")).fill("ana@example.org")
    page.locator("input[type=password]").fill(password)
    page.locator("main").get_by_role("button", name=french("Sign in"), exact=True).click()


def sign_out(page: Page) -> None:
    page.locator("details.account summary").click()
    page.get_by_role("button", name=french("Sign out")).click()
    expect(page.locator("details.account")).to_have_count(0)


def path_in_the_last_message() -> str:
    return re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]


def code_of_the_app(secret: str) -> str:
    """What an authentication app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD))


def test_member_signs_in_reads_in_english_and_leaves(open_as, ana):
    page = open_as(None, "/hours/")
    expect(page).to_have_url(re.compile(SIGN_IN))
    sign_in(page, "pas le bon")
    expect(page.locator("input[type=email], input[name=login]").first).to_have_value("ana@example.org")
    sign_in(page)
    expect(page).to_have_url(re.compile("/hours/2026-11-16/"))
    expect(page.locator("html")).to_have_attribute("lang", "fr-CA")
    page.locator("details.account summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-CA")
    expect(page).to_have_url(re.compile("/hours/2026-11-16/"))
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr-CA")
    sign_out(page)
    page.goto("/hours/")
    expect(page).to_have_url(re.compile(SIGN_IN))


def test_forgotten_password_is_replaced_through_the_mailbox(open_as, ana):
    page = open_as(None, SIGN_IN)
    page.locator("a[href*='password/reset']").click()
    page.locator("main input[type=email]").fill("ana@example.org")
    page.locator("main button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/reset/done/"))
    page.goto(path_in_the_last_message())
    assert found_by_axe(page) == []
    for field in page.locator("main input[type=password]").all():
        field.fill(NEW_PASSWORD)
    page.locator("main button[name=action]").click()
    expect(page.locator("main input[type=password]")).to_have_count(0)
    page.goto(SIGN_IN)
    sign_in(page, NEW_PASSWORD)
    is_home(page)


def test_invited_person_chooses_a_password_and_is_in(open_as, ana):
    host = make.person("Hélène", powers=[Power.ADMIT_PEOPLE])
    ana.set_unusable_password()
    ana.save()
    invitations.invite(ana, by=host)
    page = open_as(None, path_in_the_last_message())
    for field in page.locator("main input[type=password]").all():
        field.fill("court")
    enter = page.get_by_role("button", name=french("Choose this password and come in"))
    enter.click()
    expect(page.locator("main [aria-invalid=true]").first).to_be_visible()
    assert found_by_axe(page) == []
    for field in page.locator("main input[type=password]").all():
        field.fill(NEW_PASSWORD)
    enter.click()
    expect(page).to_have_url(re.compile("/welcome/$"))
    page.get_by_role("link", name=french("Later")).click()
    is_home(page)


def test_codes_of_an_app_become_the_second_step_of_signing_in(open_as, ana, friday):
    page = open_as(None, SIGN_IN)
    sign_in(page)
    is_home(page)
    page.goto("/account/2fa/totp/activate/")
    prove_oneself(page)
    secret = page.locator("#authenticator_secret").input_value()
    code = page.locator("main input[name=code]")
    code.fill("000000")
    page.locator("main button[type=submit]").first.click()
    expect(code).to_have_attribute("aria-invalid", "true")
    assert page.locator("#authenticator_secret").input_value() == secret
    code.fill(code_of_the_app(secret))
    page.locator("main button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/recovery-codes/"))
    sign_out(page)

    page.goto(SIGN_IN)
    sign_in(page)
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    assert found_by_axe(page) == []
    friday.move_to(FRIDAY_NOON + timedelta(minutes=5))  # each code serves once
    code.fill(code_of_the_app(secret))
    page.locator("main button[type=submit]").first.click()
    is_home(page)


def test_passkey_signs_in_without_a_password(open_as, ana):
    page = open_as(None, SIGN_IN)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    sign_in(page)
    is_home(page)
    page.goto("/account/2fa/webauthn/add/")
    prove_oneself(page)
    page.locator("main input[name=name]").fill("Clé de poche")
    page.locator("#mfa_webauthn_add").click()
    expect(page).not_to_have_url(re.compile("/webauthn/add/"))
    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_role("rowheader")).to_contain_text("Clé de poche")
    assert found_by_axe(page) == []
    sign_out(page)

    page.goto(SIGN_IN)
    page.locator("#passkey_login").click()
    is_home(page)
    expect(page.locator("details.account summary")).to_contain_text("Ana")
