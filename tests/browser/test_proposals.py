"""A proposal's whole way, in French: asked for, followed, read on a phone, changed by hand, adopted."""

import re
from datetime import date

import pytest
from django.db import connection
from playwright.sync_api import expect

from members.models import Power
from roles import computing
from roles.models import Assignment, Proposal, ProposalEdit, Rotation, Skill, Task
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french, is_within_its_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
PROPOSALS = "/hours/sharing/proposals/"


@pytest.fixture(autouse=True)
def _empty_queue():
    """The queue's tables are its own: Django does not empty them after a test."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers CASCADE")


@pytest.fixture
def keeper(db):
    """Ana and Béa could both keep the accounts and make the site; Chloé keeps roles."""
    make.cooperative()
    keeper = make.person("Chloé", family_name="Cyr", powers=[Power.KEEP_ROLES], kind=None)
    people = [make.person(name, family_name=name, minutes=600) for name in ("Ana", "Béa")]
    for name, role, hours in (("Comptes", "Comptabilité", 65), ("Site", "Web", 195)):
        task = make.task(name, role=role)
        Task.objects.filter(pk=task.pk).update(expected_minutes_per_quarter=hours * 60)
        confirming = keeper
        for person in people:
            Skill.objects.create(
                person=person,
                role=task.role,
                level=3,
                starts_on=make.LONG_AGO,
                confirmed_by=confirming,
                confirmed_on=make.LONG_AGO,
            )
            confirming = person
    make.decision(powers=[Power.KEEP_ROLES], title="Répartition d’hiver", adopted_on=date(2026, 11, 19))
    return keeper


def test_proposals_are_asked_for_read_changed_and_adopted(open_as, keeper):
    page = open_as(keeper, PROPOSALS)
    page.get_by_role("link", name=french("Ask for proposals")).click()
    assert found_by_axe(page) == []
    page.get_by_role("button", name=french("Ask for three proposals")).click()
    expect(page.locator("#proposals")).to_have_attribute("data-follow", "")
    for pk in Proposal.objects.values_list("pk", flat=True):
        computing.compute(pk)
    # The page follows by itself: nothing is pressed.
    expect(page.get_by_role("link", name=re.compile(french("Read it")))).to_have_count(3, timeout=10_000)
    assert found_by_axe(page) == []
    page.get_by_role("link", name=re.compile(french("Read it"))).nth(1).click()
    expect(page.get_by_text(french("All the work is covered"))).to_be_visible()
    assert found_by_axe(page) == []

    page.get_by_role("link", name=french("Change hours by hand")).click()
    indicators, first = page.locator("#indicators"), page.locator("form[data-live] input[type=text]").first
    first.fill("2")
    first.blur()
    expect(indicators.locator("[data-tone=warn]")).to_be_visible()
    assert not ProposalEdit.objects.exists()
    assert found_by_axe(page) == []
    page.get_by_role("button", name=french("Save the hours")).click()
    expect(page.locator(".messages")).to_contain_text(
        french("The hours are saved. What was computed stays beside them.")
    )
    assert ProposalEdit.objects.count() == 1

    other = Proposal.objects.get(leaning="fairness")
    page.goto(f"{PROPOSALS}one/{other.pk}/adopt/")
    page.locator("[name=decision]").select_option(index=1)
    page.get_by_role("button", name=french("Adopt and give the tasks")).click()
    expect(page.locator(".messages")).to_contain_text(
        french("Adopted: each task is given for the days of the period.")
    )
    assert Rotation.objects.get().adopted == other
    assert Assignment.objects.filter(starts_on=date(2027, 1, 4), ends_on=date(2027, 4, 4)).exists()


def test_a_proposal_is_read_on_a_phone(open_as, keeper):
    page = open_as(keeper, f"{PROPOSALS}new/", viewport=PHONE)
    page.get_by_role("button", name=french("Ask for three proposals")).click()
    proposal = Proposal.objects.get(leaning="default")
    computing.compute(proposal.pk)
    page.goto(f"{PROPOSALS}one/{proposal.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(french("by default"))
    assert is_within_its_width(page)
    assert found_by_axe(page) == []
