from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from members.models import JournalEntry, Power
from members.powers import NotAllowed
from tests import make
from timesheets import projects
from timesheets.models import Client, Project, Service

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)
KINDS = {"service": Service, "client": Client, "project": Project}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def keeper():
    return make.person("Keeper", language="en-ca", powers=[Power.KEEP_PROJECTS])


@pytest.fixture
def site():
    return Project.objects.create(
        name="Site",
        client=Client.objects.create(name="Regroupement"),
        service=Service.objects.create(name="Conception Web"),
    )


ACTS = {
    "create service": lambda by, site: projects.create_service(by=by, name="Formation"),
    "create client": lambda by, site: projects.create_client(by=by, name="Festival"),
    "create project": lambda by, site: projects.create_project(by=by, name="Affiches"),
    "change service": lambda by, site: projects.change_service(site.service, by=by, name="Sites Web"),
    "change client": lambda by, site: projects.change_client(
        site.client, by=by, name="Regroupement des cuisines"
    ),
    "change project": lambda by, site: projects.change_project(
        site, by=by, name="Refonte", client=None, service=None
    ),
    "close service": lambda by, site: projects.close(site.service, by=by),
    "close client": lambda by, site: projects.close(site.client, by=by),
    "close project": lambda by, site: projects.close(site, by=by),
}


@pytest.mark.parametrize("name", ACTS)
def test_act_needs_the_power_held_today(name, keeper, site):
    former, other = make.person("Former"), make.person("Other", powers=set(Power) - {Power.KEEP_PROJECTS})
    make.mandate(former, [Power.KEEP_PROJECTS], ends_on=YESTERDAY)
    for refused in (former, other):
        with pytest.raises(NotAllowed):
            ACTS[name](refused, site)
    assert JournalEntry.objects.count() == 0
    ACTS[name](keeper, site)
    assert JournalEntry.objects.get().actor == keeper


def test_journal_holds_numbers_only(keeper):
    client = projects.create_client(by=keeper, name="Festival")
    project = projects.create_project(by=keeper, name="Affiches", client=client)
    assert [(entry.event, entry.body) for entry in JournalEntry.objects.order_by("seq")] == [
        ("projects.client_created", {"id": client.pk}),
        ("projects.project_created", {"id": project.pk, "client": client.pk, "service": None}),
    ]


def test_closed_project_is_not_picked_and_past_hours_keep_it(keeper, site):
    entry = make.sheet(make.person("Ana"), hours={"mon": 7}).entries.get()
    entry.project = site
    entry.save()
    projects.close(site, by=keeper)
    projects.close(site, by=keeper)
    entry.refresh_from_db()
    assert not Project.objects.open().exists()
    assert (entry.project.name, entry.project.closed_on) == ("Site", TODAY)
    assert JournalEntry.objects.count() == 1
    projects.reopen(site, by=keeper)
    projects.reopen(site, by=keeper)
    assert Project.objects.open().get() == site
    assert JournalEntry.objects.count() == 2


def test_closed_client_or_service_is_not_given_to_a_project(keeper, site):
    client, service = site.client, site.service
    for picked in ({"client": client}, {"service": service}):
        closed = next(iter(picked.values()))
        projects.close(closed, by=keeper)
        with pytest.raises(projects.PickedIsClosed):
            projects.create_project(by=keeper, name="Autre", **picked)
        projects.reopen(closed, by=keeper)
        assert projects.create_project(by=keeper, name=f"Avec {closed}", **picked).pk


def test_project_keeps_a_client_that_was_closed_since(keeper, site):
    projects.close(site.client, by=keeper)
    projects.change_project(site, by=keeper, name="Refonte", client=site.client, service=site.service)
    site.refresh_from_db()
    assert (site.name, site.client.name) == ("Refonte", "Regroupement")
    other = Project.objects.create(name="Autre")
    with pytest.raises(projects.PickedIsClosed):
        projects.change_project(other, by=keeper, name="Autre", client=site.client, service=None)


@pytest.mark.parametrize("kind", KINDS)
def test_name_taken_meanwhile_keeps_the_closed_one_closed(kind, keeper):
    closed = KINDS[kind].objects.create(name="Le nom", closed_on=YESTERDAY)
    KINDS[kind].objects.create(name="Le nom")
    with pytest.raises(ValidationError) as refusal:
        projects.reopen(closed, by=keeper)
    assert refusal.value.messages == [str(KINDS[kind]._meta.constraints[0].violation_error_message)]


@pytest.mark.parametrize("kind", KINDS)
def test_database_refuses_two_open_of_one_name(kind):
    KINDS[kind].objects.create(name="Le nom")
    with pytest.raises(IntegrityError, match=f"timesheets_{kind}_name"):
        KINDS[kind].objects.create(name="Le nom")


# Pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_list_is_read_by_all_and_kept_by_holders(client, keeper, site, kind):
    ana = make.person("Ana", language="en-ca")
    shown = str(getattr(site, kind, site))
    for reader, keeps in ((ana, False), (keeper, True)):
        client.force_login(reader)
        html = client.get(reverse(f"timesheets:{kind}s")).content.decode()
        assert shown in html
        assert (reverse(f"timesheets:{kind}_create") in html) is keeps
        assert ('<button type="submit" class="link">' in html) is keeps
    client.force_login(ana)
    assert (
        client.post(reverse(f"timesheets:{kind}_close", args=[KINDS[kind].objects.get().pk])).status_code
        == 403
    )
    assert KINDS[kind].objects.open().exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_with_one_row_and_three(client, keeper, kind, rows, django_assert_num_queries):
    for number in range(rows):
        owners = {
            "client": Client.objects.create(name=f"C{number}"),
            "service": Service.objects.create(name=f"S{number}"),
        }
        Project.objects.create(name=f"P{number}", **owners)
    client.force_login(keeper)
    client.get(reverse(f"timesheets:{kind}s"))  # the session is written once
    with django_assert_num_queries(6):
        client.get(reverse(f"timesheets:{kind}s"))


def test_list_finds_a_word_and_hides_the_closed_until_asked(client, keeper, site):
    Project.objects.create(name="Parc de serveurs", closed_on=YESTERDAY)
    Project.objects.create(name="Interne")
    client.force_login(keeper)
    for query, names in [
        ({}, ["Interne", "Site"]),
        ({"q": "sit"}, ["Site"]),
        ({"q": "regroup"}, ["Site"]),
        ({"q": "conception"}, ["Site"]),
        ({"q": "%"}, []),
        ({"q": "serveurs"}, []),
        ({"q": "serveurs", "closed": "on"}, ["Parc de serveurs"]),
        ({"closed": "on", "sort": "-name"}, ["Site", "Parc de serveurs", "Interne"]),
    ]:
        table = client.get(reverse("timesheets:projects"), query).context["table"]
        assert [row.record.name for row in table.rows] == names


def test_state_is_shown_with_the_closed(client, keeper, site):
    projects.close(site, by=keeper)
    client.force_login(keeper)
    html = client.get(reverse("timesheets:projects"), {"closed": "on"}).content.decode()
    assert "closed on 20 November 2026" in html
    assert reverse("timesheets:project_reopen", args=[site.pk]) in html


def test_open_projects_of_a_client_are_counted(client, keeper, site):
    Project.objects.create(name="Vieux site", client=site.client, closed_on=YESTERDAY)
    Project.objects.create(name="Infolettre", client=site.client)
    client.force_login(keeper)
    table = client.get(reverse("timesheets:clients")).context["table"]
    assert [row.record.open_projects for row in table.rows] == [2]


@pytest.mark.parametrize("kind", KINDS)
def test_pages_do_what_they_say(client, keeper, kind):
    client.force_login(keeper)
    client.post(reverse(f"timesheets:{kind}_create"), {"name": "Affiches"})
    thing = KINDS[kind].objects.get()
    assert thing.name == "Affiches"
    for verb, data in (("change", {"name": "Affiches d’été"}), ("close", {})):
        answer = client.post(reverse(f"timesheets:{kind}_{verb}", args=[thing.pk]), data)
        assert answer.url == reverse(f"timesheets:{kind}s")
    thing.refresh_from_db()
    assert (thing.name, thing.closed_on) == ("Affiches d’été", TODAY)
    client.post(reverse(f"timesheets:{kind}_reopen", args=[thing.pk]))
    thing.refresh_from_db()
    assert thing.closed_on is None


def test_project_form_offers_what_is_open_and_what_the_project_has(client, keeper, site):
    Client.objects.create(name="Parti", closed_on=YESTERDAY)
    other = Client.objects.create(name="Festival")
    Client.objects.filter(pk=site.client.pk).update(closed_on=YESTERDAY)
    client.force_login(keeper)
    form = client.get(reverse("timesheets:project_change", args=[site.pk])).context["form"]
    assert set(form.fields["client"].queryset) == {site.client, other}
    client.post(reverse("timesheets:project_change", args=[site.pk]), {"name": "Site", "client": other.pk})
    site.refresh_from_db()
    assert (site.client, site.service) == (other, None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\x00b", "Ana\u202eanA", "a\x07b", "Pris"])
def test_bad_name_is_a_sentence_and_stays_typed(client, keeper, kind, name):
    KINDS[kind].objects.create(name="Pris")
    other = KINDS[kind].objects.create(name="Autre")
    client.force_login(keeper)
    for address in (
        reverse(f"timesheets:{kind}_create"),
        reverse(f"timesheets:{kind}_change", args=[other.pk]),
    ):
        answer = client.post(address, {"name": name})
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert answer.context["form"]["name"].value() == name
    assert JournalEntry.objects.count() == 0


def test_names_are_shown_inert(client, keeper):
    projects.create_project(by=keeper, name="<script>alert(1)</script>{{ 7*7 }}")
    client.force_login(keeper)
    html = client.get(reverse("timesheets:projects")).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in html
