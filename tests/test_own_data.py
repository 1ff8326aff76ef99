"""“Export my data”: everything about oneself, nothing about others, nothing that opens a door."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from koumbit import encryption
from members import own_data, personal, tasks
from members.models import DataExport, JournalEntry, Person
from payroll.models import StubDocument
from tests import make, populated
from timesheets.models import TimeEntry

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def coop(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        found = populated.coop()
        Person.objects.filter(pk=found.bea.pk).update(address="3, rue de Béa", phone="514 555-0177")
        Person.objects.filter(pk=found.ana.pk).update(address="17, rue de la Loupe", given_name="=Ana")
        draft = TimeEntry.objects.filter(person=found.ana, approved_at=None, sheet__state="draft")
        draft.update(note="=HYPERLINK(1)")
        yield found
        transaction.set_rollback(True)


def entered(person) -> Client:
    client = Client()
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": "essai-essai-essai"})
    return client


@pytest.fixture(scope="module")
def archive(coop) -> zipfile.ZipFile:
    """Ana's archive, as her page gives it."""
    answer = entered(coop.ana).post(reverse("members:my_data"))
    assert answer.headers["Content-Type"] == "application/zip"
    assert "no-store" in answer.headers["Cache-Control"]
    return zipfile.ZipFile(io.BytesIO(answer.content))


@pytest.fixture(scope="module")
def data(archive) -> dict:
    return json.loads(archive.read("mes-donnees.json"))


def test_each_row_about_oneself_is_there(coop, data):
    """Every table that says something of Ana, row by row; none is empty by mistake."""
    person = Person.objects.get(pk=coop.ana.pk)
    counts: dict[str, int] = {}
    for table in personal.tables():
        if table.is_exported and (count := table.about(person).count()):
            counts[str(table.called)] = counts.get(str(table.called), 0) + count
    exported = JournalEntry.objects.filter(actor=person, event="members.data_exported")
    assert exported.exists()  # written with the export itself
    assert {name: len(rows) for name, rows in data.items()} == counts
    assert len(counts) > 25


def test_archive_says_what_is_hers(data):
    said = json.dumps(data, ensure_ascii=False)
    for mark in (
        "17, rue de la Loupe",
        "1990-05-01",
        "Comptes",
        "Noces",
        "Pour continuer.",
        "Hiver",
        "741.75",
    ):
        assert mark in said, mark


def test_nothing_of_others_is_there_but_the_name_of_who_acted(coop, archive):
    said = "\n".join(archive.read(name).decode() for name in archive.namelist() if not name.endswith(".pdf"))
    bea = Person.objects.get(pk=coop.bea.pk)
    for mark in (bea.email, "3, rue de Béa", "514 555-0177", coop.holder.email, coop.ended.email):
        assert mark not in said, mark
    assert str(coop.holder) in said  # approved her hours
    assert str(bea) not in said


def test_confidential_numbers_and_keys_are_in_no_file(coop, archive):
    said = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".pdf")).decode()
    person = Person.objects.get(pk=coop.ana.pk)
    secrets = ["000000018", "0123456", person.password, *personal_secrets(person)]
    assert [secret for secret in secrets if secret in said] == []


def personal_secrets(person) -> list[str]:
    return [*person.access_tokens.values_list("digest", flat=True)]


def test_spreadsheets_are_inert_and_in_her_language(archive):
    names = [name for name in archive.namelist() if name.endswith(".csv")]
    assert "lignes-d-heures.csv" in names or "lignes-dheures.csv" in names
    cells = [
        cell
        for name in names
        for row in csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")), delimiter=";")
        for cell in row
    ]
    assert "'=HYPERLINK(1)" in cells
    number = re.compile(r"-[0-9]+(,[0-9]+)?")
    formulas = [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    assert [cell for cell in formulas if not number.fullmatch(cell)] == []


def test_documents_are_as_they_were_issued(coop, archive):
    stub = coop.things["payroll:stub"]
    papers = [name for name in archive.namelist() if name.endswith(".pdf")]
    issued = [name for name in papers if stub.facts["number"] in name]
    assert len(issued) == 1
    assert archive.read(issued[0]) == bytes(StubDocument.objects.get(stub=stub).pdf)
    slips = [name for name in papers if "2026" in name and name not in issued]
    assert len(slips) == 1
    assert archive.read(slips[0]).startswith(b"%PDF-")
    assert len(archive.namelist()) == len(set(archive.namelist()))


def test_note_says_what_is_left_out_and_why(archive):
    note = archive.read("lisez-moi.txt").decode()
    left_out = sum(len(table.left_out) for table in personal.tables() if table.is_exported)
    assert note.count("\r\n- ") == left_out + len(own_data.KEPT)
    assert "numéro d’assurance sociale" in note
    assert "jamais mis dans un fichier" in note


@pytest.mark.parametrize("who", ["bea", "holder", "ended"])
def test_whoever_asks_gets_their_own(coop, who):
    person = getattr(coop, who)
    answer = entered(person).post(reverse("members:my_data"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        said = archive.read("mes-donnees.json").decode()
    assert person.email in said
    assert "17, rue de la Loupe" not in said


def test_who_one_is_is_asked_again(coop):
    client = Client()
    client.force_login(coop.ana)
    for answer in (client.get(reverse("members:my_data")), client.post(reverse("members:my_data"))):
        assert answer.url.startswith(reverse("account_reauthenticate"))


def test_nobody_asks_for_another(coop):
    with pytest.raises(PermissionError):
        own_data.ask(coop.ana, by=coop.holder)


def test_rows_of_every_person_are_read_in_as_many_questions(django_assert_max_num_queries):
    """A year more of hours asks nothing more of the database."""
    make.cooperative()
    ana, task = make.person("Ana"), make.task()
    for week in range(3):
        make.sheet(ana, starts_on=date(2026, 1, 5) + timedelta(weeks=week), hours={"mon": 7}, task=task)
    with django_assert_max_num_queries(84):
        own_data.archive_of(ana)


# When it is long ----------------------------------------------------------------------------------


@pytest.fixture
def long(monkeypatch):
    """Somebody whose documents are many: as many as would keep them waiting."""
    make.cooperative()
    monkeypatch.setattr(own_data, "FEW", -1)
    return make.person("Ana", language="en-ca")


def test_long_archive_is_left_to_the_queue_told_and_fetched(long, django_capture_on_commit_callbacks):
    client = entered(long)
    page = client.post(reverse("members:my_data"), follow=True).content.decode()
    assert "being gathered" in page
    assert "being made" in page
    export = DataExport.objects.get(person=long)
    jobs = ProcrastinateJob.objects.filter(task_name="members.tasks.make_export")
    assert [job.args for job in jobs] == [{"export": export.pk}]
    fetch = reverse("members:export_fetch", args=[export.pk])
    assert client.get(fetch).status_code == 404
    assert "already being gathered" in client.post(reverse("members:my_data"), follow=True).content.decode()
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            tasks.make_export(export=export.pk)
    (message,) = mail.outbox
    assert message.subject == "Your data are ready"
    export.refresh_from_db()
    assert b"PK" not in bytes(export.content)[:10]  # encrypted in the database
    answer = client.get(fetch)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert long.email in archive.read("my-data.json").decode()
    assert entered(make.person("Bo")).get(fetch).status_code == 404


def test_archive_is_forgotten_after_a_week(long):
    export = DataExport.objects.create(person=long, made_at=datetime.now(UTC), content=encryption.seal(b"PK"))
    assert own_data.forget_old() == 0
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8)):
        tasks.forget_exports(timestamp=0)
        assert entered(long).get(reverse("members:export_fetch", args=[export.pk])).status_code == 404
    export.refresh_from_db()
    assert bytes(export.content) == b""
