"""What a curious member, a mandate holder acting alone or a scanner would try, once for the whole product.

What concerns one app only is tried beside it; this file is for what crosses them.
"""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from koumbit import wsgi
from koumbit.forms import PlainText
from koumbit.sql import append_only
from members import accounts, governance, invitations, lifecycle
from members.models import Mandate, OutgoingMessage, Power
from tests import make
from tests.members.test_outbox import AWAY
from timesheets import importing

pytestmark = pytest.mark.django_db

PASSWORD = "essai-essai-essai"
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
TODAY, MONDAY, WEDNESDAY = date(2026, 11, 20), date(2026, 11, 16), date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def entered(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def prove(client, person) -> None:
    """Sign in and prove again who one is, as before what only the owner may do."""
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


# One person alone ---------------------------------------------------------------------------------


@pytest.fixture
def clerk():
    """Somebody who admits people and keeps committees: everything it takes to invent a colleague."""
    make.cooperative()
    make.person("Rita", powers=[Power.KEEP_COMMITTEES])
    return make.person("Claude", powers=[Power.ADMIT_PEOPLE, Power.KEEP_COMMITTEES])


def invented(clerk):
    return lifecycle.admit_person(by=clerk, email="claude+2@example.org", given_name="Personne")


def test_clerk_does_not_seat_somebody_they_invented(clerk):
    body, nobody = make.committee([Power.ISSUE_PAY]), invented(clerk)
    with pytest.raises(governance.SeatTakesTwo):
        governance.give_mandate(body, nobody, by=clerk, starts_on=TODAY)
    own = governance.record_decision(
        make.mandate(clerk).committee, by=clerk, adopted_on=TODAY, title="Nomination", text="Nomination"
    )
    with pytest.raises(governance.SeatTakesTwo):
        governance.give_mandate(body, nobody, by=clerk, starts_on=TODAY, decision=own)
    assert not Mandate.objects.filter(person=nobody).exists()


def test_clerk_does_not_seat_somebody_they_imported(clerk):
    line = "date,person,role,task,minutes\n2026-11-19,_@example.org,Coordination,Comptes,60\n"
    keeper = make.mandate(clerk, [Power.KEEP_ROLES]).person
    plan = importing.apply(importing.plan(line), by=keeper)
    (nobody,) = [someone.person for someone in plan.new_people]
    assert str(nobody) == "_@example.org"
    with pytest.raises(governance.SeatTakesTwo):
        governance.give_mandate(make.committee(), nobody, by=clerk, starts_on=TODAY)


def test_person_is_seated_by_another_or_by_a_decision_another_recorded(clerk):
    rita = make.person("Rita", powers=[Power.KEEP_COMMITTEES])
    new = invented(clerk)
    assert governance.give_mandate(make.committee(), new, by=rita, starts_on=TODAY)
    body = make.mandate(rita).committee
    adopted = governance.record_decision(body, by=rita, adopted_on=TODAY, title="Élection", text="Élection")
    assert governance.give_mandate(body, new, by=clerk, starts_on=TODAY, decision=adopted)


def test_clerk_does_not_seat_somebody_whose_address_they_wrote(clerk):
    new = lifecycle.admit_person(
        by=make.person("Rita", powers=[Power.ADMIT_PEOPLE]), email="new@example.org", given_name="Noa"
    )
    lifecycle.change_person(new, by=clerk, phone="514 555-0100")
    assert governance.give_mandate(make.committee(), new, by=clerk, starts_on=TODAY)
    other = lifecycle.admit_person(
        by=make.person("Rita", powers=list(Power)), email="o@b.org", given_name="O"
    )
    lifecycle.change_person(other, by=clerk, email="claude+3@example.org")
    with pytest.raises(governance.SeatTakesTwo):
        governance.give_mandate(make.committee(), other, by=clerk, starts_on=TODAY)


def test_address_of_somebody_with_a_mandate_is_not_turned_to_oneself(clerk):
    """They have not come in yet: the invitation would let whoever changed the address act with the mandate."""
    founder = lifecycle.admit_person(by=clerk, email="founder@example.org", given_name="Noa")
    seat = make.mandate(founder, [Power.ISSUE_PAY])
    with pytest.raises(lifecycle.SeatedAlready):
        lifecycle.change_person(founder, by=clerk, email="claude+4@example.org")
    governance.end_mandate(seat, by=clerk, ends_on=date(2026, 11, 19))
    lifecycle.change_person(founder, by=clerk, email="founder2@example.org")


# Keys and mailboxes -------------------------------------------------------------------------------


def test_forgotten_password_waits_for_the_mail_server_and_tells_nobody(
    settings, client, django_capture_on_commit_callbacks
):
    make.cooperative()
    ana = make.person("Ana")
    accounts.vouch_for_email(ana)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, AWAY
    answers = []
    for address in (ana.email, "nobody@example.org"):
        with django_capture_on_commit_callbacks(execute=True):
            answers.append(client.post(reverse("account_reset_password"), {"email": address}))
    assert {(answer.status_code, answer.url) for answer in answers} == {
        (302, reverse("account_reset_password_done"))
    }
    waiting = OutgoingMessage.objects.get()
    assert (waiting.to, waiting.attempts, waiting.sent_at) == (ana, 1, None)
    settings.EMAIL_BACKEND = working
    call_command("deliver_messages")
    assert "/password/reset/key/" in mail.outbox[0].body


def test_key_in_a_message_is_for_the_mailbox_only(django_capture_on_commit_callbacks):
    """Whoever finds a session open, or reads a backup, does not find the way to a new password in it."""
    make.cooperative()
    ana = make.person("Ana")
    accounts.vouch_for_email(ana)
    client = entered(ana)
    Client().post(reverse("account_reset_password"), {"email": ana.email})
    kept = OutgoingMessage.objects.get()
    key = re.search(r"/key/([^/\s]+)", kept.text)[1]
    page = client.get(reverse("members:messages")).content.decode()
    assert kept.subject in page
    assert key not in page
    call_command("deliver_messages")
    kept.refresh_from_db()
    assert key in mail.outbox[0].body
    assert kept.text == ""


def test_invitation_is_not_kept_once_it_has_left(clerk, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invitations.invite(invented(clerk), by=clerk)
    assert "/invitation/" in mail.outbox[0].body
    assert OutgoingMessage.objects.get().text == ""


def test_open_session_is_not_enough_to_change_the_address(client):
    make.cooperative()
    ana = make.person("Ana")
    accounts.vouch_for_email(ana)
    prove(client, ana)
    for minutes, is_proven in ((6, False), (4, True)):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            answer = client.post(reverse("account_email"), {"action_add": "", "email": "x@example.org"})
        assert answer.url.startswith(reverse("account_reauthenticate")) is not is_proven
        assert EmailAddress.objects.filter(email="x@example.org").exists() is is_proven


CREDENTIALS = [
    "",
    "null",
    "[1]",
    '{"id": 1}',
    '{"id": "x", "response": {}}',
    "9" * 5000,
    "[" * 100_000,
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": None}}),
]


@pytest.mark.parametrize("credential", CREDENTIALS, ids=lambda text: text[:12])
def test_passkey_no_browser_sends_is_refused(client, credential):
    make.cooperative()
    client.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert (answer.status_code, answer.url) == (302, reverse("account_login"))
    ana = make.person("Ana")
    prove(client, ana)
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
    assert client.post(reverse("mfa_add_webauthn"), {"credential": credential}).status_code == 200


def test_cookie_with_a_nul_byte_is_left_aside(client):
    make.cooperative()
    answer = client.get(reverse("account_login"), headers={"Cookie": 'sessionid="abcdefgh\\000ijkl"'})
    assert answer.status_code == 200


# What stays, stays --------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["origin", "replica"])
def test_final_rows_are_not_truncated(mode):
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("CREATE TABLE trial (id int)")
        cursor.execute(append_only("trial", "It stays.").sql)
        cursor.execute(f"SET LOCAL session_replication_role = {mode}")
        with pytest.raises(IntegrityError, match="It stays"), transaction.atomic():
            cursor.execute("TRUNCATE trial")
        transaction.set_rollback(True)


def test_every_table_with_final_rows_refuses_truncate():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, bool_or(tgtype & 32 > 0) FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid "
            "WHERE tgfoid::regproc::text = relname || '_is_final' GROUP BY relname"
        )
        found = dict(cursor.fetchall())
    assert found.keys() >= {"members_journalentry", "timesheets_timeentry", "payroll_paystub"}
    assert [table for table, is_kept in found.items() if not is_kept] == []


# What anybody may type ----------------------------------------------------------------------------


def test_every_form_with_a_text_refuses_signs_one_cannot_see():
    ours = {
        form
        for base in (forms.Form, forms.ModelForm)
        for form in _all_subclasses(base)
        if form.__module__.split(".")[0] in {"members", "roles", "timesheets", "payroll"}
        and form.__module__ != "members.account_forms"
        and form.__name__ != "SearchForm"  # keeps nothing
    }
    with_text = {
        form
        for form in ours
        if any(type(field) is forms.CharField and not field.disabled for field in form.base_fields.values())
    }
    assert len(with_text) > 15
    assert [form for form in with_text if not issubclass(form, PlainText)] == []


def _all_subclasses(kind: type) -> set[type]:
    return {kind} | {below for direct in kind.__subclasses__() for below in _all_subclasses(direct)}


# What the machine does ----------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["hex", "rot13", "utf-16", "nothing"])
def test_charset_that_is_none_is_read_as_ours(charset, rf):
    """Through the door of the server: Django would stumble before any page can answer."""
    told = []
    sent = rf.get(
        "/language/?a=%41", headers={"host": "localhost"}, content_type=f"text/plain; charset={charset}"
    )
    wsgi.application(sent.environ, lambda status, headers: told.append(status))
    assert told == ["405 Method Not Allowed"]


AWAY_PAGE = """
import django; django.setup()
from django.conf import settings; settings.DEBUG = False
from django.test import Client
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = "a" * 32
answer = client.get("/", headers={"host": "localhost", "accept-language": "%s"})
print(answer.status_code, "Content-Security-Policy" in answer.headers, answer.content.decode())
"""


@pytest.mark.parametrize(("reads", "language"), [("fr", "fr-CA"), ("en-US,en;q=0.9", "en-CA")])
def test_database_that_is_away_is_said_in_the_language_of_the_browser(reads, language):
    """In a process of its own, whose server does not exist; somebody was signed in."""
    asked = AWAY_PAGE % reads
    away = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env=os.environ | away | {"DEBUG": "1", "PYTHONIOENCODING": "utf-8"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("503 True")
    assert f'<html lang="{language}">' in done.stdout
