"""Stepping aside: whoever declared a conflict of interest decides no more, by no door; others do."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from members.models import JournalEntry, Power
from members.powers import NotAllowed
from tests import make
from timesheets import conflicts, workflow
from timesheets.models import ConflictOfInterest, LeaveCancellation
from timesheets.refusals import NotAllEligible
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def today():
    make.cooperative()
    with time_machine.travel("2026-11-20 12:00-05:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana():
    return make.person("Ana", language="en-ca")


@pytest.fixture
def bob():
    return make.person("Bob", powers=[Power.APPROVE_HOURS], language="en-ca")


@pytest.fixture
def waiting(ana):
    return workflow.submit(make.sheet(ana, starts_on=MONDAY, hours={"mon": 7}), by=ana)


def seen(sheet) -> str:
    return digest_of(lines_of(sheet.entries.all()))


def test_whoever_steps_aside_neither_approves_nor_sends_back(ana, bob, waiting):
    conflicts.declare(ana, by=bob, because="cousins")
    with pytest.raises(conflicts.StepsAside):
        workflow.approve(waiting, by=bob, seen=seen(waiting))
    with pytest.raises(conflicts.StepsAside):
        workflow.send_back(waiting, by=bob, seen=seen(waiting), because="x")
    with pytest.raises(NotAllEligible):
        workflow.approve_all({waiting.pk: seen(waiting)}, by=bob)
    assert JournalEntry.objects.latest("seq").event == "hours.stepped_aside"
    other = make.person("Zoé", powers=[Power.APPROVE_HOURS])
    assert list(conflicts.who_can_decide(ana)) == [other]
    workflow.approve(waiting, by=other, seen=seen(waiting))


@pytest.mark.parametrize("table", ["timesheets_weeksheet", "timesheets_timeentry"])
def test_database_refuses_it_by_any_door(ana, bob, waiting, table):
    conflicts.declare(ana, by=bob)
    if table == "timesheets_weeksheet":
        waiting = workflow.withdraw(waiting, by=ana)
        waiting.entries.all().delete()
        workflow.submit(waiting, by=ana)
    with (
        pytest.raises(IntegrityError, match="conflict of interest"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE {table} SET approved_by_id = %s, approved_at = now()"
            + (", state = 'approved'" if table.endswith("sheet") else ""),
            [bob.pk],
        )


def test_it_ends_when_the_one_who_declared_it_says_so(ana, bob, waiting, today):
    conflict = conflicts.declare(ana, by=bob)
    with pytest.raises(conflicts.NotYourConflict):
        conflicts.end(conflict, by=ana)
    today.shift(timedelta(days=2))
    conflicts.end(conflict, by=bob)
    conflict.refresh_from_db()
    assert conflict.ends_on == date(2026, 11, 21)
    workflow.approve(waiting, by=bob, seen=seen(waiting))


def test_declared_by_mistake_today_it_is_taken_back(ana, bob):
    conflicts.end(conflicts.declare(ana, by=bob), by=bob)
    assert not ConflictOfInterest.objects.exists()


def test_what_is_no_conflict(ana, bob):
    with pytest.raises(NotAllowed):
        conflicts.declare(bob, by=ana)
    with pytest.raises(ValidationError):
        conflicts.declare(bob, by=bob)
    conflicts.declare(ana, by=bob)
    with pytest.raises(ValidationError):
        conflicts.declare(ana, by=bob)


def test_on_screen_it_is_declared_shown_and_ended(client, ana, bob, waiting):
    client.force_login(bob)
    page = client.get(f"/hours/queue/{waiting.pk}/step-aside/").content.decode()
    assert "nobody yet: these hours will wait" in page
    client.post(f"/hours/queue/{waiting.pk}/step-aside/", {"because": "cousins"})
    review = client.get(f"/hours/queue/{waiting.pk}/").content.decode()
    assert "You declared a conflict of interest" in review
    assert f'/hours/queue/{waiting.pk}/approve/" method' not in review
    queue = client.get("/hours/queue/").content.decode()
    assert "you step aside: another member approves" in queue
    assert 'name="sheet"' not in queue
    listed = client.get("/hours/queue/conflicts/").content.decode()
    assert "cousins" in listed
    client.post(f"/hours/queue/conflicts/{ConflictOfInterest.objects.get().pk}/end/")
    assert 'name="sheet"' in client.get("/hours/queue/").content.decode()


def test_only_ones_own_conflict_is_ended_and_only_the_committee_reads_them(client, ana, bob, waiting):
    conflict = conflicts.declare(ana, by=bob)
    client.force_login(make.person("Zoé", powers=[Power.APPROVE_HOURS]))
    assert client.post(f"/hours/queue/conflicts/{conflict.pk}/end/").status_code == 404
    client.force_login(ana)
    assert client.get("/hours/queue/conflicts/").status_code == 403


@pytest.mark.parametrize("what", ["leave", "cancellation"])
def test_database_keeps_whoever_steps_aside_from_leave_too(ana, bob, what):
    other = make.person("Clo", powers=[Power.APPROVE_HOURS])
    asked = make.leave(ana, date(2026, 11, 18))
    table, state = "timesheets_leave", "approved"
    if what == "cancellation":
        make.leave(ana, MONDAY, by=other)
        asked = LeaveCancellation.objects.create(
            leave=ana.leaves.get(starts_on=MONDAY),
            person=ana,
            starts_on=MONDAY,
            ends_on=MONDAY,
            because="x",
            asked_on=date(2026, 11, 20),
        )
        table, state = "timesheets_leavecancellation", "accepted"
    conflicts.declare(ana, by=bob)

    def decide(by):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET state = %s, decided_by_id = %s, decided_at = now() WHERE id = %s",
                [state, by.pk, asked.pk],
            )

    with pytest.raises(IntegrityError, match="declared a conflict of interest"):
        decide(bob)
    decide(other)
    asked.refresh_from_db()
    assert asked.decided_by == other
