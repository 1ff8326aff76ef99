"""The same file imported at the same instant: real transactions in real threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from django.db import connection

from members.models import JournalEntry, Person
from roles.models import Role
from tests import make
from timesheets import importing
from timesheets.models import TimeEntry, WeekSheet

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 6


@pytest.fixture(autouse=True)
def _later():
    with time_machine.travel("2026-11-23 12:00-05:00"):
        yield


def import_together(content: str) -> list[importing.Plan | importing.ChangedMeanwhile]:
    """What each of several imports of one plan did, or why it was refused."""
    plan, start = importing.plan(content), Barrier(THREADS)

    def run(_number):
        try:
            start.wait()
            return importing.apply(plan, by=None)
        except importing.ChangedMeanwhile as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(run, range(THREADS)))


def content(person: str) -> str:
    rows = [f"2026-11-{day:02},{person},Technique,Tâche {day % 3},60" for day in range(2, 16)]
    return "\n".join(["date,person,role,task,minutes", *rows])


def test_file_of_somebody_new_is_written_once():
    results = import_together(content("new@example.org"))
    assert sum(result.entries for result in results if isinstance(result, importing.Plan)) == 14
    assert (TimeEntry.objects.count(), Person.objects.count(), Role.objects.count()) == (14, 1, 1)
    assert JournalEntry.objects.count() == 1


def test_file_of_somebody_who_has_drafts_is_written_once():
    ana = make.person("Ana", email="ana@example.org")
    for week in ("2026-11-02", "2026-11-09"):
        WeekSheet.objects.create(person=ana, starts_on=week)
    role = Role.objects.create(name="Technique")
    for number in range(3):
        make.task(f"Tâche {number}", role=role.name)
    results = import_together(content(ana.email))
    assert [
        result.entries for result in results if isinstance(result, importing.Plan) and result.entries
    ] == [14]
    assert not any(isinstance(result, Exception) for result in results)
    assert TimeEntry.objects.count() == 14
