"""The books of real pays: balanced, the same sums as the register, a voiding turned round, files and who may."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from members.models import JournalEntry, Power, WorkStatus
from members.powers import NotAllowed
from payroll import (
    bank_accounts,
    books,
    deposits,
    employer,
    employer_year,
    ledger,
    register,
    remittance_parts,
    remittances,
    standings,
)
from payroll.deductions.money import cents
from payroll.models import MappedAccount, PayRun, Remittance, StubLine
from payroll.pays import Side
from tests import make
from tests.payroll import a_year, paid

pytestmark = pytest.mark.django_db

YEAR = date(2026, 1, 1), date(2026, 12, 31)
FILES = ("sage", "gnucash", "odoo", "hledger", "beancount", "csv", "xlsx")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False), translation.override("en-ca"):
        yield


@pytest.fixture
def coop():
    return paid.coop()


@pytest.fixture
def run(coop):
    return coop.pay(has_documents=False)


def confirm(coop) -> None:
    proposed = {place.key: (place.number, place.name) for place in books.places()}
    books.map_accounts(proposed, by=coop.preparer)


def moved(entry: ledger.Entry) -> dict[str, Decimal]:
    return {posting.account.number: posting.amount for posting in entry.postings}


def words(answer) -> str:
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("&#x27;", "'").split())


def test_entry_of_a_pay_has_the_sums_of_its_register(coop, run):
    entry, _nets = books.entries(*YEAR, accounts=books.Chart())
    totals = register.totals_of(run)
    amounts = moved(entry)
    assert entry.day == run.pay_on
    assert amounts["2300"] == -totals.net
    assert amounts["5410"] + amounts["5450"] == totals.gross
    assert amounts["5420"] == totals.by_side[Side.EMPLOYER]
    assert amounts["1410"] + amounts["1420"] == totals.by_side[Side.SALES_TAX]
    owed = totals.by_side[Side.DEDUCTION] + totals.by_side[Side.EMPLOYER]
    assert amounts["2310"] + amounts["2320"] == -owed
    assert entry.total == totals.cost


def test_voiding_is_the_entry_of_the_stub_turned_round(coop, run):
    stub = run.stubs.get(person=coop.ana)
    coop.void(stub)
    whole, voiding, *_nets = books.entries(*YEAR, accounts=books.Chart())
    alone = books.entries_of(PayRun.objects.filter(pk=run.pk), accounts=books.Chart())[0]
    assert moved(whole) == moved(alone)
    assert moved(voiding)["5410"] == -moved(whole)["5410"]
    assert moved(voiding)["2300"] == next(
        draft.net for draft, each in register.issued(run.stubs.all()) if each == stub
    )
    trial = {line.account.number: line.debit - line.credit for line in ledger.trial_balance([whole, voiding])}
    assert trial["5410"] == 0


def test_remittance_empties_what_was_owed(coop, run):
    chart = books.Chart()
    pay, _nets = books.entries(*YEAR, accounts=chart)
    by_code = register.totals_of(run).by_code
    parts = {place: amount for place, amount in by_code.items() if place[0] != Side.SALES_TAX}
    total = sum(parts.values())
    paid_out = books.remittance_entry(
        "VERS-1", date(2026, 12, 15), "Revenu Québec", parts, total, days=YEAR, accounts=chart
    )
    trial = {line.account.number: line.debit - line.credit for line in ledger.trial_balance([pay, paid_out])}
    assert (trial["2310"], trial["2320"]) == (0, 0)
    assert trial["1060"] == -total


# Nets, and vacation -------------------------------------------------------------------------------


def entry(number: str) -> ledger.Entry | None:
    found = {entry.number: entry for entry in books.entries(*YEAR, accounts=books.Chart())}
    return found.get(number)


def test_nets_leave_the_bank_on_the_day_they_are_paid(coop, run):
    nets = register.totals_of(run).net
    paid_out = entry(f"NET-{run.pk}")
    assert moved(paid_out) == {"2300": nets, "1060": -nets}
    # Issued after its pay date: nothing leaves the bank before.
    assert run.pay_on < paid_out.day == date(2026, 11, 23)
    before = books.entries(run.pay_on, run.pay_on, accounts=books.Chart())
    assert [of.number for of in before] == [f"PAY-{run.pk}"]


def test_voided_cheque_is_not_paid_after_all(coop, run):
    net = run.stubs.with_totals().get(person=coop.ana).net
    voiding = coop.void(run.stubs.get(person=coop.ana)).run
    assert moved(entry(f"NET-{voiding.pk}")) == {"1060": net, "2300": -net}


def test_voided_deposit_stays_paid_and_is_owed_by_its_person(coop, run):
    """Unless the bank refuses the whole file: then it comes back that day, and nothing said before changes."""
    stub = run.stubs.with_totals().get(person=coop.ana)
    deposits.set_originator(by=coop.issuer, **a_year.LETTER)
    for person in (coop.ana, coop.bo):
        bank_accounts.give(
            person,
            by=person,
            starts_on=date(2026, 11, 23),
            institution="815",
            transit="30456",
            number="1234567",
        )
    deposits.make_file(run, by=coop.issuer, because="Demandé de vive voix.")
    with time_machine.travel("2026-11-24 15:00:00+00:00", tick=False):
        voiding = coop.void(stub).run
        assert entry(f"NET-{voiding.pk}") is None
        owed = ledger.trial_balance(books.entries(*YEAR, accounts=books.Chart()))
        assert on_account(owed, "2300") == stub.net
    before = books.entries(*YEAR, accounts=books.Chart())
    with time_machine.travel("2026-11-26 15:00:00+00:00", tick=False):
        deposits.replace_file(run, by=coop.issuer, because="Fichier refusé par la banque")
    back = entry(f"NET-{voiding.pk}")
    assert (back.day, moved(back)) == (date(2026, 11, 26), {"1060": stub.net, "2300": -stub.net})
    assert [of for of in books.entries(*YEAR, accounts=books.Chart()) if of != back] == before
    assert books.entries(back.day, back.day, accounts=books.Chart()) == [back]


def test_accounts_that_pay_people_and_governments_are_the_same_until_told_apart(coop, run):
    books.map_accounts({"bank": ("1010", "Caisse")}, by=coop.preparer)
    assert books.chart().account("bank.people").number == "1010"
    books.map_accounts({"bank.people": ("1015", "Compte de paie")}, by=coop.preparer)
    assert {"1015", "2300"} == set(moved(entry(f"NET-{run.pk}")))


def test_vacation_is_an_expense_as_it_is_earned_and_taken_back_as_it_is_paid(coop):
    make.Cooperative.objects.update(leave_paid_from=date(2026, 11, 1))
    run = coop.pay(has_documents=False)
    gross = run.stubs.with_totals().get(person=coop.ana).gross
    earned = cents(gross * Decimal("0.06"))
    assert moved(entry(f"VAC-{run.pk}")) == {"5415": earned, "2340": -earned}
    voiding = coop.void(run.stubs.get(person=coop.ana)).run
    assert moved(entry(f"VAC-{voiding.pk}")) == {"2340": earned, "5415": -earned}


def test_part_of_wages_that_falls_at_departure_is_taken_back_by_the_next_pay(coop):
    """Three years of service by the end of April were to come: 6 %. Who leaves before has 4 %, from the start."""
    make.Cooperative.objects.update(leave_paid_from=date(2026, 11, 1))
    status = WorkStatus.objects.filter(person=coop.ana)
    status.update(starts_on=date(2024, 3, 1))
    first = coop.pay(has_documents=False)
    earned = entry(f"VAC-{first.pk}").total
    assert earned == cents(first.stubs.with_totals().get(person=coop.ana).gross * Decimal("0.06"))
    status.update(ends_on=date(2026, 11, 20))
    make.approved(coop.ana, starts_on=paid.next_period(), hours={"mon": 8})
    with time_machine.travel("2026-12-01 15:00:00+00:00", tick=False):
        last = coop.pay(paid.next_period(), has_documents=False)
        assert moved(entry(f"VAC-{first.pk}"))["2340"] == -earned
        found = ledger.trial_balance(books.entries(*YEAR, accounts=books.Chart()))
        assert on_account(found, "2340") == 0
    # Read alone, the last pay says the same.
    (alone,) = [
        of for of in books.entries(last.pay_on, last.pay_on, accounts=books.Chart()) if "VAC" in of.number
    ]
    assert moved(alone)["2340"] == earned


def remitted(coop, run, government: str) -> Remittance:
    standing = standings.standing_of(government, date(2026, 11, 1))
    return remittances.record(standing, parts=standing.left, paid_on=date(2026, 11, 23), by=coop.issuer)


def test_recorded_remittances_are_in_the_books_and_empty_what_is_owed(coop, run):
    payments = [remitted(coop, run, government) for government in ("cra", "rq")]
    found = books.entries(*YEAR, accounts=books.Chart())
    assert [entry.number for entry in found] == [
        f"PAY-{run.pk}",
        f"NET-{run.pk}",
        *(f"REM-{payment.pk}" for payment in payments),
    ]
    trial = {line.account.number: line.debit - line.credit for line in ledger.trial_balance(found)}
    assert trial["2310"] == 0
    assert trial["1060"] == -register.totals_of(run).net - sum(payment.amount for payment in payments)
    assert trial["2300"] == 0
    back = remittances.take_back(payments[0], because="Erreur", by=coop.issuer)
    entries = {entry.number: moved(entry) for entry in books.entries(*YEAR, accounts=books.Chart())}
    first = entries[f"REM-{payments[0].pk}"]
    assert entries[f"REM-{back.pk}"] == {number: -amount for number, amount in first.items()}


def test_adjustment_of_the_year_is_an_expense_as_it_is_paid(coop):
    place = (Side.EMPLOYER, "training")
    entry = books.remittance_entry(
        "VERS-2",
        date(2027, 2, 26),
        "Revenu Québec",
        {place: Decimal("40.00")},
        Decimal("40.00"),
        days=YEAR,
        accounts=books.Chart(),
        unaccrued={place: Decimal("40.00")},
    )
    assert moved(entry) == {"5420": Decimal("40.00"), "1060": Decimal("-40.00")}


def test_cents_between_the_stubs_and_the_year_are_an_expense_once_the_year_is_paid(coop):
    """Labour standards are reckoned once on the whole year; each stub rounds its own."""
    for name in ("Léa", "Max", "Noé"):
        make.approved(make.person(name), starts_on=paid.PERIOD, hours={"mon": 7, "tue": 8})
    coop.pay(has_documents=False)
    with time_machine.travel("2027-02-15 15:00:00+00:00", tick=False):
        figures = employer_year.figures(2026)
        assert figures.standards_difference == Decimal("0.02")
        standing = standings.year_standing(figures, date(2027, 2, 15))
        for is_last in (False, True):
            payment = remittances.record(
                standing, parts=standing.left, paid_on=date(2027, 2, 15), by=coop.issuer
            )
            found = ledger.trial_balance(books.entries(YEAR[0], date(2027, 2, 28), accounts=books.Chart()))
            others = sum(
                line.amount
                for line in StubLine.objects.filter(side__in=["deduction", "employer"])
                if (line.side, line.code) in remittance_parts.PLACES["rq"]
            )
            assert on_account(found, "2320") == -others
            if not is_last:
                remittances.take_back(payment, because="Erreur", by=coop.issuer)


@pytest.mark.parametrize("more", ["0.00", "12.34"])
def test_cnesst_paid_by_its_notice_leaves_nothing_owed(coop, more):
    """What its notice asks beyond the stubs is an expense of the day it is paid; taken back, it is owed again."""
    employer.classify(
        unit="54321",
        per_hundred_dollars=Decimal("0.95"),
        is_paid_with_quebec=False,
        starts_on=date(2026, 1, 1),
        notice="Avis de 2026",
        by=coop.preparer,
    )
    coop.pay(has_documents=False)
    accrued = StubLine.objects.get(side="employer", code="cnesst").amount
    with time_machine.travel("2027-03-10 15:00:00+00:00", tick=False):
        standing = standings.standing_of("cnesst-year", date(2026, 1, 1))
        payment = remittances.record(
            standing,
            parts={("employer", "cnesst"): standing.left_total + Decimal(more)},
            paid_on=date(2027, 3, 10),
            by=coop.issuer,
        )
        found = ledger.trial_balance(books.entries(YEAR[0], date(2027, 3, 31), accounts=books.Chart()))
        assert on_account(found, "2330") == 0
        assert on_account(found, "5430") == payment.amount
        remittances.take_back(payment, because="Erreur", by=coop.issuer)
        found = ledger.trial_balance(books.entries(YEAR[0], date(2027, 3, 31), accounts=books.Chart()))
        assert on_account(found, "2330") == -accrued


def on_account(found, number: str) -> Decimal:
    return next(line.debit - line.credit for line in found if line.account.number == number)


def test_remittance_that_does_not_foot_is_no_entry(coop):
    with pytest.raises(ledger.Unbalanced):
        books.remittance_entry(
            "VERS-3",
            date(2026, 12, 15),
            "ARC",
            {(Side.DEDUCTION, "ei"): Decimal("1.00")},
            Decimal("1.01"),
            days=YEAR,
            accounts=books.Chart(),
        )


def test_accounts_are_mapped_once_by_who_prepares_pay(coop, run):
    with pytest.raises(books.NotMapped):
        books.chart()
    for someone in (coop.ana, coop.issuer):
        with pytest.raises(NotAllowed):
            books.map_accounts({"net": ("2999", "Net")}, by=someone)
    with pytest.raises(books.TwoNames, match="2300"):
        books.map_accounts({"net": ("2300", "Net"), "bank": ("2300", "Banque")}, by=coop.preparer)
    confirm(coop)
    books.map_accounts({"net": ("1060", "Encaisse"), "bank": ("1060", "Encaisse")}, by=coop.preparer)
    entry, _nets = books.entries(*YEAR, accounts=books.chart())
    account = next(posting.account for posting in entry.postings if posting.account.number == "1060")
    assert (account.name, account.root) == ("Encaisse", "Assets")
    assert JournalEntry.objects.filter(event="books.mapped").count() == 2


# Screens ------------------------------------------------------------------------------------------


def test_books_are_read_and_accounts_confirmed_from_the_pages(client, coop, run):
    client.force_login(coop.preparer)
    page = words(client.get(reverse("payroll:books")))
    assert "The accounts below are a proposal" in page
    assert "It adds up" in page
    assert "5410 Wages" in page
    refused = client.get(reverse("payroll:book_sage"), follow=True)
    assert "Confirm first the accounts of your own chart" in words(refused)

    form = client.get(reverse("payroll:book_accounts")).context["form"]
    typed = {name: field.initial for name, field in form.fields.items()}
    wrong = client.post(reverse("payroll:book_accounts"), typed | {"net": "2300"})
    assert "Give the number of the account" in words(wrong)
    assert not MappedAccount.objects.exists()
    client.post(reverse("payroll:book_accounts"), typed | {"net": "2250 Paies à verser"})
    assert "2250 Paies à verser" in words(client.get(reverse("payroll:books")))


@pytest.mark.parametrize("kind", FILES)
def test_file_of_each_program_is_taken(client, coop, run, kind):
    confirm(coop)
    client.force_login(coop.issuer)
    answer = client.get(reverse(f"payroll:book_{kind}"), {"first": "2026-11-01", "last": "2026-11-30"})
    assert f"books-{kind}-2026-11-01-2026-11-30." in answer.headers["Content-Disposition"]
    assert len(answer.content) > 100
    if kind not in {"xlsx", "sage"}:
        assert f"PAY-{run.pk}" in answer.content.decode()
        assert "2026-11-23T10:00:00-05:00" in answer.content.decode()


def test_table_has_equal_totals(client, coop, run):
    confirm(coop)
    client.force_login(coop.issuer)
    text = client.get(reverse("payroll:book_csv")).content.decode("utf-8-sig")
    title, _head, *lines, foot = csv.reader(io.StringIO(text))
    assert title == ["Books", "2026-01-01", "2026-12-31", "2026-11-23T10:00:00-05:00"]
    assert sum(Decimal(line[-2]) for line in lines) == sum(Decimal(line[-1]) for line in lines)
    totals = register.totals_of(run)
    assert foot[-2] == foot[-1] == str(totals.cost + totals.net)


def test_account_number_that_sage_cannot_have_is_said(client, coop, run):
    confirm(coop)
    books.map_accounts({"net": ("23-A", "Net")}, by=coop.preparer)
    client.force_login(coop.issuer)
    answer = client.get(reverse("payroll:book_sage"), follow=True)
    assert "23-A is none" in words(answer)


def test_days_without_sense_show_the_year(client, coop, run):
    client.force_login(coop.preparer)
    page = words(client.get(reverse("payroll:books"), {"first": "2026-12-01", "last": "2026-11-01"}))
    assert "The last day comes before the first" in page


def test_books_are_closed_to_members_and_to_a_mandate_that_ended(client, coop, run):
    former = make.person("Denis")
    make.mandate(former, [Power.PREPARE_PAY], ends_on=date(2026, 11, 22))
    for someone in (coop.ana, former):
        client.force_login(someone)
        names = ("books", "book_accounts", *(f"book_{kind}" for kind in FILES))
        assert {client.get(reverse(f"payroll:{name}")).status_code for name in names} == {403}


@pytest.mark.parametrize("people", [1, 3])
def test_page_asks_the_same_number_of_queries_whoever_is_paid(client, people, django_assert_num_queries):
    coop = paid.coop()
    for number in range(people):
        make.approved(make.person(f"Léa{number}"), starts_on=paid.PERIOD, hours=paid.WEEK)
    coop.pay(has_documents=False)
    client.force_login(coop.preparer)
    with django_assert_num_queries(11):
        client.get(reverse("payroll:books"))
