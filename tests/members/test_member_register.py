"""The register of members: who, since when, by which decision, until when; on screen, on paper, in a file."""

import csv
import io
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from members import paths
from members.models import Membership, Power
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def keeper():
    make.cooperative()
    return make.person("Keeper", language="en-ca", powers=[Power.ADMIT_PEOPLE])


@pytest.fixture
def people(keeper):
    """Ana admitted and gone by decisions; Bob who resigned; Cleo on probation, then on pause."""
    admitted, parted = make.admission(), make.admission(adopted_on=date(2024, 3, 1))
    admitted.refresh_from_db()
    parted.refresh_from_db()
    ana, bob, cleo = (
        make.person(name, family_name=name[0], address=f"{name}, rue Privée")
        for name in ("Ana", "Bob", "Cleo")
    )
    membership = paths.start_membership(ana, by=keeper, starts_on=date(2022, 1, 1), admitted_by=admitted)
    paths.end_membership(membership, by=keeper, ends_on=date(2024, 3, 31), decision=parted)
    Membership.objects.create(
        person=bob, starts_on=date(2023, 1, 1), ends_on=date(2026, 6, 30), end_recorded_by=bob
    )
    paths.start_membership(
        cleo,
        by=keeper,
        starts_on=date(2026, 11, 2),
        admitted_by=admitted,
        probation_ends_on=date(2026, 12, 31),
    )
    paths.start_pause(cleo, by=cleo, starts_on=date(2027, 1, 4))
    return ana, bob, cleo, admitted, parted


def rows_of(client, **query) -> list[list[str]]:
    answer = client.get(reverse("members:member_register_csv"), query)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_register_says_who_was_a_member_on_a_day(client, people, keeper):
    client.force_login(keeper)
    admitted, parted = people[3].number, people[4].number
    today = rows_of(client, on="2026-11-20")
    assert today[0][0] == "Register of members as of 20 November 2026"
    assert today[2:] == [
        ["Cleo C", "Cleo, rue Privée", "2026-11-02", admitted, "", "", "on probation until 31 December 2026"],
        ["Members on that day", "1"],
    ]
    whole = rows_of(client, on="2026-11-20", past="on")
    assert [row[:1] + row[2:6] for row in whole[2:5]] == [
        ["Ana A", "2022-01-01", admitted, "2024-03-31", parted],
        ["Bob B", "2023-01-01", "", "2026-06-30", "resigned"],
        ["Cleo C", "2026-11-02", admitted, "", ""],
    ]
    then = rows_of(client, on="2024-01-01", past="on")
    assert [row[0] for row in then[2:]] == ["Ana A", "Bob B", "Members on that day"]
    assert then[2][4:6] == ["", ""], "what came later is not in the register of that day"
    assert rows_of(client, on="2027-01-05")[2][-1] == "on pause"


def test_addresses_are_for_who_admits_people(client, people, keeper):
    bob = people[1]
    client.force_login(bob)
    assert "rue Privée" not in str(rows_of(client, past="on"))
    assert "rue Privée" not in client.get(reverse("members:member_register")).content.decode()
    client.force_login(keeper)
    assert "rue Privée" in client.get(reverse("members:member_register")).content.decode()


@pytest.mark.pdf
def test_register_is_kept_on_paper_and_in_a_workbook(client, people, keeper):
    client.force_login(keeper)
    pdf = client.get(reverse("members:member_register_pdf"), {"past": "on"})
    text = " ".join(PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text().split())
    for told in ("Register of members", "As of 20 November 2026.", "Ana A", people[4].number, "resigned"):
        assert told in text
    book = client.get(reverse("members:member_register_xlsx"))
    assert book.content[:2] == b"PK"


@pytest.mark.parametrize("query", [{"on": "2026-02-30"}, {"on": "x" * 9000}, {"past": "\x00"}])
def test_register_asked_wrongly_shows_today(client, people, keeper, query):
    client.force_login(keeper)
    assert "Cleo C" in client.get(reverse("members:member_register"), query).content.decode()
    assert rows_of(client, **query)[0][0] == "Register of members as of 20 November 2026"


@pytest.mark.parametrize("rows", [1, 3])
def test_register_costs_the_same_with_one_row_and_three(client, keeper, rows, django_assert_num_queries):
    for number in range(rows):
        make.member(f"M{number}")
    client.force_login(keeper)
    client.get(reverse("members:member_register"))
    with django_assert_num_queries(6):
        client.get(reverse("members:member_register"))
