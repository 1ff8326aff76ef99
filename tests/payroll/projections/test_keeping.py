"""A projection: its author's alone while a draft, everybody's and final once kept, copied, adopted."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members import ballots, motions, paths
from members.models import JournalEntry, Mandate, Membership, Power, WorkStatus
from payroll.earnings import NoRate
from payroll.models import ExpectedAmount, PayPeriod, Projection, Supposition
from payroll.projections import keeping, pages
from payroll.projections.facts import Facts
from payroll.projections.outlook import foresee
from payroll.projections.reading import facts_of
from payroll.projections.scenarios import changes_of, expected_of, foreseen, kept_outlook
from tests import make

from .made import DECEMBER, TODAY, cost, draft, revenue, suppose

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def coop():
    found = make.cooperative(first_period_on=date(2026, 11, 2))
    make.rate("21.50")
    return found


@pytest.fixture
def ana(coop):
    return make.person("Ana")


@pytest.fixture
def bea(coop):
    return make.person("Bea", kind="freelance", minutes=20 * 60)


# What it is read from -----------------------------------------------------------------------------


def test_facts_are_the_agreed_hours_the_calendar_and_the_rates(coop, ana, bea):
    make.person("Zoé", kind="salaried", minutes=0)
    make.rate("22.00", starts_on=date(2027, 3, 1))
    facts = facts_of(DECEMBER, 12, today=TODAY, cooperative=coop)
    assert [(w.works[0].is_salaried, w.works[0].minutes_per_week) for w in facts.workers] == [
        (True, 35 * 60),
        (False, 20 * 60),
    ]
    assert facts.without_hours == 1
    assert facts.rates == ((make.LONG_AGO, Decimal("21.50")), (date(2027, 3, 1), Decimal("22.00")))
    assert facts.periods[0].pay_on >= date(2026, 1, 1)
    assert facts.periods[-1].pay_on <= date(2027, 11, 30)
    assert facts.reviewed_through == date(2026, 12, 31)


def test_pause_pays_nothing_and_its_hours_come_back(coop, ana):
    Membership.objects.create(person=ana, starts_on=make.LONG_AGO)
    paths.start_pause(ana, by=ana, starts_on=date(2026, 12, 28), ends_on=date(2027, 3, 7))
    facts = facts_of(DECEMBER, 12, today=TODAY, cooperative=coop)
    assert facts.without_hours == 0
    months = {of.month.month: of for of in foresee(facts).months if of.month.year == 2027}
    assert months[2].salaried == 0
    assert months[2].work_minutes == 0
    # The pay of 26 March is of 8 to 21 March.
    assert months[3].salaried == 70 * Decimal("21.50")


def test_pay_of_somebody_who_left_is_still_remitted(coop, ana):
    """Gone on 13 November, paid on the 20th: the deductions leave in December, and nothing else is foreseen."""
    WorkStatus.objects.filter(person=ana).update(ends_on=date(2026, 11, 13))
    facts = facts_of(DECEMBER, 12, today=TODAY, cooperative=coop)
    outlook = foresee(facts)
    assert outlook.total.pay == 0
    assert outlook.months[0].remitted > 400
    assert outlook.owed == outlook.total.remitted
    assert pages.known(facts)[0].startswith("Lu le 23 novembre 2026\u00a0: 0 personne")


def test_known_leave_is_read_without_its_reason(coop, ana):
    by = make.person("Comité", kind=None)
    make.leave(ana, date(2027, 2, 8), kind="sick", by=by)
    make.leave(ana, date(2027, 2, 9), kind="vacation", minutes=3 * 60, by=by)
    make.leave(ana, date(2027, 2, 10), kind="vacation")  # only asked for, and to come
    (worker,) = facts_of(DECEMBER, 12, today=TODAY, cooperative=coop).workers
    assert worker.away == ((date(2027, 2, 8), Decimal(1)), (date(2027, 2, 9), Decimal("0.5")))


def test_facts_do_not_say_who_and_ask_as_many_queries_for_all(coop, ana, django_assert_num_queries):
    with django_assert_num_queries(7):
        facts_of(DECEMBER, 24, today=TODAY, cooperative=coop)
    for name in ("Bo", "Cleo", "Dora"):
        make.person(name)
    with django_assert_num_queries(7):
        facts = facts_of(DECEMBER, 24, today=TODAY, cooperative=coop)
    for worker in facts.to_dict()["workers"]:
        assert worker.keys() == {"works", "away"}
        assert worker["works"][0].keys() == {"starts_on", "ends_on", "is_salaried", "minutes_per_week"}


def test_recorded_periods_keep_their_days(coop, ana):
    PayPeriod.objects.create(
        starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 15), pay_on=date(2026, 11, 18), pays_in_year=26
    )
    facts = facts_of(date(2026, 11, 1), 12, today=TODAY, cooperative=coop)
    dates = [period.pay_on for period in facts.periods]
    assert date(2026, 11, 18) in dates
    assert date(2026, 11, 20) not in dates
    assert date(2026, 12, 4) in dates


# Drafts -------------------------------------------------------------------------------------------


def test_draft_follows_the_coop_and_a_kept_one_does_not(coop, ana):
    projection = draft(ana)
    revenue(projection, "5000.00")
    suppose(projection, "cautious", kind="hours", percent=Decimal(-10))
    before = foreseen(projection, today=TODAY, cooperative=coop)
    keeping.keep(projection, by=ana)
    WorkStatus.objects.filter(person=ana).update(agreed_minutes_per_week=20 * 60)
    kept = Projection.objects.get()
    assert foreseen(kept, today=TODAY, cooperative=coop) == before
    other = draft(ana)
    assert foreseen(other, today=TODAY, cooperative=coop).expected.total.pay < before.expected.total.pay


def test_what_is_kept_is_worked_out_again_from_what_was_known(coop, ana, bea):
    projection = draft(ana, opening="1234.56")
    revenue(projection, "5000.00")
    cost(projection, "1200.00")
    suppose(projection, "ambitious", kind="rate", amount=Decimal("25.00"), first_month=date(2027, 3, 1))
    suppose(projection, "cautious", kind="revenue", percent=Decimal(-20))
    keeping.keep(projection, by=ana)
    kept = Projection.objects.get()
    for scenario in Supposition.Scenario.values:
        again = foresee(
            Facts.from_dict(kept.facts),
            opening=kept.opening,
            expected=expected_of(kept),
            changes=changes_of(kept, scenario),
        )
        assert kept_outlook(kept, scenario) == again
    assert JournalEntry.objects.latest("seq").body == {
        "projection": kept.pk,
        "starts_on": "2026-12-01",
        "months": 12,
        "copied_from": None,
    }


def test_nobody_changes_the_draft_of_another(ana, bea):
    projection = draft(ana)
    amount = cost(projection, "10.00")
    acts = [
        lambda: keeping.change(projection, by=bea, title="À moi"),
        lambda: keeping.expect(projection, by=bea, side="cost", name="x", amount=1, first_month=DECEMBER),
        lambda: keeping.change_part(amount, by=bea, amount=Decimal(1)),
        lambda: keeping.remove_part(amount, by=bea),
        lambda: keeping.discard(projection, by=bea),
        lambda: keeping.keep(projection, by=bea),
    ]
    for act in acts:
        with pytest.raises(keeping.NotTheirs):
            act()


def test_draft_is_thrown_away_with_its_lines(ana):
    projection = draft(ana)
    cost(projection, "10.00")
    suppose(projection, "cautious", kind="costs", amount=Decimal(5))
    keeping.discard(projection, by=ana)
    assert not Projection.objects.exists()
    assert not ExpectedAmount.objects.exists()
    assert not Supposition.objects.exists()


def test_without_a_rate_nothing_is_kept():
    make.cooperative()
    ana = make.person("Ana")
    projection = draft(ana)
    with pytest.raises(NoRate):
        keeping.keep(projection, by=ana)
    assert not Projection.objects.get().is_kept


@pytest.mark.parametrize(
    "given",
    [
        {"starts_on": date(2026, 12, 2)},
        {"months": 11},
        {"months": 25},
        {"title": ""},
    ],
)
def test_projection_begins_on_a_first_and_lasts_12_to_24_months(ana, given):
    fields = {"title": "Essai", "starts_on": DECEMBER, "months": 12, "opening": Decimal(0)} | given
    with pytest.raises(ValidationError):
        keeping.start(**fields, by=ana)


# What it expects and supposes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {"side": "cost", "name": ""},
        {"side": "revenue", "name": ""},
        {"side": "gift"},
        {"amount": Decimal(0)},
        {"amount": Decimal("-1.00")},
        {"first_month": date(2026, 12, 2)},
        {"first_month": date(2027, 2, 1), "last_month": DECEMBER},
        {"is_monthly": False, "last_month": date(2027, 2, 1)},
    ],
)
def test_amount_that_makes_no_sense_is_refused(ana, given):
    fields = {"side": "cost", "name": "Loyer", "amount": Decimal(10), "first_month": DECEMBER} | given
    with pytest.raises(ValidationError):
        keeping.expect(draft(ana), by=ana, **fields)


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "rate"},
        {"kind": "rate", "amount": Decimal(0)},
        {"kind": "rate", "amount": Decimal(20), "percent": Decimal(5)},
        {"kind": "hours"},
        {"kind": "hours", "amount": Decimal(5)},
        {"kind": "hours", "percent": Decimal(-101)},
        {"kind": "hours", "percent": Decimal(5), "minutes_per_week": 60},
        {"kind": "person", "minutes_per_week": 60},
        {"kind": "person", "work_kind": "salaried"},
        {"kind": "person", "work_kind": "salaried", "minutes_per_week": 61 * 60},
        {"kind": "revenue"},
        {"kind": "revenue", "percent": Decimal(5), "amount": Decimal(5)},
        {"kind": "wish", "percent": Decimal(5)},
        {"kind": "costs", "percent": Decimal(5), "name": ""},
        {"kind": "costs", "percent": Decimal(5), "last_month": date(2026, 11, 1)},
        {"kind": "costs", "percent": Decimal(5), "scenario": "worst"},
    ],
)
def test_supposition_says_exactly_what_its_kind_needs(ana, given):
    with pytest.raises((ValidationError, keeping.UnderTheFloor)):
        suppose(draft(ana), **({"scenario": "cautious"} | given))


def test_database_refuses_a_supposition_of_nothing(ana):
    projection = draft(ana)
    fields = {"scenario": "cautious", "name": "Rien", "first_month": DECEMBER}
    for kind in Supposition.Kind.values:
        with pytest.raises(IntegrityError), transaction.atomic():
            Supposition.objects.create(projection=projection, kind=kind, **fields)


def test_supposed_rate_is_not_under_the_minimum_wage(ana):
    with pytest.raises(keeping.UnderTheFloor, match="16"):
        suppose(draft(ana), "cautious", kind="rate", amount=Decimal("16.59"))
    assert suppose(draft(ana), "cautious", kind="rate", amount=Decimal("16.60")).pk


def test_lines_of_a_projection_are_bounded(ana, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_AMOUNTS", 1)
    monkeypatch.setattr(keeping, "MOST_SUPPOSITIONS", 1)
    projection = draft(ana)
    cost(projection, "1.00")
    suppose(projection, "cautious", kind="costs", amount=Decimal(5))
    with pytest.raises(keeping.TooMany):
        cost(projection, "1.00")
    with pytest.raises(keeping.TooMany):
        suppose(projection, "cautious", kind="costs", amount=Decimal(5))


# Kept ---------------------------------------------------------------------------------------------


@pytest.fixture
def kept(ana):
    projection = draft(ana)
    cost(projection, "1200.00")
    suppose(projection, "cautious", kind="costs", amount=Decimal(5))
    return keeping.keep(projection, by=ana)


def test_what_is_kept_changes_through_no_verb(kept, ana):
    acts = [
        lambda: keeping.change(kept, by=ana, title="Autre"),
        lambda: keeping.expect(kept, by=ana, side="cost", name="x", amount=1, first_month=DECEMBER),
        lambda: keeping.remove_part(kept.amounts.get(), by=ana),
        lambda: keeping.change_part(kept.suppositions.get(), by=ana, amount=Decimal(6)),
        lambda: keeping.discard(kept, by=ana),
        lambda: keeping.keep(kept, by=ana),
    ]
    for act in acts:
        with pytest.raises(keeping.KeptAlready):
            act()


def test_what_is_kept_changes_through_no_other_door(kept):
    fields = {"projection": kept, "first_month": DECEMBER, "name": "Autre"}
    acts = [
        lambda: Projection.objects.update(title="Autre"),
        lambda: Projection.objects.update(figures={}),
        lambda: Projection.objects.update(kept_at=None, facts=None, figures=None),
        lambda: kept.amounts.update(amount=Decimal(1)),
        lambda: kept.amounts.all().delete(),
        lambda: kept.suppositions.all().delete(),
        lambda: ExpectedAmount.objects.create(side="cost", amount=Decimal(1), **fields),
        lambda: Supposition.objects.create(scenario="cautious", kind="costs", amount=Decimal(1), **fields),
        lambda: ExpectedAmount.objects.filter(projection=kept).update(projection=draft(kept.author)),
        lambda: Projection.objects.all()._raw_delete("default"),
    ]
    for act in acts:
        with pytest.raises(IntegrityError, match="kept never changes"), transaction.atomic():
            act()


def test_copy_is_a_draft_of_ones_own_with_the_same_lines(kept, bea):
    copy = keeping.copy(kept, by=bea)
    assert (copy.author, copy.copied_from, copy.is_kept) == (bea, kept, False)
    assert [(of.name, of.amount) for of in copy.amounts.all()] == [("Loyer", Decimal("1200.00"))]
    assert [(of.scenario, of.amount) for of in copy.suppositions.all()] == [("cautious", Decimal(5))]
    assert kept.amounts.count() == kept.suppositions.count() == 1
    keeping.keep(copy, by=bea)
    assert JournalEntry.objects.latest("seq").body["copied_from"] == kept.pk


def test_draft_is_seen_by_its_author_and_what_is_kept_by_all(kept, ana, bea):
    own = draft(ana)
    assert set(Projection.objects.visible_to(ana)) == {kept, own}
    assert set(Projection.objects.visible_to(bea)) == {kept}


# Adopted ------------------------------------------------------------------------------------------


def test_body_adopts_a_projection_by_its_own_decision(kept, ana):
    body = make.committee([Power.SET_RATE])
    Mandate.objects.create(committee=body, person=ana, starts_on=make.LONG_AGO)
    motion = motions.propose(
        body,
        by=ana,
        title="Notre année",
        text="Nous comptons avec elle.",
        act="payroll.adopt_projection",
        fields={"projection": str(kept.pk)},
    )
    ballot = ballots.open_ballot(motion, by=ana, closes_on=TODAY)
    ballots.answer(ballot, by=ana, choice="agree")
    decision = ballots.close(ballot, by=ana).decision
    assert Projection.objects.get(pk=kept.pk).adopted_by_decision == decision


def test_decision_adopts_a_projection_once_and_others_count_with_it(kept, ana, bea):
    other = keeping.keep(draft(bea), by=bea)
    assert Projection.objects.reference() == other
    decision = make.decision(adopted_on=TODAY)
    keeping.adopt_projection(kept, decision=decision, by=bea)
    assert Projection.objects.reference() == kept
    assert Projection.objects.get(pk=kept.pk).adopted_by_decision == decision
    assert JournalEntry.objects.latest("seq").body == {"projection": kept.pk, "decision": decision.pk}
    with pytest.raises(keeping.AdoptedAlready):
        keeping.adopt_projection(kept, decision=decision, by=bea)
    with pytest.raises(IntegrityError, match="kept never changes"), transaction.atomic():
        Projection.objects.update(adopted_by_decision=None)


def test_draft_is_not_adopted_nor_what_was_kept_later(kept, ana):
    with pytest.raises(keeping.NotKept):
        keeping.adopt_projection(draft(ana), decision=make.decision(adopted_on=TODAY), by=ana)
    with pytest.raises(keeping.AdoptedBeforeItWasKept):
        keeping.adopt_projection(kept, decision=make.decision(adopted_on=date(2026, 11, 22)), by=ana)
