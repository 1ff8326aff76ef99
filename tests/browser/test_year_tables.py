"""The law's figures seen by those who rely on them: a warning ahead, the year's tables, an invoice number."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from members.models import Power
from payroll import periods, runs
from payroll.models import PayStub
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french, is_within_its_width

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("friday"),
]
PERIOD = date(2026, 11, 2)


@pytest.fixture
def coop(transactional_db):
    make.cooperative(first_period_on=PERIOD)
    return make.rate("21.50")


@pytest.fixture
def bo(coop):
    someone = make.person("Bo", kind="freelance")
    make.approved(someone, starts_on=PERIOD, hours={"mon": 4})
    return someone


def test_holder_of_a_pay_power_goes_from_the_warning_to_the_tables(coop, friday, open_as):
    friday.move_to("2026-12-04 12:00")
    page = open_as(make.person("Paule", powers=[Power.PREPARE_PAY]))

    warning = page.locator(".notice", has_text=french("See"))
    expect(warning).to_contain_text("31 décembre 2026")
    warning.get_by_role("link").click()

    expect(page.locator("h1")).to_have_text("Tables de 2026")
    expect(page.locator("main .notice")).to_contain_text("ne peut pas encore être calculée")
    row = page.get_by_role("row").filter(
        has_text="RQAP : taux de la personne salariée".replace(" :", "\u00a0:")
    )
    expect(row).to_contain_text("0,494\u00a0%")
    expect(row).to_contain_text("0,430\u00a0%")
    assert found_by_axe(page) == []

    page.get_by_role("link", name="2025").click()
    expect(page.locator("h1")).to_have_text("Tables de 2025")
    expect(page.get_by_role("table").filter(has_text="T4127-120, puis T4127-121")).to_be_visible()


def test_freelancer_gives_an_invoice_number_on_a_phone_and_finds_it_on_the_statement(bo, open_as):
    page = open_as(bo, "/pay/file/", viewport=PHONE)
    expect(page.get_by_text("Ce ne sont que les versements de la coopérative.")).to_be_visible()
    page.get_by_text(french("Freelance or salaried: what the governments look at")).click()
    expect(page.get_by_text(french("What points to an employee:"))).to_be_visible()
    assert found_by_axe(page) == []
    assert is_within_its_width(page)

    page.get_by_role("link", name=french("Give the number of an invoice")).click()
    page.get_by_label(french("Your invoice number")).fill("F-2026-17")
    page.get_by_role("button", name=french("Keep"), exact=True).click()
    expect(page.locator(".messages")).to_contain_text("Le numéro de facture est gardé")
    expect(page.locator("main")).to_contain_text("F-2026-17")

    preparer, issuer = (make.person(name, powers=list(Power)) for name in ("Paule", "Irène"))
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because="essai")
    runs.issue(run, by=issuer, documents=False)
    page.goto(f"/pay/stubs/{PayStub.objects.get(person=bo).pk}/")
    expect(page.locator("main")).to_contain_text(re.compile(r"Facture de pigiste\s*F-2026-17"))
