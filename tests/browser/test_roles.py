"""A role is opened, somebody puts themselves forward; somebody learns with a mentor and is signed off."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from members.models import Power
from roles.models import Skill, Task, Term
from tests import make
from tests.browser.conftest import PHONE, french

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def coop(friday):
    """Ana learns; Béa can teach accounts; Carl keeps the roles."""
    make.cooperative()
    ana, bea, carl = make.person("Ana"), make.person("Béa"), make.person("Carl", powers=[Power.KEEP_ROLES])
    task = make.task("Caisse", role="Comptes")
    Task.objects.update(expected_minutes_per_quarter=60 * 60)
    Skill.objects.create(
        person=bea,
        role=task.role,
        level=3,
        starts_on=date(2026, 1, 5),
        confirmed_by=carl,
        confirmed_on=date(2026, 1, 5),
    )
    make.sheet(ana, starts_on=date(2026, 11, 16), hours={"mon": 5}, task=task)
    return ana, bea, carl, task


def press(page: Page, msgid: str) -> None:
    page.get_by_role("button", name=french(msgid), exact=True).click()


def test_role_is_opened_taken_and_decided(open_as, coop):
    ana, _bea, carl, task = coop
    page = open_as(carl, f"/hours/roles/{task.role_id}/")
    page.get_by_role("link", name=french("Open it"), exact=True).click()
    page.get_by_label(french("The term starts on")).fill("2027-01-04")
    page.get_by_label(french("Put oneself forward until")).fill("2026-12-10")
    press(page, "Open")
    opened = urlsplit(page.url).path
    taking = open_as(ana, opened)
    taking.set_viewport_size(PHONE)
    taking.locator("textarea").fill("J’aime que ça balance.")
    press(taking, "Put myself forward")
    expect(taking.locator("main")).to_contain_text("J’aime que ça balance.")
    expect(taking.get_by_role("button", name=french("Step back"))).to_be_visible()
    decision = make.decision(title="Les comptes à Ana")
    page.goto(opened)
    page.get_by_role("link", name=french("Write who was chosen")).click()
    page.get_by_role("checkbox", name=str(ana)).check()
    page.locator("select").select_option(str(decision.pk))
    press(page, "Entrust the role")
    expect(page.locator("main")).to_contain_text("Les comptes à Ana")
    assert Term.objects.get().person == ana


def test_hour_is_learnt_with_a_mentor_who_signs_off(open_as, coop):
    ana, bea, _carl, task = coop
    page = open_as(ana, f"/hours/2026-11-16/2026-11-16/{task.pk}/0/")
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name=french("I learnt with somebody")).click()
    page.get_by_label(french("Learning with")).select_option(label=str(bea))
    press(page, "Save")
    expect(page.locator(".messages")).to_contain_text(
        french("The line says so. The hour is paid like any other.")
    )
    make.approve(ana.sheets.get())
    page.goto("/hours/training/")
    page.get_by_role("link", name=french("Say it")).click()
    page.get_by_label(french("autonomous: alone").capitalize()).check()
    page.get_by_label(french("I would like to").capitalize()).check()
    press(page, "Save")
    expect(page.locator("main")).to_contain_text(french("Your level waits to be confirmed."))
    expect(page.locator("main")).to_contain_text(str(bea))
    signing = open_as(bea, f"/hours/roles/{task.role_id}/learning/")
    expect(signing.locator("main")).not_to_contain_text(french("I would like to"))
    signing.get_by_role("button", name=french("Confirm")).click()
    expect(signing.locator(".messages")).to_contain_text(str(ana))
    assert Skill.objects.get(person=ana).confirmed_by == bea
