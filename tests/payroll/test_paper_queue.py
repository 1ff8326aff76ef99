"""The documents of a large pay: left to the queue with its issue, made by workers, whatever happens to them."""

import hashlib
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from koumbit.tasks import take_up_again
from members.models import JournalEntry
from payroll import documents, paper_queue, runs
from payroll.models import PayRun, PayStub, StubDocument
from payroll.paper_queue import Progress
from tests import make

from . import paid

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]

# A worker of its own process, on the database of the test, until no job is left; killed, if it is asked
# to, while it keeps its second document.
WORKER = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.core.management import call_command
from payroll import issuing
if sys.argv[2:] == ["deadly"]:
    issuing.DOCUMENTS_AT_ONCE = 1
    kept = []
    from django.db.backends.signals import connection_created

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith('INSERT INTO "payroll_stubdocument"'):
            kept.append(sql)
        if len(kept) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    connection_created.connect(
        lambda connection, **told: connection.execute_wrappers.append(watch), weak=False
    )
call_command("procrastinate", "worker", "--one-shot")
"""


def work(*how: str) -> int:
    return subprocess.run(
        [sys.executable, "-c", WORKER, connection.settings_dict["NAME"], *how],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=settings.BASE_DIR,
        check=False,
        timeout=120,
    ).returncode


@pytest.fixture(autouse=True)
def _empty_queue():
    """The queue's tables are its own: Django does not empty them after a test."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers CASCADE")


@pytest.fixture
def large(monkeypatch) -> paid.Coop:
    """A co-op whose pay has more documents than are made while it is issued, in jobs of two."""
    monkeypatch.setattr(runs, "FEW", 3)
    monkeypatch.setattr(paper_queue, "A_JOB", 2)
    coop = paid.coop()
    for name in ("Chloé", "Dan", "Éva"):
        make.approved(make.person(name), starts_on=paid.PERIOD, hours={"mon": 7})
    return coop


def test_few_documents_are_made_with_the_pay():
    run = paid.coop().pay()
    assert paper_queue.progress(run) == Progress(2, 2, is_queued=False, is_worked_on=False)
    assert not ProcrastinateJob.objects.exists()
    assert JournalEntry.objects.get(event="pay.issued").body["documents"] == 2


def test_many_documents_are_made_by_a_worker(large):
    run = large.pay()
    assert run.is_issued
    assert JournalEntry.objects.get(event="pay.issued").body["documents"] == 0
    assert paper_queue.progress(run) == Progress(0, 5, is_queued=True, is_worked_on=False)
    assert ProcrastinateJob.objects.count() == 3
    assert work() == 0
    assert paper_queue.progress(run) == Progress(5, 5, is_queued=False, is_worked_on=False)
    for stub in PayStub.objects.all():
        assert bytes(stub.document.pdf) == documents.render(stub)
        assert stub.document.sha256 == hashlib.sha256(stub.document.pdf).hexdigest()


def test_pay_that_is_not_issued_leaves_no_job(large):
    with transaction.atomic():
        large.pay()
        transaction.set_rollback(True)
    assert not PayRun.objects.filter(issued_at__isnull=False).exists()
    assert not ProcrastinateJob.objects.exists()


def test_killed_worker_leaves_its_work_to_another_without_a_double(large):
    run = large.pay()
    assert work("deadly") == -signal.SIGKILL
    before = dict(StubDocument.objects.values_list("stub_id", "pk"))
    assert len(before) == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    with suppress(AlreadyEnqueued):  # by the worker that was killed
        take_up_again.defer(timestamp=0)
    assert work() == 0
    assert paper_queue.progress(run).is_done
    after = dict(StubDocument.objects.values_list("stub_id", "pk"))
    assert len(after) == 5
    assert before.items() <= after.items()


def test_documents_sent_twice_are_made_once(large):
    run = large.pay()
    assert paper_queue.send(run) == 3
    assert work() == 0
    assert StubDocument.objects.count() == 5
    assert paper_queue.send(run) == 0


def test_page_follows_the_documents(large, client):
    run = large.pay()
    client.force_login(large.issuer)
    page = reverse("payroll:run", args=[run.pk])
    assert b"no worker is running" in client.get(page).content
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert b"You may leave this page" in client.get(page).content
    assert b"0 of 5 PDFs are made" in client.get(page).content
    work()
    assert b"PDFs are made" not in client.get(page).content


def test_missing_documents_are_made_when_a_button_asks(large, client):
    run = runs.issue(
        runs.prepare(paid.periods.starting(paid.PERIOD), by=large.preparer, because="Vérifié."),
        by=large.issuer,
        documents=False,
    )
    client.force_login(large.preparer)
    page = reverse("payroll:run", args=[run.pk])
    assert b"Make the missing PDFs" in client.get(page).content
    client.post(reverse("payroll:run_papers", args=[run.pk]))
    assert paper_queue.progress(run).is_queued
    work()
    assert paper_queue.progress(run).is_done


def test_job_that_nobody_takes_up_is_told_to_the_monitor(large, client):
    large.pay()
    assert client.get("/health/").json()["queue"] is True
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = %s", [timezone.now() - timedelta(minutes=20)])
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["queue"] is False
