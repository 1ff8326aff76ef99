"""One stub corrected at once: taken back and paid as it should have been, without touching the others."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.urls import reverse

from members.models import JournalEntry, Power, WorkStatus
from members.powers import NotAllowed
from payroll import archive, beside, periods, profiles, runs
from payroll.models import Acknowledgement, FileReading, PayPeriod, PayRun, PayStub, StubLine
from tests import make
from tests.payroll import paid
from timesheets.models import TimeEntry

pytestmark = pytest.mark.django_db

PERIOD, NEXT = paid.PERIOD, paid.next_period()
BECAUSE = "La feuille du jeudi manquait."


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-30 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def coop():
    return paid.coop()


def stub_of(run: PayRun, person) -> PayStub:
    return run.stubs.get(person=person, mirrors=None)


def correct(coop, stub, *, because=BECAUSE) -> PayRun:
    run = runs.correct_stub(stub, by=coop.preparer, because=because)
    return runs.issue(run, by=coop.issuer, documents=False)


def amounts(stub) -> list[tuple]:
    return sorted(stub.lines.values_list("side", "code", "week_starts_on", "minutes", "amount"))


def year_of(person) -> dict:
    rows = StubLine.objects.filter(stub__person=person).order_by().values_list("side", "code")
    return {place: total for *place, total in rows.annotate(Sum("amount")) for place in [tuple(place)]}


def test_corrected_stub_has_the_cents_of_a_stub_that_was_right_the_first_time(coop):
    """Two people, the same hours: one is paid right at once, the other is corrected two pays later."""
    right = make.person("Rita", born_on=date(1985, 5, 1))
    for person in (coop.ana, right):
        make.approved(person, starts_on=PERIOD + timedelta(days=7), hours=paid.WEEK)
    make.approved(right, starts_on=PERIOD, hours=paid.WEEK | {"sat": 5})
    first = coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 5})
    run = correct(coop, stub_of(first, coop.ana))
    assert amounts(stub_of(run, coop.ana)) == amounts(stub_of(first, right))
    for person in (coop.ana, right):
        make.approved(person, starts_on=NEXT, hours=paid.WEEK)
    second = coop.pay(NEXT, has_documents=False)
    assert amounts(stub_of(second, coop.ana)) == amounts(stub_of(second, right))
    assert year_of(coop.ana) == year_of(right)
    counted = ("pensionable", "insurable", "nonperiodic", "nonperiodic_f5")
    sums = [
        PayStub.objects.filter(person=person).aggregate(*map(Sum, counted)) for person in (coop.ana, right)
    ]
    assert sums[0] == sums[1]


def test_correction_after_later_pays_leaves_their_hours_to_them(coop):
    first = coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=NEXT, hours={"mon": 6})
    coop.pay(NEXT, has_documents=False)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sun": 2})
    stub = stub_of(correct(coop, stub_of(first, coop.ana)), coop.ana)
    assert list(
        stub.lines.filter(side="earning").values_list("week_starts_on", "code", "minutes", "reason")
    ) == [
        (PERIOD, "regular", 2400, ""),
        (PERIOD, "overtime", 240, ""),
    ]
    third = paid.next_period(2)
    make.approved(coop.ana, starts_on=third, hours={"mon": 1})
    seen = runs.preview(periods.starting(third))
    assert [[line.week for line in draft.earnings] for draft in seen.stubs] == [[third]]


def test_late_hours_that_a_later_pay_paid_are_not_paid_again_by_the_correction(coop):
    first = coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sun": 2})
    make.approved(coop.ana, starts_on=NEXT, hours={"mon": 6})
    coop.pay(NEXT, has_documents=False)
    stub = stub_of(first, coop.ana)
    with pytest.raises(runs.NothingToCorrect):
        runs.correct_stub(stub, by=coop.preparer, because=BECAUSE)
    profiles.declare_taxes(coop.ana, by=coop.ana, starts_on=date(2026, 1, 1), federal_extra_tax=Decimal(10))
    run = correct(coop, stub)
    shown = beside.of_run(run)
    assert shown.difference == Decimal(-10)
    assert shown.is_owed
    changed = [row.label for row in shown.rows if row.difference]
    assert changed == ["Impôt fédéral", "Net"]


def test_week_that_a_period_cuts_in_two_is_corrected_within_it():
    """Half-months end in the middle of weeks: the other half of the week stays with its own pay."""
    make.cooperative(first_period_on=date(2026, 10, 16), pay_frequency="semimonthly", pay_days_after=5)
    make.rate("20.00")
    ana = make.person("Ana", born_on=date(1985, 5, 1))
    preparer = make.person("Paule", kind=None, powers=[Power.PREPARE_PAY])
    issuer = make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])
    week = date(2026, 10, 26)  # from the 26th of October to the 1st of November
    make.approved(ana, starts_on=week, hours={"mon": 8, "fri": 8, "sun": 4})

    def pay(first):
        run = runs.prepare(periods.starting(first), by=preparer, because="Vérifié.")
        return runs.issue(run, by=issuer, documents=False)

    first = pay(date(2026, 10, 16))
    pay(date(2026, 11, 1))
    make.corrected(TimeEntry.objects.get(person=ana, day=week), 60)
    run = runs.correct_stub(first.stubs.get(), by=preparer, because=BECAUSE)
    run = runs.issue(run, by=issuer, documents=False)
    lines = stub_of(run, ana).lines.filter(side="earning")
    assert list(lines.values_list("week_starts_on", "minutes", "amount")) == [(week, 1020, Decimal("340.00"))]
    assert StubLine.objects.filter(side="earning").aggregate(Sum("minutes")) == {"minutes__sum": 21 * 60}


def test_correction_is_one_run_issued_at_once_and_linked_both_ways(coop):
    original = stub_of(coop.pay(has_documents=False), coop.ana)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 3})
    run = runs.correct_stub(original, by=coop.preparer, because=BECAUSE)
    assert not PayStub.objects.filter(run=run).exists()
    run = runs.issue(run, by=coop.issuer)
    mirror, stub = run.stubs.order_by("pk")
    assert (mirror.mirrors, stub.mirrors) == (original, None)
    assert mirror.facts["number"] != stub.facts["number"]
    assert stub.facts["corrects"] == {"number": original.facts["number"], "because": BECAUSE}
    assert mirror.facts["voids"] == stub.facts["corrects"]
    assert {one.run.pay_on for one in (original, mirror, stub)} == {original.run.pay_on}
    assert (
        stub.facts["year_to_date"]["gross"]
        == f"{sum(line.amount for line in stub.lines.filter(side='earning')):.2f}"
    )
    assert archive.recheck(stub, at=run.issued_at).is_same_sum
    original = archive.visible_to(coop.ana, ()).get(pk=original.pk)
    assert archive.followed_by(original) == [mirror, stub]
    assert list(PayStub.objects.standing().filter(person=coop.ana)) == [stub]
    assert JournalEntry.objects.filter(event="stub.corrected").count() == 1


def test_correction_of_an_earlier_month_or_year_says_what_else_changes(coop):
    seen = runs.corrected(stub_of(coop.pay(has_documents=False), coop.ana))

    def said(today):
        return [finding.topic for finding in runs.correction_preflight(seen, today=today)]

    assert "Remises et feuillets" not in said(date(2026, 11, 30))
    assert "Remises et feuillets" in said(date(2026, 12, 1))
    assert "Remises et feuillets" in said(date(2027, 1, 4))


def test_correction_touches_nobody_else(coop):
    first = coop.pay(has_documents=False)
    before = amounts(stub_of(first, coop.bo))
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 3})
    make.approved(coop.bo, starts_on=PERIOD, hours={"sat": 3})
    run = correct(coop, stub_of(first, coop.ana))
    assert {stub.person for stub in run.stubs.all()} == {coop.ana}
    assert amounts(stub_of(first, coop.bo)) == before
    assert [draft.person for draft in runs.preview(periods.starting(NEXT)).stubs] == [coop.bo]


def test_person_paid_as_the_wrong_kind_gets_the_right_one(coop):
    first = coop.pay(has_documents=False)
    WorkStatus.objects.filter(person=coop.ana).update(kind="freelance")
    run = correct(coop, stub_of(first, coop.ana), because="Pigiste depuis octobre.")
    assert sorted(run.stubs.values_list("kind", "mirrors")) == [
        ("statement", None),
        ("stub", stub_of(first, coop.ana).pk),
    ]
    assert year_of(coop.ana)["deduction", "qpp"] == 0
    assert runs.preview(periods.starting(NEXT)).stubs == ()


def test_corrected_stub_may_be_corrected_again_or_voided(coop):
    stub = stub_of(coop.pay(has_documents=False), coop.ana)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 3})
    again = stub_of(correct(coop, stub), coop.ana)
    with pytest.raises(runs.AlreadyVoided):
        runs.correct_stub(stub, by=coop.preparer, because=BECAUSE)
    with pytest.raises(runs.NotVoidable):
        runs.correct_stub(stub.mirrored_by, by=coop.preparer, because=BECAUSE)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sun": 1})
    third = stub_of(correct(coop, again), coop.ana)
    coop.void(third)
    assert all(total == 0 for total in year_of(coop.ana).values())
    assert not PayStub.objects.standing().filter(person=coop.ana).exists()


def test_nothing_to_correct_and_nothing_left_are_said(coop):
    stub = stub_of(coop.pay(has_documents=False), coop.ana)
    with pytest.raises(runs.NothingToCorrect):
        runs.correct_stub(stub, by=coop.preparer, because=BECAUSE)
    for entry in TimeEntry.objects.filter(person=coop.ana):
        make.corrected(entry, -entry.minutes)
    with pytest.raises(runs.NothingLeft):
        runs.correct_stub(stub, by=coop.preparer, because=BECAUSE)
    assert PayRun.objects.count() == 1


def test_correction_is_prepared_by_one_and_issued_by_another_once(coop):
    stub = stub_of(coop.pay(has_documents=False), coop.ana)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 3})
    with pytest.raises(NotAllowed):
        runs.correct_stub(stub, by=coop.issuer, because=BECAUSE)
    run = runs.correct_stub(stub, by=coop.preparer, because=BECAUSE)
    assert runs.correct_stub(stub, by=coop.preparer, because=BECAUSE) == run  # a double click
    make.mandate(coop.preparer, [Power.ISSUE_PAY])
    with pytest.raises(runs.IssuedByItsPreparer):
        runs.issue(run, by=coop.preparer, documents=False)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sun": 1})
    with pytest.raises(runs.Changed):
        runs.issue(run, by=coop.issuer, documents=False)
    runs.withdraw(run, by=coop.preparer)
    assert not Acknowledgement.objects.filter(run__kind="correction").exists()
    assert correct(coop, stub).is_issued


def test_correction_needs_a_reason_in_the_verb_and_in_the_database(coop):
    stub = stub_of(coop.pay(has_documents=False), coop.ana)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 3})
    with pytest.raises(ValidationError):
        runs.correct_stub(stub, by=coop.preparer, because="  ")
    with pytest.raises(IntegrityError, match="payroll_void_names_its_stub"), transaction.atomic():
        PayRun.objects.bulk_create(
            [
                PayRun(
                    period=PayPeriod.objects.get(),
                    kind="correction",
                    pay_on=PERIOD,
                    voids=stub,
                    prepared_by=coop.preparer,
                    prepared_at=stub.run.prepared_at,
                )
            ]
        )


def test_correction_of_an_annual_maximum_stays_within_it(coop):
    make.rate("500.00", starts_on=PERIOD)
    for week in (PERIOD + timedelta(days=7), NEXT, NEXT + timedelta(days=7)):
        make.approved(coop.ana, starts_on=week, hours=paid.WEEK)
    first = coop.pay(has_documents=False)
    coop.pay(NEXT, has_documents=False)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 5})
    correct(coop, stub_of(first, coop.ana))
    year = year_of(coop.ana)
    assert [year["deduction", code] for code in ("qpp", "ei")] == [Decimal("4479.30"), Decimal("895.70")]


# Screens ------------------------------------------------------------------------------------------


@pytest.fixture
def reading(client, coop):
    """Somebody's client, having just proved who they are."""

    def do(person):
        client.force_login(person)
        client.post("/account/reauthenticate/?next=/", {"password": "essai-essai-essai"})
        return client

    return do


def test_stub_is_corrected_from_its_page_by_two_people(coop, reading):
    stub = stub_of(coop.pay(has_documents=False), coop.ana)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 3})
    page, address = (reverse(f"payroll:{name}", args=[stub.pk]) for name in ("stub", "stub_correct"))
    client = reading(coop.preparer)
    assert "who sees that you opened it" not in client.get(address).content.decode()
    client.post(reverse("payroll:stub_open", args=[stub.pk]))
    assert address in client.get(page).content.decode()
    answer = client.get(address)
    said = answer.content.decode()
    assert "Before and after" in said
    assert "Ana" in said
    assert "is still to be paid" in said
    assert client.post(address, {"because": ""}).status_code == 200
    digest = answer.context["seen"].digest
    sent = client.post(address, {"because": BECAUSE, "seen_digest": digest})
    run = PayRun.objects.get(kind="correction")
    assert sent.url == reverse("payroll:run", args=[run.pk])
    assert client.post(address, {"because": BECAUSE, "seen_digest": digest}).url == sent.url
    assert "waits to be issued" in client.get(address).content.decode()
    assert BECAUSE in client.get(sent.url).content.decode()
    client = reading(coop.issuer)
    client.post(reverse("payroll:run_issue", args=[run.pk]))
    assert "is still to be paid" in client.get(sent.url).content.decode()
    client = reading(coop.ana)
    said = client.get(page).content.decode()
    replaced = stub_of(run, coop.ana)
    assert "This stub is corrected" in said
    assert reverse("payroll:stub", args=[replaced.pk]) in said
    said = client.get(reverse("payroll:stub", args=[replaced.pk])).content.decode()
    assert page in said
    assert BECAUSE in said
    assert address not in said


def test_reason_typed_longer_than_a_stub_stays_open_is_not_lost(coop, reading):
    stub = stub_of(coop.pay(has_documents=False), coop.ana)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 3})
    client = reading(coop.preparer)
    address = reverse("payroll:stub_correct", args=[stub.pk])
    assert "Before and after" not in client.get(address).content.decode()
    answer = client.post(address, {"because": "Trois heures oubliées", "seen_digest": "of-an-hour-ago"})
    assert "Trois heures oubliées" in answer.content.decode()
    assert FileReading.objects.filter(person=coop.ana, reader=coop.preparer).exists()


def test_page_says_why_there_is_nothing_to_correct(coop, reading):
    stub = stub_of(coop.pay(has_documents=False), coop.ana)
    client = reading(coop.preparer)
    client.post(reverse("payroll:stub_open", args=[stub.pk]))
    said = client.get(reverse("payroll:stub_correct", args=[stub.pk])).content.decode()
    assert "there is nothing to correct" in said
    assert "Prepare the correction" not in said


def test_stale_correction_is_refused_and_shown_as_it_is_now(coop, reading):
    stub = stub_of(coop.pay(has_documents=False), coop.ana)
    make.approved(coop.ana, starts_on=PERIOD, hours={"sat": 3})
    client = reading(coop.preparer)
    client.post(reverse("payroll:stub_open", args=[stub.pk]))
    address = reverse("payroll:stub_correct", args=[stub.pk])
    digest = client.get(address).context["seen"].digest
    make.approved(coop.ana, starts_on=PERIOD, hours={"sun": 1})
    said = client.post(address, {"because": BECAUSE, "seen_digest": digest}).content.decode()
    assert "What is due has changed while you were reading" in said
    assert BECAUSE in said
    assert not PayRun.objects.filter(kind="correction").exists()
