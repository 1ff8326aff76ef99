"""Never lost, never overwritten: the week saves itself, also without network, in two tabs, signed out."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import PASSWORD, found_by_axe, french
from timesheets import drafts, workflow
from timesheets.drafts import Cell, Content
from timesheets.models import TimeEntry, WeekSheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
MONDAY = date(2026, 11, 16)
WEEK = "/hours/2026-11-16/"


@pytest.fixture
def ana(transactional_db):
    make.cooperative()
    return make.person("Ana")


@pytest.fixture
def task(ana):
    """A task done last week: its row is laid out ready to type in."""
    task = make.task("Caisse", role="Comptabilité")
    drafts.add_entry(ana, MONDAY - timedelta(7), Cell(task.pk, None, MONDAY - timedelta(7)), 60)
    return task


def field(page, day: int, task):
    return page.locator(f"#c-{task.pk}-0-{day}")


def stands(page, state: str) -> None:
    """The page says where the truth is."""
    expect(page.locator("[data-saving]")).to_have_attribute("data-state", state)


def minutes(person) -> dict[int, int]:
    found = TimeEntry.objects.filter(person=person, day__gte=MONDAY).order_by("day")
    return {(entry.day - MONDAY).days: entry.minutes for entry in found}


def opened(page, path: str = WEEK):
    """The page, once its copy is kept on the device."""
    page.goto(path)
    page.wait_for_function(
        """async () => {
            const weeks = await caches.open("koumbit-weeks-1");
            const parts = await caches.open("koumbit-parts-1");
            return (await weeks.match(location.origin + location.pathname)) && (await parts.keys()).length >= 7
                && navigator.serviceWorker.controller;
        }"""
    )
    return page


def test_each_cell_saves_itself_and_the_caret_stays(open_as, ana, task):
    page = open_as(ana, WEEK)
    field(page, 0, task).fill("7,5")
    page.keyboard.press("Tab")
    page.keyboard.type("6")
    stands(page, "saved")
    expect(field(page, 0, task).locator("xpath=..")).to_have_attribute("data-state", "saved")
    assert page.evaluate("document.activeElement.id") == f"c-{task.pk}-0-1"  # whoever pauses is saved too
    assert minutes(ana) == {0: 450, 1: 360}
    page.keyboard.type("7")
    stands(page, "saving")
    page.keyboard.press("Escape")  # what was there when the cell was entered: nothing
    stands(page, "saved")
    page.reload()
    expect(field(page, 1, task)).to_have_value("")
    assert minutes(ana) == {0: 450}


def test_what_is_not_understood_stays_as_typed_and_the_rest_is_saved(open_as, ana, task):
    page = open_as(ana, WEEK)
    field(page, 0, task).fill("1:75")
    field(page, 1, task).fill("7")
    page.keyboard.press("Tab")
    stands(page, "refused")
    expect(page.locator("[data-words]")).to_have_text(french("Saved, but for what is marked."))
    page.wait_for_function("() => document.querySelector('td[data-state=saved]')")
    assert minutes(ana) == {1: 420}
    page.reload()
    expect(field(page, 0, task)).to_have_value("1:75")


def test_a_day_of_more_than_24_hours_is_refused_beside_its_cell(open_as, ana, task):
    page = open_as(ana, WEEK)
    drafts.add_entry(ana, MONDAY, Cell(make.task().pk, None, MONDAY), 20 * 60)
    field(page, 0, task).fill("5")
    page.keyboard.press("Tab")
    stands(page, "refused")
    expect(page.locator("[data-refused]")).to_contain_text("25\u00a0h")
    assert found_by_axe(page) == []


def test_typed_without_network_is_kept_through_closing_and_sent_when_it_returns(open_as, ana, task):
    page = opened(open_as(ana))
    context = page.context
    field(page, 0, task).fill("7")
    page.keyboard.press("Tab")
    stands(page, "saved")
    context.set_offline(True)
    field(page, 1, task).fill("6,5")
    page.keyboard.press("Tab")
    stands(page, "kept")
    expect(page.locator("[data-words]")).to_have_text(
        french("No network: kept on this device, and sent when it returns.")
    )
    page.close()
    page = context.new_page()
    page.goto(WEEK)  # opens from its copy
    expect(field(page, 0, task)).to_have_value("7")
    expect(field(page, 1, task)).to_have_value("6,5")
    field(page, 2, task).fill("90m")
    page.keyboard.press("Tab")
    assert minutes(ana) == {0: 420}
    context.set_offline(False)
    stands(page, "saved")
    assert minutes(ana) == {0: 420, 1: 390, 2: 90}
    page.reload()
    expect(field(page, 2, task)).to_have_value("1h30")


def test_another_page_is_never_kept_on_the_device(open_as, ana, task):
    page = opened(open_as(ana))
    page.goto("/members/register/")
    page.goto("/")
    names = page.evaluate(
        "async () => (await (await caches.open('koumbit-weeks-1')).keys()).map(({ url }) => new URL(url).pathname)"
    )
    assert sorted(names) == [WEEK, "/owner"]


def test_signing_out_says_what_is_unsent_and_takes_the_copies_away(open_as, ana, task):
    page = opened(open_as(ana))
    page.route("**/cells/", lambda route: route.abort())
    field(page, 1, task).fill("6")
    page.keyboard.press("Tab")
    stands(page, "kept")
    page.locator("details.account summary").click()
    sign_out = page.locator("details.account").get_by_role("button", name=french("Sign out"))
    sign_out.click()
    expect(page.locator("[data-unsent-of]")).to_be_visible()
    sign_out.click()
    page.wait_for_url("**/account/login/**")
    assert page.evaluate("caches.has('koumbit-weeks-1')") is False
    assert "koumbit:unsent" in page.evaluate("Object.keys(localStorage).join()")


def test_another_person_on_the_device_neither_sees_nor_sends_it(open_as, ana, task):
    page = opened(open_as(ana))
    page.route("**/cells/", lambda route: route.abort())
    field(page, 1, task).fill("6")
    page.keyboard.press("Tab")
    stands(page, "kept")
    page.unroute("**/cells/")
    bea = make.person("Bea")
    drafts.add_entry(bea, MONDAY - timedelta(7), Cell(task.pk, None, MONDAY - timedelta(7)), 60)
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(bea.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    expect(page).not_to_have_url(re.compile("login"))
    opened(page)
    expect(field(page, 1, task)).to_have_value("")
    stands(page, "saved")
    assert (minutes(ana), minutes(bea)) == ({}, {})


def test_second_tab_is_shown_the_difference_and_chooses(open_as, ana, task):
    first = open_as(ana, WEEK)
    second = first.context.new_page()
    second.goto(WEEK)
    for day, text in ((0, "7"), (1, "6")):
        field(first, day, task).fill(text)
    first.keyboard.press("Tab")
    stands(first, "saved")
    for day, text in ((0, "3"), (1, "4")):
        field(second, day, task).fill(text)
    second.keyboard.press("Tab")
    stands(second, "contested")
    panel = second.locator("[data-contested]")
    expect(panel.locator("li")).to_have_count(2)
    expect(panel.locator("li").first).to_contain_text("3\u00a0h")
    expect(panel.locator("li").first).to_contain_text("7\u00a0h")
    assert found_by_axe(second) == []
    assert minutes(ana) == {0: 420, 1: 360}
    panel.locator("[data-choose=keep-mine]").first.click()
    panel.locator("[data-choose=take-theirs]").first.click()
    expect(panel).to_be_hidden()
    stands(second, "saved")
    expect(field(second, 1, task)).to_have_value("6")
    assert minutes(ana) == {0: 180, 1: 360}


def test_week_submitted_elsewhere_takes_nothing_and_says_what_is_left_here(open_as, ana, task):
    page = open_as(ana, WEEK)
    drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, MONDAY): Content(420)})
    workflow.submit(WeekSheet.objects.get(person=ana, starts_on=MONDAY), by=ana)
    field(page, 1, task).fill("6")
    page.keyboard.press("Tab")
    stands(page, "closed")
    expect(page.locator("[data-words]")).to_contain_text(
        french("The week is submitted: withdraw it before changing it.")
    )
    page.reload()
    expect(page.locator("[data-unsent]")).to_contain_text("6")
    page.get_by_role("button", name=french("Withdraw the week to change it")).click()
    stands(page, "saved")
    assert minutes(ana) == {0: 420, 1: 360}


def test_session_that_expires_in_mid_typing_loses_nothing(open_as, ana, task):
    page = open_as(ana, WEEK)
    Session.objects.all().delete()
    field(page, 1, task).fill("6")
    page.keyboard.press("Tab")
    stands(page, "signed-out")
    page.get_by_role("link", name=french("Sign in to send it")).click()
    page.locator("input[name=login]").fill(ana.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(f"**{WEEK}")
    stands(page, "saved")
    expect(field(page, 1, task)).to_have_value("6")
    assert minutes(ana) == {1: 360}
