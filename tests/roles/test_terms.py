"""Who holds a role, for how many terms in a row, as the database keeps it."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from roles.models import Assignment, Role, RoleVersion, Task, TaskSuccession, TaskVersion, Term
from tests import make

pytestmark = pytest.mark.django_db


@contextmanager
def refused_by(constraint: str):
    """The database refuses what is done inside, by the constraint or the trigger of that name."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert refusal.value.__cause__.diag.constraint_name == constraint


@pytest.fixture
def ana():
    return make.person("Ana")


@pytest.fixture
def role():
    """A year at a time, twice in a row at most."""
    return Role.objects.create(name="Coordination", term_months=12, max_consecutive_terms=2)


def hold(person, role, first, last):
    return Term.objects.create(person=person, role=role, starts_on=first, ends_on=last)


def refused(constraint, person, role, first, last):
    with refused_by(constraint):
        hold(person, role, first, last)


def test_third_term_in_a_row_is_refused_until_a_term_away(ana, role):
    hold(ana, role, date(2024, 1, 1), date(2024, 12, 31))
    hold(ana, role, date(2025, 1, 1), date(2025, 12, 31))
    refused("roles_terms_in_a_row", ana, role, date(2026, 1, 1), date(2026, 12, 31))
    refused("roles_terms_in_a_row", ana, role, date(2026, 12, 31), date(2027, 12, 30))
    hold(ana, role, date(2027, 1, 1), date(2027, 12, 31))
    hold(make.person("Béa"), role, date(2026, 1, 1), date(2026, 12, 31))


def test_term_written_between_two_others_counts(ana, role):
    hold(ana, role, date(2024, 1, 1), date(2024, 12, 31))
    hold(ana, role, date(2026, 1, 1), date(2026, 12, 31))
    refused("roles_terms_in_a_row", ana, role, date(2025, 1, 1), date(2025, 12, 31))


def test_term_lasts_no_longer_than_the_role_says(ana, role):
    refused("roles_term_has_its_length", ana, role, date(2026, 1, 1), None)
    refused("roles_term_has_its_length", ana, role, date(2026, 1, 1), date(2027, 1, 1))
    term = hold(ana, role, date(2026, 1, 1), date(2026, 12, 31))
    Role.objects.update(term_months=3)
    Term.objects.filter(pk=term.pk).update(ends_on=date(2026, 10, 31))
    with refused_by("roles_term_has_its_length"):
        Term.objects.filter(pk=term.pk).update(ends_on=date(2026, 12, 31))
    refused("roles_term_days_in_order", ana, role, date(2028, 1, 2), date(2028, 1, 1))
    refused("roles_one_term_at_a_time", ana, role, date(2026, 10, 31), date(2026, 11, 30))


def test_role_without_a_term_is_held_without_an_end(ana):
    hold(ana, Role.objects.create(name="Accueil"), date(2020, 1, 1), None)


def test_tasks_of_a_role_held_to_the_limit_go_to_somebody_else_for_a_term(ana, role):
    task = Task.objects.create(role=role, name="Réunion")
    hold(ana, role, date(2024, 1, 1), date(2024, 12, 31))
    Assignment.objects.create(person=ana, task=task, starts_on=date(2025, 1, 1), ends_on=date(2025, 1, 31))
    hold(ana, role, date(2025, 1, 1), date(2025, 12, 31))
    for day in (date(2026, 1, 1), date(2026, 12, 31)):
        with refused_by("roles_terms_in_a_row"):
            Assignment.objects.create(person=ana, task=task, starts_on=day)
    Assignment.objects.create(person=make.person("Béa"), task=task, starts_on=date(2026, 1, 1))
    Assignment.objects.create(person=ana, task=task, starts_on=date(2027, 1, 1))


def test_limit_needs_the_length_of_a_term():
    for fields in ({"max_consecutive_terms": 2}, {"max_consecutive_terms": 0, "term_months": 12}):
        with refused_by("roles_consecutive_terms"):
            Role.objects.create(name="Accueil", **fields)
    with refused_by("roles_term_months"):
        Role.objects.create(name="Accueil", term_months=0)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("roles_task_expected", {"expected_minutes_per_quarter": 0}),
        ("roles_task_people", {"min_people": 0}),
        ("roles_task_people", {"min_people": 3, "max_people": 2}),
        ("roles_task_chunk", {"smallest_chunk_minutes": 10}),
        ("roles_task_learners", {"learners_percent": 101}),
        ("roles_task_learners", {"learners_per_mentor": 0}),
        ("roles_task_frequency", {"frequency": "hourly"}),
    ],
)
def test_task_says_what_can_be_planned(role, constraint, fields):
    with refused_by(constraint):
        Task.objects.create(role=role, name="Réunion", **fields)


def test_what_a_role_and_a_task_said_is_kept_by_the_database(ana, role):
    task = Task.objects.create(role=role, name="Réunion")
    Role.objects.update(aim="Convoquer.", written_by=ana)
    Role.objects.update(retired_on=date(2026, 1, 1))  # not a text: no version
    Task.objects.update(expected_minutes_per_quarter=600)
    assert list(RoleVersion.objects.values_list("name", "aim", "term_months", "written_by")) == [
        ("Coordination", "", 12, None)
    ]
    assert TaskVersion.objects.get(task=task).expected_minutes_per_quarter is None
    for versions in (RoleVersion, TaskVersion):
        with refused_by(f"{versions._meta.db_table}_is_final"):
            versions.objects.update(name="Autre")


def test_succession_is_whole_forward_and_of_the_retired(role):
    old, one, other = (Task.objects.create(role=role, name=name) for name in ("Tout", "Une", "Autre"))

    def follow(*parts):
        TaskSuccession.objects.bulk_create(
            TaskSuccession(task=task, successor=successor, percent=percent, since=date(2026, 1, 1))
            for task, successor, percent in parts
        )

    for constraint, parts in [
        ("roles_succession_of_the_retired", [(old, one, 100)]),
        ("roles_succession_is_whole", [(old, one, 50), (old, other, 40)]),
        ("roles_succession_of_another", [(old, old, 100)]),
        ("roles_succession_share", [(old, one, 0)]),
    ]:
        with refused_by(constraint):
            follow(*parts)
    Task.objects.filter(pk__in=[old.pk, one.pk]).update(retired_on=date(2026, 1, 1))
    follow((old, one, 60), (old, other, 40))
    with refused_by("roles_succession_goes_forward"):
        follow((one, old, 100))
    with refused_by("roles_followed_stays_retired"):
        Task.objects.filter(pk=old.pk).update(retired_on=None)
    with refused_by("roles_task_stays_in_its_role"):
        Task.objects.filter(pk=one.pk).update(role=Role.objects.create(name="Ailleurs"))
    with refused_by("roles_tasksuccession_is_final"):
        TaskSuccession.objects.all().delete()
