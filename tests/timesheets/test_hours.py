"""What the other apps read of the hours."""

from datetime import date, timedelta

import pytest
import time_machine

from members.models import Power
from tests import make
from timesheets import conflicts, hours, workflow
from timesheets.hours import Standing, Unfinished, Unsettled
from timesheets.models import LeaveCancellation, WeekSheet
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db
MONDAY = make.MONDAY
SUNDAY = MONDAY + timedelta(6)
NEXT = MONDAY + timedelta(7)


@pytest.fixture(autouse=True)
def _later():
    with time_machine.travel("2026-11-23 12:00-05:00", tick=False):
        yield


@pytest.fixture
def ana():
    return make.person("Ana")


@pytest.fixture
def bob():
    return make.person("Bob", powers=[Power.APPROVE_HOURS], minutes=0)


def test_approved_minutes_are_told_by_person_and_day_with_corrections(ana, bob):
    sheet = make.approved(ana, hours={"mon": 7, "tue": 3}, by=bob)
    make.corrected(sheet.entries.get(day=MONDAY), -60, by=bob)
    make.approved(bob, hours={"sun": 2})
    make.sheet(make.person("Cléo"), hours={"mon": 5})
    days = hours.approved_days(SUNDAY)
    assert [(one.person_id, one.day, one.week_starts_on, one.minutes) for one in days] == [
        (ana.pk, MONDAY, MONDAY, 360),
        (ana.pk, MONDAY + timedelta(1), MONDAY, 180),
        (bob.pk, SUNDAY, MONDAY, 120),
    ]


def test_day_taken_back_whole_is_told_as_zero(ana):
    sheet = make.approved(ana, hours={"mon": 7})
    make.corrected(sheet.entries.get(), -420)
    assert [one.minutes for one in hours.approved_days(SUNDAY)] == [0]
    assert hours.minutes_by_role(MONDAY, SUNDAY) == {}


def test_approved_days_keep_to_the_days_and_people_asked_for(ana, bob):
    make.approved(ana, hours={"mon": 7, "wed": 7})
    make.approved(bob, hours={"tue": 7})
    tuesday, wednesday = MONDAY + timedelta(1), MONDAY + timedelta(2)
    assert [one.day for one in hours.approved_days(tuesday)] == [MONDAY, tuesday]
    assert [one.day for one in hours.approved_days(wednesday, since=tuesday)] == [wednesday, tuesday]
    assert [one.person_id for one in hours.approved_days(SUNDAY, people=[bob.pk])] == [bob.pk]
    assert hours.approved_days(SUNDAY, people=[]) == []


def test_days_are_counted_in_the_week_the_co_op_starts(ana):
    make.cooperative(week_starts_on=6)
    sunday = MONDAY - timedelta(1)
    make.approved(ana, starts_on=sunday, hours={"mon": 7})
    assert [(one.day, one.week_starts_on) for one in hours.approved_days(SUNDAY)] == [(sunday, sunday)]


def test_minutes_by_role_are_told_most_first(ana):
    make.approved(ana, hours={"mon": 2}, task=make.task(role="Paie"))
    make.approved(ana, hours={"tue": 3}, task=make.task(role="Web"))
    make.approved(ana, hours={"wed": 2}, task=make.task(role="Web"))
    assert hours.minutes_by_role(MONDAY, SUNDAY) == {ana.pk: [("Web", 300), ("Paie", 120)]}
    assert hours.minutes_by_role(MONDAY, MONDAY) == {ana.pk: [("Paie", 120)]}
    assert hours.minutes_by_role(MONDAY, SUNDAY, people=[]) == {}


def test_each_week_not_settled_says_why(ana, bob):
    def sheet(name):
        return make.sheet(make.person(name), hours={"mon": 7, "tue": 1})

    draft, waiting, asked, sent, part = (sheet(name) for name in ("Cléo", "Denis", "Ève", "Fred", "Gil"))
    for one in (waiting, asked, sent, part):
        workflow.submit(one, by=one.person)
    question = {asked.entries.first().pk: "Pourquoi?"}
    workflow.approve(asked, by=bob, seen=digest_of(lines_of(asked.entries.all())), questions=question)
    workflow.send_back(sent, by=bob, seen=digest_of(lines_of(sent.entries.all())), because="non")
    make.approve(part, by=bob)
    told = {(one.person_id, one.week_starts_on): one for one in hours.unsettled_sheets(MONDAY, SUNDAY)}
    assert told == {
        (ana.pk, MONDAY): Unsettled(ana.pk, MONDAY, Standing.MISSING, 0, {}),
        (draft.person_id, MONDAY): Unsettled(draft.person_id, MONDAY, Standing.DRAFT, 480, {}),
        (waiting.person_id, MONDAY): Unsettled(
            waiting.person_id, MONDAY, Standing.WAITING, 480, {"pk": waiting.pk}
        ),
        (asked.person_id, MONDAY): Unsettled(
            asked.person_id, MONDAY, Standing.QUESTIONED, 420, {"pk": asked.pk}
        ),
        (sent.person_id, MONDAY): Unsettled(
            sent.person_id, MONDAY, Standing.QUESTIONED, 480, {"pk": sent.pk}
        ),
    }


def test_week_is_missing_only_on_days_with_agreed_hours():
    ana = make.person("Ana", starts_on=NEXT)
    make.person("Occasionnelle", minutes=0)
    assert hours.unsettled_sheets(MONDAY, SUNDAY) == []
    assert [(one.person_id, one.week_starts_on) for one in hours.unsettled_sheets(MONDAY, NEXT)] == [
        (ana.pk, NEXT)
    ]


def test_reopened_week_is_unsettled_only_for_the_days_that_wait(ana, bob):
    make.approved(ana, hours={"mon": 7}, by=bob)
    WeekSheet.objects.update(state="draft", submitted_at=None, approved_at=None, approved_by=None)
    make.sheet(ana, hours={"fri": 1})
    friday = MONDAY + timedelta(4)
    assert hours.unsettled_sheets(MONDAY, friday - timedelta(1)) == []
    assert [(one.state, one.minutes) for one in hours.unsettled_sheets(friday, SUNDAY)] == [
        (Standing.DRAFT, 60)
    ]


@pytest.mark.parametrize("people", [1, 3])
def test_reading_hours_takes_the_same_queries_for_one_and_for_three(people, django_assert_num_queries):
    for _ in range(people):
        make.approved(make.person(), hours={"mon": 7, "tue": 7})
        make.sheet(make.person(), hours={"mon": 7})
    with django_assert_num_queries(2):
        hours.approved_days(SUNDAY)
    with django_assert_num_queries(1):
        hours.minutes_by_role(MONDAY, SUNDAY)
    with django_assert_num_queries(4):
        hours.unsettled_sheets(date(2026, 10, 1), SUNDAY)


@pytest.mark.parametrize("act", [None, "submit", "question", "send back", "approve"])
def test_week_at_a_glance_says_where_it_stands(ana, bob, act):
    sheet = make.sheet(ana, hours={"mon": 7, "tue": 1})
    if act:
        workflow.submit(sheet, by=ana)
    seen = digest_of(lines_of(sheet.entries.all()))
    if act == "question":
        workflow.approve(sheet, by=bob, seen=seen, questions={sheet.entries.first().pk: "Pourquoi?"})
    elif act == "send back":
        workflow.send_back(sheet, by=bob, because="non", seen=seen)
    elif act == "approve":
        workflow.approve(sheet, by=bob, seen=seen)
    week = hours.week_summary(ana, MONDAY + timedelta(3), 0)
    assert (week.starts_on, week.ends_on, week.minutes, week.agreed_minutes) == (MONDAY, SUNDAY, 480, 35 * 60)
    tones = {None: "plain", "submit": "info", "question": "warn", "send back": "warn", "approve": "ok"}
    assert week.tone == tones[act]


def test_week_without_a_sheet_is_told_as_not_submitted(ana):
    week = hours.week_summary(ana, SUNDAY, 0)
    assert (week.starts_on, week.minutes, week.tone) == (MONDAY, 0, "plain")


def test_weeks_given_back_or_forgotten_ask_for_their_owner(ana, bob):
    questioned, returned, forgotten, begun, waiting = (
        make.sheet(ana, starts_on=MONDAY + timedelta(7 * week), hours={"mon": 7}) for week in range(-4, 1)
    )
    for sheet in (questioned, returned, waiting):
        workflow.submit(sheet, by=ana)
    seen = digest_of(lines_of(questioned.entries.all()))
    workflow.approve(questioned, by=bob, seen=seen, questions={questioned.entries.first().pk: "Pourquoi?"})
    workflow.send_back(returned, by=bob, because="non", seen=digest_of(lines_of(returned.entries.all())))
    make.sheet(bob, hours={"mon": 7})
    assert hours.week_summary(ana, begun.starts_on, 0).unfinished == (
        Unfinished(questioned.starts_on, is_given_back=True),
        Unfinished(returned.starts_on, is_given_back=True),
        Unfinished(forgotten.starts_on, is_given_back=False),
    )


def test_week_given_back_in_part_and_answered_asks_nothing_more(ana, bob):
    sheet = make.sheet(ana, hours={"mon": 7, "tue": 7})
    workflow.submit(sheet, by=ana)
    seen = digest_of(lines_of(sheet.entries.all()))
    workflow.approve(sheet, by=bob, seen=seen, questions={sheet.entries.first().pk: "Pourquoi?"})
    assert hours.week_summary(ana, NEXT, 0).unfinished == (Unfinished(MONDAY, is_given_back=True),)
    sheet.refresh_from_db()
    workflow.submit(sheet, by=ana)
    assert hours.week_summary(ana, NEXT, 0).unfinished == ()


def test_what_waits_is_counted_without_ones_own(ana, bob, django_assert_num_queries):
    assert hours.waits_for(bob) == hours.Waits()
    for person in (ana, bob):
        workflow.submit(make.sheet(person, hours={"mon": 7}), by=person)
        make.leave(person, NEXT)
    past = make.leave(ana, MONDAY, by=bob)
    LeaveCancellation.objects.create(
        leave=past, person=ana, starts_on=MONDAY, ends_on=MONDAY, because="Erreur", asked_on=NEXT
    )
    stranger = make.person()
    with django_assert_num_queries(2):
        assert (hours.waits_for(bob), hours.waits_for(stranger)) == (
            hours.Waits(1, 2, others_weeks=1),
            hours.Waits(2, 3),
        )
    conflicts.declare(ana, by=bob)
    assert hours.waits_for(bob) == hours.Waits(0, 0, others_weeks=2)
