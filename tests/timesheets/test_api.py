"""One's own hours as JSON: what a key opens, what is written, what is refused and how it is said."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.models import Person
from roles.models import Task
from tests import make
from timesheets import api, tokens, workflow
from timesheets.models import Project, TimeEntry, Timer, WeekSheet

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-20T15:00:00Z", tick=False), translation.override("en-ca"):
        yield


@pytest.fixture
def ana():
    return make.person("Ana", language="en-ca")


@pytest.fixture
def design():
    return make.task("Design", role="Web")


class Program:
    """A program that holds a key."""

    def __init__(self, person, opens="api"):
        _token, self.secret = tokens.make(person, opens=opens, name="cli")
        self.headers = {"Authorization": f"Bearer {self.secret}"}

    def ask(self, method, path, body=None, **headers):
        extra = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return Client().generic(method, f"{api.ROOT}{path}", headers=self.headers | headers, **extra)

    def said(self, method, path, body=None, status=200):
        answer = self.ask(method, path, body)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None


@pytest.fixture
def program(ana):
    return Program(ana)


# What a key opens -----------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic x"}])
def test_without_a_key_nothing_opens(client, ana, headers):
    client.force_login(ana)
    answer = client.get(f"{api.ROOT}timer/", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_key_of_a_calendar_opens_no_hours_and_a_program_no_calendar(client, ana, program):
    assert Program(ana, opens="own_calendar").ask("GET", "timer/").status_code == 401
    assert client.get(reverse("timesheets:feed", args=[program.secret])).status_code == 404


def test_revoked_key_and_closed_account_open_nothing(ana, program):
    other = Program(ana)
    tokens.revoke(ana.access_tokens.latest("pk"), by=ana)
    assert other.ask("GET", "timer/").status_code == 401
    assert program.ask("GET", "timer/").status_code == 200
    Person.objects.filter(pk=ana.pk).update(closed_at="2026-11-20T00:00Z")
    assert program.ask("GET", "timer/").status_code == 401


def test_answers_are_kept_by_no_cache(program):
    assert "no-store" in program.ask("GET", "timer/").headers["Cache-Control"]


def test_key_is_made_on_the_page_and_shown_once(client, ana):
    client.force_login(ana)
    html = client.post(reverse("timesheets:tools"), {"opens": "api", "name": "cli"}).content.decode()
    secret = html.split("<code>")[1].split("</code>")[0]
    assert Client().get(f"{api.ROOT}timer/", headers={"Authorization": f"Bearer {secret}"}).json() is None
    assert secret not in client.get(reverse("timesheets:tools")).content.decode()


# Reading --------------------------------------------------------------------------------------------


def test_week_says_its_state_target_and_entries(ana, program, design):
    make.sheet(ana, starts_on=MONDAY, hours={"mon": 7, "tue": 1.5}, task=design)
    week = program.said("GET", "weeks/2026-11-18/")
    assert (week["starts_on"], week["ends_on"], week["state"], week["minutes"]) == (
        "2026-11-16",
        "2026-11-22",
        "draft",
        510,
    )
    assert week["agreed_minutes"] == ana.work_statuses.get().agreed_minutes_per_week
    entry = week["entries"][0]
    assert (entry["day"], entry["minutes"], entry["task"]) == (
        "2026-11-16",
        420,
        {"id": design.pk, "name": "Design", "role": "Web"},
    )


def test_entries_of_a_period_are_ones_own(ana, program, design):
    bea = make.person("Bea")
    for someone in (ana, bea):
        make.sheet(someone, starts_on=MONDAY, hours={"mon": 7, "tue": 1}, task=design)
    found = program.said("GET", "entries/?from=2026-11-17&to=2026-11-30")
    assert [entry["minutes"] for entry in found] == [60]
    assert found[0]["id"] in TimeEntry.objects.filter(person=ana).values_list("pk", flat=True)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=2026-11-02",
        "from=2026-11-02&to=2026-11-01",
        "from=x&to=y",
        "from=2026-01-01&to=2028-01-01",
        "from=0001-01-01&to=0001-01-02",
    ],
)
def test_period_that_makes_no_sense_is_refused(program, query):
    answer = program.ask("GET", f"entries/?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_tasks_and_projects_that_ended_are_not_offered(program, design):
    Task.objects.filter(pk=make.task("Old", role="Web").pk).update(retired_on=MONDAY)
    Project.objects.create(name="Site")
    Project.objects.create(name="Done", closed_on=MONDAY)
    assert [task["name"] for task in program.said("GET", "tasks/")] == ["Design"]
    assert [project["name"] for project in program.said("GET", "projects/")] == ["Site"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("weeks/2026-11-18/", 5), ("entries/?from=2026-11-16&to=2026-11-22", 2), ("tasks/", 2)],
)
def test_reading_costs_the_same_for_one_line_and_three(
    ana, program, design, path, queries, count, django_assert_num_queries
):
    days = dict(list({"mon": 1, "tue": 2, "wed": 3}.items())[:count])
    make.sheet(ana, starts_on=MONDAY, hours=days, task=design)
    with django_assert_num_queries(queries):
        program.said("GET", path)


# Writing --------------------------------------------------------------------------------------------


def test_time_is_logged_changed_and_removed(ana, program, design):
    site = Project.objects.create(name="Site")
    made = program.said(
        "POST",
        "entries/",
        {"day": "2026-11-18", "task": design.pk, "project": site.pk, "minutes": 90, "note": " Accueil "},
        201,
    )
    assert (made["minutes"], made["note"], made["state"], made["project"]["name"]) == (
        90,
        "Accueil",
        "draft",
        "Site",
    )
    path = f"entries/{made['id']}/"
    changed = program.said("PATCH", path, {"version": made["version"], "minutes": 75})
    assert (changed["minutes"], changed["note"]) == (75, "Accueil")
    program.said("DELETE", f"{path}?version={changed['version']}", status=204)
    assert not TimeEntry.objects.filter(person=ana).exists()


def test_changed_meanwhile_is_told_and_nothing_is_written(ana, program, design):
    made = program.said("POST", "entries/", {"day": "2026-11-18", "task": design.pk, "minutes": 90}, 201)
    path = f"entries/{made['id']}/"
    with time_machine.travel("2026-11-20T15:05:00Z"):
        program.said("PATCH", path, {"version": made["version"], "minutes": 30})
    told = program.said("PATCH", path, {"version": made["version"], "minutes": 60}, 409)
    assert told["entry"]["minutes"] == 30
    assert program.ask("DELETE", f"{path}?version={made['version']}").status_code == 409
    assert TimeEntry.objects.get().minutes == 30


def test_two_lines_of_one_day_are_two_and_each_is_changed_alone(program, design):
    body = {"day": "2026-11-18", "task": design.pk, "minutes": 90}
    one, two = program.said("POST", "entries/", body, 201), program.said("POST", "entries/", body, 201)
    assert one["id"] != two["id"]
    program.said("PATCH", f"entries/{one['id']}/", {"version": one["version"], "note": "Premier"})
    assert sorted(TimeEntry.objects.values_list("minutes", "note")) == [(90, ""), (90, "Premier")]


def test_hours_of_others_are_not_there(program, design):
    bea = make.person("Bea")
    make.sheet(bea, starts_on=MONDAY, hours={"mon": 7}, task=design)
    entry = TimeEntry.objects.get()
    version = "0" * 16
    for method, path, body in (
        ("PATCH", f"entries/{entry.pk}/", {"version": version, "minutes": 1}),
        ("DELETE", f"entries/{entry.pk}/?version={version}", None),
    ):
        assert program.ask(method, path, body).status_code == 404
    entry.refresh_from_db()
    assert entry.minutes == 420


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_week_that_is_decided_or_waiting_takes_nothing(ana, program, design, state):
    if state == "submitted":
        workflow.submit(make.sheet(ana, starts_on=MONDAY, hours={"mon": 7}, task=design), by=ana)
    else:
        make.approved(ana, starts_on=MONDAY, hours={"mon": 7}, task=design)
    entry = TimeEntry.objects.get()
    version = program.said("GET", "weeks/2026-11-16/")["entries"][0]["version"]
    answer = program.ask("PATCH", f"entries/{entry.pk}/", {"version": version, "minutes": 1})
    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert program.said("GET", "weeks/2026-11-16/")["entries"][0]["state"] == state
    assert TimeEntry.objects.get().minutes == 420


@pytest.mark.parametrize(
    "body",
    [
        {"minutes": 0},
        {"minutes": 1441},
        {"minutes": "x"},
        {"minutes": 10**30},
        {"day": "2026-11-21"},
        {"day": "hier"},
        {"day": "0001-01-01"},
        {"task": 999_999},
        {"task": 10**20},
        {"project": 999_999},
        {"note": "x" * 501},
        {"note": "a\u0000b"},
        {"note": "a\u202eb"},
    ],
)
def test_what_cannot_be_written_is_refused_with_a_sentence(program, design, body):
    whole = {"day": "2026-11-18", "task": design.pk, "minutes": 60} | body
    answer = program.ask("POST", "entries/", whole)
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith((".", "…"))
    assert not WeekSheet.objects.exists()


def test_sentences_are_in_the_language_asked_for(ana, program, design):
    body = {"day": "2026-11-21", "task": design.pk, "minutes": 60}
    assert "has not come yet" in program.said("POST", "entries/", body, 422)["detail"]
    answer = program.ask("POST", "entries/", body, **{"Accept-Language": "fr"})
    assert "n’est pas encore" in answer.json()["detail"] or "pas arrivé" in answer.json()["detail"]


# The timer ------------------------------------------------------------------------------------------


def test_timer_is_started_switched_and_stopped_into_its_day(ana, program, design):
    other = make.task("Courriels", role="Web")
    assert program.said("GET", "timer/") is None
    started = program.said("PUT", "timer/", {"task": design.pk, "note": "Accueil"})
    assert (started["task"]["name"], started["minutes"], started["is_forgotten"]) == ("Design", 0, False)
    with time_machine.travel("2026-11-20T16:30:00Z", tick=False):
        assert program.said("GET", "timer/")["minutes"] == 90
        program.said("PUT", "timer/", {"task": other.pk})
        assert TimeEntry.objects.get().minutes == 90
    with time_machine.travel("2026-11-20T17:00:00Z", tick=False):
        assert program.said("POST", "timer/stop/", {}) == {
            "day": "2026-11-20",
            "task": other.pk,
            "project": None,
            "minutes": 30,
        }
    assert sum(entry.minutes for entry in TimeEntry.objects.all()) == 120
    assert program.said("POST", "timer/stop/", {}, 409)["detail"] == "No timer is running."


def test_forgotten_timer_asks_how_long_it_was(program, design):
    program.said("PUT", "timer/", {"task": design.pk})
    with time_machine.travel("2026-11-21T15:00:00Z", tick=False):
        assert program.said("GET", "timer/")["is_forgotten"]
        assert "say how long" in program.said("POST", "timer/stop/", {}, 409)["detail"]
        assert program.said("POST", "timer/stop/", {"minutes": 120})["minutes"] == 120


def test_timer_may_be_forgotten_on_purpose(program, design):
    program.said("PUT", "timer/", {"task": design.pk})
    program.said("DELETE", "timer/", status=204)
    assert not Timer.objects.exists()
    assert not TimeEntry.objects.exists()
    assert program.ask("DELETE", "timer/").status_code == 409


# Its description ------------------------------------------------------------------------------------


def test_page_and_description_tell_each_operation_in_both_languages(client, ana):
    client.force_login(ana)
    pages = {}
    for language in ("en-ca", "fr-ca"):
        Person.objects.update(language=language)
        with translation.override(language):
            described, operations = api.description(), api.operations()
        pages[language] = html = client.get(reverse("timesheets:programs")).content.decode()
        asked = {(path, method) for path, methods in described["paths"].items() for method in methods}
        assert {(one.path, one.method.lower()) for one in operations} == asked
        assert len(asked) == 12
        for one in operations:
            assert f"<code>{one.method} {one.path}</code>" in html
    assert "Stop the timer" in pages["en-ca"]
    assert "Stop the timer" not in pages["fr-ca"]
    served = Client().get(reverse("timesheets:openapi"), headers={"Accept-Language": "en"}).json()
    assert served["openapi"].startswith("3.1")
    refused = served["paths"]["/api/v1/entries/"]["post"]["responses"]["422"]
    assert list(refused["content"]) == ["application/problem+json"]
    assert served["components"]["securitySchemes"]["Key"] == {"type": "http", "scheme": "bearer"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("day", "task", "project", "minutes", "note", "version"), JSON)
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # however busy the machine
@given(
    st.one_of(BODIES, JSON),
    st.sampled_from(
        [("POST", "entries/"), ("PUT", "timer/"), ("POST", "timer/stop/"), ("PATCH", "entries/1/")]
    ),
)
def test_no_body_is_an_error_of_ours(body, where):
    person = Person.objects.first() or make.person("Ana")
    method, path = where
    answer = Program(person).ask(method, path, body)
    assert answer.status_code < 500
    assert answer.status_code != 200 or path == "timer/stop/"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b'"\\u0000"'])
def test_no_bytes_are_an_error_of_ours(program, content):
    for method, path in (("POST", "entries/"), ("PUT", "timer/")):
        answer = Client().generic(
            method, f"{api.ROOT}{path}", content, content_type="application/json", headers=program.headers
        )
        assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "weeks/9999-12-31/",
        "weeks/0001-01-01/",
        "weeks/x/",
        "weeks/%00/",
        "entries/0/",
        "entries/99999999999999999999999/",
        "entries/x/",
    ],
)
def test_strange_addresses_are_no_error_of_ours(program, path):
    for method in ("GET", "PATCH", "DELETE"):
        assert 400 <= program.ask(method, path, {"version": "2026-11-18T00:00:00Z"}).status_code < 500


def test_an_hour_is_a_week_later_still_the_same(program, design):
    """What is logged through a key is what the page of the week shows."""
    made = program.said("POST", "entries/", {"day": "2026-11-18", "task": design.pk, "minutes": 60}, 201)
    with time_machine.travel(date(2026, 11, 20) + timedelta(days=7)):
        assert program.said("GET", "weeks/2026-11-18/")["entries"] == [made]


def test_mentor_of_a_learning_hour_is_read_and_written(ana, program, design):
    bob, away = make.person("Bob"), make.person("Loin", kind=None)
    assert program.said("GET", "people/") == [{"id": bob.pk, "name": str(bob)}]
    asked = {"day": "2026-11-16", "task": design.pk, "minutes": 60, "learning_with": bob.pk}
    made = program.said("POST", "entries/", asked, status=201)
    assert made["learning_with"] == {"id": bob.pk, "name": str(bob)}
    assert program.said("GET", "weeks/2026-11-16/")["entries"][0]["learning_with"]["id"] == bob.pk
    path = f"entries/{made['id']}/"
    kept = program.said("PATCH", path, {"version": made["version"], "minutes": 90})
    assert (kept["minutes"], kept["learning_with"]["id"]) == (90, bob.pk)
    for nobody in (ana.pk, away.pk, 999_999):
        body = {"version": kept["version"], "learning_with": nobody, "minutes": 30}
        assert program.said("PATCH", path, body, status=422)["detail"]
    assert TimeEntry.objects.get().minutes == 90  # all or nothing
    gone = program.said("PATCH", path, {"version": kept["version"], "learning_with": None})
    assert gone["learning_with"] is None
    assert gone["version"] != kept["version"]
    WeekSheet.objects.update(state="submitted", submitted_at="2026-11-20T15:00Z", handed_in={})
    body = {"version": gone["version"], "learning_with": bob.pk}
    assert program.said("PATCH", path, body, status=409)["detail"]
