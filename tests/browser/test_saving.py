"""Never lost, never overwritten: the week saves itself, also without network, in two tabs, signed out."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Error, expect

from tests import make
from tests.browser.conftest import PASSWORD, found_by_axe, french
from timesheets import drafts, workflow
from timesheets.drafts import Cell, Content
from timesheets.models import TimeEntry, WeekSheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
MONDAY = date(2026, 11, 16)
WEEK = "/hours/2026-11-16/"
IS_KEPT = """async () => {
    const weeks = await caches.open("koumbit-weeks-1");
    const parts = await caches.open("koumbit-parts-1");
    return (await weeks.match(location.origin + location.pathname)) && (await weeks.match("/hours/2026-11-23/"))
        && (await parts.keys()).length >= 7 && Boolean(navigator.serviceWorker.controller);
}"""


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
    """The page, once its copy and that of the next week are kept on the device.

    A request that leaves while the service worker takes the page over escapes `page.route`: what breaks
    the network starts here too.
    """
    page.goto(path)
    for _moment in range(200):
        if page.evaluate(IS_KEPT):
            return page
        page.wait_for_timeout(50)
    raise AssertionError("the week is not kept")


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


def holds_nothing(page) -> None:
    """The device has nothing left to send."""
    page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.includes('unsent'))")


def signed_in_again(page, someone) -> None:
    """Through the sign-in page that is open, back to where one was going."""
    page.locator("input[name=login]").fill(someone.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    expect(page).not_to_have_url(re.compile("login"))


def test_my_week_opens_without_network_and_says_that_it_is_a_copy(open_as, ana, task):
    page = opened(open_as(ana))
    expect(page.locator(".notice.copied")).to_be_hidden()
    page.context.set_offline(True)
    page.goto("/hours/")
    expect(page.locator(".notice.copied")).to_contain_text(french("The network does not answer."))
    assert found_by_axe(page) == []
    field(page, 0, task).fill("7")
    page.keyboard.press("Tab")
    stands(page, "kept")
    page.context.set_offline(False)
    stands(page, "saved")
    page.locator("h1").click()  # nobody types any more: the page itself takes the place of its copy
    expect(page.locator(".notice.copied")).to_be_hidden()
    assert minutes(ana) == {0: 420}


def test_next_week_opens_without_network_on_its_first_day(open_as, ana, task):
    """Opened on Friday; on Monday, without network, the week that begins is there to type in."""
    page = opened(open_as(ana))
    page.context.set_offline(True)
    page.clock.install()
    page.clock.fast_forward(72 * 3600 * 1000)
    page.goto("/hours/2026-11-23/")
    expect(page.locator(".notice.copied")).to_be_visible()
    expect(page.locator("th.today")).to_contain_text("23")
    field(page, 0, task).fill("6")
    page.keyboard.press("Tab")
    stands(page, "kept")
    expect(field(page, 1, task)).to_have_count(0)


def test_submitted_week_opens_without_network_too(open_as, ana, task):
    drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, MONDAY): Content(420)})
    workflow.submit(WeekSheet.objects.get(person=ana, starts_on=MONDAY), by=ana)
    page = opened(open_as(ana))
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".notice.copied")).to_be_visible()
    expect(page.locator("a.lines")).to_contain_text("7\u00a0h")


def test_typed_without_network_leaves_from_any_page(open_as, ana, task):
    page = opened(open_as(ana))
    page.context.set_offline(True)
    field(page, 1, task).fill("6")
    page.keyboard.press("Tab")
    stands(page, "kept")
    page.close()
    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto("/pay/")
    holds_nothing(page)
    assert minutes(ana) == {1: 360}
    expect(page.locator("[data-weeks]")).to_have_count(0)


def test_what_has_to_be_looked_at_is_named_on_any_page(open_as, ana, task):
    page = opened(open_as(ana))
    page.context.set_offline(True)
    field(page, 1, task).fill("6")
    page.keyboard.press("Tab")
    stands(page, "kept")
    drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, MONDAY + timedelta(1)): Content(60)})
    page.close()
    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto("/pay/")
    expect(page.locator("[data-weeks] a")).to_have_text("16 novembre")
    page.locator("[data-weeks] a").click()
    stands(page, "contested")
    expect(page.locator("[data-contested] [data-at]")).to_contain_text("2026")
    assert minutes(ana) == {1: 60}


def test_rows_the_page_lacks_come_with_what_was_typed_in_them(open_as, ana, task):
    rare = make.task("Archives", role="Comptabilité")
    page = opened(open_as(ana), f"{WEEK}?row={rare.pk}-0")
    page.route("**/cells/", lambda route: route.abort())
    field(page, 1, rare).fill("6")
    page.keyboard.press("Tab")
    stands(page, "kept")
    page.unroute("**/cells/")
    page.goto(WEEK)
    expect(field(page, 1, rare)).to_have_value("6")
    stands(page, "saved")
    assert minutes(ana) == {1: 360}


def test_server_that_is_away_is_asked_again(open_as, ana, task):
    page = opened(open_as(ana))
    page.route("**/cells/", lambda route: route.fulfill(status=400, body="busy"))
    field(page, 1, task).fill("6")
    page.keyboard.press("Tab")
    stands(page, "away")
    expect(page.locator("[data-aloud]")).to_have_text(page.locator("[data-words]").inner_text())
    page.unroute("**/cells/")
    stands(page, "saved")
    expect(page.locator("[data-aloud]")).to_have_text(french("Everything is saved."))
    assert minutes(ana) == {1: 360}


def test_answer_that_is_lost_leaves_no_wrong_hour(open_as, ana, task):
    """The co-op saved 6, and its answer never came; typed back to what it was, it is saved as that."""
    drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, MONDAY): Content(420)})
    page = opened(open_as(ana))

    def arrives_and_breaks(route):
        route.fetch()
        route.abort()

    page.route("**/cells/", arrives_and_breaks)
    field(page, 0, task).fill("6")
    page.keyboard.press("Tab")
    stands(page, "kept")
    assert minutes(ana) == {0: 360}
    page.unroute("**/cells/")
    field(page, 0, task).fill("7")
    page.keyboard.press("Tab")
    stands(page, "saved")
    assert minutes(ana) == {0: 420}
    holds_nothing(page)


def test_listener_is_not_told_of_each_cell(open_as, ana, task):
    page = open_as(ana, WEEK)
    for day in range(3):
        field(page, day, task).fill("7")
        page.keyboard.press("Tab")
        stands(page, "saved")
    expect(page.locator("[data-aloud]")).to_be_empty()


def test_why_a_cell_is_refused_stands_beside_it_until_it_is_typed_again(open_as, ana, task):
    page = open_as(ana, WEEK)
    drafts.add_entry(ana, MONDAY, Cell(make.task().pk, None, MONDAY), 20 * 60)
    field(page, 0, task).fill("5")
    page.keyboard.press("Tab")
    stands(page, "refused")
    field(page, 0, task).focus()
    why = page.locator(f"#why-{task.pk}-0-0")
    expect(why).to_contain_text("25\u00a0h")
    expect(field(page, 0, task)).to_have_attribute("aria-describedby", f"why-{task.pk}-0-0")
    assert found_by_axe(page) == []
    field(page, 0, task).fill("4")
    page.keyboard.press("Tab")
    stands(page, "saved")
    expect(why).to_have_count(0)
    expect(page.locator("[data-refused]")).to_be_hidden()


def test_late_hours_open_the_week_again_in_sight(open_as, ana, task):
    make.approved(ana, hours={"mon": 7}, starts_on=MONDAY, task=task)
    page = open_as(ana, f"{WEEK}?late")
    field(page, 1, task).fill("2")
    page.keyboard.press("Tab")
    stands(page, "saved")
    expect(page.locator("[data-week-state]")).to_have_text(french("approved, with late hours to submit"))
    assert WeekSheet.objects.get(person=ana, starts_on=MONDAY).is_draft


def test_week_submitted_at_once_leaves_nothing_said_to_be_unsent(open_as, ana, task):
    page = open_as(ana, WEEK)
    field(page, 0, task).fill("7")
    page.locator("button.submit").click()
    expect(page.locator("[data-week-state]")).to_have_text(french("submitted, waiting for the committee"))
    expect(page.locator("[data-unsent]")).to_be_hidden()
    holds_nothing(page)
    assert minutes(ana) == {0: 420}


def test_cells_saved_before_the_week_is_submitted_leave_nothing_on_the_device(open_as, ana, task):
    page = open_as(ana, WEEK)
    field(page, 0, task).fill("7")
    page.keyboard.press("Tab")
    stands(page, "saved")
    page.locator("button.submit").click()
    expect(page.locator("[data-week-state]")).to_have_text(french("submitted, waiting for the committee"))
    page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('koumbit:'))")


def test_copies_go_when_another_person_signs_in_whatever_they_open(open_as, ana, task):
    page = opened(open_as(ana))
    page.context.clear_cookies()
    page.goto("/account/login/")
    signed_in_again(page, make.person("Bea"))
    for _moment in range(100):
        if not page.evaluate("caches.has('koumbit-weeks-1')"):
            break
        page.wait_for_timeout(50)
    page.context.set_offline(True)
    with pytest.raises(Error, match="net::ERR_"):
        page.goto(WEEK)


def test_another_page_is_never_kept_on_the_device(open_as, ana, task):
    page = opened(open_as(ana))
    page.goto("/members/register/")
    page.goto("/")
    names = page.evaluate(
        "async () => (await (await caches.open('koumbit-weeks-1')).keys()).map(({ url }) => new URL(url).pathname)"
    )
    assert sorted(names) == [WEEK, "/hours/2026-11-23/", "/owner"]  # this week and the next


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
    signed_in_again(page, bea)
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
    signed_in_again(page, ana)
    page.wait_for_url(f"**{WEEK}")
    stands(page, "saved")
    expect(field(page, 1, task)).to_have_value("6")
    assert minutes(ana) == {1: 360}


def test_week_submitted_after_the_session_expired_loses_nothing(open_as, ana, task):
    page = open_as(ana, WEEK)
    Session.objects.all().delete()
    field(page, 1, task).fill("6")
    page.locator("button.submit").click()
    signed_in_again(page, ana)
    expect(field(page, 1, task)).to_have_value("6")
    stands(page, "saved")
    assert minutes(ana) == {1: 360}
    assert WeekSheet.objects.get(person=ana, starts_on=MONDAY).is_draft  # submitting is said again


def test_without_script_nothing_is_lost_either(open_as, ana, task):
    page = open_as(ana, WEEK, java_script_enabled=False)
    field(page, 1, task).fill("6")
    Session.objects.all().delete()
    page.locator("button.save-draft").click()
    signed_in_again(page, ana)
    expect(field(page, 1, task)).to_have_value("6")
    assert minutes(ana) == {}
    page.locator("button.save-draft").click()
    expect(page.locator(".messages")).to_contain_text(
        french("Saved. The committee sees nothing of it until you submit the week.")
    )
    assert minutes(ana) == {1: 360}
