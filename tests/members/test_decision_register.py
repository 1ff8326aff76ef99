"""The register of decisions: found by words, year, body and state; as a page and as files."""

import csv
import io
import zipfile
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from members.models import Decision
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def ana():
    make.cooperative()
    return make.person("Ana", language="en-ca")


@pytest.fixture
def register(ana):
    tools, care = make.committee(name="Outils"), make.committee(name="Soin")
    for body, day, title, text, more in (
        (tools, date(2025, 3, 1), "Réparer les vélos", "Chaque été", {}),
        (tools, date(2026, 2, 1), "Été : horaires allégés", "=2+3", {"review_on": date(2026, 11, 1)}),
        (care, date(2026, 5, 1), "Un abri", "Pour les vélos", {"effective_on": date(2027, 1, 1)}),
        (care, date(2026, 6, 1), "Admettre Bob", "T", {"act": "members.admit", "recorded_by": ana}),
    ):
        Decision.objects.create(
            body=body, adopted_on=day, title=title, text=text, **({"effective_on": day} | more)
        )
    return tools, care


def titles(client, ana, **asked) -> set[str]:
    client.force_login(ana)
    told = client.get(reverse("members:decisions"), asked).content.decode()
    return {
        title
        for title in ("Réparer les vélos", "Été : horaires allégés", "Un abri", "Admettre Bob")
        if title in told
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"words": "VELOS"}, {"Réparer les vélos", "Un abri"}),
        ({"words": "ete"}, {"Réparer les vélos", "Été : horaires allégés"}),
        ({"words": "été vélos"}, {"Réparer les vélos"}),
        ({"words": "été", "year": "2026"}, {"Été : horaires allégés"}),
        ({"words": "100%_"}, set()),
        ({"year": "2025"}, {"Réparer les vélos"}),
        ({"state": "ahead"}, {"Un abri"}),
        ({"state": "unconfirmed"}, {"Admettre Bob"}),
        ({"state": "review"}, {"Été : horaires allégés"}),
        ({"state": "done"}, set()),
        ({"state": "failed"}, set()),
        ({"state": "words"}, {"Réparer les vélos", "Été : horaires allégés", "Un abri"}),
    ],
)
def test_decisions_are_found(client, ana, register, asked, found):
    assert titles(client, ana, **asked) == found


def test_decisions_of_a_body_are_found_and_counted(client, ana, register):
    tools, _care = register
    assert titles(client, ana, body=tools.pk) == {"Réparer les vélos", "Été : horaires allégés"}
    told = client.get(reverse("members:decisions"), {"body": tools.pk}).content.decode()
    assert "2 decisions" in told
    assert f"register.csv?body={tools.pk}" in told
    # What is asked wrongly is said, and everything shown.
    assert "Un abri" in client.get(reverse("members:decisions"), {"year": "1066"}).content.decode()
    assert (
        "No decision is like that."
        in client.get(reverse("members:decisions"), {"words": "girafe"}).content.decode()
    )


def test_state_says_what_became_of_it(client, ana, register):
    told = _page(client, ana)
    assert "to be confirmed" in told
    assert "to take effect" in told


def _page(client, ana) -> str:
    client.force_login(ana)
    return client.get(reverse("members:decisions")).content.decode()


def test_files_hold_what_was_asked_and_run_nothing(client, ana, register):
    client.force_login(ana)
    asked = {"words": "ete", "year": "2026"}
    text = client.get(reverse("members:decisions_csv"), asked).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[2][:4] == ["2026-001", "2026-02-01", "Outils", "Été : horaires allégés"]
    assert rows[2][4] == "'=2+3"
    assert rows[-1] == ["Decisions", "1"]
    book = zipfile.ZipFile(io.BytesIO(client.get(reverse("members:decisions_xlsx")).content))
    written = book.read("xl/sharedStrings.xml").decode() + book.read("xl/worksheets/sheet1.xml").decode()
    assert ">=2+3<" in written
    assert "<f>" not in written
    assert "2025-001" in written


@pytest.mark.pdf
def test_register_is_printed(client, ana, register):
    client.force_login(ana)
    answer = client.get(reverse("members:decisions_pdf"), {"words": "velos"})
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "2025-001 – Réparer les vélos" in text
    assert "Un abri" in text
    assert "Admettre Bob" not in text


def test_decisions_of_one_day_stand_by_their_number(client, ana, register):
    tools, _care = register
    for title in ("Un", "Deux"):
        Decision.objects.create(
            body=tools, adopted_on=date(2026, 9, 1), effective_on=date(2026, 9, 1), title=title, text="T"
        )
    client.force_login(ana)
    for sort, first in (("", "Deux"), ("-adopted_on", "Deux"), ("adopted_on", "Un")):
        told = client.get(reverse("members:decisions"), {"sort": sort} if sort else {}).content.decode()
        assert (told.index(">Deux<") < told.index(">Un<")) is (first == "Deux")
