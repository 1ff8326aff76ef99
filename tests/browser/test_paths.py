"""A path walked in a browser: admitted, on a list of things to do, stepping back; the register on paper."""

import re
from datetime import date

import pytest
from django.utils.text import capfirst
from playwright.sync_api import expect

from members import ballots, steps
from members.models import (
    Application,
    Committee,
    Decision,
    Membership,
    Motion,
    Pause,
    Power,
    StepItem,
)
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french, is_within_its_width

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
    own.get_by_label(re.compile(capfirst(french("last day of the pause")))).fill("2026-12-04")
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


def test_from_asking_to_leaving(open_as, friday, transactional_db):
    """Zoé asks, two members admit her by a decision, she leaves: each page tells, and each opens or closes at once."""
    make.cooperative()
    steps.write_usual_lists()
    Committee.objects.create(name="Assemblée générale", kind="assembly", starts_on=make.LONG_AGO)
    ana, bob = (make.member(name, family_name=name) for name in ("Ana", "Bob"))
    zoe = make.person("Zoé", family_name="Zay", email="zoe@example.org")
    own = open_as(zoe, "/members/people/me/", viewport=PHONE)
    own.get_by_role("link", name=french("Ask to become a member")).click()
    own.locator("[name=words]").fill("J’aimerais décider avec vous.")
    own.locator("main form button[type=submit]").click()
    assert Application.objects.get().person == zoe

    page = open_as(ana, "/members/people/comings/")
    page.get_by_role("link", name=re.compile(french("Propose their admission"))).click()
    page.locator("[name=title]").fill("Admettre Zoé")
    page.locator("[name=text]").fill("Elle travaille avec nous depuis un an.")
    expect(page.locator("[name=act-person]")).to_have_value(str(zoe.pk))
    page.get_by_role("button", name=french("Propose"), exact=True).click()
    ballot = ballots.open_ballot(Motion.objects.get(), by=ana, closes_on=date(2026, 11, 27))
    ballots.answer(ballot, by=bob, choice="agree")
    page.reload()
    page.locator("[name=choice][value=agree]").check()
    page.get_by_role("button", name=french("Answer"), exact=True).click()
    page.get_by_role("button", name=french("Count now")).click()
    decision = Decision.objects.get(act="members.admit")
    page.goto("/members/people/comings/")
    expect(page.locator("#asking + p")).to_have_text(french("Nobody asks to become a member."))
    page.goto("/members/people/members/")
    expect(page.locator("tbody")).to_contain_text("Zoé")

    own.goto("/members/people/me/")
    expect(own.locator("main")).to_contain_text(decision.number)
    own.get_by_role("link", name=french("Leave the cooperative")).click()
    own.locator("[name=closes_on]").fill("2026-12-31")
    own.locator("main form button[type=submit]").click()
    expect(own.locator(".messages")).to_contain_text(
        french("The departure is recorded, and its list of things to do is open.")
    )
    assert is_within_its_width(own)
    assert found_by_axe(own) == []
    page.goto("/members/people/comings/")
    expect(page.locator("#leaving").locator("..")).to_contain_text("Zoé Zay")
    friday.shift(86400)
    later = open_as(ana, "/members/people/members/")
    expect(later.locator("tbody")).not_to_contain_text("Zoé")
