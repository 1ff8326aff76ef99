"""Meetings through HTTP: called, told, put in order, changed, cancelled; the page of a committee."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members import agenda, ballots, meetings, motions
from members.models import (
    AgendaPoint,
    Committee,
    JournalEntry,
    Mandate,
    Meeting,
    Membership,
    OutgoingMessage,
    Power,
)
from roles import ratings
from roles.models import Opening
from tests import make
from timesheets import workflow

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
WEDNESDAY = date(2026, 11, 25)
CALL = {
    "on": "2026-11-25",
    "starts_at": "13:30",
    "ends_at": "15:00",
    "place": "Bureau 7",
    "words": "Lire le budget",
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def body():
    make.cooperative()
    return make.committee(name="Comité des outils")


@pytest.fixture
def people(body):
    """Ana and Bob sit there, Bob reads French; Cleo works here and does not."""
    ana, bob, cleo = (
        make.person(name, language=language)
        for name, language in (("Ana", "en-ca"), ("Bob", "fr-ca"), ("Cleo", "en-ca"))
    )
    for person in (ana, bob):
        Mandate.objects.create(committee=body, person=person, starts_on=make.LONG_AGO)
    return ana, bob, cleo


@pytest.fixture
def meeting(body, people):
    return meetings.call(
        body, by=people[0], on=WEDNESDAY, starts_at=time(13, 30), ends_at=time(15), place="Bureau 7"
    )


def page(client, reader, name, *args, status=200, **query) -> str:
    client.force_login(reader)
    answer = client.get(reverse(f"members:{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def post(client, writer, name, /, *args, **data):
    client.force_login(writer)
    return client.post(reverse(f"members:{name}", args=args), data)


def refused(client, writer, name, /, *args, **data) -> str:
    """The page that says why; an act by a button says it on the page it leads to."""
    answer = post(client, writer, name, *args, **data)
    if answer.status_code == 302:
        return client.get(answer.url).content.decode()
    assert answer.status_code == 200
    return answer.content.decode()


def test_whoever_sits_there_calls_and_all_are_told_in_their_language(client, body, people):
    ana, bob, cleo = people
    assert "Call a meeting" in page(client, ana, "committee", body.pk)
    assert "A message goes to:" in page(client, ana, "meeting_call", body.pk)
    answer = post(client, ana, "meeting_call", body.pk, **CALL)
    meeting = Meeting.objects.get()
    assert answer.url == reverse("members:meeting", args=[meeting.pk])
    told = {message.to: message for message in OutgoingMessage.objects.all()}
    assert told.keys() == {ana, bob}
    assert told[ana].subject == "Comité des outils meets on 25 November 2026"
    assert "Wednesday 25 November, 13:30 – 15:00" in told[ana].text
    assert "Bureau 7" in told[ana].text
    assert "Lire le budget" in told[ana].text
    assert f"/meetings/{meeting.pk}/" in told[ana].text
    assert "13\u00a0h\u00a030" in told[bob].text
    assert told[bob].subject != told[ana].subject
    line = JournalEntry.objects.get(event="members.meeting_called")
    assert line.body == {"id": meeting.pk, "body": body.pk, "on": "2026-11-25", "told": 2}
    read = page(client, cleo, "meeting", meeting.pk)
    assert "Bureau 7" in read
    assert "Cancel it" not in read
    assert "Comité des outils" in page(client, cleo, "meetings")


def test_message_leaves_with_the_act(client, body, people, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        post(client, people[0], "meeting_call", body.pk, **CALL)
    assert len(mail.outbox) == 2


def test_assembly_calls_those_who_decide_there_and_its_secretaries():
    make.cooperative()
    assembly = Committee.objects.create(name="Assemblée", kind="assembly", starts_on=make.LONG_AGO)
    voter, _other = make.member("Ana"), make.person("Bob")
    secretary = make.person("Cleo")
    Mandate.objects.create(committee=assembly, person=secretary, starts_on=make.LONG_AGO)
    assert set(meetings.invited(assembly, TODAY)) == {voter, secretary}


def test_somebody_whose_mandate_ended_yesterday_calls_nothing(client, body, people):
    Mandate.objects.filter(person=people[0]).update(ends_on=TODAY - timedelta(days=1))
    assert "Those who sit on the body do this" in refused(client, people[0], "meeting_call", body.pk, **CALL)
    assert "Those who sit on the body do this" in refused(client, people[2], "meeting_call", body.pk, **CALL)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ends_at": "13:00"}, "A meeting ends after it starts"),
        ({"on": "0001-01-01"}, "Check the year"),
        ({"starts_at": "25:00"}, "Enter a valid time"),
        ({"place": ""}, "required"),
        ({"on": "2019-01-01"}, "does not exist on 1 January 2019"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(client, body, people, typed, said):
    told = refused(client, people[0], "meeting_call", body.pk, **CALL | typed)
    assert said in told
    assert "Lire le budget" in told
    assert not Meeting.objects.exists()


def test_hours_are_typed_as_in_quebec(client, body, people):
    post(client, people[0], "meeting_call", body.pk, **CALL | {"starts_at": "13 h 30", "ends_at": "15h"})
    assert (Meeting.objects.get().starts_at, Meeting.objects.get().ends_at) == (time(13, 30), time(15))


def test_body_is_called_once_at_an_hour(client, body, people, meeting):
    assert "already called at that hour" in refused(client, people[0], "meeting_call", body.pk, **CALL)
    assert Meeting.objects.count() == 1


def test_meeting_held_already_is_noted_and_nobody_is_written_to(client, body, people):
    post(client, people[0], "meeting_call", body.pk, **CALL | {"on": "2026-11-02"})
    assert not OutgoingMessage.objects.exists()
    assert Meeting.objects.get().on == date(2026, 11, 2)


def test_next_call_starts_from_the_last_one(client, body, people, meeting):
    told = page(client, people[0], "meeting_call", body.pk)
    assert 'value="Bureau 7"' in told
    assert 'value="13:30"' in told


def test_whoever_asked_for_a_point_is_told_what_changes(client, people, meeting):
    ana, _bob, cleo = people
    meetings.add_point(meeting, by=cleo, title="Vélos", wanted="hear")
    OutgoingMessage.objects.all().delete()
    post(client, ana, "meeting_change", meeting.pk, **CALL | {"on": "2026-11-26", "words": ""})
    assert "1. Vélos (to hear)" in OutgoingMessage.objects.get(to=cleo).text
    post(client, ana, "meeting_cancel", meeting.pk, because="Grippe")
    assert OutgoingMessage.objects.filter(to=cleo).count() == 2


def test_what_changes_is_told(client, people, meeting):
    ana, bob, _cleo = people
    OutgoingMessage.objects.all().delete()
    assert 'value="13:30"' in page(client, ana, "meeting_change", meeting.pk)
    post(client, ana, "meeting_change", meeting.pk, **CALL | {"words": "", "place": "Bureau 8"})
    assert [message.subject for message in OutgoingMessage.objects.filter(to=ana)] == [
        "Changed: Comité des outils meets on 25 November 2026"
    ]
    assert "Bureau 8" in OutgoingMessage.objects.get(to=bob).text
    line = JournalEntry.objects.get(event="members.meeting_changed")
    assert line.body == {"id": meeting.pk, "fields": ["place"], "told": 2}
    told = refused(client, ana, "meeting_change", meeting.pk, **CALL | {"words": "", "place": "Bureau 8"})
    assert "Nothing was changed" in told
    assert OutgoingMessage.objects.count() == 2


def test_cancelled_is_told_with_why_and_stays_readable(client, people, meeting):
    ana, _bob, cleo = people
    OutgoingMessage.objects.all().delete()
    assert "Those who sit" in refused(client, cleo, "meeting_cancel", meeting.pk, because="Non")
    post(client, ana, "meeting_cancel", meeting.pk, because="Grippe")
    assert "Why: Grippe" in OutgoingMessage.objects.get(to=ana).text
    assert "This meeting is cancelled: Grippe" in page(client, cleo, "meeting", meeting.pk)
    assert "is cancelled" in refused(client, ana, "meeting_change", meeting.pk, **CALL)
    assert "is cancelled" in refused(client, cleo, "point_add", meeting.pk, title="Vélos", wanted="discuss")
    with pytest.raises(IntegrityError, match="is cancelled"), transaction.atomic():
        Meeting.objects.update(place="Ailleurs")


def test_meeting_held_is_not_moved_any_more(client, people, meeting):
    with time_machine.travel("2026-11-26T15:00:00Z"):
        assert "has been held" in refused(client, people[0], "meeting_change", meeting.pk, **CALL)
        assert "has been held" in refused(client, people[0], "meeting_cancel", meeting.pk, because="Non")


# The agenda ---------------------------------------------------------------------------------------


def test_anybody_asks_for_a_point_and_those_who_sit_there_order_it(client, body, people, meeting):
    ana, _bob, cleo = people
    for person, title in ((ana, "Budget"), (cleo, "Vélos")):
        post(client, person, "point_add", meeting.pk, title=title, wanted="decide", planned_minutes="50")
    told = page(client, ana, "meeting", meeting.pk)
    assert told.index("Budget") < told.index("Vélos")
    assert "brought by Cleo" in told
    assert "Planned: 1\u00a0h\u00a040 of 1\u00a0h\u00a030" in told
    assert "more than there is time for" in told
    bikes = AgendaPoint.objects.get(title="Vélos")
    assert "Those who sit" in refused(client, cleo, "point_up", bikes.pk)
    post(client, ana, "point_up", bikes.pk)
    assert list(meeting.points.values_list("title", flat=True)) == ["Vélos", "Budget"]
    post(client, ana, "point_up", bikes.pk)
    assert list(meeting.points.values_list("title", flat=True)) == ["Vélos", "Budget"]
    post(client, cleo, "point_change", bikes.pk, title="Un abri", wanted="discuss", planned_minutes="10")
    bikes.refresh_from_db()
    assert (bikes.title, bikes.wanted, bikes.planned_minutes) == ("Un abri", "discuss", 10)
    budget = AgendaPoint.objects.get(title="Budget")
    assert "Those who sit" in refused(client, cleo, "point_change", budget.pk, title="X", wanted="hear")
    assert "from 1 to 600" in refused(
        client, ana, "point_change", budget.pk, title="Budget", wanted="hear", planned_minutes="601"
    )


def test_point_left_out_says_why_and_comes_back(client, body, people, meeting):
    ana, _bob, cleo = people
    point = meetings.add_point(meeting, by=cleo, title="Vélos", wanted="discuss")
    post(client, ana, "point_leave", point.pk, because="Pas le temps")
    told = page(client, cleo, "meeting", meeting.pk)
    assert "Pas le temps" in told
    following = meetings.call(
        body, by=ana, on=WEDNESDAY + timedelta(days=7), starts_at=time(9), ends_at=time(10), place="Ici"
    )
    assert "Vélos" in page(client, ana, "meeting", following.pk)
    post(client, ana, "point_take", following.pk, key=f"members.point:{point.pk}")
    assert following.points.get().title == "Vélos"
    assert agenda.suggestions(body, TODAY) == []


def test_nobody_from_outside_asks_for_a_point(client, people, meeting):
    gone = make.person("Denis", kind=None)
    told = refused(client, gone, "point_add", meeting.pk, title="X", wanted="hear")
    assert "Whoever works" in told or "travaille" in told
    with time_machine.travel("2026-11-26T15:00:00Z"):
        assert "has been held" in refused(
            client, people[2], "point_add", meeting.pk, title="X", wanted="hear"
        )
        post(client, people[0], "point_add", meeting.pk, title="Venu en parlant", wanted="hear")
    assert meeting.points.get().title == "Venu en parlant"


def test_open_proposals_reviews_and_mandates_suggest_themselves(client, body, people, meeting):
    ana, _bob, cleo = people
    motion = motions.propose(body, by=cleo, title="Un abri", text="Pour les vélos")
    decision = make.decision()
    type(decision).objects.create(
        body=body, adopted_on=TODAY, effective_on=TODAY, title="Essai", text="T", review_on=WEDNESDAY
    )
    Mandate.objects.filter(person=ana).update(ends_on=date(2026, 12, 31))
    told = page(client, ana, "meeting", meeting.pk)
    assert "Un abri" in told
    assert "Look again at decision 2026-001: Essai" in told
    assert f"The mandate of {ana} ends on 31 December 2026" in told
    assert "Could be talked about" not in page(client, cleo, "meeting", meeting.pk)
    key = f"members.motion:{motion.pk}"
    assert "Those who sit" in refused(client, cleo, "point_take", meeting.pk, key=key)
    post(client, ana, "point_take", meeting.pk, key=key)
    point = AgendaPoint.objects.get()
    assert (point.motion, point.wanted, point.brought_by) == (motion, "decide", ana)
    assert key not in {one.key for one in agenda.suggestions(body, TODAY)}
    assert "not suggested any more" in refused(client, ana, "point_take", meeting.pk, key=key)
    assert AgendaPoint.objects.count() == 1


def test_contested_tasks_suggest_themselves_to_those_who_keep_roles(client, people):
    ana = people[0]
    keepers, others = make.committee([Power.KEEP_ROLES]), make.committee()
    task = make.task("Comptes")
    for number in range(6):
        points = 5 if number % 2 else 1
        ratings.rate(task, by=make.person(f"P{number}"), desirability=points, empowerment=None)
    ratings.publish(now=timezone.now(), holders={})
    (found,) = agenda.suggestions(keepers, TODAY)
    assert found.key == f"roles.contested:{task.pk}"
    assert agenda.suggestions(others, TODAY) == []
    Mandate.objects.create(committee=keepers, person=ana, starts_on=make.LONG_AGO)
    meeting = meetings.call(keepers, by=ana, on=WEDNESDAY, starts_at=time(9), ends_at=time(10), place="Ici")
    assert "Far apart on a task: Comptes (Coordination)" in page(client, ana, "meeting", meeting.pk)
    post(client, ana, "point_take", meeting.pk, key=found.key)
    assert f"#task-{task.pk}" in page(client, ana, "meeting", meeting.pk)


# A committee's page -------------------------------------------------------------------------------


def test_page_of_a_committee_says_what_waits_for_it(client, people):
    ana, _bob, cleo = people
    body = make.committee([Power.APPROVE_HOURS, Power.KEEP_ROLES, Power.ISSUE_PAY])
    for person in people[:2]:
        Mandate.objects.create(committee=body, person=person, starts_on=make.LONG_AGO)
    week = make.sheet(cleo, hours={"mon": 7})
    workflow.submit(week, by=cleo)
    make.leave(cleo, TODAY + timedelta(days=30))
    Opening.objects.create(
        role=week.entries.get().task.role,
        by="election",
        starts_on=WEDNESDAY,
        closes_on=date(2026, 11, 1),
        opened_by=ana,
    )
    motion = motions.propose(body, by=cleo, title="Un abri", text="T")
    ballots.open_ballot(motion, by=ana, closes_on=WEDNESDAY)
    meetings.call(body, by=ana, on=date(2026, 11, 2), starts_at=time(9), ends_at=time(10), place="Ici")
    told = page(client, cleo, "committee", body.pk)
    for sentence in (
        "1 week of hours waits to be approved.",
        "1 request about leave waits for an answer.",
        "1 role that was open waits to be filled or closed.",
        "“Un abri” is being answered until 25 November 2026.",
        "The minutes of 2 November 2026 are not written.",
    ):
        assert sentence in told
    # Who may not open the queue is led to no page that refuses them.
    assert reverse("timesheets:queue") not in told
    assert reverse("timesheets:queue") in page(client, ana, "committee", body.pk)
    assert "1 week of hours" not in page(client, cleo, "committee", make.committee().pk)


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_meetings_cost_the_same(client, body, people, rows, django_assert_num_queries):
    ana = people[0]
    for number in range(rows):
        meeting = meetings.call(
            body,
            by=ana,
            on=WEDNESDAY + timedelta(days=number),
            starts_at=time(9),
            ends_at=time(10),
            place="Ici",
        )
    for number in range(rows):
        motion = motions.propose(body, by=ana, title=f"P{number}", text="T")
        meetings.add_point(meeting, by=ana, title=f"P{number}", wanted="hear", motion=motion)
    client.force_login(people[2])
    client.get(reverse("members:meetings"))
    with django_assert_num_queries(9):
        client.get(reverse("members:meetings"))
    with django_assert_num_queries(10):
        client.get(reverse("members:meeting", args=[meeting.pk]))


def test_whose_meetings_are_theirs(body, people, meeting):
    ana, _bob, cleo = people
    assert list(meetings.of(ana, TODAY)) == [meeting]
    assert list(meetings.of(cleo, TODAY)) == []
    assembly = Committee.objects.create(name="Assemblée", kind="assembly", starts_on=make.LONG_AGO)
    Mandate.objects.create(committee=assembly, person=ana, starts_on=make.LONG_AGO)
    general = meetings.call(
        assembly, by=ana, on=WEDNESDAY, starts_at=time(17), ends_at=time(19), place="Café"
    )
    assert list(meetings.of(cleo, TODAY)) == []
    Membership.objects.create(person=cleo, starts_on=make.LONG_AGO)
    assert list(meetings.of(cleo, TODAY)) == [general]
