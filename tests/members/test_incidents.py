"""The register of confidentiality incidents: eight fields, written once, followed up, taken out inert."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members import incidents
from members.models import Incident, IncidentFollowUp, JournalEntry, Power
from members.powers import NotAllowed
from tests import make

pytestmark = pytest.mark.django_db
FACTS = {
    "information": "Trois bulletins",
    "circumstances": "=HYPERLINK(“x”) envoyés à une mauvaise adresse",
    "occurred": "le 3 mars, vers midi",
    "people": 3,
    "people_is_about": True,
    "serious_harm": True,
    "assessment": "Montants et adresses, lus par un inconnu",
    "notices": "Commission : 5 mars. Personnes : 4 mars. Pas d’avis public.",
    "measures": "Message rappelé, adresse corrigée",
}


@pytest.fixture
def keeper():
    make.cooperative()
    return make.person("Kim", powers=[Power.ADMIT_PEOPLE], kind=None, language="en-ca")


def record(keeper, **fields) -> Incident:
    return incidents.record(by=keeper, noticed_on=timezone.localdate(), **FACTS | fields)


def test_incident_is_recorded_from_its_page_and_read_field_by_field(client, keeper):
    client.force_login(keeper)
    sent = FACTS | {"noticed_on": timezone.localdate().isoformat()}
    answer = client.post(reverse("members:incident_record"), sent)
    found = Incident.objects.get()
    assert answer.url == reverse("members:incident", args=[found.pk])
    page = client.get(answer.url).content.decode()
    for said in ("Trois bulletins", "le 3 mars, vers midi", "about 3", "risk of serious harm", "5 mars"):
        assert said in page
    assert [page.count(f">{number}. ") for number in range(1, 9)] == [1] * 8  # the eight fields, each once
    assert f"Recorded by {keeper}" in page
    line = JournalEntry.objects.get(event="members.incident_recorded")
    assert line.body == {"incident": found.pk, "serious": True}


def test_serious_incident_says_who_was_notified(client, keeper):
    client.force_login(keeper)
    sent = FACTS | {"noticed_on": timezone.localdate().isoformat(), "notices": ""}
    page = client.post(reverse("members:incident_record"), sent).content.decode()
    assert "say who was notified and when" in page
    assert "Trois bulletins" in page  # nothing typed is lost
    assert not Incident.objects.exists()
    assert record(keeper, serious_harm=False, notices="")


def test_incident_is_not_noticed_after_today(keeper):
    with pytest.raises(incidents.NoticedLater):
        incidents.record(by=keeper, noticed_on=timezone.localdate() + timedelta(days=1), **FACTS)


def test_what_comes_later_is_added_and_decides_on_the_harm(client, keeper):
    found = record(keeper)
    assert incidents.is_serious(found)
    client.force_login(keeper)
    url = reverse("members:incident", args=[found.pk])
    client.post(url, {"text": "Détruits sous nos yeux"})
    page = client.get(url).content.decode()
    assert "Détruits sous nos yeux" in page
    assert "no risk of serious harm" in page
    assert not incidents.is_serious(Incident.objects.get())
    assert "no risk" in client.get(reverse("members:incidents")).content.decode()


def test_what_was_recorded_stays_by_any_door(keeper):
    found = record(keeper)
    added = incidents.follow_up(found, by=keeper, text="Suite", serious_harm=True)
    for attempt in (
        lambda: Incident.objects.update(measures="Rien"),
        lambda: Incident.objects.all()._raw_delete("default"),
        lambda: IncidentFollowUp.objects.update(text="Autre"),
        added.delete,
    ):
        with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
            attempt()


@pytest.mark.parametrize("power", [None, *Power])
def test_register_is_kept_by_those_who_admit_people(client, keeper, power):
    found = record(keeper)
    someone = make.person("Alex", powers=[power] if power else [])
    client.force_login(someone)
    names = ("incidents", "incident_record", "incidents_csv", "incidents_xlsx")
    status = {client.get(reverse(f"members:{name}")).status_code for name in names}
    status.add(client.get(reverse("members:incident", args=[found.pk])).status_code)
    assert status == ({200} if power == Power.ADMIT_PEOPLE else {403})
    if power != Power.ADMIT_PEOPLE:
        with pytest.raises(NotAllowed):
            record(someone)
        with pytest.raises(NotAllowed):
            incidents.follow_up(found, by=someone, text="x", serious_harm=False)


def test_register_is_taken_out_whole_and_inert(client, keeper):
    found = record(keeper)
    incidents.follow_up(found, by=keeper, text="Suite", serious_harm=True)
    record(keeper, information="Autre", people_is_about=False)
    client.force_login(keeper)
    text = client.get(reverse("members:incidents_csv")).content.decode()
    for said in FACTS.values():
        assert str(said) in text or isinstance(said, bool)
    assert "'=HYPERLINK" in text
    assert "Suite" in text
    assert text.splitlines()[-1] == "Incidents,2"
    book = client.get(reverse("members:incidents_xlsx")).content
    with ZipFile(io.BytesIO(book)) as sheet:
        assert b"<f>" not in sheet.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("count", [1, 3])
def test_register_asks_the_same_number_of_questions(client, keeper, count, django_assert_num_queries):
    for _one in range(count):
        incidents.follow_up(record(keeper), by=keeper, text="Suite", serious_harm=True)
    client.force_login(keeper)
    client.get(reverse("members:incidents"))
    with django_assert_num_queries(6):
        client.get(reverse("members:incidents"))
