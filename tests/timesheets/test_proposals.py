"""Proposals of who does what next period: what they are asked from, computed, changed, adopted, and read."""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from members import ballots, motions, paths
from members.models import Ballot, JournalEntry, Membership, Power, WorkStatus
from members.powers import NotAllowed
from roles import computing, proposals
from roles import proposal_words as words
from roles.models import (
    Assignment,
    LearningWish,
    Proposal,
    ProposalEdit,
    Refusal,
    Rotation,
    Skill,
    Task,
    Term,
)
from roles.proposal_ids import member_id, role_id, task_id
from roles.rotation.outcome import Outcome
from tests import make
from timesheets.sharing import planning

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NEXT = planning.next_period(None, TODAY)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20 12:00-05:00", tick=False):
        yield


@contextmanager
def refused_by(constraint: str):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert refusal.value.__cause__.diag.constraint_name == constraint


def skilled(person, role, level=3):
    able = Skill.objects.autonomous(make.LONG_AGO).filter(role=role).exclude(person=person).first()
    by = able.person if able else make.person("Témoin", kind=None)
    return Skill.objects.create(
        person=person,
        role=role,
        level=level,
        starts_on=make.LONG_AGO,
        confirmed_by=by,
        confirmed_on=make.LONG_AGO,
    )


def expected(name, role, hours, **fields):
    made = make.task(name, role=role)
    Task.objects.filter(pk=made.pk).update(expected_minutes_per_quarter=hours * 60, **fields)
    made.refresh_from_db()
    return made


class Coop:
    """Ana and Béa, ten hours a week each; accounts that both keep, and a site that both make."""

    def __init__(self):
        self.cooperative = make.cooperative()
        self.ana, self.bea = make.person("Ana", minutes=600), make.person("Béa", minutes=600)
        self.keeper = make.person("Chloé", powers=[Power.KEEP_ROLES], kind=None)
        self.accounts = expected("Comptes", "Comptabilité", 65)
        self.site = expected("Site", "Web", 195)
        for person in (self.ana, self.bea):
            skilled(person, self.accounts.role)
            skilled(person, self.site.role)

    def asked(self) -> Rotation:
        inputs = planning.inputs(self.cooperative, NEXT, TODAY)
        return proposals.ask(by=self.keeper, first_on=NEXT.first, last_on=NEXT.last, inputs=inputs)

    def ready(self) -> Proposal:
        """The default proposal of the next period, computed."""
        proposal = self.asked().proposals.get(leaning="default")
        computing.compute(proposal.pk)
        return Proposal.objects.select_related("rotation").get(pk=proposal.pk)

    def decision(self, **fields):
        return make.decision(powers=[Power.KEEP_ROLES], title="Répartition d’hiver", **fields)


@pytest.fixture
def coop() -> Coop:
    return Coop()


def problem_of(coop) -> dict:
    return planning.inputs(coop.cooperative, NEXT, TODAY)["problem"]


# What a period is asked from ----------------------------------------------------------------------


def test_people_bring_their_agreed_hours_without_their_leave(coop):
    make.leave(coop.ana, NEXT.first, NEXT.first + timedelta(days=1), by=coop.keeper)
    hours = {row["id"]: row["hours"] for row in problem_of(coop)["members"]}
    assert hours == {member_id(coop.ana.pk): 116, member_id(coop.bea.pk): 130}


def test_people_bring_nothing_for_the_days_of_a_pause(coop):
    """Neither what is agreed nor what they usually do: whole weeks away are off the period."""
    for person in (coop.ana, coop.bea):
        Membership.objects.create(person=person, starts_on=make.LONG_AGO)
    WorkStatus.objects.filter(person=coop.bea).update(agreed_minutes_per_week=0)
    by = make.person("Comité", powers=[Power.APPROVE_HOURS], kind=None)
    for week in range(7):
        starts_on = date(2026, 10, 5) + timedelta(weeks=week)
        make.approved(coop.bea, starts_on=starts_on, hours={"mon": 10}, by=by, task=coop.accounts)
    usual = {row["id"]: row["hours"] for row in problem_of(coop)["members"]}[member_id(coop.bea.pk)]
    for person, weeks in ((coop.ana, 3), (coop.bea, 13)):
        last = NEXT.first + timedelta(weeks=weeks, days=-1)
        paths.start_pause(person, by=person, starts_on=NEXT.first, ends_on=last)
    hours = {row["id"]: row["hours"] for row in problem_of(coop)["members"]}
    assert usual > 0
    assert hours == {member_id(coop.ana.pk): 100, member_id(coop.bea.pk): 0}


def test_tasks_bring_their_expected_hours_and_what_the_registry_says(coop):
    Task.objects.filter(pk=coop.site.pk).update(min_people=2, learners_percent=10, smallest_chunk_minutes=300)
    rows = {row["id"]: row for row in problem_of(coop)["tasks"]}
    site = rows[task_id(coop.site.pk)]
    assert (site["hours"], site["min_people"], site["learner_share"], site["min_chunk"]) == (195, 2, 0.1, 5)
    assert site["role"] == role_id(coop.site.role_id)
    assert site["rated"] is False


def test_tasks_ask_in_proportion_to_the_periods_of_the_co_op(coop):
    """65 h in a quarter of 13 weeks are 20 h in four; ten hours a week are 40."""
    cooperative = make.cooperative(sharing_weeks=4)
    period = planning.next_period(cooperative, TODAY)
    asked = planning.inputs(cooperative, period, TODAY)["problem"]
    assert (period.weeks, period.first) == (4, date(2026, 12, 7))
    assert [task["hours"] for task in asked["tasks"]] == [20, 60]
    assert [member["hours"] for member in asked["members"]] == [40, 40]


def test_mentors_keep_the_time_to_teach_those_whose_turn_it_is(coop):
    """Dan learns one role this period: four hours, two of Ana's and two of Béa's."""
    dan = make.person("Dan", minutes=600)
    inputs = planning.inputs(coop.cooperative, NEXT, TODAY)
    touch = [role for who, role in inputs["problem"]["touch"] if who == f"p{dan.pk}"]
    assert len(touch) == 1
    hours = {member["id"]: member["hours"] for member in inputs["problem"]["members"]}
    assert hours == {f"p{coop.ana.pk}": 128, f"p{coop.bea.pk}": 128, f"p{dan.pk}": 130}
    assert inputs["notes"]["teaching"] == 1


def test_where_nothing_is_written_the_hours_of_the_year_speak(coop):
    unknown, forgotten = make.task("Accueil", role="Accueil"), make.task("Ménage", role="Accueil")
    by = make.person("Comité", powers=[Power.APPROVE_HOURS], kind=None)
    for week in range(8):
        starts_on = date(2026, 8, 10) + timedelta(weeks=week)
        make.approved(coop.ana, starts_on=starts_on, hours={"mon": 7}, by=by, task=unknown)
    inputs = planning.inputs(coop.cooperative, NEXT, TODAY)
    rows = {row["id"]: row["hours"] for row in inputs["problem"]["tasks"]}
    assert rows[task_id(unknown.pk)] > 0
    assert task_id(forgotten.pk) not in rows
    assert inputs["notes"]["tasks_by_hours"] == inputs["notes"]["tasks_left_out"] == 1
    ana = next(row for row in inputs["problem"]["members"] if row["id"] == member_id(coop.ana.pk))
    assert ana["skills"][role_id(unknown.role_id)] == 2
    assert inputs["notes"]["skills_by_hours"] == 1


def test_terms_keep_their_hours_and_refusals_are_kept(coop):
    Assignment.objects.create(
        person=coop.ana, task=coop.accounts, starts_on=make.LONG_AGO, planned_minutes_per_week=120
    )
    Term.objects.create(person=coop.ana, role=coop.accounts.role, starts_on=date(2026, 3, 1))
    proposals.refuse(by=coop.bea, tasks=[coop.site])
    problem = problem_of(coop)
    kept = [member_id(coop.ana.pk), task_id(coop.accounts.pk)]
    assert problem["current"] == [[*kept, 26]]
    assert problem["mandates"] == [[*kept, 26]]
    assert problem["refusals"] == [[member_id(coop.bea.pk), task_id(coop.site.pk)]]


def test_terms_keep_no_more_than_their_tasks_ask_and_leave_a_part_to_who_else_is_needed(coop):
    Task.objects.filter(pk=coop.accounts.pk).update(expected_minutes_per_quarter=20 * 60, min_people=2)
    for person, weekly in ((coop.ana, 240), (coop.bea, 120)):
        Assignment.objects.create(
            person=person, task=coop.accounts, starts_on=make.LONG_AGO, planned_minutes_per_week=weekly
        )
    term = Term.objects.create(person=coop.ana, role=coop.accounts.role, starts_on=date(2026, 3, 1))
    ana, bea, accounts = member_id(coop.ana.pk), member_id(coop.bea.pk), task_id(coop.accounts.pk)
    assert problem_of(coop)["mandates"] == [[ana, accounts, 18]]
    Term.objects.create(person=coop.bea, role=term.role, starts_on=date(2026, 3, 1))
    kept = {row[0]: row[2] for row in problem_of(coop)["mandates"]}
    assert kept == {ana: 13.25, bea: 6.5}


def test_terms_leave_some_hours_to_whose_turn_it_is_to_learn(coop):
    Task.objects.filter(pk=coop.accounts.pk).update(expected_minutes_per_quarter=20 * 60)
    Assignment.objects.create(
        person=coop.ana, task=coop.accounts, starts_on=make.LONG_AGO, planned_minutes_per_week=120
    )
    Term.objects.create(person=coop.ana, role=coop.accounts.role, starts_on=date(2026, 3, 1))
    dan = make.person("Dan", minutes=300)
    LearningWish.objects.create(person=dan, role=coop.site.role, wish=-1)
    problem = problem_of(coop)
    assert role_id(coop.accounts.role_id) in {
        role for who, role in problem["touch"] if who == member_id(dan.pk)
    }
    assert problem["mandates"] == [[member_id(coop.ana.pk), task_id(coop.accounts.pk), 16]]


def test_averages_count_the_weeks_that_were_approved(coop):
    """Four weeks of ten hours are ten hours a week, whenever in the period they were."""
    made, by = (
        make.task("Accueil", role="Accueil"),
        make.person("Comité", powers=[Power.APPROVE_HOURS], kind=None),
    )
    for week in range(4):
        make.approved(
            coop.ana,
            starts_on=date(2026, 10, 12) + timedelta(weeks=week),
            hours={"mon": 10},
            by=by,
            task=made,
        )
    rows = {row["id"]: row["hours"] for row in problem_of(coop)["tasks"]}
    assert rows[task_id(made.pk)] == 130


def test_nobody_is_due_in_a_role_without_work(coop):
    idle = make.task("Rien", role="Désœuvrement").role
    assert role_id(idle.pk) not in {role for _who, role in problem_of(coop)["touch"]}


def test_nobody_is_sent_where_they_would_rather_not_learn(coop):
    care = expected("Écoute", "Soin", 40, smallest_chunk_minutes=120)
    skilled(coop.ana, care.role)
    here = [member_id(coop.bea.pk), role_id(care.role_id)]
    wish = LearningWish.objects.create(person=coop.bea, role=care.role, wish=1)
    assert here in problem_of(coop)["touch"]
    LearningWish.objects.filter(pk=wish.pk).update(wish=-1)
    assert here not in problem_of(coop)["touch"]


# Asked, computed, stopped -------------------------------------------------------------------------


def test_three_proposals_are_asked_for_and_left_to_workers(coop):
    asked = coop.asked()
    assert [(one.leaning, one.band) for one in asked.proposals.all()] == [
        ("stability", Decimal("0.50")),
        ("default", Decimal("0.25")),
        ("fairness", Decimal("0.10")),
    ]
    jobs = ProcrastinateJob.objects.filter(task_name="roles.tasks.compute_proposal")
    assert {job.args["proposal"] for job in jobs} == set(asked.proposals.values_list("pk", flat=True))
    assert JournalEntry.objects.filter(event="roles.rotation_asked", body__id=asked.pk).exists()


def test_only_who_keeps_roles_asks(coop):
    with pytest.raises(NotAllowed):
        proposals.ask(
            by=coop.ana, first_on=NEXT.first, last_on=NEXT.last, inputs={"problem": problem_of(coop)}
        )


def test_a_period_without_hours_is_not_asked(coop):
    empty = {"members": [], "tasks": []}
    with pytest.raises(proposals.NothingToShare):
        proposals.ask(by=coop.keeper, first_on=NEXT.first, last_on=NEXT.last, inputs={"problem": empty})


def test_a_computed_proposal_covers_the_work_and_is_computed_once(coop):
    proposal = coop.ready()
    assert (proposal.state, proposal.percent) == ("done", 100)
    assert proposal.result["uncovered_hours"] == 0
    assert sum(proposals.hours_of(proposal).values()) == 260
    computing.compute(proposal.pk)
    assert Proposal.objects.get(pk=proposal.pk).ended_at == proposal.ended_at


def test_what_was_stopped_is_not_computed(coop):
    asked = coop.asked()
    proposals.stop(asked, by=coop.keeper)
    for pk in asked.proposals.values_list("pk", flat=True):
        computing.compute(pk)
    assert set(asked.proposals.values_list("state", flat=True)) == {"cancelled"}
    with pytest.raises(proposals.NotUnderWay):
        proposals.stop(asked, by=coop.keeper)


def test_stopping_reaches_a_proposal_that_is_being_computed(coop, monkeypatch):
    monkeypatch.setattr(computing, "EVERY", 0.0)
    asked = coop.asked()
    pk = asked.proposals.first().pk

    class Stopped(computing._Watching):
        def tell(self, stage, part):
            super().tell(stage, part)
            if stage == "worst":
                proposals.stop(asked, by=coop.keeper)

    monkeypatch.setattr(computing, "_Watching", Stopped)
    computing.compute(pk)
    assert Proposal.objects.get(pk=pk).state == "cancelled"
    assert Proposal.objects.get(pk=pk).result is None


# Changed by hand, adopted -------------------------------------------------------------------------


def test_an_edit_stands_beside_what_was_computed(coop):
    proposal = coop.ready()
    pair = member_id(coop.ana.pk), task_id(coop.accounts.pk)
    before = proposals.computed_hours(proposal)
    assert proposals.edit(proposal, by=coop.keeper, hours={pair: 90}) == 1
    assert proposals.edit(proposal, by=coop.keeper, hours={pair: 90}) == 0
    assert proposals.hours_of(proposal)[pair] == 1.5
    assert proposals.computed_hours(proposal) == before
    with refused_by("roles_proposaledit_is_final"):
        ProposalEdit.objects.update(minutes=60)
    with refused_by("roles_proposal_is_final"):
        Proposal.objects.filter(pk=proposal.pk).update(result={})


def test_adopting_gives_each_task_for_the_days_of_the_period(coop):
    old = Assignment.objects.create(
        person=coop.ana, task=coop.accounts, starts_on=make.LONG_AGO, planned_minutes_per_week=300
    )
    proposal = coop.ready()
    asked = proposals.adopt(proposal, by=coop.keeper, decision=coop.decision())
    old.refresh_from_db()
    assert old.ends_on == NEXT.first - timedelta(days=1)
    given = Assignment.objects.filter(starts_on=NEXT.first, ends_on=NEXT.last)
    plan = proposals.hours_of(proposal)
    assert {(member_id(one.person_id), task_id(one.task_id)) for one in given} == set(plan)
    for one in given:
        hours = plan[member_id(one.person_id), task_id(one.task_id)]
        assert one.planned_minutes_per_week == max(1, round(hours * 60 / 13))
    assert (asked.adopted, asked.adopted_by) == (proposal, coop.keeper)


def put_to_a_committee(coop, proposal) -> Ballot:
    """The plan is proposed to a committee that keeps roles, which is asked."""
    body = coop.keeper.mandates.get().committee
    motion = motions.propose(
        body,
        by=coop.ana,
        title="Répartition d’hiver",
        text="Comme proposée",
        act="roles.share_out",
        fields={"proposal": str(proposal.pk), "edits": str(proposal.edits.count())},
    )
    ballot = ballots.open_ballot(motion, by=coop.ana, closes_on=TODAY)
    ballots.answer(ballot, by=coop.keeper, choice="agree")
    return ballot


def test_a_decision_gives_the_tasks_itself(coop):
    proposal = coop.ready()
    decision = ballots.close(put_to_a_committee(coop, proposal), by=coop.keeper).decision
    asked = Rotation.objects.get()
    assert (asked.adopted, asked.decision, asked.adopted_by) == (proposal, decision, None)
    assert Assignment.objects.filter(starts_on=NEXT.first).count() == len(proposals.hours_of(proposal))


def test_a_plan_changed_after_it_was_put_to_the_body_is_not_what_it_adopted(coop):
    proposal = coop.ready()
    ballot = put_to_a_committee(coop, proposal)
    proposals.edit(proposal, by=coop.keeper, hours={(member_id(coop.ana.pk), task_id(coop.accounts.pk)): 90})
    decision = ballots.close(ballot, by=coop.keeper).decision
    assert not Rotation.objects.get().adopted
    assert decision.failed_execution.sentence


def test_what_is_adopted_does_not_change_any_more(coop):
    proposal = coop.ready()
    decision = coop.decision()
    asked = proposals.adopt(proposal, by=coop.keeper, decision=decision)
    with pytest.raises(proposals.AdoptedAlready):
        proposals.adopt(proposal, by=coop.keeper, decision=decision)
    with pytest.raises(proposals.AdoptedAlready):
        proposals.edit(proposal, by=coop.keeper, hours={})
    with refused_by("roles_rotation_is_final"):
        Rotation.objects.filter(pk=asked.pk).update(version="2")
    with refused_by("roles_adopted_is_not_edited"):
        ProposalEdit.objects.create(
            proposal=proposal, person=coop.ana, task=coop.site, minutes=60, by=coop.keeper
        )


def test_only_a_body_that_held_the_power_adopts(coop):
    proposal = coop.ready()
    other = make.decision(powers=[Power.SET_RATE])
    with pytest.raises(proposals.NotTheirsToShare):
        proposals.adopt(proposal, by=coop.keeper, decision=other)
    with pytest.raises(NotAllowed):
        proposals.adopt(proposal, by=coop.ana, decision=coop.decision())


def test_a_plan_that_breaks_a_rule_is_not_adopted(coop):
    proposals.refuse(by=coop.bea, tasks=[coop.accounts])
    proposal = coop.ready()
    pair = member_id(coop.bea.pk), task_id(coop.accounts.pk)
    proposals.edit(proposal, by=coop.keeper, hours={pair: 600})
    with pytest.raises(proposals.BreaksARule, match="Comptes"):
        proposals.adopt(proposal, by=coop.keeper, decision=coop.decision())
    assert not Assignment.objects.exists()


def test_a_task_given_within_the_period_is_ended_first(coop):
    proposal = coop.ready()
    Assignment.objects.create(person=coop.ana, task=coop.site, starts_on=NEXT.first + timedelta(days=3))
    with pytest.raises(proposals.BegunMeanwhile):
        proposals.adopt(proposal, by=coop.keeper, decision=coop.decision())


def test_one_sharing_out_of_a_period_is_adopted(coop):
    first, second = coop.ready(), coop.ready()
    proposals.adopt(first, by=coop.keeper, decision=coop.decision())
    Assignment.objects.all().delete()
    with pytest.raises(ValidationError):
        proposals.adopt(second, by=coop.keeper, decision=coop.decision())


def test_a_refusal_is_taken_back_without_a_trace(coop):
    proposals.refuse(by=coop.ana, tasks=[coop.accounts, coop.site])
    proposals.refuse(by=coop.ana, tasks=[coop.site])
    assert list(Refusal.objects.values_list("person", "task")) == [(coop.ana.pk, coop.site.pk)]
    assert not JournalEntry.objects.filter(event__contains="refus").exists()


# Pages --------------------------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"timesheets:{name}", args=args)


def test_asking_following_reading(coop, client):
    client.force_login(coop.keeper)
    answer = client.post(url("rotation_ask"), {"first_on": NEXT.first.isoformat()})
    asked = Rotation.objects.get()
    assert answer.url == url("rotation", asked.pk)
    html = client.get(answer.url).content.decode()
    assert "data-follow" in html
    assert "aucun processus" in html
    for pk in asked.proposals.values_list("pk", flat=True):
        computing.compute(pk)
    html = client.get(answer.url).content.decode()
    assert "data-follow" not in html
    for one in asked.proposals.all():
        assert url("proposal", one.pk) in html
    page = client.get(url("proposal", asked.proposals.first().pk)).content.decode()
    for name in ("Comptes", "Site", str(coop.ana), str(coop.bea)):
        assert name in page


def test_hours_by_hand_are_judged_at_once_and_kept_when_saved(coop, client):
    proposal = coop.ready()
    client.force_login(coop.keeper)
    key = f"{member_id(coop.ana.pk)}-{task_id(coop.site.pk)}"
    plan = {
        f"{who}-{what}": str(hours).replace(".", ",")
        for (who, what), hours in proposals.hours_of(proposal).items()
    }
    here = url("proposal_edit", proposal.pk)
    looked = client.post(here, {**plan, key: "1", "look": "1"}).content.decode()
    assert 'data-tone="warn"' in looked
    assert not ProposalEdit.objects.exists()
    answer = client.post(here, {**plan, key: "20", "save": "1"})
    assert answer.url == here
    edit = ProposalEdit.objects.get(person=coop.ana, task=coop.site)
    assert (edit.minutes, edit.by) == (1200, coop.keeper)


def test_a_half_written_line_is_not_lost(coop, client):
    proposal = coop.ready()
    client.force_login(coop.keeper)
    answer = client.post(url("proposal_edit", proposal.pk), {"minutes": "3", "save": "1"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not ProposalEdit.objects.exists()


def test_why_not_me_says_what_it_would_cost_or_what_bars_it(coop, client):
    care = expected("Écoute", "Soin", 20)
    skilled(coop.bea, care.role)
    proposal = coop.ready()
    client.force_login(coop.ana)
    here = url("proposal_why", proposal.pk)
    me = member_id(coop.ana.pk)
    barred = client.get(here, {"person": me, "task": task_id(care.pk)}).content.decode()
    assert "Écoute" in barred
    other = client.get(here, {"person": member_id(coop.bea.pk), "task": task_id(care.pk)})
    assert 'role="alert"' in other.content.decode()
    held = set(proposals.hours_of(proposal))
    pair = next(
        (who, what)
        for who in (me, member_id(coop.bea.pk))
        for what in (task_id(coop.accounts.pk), task_id(coop.site.pk))
        if (who, what) in held
    )
    client.force_login(coop.keeper)
    assert client.get(here, {"person": pair[0], "task": pair[1]}).status_code == 200


def test_what_depends_on_a_wish_is_told_to_its_author_only(coop, client):
    care = expected("Écoute", "Soin", 40, smallest_chunk_minutes=120)
    skilled(coop.bea, care.role)
    dan = make.person("Dan", minutes=60)
    wish = LearningWish.objects.create(person=dan, role=care.role, wish=1)
    said = {}
    for chosen in (1, 0):
        LearningWish.objects.filter(pk=wish.pk).update(wish=chosen)
        proposal = coop.ready()
        here, asked = (
            url("proposal_why", proposal.pk),
            {"person": member_id(dan.pk), "task": task_id(care.pk)},
        )
        client.force_login(coop.keeper)
        said["keeper", chosen] = client.get(here, asked).context.get("sentence")
        client.force_login(dan)
        said["dan", chosen] = client.get(here, asked).context.get("sentence")
    assert said["keeper", 1] == said["keeper", 0] is not None
    assert said["dan", 1] != said["dan", 0]


def test_another_plan_has_its_price_in_a_sentence(coop):
    proposal = coop.ready()
    problem = proposals.problem_of(proposal)
    plan = Outcome(problem, proposals.hours_of(proposal))
    with translation.override("en-ca"):
        assert (
            words.price(plan, plan) == "It would cost the others nothing: the proposal did as well without."
        )
        nothing = Outcome(problem, {})
        assert words.price(plan, nothing) == "More would be missing than in the proposal."


@pytest.mark.parametrize("language", ["fr-ca", "en-ca"])
def test_whatever_limits_a_plan_is_said_in_the_readers_language(coop, language):
    """Every kind of explanation, with the names of people, tasks and whole roles."""
    tax = make.task("Taxes", role=coop.accounts.role.name)
    asked = coop.asked()
    names = words.names_of(asked.inputs["problem"])
    names.tasks[task_id(tax.pk)] = tax
    ana, bea = member_id(coop.ana.pk), member_id(coop.bea.pk)
    accounts, taxes, site = (task_id(one.pk) for one in (coop.accounts, tax, coop.site))
    heavy = {"kind": "too_heavy", "need": 60.0, "missing": 20.0, "can_give_at_most": 40.0}
    far = {"kind": "farthest", "member": ana, "dimension": "d", "deviation": -0.4, "nearest_alone": 0.0}
    with translation.override(language):
        said = [
            words.explanation(heavy | {"tasks": [accounts, taxes], "members": [ana, bea]}, names),
            words.explanation(heavy | {"tasks": [accounts, taxes, site], "members": [ana]}, names),
            words.explanation(heavy | {"tasks": [site], "members": [ana], "learners_give": 4.0}, names),
            words.explanation(heavy | {"tasks": [site], "members": []}, names),
            words.explanation(heavy | {"tasks": [site], "members": [], "can_give_at_most": 0.0}, names),
            words.explanation({"kind": "refusals", "gap": 0.5, "gap_without": 0.2}, names),
            words.explanation({"kind": "refusals", "gap": 0.2, "gap_without": 0.2}, names),
            *(
                words.explanation(far | {"limited_by": by}, names)
                for by in ("band", "own_tasks", "mandates", "others")
            ),
            *(
                words.explanation(
                    {"kind": "relax", "family": family, "cost_now": 9.0, "cost_without": 3.0}, names
                )
                for family in words.FAMILIES
            ),
        ]
    assert all(sentence.endswith(".") and "None" not in sentence and "–" not in sentence for sentence in said)
    assert len(set(said)) == len(said)
    open_quote, other = ("«", "“") if language == "fr-ca" else ("“", "«")
    assert open_quote in said[0]
    assert other not in "".join(said)
    assert str(tax.role) in said[0]
    assert str(tax) not in said[0]


def test_adopting_from_its_page(coop, client):
    proposal = coop.ready()
    client.force_login(coop.keeper)
    here, decision = url("proposal_adopt", proposal.pk), coop.decision()
    assert str(decision.title) in client.get(here).content.decode()
    answer = client.post(here, {"decision": decision.pk})
    assert answer.url == url("rotation", proposal.rotation_id)
    html = client.get(answer.url).content.decode()
    assert decision.title in html
    assert str(coop.keeper) in html
    assert url("proposal_edit", proposal.pk) not in client.get(url("proposal", proposal.pk)).content.decode()


def test_who_adopts_reads_what_the_plan_gives_them(coop, client):
    make.mandate(coop.ana, [Power.KEEP_ROLES])
    proposal = coop.ready()
    own = sum(
        hours for (who, _what), hours in proposals.hours_of(proposal).items() if who == member_id(coop.ana.pk)
    )
    client.force_login(coop.ana)
    context = client.get(url("proposal_adopt", proposal.pk)).context
    assert context["own_minutes"] == round(own * 60) > 0


def test_a_member_reads_and_does_not_act(coop, client):
    proposal = coop.ready()
    client.force_login(coop.ana)
    for name in ("rotation_ask", "rotation_stop", "proposal_edit", "proposal_adopt"):
        args = () if name == "rotation_ask" else (proposal.pk,)
        assert client.get(url(name, *args)).status_code == 403
    page = client.get(url("proposal", proposal.pk)).content.decode()
    assert url("proposal_adopt", proposal.pk) not in page
    assert url("proposal_why", proposal.pk) in page


def test_refusals_are_ticked(coop, client):
    client.force_login(coop.ana)
    client.post(reverse("roles:refusals"), {"tasks": [coop.site.pk]})
    assert Refusal.objects.get().task == coop.site
    client.post(reverse("roles:refusals"), {})
    assert not Refusal.objects.exists()


def test_lists_ask_the_same_queries_with_one_and_three(coop, client):
    client.force_login(coop.keeper)
    client.get(url("rotations"))
    counts = []
    for more in (1, 2):
        for _one in range(more):
            coop.asked()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url("rotations"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_proposal_asks_the_same_queries_with_more_people(coop, client):
    client.force_login(coop.keeper)
    client.get(url("rotations"))
    counts = []
    for more in (0, 2):
        for _one in range(more):
            skilled(make.person("Dan", minutes=60), coop.site.role)
        proposal = coop.ready()
        with CaptureQueriesContext(connection) as queries:
            client.get(url("proposal", proposal.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]
