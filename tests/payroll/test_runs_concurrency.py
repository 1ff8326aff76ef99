"""One pay, however many people press the button at once."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from members.models import JournalEntry, Power
from payroll import periods, runs
from payroll.models import PayRun, PayStub, StubDocument, StubLine
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

PERIOD = date(2026, 11, 2)
WEEK = {"mon": 7, "tue": 7, "wed": 7, "thu": 7, "fri": 7}
BECAUSE = "Tout a été vérifié."


@pytest.fixture(autouse=True)
def coop():
    make.cooperative(first_period_on=PERIOD)
    make.rate("21.50")
    for name in ("Ana", "Béa"):
        make.approved(make.person(name), hours=WEEK)


def at_once(acts):
    """Run these acts from as many connections, started together; what each returned or raised."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        start.wait()
        try:
            results[place] = act()
        except runs.Refused as refusal:
            results[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def prepared():
    preparer = make.person("Paule", kind=None, powers=[Power.PREPARE_PAY])
    return runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)


def test_sixteen_issues_at_once_make_one_pay():
    run = prepared()
    issuers = [make.person("Irène", kind=None, powers=[Power.ISSUE_PAY]) for _ in range(4)]
    results = at_once(
        [
            lambda issuer=issuer: runs.issue(PayRun.objects.get(pk=run.pk), by=issuer, documents=False)
            for issuer in issuers * 4
        ]
    )
    assert len({(result.pk, result.issued_at, result.issued_by_id) for result in results}) == 1
    assert PayStub.objects.count() == 2
    assert StubLine.objects.filter(side="earning").count() == 2
    assert JournalEntry.objects.filter(event="pay.issued").count() == 1


def test_sixteen_people_who_press_the_button_at_once_see_one_pay():
    """The page itself, from sixteen sessions: each ends on the same pay, nobody meets an error."""
    run = prepared()
    clients = []
    for _more in range(16):
        client = Client()
        client.force_login(make.person("Irène", kind=None, powers=[Power.ISSUE_PAY]))
        client.post("/account/reauthenticate/?next=/", {"password": "essai-essai-essai"})
        clients.append(client)
    address = reverse("payroll:run_issue", args=[run.pk])
    answers = at_once([lambda client=client: client.post(address) for client in clients])
    back = reverse("payroll:run", args=[run.pk])
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, back)}
    assert PayStub.objects.count() == StubDocument.objects.count() == 2
    assert JournalEntry.objects.filter(event="pay.issued").count() == 1


def test_sixteen_issues_of_a_correction_at_once_take_the_stub_back_once():
    run = prepared()
    issuer = make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])
    stub = runs.issue(run, by=issuer, documents=False).stubs.first()
    make.approved(stub.person, hours={"sat": 1})
    correction = runs.correct_stub(stub, by=run.prepared_by, because=BECAUSE)
    results = at_once(
        [
            lambda: runs.issue(PayRun.objects.get(pk=correction.pk), by=issuer, documents=False)
            for _more in range(16)
        ]
    )
    assert len({result.issued_at for result in results}) == 1
    assert PayStub.objects.filter(person=stub.person).count() == 3


def test_off_cycle_pay_and_correction_prepared_by_many_at_once_are_one_each():
    run = prepared()
    issuer = make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])
    stub = runs.issue(run, by=issuer, documents=False).stubs.first()
    make.approved(stub.person, hours={"sat": 1})
    people = [make.person("Paule", kind=None, powers=[Power.PREPARE_PAY]) for _more in range(4)]
    corrections = at_once([lambda by=by: runs.correct_stub(stub, by=by, because=BECAUSE) for by in people])
    assert len(set(corrections)) == 1
    runs.withdraw(corrections[0], by=people[0])
    apart = {"through": PERIOD, "pay_on": PERIOD + timedelta(days=21), "because": BECAUSE, "rest": BECAUSE}
    pays = at_once([lambda by=by: runs.prepare_off_cycle([stub.person], by=by, **apart) for by in people])
    assert len(set(pays)) == 1
    assert PayRun.objects.filter(kind="offcycle").count() == 1


def test_two_people_who_prepare_at_once_make_one_pay():
    people = [make.person("Paule", kind=None, powers=[Power.PREPARE_PAY]) for _ in range(4)]
    period = periods.starting(PERIOD)
    results = at_once([lambda by=person: runs.prepare(period, by=by, because=BECAUSE) for person in people])
    assert sorted(type(result).__name__ for result in results) == ["PayRun", "Stopped", "Stopped", "Stopped"]


@pytest.mark.parametrize("_round", range(5))
def test_issue_and_withdrawal_at_once_leave_a_pay_or_none(_round):
    run = prepared()
    issuer = make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])
    results = at_once(
        [
            lambda: runs.issue(PayRun(pk=run.pk), by=issuer, documents=False),
            lambda: runs.withdraw(PayRun(pk=run.pk), by=run.prepared_by),
        ]
    )
    if isinstance(results[0], runs.Gone):
        assert results[1] is None
        assert not PayRun.objects.exists()
        assert not PayStub.objects.exists()
    else:
        assert isinstance(results[1], runs.AlreadyIssued)
        assert PayRun.objects.get().is_issued
        assert PayStub.objects.count() == 2


def test_failure_in_the_middle_of_an_issue_leaves_nothing():
    run = prepared()
    issuer = make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])
    with connection.cursor() as cursor:
        # The database itself fails on the last statement of the issue.
        cursor.execute(
            "CREATE FUNCTION trial_failure() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'power cut'; END $$;"
            "CREATE TRIGGER trial_failure BEFORE UPDATE OF issued_at ON payroll_payrun "
            "FOR EACH ROW EXECUTE FUNCTION trial_failure()"
        )
    try:
        with pytest.raises(Exception, match="power cut"):
            runs.issue(run, by=issuer, documents=False)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER trial_failure ON payroll_payrun; DROP FUNCTION trial_failure()")
    assert not PayStub.objects.exists()
    assert not StubLine.objects.exists()
    assert not JournalEntry.objects.filter(event="pay.issued").exists()
    assert runs.issue(PayRun.objects.get(), by=issuer, documents=False).is_issued
