"""A member's side of pay, in French: forms entered by one and confirmed by another, and other hours tried."""

import re
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from members.models import Power
from payroll import periods, runs
from payroll.models import TaxProfile
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("friday"),
]
PERIOD = date(2026, 11, 2)
WEEK = {"mon": 7, "tue": 7.5, "wed": 7, "thu": 7, "fri": 6}


@pytest.fixture
def ana(transactional_db):
    make.cooperative(first_period_on=PERIOD)
    make.rate("21.50")
    someone = make.person("Ana", family_name="Abel", born_on=date(1990, 5, 1))
    make.approved(someone, starts_on=PERIOD, hours=WEEK)
    return someone


@pytest.fixture
def preparer(ana):
    return make.person("Paule", kind=None, powers=[Power.PREPARE_PAY])


def test_forms_are_entered_by_the_member_and_confirmed_by_a_holder(open_as, ana, preparer):
    mine = open_as(ana, "/pay/file/taxes/")
    mine.locator("#id_sin").fill("046 454 286")
    mine.locator("#id_federal_claim").fill("20 000,00")
    mine.get_by_role("button", name=french("Put on file")).click()
    expect(mine.locator("main")).to_contain_text(french("to be confirmed"))

    theirs = open_as(preparer, "/pay/runs/")
    theirs.get_by_role("navigation", name=french("Pay"), exact=True).get_by_role(
        "link", name=french("Forms")
    ).click()
    assert found_by_axe(theirs) == []
    theirs.get_by_role("link", name="Ana Abel").click()
    theirs.get_by_role("button", name=french("Open the file")).click()
    expect(theirs.locator("main")).to_contain_text("20 000,00 $")
    assert found_by_axe(theirs) == []
    theirs.get_by_role("button", name=french("These are the forms: confirm")).click()
    expect(theirs.locator(".messages")).to_contain_text(french("The tax forms are confirmed."))
    assert TaxProfile.objects.get().confirmed_by == preparer

    mine.get_by_role("link", name=french("Who looked at my file")).click()
    expect(mine.locator("table")).to_contain_text(str(preparer))
    mine.get_by_role("link", name=french("Tax forms and account")).click()
    expect(mine.locator("main")).to_contain_text(str(preparer))


def test_other_hours_are_tried_with_the_keyboard_on_a_phone_and_without_script(open_as, ana, preparer):
    issuer = make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])
    prepared = runs.prepare(periods.starting(PERIOD), by=preparer, because="essai")
    runs.issue(prepared, by=issuer, documents=False)
    page = open_as(ana, "/pay/", java_script_enabled=False, viewport=PHONE)
    page.get_by_role("link", name=french("My net with other hours")).click()
    hours = page.locator("#id_minutes")
    expect(hours).to_have_value("35")
    hours.fill("28")
    hours.press("Enter")
    expect(page).to_have_url(re.compile("minutes=28"))
    net = page.get_by_role("row", name=french("Net pay")).locator("td").first.inner_text()
    gross = page.get_by_role("row", name=french("Gross pay")).locator("td").first.inner_text()
    assert (gross.replace("\u00a0", " "), net != gross) == ("1 204,00 $", True)
    assert Decimal(net.replace("\u00a0", "").replace("$", "").replace(",", ".")) > 0


def test_my_pay_pages_are_accessible(open_as, ana, preparer):
    issuer = make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])
    prepared = runs.prepare(periods.starting(PERIOD), by=preparer, because="essai")
    runs.issue(prepared, by=issuer, documents=False)
    page = open_as(ana, "/pay/", color_scheme="dark")
    for path in ("/pay/", "/pay/other-hours/?minutes=28", "/pay/other-hours/?minutes=x", "/pay/file/taxes/"):
        page.goto(path)
        assert found_by_axe(page) == [], path
