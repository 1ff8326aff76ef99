"""Hours on paper: a sheet says whose it is and stays on one page, pictures come with their figures."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from members.models import Power
from tests import make
from tests.browser.conftest import french

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
MONDAY = date(2026, 11, 16)
DAYS = ("mon", "tue", "wed", "thu", "fri")


@pytest.fixture
def ana(transactional_db):
    make.cooperative()
    ana = make.person("Ana")
    tasks = [make.task(f"Tâche {number}", role="Comptabilité") for number in range(8)]
    for number, task in enumerate(tasks):
        make.sheet(ana, starts_on=MONDAY, hours={DAYS[number % 5]: 1.5}, task=task)
    return ana


def pages(page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def test_a_printed_week_says_whose_it_is_on_one_page(open_as, ana):
    page = open_as(ana, "/hours/2026-11-16/")
    expect(page.locator(".print-only").first).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".print-only").first).to_contain_text(str(ana))
    expect(page.locator(".tabs").first).to_be_hidden()
    assert pages(page) == 1


def test_a_printed_year_says_its_figures_under_its_pictures(open_as, ana):
    bob = make.person("Bob", powers=[Power.APPROVE_HOURS])
    make.approved(ana, starts_on=MONDAY - timedelta(7), hours={"mon": 7}, by=bob)
    page = open_as(ana, "/hours/year/")
    figures = page.locator(".chart table").first
    expect(figures).to_be_hidden()
    page.emulate_media(media="print")
    expect(figures).to_be_visible()
    expect(page.locator(".chart summary").first).to_be_hidden()
    expect(page.locator(".chart").first).to_contain_text(french("Week of"))


def test_each_series_has_a_texture_besides_its_colour(open_as, ana):
    for number, role in enumerate(("Soutien", "Formation")):
        make.sheet(ana, starts_on=MONDAY, hours={DAYS[number]: 1}, task=make.task("Autre", role=role))
    page = open_as(ana, "/hours/year/")
    ids = page.locator("pattern").evaluate_all("all => all.map((one) => one.id)")
    assert len(set(ids)) == len(ids)
    fills = page.locator(".chart-picture .texture").evaluate_all(
        "all => all.map((one) => one.getAttribute('fill'))"
    )
    assert len(set(fills)) >= 2
    assert {fill[5:-1] for fill in fills} <= set(ids)
