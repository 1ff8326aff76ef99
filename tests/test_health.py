import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from koumbit import health

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.django_db
def test_all_is_well(client):
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "disk": True, "migrations": True, "queue": True}


@pytest.mark.django_db
def test_migration_that_waits_is_told(client):
    with connection.cursor() as cursor:
        latest = "SELECT max(name) FROM django_migrations WHERE app = 'payroll'"
        cursor.execute(f"DELETE FROM django_migrations WHERE app = 'payroll' AND name = ({latest})")
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["migrations"] is False


def test_database_that_is_away_is_told():
    """In a process of its own, whose server does not exist."""
    asked = (
        "import django; django.setup(); from django.test import Client; "
        "answer = Client().get('/health/', headers={'host': 'localhost'}); print(answer.status_code, answer.json())"
    )
    environment = os.environ | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DEBUG": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", asked], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (
        done.stdout.strip() == "503 {'database': False, 'disk': True, 'migrations': False, 'queue': False}"
    ), done.stderr


@pytest.mark.django_db
def test_full_disk_is_told(client, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: SimpleNamespace(free=1024))
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["disk"] is False


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "recent"), [(1, True), (25, True), (27, False)])
def test_age_of_the_last_backup_is_judged(client, settings, tmp_path, time_machine, hours, recent):
    settings.BACKUP_DIR = tmp_path
    dump = tmp_path / "koumbit-1.dump"
    dump.touch()
    made_at = 1_800_000_000
    os.utime(dump, (made_at, made_at))
    time_machine.move_to(made_at + hours * 3600, tick=False)
    answer = client.get("/health/")
    assert answer.json()["backup"] is recent
    assert answer.status_code == (200 if recent else 503)


def test_folder_without_a_backup_is_not_recent(tmp_path):
    assert not health.backup_is_recent(tmp_path, now=1_800_000_000.0)


def test_health_says_nothing_of_anyone(client, db):
    assert set(client.get("/health/").json().values()) == {True}
