import hashlib

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from members import journal
from members.models import JournalEntry
from tests import make

pytestmark = pytest.mark.django_db


def tampered(sql: str) -> None:
    """What somebody with the keys of the database could do: silence the trigger, then write."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE members_journalentry DISABLE TRIGGER ALL")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE members_journalentry ENABLE TRIGGER ALL")


@pytest.fixture
def five_lines():
    ana = make.person("Ana", kind=None)
    return [journal.record("test.done", by=ana if n % 2 else None, number=n) for n in range(5)]


def test_empty_journal_holds():
    assert journal.head() == ""
    assert journal.first_broken_line() is None
    assert not journal.holds("")


def test_each_line_carries_the_hash_of_the_one_before(five_lines):
    lines = list(JournalEntry.objects.order_by("seq"))
    assert [line.seq for line in lines] == [1, 2, 3, 4, 5]
    assert [line.prev for line in lines] == ["", *(line.hash for line in lines[:-1])]
    assert journal.head() == lines[-1].hash
    assert journal.first_broken_line() is None


def test_hash_can_be_redone_by_hand(five_lines):
    line = JournalEntry.objects.get(seq=1)
    at = line.at.strftime("%Y-%m-%dT%H:%M:%S.%f")
    text = f'|1|{at}||test.done|{{"number": 0}}'
    assert line.hash == hashlib.sha256(text.encode()).hexdigest()


def test_journal_is_append_only_by_any_door(five_lines):
    for attempt in (
        lambda: JournalEntry.objects.update(event="test.undone"),
        lambda: five_lines[0].save(),
        lambda: five_lines[0].delete(),
        lambda: connection.cursor().execute("DELETE FROM members_journalentry"),
        lambda: connection.cursor().execute(
            "SET LOCAL session_replication_role = replica; UPDATE members_journalentry SET body = '{}'"
        ),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            attempt()
    assert journal.first_broken_line() is None


def test_database_fills_the_chain_whatever_is_written():
    forged = JournalEntry.objects.create(event="test.forged", seq=99, prev="0" * 64, hash="f" * 64)
    line = JournalEntry.objects.get()
    assert (line.seq, line.prev) == (1, "")
    assert line.hash != forged.hash or forged.hash != "f" * 64
    assert journal.first_broken_line() is None


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE members_journalentry SET body = '{\"number\": 7}' WHERE seq = 3", 3),
        ("UPDATE members_journalentry SET actor_id = NULL WHERE seq = 2", 2),
        ("UPDATE members_journalentry SET at = at + interval '1 microsecond' WHERE seq = 4", 4),
        ("UPDATE members_journalentry SET event = 'test.other' WHERE seq = 1", 1),
        ("DELETE FROM members_journalentry WHERE seq = 3", 4),
        ("DELETE FROM members_journalentry WHERE seq = 1", 2),
    ],
)
def test_tampering_is_found_at_its_line(five_lines, sql, broken):
    tampered(sql)
    assert journal.first_broken_line() == broken
    with pytest.raises(CommandError, match=f"ligne {broken} "):
        call_command("verify_journal")


def test_removed_last_lines_are_found_by_who_wrote_the_head_down(five_lines, capsys):
    head = journal.head()
    call_command("verify_journal", head=head)
    assert f"5 lignes tiennent. Tête\u00a0: {head}" in capsys.readouterr().out
    tampered("DELETE FROM members_journalentry WHERE seq > 3")
    assert journal.first_broken_line() is None
    with pytest.raises(CommandError, match="pas au journal"):
        call_command("verify_journal", head=head)


def test_act_that_is_undone_leaves_no_line():
    with transaction.atomic():
        journal.record("test.done", by=None)
        transaction.set_rollback(True)
    assert JournalEntry.objects.count() == 0


def test_event_is_called_by_its_name_or_its_code():
    journal.name_events({"test.named": "named"})
    assert journal.name_of("test.named") == "named"
    assert journal.name_of("test.unnamed") == "test.unnamed"
