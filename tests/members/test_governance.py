from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext

from koumbit.refusals import Refused
from members import governance
from members.lifecycle import AlreadyEnded
from members.models import Committee, CommitteePower, Cooperative, Decision, JournalEntry, Mandate, Power
from members.powers import NobodyLeft, NotAllowed, holds, powers_of
from tests import make

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def keeper():
    return make.person("Keeper", powers=[Power.KEEP_COMMITTEES])


@pytest.fixture
def body():
    return make.committee(name="Paie")


ACTS = {
    "create": lambda by, body, ana: governance.create_committee(by=by, name="Nouveau", starts_on=TODAY),
    "change": lambda by, body, ana: governance.change_committee(
        body, by=by, name="Paies", kind="board", aim=""
    ),
    "dissolve": lambda by, body, ana: governance.dissolve_committee(body, by=by, ends_on=TODAY),
    "grant": lambda by, body, ana: governance.grant_power(body, Power.ISSUE_PAY, by=by, starts_on=TODAY),
    "give": lambda by, body, ana: governance.give_mandate(body, ana, by=by, starts_on=TODAY),
    "record": lambda by, body, ana: governance.record_decision(
        body, by=by, adopted_on=TODAY, title="Titre", text="Texte"
    ),
    "cooperative": lambda by, body, ana: governance.change_cooperative(by=by, phone="514 555-0100"),
}


@pytest.mark.parametrize("name", ACTS)
def test_act_needs_the_power_held_today(name, keeper, body):
    make.cooperative()
    ana, former = make.person("Ana"), make.person("Former")
    make.mandate(former, [Power.KEEP_COMMITTEES], ends_on=YESTERDAY)
    other = make.person("Other", powers=set(Power) - {Power.KEEP_COMMITTEES})
    for refused in (former, other):
        with pytest.raises(NotAllowed):
            ACTS[name](refused, body, ana)
    assert JournalEntry.objects.count() == 0
    ACTS[name](keeper, body, ana)
    assert JournalEntry.objects.get().actor == keeper


def test_mandate_opens_the_powers_of_the_committee(keeper, body):
    ana = make.person("Ana")
    governance.grant_power(body, Power.ISSUE_PAY, by=keeper, starts_on=TODAY)
    mandate = governance.give_mandate(body, ana, by=keeper, starts_on=TODAY, ends_on=date(2027, 11, 19))
    assert powers_of(ana) == {Power.ISSUE_PAY}
    assert mandate.given_by == keeper
    assert JournalEntry.objects.last().body == {
        "id": mandate.pk,
        "committee": body.pk,
        "person": ana.pk,
        "decision": None,
        "starts_on": "2026-11-20",
        "ends_on": "2027-11-19",
    }


def test_nobody_gives_a_mandate_to_themselves(keeper, body):
    with pytest.raises(governance.GivenToOneself):
        governance.give_mandate(body, keeper, by=keeper, starts_on=TODAY)
    assert not body.mandates.exists()


def test_mandate_is_refused_to_a_closed_account_and_outside_the_committee(keeper):
    ana, body = make.person("Ana"), make.committee(starts_on=TODAY)
    with pytest.raises(governance.NoCommitteeThen):
        governance.give_mandate(body, ana, by=keeper, starts_on=YESTERDAY)
    Committee.objects.filter(pk=body.pk).update(ends_on=date(2026, 12, 31))
    with pytest.raises(governance.NoCommitteeThen):
        governance.give_mandate(body, ana, by=keeper, starts_on=TODAY, ends_on=date(2027, 1, 1))
    ana.closed_at = "2026-11-01T00:00:00Z"
    ana.save()
    with pytest.raises(governance.ClosedAccount):
        governance.give_mandate(body, ana, by=keeper, starts_on=TODAY)


def test_second_seat_on_the_same_days_is_refused_with_its_sentence(keeper, body):
    ana = make.person("Ana")
    governance.give_mandate(body, ana, by=keeper, starts_on=TODAY)
    with pytest.raises(ValidationError) as refusal:
        governance.give_mandate(body, ana, by=keeper, starts_on=TODAY + timedelta(5))
    assert [error.code for error in refusal.value.error_dict["__all__"]] == ["never_twice"]


def test_outsider_grants_a_power_alone(keeper, body):
    granted = governance.grant_power(body, Power.SET_RATE, by=keeper, starts_on=TODAY)
    assert (granted.granted_by, granted.decision) == (keeper, None)
    assert not holds(keeper, Power.SET_RATE)


@pytest.mark.parametrize("since", [make.LONG_AGO, TODAY + timedelta(30)])
def test_whoever_sits_there_needs_a_decision_recorded_by_another(keeper, since):
    body, colleague = make.committee(), make.person("Colleague")
    for person in (keeper, colleague):
        Mandate.objects.create(committee=body, person=person, starts_on=since)
    own = make.decision()
    by_me = governance.record_decision(own.body, by=keeper, adopted_on=TODAY, title="T", text="T")
    for decision in (None, own, by_me):
        with pytest.raises(governance.PowerTakesTwo):
            governance.grant_power(body, Power.SET_RATE, by=keeper, starts_on=TODAY, decision=decision)
    make.mandate(colleague, [Power.KEEP_COMMITTEES])
    by_another = governance.record_decision(body, by=colleague, adopted_on=TODAY, title="T", text="T")
    granted = governance.grant_power(body, Power.SET_RATE, by=keeper, starts_on=TODAY, decision=by_another)
    assert granted.decision == by_another


def test_past_seat_does_not_hinder_granting(keeper, body):
    Mandate.objects.create(committee=body, person=keeper, starts_on=make.LONG_AGO, ends_on=YESTERDAY)
    assert governance.grant_power(body, Power.SET_RATE, by=keeper, starts_on=TODAY).pk


def test_database_refuses_a_power_granted_to_oneself(keeper):
    body = make.committee()
    Mandate.objects.create(committee=body, person=keeper, starts_on=make.LONG_AGO)
    with pytest.raises(IntegrityError, match="You sit on this committee"), transaction.atomic():
        CommitteePower.objects.create(committee=body, power="set_rate", starts_on=TODAY, granted_by=keeper)
    with (
        pytest.raises(IntegrityError, match="You sit on this committee"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO members_committeepower (committee_id, power, starts_on, granted_by_id)"
            " VALUES (%s, 'set_rate', %s, %s)",
            [body.pk, TODAY, keeper.pk],
        )


def test_power_is_granted_while_the_committee_lasts(keeper):
    body = make.committee(starts_on=TODAY)
    with pytest.raises(governance.NoCommitteeThen):
        governance.grant_power(body, Power.SET_RATE, by=keeper, starts_on=YESTERDAY)


def test_unknown_power_is_a_sentence(keeper, body):
    with pytest.raises(ValidationError):
        governance.grant_power(body, "do_everything", by=keeper, starts_on=TODAY)


def test_last_keeper_cannot_be_lost_in_any_way(keeper):
    mandate = keeper.mandates.get()
    ways = [
        lambda: governance.end_mandate(mandate, by=keeper, ends_on=date(2030, 1, 1)),
        lambda: governance.end_mandate(mandate, by=keeper, ends_on=YESTERDAY),
        lambda: governance.withdraw_power(mandate.committee.powers.get(), by=keeper, ends_on=TODAY),
        lambda: governance.dissolve_committee(mandate.committee, by=keeper, ends_on=TODAY),
    ]
    for lose in ways:
        with pytest.raises(NobodyLeft):
            lose()
    assert holds(keeper, Power.KEEP_COMMITTEES, on=date(2040, 1, 1))
    assert JournalEntry.objects.count() == 0


def test_keeper_goes_once_another_lasts(keeper):
    term = make.person("Term")
    make.mandate(term, [Power.KEEP_COMMITTEES], ends_on=date(2027, 1, 1))
    with pytest.raises(NobodyLeft):
        governance.end_mandate(keeper.mandates.get(), by=keeper, ends_on=TODAY)
    make.person("Lasting", powers=[Power.KEEP_COMMITTEES])
    governance.end_mandate(keeper.mandates.get(), by=keeper, ends_on=TODAY)
    assert not holds(keeper, Power.KEEP_COMMITTEES, on=TODAY + timedelta(1))


def test_person_steps_down_and_ends_nobody_else(body):
    ana, bob = make.person("Ana"), make.person("Bob")
    for person in (ana, bob):
        Mandate.objects.create(committee=body, person=person, starts_on=make.LONG_AGO)
    governance.end_mandate(ana.mandates.get(), by=ana, ends_on=TODAY)
    with pytest.raises(NotAllowed):
        governance.end_mandate(bob.mandates.get(), by=ana, ends_on=TODAY)
    with pytest.raises(AlreadyEnded):
        governance.end_mandate(ana.mandates.get(), by=ana, ends_on=date(2030, 1, 1))
    assert ana.mandates.get().ends_on == TODAY
    assert bob.mandates.get().ends_on is None


def test_mandate_given_by_mistake_today_is_taken_back(keeper, body):
    mandate = governance.give_mandate(body, make.person("Ana"), by=keeper, starts_on=TODAY)
    governance.end_mandate(mandate, by=keeper, ends_on=YESTERDAY)
    assert not body.mandates.exists()


def test_dissolved_committee_ends_its_powers_and_mandates(keeper, body):
    ana, bob = make.person("Ana"), make.person("Bob")
    power = governance.grant_power(body, Power.ISSUE_PAY, by=keeper, starts_on=YESTERDAY)
    coming = governance.grant_power(body, Power.SET_RATE, by=keeper, starts_on=date(2027, 1, 1))
    seat = governance.give_mandate(body, ana, by=keeper, starts_on=YESTERDAY)
    past = governance.give_mandate(body, bob, by=keeper, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 1))
    governance.dissolve_committee(body, by=keeper, ends_on=TODAY)
    for fact, last in ((power, TODAY), (seat, TODAY), (past, date(2026, 6, 1))):
        fact.refresh_from_db()
        assert fact.ends_on == last
    assert not CommitteePower.objects.filter(pk=coming.pk).exists()
    with pytest.raises(AlreadyEnded):
        governance.dissolve_committee(body, by=keeper, ends_on=date(2027, 1, 1))
    with pytest.raises(governance.NoCommitteeThen):
        governance.give_mandate(body, ana, by=keeper, starts_on=date(2026, 12, 1))


def test_committee_is_not_dissolved_before_it_begins(keeper, body):
    with pytest.raises(ValidationError):
        governance.dissolve_committee(body, by=keeper, ends_on=date(2019, 1, 1))
    assert Committee.objects.get(pk=body.pk).ends_on is None


def test_committee_name_is_taken_once(keeper, body):
    with pytest.raises(ValidationError) as refusal:
        governance.create_committee(by=keeper, name=body.name, starts_on=TODAY)
    taken = next(c for c in Committee._meta.constraints if c.name == "members_committee_name")
    assert refusal.value.messages == [str(taken.violation_error_message)]


def test_decision_is_recorded_by_who_was_there_and_still_is(body):
    there, former, later = make.person("There"), make.person("Former"), make.person("Later")
    Mandate.objects.create(committee=body, person=there, starts_on=make.LONG_AGO)
    Mandate.objects.create(committee=body, person=former, starts_on=make.LONG_AGO, ends_on=YESTERDAY)
    Mandate.objects.create(committee=body, person=later, starts_on=TODAY)
    facts = {"adopted_on": date(2026, 11, 1), "title": "Titre", "text": "Texte"}
    for refused in (former, later, make.person("Elsewhere")):
        with pytest.raises(governance.NotOnTheBody):
            governance.record_decision(body, by=refused, **facts)
    recorded = governance.record_decision(body, by=there, **facts)
    assert (recorded.recorded_by, recorded.effective_on) == (there, date(2026, 11, 1))


def test_decision_is_recorded_once_adopted_by_a_body_that_exists(keeper):
    body = make.committee(starts_on=date(2026, 1, 1))
    with pytest.raises(governance.NotYetAdopted):
        governance.record_decision(body, by=keeper, adopted_on=TODAY + timedelta(1), title="T", text="T")
    with pytest.raises(governance.NoCommitteeThen):
        governance.record_decision(body, by=keeper, adopted_on=date(2025, 12, 31), title="T", text="T")


def test_decision_never_changes_by_any_door(keeper, body):
    decision = governance.record_decision(body, by=keeper, adopted_on=TODAY, title="T", text="T")
    for attempt in (
        lambda: Decision.objects.update(title="Autre"),
        lambda: decision.save(),
        lambda: decision.delete(),
        lambda: connection.cursor().execute("UPDATE members_decision SET text = 'autre'"),
        lambda: connection.cursor().execute(
            "SET LOCAL session_replication_role = replica; DELETE FROM members_decision"
        ),
    ):
        with pytest.raises(IntegrityError, match="A decision is never edited"), transaction.atomic():
            attempt()
    assert Decision.objects.get().title == "T"


def test_cooperative_changes_what_is_named_only(keeper):
    make.cooperative()
    governance.change_cooperative(by=keeper, phone="514 555-0100", pay_frequency="weekly")
    assert JournalEntry.objects.get().body == {"fields": ["pay_frequency", "phone"]}
    governance.change_cooperative(by=keeper, phone="514 555-0100")
    assert JournalEntry.objects.count() == 1
    for field in ("id", "pk", "rate"):
        with pytest.raises(TypeError):
            governance.change_cooperative(by=keeper, **{field: 2})


def test_week_keeps_its_first_day_once_hours_are_logged(keeper):
    make.cooperative()
    assert governance.change_cooperative(by=keeper, week_starts_on=6).week_starts_on == 6
    governance.change_cooperative(by=keeper, week_starts_on=0)
    make.sheet(make.person("Ana"))
    with pytest.raises(Refused) as refusal:
        governance.change_cooperative(by=keeper, week_starts_on=6)
    assert str(refusal.value) == gettext(
        "Hours are already logged by this week: its first day cannot change any more."
    )
    with pytest.raises(IntegrityError, match="first day cannot change"), transaction.atomic():
        Cooperative.objects.update(week_starts_on=3)
    assert governance.change_cooperative(by=keeper, phone="1").week_starts_on == 0
