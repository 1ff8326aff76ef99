"""A small year through the command, and the real one's promises."""

import csv
import io
import json
from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command

from members import journal
from members.models import Person
from payroll.models import PayRun, PayStub, StubDocument
from payroll.replay import replay
from tests import make
from timesheets import hours

pytestmark = pytest.mark.django_db

HOURS = """date,person,role,task,project,minutes,note
2026-10-05,ana@example.org,Développement,Programmation,,450,"=1+1 «note», du vendredi"
2026-10-06,ana@example.org,Développement,Programmation,Site,600,
2026-10-07,ana@example.org,Comptabilité,Paie,,600,
2026-10-08,ana@example.org,Comptabilité,Paie,,600,
2026-10-09,ana@example.org,Comptabilité,Paie,,600,
2026-10-12,bea@example.org,Accueil,Courriels,,36,
2026-10-20,bea@example.org,Accueil,Courriels,,105,
2026-11-16,bea@example.org,Accueil,Courriels,,60,
"""


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00"):
        yield


@pytest.fixture
def run(tmp_path):
    source = tmp_path / "hours.csv"
    source.write_text(HOURS, encoding="utf-8")

    def do(*options, content=None):
        if content is not None:
            source.write_text(content, encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        call_command("replay", str(source), "--first-period", "2026-09-21", *options, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    return do


def test_replay_pays_every_minute_of_the_paid_periods_once(run, tmp_path):
    stubs = tmp_path / "stubs.csv"
    out, err = run("--pay-after", "5", "--json", "--no-pdf", "--stubs", str(stubs))
    report = json.loads(out)
    assert err == ""
    assert report["counts"] == {
        "people": 2,
        "entries": 8,
        "minutes_imported": 3051,
        "minutes_approved": 3051,
        "minutes_in_paid_periods": 2991,  # the last period is paid after today
        "minutes_paid": 2991,
        "runs": 2,
        "stubs": 3,
    }
    # Ana: 40 h and 7 h 30 at time and a half; Béa: 36 and 105 minutes.
    assert report["totals"]["gross"] == 86000 + 24188 + 1290 + 3763
    with stubs.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    assert list(rows[0]) == [
        "person",
        "pay_date",
        "minutes",
        "gross",
        "federal_tax",
        "quebec_tax",
        "qpp",
        "qpp2",
        "qpip",
        "ei",
        "qpp_employer",
        "qpp2_employer",
        "qpip_employer",
        "ei_employer",
        "net",
    ]
    assert [(row["person"], row["pay_date"], row["minutes"], row["gross"]) for row in rows] == [
        ("ana@example.org", "2026-10-23", "2850", "1101.88"),
        ("bea@example.org", "2026-10-23", "36", "12.90"),
        ("bea@example.org", "2026-11-06", "105", "37.63"),
    ]
    for name in ("federal_tax", "quebec_tax", "qpp", "qpip", "ei", "ei_employer", "net"):
        assert sum(round(float(row[name]) * 100) for row in rows) == report["totals"][name]
    assert report["seconds"].keys() == {"read", "found", "import", "approve", "prepare", "issue", "total"}


def test_replay_is_done_by_two_people_and_leaves_documents_and_a_whole_journal(run):
    run("--until", "2026-10-23")
    pay = PayRun.objects.get()
    assert pay.prepared_by != pay.issued_by
    assert StubDocument.objects.count() == PayStub.objects.count() == 2
    assert journal.first_broken_line() is None
    assert {day.person_id for day in hours.approved_days(date.max)} == set(
        Person.objects.values_list("pk", flat=True)
    )


def test_replay_of_one_person_finds_somebody_else_to_approve(run):
    lines = HOURS.splitlines(keepends=True)
    out, _err = run("--json", "--no-pdf", content="".join(lines[:3]))
    assert json.loads(out)["counts"] | {"stubs": 1, "people": 1} == json.loads(out)["counts"]


def test_replay_refuses_a_database_that_is_not_empty(run):
    make.cooperative()
    with pytest.raises(CommandError, match=r"replay needs an empty one|base vide"):
        run()


def test_replay_refuses_a_file_with_its_lines_and_writes_nothing(run):
    with pytest.raises(CommandError, match="3"):
        run(content=HOURS.replace(",600,", ",6000,"))
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--until", "demain"], "Not a day"),
        (["--first-period", "2026-09-22"], "not a Monday"),
        (["--pay-after", "40"], "at most 16 days"),
        (["--stubs", "/nowhere/at/all.csv"], "cannot be opened"),
    ],
)
def test_replay_says_what_is_wrong_with_its_options(run, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*options)
    assert not Person.objects.exists()


def test_replay_stops_where_no_table_is_reviewed():
    with time_machine.travel("2027-02-01 15:00:00+00:00"):
        done = replay(
            (HOURS + "2026-12-28,ana@example.org,Accueil,Courriels,,60,\n").encode(),
            first_period=date(2026, 9, 21),
            pay_after=5,
            until=date(2027, 1, 31),
            documents=False,
        )
    assert "2027" in done.stopped
    assert done.report()["counts"]["minutes_paid"] == 3051
