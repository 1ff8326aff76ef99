"""What two people do at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from threading import Barrier

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection

from koumbit.refusals import Refused
from members import adopting, ballot_mail, ballots, governance, lifecycle, meetings, minutes, motions
from members.models import (
    Ballot,
    Committee,
    Confirmation,
    Decision,
    DecisionRule,
    Elector,
    Execution,
    FailedExecution,
    JournalEntry,
    Mandate,
    OutgoingMessage,
    Person,
    Power,
)
from members.powers import NobodyLeft, holders
from members.tasks import decide_on_time
from payroll.models import HourlyRate
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 20)


def at_once(*acts) -> list:
    """What each act returned or raised, all started at the same instant, each on its own connection."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except (NobodyLeft, Refused, ValidationError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("attempt", range(5))
def test_two_last_keepers_cannot_both_step_down(attempt):
    ana = make.person("Ana", powers=[Power.KEEP_COMMITTEES])
    bob = make.person("Bob", powers=[Power.KEEP_COMMITTEES])
    yesterday = date(2026, 11, 19)
    with time_machine.travel("2026-11-20T15:00:00Z", tick=False):
        outcomes = at_once(
            *(
                partial(governance.end_mandate, who.mandates.get(), by=who, ends_on=yesterday)
                for who in (ana, bob)
            )
        )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NobodyLeft", "NoneType"]
    assert holders(Power.KEEP_COMMITTEES, on=TODAY).count() == 1


def test_two_seats_given_at_once_are_one():
    keepers = [
        make.person("Ana", powers=[Power.KEEP_COMMITTEES]),
        make.person("Bob", powers=[Power.KEEP_COMMITTEES]),
    ]
    body, eve = make.committee(), make.person("Eve")
    outcomes = at_once(
        *(partial(governance.give_mandate, body, eve, by=by, starts_on=TODAY) for by in keepers)
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Mandate", "ValidationError"]
    assert Mandate.objects.filter(committee=body).count() == 1


def test_one_address_entered_twice_at_once_is_one_person():
    clerks = [
        make.person("Ana", powers=[Power.ADMIT_PEOPLE]),
        make.person("Bob", powers=[Power.ADMIT_PEOPLE]),
    ]
    outcomes = at_once(
        *(partial(lifecycle.admit_person, by=by, email="eve@example.org", given_name="Eve") for by in clerks)
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Person", "ValidationError"]
    assert Person.objects.filter(email="eve@example.org").count() == 1


# Decisions -----------------------------------------------------------------------------------------


@pytest.fixture
def people():
    """The four members of an assembly, the rate being 21.50."""
    make.cooperative()
    make.rate("21.50")
    Committee.objects.create(name="Assemblée", kind="assembly", starts_on=make.LONG_AGO)
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield [make.member(name) for name in ("Ana", "Bob", "Cleo", "Dan")]


def answered(people, amount="24.50", *, effective_on=TODAY, choices=("agree",) * 4) -> Ballot:
    """A proposal of a rate that everybody has answered, still to be counted."""
    motion = motions.propose(
        Committee.objects.get(kind="assembly"),
        by=people[0],
        title=amount,
        text="T",
        effective_on=effective_on,
        act="payroll.set_rate",
        fields={"amount": amount},
    )
    ballot = ballots.open_ballot(motion, by=people[0], closes_on=TODAY)
    for person, choice in zip(people, choices, strict=True):
        ballots.answer(ballot, by=person, choice=choice)
    return ballot


@pytest.mark.parametrize("attempt", range(3))
def test_two_who_count_at_once_adopt_once(people, attempt):
    ballot = answered(people)
    OutgoingMessage.objects.all().delete()
    outcomes = at_once(*(partial(ballots.close, ballot, by=by) for by in (people[1], people[2])))
    assert [type(outcome) for outcome in outcomes] == [Ballot, Ballot]
    assert Decision.objects.get(ballot=ballot).number == "2026-001"
    assert Execution.objects.count() == 1
    assert HourlyRate.objects.filter(amount=Decimal("24.50")).count() == 1
    assert JournalEntry.objects.filter(event="members.ballot_closed").count() == 1
    assert OutgoingMessage.objects.count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_two_proposals_adopted_at_once_follow_one_another(people, attempt):
    """Each has its number and is done whole; of two rates for one day, the one written last holds."""
    found = [answered(people, amount) for amount in ("24.50", "25.00")]
    at_once(*(partial(ballots.close, ballot, by=people[1]) for ballot in found))
    decisions = Decision.objects.filter(ballot__in=found)
    assert sorted(decision.number for decision in decisions) == ["2026-001", "2026-002"]
    assert {rate.decision for rate in HourlyRate.objects.filter(starts_on=TODAY)} == set(decisions)
    assert Execution.objects.count() == 2
    assert not FailedExecution.objects.exists()


@pytest.mark.parametrize("attempt", range(3))
def test_a_decision_acts_once_when_the_clock_strikes_twice_after_a_night_off(people, attempt):
    """Adopted today for the 7th; the server comes back on the 10th, and two workers wake at the same instant."""
    ballots.close(answered(people, effective_on=date(2026, 12, 7)), by=people[1])
    with time_machine.travel("2026-12-10T15:00:00Z", tick=False):
        at_once(*(partial(decide_on_time, timestamp=0) for _worker in range(2)))
        decide_on_time(timestamp=0)
    rate = HourlyRate.objects.get(amount=Decimal("24.50"))
    assert rate.starts_on == date(2026, 12, 7)
    assert Execution.objects.get().decision == rate.decision
    assert JournalEntry.objects.filter(event="members.decision_carried_out").count() == 1
    assert not FailedExecution.objects.exists()


def test_two_who_confirm_at_once_confirm_once(people):
    decision = governance.record_decision(
        Committee.objects.get(kind="assembly"),
        by=people[0],
        adopted_on=TODAY,
        title="T",
        text="T",
        act="payroll.set_rate",
        fields={"amount": "24.50"},
    )
    outcomes = at_once(*(partial(adopting.confirm, decision, by=by) for by in people[1:3]))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Decision", "NothingToConfirm"]
    assert (Confirmation.objects.count(), Execution.objects.count()) == (1, 1)


def test_reminders_written_by_two_workers_at_once_are_written_once(people):
    motion = motions.propose(Committee.objects.get(kind="assembly"), by=people[0], title="T", text="T")
    ballots.open_ballot(motion, by=people[0], closes_on=date(2026, 11, 21))
    OutgoingMessage.objects.all().delete()
    moment = datetime(2026, 11, 21, 15, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        assert sorted(at_once(*(partial(ballot_mail.remind_due, moment) for _worker in range(2)))) == [0, 4]
    assert OutgoingMessage.objects.count() == 4


def test_secret_answers_given_at_once_are_all_counted(people):
    DecisionRule.objects.create(
        committee=Committee.objects.get(kind="assembly"), starts_on=make.LONG_AGO, method="vote", secret=True
    )
    motion = motions.propose(Committee.objects.get(kind="assembly"), by=people[0], title="T", text="T")
    ballot = ballots.open_ballot(motion, by=people[0], closes_on=TODAY)
    choices = ("agree", "agree", "disagree", "abstain")
    at_once(
        *(
            partial(ballots.answer, ballot, by=by, choice=choice)
            for by, choice in zip(people, choices, strict=True)
        )
    )
    assert Elector.objects.filter(answered=True).count() == 4
    closed = ballots.close(ballot, by=people[0])
    assert (closed.agree, closed.disagree, closed.abstain) == (2, 1, 1)


def _written_in(transactions: list[str]) -> dict[str, int]:
    """How many rows of each table these transactions wrote last."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE xmin::text = ANY(%s)', [transactions])
            (count,) = cursor.fetchone()
            if count:
                found[table] = count
    return found


def test_transactions_of_secret_answers_join_nothing_to_their_authors(people):
    """Each answer is committed. Who answers last wrote the box last, whatever is in it; once counted, nobody did."""
    assembly = Committee.objects.get(kind="assembly")
    DecisionRule.objects.create(committee=assembly, starts_on=make.LONG_AGO, method="vote", secret=True)
    motion = motions.propose(assembly, by=people[0], title="T", text="T")
    ballot = ballots.open_ballot(motion, by=people[0], closes_on=TODAY)
    with connection.cursor() as cursor:
        for person, choice in zip(people, ("disagree", "agree", "agree", "abstain"), strict=True):
            ballots.answer(ballot, by=person, choice=choice)
        cursor.execute("SELECT xmin::text FROM members_elector ORDER BY xmin::text::bigint")
        each = [written for (written,) in cursor.fetchall()]
    assert len(set(each)) == 4
    # Who answered is written within the transaction of the box, in a savepoint of its own: its number plus one.
    around = [[one, str(int(one) - 1)] for one in each]
    assert [_written_in(both) for both in around] == [
        *[{"members_elector": 1}] * 3,
        {"members_elector": 1, "members_ballotbox": 1},
    ]
    ballots.close(ballot, by=people[1])
    assert _written_in([number for both in around for number in both]) == {"members_elector": 4}


def test_minutes_written_twice_at_once_keep_the_first():
    """Both had the same version before their eyes: one is told that somebody else wrote meanwhile."""
    body, people = make.committee(), [make.person(name) for name in ("Ana", "Bob")]
    for person in people:
        Mandate.objects.create(committee=body, person=person, starts_on=make.LONG_AGO)
    with time_machine.travel("2026-11-20T15:00:00Z", tick=False):
        meeting = meetings.call(
            body, by=people[0], on=TODAY, starts_at=time(9), ends_at=time(10), place="Ici"
        )
        point = meetings.add_point(meeting, by=people[0], title="Budget", wanted="hear")
        outcomes = at_once(
            *(
                partial(
                    minutes.write_minutes, meeting, by=by, seen=0, attendance={}, said={point.pk: str(by)}
                )
                for by in people
            )
        )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Minutes", "WrittenMeanwhile"]
    point.refresh_from_db()
    assert point.said == str(meeting.minutes.written_by)
