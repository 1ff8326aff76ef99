"""The hours' whole way, in French: a worker writes the week, a committee asks about a line, all is approved."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from members.models import Power
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french
from timesheets import workflow
from timesheets.models import TimeEntry, WeekSheet
from timesheets.seen import digest_of, lines_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
MONDAY = date(2026, 11, 16)
WEEK = "/hours/2026-11-16/"
QUEUE = "/hours/queue/"
WHOLE_WEEK = {"mon": 7, "tue": 7.5, "wed": 7, "thu": 7, "fri": 6}
SUBMITTED = "submitted, waiting for the committee"


@pytest.fixture
def task():
    make.cooperative()
    return make.task("Caisse", role="Comptabilité")


@pytest.fixture
def ana(task):
    return make.person("Ana")


@pytest.fixture
def approver(task):
    return make.person("Chloé", powers=[Power.APPROVE_HOURS])


@pytest.fixture
def waiting(ana, task):
    """Ana's week of 34 h 30, in the committee's hands."""
    week = make.sheet(ana, starts_on=MONDAY, hours=WHOLE_WEEK, task=task)
    workflow.submit(week, by=ana)
    return week


def said(page: Page, msgid: str, **told) -> None:
    expect(page.locator(".messages")).to_contain_text(french(msgid, **told))


def state(page: Page, msgid: str) -> None:
    expect(page.locator("main .state").first).to_have_text(french(msgid))


def tab_to(page: Page, selector: str) -> None:
    """Get there as somebody without a mouse does."""
    for _stop in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def test_week_by_keyboard_alone_is_kept_submitted_withdrawn_and_submitted_again(open_as, ana, task):
    make.sheet(ana, starts_on=MONDAY, hours={"mon": 1}, task=task)
    page = open_as(ana, WEEK)
    cell = f"#c-{task.pk}-0-"
    tab_to(page, f"{cell}0")
    for typed, total in (
        ("7,5", "7 h 30"),
        ("7h30", "15 h"),
        ("90m", "16 h 30"),
        ("7:30", "24 h"),
        ("7", "31 h"),
    ):
        page.keyboard.type(typed)
        expect(page.locator("[data-week-total]")).to_have_text(total)
        page.keyboard.press("Tab")
    expect(page.locator("[data-saving]")).to_have_attribute("data-state", "saved")

    page.reload()
    expect(page.locator(f"{cell}2")).to_have_value("1h30")
    expect(page.locator("[data-week-total]")).to_have_text("31 h")
    for _time in range(2):
        tab_to(page, ".bar button.submit")
        page.keyboard.press("Enter")
        state(page, SUBMITTED)
        if _time == 0:
            tab_to(page, ".bar button")
            page.keyboard.press("Enter")
            said(page, "The week is yours again: change it, then submit it.")
    week = WeekSheet.objects.get(starts_on=MONDAY)
    assert week.is_waiting
    assert sum(week.entries.values_list("minutes", flat=True)) == 31 * 60


def test_value_that_is_no_time_keeps_all_that_was_typed_and_says_why(open_as, ana, task):
    make.sheet(ana, starts_on=MONDAY, hours={"mon": 1}, task=task)
    page = open_as(ana, WEEK)
    cell = f"#c-{task.pk}-0-"
    for day, typed in enumerate(("7,5", "1:75", "90", "7h")):
        page.locator(f"{cell}{day}").fill(typed)
    page.locator(".bar button.submit").click()
    refused = page.get_by_role("alert").filter(has=page.get_by_role("heading"))
    expect(refused).to_contain_text(
        french("“%(text)s” is not a length of time. Write it like 7.5 or 7h30 or 90m.", text="1:75")
    )
    expect(refused).to_contain_text(
        french("%(text)s h? Write %(text)sm for %(meant)s.", text="90", meant="1\u00a0h\u00a030")
    )
    said(page, "The week is not submitted: look at what is marked first.")
    expect(page.locator(f"{cell}1")).to_have_value("1:75")
    expect(page.locator(f"{cell}2")).to_have_value("90")
    expect(page.locator(f"{cell}0")).to_have_value("7h30")
    expect(page.locator(f"{cell}3")).to_have_value("7")
    assert WeekSheet.objects.get(starts_on=MONDAY).is_draft
    assert found_by_axe(page) == []


def test_line_is_questioned_answered_and_approved_while_the_rest_is_paid(open_as, ana, approver, waiting):
    asking = open_as(approver, QUEUE)
    asking.get_by_role("link", name=str(ana)).click()
    expect(asking.locator("tr.opened")).to_be_visible()
    line = asking.locator("li.review-line").nth(1)
    line.get_by_role("checkbox").check()
    expect(line.get_by_role("textbox")).to_be_focused()
    asking.locator("#review .submit").click()
    expect(line).to_contain_text(french("Say what you ask: the person has to know what to answer."))
    expect(line.get_by_role("checkbox")).to_be_checked()
    assert found_by_axe(asking) == []
    line.get_by_role("textbox").fill("Mardi, était-ce bien 7 h 30 ?")
    expect(asking.locator("#review .submit")).to_have_text(
        french("Approve %(hours)s, ask about %(count)s", hours="27\u00a0h", count=1)
    )
    asking.locator("#review .submit").click()
    expect(asking.locator(".messages")).to_be_visible()
    assert TimeEntry.objects.exclude(approved_at=None).count() == 4

    answering = open_as(ana, WEEK)
    state(answering, "the committee has a question")
    expect(answering.locator("main .notice:visible").first).to_contain_text("Mardi, était-ce bien 7 h 30 ?")
    answering.locator("details.notes-of summary").first.click()
    answering.locator("tr.notes input").first.fill("Oui : la caisse a été recomptée.")
    answering.locator(".bar button.submit").click()
    state(answering, SUBMITTED)

    asking.goto(QUEUE)
    asking.get_by_role("link", name=str(ana)).click()
    questioned = asking.locator("li.review-line").filter(has_text="Oui : la caisse a été recomptée.")
    expect(questioned).to_contain_text("Mardi, était-ce bien 7 h 30 ?")
    asking.locator("#review .submit").click()
    said(asking, "The week is approved: its hours will be paid.")
    assert WeekSheet.objects.get().is_approved


def test_own_week_waits_for_another_member(open_as, approver, task):
    other = make.person("Béa", powers=[Power.APPROVE_HOURS])
    week = make.sheet(approver, starts_on=MONDAY, hours=WHOLE_WEEK, task=task)
    workflow.submit(week, by=approver)
    page = open_as(approver, QUEUE)
    expect(page.locator("[name=sheet]")).to_have_count(0)
    page.get_by_role("link", name=str(approver)).click()
    expect(page.locator("main .notice")).to_contain_text(str(other))
    expect(page.locator("tr.opened button, #bulk button")).to_have_count(0)
    expect(page.locator("tr.opened input:visible")).to_have_count(0)


def test_week_that_changed_under_the_approvers_eyes_is_not_approved(open_as, ana, approver, waiting, task):
    page = open_as(approver, f"{QUEUE}{waiting.pk}/")
    workflow.withdraw(waiting, by=ana)
    waiting.entries.filter(day=MONDAY).update(minutes=8 * 60)
    workflow.submit(WeekSheet.objects.get(), by=ana)
    page.locator("#review .submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(french("The sheet has changed"))
    expect(page.get_by_role("row").nth(1)).to_contain_text("lundi 16 novembre")
    expect(page.get_by_role("row").nth(1).get_by_role("cell")).to_have_text(["7 h", "8 h"])
    assert WeekSheet.objects.get().is_waiting
    assert found_by_axe(page) == []
    page.get_by_role("link", name=french("Look at the week as it is now")).click()
    page.locator("#review .submit").click()
    said(page, "The week is approved: its hours will be paid.")


def test_ticked_weeks_are_approved_together_on_a_phone_and_without_script(open_as, approver, waiting, task):
    bea = make.person("Béa")
    workflow.submit(make.sheet(bea, starts_on=MONDAY, hours=WHOLE_WEEK, task=task), by=bea)
    page = open_as(approver, QUEUE, viewport=PHONE, java_script_enabled=False)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name=french("Approve the ticked weeks")).click()
    expect(page.get_by_role("heading", name=french("No week waits"))).to_be_visible()
    assert [week.is_approved for week in WeekSheet.objects.all()] == [True, True]


def test_approved_line_is_corrected_by_a_signed_difference(open_as, ana, approver, waiting):
    workflow.approve(waiting, by=approver, seen=digest_of(lines_of(waiting.entries.all())))
    page = open_as(ana, WEEK)
    page.locator("a.lines").first.click()
    page.get_by_role("link", name=french("This was wrong: correct it")).click()
    page.get_by_label(french("The right time")).fill("6h30")
    page.get_by_label(french("Why")).fill("Partie plus tôt")
    page.get_by_role("button", name=french("Write the correction")).click()
    said(page, "The correction is in your week: submit it for the committee to approve.")
    assert TimeEntry.objects.exclude(corrects=None).get().minutes == -30
