import hashlib
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

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
    assert journal.line_of("") is None


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


# On its page --------------------------------------------------------------------------------------


@pytest.fixture
def read(client):
    reader = make.person("Léa", language="en-ca")
    client.force_login(reader)

    def page(**asked) -> str:
        answer = client.get(reverse("members:journal"), asked)
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def lines_of(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<td class="num">(\d+)</td>', page)]


def test_journal_is_searched_by_event_by_name_and_by_day(read):
    rene, ana = make.person("René", family_name="Côté"), make.person("Ana", family_name="Roy")
    journal.record("members.invited", by=rene, person=ana.pk)
    journal.record("members.invited", by=ana, person=rene.pk)
    journal.record("members.mandate_given", by=rene)
    journal.record("members.cooperative_founded", by=None)
    assert lines_of(read()) == [4, 3, 2, 1]
    assert lines_of(read(event="members.invited")) == [2, 1]
    assert lines_of(read(who="cote RENE")) == [3, 1]  # accents, capitals and the order do not matter
    assert lines_of(read(who="rené", event="members.invited")) == [1]
    today = timezone.localdate()
    assert lines_of(read(first=today, last=today)) == [4, 3, 2, 1]
    assert lines_of(read(last=today - timedelta(days=1))) == []
    assert "No line is so" in read(first=today + timedelta(days=1))
    assert f'href="{reverse("members:person", args=[ana.pk])}"' in read(event="members.invited")


@pytest.mark.parametrize(
    "asked",
    [{"event": "x"}, {"first": "2026-02-30"}, {"who": "\0"}, {"who": "x" * 500}, {"last": "0001-01-01"}],
)
def test_journal_asked_wrongly_says_so_and_shows_everything(read, asked):
    journal.record("members.invited", by=None)
    page = read(**asked)
    assert "errorlist" in page or "form-errors" in page
    assert lines_of(page) == [1]


def test_hash_that_was_written_down_is_found_with_its_line(read, five_lines):
    line = JournalEntry.objects.get(seq=3)
    said = read(head=line.hash)
    assert "that of line 3" in said
    assert "The chain holds" in said
    assert "is not in the journal" in read(head="a" * 64)
    assert "A hash has 64 signs" in read(head="abc")


def test_every_event_of_the_program_has_its_name():
    """What verbs write is read in words: each code found in the sources is named by its app."""
    written = set()
    for app in ("members", "roles", "timesheets", "payroll", "koumbit"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            written |= set(re.findall(r'journal\.record\(\s*"([a-z_.]+)"', path.read_text(encoding="utf-8")))
    assert len(written) > 30
    assert written - {code for code, _name in journal.events()} == set()


def test_searching_asks_as_many_questions_with_more_lines(client, django_assert_num_queries):
    make.cooperative()
    ana = make.person("Ana")
    client.force_login(ana)
    url = reverse("members:journal")
    for count in (1, 30):
        for _line in range(count):
            journal.record("members.invited", by=ana)
        client.get(url)
        with django_assert_num_queries(6):
            client.get(url, {"event": "members.invited", "who": "ana"})
