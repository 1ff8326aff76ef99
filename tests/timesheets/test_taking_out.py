"""Hours taken out: files that foot and stay inert, calendars by a key that can be revoked, the story of a line."""

import csv
import io
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from icalendar import Calendar

from members import meetings
from members.models import JournalEntry, Mandate, Power
from tests import make
from timesheets import drafts, importing, learning, leave, questions, tokens, weeks, workflow
from timesheets.drafts import Cell, Content
from timesheets.models import AccessToken, Client, EntryVersion, Project, Service, TimeEntry
from timesheets.refusals import NotYours
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def clock():
    make.cooperative()
    with time_machine.travel("2026-11-20 12:00-05:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana(client):
    ana = make.person("Ana", language="en-ca")
    client.force_login(ana)
    return ana


@pytest.fixture
def bob():
    return make.person("Bob", powers=[Power.APPROVE_HOURS], language="en-ca")


def approve(sheet, bob, **more):
    sheet.refresh_from_db()
    return workflow.approve(sheet, by=bob, seen=digest_of(lines_of(sheet.entries.all())), **more)


def taken(client, **asked) -> list[list[str]]:
    asked = {"what": "mine", "first": "2026-11-01", "last": "2026-11-30", "kind": "csv"} | asked
    answer = client.get("/hours/export/", asked)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter="," if "Day," in text else ";"))


# Files --------------------------------------------------------------------------------------------


@pytest.fixture
def project():
    client, service = Client.objects.create(name="Acmé"), Service.objects.create(name="Hosting")
    return Project.objects.create(name="=HYPERLINK(1)", client=client, service=service)


def test_own_hours_come_with_notes_and_a_total_line(client, ana, project):
    task = make.task("Caisse", role="Comptabilité")
    drafts.add_entry(ana, MONDAY, Cell(task.pk, project.pk, MONDAY), 95, "+1 bus")
    title, head, line, foot = taken(client)
    assert title[:3] == [f"Hours of {ana}", "2026-11-01", "2026-11-30"]
    told = dict(zip(head, line, strict=True))
    assert told["Project"] == "'=HYPERLINK(1)"
    assert told["Note"] == "'+1 bus"
    assert (told["Hours"], told["Minutes"], told["State"]) == ("1.58", "95", "draft")
    assert dict(zip(head, foot, strict=False))["Minutes"] == "95"


def test_a_french_reader_gets_semicolons_and_commas(client, ana):
    ana.language = "fr-ca"
    ana.save()
    drafts.add_entry(ana, MONDAY, Cell(make.task().pk, None, MONDAY), 90)
    answer = client.get(
        "/hours/export/", {"what": "mine", "first": "2026-11-01", "last": "2026-11-30", "kind": "csv"}
    )
    assert 'filename="heures-ana-' in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert ";1,50;" in text


def test_others_hours_are_without_names_unless_a_mandate_opens_them(client, ana, bob, project):
    bea = make.person("Béa", family_name="Secret")
    sheet = make.sheet(bea, starts_on=MONDAY, hours={"mon": 7}, task=make.task())
    TimeEntry.objects.update(project=project, note="private")
    workflow.submit(sheet, by=bea)
    assert len(taken(client, what="all")) == 3  # nothing approved yet: title, head, total
    approve(sheet, bob)
    for what in (
        {"what": "all"},
        {"what": "project", "project": project.pk},
        {"what": "service", "service": project.service_id},
    ):
        said = str(taken(client, **what))
        assert "420" in said
        assert not [word for word in ("Secret", bea.email, "private", str(bob)) if word in said]
    client.force_login(bob)
    named = str(taken(client, what="all"))
    assert "Secret" in named
    assert "private" in named


@pytest.mark.parametrize(
    "asked",
    [
        {"what": "project"},
        {"what": "nobody"},
        {"last": "2026-10-01"},
        {"first": "1999-01-01"},
        {"kind": "exe"},
    ],
)
def test_what_cannot_be_taken_is_said_in_the_form(client, ana, asked):
    asked = {"what": "mine", "first": "2026-11-01", "last": "2026-11-30", "kind": "csv"} | asked
    assert client.get("/hours/export/", asked).status_code == 422


def test_a_project_and_a_service_lead_to_the_form_filled_in(client, ana, bob, project):
    sheet = make.sheet(make.person("Béa"), starts_on=MONDAY, hours={"mon": 7})
    TimeEntry.objects.update(project=project)
    workflow.submit(sheet, by=sheet.person)
    approve(sheet, bob)
    for kind, pk in (("project", project.pk), ("service", project.service_id)):
        page = client.get(f"/hours/{kind}s/{pk}/").content.decode()
        assert f'/hours/export/?what={kind}&amp;{kind}={pk}"' in page
        form = client.get("/hours/export/", {"what": kind, kind: pk})
        assert form.status_code == 200
        assert f'<option value="{pk}" selected>' in form.content.decode()
    assert client.get("/hours/export/", {"what": "x", "project": "y"}).status_code == 200


def test_a_workbook_opens_as_one(client, ana):
    drafts.add_entry(ana, MONDAY, Cell(make.task().pk, None, MONDAY), 90)
    asked = {"what": "mine", "first": "2026-11-01", "last": "2026-11-30", "kind": "xlsx"}
    assert client.get("/hours/export/", asked).content[:2] == b"PK"


def test_hours_before_are_hours_after(client, ana, bob):
    """What was taken out of one co-op goes into another: the same minutes by person, role, task, project, day."""
    site = Project.objects.create(name="Site")
    for number in range(3):
        someone = make.person(f"P{number}")
        sheet = make.sheet(
            someone,
            starts_on=MONDAY,
            hours={"mon": 7 + number, "tue": 1.25},
            task=make.task(role=f"R{number}"),
        )
        TimeEntry.objects.filter(sheet=sheet, day=MONDAY).update(project=site)
        workflow.submit(sheet, by=someone)
        approve(sheet, bob)
    client.force_login(bob)
    _title, head, *lines, _foot = taken(client, what="all")
    places = [head.index(name) for name in ("Day", "E-mail", "Role", "Task", "Project", "Minutes", "Note")]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["date", "person", "role", "task", "project", "minutes", "note"])
    writer.writerows([line[place] for place in places] for line in lines)
    by = ("person__email", "task__role__name", "task__name", "project__name", "day", "minutes")
    before = sorted(TimeEntry.objects.values_list(*by), key=str)
    # Each line is recognised as the one it came from, so that none is missing and none was changed.
    planned = importing.plan(file.getvalue())
    assert planned.is_wholly_there
    assert planned.already_there == len(before)
    # And into a co-op that has none of them, all are written.
    elsewhere = importing.plan(file.getvalue().replace("@example.org", "@elsewhere.org"))
    assert (
        sorted(
            (
                (
                    write.row.person.replace("elsewhere", "example"),
                    write.row.role,
                    write.row.task,
                    write.row.project or None,
                    write.row.day,
                    write.row.minutes,
                )
                for write in elsewhere.writes
            ),
            key=str,
        )
        == before
    )


def test_with_whom_one_learnt_is_in_ones_own_file_alone_and_comes_in_again(client, ana, bob):
    task = make.task("Caisse", role="Comptabilité")
    drafts.add_entry(ana, MONDAY, Cell(task.pk, None, MONDAY), 95)
    learning.name_mentor(TimeEntry.objects.get(), by=ana, mentor=bob)
    sheet = TimeEntry.objects.get().sheet
    workflow.submit(sheet, by=ana)
    approve(sheet, bob)
    _title, head, line, _foot = taken(client)
    assert dict(zip(head, line, strict=True))["Learning with"] == bob.email
    client.force_login(bob)
    for what in ("all", "mine"):
        _title, head, *lines = taken(client, what=what)
        assert ("Learning with" in head) is (what == "mine")
        assert not any("mentor" in cell or cell == bob.email for line in lines[:-1] for cell in line)
    for said, mentor in ((bob.email, bob), (str(bob).upper(), bob), ("", None)):
        file = f"date,person,role,task,minutes,learning with\n2026-11-17,{ana.email},Comptabilité,Caisse,60,{said}"
        [write] = importing.plan(file).writes
        assert write.mentor == mentor
    importing.apply(importing.plan(file.replace(",60,", f",60,{bob.email}")), by=ana)
    assert TimeEntry.objects.get(day=date(2026, 11, 17)).learning_with == bob


@pytest.mark.parametrize("said", ["personne@example.org", "SELF"])
def test_a_mentor_who_cannot_be_one_is_refused_with_the_line(ana, said):
    make.task("Caisse", role="Comptabilité")
    said = ana.email if said == "SELF" else said
    file = f"date,person,role,task,minutes,mentor\n2026-11-17,{ana.email},Comptabilité,Caisse,60,{said}"
    [refusal] = importing.plan(file).refusals
    assert refusal.line == 2


# Keys and calendars -------------------------------------------------------------------------------


def feed(client, secret):
    return client.get(f"/hours/feed/{secret}.ics")


def events(answer) -> list[tuple[date, str]]:
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return sorted((event.decoded("dtstart"), str(event["summary"])) for event in found)


def test_a_calendar_of_ones_hours_is_read_with_its_key_until_it_is_revoked(client, ana):
    task = make.task("Caisse", role="Comptabilité")
    drafts.add_entry(ana, MONDAY, Cell(task.pk, None, MONDAY), 90, "bus")
    token, secret = tokens.make(ana, opens="own_calendar", name="Nextcloud")
    client.logout()
    answer = feed(client, secret)
    assert answer["Content-Type"].startswith("text/calendar")
    assert events(answer) == [(MONDAY, "1\u00a0h\u00a030 – Caisse")]
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["description"]) == "Comptabilité\nbus"
    assert event.decoded("dtstamp") == timezone.now()  # required by RFC 5545
    assert feed(client, secret).content == answer.content
    tokens.revoke(token, by=ana)
    assert feed(client, secret).status_code == 404
    assert feed(client, "x" * 43).status_code == 404


def test_the_calendar_of_who_is_away_never_says_why(client, ana, bob):
    days = {MONDAY + timedelta(n): 420 for n in (7, 8, 10)}
    asked = leave.request(by=ana, kind="sick", days=days, note="surgery")
    leave.approve(asked, by=bob, seen=leave.digest_of(asked, days))
    _token, secret = tokens.make(bob, opens="away_calendar", name="Phone")
    answer = feed(client, secret)
    assert events(answer) == [
        (MONDAY + timedelta(7), f"{ana} is away"),
        (MONDAY + timedelta(10), f"{ana} is away"),
    ]
    assert not [word for word in (b"sick", b"surgery") if word in answer.content]


def test_the_meetings_of_ones_committees_are_in_a_calendar(client, ana, bob):
    body = make.committee(name="Outils")
    Mandate.objects.create(committee=body, person=ana, starts_on=make.LONG_AGO)
    called = [
        meetings.call(
            body, by=ana, on=MONDAY + timedelta(n), starts_at=time(13, 30), ends_at=time(15), place="Ici"
        )
        for n in (60, 67)
    ]
    meetings.cancel(called[1], by=ana, because="Grippe")
    _token, secret = tokens.make(ana, opens="meetings", name="Phone")
    first, second = Calendar.from_ical(feed(client, secret).content).walk("VEVENT")
    starts = datetime.combine(called[0].on, time(13, 30), ZoneInfo("America/Toronto"))
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (starts, starts + timedelta(minutes=90))
    assert (str(first["summary"]), str(first["status"]), first["sequence"]) == ("Outils", "CONFIRMED", 0)
    assert (str(second["status"]), second["sequence"]) == ("CANCELLED", 1)
    _token, elsewhere = tokens.make(bob, opens="meetings", name="Phone")
    assert events(feed(client, elsewhere)) == []


def test_a_key_opens_only_what_it_was_made_for_and_closes_with_the_account(client, ana):
    token, secret = tokens.make(ana, opens="own_calendar", name="Phone")
    assert tokens.holder_of(secret, "own_calendar") == ana
    assert tokens.holder_of(secret, "away_calendar") is None
    assert secret not in str(AccessToken.objects.values().get())
    ana.closed_at = token.created_at
    ana.save()
    assert tokens.holder_of(secret, "own_calendar") is None


def test_keys_are_made_shown_once_and_revoked_on_screen(client, ana):
    page = client.post("/hours/tools/", {"opens": "own_calendar", "name": "Nextcloud"}).content.decode()
    assert "/hours/feed/" in page
    assert "/hours/feed/" not in client.get("/hours/tools/").content.decode()
    token = AccessToken.objects.get()
    client.force_login(make.person("Béa"))
    assert client.post(f"/hours/tools/{token.pk}/revoke/").status_code == 404
    client.force_login(ana)
    client.post(f"/hours/tools/{token.pk}/revoke/")
    assert AccessToken.objects.get().revoked_at is not None
    assert JournalEntry.objects.latest("seq").event == "tools.key_revoked"
    with pytest.raises(NotYours):
        tokens.revoke(token, by=make.person("Coco"))


# The story of a line ------------------------------------------------------------------------------


def story(client, pk) -> str:
    return " ".join(client.get(f"/hours/entries/{pk}/history/").content.decode().split())


@pytest.mark.parametrize("skew", [timedelta(hours=-1), timedelta(0), timedelta(hours=1)])
def test_the_whole_story_is_read_by_its_owner_and_what_was_received_by_the_committee(client, ana, bob, skew):
    """In the order in which it happened, however far the clock of the server is from the database's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    with time_machine.travel(now + skew, tick=True):
        client.force_login(ana)
        monday = weeks.week_of(timezone.localdate()) - timedelta(7)
        task = make.task()
        cell = Cell(task.pk, None, monday)
        sheet = drafts.add_entry(ana, monday, cell, 600, "secret plan")
        drafts.save_draft(ana, monday, {cell: Content(420, "inventory")})
        workflow.submit(sheet, by=ana)
        entry = TimeEntry.objects.get()
        approve(sheet, bob, questions={entry.pk: "All of it?"})
        questions.answer(entry, "Yes, all.", by=ana)
        drafts.save_draft(ana, monday, {cell: Content(400, "inventory")})
        sheet.refresh_from_db()
        workflow.submit(sheet, by=ana)
        approve(sheet, bob)
        entry.refresh_from_db()
        drafts.correct(entry, 360, reason="an hour too many", by=ana)
        own = story(client, entry.pk)
        said = [
            "secret plan",
            "became",
            "week: submitted",
            "week: sent back",
            "All of it?",
            "Yes, all.",
            "(inventory) became",
            "</strong> · approved",
            "an hour too many",
        ]
        places = [own.find(words) for words in said]
        assert places == sorted(places)
        assert -1 not in places
        client.force_login(bob)
        theirs = story(client, entry.pk)
        assert "secret plan" not in theirs
        received = [theirs.find(words) for words in said[2:]]
        assert received == sorted(received)
        assert -1 not in received
        client.force_login(make.person("Béa"))
        assert client.get(f"/hours/entries/{entry.pk}/history/").status_code == 404


def test_which_act_came_before_is_the_databases_to_say(ana):
    sheet = make.sheet(ana, starts_on=MONDAY, hours={"mon": 7})
    workflow.submit(sheet, by=ana)
    workflow.withdraw(sheet, by=ana)
    submitted, withdrawn = sheet.decisions.order_by("pk")
    (before,) = sheet.entries.all()
    after = make.sheet(ana, starts_on=MONDAY, hours={"tue": 7}).entries.get(day=MONDAY + timedelta(1))
    TimeEntry.objects.update(after_act=submitted, minutes=60)
    known = dict(TimeEntry.objects.values_list("pk", "after_act"))
    assert known == {before.pk: None, after.pk: withdrawn.pk}
    assert set(EntryVersion.objects.values_list("after_act", flat=True)) == {withdrawn.pk}


def test_an_approved_line_is_corrected_from_its_story_too(client, ana, bob):
    sheet = make.sheet(ana, starts_on=MONDAY, hours={"mon": 7})
    entry = sheet.entries.get()
    story, correct = f"/hours/entries/{entry.pk}/history/", f"/hours/entries/{entry.pk}/correct/"
    assert correct not in client.get(story).content.decode()
    workflow.submit(sheet, by=ana)
    approve(sheet, bob)
    assert correct in client.get(story).content.decode()
    assert "With its corrections" not in client.get(correct).content.decode()
    entry.refresh_from_db()
    drafts.correct(entry, 300, reason="lunch", by=ana)
    page = client.get(correct).content.decode()
    assert "5\u00a0h" in page.split("With its corrections")[1]
    client.force_login(bob)
    assert correct not in client.get(story).content.decode()


def test_a_line_taken_away_keeps_its_story(client, ana):
    task = make.task()
    cell = Cell(task.pk, None, MONDAY)
    drafts.add_entry(ana, MONDAY, cell, 60)
    drafts.add_entry(ana, MONDAY, cell, 30, "bus")
    gone = TimeEntry.objects.get(note="bus").pk
    TimeEntry.objects.get(note="bus").delete()
    assert (
        f"/hours/entries/{gone}/history/"
        in client.get(f"/hours/2026-11-16/2026-11-16/{task.pk}/0/").content.decode()
    )
    assert "taken away" in story(client, gone)


def test_a_draft_nobody_received_is_its_owners_alone(client, ana, bob):
    drafts.add_entry(ana, MONDAY, Cell(make.task().pk, None, MONDAY), 60)
    client.force_login(bob)
    assert client.get(f"/hours/entries/{TimeEntry.objects.get().pk}/history/").status_code == 404


def test_what_a_line_said_is_kept_by_the_database_whatever_the_door(ana):
    drafts.add_entry(ana, MONDAY, Cell(make.task().pk, None, MONDAY), 60)
    TimeEntry.objects.update(note="x")
    TimeEntry.objects.update(question="why")  # not something the line says
    assert [(one.minutes, one.note) for one in EntryVersion.objects.all()] == [(60, "")]
    with (
        pytest.raises(DatabaseError, match="stays written"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM timesheets_entryversion")
