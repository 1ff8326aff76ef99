"""The link by e-mail that opens an account: who sends it, what it opens, when it dies."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from koumbit.refusals import Refused
from members import invitations
from members.models import JournalEntry, OutgoingMessage, Person, Power
from members.powers import NotAllowed
from tests import make

pytestmark = pytest.mark.django_db
GOOD = {"new_password1": "quatre mots au hasard", "new_password2": "quatre mots au hasard"}


@pytest.fixture
def host():
    make.cooperative()
    return make.person("Hélène", powers=[Power.ADMIT_PEOPLE])


@pytest.fixture
def zoe():
    person = make.person("Zoé", email="zoe@example.org")
    person.set_unusable_password()
    person.save()
    return person


def path_in(text):
    return re.search(r"https?://[^/\s]+(/invitation/\S+)", text).group(1)


def test_invitation_leaves_in_the_language_of_the_invited_person(
    host, zoe, settings, django_capture_on_commit_callbacks
):
    settings.SITE_URL = "https://heures.example.org"
    Person.objects.filter(pk=zoe.pk).update(language="en-ca")
    with django_capture_on_commit_callbacks(execute=True):
        message = invitations.invite(zoe, by=host)
    sent = mail.outbox[0]
    assert sent.to == ["zoe@example.org"]
    assert sent.subject == "Your access to the cooperative’s hours and pay"
    assert "Hello Zoé," in sent.body
    assert host.get_full_name() in sent.body
    assert "https://heures.example.org/invitation/" in sent.body
    assert "&" not in sent.body
    message.refresh_from_db()
    assert message.sent_at
    last = JournalEntry.objects.last()
    assert (last.event, last.actor, last.body) == ("members.invited", host, {"person": zoe.pk})


def test_inviting_needs_the_power_to_admit(zoe):
    clerk = make.person(powers=[Power.APPROVE_HOURS])
    with pytest.raises(NotAllowed):
        invitations.invite(zoe, by=clerk)
    assert not OutgoingMessage.objects.exists()


def test_inviting_refuses_whoever_is_in_or_whose_account_is_closed(host, zoe):
    with pytest.raises(Refused):
        invitations.invite(make.person("Bob"), by=host)
    Person.objects.filter(pk=zoe.pk).update(closed_at=timezone.now())
    with pytest.raises(Refused):
        invitations.invite(zoe, by=host)
    assert not OutgoingMessage.objects.exists()


def test_accepting_opens_the_account_and_offers_a_passkey(client, zoe):
    path = path_in(invitations.link(zoe))
    page = client.get(path)
    assert page.status_code == HTTPStatus.OK
    assert "no-store" in page.headers["Cache-Control"]
    response = client.post(path, GOOD)
    assert response.url == reverse("welcome")
    welcome = client.get(response.url)
    assert welcome.context["user"] == zoe
    assert reverse("mfa_add_webauthn") in welcome.content.decode()
    assert client.get(reverse("mfa_add_webauthn")).status_code == HTTPStatus.OK  # no second password
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (zoe.pk, "zoe@example.org", True, True)
    ]
    zoe.refresh_from_db()
    assert zoe.check_password(GOOD["new_password1"])
    assert JournalEntry.objects.last().event == "members.invitation_accepted"


def test_accepting_signs_out_whoever_was_there(client, host, zoe):
    client.force_login(host)
    client.post(path_in(invitations.link(zoe)), GOOD)
    assert client.get(reverse("home")).context["user"] == zoe


def test_link_opens_once(client, zoe):
    path = path_in(invitations.link(zoe))
    client.post(path, GOOD)
    client.logout()
    for response in (client.get(path), client.post(path, GOOD)):
        assert response.status_code == HTTPStatus.GONE
        assert reverse("account_login") in response.content.decode()
    zoe.refresh_from_db()
    assert zoe.check_password(GOOD["new_password1"])


def test_link_opens_for_seven_days(client, zoe, time_machine):
    time_machine.move_to("2026-11-02 09:00", tick=False)
    path = path_in(invitations.link(zoe))
    time_machine.shift(timedelta(days=7))
    assert client.get(path).status_code == HTTPStatus.OK
    time_machine.shift(timedelta(seconds=1))
    assert client.get(path).status_code == HTTPStatus.GONE


def test_link_dies_with_the_account_and_with_a_new_address(client, zoe):
    path = path_in(invitations.link(zoe))
    Person.objects.filter(pk=zoe.pk).update(closed_at=timezone.now())
    assert client.get(path).status_code == HTTPStatus.GONE
    Person.objects.filter(pk=zoe.pk).update(closed_at=None, email="other@example.org")
    assert client.get(path).status_code == HTTPStatus.GONE


def test_link_of_one_person_opens_no_other_account(client, zoe):
    yves = make.person("Yves")
    Person.objects.filter(pk=yves.pk).update(password="!")
    yves.refresh_from_db()
    _, uid, token = path_in(invitations.link(zoe)).strip("/").split("/")
    others = path_in(invitations.link(yves)).strip("/").split("/")[1]
    assert uid != others
    assert client.get(reverse("invitation", args=[others, token])).status_code == HTTPStatus.GONE


@pytest.mark.parametrize("uid", ["0", "-1", "abc", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ", "4pyT", "%00"])
def test_mangled_link_gets_a_sentence(client, uid):
    response = client.get(f"/invitation/{uid}/x-y/")
    assert response.status_code == HTTPStatus.GONE
    assert str(invitations.LinkIsDead()) in response.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"new_password1": "court", "new_password2": "court"},
        {"new_password1": "quatre mots au hasard", "new_password2": "quatre autres mots"},
        {"new_password1": "zoe@example.org", "new_password2": "zoe@example.org"},
    ],
)
def test_weak_or_mistyped_password_is_said_and_opens_nothing(client, zoe, typed):
    path = path_in(invitations.link(zoe))
    response = client.post(path, typed)
    assert response.status_code == HTTPStatus.OK
    assert response.context["form"].errors
    assert 'role="alert"' in response.content.decode()
    assert client.post(path, GOOD).status_code == HTTPStatus.FOUND  # the link still opens
