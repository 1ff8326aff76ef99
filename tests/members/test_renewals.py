"""The end of a mandate is told once, in good time, to the person and to the body."""

from datetime import date, timedelta

import pytest
import time_machine

from members import renewals, tasks
from members.models import JournalEntry, Mandate, OutgoingMessage
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
ENDS = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def body():
    make.cooperative()
    body = make.committee(name="Comité des outils")
    body.term_months, body.max_consecutive_terms = 12, 2
    body.save()
    return body


@pytest.fixture
def people():
    return [make.person(name, language="en-ca") for name in ("Ana", "Bob")]


def sits(body, person, *, years=(2026,)) -> Mandate:
    for year in years:
        mandate = Mandate.objects.create(
            committee=body, person=person, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31)
        )
    return mandate


def test_person_and_body_are_told_once(body, people):
    ana, bob = people
    sits(body, ana)
    Mandate.objects.create(committee=body, person=bob, starts_on=date(2026, 6, 1), ends_on=date(2027, 5, 31))
    tasks.tell_of_ends(timestamp=0)
    told = {message.to: message for message in OutgoingMessage.objects.all()}
    assert told.keys() == {ana, bob}
    assert told[ana].subject == "A mandate ends on 31 December 2026: Comité des outils"
    assert "Your mandate ends on 31 December 2026" in told[ana].text
    assert f"The mandate of {ana} ends" in told[bob].text
    assert "may be given the next mandate" in told[ana].text
    assert renewals.tell_of_ends(TODAY) == 0
    assert OutgoingMessage.objects.count() == 2
    line = JournalEntry.objects.get(event=renewals.TOLD)
    assert line.body["ends_on"] == "2026-12-31"
    # Tried and undone: nobody was given anything.
    assert Mandate.objects.count() == 2


def test_each_is_written_to_in_their_language(body, people):
    ana, bob = people
    bob.language = "fr-ca"
    bob.save()
    sits(body, ana)
    sits(body, bob)
    renewals.tell_of_ends(TODAY)
    subjects = {m.subject for m in OutgoingMessage.objects.filter(to=bob)}
    assert subjects.isdisjoint(m.subject for m in OutgoingMessage.objects.filter(to=ana))


def test_last_mandate_in_a_row_says_that_somebody_else_is_to_be_found(body, people):
    sits(body, people[0], years=(2025, 2026))
    renewals.tell_of_ends(TODAY)
    assert "cannot be given the next mandate" in OutgoingMessage.objects.get().text


def test_committee_that_ends_renews_nobody(body, people):
    sits(body, people[0])
    body.ends_on = ENDS
    body.save()
    renewals.tell_of_ends(TODAY)
    assert "cannot be given the next mandate" in OutgoingMessage.objects.get().text


@pytest.mark.parametrize("day", [ENDS - timedelta(days=43), ENDS + timedelta(days=1)])
def test_nothing_is_said_too_early_or_too_late(body, people, day):
    sits(body, people[0])
    assert renewals.tell_of_ends(day) == 0


def test_nothing_is_said_of_what_goes_on(body, people):
    ana, bob = people
    sits(body, ana, years=(2026, 2027))
    endless = make.mandate(bob)
    assert endless.ends_on is None
    assert renewals.tell_of_ends(TODAY) == 0


def test_another_last_day_is_told_again(body, people):
    mandate = sits(body, people[0])
    renewals.tell_of_ends(TODAY)
    mandate.ends_on = date(2026, 12, 15)
    mandate.save()
    assert renewals.tell_of_ends(TODAY) == 1


def test_closed_account_is_not_written_to(body, people):
    ana, bob = people
    sits(body, ana)
    sits(body, bob)
    bob.closed_at = "2026-11-01T00:00:00Z"
    bob.save()
    renewals.tell_of_ends(TODAY)
    assert {message.to for message in OutgoingMessage.objects.all()} == {ana}
