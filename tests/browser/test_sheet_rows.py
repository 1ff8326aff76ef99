"""The keyboard's reach and the rows: undone, filled, copied, found by typing, kept at hand, timed."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import found_by_axe, french
from timesheets import drafts
from timesheets.drafts import Cell
from timesheets.models import FavouriteRow, TimeEntry, Timer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
MONDAY = date(2026, 11, 16)
WEEK = "/hours/2026-11-16/"


@pytest.fixture
def ana(transactional_db):
    make.cooperative()
    return make.person("Ana")


@pytest.fixture
def tasks(ana):
    tasks = [make.task("Caisse", role="Comptabilité"), make.task("Soutien", role="Hébergement")]
    for task in tasks:
        drafts.add_entry(ana, MONDAY - timedelta(7), Cell(task.pk, None, MONDAY - timedelta(7)), 60)
    return tasks


def field(page, day: int, task):
    return page.locator(f"#c-{task.pk}-0-{day}")


def values(page, task) -> list[str]:
    return [field(page, day, task).input_value() for day in range(5)]


def stands_saved(page) -> None:
    expect(page.locator("[data-saving]")).to_have_attribute("data-state", "saved")


def minutes(person) -> dict[tuple[str, int], int]:
    found = TimeEntry.objects.filter(person=person, day__gte=MONDAY).select_related("task")
    return {(entry.task.name, (entry.day - MONDAY).days): entry.minutes for entry in found}


def test_what_was_typed_is_undone_and_done_again(open_as, ana, tasks):
    caisse, _soutien = tasks
    page = open_as(ana, WEEK)
    field(page, 0, caisse).click()
    for text in ("7", "6", "5"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    stands_saved(page)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert values(page, caisse) == ["7", "", "", "", ""]
    assert page.evaluate("document.activeElement.id") == f"c-{caisse.pk}-0-1"
    page.keyboard.press("Control+y")
    assert values(page, caisse) == ["7", "6", "", "", ""]
    page.keyboard.type("33")
    page.keyboard.press("Control+z")
    assert values(page, caisse) == ["7", "6", "", "", ""]
    page.keyboard.press("Tab")
    stands_saved(page)
    assert minutes(ana) == {("Caisse", 0): 420, ("Caisse", 1): 360}


def test_a_time_fills_the_days_to_its_right_and_is_undone_at_once(open_as, ana, tasks):
    caisse, _soutien = tasks
    page = open_as(ana, WEEK)
    field(page, 3, caisse).fill("2")
    field(page, 0, caisse).fill("7h")
    page.keyboard.press("Control+Shift+ArrowRight")
    assert values(page, caisse) == ["7h", "7h", "7h", "2", "7h"]
    page.keyboard.press("Control+z")
    assert values(page, caisse) == ["7h", "", "", "2", ""]
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Tab")
    stands_saved(page)
    assert len(minutes(ana)) == 5


def test_a_pasted_block_is_one_step_and_what_lies_outside_is_told(open_as, ana, tasks):
    caisse, soutien = tasks
    page = open_as(ana, WEEK)
    field(page, 0, soutien).focus()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "1\\t2\\n3\\t4\\n");
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, cancelable: true, bubbles: true }));
        }"""
    )
    assert values(page, soutien)[:2] == ["1", "2"]
    expect(page.locator("[data-told]")).to_have_text(
        french("Left out, beyond the table: %(count)s.", count=2)
    )
    page.keyboard.press("Control+z")
    assert values(page, soutien)[:2] == ["", ""]
    assert values(page, caisse)[:2] == ["", ""]


def test_a_row_is_copied_into_another(open_as, ana, tasks):
    caisse, soutien = tasks
    page = open_as(ana, WEEK)
    for day, text in enumerate(("7", "", "6")):
        field(page, day, caisse).fill(text)
    for task, act in ((caisse, "copy"), (soutien, "paste")):
        row = page.locator(f"tr[data-row='{task.pk}-0']")
        row.locator(".row-menu summary").click()
        row.locator(f"[data-row-act={act}]").click()
    assert values(page, soutien)[:3] == ["7", "", "6"]
    stands_saved(page)
    assert minutes(ana)["Soutien", 2] == 360


def test_a_row_is_found_by_typing_and_filled_without_leaving_the_keyboard(open_as, ana, tasks):
    task = make.task("Intégration", role="Web")
    make.task("Infolettre", role="Communication")
    page = open_as(ana, WEEK)
    field(page, 0, tasks[0]).focus()
    page.keyboard.press("Control+k")
    page.keyboard.type("in")
    expect(page.locator("#found-rows [role=option]")).to_have_count(2)
    assert found_by_axe(page) == []
    page.keyboard.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_contain_text("Intégration")
    page.keyboard.press("Enter")
    expect(field(page, 0, task)).to_be_focused()
    page.keyboard.type("2,5")
    page.keyboard.press("Tab")
    stands_saved(page)
    assert minutes(ana) == {("Intégration", 0): 150}
    assert page.get_by_role("textbox", name="lundi 16 novembre, Web, Intégration", exact=True).count() == 1


def test_a_row_is_found_and_added_without_script(open_as, ana, tasks):
    task = make.task("Intégration", role="Web")
    page = open_as(ana, WEEK, java_script_enabled=False)
    field(page, 0, tasks[0]).fill("7")
    page.locator("#find-row").fill("integ")
    page.locator(".add-row button").click()
    page.get_by_role("link", name="Intégration").click()
    expect(field(page, 0, task)).to_be_visible()
    assert minutes(ana) == {("Caisse", 0): 420}


def test_a_row_is_kept_at_hand_and_timed_from_its_menu(open_as, ana, tasks):
    caisse, _soutien = tasks
    page = open_as(ana, WEEK)
    menu = page.locator(f"tr[data-row='{caisse.pk}-0'] .row-menu")
    menu.locator("summary").click()
    menu.get_by_role("button", name=french("Keep at hand"), exact=True).click()
    expect(page.locator("[data-told]")).to_have_text(french("This row is kept at hand."))
    assert FavouriteRow.objects.get().task == caisse
    menu.locator("summary").click()
    menu.get_by_role("button", name=french("Start the timer")).click()
    expect(page.locator("[data-elapsed]")).to_have_text("0\u00a0h")
    assert Timer.objects.get().task == caisse
    assert found_by_axe(page) == []
    page.goto(WEEK)
    expect(page.locator("[data-elapsed]")).to_be_visible()


def test_a_note_is_opened_by_a_key(open_as, ana, tasks):
    caisse, _soutien = tasks
    page = open_as(ana, WEEK)
    field(page, 1, caisse).fill("1")
    page.keyboard.press("Control+m")
    expect(page.locator(f"[name='n-{caisse.pk}-0-1']")).to_be_focused()
    page.keyboard.type("Appel")
    page.keyboard.press("Tab")
    stands_saved(page)
    assert TimeEntry.objects.get(day=MONDAY + timedelta(1)).note == "Appel"
