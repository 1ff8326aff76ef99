"""The timer: one runs, it survives, it asks when forgotten, and ends as minutes in a cell."""

import re
import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse

from tests import make
from timesheets import drafts, timer, workflow
from timesheets.drafts import Cell, Content
from timesheets.models import Project, TimeEntry, Timer, WeekSheet
from timesheets.refusals import EntryRefused, WeekIsWaiting

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
NINE = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("America/Toronto"))
WEDNESDAY = NINE.date()


@pytest.fixture(autouse=True)
def clock():
    make.cooperative()
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana():
    return make.person("Ana", language="en-ca")


@pytest.fixture
def task():
    return make.task("Bank reconciliation", role="Accounting")


def lines(person) -> list[tuple[date, int, str]]:
    return list(TimeEntry.objects.filter(person=person).order_by("pk").values_list("day", "minutes", "note"))


def test_timer_ends_as_minutes_in_the_cell_of_its_day(ana, task, clock):
    timer.start(ana, task.pk, None, note="phone")
    clock.shift(timedelta(minutes=95, seconds=50))
    stopped = timer.stop(ana)
    assert (stopped.minutes, stopped.cell, stopped.week) == (95, Cell(task.pk, None, WEDNESDAY), MONDAY)
    assert lines(ana) == [(WEDNESDAY, 95, "phone")]
    assert timer.running(ana) is None


def test_its_minutes_join_the_one_draft_line_of_the_cell(ana, task, clock):
    drafts.add_entry(ana, MONDAY, Cell(task.pk, None, WEDNESDAY), 60, "letters")
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(minutes=30))
    timer.stop(ana)
    assert lines(ana) == [(WEDNESDAY, 90, "letters")]
    drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, WEDNESDAY): Content(45, "letters")})
    assert lines(ana) == [(WEDNESDAY, 45, "letters")]


def test_approved_time_gets_a_line_beside_it(ana, task, clock):
    make.approved(ana, starts_on=MONDAY, hours={"wed": 2}, task=task)
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(minutes=30))
    timer.stop(ana)
    assert [minutes for _day, minutes, _note in lines(ana)] == [120, 30]
    assert WeekSheet.objects.get(person=ana).is_draft


def test_starting_another_stops_the_first_into_its_cell(ana, task, clock):
    other = make.task("Newsletter")
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(minutes=20))
    timer.start(ana, other.pk, None)
    assert lines(ana) == [(WEDNESDAY, 20, "")]
    assert timer.running(ana).task == other
    again = timer.start(ana, other.pk, None)
    assert again.started_at == timer.running(ana).started_at


def test_less_than_a_minute_logs_nothing(ana, task, clock):
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(seconds=59))
    timer.start(ana, make.task("Newsletter").pk, None)
    assert timer.stop(ana).minutes == 0
    assert (lines(ana), Timer.objects.count()) == ([], 0)


@pytest.mark.parametrize("away", [timedelta(hours=8, minutes=1), timedelta(hours=16), timedelta(days=3)])
def test_a_forgotten_timer_asks_and_logs_what_it_is_told(ana, task, clock, away):
    timer.start(ana, task.pk, None)
    clock.shift(away)
    with pytest.raises(timer.Forgotten):
        timer.stop(ana)
    with pytest.raises(timer.Forgotten):
        timer.start(ana, make.task("Newsletter").pk, None)
    assert (lines(ana), Timer.objects.count()) == ([], 1)
    timer.stop(ana, minutes=150)
    assert lines(ana) == [(WEDNESDAY, 150, "")]


def test_a_week_handed_in_keeps_the_timer_running(ana, task, clock):
    timer.start(ana, task.pk, None)
    workflow.submit(workflow.open_week(ana, MONDAY), by=ana)
    clock.shift(timedelta(minutes=30))
    with pytest.raises(WeekIsWaiting):
        timer.stop(ana)
    assert timer.running(ana) is not None
    workflow.withdraw(WeekSheet.objects.get(), by=ana)
    timer.stop(ana)
    assert lines(ana) == [(WEDNESDAY, 30, "")]


def test_a_day_holds_24_hours_also_for_the_timer(ana, task, clock):
    drafts.add_entry(ana, MONDAY, Cell(task.pk, None, WEDNESDAY), 23 * 60 + 50)
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(minutes=30))
    with pytest.raises(EntryRefused, match="24"):
        timer.stop(ana)
    assert timer.running(ana) is not None


def test_nothing_is_timed_on_what_is_retired_and_nothing_stops_twice(ana, task, clock):
    closed = Project.objects.create(name="Old", closed_on=MONDAY)
    for key in ((task.pk, closed.pk), (0, None), (task.pk, 0)):
        with pytest.raises(timer.CannotTime):
            timer.start(ana, *key)
    for act in (timer.stop, timer.discard):
        with pytest.raises(timer.NothingRuns):
            act(ana)


def test_database_keeps_one_timer_a_person(ana, task):
    timer.start(ana, task.pk, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Timer.objects.create(person=ana, task=task, started_at=NINE)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_stop_at_once_log_it_once(ana, task, clock):
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(minutes=30))
    said = []

    def stop():
        try:
            said.append(timer.stop(ana).minutes)
        except timer.NothingRuns:
            said.append(None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=stop) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said, key=str) == [30] + [None] * 5
    assert lines(ana) == [(WEDNESDAY, 30, "")]


# On screen ----------------------------------------------------------------------------------------


def test_started_from_a_row_shown_on_the_week_stopped_from_the_strip(client, ana, task, clock):
    client.force_login(ana)
    key = f"{task.pk}-0"
    sent = {"row": key, "base": "{}", f"c-{key}-0": "7", "do": f"timer:{key}"}
    page = client.post("/hours/2026-11-16/", sent, follow=True)
    assert "The timer runs, even after" in page.content.decode()
    assert lines(ana) == [(MONDAY, 420, "")]
    assert "data-started" in client.get("/hours/2026-11-16/").content.decode()
    clock.shift(timedelta(minutes=12))
    client.post("/hours/timer/stop/")
    assert lines(ana) == [(MONDAY, 420, ""), (WEDNESDAY, 12, "")]


def test_a_forgotten_one_is_asked_about_on_screen(client, ana, task, clock):
    client.force_login(ana)
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(hours=20))
    assert client.post("/hours/timer/stop/").url == "/hours/timer/ask/"
    assert "How long was it?" in client.get("/hours/timer/ask/").content.decode()
    assert client.post("/hours/timer/ask/", {"minutes": "25"}).status_code == 200
    assert timer.running(ana) is not None
    told = client.post("/hours/timer/ask/", {"minutes": "2h30"}, follow=True)
    assert lines(ana) == [(WEDNESDAY, 150, "")]
    assert "2\u00a0h\u00a030 more on Wednesday 18 November" in told.content.decode()
    assert told.context["shown_day"] == WEDNESDAY.weekday()


def test_one_forgets_only_ones_own(client, ana, task):
    bea = make.person("Béa")
    timer.start(ana, task.pk, None)
    client.force_login(bea)
    client.post("/hours/timer/discard/")
    client.post("/hours/timer/stop/")
    assert Timer.objects.get().person == ana
    client.force_login(ana)
    client.post("/hours/timer/discard/")
    assert (Timer.objects.count(), lines(ana)) == (0, [])


def test_running_timer_is_on_the_home_page_with_its_stop_button(client, ana, task, clock):
    client.force_login(ana)
    assert 'data-started="' not in client.get("/").content.decode()
    timer.start(ana, task.pk, None)
    html = client.get("/").content.decode()
    assert 'data-started="' in html
    assert task.name in html
    assert reverse("timesheets:timer_stop") in html


def test_stop_button_of_the_home_page_carries_its_token(ana, task, clock):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(minutes=30))
    strip = re.search(r'action="/hours/timer/stop/">(.*?)</form>', strict.get("/").content.decode())[1]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', strip)[1]
    strict.post("/hours/timer/stop/", {"csrfmiddlewaretoken": token})
    assert lines(ana) == [(WEDNESDAY, 30, "")]


def test_what_the_stop_became_is_told_and_a_slip_of_the_finger_stops_too(client, ana, task, clock):
    client.force_login(ana)
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(minutes=95))
    page = client.post("/hours/timer/stop/", follow=True).content.decode()
    assert "1\u00a0h\u00a035 more on Wednesday 18 November" in page
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(seconds=20))
    page = client.post("/hours/timer/stop/", follow=True).content.decode()
    assert "Less than a minute" in page
    assert (Timer.objects.count(), len(lines(ana))) == (0, 1)


def test_running_timer_is_shown_beside_a_week_that_takes_no_hours(client, ana, task, clock):
    workflow.submit(workflow.open_week(ana, MONDAY), by=ana)
    timer.start(ana, task.pk, None)
    client.force_login(ana)
    assert "data-started" in client.get("/hours/2026-11-16/").content.decode()


def test_switching_says_where_the_time_before_went(client, ana, task, clock):
    client.force_login(ana)
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(minutes=30))
    key = f"{make.task('Newsletter').pk}-0"
    page = client.post("/hours/2026-11-16/", {"row": key, "base": "{}", "do": f"timer:{key}"}, follow=True)
    assert "What it measured on “Bank reconciliation” is in the week" in page.content.decode()
    assert lines(ana) == [(WEDNESDAY, 30, "")]


def test_switching_within_a_minute_says_that_nothing_was_logged(client, ana, task, clock):
    client.force_login(ana)
    timer.start(ana, task.pk, None)
    clock.shift(timedelta(seconds=40))
    key = f"{make.task('Newsletter').pk}-0"
    page = client.post("/hours/2026-11-16/", {"row": key, "base": "{}", "do": f"timer:{key}"}, follow=True)
    assert "less than a minute on “Bank reconciliation”: nothing was logged there" in page.content.decode()
    assert lines(ana) == []


def test_menu_of_a_row_says_whether_it_starts_or_switches(client, ana, task, clock):
    client.force_login(ana)
    rows = f"/hours/2026-11-16/?row={task.pk}-0&row={make.task('Newsletter').pk}-0"
    page = client.get(rows).content.decode()
    assert (page.count("Start the timer"), page.count("Switch the timer to this row")) == (2, 0)
    timer.start(ana, task.pk, None)
    page = client.get(rows).content.decode()
    assert (page.count("Start the timer"), page.count("Switch the timer to this row")) == (0, 1)
    assert f'value="timer:{task.pk}-0"' not in page
