"""A projection made, tried with the sliders, and shown on paper, in French; the same without script."""

import re
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from payroll.models import Projection
from payroll.projections import keeping
from tests import make
from tests.browser.conftest import found_by_axe, french
from tests.payroll.projections.made import cost, draft, revenue
from timesheets.models import Service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def ana(db):
    make.cooperative()
    make.rate("21.50")
    return make.person("Ana", family_name="Abel")


@pytest.fixture
def kept(ana):
    projection = draft(ana, title="De base", starts_on=DECEMBER)
    revenue(projection, "9000.00", Service.objects.create(name="Hébergement"))
    cost(projection, "1200.00")
    return keeping.keep(projection, by=ana)


def _press(page, msgid: str) -> None:
    page.get_by_role("button", name=french(msgid), exact=True).click()


def test_projection_is_made_line_by_line_and_kept(open_as, ana):
    Service.objects.create(name="Formation")
    page = open_as(ana, "/pay/projections/")
    page.get_by_role("link", name=french("Make a projection")).first.click()
    page.get_by_label(french("Title")).fill("L’an prochain")
    page.get_by_label(french("In the bank at first")).fill("18 000")
    _press(page, "Begin")
    page.get_by_role("link", name=french("Add a revenue")).click()
    page.get_by_label("Service").select_option("Formation")
    page.get_by_label(french("Amount")).fill("4 500,00")
    _press(page, "Count with it")
    page.get_by_text(french("Suppose in “%(title)s”", title=french("Ambitious"))).click()
    page.get_by_role("link", name=french("another hourly rate")).last.click()
    page.get_by_label(french("Name")).fill("Hausse")
    page.get_by_label(french("Rate per hour")).fill("23,00")
    _press(page, "Count with it")
    expect(page.get_by_text("23,00\u00a0$ l’heure")).to_be_visible()
    assert found_by_axe(page) == []
    page.get_by_role("link", name=french("Keep it for everybody")).click()
    _press(page, "Keep it")
    expect(page.locator("main")).to_contain_text("conservée le 20 novembre 2026")
    found = Projection.objects.get()
    assert found.is_kept
    assert found.amounts.get().amount == Decimal("4500.00")


def test_sliders_move_what_they_give_and_nothing_else(open_as, ana, kept):
    page = open_as(ana, f"/pay/projections/{kept.pk}/")
    expect(page.locator("#tried table")).to_have_count(0)
    slider = page.get_by_role("slider", name=french("Revenue, ± %"))
    slider.focus()
    for _step in range(10):
        page.keyboard.press("ArrowRight")
    number = page.get_by_role("spinbutton", name=french("Revenue, ± %"))
    expect(number).to_have_value("10")
    row = page.locator("#tried tbody tr").first
    expect(row).to_contain_text(re.compile(r"108.000,00.\$.*118.800,00.\$"))
    number.fill("-50")
    expect(slider).to_have_value("-50")
    expect(row).to_contain_text(re.compile(r"54.000,00.\$"))
    assert found_by_axe(page) == []
    assert "what=if" not in page.url


def test_sliders_are_numbers_and_a_button_without_script(open_as, ana, kept):
    page = open_as(ana, f"/pay/projections/{kept.pk}/", java_script_enabled=False)
    expect(page.get_by_role("slider")).to_have_count(0)
    page.get_by_role("spinbutton", name=french("Fixed costs, ± %")).fill("50")
    _press(page, "Show what it gives")
    costs = page.locator("#tried tbody tr", has_text=french("Fixed costs"))
    expect(costs).to_contain_text(re.compile(r"14.400,00.\$.*21.600,00.\$"))


def test_presentation_is_printed_with_its_figures(open_as, ana, kept):
    page = open_as(ana, f"/pay/projections/{kept.pk}/present/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_have_text("De base")
    expect(page.locator("figure.chart").first.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("link", name=french("Back to the projection"))).to_be_hidden()
