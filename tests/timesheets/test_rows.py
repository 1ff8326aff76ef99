"""The rows of a week before anything is typed: carried, favourite, recent, found by typing; usual weeks."""

from datetime import date, timedelta

import pytest
import time_machine

from members.models import Power
from roles import assignments
from tests import make
from timesheets import drafts, rows, usual, workflow
from timesheets.drafts import Cell
from timesheets.models import Client, FavouriteRow, Project, TimeEntry, WeekTemplate
from timesheets.refusals import WeekIsWaiting

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
LAST = MONDAY - timedelta(7)
URL = "/hours/2026-11-16/"


@pytest.fixture(autouse=True)
def _today():
    make.cooperative()
    with time_machine.travel("2026-11-18 12:00-05:00", tick=False):
        yield


@pytest.fixture
def ana(client):
    ana = make.person("Ana", language="en-ca")
    client.force_login(ana)
    return ana


@pytest.fixture
def keeper():
    return make.person("Carl", powers=[Power.KEEP_ROLES])


def shown(client, **query) -> list[tuple[str, str]]:
    grid = client.get(URL, query).context["grid"]
    return [(row.task.name, row.project.name if row.project else "") for row in grid.rows]


# At hand ------------------------------------------------------------------------------------------


def test_what_one_carries_comes_first_then_favourites_then_recent(client, ana, keeper):
    carried, recent, favourite = make.task("Zeta"), make.task("Alpha"), make.task("Beta")
    site = Project.objects.create(name="Site")
    assignments.assign(carried, by=keeper, person=ana, starts_on=LAST)
    rows.toggle_favourite(ana, (favourite.pk, site.pk))
    drafts.add_entry(ana, LAST, Cell(recent.pk, None, LAST), 60)
    assert shown(client) == [("Zeta", ""), ("Beta", "Site"), ("Alpha", "")]


def test_what_was_handed_over_retired_or_anothers_is_not_laid_out(client, ana, keeper):
    over, retired, others = make.task("Over"), make.task("Retired"), make.task("Others")
    assignments.assign(over, by=keeper, person=ana, starts_on=LAST, ends_on=MONDAY)
    assignments.assign(retired, by=keeper, person=ana, starts_on=LAST)
    assignments.assign(others, by=keeper, person=keeper, starts_on=LAST)
    rows.toggle_favourite(ana, (retired.pk, None))
    rows.toggle_favourite(keeper, (others.pk, None))
    retired.retired_on = MONDAY
    retired.save()
    assert shown(client) == []


def test_very_many_tasks_carried_do_not_flood_the_week(client, ana, keeper):
    for number in range(rows.MOST_CARRIED + 5):
        task = make.task(f"T{number:02}")
        assignments.assign(task, by=keeper, person=ana, starts_on=LAST, planned_minutes_per_week=10 + number)
    assert len(shown(client)) == rows.MOST_CARRIED


def test_favourite_is_toggled_from_the_row_with_and_without_script(client, ana):
    task = make.task("Alpha")
    drafts.add_entry(ana, LAST, Cell(task.pk, None, LAST), 60)
    key = f"{task.pk}-0"
    client.post(URL, {"row": key, "base": "{}", f"c-{key}-0": "7", "do": f"star:{key}"})
    assert FavouriteRow.objects.get().task == task
    assert TimeEntry.objects.get(day=MONDAY).minutes == 420
    assert client.post(f"/hours/rows/{key}/favourite/").content == b"off"
    assert not FavouriteRow.objects.exists()
    assert client.post("/hours/rows/0-0/favourite/").content == b"off"
    assert client.post("/hours/rows/abc/favourite/").status_code == 404


@pytest.mark.parametrize("carried", [1, 10])
def test_the_week_costs_the_same_with_one_task_carried_or_ten(
    client, ana, keeper, carried, django_assert_num_queries
):
    for _ in range(carried):
        task = make.task()
        assignments.assign(task, by=keeper, person=ana, starts_on=LAST)
        rows.toggle_favourite(ana, (make.task().pk, Project.objects.create(name=f"P{task.pk}").pk))
    client.get(URL)
    with django_assert_num_queries(8):
        client.get(URL)


# Found by typing ----------------------------------------------------------------------------------


@pytest.fixture
def several():
    acme = Client.objects.create(name="Coopérative Acmé")
    Project.objects.create(name="Refonte du site", client=acme)
    Project.objects.create(name="Old one", closed_on=MONDAY)
    make.task("Caisse", role="Comptabilité")
    make.task("Intégration", role="Web")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("caisse", [("Caisse", "")]),
        ("COMPTABILITE", [("Caisse", "")]),
        ("integ", [("Intégration", "")]),
        ("integ acme", [("Intégration", "Refonte du site")]),
        ("web refonte", [("Intégration", "Refonte du site")]),
        ("refonte", [("Caisse", "Refonte du site"), ("Intégration", "Refonte du site")]),
        ("old one", []),
        ("xyz", []),
        ("   ", []),
    ],
)
def test_words_stand_in_the_task_its_role_the_project_or_its_client(several, typed, found):
    assert [(task.name, project.name if project else "") for task, project in rows.search(typed)] == found


def test_search_page_and_its_part_for_the_script(client, ana, several):
    page = client.get(f"{URL}rows/", {"q": "caisse", "row": "1-0"})
    assert "Caisse" in page.content.decode()
    part = client.get(f"{URL}rows/", {"q": "caisse"}, headers={"X-Part": "options"}).content.decode()
    assert part.count('role="option"') == 1
    assert "<html" not in part


def test_a_row_is_served_alone_with_its_fields(client, ana, several):
    (task, _project), *_rest = rows.search("caisse")
    row = client.get(f"{URL}rows/{task.pk}-0/").content.decode()
    assert f'name="c-{task.pk}-0-0"' in row
    assert "<html" not in row
    for address in (f"{URL}rows/999999-0/", f"{URL}rows/x/", f"/hours/2026-11-17/rows/{task.pk}-0/"):
        assert client.get(address).status_code == 404


# Usual weeks --------------------------------------------------------------------------------------


@pytest.fixture
def kept(ana):
    task = make.task("Caisse", role="Comptabilité")
    make.sheet(ana, starts_on=LAST, hours={"mon": 7, "tue": 6, "fri": 5}, task=task)
    return usual.keep(ana, LAST, "Hiver")


def minutes(person, week) -> dict[int, int]:
    found = TimeEntry.objects.filter(person=person, day__gte=week, day__lt=week + timedelta(7))
    return {(entry.day - week).days: entry.minutes for entry in found}


def test_a_usual_week_is_poured_and_what_is_left_out_is_named(client, ana, kept):
    drafts.add_entry(ana, MONDAY, Cell(kept.cells.first().task_id, None, MONDAY), 60)
    page = client.post(f"{URL}usual/{kept.pk}/pour/", follow=True)
    assert minutes(ana, MONDAY) == {0: 60, 1: 360}
    said = page.content.decode()
    assert "Monday 16 November, Caisse: There are hours already." in said
    assert "Caisse: Friday 20 November has not come yet" in said


def test_it_is_kept_renamed_and_forgotten_on_screen(client, ana, kept):
    client.post("/hours/2026-11-09/usual/keep/", {"name": "Été"})
    assert set(WeekTemplate.objects.values_list("name", flat=True)) == {"Hiver", "Été"}
    page = client.get(f"{URL}usual/").content.decode()
    assert "Comptabilité · Caisse" in page
    client.post(f"{URL}usual/{kept.pk}/rename/", {"name": "Décembre"})
    client.post(f"{URL}usual/{WeekTemplate.objects.get(name='Été').pk}/forget/")
    assert [template.name for template in WeekTemplate.objects.all()] == ["Décembre"]
    answer = client.post(f"{URL}usual/{kept.pk}/rename/", {"name": ""})
    assert answer.status_code == 200


def test_an_empty_week_and_a_name_taken_are_refused_with_a_sentence(client, ana, kept):
    assert "no hours yet" in client.post(f"{URL}usual/keep/", {"name": "X"}, follow=True).content.decode()
    again = client.post("/hours/2026-11-09/usual/keep/", {"name": "Hiver"}, follow=True)
    assert "already have a usual week of this name" in again.content.decode()


def test_ones_usual_weeks_are_ones_own(client, ana, kept):
    client.force_login(make.person("Béa"))
    assert "Hiver" not in client.get(f"{URL}usual/").content.decode()
    for act in ("pour", "forget", "rename"):
        assert client.post(f"{URL}usual/{kept.pk}/{act}/").status_code == 404


def test_nothing_is_poured_into_a_week_handed_in(client, ana, kept):
    workflow.submit(workflow.open_week(ana, MONDAY), by=ana)
    with pytest.raises(WeekIsWaiting):
        usual.pour(kept, MONDAY)
    page = client.post(f"{URL}usual/{kept.pk}/pour/", follow=True)
    assert "withdraw it before changing it" in page.content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_whatever_is_kept(client, ana, kept, many, django_assert_num_queries):
    for number in range(many - 1):
        usual.keep(ana, LAST, f"U{number}")
    client.get(f"{URL}usual/")
    with django_assert_num_queries(7):
        client.get(f"{URL}usual/")
