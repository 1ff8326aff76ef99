"""Minutes through HTTP: written by two at once, approved by another, final; decisions and what follows."""

import io
from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader

from members import governance, journal, meetings, minutes
from members.models import (
    Addendum,
    AgendaPoint,
    Attendance,
    Committee,
    Decision,
    JournalEntry,
    Mandate,
    Meeting,
    Minutes,
    PointDecision,
    Undertaking,
)
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z") as traveller:
        yield traveller


@pytest.fixture
def body():
    make.cooperative()
    return make.committee(name="Comité des outils")


@pytest.fixture
def people(body):
    """Ana, Bob and Cleo sit there; Denis works here and does not."""
    found = [make.person(name, language="en-ca") for name in ("Ana", "Bob", "Cleo", "Denis")]
    for person in found[:3]:
        Mandate.objects.create(committee=body, person=person, starts_on=make.LONG_AGO)
    return found


@pytest.fixture
def meeting(body, people):
    """Held this morning, about one thing."""
    called = meetings.call(body, by=people[0], on=TODAY, starts_at=time(9), ends_at=time(10), place="Ici")
    meetings.add_point(called, by=people[0], title="Budget", wanted="decide")
    return called


def page(client, reader, name, *args, status=200, **query) -> str:
    client.force_login(reader)
    answer = client.get(reverse(f"members:{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def post(client, writer, name, /, *args, **data):
    client.force_login(writer)
    return client.post(reverse(f"members:{name}", args=args), data)


def typed(meeting, *, seen=0, there=(), said="", steps=(), **words) -> dict:
    """What the form of the minutes sends."""
    point = meeting.points.get()
    sent = {"seen": seen, f"said-{point.pk}": said, "steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": 0}
    sent |= {f"how-{person.pk}": "present" for person in there}
    for number, step in enumerate(steps):
        sent |= {f"steps-{number}-{name}": value for name, value in step.items()}
    return sent | words


def written(meeting, *, by, there, **more) -> Minutes:
    return minutes.write_minutes(
        meeting,
        by=by,
        seen=0,
        attendance={person.pk: "present" for person in there},
        said={point.pk: "On garde." for point in meeting.points.all()},
        **more,
    )


def test_from_notes_to_final_minutes(client, people, meeting):
    """One writes who was there, what was said and who does what; another approves; nothing changes any more."""
    ana, bob, cleo, _denis = people
    assert "Write the minutes" in page(client, ana, "meeting", meeting.pk)
    assert "not noted" in page(client, ana, "minutes_write", meeting.pk)
    sent = typed(
        meeting,
        there=(ana, bob),
        said="On garde le budget.",
        steps=[{"what": "Écrire au bailleur", "person": cleo.pk, "due_on": "2026-11-27"}, {"what": ""}],
        guests="Une voisine",
        facilitated_by=ana.pk,
        noted_by=bob.pk,
        words="Merci.",
        **{f"how-{cleo.pk}": "excused"},
    )
    assert post(client, ana, "minutes_write", meeting.pk, **sent).status_code == 302
    told = page(client, cleo, "meeting", meeting.pk)
    for text in (
        "On garde le budget.",
        "Une voisine",
        "Écrire au bailleur",
        "until 27 November 2026",
        "Merci.",
    ):
        assert text in told
    assert "2 present of 3 who decide there; it takes 2: reached" in told
    assert "Draft, last written by Ana" in told
    kept = Minutes.objects.get()
    # Neither the one who wrote, nor one who was not there.
    assert "somebody else than who wrote" in _refused(client, ana, "minutes_approve", meeting.pk, seen=1)
    assert "who was at the meeting" in _refused(client, cleo, "minutes_approve", meeting.pk, seen=1)
    assert "On garde le budget." in page(client, bob, "minutes_approve", meeting.pk)
    assert post(client, bob, "minutes_approve", meeting.pk, seen=1).status_code == 302
    kept.refresh_from_db()
    assert (kept.approved_by, kept.approved_in) == (bob, None)
    line = JournalEntry.objects.get(event="members.minutes_approved")
    assert kept.journal_head == line.prev
    assert line.body == {"meeting": meeting.pk, "version": 1, "decision": None}
    told = page(client, cleo, "meeting", meeting.pk)
    assert "Approved by Bob" in told
    assert "Write the minutes" not in told
    opened = client.get(reverse("members:minutes_write", args=[meeting.pk]))
    assert opened.url == reverse("members:meeting", args=[meeting.pk])
    assert "are approved" in _refused(client, ana, "minutes_write", meeting.pk, **(sent | {"seen": 1}))
    assert (
        post(client, cleo, "minutes_add", meeting.pk, text="La voisine est partie à 9 h 30.").status_code
        == 302
    )
    assert "La voisine est partie" in page(client, ana, "meeting", meeting.pk)
    assert journal.first_broken_line() is None


def _refused(client, writer, name, *args, status=200, **data) -> str:
    answer = post(client, writer, name, *args, **data)
    assert answer.status_code == status
    return answer.content.decode()


def test_two_who_write_at_once_lose_nothing(client, people, meeting):
    ana, bob, _cleo, _denis = people
    post(client, ana, "minutes_write", meeting.pk, **typed(meeting, there=(ana,), said="Ce qu’Ana entend"))
    answer = post(
        client,
        bob,
        "minutes_write",
        meeting.pk,
        **typed(
            meeting,
            said="Ce que Bob entend",
            steps=[{"what": "Relire", "person": bob.pk}],
            **{f"how-{bob.pk}": "absent"},
        ),
    )
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "Somebody else wrote these minutes while you did" in told
    assert ">\nCe que Bob entend</textarea>" in told
    assert "Ce qu’Ana entend" in told
    assert 'value="Relire"' in told
    assert 'name="seen" value="1"' in told
    assert AgendaPoint.objects.get().said == "Ce qu’Ana entend"
    assert not Undertaking.objects.exists()
    both = typed(
        meeting,
        seen=1,
        there=(ana,),
        said="Ce que tous deux entendent",
        steps=[{"what": "Relire", "person": bob.pk}],
        **{f"how-{bob.pk}": "absent"},
    )
    assert post(client, bob, "minutes_write", meeting.pk, **both).status_code == 302
    assert AgendaPoint.objects.get().said == "Ce que tous deux entendent"
    assert Minutes.objects.get().version == 2


def test_what_two_people_write_apart_is_put_together(client, people, meeting):
    """Bob opened the page before Ana saved, and changed other things than she did."""
    ana, bob, _cleo, _denis = people
    point = meeting.points.get()
    opened = {f"initial-said-{point.pk}": "", "initial-guests": "", "initial-words": ""}
    steps = [{"what": "Écrire", "person": ana.pk}]
    post(client, ana, "minutes_write", meeting.pk, **typed(meeting, there=(ana,), said="Gardé", steps=steps))
    sent = typed(meeting, there=(bob,), steps=[{"what": "Relire", "person": bob.pk}], guests="Une voisine")
    assert post(client, bob, "minutes_write", meeting.pk, **sent, **opened).status_code == 302
    kept = Minutes.objects.get()
    assert (kept.version, kept.guests, kept.written_by) == (2, "Une voisine", bob)
    assert AgendaPoint.objects.get().said == "Gardé"
    assert set(Attendance.objects.values_list("person", flat=True)) == {ana.pk, bob.pk}
    assert set(Undertaking.objects.values_list("what", flat=True)) == {"Écrire", "Relire"}


def test_line_that_both_changed_is_shown(client, people, meeting):
    ana, bob, _cleo, _denis = people
    written(meeting, by=ana, there=(ana,), steps=[(None, ("Relire", bob, None))])
    step = Undertaking.objects.get()
    line = {"number": step.pk, "person": bob.pk, "due_on": ""}
    opened = {
        "initial-steps-0-number": step.pk,
        "initial-steps-0-what": "Relire",
        "initial-steps-0-person": bob.pk,
        "initial-steps-0-due_on": "",
    }
    for writer, what, status in ((ana, "Relire vite", 302), (bob, "Relire deux fois", 409)):
        point = {f"initial-said-{meeting.points.get().pk}": "On garde."}
        sent = typed(meeting, seen=1, there=(ana,), said="On garde.", steps=[line | {"what": what}])
        answer = post(client, writer, "minutes_write", meeting.pk, **sent, **opened, **point)
        assert answer.status_code == status
    assert "Relire vite" in answer.content.decode()
    assert 'value="Relire deux fois"' in answer.content.decode()
    assert Undertaking.objects.get().what == "Relire vite"


def test_approval_is_bound_to_what_was_read(client, people, meeting):
    ana, bob, cleo, _denis = people
    written(meeting, by=ana, there=(ana, bob, cleo))
    page(client, bob, "minutes_approve", meeting.pk)
    minutes.write_minutes(meeting, by=cleo, seen=1, attendance={}, said={})
    assert "written again since" in _refused(client, bob, "minutes_approve", meeting.pk, seen=1)
    assert Minutes.objects.get().approved_at is None


def test_step_needs_somebody_and_goes_when_emptied(client, people, meeting):
    ana, bob = people[:2]
    sent = typed(meeting, there=(ana,), said="Gardé", steps=[{"what": "Relire"}])
    told = _refused(client, ana, "minutes_write", meeting.pk, **sent)
    assert "Say who does it." in told
    assert "Gardé" in told
    sent = typed(meeting, there=(ana,), steps=[{"what": "Relire", "person": bob.pk}])
    post(client, ana, "minutes_write", meeting.pk, **sent)
    step = Undertaking.objects.get()
    sent = typed(meeting, seen=1, steps=[{"number": step.pk, "what": "Relire deux fois", "person": bob.pk}])
    post(client, ana, "minutes_write", meeting.pk, **sent)
    step.refresh_from_db()
    assert step.what == "Relire deux fois"
    # Somebody whose attendance is emptied is noted no more.
    assert not Attendance.objects.exists()
    post(
        client,
        ana,
        "minutes_write",
        meeting.pk,
        **typed(meeting, seen=2, steps=[{"number": step.pk, "what": ""}]),
    )
    assert not Undertaking.objects.exists()


def test_who_may_write(client, people, meeting):
    ana, bob, _cleo, denis = people
    assert "Those who sit" in _refused(client, denis, "minutes_write", meeting.pk, **typed(meeting))
    # Whoever sat there that day still may, once their mandate has ended.
    Mandate.objects.filter(person=bob).update(ends_on=TODAY)
    with time_machine.travel("2026-11-21T15:00:00Z"):
        assert post(client, bob, "minutes_write", meeting.pk, **typed(meeting)).status_code == 302
    tomorrow = meetings.call(
        meeting.body, by=ana, on=TODAY + timedelta(days=1), starts_at=time(9), ends_at=time(10), place="Ici"
    )
    meetings.add_point(tomorrow, by=ana, title="X", wanted="hear")
    assert "not been held yet" in _refused(client, ana, "minutes_write", tomorrow.pk, **typed(tomorrow))
    # Told before anything is typed.
    for reader, of, why in ((denis, meeting, "Those who sit"), (ana, tomorrow, "not been held yet")):
        client.force_login(reader)
        told = client.get(reverse("members:minutes_write", args=[of.pk]), follow=True)
        assert told.redirect_chain == [(reverse("members:meeting", args=[of.pk]), 302)]
        assert why in told.content.decode()


def test_decision_taken_there_is_recorded_and_named(client, people, meeting):
    ana, bob, _cleo, denis = people
    point = meeting.points.get()
    assert 'value="Budget"' in page(client, ana, "point_decide", point.pk)
    said = {"title": "Budget de 2027", "text": "Tel que présenté"}
    assert "Those who sit" in _refused(client, denis, "point_decide", point.pk, **said)
    assert post(client, ana, "point_decide", point.pk, **said).status_code == 302
    decision = Decision.objects.get(title="Budget de 2027")
    assert (decision.body, decision.adopted_on, decision.recorded_by) == (meeting.body, TODAY, ana)
    assert f"{decision.number} – Budget de 2027" in page(client, denis, "meeting", meeting.pk)
    assert reverse("members:meeting", args=[meeting.pk]) in page(client, denis, "decision", decision.pk)
    other = governance.record_decision(meeting.body, by=bob, adopted_on=TODAY, title="Autre", text="T")
    stranger = make.decision(title="Ailleurs")
    form = page(client, ana, "point_link", point.pk)
    assert "Autre" in form
    assert "Ailleurs" not in form
    assert "Budget de 2027" not in form
    post(client, ana, "point_link", point.pk, decision=other.pk)
    assert set(PointDecision.objects.values_list("decision", flat=True)) == {decision.pk, other.pk}
    with pytest.raises(minutes.NotDecidedThere):
        minutes.link_decision(point, by=ana, decision=stranger)
    with pytest.raises(IntegrityError, match="that this body took"), transaction.atomic():
        PointDecision.objects.create(point=point, decision=stranger)


def test_next_meeting_approves_by_its_decision(client, people, meeting):
    """Bob was not there; the body decides, and whoever sits on it may say so."""
    ana, bob, cleo, _denis = people
    written(meeting, by=ana, there=(ana,))
    earlier = governance.record_decision(
        meeting.body, by=ana, adopted_on=TODAY - timedelta(days=1), title="Avant", text="T"
    )
    with time_machine.travel("2026-11-27T15:00:00Z"):
        later = governance.record_decision(
            meeting.body, by=cleo, adopted_on=date(2026, 11, 27), title="Procès-verbal approuvé", text="T"
        )
        assert "Avant" not in page(client, bob, "minutes_approve", meeting.pk)
        with pytest.raises(minutes.NotALaterDecision):
            minutes.approve(Minutes.objects.get(), by=bob, seen=1, decision=earlier)
        assert post(client, bob, "minutes_approve", meeting.pk, seen=1, decision=later.pk).status_code == 302
        kept = Minutes.objects.get()
        assert (kept.approved_by, kept.approved_in) == (bob, later)
        assert "Procès-verbal approuvé" in page(client, cleo, "meeting", meeting.pk)


def test_what_was_undertaken_is_done_by_its_person_also_once_minutes_are_final(client, people, meeting):
    ana, bob, cleo, denis = people
    steps = [(None, ("Relire", bob, TODAY)), (None, ("Écrire", cleo, None))]
    kept = written(meeting, by=ana, there=(ana, bob), steps=steps)
    minutes.approve(kept, by=bob, seen=1)
    step = Undertaking.objects.get(person=bob)
    assert "Relire" in page(client, denis, "committee", meeting.body_id)
    post(client, denis, "undertaking_done", step.pk)
    assert Undertaking.objects.get(pk=step.pk).done_on is None
    assert "Relire" in page(client, bob, "meetings")
    post(client, bob, "undertaking_done", step.pk)
    assert Undertaking.objects.get(pk=step.pk).done_on == TODAY
    assert "Relire" not in page(client, bob, "meetings")


def _each_row(meeting) -> list:
    return [
        meeting,
        *(Minutes.objects.all()),
        *(meeting.points.all()),
        *(meeting.attendances.all()),
        *(meeting.undertakings.all()),
        *(PointDecision.objects.all()),
    ]


def test_approved_minutes_change_through_no_door(people, meeting):
    ana, bob, _cleo, _denis = people
    kept = written(meeting, by=ana, there=(ana, bob), steps=[(None, ("Relire", bob, TODAY))])
    minutes.decide(meeting.points.get(), by=ana, title="Budget", text="T")
    minutes.approve(kept, by=bob, seen=1)
    for row in _each_row(meeting):
        with (
            pytest.raises(IntegrityError, match=r"are approved|Minutes stay"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])
    for change in (
        lambda: meeting.points.update(said="Autre chose"),
        lambda: meeting.attendances.update(how="absent"),
        lambda: meeting.undertakings.update(what="Rien"),
        lambda: Meeting.objects.update(place="Ailleurs"),
        lambda: Minutes.objects.update(words="Autre chose"),
        lambda: AgendaPoint.objects.create(meeting=meeting, rank=9, title="Après"),
        lambda: Attendance.objects.create(meeting=meeting, person=people[3], how="present"),
        lambda: Undertaking.objects.create(meeting=meeting, what="X", person=ana),
    ):
        with pytest.raises(IntegrityError, match="are approved"), transaction.atomic():
            change()
    added = minutes.add_below(kept, by=ana, text="Oubli")
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        Addendum.objects.filter(pk=added.pk).update(text="Rien")


def test_database_wants_somebody_else_who_was_there(people, meeting):
    ana, _bob, cleo, _denis = people
    kept = written(meeting, by=ana, there=(ana,))
    now = kept.written_at
    with pytest.raises(IntegrityError, match="members_minutes_by_another"), transaction.atomic():
        Minutes.objects.update(approved_at=now, approved_by=ana)
    with pytest.raises(IntegrityError, match="somebody who was at the meeting"), transaction.atomic():
        Minutes.objects.update(approved_at=now, approved_by=cleo)
    with pytest.raises(IntegrityError, match="Minutes stay"), transaction.atomic():
        kept.delete()
    with pytest.raises(IntegrityError, match="not approved yet"), transaction.atomic():
        Addendum.objects.create(minutes=kept, by=ana, text="X")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM members_addendum")
        assert cursor.fetchone() == (0,)


def test_quorum_that_is_missed_is_said(client, people, meeting):
    written(meeting, by=people[0], there=(people[0], people[3]))
    # Denis was there, but does not decide in this body.
    assert "not reached" in page(client, people[0], "meeting", meeting.pk)


def test_nobody_noted_is_a_stranger(people, meeting):
    """Attendance of whoever was not called is not taken from a crafted form."""
    written(meeting, by=people[0], there=(people[3],))
    assert not Attendance.objects.exists()


@pytest.mark.pdf
@pytest.mark.parametrize(
    ("language", "heading"), [("fr-ca", "Procès-verbal"), ("en-ca", "Minutes of the meeting")]
)
def test_paper_is_tagged_and_in_the_language_of_the_reader(client, people, meeting, language, heading):
    ana, bob, _cleo, denis = people
    kept = written(meeting, by=ana, there=(ana, bob), steps=[(None, ("Relire", bob, TODAY))])
    minutes.decide(meeting.points.get(), by=ana, title="Budget de 2027", text="Tel que présenté")
    denis.language = language
    denis.save()
    client.force_login(denis)
    address = reverse("members:minutes_pdf", args=[meeting.pk])
    assert "Draft" in _text(client.get(address)) or "Projet" in _text(client.get(address))
    minutes.approve(kept, by=bob, seen=1)
    answer = client.get(address)
    text = _text(answer)
    for part in (heading, "On garde.", "Budget de 2027", "Relire", Minutes.objects.get().journal_head):
        assert part in text
    assert client.get(address).content == answer.content
    reader = PdfReader(io.BytesIO(answer.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].lower() == language


def _text(answer) -> str:
    assert answer["Content-Type"] == "application/pdf"
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_assembly_notes_the_members_who_decide(people):
    ana = people[0]
    assembly = Committee.objects.create(name="Assemblée", kind="assembly", starts_on=make.LONG_AGO)
    member = make.member("Émile")
    Mandate.objects.create(committee=assembly, person=ana, starts_on=make.LONG_AGO)
    held = meetings.call(assembly, by=member, on=TODAY, starts_at=time(17), ends_at=time(19), place="Café")
    assert set(minutes.expected(held)) == {ana, member}
    kept = minutes.write_minutes(
        held, by=ana, seen=0, attendance={member.pk: "present", ana.pk: "present"}, said={}
    )
    found = minutes.quorum_of(held, kept)
    assert (found.present, found.electors, found.needed, found.is_met) == (1, 1, 1, True)
