"""Sharing the work, in French: tasks are rated on a phone, one after the other; one's own balance is read."""

from datetime import date

import pytest
from playwright.sync_api import expect

from members.models import Power
from roles import ratings
from roles.models import Task
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french, is_within_its_width
from timesheets.sharing.publishing import publish_ratings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
WEEK = {"mon": 6, "tue": 6, "wed": 6, "thu": 6, "fri": 6}


@pytest.fixture
def ana(db):
    make.cooperative()
    return make.person("Ana", family_name="Abel")


@pytest.fixture
def tasks(ana):
    """Two tasks worded long ago, each done by somebody."""
    bob = make.person("Bob", family_name="Blais")
    by = make.person("Chloé", powers=[Power.APPROVE_HOURS])
    books, servers = make.task("Facturation", role="Comptabilité"), make.task("Serveurs", role="Systèmes")
    type(books).objects.update(worded_at="2020-01-06T12:00:00Z")
    make.approved(ana, starts_on=date(2026, 11, 9), hours=WEEK, task=books, by=by)
    make.approved(bob, starts_on=date(2026, 11, 9), hours=WEEK, task=servers, by=by)
    return books, servers


def _choose(page, question: str, answer: str) -> None:
    page.get_by_role("group", name=french(question)).get_by_role("radio", name=answer, exact=True).check()


def test_tasks_are_rated_on_a_phone_one_after_the_other(open_as, ana, tasks):
    page = open_as(ana, "/roles/ratings/", viewport=PHONE)
    assert found_by_axe(page) == []
    page.get_by_role("link", name=french("Start"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Facturation")
    assert found_by_axe(page) == []
    _choose(page, "Would one wish to do it?", "2")
    _choose(page, "What does one get out of it?", "4")
    save = page.get_by_role("button", name=french("Save and go on"))
    assert save.bounding_box()["y"] < PHONE["height"], "both questions fit on the screen"
    save.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Serveurs")
    page.get_by_text(french("Compare with what I rated")).click()
    expect(page.get_by_role("row", name="Facturation")).to_be_visible()
    _choose(page, "Would one wish to do it?", french("no opinion"))
    _choose(page, "What does one get out of it?", "5")
    save.click()
    expect(page.get_by_role("row", name="Serveurs")).to_contain_text("–")
    assert is_within_its_width(page)
    assert [(one.desirability, one.empowerment) for one in ratings.own(ana)] == [(2, 4), (None, 5)]


def test_ones_own_balance_is_read_with_its_why(open_as, ana, tasks):
    books, servers = tasks
    for n in range(3):
        voter = make.person(f"V{n}", kind=None)
        ratings.rate(books, by=voter, desirability=2, empowerment=2)
        ratings.rate(servers, by=voter, desirability=4, empowerment=5)
    assert publish_ratings() == 4
    page = open_as(ana, "/hours/sharing/balance/")
    mine = page.get_by_role("region", name=french("My position"))
    expect(mine).to_contain_text("au-dessous de la moyenne")
    expect(mine).to_contain_text("«\u00a0Facturation\u00a0»")
    expect(page.locator(".dot")).to_have_count(2)
    expect(page.locator(".dot.own text")).to_have_text("Ana")
    page.get_by_role("link", name=french("My tasks and hours")).click()
    row = page.get_by_role("row", name="Facturation")
    expect(row).to_contain_text("30\u00a0h")
    expect(row).to_contain_text("100\u00a0%")
    assert found_by_axe(page) == []


def test_hours_of_no_task_are_classified_on_a_phone(open_as, ana, tasks):
    books, _servers = tasks
    later = Task.objects.create(role=books.role, name="À classer", is_unclassified=True)
    make.sheet(ana, starts_on=date(2026, 11, 16), hours={"mon": 2}, task=later)
    page = open_as(ana, "/hours/2026-11-16/", viewport=PHONE)
    page.get_by_role("link", name=french("Classify them")).click()
    assert found_by_axe(page) == []
    assert is_within_its_width(page)
    page.get_by_role("combobox").select_option(label="Facturation")
    page.get_by_role("button", name=french("Classify"), exact=True).click()
    expect(page.locator("main")).to_contain_text(french("Every hour of yours says its task"))
    assert ana.sheets.get(starts_on="2026-11-16").entries.get().task == books
