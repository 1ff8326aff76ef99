"""A pay between two regular ones: chosen people, a chosen day, what is due and not yet paid."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.models import Cooperative, Power
from members.powers import NotAllowed, powers_of
from payroll import periods, runs
from payroll.models import PayPeriod, PayRun, PayStub
from tests import make
from tests.payroll import paid

pytestmark = pytest.mark.django_db

PERIOD, NEXT = paid.PERIOD, paid.next_period()
PAY_ON = date(2026, 11, 25)
LEAVING = "Départ de la coopérative."
ADDRESS = "/pay/runs/off-cycle/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-24 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def coop():
    return paid.coop()


def prepare(coop, *people, through=PERIOD + timedelta(days=13), pay_on=PAY_ON, **more):
    return runs.prepare_off_cycle(
        people or [coop.ana],
        through=through,
        pay_on=pay_on,
        by=coop.preparer,
        **{"because": LEAVING, "rest": paid.BECAUSE} | more,
    )


def pay_apart(coop, *people, **more) -> PayRun:
    return runs.issue(prepare(coop, *people, **more), by=coop.issuer, documents=False)


def minutes_of(run, person) -> list[tuple]:
    return list(
        run.stubs.get(person=person)
        .lines.filter(side="earning")
        .values_list("week_starts_on", "code", "minutes", "reason")
    )


def inputs_of(stub) -> dict:
    return json.loads(stub.inputs)["pay"]


def test_chosen_people_are_paid_what_is_due_and_the_others_are_not(coop):
    run = pay_apart(coop)
    assert (run.kind, run.pay_on, run.ends_on) == ("offcycle", PAY_ON, PERIOD + timedelta(days=13))
    (stub,) = run.stubs.all()
    assert stub.person == coop.ana
    assert minutes_of(run, coop.ana) == [(PERIOD, "regular", 2400, ""), (PERIOD, "overtime", 120, "")]
    assert (stub.facts["period_starts_on"], stub.facts["pay_on"]) == ("2026-11-02", "2026-11-25")
    regular = coop.pay(has_documents=False)
    assert [stub.person for stub in regular.stubs.all()] == [coop.bo]
    assert regular.period == run.period


def test_period_of_an_off_cycle_pay_still_has_its_regular_pay_and_the_calendar_stays(coop):
    period = periods.starting(PERIOD)
    pay_apart(coop, through=PERIOD + timedelta(days=2))
    assert next(periods.coming(date(2026, 11, 24))) == periods.starting(PERIOD) == period
    assert not any(finding.stops for finding in runs.preflight(period, runs.preview(period)))
    run = coop.pay(has_documents=False)
    assert minutes_of(run, coop.ana) == [(PERIOD, "regular", 960, ""), (PERIOD, "overtime", 120, "")]
    assert next(periods.coming()).starts_on == NEXT
    assert PayPeriod.objects.count() == 1


def test_changed_calendar_keeps_the_period_of_an_off_cycle_pay(coop):
    coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=NEXT, hours={"mon": 8})
    run = pay_apart(coop, through=NEXT + timedelta(days=8), pay_on=NEXT + timedelta(days=9))
    Cooperative.objects.update(pay_frequency="weekly")
    coming = periods.upcoming(count=2)
    assert [(period.starts_on, period.ends_on) for period in coming] == [
        (NEXT, NEXT + timedelta(days=13)),
        (NEXT + timedelta(days=14), NEXT + timedelta(days=20)),
    ]
    assert run.period.starts_on == NEXT


def test_days_paid_apart_beyond_a_period_are_not_taken_back_by_its_regular_pay(coop):
    """Somebody leaves before the pay of the period that just ended: paid to the last day at once."""
    make.approved(coop.bo, starts_on=PERIOD - timedelta(days=14), hours={"mon": 1})
    coop.pay(PERIOD - timedelta(days=14), has_documents=False)
    make.approved(coop.ana, starts_on=NEXT, hours={"mon": 8, "tue": 3})
    run = pay_apart(coop, through=NEXT)
    assert minutes_of(run, coop.ana) == [
        (PERIOD, "regular", 2400, "late"),
        (PERIOD, "overtime", 120, "late"),
        (NEXT, "regular", 480, ""),
    ]
    regular = coop.pay(has_documents=False)
    assert [stub.person for stub in regular.stubs.all()] == [coop.bo]
    assert runs.preview(periods.starting(PERIOD)).carried == ()
    after = coop.pay(NEXT, has_documents=False)
    assert minutes_of(after, coop.ana) == [(NEXT, "regular", 180, "")]


def test_last_day_before_what_is_paid_takes_nothing_back(coop):
    coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=PERIOD, hours={"mon": 1})
    run = pay_apart(coop, through=PERIOD)
    assert minutes_of(run, coop.ana) == [(PERIOD, "overtime", 60, "")]


def test_qpp_exemption_of_a_period_is_given_once(coop):
    regular = coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 4})
    run = pay_apart(coop)
    first, second = (each.stubs.get(person=coop.ana) for each in (regular, run))
    assert [inputs_of(stub)["exemption_used"] for stub in (first, second)] == [False, True]
    gross = Decimal("129.00")  # four hours at time and a half
    assert (
        second.lines.get(side="deduction", code="qpp").amount
        == Decimal("8.13")
        == round(gross * 63 / 1000, 2)
    )
    make.approved(coop.ana, starts_on=NEXT, hours={"mon": 8})
    apart = pay_apart(coop, through=NEXT + timedelta(days=8), pay_on=NEXT + timedelta(days=9))
    assert inputs_of(apart.stubs.get())["exemption_used"] is False
    make.approved(coop.ana, starts_on=NEXT, hours={"tue": 8})
    rest = coop.pay(NEXT, has_documents=False).stubs.get(person=coop.ana)
    assert inputs_of(rest)["exemption_used"] is True


def test_exemption_of_a_voided_pay_may_be_given_again(coop):
    regular = coop.pay(has_documents=False)
    coop.void(regular.stubs.get(person=coop.ana))
    stub = pay_apart(coop).stubs.get()
    assert inputs_of(stub)["exemption_used"] is False
    assert sorted(stub.lines.exclude(side="earning").values_list("side", "code", "amount")) == sorted(
        regular.stubs.get(person=coop.ana).lines.exclude(side="earning").values_list("side", "code", "amount")
    )


def test_retroactive_rate_paid_apart_is_a_lump_sum_without_exemption(coop):
    coop.pay(has_documents=False)
    make.rate("22.00", starts_on=PERIOD)
    stub = pay_apart(coop, through=NEXT).stubs.get()
    given = inputs_of(stub)
    assert (given["gross"], given["nonperiodic"]) == ("0.00", "21.50")
    assert given["usual_gross"] == "924.50"
    assert given["periods_per_year"] == 26


def test_prepared_twice_it_is_one_pay_and_no_other_is_prepared_meanwhile(coop):
    run = prepare(coop)
    assert prepare(coop) == run
    with pytest.raises(runs.Stopped):
        prepare(coop, coop.bo)
    with pytest.raises(runs.Stopped):
        coop.pay(has_documents=False)
    runs.withdraw(run, by=coop.preparer)
    assert not PayRun.objects.exists()
    assert not PayPeriod.objects.exists()


def test_withdrawn_off_cycle_pay_leaves_the_period_of_the_regular_one(coop):
    coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 4})
    runs.withdraw(prepare(coop), by=coop.preparer)
    assert PayPeriod.objects.count() == PayRun.objects.count() == 1


def test_prepared_by_one_issued_by_another_if_nothing_changed(coop):
    with pytest.raises(NotAllowed):
        runs.prepare_off_cycle([coop.ana], through=PERIOD, pay_on=PAY_ON, by=coop.issuer, because=LEAVING)
    run = prepare(coop)
    make.mandate(coop.preparer, [Power.ISSUE_PAY])
    with pytest.raises(runs.IssuedByItsPreparer):
        runs.issue(run, by=coop.preparer, documents=False)
    make.approved(coop.bo, starts_on=PERIOD, hours={"sat": 1})  # somebody else's hours change nothing
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 1})
    with pytest.raises(runs.Changed) as refusal:
        runs.issue(run, by=coop.issuer, documents=False)
    assert [difference.person for difference in refusal.value.differences] == [coop.ana]


def test_reason_order_of_days_and_something_due_are_demanded(coop):
    with pytest.raises(ValidationError):
        prepare(coop, because=" ")
    with pytest.raises(runs.WarningsUnanswered):
        prepare(coop, rest="")
    with pytest.raises(runs.LastDayAfterPayDate):
        prepare(coop, through=PAY_ON + timedelta(days=1))
    with pytest.raises(runs.NothingToPay):
        prepare(coop, coop.issuer)
    run = prepare(coop)
    with pytest.raises(IntegrityError, match="payroll_off_cycle_says_why"), transaction.atomic():
        PayRun.objects.bulk_create(
            [
                PayRun(
                    period=run.period,
                    kind="offcycle",
                    pay_on=PAY_ON,
                    prepared_by=coop.preparer,
                    prepared_at=run.prepared_at,
                )
            ]
        )


def test_pay_date_on_a_weekend_a_holiday_or_past_is_said(coop):
    def said(pay_on):
        period = runs.off_cycle_period(PERIOD, pay_on)
        found = runs.preflight(period, None, people=[coop.ana.pk])
        return " ".join(finding.sentence for finding in found)

    assert "21 novembre 2026, est passée" in said(date(2026, 11, 21))
    assert "fin de semaine" in said(date(2026, 11, 28))
    assert "27 novembre 2026" in said(date(2026, 11, 28))
    assert "Noël" in said(date(2026, 12, 25))
    assert "24 décembre 2026" in said(date(2026, 12, 25))


def test_year_counts_one_usual_pay_for_several_of_a_period(coop):
    coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 4})
    pay_apart(coop)
    make.rate("22.00", starts_on=PERIOD)
    stub = runs.preview(periods.starting(NEXT)).stubs[0]
    assert stub.inputs["pay"]["usual_gross"] == str(Decimal("924.50") + Decimal("129.00"))


def test_issuer_is_told_on_the_home_page(coop):
    run = prepare(coop)
    step = runs.next_step(coop.issuer, powers_of(coop.issuer), Cooperative.objects.get())
    assert (step.url, step.kwargs) == ("payroll:run", {"pk": run.pk})
    assert "hors cycle" in step.sentence  # in French


# Screens ------------------------------------------------------------------------------------------


@pytest.fixture
def client_of(client):
    def do(person):
        client.force_login(person)
        client.post("/account/reauthenticate/?next=/", {"password": "essai-essai-essai"})
        return client

    return do


def test_off_cycle_pay_from_the_list_to_the_stub(coop, client_of):
    client = client_of(coop.preparer)
    assert ADDRESS in client.get(reverse("payroll:runs")).content.decode()
    assert "Look at this pay" not in client.get(ADDRESS).content.decode()
    said = client.get(f"{ADDRESS}?through=2026-11-15&pay_on=2026-11-25").content.decode()
    assert f'value="{coop.ana.pk}"' in said
    assert "$924.50" in said
    address = f"{ADDRESS}?through=2026-11-15&pay_on=2026-11-25&people={coop.ana.pk}"
    answer = client.get(address)
    assert [draft.person for draft in answer.context["seen"].stubs] == [coop.ana]
    assert not PayRun.objects.exists()
    sent = {"seen_digest": answer.context["seen"].digest, "because": paid.BECAUSE}
    said = client.post(address, sent).content.decode()
    assert paid.BECAUSE in said
    assert not PayRun.objects.exists()
    answer = client.post(address, sent | {"reason": LEAVING})
    run = PayRun.objects.get()
    assert answer.url == reverse("payroll:run", args=[run.pk])
    assert client.post(address, sent | {"reason": LEAVING}).url == answer.url
    said = client.get(answer.url).content.decode()
    assert LEAVING in said
    assert paid.BECAUSE in said
    assert "Off-cycle pay of 25 November 2026" in said
    client = client_of(coop.issuer)
    client.post(reverse("payroll:run_issue", args=[run.pk]))
    assert PayStub.objects.get().person == coop.ana
    assert LEAVING in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "through=abc&pay_on=",
        "through=2026-11-30&pay_on=2026-11-25",
        "through=2026-11-15&pay_on=2026-11-25&people=",
        "through=2026-11-15&pay_on=2026-11-25&people=abc&people=0",
        "through=2150-01-01&pay_on=2150-01-02",
        "through=1999-01-01&pay_on=1999-01-02",
    ],
)
def test_strange_choice_is_a_page_that_says_so(coop, client_of, query):
    client = client_of(coop.preparer)
    for answer in (client.get(f"{ADDRESS}?{query}"), client.post(f"{ADDRESS}?{query}")):
        assert answer.status_code == 200
    assert not PayRun.objects.exists()


def test_pay_date_without_tables_is_refused_on_the_page(coop, client_of):
    client = client_of(coop.preparer)
    address = f"{ADDRESS}?through=2026-11-15&pay_on=2027-02-01&people={coop.ana.pk}"
    said = client.get(address).content.decode()
    assert "reviewed" in said
    assert "Prepare this pay" not in said


def test_reason_and_answers_are_kept_for_these_people(coop, client_of):
    client = client_of(coop.preparer)
    address = f"{ADDRESS}?through=2026-11-15&pay_on=2026-11-25&people="
    client.post(f"{address}{coop.ana.pk}", {"reason": "Son départ", "leave": "script"})
    assert client.get(f"{address}{coop.ana.pk}").context["form"]["reason"].value() == "Son départ"
    assert client.get(f"{address}{coop.bo.pk}").context["form"]["reason"].value() is None
    assert not PayRun.objects.exists()


def test_page_is_open_to_who_prepares_pay(coop, client_of):
    for person in (coop.ana, coop.issuer):
        assert client_of(person).get(ADDRESS).status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_page_asks_the_same_number_of_queries_whoever_is_due(
    coop, client_of, people, django_assert_num_queries
):
    for _more in range(people - 1):
        make.approved(make.person("Léa"), hours=paid.WEEK)
    client = client_of(coop.preparer)
    address = f"{ADDRESS}?through=2026-11-15&pay_on=2026-11-25&people={coop.ana.pk}"
    client.get(address)  # the reading is written down, once
    with django_assert_num_queries(61):
        client.get(address)
