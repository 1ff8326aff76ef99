"""A path walked in a browser: admitted, on a list of things to do, stepping back; the register on paper."""

import re
from datetime import date

import pytest
from django.utils.text import capfirst
from playwright.sync_api import expect

from members import steps
from members.models import Membership, Pause, Power, StepItem
from tests import make
from tests.browser.conftest import PHONE, french

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]


@pytest.fixture
def keeper(transactional_db):
    make.cooperative()
    steps.write_usual_lists()
    return make.person("Chloé", powers=[Power.ADMIT_PEOPLE])


def test_somebody_is_admitted_welcomed_and_steps_back(open_as, keeper):
    decision = make.admission(adopted_on=date(2026, 11, 18))
    page = open_as(keeper, "/members/people/new/")
    page.get_by_label("Prénom").fill("Zoé")
    page.get_by_label(re.compile("^Courriel")).fill("zoe@example.org")
    page.get_by_role("button", name=french("Enter")).click()
    page.get_by_role("link", name=french("Record an admission")).click()
    page.get_by_label(capfirst(french("admitted by decision"))).select_option(str(decision.pk))
    page.get_by_label(re.compile(french("On probation until"))).fill("2027-02-20")
    page.get_by_role("button", name=french("Record"), exact=True).click()
    expect(page.locator(".page-head")).to_contain_text(french("on probation"))
    page.get_by_role("link", name="Arrivée").click()
    page.get_by_role("button", name=re.compile(french("Say that it is done"))).first.click()
    expect(page.locator(".things li").first).to_contain_text("par Chloé")
    assert StepItem.objects.filter(done_by=keeper).count() == 1
    zoe = Membership.objects.get().person
    own = open_as(zoe, "/members/people/me/", viewport=PHONE)
    own.get_by_role("link", name=french("Step back for a while")).click()
    own.get_by_label(re.compile(capfirst(french("last day away")))).fill("2026-12-04")
    own.get_by_role("button", name=french("Record the pause")).click()
    expect(own.locator(".page-head")).to_contain_text(french("on pause"))
    assert Pause.objects.get().ends_on == date(2026, 12, 4)


def test_the_register_of_members_is_printed_without_what_is_pressed(open_as, keeper):
    for number in range(3):
        make.member(f"Membre{number}")
    page = open_as(keeper, "/members/people/members/")
    page.emulate_media(media="print")
    for hidden in (".tabs", ".toolbar", ".page-head .actions"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".print-only").first).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(3)
