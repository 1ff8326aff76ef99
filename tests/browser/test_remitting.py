"""A coordinator remits: what is due, how much, recorded once, and taken back; in French, also on a phone."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from members.models import Power
from payroll import periods, runs
from payroll.models import Remittance
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french, is_within_its_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PERIOD = date(2026, 11, 2)
REMITTANCES = "/pay/remittances/"


@pytest.fixture(autouse=True)
def _after_the_due_date():
    with time_machine.travel(datetime(2026, 12, 16, 17, 0, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def clerk(transactional_db):
    make.cooperative(first_period_on=PERIOD)
    make.rate("21.50")
    make.approved(make.person("Ana", born_on=date(1990, 5, 1)), starts_on=PERIOD, hours={"mon": 7, "tue": 7})
    clerk = make.person("Paule", kind=None, powers=[Power.PREPARE_PAY])
    issuer = make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])
    run = runs.prepare(periods.starting(PERIOD), by=clerk, because="Vérifié.")
    runs.issue(run, by=issuer, documents=False)
    return clerk


def test_late_remittance_is_found_paid_recorded_and_taken_back(open_as, clerk):
    page = open_as(clerk, "/")
    late = page.locator("#waits ~ ul li", has_text=french("Revenu Québec"))
    late.get_by_role("link", name=french("See and record")).click()
    owed = page.locator("tfoot td.num").first.inner_text()
    page.get_by_role("link", name=french("Record a payment")).click()
    page.locator("#id_paid_on").fill("2026-12-15")
    page.locator("#id_reference").fill("RQ-8841")
    page.get_by_role("button", name=french("Record the payment")).click()
    expect(page.locator(".messages")).to_contain_text(french("The payment is recorded."))
    expect(page.locator("main")).to_contain_text("RQ-8841")
    expect(page.locator(".lead .state")).to_have_text(french("paid"))
    remittance = Remittance.objects.get()
    assert f"{remittance.amount:.2f}".replace(".", ",") in re.sub(r"\s", "", owed)

    page.get_by_role("link", name=french("Take it back")).click()
    page.locator("#id_because").fill("Payée deux fois à la banque")
    page.get_by_role("button", name=french("Take it back")).click()
    expect(page.locator("main")).to_contain_text(french("counter-entry"))
    expect(page.locator(".lead .state")).to_have_text(french("late"))
    page.goto(REMITTANCES)
    expect(page.locator("article.remit")).to_have_count(2)


def test_remittances_are_read_on_a_phone(open_as, clerk):
    page = open_as(clerk, REMITTANCES, viewport=PHONE)
    assert found_by_axe(page) == []
    assert is_within_its_width(page)
    page.get_by_role("link", name=french("See and record")).first.click()
    expect(page.locator("h1")).to_contain_text("novembre 2026")
    assert is_within_its_width(page)
