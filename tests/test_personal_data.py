"""Nothing about a person is forgotten: every model is walked, every column is exported or says why not."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import connection, models
from django.utils import translation

from koumbit.privacy import KEPT, TERMS, Kind, Until
from members import personal, retention
from members.models import Person

OURS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in {"members", "roles", "timesheets", "payroll"}
]
# Of the libraries, what is about a person. A session holds a person's number inside its sealed text.
OF_LIBRARIES = [EmailAddress, EmailConfirmation, Authenticator, UserSession]
NOT_PERSONAL = {model for part in personal.parts() for model in part.not_personal}
TABLES = list(personal.tables())
PERSONAL = {table.model for table in TABLES}
named = pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.table}-{'-'.join(table.of)}")


def test_every_model_is_about_people_or_says_why_not():
    assert {model._meta.label for model in [*OURS, *OF_LIBRARIES]} == {
        model._meta.label for model in PERSONAL | NOT_PERSONAL
    }
    assert set() == PERSONAL & NOT_PERSONAL


def test_no_library_keeps_something_of_people_that_nobody_told():
    """A library that is added and points to a person is to be told as well."""
    others = [model for model in apps.get_models() if model not in [*OURS, *OF_LIBRARIES]]
    pointing = [
        model._meta.label
        for model in others
        for each in model._meta.concrete_fields
        if each.is_relation and each.related_model is Person
    ]
    assert pointing == []


@pytest.mark.parametrize("model", OURS + OF_LIBRARIES, ids=lambda model: model._meta.label)
def test_every_way_to_a_person_is_told(model):
    """A column that names a person says whose the row is, or who acted on it, or is left out with a reason."""
    tables = [table for table in TABLES if table.model is model]
    for each in model._meta.concrete_fields:
        if not (each.is_relation and each.related_model is Person) or model in NOT_PERSONAL:
            continue
        assert any(
            each.name in table.of or each in table.fields or each.name in table.left_out for table in tables
        ), each.name
        # Whose the row is, where there is somebody whose it is.
        assert any(table.of for table in tables) or each.name in {
            "prepared_by",
            "issued_by",
            "confirmed_by",
            "made_by",
            "by",
        }


@named
def test_every_column_is_exported_or_left_out_with_a_reason(table):
    columns = {each.name for each in table.model._meta.concrete_fields}
    assert set(table.left_out) <= columns
    assert all(str(reason).strip() for reason in table.left_out.values())
    if table.is_exported:
        assert {each.name for each in table.fields} | set(table.left_out) | (
            set(table.of) & columns
        ) == columns


@named
def test_every_column_has_a_name_in_words(table):
    """Also those left out, which the note of the archive names."""
    if not table.is_exported:
        return
    with translation.override("fr-ca"):
        said = [
            personal.called(each) for each in table.model._meta.concrete_fields if each.name not in table.of
        ]
    assert all(name.strip() for name in said)


@named
def test_what_is_encrypted_or_secret_is_in_no_file(table):
    exported = (
        {each.name for each in table.fields if not isinstance(each, models.BooleanField)}
        if table.is_exported
        else set()
    )
    encrypted = {each.name for each in table.fields if type(each).__name__ == "EncryptedTextField"}
    assert exported & (encrypted | {"password", "digest", "key", "secret", "session_key"}) == set()


@named
def test_texts_go_with_their_term(table):
    """What somebody typed about or to a person does not outlive its term: rows go, or their texts are emptied."""
    if not isinstance(table.fate, personal.Emptied):
        return
    columns = {each.name: each for each in table.model._meta.concrete_fields}
    assert set(table.fate.columns) <= set(columns)
    free = {
        name
        for name, each in columns.items()
        if isinstance(each, models.CharField | models.TextField)
        and not each.choices
        and (each.max_length or 999) > 100
    }
    assert free - set(table.fate.columns) - {"editions"} == set()


def test_page_of_personal_information_tells_of_each_kind():
    assert {kept.kind for kept in KEPT} == set(Kind)
    assert {table.kind for table in TABLES} | {Kind.INCIDENTS} == set(Kind)
    assert {kept.term for kept in KEPT} <= set(TERMS)


@named
def test_table_with_years_has_a_term_of_years_and_no_other(table):
    if isinstance(table.fate, personal.Stays):
        return
    of_years = table.term in retention.OF_A_YEAR
    assert bool(table.year) is of_years
    assert table.of or of_years


@pytest.mark.django_db
def test_database_knows_the_same_terms_and_the_same_tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT term, members_purge_years(term) FROM unnest(%s::text[]) AS term",
            [["wages", "tax", "file"]],
        )
        assert dict(cursor.fetchall()) == {
            str(term): TERMS[term].years for term in (Until.WAGES, Until.TAX, Until.FILE)
        }
        cursor.execute("SELECT proname FROM pg_proc WHERE proname LIKE '%%\\_purge\\_reach'")
        told = {name.removesuffix("_purge_reach") for (name,) in cursor.fetchall()}
    assert told == {table.table for table in TABLES if not isinstance(table.fate, personal.Stays)}
