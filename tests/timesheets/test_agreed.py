"""What is agreed for a week that changes in its middle, or that a pause takes: everywhere it is read."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from members import lifecycle, paths
from members.models import Power, WorkStatus
from tests import make
from timesheets import agreed, committee, drafts, hours, leave, looking, nudges, tokens, workflow
from timesheets.models import TimeEntry

pytestmark = pytest.mark.django_db
MONDAY, WEDNESDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 18), date(2026, 11, 22)
FRIDAY = "2026-11-20T20:00:00Z"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(FRIDAY):
        yield


@pytest.fixture
def keeper():
    make.cooperative()
    return make.person("Keeper", kind=None, powers=[Power.ADMIT_PEOPLE, Power.APPROVE_HOURS])


def status(first, last, hours_a_week):
    return WorkStatus(starts_on=first, ends_on=last, agreed_minutes_per_week=round(hours_a_week * 60))


@pytest.mark.parametrize(
    ("statuses", "minutes"),
    [
        ([], 0),
        ([status(make.LONG_AGO, None, 35)], 35 * 60),
        ([status(WEDNESDAY, None, 35)], 21 * 60),
        ([status(make.LONG_AGO, MONDAY + timedelta(1), 35), status(WEDNESDAY, None, 20)], 26 * 60),
        ([status(make.LONG_AGO, date(2026, 11, 20), 35), status(date(2026, 11, 21), None, 20)], 35 * 60),
        ([status(MONDAY, MONDAY, 17.5), status(SUNDAY, None, 35)], 210),
        ([status(MONDAY, MONDAY, 0.05)], 1),  # 0,6 minute
    ],
)
def test_each_weekday_is_a_fifth_of_what_is_agreed_then(statuses, minutes):
    assert agreed.minutes_of_week(statuses, MONDAY) == minutes


def test_change_in_mid_week_reaches_whatever_shows_the_target(client, keeper):
    ana = make.person("Ana", language="en-ca")
    lifecycle.change_work_status(ana, by=keeper, starts_on=WEDNESDAY, agreed_minutes_per_week=20 * 60)
    sheet = make.sheet(ana, starts_on=MONDAY, hours={"mon": 7, "tue": 7, "wed": 4, "thu": 4})
    client.force_login(ana)
    page = client.get(reverse("timesheets:sheet", args=[MONDAY])).content.decode().replace("\u00a0", " ")
    assert "22 h of 26 h agreed" in page
    assert hours.week_summary(ana, WEDNESDAY, 0).agreed_minutes == 26 * 60
    bob = make.person("Bob", powers=[Power.APPROVE_HOURS])
    workflow.submit(sheet, by=ana)
    (row,) = committee.described(list(committee.waiting(bob)), bob)
    assert row.agreed_minutes == 26 * 60
    assert committee.agreed_and_leave(sheet)[0] == 26 * 60
    assert looking.own_year(ana, 2026, 0, WEDNESDAY).by_week.levels[-1] == 26 * 60
    _token, secret = tokens.make(ana, opens="api", name="Outil")
    answer = client.get("/api/v1/weeks/2026-11-20/", headers={"Authorization": f"Bearer {secret}"})
    assert json.loads(answer.content)["agreed_minutes"] == 26 * 60


@pytest.fixture
def ana():
    """A member on pause from Wednesday to the next Friday."""
    person = make.member("Ana", language="en-ca")
    paths.start_pause(person, by=person, starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 27))
    return person


NEXT_MONDAY = MONDAY + timedelta(7)


def test_no_hours_are_logged_on_a_pause(client, keeper, ana):
    task = make.task()
    cells = {drafts.Cell(task.pk, None, day): drafts.Content(60) for day in (WEDNESDAY, date(2026, 11, 20))}
    saved = drafts.save_draft(ana, MONDAY, cells)
    assert [cell.day for cell in saved.changed] == [WEDNESDAY]
    (why,) = saved.refused.values()
    assert "pause" in why
    assert TimeEntry.objects.count() == 1
    client.force_login(ana)
    page = client.get(reverse("timesheets:sheet", args=[MONDAY])).content.decode()
    assert "of 28\u00a0h agreed" in page
    paths.change_pause(ana.pauses.get(), by=ana, ends_on=NEXT_MONDAY + timedelta(6))
    with time_machine.travel("2026-11-25T15:00:00Z"):
        client.logout()
        client.force_login(ana)
        page = client.get(reverse("timesheets:sheet", args=[NEXT_MONDAY])).content.decode()
        assert "You are on pause all this week" in page
        with translation.override("en-ca"):
            assert hours.week_summary(ana, NEXT_MONDAY, 0).state == "on pause"
        assert "on pause" in client.get("/").content.decode()


def test_nothing_is_owed_for_the_days_of_a_pause(keeper, ana):
    assert hours.week_summary(ana, WEDNESDAY, 0).agreed_minutes == 28 * 60
    assert hours.week_summary(ana, NEXT_MONDAY, 0).agreed_minutes == 0
    back = NEXT_MONDAY + timedelta(7)
    missing = {one.week_starts_on for one in hours.unsettled_sheets(MONDAY, back) if one.person_id == ana.pk}
    assert missing == {MONDAY, back}, "the week that is all pause is expected of nobody"
    nudges.choose(ana, empty_week=True)
    for friday in (20, 27):
        assert nudges.write_due(datetime(2026, 11, friday, 20, tzinfo=UTC)) == 0
    assert nudges.write_due(datetime(2026, 12, 4, 20, tzinfo=UTC)) == 1


def test_no_leave_is_taken_on_a_pause(ana):
    with pytest.raises(leave.OnPauseThen):
        leave.request(by=ana, kind="vacation", days={date(2026, 11, 23): 420})
