"""A meeting's whole way, in French: called, asked a point of on a phone, written down, approved by another, printed."""

import io
from datetime import date, time

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from members import meetings
from members.models import Mandate, Meeting, Minutes
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french, is_within_its_width

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]


@pytest.mark.pdf
def test_meeting_is_called_held_and_its_minutes_approved(open_as):
    make.cooperative()
    body = make.committee(name="Comité des outils")
    ana, bob, cleo = (make.person(name, family_name="Essai") for name in ("Ana", "Bob", "Cléo"))
    for person in (ana, bob):
        Mandate.objects.create(committee=body, person=person, starts_on=make.LONG_AGO)

    page = open_as(ana, f"/members/committees/{body.pk}/")
    page.get_by_role("link", name=french("Call a meeting")).click()
    page.locator("[name=on]").fill("2026-11-20")
    page.locator("[name=starts_at]").fill("11:00")
    page.locator("[name=ends_at]").fill("12:30")
    page.locator("[name=place]").fill("Bureau 7")
    page.get_by_role("button", name=french("Call and write to them")).click()
    expect(page.locator("h1")).to_contain_text("Comité des outils – 20 novembre 2026")
    assert found_by_axe(page) == []
    meeting = Meeting.objects.get()

    phone = open_as(cleo, f"/members/meetings/{meeting.pk}/", viewport=PHONE)
    phone.get_by_role("link", name=french("Ask for a point")).click()
    phone.locator("[name=title]").fill("Un abri pour les vélos")
    phone.locator("[name=planned_minutes]").fill("20")
    phone.get_by_role("button", name=french("Put it on the agenda")).click()
    expect(phone.locator(".agenda")).to_contain_text("Un abri pour les vélos")
    assert is_within_its_width(phone)
    assert found_by_axe(phone) == []

    point = meeting.points.get()
    page.goto(f"/members/meetings/{meeting.pk}/minutes/")
    page.locator(f"[name=how-{ana.pk}]").select_option("present")
    page.locator(f"[name=how-{bob.pk}]").select_option("present")
    page.locator(f"[name=said-{point.pk}]").fill("Bob en trouve un.")
    page.locator("[name=steps-0-what]").fill("Trouver un abri")
    page.locator("[name=steps-0-person]").select_option(str(bob.pk))
    assert found_by_axe(page) == []
    page.get_by_role("button", name=french("Save the minutes")).click()
    expect(page.locator(".agenda .said")).to_have_text("Bob en trouve un.")

    other = open_as(bob, f"/members/meetings/{meeting.pk}/")
    other.get_by_role("link", name=french("Approve the minutes")).click()
    other.get_by_role("button", name=french("Approve")).click()
    expect(other.locator(".messages")).to_contain_text(
        french("The minutes are approved: they change no more.")
    )
    assert Minutes.objects.get().approved_by == bob
    with other.expect_download() as download:
        other.get_by_role("link", name=french("Minutes (PDF)")).click()
    with open(download.value.path(), "rb") as paper:
        text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(paper.read())).pages)
    assert "Un abri pour les vélos" in text
    assert "Trouver un abri" in text


def test_two_who_write_at_once_see_each_other(open_as):
    make.cooperative()
    body = make.committee(name="Comité des outils")
    ana, bob = (make.person(name, family_name="Essai") for name in ("Ana", "Bob"))
    for person in (ana, bob):
        Mandate.objects.create(committee=body, person=person, starts_on=make.LONG_AGO)
    meeting = meetings.call(
        body, by=ana, on=date(2026, 11, 20), starts_at=time(9), ends_at=time(10), place="Bureau 7"
    )
    first, second = (open_as(person, f"/members/meetings/{meeting.pk}/minutes/") for person in (ana, bob))
    for page, words in ((first, "Ce qu’entend Ana"), (second, "Ce qu’entend Bob")):
        page.locator("[name=words]").fill(words)
        page.get_by_role("button", name=french("Save the minutes")).click()
    expect(second.locator("#differing ~ dl")).to_contain_text("Ce qu’entend Ana")
    expect(second.locator("[name=words]")).to_have_value("Ce qu’entend Bob")
    assert found_by_axe(second) == []
    second.locator("[name=words]").fill("Ce qu’entendent les deux")
    second.get_by_role("button", name=french("Save the minutes")).click()
    expect(second.locator("main")).to_contain_text("Ce qu’entendent les deux")
