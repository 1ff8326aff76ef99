"""A backup is not a backup until it is restored and found equal."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from koumbit import backups
from members import journal
from payroll.models import HourlyRate
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scratch():
    """The name of a database that is removed after the test, whatever happened."""
    name = f"{connection.settings_dict['NAME']}_restored"
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


@pytest.fixture
def saved(tmp_path):
    ana = make.person("Ana")
    make.rate("21.50")
    make.sheet(ana, hours={"mon": 7, "tue": 7.5})
    journal.record("test.began", by=ana, count=1)
    return backups.back_up(tmp_path / "backups")


def test_what_is_restored_is_equal(saved, scratch):
    restored = backups.restore(saved, scratch)
    assert restored.proof["tables"]["timesheets_timeentry"]["rows"] == 2
    assert restored.proof["sums"]["minutes"] == 870
    assert restored.proof["journal"] == {"head": journal.head(), "first_broken_line": None}
    assert restored.keys_known


def test_backup_is_readable_by_its_owner_only(saved):
    assert saved.stat().st_mode & 0o077 == 0
    assert saved.with_suffix(".json").stat().st_mode & 0o077 == 0
    assert saved.parent.stat().st_mode & 0o077 == 0


def test_truncated_dump_is_refused(saved, scratch):
    saved.write_bytes(saved.read_bytes()[:-100])
    with pytest.raises(backups.BackupRefused, match="truncated or changed"):
        backups.restore(saved, scratch)
    assert scratch not in _databases()


def test_dump_without_its_proof_is_refused(saved, scratch):
    saved.with_suffix(".json").unlink()
    with pytest.raises(backups.BackupRefused, match="proof beside it"):
        backups.restore(saved, scratch)


def test_restored_rows_that_differ_are_refused_and_nothing_is_left(saved, scratch):
    beside = saved.with_suffix(".json")
    note = json.loads(beside.read_text())
    note["proof"]["tables"]["members_person"]["fingerprint"] = "1"
    beside.write_text(json.dumps(note))
    with pytest.raises(backups.BackupRefused, match="tables: members_person was"):
        backups.restore(saved, scratch)
    assert scratch not in _databases()


def test_nothing_is_restored_over_a_database_in_use(saved):
    with pytest.raises(backups.BackupRefused, match="nothing is restored over it"):
        backups.restore(saved, connection.settings_dict["NAME"])
    assert HourlyRate.objects.get().amount == Decimal("21.50")


@pytest.mark.parametrize("name", ["", "Paie", 'x"; drop database postgres; --', "é"])
def test_name_that_is_not_a_databases_is_refused(saved, name):
    with pytest.raises(backups.BackupRefused, match="not a name for a database"):
        backups.restore(saved, name)


def test_unknown_encryption_keys_are_told(saved, scratch, settings):
    settings.FIELD_ENCRYPTION_KEYS = ["b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItMDA="]
    assert not backups.restore(saved, scratch).keys_known


def test_proof_sees_one_changed_value():
    ana = make.person("Ana")
    before = backups.proof()
    ana.phone = "514 555-0199"
    ana.save(update_fields=["phone"])
    (line,) = backups.differences(before, backups.proof())
    assert line.startswith("tables: members_person was")


def test_proof_sees_a_broken_journal():
    journal.record("test.began", by=None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_journalentry DISABLE TRIGGER members_journalentry_is_final")
        cursor.execute("UPDATE members_journalentry SET at = %s", [timezone.now() - timedelta(days=1)])
        cursor.execute("ALTER TABLE members_journalentry ENABLE ALWAYS TRIGGER members_journalentry_is_final")
    assert backups.proof()["journal"]["first_broken_line"] == 1


def test_commands_rehearse_a_restoration(tmp_path, scratch):
    make.person("Ana")
    call_command("backup", tmp_path, stdout=StringIO())
    (dump,) = tmp_path.glob("*.dump")
    said = StringIO()
    call_command("restore", dump, database=scratch, rehearse=True, stdout=said)
    assert "Equal: the journal holds" in said.getvalue()
    assert scratch not in _databases()


def test_command_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", tmp_path / "nothing.dump")


def _databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}
