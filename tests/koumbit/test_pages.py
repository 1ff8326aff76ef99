"""The frame of every page: language, headers, menu, nothing inline, generic lists and forms, errors."""

import gzip
import html
import re
from http import HTTPStatus
from pathlib import Path

import allauth
import django_tables2 as tables
import polib
import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles.finders import find
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from koumbit import middleware, views
from koumbit.privacy import KEPT
from koumbit.tables import MOST_ROWS, paged
from members import accounts
from members.models import Cooperative, Person, Power
from roles.models import Assignment
from tests import make

pytestmark = pytest.mark.django_db

OPEN = ["account_login", "account_reset_password", "account_reset_password_done", "account_signup", "privacy"]
OWN = [
    "home",
    "privacy",
    "welcome",
    "account_change_password",
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
    "usersessions_list",
]
INLINE = re.compile(r"<style|<[^>]+\s(?:style|on\w+)=|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.IGNORECASE | re.DOTALL)


@pytest.fixture
def ana():
    make.cooperative(privacy_officer="Dominique Responsable", email="coop@example.org")
    person = make.person("Ana", powers=list(Power))
    accounts.vouch_for_email(person)
    return person


@pytest.fixture
def inside(client, ana):
    client.post(reverse("account_login"), {"login": ana.email, "password": "essai-essai-essai"})
    client.post(reverse("account_reauthenticate"), {"password": "essai-essai-essai"})
    return client


def check_frame(response, language="fr-CA"):
    page = response.content.decode()
    assert f'<html lang="{language}">' in page
    assert page.count("<h1") == page.count("<main") == 1
    assert re.search(r"<title>\s*\S", page)
    assert '<a class="skip" href="#content">' in page
    assert not INLINE.search(page), INLINE.search(page)
    for script in SCRIPT.finditer(page):
        assert "src=" in script["attributes"] or 'type="application/json"' in script["attributes"]
    for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if 'type="hidden"' not in field:
            name = re.search(r'\bid="([^"]+)"', field)
            assert name, field
            assert f'for="{name[1]}"' in page, field
    policy = response.headers["Content-Security-Policy"]
    for directive in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "worker-src 'self'",
    ):
        assert directive in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("name", OPEN)
def test_open_page_has_its_frame(client, name):
    make.cooperative()
    response = client.get(reverse(name))
    assert response.status_code == HTTPStatus.OK
    check_frame(response)


@pytest.mark.parametrize("name", OWN)
def test_own_page_has_its_frame_and_is_stored_nowhere(inside, name):
    response = inside.get(reverse(name))
    assert response.status_code == HTTPStatus.OK
    check_frame(response)
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("name", OWN)
def test_own_page_is_in_english_for_who_reads_english(inside, ana, name):
    accounts.choose_language(ana, "en-ca")
    check_frame(inside.get(reverse(name)), language="en-CA")


def test_no_page_says_e_mail_in_french(inside):
    for name in {*OWN, *OPEN} - {"account_login"}:
        page = inside.get(reverse(name), follow=True).content.decode()
        assert "e-mail" not in re.sub(r"<[^>]*>", " ", page), name


def test_no_page_has_a_straight_apostrophe_in_french(inside):
    for name in {*OWN, *OPEN} - {"account_login"}:
        page = inside.get(reverse(name), follow=True).content.decode()
        assert re.findall(r"\w+'\w+", html.unescape(re.sub(r"<[^>]*>", " ", page))) == [], name


def test_accounts_catalog_overrides_every_e_mail_of_allauth_and_is_compiled():
    ours = Path(__file__).parents[2] / "koumbit/locale_accounts/fr_CA/LC_MESSAGES/django.po"
    catalog = polib.pofile(str(ours))
    assert catalog.to_binary() == ours.with_suffix(".mo").read_bytes()
    assert [entry.msgid for entry in catalog if re.search(r"e-?mails?\b", _words(entry.msgstr), re.I)] == []
    theirs = polib.pofile(str(Path(allauth.__file__).parent / "locale/fr/LC_MESSAGES/django.po"))
    said = {entry.msgid for entry in catalog}
    elsewhere = re.compile(r"(templates/)?(idp|socialaccount|openid|headless|account/admin)")
    assert [
        entry.msgid
        for entry in theirs
        if not entry.obsolete
        and re.search(r"\be-mail", _words(entry.msgstr), re.I)
        and entry.msgid not in said
        and not all(elsewhere.match(file) for file, _line in entry.occurrences)
    ] == []


def _words(sentence):
    """A sentence without its blanks and addresses."""
    return re.sub(r"%\(\w+\)s|{\w+}|href=\"[^\"]*\"", "", sentence)


# Menu --------------------------------------------------------------------------------------------

FOR_EVERYONE = [
    "timesheets:week",
    "payroll:archive",
    "members:register",
    "members:committees",
    "members:decisions",
    "roles:registry",
    "timesheets:projects",
    "payroll:rates",
    "payroll:calculator",
    "payroll:profile",
    "members:cooperative",
    "members:journal",
    "members:messages",
    "mfa_index",
    "usersessions_list",
]


def test_menu_leads_every_member_everywhere_they_may_go(client):
    make.cooperative()
    worker = make.person()
    client.force_login(worker)
    page = client.get(reverse("home")).content.decode()
    for name in FOR_EVERYONE:
        assert f'href="{reverse(name)}"' in page, name
    assert f'href="{reverse("members:person", args=[worker.pk])}"' in page
    assert f'href="{reverse("timesheets:queue")}"' not in page
    assert f'href="{reverse("payroll:runs")}"' not in page


@pytest.mark.parametrize(
    ("power", "name"),
    [
        (Power.APPROVE_HOURS, "timesheets:queue"),
        (Power.PREPARE_PAY, "payroll:runs"),
        (Power.ISSUE_PAY, "payroll:runs"),
    ],
)
def test_menu_shows_what_a_mandate_opens(client, power, name):
    make.cooperative()
    client.force_login(make.person(powers=[power]))
    assert f'href="{reverse(name)}"' in client.get(reverse("home")).content.decode()


def test_menu_says_which_page_is_open(inside):
    for opened, marked in {
        "usersessions_list": "usersessions_list",
        "mfa_activate_totp": "mfa_index",
        "payroll:employer_year": "payroll:employer",
        "payroll:year_end": "payroll:year_ends",
        "payroll:run_off_cycle": "payroll:runs",
    }.items():
        arguments = [2026] if "year" in opened else []
        page = inside.get(reverse(opened, args=arguments)).content.decode()
        current = re.findall(r'href="([^"]+)" aria-current="page"', page)
        assert set(current) == {reverse(marked)}, opened


def test_frame_asks_the_same_few_queries_for_everyone(inside, django_assert_num_queries):
    inside.get(reverse("privacy"))
    with django_assert_num_queries(3):  # session, person, the co-op with the powers
        inside.get(reverse("privacy"))


def test_first_visit_weighs_less_than_sixty_kilobytes(client):
    """The page and everything it asks for, compressed as the server sends it."""
    make.cooperative()
    page = client.get(reverse("account_login")).content
    files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode()))
    assert {"css/app.css", "vendor/pico/pico.classless.min.css"} <= files
    weight = len(gzip.compress(page)) + sum(
        len(gzip.compress(Path(find(name)).read_bytes())) for name in files
    )
    assert weight <= 60_000


# Home --------------------------------------------------------------------------------------------


def test_home_teaches_who_was_never_paid(client):
    make.cooperative()
    client.force_login(make.person())
    page = client.get(reverse("home"))
    assert page.context["stub"] is None
    assert reverse("timesheets:week") in page.content.decode()
    assert 'id="waits"' not in page.content.decode()


def test_home_asks_no_week_of_who_has_no_work(client):
    make.cooperative()
    client.force_login(make.person("Rosalie", kind=None, language="en-ca"))
    page = client.get(reverse("home")).content.decode()
    assert "no work agreed" in page
    assert "not submitted" not in page
    assert "Waiting for you" not in page


def test_home_shows_the_next_act_of_pay_to_who_does_it(client, time_machine):
    time_machine.move_to("2026-11-30 09:00", tick=False)
    make.cooperative()
    client.force_login(make.person(powers=[Power.PREPARE_PAY]))
    page = client.get(reverse("home"))
    assert page.context["step"].url == "payroll:run_preview"
    assert f'href="{page.context["step_url"]}"' in page.content.decode()
    assert 'id="waits"' in page.content.decode()


def test_home_names_the_week_that_was_forgotten(client, time_machine):
    time_machine.move_to("2026-11-30 09:00", tick=False)
    make.cooperative()
    ana = make.person()
    sheet = make.sheet(ana, hours={"mon": 7})
    client.force_login(ana)
    page = client.get(reverse("home")).content.decode()
    assert reverse("timesheets:sheet", args=[sheet.starts_on]) in page[page.index('id="waits"') :]


def test_home_names_the_roles_of_today_and_the_next(client, time_machine):
    time_machine.move_to("2026-11-30 09:00", tick=False)
    make.cooperative()
    ana = make.person(language="en-ca")
    for role, first, last in (
        ("Comptabilité", "2026-09-01", "2026-12-31"),
        ("Graphisme", "2027-01-01", None),
        ("Soutien", "2026-01-01", "2026-08-31"),
    ):
        Assignment.objects.create(person=ana, task=make.task(role=role), starts_on=first, ends_on=last)
    client.force_login(ana)
    page = client.get(reverse("home")).content.decode()
    now, following = page.split("Next, from 1 January 2027:")
    assert "Comptabilité" in now
    assert "Graphisme" in following
    assert "Soutien" not in page


def test_home_asks_at_most_ten_queries(inside, django_assert_max_num_queries):
    inside.get(reverse("home"))
    with django_assert_max_num_queries(10):
        inside.get(reverse("home"))


# Generic pages -----------------------------------------------------------------------------------


class PersonTable(tables.Table):
    given_name = tables.Column(attrs={"td": {"class": "num"}})
    family_name = tables.Column(orderable=False)

    class Meta:
        model = Person
        fields = ("given_name", "family_name")


def listed(rf, query="", rows=1, **context):
    request = rf.get(f"/{query}")
    request.user = AnonymousUser()
    table = paged(request, PersonTable(Person.objects.by_name()), rows=rows)
    return table, render_to_string(
        "page/list.html", {"title": "Personnes", "table": table} | context, request
    )


def test_list_names_its_columns_and_its_order(rf):
    for name in ("Ana", "Bob", "Chloé"):
        make.person(name)
    table, page = listed(rf, "?sort=-given_name")
    assert re.search(r'<caption class="visually-hidden">Personnes</caption>', page)
    assert page.count('<th scope="col"') == 2
    assert page.count("aria-sort=") == 1
    assert 'aria-sort="descending"' in page
    assert "Chloé" in page
    assert "Ana" not in page
    assert len(table.page) == 1
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("?page=2", "Bob"),
        ("?page=-1", "Bob"),
        ("?page=abc", "Ana"),
        ("?page=99", "Bob"),
        ("?sort=password", "Ana"),
        ("?sort=family_name", "Ana"),
        ("?per_page=0", "Ana"),
        ("?per_page=-5", "Ana"),
    ],
)
def test_list_answers_any_address(rf, query, first):
    make.person("Ana", family_name="A")
    make.person("Bob", family_name="B")
    table, _page = listed(rf, query)
    assert [row.record.given_name for row in table.page][:1] == [first]


def test_list_is_cut_by_the_database_whatever_is_asked(rf, django_assert_num_queries):
    make.cooperative()
    Person.objects.bulk_create(
        Person(email=f"p{n}@example.org", given_name=f"P{n}", password="!") for n in range(MOST_ROWS + 1)
    )
    with django_assert_num_queries(3):  # cooperative, count, one page
        table, _page = listed(rf, "?per_page=100000000")
    assert len(table.page) == MOST_ROWS


def test_empty_list_teaches(rf):
    _table, page = listed(rf, empty="Personne encore", new_url="/new/", new_label="Admettre")
    assert "Personne encore" in page
    assert "<table" not in page
    assert page.count('href="/new/"') == 2


class Sample(forms.Form):
    name = forms.CharField(label="Nom", help_text="Prénom et nom", max_length=20)
    kind = forms.ChoiceField(label="Genre", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Entendu", required=False, help_text="Ou pas")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    token = forms.CharField(widget=forms.HiddenInput, initial="x")


def test_form_ties_each_label_help_and_error_to_its_field():
    page = str(Sample({"token": "x", "kind": "z", "note": "<b>gardé</b>"}))
    assert '<label for="id_name">Nom' in page
    name, agreed = (
        re.search(rf'<input [^>]*id="{field}"[^>]*>', page)[0] for field in ("id_name", "id_agreed")
    )
    assert 'aria-describedby="id_name_helptext id_name_error"' in name
    assert 'aria-invalid="true"' in name
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page
    assert re.search(r'<fieldset class="field" aria-describedby="id_kind_error">\s*<legend>Genre', page)
    assert '<label class="choice" for="id_agreed">' in page
    assert 'aria-describedby="id_agreed_helptext"' in agreed
    assert page.count('class="optional"') == 1
    assert "&lt;b&gt;gardé&lt;/b&gt;" in page
    summary = page[: page.index('class="fields"')]
    assert 'role="alert"' in summary
    assert re.findall(r'href="#([^"]+)"', summary) == ["id_name", "id_kind"]
    assert '<div id="id_kind">' in page


def test_form_without_errors_says_none():
    page = str(Sample())
    assert "form-errors" not in page
    assert "aria-invalid" not in page


def test_form_page_keeps_what_was_typed(rf):
    request = rf.post("/")
    request.user = AnonymousUser()
    context = {
        "title": "Titre",
        "form": Sample({"name": "x" * 30}),
        "submit_label": "Écrire",
        "cancel_url": "/",
    }
    page = render_to_string("page/form.html", context, request)
    assert f'value="{"x" * 30}"' in page
    assert "csrfmiddlewaretoken" in page
    assert ">Écrire</button>" in page


def test_confirm_page_says_what_will_happen(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    context = {
        "title": "Émettre",
        "message": "Les bulletins partent.",
        "facts": [("Personnes", 10), ("Total", "1 234,50 $")],
        "submit_label": "Émettre la paie",
        "cancel_url": "/",
        "danger": True,
    }
    page = render_to_string("page/confirm.html", context, request)
    assert "<dt>Personnes</dt><dd>10</dd>" in page
    assert '<button type="submit" class="danger">Émettre la paie</button>' in page
    assert "Les bulletins partent." in page


# What went wrong ---------------------------------------------------------------------------------


def test_page_that_does_not_exist_is_said_in_the_frame(inside, client):
    response = inside.get("/nothing/here/")
    assert response.status_code == HTTPStatus.NOT_FOUND
    check_frame(response)
    assert "Traceback" not in response.content.decode()


def test_refusal_shows_its_sentence_escaped(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    page = render_to_string("403.html", {"exception": str(PermissionDenied("Il faut <un> mandat."))}, request)
    assert "Il faut &lt;un&gt; mandat." in page


def test_form_from_an_old_page_is_refused_with_a_sentence():
    strict = Client(enforce_csrf_checks=True)
    make.cooperative()
    response = strict.post(reverse("language"), {"language": "en-ca"})
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "403_csrf.html" in [template.name for template in response.templates]
    check_frame(response)


def test_busy_page_asks_nothing_of_the_database(rf, django_assert_num_queries):
    def get_response(request):
        raise AssertionError

    with django_assert_num_queries(0):
        response = middleware.busy_database(get_response).process_exception(rf.get("/"), OperationalError())
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert '<html lang="fr-CA">' in response.content.decode()
    assert not INLINE.search(response.content.decode())


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("connection refused"), HTTPStatus.SERVICE_UNAVAILABLE),
        (ValueError("what only the log may say"), HTTPStatus.INTERNAL_SERVER_ERROR),
    ],
)
def test_unforeseen_error_has_a_page_that_asks_nothing_of_the_database(
    rf, django_assert_num_queries, error, status
):
    with django_assert_num_queries(0):
        try:
            raise error
        except type(error):
            response = views.server_error(rf.get("/"))
    assert response.status_code == status
    assert str(error) not in response.content.decode()


def test_unreadable_request_has_a_page_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string("400.html")
    assert "<h1>" in page


# Personal information ------------------------------------------------------------------------------


def test_privacy_page_names_who_answers(client, ana):
    page = client.get(reverse("privacy")).content.decode()
    assert "Dominique Responsable" in page
    assert "mailto:coop@example.org" in page
    assert page.count('<dl class="facts">') == len(KEPT)


def test_privacy_page_works_before_the_cooperative_is_set_up(client):
    assert not Cooperative.objects.exists()
    response = client.get(reverse("privacy"))
    assert response.status_code == HTTPStatus.OK
    with translation.override("en-ca"):
        assert (
            "has not written down yet"
            in client.get(reverse("privacy"), headers={"accept-language": "en"}).content.decode()
        )


def test_foot_leads_to_the_source_when_the_operator_says_where_it_is(client, settings):
    address = "https://code.example/koumbit"
    assert address not in client.get(reverse("account_login")).content.decode()
    settings.SOURCE_URL = address
    assert f'href="{address}"' in client.get(reverse("account_login")).content.decode()
