"""Done or forgotten? Where each week stands, for the committee by person, for everyone about themselves."""

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine

from members.models import OutgoingMessage, Power
from tests import make
from timesheets import committee, hours, workflow
from timesheets.committee import Place
from timesheets.models import Nudge, WeekSheet
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
LAST = MONDAY - timedelta(7)


@pytest.fixture(autouse=True)
def _today():
    make.cooperative()
    with time_machine.travel("2026-11-20 12:00-05:00", tick=False):
        yield


@pytest.fixture
def bob():
    return make.person("Bob", powers=[Power.APPROVE_HOURS], language="en-ca")


def place(person, week=LAST) -> Place:
    ((_day, found, _sheet),) = committee.standings([person], [week], hours.first_week_kept())[0].places
    return found


def submitted(person):
    return workflow.submit(make.sheet(person, starts_on=LAST, hours={"mon": 7, "tue": 7}), by=person)


def test_a_week_goes_from_nothing_to_done(bob):
    ana = make.person("Ana")
    assert place(ana) == Place.NOTHING
    sheet = make.sheet(ana, starts_on=LAST, hours={"mon": 7, "tue": 7})
    assert place(ana) == Place.DRAFT
    workflow.submit(sheet, by=ana)
    assert place(ana) == Place.WAITING
    seen = digest_of(lines_of(sheet.entries.all()))
    workflow.approve(sheet, by=bob, seen=seen, questions={sheet.entries.first().pk: "Why?"})
    assert place(ana) == Place.QUESTIONED
    sheet.refresh_from_db()
    workflow.submit(sheet, by=ana)
    workflow.approve(sheet, by=bob, seen=digest_of(lines_of(sheet.entries.all())))
    assert place(ana) == Place.APPROVED


def test_leave_and_no_agreed_hours_are_not_forgotten_weeks(bob):
    away, partly = make.person("Away"), make.person("Partly")
    make.leave(away, *(LAST + timedelta(n) for n in range(5)), by=bob)
    assert place(away) == Place.AWAY
    # A day of leave does not say where the other four went.
    make.leave(partly, LAST, by=bob)
    assert place(partly) == Place.NOTHING
    assert place(make.person("Free", minutes=0)) == Place.NOT_WORKING
    assert place(make.person("New", starts_on=MONDAY)) == Place.NOT_WORKING


def test_nothing_is_forgotten_before_hours_were_kept_here(client, bob):
    ana = make.person("Ana")
    submitted(ana)
    assert place(bob) == Place.NOTHING
    assert place(bob, LAST - timedelta(7)) == Place.BEFORE
    assert place(make.person("Béa", minutes=0), LAST - timedelta(7)) == Place.NOT_WORKING
    client.force_login(bob)
    page = client.get("/hours/weeks/").content.decode()
    assert "hours were not kept here yet" in page
    assert f'?tab=missing&amp;week={LAST}">1</a>' in page


def test_each_week_says_how_many_are_still_to_come(bob):
    ana, bea = make.person("Ana"), make.person("Béa")
    submitted(ana)
    make.sheet(bea, starts_on=LAST, hours={"mon": 7})
    before = LAST - timedelta(7)
    to_come = committee.still_to_come([before, LAST], hours.first_week_kept())
    assert to_come == [(before, None), (LAST, 2)]  # Béa's and Bob's


def test_weeks_to_come_are_counted_as_they_are_told_one_by_one(bob):
    begun, emptied, sent_back, resting, questioned, done = (make.person() for _ in range(6))
    days = [LAST + timedelta(n) for n in range(5)]
    make.sheet(begun, starts_on=LAST, hours={"mon": 7})
    for someone in (emptied, sent_back, resting):
        make.leave(someone, *days, by=bob)
    make.sheet(emptied, starts_on=LAST)
    received = workflow.submit(make.sheet(sent_back, starts_on=LAST), by=sent_back)
    workflow.send_back(received, by=bob, because="Et le jeudi?", seen=digest_of([]))
    asked = submitted(questioned)
    lines = asked.entries.order_by("pk")
    workflow.approve(asked, by=bob, seen=digest_of(lines_of(lines)), questions={lines[0].pk: "Quoi?"})
    opened = WeekSheet.objects.filter(pk=make.approved(done, starts_on=LAST, hours={"mon": 7}, by=bob).pk)
    opened.update(state="draft", submitted_at=None, approved_at=None, approved_by=None)
    make.sheet(make.person(minutes=0), starts_on=LAST)
    make.person(
        starts_on=LAST + timedelta(5)
    )  # comes on a Saturday: nothing is agreed on it, nor on the Sunday

    all_weeks = [LAST - timedelta(7), LAST]
    told = hours.unsettled(all_weeks, all_weeks[0], LAST + timedelta(6), states=["draft"])
    assert hours.not_handed_in(all_weeks) == Counter(one.week_starts_on for one in told)
    # Those of the week itself: begun, sent back, questioned, without agreed hours, and Bob's that is not begun.
    assert hours.not_handed_in([LAST]) == {LAST: 5}
    assert hours.not_handed_in([]) == {}


def test_everyone_sees_their_own_weeks_and_the_committee_those_of_all(client, bob):
    ana = make.person("Ana", language="en-ca")
    submitted(ana)
    client.force_login(ana)
    assert client.get("/hours/weeks/").status_code == 403
    assert "waiting for the committee" in client.get("/hours/weeks/mine/").content.decode()
    client.force_login(bob)
    page = client.get("/hours/weeks/", {"q": "ESSAI"}).content.decode()
    assert str(ana) in page
    assert str(ana) not in client.get("/hours/weeks/", {"q": "nobody"}).content.decode()
    client.force_login(make.person("Coco", powers=[Power.PREPARE_PAY]))
    assert "/hours/queue/" not in client.get("/hours/weeks/").content.decode().split("<table")[1]


@pytest.mark.parametrize("people", [1, 3])
def test_it_costs_the_same_whoever_works(client, bob, people, django_assert_num_queries):
    for _ in range(people):
        submitted(make.person())
    client.force_login(bob)
    client.get("/hours/weeks/")
    with django_assert_num_queries(12):
        client.get("/hours/weeks/")


def test_who_is_written_to_is_listed_and_chosen(client, bob):
    ana, bea = make.person("Ana", language="en-ca"), make.person("Béa")
    client.force_login(bob)
    page = client.get(f"/hours/queue/remind/{LAST}/").content.decode()
    assert str(ana) in page
    assert str(bea) in page
    assert str(bob) not in page.split('<form class="card')[1]
    client.post(f"/hours/queue/remind/{LAST}/", {"person": [ana.pk]})
    assert [message.to for message in OutgoingMessage.objects.all()] == [ana]
    again = client.get(f"/hours/queue/remind/{LAST}/").content.decode()
    assert "reminded 20 November 2026" in again
    client.post(f"/hours/queue/remind/{LAST}/", {})
    assert Nudge.objects.count() == 1
    client.force_login(ana)
    assert client.post(f"/hours/queue/remind/{LAST}/", {"person": [bea.pk]}).status_code == 403
