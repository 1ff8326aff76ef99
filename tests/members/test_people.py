from datetime import date

import pytest
from django.db import IntegrityError, transaction

from members.models import (
    Committee,
    CommitteePower,
    Cooperative,
    Mandate,
    Membership,
    Person,
    Power,
    WorkStatus,
)
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def refused_by(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def work(person, starts_on, ends_on=None, **fields):
    terms = {"kind": "salaried", "tenure": "permanent", "job_title": "Graphiste"} | fields
    return WorkStatus.objects.create(person=person, starts_on=starts_on, ends_on=ends_on, **terms)


def test_names_sort_without_accents_or_case():
    for given, family in [
        ("Zoé", "Émond"),
        ("Luc", "zed"),
        ("Ève", "Eden"),
        ("Noël", "Çelik"),
        ("Ana", "Demers"),
    ]:
        make.person(given, family_name=family)
    assert [p.family_name for p in Person.objects.by_name()] == ["Çelik", "Demers", "Eden", "Émond", "zed"]


def test_database_keeps_addresses_in_lower_case():
    with refused_by("members_email_in_lower_case"):
        make.person("Ana", email="Ana@example.org")


def test_database_refuses_another_language():
    with refused_by("members_language"):
        make.person("Ana", language="de")


def test_database_keeps_one_cooperative():
    make.cooperative()
    with refused_by("members_one_cooperative"):
        Cooperative.objects.create(pk=2, name="Autre", address="Autre", first_period_on=DAY)


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("week_starts_on", 7, "members_week_day"),
        ("pay_frequency", "yearly", "members_pay_frequency"),
        ("language", "de", "members_coop_language"),
        ("pay_days_after", 17, "members_pay_days_after"),
    ],
)
def test_database_bounds_the_settings_of_the_cooperative(field, value, constraint):
    make.cooperative()
    with refused_by(constraint):
        Cooperative.objects.update(**{field: value})


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("kind", "volunteer", "members_work_kind"),
        ("tenure", "seasonal", "members_work_tenure"),
        ("agreed_minutes_per_week", 3601, "members_agreed_minutes"),
    ],
)
def test_database_bounds_the_terms_of_work(field, value, constraint):
    with refused_by(constraint):
        work(make.person("Ana", kind=None), DAY, **{field: value})


def test_database_refuses_inverted_days_of_each_fact():
    ana, body = make.person("Ana", kind=None), make.committee()
    facts = [
        (lambda **days: work(ana, **days), "members_work_status_days"),
        (lambda **days: Membership.objects.create(person=ana, **days), "members_membership_days"),
        (lambda **days: Mandate.objects.create(person=ana, committee=body, **days), "members_mandate_days"),
        (
            lambda **days: CommitteePower.objects.create(committee=body, power="set_rate", **days),
            "members_power_days",
        ),
        (lambda **days: Committee.objects.create(name="Autre", **days), "members_committee_days"),
    ]
    for create, constraint in facts:
        with refused_by(constraint), transaction.atomic():
            create(starts_on=DAY, ends_on=date(2026, 11, 19))


def test_database_refuses_two_of_the_same_fact_on_one_day():
    ana, body = make.person("Ana", kind=None), make.committee()
    facts = [
        (lambda **days: work(ana, **days), "members_one_work_status"),
        (lambda **days: Membership.objects.create(person=ana, **days), "members_one_membership"),
        (lambda **days: Mandate.objects.create(person=ana, committee=body, **days), "members_one_mandate"),
        (
            lambda **days: CommitteePower.objects.create(committee=body, power="set_rate", **days),
            "members_one_power",
        ),
    ]
    for create, constraint in facts:
        create(starts_on=date(2026, 1, 1), ends_on=DAY)
        create(starts_on=date(2026, 11, 21))
        with refused_by(constraint), transaction.atomic():
            create(starts_on=DAY, ends_on=DAY)


def test_two_people_or_two_powers_may_hold_on_the_same_days():
    body = make.committee([Power.SET_RATE, Power.ISSUE_PAY])
    for name in ("Ana", "Bob"):
        Mandate.objects.create(person=make.person(name), committee=body, starts_on=DAY)
    assert body.mandates.count() == 2


def test_database_refuses_an_unknown_power():
    with refused_by("members_known_power"):
        CommitteePower.objects.create(committee=make.committee(), power="do_everything", starts_on=DAY)


def test_database_refuses_a_mandate_given_to_oneself():
    ana = make.person("Ana")
    with refused_by("members_mandate_by_another"):
        Mandate.objects.create(person=ana, committee=make.committee(), starts_on=DAY, given_by=ana)


def test_register_of_a_day_says_what_held_then():
    ana = make.person("Ana", kind=None)
    work(ana, date(2025, 1, 1), date(2025, 12, 31), job_title="Avant")
    work(ana, date(2026, 1, 1), job_title="Maintenant")
    Membership.objects.create(person=ana, starts_on=date(2026, 6, 1))
    make.mandate(ana, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 30))
    before = Person.objects.as_of(date(2025, 12, 31)).get()
    june = Person.objects.as_of(date(2026, 6, 30)).get()
    assert [status.job_title for status in before.statuses_then] == ["Avant"]
    assert (before.memberships_then, before.mandates_then) == ([], [])
    assert [status.job_title for status in june.statuses_then] == ["Maintenant"]
    assert (len(june.memberships_then), len(june.mandates_then)) == (1, 1)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["Ana", "Bob", "Eve"]),
        ("members", ["Eve"]),
        ("salaried", ["Ana"]),
        ("freelance", ["Bob"]),
        ("permanent", ["Ana"]),
        ("occasional", ["Bob"]),
        ("all", ["Ana", "Bob", "Cléo", "Eve"]),
    ],
)
def test_register_is_asked_for_some_of_the_people(asked, names):
    work(make.person("Ana", kind=None, family_name="A"), date(2026, 1, 1))
    work(
        make.person("Bob", kind=None, family_name="B"),
        date(2026, 1, 1),
        kind="freelance",
        tenure="occasional",
    )
    work(make.person("Cléo", kind=None, family_name="C"), date(2025, 1, 1), date(2025, 12, 31))
    eve = make.person("Eve", kind=None, family_name="E")
    Membership.objects.create(person=eve, starts_on=date(2026, 1, 1))
    assert [p.given_name for p in Person.objects.who(asked, DAY).by_name()] == names


def test_somebody_not_admitted_yet_is_seen_by_who_admits_only():
    newcomer = make.person("Nouvelle", kind=None)
    ana, keeper = make.person("Ana"), make.person("Bob", powers=[Power.ADMIT_PEOPLE])
    former = make.person("Cléo")
    make.mandate(former, [Power.ADMIT_PEOPLE], ends_on=date(2026, 1, 1))
    assert set(Person.objects.visible_to(ana)) == {ana, keeper, former}
    assert set(Person.objects.visible_to(former)) == {ana, keeper, former}
    assert set(Person.objects.visible_to(keeper)) == {ana, keeper, former, newcomer}
    assert set(Person.objects.visible_to(newcomer)) == {ana, keeper, former, newcomer}
