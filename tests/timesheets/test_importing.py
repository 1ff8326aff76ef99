"""A file of hours: what it would do, what it is refused for, and that it is written whole or not at all."""

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone, translation

from members.models import JournalEntry, Person, Power, WorkStatus
from members.powers import NotAllowed
from roles.models import Role, Task
from tests import make
from timesheets import csv_table, hours_file, importing
from timesheets.models import Client, Project, Service, SheetDecision, TimeEntry, WeekSheet

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)
HEADER = "date,person,role,task,project,minutes,note"
POWERS = [Power.ADMIT_PEOPLE, Power.KEEP_ROLES, Power.KEEP_PROJECTS]
SAMPLE = "\n".join(
    [
        HEADER,
        "2026-11-02,p1@example.org,Technique,Correctifs,PC2,30,Relance",
        "2026-11-02,p1@example.org,Technique,Correctifs,PC2,30,Relance",
        "2026-11-03,p1@example.org,Technique,Mises à jour,,450,",
        "2026-11-10,jean-luc.roy@example.org,Coordination,Réunion,PC9,90,« Bilan », suite",
    ]
).replace("« Bilan », suite", '"« Bilan », suite"')


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"), translation.override("en-ca"):
        yield


@pytest.fixture
def keeper():
    return make.person("Keeper", language="en-ca", powers=POWERS)


@pytest.fixture
def ana():
    return make.person("Ana", email="ana@example.org")


def lines(*rows: str) -> str:
    return "\n".join([HEADER, *rows])


def row(day="2026-11-02", person="ana@example.org", task="Comptes", minutes="60", **cells) -> str:
    cells = {"role": "Finances", "project": "", "note": ""} | cells
    return f"{day},{person},{cells['role']},{task},{cells['project']},{minutes},{cells['note']}"


def refusals(content) -> list[tuple[int, str]]:
    return [tuple(refusal) for refusal in importing.plan(content).refusals]


def everything() -> list[int]:
    models = [Person, WorkStatus, Role, Task, Project, Client, Service, WeekSheet, TimeEntry, SheetDecision]
    return [model.objects.count() for model in [*models, JournalEntry]]


# What is planned, what is written -----------------------------------------------------------------


def test_plan_says_what_would_be_created_and_writes_nothing():
    plan = importing.plan(SAMPLE)
    assert (plan.entries, plan.minutes, plan.already_there, plan.refusals) == (4, 600, 0, [])
    assert [(one.person.email, one.is_new, one.entries, one.minutes) for one in plan.people] == [
        ("jean-luc.roy@example.org", True, 1, 90),
        ("p1@example.org", True, 3, 510),
    ]
    assert [str(role) for role in plan.new_roles] == ["Technique", "Coordination"]
    assert [(task.role.name, task.name) for task in plan.new_tasks] == [
        ("Technique", "Correctifs"),
        ("Technique", "Mises à jour"),
        ("Coordination", "Réunion"),
    ]
    assert [str(project) for project in plan.new_projects] == ["PC2", "PC9"]
    assert len(plan.new_weeks) == 2
    assert everything() == [0] * 11


def test_applied_file_is_drafts_of_people_who_are_entered(keeper):
    done = importing.apply(importing.plan(SAMPLE), by=keeper)
    assert (done.entries, done.minutes) == (4, 600)
    roy = Person.objects.get(email="jean-luc.roy@example.org")
    assert (roy.given_name, roy.family_name, roy.has_usable_password()) == ("Jean-Luc", "Roy", False)
    status = roy.work_statuses.get()
    assert (status.kind, status.tenure, status.agreed_minutes_per_week) == ("salaried", "occasional", 0)
    assert (status.starts_on, status.ends_on) == (date(2026, 11, 10), None)
    entry = TimeEntry.objects.get(person=roy)
    assert (entry.day, entry.task.name, entry.task.role.name) == (
        date(2026, 11, 10),
        "Réunion",
        "Coordination",
    )
    assert (entry.project.name, entry.minutes, entry.note) == ("PC9", 90, "« Bilan », suite")
    assert (entry.sheet.starts_on, entry.sheet.state, entry.approved_at) == (date(2026, 11, 9), "draft", None)
    assert TimeEntry.objects.filter(project=None).get().task.name == "Mises à jour"


def test_journal_says_who_imported_what_by_numbers(keeper):
    done = importing.apply(importing.plan(SAMPLE), by=keeper)
    line = JournalEntry.objects.get(event="hours.imported")
    assert line.actor == keeper
    assert line.body == {
        "digest": done.file.digest,
        "entries": 4,
        "weeks": 2,
        "people": [one.person.pk for one in done.people],
        "roles": [role.pk for role in done.new_roles],
        "clients": [],
        "tasks": [task.pk for task in done.new_tasks],
        "projects": [project.pk for project in done.new_projects],
    }


def test_job_title_of_a_newcomer_speaks_the_language_of_the_coop(keeper):
    make.cooperative(language="fr-ca")
    importing.apply(importing.plan(SAMPLE), by=keeper)
    with translation.override("fr-ca"):
        title = translation.gettext("Worker-member")
    newcomers = WorkStatus.objects.exclude(person=keeper)
    assert set(newcomers.values_list("job_title", "person__language")) == {(title, "fr-ca")}


def test_week_is_the_legal_week_of_the_coop(ana):
    make.cooperative(week_starts_on=6)
    importing.apply(importing.plan(lines(row("2026-11-07"), row("2026-11-08"))), by=None)
    assert [sheet.starts_on for sheet in WeekSheet.objects.order_by("starts_on")] == [
        date(2026, 11, 1),
        date(2026, 11, 8),
    ]


def test_what_is_there_already_is_taken_whatever_its_capitals(ana, keeper):
    task = make.task("Comptes", role="Finances")
    project = Project.objects.create(name="Été")
    before = [Role.objects.count(), Task.objects.count(), Project.objects.count()]
    plan = importing.plan(
        lines(row(person="ANA@Example.org", role="finances", task="COMPTES", project="éTÉ"))
    )
    importing.apply(plan, by=keeper)
    assert [Role.objects.count(), Task.objects.count(), Project.objects.count()] == before
    entry = TimeEntry.objects.get()
    assert (entry.person, entry.task, entry.project) == (ana, task, project)


def test_same_name_in_other_capitals_is_one_new_thing(ana):
    plan = importing.plan(lines(row(task="Comptes"), row(task="comptes", role="FINANCES")))
    assert ([str(role) for role in plan.new_roles], [str(task) for task in plan.new_tasks]) == (
        ["Finances"],
        ["Comptes"],
    )


def test_exact_name_is_preferred_to_another_writing(ana, keeper):
    make.task("comptes", role="Finances")
    exact = make.task("Comptes", role="Finances")
    importing.apply(importing.plan(lines(row())), by=keeper)
    assert TimeEntry.objects.get().task == exact


def test_name_in_use_is_preferred_to_one_that_ended(ana, keeper):
    Project.objects.create(name="Site", closed_on=YESTERDAY)
    site = Project.objects.create(name="SITE")
    importing.apply(importing.plan(lines(row(project="Site"))), by=keeper)
    assert TimeEntry.objects.get().project == site


# The same file twice --------------------------------------------------------------------------------


def test_same_file_twice_writes_nothing_more(keeper):
    importing.apply(importing.plan(SAMPLE), by=keeper)
    before = everything()
    plan = importing.plan(SAMPLE)
    assert (plan.entries, plan.already_there, plan.is_wholly_there) == (0, 4, True)
    assert plan.imported_before == JournalEntry.objects.get().at
    importing.apply(plan, by=keeper)
    assert everything() == before


def test_identical_rows_are_counted_not_merged(ana):
    importing.apply(importing.plan(lines(row(note="Appel"), row(note="Appel"))), by=None)
    assert TimeEntry.objects.count() == 2
    plan = importing.plan(lines(*[row(note="Appel")] * 3))
    assert (plan.entries, plan.already_there) == (1, 2)


def test_only_lines_that_are_new_are_written(ana):
    importing.apply(importing.plan(lines(row())), by=None)
    for other in (
        row(minutes="61"),
        row(note="Autre"),
        row(project="Site"),
        row(task="Budget"),
        row("2026-11-03"),
    ):
        plan = importing.plan(lines(row(), other))
        assert (plan.entries, plan.already_there) == (1, 1), other


def test_lines_there_in_a_submitted_week_are_not_refused(ana):
    importing.apply(importing.plan(lines(row())), by=None)
    WeekSheet.objects.update(state="submitted", submitted_at=timezone.now(), handed_in={})
    assert importing.plan(lines(row())).is_wholly_there


def test_stale_plan_writes_only_what_is_still_missing(ana):
    first, second = importing.plan(lines(row())), importing.plan(lines(row()))
    importing.apply(first, by=None)
    assert importing.apply(second, by=None).entries == 0
    assert TimeEntry.objects.count() == 1


# Refusals, each with its line -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ({"day": "2026-02-30"}, "“2026-02-30” is not a day"),
        ({"day": "20261102"}, "“20261102” is not a day"),
        ({"day": "2026-W45-1"}, "is not a day"),
        ({"day": "02/11/2026"}, "can be read day first or month first"),
        ({"day": "32/11/2026"}, "is not a day"),
        ({"day": "٢٠٢٦-١١-٠٢"}, "is not a day"),
        ({"day": ""}, "is not a day"),
        ({"day": "2026-11-21"}, "has not come yet"),
        ({"day": "1999-12-31"}, "too long ago"),
        ({"person": ""}, "Nothing says whose hours these are"),
        ({"person": "Béatrice"}, "“Béatrice” is nobody known here"),
        ({"person": "x" * 300 + "@example.org"}, "has room for 254"),
        ({"minutes": "-30"}, "is not a length of time"),
        ({"minutes": "1441"}, "is not a length of time"),
        ({"minutes": "1e2"}, "is not a length of time"),
        ({"minutes": "\uff16\uff10"}, "is not a length of time"),
        ({"minutes": "9" * 400}, "is not a length of time"),
        ({"minutes": ""}, "is not a length of time"),
        ({"task": "", "role": ""}, "Nothing says on which task"),
        ({"task": ""}, "“Finances” is no task known here"),
        ({"role": "  "}, "“Comptes” is no task known here, or several"),
        ({"task": "x" * 81}, "has room for 80"),
        ({"role": "x" * 81}, "has room for 80"),
        ({"project": "x" * 121}, "has room for 120"),
        ({"note": "x" * 501}, "holds 501 characters and has room for 500"),
        ({"note": "a\x00b"}, "invisible control characters"),
        ({"note": "a\x07b"}, "invisible control characters"),
        ({"task": "Ana\u202eanA"}, "invisible control characters"),
    ],
)
def test_line_that_cannot_be_read_is_refused_by_its_number(ana, cells, word):
    found = refusals(lines(row(), row(**cells), row("2026-11-03")))
    assert [line for line, _sentence in found] == [3]
    assert word in found[0][1]


def test_each_fault_of_a_line_is_told(ana):
    found = refusals(lines(row(day="hier", minutes="deux", task="x" * 81)))
    assert [line for line, _sentence in found] == [2, 2, 2]
    assert [sentence.split(" ")[0] for _line, sentence in found] == ["The", "“hier”", "“deux”"]


def test_line_number_counts_blank_lines_and_notes_of_several_lines(ana):
    found = refusals(lines(row(note='"a\nb"'), "", ",,,,,,", row(minutes="x")))
    assert [line for line, _sentence in found] == [6]


def test_note_of_several_lines_is_kept_on_one(ana):
    importing.apply(importing.plan(lines(row(note='"un\r\ndeux\ttrois"'))), by=None)
    assert TimeEntry.objects.get().note == "un deux trois"


def test_longest_note_has_room(ana):
    importing.apply(importing.plan(lines(row(note="é" * 500))), by=None)
    assert TimeEntry.objects.get().note == "é" * 500


def test_day_over_24_hours_is_refused_at_the_line_that_fills_it(ana):
    make.sheet(ana, hours={"mon": 20})
    found = refusals(
        lines(row(minutes="240"), row("2026-11-03", minutes="1440"), row(minutes="1"), row(minutes="59"))
    )
    assert found == [(4, "ana@example.org would have 25\u00a0h on 2 November 2026: a day has 24.")]


def test_days_of_others_are_not_added_up(ana):
    assert refusals(lines(row(minutes="1440"), row(person="new@example.org", minutes="1440"))) == []


def test_days_outside_work_are_refused(ana):
    WorkStatus.objects.update(starts_on=date(2026, 11, 3), ends_on=date(2026, 11, 5))
    found = refusals(lines(*(row(f"2026-11-0{day}") for day in range(2, 7))))
    assert [line for line, _sentence in found] == [2, 6]
    assert found[0][1] == "ana@example.org does not work on 2 November 2026: enter their work status first."


def test_person_known_without_work_is_refused():
    make.person("Bea", kind=None, email="bea@example.org")
    assert [line for line, _sentence in refusals(lines(row(person="bea@example.org")))] == [2]


def test_closed_account_is_refused(ana):
    Person.objects.update(closed_at=timezone.now())
    assert refusals(lines(row())) == [(2, "The account of ana@example.org is closed: reopen it first.")]


@pytest.mark.parametrize("which", ["role", "task", "project"])
def test_name_that_ended_is_refused(ana, which):
    make.task("Comptes", role="Finances")
    Project.objects.create(name="Site")
    ended = {"role": Role, "task": Task}.get(which, Project)
    ended.objects.update(**{"closed_on" if which == "project" else "retired_on": YESTERDAY})
    found = refusals(lines(row(project="Site")))
    assert [line for line, _sentence in found] == [2]
    assert f"The {which} “" in found[0][1]


def test_submitted_week_is_refused(ana):
    make.sheet(ana)
    WeekSheet.objects.update(state="submitted", submitted_at=timezone.now(), handed_in={})
    found = refusals(lines(row(), row("2026-11-09")))
    assert [line for line, _sentence in found] == [2]
    assert "2 November 2026" in found[0][1]


def test_approved_week_is_reopened_and_what_is_final_stays(ana, keeper):
    make.approved(ana, hours={"mon": 7})
    plan = importing.plan(lines(row("2026-11-03"), row("2026-11-04")))
    assert [sheet.starts_on for sheet in plan.reopened] == [make.MONDAY]
    importing.apply(plan, by=keeper)
    sheet = WeekSheet.objects.get()
    assert (sheet.state, sheet.entries.filter(approved_at=None).count(), sheet.entries.count()) == (
        "draft",
        2,
        3,
    )
    decision = sheet.decisions.get()
    assert (decision.act, decision.by) == ("reopened", keeper)


def test_approved_week_is_not_reopened_by_nobody(ana):
    make.approved(ana, hours={"mon": 7})
    before = everything()
    with pytest.raises(importing.NobodyReopens):
        importing.apply(importing.plan(lines(row("2026-11-03"))), by=None)
    assert everything() == before


def test_one_bad_line_and_nothing_is_written(keeper):
    before = everything()
    with pytest.raises(importing.FileRefused) as refusal:
        importing.apply(importing.plan(SAMPLE + "\n" + row(minutes="x")), by=keeper)
    assert [one.line for one in refusal.value.plan.refusals] == [6]
    assert everything() == before


def test_what_became_wrong_since_the_plan_is_refused(ana):
    plan = importing.plan(lines(row()))
    make.sheet(ana)
    WeekSheet.objects.update(state="submitted", submitted_at=timezone.now(), handed_in={})
    with pytest.raises(importing.FileRefused):
        importing.apply(plan, by=None)
    assert not TimeEntry.objects.exists()


# The file itself --------------------------------------------------------------------------------------


def written(content: str, encoding: str, delimiter: str) -> bytes:
    return content.replace(",", delimiter).encode(encoding)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_delimiters_say_the_same(ana, encoding, delimiter, ending):
    content = lines(row(task="Études", note="été à Montréal"), row(note="½")).replace("\n", ending)
    read = hours_file.read(written(content, encoding, delimiter))
    assert read.refusals == []
    assert [(one.task, one.note) for one in read.rows] == [("Études", "été à Montréal"), ("Comptes", "½")]


def test_windows_signs_are_read_even_when_taken_for_latin_1(ana):
    content = lines(row(note="l’été – « œuvre » …"))
    for whole in (content.encode("cp1252"), content.encode("cp1252").decode("latin-1").encode("utf-8")):
        assert [one.note for one in hours_file.read(whole).rows] == ["l’été – « œuvre » …"]


def test_columns_come_in_any_order_in_either_language(ana):
    read = hours_file.read(
        '"Minutes";Tâche;RÔLE;courriel;Jour;couleur\n90;Comptes;Finances;ana@example.org;2026-11-02;x'
    )
    assert read.refusals == []
    assert read.rows == [(2, date(2026, 11, 2), "ana@example.org", "Finances", "Comptes", "", "", 90, "", "")]
    assert read.unread_columns == ["couleur"]


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        ("", 1, "The file is empty."),
        ("\n \n", 1, "The file is empty."),
        (HEADER, 1, "holds no hours"),
        ("date,person,task\n2026-11-02,a,b", 1, "No column says how long the work took"),
        ("x;minutes\n1;2", 1, "No column says the day worked"),
        ("PK\x03\x04\x00\x00", 1, "holds no hours"),
        (lines(row(), "2026-11-02,ana@example.org"), 3, "5 columns less"),
        (lines(row() + ",x"), 2, "1 column more"),
        (lines(row(), row(note='"ouvert'), row()), 3, "a quotation mark is not closed"),
        (lines(row(note='"un" deux')), 2, "a quotation mark is not closed"),
        (lines(row(note="x" * 140_000)), 2, "a quotation mark"),
    ],
)
def test_file_that_is_not_one_of_hours_is_refused_with_a_sentence(ana, content, line, word):
    found = refusals(content)
    assert [one for one, _sentence in found] == [line]
    assert word in found[0][1]


def test_bytes_of_any_kind_are_a_sentence():
    for content in (bytes(range(256)), b"\xff\xfe" + SAMPLE.encode("utf-16-le"), b"\x00" * 100):
        assert refusals(content)


def test_file_too_large_is_refused():
    assert refusals(b"x" * (csv_table.LARGEST + 1)) == [
        (1, "The file is larger than 5 MB: cut it into several.")
    ]


def test_100_000_lines_are_read_and_one_more_is_refused():
    many = f"{HEADER}\n" + "2026-11-02,a@b.ca,R,T,P,1,\n" * csv_table.MOST_ROWS
    assert len(hours_file.read(many).rows) == 100_000
    found = hours_file.read(many + "2026-11-02,a@b.ca,R,T,P,1,\n")
    assert ([one.line for one in found.refusals], found.rows) == ([100_002], [])


def test_hostile_cells_are_texts(ana, keeper):
    hostile = ["=HYPERLINK('http://x')", "<script>alert(1)</script>", "{{ 7*7 }}", "' OR 1=1--", "%s %(x)s"]
    importing.apply(
        importing.plan(lines(*(row(task=text, role=text, project=text, note=text) for text in hostile))),
        by=keeper,
    )
    assert [entry.note for entry in TimeEntry.objects.order_by("pk")] == hostile
    assert [role.name for role in Role.objects.order_by("pk")] == hostile


@pytest.mark.parametrize("count", [2, 40])
def test_plan_and_import_ask_as_much_for_few_lines_as_for_many(ana, keeper, count, django_assert_num_queries):
    make.sheet(ana, hours={"mon": 1})
    content = lines(
        *(
            row(f"2026-11-{2 + n % 14:02}", person=f"p{n}@example.org", task=f"T{n % 5}", project=f"P{n % 3}")
            for n in range(count)
        ),
        row("2026-11-10"),
    )
    with django_assert_num_queries(11):
        plan = importing.plan(content)
    # Powers, the plan again, what is written in seven tables, the journal; savepoints around.
    with django_assert_num_queries(24):
        importing.apply(plan, by=keeper)


# Who may ------------------------------------------------------------------------------------------------


def test_powers_are_those_the_file_asks_for(ana):
    make.task("Comptes", role="Finances")
    for content, asked in [
        (lines(row()), [Power.ADMIT_PEOPLE]),
        (lines(row(task="Budget")), [Power.ADMIT_PEOPLE, Power.KEEP_ROLES]),
        (lines(row(role="Accueil")), [Power.ADMIT_PEOPLE, Power.KEEP_ROLES]),
        (lines(row(project="Site")), [Power.ADMIT_PEOPLE, Power.KEEP_PROJECTS]),
    ]:
        stranger = make.person("Stranger")
        missing = importing.missing_powers(importing.plan(content), stranger, ())
        assert [one.power for one in missing] == asked
        holder, lacking = make.person("Holder", powers=asked), make.person("Lacking", powers=asked[:-1])
        former = make.person("Former")
        make.mandate(former, asked, ends_on=YESTERDAY)
        for refused in (stranger, lacking, former):
            with pytest.raises(NotAllowed):
                importing.apply(importing.plan(content), by=refused)
        assert not TimeEntry.objects.exists()
        importing.apply(importing.plan(content), by=holder)
        assert TimeEntry.objects.count() == 1
        TimeEntry.objects.all().delete()


def test_own_hours_need_no_power_over_people(ana):
    make.task("Comptes", role="Finances")
    assert importing.missing_powers(importing.plan(lines(row())), ana, ()) == []


# The command --------------------------------------------------------------------------------------------


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "heures.csv"
    path.write_text(SAMPLE, encoding="utf-8")
    return path


def test_dry_run_says_all_and_writes_nothing(sample, capsys):
    call_command("import_hours", str(sample), "--dry-run")
    told = capsys.readouterr().out
    for sentence in (
        "What the import would do:",
        "entries: 4\n  minutes: 600\n",
        "roles created (2): Technique, Coordination\n",
        "tasks created (3): Correctifs (Technique)",
        "projects created (2): PC2, PC9\n",
        "people entered (2): ",
        "p1@example.org: entries 3, minutes 510, from 2026-11-02 to 2026-11-03",
    ):
        assert sentence in told
    assert everything() == [0] * 11


def test_command_imports_and_then_finds_it_there(sample, capsys):
    call_command("import_hours", str(sample))
    assert "What the import did:\n  entries: 4\n" in capsys.readouterr().out
    assert (TimeEntry.objects.count(), JournalEntry.objects.get().actor) == (4, None)
    call_command("import_hours", str(sample))
    told = capsys.readouterr().out
    assert "entries: 0\n" in told
    assert "lines already there: 4\n" in told


def test_command_names_each_refused_line_and_fails(sample, capsys):
    sample.write_text(lines(row(minutes="x"), row(), row(day="hier")))
    with pytest.raises(CommandError, match="2 lines are refused: nothing was imported"):
        call_command("import_hours", str(sample))
    told = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in told] == ["line 2", "line 4"]
    assert everything() == [0] * 11


def test_command_imports_in_the_name_of_somebody_with_their_powers(sample, keeper):
    make.person("Bea", email="bea@example.org")
    with pytest.raises(CommandError, match="“admit people”"):
        call_command("import_hours", str(sample), "--as", "bea@example.org")
    assert not TimeEntry.objects.exists()
    call_command("import_hours", str(sample), "--as", keeper.email.upper())
    assert JournalEntry.objects.get().actor == keeper


@pytest.mark.parametrize("arguments", [["absent.csv"], ["."], ["--as", "nobody@example.org"]])
def test_command_says_what_it_cannot_find(sample, arguments):
    if arguments[0].startswith("--"):
        arguments = [str(sample), *arguments]
    with pytest.raises(CommandError, match=r"cannot be read|Nobody has the address"):
        call_command("import_hours", *arguments)


def test_command_reopens_no_approved_week_without_an_author(tmp_path, ana, keeper):
    make.approved(ana, hours={"mon": 7})
    path = tmp_path / "late.csv"
    path.write_text(lines(row("2026-11-03")))
    for options in (["--dry-run"], []):
        with pytest.raises(CommandError, match="--as"):
            call_command("import_hours", str(path), *options)
    call_command("import_hours", str(path), "--as", keeper.email)
    assert WeekSheet.objects.get().state == "draft"


# The pages ----------------------------------------------------------------------------------------------


def send(client, content: str | bytes, name="heures.csv"):
    whole = content.encode() if isinstance(content, str) else content
    return client.post(reverse("timesheets:import"), {"file": SimpleUploadedFile(name, whole)})


def test_file_is_shown_then_confirmed(client, keeper):
    client.force_login(keeper)
    answer = send(client, SAMPLE)
    assert answer.status_code == 302
    page = client.get(answer.url)
    html = page.content.decode()
    assert "Import 4 entries" in html
    assert "jean-luc.roy@example.org" in html
    assert not TimeEntry.objects.exists()
    done = client.post(answer.url, {}, follow=True)
    assert TimeEntry.objects.count() == 4
    html = done.content.decode()
    assert "4 entries are imported as drafts: 10\u00a0h." in html
    assert "Every line of this file is already there" in html
    assert reverse("members:person", args=[Person.objects.get(email="p1@example.org").pk]) in html
    client.post(answer.url)  # a second click
    assert TimeEntry.objects.count() == 4


def test_refused_lines_are_listed_and_cannot_be_confirmed(client, keeper):
    client.force_login(keeper)
    url = send(client, lines(row(minutes="x"), row(note="x" * 501), row())).url
    html = client.get(url).content.decode()
    assert "2 lines cannot be imported" in html
    assert "“x” is not a length of time" in html
    assert "Import 1 entry" not in html
    html = client.post(url, follow=True).content.decode()
    assert "2 lines are refused: nothing was imported." in html
    assert not TimeEntry.objects.exists()


def test_many_refusals_are_counted_beyond_the_first_hundred(client, keeper):
    client.force_login(keeper)
    html = client.get(send(client, lines(*[row(minutes="x")] * 130)).url).content.decode()
    assert html.count("is not a length of time") == 100
    assert "And 30 more like these." in html


def test_page_says_which_power_is_missing_and_obeys_it(client):
    admits = make.person("Admits", language="en-ca", powers=[Power.ADMIT_PEOPLE])
    make.person("Kim", family_name="Essai", powers=[Power.KEEP_PROJECTS])
    client.force_login(admits)
    url = send(client, SAMPLE).url
    html = client.get(url).content.decode()
    assert "The file creates roles or tasks: importing it needs the power “keep roles and tasks”." in html
    assert "needs the power “keep services, clients and projects”. Who holds it: Kim Essai." in html
    assert "Import 4 entries" not in html
    client.post(url)
    assert not TimeEntry.objects.exists()


def test_hours_of_others_are_not_told_to_who_may_not_import_them(client, ana):
    make.approved(ana, hours={"mon": 23})
    client.force_login(make.person("Keeps", language="en-ca", powers=[Power.KEEP_PROJECTS]))
    html = client.get(send(client, lines(row(minutes="600"))).url).content.decode()
    assert "holds hours of other people" in html
    assert "a day has 24" not in html
    assert reverse("members:person", args=[ana.pk]) not in html


def test_file_of_another_is_not_there(client, keeper):
    client.force_login(keeper)
    url = send(client, SAMPLE).url
    client.force_login(make.person("Other", language="en-ca", powers=POWERS))
    for answer in (client.get(url, follow=True), client.post(url, follow=True)):
        assert "This file is not kept any more: send it again." in answer.content.decode()
    assert not TimeEntry.objects.exists()


def test_file_is_forgotten_after_half_an_hour(client, keeper):
    client.force_login(keeper)
    url = send(client, SAMPLE).url
    with time_machine.travel(timezone.now() + timedelta(minutes=29)):
        client.force_login(keeper)
        assert client.get(url).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        client.force_login(keeper)
        answer = client.post(url, follow=True)
    assert "This file is not kept any more: send it again." in answer.content.decode()
    assert not TimeEntry.objects.exists()


def test_page_of_an_older_file_does_not_confirm_a_newer_one(client, keeper):
    client.force_login(keeper)
    older = send(client, SAMPLE).url
    newer = send(client, lines(row(person="other@example.org"))).url
    client.post(older)
    assert not TimeEntry.objects.exists()
    client.post(newer)
    assert TimeEntry.objects.get().person.email == "other@example.org"


def test_page_refuses_a_file_that_is_empty_too_large_or_missing(client, keeper):
    client.force_login(keeper)
    for answer in (
        send(client, b""),
        send(client, b"\n \n"),
        send(client, b"x" * (csv_table.LARGEST + 1)),
        client.post(reverse("timesheets:import")),
    ):
        assert answer.status_code == 200
        assert answer.context["form"].errors["file"]


def test_hostile_cells_are_shown_inert(client, keeper):
    client.force_login(keeper)
    hostile = "<script>alert(1)</script>"
    content = lines(row(task=hostile, role=hostile, project=hostile), row(minutes=hostile, day="<b>"))
    for whole in (content, f"{HEADER},{hostile}\n" + row(task=hostile) + ",x"):
        html = client.get(send(client, whole, name="<img src=x>.csv").url).content.decode()
        assert "&lt;script&gt;" in html
        assert "<script>alert" not in html


@pytest.mark.parametrize("count", [1, 3])
def test_preview_costs_the_same_for_one_person_and_three(client, keeper, count, django_assert_num_queries):
    for n in range(count):
        make.person(f"P{n}", email=f"p{n}@example.org")
    client.force_login(keeper)
    url = send(client, lines(*(row(person=f"p{n}@example.org") for n in range(count)))).url
    client.get(url)
    with django_assert_num_queries(18):
        client.get(url)


def test_days_and_totals_agree_whatever_the_file(keeper):
    """What is written is what the file says, person by person and day by day."""
    rows = [
        row(
            f"2026-11-{1 + n % 15:02}",
            person=f"p{n % 4}@example.org",
            task=f"T{n % 6}",
            minutes=str(1 + n % 90),
        )
        for n in range(200)
    ]
    importing.apply(importing.plan(lines(*rows)), by=keeper)
    asked: Counter = Counter()
    for text in rows:
        day, email, _role, _task, _project, minutes, _note = text.split(",")
        asked[email, day] += int(minutes)
    written_down: Counter = Counter()
    for entry in TimeEntry.objects.select_related("person"):
        written_down[entry.person.email, entry.day.isoformat()] += entry.minutes
    assert written_down == asked
