"""A process that is killed in the middle of a pay leaves the pay as it was, ready to be issued."""

import os
import signal
import subprocess
import sys
from datetime import date

import pytest
from django.conf import settings
from django.db import connection

from members.models import JournalEntry, Power
from payroll import periods, runs
from payroll.models import PayRun, PayStub, StubLine
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

PERIOD = date(2026, 11, 2)
# Issues the run in a process of its own, killed as soon as a statement of that kind was executed.
ISSUE = """
import os, signal, sys
from contextlib import contextmanager
import django
from django.conf import settings
database, run, by, deadly = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
django.setup()
from django.db import connection
from members.models import Person
from payroll import runs
from payroll.models import PayRun

def after(sql):
    if sql.startswith(deadly):
        os.kill(os.getpid(), signal.SIGKILL)

def watch(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    after(sql)
    return result

connection.ensure_connection()
kind = connection.connection.cursor_factory
copying = kind.copy

@contextmanager
def copy(cursor, statement, *args, **kwargs):
    with copying(cursor, statement, *args, **kwargs) as copied:
        yield copied
    after(statement)

kind.copy = copy
with connection.execute_wrapper(watch):
    runs.issue(PayRun.objects.get(pk=run), by=Person.objects.get(pk=by), documents=False)
"""


@pytest.mark.parametrize(
    "deadly",
    [
        'COPY "payroll_paystub"',
        'COPY "payroll_stubline"',
        'INSERT INTO "members_journalentry"',
        'UPDATE "payroll_payrun"',
    ],
)
def test_killed_process_leaves_no_part_of_a_pay(deadly):
    make.cooperative(first_period_on=PERIOD)
    make.rate("21.50")
    for name in ("Ana", "Béa"):
        make.approved(make.person(name), hours={"mon": 7})
    preparer = make.person("Paule", kind=None, powers=[Power.PREPARE_PAY])
    issuer = make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because="Vérifié.")
    killed = subprocess.run(
        [sys.executable, "-c", ISSUE, connection.settings_dict["NAME"], str(run.pk), str(issuer.pk), deadly],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=settings.BASE_DIR,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not PayRun.objects.get().is_issued
    assert not PayStub.objects.exists()
    assert not StubLine.objects.exists()
    assert not JournalEntry.objects.filter(event="pay.issued").exists()
    assert runs.issue(run, by=issuer, documents=False).is_issued
    assert PayStub.objects.count() == 2
