"""From an idea to the rate of everybody, in French: proposed, discussed, answered on phones, done by the clock."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from members import acts
from members.models import Committee, Decision, Execution, Motion, Objective, ShareEntry
from members.tasks import decide_on_time
from payroll.models import HourlyRate
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french, is_within_its_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RATE = re.compile(r"24,50.\$")


@pytest.fixture
def people(friday, transactional_db):
    """The four members of an assembly, who are paid 21.50."""
    make.cooperative()
    make.rate("21.50")
    Committee.objects.create(name="Assemblée générale", kind="assembly", starts_on=make.LONG_AGO)
    return [make.member(name, family_name=name) for name in ("Ana", "Béa", "Chloé", "Dan")]


def _press(page: Page, msgid: str) -> None:
    page.get_by_role("button", name=french(msgid), exact=True).click()


def _fits(page: Page) -> None:
    assert is_within_its_width(page)
    assert found_by_axe(page) == []


def test_a_rate_from_an_idea_to_everybody_s_pay(open_as, people, friday):
    ana, bea, chloe, dan = people
    page = open_as(ana, "/members/proposals/")
    page.get_by_role("link", name=french("Propose something")).first.click()
    page.locator("[name=body]").select_option(label="Assemblée générale")
    page.locator("[name=act]").select_option(label=french("Set the hourly rate"))
    _press(page, "Continue")
    page.locator("[name=title]").fill("24,50 $ pour tout le monde")
    page.locator("[name=text]").fill("La vie monte.")
    page.locator("[name=effective_on]").fill("2026-12-07")
    page.locator("[name=act-amount]").fill("24,50")
    assert found_by_axe(page) == []
    _press(page, "Propose")
    motion = f"/members/proposals/{Motion.objects.get().pk}/"
    # What it does is read before anybody answers: one's own net, the cost of all.
    page.get_by_role("link", name=french("See what it would change")).click()
    expect(page.locator("#own")).to_be_visible()
    expect(page.locator("#cost")).to_be_visible()

    said = open_as(bea, motion)
    said.locator("[name=text]").fill("Les prévisions tiennent-elles ?")
    _press(said, "Say it")
    expect(said.locator("main")).to_contain_text("Les prévisions tiennent-elles ?")

    interested = open_as(dan, motion)
    interested.get_by_role("link", name=french("Declare a conflict of interest")).click()
    interested.locator("[name=what]").fill("Je tiens la caisse d’un client.")
    _press(interested, "Declare")

    page.goto(motion)
    page.get_by_role("link", name=french("Ask the body to decide")).click()
    page.locator("[name=closes_on]").fill("2026-11-27")
    _press(page, "Open the ballot")
    expect(page.locator("main")).to_contain_text("Je tiens la caisse d’un client.")

    for person in (ana, bea, chloe):
        phone = open_as(person, "/", viewport=PHONE)
        phone.get_by_role("link", name=re.compile("24,50")).click()
        phone.locator("[name=choice][value=agree]").check()
        _fits(phone)
        _press(phone, "Answer")
    _press(phone, "Count now")
    decision = Decision.objects.get(act="payroll.set_rate", adopted_on=date(2026, 11, 20))
    expect(phone.locator("main")).to_contain_text(decision.number)
    phone.goto(f"/members/decisions/{decision.pk}/")
    expect(phone.locator("main .notice[data-tone=info]")).to_contain_text("7 décembre 2026")
    _fits(phone)
    decide_on_time(timestamp=0)
    assert not Execution.objects.exists()

    friday.move_to(datetime(2026, 12, 7, 15, tzinfo=UTC))
    decide_on_time(timestamp=0)
    assert HourlyRate.objects.on(date(2026, 12, 7)).decision == decision
    rates = open_as(chloe, "/pay/rate/")
    row = rates.locator("tbody tr").filter(has_text=french("in force"))
    expect(row).to_contain_text(RATE)
    assert found_by_axe(rates) == []
    row.get_by_role("link", name=re.compile(decision.number)).click()
    expect(rates.locator(".notice[data-tone=ok]")).to_be_visible()
    rates.get_by_role("link", name=french("See what it did")).click()
    expect(rates.locator(".figure")).to_contain_text(RATE)


def test_every_act_is_put_in_words_on_a_phone(open_as, people, friday):
    """What each act asks for fits, reads aloud, and is sent back with what was typed when something lacks."""
    make.cooperative(share_value=Decimal("10.00"))
    assembly, today = Committee.objects.get(kind="assembly"), date(2026, 11, 20)
    Objective.objects.create(
        body=assembly, decision=make.decision(), title="Un jardin", starts_on=today, ends_on=today
    )
    ShareEntry.objects.create(person=people[0], kind="subscribed", on=today, shares=1)
    page, wrong = open_as(people[0], "/", viewport=PHONE), {}
    for act in acts.every():
        page.goto("/members/proposals/new/?" + urlencode({"body": assembly.pk, "act": act.code}))
        found = [] if is_within_its_width(page) else ["too wide"]
        found += found_by_axe(page)
        if not page.locator("[name^=act-]").count():
            found.append("asks for nothing")
        page.locator("[name=title]").fill("Ce que nous voulons")
        page.locator("form").evaluate_all("forms => forms.forEach(form => form.noValidate = true)")
        _press(page, "Propose")
        if page.locator("[name=title]").input_value() != "Ce que nous voulons":
            found.append("loses what was typed")
        if not page.locator("[aria-invalid=true]").count():
            found.append("does not say what lacks")
        if found:
            wrong[act.code] = found
    assert wrong == {}
    assert not Motion.objects.exists()
