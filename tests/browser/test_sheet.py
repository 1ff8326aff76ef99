"""A worker's Friday: the week typed by keyboard, on a wide screen and on a phone, in French."""

import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import PHONE, french, is_within_its_width
from timesheets import drafts
from timesheets.drafts import Cell
from timesheets.models import TimeEntry, WeekSheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
MONDAY = date(2026, 11, 16)
WEEK = "/hours/2026-11-16/"


@pytest.fixture
def ana(transactional_db):
    make.cooperative()
    return make.person("Ana")


@pytest.fixture
def tasks(ana):
    """Two tasks done last week: their rows are laid out ready to type in."""
    tasks = [make.task("Caisse", role="Comptabilité"), make.task("Soutien", role="Hébergement")]
    for task in tasks:
        drafts.add_entry(ana, MONDAY - timedelta(7), Cell(task.pk, None, MONDAY - timedelta(7)), 60)
    return tasks


def field(page, day: int, task):
    return page.locator(f"#c-{task.pk}-0-{day}")


def saved(page) -> None:
    """Leave the cell, and wait until the page says that everything is saved."""
    page.keyboard.press("Tab")
    expect(page.locator("[data-saving]")).to_have_attribute("data-state", "saved")


def entries(person) -> dict[tuple[str, int], int]:
    found = TimeEntry.objects.filter(person=person, day__gte=MONDAY).select_related("task")
    return {(entry.task.name, (entry.day - MONDAY).days): entry.minutes for entry in found}


def test_week_is_typed_by_keyboard_and_submitted_in_less_than_90_seconds(open_as, ana, tasks):
    caisse, soutien = tasks
    page = open_as(ana, WEEK)
    began = time.monotonic()
    field(page, 0, caisse).click()
    for text in ("7,5", "7h30", "450m", "7:30", "7.5"):
        page.keyboard.type(text, delay=30)
        page.keyboard.press("Tab")
    field(page, 0, soutien).focus()
    page.keyboard.type(",5", delay=30)
    expect(page.locator("[data-week-total]")).to_have_text("38\u00a0h")
    page.get_by_role("button", name=french("Submit %(hours)s", hours="38\u00a0h")).click()
    expect(page.locator(".state").first).to_have_text(french("submitted, waiting for the committee"))
    assert time.monotonic() - began < 90
    assert entries(ana) == {("Caisse", day): 450 for day in range(5)} | {("Soutien", 0): 30}
    assert WeekSheet.objects.get(starts_on=MONDAY).is_waiting


def test_keys_move_between_cells_and_escape_gives_back_what_was_there(open_as, ana, tasks):
    caisse, soutien = tasks
    page = open_as(ana, WEEK)
    focused = lambda: page.evaluate("document.activeElement.id")  # noqa: E731
    field(page, 0, caisse).fill("2")
    for key, task, day in (
        ("Enter", soutien, 0),
        ("ArrowUp", caisse, 0),
        ("ArrowRight", caisse, 1),
        ("ArrowDown", soutien, 1),
        ("ArrowLeft", soutien, 0),
        ("Shift+Enter", caisse, 0),
    ):
        page.keyboard.press(key)
        assert focused() == f"c-{task.pk}-0-{day}"
    assert page.evaluate("getSelection().toString()") == "2"
    page.keyboard.type("33")
    page.keyboard.press("Escape")
    expect(field(page, 0, caisse)).to_have_value("2")
    field(page, 0, caisse).press("End")
    page.keyboard.type("h")
    page.keyboard.press("ArrowLeft")
    assert focused() == f"c-{caisse.pk}-0-0"
    page.mouse.wheel(0, 200)
    expect(field(page, 0, caisse)).to_have_value("2h")


def test_what_was_understood_and_what_is_refused_is_said_while_typing(open_as, ana, tasks):
    caisse, _soutien = tasks
    page = open_as(ana, WEEK)
    said = page.locator("p.understood")
    field(page, 1, caisse).fill("1,75")
    cell = "mardi 17 novembre, Comptabilité, Caisse"
    expect(said).to_have_text(french("%(cell)s: %(hours)s", cell=cell, hours="1\u00a0h\u00a045"))
    field(page, 1, caisse).fill("90")
    expect(said).to_have_text(
        french("%(text)s h? Write %(text)sm for %(meant)s.", text="90", meant="1\u00a0h\u00a030")
    )
    expect(field(page, 1, caisse)).to_have_attribute("aria-invalid", "true")
    field(page, 1, caisse).fill("24")
    field(page, 0, caisse).fill("17")
    expect(page.locator("[data-over] strong")).to_have_text(french("%(hours)s beyond 40 h", hours="1\u00a0h"))
    field(page, 0, caisse).fill("16")
    expect(page.locator("[data-over]")).to_be_hidden()


def test_holiday_counts_towards_the_40_hours_until_it_is_worked(open_as, ana, tasks):
    """Thanksgiving is the Monday: seven hours of an agreed week of 35."""
    caisse, _soutien = tasks
    drafts.add_entry(ana, date(2026, 10, 5), Cell(caisse.pk, None, date(2026, 10, 5)), 60)
    page = open_as(ana, "/hours/2026-10-12/")
    for day in (1, 2, 3, 4):
        field(page, day, caisse).fill("9")
    sentence = "%(hours)s beyond 40 h, with %(off)s of vacation or of a holiday not worked"
    over = page.locator("[data-over] strong")
    expect(over).to_have_text(french(sentence, hours="3\u00a0h", off="7\u00a0h"))
    field(page, 0, caisse).fill("4")
    expect(over).to_have_text(french(sentence, hours="3\u00a0h", off="3\u00a0h"))
    field(page, 0, caisse).fill("8")
    expect(over).to_have_text(french("%(hours)s beyond 40 h", hours="4\u00a0h"))


def test_refused_cells_come_back_as_typed_and_are_fixed(open_as, ana, tasks):
    caisse, soutien = tasks
    page = open_as(ana, WEEK)
    field(page, 0, caisse).fill("7h")
    field(page, 1, soutien).fill("1:75")
    page.locator("button.submit").click()
    expect(page.locator(".form-errors")).to_contain_text("1:75")
    expect(field(page, 1, soutien)).to_have_value("1:75")
    assert entries(ana) == {("Caisse", 0): 420}
    page.locator(".form-errors").get_by_role("link").click()
    field(page, 1, soutien).fill("1:45")
    saved(page)
    assert entries(ana) == {("Caisse", 0): 420, ("Soutien", 1): 105}


def test_block_from_a_spreadsheet_fills_the_cells(open_as, ana, tasks):
    caisse, soutien = tasks
    page = open_as(ana, WEEK)
    field(page, 0, caisse).focus()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "7,5\\t7\\r\\n\\t1,25\\r\\n");
            const paste = new ClipboardEvent("paste", { clipboardData: data, cancelable: true, bubbles: true });
            document.activeElement.dispatchEvent(paste);
        }"""
    )
    expect(field(page, 1, caisse)).to_have_value("7")
    expect(field(page, 1, soutien)).to_have_value("1,25")
    expect(page.locator("[data-week-total]")).to_have_text("15\u00a0h\u00a045")


def test_note_of_a_day_is_written_under_its_row(open_as, ana, tasks):
    caisse, _soutien = tasks
    page = open_as(ana, WEEK)
    field(page, 0, caisse).fill("2")
    expect(page.locator(f"[name='n-{caisse.pk}-0-0']")).to_be_hidden()
    page.locator(f"tr:has(#c-{caisse.pk}-0-0) .notes-of summary").click()
    page.locator(f"[name='n-{caisse.pk}-0-0']").fill("Appel à la caisse")
    saved(page)
    assert TimeEntry.objects.get(day=MONDAY).note == "Appel à la caisse"


def test_phone_shows_a_day_at_a_time_and_keeps_what_is_typed_in_the_others(open_as, ana, tasks):
    caisse, _soutien = tasks
    page = open_as(ana, WEEK)
    page.set_viewport_size(PHONE)
    expect(field(page, 4, caisse)).to_be_visible()
    expect(field(page, 0, caisse)).to_be_hidden()
    field(page, 4, caisse).fill("3")
    page.get_by_role("button", name="lundi 16 novembre").click()
    expect(field(page, 4, caisse)).to_be_hidden()
    field(page, 0, caisse).fill("7")
    assert is_within_its_width(page)
    saved(page)
    assert entries(ana) == {("Caisse", 0): 420, ("Caisse", 4): 180}


def test_what_is_focused_is_never_under_the_bar(open_as, ana, tasks):
    _caisse, soutien = tasks
    page = open_as(ana, WEEK)
    for size in (PHONE, {"width": 1280, "height": 520}):
        page.set_viewport_size(size)
        page.evaluate("scrollTo(0, 0)")
        for target in (f"#c-{soutien.pk}-0-4", "#find-row"):
            page.locator(target).focus()
            assert page.evaluate(
                """(target) => {
                    const { x, y, width, height } = document.querySelector(target).getBoundingClientRect();
                    return document.elementFromPoint(x + width / 2, y + height - 3)?.matches(target);
                }""",
                target,
            ), (size, target)


def test_week_is_logged_without_script(open_as, ana, tasks):
    caisse, _soutien = tasks
    page = open_as(ana, WEEK, java_script_enabled=False)
    field(page, 0, caisse).fill("7,5")
    field(page, 0, caisse).press("Enter")
    expect(page.locator("[data-week-total]")).to_have_text("7\u00a0h\u00a030")
    assert WeekSheet.objects.get(starts_on=MONDAY).is_draft
    page.locator("button.submit").click()
    expect(page.locator(".state").first).to_have_text(french("submitted, waiting for the committee"))


def test_tab_goes_from_cell_to_cell_and_a_rows_tools_are_one_step_back(open_as, ana, tasks):
    caisse, soutien = tasks
    page = open_as(ana, WEEK)
    focused = lambda: page.evaluate("document.activeElement.id")  # noqa: E731
    field(page, 0, caisse).focus()
    for day in (1, 2, 3, 4):
        page.keyboard.press("Tab")
        assert focused() == f"c-{caisse.pk}-0-{day}"
    page.keyboard.press("Tab")
    assert focused() == f"c-{soutien.pk}-0-0"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"tr[data-row='{soutien.pk}-0'] .row-menu")).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-told]")).to_have_text(french("This row is kept at hand."))
    assert page.evaluate("document.activeElement.matches('.row-menu summary')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".row-menu[open]")).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('.row-menu summary')")


def test_days_to_come_open_when_they_come_on_a_page_left_open(open_as, ana, tasks):
    caisse, _soutien = tasks
    page = open_as(ana, WEEK)
    expect(page.locator(f"[name='c-{caisse.pk}-0-5']")).to_have_count(0)
    page.clock.install()
    page.goto(WEEK)
    page.clock.fast_forward("26:00:00")  # until Saturday
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(field(page, 5, caisse)).to_be_visible()
    expect(field(page, 6, caisse)).to_have_count(0)
    expect(page.locator("th.today")).to_contain_text("21")
    expect(page.locator("th.d5 [data-is-today]")).not_to_have_attribute("hidden", "")
    expect(page.locator("th.d4 [data-is-today]")).to_have_attribute("hidden", "")
