from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from members import lifecycle
from members.models import JournalEntry, Person, Power
from members.powers import NobodyLeft, NotAllowed
from tests import make

pytestmark = [pytest.mark.django_db]
NOW = "2026-11-20T15:00:00Z"
TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)
TERMS = {"kind": "salaried", "tenure": "permanent", "job_title": "Graphiste", "agreed_minutes_per_week": 2100}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def keeper():
    return make.person("Keeper", powers=[Power.ADMIT_PEOPLE])


ACTS = {
    "admit": lambda by, ana: lifecycle.admit_person(by=by, email="new@example.org", given_name="New"),
    "change": lambda by, ana: lifecycle.change_person(ana, by=by, born_on=date(1990, 1, 1)),
    "close": lambda by, ana: lifecycle.close_account(ana, by=by),
    "start work": lambda by, ana: lifecycle.start_work_status(ana, by=by, starts_on=TODAY, **TERMS),
}


@pytest.mark.parametrize("name", ACTS)
def test_act_needs_the_power_held_today(name, keeper):
    ana = make.person("Ana", kind=None)
    former, other = make.person("Former"), make.person("Other", powers=set(Power) - {Power.ADMIT_PEOPLE})
    make.mandate(former, [Power.ADMIT_PEOPLE], ends_on=YESTERDAY)
    for refused in (former, other):
        with pytest.raises(NotAllowed) as refusal:
            ACTS[name](refused, ana)
        assert refusal.value.power == Power.ADMIT_PEOPLE
        assert str(Power.ADMIT_PEOPLE.label) in str(refusal.value)
    assert JournalEntry.objects.count() == 0
    ACTS[name](keeper, ana)
    assert JournalEntry.objects.get().actor == keeper


def test_admitted_person_cannot_sign_in_before_the_invitation(keeper):
    person = lifecycle.admit_person(
        by=keeper, email=" Ana@Example.org", given_name="Ana", family_name="Émond", language="en-ca"
    )
    assert (person.email, person.sort_name) == ("ana@example.org", "emond ana")
    assert not person.has_usable_password()
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.body) == ("members.person_admitted", {"person": person.pk})


def test_address_belongs_to_one_person(keeper):
    make.person("Ana", email="ana@example.org")
    with pytest.raises(ValidationError) as refusal:
        lifecycle.admit_person(by=keeper, email="ANA@example.org", given_name="Ana")
    assert list(refusal.value.message_dict) == ["email"]


def test_verbs_write_no_field_they_do_not_name(keeper):
    ana = make.person("Ana")
    for field in ("password", "closed_at", "is_staff", "pk"):
        with pytest.raises(TypeError):
            lifecycle.change_person(ana, by=keeper, **{field: "x"})


def test_person_corrects_their_own_contact_data_and_no_more():
    ana, bob = make.person("Ana"), make.person("Bob")
    changed = lifecycle.change_person(ana, by=ana, phone="514 555-0100", address="2, rue Neuve")
    assert (changed.phone, changed.address) == ("514 555-0100", "2, rue Neuve")
    assert JournalEntry.objects.get().body == {"person": ana.pk, "fields": ["address", "phone"]}
    for by, field in (
        (ana, {"born_on": date(1990, 1, 1)}),
        (ana, {"email": "x@example.org"}),
        (bob, {"phone": "1"}),
    ):
        with pytest.raises(NotAllowed):
            lifecycle.change_person(ana, by=by, **field)


def test_unchanged_person_writes_nothing():
    ana = make.person("Ana", phone="1")
    lifecycle.change_person(ana, by=ana, phone="1")
    assert JournalEntry.objects.count() == 0


def test_address_of_who_has_come_in_is_theirs(keeper):
    came, new = make.person("Ana"), make.person("Bob")
    new.set_unusable_password()
    new.save()
    with pytest.raises(lifecycle.EmailIsTheirs):
        lifecycle.change_person(came, by=keeper, email="mine@example.org")
    assert lifecycle.change_person(new, by=keeper, email="Bob@Example.org").email == "bob@example.org"


def test_closed_account_is_out_and_can_come_back(keeper):
    ana = make.person("Ana")
    assert not lifecycle.close_account(ana, by=keeper).is_active
    with pytest.raises(lifecycle.AccountInThatState):
        lifecycle.close_account(ana, by=keeper)
    assert lifecycle.reopen_account(ana, by=keeper).is_active
    with pytest.raises(lifecycle.AccountInThatState):
        lifecycle.reopen_account(ana, by=keeper)
    events = list(JournalEntry.objects.values_list("event", flat=True))
    assert events == ["members.account_closed", "members.account_reopened"]


def test_account_of_the_last_who_keeps_committees_stays_open(keeper):
    last = make.person("Last", powers=[Power.KEEP_COMMITTEES])
    with pytest.raises(NobodyLeft):
        lifecycle.close_account(last, by=keeper)
    assert Person.objects.get(pk=last.pk).is_active
    make.person("Next", powers=[Power.KEEP_COMMITTEES])
    assert not lifecycle.close_account(last, by=keeper).is_active


def test_change_in_the_middle_ends_the_status_the_day_before(keeper):
    ana = make.person("Ana", kind=None)
    first = lifecycle.start_work_status(
        ana, by=keeper, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), **TERMS
    )
    following = lifecycle.change_work_status(
        ana, by=keeper, starts_on=date(2026, 11, 18), agreed_minutes_per_week=1200
    )
    first.refresh_from_db()
    assert first.ends_on == date(2026, 11, 17)
    assert (following.starts_on, following.ends_on) == (date(2026, 11, 18), date(2026, 12, 31))
    assert (following.agreed_minutes_per_week, following.job_title) == (1200, "Graphiste")
    assert JournalEntry.objects.last().body["replaces"] == first.pk


def test_change_from_the_first_day_corrects_the_status(keeper):
    ana = make.person("Ana", kind=None)
    lifecycle.start_work_status(ana, by=keeper, starts_on=TODAY, **TERMS)
    lifecycle.change_work_status(ana, by=keeper, starts_on=TODAY, kind="freelance")
    assert ana.work_statuses.get().kind == "freelance"


def test_change_needs_a_status_that_day_and_a_difference(keeper):
    ana = make.person("Ana", starts_on=TODAY)
    with pytest.raises(lifecycle.NoStatus):
        lifecycle.change_work_status(ana, by=keeper, starts_on=YESTERDAY, kind="freelance")
    with pytest.raises(lifecycle.SameStatus):
        lifecycle.change_work_status(ana, by=keeper, starts_on=TODAY, kind="salaried")
    with pytest.raises(TypeError):
        lifecycle.change_work_status(ana, by=keeper, starts_on=TODAY, person=keeper)


def test_overlapping_status_is_refused_with_its_sentence(keeper):
    ana = make.person("Ana")
    with pytest.raises(ValidationError) as refusal:
        lifecycle.start_work_status(ana, by=keeper, starts_on=TODAY, **TERMS)
    assert [error.code for error in refusal.value.error_dict["__all__"]] == ["never_twice"]


def test_inverted_days_are_refused_with_one_sentence(keeper):
    ana = make.person("Ana", kind=None)
    with pytest.raises(ValidationError) as refusal:
        lifecycle.start_work_status(ana, by=keeper, starts_on=TODAY, ends_on=YESTERDAY, **TERMS)
    assert [error.code for error in refusal.value.error_dict["__all__"]] == ["days_in_order"]


def test_ended_status_is_not_made_to_last_longer(keeper):
    ana = make.person("Ana")
    status = ana.work_statuses.get()
    lifecycle.end_work_status(status, by=keeper, ends_on=TODAY)
    with pytest.raises(lifecycle.AlreadyEnded):
        lifecycle.end_work_status(status, by=keeper, ends_on=TODAY + timedelta(30))
    lifecycle.end_work_status(status, by=keeper, ends_on=YESTERDAY)
    status.refresh_from_db()
    assert status.ends_on == YESTERDAY


def test_status_that_has_not_begun_is_taken_back(keeper):
    ana = make.person("Ana", starts_on=TODAY + timedelta(7))
    lifecycle.end_work_status(ana.work_statuses.get(), by=keeper, ends_on=TODAY)
    assert not ana.work_statuses.exists()
    assert JournalEntry.objects.get().body["ends_on"] == "2026-11-20"


def test_end_before_a_past_beginning_is_refused(keeper):
    ana = make.person("Ana", starts_on=YESTERDAY)
    with pytest.raises(ValidationError):
        lifecycle.end_work_status(ana.work_statuses.get(), by=keeper, ends_on=date(2026, 1, 1))
    assert ana.work_statuses.get().ends_on is None
