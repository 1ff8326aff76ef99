"""The week saved while it is typed: what a script sends, and what it is answered."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from koumbit import formats
from members.models import Power
from tests import make
from timesheets import drafts, unsent, workflow
from timesheets.drafts import NOTHING, Cell, Content
from timesheets.models import EntryVersion, SheetDecision, TimeEntry, WeekSheet
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
URL = "/hours/2026-11-16/cells/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-18 12:00-05:00", tick=False):
        yield


@pytest.fixture
def ana(client):
    make.cooperative()
    ana = make.person("Ana", language="en-ca")
    client.force_login(ana)
    return ana


@pytest.fixture
def task(ana):
    return make.task("Bank reconciliation", role="Accounting")


def sent(task, *, base=None, notes=None, more=None, **texts) -> dict:
    """What the script sends: the texts of some days (`d0`, `d1`), what they were, their notes."""
    row = f"{task.pk}-0"
    fields = {"row": row, "base": json.dumps({f"{row}-{day[1]}": held for day, held in (base or {}).items()})}
    for day, text in texts.items():
        fields |= {f"c-{row}-{day[1]}": text, f"n-{row}-{day[1]}": (notes or {}).get(day, "")}
    return fields | (more or {})


def minutes(person) -> dict[int, int]:
    found = TimeEntry.objects.filter(person=person).order_by("day")
    return {(entry.day - MONDAY).days: entry.minutes for entry in found}


def said(moment) -> str:
    with translation.override("en-ca"):
        return formats.moment(moment)


def approved(ana):
    clerk = make.person("Bob", powers=[Power.APPROVE_HOURS])
    sheet = make.sheet(ana, starts_on=MONDAY, hours={"mon": 7})
    workflow.submit(sheet, by=ana)
    return workflow.approve(sheet, by=clerk, seen=digest_of(lines_of(sheet.entries.all())))


def test_cells_are_saved_and_told_as_they_are_now(client, ana, task):
    answer = client.post(URL, sent(task, d0="7,5", d1="90m", notes={"d1": "  on the   bus "})).json()
    assert minutes(ana) == {0: 450, 1: 90}
    assert answer == {
        "saved": {
            f"{task.pk}-0-0": {"minutes": 450, "note": "", "typed": "7h30"},
            f"{task.pk}-0-1": {"minutes": 90, "note": "on the bus", "typed": "1h30"},
        },
        "refused": {},
        "contested": {},
        "state": answer["state"],
    }
    assert "draft, not submitted" in answer["state"]
    assert client.post(URL, sent(task, d2="1")).json()["state"] == ""


def test_only_the_cells_that_were_sent_change(client, ana, task):
    client.post(URL, sent(task, d0="7", d1="7"))
    client.post(URL, sent(task, d1="6", base={"d1": [420, ""]}))
    client.post(URL, sent(task, d0="", base={"d0": [420, ""]}))
    assert minutes(ana) == {1: 360}


def test_what_is_refused_says_why_and_the_rest_is_saved(client, ana, task):
    answer = client.post(URL, sent(task, d0="1:75", d1="7", d4="7")).json()
    assert minutes(ana) == {1: 420}
    assert answer["refused"].keys() == {f"{task.pk}-0-0", f"{task.pk}-0-4"}
    assert "has not come yet" in answer["refused"][f"{task.pk}-0-4"]


def test_what_was_written_elsewhere_is_shown_not_overwritten(client, ana, task):
    drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, MONDAY): Content(60, "phone")})
    answer = client.post(URL, sent(task, d0="7", d1="6")).json()
    assert answer["contested"] == {
        f"{task.pk}-0-0": {
            "minutes": 60,
            "note": "phone",
            "typed": "1",
            "at": said(TimeEntry.objects.get(day=MONDAY).written_at),
        }
    }
    assert minutes(ana) == {0: 60, 1: 360}
    client.post(URL, sent(task, d0="7", base={"d0": [60, "phone"]}))
    assert minutes(ana) == {0: 420, 1: 360}


def test_a_week_submitted_elsewhere_takes_nothing(client, ana, task):
    workflow.submit(make.sheet(ana, starts_on=MONDAY, hours={"mon": 7}), by=ana)
    answer = client.post(URL, sent(task, d1="7"))
    assert (answer.status_code, list(answer.json())) == (409, ["sentence"])
    assert minutes(ana) == {0: 420}


def test_an_approved_week_is_reopened_only_from_the_page_for_late_hours(client, ana, task):
    sheet = approved(ana)
    assert client.post(URL, sent(task, d1="7")).status_code == 409
    sheet.refresh_from_db()
    assert (sheet.is_approved, minutes(ana)) == (True, {0: 420})
    assert client.post(URL, sent(task, d1="7", more={"late": "1"})).status_code == 200
    sheet.refresh_from_db()
    assert (sheet.is_draft, minutes(ana)) == (True, {0: 420, 1: 420})
    assert SheetDecision.objects.last().act == SheetDecision.Act.REOPENED


def test_a_late_hour_says_that_the_week_is_open_again(client, ana, task):
    approved(ana)
    answer = client.post(URL, sent(task, d1="7", more={"late": "1"})).json()
    assert "approved, with late hours to submit" in answer["state"]


def test_what_was_cleared_elsewhere_says_when(client, ana, task):
    sheet = drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, MONDAY): Content(60)}).sheet
    drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, MONDAY): NOTHING})
    answer = client.post(URL, sent(task, d0="7", base={"d0": [60, ""]})).json()
    gone = EntryVersion.objects.get(sheet_id=sheet.pk)
    assert answer["contested"][f"{task.pk}-0-0"] == {
        "minutes": 0,
        "note": "",
        "typed": "",
        "at": said(gone.until),
    }


def test_what_is_already_there_is_no_conflict(client, ana, task):
    """An answer that was lost on its way: the same is sent again, upon what was there before."""
    client.post(URL, sent(task, d0="7"))
    answer = client.post(URL, sent(task, d0="7")).json()
    assert (list(answer["saved"]), answer["contested"]) == ([f"{task.pk}-0-0"], {})


def test_page_that_somebody_else_opened_saves_nothing(client, ana, task):
    bea = make.person("Bea")
    answer = client.post(URL, sent(task, d0="7", more={"of": unsent.mark_of(bea)}))
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/json")
    assert client.post(URL, sent(task, d0="7", more={"of": "forged"})).status_code == 401
    assert not TimeEntry.objects.exists()
    assert client.post(URL, sent(task, d0="7", more={"of": unsent.mark_of(ana)})).status_code == 200


# Signed out in mid-typing, without script -----------------------------------------------------------

WEEK = "/hours/2026-11-16/"


def sent_while_signed_out(client, someone, task, **given) -> None:
    client.logout()
    fields = sent(task, more={"of": unsent.mark_of(someone), "do": "save"}, **given)
    answer = client.post(WEEK, fields)
    assert answer.headers["Location"] == f"/account/login/?next={WEEK}"


def field_of(answer, task, day: int):
    found = [row for row in answer.context["grid"].rows if row.task == task]
    return found[0].cells[day] if found else None


def test_what_was_sent_while_signed_out_is_back_in_its_fields(client, ana, task):
    sent_while_signed_out(client, ana, task, d0="7", d1="1:75", notes={"d0": "phone"})
    client.force_login(ana)
    answer = client.get(WEEK)
    assert (field_of(answer, task, 0).text, field_of(answer, task, 0).note) == ("7", "phone")
    assert (field_of(answer, task, 1).text, bool(field_of(answer, task, 1).error)) == ("1:75", True)
    assert "You were signed out before this could be saved" in answer.text
    assert not TimeEntry.objects.exists()  # reading writes nothing
    client.post(WEEK, sent(task, d0="7", d1="2", more={"do": "save"}))
    assert minutes(ana) == {0: 420, 1: 120}
    assert "You were signed out" not in client.get(WEEK).text


def test_what_changed_elsewhere_meanwhile_is_said(client, ana, task):
    sent_while_signed_out(client, ana, task, d0="7", d1="6")
    drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, MONDAY): Content(60)})
    client.force_login(ana)
    answer = client.get(WEEK)
    assert "Meanwhile this became 1\u00a0h" in field_of(answer, task, 0).error
    assert field_of(answer, task, 1).error == ""


def test_what_says_nothing_new_is_not_shown_as_unsaved(client, ana, task):
    drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, MONDAY): Content(420)})
    sent_while_signed_out(client, ana, task, d0="7")
    client.force_login(ana)
    assert "You were signed out" not in client.get(WEEK).text


def test_another_person_never_sees_what_was_held(client, ana, task):
    sent_while_signed_out(client, ana, task, d0="7", notes={"d0": "dentist"})
    client.force_login(make.person("Bea", language="en-ca"))
    answer = client.get(WEEK)
    assert field_of(answer, task, 0) is None
    assert "dentist" not in answer.text


@pytest.mark.parametrize("more", [{}, {"of": "forged"}, {"of": "", "late": "1"}])
def test_nothing_is_held_for_who_never_opened_the_week(client, ana, task, more):
    client.logout()
    client.post(WEEK, sent(task, d0="7", more=more))
    assert not client.session.keys()


def test_what_is_held_is_bounded(client, ana, task):
    sent_while_signed_out(client, ana, task, d0="7", notes={"d0": "x" * 100_000})
    assert not client.session.keys()


def test_old_marks_hold_nothing(client, ana, task):
    mark = unsent.mark_of(ana)
    client.logout()
    with time_machine.travel("2026-11-25 12:01-05:00", tick=False):
        client.post(WEEK, sent(task, d0="7", more={"of": mark}))
    assert not client.session.keys()


def test_whoever_is_signed_out_is_told_so_and_nothing_is_written(client, ana, task):
    client.logout()
    answer = client.post(URL, sent(task, d0="7"))
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/json")
    assert not WeekSheet.objects.exists()


@pytest.mark.parametrize("day", ["2026-11-17", "2026-11-22"])
def test_no_week_starts_on_another_day(client, ana, task, day):
    assert client.post(f"/hours/{day}/cells/", sent(task, d0="7")).status_code == 404
    assert not WeekSheet.objects.exists()


def test_reading_is_no_saving(client, ana):
    assert client.get(URL).status_code == 405


def queries(client, fields) -> int:
    """What one saving asks of the database; savepoints, which the test's transaction adds, left out."""
    with CaptureQueriesContext(connection) as asked:
        assert client.post(URL, fields).json()["saved"]
    return sum("SAVEPOINT" not in query["sql"] for query in asked.captured_queries)


@pytest.mark.parametrize("years", [0, 3])
def test_saving_one_cell_takes_six_queries_whatever_the_past(client, ana, task, years):
    for year in range(years):
        make.sheet(ana, starts_on=MONDAY - timedelta(weeks=52 * (year + 1)), hours={"mon": 7}, task=task)
    client.post(URL, sent(task, d0="7", d1="7"))
    changed = queries(client, sent(task, d0="6", base={"d0": [420, ""]}))
    added = queries(client, sent(task, d2="6"))
    cleared = queries(client, sent(task, d1="", base={"d1": [420, ""]}))
    # What is taken away is looked at for corrections first.
    assert (changed, added, cleared) == (6, 6, 8)
    found = minutes(ana)
    assert (found[0], found[2], 1 in found) == (360, 360, False)
