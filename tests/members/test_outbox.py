import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import transaction

from members import outbox
from members.models import OutgoingMessage
from tests import make

pytestmark = pytest.mark.django_db


class AwayBackend(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("away")


AWAY = f"{__name__}.AwayBackend"


def test_message_leaves_after_the_commit_only(mailoutbox, django_capture_on_commit_callbacks):
    ana = make.person("Ana", kind=None)
    with django_capture_on_commit_callbacks(execute=True):
        message = outbox.write(ana, subject="Sujet", text="Texte")
        assert mailoutbox == []
    assert [(m.subject, m.body, m.to) for m in mailoutbox] == [("Sujet", "Texte", [ana.email])]
    message.refresh_from_db()
    assert (message.attempts, message.sent_at is not None) == (1, True)


def test_act_that_is_undone_sends_nothing(mailoutbox, django_capture_on_commit_callbacks):
    ana = make.person("Ana", kind=None)
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        outbox.write(ana, subject="Sujet", text="Texte")
        transaction.set_rollback(True)
    assert callbacks == []
    assert (mailoutbox, OutgoingMessage.objects.count()) == ([], 0)


def test_message_waits_while_the_server_is_away_then_leaves_once(settings, capsys):
    ana = make.person("Ana", kind=None)
    for number in range(2):
        outbox.write(ana, subject=f"Sujet {number}", text="Texte")
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, AWAY
    call_command("deliver_messages")
    assert list(OutgoingMessage.objects.values_list("attempts", "sent_at")) == [(1, None), (1, None)]
    settings.EMAIL_BACKEND = working
    call_command("deliver_messages")
    call_command("deliver_messages")
    assert capsys.readouterr().out.splitlines() == [
        "0 sent, 2 still waiting.",
        "2 sent, 0 still waiting.",
        "0 sent, 0 still waiting.",
    ]
    assert [message.subject for message in mail.outbox] == ["Sujet 0", "Sujet 1"]
