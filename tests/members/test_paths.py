"""From candidate to departure: what each step takes, opens and closes, and what the database refuses."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from koumbit.refusals import Refused
from members import ballots, governance, lifecycle, motions, paths
from members.models import (
    Application,
    Committee,
    Cooperative,
    JournalEntry,
    Mandate,
    Membership,
    Pause,
    Person,
    Power,
    Probation,
    WorkStatus,
)
from members.powers import NobodyLeft, NotAllowed, holders, powers_of
from members.statuses import _cut, stretches_of
from members.tasks import decide_on_time
from tests import make

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 19), date(2026, 11, 21)
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def keeper():
    return make.person("Keeper", powers=[Power.ADMIT_PEOPLE])


@pytest.fixture
def assembly():
    make.cooperative()
    body = make.committee(name="Assemblée")
    body.kind = Committee.Kind.ASSEMBLY
    body.save()
    return body


def refused_by(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def works(person) -> list[tuple]:
    """The rows of somebody's work: first and last day, agreed hours, on pause."""
    return [
        (row.starts_on, row.ends_on, row.agreed_minutes_per_week // 60, row.pause_id is not None)
        for row in person.work_statuses.order_by("starts_on")
    ]


# Candidates and members ----------------------------------------------------------------------------


def test_nobody_is_admitted_by_one_person_alone(keeper):
    ana = make.person("Ana")
    own = make.admission(recorded_by=keeper)
    powerless = make.decision(recorded_by=make.person("Sacha"))
    founding = make.decision(powers=[Power.ADMIT_PEOPLE])  # of nobody's hand
    for named in (None, own, powerless, founding):
        with pytest.raises(paths.TakesADecision):
            paths.start_membership(ana, by=keeper, starts_on=TODAY, admitted_by=named)
    with pytest.raises(NotAllowed):
        paths.start_membership(ana, by=make.person("Bob"), starts_on=TODAY, admitted_by=make.admission())
    membership = paths.start_membership(ana, by=keeper, starts_on=TODAY, admitted_by=make.admission())
    assert membership.admitted_by.title == "Admission"
    for named in (None, own):
        with refused_by("members_membership_takes_two"), transaction.atomic():
            Membership.objects.create(
                person=make.person("Cleo"), starts_on=TODAY, recorded_by=keeper, admitted_by=named
            )


def test_a_candidate_is_admitted_by_the_assembly_and_decides_after_probation(assembly):
    people = [make.member(name) for name in ("Bob", "Cleo", "Dan")]
    newcomer = make.person("Ana", kind=None)
    assert not Person.objects.visible_to(people[0]).filter(pk=newcomer.pk).exists()
    asked = paths.apply(newcomer, by=newcomer, words="Pour apprendre")
    assert Person.objects.visible_to(people[0]).filter(pk=newcomer.pk).exists()
    motion = motions.propose(
        assembly,
        by=people[0],
        title="Admettre Ana",
        text="Elle connaît la maison.",
        act="members.admit",
        fields={"person": str(newcomer.pk), "probation_ends_on": "2026-12-31"},
    )
    ballot = ballots.open_ballot(motion, by=people[0], closes_on=TODAY)
    for person in people:
        ballots.answer(ballot, by=person, choice="agree")
    decision = ballots.close(ballot, by=people[0]).decision
    asked.refresh_from_db()
    assert (asked.outcome, asked.ends_on, asked.decision) == ("admitted", TODAY, decision)
    membership, probation = Membership.objects.get(person=newcomer), Probation.objects.get()
    assert (membership.starts_on, membership.admitted_by) == (TODAY, decision)
    assert (probation.starts_on, probation.ends_on, probation.decision) == (
        TODAY,
        date(2026, 12, 31),
        decision,
    )
    assert newcomer not in governance.electors(assembly, date(2026, 12, 31))
    assert newcomer in governance.electors(assembly, date(2027, 1, 1))
    Cooperative.objects.update(probation_votes=True)
    assert newcomer in governance.electors(assembly, TODAY)


def test_who_is_not_admitted_may_ask_again_another_day(keeper):
    ana = make.person("Ana")
    asked = paths.apply(ana, by=ana)
    with pytest.raises(ValidationError) as refusal:
        paths.apply(ana, by=ana)
    assert [error.code for error in refusal.value.error_dict["__all__"]] == ["never_twice"]
    with pytest.raises(paths.TakesADecision):
        paths.decline(asked, by=keeper)
    paths.decline(asked, by=keeper, decision=make.admission())
    with pytest.raises(paths.IsAnswered):
        paths.withdraw_application(asked, by=ana)
    again = paths.apply(ana, by=keeper, starts_on=TOMORROW)
    with pytest.raises(NotAllowed):
        paths.withdraw_application(again, by=make.person("Bob"))
    paths.withdraw_application(again, by=ana)
    assert list(Application.objects.values_list("outcome", flat=True)) == ["declined", "withdrawn"]


def test_a_member_does_not_ask_to_be_one(keeper):
    ana = make.member("Ana")
    with pytest.raises(paths.MemberAlready):
        paths.apply(ana, by=ana)
    with refused_by("members_application_of_a_stranger"), transaction.atomic():
        Application.objects.create(person=ana, starts_on=TODAY, recorded_by=ana)


def test_a_probation_is_prolonged_cut_short_or_over(keeper):
    ana = make.person("Ana")
    paths.start_membership(
        ana, by=keeper, starts_on=TODAY, admitted_by=make.admission(), probation_ends_on=DECEMBER[0]
    )
    probation = Probation.objects.get()
    paths.set_probation_end(probation, by=keeper, ends_on=DECEMBER[1], decision=make.admission())
    assert Probation.objects.get().ends_on == DECEMBER[1]
    with pytest.raises(paths.TakesADecision):
        paths.set_probation_end(probation, by=keeper, ends_on=TODAY)
    with time_machine.travel("2027-01-01T15:00:00Z"), pytest.raises(paths.IsOver):
        paths.set_probation_end(probation, by=keeper, ends_on=date(2027, 2, 1), decision=make.admission())
    paths.set_probation_end(probation, by=keeper, ends_on=YESTERDAY, decision=make.admission())
    assert not Probation.objects.exists()


# Pauses ------------------------------------------------------------------------------------------


def test_a_pause_stands_in_a_membership(keeper):
    ana, bob = make.person("Ana"), make.member("Bob", member_since=DECEMBER[0])
    for person, first in ((ana, TODAY), (bob, TODAY)):
        with pytest.raises(paths.NotAMemberThen):
            paths.start_pause(person, by=person, starts_on=first, ends_on=DECEMBER[1])
        with refused_by("members_pause_within_membership"), transaction.atomic():
            Pause.objects.create(person=person, starts_on=first, recorded_by=person)
    paths.start_pause(bob, by=bob, starts_on=DECEMBER[0])
    with refused_by("members_membership_holds_its_steps"), transaction.atomic():
        Membership.objects.filter(person=bob).update(ends_on=DECEMBER[1])
    with refused_by("members_probation_within_membership"), transaction.atomic():
        Probation.objects.create(person=ana, starts_on=TODAY, ends_on=TODAY)


def test_nobody_puts_another_on_pause_alone(keeper):
    ana = make.member("Ana")
    with pytest.raises(paths.TakesADecision):
        paths.start_pause(ana, by=keeper, starts_on=TOMORROW)
    with refused_by("members_pause_own_or_decided"), transaction.atomic():
        Pause.objects.create(person=ana, starts_on=TOMORROW, recorded_by=keeper)
    with pytest.raises(paths.AskedForThePast):
        paths.start_pause(ana, by=ana, starts_on=YESTERDAY)
    paths.start_pause(ana, by=keeper, starts_on=YESTERDAY, decision=make.admission())


def test_a_pause_closes_powers_at_once_and_the_return_opens_them(assembly):
    ana, other = make.member("Ana", powers=[Power.APPROVE_HOURS]), make.member("Bob")
    make.mandate(other, [Power.KEEP_COMMITTEES])
    committee = Committee.objects.get(mandates__person=ana)
    assert powers_of(ana) == {Power.APPROVE_HOURS}
    pause = paths.start_pause(ana, by=ana, starts_on=TODAY, ends_on=TOMORROW)
    assert powers_of(ana) == frozenset()
    assert ana not in holders(Power.APPROVE_HOURS)
    assert ana not in governance.electors(committee, TODAY)
    assert ana not in governance.electors(assembly, TODAY)
    Cooperative.objects.update(pause_votes=True)
    assert ana in governance.electors(assembly, TODAY)
    with time_machine.travel("2026-11-22T15:00:00Z"):
        assert powers_of(ana) == {Power.APPROVE_HOURS}
    paths.change_pause(pause, by=ana, ends_on=YESTERDAY)
    assert powers_of(ana) == {Power.APPROVE_HOURS}
    assert not Pause.objects.exists()


def test_the_last_who_keeps_committees_does_not_step_back():
    last, next_one = make.member("Last", powers=[Power.KEEP_COMMITTEES]), make.member("Next")
    with pytest.raises(NobodyLeft) as refusal:
        paths.start_pause(last, by=last, starts_on=DECEMBER[0], ends_on=DECEMBER[1])
    assert "1 December" in str(refusal.value) or "1er décembre" in str(refusal.value)
    make.mandate(next_one, [Power.KEEP_COMMITTEES])
    paths.start_pause(last, by=last, starts_on=DECEMBER[0], ends_on=DECEMBER[1])
    with pytest.raises(NobodyLeft):
        paths.start_pause(next_one, by=next_one, starts_on=date(2026, 12, 15))


def test_what_is_agreed_stops_for_the_pause_and_comes_back():
    ana = make.member("Ana")
    pause = paths.start_pause(ana, by=ana, starts_on=DECEMBER[0], ends_on=DECEMBER[1])
    whole = [
        (make.LONG_AGO, date(2026, 11, 30), 35, False),
        (*DECEMBER, 0, True),
        (date(2027, 1, 1), None, 35, False),
    ]
    assert works(ana) == whole
    paths.change_pause(pause, by=ana, ends_on=None)
    assert works(ana) == [whole[0], (DECEMBER[0], None, 0, True)]
    paths.change_pause(pause, by=ana, ends_on=date(2026, 12, 15))
    assert works(ana)[1:] == [
        (DECEMBER[0], date(2026, 12, 15), 0, True),
        (date(2026, 12, 16), None, 35, False),
    ]
    paths.change_pause(pause, by=ana, ends_on=date(2026, 11, 30))
    assert works(ana) == [(make.LONG_AGO, None, 35, False)]
    connection.check_constraints()


def test_what_is_agreed_otherwise_holds_before_and_after_the_pause(keeper):
    ana = make.member("Ana")
    paths.start_pause(ana, by=ana, starts_on=DECEMBER[0], ends_on=DECEMBER[1])
    lifecycle.change_work_status(ana, by=keeper, starts_on=TODAY, agreed_minutes_per_week=28 * 60)
    assert works(ana) == [
        (make.LONG_AGO, YESTERDAY, 35, False),
        (TODAY, date(2026, 11, 30), 28, False),
        (*DECEMBER, 0, True),
        (date(2027, 1, 1), None, 28, False),
    ]
    status = ana.work_statuses.get(starts_on=TODAY)
    lifecycle.end_work_status(status, by=keeper, ends_on=date(2027, 1, 31))
    assert works(ana)[-1] == (date(2027, 1, 1), date(2027, 1, 31), 28, False)
    with pytest.raises(lifecycle.SameStatus):
        lifecycle.change_work_status(
            ana, by=keeper, starts_on=date(2026, 12, 7), agreed_minutes_per_week=1680
        )
    connection.check_constraints()


def test_the_database_knows_when_work_does_not_follow_a_pause():
    ana = make.member("Ana")
    paths.start_pause(ana, by=ana, starts_on=DECEMBER[0], ends_on=DECEMBER[1])
    with refused_by("members_nothing_agreed_on_pause"), transaction.atomic():
        ana.work_statuses.exclude(pause=None).update(agreed_minutes_per_week=60)
    with refused_by("members_work_follows_pauses"), transaction.atomic():
        ana.work_statuses.exclude(pause=None).update(pause=None, agreed_when_back=None)
        connection.check_constraints()
    with refused_by("members_work_follows_pauses"), transaction.atomic():
        Pause.objects.update(ends_on=date(2027, 1, 31))
        connection.check_constraints()


@pytest.mark.parametrize("last", [date(2026, 12, 31), None])
def test_days_cut_at_pauses_are_all_there_once(last):
    """Whatever the pauses: the parts follow one another from the first day to the last, paused or not."""
    for seed in range(60):
        first = date(2026, 1, 1)
        pauses, day = [], first - timedelta(20) + timedelta(seed)
        while day < date(2027, 2, 1):
            end = day + timedelta(seed % 7 * 9)
            pauses.append(Pause(starts_on=day, ends_on=end))
            day = end + timedelta(1 + (seed * 13) % 31)
        if seed % 2:
            pauses[-1].ends_on = None
        parts = list(_cut(first, last, pauses))
        assert parts[0][0] == first
        assert parts[-1][1] == last
        assert all(after[0] == before[1] + timedelta(1) for before, after in pairwise(parts))
        for begins, ends, pause in parts:
            days = (begins, ends or date(2029, 1, 1))
            assert all((pause is not None and pause.holds_on(day)) for day in days if pause)
            assert not any(one.holds_on(day) for day in days for one in pauses if pause is None)


# Leaving -----------------------------------------------------------------------------------------


def test_a_member_resigns_or_is_parted_by_a_decision(keeper):
    ana, bob = make.member("Ana"), make.member("Bob")
    with pytest.raises(paths.TakesADecision):
        paths.end_membership(ana.memberships.get(), by=keeper, ends_on=TODAY)
    with refused_by("members_membership_takes_two"), transaction.atomic():
        Membership.objects.filter(person=ana).update(ends_on=TODAY, end_recorded_by=keeper)
    paths.end_membership(ana.memberships.get(), by=ana, ends_on=TODAY)
    resigned = ana.memberships.get()
    assert (resigned.ends_on, resigned.is_resigned, resigned.ended_by) == (TODAY, True, None)
    with pytest.raises(lifecycle.AlreadyEnded):
        paths.end_membership(resigned, by=ana, ends_on=TOMORROW)
    paths.end_membership(bob.memberships.get(), by=keeper, ends_on=YESTERDAY, decision=make.admission())
    parted = bob.memberships.get()
    assert (parted.ends_on, parted.is_resigned, parted.ended_by.title) == (YESTERDAY, False, "Admission")
    assert works(ana) == [(make.LONG_AGO, None, 35, False)]


def test_what_stands_in_a_membership_ends_with_it():
    ana = make.member("Ana")
    paths.start_pause(ana, by=ana, starts_on=TODAY)
    Probation.objects.create(person=ana, starts_on=make.LONG_AGO, ends_on=DECEMBER[1])
    paths.end_membership(ana.memberships.get(), by=ana, ends_on=TOMORROW)
    assert (Pause.objects.get().ends_on, Probation.objects.get().ends_on) == (TOMORROW, TOMORROW)
    assert works(ana)[1:] == [(TODAY, TOMORROW, 0, True), (date(2026, 11, 22), None, 35, False)]


def test_departure_ends_membership_work_mandates_and_later_the_account(keeper):
    ana, other = make.member("Ana", powers=[Power.APPROVE_HOURS]), make.member("Bob")
    make.mandate(other, [Power.KEEP_COMMITTEES])
    lifecycle.change_work_status(ana, by=keeper, starts_on=DECEMBER[0], agreed_minutes_per_week=1200)
    with pytest.raises(paths.TakesADecision):
        paths.depart(ana, by=keeper, ends_on=TODAY)
    with pytest.raises(paths.ClosesTooSoon):
        paths.depart(ana, by=ana, ends_on=TODAY, closes_on=YESTERDAY)
    paths.depart(ana, by=ana, ends_on=TODAY, closes_on=date(2027, 3, 1))
    assert works(ana) == [(make.LONG_AGO, TODAY, 35, False)]
    assert ana.memberships.get().ends_on == TODAY
    assert Mandate.objects.get(person=ana).ends_on == TODAY
    with time_machine.travel("2026-11-21T15:00:00Z"):
        assert powers_of(ana) == frozenset()
        assert not Person.objects.here(TOMORROW).filter(pk=ana.pk).exists()
    for moment, is_active in (("2027-03-01T20:00:00Z", True), ("2027-03-02T15:00:00Z", False)):
        with time_machine.travel(moment):
            decide_on_time(timestamp=0)
            assert Person.objects.get(pk=ana.pk).is_active is is_active
    assert JournalEntry.objects.filter(event="members.account_closed", actor=None).count() == 1


def test_who_comes_back_keeps_their_account(keeper):
    ana = make.member("Ana")
    paths.depart(ana, by=ana, ends_on=TODAY, closes_on=DECEMBER[0])
    ana.refresh_from_db()
    lifecycle.start_work_status(
        ana, by=keeper, starts_on=TOMORROW, kind="freelance", tenure="occasional", job_title="Pigiste"
    )
    ana.refresh_from_db()
    assert ana.closes_on is None


def test_who_is_seated_again_is_not_shut_out_by_the_clock():
    ana, other = make.member("Ana"), make.member("Bob")
    make.mandate(other, [Power.KEEP_COMMITTEES])
    paths.depart(ana, by=ana, ends_on=TODAY, closes_on=TODAY)
    make.mandate(ana, starts_on=TOMORROW)
    assert lifecycle.close_accounts_due(TOMORROW) == 0
    assert Person.objects.get(pk=ana.pk).is_active


def test_an_employee_who_is_no_member_departs_without_a_decision(keeper):
    ana = make.person("Ana")
    paths.depart(ana, by=keeper, ends_on=TODAY)
    assert works(ana) == [(make.LONG_AGO, TODAY, 35, False)]
    with pytest.raises(paths.NothingEnds):
        paths.depart(ana, by=keeper, ends_on=TODAY)


def test_work_begun_since_is_not_undone_by_a_departure(keeper):
    ana = make.person("Ana", starts_on=YESTERDAY)
    with pytest.raises(ValidationError), transaction.atomic():
        paths.depart(ana, by=keeper, ends_on=date(2026, 11, 1))
    assert WorkStatus.objects.get(person=ana).ends_on is None


ACTS = {
    "members.decline": lambda ana: {"asked": ana.applications.get().pk},
    "members.pause": lambda ana: {"person": ana.pk, "ends_on": "2027-01-31"},
    "members.end_pause": lambda ana: {"pause": ana.pauses.get().pk},
    "members.end_probation": lambda ana: {"probation": ana.probations.get().pk},
    "members.prolong_probation": lambda ana: {"probation": ana.probations.get().pk, "ends_on": "2027-03-31"},
    "members.part": lambda ana: {"membership": ana.memberships.get().pk},
    "members.depart": lambda ana: {"person": ana.pk, "closes_on": "2027-06-30"},
    "members.set_voters": lambda ana: {"probation_votes": "on"},
}


@pytest.mark.parametrize("code", ACTS)
def test_each_step_is_done_by_a_decision_on_its_day(assembly, code):
    voters = [make.member(name) for name in ("Bob", "Cleo")]
    make.mandate(voters[0], [Power.KEEP_COMMITTEES])
    ana = make.person("Ana") if code == "members.decline" else make.member("Ana")
    if code == "members.decline":
        paths.apply(ana, by=ana)
    if code == "members.end_pause":
        paths.start_pause(ana, by=ana, starts_on=TODAY)
    Probation.objects.bulk_create(
        Probation(person=ana, starts_on=make.LONG_AGO, ends_on=DECEMBER[1]) for _ in ana.memberships.all()
    )
    asked = {name: str(value) for name, value in ACTS[code](ana).items()}
    motion = motions.propose(
        assembly, by=voters[0], title="T", text="T", act=code, fields=asked, effective_on=DECEMBER[0]
    )
    ballot = ballots.open_ballot(motion, by=voters[0], closes_on=TODAY)
    for person in ballot.electors.all():
        ballots.answer(ballot, by=person.person, choice="agree")
    decision = ballots.close(ballot, by=voters[0]).decision
    with time_machine.travel("2026-12-01T15:00:00Z"):
        decide_on_time(timestamp=0)
    decision.refresh_from_db()
    assert decision.execution.pk
    eve = date(2026, 11, 30)
    did = {
        "members.decline": lambda: ana.applications.get().outcome == "declined",
        "members.pause": lambda: ana.pauses.get().starts_on == DECEMBER[0],
        "members.end_pause": lambda: ana.pauses.get().ends_on == eve,
        "members.end_probation": lambda: ana.probations.get().ends_on == eve,
        "members.prolong_probation": lambda: ana.probations.get().ends_on == date(2027, 3, 31),
        "members.part": lambda: ana.memberships.get().ended_by == decision,
        "members.depart": lambda: (works(ana)[-1][1], ana.memberships.get().ends_on) == (eve, eve),
        "members.set_voters": lambda: Cooperative.objects.get().probation_votes,
    }
    assert did[code]()


# On screen -----------------------------------------------------------------------------------------


def test_a_path_is_walked_on_screen(client, keeper):
    make.cooperative()
    ana, decision = make.person("Ana", language="en-ca"), make.admission()
    decision.refresh_from_db()  # the database numbers it

    def go(reader, name, pk, **data):
        client.force_login(reader)
        answer = client.post(reverse(f"members:{name}", args=[pk]), data, follow=True)
        assert answer.status_code == 200
        assert "form-errors" not in answer.content.decode(), answer.content.decode()
        return answer.content.decode()

    assert "Asked on 20 November 2026 to become a member" in go(
        ana, "application_start", ana.pk, words="<i>Moi</i>"
    )
    page = go(
        keeper,
        "membership_start",
        ana.pk,
        starts_on="2026-11-20",
        admitted_by=decision.pk,
        probation_ends_on="2026-12-31",
    )
    ana.refresh_from_db()
    client.force_login(ana)
    page = client.get(reverse("members:person", args=[ana.pk])).content.decode()
    assert "&lt;i&gt;Moi&lt;/i&gt;" in page
    assert decision.number in page
    assert "On probation" in page
    go(keeper, "probation_end", ana.probations.get().pk, ends_on="2026-11-30", decision=decision.pk)
    page = go(ana, "pause_start", ana.pk, starts_on="2026-12-01", ends_on="")
    assert "asked for by the member" in page
    go(ana, "pause_change", ana.pauses.get().pk, ends_on="2026-12-15")
    assert "On pause" in client.get(reverse("members:comings")).content.decode()
    page = go(ana, "depart", ana.pk, ends_on="2027-01-31", closes_on="2027-06-30")
    assert "resigned" in page
    assert ana.pauses.get().ends_on == date(2026, 12, 15)


def test_the_register_says_who_is_what_on_a_day(client, keeper):
    make.cooperative()
    ana, bob = make.member("Ana", language="en-ca"), make.person("Bob", kind="freelance")
    make.member("Cleo", kind="freelance", family_name="Membre")
    paths.start_pause(ana, by=ana, starts_on=TOMORROW)
    paths.apply(bob, by=bob)
    client.force_login(ana)

    def register(**query) -> str:
        return client.get(reverse("members:register"), query).content.decode()

    assert "on pause</td>" not in register()
    assert "on pause</td>" in register(on="2026-11-21")
    assert "candidate</td>" in register()
    freelance = register(who="freelance")
    assert "Membre" in freelance
    assert "not a member" in register(who="freelance", on="2026-11-01")
    assert register(who="candidates").count('scope="row"') == 1
    assert register(who="pause", on="2026-11-21").count('scope="row"') == 1


def test_stretches_are_what_was_agreed_whatever_the_pauses():
    ana = make.member("Ana")
    paths.start_pause(ana, by=ana, starts_on=DECEMBER[0], ends_on=DECEMBER[1])
    paths.start_pause(ana, by=ana, starts_on=date(2027, 2, 1))
    (one,) = stretches_of(ana)
    assert (one.starts_on, one.ends_on, one.agreed) == (make.LONG_AGO, None, 2100)


def test_refusals_of_steps_are_sentences():
    ana = make.member("Ana")
    pause = paths.start_pause(ana, by=ana, starts_on=TODAY, ends_on=TOMORROW)
    with time_machine.travel("2026-12-20T15:00:00Z"), pytest.raises(Refused, match=r"\w+ \w+"):
        paths.change_pause(pause, by=ana, ends_on=DECEMBER[1])
    with pytest.raises(ValidationError):
        paths.start_pause(ana, by=ana, starts_on=TOMORROW)
