"""The queue by keyboard alone: three weeks opened in place, one questioned, one ticked, one approved."""

from datetime import date

import pytest
from playwright.sync_api import expect

from members.models import Power
from tests import make
from tests.browser.conftest import PHONE, found_by_axe
from timesheets import workflow
from timesheets.models import LineMessage, WeekSheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
MONDAY = date(2026, 11, 16)


@pytest.fixture
def bob(transactional_db):
    make.cooperative()
    return make.person("Bob", powers=[Power.APPROVE_HOURS])


@pytest.fixture
def weeks(bob):
    names = ("Ana", "Béa", "Chloé")
    return [
        workflow.submit(make.sheet(someone, starts_on=MONDAY, hours={"mon": 7, "tue": 6}), by=someone)
        for someone in (make.person(name, family_name=name) for name in names)
    ]


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def states() -> list[str]:
    return list(WeekSheet.objects.order_by("person__sort_name").values_list("state", flat=True))


def test_the_whole_queue_by_keyboard(open_as, bob, weeks):
    page = open_as(bob, "/hours/queue/")
    page.keyboard.press("j")
    assert "Ana" in focused(page)
    page.keyboard.press("o")
    expect(page.locator("tr.opened")).to_contain_text("lundi 16 novembre")
    assert found_by_axe(page) == []
    page.keyboard.press("q")
    page.keyboard.type("Pour quel client ?")
    page.keyboard.press("Enter")
    expect(page.locator("[data-week-row]")).to_have_count(2)
    assert LineMessage.objects.get().text == "Pour quel client ?"
    expect(page.get_by_role("link", name="Béa")).to_be_focused()
    page.keyboard.press("o")
    expect(page.locator("tr.opened")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("tr.opened")).to_have_count(0)
    page.keyboard.press("o")
    expect(page.locator("tr.opened")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("[data-week-row]")).to_have_count(1)
    expect(page.locator("[data-open]")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[name=sheet]")).to_be_checked()
    assert states() == ["draft", "approved", "submitted"]
    page.keyboard.press("b")
    expect(page.locator("[data-week-row]")).to_have_count(0)
    assert states() == ["draft", "approved", "approved"]


def test_what_the_queue_is_narrowed_to_stays_while_deciding(open_as, bob, weeks):
    page = open_as(bob, "/hours/queue/?of=2026-11-16&role=")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("tr.opened")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("[data-week-row]")).to_have_count(2)
    expect(page.locator("#of")).to_have_value("2026-11-16")


def test_ten_weeks_of_everybody_fit_a_phone(open_as, bob, weeks):
    page = open_as(bob, "/hours/weeks/", viewport=PHONE)
    last = page.locator("table.standings thead th").last.bounding_box()
    assert last["x"] + last["width"] <= PHONE["width"]
    assert found_by_axe(page) == []


def test_the_keys_are_turned_off(open_as, bob, weeks):
    page = open_as(bob, "/hours/queue/")
    page.locator("[data-keys] summary").click()
    page.locator("[data-keys-off]").check()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_without_script_a_week_opens_on_its_own_page(open_as, bob, weeks):
    page = open_as(bob, "/hours/queue/", java_script_enabled=False)
    page.get_by_role("link", name="Ana").click()
    expect(page).to_have_url(f"{page.url.split('/hours')[0]}/hours/queue/{weeks[0].pk}/")
    page.locator(".submit").click()
    assert states() == ["approved", "submitted", "submitted"]
