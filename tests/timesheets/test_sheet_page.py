"""The page of one's own week, and the lines of a day, as a browser without script uses them."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from members.models import Cooperative, Power
from payroll.models import OvertimeChoice
from tests import make
from timesheets import drafts, workflow
from timesheets.drafts import Cell
from timesheets.models import Project, TimeEntry, WeekSheet
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
TUESDAY = MONDAY + timedelta(1)
URL = "/hours/2026-11-16/"


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


def typed(task, *texts, project=None, do="save", base=None, notes=(), **more) -> dict:
    """What the form sends for one row: the texts of Monday, Tuesday and so on."""
    key = f"{task.pk}-{project.pk if project else 0}"
    fields = {"row": key, "do": do, "base": json.dumps(base or {})}
    fields |= {f"c-{key}-{day}": text for day, text in enumerate(texts)}
    return fields | {f"n-{key}-{day}": note for day, note in enumerate(notes)} | more


def cell(page, task, day, project=None):
    return next(
        found
        for row in page.context["grid"].rows
        if row.task == task and row.project == project
        for found in row.cells
        if found.day.index == day
    )


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("&#x27;", "’").split())


def minutes(person) -> list[tuple[date, int]]:
    return list(TimeEntry.objects.filter(person=person).order_by("day", "pk").values_list("day", "minutes"))


# Which week ---------------------------------------------------------------------------------------


def test_my_week_is_the_one_of_today(client, ana):
    assert client.get("/hours/").url == URL


def test_any_day_leads_to_its_week_and_no_other_address_exists(client, ana):
    assert client.get("/hours/2026-11-18/").url == URL
    for address in ("2026-13-01", "2026-02-30", "0001-01-01", "9999-12-31", "2026-11-6"):
        assert client.get(f"/hours/{address}/").status_code == 404
    assert client.post("/hours/2026-11-18/", {}).status_code == 404


def test_week_starts_on_the_day_the_co_op_chose(client, ana):
    Cooperative.objects.update(week_starts_on=6)
    assert client.get("/hours/").url == "/hours/2026-11-15/"


def test_each_field_is_named_by_its_day_role_and_task(client, ana, task):
    page = client.get(URL, {"row": f"{task.pk}-0"})
    assert 'aria-label="Monday 16 November, Accounting, Bank reconciliation"' in page.content.decode()


# Saving -------------------------------------------------------------------------------------------


def test_week_is_saved_without_being_submitted(client, ana, task):
    page = client.post(URL, typed(task, "7,5", "2:30"), follow=True)
    assert minutes(ana) == [(MONDAY, 450), (TUESDAY, 150)]
    assert WeekSheet.objects.get().is_draft
    assert page.context["grid"].minutes == 600
    assert "Submit 10 h" in text_of(page)


def test_refused_cells_keep_their_text_and_the_others_are_saved(client, ana, task):
    page = client.post(URL, typed(task, "7h30", "1:75", "90", do="submit"))
    assert page.status_code == 422
    assert minutes(ana) == [(MONDAY, 450)]
    assert WeekSheet.objects.get().is_draft
    assert [cell(page, task, day).text for day in range(3)] == ["7h30", "1:75", "90"]
    said = text_of(page)
    assert "“1:75” is not a length of time. Write it like 7.5 or 7h30 or 90m." in said
    assert "90 h? Write 90m for 1 h 30." in said
    assert "The week is not submitted" in said


@pytest.mark.parametrize(
    "text",
    [
        "1e3",
        "NaN",
        "25",
        "24.01",
        "７",
        "9" * 10_000,
        "-1",
        "\x00",
        "\u202e2",
        "<script>",
        "{{ 7*7 }}",
        "' OR 1=1--",
    ],
)
def test_hostile_text_is_refused_and_shown_as_text(client, ana, task, text):
    page = client.post(URL, typed(task, text))
    assert page.status_code == 422
    assert minutes(ana) == []
    assert cell(page, task, 0).text == text
    assert "<script>" not in page.content.decode().replace('<script type="module"', "")


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("x" * 501, "501 characters"),
        ("gauche\u202edroite", "invisible"),
        ("nul\x00", "invisible"),
    ],
)
def test_unfit_note_is_refused_and_kept_as_typed(client, ana, task, note, sentence):
    page = client.post(URL, typed(task, "7", notes=[note]))
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert cell(page, task, 0).note == note


def test_markup_in_a_note_is_shown_as_text(client, ana, task):
    page = client.post(URL, typed(task, "7", notes=["<script>alert(1)</script>"]), follow=True)
    assert "&lt;script&gt;alert(1)" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_markup_in_the_names_of_things_is_shown_as_text(client, ana):
    nasty = "\"><script>alert('x')</script>"
    task, project = make.task(f"T{nasty}", role=f"R{nasty}"), Project.objects.create(name=f"P{nasty}")
    page = client.post(URL, typed(task, "7", "1:75", project=project)).content.decode()
    assert "alert" in page
    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;" in page


def test_what_another_tab_wrote_is_shown_and_mine_is_kept_until_i_decide(client, ana, task):
    key = f"{task.pk}-0-0"
    client.post(URL, typed(task, "2"))
    client.post(URL, typed(task, "3", base={key: [120, ""]}))
    page = client.post(URL, typed(task, "4", base={key: [120, ""]}))
    assert page.status_code == 409
    assert minutes(ana) == [(MONDAY, 180)]
    assert "Meanwhile this became 3 h. Save again to keep yours." in text_of(page)
    assert cell(page, task, 0).text == "4"
    client.post(URL, typed(task, "4", base=json.loads(page.context["base"])))
    assert minutes(ana) == [(MONDAY, 240)]


def test_typing_in_a_week_submitted_elsewhere_loses_nothing(client, ana, task):
    client.post(URL, typed(task, "2", do="submit"))
    page = client.post(URL, typed(task, "", "3"))
    assert page.status_code == 409
    assert "withdraw it before changing it" in text_of(page)
    assert cell(page, task, 1).text == "3"


@pytest.mark.parametrize("base", ["", "nonsense", "[]", '{"x": 1}', "[" * 5000, '{"1-0-0": [1e999, ""]}'])
def test_unreadable_base_overwrites_nothing(client, ana, task, base):
    client.post(URL, typed(task, "2"))
    page = client.post(URL, typed(task, "3") | {"base": base})
    assert page.status_code == 409
    assert minutes(ana) == [(MONDAY, 120)]


def test_fields_a_form_does_not_have_change_nothing(client, ana, task):
    bea = make.person("Béa")
    extra = {"person": bea.pk, "state": "approved", "approved_by": bea.pk, "rate": "99", "is_staff": "on"}
    client.post(URL, typed(task, "2", **extra))
    entry = TimeEntry.objects.get()
    assert (entry.person, entry.approved_by, entry.sheet.state) == (ana, None, "draft")


@pytest.mark.parametrize("row", ["abc", "1", "-1-0", "1-", "９-0", f"{10**21}-0", "1-0-0"])
def test_rows_that_do_not_exist_are_not_found_nor_fatal(client, ana, task, row):
    assert client.get(URL, {"row": row}).context["grid"].rows == []
    page = client.post(URL, typed(task, "2") | {"row": [row, f"{task.pk}-0"], f"c-{row}-0": "5"})
    assert page.status_code in (302, 422)
    assert minutes(ana) == [(MONDAY, 120)]


def test_day_that_has_not_come_has_no_field_and_refuses_what_is_sent(client, ana, task):
    page = client.get(URL, {"row": f"{task.pk}-0"})
    assert [cell(page, task, day).is_open for day in range(7)] == [True] * 3 + [False] * 4
    page = client.post(URL, typed(task, "2", "", "", "5"))
    assert page.status_code == 422
    assert "Thursday 19 November has not come yet" in text_of(page)
    assert "(5)" in text_of(page)


def test_week_without_work_status_says_who_to_turn_to(client, task):
    client.force_login(make.person("Zoé", kind=None, language="en-ca"))
    assert "no work status in this week" in text_of(client.get(URL))


# Submitting, withdrawing, rows --------------------------------------------------------------------


def test_typed_week_is_saved_and_submitted_at_once_then_withdrawn(client, ana, task):
    page = client.post(URL, typed(task, "7", do="submit"), follow=True)
    assert WeekSheet.objects.get().is_waiting
    assert "waiting for the committee" in text_of(page)
    assert '<input type="text"' not in page.content.decode()
    page = client.post(reverse("timesheets:sheet_withdraw", args=[MONDAY]), follow=True)
    assert WeekSheet.objects.get().is_draft
    assert "yours again" in text_of(page)


def test_empty_week_is_submitted_as_nothing_this_week(client, ana):
    assert "Submit: nothing this week" in text_of(client.get(URL))
    client.post(URL, {"do": "submit"})
    assert WeekSheet.objects.get().is_waiting


def test_week_of_nobody_is_not_withdrawn(client, ana):
    assert client.post(reverse("timesheets:sheet_withdraw", args=[MONDAY])).status_code == 404


def test_searching_saves_the_page_first_and_a_found_row_is_added(client, ana, task):
    project = Project.objects.create(name="Internal")
    found = client.post(URL, typed(task, "1", do="find", q="reconc intern"), follow=True).content.decode()
    assert minutes(ana) == [(MONDAY, 60)]
    address = f"{URL}?row={task.pk}-{project.pk}"
    assert address in found
    rows = client.get(address).context["grid"].rows
    assert [(row.task, row.project) for row in rows] == [(task, None), (task, project)]


def test_rows_of_the_last_weeks_are_laid_out_and_retired_ones_are_not(client, ana, task):
    retired = make.task("Old")
    for week, one in ((MONDAY - timedelta(7), task), (MONDAY - timedelta(14), retired)):
        drafts.add_entry(ana, week, Cell(one.pk, None, week), 60)
    retired.retired_on = MONDAY
    retired.save()
    assert [row.task for row in client.get(URL).context["grid"].rows] == [task]


def test_week_before_is_copied_and_what_is_left_out_is_told(client, ana, task):
    before = MONDAY - timedelta(7)
    for day in (0, 4):
        drafts.add_entry(ana, before, Cell(task.pk, None, before + timedelta(day)), 60)
    page = client.post(URL, {"do": "copy-hours"}, follow=True)
    assert minutes(ana)[-1] == (MONDAY, 60)
    assert "1 entry copied." in text_of(page)
    assert "Left out: Bank reconciliation: Friday 20 November has not come yet" in text_of(page)
    again = text_of(client.post(URL, {"do": "copy-hours"}, follow=True))
    assert "No hours were copied." in again
    assert "nothing in the week before" in text_of(
        client.post("/hours/2026-11-02/", {"do": "copy-rows"}, follow=True)
    )


def test_narrow_screen_shows_the_day_asked_for_and_saves_on_the_way(client, ana, task):
    assert client.get(URL).context["shown_day"] == 2
    page = client.post(URL, typed(task, "1", show="1"), follow=True)
    assert page.context["shown_day"] == 1
    assert minutes(ana) == [(MONDAY, 60)]
    assert client.get(URL, {"day": "9"}).context["shown_day"] == 2
    assert client.post(URL, typed(task, "1", "abc", day="0")).context["shown_day"] == 1


# After the committee ------------------------------------------------------------------------------


@pytest.fixture
def bob():
    return make.person("Bob", powers=[Power.APPROVE_HOURS])


def test_question_is_shown_with_its_line_and_the_rest_is_final(client, ana, bob, task):
    sheet = make.sheet(ana, starts_on=MONDAY, hours={"mon": 7, "tue": 6}, task=task)
    workflow.submit(sheet, by=ana)
    asked = sheet.entries.get(day=TUESDAY)
    workflow.approve(
        sheet, by=bob, seen=digest_of(lines_of(sheet.entries.all())), questions={asked.pk: "Which one?"}
    )
    page = client.get(URL)
    assert "Which one?" in text_of(page)
    assert "the committee has a question" in text_of(page)
    assert (cell(page, task, 0).is_final, cell(page, task, 0).is_open) == (True, False)
    assert cell(page, task, 1).is_open
    assert "Submit 6 h" in text_of(page)


def test_week_sent_back_shows_the_reason(client, ana, bob, task):
    sheet = workflow.submit(make.sheet(ana, starts_on=MONDAY, hours={"mon": 7}, task=task), by=ana)
    workflow.send_back(
        sheet, by=bob, because="Thursday is missing", seen=digest_of(lines_of(sheet.entries.all()))
    )
    assert "sent the week back:</strong> Thursday is missing" in text_of(client.get(URL))


def test_approved_week_is_read_and_opens_for_late_hours_only_when_asked(client, ana, task):
    make.approved(ana, starts_on=MONDAY, hours={"mon": 7}, task=task)
    assert not any(row.fields for row in client.get(URL).context["grid"].rows)
    page = client.get(URL, {"late": "", "row": f"{task.pk}-0"})
    assert cell(page, task, 1).is_open
    assert "late time" in text_of(page)
    assert client.post(URL, typed(task, "", "2")).status_code == 409
    assert WeekSheet.objects.get().is_approved
    client.post(URL, typed(task, "", "2", late="1"))
    assert WeekSheet.objects.get().is_draft
    assert minutes(ana) == [(MONDAY, 420), (TUESDAY, 120)]


def test_time_beyond_40_hours_says_what_it_means(client, ana, task):
    make.sheet(ana, starts_on=MONDAY, hours={"mon": 20, "tue": 21}, task=task)
    assert "1 h beyond 40 h</strong>: overtime, paid at time and a half." in text_of(client.get(URL))
    assert "41 h of 35 h agreed" in text_of(client.get(URL))
    OvertimeChoice.objects.create(person=ana, starts_on=MONDAY, asked_on=MONDAY)
    assert "overtime, banked at time and a half, as you asked in writing." in text_of(client.get(URL))


def test_vacation_and_a_holiday_not_worked_count_towards_the_40_hours(client, ana, task):
    long_days = dict.fromkeys(["wed", "thu", "fri"], 9)
    clerk = make.person("Yan", kind=None, powers=[Power.APPROVE_HOURS])
    make.leave(ana, MONDAY, TUESDAY, by=clerk)
    make.leave(ana, date(2026, 11, 9), date(2026, 11, 10), kind="sick", by=clerk)
    for starts_on in (MONDAY, date(2026, 11, 9), date(2026, 10, 12)):
        make.sheet(ana, starts_on=starts_on, hours=long_days, task=task)
    said = "1 h beyond 40 h, with 14 h of vacation or of a holiday not worked</strong>: overtime, paid"
    assert said in text_of(client.get(URL))
    assert "data-over hidden" in text_of(client.get("/hours/2026-11-09/"))
    # Thanksgiving: 27 h of work and 7 h of the holiday. With 9 h more on Tuesday, 43 h.
    assert "data-over hidden" in text_of(client.get("/hours/2026-10-12/"))
    drafts.add_entry(ana, date(2026, 10, 12), Cell(task.pk, None, date(2026, 10, 13)), 9 * 60)
    said = "3 h beyond 40 h, with 7 h of vacation or of a holiday not worked</strong>"
    assert said in text_of(client.get("/hours/2026-10-12/"))


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ({"budget_minutes": 60 * 60}, ""),
        ({"budget_minutes": 11 * 60}, "90% of the budget used"),
        ({"budget_minutes": 5 * 60}, "budget passed: 200% used"),
        ({"budget_dollars": 250}, "80% of the budget used"),
        ({}, ""),
    ],
)
def test_budget_near_its_end_is_said_beside_the_row_while_logging(client, ana, task, budget, said):
    make.rate("20.00")
    site = Project.objects.create(name="Site", **budget)
    bea = make.person("Bea")
    drafts.add_entry(bea, MONDAY, Cell(task.pk, site.pk, MONDAY), 9 * 60)
    drafts.add_entry(ana, MONDAY, Cell(task.pk, site.pk, MONDAY), 60)
    page = text_of(client.get(URL))
    assert ("budget-note" in page) == bool(said)
    assert said in page


def test_freelancer_is_told_that_there_is_no_overtime(client, task):
    eve = make.person("Eve", kind="freelance", language="en-ca")
    make.sheet(eve, starts_on=MONDAY, hours={"mon": 20, "tue": 21}, task=task)
    client.force_login(eve)
    page = text_of(client.get(URL))
    assert "1 h beyond 40 h</strong>: freelance time, paid at the same rate as the rest.</p>" in page


# Lines of a day -----------------------------------------------------------------------------------


def lines_url(task, day=MONDAY, project=0) -> str:
    return reverse("timesheets:lines", args=[MONDAY, day, task.pk, project])


def test_lines_of_a_day_are_changed_and_completed(client, ana, task):
    drafts.add_entry(ana, MONDAY, Cell(task.pk, None, MONDAY), 60, "Morning")
    page = client.get(lines_url(task))
    entry = TimeEntry.objects.get()
    sent = {
        "base": page.context["form"].base,
        f"line-{entry.pk}-minutes": "1h30",
        f"line-{entry.pk}-note": "Morning",
        "new-minutes": "30m",
        "new-note": "Evening",
    }
    assert client.post(lines_url(task), sent).status_code == 302
    assert minutes(ana) == [(MONDAY, 90), (MONDAY, 30)]
    again = client.post(lines_url(task), sent)
    assert again.status_code == 409
    assert "changed elsewhere" in text_of(again)
    assert 'value="30m"' in text_of(again)


def test_refused_line_keeps_what_was_typed(client, ana, task):
    sent = {"base": "{}", "new-minutes": "25", "new-note": "Long"}
    page = client.post(lines_url(task), sent)
    assert page.status_code == 422
    assert 'value="25"' in text_of(page)
    assert 'value="Long"' in text_of(page)
    page = client.post(lines_url(task, MONDAY + timedelta(4)), sent | {"new-minutes": "2"})
    assert page.status_code == 422
    assert "has not come yet" in text_of(page)


def test_lines_of_another_are_never_shown(client, ana, task):
    bea = make.person("Béa")
    drafts.add_entry(bea, MONDAY, Cell(task.pk, None, MONDAY), 60, "secret de Béa")
    assert "secret" not in text_of(client.get(lines_url(task)))
    final = make.approve(WeekSheet.objects.get(person=bea)).entries.get()
    for method in (client.get, client.post):
        assert method(reverse("timesheets:entry_correct", args=[final.pk])).status_code == 404


def test_lines_exist_only_within_the_week_and_for_known_tasks(client, ana, task):
    for address in (
        lines_url(task, MONDAY + timedelta(7)),
        lines_url(task, project=10**9),
        f"/hours/2026-11-16/2026-11-16/{10**21}/0/",
        "/hours/2026-11-16/2026-11-16/0/0/",
    ):
        assert client.get(address).status_code == 404


def test_approved_line_is_corrected_with_a_reason(client, ana, task):
    final = make.approved(ana, starts_on=MONDAY, hours={"mon": 7}, task=task).entries.get()
    assert reverse("timesheets:entry_correct", args=[final.pk]) in text_of(client.get(lines_url(task)))
    url = reverse("timesheets:entry_correct", args=[final.pk])
    page = client.post(url, {"minutes": "6", "reason": ""})
    assert 'value="6"' in text_of(page)
    page = client.post(url, {"minutes": "7", "reason": "same"})
    assert "already says" in text_of(page)
    client.post(url, {"minutes": "6", "reason": "Lunch"})
    assert final.corrections.get().minutes == -60


# Queries ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_week_page_takes_the_same_queries_whatever_it_holds(client, ana, rows, django_assert_num_queries):
    for _ in range(rows):
        one, project = make.task(), Project.objects.create(name=f"P{make.task().pk}")
        for week in (MONDAY, MONDAY - timedelta(7)):
            drafts.add_entry(ana, week, Cell(one.pk, project.pk, week), 60)
    client.get(URL)
    with django_assert_num_queries(8):
        client.get(URL)


@pytest.mark.parametrize("cells", [1, 3])
def test_saving_takes_the_same_queries_whatever_is_typed(client, ana, task, cells, django_assert_num_queries):
    drafts.add_entry(ana, MONDAY, Cell(make.task().pk, None, MONDAY), 60)
    client.get(URL)
    sent = typed(task, *["1"] * cells)
    with django_assert_num_queries(9):
        assert client.post(URL, sent).status_code == 302
