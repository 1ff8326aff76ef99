"""Leave's whole way, in French: asked for, decided, seen in the week and by everyone, given back."""

from datetime import date

import pytest
from playwright.sync_api import expect

from members.models import Power
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french, is_within_its_width
from timesheets.models import Leave, LeaveCancellation, LeaveDay

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
THURSDAY = date(2026, 11, 19)
NEW, OWN, AWAY, QUEUE = "/hours/leave/new/", "/hours/leave/", "/hours/away/", "/hours/queue/leave/"


@pytest.fixture
def ana(db):
    make.cooperative()
    return make.person("Ana", family_name="Abel")


@pytest.fixture
def approver(ana):
    return make.person("Chloé", powers=[Power.APPROVE_HOURS])


def said(page, msgid: str) -> None:
    expect(page.locator(".messages")).to_contain_text(french(msgid))


def test_leave_is_asked_for_approved_and_seen(open_as, ana, approver):
    asking = open_as(ana, OWN)
    asking.get_by_role("link", name=french("Ask for leave")).click()
    asking.locator("[name=kind]").select_option("sick")
    asking.locator("[name=starts_on]").fill("2026-11-19")
    expect(asking.locator("#days input[type=text]")).to_have_count(1)  # the last day follows the first
    asking.locator("[name=ends_on]").fill("2026-11-20")
    expect(asking.locator("#days input[type=text]")).to_have_count(2)
    expect(asking.locator("[data-total]")).to_have_text("14 h")
    asking.get_by_label("vendredi 20 novembre").fill("3h30")
    expect(asking.locator("[data-total]")).to_have_text("10 h 30")
    asking.locator("[name=note]").fill("Grippe")
    assert found_by_axe(asking) == []
    asking.get_by_role("button", name=french("Ask the committee")).click()
    said(asking, "The committee reads your request. You see its answer here.")
    assert found_by_axe(asking) == []

    deciding = open_as(approver, QUEUE)
    assert found_by_axe(deciding) == []
    deciding.get_by_role("link", name=str(ana)).click()
    expect(deciding.get_by_text("Grippe")).to_be_visible()
    assert found_by_axe(deciding) == []
    deciding.get_by_role("button", name=french("Approve the leave")).click()
    said(deciding, "The leave is approved: the person is seen as away on these days.")

    asking.goto("/hours/")
    row = asking.locator("tr.leave")
    expect(row).to_contain_text("7 h")
    expect(row).to_contain_text("3 h 30")
    expect(asking.locator("[data-week-total]")).to_have_text("0 h")
    expect(asking.locator("[data-total]")).to_contain_text("10 h 30")
    assert found_by_axe(asking) == []

    other = open_as(make.person("Béa"), AWAY)
    expect(other.get_by_text("Ana Abel")).to_have_count(2)
    expect(other.locator("td", has_text="20 novembre")).to_contain_text(french("part of the day"))
    assert "Grippe" not in other.content()
    assert french("sick day") not in other.content()
    assert found_by_axe(other) == []


def test_leave_is_asked_for_and_withdrawn_without_script_on_a_phone(open_as, ana):
    page = open_as(ana, NEW, viewport=PHONE, java_script_enabled=False)
    page.locator("[name=starts_on]").fill("2026-11-23")
    page.locator("[name=ends_on]").fill("2026-11-27")
    page.get_by_role("button", name=french("Show the days")).click()
    page.get_by_label("mercredi 25 novembre").fill("")
    page.get_by_label("jeudi 26 novembre").fill("1:75")
    page.get_by_role("button", name=french("Ask the committee")).click()
    expect(page.get_by_label("jeudi 26 novembre")).to_have_value("1:75")
    expect(page.get_by_label("mercredi 25 novembre")).to_have_value("")
    page.get_by_label("jeudi 26 novembre").fill("90m")
    page.get_by_role("button", name=french("Ask the committee")).click()
    assert list(LeaveDay.objects.values_list("day", "minutes")) == [
        (MONDAY, 420),
        (date(2026, 11, 24), 420),
        (date(2026, 11, 26), 90),
        (FRIDAY, 420),
    ]
    page.locator(".leaves a").first.click()
    page.get_by_role("button", name=french("Withdraw it")).click()
    assert Leave.objects.get().state == "withdrawn"


def test_holiday_is_asked_only_where_it_is_the_kind(open_as, ana):
    page = open_as(ana, NEW)
    holiday = page.locator("[name=compensates]")
    expect(holiday).to_be_hidden()
    page.locator("[name=kind]").select_option("holiday")
    holiday.select_option("2026-10-12")
    page.locator("[name=starts_on]").fill("2026-11-23")
    page.get_by_role("button", name=french("Ask the committee")).click()
    expect(page.locator(".leaves")).to_contain_text("23 novembre 2026")
    assert Leave.objects.get().compensates == date(2026, 10, 12)


def test_leave_already_begun_is_given_back_through_the_committee(open_as, ana, approver):
    make.leave(ana, THURSDAY, by=approver)
    giving = open_as(ana, OWN)
    giving.locator(".leaves a").first.click()
    giving.get_by_role("button", name=french("Give these days back")).click()
    expect(giving.get_by_role("alert")).to_contain_text(
        french("These days have begun: say what happened, for the committee to decide.")
    )
    giving.locator("[name=because]").fill("Venue travailler")
    assert found_by_axe(giving) == []
    giving.get_by_role("button", name=french("Give these days back")).click()
    expect(giving.get_by_role("button", name=french("Keep the leave after all"))).to_be_visible()

    deciding = open_as(approver, QUEUE)
    expect(deciding.get_by_text("Venue travailler")).to_be_visible()
    assert found_by_axe(deciding) == []
    deciding.get_by_role("button", name=french("Accept")).click()
    said(deciding, "These days are given back: the next pay takes the difference.")
    assert LeaveCancellation.objects.get().is_accepted
    giving.goto(AWAY)
    expect(giving.get_by_text("Ana Abel")).to_have_count(0)


def test_ticked_requests_are_approved_together_and_ones_own_waits_for_another(open_as, ana, approver):
    bea = make.person("Béa")
    for person in (ana, bea, approver):
        make.leave(person, MONDAY)
    page = open_as(approver, QUEUE, viewport=PHONE)
    expect(page.get_by_role("checkbox")).to_have_count(2)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name=french("Approve the ticked requests")).click()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    page.get_by_role("link", name=str(approver)).click()
    expect(page.locator("main button")).to_have_count(0)
    assert [leave.is_approved for leave in Leave.objects.order_by("pk")] == [True, True, False]


def test_phone_shows_the_days_on_which_somebody_is_away(open_as, ana, approver):
    make.leave(ana, MONDAY, by=approver)
    page = open_as(ana, AWAY, viewport=PHONE)
    shown = [cell for cell in page.locator("td").all() if cell.is_visible()]
    assert len(shown) == 2  # today, and the day Ana is away: Monday is in the next week of this Friday
    assert "Ana Abel" in shown[1].inner_text()
    assert found_by_axe(page) == []
    assert is_within_its_width(page)
