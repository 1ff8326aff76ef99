"""The promises of the pay run, on PostgreSQL."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum

from members import ballots, journal, motions
from members.models import Committee, Cooperative, JournalEntry, Membership, Power, WorkStatus
from members.powers import NotAllowed, powers_of
from members.tasks import decide_on_time
from payroll import archive, periods, profiles, runs
from payroll.comparison import differences
from payroll.models import (
    Acknowledgement,
    Expectation,
    PayPeriod,
    PayRun,
    PayStub,
    StubDocument,
    StubLine,
)
from tests import make
from timesheets import leave
from timesheets.models import Leave, TimeEntry

pytestmark = pytest.mark.django_db

PERIOD = date(2026, 11, 2)
NEXT = PERIOD + timedelta(days=14)
BECAUSE = "Tout a été vérifié."
WEEK = {"mon": 7, "tue": 7, "wed": 7, "thu": 7, "fri": 7}
PAY_TABLES = (PayStub, StubLine, StubDocument)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def coop():
    return make.cooperative(first_period_on=PERIOD)


@pytest.fixture
def rate(coop):
    return make.rate("21.50")


@pytest.fixture
def preparer(coop):
    return make.person("Paule", kind=None, powers=[Power.PREPARE_PAY])


@pytest.fixture
def issuer(coop):
    return make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])


@pytest.fixture
def ana(rate):
    return make.person("Ana", family_name="Abel", born_on=date(1985, 5, 1))


@pytest.fixture
def pay(preparer, issuer):
    """Prepare and issue the pay of a period."""

    def do(first=PERIOD):
        run = runs.prepare(periods.starting(first), by=preparer, because=BECAUSE)
        return runs.issue(run, by=issuer, documents=False)

    return do


@pytest.fixture
def void(preparer, issuer):
    def do(stub, because="Mauvais statut"):
        run = runs.void_stub(stub, by=preparer, because=because)
        return runs.issue(run, by=issuer, documents=False)

    return do


def look(first=PERIOD):
    return runs.preview(periods.starting(first))


def lines_of(stub):
    return list(
        stub.lines.filter(side="earning").values_list("week_starts_on", "code", "minutes", "amount", "reason")
    )


def total(**of):
    return StubLine.objects.filter(side="earning", **of).aggregate(
        minutes=Sum("minutes"), amount=Sum("amount")
    )


def sentences(found):
    return " ".join(finding.sentence for finding in found)


# Looking ------------------------------------------------------------------------------------------


def test_preview_writes_nothing_and_foots(ana):
    make.approved(ana, hours=WEEK)
    make.approved(make.person("Léa", kind="freelance"), hours={"tue": 7.5})
    seen = look()
    assert [(stub.person.given_name, stub.kind, stub.minutes, stub.gross) for stub in seen.stubs] == [
        ("Ana", "stub", 2100, Decimal("752.50")),
        ("Léa", "statement", 450, Decimal("161.25")),
    ]
    assert seen.totals.foots
    assert seen.totals.gross == Decimal("913.75")
    assert seen.totals.net == sum(stub.net for stub in seen.stubs)
    assert not PayRun.objects.exists()
    assert not PayPeriod.objects.exists()


def test_preview_withholds_what_the_guides_give_for_a_usual_pay(ana, coop):
    """Two weeks of 40 h at 25 $ are the worked pay of 2,000 $: its official figures, cent by cent."""
    make.rate("25.00", starts_on=date(2026, 1, 1))
    for week in (PERIOD, PERIOD + timedelta(days=7)):
        make.approved(ana, starts_on=week, hours=dict.fromkeys(WEEK, 8))
    (stub,) = look().stubs
    assert {f"{side}.{code}": amount for (side, code), amount in stub.by_code.items()} == {
        "deduction.federal_tax": Decimal("135.30"),
        "deduction.quebec_tax": Decimal("167.53"),
        "deduction.qpp": Decimal("117.52"),
        "deduction.qpip": Decimal("8.60"),
        "deduction.ei": Decimal("26.00"),
        "employer.qpp": Decimal("117.52"),
        "employer.qpip": Decimal("12.04"),
        "employer.ei": Decimal("36.40"),
        "employer.hsf": Decimal("33.00"),
        "employer.standards": Decimal("1.20"),
    }
    assert stub.net == Decimal("1545.05")


def test_hours_of_drafts_and_waiting_weeks_are_not_paid(ana):
    make.sheet(ana, hours=WEEK)
    assert look().stubs == ()
    found = runs.preflight(periods.starting(PERIOD), look())
    assert [finding.url for finding in found if "35" in finding.sentence] == ["timesheets:queue"]


def test_registered_freelancer_charges_both_taxes_on_the_price(rate, preparer, issuer, pay):
    lea = make.person("Léa", kind="freelance")
    profiles.register_sales_taxes(
        lea, by=lea, starts_on=date(2026, 1, 1), gst_number="123456789RT0001", qst_number="1234567890TQ0001"
    )
    make.approved(lea, hours={"tue": 7.5})
    stub = pay().stubs.get()
    assert list(stub.lines.values_list("side", "code", "amount")) == [
        ("earning", "regular", Decimal("161.25")),
        ("sales_tax", "gst", Decimal("8.06")),
        ("sales_tax", "qst", Decimal("16.08")),
    ]
    assert stub.facts["sales_tax_rates"] == {"gst": "0.05", "qst": "0.09975"}
    assert stub.facts["person"]["gst_number"] == "123456789 RT 0001"
    assert stub.facts["year_to_date"] == {
        "gross": "161.25",
        "gst": "8.06",
        "qst": "16.08",
        "deductions": "0.00",
        "net": "185.39",
    }


def test_freelancer_overtime_has_no_premium_and_salaried_does(ana):
    long_week = dict.fromkeys(WEEK, 9)
    make.approved(ana, hours=long_week)
    make.approved(make.person("Léa", kind="freelance"), hours=long_week)
    stub, statement = look().stubs
    assert [(line.code, line.minutes) for line in stub.earnings] == [("regular", 2400), ("overtime", 300)]
    assert [(line.code, line.minutes) for line in statement.earnings] == [("regular", 2700)]
    assert stub.gross - statement.gross == Decimal("53.75")


def test_who_changes_from_freelance_to_salaried_gets_a_statement_and_a_stub(rate, pay):
    zoe = make.person("Zoé", kind=None)
    wednesday = PERIOD + timedelta(days=2)
    for kind, first, last in (
        ("freelance", make.LONG_AGO, wednesday - timedelta(days=1)),
        ("salaried", wednesday, None),
    ):
        WorkStatus.objects.create(
            person=zoe, kind=kind, tenure="occasional", job_title=kind, starts_on=first, ends_on=last
        )
    make.approved(zoe, hours=dict.fromkeys(WEEK, 9))
    stubs = {stub.kind: stub for stub in pay().stubs.all()}
    assert {kind: lines_of(stub) for kind, stub in stubs.items()} == {
        "stub": [(PERIOD, "regular", 1620, Decimal("580.50"), "")],
        "statement": [(PERIOD, "regular", 1080, Decimal("387.00"), "")],
    }
    assert [stubs["stub"].facts["roles"], stubs["statement"].facts["roles"]] == [
        [{"role": "Coordination", "minutes": 1620}],
        [{"role": "Coordination", "minutes": 1080}],
    ]
    assert stubs["stub"].facts["number"] != stubs["statement"].facts["number"]
    assert [stub.facts["person"]["job_title"] for stub in stubs.values()] == [
        {"stub": "salaried", "statement": "freelance"}[kind] for kind in stubs
    ]
    assert look(NEXT).stubs == ()


def test_pay_date_beyond_the_reviewed_tables_is_refused_with_a_sentence(ana, preparer):
    make.cooperative(first_period_on=date(2026, 12, 21), pay_days_after=4)
    period = periods.starting(date(2026, 12, 21))
    assert period.pay_on == date(2027, 1, 7)
    with pytest.raises(runs.Stopped) as refusal:
        runs.preview(period)
    assert "2027" in str(refusal.value)
    with pytest.raises(runs.Stopped):
        runs.prepare(period, by=preparer, because=BECAUSE)
    assert any(finding.stops for finding in runs.preflight(period, None))


# Preparing ----------------------------------------------------------------------------------------


def test_prepare_needs_the_power_held_today(ana, coop):
    make.approved(ana, hours=WEEK)
    outsider = make.person("Omar")
    ended = make.person("Eva")
    make.mandate(ended, [Power.PREPARE_PAY], ends_on=date(2026, 11, 22))
    other_power = make.person("Ivan", powers=[Power.ISSUE_PAY])
    for person in (outsider, ended, other_power):
        with pytest.raises(NotAllowed):
            runs.prepare(periods.starting(PERIOD), by=person, because=BECAUSE)
    assert not PayRun.objects.exists()


def test_prepare_keeps_the_warnings_and_the_reason(ana, preparer):
    make.approved(ana, hours=WEEK)
    with pytest.raises(runs.WarningsUnanswered):
        runs.prepare(periods.starting(PERIOD), by=preparer)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    assert run.because == BECAUSE
    answered = run.acknowledgements.all()
    assert any("Ana" in answer.sentence for answer in answered)
    assert {(answer.because, answer.by, answer.at) for answer in answered} == {
        (BECAUSE, preparer, run.prepared_at)
    }


def test_each_warning_has_its_own_answer_or_the_common_one(ana, preparer, issuer):
    make.approved(ana, hours=WEEK)
    period = periods.starting(PERIOD)
    first, *others = runs.preflight(period, look())
    assert others
    own = {first.key: "Elle commence lundi."}
    with pytest.raises(runs.WarningsUnanswered):
        runs.prepare(period, by=preparer, answers=own)
    run = runs.prepare(period, by=preparer, answers=own, because=BECAUSE)
    told = {answer.sentence: answer.because for answer in run.acknowledgements.all()}
    assert told == {first.sentence: "Elle commence lundi."} | {one.sentence: BECAUSE for one in others}
    runs.withdraw(run, by=preparer)
    assert not Acknowledgement.objects.exists()
    every = {finding.key: f"Vu : {place}" for place, finding in enumerate([first, *others])}
    run = runs.prepare(period, by=preparer, answers=every)
    assert (run.because, run.acknowledgements.count()) == ("", len(every))
    run = runs.issue(run, by=issuer, documents=False)
    assert run.acknowledgements.count() == len(every)


def test_answers_to_warnings_never_change_nor_are_empty(ana, preparer, issuer):
    make.approved(ana, hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    told = {"topic": "T", "sentence": "S", "by": preparer, "at": run.prepared_at, "run": run}
    with pytest.raises(IntegrityError, match="payroll_warning_is_answered"), transaction.atomic():
        Acknowledgement.objects.create(because="", **told)
    runs.issue(run, by=issuer, documents=False)
    for door in (
        lambda: Acknowledgement.objects.update(because="Autre chose"),
        lambda: Acknowledgement.objects.all().delete(),
        lambda: Acknowledgement.objects.create(because="Après coup", **told),
    ):
        with pytest.raises(DatabaseError, match="answers to the warnings"), transaction.atomic():
            door()


def test_prepare_refuses_when_nothing_is_due(ana, preparer):
    with pytest.raises(runs.NothingToPay):
        runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)


def test_prepare_refuses_a_preview_that_is_no_longer_true(ana, preparer):
    make.approved(ana, hours={"mon": 7})
    digest = look().digest
    make.approved(ana, hours={"tue": 7})
    with pytest.raises(runs.SeenChanged):
        runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE, seen_digest=digest)


def test_day_without_a_rate_stops_the_pay(coop, preparer):
    make.rate("21.50", starts_on=PERIOD + timedelta(days=1))
    make.approved(make.person("Ana"), hours=WEEK)
    with pytest.raises(runs.Stopped):
        runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)


def test_two_pays_are_not_prepared_at_once(ana, preparer):
    make.approved(ana, hours=WEEK)
    runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    for first in (PERIOD, NEXT):
        with pytest.raises(runs.Stopped):
            runs.prepare(periods.starting(first), by=preparer, because=BECAUSE)
    assert PayRun.objects.count() == PayPeriod.objects.count() == 1


def test_periods_never_overlap_in_the_database():
    PayPeriod.objects.create(
        starts_on=PERIOD, ends_on=PERIOD + timedelta(days=13), pay_on=NEXT, pays_in_year=26
    )
    with pytest.raises(IntegrityError, match="payroll_periods_never_overlap"):
        PayPeriod.objects.create(
            starts_on=PERIOD + timedelta(days=13), ends_on=NEXT, pay_on=NEXT, pays_in_year=26
        )


def test_withdrawn_pay_leaves_nothing_and_can_be_prepared_again(ana, preparer, issuer):
    make.approved(ana, hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    stale = PayRun.objects.get(pk=run.pk)
    with pytest.raises(NotAllowed):
        runs.withdraw(run, by=ana)
    runs.withdraw(run, by=preparer)
    assert not PayRun.objects.exists()
    assert not PayPeriod.objects.exists()
    with pytest.raises(runs.Gone):
        runs.issue(stale, by=issuer, documents=False)
    assert runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE).pk


# Issuing ------------------------------------------------------------------------------------------


def test_issue_writes_stubs_documents_and_a_journal_line(ana, preparer, issuer):
    make.approved(ana, hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    run = runs.issue(run, by=issuer)
    stub = run.stubs.get()
    assert bytes(stub.document.pdf).startswith(b"%PDF-")
    assert archive.recheck(stub, at=run.issued_at) == archive.Recheck(True, True, True, run.issued_at)
    entry = JournalEntry.objects.get(event="pay.issued")
    assert (entry.actor, entry.hash, run.journal_hash) == (issuer, journal.head(), journal.head())
    assert entry.body == {
        "run": run.pk,
        "kind": "regular",
        "pay_on": "2026-11-20",
        "stubs": 1,
        "documents": 1,
        "digest": run.digest,
    }
    assert stub.editions
    assert stub.facts["rates"][0]["amount"] == "21.50"
    assert stub.facts["rates"][0]["decision"] == "Taux horaire unique"


def test_recomputing_the_stored_inputs_gives_the_stored_lines(ana, pay):
    make.approved(ana, hours=WEEK)
    stub = pay().stubs.get()
    assert archive.recheck(stub, at=stub.run.issued_at).is_same_sum
    assert "so_far" in stub.inputs
    with connection.cursor() as cursor:
        cursor.execute("SELECT inputs FROM payroll_paystub")
        assert "so_far" not in cursor.fetchone()[0]  # encrypted at rest


def test_preparer_does_not_issue_whatever_their_powers(ana, coop):
    make.approved(ana, hours=WEEK)
    both = make.person("Béa", powers=[Power.PREPARE_PAY, Power.ISSUE_PAY])
    run = runs.prepare(periods.starting(PERIOD), by=both, because=BECAUSE)
    with pytest.raises(runs.IssuedByItsPreparer):
        runs.issue(run, by=both, documents=False)
    assert not PayStub.objects.exists()


def test_database_refuses_an_issuer_who_prepared(ana, preparer):
    make.approved(ana, hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    with (
        pytest.raises(IntegrityError, match="payroll_issued_by_another"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE payroll_payrun SET issued_at = now(), issued_by_id = prepared_by_id")
    with pytest.raises(DatabaseError, match="withdraw the pay"), transaction.atomic():
        PayRun.objects.filter(pk=run.pk).update(prepared_by=ana)


def test_what_was_prepared_neither_changes_nor_goes_once_it_is_issued(ana, preparer, issuer):
    make.approved(ana, hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    for door in (
        lambda: PayRun.objects.update(digest="0" * 64),
        lambda: Expectation.objects.update(stubs=[]),
    ):
        with pytest.raises(DatabaseError, match="withdraw the pay"), transaction.atomic():
            door()
    runs.issue(run, by=issuer, documents=False)
    with pytest.raises(DatabaseError, match="withdraw the pay"), transaction.atomic():
        Expectation.objects.all().delete()
    assert [row[0] for row in PayRun.objects.get().expected] == [ana.pk]


def test_issued_pay_knows_the_number_of_its_stubs(ana, preparer, issuer):
    make.approved(ana, hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    for wrong, refusal in (
        ("stub_count = 1", "payroll_issued_stubs_are_counted"),
        (f"stub_count = 2, issued_at = now(), issued_by_id = {issuer.pk}", "number of its stubs"),
    ):
        with (
            pytest.raises(IntegrityError, match=refusal),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE payroll_payrun SET {wrong}")
    assert runs.issue(run, by=issuer, documents=False).stub_count == run.stubs.count() == 1
    voided = runs.void_stub(run.stubs.get(), by=preparer, because="Pas la bonne période.")
    assert runs.issue(voided, by=issuer, documents=False).stub_count == voided.stubs.count() == 1


def test_issue_needs_the_power_held_today(ana, preparer):
    make.approved(ana, hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    ended = make.person("Eva")
    make.mandate(ended, [Power.ISSUE_PAY], ends_on=date(2026, 11, 22))
    for person in (make.person("Omar"), ended, make.person("Pia", powers=[Power.PREPARE_PAY])):
        with pytest.raises(NotAllowed):
            runs.issue(run, by=person, documents=False)
    in_time = make.person("Ida")
    make.mandate(in_time, [Power.ISSUE_PAY], ends_on=date(2026, 11, 23))
    assert runs.issue(run, by=in_time, documents=False).issued_by == in_time


def test_issue_refuses_what_is_not_what_was_prepared(ana, preparer, issuer):
    make.approved(ana, hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    make.approved(ana, hours={"sat": 1})
    with pytest.raises(runs.Changed) as refusal:
        runs.issue(run, by=issuer, documents=False)
    (difference,) = refusal.value.differences
    assert (difference.person, difference.before[0], difference.now[0]) == (
        ana,
        Decimal("752.50"),
        Decimal("774.00"),
    )
    assert not PayStub.objects.exists()
    assert not PayRun.objects.get().is_issued


def test_issue_refuses_changed_claims_even_when_hours_are_the_same(ana, preparer, issuer):
    make.approved(ana, hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    profiles.declare_taxes(ana, by=ana, starts_on=date(2026, 1, 1), federal_extra_tax=Decimal(10))
    with pytest.raises(runs.Changed) as refusal:
        runs.issue(run, by=issuer, documents=False)
    (difference,) = refusal.value.differences
    assert difference.before[1] - difference.now[1] == Decimal(10)


def test_issuing_again_returns_the_same_pay_and_writes_nothing(ana, preparer, issuer):
    make.approved(ana, hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    first = runs.issue(run, by=issuer, documents=False)
    again = runs.issue(PayRun.objects.get(pk=run.pk), by=issuer, documents=False)
    assert (again.issued_at, again.journal_hash) == (first.issued_at, first.journal_hash)
    assert PayStub.objects.count() == 1
    assert JournalEntry.objects.filter(event="pay.issued").count() == 1


def test_issued_rows_never_change_through_any_door(ana, preparer, issuer):
    make.approved(ana, hours=WEEK)
    run = runs.issue(runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE), by=issuer)
    stub = run.stubs.get()
    doors = [
        lambda: PayRun.objects.filter(pk=run.pk).update(digest="0" * 64),
        lambda: PayRun.objects.filter(pk=run.pk).delete(),
        lambda: PayStub.objects.update(language="en-ca"),
        lambda: PayStub.objects.filter(pk=stub.pk)._raw_delete("default"),
        lambda: StubLine.objects.update(amount=1),
        lambda: StubLine.objects.all()._raw_delete("default"),
        lambda: StubDocument.objects.update(sha256="0" * 64),
        lambda: StubDocument.objects.all()._raw_delete("default"),
        lambda: StubLine.objects.create(stub=stub, side="deduction", code="qpp2", amount=1),
        lambda: PayStub.objects.create(run=run, person=issuer, kind="stub", language="fr-ca", facts={}),
        lambda: PayPeriod.objects.update(pay_on=NEXT),
    ]
    for door in doors:
        with pytest.raises(DatabaseError), transaction.atomic():
            door()
    for table in ("payrun", "paystub", "stubline", "stubdocument"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL session_replication_role = replica; DELETE FROM payroll_{table}")
    with pytest.raises(runs.AlreadyIssued):
        runs.withdraw(run, by=preparer)
    assert PayRun.objects.get().digest == run.digest
    assert StubLine.objects.filter(stub=stub, side="earning").get().amount == Decimal("752.50")


# Due and not yet paid -----------------------------------------------------------------------------


def test_paying_twice_pays_nothing_twice(ana, pay):
    make.approved(ana, hours=WEEK)
    pay()
    assert look(NEXT).stubs == ()


def test_late_hours_are_paid_by_the_next_pay_under_their_week(ana, pay):
    make.approved(ana, hours=WEEK)
    pay()
    make.approved(ana, hours={"sat": 2})
    make.approved(ana, starts_on=NEXT, hours={"mon": 7})
    assert lines_of(pay(NEXT).stubs.get()) == [
        (PERIOD, "regular", 120, Decimal("43.00"), "late"),
        (NEXT, "regular", 420, Decimal("150.50"), ""),
    ]


def test_week_approved_after_the_pay_of_its_period_is_late(ana, pay):
    make.approved(make.person("Léa"), hours=WEEK)
    pay()
    make.approved(ana, hours=WEEK)
    (stub,) = pay(NEXT).stubs.all()
    assert lines_of(stub) == [(PERIOD, "regular", 2100, Decimal("752.50"), "late")]


def test_correction_is_taken_back_from_the_next_pay(ana, pay):
    make.approved(ana, hours=WEEK)
    pay()
    make.corrected(TimeEntry.objects.filter(person=ana).first(), -120)
    make.approved(ana, starts_on=NEXT, hours={"mon": 7})
    (stub,) = pay(NEXT).stubs.all()
    assert lines_of(stub) == [
        (PERIOD, "regular", -120, Decimal("-43.00"), "correction"),
        (NEXT, "regular", 420, Decimal("150.50"), ""),
    ]
    assert total() == {"minutes": 2400, "amount": Decimal("860.00")}


def test_negative_pay_is_never_issued_it_is_carried(ana, pay, preparer):
    lea = make.person("Léa")
    make.approved(ana, hours={"mon": 7})
    pay()
    make.corrected(TimeEntry.objects.filter(person=ana).get(), -420)
    make.approved(lea, starts_on=NEXT, hours={"mon": 7})
    seen = look(NEXT)
    assert [stub.person for stub in seen.stubs] == [lea]
    assert [(left.person, left.gross) for left in seen.carried] == [(ana, Decimal("-150.50"))]
    assert "Ana" in sentences(runs.preflight(seen.period, seen))
    pay(NEXT)
    third = NEXT + timedelta(days=14)
    make.approved(ana, starts_on=third, hours={"mon": 8})
    assert lines_of(pay(third).stubs.get()) == [
        (PERIOD, "regular", -420, Decimal("-150.50"), "correction"),
        (third, "regular", 480, Decimal("172.00"), ""),
    ]


def test_rate_changed_for_the_past_pays_its_difference_beside_the_regular_pay(ana, pay):
    make.approved(ana, hours=WEEK)
    make.approved(ana, starts_on=PERIOD + timedelta(days=7), hours=WEEK)
    pay()
    make.rate("22.00", starts_on=PERIOD + timedelta(days=7))
    make.approved(ana, starts_on=NEXT, hours=WEEK)
    stub = pay(NEXT).stubs.get()
    week = PERIOD + timedelta(days=7)
    assert lines_of(stub) == [
        (week, "regular", -2100, Decimal("-752.50"), "rate"),
        (week, "regular", 2100, Decimal("770.00"), "rate"),
        (NEXT, "regular", 2100, Decimal("770.00"), ""),
    ]
    assert stub.nonperiodic == Decimal("17.50")
    assert '"nonperiodic": "17.50"' in stub.inputs
    assert look(NEXT + timedelta(days=14)).stubs == ()


def test_rate_changed_within_a_past_week_pays_the_days_it_touches(ana, pay):
    make.approved(ana, hours=WEEK)
    pay()
    make.rate("22.00", starts_on=PERIOD + timedelta(days=3))
    (stub,) = pay(NEXT).stubs.all()
    assert sum(line[3] for line in lines_of(stub)) == Decimal("7.00")
    assert stub.facts["rates"][1]["amount"] == "22.00"
    assert look(NEXT + timedelta(days=14)).stubs == ()


def test_rate_that_an_assembly_changes_in_mid_period_reaches_the_stub(ana, pay):
    """Decided on the 5th for that very day, in the middle of a week that was paid meanwhile at the former rate."""
    body = Committee.objects.create(name="Assemblée", kind="assembly", starts_on=make.LONG_AGO)
    Membership.objects.create(person=ana, starts_on=make.LONG_AGO)
    with time_machine.travel("2026-11-05 15:00:00+00:00", tick=False):
        rate = {"act": "payroll.set_rate", "fields": {"amount": "22.00"}, "effective_on": date(2026, 11, 5)}
        motion = motions.propose(body, by=ana, title="22 $", text="T", **rate)
        ballot = ballots.open_ballot(motion, by=ana, closes_on=date(2026, 11, 18))
        ballots.answer(ballot, by=ana, choice="agree")
    make.approved(ana, hours=WEEK)
    make.approved(ana, starts_on=PERIOD + timedelta(days=7), hours=WEEK)
    with time_machine.travel("2026-11-16 15:00:00+00:00", tick=False):
        paid = pay().stubs.get()
    assert sum(line[3] for line in lines_of(paid)) == Decimal("1505.00")
    decide_on_time(timestamp=0)
    make.approved(ana, starts_on=NEXT, hours=WEEK)
    stub = pay(NEXT).stubs.get()
    assert {code: sum(line[3] for line in lines_of(stub) if line[4] == code) for code in ("", "rate")} == {
        "": Decimal("770.00"),
        "rate": Decimal("24.50"),  # 14 hours of the first week and 35 of the second, at 0.50
    }
    assert stub.facts["rates"][-1]["decision"] == "22 $"
    assert look(NEXT + timedelta(days=14)).stubs == ()


def test_lower_rate_for_the_past_is_never_a_negative_pay(ana, pay):
    make.approved(ana, hours=WEEK)
    pay()
    make.rate("20.00", starts_on=PERIOD)
    assert look(NEXT).stubs == ()
    assert [left.gross for left in look(NEXT).carried] == [Decimal("-52.50")]


def test_banked_overtime_is_leave_and_is_paid_once_the_choice_is_ended(ana, pay):
    profiles.bank_overtime(ana, by=ana, starts_on=PERIOD, asked_on=PERIOD)
    make.approved(ana, hours=dict.fromkeys(WEEK, 9))
    stub = pay().stubs.get()
    assert lines_of(stub) == [
        (PERIOD, "regular", 2400, Decimal("860.00"), ""),
        (PERIOD, "banked", 300, Decimal("0.00"), ""),
    ]
    assert stub.facts["overtime_bank"] == {"earned": 450, "balance": 450}
    assert look(NEXT).stubs == ()
    profiles.pay_overtime(ana, by=ana, starts_on=PERIOD)
    stub = pay(NEXT).stubs.get()
    assert lines_of(stub) == [
        (PERIOD, "overtime", 300, Decimal("161.25"), "bank"),
        (PERIOD, "banked", -300, Decimal("0.00"), "bank"),
    ]
    assert stub.nonperiodic == Decimal("161.25")
    assert stub.facts["overtime_bank"] == {"earned": -450, "balance": 0}


@pytest.fixture
def banked(ana, pay):
    """Ana banked five hours of overtime: they are seven hours and a half of leave."""
    profiles.bank_overtime(ana, by=ana, starts_on=PERIOD, asked_on=PERIOD)
    make.approved(ana, hours=dict.fromkeys(WEEK, 9))
    pay()
    return ana


def take_leave(person, day: date, minutes: int) -> Leave:
    """Leave from the bank, asked for by the person and approved by somebody of the committee."""
    asked = leave.request(by=person, kind="banked", days={day: minutes})
    clerk = make.person("Zoé", powers=[Power.APPROVE_HOURS])
    return leave.approve(asked, by=clerk, seen=leave.digest_of(asked, {day: minutes}))


def test_leave_from_the_bank_is_paid_once_at_the_rate_of_its_day(banked, pay):
    make.rate("22.00", starts_on=NEXT)
    take_leave(banked, NEXT, 420)
    stub = pay(NEXT).stubs.get()
    assert lines_of(stub) == [(NEXT, "taken", 420, Decimal("154.00"), "")]
    assert stub.facts["overtime_bank"] == {"earned": 0, "taken": 420, "balance": 30}
    assert stub.nonperiodic == 0
    assert look(NEXT).stubs == ()


def test_leave_is_not_time_worked_and_makes_no_overtime(banked, pay):
    make.approved(banked, starts_on=NEXT, hours=dict.fromkeys(WEEK, 7.5))
    take_leave(banked, NEXT, 420)
    assert lines_of(pay(NEXT).stubs.get()) == [
        (NEXT, "regular", 2250, Decimal("806.25"), ""),
        (NEXT, "taken", 420, Decimal("150.50"), ""),
    ]


def test_leave_approved_after_its_pay_is_paid_late_and_given_back_is_taken_back(banked, pay):
    day = PERIOD + timedelta(4)
    taken = take_leave(banked, day, 60)
    assert lines_of(pay(NEXT).stubs.get()) == [(PERIOD, "taken", 60, Decimal("21.50"), "late")]
    back = leave.cancel(taken, by=banked, starts_on=day, ends_on=day, because="travaillé")
    leave.accept_cancellation(back, by=make.person("Yan", powers=[Power.APPROVE_HOURS]))
    carried = look(NEXT + timedelta(14)).carried
    assert [(left.person, left.gross) for left in carried] == [(banked, Decimal("-21.50"))]


def lines_of_draft(draft):
    return [(line.week, line.code, line.minutes, line.amount, line.reason) for line in draft.earnings]


def test_overtime_that_leave_drew_on_is_not_paid_a_second_time(banked, pay):
    take_leave(banked, NEXT, 60)
    with pytest.raises(profiles.LeaveDrawsOnBank):
        profiles.pay_overtime(banked, by=banked, starts_on=PERIOD)
    profiles.pay_overtime(banked, by=banked, starts_on=PERIOD + timedelta(7))
    assert [lines_of_draft(of) for of in look(NEXT).stubs] == [[(NEXT, "taken", 60, Decimal("21.50"), "")]]


def test_leave_whose_indemnity_is_not_computed_is_said_before_the_pay(banked, pay):
    asked = leave.request(by=banked, kind="vacation", days={NEXT: 420})
    clerk = make.person("Zoé", powers=[Power.APPROVE_HOURS])
    leave.approve(asked, by=clerk, seen=leave.digest_of(asked, {NEXT: 420}))
    make.approved(banked, starts_on=NEXT, hours=WEEK)
    found = runs.preflight(periods.starting(NEXT), look(NEXT))
    assert any(
        "7\u00a0h" in of.sentence and of.url == "members:person" for of in found if "Ana" in of.sentence
    )


def test_voided_stub_gives_the_leave_back_to_the_bank(banked, pay, preparer, issuer):
    take_leave(banked, NEXT, 60)
    stub = pay(NEXT).stubs.get()
    mirror = runs.issue(runs.void_stub(stub, by=preparer, because="essai"), by=issuer, documents=False)
    assert mirror.stubs.get().facts["overtime_bank"] == {"earned": 0, "taken": -60, "balance": 450}
    assert look(NEXT + timedelta(14)).stubs[0].earnings[0].code == "taken"


def test_overtime_banked_over_a_year_ago_is_paid_by_the_next_pay(ana, pay, coop):
    old = date(2025, 11, 3)
    profiles.bank_overtime(ana, by=ana, starts_on=old, asked_on=old)
    make.approved(ana, starts_on=old, hours=dict.fromkeys(WEEK, 9))
    pay(old)
    make.approved(ana, starts_on=NEXT, hours=WEEK)
    seen = look(NEXT)
    assert [(line.code, line.minutes) for line in seen.stubs[0].earnings] == [
        ("regular", 2100),
        ("bank_out", 450),
    ]
    assert "7\u00a0h\u00a030" in " ".join(differences(seen, None))


def test_hours_before_the_first_period_are_not_paid_and_fill_their_week(ana, pay):
    """The co-op paid them before it used this software; the legal week still counts them."""
    make.cooperative(pay_frequency="semimonthly")
    make.approved(ana, starts_on=date(2026, 9, 28), hours=dict.fromkeys(WEEK, 9))
    make.approved(ana, starts_on=date(2026, 9, 21), hours=WEEK)
    stub = pay(date(2026, 10, 1)).stubs.get()
    assert lines_of(stub) == [
        (date(2026, 9, 28), "regular", 780, Decimal("279.50"), ""),
        (date(2026, 9, 28), "overtime", 300, Decimal("161.25"), ""),
    ]


def test_overtime_of_a_week_cut_by_two_pays_is_found_by_the_second(ana, pay):
    make.cooperative(pay_frequency="semimonthly")
    week = date(2026, 10, 12)  # the half-month ends on Thursday the 15th
    make.approved(ana, starts_on=week, hours={"mon": 10, "tue": 10, "wed": 10, "thu": 8})
    pay(date(2026, 10, 1))
    make.approved(ana, starts_on=week, hours={"fri": 6})
    assert lines_of(pay(date(2026, 10, 16)).stubs.get()) == [
        (week, "regular", 120, Decimal("43.00"), ""),
        (week, "overtime", 240, Decimal("129.00"), ""),
    ]


def test_hours_without_a_work_status_wait_and_are_said(ana, preparer):
    zoe = make.person("Zoé", starts_on=PERIOD + timedelta(days=1))
    make.approved(zoe, hours=WEEK)
    make.approved(ana, hours=WEEK)
    seen = look()
    assert [(stub.person, stub.minutes) for stub in seen.stubs] == [(ana, 2100), (zoe, 1680)]
    assert seen.due.without_status == {zoe.pk: [PERIOD]}
    assert "Zoé" in sentences(runs.preflight(seen.period, seen))


def test_person_paid_as_the_wrong_kind_is_not_paid_the_hours_again(ana, pay, void):
    make.approved(ana, hours=WEEK)
    run = pay()
    WorkStatus.objects.filter(person=ana).update(kind="freelance")
    seen = look(NEXT)
    assert seen.stubs == ()
    assert sorted(left.gross for left in seen.carried) == [Decimal("-752.50"), Decimal("752.50")]
    void(run.stubs.get())
    (statement,) = look(NEXT).stubs
    assert (statement.kind, statement.gross, statement.earnings[0].reason) == (
        "statement",
        Decimal("752.50"),
        "late",
    )


def test_deductions_larger_than_the_pay_are_never_withheld(ana):
    profiles.declare_taxes(ana, by=ana, starts_on=date(2026, 1, 1), federal_extra_tax=Decimal(100))
    make.approved(ana, hours={"mon": 1})
    seen = look()
    assert seen.stubs == ()
    assert [(left.person, left.gross) for left in seen.carried] == [(ana, Decimal("21.50"))]


def test_skipped_period_is_said_and_its_hours_are_paid_late(ana, pay):
    make.approved(make.person("Léa"), starts_on=PERIOD - timedelta(days=14), hours=WEEK)
    pay(PERIOD - timedelta(days=14))
    make.approved(ana, hours=WEEK)
    seen = look(NEXT)
    assert seen.stubs[0].earnings[0].reason == "late"
    links = [finding.kwargs for finding in runs.preflight(seen.period, seen)]
    assert {"first": PERIOD} in links


# Voiding ------------------------------------------------------------------------------------------


def test_voided_stub_is_mirrored_and_paid_again_by_the_next_pay(ana, pay, void, preparer, issuer):
    make.approved(ana, hours=WEEK)
    original = pay().stubs.get()
    run = void(original)
    mirror = run.stubs.get()
    assert run.pay_on == original.run.pay_on
    assert mirror.facts["voids"] == {"number": original.facts["number"], "because": "Mauvais statut"}
    assert list(mirror.lines.values_list("side", "code", "amount")) == [
        (side, code, -amount) for side, code, amount in original.lines.values_list("side", "code", "amount")
    ]
    assert [(of["role"], -of["minutes"]) for of in mirror.facts["roles"]] == [
        (of["role"], of["minutes"]) for of in original.facts["roles"]
    ]
    assert mirror.facts["year_to_date"]["gross"] == mirror.facts["year_to_date"]["net"] == "0.00"
    assert total() == {"minutes": 0, "amount": 0}
    assert PayStub.objects.paid_in(2026).aggregate(Sum("pensionable")) == {"pensionable__sum": 0}
    again = pay(NEXT).stubs.get()
    assert lines_of(again) == [(PERIOD, "regular", 2100, Decimal("752.50"), "void")]
    assert again.facts["year_to_date"]["gross"] == "752.50"
    assert list(again.lines.exclude(side="earning").values_list("code", "amount")) == list(
        original.lines.exclude(side="earning").values_list("code", "amount")
    )


def test_void_is_prepared_by_one_and_issued_by_another(ana, pay, preparer):
    make.approved(ana, hours=WEEK)
    stub = pay().stubs.get()
    with pytest.raises(NotAllowed):
        runs.void_stub(stub, by=ana, because="Erreur")
    run = runs.void_stub(stub, by=preparer, because="Erreur")
    assert not run.is_issued
    make.mandate(preparer, [Power.ISSUE_PAY])
    with pytest.raises(runs.IssuedByItsPreparer):
        runs.issue(run, by=preparer, documents=False)
    with pytest.raises(runs.AlreadyVoided):
        runs.void_stub(stub, by=preparer, because="Encore")
    runs.withdraw(run, by=preparer)
    assert runs.void_stub(stub, by=preparer, because="Cette fois").pk


def test_void_is_not_voided(ana, pay, void, preparer):
    make.approved(ana, hours=WEEK)
    mirror = void(pay().stubs.get()).stubs.get()
    with pytest.raises(runs.NotVoidable):
        runs.void_stub(mirror, by=preparer, because="Erreur")


def test_year_to_date_follows_the_pays_and_caps_the_premiums(ana, pay):
    make.rate("500.00", starts_on=PERIOD)
    for first in (PERIOD, NEXT):
        for week in (first, first + timedelta(days=7)):
            make.approved(ana, starts_on=week, hours=dict.fromkeys(WEEK, 8))
    first, second = pay().stubs.get(), pay(NEXT).stubs.get()
    assert first.facts["year_to_date"]["gross"] == "40000.00"
    assert second.facts["year_to_date"]["gross"] == "80000.00"
    third = NEXT + timedelta(days=14)
    make.approved(ana, starts_on=third, hours=WEEK)
    last = pay(third).stubs.get()
    assert last.facts["year_to_date"]["qpp"] == "4479.30"
    assert last.facts["year_to_date"]["ei"] == "895.70"
    assert not last.lines.filter(side="deduction", code="ei").exists()


# Queries, and what comes next ---------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 3])
def test_preview_asks_the_same_number_of_queries_whoever_is_paid(ana, pay, people, django_assert_num_queries):
    workers = [ana, *(make.person("Léa") for _ in range(people - 1))]
    for worker in workers:
        make.approved(worker, hours=WEEK)
    pay()
    for worker in workers:
        make.approved(worker, hours={"sat": 1})
        make.approved(worker, starts_on=NEXT, hours=WEEK)
    period = periods.starting(NEXT)
    with django_assert_num_queries(31):
        seen = runs.preview(period)
    assert len(seen.stubs) == people
    with django_assert_num_queries(15):
        runs.preflight(period, seen)


@pytest.mark.parametrize("people", [1, 3])
def test_issue_asks_the_same_number_of_queries_whoever_is_paid(
    ana, preparer, issuer, people, django_assert_num_queries
):
    for worker in [ana, *(make.person("Léa") for _ in range(people - 1))]:
        make.approved(worker, hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    with django_assert_num_queries(35):
        runs.issue(run, by=issuer, documents=False)


def test_next_step_says_to_each_what_waits_for_them(ana, preparer, issuer):
    def next_step(person, today):
        return runs.next_step(person, powers_of(person), Cooperative.objects.get(), today=today)

    make.approved(ana, hours=WEEK)
    today = date(2026, 11, 23)
    assert next_step(ana, today) is None
    assert next_step(issuer, today) is None
    step = next_step(preparer, today)
    assert (step.url, step.kwargs) == ("payroll:run_preview", {"first": PERIOD})
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    assert next_step(preparer, today) is None
    step = next_step(issuer, today)
    assert (step.url, step.kwargs) == ("payroll:run", {"pk": run.pk})
    runs.issue(run, by=issuer, documents=False)
    assert next_step(issuer, today) is None
    assert next_step(preparer, date(2026, 11, 29)) is None
    assert next_step(preparer, date(2026, 11, 30)).kwargs == {"first": NEXT}
