"""What is owed to both governments, what was paid, and the employer's file, on PostgreSQL."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Sum
from django.utils import translation

from members.models import JournalEntry, Power
from members.powers import NotAllowed
from payroll import (
    employer,
    employer_year,
    reminders,
    remittance_parts,
    remittance_pays,
    remittance_register,
    remittance_rules,
    remittances,
    runs,
    standings,
)
from payroll.business_days import Government
from payroll.deductions.money import cents
from payroll.models import CnesstClassification, Remittance, RemitterType, StubLine
from payroll.remitter_size import suggestions
from payroll.standings import Book, State, standing_of
from tests import make
from tests.payroll import paid

pytestmark = pytest.mark.django_db

NOVEMBER = date(2026, 11, 1)
PAID_ON = date(2026, 11, 20)
FEDERAL = {("deduction", "federal_tax"), ("deduction", "ei"), ("employer", "ei")}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def coop():
    return paid.coop()


@pytest.fixture
def run(coop):
    """The pay of 20 November."""
    return coop.pay(has_documents=False)


@pytest.fixture
def clerk(coop):
    return coop.preparer


def pay_all(to: str, by, first=NOVEMBER, **given) -> Remittance:
    standing = standing_of(to, first)
    return remittances.record(standing, parts=standing.left, by=by, **({"paid_on": PAID_ON} | given))


def classify(by, rate="0.95", starts_on=date(2026, 1, 1), is_paid_with_quebec=True, unit="54321"):
    return employer.classify(
        unit=unit,
        per_hundred_dollars=Decimal(rate),
        is_paid_with_quebec=is_paid_with_quebec,
        starts_on=starts_on,
        notice="Avis de 2026",
        by=by,
    )


def remit(by, government="rq", frequency="monthly", starts_on=date(2026, 1, 1)):
    return employer.declare_remitter(
        government=government, frequency=frequency, starts_on=starts_on, notice="Avis de 2026", by=by
    )


def tell(by, year=2026, **given):
    told = {
        "sector": "other",
        "estimated_payroll": Decimal("400000.00"),
        "associated_payroll": Decimal("0.00"),
        "training_spent": Decimal("0.00"),
        "notice": "Prévisions",
    }
    return employer.tell_year(year, by=by, **(told | given))


def on_stubs(*places) -> Decimal:
    lines = StubLine.objects.exclude(side__in=["earning", "sales_tax"])
    return sum((line.amount for line in lines if (line.side, line.code) in places), Decimal(0))


# The lines of the stubs ---------------------------------------------------------------------------


def test_cnesst_and_labour_standards_are_on_the_stub_and_in_its_cost(coop, clerk):
    classify(clerk)
    run = coop.pay(has_documents=False)
    stub = run.stubs.get(kind="stub")
    gross = stub.lines.filter(side="earning").aggregate(total=Sum("amount"))["total"]
    lines = dict(stub.lines.filter(side="employer").values_list("code", "amount"))
    assert lines["cnesst"] == cents(gross * Decimal("0.0095"))
    assert lines["standards"] == cents(gross * Decimal("0.0006"))


# Owed ---------------------------------------------------------------------------------------------


def test_what_is_owed_is_what_the_stubs_withheld_and_added(run, clerk):
    cra, quebec = standing_of("cra", NOVEMBER), standing_of("rq", NOVEMBER)
    assert set(cra.owed) == FEDERAL
    assert cra.owed_total == on_stubs(*FEDERAL)
    assert set(quebec.owed) <= set(remittance_parts.PLACES[Government.QUEBEC])
    withheld = StubLine.objects.filter(side="deduction").aggregate(total=Sum("amount"))["total"]
    employers = StubLine.objects.filter(side="employer").exclude(code="standards")
    assert cra.owed_total + quebec.owed_total == withheld + employers.aggregate(total=Sum("amount"))["total"]
    assert (quebec.period.due_on, quebec.state) == (date(2026, 12, 15), State.OPEN)


def test_cnesst_goes_with_quebec_only_where_its_notice_says_so(coop, clerk):
    classify(clerk)
    coop.pay(has_documents=False)
    assert ("employer", "cnesst") in standing_of("rq", NOVEMBER).owed
    classify(clerk, is_paid_with_quebec=False)
    assert ("employer", "cnesst") not in standing_of("rq", NOVEMBER).owed


def test_frequency_on_file_decides_the_periods(run, clerk):
    remit(clerk, "cra", "twice_monthly")
    remit(clerk, "rq", "quarterly", starts_on=date(2026, 10, 1))
    assert standing_of("cra", NOVEMBER).owed == {}
    assert standing_of("cra", date(2026, 11, 16)).period.due_on == date(2026, 12, 10)
    assert standing_of("rq", NOVEMBER) is None
    assert standing_of("rq", date(2026, 10, 1)).owed_total > 0


@pytest.mark.parametrize(
    ("to", "first"),
    [
        ("cra", "2026-11-02"),
        ("mfq", "2026-11-01"),
        ("cra", "2031-01-01"),
        ("rq-year", "2026-02-01"),
        ("cnesst-year", "2026-02-01"),
    ],
)
def test_what_is_no_remittance_is_none(coop, to, first):
    assert standing_of(to, date.fromisoformat(first)) is None


def test_voiding_shows_as_a_difference_in_the_period_of_its_stub(run, coop, clerk, now):
    remittance = pay_all("cra", clerk)
    assert standing_of("cra", NOVEMBER).state == State.PAID
    now.shift(timedelta(hours=1))
    stub = run.stubs.get(kind="stub")
    voiding = runs.issue(runs.void_stub(stub, by=clerk, because="Erreur"), by=coop.issuer, documents=False)
    standing = standing_of("cra", NOVEMBER)
    assert standing.owed == {}
    assert standing.left_total == -remittance.amount
    assert standing.state == State.DIFFERS
    assert [(part.run, part.is_late) for part in remittance_pays.runs_behind(standing)] == [
        (run, False),
        (voiding, True),
    ]
    with pytest.raises(ValidationError):
        pay_all("cra", clerk)
    pay_all("cra", clerk, because="Déduit de la remise de décembre")
    assert standing_of("cra", NOVEMBER).state == State.PAID


def test_book_of_a_year_foots_and_says_what_is_late(run, clerk, now):
    book = Book.read(2026)
    assert [(standing.to, standing.state) for standing in book.standings] == [
        ("cra", State.OPEN),
        ("rq", State.OPEN),
    ]
    assert (book.to_send, book.unexplained) == ([], 0)
    now.move_to("2026-12-03 15:00:00+00:00")
    assert {standing.state for standing in Book.read(2026).to_send} == {State.TO_PAY}
    now.move_to("2026-12-16 15:00:00+00:00")
    book = Book.read(2026)
    assert {standing.state for standing in book.to_send} == {State.LATE}
    assert book.unexplained == book.owed_total == book.left_total > 0
    for to in ("cra", "rq"):
        pay_all(to, clerk)
    book = Book.read(2026)
    assert (book.to_send, book.unexplained, book.left_total) == ([], 0, 0)
    assert book.paid_total == book.owed_total


def test_coming_due_dates_include_periods_without_a_pay(run):
    coming = Book.read(2026).coming()
    assert [(one.to, str(one.period.due_on), bool(one.owed)) for one in coming] == [
        ("cra", "2026-12-15", True),
        ("rq", "2026-12-15", True),
        ("cra", "2027-01-15", False),
        ("rq", "2027-01-15", False),
    ]


# Recording ----------------------------------------------------------------------------------------


def test_payment_keeps_its_parts_and_is_journalled(run, clerk):
    remittance = pay_all("cra", clerk, reference=" 8841 ")
    assert set(remittance.amounts) == FEDERAL
    assert (remittance.amount, remittance.owed) == (on_stubs(*FEDERAL), on_stubs(*FEDERAL))
    assert (remittance.reference, remittance.due_on) == ("8841", date(2026, 12, 15))
    entry = JournalEntry.objects.get(event="remittance.recorded")
    assert (entry.actor, entry.body["remittance"]) == (clerk, remittance.pk)
    assert str(remittance.amount) not in str(entry.body)


def test_payments_of_a_year_are_told_by_government_and_code(run, clerk):
    pay_all("cra", clerk)
    assert standings.paid(2026) == {"cra": standing_of("cra", NOVEMBER).owed, "rq": {}}
    assert standings.paid(2025) == {"cra": {}, "rq": {}}


def test_payment_is_recorded_once_however_often_the_button_is_pressed(run, clerk):
    standing = standing_of("cra", NOVEMBER)
    given = {"parts": standing.left, "paid_on": PAID_ON, "seen": standing.digest, "by": clerk}
    remittances.record(standing, **given)
    with pytest.raises(remittances.SeenChanged):
        remittances.record(standing, **given)
    assert Remittance.objects.count() == 1


def test_part_of_it_may_be_paid_and_the_rest_later(run, clerk):
    standing = standing_of("cra", NOVEMBER)
    tax = {("deduction", "federal_tax"): standing.left["deduction", "federal_tax"]}
    remittances.record(standing, parts=tax, paid_on=PAID_ON, by=clerk)
    assert set(standing_of("cra", NOVEMBER).left) == FEDERAL - set(tax)
    pay_all("cra", clerk)
    assert standing_of("cra", NOVEMBER).left == {}


def test_nothing_owed_may_be_declared_as_nothing(coop, clerk):
    standing = standing_of("cra", NOVEMBER)
    remittance = remittances.record(standing, parts={}, paid_on=PAID_ON, by=clerk)
    assert (remittance.amount, standing_of("cra", NOVEMBER).state) == (0, State.PAID)
    with pytest.raises(remittances.NothingPaid):
        remittances.record(standing, parts={}, paid_on=PAID_ON, by=clerk)


@pytest.mark.parametrize(
    ("paid_on", "refusal"),
    [("2026-11-24", remittances.PaidLater), ("2026-10-31", remittances.PaidBefore)],
)
def test_payment_is_of_a_day_between_the_first_pay_and_today(run, clerk, paid_on, refusal):
    with pytest.raises(refusal):
        pay_all("cra", clerk, paid_on=date.fromisoformat(paid_on))


def test_payment_without_an_amount_is_refused(run, clerk):
    with pytest.raises(remittances.NothingPaid):
        remittances.record(standing_of("cra", NOVEMBER), parts={}, paid_on=PAID_ON, by=clerk)


def test_payment_is_never_edited_and_is_taken_back_once(run, clerk):
    remittance = pay_all("cra", clerk)
    for act in (
        lambda: Remittance.objects.update(amount=1),
        lambda: Remittance.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
            act()
    mirror = remittances.take_back(remittance, because="Mauvais montant", by=clerk)
    assert mirror.amount == -remittance.amount
    assert standing_of("cra", NOVEMBER).left == standing_of("cra", NOVEMBER).owed
    for one in (remittance, mirror):
        with pytest.raises(remittances.AlreadyTakenBack):
            remittances.take_back(one, because="Encore", by=clerk)
    pay_all("cra", clerk)
    assert standing_of("cra", NOVEMBER).state == State.PAID


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"amount": Decimal("1.00")}, "payroll_remittance_adds_up"),
        ({"government": "us"}, "payroll_remittance_kind"),
        ({"government": "cnesst"}, "payroll_remittance_kind"),
        ({"kind": "cnesst"}, "payroll_remittance_kind"),
        ({"ends_on": date(2026, 10, 1)}, "payroll_remittance_days"),
        ({"parts": {"deduction.ei": "-1.00"}, "amount": Decimal("-1.00")}, "payroll_remittance_says_why"),
        ({"corrects": True, "because": "Autre"}, "payroll_remittance_adds_up"),
    ],
)
def test_database_refuses_what_is_no_remittance(run, clerk, change, constraint):
    made = pay_all("cra", clerk)
    if "corrects" in change:
        change = change | {"corrects": made}
    fields = {
        "government": "cra",
        "starts_on": NOVEMBER,
        "ends_on": date(2026, 11, 30),
        "due_on": date(2026, 12, 15),
        "parts": {"deduction.ei": "2.00"},
        "amount": Decimal("2.00"),
        "owed": Decimal("2.00"),
        "paid_on": PAID_ON,
        "recorded_by": clerk,
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Remittance.objects.create(**fields | change)


def test_acts_need_a_pay_power_held_today(run, coop):
    remittance = pay_all("cra", coop.issuer)
    ended = make.person("Eva")
    make.mandate(ended, [Power.PREPARE_PAY, Power.ISSUE_PAY], ends_on=date(2026, 11, 22))
    for person in (coop.ana, ended, make.person("Ivan", powers=[Power.APPROVE_HOURS])):
        for act in (
            lambda by: pay_all("rq", by),
            lambda by: remittances.take_back(remittance, because="Non", by=by),
            remit,
            classify,
            tell,
        ):
            with pytest.raises(NotAllowed):
                act(person)
    assert (Remittance.objects.count(), RemitterType.objects.count()) == (1, 0)


# The employer's file ------------------------------------------------------------------------------


def test_new_frequency_ends_the_one_before(coop, clerk):
    remit(clerk, frequency="quarterly")
    remit(clerk, frequency="monthly", starts_on=date(2026, 7, 1))
    assert list(RemitterType.objects.values_list("frequency", "starts_on", "ends_on")) == [
        ("quarterly", date(2026, 1, 1), date(2026, 6, 30)),
        ("monthly", date(2026, 7, 1), None),
    ]
    remit(clerk, frequency="weekly", starts_on=date(2026, 7, 1))
    assert RemitterType.objects.count() == 2
    with pytest.raises(employer.StartsBeforeTheLast):
        remit(clerk, frequency="annual", starts_on=date(2026, 2, 1))


def test_frequency_starts_on_the_first_of_a_month(coop, clerk):
    with pytest.raises(ValidationError, match="premier jour d’un mois"):
        remit(clerk, starts_on=date(2026, 7, 2))


def test_federal_government_is_not_paid_once_a_year(coop, clerk):
    with pytest.raises(ValidationError, match="une fois par année"):
        remit(clerk, "cra", "annual")


def test_frequency_never_cuts_again_what_was_paid(run, clerk):
    remittance = pay_all("cra", clerk)
    with pytest.raises(employer.AlreadyRemitted):
        remit(clerk, "cra", "weekly", starts_on=NOVEMBER)
    remit(clerk, "rq", "weekly", starts_on=NOVEMBER)
    remittances.take_back(remittance, because="Autre fréquence", by=clerk)
    remit(clerk, "cra", "weekly", starts_on=NOVEMBER)
    assert standing_of("cra", date(2026, 11, 15)).owed_total == remittance.amount


def test_classification_needs_five_digits_and_a_notice(coop, clerk):
    with pytest.raises(ValidationError, match="cinq chiffres"):
        classify(clerk, unit="12a45")
    with pytest.raises(IntegrityError, match="payroll_classification_notice"), transaction.atomic():
        CnesstClassification.objects.create(
            unit="12345", per_hundred_dollars=1, starts_on=NOVEMBER, notice="", recorded_by=clerk
        )


def test_year_told_sets_the_rate_and_its_absence_leaves_the_estimate_of_the_coop(coop, clerk):
    from_coop = employer.employer_on(date(2026, 11, 20), make.cooperative())
    assert (from_coop.total_payroll, from_coop.sector) == (Decimal("400000.00"), "other")
    tell(clerk, estimated_payroll=Decimal("2000000.00"), associated_payroll=Decimal("500000.00"))
    told = employer.employer_on(date(2026, 11, 20), make.cooperative())
    assert told.total_payroll == Decimal("2500000.00")
    assert employer.employer_on(date(2025, 11, 20), make.cooperative()) == from_coop


# The year -----------------------------------------------------------------------------------------


def test_end_of_year_counts_each_person_up_to_the_maximum(run, coop, clerk):
    classify(clerk, starts_on=date(2026, 12, 1))
    year = employer_year.figures(2026)
    gross = on_earnings("stub")
    assert (year.people, year.payroll, year.standards_base) == (1, gross, gross)
    assert year.standards == cents(gross * Decimal("0.0006"))
    assert year.unclassified == gross
    assert [unit.assessable for unit in year.units] == [0]
    assert year.hsf_adjustment == 0
    assert not year.is_training_due


def on_earnings(kind) -> Decimal:
    lines = StubLine.objects.filter(side="earning", stub__kind=kind)
    return lines.aggregate(total=Sum("amount"))["total"]


def test_assessable_pay_fills_the_maximum_unit_after_unit():
    gross = {1: Decimal(210_000), 2: Decimal(500), 3: Decimal(-5)}
    by_unit = {1: {0: Decimal(60_000), 1: Decimal(140_000)}, 2: {1: Decimal(500)}, 3: {0: Decimal(-5)}}
    assert employer_year._assessed(gross, by_unit, 2, Decimal(103_000)) == {
        employer_year.NO_UNIT: Decimal(10_000),
        0: Decimal(60_000),
        1: Decimal(33_500),
    }


def test_health_services_fund_is_settled_on_the_real_total_payroll(run, clerk):
    tell(clerk, sector="public")
    year = employer_year.figures(2026)
    assert (year.hsf_rate_estimated, year.hsf_rate_real) == (Decimal("0.0426"), Decimal("0.0426"))
    gross = on_earnings("stub")
    assert year.hsf_adjustment == cents(gross * Decimal("0.0426")) - year.hsf_on_stubs
    assert year.hsf_adjustment > 0


def test_one_percent_law_is_of_large_payrolls_less_training(run, clerk):
    tell(clerk, associated_payroll=Decimal("2000000.00"), training_spent=Decimal("5.00"))
    year = employer_year.figures(2026)
    assert year.is_training_due
    assert year.training == cents(on_earnings("stub") / 100) - 5
    tell(clerk, associated_payroll=Decimal("2000000.00"), training_spent=Decimal("50000.00"))
    assert employer_year.figures(2026).training == 0
    tell(clerk, associated_payroll=Decimal("0.00"))
    assert not employer_year.figures(2026).is_training_due


def test_yearly_contributions_are_recorded_and_settled_like_the_others(run, clerk, now):
    now.move_to("2027-02-25 15:00:00+00:00")
    standing = standing_of("rq-year", date(2026, 1, 1))
    assert (standing.period.due_on, standing.state) == (date(2027, 3, 1), State.TO_PAY)
    assert standing.owed == {("employer", "standards"): employer_year.figures(2026).standards}
    due = [reminder.kwargs["to"] for reminder in reminders.reminders()]
    assert due == ["cra", "rq", "rq-year"]
    remittance = pay_all("rq-year", clerk, first=date(2026, 1, 1), paid_on=date(2027, 2, 25))
    assert (remittance.kind, standing_of("rq-year", date(2026, 1, 1)).state) == ("yearly", State.PAID)
    assert [reminder.kwargs["to"] for reminder in reminders.reminders()] == ["cra", "rq"]
    assert standings.paid(2026)["rq"] == standing.owed


def test_cnesst_paid_directly_is_recorded_once_a_year_by_its_notice(coop, clerk, now):
    classify(clerk, is_paid_with_quebec=False)
    coop.pay(has_documents=False)
    first = date(2026, 1, 1)
    now.move_to("2027-02-25 15:00:00+00:00")
    standing = standing_of("cnesst-year", first)
    assert standing.owed == {("employer", "cnesst"): employer_year.figures(2026).units[0].premium}
    assert (standing.government, standing.period.due_on) == ("CNESST", date(2027, 3, 15))
    before = [reminder.kwargs["to"] for reminder in reminders.reminders()]
    payment = pay_all("cnesst-year", clerk, first=first, paid_on=date(2027, 2, 25))
    assert (payment.kind, payment.government) == ("cnesst", "cnesst")
    assert standing_of("cnesst-year", first).state == State.PAID
    # It is the payment of no government.
    assert [reminder.kwargs["to"] for reminder in reminders.reminders()] == before
    assert standings.paid(2026) == {"cra": {}, "rq": {}, "cnesst": standing.owed}
    remittances.take_back(payment, because="Autre montant", by=clerk)
    more = standing.owed_total + 5
    remittances.record(standing, parts={("employer", "cnesst"): more}, paid_on=date(2027, 2, 25), by=clerk)
    asked = standing_of("cnesst-year", first)
    assert (asked.state, asked.left_total) == (State.DIFFERS, Decimal("-5.00"))


def test_cnesst_paid_with_quebec_is_not_owed_twice(coop, clerk):
    classify(clerk)
    coop.pay(has_documents=False)
    assert standing_of("cnesst-year", date(2026, 1, 1)).owed == {}


# What is said -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-12-07", []), ("2026-12-08", ["to be paid", "to be paid"]), ("2026-12-16", ["Late", "Late"])],
)
def test_reminder_comes_a_week_before_and_stays_until_it_is_paid(run, clerk, now, day, words):
    now.move_to(f"{day} 15:00:00+00:00")
    with translation.override("en-ca"):
        found = reminders.reminders()
    assert [word in reminder.sentence for word, reminder in zip(words, found, strict=True)] == [True] * len(
        words
    )
    for to in ("cra", "rq"):
        pay_all(to, clerk)
    assert reminders.reminders() == []


def test_reminder_comes_back_when_a_pay_follows_the_payment_or_it_is_taken_back(run, coop, clerk, now):
    remittance = pay_all("cra", clerk)
    pay_all("rq", clerk)
    now.move_to("2026-12-10 15:00:00+00:00")
    assert reminders.reminders() == []
    remittances.take_back(remittance, because="Erreur", by=clerk)
    assert [reminder.kwargs["to"] for reminder in reminders.reminders()] == ["cra"]
    pay_all("cra", clerk)
    assert reminders.reminders() == []
    now.shift(timedelta(hours=1))
    stub = run.stubs.get(kind="stub")
    runs.issue(runs.void_stub(stub, by=clerk, because="Erreur"), by=coop.issuer, documents=False)
    assert [reminder.kwargs["to"] for reminder in reminders.reminders()] == ["cra", "rq"]


def test_size_of_the_remittances_suggests_another_frequency(coop, clerk):
    days = [(date(2026, month, 15), Decimal(30_000)) for month in (1, 2, 3)]
    book = Book(
        2026, PAID_ON, remittance_rules.Rules.read(), (), {Government.CRA: days, Government.QUEBEC: []}
    )
    (sentence,) = suggestions(book)
    assert "30" in sentence
    remit(clerk, "cra", "twice_monthly")
    book = Book(
        2026, PAID_ON, remittance_rules.Rules.read(), (), {Government.CRA: days, Government.QUEBEC: days[:2]}
    )
    assert suggestions(book) == []


def test_register_file_says_owed_paid_and_left_and_foots(run, clerk):
    pay_all("cra", clerk, reference="A1")
    title, head, *rows = remittance_register.table(Book.read(2026))
    assert {len(row) for row in (head, *rows)} == {len(head)}
    assert [row[-1] for row in rows[:3]] == [on_stubs(*FEDERAL), on_stubs(*FEDERAL), 0]
    owed, given, left = (row[-1] for row in rows[-3:])
    assert owed == given + left
    assert "2026" in title[0]
