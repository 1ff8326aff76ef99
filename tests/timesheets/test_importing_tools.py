"""Files of other tools: recognised, read to the minute, their words said once and remembered."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from members.models import Power
from tests import make
from timesheets import exporting, file_cells, hours_file, importing
from timesheets.file_reading import Reading, tool_of
from timesheets.importing import Choices, Found
from timesheets.models import HoursFileReading, Project, TimeEntry

pytestmark = pytest.mark.django_db
POWERS = [Power.ADMIT_PEOPLE, Power.KEEP_ROLES, Power.KEEP_PROJECTS]

# As the detailed export of each tool has it: the columns are theirs, the hours are made up.
EXPORTS = Path(__file__).parent / "exports"
TOGGL, CLOCKIFY, HARVEST, KIMAI, SOLIDTIME = (
    (EXPORTS / f"{tool}.csv").read_text() for tool in ("toggl", "clockify", "harvest", "kimai", "solidtime")
)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"), translation.override("en-ca"):
        yield


@pytest.fixture
def ana():
    return make.person("Ana", family_name="Essai", email="ana@example.org", language="en-ca")


@pytest.fixture
def keeper():
    return make.person("Keeper", language="en-ca", powers=POWERS)


def send(client, content: str | bytes):
    whole = content.encode() if isinstance(content, str) else content
    return client.post(reverse("timesheets:import"), {"file": SimpleUploadedFile("export.csv", whole)})


def meaning(page, **means) -> dict:
    """What the page would send back as it stands, with what is changed of it."""
    data = {"means": "1"}
    form = page.context["reading"]
    for name in form.fields:
        value = form[name].value()
        data[name] = "" if value is None else str(value)
    for words in page.context["choices"].lists:
        data |= {
            f"{words.prefix}-TOTAL_FORMS": len(words.forms),
            f"{words.prefix}-INITIAL_FORMS": len(words.forms),
        }
        for one in words:
            for name in ("key", "means"):
                data[one[name].html_name] = one[name].value() or ""
            if one["left_out"].value():
                data[one["left_out"].html_name] = "on"
            said = means.pop(one.word.text or "nothing", "as it is")
            if said is None:
                data[one["left_out"].html_name] = "on"
            elif said != "as it is":
                data[one["means"].html_name] = said
    return data | means


@pytest.mark.parametrize(
    ("content", "tool", "found"),
    [
        (
            TOGGL,
            "Toggl Track",
            [
                (2, "Page d’accueil", 90),
                (2, "Menu, pied", 30),
                # Past midnight: an hour and a half on the Monday, an hour on the Tuesday.
                (2, "Courriels", 90),
                (3, "Courriels", 60),
            ],
        ),
        (CLOCKIFY, "Clockify", [(13, "Maquette", 90), (12, "Maquette", 60)]),
        # 0.33 h is the twenty minutes Harvest wrote short, each time.
        (HARVEST, "Harvest", [(2, "Logo", 20), (2, "Couleurs", 20), (3, "Papeterie", 75)]),
        (KIMAI, "Kimai", [(2, "Maquette", 105), (3, "Revue", 30)]),
        (SOLIDTIME, "solidtime", [(2, "Maquette", 60), (2, "Veille", 31)]),
    ],
)
def test_export_of_a_tool_is_recognised_and_read_to_the_minute(content, tool, found):
    table = hours_file.table_of(content)
    assert tool_of(table.headers) == tool
    read = hours_file.read(content)
    assert read.refusals == []
    assert [(row.day.day, row.note, row.minutes) for row in read.rows] == found
    assert {row.person.split("@")[0].split(" ")[0] for row in read.rows} <= {"ANA", "ana", "Ana"}
    assert abs(read.seconds - 60 * sum(row.minutes for row in read.rows)) <= 30 * len(found)


@pytest.mark.parametrize("content", [TOGGL, CLOCKIFY, HARVEST, KIMAI, SOLIDTIME])
def test_hours_of_a_tool_are_written_once_said_and_none_twice(client, ana, keeper, content):
    make.task("Design", role="Web")
    client.force_login(keeper)
    url = send(client, content).url
    page = client.get(url)
    data = meaning(page, nothing="Web › Design")
    page = client.get(client.post(url, data).url)
    plan = page.context["plan"]
    assert plan.refusals == []
    in_file = plan.minutes_in_file
    client.post(url)
    assert sum(TimeEntry.objects.values_list("minutes", flat=True)) == in_file > 0
    assert {entry.person for entry in TimeEntry.objects.all()} == {ana}
    page = client.get(url)
    assert page.context["plan"].is_wholly_there
    assert page.context["plan"].minutes_there == in_file


def test_total_line_is_no_entry(client, keeper, ana):
    assert hours_file.read(KIMAI).total_line == 4
    client.force_login(keeper)
    html = client.get(send(client, KIMAI).url).content.decode()
    assert "Line 4 only adds up the others: it is no entry." in html


def test_projects_of_two_clients_under_one_name_are_two(ana, keeper):
    make.task("Design", role="Web")
    importing.apply(importing.plan(CLOCKIFY, by=keeper, powers=POWERS), by=keeper)
    assert sorted(Project.objects.values_list("name", "client__name")) == [
        ("Site (Coop Nord)", "Coop Nord"),
        ("Site (Coop Sud)", "Coop Sud"),
    ]


def test_names_too_long_together_are_still_two_projects_and_found_again(ana, keeper):
    make.task("Design", role="Web")
    content = CLOCKIFY.replace('"Site"', f'"{"S" * 118}"')
    content = content.replace("Coop Sud", "Autre")
    importing.apply(importing.plan(content, by=keeper, powers=POWERS), by=keeper)
    again = importing.plan(content, by=keeper, powers=POWERS)
    assert again.is_wholly_there
    assert {len(name) for name in Project.objects.values_list("name", flat=True)} == {120}


def test_project_of_one_client_keeps_its_name_and_client(ana, keeper):
    make.task("Design", role="Web")
    importing.apply(importing.plan(HARVEST, by=keeper, powers=POWERS), by=keeper)
    assert list(Project.objects.values_list("name", "client__name")) == [("Site", "Coop Nord")]


def test_projects_keep_their_client_when_the_page_is_sent_back_as_it_is(client, ana, keeper):
    make.task("Design", role="Web")
    client.force_login(keeper)
    url = send(client, CLOCKIFY).url
    client.post(url, meaning(client.get(url)))
    client.post(url)
    assert sorted(Project.objects.values_list("name", "client__name")) == [
        ("Site (Coop Nord)", "Coop Nord"),
        ("Site (Coop Sud)", "Coop Sud"),
    ]


# What the words mean --------------------------------------------------------------------------------


def test_words_are_said_once_then_remembered_for_the_next_file(client, ana, keeper):
    make.task("Maquettes", role="Graphisme")
    client.force_login(keeper)
    url = send(client, HARVEST.replace("Essai", "Tremblay")).url
    page = client.get(url)
    html = page.content.decode()
    assert "“Design” is no task known here, or several: say which it is." in html
    assert "“Ana Tremblay” is nobody known here: say whose hours these are." in html
    assert "Import 3 entries" not in html
    said = {"Ana Tremblay": "ana@example.org", "Design": "Graphisme › Maquettes"}
    page = client.get(client.post(url, meaning(page, **said)).url)
    assert "Import 3 entries" in page.content.decode()
    client.post(url)
    assert {str(entry.task) for entry in TimeEntry.objects.all()} == {"Maquettes"}
    # December's file has the same columns: nothing is asked again.
    december = HARVEST.replace("2026-11-0", "2026-10-0").replace("Essai", "Tremblay")
    page = client.get(send(client, december).url)
    assert page.context["plan"].refusals == []
    assert page.context["plan"].entries == 3
    assert HoursFileReading.objects.get().person == keeper


def test_what_is_left_out_is_counted_and_creates_nothing(client, ana, keeper):
    make.task("Design", role="Web")
    client.force_login(keeper)
    url = send(client, CLOCKIFY).url
    data = meaning(client.get(url), **{"Coop Sud › Site": None})
    page = client.get(client.post(url, data).url)
    plan = page.context["plan"]
    assert (plan.entries, plan.left_out, plan.minutes, plan.minutes_left_out) == (1, 1, 90, 60)
    assert "Lines left out</dt><dd>1 (1\u00a0h)" in page.content.decode()
    client.post(url)
    assert list(Project.objects.values_list("name", flat=True)) == ["Site (Coop Nord)"]


def test_another_column_may_be_the_task(client, ana, keeper):
    client.force_login(keeper)
    url = send(client, TOGGL).url
    page = client.get(url)
    tags = page.context["reading"].table.headers.index("Tags")
    data = meaning(page, task=str(tags))
    page = client.get(client.post(url, data).url)
    assert [word.text for word in page.context["plan"].task_words] == ["", "web, css"]


def test_a_new_role_and_task_are_written_with_a_sign_between(ana, keeper):
    said = Choices(tasks={("", "Design"): "Graphisme › Maquettes"})
    plan = importing.plan(HARVEST, choices=said, by=keeper, powers=POWERS)
    assert ([str(role) for role in plan.new_roles], [str(task) for task in plan.new_tasks]) == (
        ["Graphisme"],
        ["Maquettes"],
    )


def test_task_name_of_two_roles_is_asked(ana, keeper):
    make.task("Design", role="Web")
    make.task("Design", role="Imprimerie")
    plan = importing.plan(HARVEST, by=keeper, powers=POWERS)
    assert [word.state for word in plan.task_words] == [Found.UNKNOWN]


@pytest.mark.parametrize("name", ["Essai, Ana", "ESSAI Ana", "ana essai", "Ána Éssai"])
def test_people_are_known_by_their_name_in_any_order(ana, keeper, name):
    make.task("Design", role="Web")
    content = SOLIDTIME.replace("Ana Essai", f'"{name}"')
    plan = importing.plan(content, by=keeper, powers=POWERS)
    assert [word.means for word in plan.person_words] == ["ana@example.org"]


def test_name_of_two_people_is_asked(ana, keeper):
    make.person("Ana", family_name="Essai", email="other@example.org")
    make.task("Design", role="Web")
    plan = importing.plan(SOLIDTIME, by=keeper, powers=POWERS)
    assert [word.state for word in plan.person_words] == [Found.UNKNOWN]


def test_broken_lists_of_words_are_a_page_not_a_fault(client, ana, keeper):
    client.force_login(keeper)
    url = send(client, HARVEST).url
    data = meaning(client.get(url))
    for broken in (
        {"tasks-0-key": "[" * 5000},
        {"tasks-0-key": '"x"'},
        {"people-0-key": "[1]"},
        {"people-0-means": "a\x00b"},
        {"people-0-means": "x" * 201},
        {"people-TOTAL_FORMS": "9999999"},
        {"people-TOTAL_FORMS": "x"},
        {"day": "99"},
        {"unit": "days"},
    ):
        assert client.post(url, data | broken).status_code in (200, 302), broken
    assert not TimeEntry.objects.exists()


# One's own hours ------------------------------------------------------------------------------------


def test_anyone_imports_their_own_hours_on_what_exists(client, ana):
    make.task("Design", role="Web")
    Project.objects.create(name="Site")
    client.force_login(ana)
    url = send(client, HARVEST).url
    assert "Import 3 entries" in client.get(url).content.decode()
    client.post(url)
    assert TimeEntry.objects.filter(person=ana).count() == 3


def test_file_without_people_holds_ones_own_hours(client, ana):
    make.task("Design", role="Web")
    client.force_login(ana)
    url = send(client, "date;task;hours\n2026-11-02;Design;1,5").url
    client.post(url)
    entry = TimeEntry.objects.get()
    assert (entry.person, entry.minutes) == (ana, 90)


def test_hours_of_others_are_left_out_or_refused(client, ana):
    make.person("Bea", family_name="Essai", email="bea@example.org")
    make.task("Design", role="Web")
    client.force_login(ana)
    content = (
        "date,person,task,hours\n2026-11-02,ana@example.org,Design,1\n2026-11-02,bea@example.org,Design,2"
    )
    url = send(client, content).url
    page = client.get(url)
    assert "The file holds hours of other people" in page.content.decode()
    assert 'bea@example.org">' not in page.content.decode()
    client.post(url)
    assert not TimeEntry.objects.exists()
    page = client.get(client.post(url, meaning(page, **{"bea@example.org": None})).url)
    assert (page.context["plan"].entries, page.context["plan"].minutes_left_out) == (1, 120)
    client.post(url)
    assert [entry.person for entry in TimeEntry.objects.all()] == [ana]


def test_nobody_takes_anothers_hours_by_a_choice(ana):
    bea = make.person("Bea", email="bea@example.org")
    make.task("Design", role="Web")
    content = "date,person,task,hours\n2026-11-02,x,Design,1"
    plan = importing.plan(content, choices=Choices(people={"x": bea.email}), by=ana)
    with pytest.raises(importing.PowerMissing):
        importing.apply(plan, by=ana)
    assert not TimeEntry.objects.exists()


def test_hours_exported_from_here_come_back_as_they_were(ana, keeper):
    make.sheet(ana, hours={"mon": 7.5, "tue": 1.25}, task=make.task("Design", role="Web"))
    export = exporting.Export(date(2026, 11, 1), date(2026, 11, 30), person=ana)
    content = "\n".join(";".join(f'"{cell}"' for cell in line) for line in exporting.rows(export))
    plan = importing.plan(content, by=keeper, powers=POWERS)
    assert plan.refusals == []
    assert plan.is_wholly_there
    assert (plan.already_there, plan.minutes_there) == (2, 525)


# Days, times and lengths ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("1:30", "", 5400),
        ("01:30:15", "", 5415),
        ("1h30", "", 5400),
        ("90 min", "", 5400),
        ("PT1H30M", "", 5400),
        ("PT45S", "", 45),
        ("1.5", "hours", 5400),
        ("1,5", "hours", 5400),
        ("0.33", "hours", 1200),
        ("0.50833333333333", "hours", 1830),
        ("90", "minutes", 5400),
        ("5400", "seconds", 5400),
        ("1:75", "hours", None),
        ("PT", "hours", None),
        ("", "hours", None),
        ("-1", "hours", None),
        ("1e2", "minutes", None),
    ],
)
def test_lengths_of_time_of_other_tools(text, unit, seconds):
    assert file_cells.seconds(text, unit) == seconds


def test_a_bare_number_without_a_unit_is_asked_once():
    read = hours_file.read("date,duration\n2026-11-02,3\n2026-11-03,4")
    assert [refusal.sentence for refusal in read.refusals] == [
        "“3” can be hours, minutes or seconds: say which it is."
    ]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-11-02", "", date(2026, 11, 2)),
        ("2026/11/2", "", date(2026, 11, 2)),
        ("02/11/2026", "dmy", date(2026, 11, 2)),
        ("11/02/2026", "mdy", date(2026, 11, 2)),
        ("13.11.26", "", date(2026, 11, 13)),
        ("2026-11-02T23:30:00", "", date(2026, 11, 2)),
        ("2026-11-03 02:30 AM", "", date(2026, 11, 3)),
        # Half past two in Greenwich is the evening before in Montréal.
        ("2026-11-03T02:30:00Z", "", date(2026, 11, 2)),
        ("2026-11-03T02:30:00+02:00", "", date(2026, 11, 2)),
        ("31/02/2026", "dmy", None),
        ("2026-11-02T99:00", "", None),
        ("hier", "", None),
    ],
)
def test_days_of_other_tools(text, order, day):
    found = file_cells.moment(text, order, ZoneInfo("America/Montreal"))
    assert (found and found.day) == day


def test_order_of_days_is_told_by_the_days_or_asked():
    assert file_cells.order_of(["03/04/2026", "13/04/2026"]) == "dmy"
    assert file_cells.order_of(["03/04/2026", "03/14/2026 10:00"]) == "mdy"
    assert file_cells.order_of(["03/04/2026"]) == ""
    assert file_cells.order_of(["13/14/2026", "14/13/2026"]) == ""
    content = "date,hours\n03/04/2026,1\n05/06/2026,2"
    assert [refusal.line for refusal in hours_file.read(content).refusals] == [2]
    read = hours_file.read_as(
        hours_file.table_of(content), Reading({"day": 0, "duration": 1}, day_order="dmy", unit="hours")
    )
    assert [row.day for row in read.rows] == [date(2026, 4, 3), date(2026, 6, 5)]


def test_start_and_end_make_the_length():
    read = hours_file.read("date,start,end\n2026-11-02,9:00,17:30\n2026-11-03,11 PM,1 AM")
    assert [(row.day.day, row.minutes) for row in read.rows] == [(2, 510), (3, 60), (4, 60)]


LENGTHS = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from(["ana", "bea"]), st.integers(0, 4 * 3600)),
    min_size=1,
    max_size=40,
)


@given(LENGTHS)
def test_seconds_become_minutes_and_each_day_keeps_its_total(entries):
    lines = [
        f"2026-11-{day:02},{who}@example.org,{length // 3600}:{length // 60 % 60:02}:{length % 60:02}"
        for day, who, length in entries
    ]
    read = hours_file.read("\n".join(["date,email,duration", *lines]))
    assert read.refusals == []
    assert read.seconds == sum(length for _day, _who, length in entries)
    for day in range(1, 6):
        for who in ("ana", "bea"):
            said = sum(length for on, name, length in entries if (on, name) == (day, who))
            got = sum(
                row.minutes for row in read.rows if (row.day.day, row.person) == (day, f"{who}@example.org")
            )
            assert abs(said - got * 60) <= 30
    assert len(read.rows) + len(read.without_time) == len(entries)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(content):
    read = hours_file.read(b"date,start,end,duration,task\n" + content)
    assert read.rows or read.refusals or read.without_time or read.total_line


@given(st.text(max_size=30), st.sampled_from(["", "hours", "minutes", "seconds"]))
def test_no_text_breaks_a_length_a_day_or_a_time(text, unit):
    with suppress(file_cells.Ambiguous):
        file_cells.seconds(text, unit)
    with suppress(file_cells.Ambiguous):
        file_cells.moment(text, "", ZoneInfo("UTC"))
    file_cells.minute_of_day(text)
    file_cells.order_of([text])
