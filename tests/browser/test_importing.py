"""Hours of another tool, brought in as a person would: the file, what its words mean, then the hours."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from members.models import Power
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french, is_within_its_width
from timesheets.models import Project, TimeEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("friday")]
EXPORTS = Path(__file__).parents[1] / "timesheets" / "exports"


def test_what_the_file_says_is_told_once_and_its_hours_are_written(open_as):
    make.cooperative()
    make.task("Maquettes", role="Graphisme")
    ana = make.person("Ana", email="ana@example.org")
    keeper = make.person("Kim", powers=[Power.ADMIT_PEOPLE, Power.KEEP_ROLES, Power.KEEP_PROJECTS])
    page = open_as(keeper, "/hours/import/")
    assert found_by_axe(page) == []
    page.locator("input[type=file]").set_input_files(EXPORTS / "toggl.csv")
    page.get_by_role("button", name=french("Show what it would do")).click()
    expect(page.locator(".meaning summary").first).to_contain_text("Toggl Track")
    expect(page.get_by_text(french("Nothing says on which task these hours were worked."))).to_be_visible()
    expect(page.get_by_role("button", name="Importer")).to_have_count(0)
    assert found_by_axe(page) == []
    page.get_by_label(french("What “%(word)s” is here", word="–")).fill("Graphisme › Maquettes")
    page.get_by_role("button", name=french("Show what it would do")).click()
    expect(page.locator("dl.facts")).to_contain_text("4 (4\u00a0h\u00a030)")
    page.get_by_role("button", name="Importer 4 entrées").click()
    expect(page.locator(".messages")).to_contain_text("4 entrées sont importées en brouillon")
    assert sum(TimeEntry.objects.filter(person=ana).values_list("minutes", flat=True)) == 270
    assert list(Project.objects.values_list("name", "client__name")) == [("Site", "Coop Nord")]


def test_own_hours_are_brought_in_on_a_phone_in_english(open_as):
    make.cooperative()
    make.task("Design", role="Web")
    Project.objects.create(name="Site")
    ana = make.person("Ana", family_name="Essai", language="en-ca")
    page = open_as(ana, "/hours/tools/", viewport=PHONE)
    page.get_by_role("link", name="Import hours").click()
    page.locator("input[type=file]").set_input_files(EXPORTS / "harvest.csv")
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.locator(".meaning summary").first).to_contain_text("Harvest")
    assert is_within_its_width(page)
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Import 3 entries").click()
    expect(page.locator(".messages")).to_contain_text("3 entries are imported as drafts")
    assert sum(TimeEntry.objects.filter(person=ana).values_list("minutes", flat=True)) == 115
