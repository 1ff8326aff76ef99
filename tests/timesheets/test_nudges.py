"""E-mails about hours: only to those who wish them, once, in their language, off from the message itself."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from members.models import JournalEntry, OutgoingMessage, Power
from members.powers import NotAllowed
from roles.models import Role, Term
from tests import make
from timesheets import conflicts, leave, nudges, workflow
from timesheets.drafts import Cell, add_entry
from timesheets.models import Leave, Nudge, NudgeChoice
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db
WEEK = date(2026, 11, 16)
LAST_WEEK = date(2026, 11, 9)
MONTREAL = ZoneInfo("America/Toronto")
FRIDAY = datetime(2026, 11, 20, 14, 5, tzinfo=MONTREAL)
NEXT_MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=MONTREAL)


@pytest.fixture(autouse=True)
def _today():
    make.cooperative()
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def ana():
    ana = make.person("Ana", language="en-ca")
    nudges.choose(ana, empty_week=True, questioned=True, approved=True, leave=True)
    return ana


@pytest.fixture
def clerk():
    """Of the committee, and reads in English."""
    return make.person("Bob", powers=[Power.APPROVE_HOURS], language="en-ca")


def approve(sheet, clerk, **more):
    return workflow.approve(sheet, by=clerk, seen=digest_of(lines_of(sheet.entries.all())), **more)


def subjects() -> list[str]:
    return list(OutgoingMessage.objects.order_by("pk").values_list("subject", flat=True))


# Leave given back ---------------------------------------------------------------------------------


@pytest.mark.parametrize("is_accepted", [True, False])
def test_days_given_back_are_answered_by_mail_if_wished(ana, clerk, is_accepted):
    days = LAST_WEEK, LAST_WEEK + timedelta(1)
    for someone in (ana, make.person("Bea")):
        held = make.leave(someone, *days, by=clerk)
        back = leave.cancel(held, by=someone, starts_on=days[0], ends_on=days[1], because="Worked")
        if is_accepted:
            leave.accept_cancellation(back, by=clerk)
        else:
            leave.refuse_cancellation(back, by=clerk, because="The mill was closed")
    message = OutgoingMessage.objects.get()
    assert message.to == ana
    if is_accepted:
        assert message.subject == "The days you gave back from 9 November 2026 are leave no more"
        assert "accepted, for the committee" in message.text
    else:
        assert message.subject == "The days you gave back from 9 November 2026 stay leave"
        assert "The mill was closed" in message.text


# Friday -------------------------------------------------------------------------------------------


def test_empty_week_is_told_on_friday_afternoon_to_whoever_wishes_it(ana):
    make.person("Béa")  # never asked
    assert nudges.write_due(FRIDAY) == 1
    message = OutgoingMessage.objects.get()
    assert message.to == ana
    assert message.subject == "Your week of 16 November 2026 is still empty"
    assert f"/hours/{WEEK}/" in message.text


def test_the_same_nudge_is_never_written_twice(ana):
    assert [nudges.write_due(FRIDAY + timedelta(hours=hour)) for hour in range(3)] == [1, 0, 0]
    written = Nudge.objects.get()
    again = OutgoingMessage.objects.create(to=ana, address=ana.email, subject="x", text="x")
    with pytest.raises(IntegrityError, match="timesheets_nudged_once"), transaction.atomic():
        Nudge.objects.create(person=ana, kind=written.kind, week=written.week, message=again)


@pytest.mark.parametrize(
    "moment", [FRIDAY - timedelta(minutes=10), FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=1)]
)
def test_at_other_times_nothing_is_written(ana, moment):
    assert nudges.write_due(moment) == 0


def test_a_week_begun_handed_in_or_away_is_not_empty(ana):
    begun, handed_in, away, without_hours = (
        make.person("Un"),
        make.person("Deux"),
        make.person("Trois"),
        make.person("Quatre", minutes=0),
    )
    for someone in (begun, handed_in, away, without_hours):
        nudges.choose(someone, empty_week=True)
    add_entry(begun, WEEK, Cell(make.task().pk, None, WEEK), 60)
    workflow.submit(workflow.open_week(handed_in, WEEK), by=handed_in)
    Leave.objects.create(person=away, kind=Leave.Kind.VACATION, starts_on=WEEK, ends_on=WEEK)
    nudges.write_due(FRIDAY)
    assert [nudge.person for nudge in Nudge.objects.all()] == [ana]


def test_the_command_writes_what_is_due(ana, capsys):
    call_command("write_nudges")
    assert capsys.readouterr().out == "1 written.\n"


# Monday -------------------------------------------------------------------------------------------


def test_digest_counts_what_waits_and_leaves_out_ones_own(ana, clerk):
    nudges.choose(clerk, digest=True)
    for someone in (ana, clerk):
        workflow.submit(make.sheet(someone, starts_on=LAST_WEEK, hours={"mon": 7}), by=someone)
    make.person("Béa")  # has not submitted last week
    with time_machine.travel(NEXT_MONDAY):
        assert nudges.write_due(NEXT_MONDAY) == 1
    text = Nudge.objects.get(kind="digest").message.text
    assert "1 week to approve" in text
    assert str(WEEK) not in text


def test_digest_counts_leave_to_give_back_and_nobody_from_whom_one_steps_aside(ana, clerk):
    nudges.choose(clerk, digest=True)
    for someone in (ana, clerk, bea := make.person("Béa")):
        workflow.submit(make.sheet(someone, starts_on=LAST_WEEK, hours={"mon": 7}), by=someone)
    past = make.leave(bea, LAST_WEEK, by=clerk)
    leave.cancel(past, by=bea, starts_on=LAST_WEEK, ends_on=LAST_WEEK, because="Worked after all")
    conflicts.declare(ana, by=clerk)
    with time_machine.travel(NEXT_MONDAY):
        assert nudges.write_due(NEXT_MONDAY) == 1
    text = Nudge.objects.get(kind="digest").message.text
    assert "1 week to approve" in text
    assert "1 request for leave" in text


def test_no_digest_when_nothing_waits_nor_without_the_mandate(ana, clerk):
    nudges.choose(clerk, digest=True)
    nudges.choose(ana, digest=True, empty_week=False)
    for someone in (ana, clerk):
        sheet = make.sheet(someone, starts_on=WEEK, hours={"mon": 7})
        workflow.submit(sheet, by=someone)
        if someone == ana:
            approve(sheet, clerk)
    with time_machine.travel(NEXT_MONDAY):
        nudges.write_due(NEXT_MONDAY)
    assert not Nudge.objects.filter(kind="digest").exists()


# What the committee does --------------------------------------------------------------------------


def test_question_and_approval_are_told_to_whoever_wishes_it(ana, clerk):
    sheet = make.sheet(ana, starts_on=WEEK, hours={"mon": 7, "tue": 7})
    workflow.submit(sheet, by=ana)
    line = sheet.entries.first()
    approve(sheet, clerk, questions={line.pk: "Which client?"})
    sheet.refresh_from_db()
    workflow.submit(sheet, by=ana)
    approve(sheet, clerk)
    assert subjects() == [
        "The committee asks about your week of 16 November 2026",
        "Your week of 16 November 2026 is approved",
    ]
    assert "Which client?" in OutgoingMessage.objects.earliest("pk").text


def test_week_sent_back_says_why_and_nothing_is_written_to_whoever_did_not_ask(ana, clerk):
    bea = make.person("Béa")
    for someone in (ana, bea):
        sheet = make.sheet(someone, starts_on=WEEK, hours={"mon": 7})
        workflow.submit(sheet, by=someone)
        seen = digest_of(lines_of(sheet.entries.all()))
        workflow.send_back(sheet, by=clerk, because="Monday was a holiday", seen=seen)
    message = OutgoingMessage.objects.get()
    assert message.to == ana
    assert "Monday was a holiday" in message.text


def test_reminder_reaches_those_who_have_not_submitted_and_is_signed(ana, clerk):
    bea = make.person("Béa")
    done = make.person("Carl")
    workflow.submit(make.sheet(done, starts_on=LAST_WEEK, hours={"mon": 7}), by=done)
    assert nudges.remind([ana, bea, done], LAST_WEEK, by=clerk) == 2
    assert {message.to for message in OutgoingMessage.objects.all()} == {ana, bea}
    assert all(clerk.get_full_name() in message.text for message in OutgoingMessage.objects.all())
    assert "n’est pas encore soumise" in OutgoingMessage.objects.get(to=bea).text
    assert JournalEntry.objects.latest("seq").body["people"] == sorted([ana.pk, bea.pk])


def test_reminder_needs_the_power_and_somebody_to_remind(ana, clerk):
    with pytest.raises(NotAllowed):
        nudges.remind([clerk], LAST_WEEK, by=ana)
    with pytest.raises(nudges.NobodyToRemind):
        nudges.remind([], LAST_WEEK, by=clerk)
    assert not OutgoingMessage.objects.exists()


def test_a_written_nudge_stays_written(ana):
    nudges.write_due(FRIDAY)
    with (
        pytest.raises(DatabaseError, match="stays written"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM timesheets_nudge")


# Off ----------------------------------------------------------------------------------------------


def test_one_post_from_the_mail_program_turns_the_kind_off(ana, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        nudges.write_due(FRIDAY)
    sent = mail.outbox[0]
    address = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = address.partition("/hours/")[2]
    client.handler.enforce_csrf_checks = True
    assert client.get(f"/hours/{path}").status_code == 200
    assert NudgeChoice.objects.get(person=ana).empty_week
    assert client.post(f"/hours/{path}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    choice = NudgeChoice.objects.get(person=ana)
    assert (choice.empty_week, choice.questioned) == (False, True)


@pytest.mark.parametrize("key", ["none", "WzEsICJpZCJd:1:x"])
def test_a_cut_address_turns_nothing_off(ana, client, key):
    for call in (client.get, client.post):
        assert call(reverse("timesheets:nudge_stop", args=[key])).status_code == 404
    assert NudgeChoice.objects.get(person=ana).empty_week


def test_the_message_says_which_line_is_asked_about_or_why_all_comes_back(ana, clerk):
    task = make.task("Caisse", role="Comptabilité")
    sheet = make.sheet(ana, starts_on=WEEK, hours={"mon": 7, "tue": 2.5}, task=task)
    workflow.submit(sheet, by=ana)
    approve(sheet, clerk, questions={sheet.entries.last().pk: "Which client?"})
    said = OutgoingMessage.objects.latest("pk").text.replace("\u00a0", " ")
    assert "– Tuesday 17 November, Caisse (2 h 30)\n  Which client?" in said
    sheet.refresh_from_db()
    workflow.submit(sheet, by=ana)
    seen = digest_of(lines_of(sheet.entries.all()))
    workflow.send_back(sheet, by=clerk, because="Which < client?", seen=seen)
    said = OutgoingMessage.objects.latest("pk").text
    assert "gives back, for the committee, your week" in said
    assert "Which < client?" in said
    assert "Caisse" not in said


# On screen ----------------------------------------------------------------------------------------


def test_choices_are_kept_and_the_digest_is_for_the_committee(client, clerk):
    bea = make.person("Béa")
    client.force_login(bea)
    page = client.get("/hours/nudges/").content.decode()
    assert 'name="approved"' in page
    assert 'name="digest"' not in page
    client.post("/hours/nudges/", {"approved": "on", "digest": "on"})
    choice = NudgeChoice.objects.get(person=bea)
    assert (choice.approved, choice.questioned, choice.digest) == (True, False, False)
    client.force_login(clerk)
    assert 'name="digest"' in client.get("/hours/nudges/").content.decode()


def test_nudges_are_listed_and_shown_to_their_reader_alone(client, ana, clerk):
    nudges.write_due(FRIDAY)
    nudge = Nudge.objects.get()
    client.force_login(ana)
    assert nudge.message.subject in client.get("/hours/nudges/").content.decode()
    assert f"/hours/{WEEK}/" in client.get(f"/hours/nudges/{nudge.pk}/").content.decode()
    client.force_login(clerk)
    assert client.get(f"/hours/nudges/{nudge.pk}/").status_code == 404
    assert nudge.message.subject not in client.get("/hours/nudges/").content.decode()


@pytest.mark.parametrize("written", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(client, ana, clerk, written, django_assert_num_queries):
    for _time in range(written):
        nudges.remind([ana], LAST_WEEK, by=clerk)
    client.force_login(ana)
    client.get("/hours/nudges/")
    with django_assert_num_queries(5):
        client.get("/hours/nudges/")


def test_end_of_a_term_is_told_six_weeks_and_one_week_before_to_whoever_wishes_it(ana, clerk):
    keeper = make.person("Léo", powers=[Power.KEEP_ROLES])
    role = Role.objects.create(name="Coordination")
    Term.objects.create(person=ana, role=role, starts_on=date(2026, 1, 5), ends_on=date(2026, 12, 31))
    Term.objects.create(person=clerk, role=role, starts_on=date(2026, 1, 5), ends_on=date(2026, 12, 31))
    for person in (ana, keeper):
        nudges.choose(person, renewal=True)
    told = []
    for week in range(9):
        monday = datetime(2026, 11, 9, 9, 5, tzinfo=MONTREAL) + timedelta(weeks=week)
        with time_machine.travel(monday, tick=False):
            told.append((nudges.write_due(monday), nudges.write_due(monday)))
    assert told == [(0, 0), (2, 0), (0, 0), (0, 0), (0, 0), (0, 0), (2, 0), (0, 0), (0, 0)]
    texts = list(OutgoingMessage.objects.order_by("pk").values_list("to", "text"))
    assert [to for to, _text in texts] == [ana.pk, keeper.pk] * 2
    assert [text.count("Coordination") for _to, text in texts] == [1, 2, 1, 2]
    assert "/roles/renewals/" in texts[0][1]
