"""E-mails about ballots: to whom, in their language, once, also when the server was down."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from members import ballot_mail, ballots, motions, outbox
from members.models import (
    Ballot,
    Committee,
    Decision,
    DecisionRule,
    JournalEntry,
    OutgoingMessage,
)
from members.tasks import decide_on_time
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
CLOSES_ON = date(2026, 11, 27)
MONTREAL = ZoneInfo("America/Toronto")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def assembly():
    make.cooperative()
    return Committee.objects.create(name="Assemblée", kind="assembly", starts_on=make.LONG_AGO)


@pytest.fixture
def people(assembly):
    """Ana reads in French, the others in English; Ana proposes."""
    languages = {"Ana": "fr-ca", "Bob": "en-ca", "Cleo": "en-ca", "Dan": "fr-ca"}
    return [make.member(name, language=language) for name, language in languages.items()]


def opened(assembly, people, *, closes_on=CLOSES_ON, by=0, title="Un jardin") -> Ballot:
    motion = motions.propose(assembly, by=people[0], title=title, text="T")
    return ballots.open_ballot(motion, by=people[by], closes_on=closes_on)


def at(*moment):
    """That moment in Montréal."""
    return time_machine.travel(datetime(*moment, tzinfo=MONTREAL), tick=False)


def written(**asked) -> list[OutgoingMessage]:
    return list(OutgoingMessage.objects.filter(**asked).order_by("pk"))


def test_those_called_are_told_in_their_language_until_when_and_where(assembly, people):
    ballot = opened(assembly, people)
    assert [message.to for message in written()] == people[1:]
    bob, _cleo, dan = written()
    assert bob.subject == "Your answer until 27 November 2026: Un jardin"
    assert dan.subject == "Votre réponse d’ici le 27 novembre 2026 : Un jardin".replace(" :", "\u00a0:")
    for message in (bob, dan):
        assert reverse("members:motion", args=[ballot.motion_id]) in message.text
        assert "27 nov" in message.text.lower()
        assert "“Assemblée”" in message.text or "« Assemblée »" in message.text.replace("\u00a0", " ")


def test_they_leave_with_the_next_mail_and_nobody_waits(
    assembly, people, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        opened(assembly, people)
    assert mailoutbox == []
    outbox.deliver_waiting()
    outbox.deliver_waiting()
    assert [sent.to for sent in mail.outbox] == [[person.email] for person in people[1:]]


def test_who_has_an_interest_or_no_account_is_not_told(assembly, people):
    motion = motions.propose(assembly, by=people[0], title="T", text="T")
    motions.declare_interest(motion, by=people[1], what="C’est ma sœur.")
    people[2].closed_at = datetime(2026, 11, 1, tzinfo=MONTREAL)
    people[2].save()
    ballots.open_ballot(motion, by=people[0], closes_on=CLOSES_ON)
    assert [message.to for message in written()] == [people[3]]


def test_a_title_on_two_lines_is_a_subject_on_one(assembly, people):
    opened(assembly, people, title="Un\r\nBcc: x@example.org")
    assert {message.subject.split(": ", 1)[1] for message in written(to=people[1])} == {
        "Un Bcc: x@example.org"
    }
    assert outbox.deliver_waiting() == (3, 0)


def test_the_longest_title_is_cut_to_fit_a_subject(assembly, people):
    opened(assembly, people, title="é" * 160)
    with at(2026, 11, 26, 9):
        decide_on_time(timestamp=0)
    assert all("é" * 100 in message.subject for message in written())
    assert max(len(message.subject) for message in written()) == outbox.LONGEST_SUBJECT
    assert len(written()) == 7


def test_who_has_not_answered_is_reminded_once_the_day_before(assembly, people):
    ballot = opened(assembly, people)
    ballots.answer(ballot, by=people[1], choice="agree")
    OutgoingMessage.objects.all().delete()
    for moment in ((2026, 11, 25, 12), (2026, 11, 26, 7, 55)):
        with at(*moment):
            decide_on_time(timestamp=0)
    assert written() == []
    for moment in ((2026, 11, 26, 8), (2026, 11, 26, 8, 5), (2026, 11, 27, 9)):
        with at(*moment):
            decide_on_time(timestamp=0)
    assert [message.to for message in written()] == [people[0], people[2], people[3]]
    assert "Your answer is still awaited" in written(to=people[2])[0].subject


def test_a_server_that_was_down_the_day_before_reminds_on_the_last(assembly, people):
    opened(assembly, people)
    OutgoingMessage.objects.all().delete()
    with at(2026, 11, 27, 10):
        decide_on_time(timestamp=0)
        decide_on_time(timestamp=0)
    assert len(written()) == 4


def test_after_its_last_day_nobody_is_reminded(assembly, people):
    opened(assembly, people)
    OutgoingMessage.objects.all().delete()
    with at(2026, 11, 28, 10):
        decide_on_time(timestamp=0)
    assert [message.to for message in written()] == [people[0]]
    assert written()[0].subject == "Pas assez de réponses\u00a0: Un jardin"


@pytest.mark.parametrize("closes_on", [TODAY, date(2026, 11, 21)])
def test_nobody_is_reminded_on_the_day_they_were_called(assembly, people, closes_on):
    opened(assembly, people, closes_on=closes_on)
    OutgoingMessage.objects.all().delete()
    decide_on_time(timestamp=0)
    assert written() == []


def test_who_proposed_hears_what_came_of_it(assembly, people):
    ballot = opened(assembly, people)
    for person in people:
        ballots.answer(ballot, by=person, choice="agree")
    ballots.close(ballot, by=people[1])
    message = written(to=people[0])[-1]
    assert message.subject == "Adoptée\u00a0: Un jardin"
    assert Decision.objects.get().number in message.text
    ballots.close(ballot, by=people[2])
    assert len(written(to=people[0])) == 1


def test_who_proposed_and_counted_has_read_it_already(assembly, people):
    ballot = opened(assembly, people)
    for person in people:
        ballots.answer(ballot, by=person, choice="agree")
    ballots.close(ballot, by=people[0])
    assert written(to=people[0]) == []


@pytest.mark.parametrize(
    ("way", "subject", "said"),
    [
        ("consent", "Not adopted: Un jardin", "discussed again"),
        ("vote", "Not adopted: Un jardin", "come to its end"),
    ],
)
def test_what_is_not_adopted_says_what_is_next(assembly, people, way, subject, said):
    DecisionRule.objects.create(
        committee=assembly, starts_on=make.LONG_AGO, method=way, quorum_percent=50, threshold="majority"
    )
    motion = motions.propose(assembly, by=people[1], title="Un jardin", text="T")
    ballot = ballots.open_ballot(motion, by=people[0], closes_on=CLOSES_ON)
    for person in people:
        ballots.answer(ballot, by=person, choice="disagree", reason="Trop cher")
    ballots.close(ballot, by=people[0])
    message = written(to=people[1])[-1]
    assert message.subject == subject
    assert said in message.text
    assert "Trop cher" not in message.text


def test_of_a_secret_ballot_messages_hold_who_answered_and_nothing_else(assembly, people):
    """The messages to each are the same whatever each has answered."""
    DecisionRule.objects.create(
        committee=assembly, starts_on=make.LONG_AGO, method="vote", secret=True, quorum_percent=50
    )
    heard = []
    for first, second in (("agree", "disagree"), ("disagree", "agree")):
        OutgoingMessage.objects.all().delete()
        with at(2026, 11, 20, 10):
            ballot = opened(assembly, people)
        for person, choice in zip(people[:3], (first, second, "agree"), strict=True):
            ballots.answer(ballot, by=person, choice=choice)
        for moment in ((2026, 11, 26, 9), (2026, 11, 28, 9)):
            with at(*moment):
                decide_on_time(timestamp=0)
        number = str(ballot.motion_id)
        heard.append(
            [
                (one.to_id, one.subject, one.text.replace(f"/{number}/", "/n/"))
                for one in written()
                if "Adopt" not in one.subject
            ]
        )
        reminded = [one.to for one in written() if one.written_at.date() == date(2026, 11, 26)]
        assert reminded == [people[3]]
    assert heard[0] == heard[1]
    assert "secret" in heard[0][0][2]


def test_the_journal_and_the_messages_agree(assembly, people):
    """Nothing is written of a reminder beyond its moment: who had answered stands on the ballot."""
    opened(assembly, people)
    with at(2026, 11, 26, 9):
        assert ballot_mail.remind_due(datetime(2026, 11, 26, 9, tzinfo=MONTREAL)) == 4
    assert Ballot.objects.get().reminded_at is not None
    assert not JournalEntry.objects.filter(event__contains="remind").exists()
