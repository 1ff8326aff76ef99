"""Two people, one week, the same instant: real transactions in real threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, connection

from members import journal
from members.models import Power
from tests import make
from timesheets import drafts, workflow
from timesheets.drafts import Cell, Content
from timesheets.models import PersonMonth, TaskMonth, TimeEntry, WeekSheet
from timesheets.refusals import Refused
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = date(2026, 1, 5)
ROUNDS = 20


@pytest.fixture(autouse=True)
def _later():
    with time_machine.travel("2026-11-23 12:00-05:00"):
        yield


def together(*acts) -> list:
    """Each act in its own connection, started at the same instant: what it returned, or its refusal."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait()
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.fixture
def ana():
    return make.person("Ana", starts_on=MONDAY)


@pytest.fixture
def task():
    return make.task("Paie")


def waiting(ana, task, week: int) -> tuple[WeekSheet, str]:
    starts_on = MONDAY + timedelta(7 * week)
    sheet = make.sheet(ana, starts_on=starts_on, hours={"mon": 7, "tue": 6}, task=task)
    workflow.submit(sheet, by=ana)
    return sheet, digest_of(lines_of(sheet.entries.all()))


def refusals(results) -> list:
    return [result for result in results if isinstance(result, Exception)]


def test_week_approved_and_sent_back_at_the_same_instant_is_one_or_the_other(ana, task):
    bob, cleo = (make.person(name, powers=[Power.APPROVE_HOURS]) for name in ("Bob", "Cléo"))
    for week in range(ROUNDS):
        sheet, seen = waiting(ana, task, week)
        results = together(
            lambda sheet=sheet, seen=seen: workflow.approve(sheet, by=bob, seen=seen),
            lambda sheet=sheet, seen=seen: workflow.send_back(sheet, by=cleo, because="non", seen=seen),
        )
        assert len(refusals(results)) == 1
        sheet.refresh_from_db()
        final = sheet.entries.exclude(approved_at=None).count()
        assert (sheet.state, final) in {("approved", 2), ("draft", 0)}
        assert sheet.decisions.count() == 2
    assert journal.first_broken_line() is None


def test_two_approvals_of_one_week_make_one(ana, task):
    bob, cleo = (make.person(name, powers=[Power.APPROVE_HOURS]) for name in ("Bob", "Cléo"))
    sheet, seen = waiting(ana, task, 0)
    results = together(*[lambda by=by: workflow.approve(sheet, by=by, seen=seen) for by in (bob, cleo) * 4])
    assert len(refusals(results)) == 7
    assert list(sheet.decisions.values_list("act", flat=True)) == ["submitted", "approved"]


def test_withdrawing_and_approving_at_the_same_instant_is_one_or_the_other(ana, task):
    bob = make.person("Bob", powers=[Power.APPROVE_HOURS])
    for week in range(5):
        sheet, seen = waiting(ana, task, week)
        results = together(
            lambda sheet=sheet: workflow.withdraw(sheet, by=ana),
            lambda sheet=sheet, seen=seen: workflow.approve(sheet, by=bob, seen=seen),
        )
        assert len(refusals(results)) == 1
        sheet.refresh_from_db()
        assert sheet.state in {"draft", "approved"}


def test_two_first_saves_of_one_cell_keep_one_and_tell_the_other(ana, task):
    for week in range(5):
        starts_on = MONDAY + timedelta(7 * week)
        cell = Cell(task.pk, None, starts_on)
        saved = together(
            *[
                lambda minutes=minutes, starts_on=starts_on, cell=cell: drafts.save_draft(
                    ana, starts_on, {cell: Content(minutes)}, based_on={}
                )
                for minutes in (60, 120)
            ]
        )
        kept = TimeEntry.objects.get(day=starts_on).minutes
        contested = [one.contested for one in saved if one.contested]
        assert contested == [{cell: Content(kept)}]


def test_same_save_sent_twice_writes_once(ana, task):
    cell = Cell(task.pk, None, MONDAY)
    saved = together(
        *[lambda: drafts.save_draft(ana, MONDAY, {cell: Content(60)}, based_on={}) for _ in range(4)]
    )
    assert all(one.is_whole for one in saved)
    assert TimeEntry.objects.get().minutes == 60


def test_lines_written_at_once_never_fill_more_than_a_day(ana, task):
    cell = Cell(task.pk, None, MONDAY)
    results = together(*[lambda: drafts.add_entry(ana, MONDAY, cell, 600) for _ in range(4)])
    assert len(refusals(results)) == 2
    assert sum(TimeEntry.objects.values_list("minutes", flat=True)) == 1200


def test_entry_written_by_sql_waits_for_the_submission_and_is_then_refused(ana, task):
    """The database decides as well when both acts bypass the verbs."""
    for week in range(5):
        starts_on = MONDAY + timedelta(7 * week)
        sheet = make.sheet(ana, starts_on=starts_on, hours={"mon": 1}, task=task)

        def insert(sheet=sheet, starts_on=starts_on):
            try:
                TimeEntry.objects.create(sheet=sheet, person=ana, day=starts_on, task=task, minutes=5)
            except IntegrityError as refusal:
                return refusal
            finally:
                connection.close()

        together(lambda sheet=sheet: workflow.submit(sheet, by=ana), insert)
        assert sheet.decisions.get().digest == digest_of(lines_of(sheet.entries.all()))


def test_overlapping_lists_approved_at_once_never_wait_for_each_other(ana, task):
    """Two members tick weeks of which some are the same: one list is approved, the other changed meanwhile."""
    bob, cleo = (make.person(name, powers=[Power.APPROVE_HOURS]) for name in ("Bob", "Cléo"))
    for turn in range(5):
        (first, one), (shared, both), (last, other) = (waiting(ana, task, 3 * turn + n) for n in range(3))
        results = together(
            lambda seen={first.pk: one, shared.pk: both}: workflow.approve_all(seen, by=bob),
            lambda seen={shared.pk: both, last.pk: other}: workflow.approve_all(seen, by=cleo),
        )
        assert len(refusals(results)) == 1
        assert WeekSheet.objects.filter(pk__in=[first.pk, shared.pk, last.pk], state="approved").count() == 2


def test_weeks_approved_at_once_are_all_in_the_sums_of_their_month(ana, task):
    bob, cleo = (make.person(name, powers=[Power.APPROVE_HOURS]) for name in ("Bob", "Cléo"))
    bea = make.person("Béa", starts_on=MONDAY)
    for week in range(4):
        (one, of_one), (other, of_other) = waiting(ana, task, week), waiting(bea, task, week)
        results = together(
            lambda sheet=one, seen=of_one: workflow.approve(sheet, by=bob, seen=seen),
            lambda sheet=other, seen=of_other: workflow.approve(sheet, by=cleo, seen=seen),
        )
        assert not refusals(results)
    assert TaskMonth.objects.get().minutes == 4 * 2 * 13 * 60
    assert list(PersonMonth.objects.values_list("minutes", flat=True)) == [4 * 13 * 60] * 2
