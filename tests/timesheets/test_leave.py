"""The acts on leave, what refuses them, and what the database keeps whoever asks."""

import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from koumbit.refusals import Refused
from members.models import JournalEntry, OutgoingMessage, Power
from members.powers import NotAllowed
from payroll import profiles
from tests import make
from tests.payroll import paid
from timesheets import conflicts, hours, leave, nudges
from timesheets.models import Leave, LeaveCancellation, LeaveDay

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=ZoneInfo("America/Toronto"))
YESTERDAY, TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)
MONDAY = date(2026, 11, 30)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]
A_DAY = 7 * 60
CANADA_DAY, LABOUR_DAY = date(2026, 7, 1), date(2026, 9, 7)
State = Leave.State


@pytest.fixture(autouse=True)
def _wednesday():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def ana(db):
    make.cooperative()
    return make.person("Ana", language="en-ca")


@pytest.fixture
def clerk(db):
    return make.person("Bob", powers=[Power.APPROVE_HOURS])


def ask(person, *days, kind="vacation", minutes=A_DAY, **more) -> Leave:
    return leave.request(by=person, kind=kind, days=dict.fromkeys(days, minutes), **more)


def seen(asked) -> str:
    asked.refresh_from_db()
    return leave.digest_of(asked, dict(asked.days.values_list("day", "minutes")))


def approved(person, *days, by, **more) -> Leave:
    asked = ask(person, *days, **more)
    return leave.approve(asked, by=by, seen=seen(asked))


def state_of(row) -> str:
    row.refresh_from_db()
    return row.state


def journal() -> list[str]:
    return list(
        JournalEntry.objects.filter(event__startswith="leave.")
        .order_by("seq")
        .values_list("event", flat=True)
    )


def standing(person) -> list[date]:
    return [day.day for day in LeaveDay.objects.standing().filter(person=person)]


# Asking -------------------------------------------------------------------------------------------


def test_leave_is_asked_for_day_by_day(ana):
    asked = leave.request(
        by=ana, kind="vacation", days={WEEK[3]: 210, MONDAY: A_DAY, WEEK[1]: 0}, note=" Noces "
    )
    assert (asked.starts_on, asked.ends_on, asked.state, asked.note) == (
        MONDAY,
        WEEK[3],
        "requested",
        "Noces",
    )
    assert list(asked.days.values_list("day", "minutes")) == [(MONDAY, A_DAY), (WEEK[3], 210)]


def test_sick_day_is_asked_for_afterwards(ana):
    assert ask(ana, YESTERDAY, kind="sick").starts_on == YESTERDAY


def test_leave_without_a_day_is_refused(ana):
    with pytest.raises(leave.NoDays):
        leave.request(by=ana, kind="vacation", days={MONDAY: 0})


def test_leave_of_more_than_a_year_at_once_is_refused(ana):
    ask(ana, MONDAY, MONDAY + timedelta(days=370), kind="parental")
    with pytest.raises(leave.TooLongAtOnce):
        ask(ana, MONDAY, MONDAY + timedelta(days=371), kind="parental")


def test_leave_without_a_work_status_is_refused_and_names_the_day(ana):
    ana.work_statuses.update(ends_on=MONDAY)
    with pytest.raises(leave.NotWorkingThen, match=r"1 December 2026|1er décembre 2026"):
        ask(ana, MONDAY, WEEK[1])
    assert not Leave.objects.exists()


def test_freelancer_is_away_without_pay(ana):
    bo = make.person("Bo", kind="freelance")
    with pytest.raises(leave.FreelanceIsUnpaid):
        ask(bo, MONDAY, kind="sick")
    assert ask(bo, MONDAY, kind="unpaid").is_requested


def test_day_holds_no_more_than_24_hours_of_live_leave(ana, clerk):
    first = ask(ana, MONDAY, minutes=20 * 60)
    with pytest.raises(leave.DayIsFull, match="25"):
        ask(ana, MONDAY, WEEK[1], minutes=5 * 60)
    ask(ana, MONDAY, minutes=4 * 60)
    leave.withdraw(first, by=ana)
    ask(ana, MONDAY, minutes=20 * 60)
    assert sum(day.minutes for day in LeaveDay.objects.live()) == 24 * 60


def test_day_given_back_has_room_again(ana, clerk):
    first = approved(ana, MONDAY, by=clerk, minutes=24 * 60)
    leave.cancel(first, by=ana, starts_on=MONDAY, ends_on=MONDAY)
    assert ask(ana, MONDAY, minutes=24 * 60).is_requested


def test_request_is_changed_while_nobody_decided(ana, clerk):
    asked = ask(ana, *WEEK)
    changed = leave.change(asked, by=ana, kind="unpaid", days={WEEK[4]: 60}, note="Plutôt vendredi")
    assert (changed.kind, changed.starts_on, changed.ends_on) == ("unpaid", WEEK[4], WEEK[4])
    assert list(changed.days.values_list("day", "minutes")) == [(WEEK[4], 60)]
    leave.approve(changed, by=clerk, seen=seen(changed))
    with pytest.raises(leave.LeaveIsDecided):
        leave.change(changed, by=ana, kind="sick", days={WEEK[4]: 60})


def test_refused_change_leaves_the_request_as_it_was(ana):
    asked = ask(ana, *WEEK)
    with pytest.raises(leave.NoDays):
        leave.change(asked, by=ana, kind="unpaid", days={})
    assert asked.days.count() == 5


def test_only_its_owner_changes_or_withdraws_a_request(ana, clerk):
    asked = ask(ana, MONDAY)
    for do in (
        lambda: leave.change(asked, by=clerk, kind="unpaid", days={MONDAY: 60}),
        lambda: leave.withdraw(asked, by=clerk),
    ):
        with pytest.raises(leave.NotYourLeave):
            do()
    leave.withdraw(asked, by=ana)
    assert state_of(asked) == State.WITHDRAWN
    with pytest.raises(leave.LeaveIsDecided):
        leave.withdraw(asked, by=ana)


# Compensatory days --------------------------------------------------------------------------------


def test_compensatory_day_stands_for_one_holiday_once(ana, clerk):
    first = ask(ana, MONDAY, kind="holiday", compensates=CANADA_DAY)
    with pytest.raises(leave.HolidayIsTaken, match="1"):
        ask(ana, WEEK[1], kind="holiday", compensates=CANADA_DAY)
    ask(ana, WEEK[1], kind="holiday", compensates=LABOUR_DAY)
    leave.refuse(first, by=clerk, because="Payé déjà", seen=seen(first))
    assert ask(ana, WEEK[2], kind="holiday", compensates=CANADA_DAY).is_requested


@pytest.mark.parametrize("compensates", [None, date(2026, 7, 2)])
def test_compensatory_day_names_a_holiday(ana, compensates):
    with pytest.raises(leave.NotAHoliday):
        ask(ana, MONDAY, kind="holiday", compensates=compensates)


# The committee ------------------------------------------------------------------------------------


def test_leave_is_approved_and_signed(ana, clerk):
    asked = approved(ana, *WEEK, by=clerk)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, asked.decided_at) == ("approved", clerk, NOON)
    assert standing(ana) == WEEK
    assert journal() == ["leave.requested", "leave.approved"]


def test_leave_is_refused_with_a_reason_its_owner_reads(ana, clerk):
    asked = ask(ana, *WEEK)
    with pytest.raises(leave.WhyRefused):
        leave.refuse(asked, by=clerk, because="  ", seen=seen(asked))
    leave.refuse(asked, by=clerk, because="Trois absents déjà", seen=seen(asked))
    assert (state_of(asked), asked.answer) == ("refused", "Trois absents déjà")
    assert standing(ana) == []


def test_decision_needs_a_mandate_of_today(ana, clerk):
    asked = ask(ana, MONDAY)
    late = make.person("Denis")
    make.mandate(late, [Power.APPROVE_HOURS], ends_on=YESTERDAY)
    for nobody in (late, make.person("Eve", powers=[Power.PREPARE_PAY])):
        with pytest.raises(NotAllowed):
            leave.approve(asked, by=nobody, seen=seen(asked))
        with pytest.raises(NotAllowed):
            leave.refuse(asked, by=nobody, because="non", seen=seen(asked))
    assert state_of(asked) == "requested"


def test_nobody_decides_on_their_own_leave(ana, clerk):
    asked = ask(clerk, MONDAY)
    for do in (leave.approve, lambda *a, **k: leave.refuse(*a, because="non", **k)):
        with pytest.raises(leave.OwnLeave):
            do(asked, by=clerk, seen=seen(asked))


def test_what_is_approved_is_what_was_seen(ana, clerk):
    asked = ask(ana, MONDAY)
    page = seen(asked)
    leave.change(asked, by=ana, kind="vacation", days={MONDAY: A_DAY, WEEK[1]: A_DAY})
    with pytest.raises(leave.LeaveChanged):
        leave.approve(asked, by=clerk, seen=page)
    with pytest.raises(leave.LeaveChanged):
        leave.refuse(asked, by=clerk, because="non", seen=page)
    assert state_of(asked) == "requested"


def test_digest_tells_every_part_of_a_request_apart(ana):
    asked = ask(ana, MONDAY, note="a")
    days = {MONDAY: A_DAY}
    told = {leave.digest_of(asked, days), leave.digest_of(asked, {MONDAY: 1}), leave.digest_of(asked, {})}
    for field, value in (("kind", "sick"), ("note", "b"), ("compensates", CANADA_DAY)):
        other = Leave.objects.get()
        setattr(other, field, value)
        told.add(leave.digest_of(other, days))
    assert len(told) == 6


def test_several_are_approved_together_or_none(ana, clerk):
    bea = make.person("Béa")
    one, two = ask(ana, MONDAY), ask(bea, MONDAY)
    digests = {one.pk: seen(one), two.pk: seen(two)}
    with pytest.raises(leave.LeaveChanged):
        leave.approve_all(digests | {two.pk: "old"}, by=clerk)
    assert [state_of(one), state_of(two)] == ["requested", "requested"]
    with pytest.raises(leave.LeaveChanged):
        leave.approve_all(digests | {0: ""}, by=clerk)
    leave.approve_all(digests, by=clerk)
    assert [state_of(one), state_of(two)] == ["approved", "approved"]


def test_answer_is_told_to_whoever_wishes_it(ana, clerk):
    nudges.choose(ana, leave=True)
    approved(ana, MONDAY, by=clerk)
    assert OutgoingMessage.objects.get().subject == "Your leave from 30 November 2026 is approved"


def test_journal_never_says_why_somebody_is_away(ana, clerk):
    asked = approved(ana, YESTERDAY, by=clerk, kind="sick", note="grippe")
    leave.cancel(asked, by=ana, starts_on=YESTERDAY, ends_on=YESTERDAY, because="guérie")
    said = str(list(JournalEntry.objects.values_list("event", "body")))
    assert "sick" not in said
    assert "grippe" not in said
    assert "guérie" not in said
    assert {
        tuple(sorted(entry.body)) for entry in JournalEntry.objects.filter(event__startswith="leave.")
    } == {
        ("leave", "person"),
        ("cancellation", "leave", "person"),
    }


# Giving back --------------------------------------------------------------------------------------


def test_days_to_come_are_given_back_at_once(ana, clerk):
    asked = approved(ana, *WEEK, by=clerk)
    back = leave.cancel(asked, by=ana, starts_on=WEEK[2], ends_on=WEEK[4])
    assert (back.state, back.decided_by) == ("accepted", None)
    assert standing(ana) == WEEK[:2]
    assert state_of(asked) == "approved"
    assert journal()[-1] == "leave.cancelled"


def test_given_back_beyond_the_leave_is_cut_to_it(ana, clerk):
    asked = approved(ana, *WEEK, by=clerk)
    back = leave.cancel(asked, by=ana, starts_on=TOMORROW, ends_on=date(2030, 1, 1))
    assert (back.starts_on, back.ends_on) == (MONDAY, WEEK[4])


@pytest.mark.parametrize("day", [YESTERDAY, TODAY])
def test_day_that_has_begun_is_given_back_by_the_committee(ana, clerk, day):
    asked = approved(ana, day, TOMORROW, by=clerk, kind="sick")
    with pytest.raises(leave.SayWhatHappened):
        leave.cancel(asked, by=ana, starts_on=day, ends_on=TOMORROW)
    back = leave.cancel(asked, by=ana, starts_on=day, ends_on=TOMORROW, because="Revenue travailler")
    assert back.is_requested
    assert standing(ana) == [day, TOMORROW]
    leave.accept_cancellation(back, by=clerk)
    assert standing(ana) == []
    back.refresh_from_db()
    assert (back.decided_by, back.decided_at) == (clerk, NOON)


def test_committee_keeps_the_leave_and_says_why(ana, clerk):
    asked = approved(ana, YESTERDAY, by=clerk)
    back = leave.cancel(asked, by=ana, starts_on=YESTERDAY, ends_on=YESTERDAY, because="Travaillé")
    with pytest.raises(leave.WhyRefused):
        leave.refuse_cancellation(back, by=clerk, because="")
    leave.refuse_cancellation(back, by=clerk, because="Personne ne t’a vue")
    assert standing(ana) == [YESTERDAY]
    with pytest.raises(leave.CancellationIsDecided):
        leave.accept_cancellation(back, by=clerk)
    again = leave.cancel(asked, by=ana, starts_on=YESTERDAY, ends_on=YESTERDAY, because="Si, le soir")
    leave.accept_cancellation(again, by=clerk)
    assert standing(ana) == []


def test_giving_back_is_withdrawn_by_its_owner(ana, clerk):
    asked = approved(ana, YESTERDAY, by=clerk)
    back = leave.cancel(asked, by=ana, starts_on=YESTERDAY, ends_on=YESTERDAY, because="Erreur")
    with pytest.raises(leave.CancellationWaits):
        leave.cancel(asked, by=ana, starts_on=YESTERDAY, ends_on=YESTERDAY, because="Erreur")
    with pytest.raises(leave.NotYourLeave):
        leave.withdraw_cancellation(back, by=clerk)
    leave.withdraw_cancellation(back, by=ana)
    assert state_of(back) == "withdrawn"
    with pytest.raises(leave.CancellationIsDecided):
        leave.accept_cancellation(back, by=clerk)


def test_nobody_decides_on_giving_back_their_own(ana, clerk):
    other = make.person("Chloé", powers=[Power.APPROVE_HOURS])
    asked = approved(clerk, YESTERDAY, by=other)
    back = leave.cancel(asked, by=clerk, starts_on=YESTERDAY, ends_on=YESTERDAY, because="Erreur")
    with pytest.raises(leave.OwnLeave):
        leave.accept_cancellation(back, by=clerk)
    with pytest.raises(NotAllowed):
        leave.accept_cancellation(back, by=ana)


def test_only_approved_leave_of_ones_own_is_given_back_once(ana, clerk):
    asked = ask(ana, *WEEK)
    with pytest.raises(leave.NotApprovedLeave):
        leave.cancel(asked, by=ana, starts_on=MONDAY, ends_on=MONDAY)
    leave.approve(asked, by=clerk, seen=seen(asked))
    with pytest.raises(leave.NotYourLeave):
        leave.cancel(asked, by=clerk, starts_on=MONDAY, ends_on=MONDAY)
    leave.cancel(asked, by=ana, starts_on=MONDAY, ends_on=MONDAY)
    with pytest.raises(leave.NothingToGiveBack):
        leave.cancel(asked, by=ana, starts_on=MONDAY, ends_on=MONDAY)


# What the pay reads -------------------------------------------------------------------------------


def test_approved_leave_is_read_net_of_what_was_given_back(ana, clerk):
    week = approved(ana, *WEEK, by=clerk)
    approved(ana, MONDAY, by=clerk, minutes=60)
    approved(ana, MONDAY, by=clerk, minutes=30, kind="unpaid")
    ask(ana, TOMORROW)
    leave.cancel(week, by=ana, starts_on=WEEK[1], ends_on=WEEK[3])
    read = hours.approved_leave(date(2030, 1, 1))
    assert [(day.day, day.week_starts_on, day.kind, day.minutes) for day in read] == [
        (MONDAY, MONDAY, "unpaid", 30),
        (MONDAY, MONDAY, "vacation", A_DAY + 60),
        (WEEK[4], MONDAY, "vacation", A_DAY),
    ]
    assert {day.approved_at for day in read} == {NOON}


def test_approved_leave_is_read_for_some_days_people_and_kinds(ana, clerk):
    bea = make.person("Béa")
    approved(ana, *WEEK, by=clerk)
    approved(bea, *WEEK, by=clerk, kind="sick")
    assert {day.person_id for day in hours.approved_leave(WEEK[4], people=[bea.pk])} == {bea.pk}
    assert {day.person_id for day in hours.approved_leave(WEEK[4], kinds=["vacation"])} == {ana.pk}
    assert [day.day for day in hours.approved_leave(WEEK[1], since=WEEK[1], people=[ana.pk])] == [WEEK[1]]


@pytest.mark.parametrize("people", [1, 3])
def test_approved_leave_is_read_in_two_queries(clerk, people, django_assert_num_queries):
    make.cooperative()
    for number in range(people):
        approved(make.person(f"P{number}"), *WEEK, by=clerk)
    with django_assert_num_queries(2):
        assert len(hours.approved_leave(WEEK[4])) == 5 * people


# Banks --------------------------------------------------------------------------------------------


@pytest.fixture
def banked(db):
    """Ana's 42 hours are paid: two are banked, which are three hours of leave."""
    coop = paid.coop()
    profiles.bank_overtime(coop.ana, by=coop.ana, starts_on=paid.PERIOD, asked_on=paid.PERIOD)
    coop.pay(has_documents=False)
    return coop


def test_banked_overtime_is_taken_to_its_last_minute_and_no_further(banked, clerk):
    with pytest.raises(leave.BankIsShort, match="3\u00a0h"):
        ask(banked.ana, MONDAY, kind="banked", minutes=181)
    asked = ask(banked.ana, MONDAY, kind="banked", minutes=120)
    with pytest.raises(leave.BankIsShort, match="1\u00a0h"):
        ask(banked.ana, WEEK[1], kind="banked", minutes=61)
    leave.approve(asked, by=clerk, seen=seen(asked))
    with pytest.raises(leave.BankIsShort):
        ask(banked.ana, WEEK[1], kind="banked", minutes=61)
    assert approved(banked.ana, WEEK[1], kind="banked", minutes=60, by=clerk).is_approved


def test_request_is_changed_within_its_own_part_of_the_bank(banked):
    asked = ask(banked.ana, MONDAY, kind="banked", minutes=180)
    assert leave.change(asked, by=banked.ana, kind="banked", days={WEEK[1]: 170}).is_requested


def test_leave_given_back_is_in_the_bank_again(banked, clerk):
    asked = approved(banked.ana, MONDAY, kind="banked", minutes=180, by=clerk)
    leave.cancel(asked, by=banked.ana, starts_on=MONDAY, ends_on=MONDAY)
    assert ask(banked.ana, MONDAY, kind="banked", minutes=180).is_requested


def test_bank_is_looked_at_again_when_the_leave_is_approved(banked, clerk):
    """What was banked is paid out between the request and the decision."""
    asked = ask(banked.ana, MONDAY, kind="banked", minutes=180)
    profiles.pay_overtime(banked.ana, by=banked.ana, starts_on=paid.PERIOD)
    banked.pay(paid.next_period(), has_documents=False)
    with pytest.raises(leave.BankIsShort):
        leave.approve(asked, by=clerk, seen=seen(asked))
    assert state_of(asked) == "requested"


def test_nothing_is_taken_from_a_bank_nothing_went_into(ana):
    with pytest.raises(leave.BankIsShort, match="0\u00a0h"):
        ask(ana, MONDAY, kind="banked", minutes=1)


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_do_not_share_the_same_hours_of_the_bank():
    coop = paid.coop()
    profiles.bank_overtime(coop.ana, by=coop.ana, starts_on=paid.PERIOD, asked_on=paid.PERIOD)
    coop.pay(has_documents=False)
    outcomes, gate = [], threading.Barrier(2)

    def one(day):
        gate.wait()
        try:
            ask(coop.ana, day, kind="banked", minutes=180)
            outcomes.append("asked")
        except leave.BankIsShort:
            outcomes.append("short")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(day,)) for day in WEEK[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["asked", "short"]


# What the database keeps --------------------------------------------------------------------------


def refused(name: str, do) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        do()
    assert getattr(caught.value.__cause__.diag, "constraint_name", "") == name


def sql(statement: str, *values):
    def run():
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return run


def test_database_keeps_what_was_decided(ana, clerk):
    asked = approved(ana, *WEEK, by=clerk)
    final = "timesheets_leave_is_final"
    refused(final, lambda: Leave.objects.update(kind="sick"))
    refused(final, lambda: Leave.objects.update(state="requested", decided_at=None, decided_by=None))
    refused(final, sql("DELETE FROM timesheets_leave WHERE id = %s", asked.pk))
    refused("timesheets_leave_keeps_its_days", lambda: LeaveDay.objects.all()._raw_delete("default"))
    refused("timesheets_leaveday_written_once", lambda: LeaveDay.objects.update(minutes=1))
    refused(
        "timesheets_leave_keeps_its_days",
        lambda: LeaveDay.objects.create(leave=asked, person=ana, day=WEEK[0] + timedelta(days=5), minutes=1),
    )
    back = leave.cancel(asked, by=ana, starts_on=MONDAY, ends_on=MONDAY)
    refused(
        "timesheets_leavecancellation_is_final", lambda: LeaveCancellation.objects.update(ends_on=WEEK[4])
    )
    refused(
        "timesheets_leavecancellation_is_final",
        sql("DELETE FROM timesheets_leavecancellation WHERE id = %s", back.pk),
    )


def test_database_keeps_requests_written_and_decided_as_asked(ana, clerk):
    asked = ask(ana, *WEEK)
    signed = {"state": "approved", "decided_by": clerk, "decided_at": NOON}
    refused("timesheets_leave_stays_written", sql("DELETE FROM timesheets_leave WHERE id = %s", asked.pk))
    refused("timesheets_leave_decided_as_asked", lambda: Leave.objects.update(kind="sick", **signed))
    refused("timesheets_leave_decided_as_asked", lambda: Leave.objects.update(person=clerk))
    refused(
        "timesheets_leave_is_asked_for_first",
        lambda: Leave.objects.create(person=ana, kind="sick", starts_on=MONDAY, ends_on=MONDAY, **signed),
    )
    Leave.objects.filter(pk=asked.pk).update(ends_on=WEEK[1])
    refused("timesheets_leave_has_its_days", lambda: Leave.objects.update(**signed))


def test_database_refuses_what_half_says_who_decided(ana, clerk):
    asked = ask(ana, MONDAY)
    refused("timesheets_leave_decided_by_another", lambda: decide(asked, "approved", ana))
    refused("timesheets_leave_decision_is_signed", lambda: Leave.objects.update(state="approved"))
    refused(
        "timesheets_leave_decision_is_signed",
        lambda: Leave.objects.update(state="withdrawn", decided_by=clerk, decided_at=NOON),
    )
    refused("timesheets_leave_refused_says_why", lambda: decide(asked, "refused", clerk))


def decide(row, state, by):
    type(row).objects.filter(pk=row.pk).update(state=state, decided_by=by, decided_at=NOON)


def test_database_refuses_days_of_another_or_outside(ana, clerk):
    asked = ask(ana, MONDAY)
    within = "timesheets_leaveday_within_leave"
    refused(within, lambda: LeaveDay.objects.create(leave=asked, person=ana, day=WEEK[1], minutes=1))
    asked.days.all().delete()
    refused(within, lambda: LeaveDay.objects.create(leave=asked, person=clerk, day=MONDAY, minutes=1))
    refused(
        "timesheets_leave_minutes",
        lambda: LeaveDay.objects.create(leave=asked, person=ana, day=MONDAY, minutes=1441),
    )


def test_database_refuses_more_than_24_hours_on_a_day(ana):
    make.leave(ana, MONDAY, minutes=1440)
    refused("timesheets_leave_within_24_hours", lambda: make.leave(ana, MONDAY, minutes=1))


def test_database_refuses_a_compensatory_day_without_its_holiday(ana):
    name = "timesheets_leave_for_a_holiday"
    of = {"person": ana, "starts_on": MONDAY}
    refused(name, lambda: Leave.objects.create(**of, ends_on=MONDAY, kind="holiday"))
    refused(name, lambda: Leave.objects.create(**of, ends_on=WEEK[1], kind="holiday", compensates=CANADA_DAY))
    refused(name, lambda: Leave.objects.create(**of, ends_on=MONDAY, kind="sick", compensates=CANADA_DAY))
    refused(
        "timesheets_leave_days_in_order",
        lambda: Leave.objects.create(**of, ends_on=TODAY, kind="sick"),
    )


def test_database_refuses_a_cancellation_that_nobody_signed(ana, clerk):
    past = approved(ana, YESTERDAY, by=clerk)
    waiting = ask(ana, MONDAY)

    def back(of=past, person=ana, on=YESTERDAY, **more):
        return LeaveCancellation.objects.create(
            leave=of, person=person, starts_on=on, ends_on=on, asked_on=TODAY, **({"because": "x"} | more)
        )

    refused("timesheets_cancellation_is_signed", lambda: back(state="accepted"))
    refused("timesheets_cancellation_is_asked_for_first", lambda: back(state="refused"))
    refused("timesheets_cancellation_says_why", lambda: back(because=""))
    within = "timesheets_cancellation_within_leave"
    refused(within, lambda: back(of=waiting, on=MONDAY))
    refused(within, lambda: back(person=clerk))
    refused(within, lambda: back(on=TODAY))
    asked = back()
    refused("timesheets_one_cancellation_asked", back)
    refused("timesheets_cancellation_decided_by_another", lambda: decide(asked, "accepted", ana))
    refused("timesheets_cancellation_refused_says_why", lambda: decide(asked, "refused", clerk))
    refused(
        "timesheets_cancellation_decided_as_asked",
        lambda: LeaveCancellation.objects.update(state="withdrawn", because="y"),
    )
    refused(
        "timesheets_cancellation_stays_written",
        sql("DELETE FROM timesheets_leavecancellation WHERE id = %s", asked.pk),
    )


def test_refusal_writes_nothing(ana, clerk):
    asked = ask(ana, MONDAY)
    before = JournalEntry.objects.count()
    for do in (
        lambda: leave.approve(asked, by=clerk, seen="old"),
        lambda: ask(ana, MONDAY, minutes=1440),
        lambda: ask(ana, MONDAY, kind="banked"),
    ):
        with pytest.raises(Refused):
            do()
    assert JournalEntry.objects.count() == before
    assert LeaveDay.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        make.leave(ana, MONDAY, minutes=1441)


def test_approver_who_declared_a_conflict_of_interest_does_not_decide(ana, clerk):
    past = approved(ana, YESTERDAY, by=clerk)
    back = leave.cancel(past, by=ana, starts_on=YESTERDAY, ends_on=YESTERDAY, because="Erreur")
    asked = ask(ana, MONDAY)
    conflicts.declare(ana, by=clerk)
    for do in (
        lambda: leave.approve(asked, by=clerk, seen=seen(asked)),
        lambda: leave.refuse(asked, by=clerk, because="non", seen=seen(asked)),
        lambda: leave.accept_cancellation(back, by=clerk),
        lambda: leave.refuse_cancellation(back, by=clerk, because="non"),
    ):
        with pytest.raises(conflicts.StepsAside):
            do()
    assert (state_of(asked), state_of(back)) == ("requested", "requested")
