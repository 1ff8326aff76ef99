"""The thread of a line: asked by the committee, answered by its owner, read by both, never rewritten."""

from datetime import date

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from members.models import Power
from tests import make
from timesheets import questions, workflow
from timesheets.models import LineMessage, TimeEntry
from timesheets.refusals import NotYours
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _today():
    make.cooperative()
    with time_machine.travel("2026-11-20 12:00-05:00", tick=False):
        yield


@pytest.fixture
def ana():
    return make.person("Ana", language="en-ca")


@pytest.fixture
def bob():
    return make.person("Bob", powers=[Power.APPROVE_HOURS], language="en-ca")


@pytest.fixture
def asked(ana, bob):
    """A line of Ana's week that Bob questions; the rest is approved."""
    sheet = workflow.submit(make.sheet(ana, starts_on=MONDAY, hours={"mon": 7, "tue": 8}), by=ana)
    line = sheet.entries.first()
    approve(sheet, bob, {line.pk: "Which client?"})
    return TimeEntry.objects.get(pk=line.pk)


def approve(sheet, bob, asked=None):
    sheet.refresh_from_db()
    seen = digest_of(lines_of(sheet.entries.all()))
    return workflow.approve(sheet, by=bob, seen=seen, questions=asked or {})


def said(entry) -> list[tuple[str, str]]:
    return [(message.by.given_name, message.text) for message in questions.threads([entry])[entry.pk]]


def test_question_and_answer_stay_with_the_line_until_it_is_approved_and_after(ana, bob, asked):
    questions.answer(asked, "  The food bank.  ", by=ana)
    workflow.submit(asked.sheet, by=ana)
    approve(asked.sheet, bob, {asked.pk: "All day?"})
    questions.answer(asked, "Yes.", by=ana)
    workflow.submit(asked.sheet, by=ana)
    approve(asked.sheet, bob)
    assert said(asked) == [
        ("Bob", "Which client?"),
        ("Ana", "The food bank."),
        ("Bob", "All day?"),
        ("Ana", "Yes."),
    ]
    assert TimeEntry.objects.get(pk=asked.pk).minutes == 420


def test_only_the_owner_answers_only_what_was_asked_and_something(ana, bob, asked):
    with pytest.raises(NotYours):
        questions.answer(asked, "me", by=bob)
    with pytest.raises(questions.SaySomething):
        questions.answer(asked, "  ", by=ana)
    with pytest.raises(questions.NothingAsked):
        questions.answer(TimeEntry.objects.exclude(pk=asked.pk).get(), "hello", by=ana)


def test_a_message_outlives_its_line_and_is_never_rewritten(ana, asked):
    asked.delete()
    assert LineMessage.objects.get().text == "Which client?"
    for act in ("UPDATE timesheets_linemessage SET text = 'x'", "DELETE FROM timesheets_linemessage"):
        with (
            pytest.raises(DatabaseError, match="stays written"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(act)


def test_owner_answers_on_screen_and_the_committee_reads_it(client, ana, bob, asked):
    client.force_login(ana)
    day = f"/hours/2026-11-16/2026-11-16/{asked.task_id}/0/"
    assert f"/hours/entries/{asked.pk}/answer/" in client.get(day).content.decode()
    page = client.post(f"/hours/entries/{asked.pk}/answer/", {"text": "The food bank."}, follow=True)
    assert "Your answer stands beside the line." in page.content.decode()
    workflow.submit(asked.sheet, by=ana)
    client.force_login(bob)
    review = client.get(f"/hours/queue/{asked.sheet_id}/").content.decode()
    assert review.index("Which client?") < review.index("The food bank.")


def test_answering_is_for_the_owner_of_a_questioned_line(client, ana, bob, asked):
    other = TimeEntry.objects.exclude(pk=asked.pk).get()
    client.force_login(bob)
    assert client.post(f"/hours/entries/{asked.pk}/answer/", {"text": "x"}).status_code == 404
    client.force_login(ana)
    assert client.get(f"/hours/entries/{other.pk}/answer/").status_code == 404
    assert client.post(f"/hours/entries/{asked.pk}/answer/", {"text": " "}).status_code == 200
    assert LineMessage.objects.count() == 1


def test_a_narrow_screen_opens_the_week_on_the_day_that_is_questioned(client, ana, asked):
    client.force_login(ana)
    assert client.get("/hours/2026-11-16/").context["shown_day"] == asked.day.weekday()
    assert client.get("/hours/2026-11-16/", {"day": "3"}).context["shown_day"] == 3
