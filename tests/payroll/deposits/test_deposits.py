"""A pay reaches people: who is deposited, who gets a cheque, the file for the bank and its copies."""

import csv
import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import translation

from koumbit.rows import write
from members.models import JournalEntry, Power
from members.powers import NotAllowed
from payroll import bank_accounts, deposits, register, runs
from payroll.models import Deposit, DepositFile, FileReading, Originator, PayRun
from tests import make
from tests.payroll import paid
from tests.payroll.deposits import reader

pytestmark = pytest.mark.django_db

LETTER = {
    "originator_id": "8150012345",
    "short_name": "ESSAI",
    "long_name": "COOPERATIVE D'ESSAI",
    "data_centre": "81510",
    "trace": "zeros",
    "clearer_centre": "",
    "institution": "815",
    "transit": "30123",
    "number": "1111111",
    "last_number": 0,
}
ANA = {"institution": "815", "transit": "30456", "number": "0123456"}
BO = {"institution": "003", "transit": "00011", "number": "7654321"}
LONG_AGO = datetime(2026, 1, 5, 12, tzinfo=UTC)
ANOTHER = "SELECT f.id, s.id, 99, 1 FROM payroll_depositfile f, payroll_paystub s WHERE s.kind = 'statement'"
BECAUSE = "Ana me l’a dit de vive voix."


@pytest.fixture(autouse=True)
def clock():
    moment = time_machine.travel("2026-11-19 15:00:00+00:00", tick=False)
    with moment as traveller, translation.override("en-ca"):
        yield traveller


@pytest.fixture
def coop():
    people = paid.coop()
    deposits.set_originator(by=people.issuer, **LETTER)
    return people


@pytest.fixture
def run(coop):
    return coop.pay(has_documents=False)


@pytest.fixture
def sign_in(client):
    def do(person, *, just_now=True):
        client.force_login(person)
        if just_now:
            client.post("/account/reauthenticate/?next=/", {"password": "essai-essai-essai"})
        return client

    return do


def give(person, numbers, *, given_at=LONG_AGO):
    account = bank_accounts.give(person, by=person, starts_on=date(2026, 11, 19), **numbers)
    account.given_at = given_at
    account.save(update_fields=["given_at"])
    return account


def net(run, person) -> Decimal:
    return next(draft.net for draft, _stub in register.issued(run.stubs.all()) if draft.person == person)


def content(file: DepositFile) -> str:
    return deposits.content_of(file).decode("ascii")


def words(answer) -> str:
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("&#x27;", "'").split())


# Who goes which way -------------------------------------------------------------------------------


def test_deposits_cheques_and_nothing_are_the_net_of_the_run(coop, run):
    split = deposits.split(run)
    assert (split.deposits.stubs, split.cheques.stubs, split.nothing.stubs) == (0, 2, 0)
    give(coop.ana, ANA)
    split = deposits.split(run)
    assert split.deposits == deposits.Part(1, net(run, coop.ana))
    assert split.cheques == deposits.Part(1, net(run, coop.bo))
    assert split.net == register.totals_of(run).net


def test_voided_stub_is_not_paid(coop, run):
    give(coop.ana, ANA)
    give(coop.bo, BO)
    coop.void(run.stubs.get(person=coop.ana))
    split = deposits.split(run)
    assert split.nothing == deposits.Part(1, net(run, coop.ana))
    assert split.deposits == deposits.Part(1, net(run, coop.bo))
    assert split.net == register.totals_of(run).net
    file, _is_copy = deposits.make_file(run, by=coop.issuer)
    assert [paid.payee for paid in reader.read(content(file)).payments] == [
        "BO " + coop.bo.family_name.upper()
    ]


def test_voiding_run_pays_nothing(coop, run):
    give(coop.ana, ANA)
    voiding = coop.void(run.stubs.get(person=coop.ana)).run
    split = deposits.split(voiding)
    assert split.nothing == deposits.Part(1, -net(run, coop.ana))
    assert split.net == register.totals_of(voiding).net
    with pytest.raises(deposits.NobodyToDeposit):
        deposits.make_file(voiding, by=coop.issuer)


def correct(coop, run, hours) -> PayRun:
    make.approved(coop.ana, starts_on=paid.PERIOD, hours=hours)
    stub = run.stubs.get(person=coop.ana)
    return runs.issue(
        runs.correct_stub(stub, by=coop.preparer, because="Oubli"), by=coop.issuer, documents=False
    )


@pytest.mark.parametrize("is_deposited_first", [True, False])
def test_correction_pays_the_difference_whatever_comes_first(coop, run, is_deposited_first):
    give(coop.ana, ANA)
    give(coop.bo, BO)
    if is_deposited_first:
        first, _is_copy = deposits.make_file(run, by=coop.issuer)
    correction = correct(coop, run, {"sat": 2})
    if not is_deposited_first:
        first, _is_copy = deposits.make_file(run, by=coop.issuer)
    second, _is_copy = deposits.make_file(correction, by=coop.issuer)
    replacing = correction.stubs.with_totals().get(mirrors=None)
    received = Deposit.objects.filter(stub__person=coop.ana).aggregate(total=Sum("amount"))["total"]
    assert first.total == register.totals_of(run).net
    assert second.total == register.totals_of(correction).net
    assert received == replacing.net
    assert deposits.split(correction).net == register.totals_of(correction).net


def test_correction_to_a_lower_amount_pays_nothing_and_is_warned_about(coop, run):
    give(coop.ana, ANA)
    entry = coop.ana.sheets.get().entries.first()
    make.corrected(entry, -120)
    stub = run.stubs.get(person=coop.ana)
    lower = runs.issue(
        runs.correct_stub(stub, by=coop.preparer, because="Erreur"), by=coop.issuer, documents=False
    )
    split = deposits.split(lower)
    assert (split.deposits.stubs, split.cheques.stubs, split.nothing.stubs) == (0, 0, 2)
    assert split.net == register.totals_of(lower).net < 0
    (finding,) = deposits.findings(run)
    assert "corrected to a lower amount" in str(finding)


def test_account_of_the_day_the_money_is_there_is_used(coop, run, clock):
    """The pay date; once it is past, the next day of the banks. An account that starts later changes nothing yet."""
    assert deposits.paid_on(run) == date(2026, 11, 20)
    bank_accounts.give(coop.ana, by=coop.ana, starts_on=date(2026, 11, 21), **ANA)
    assert deposits.split(run).deposits.stubs == 0
    clock.move_to("2026-11-21 15:00:00+00:00")  # a Saturday
    assert deposits.paid_on(run) == date(2026, 11, 23)
    assert deposits.split(run).deposits.stubs == 1


def test_split_asks_two_queries_for_one_and_three_people(coop, run, django_assert_num_queries):
    with django_assert_num_queries(2):
        deposits.split(run)


# The file -----------------------------------------------------------------------------------------


def test_file_pays_each_net_to_each_account(coop, run):
    give(coop.ana, ANA)
    give(coop.bo, BO)
    file, is_copy = deposits.make_file(run, by=coop.issuer)
    found = reader.read(content(file))
    assert not is_copy
    assert (found.originator_id, found.number, found.made_on) == ("8150012345", 1, date(2026, 11, 19))
    assert {
        (paid.institution, paid.transit, paid.account, paid.amount, paid.reference) for paid in found.payments
    } == {
        (*numbers.values(), net(run, person), run.stubs.get(person=person).facts["number"])
        for person, numbers in ((coop.ana, ANA), (coop.bo, BO))
    }
    assert {paid.available_on for paid in found.payments} == {run.pay_on}
    assert found.total == file.total == deposits.split(run).deposits.amount == register.totals_of(run).net
    assert [each.amount for each in file.deposits.all()] == [paid.amount for paid in found.payments]


def test_second_export_is_the_same_file_and_says_it_is_a_copy(coop, run):
    give(coop.ana, ANA)
    first, _is_copy = deposits.make_file(run, by=coop.issuer)
    give(coop.bo, BO)
    changed = bank_accounts.give(
        coop.ana, by=coop.ana, starts_on=date(2026, 11, 19), **ANA | {"number": "9999999"}
    )
    second, is_copy = deposits.make_file(run, by=coop.issuer)
    assert is_copy
    assert second == first
    assert content(second) == content(first)
    assert changed.number not in content(second)
    assert hashlib.sha256(content(second).encode()).hexdigest() == first.sha256
    assert deposits.split(run).deposits.stubs == 1, "Bo is on the list of cheques, and stays there"
    events = JournalEntry.objects.filter(event__startswith="deposits.").order_by("seq")
    assert [entry.event for entry in events] == ["deposits.made", "deposits.copied"]
    assert {entry.body["number"] for entry in events} == {1}


def test_whose_account_is_taken_sees_it_each_time(coop, run):
    give(coop.ana, ANA)
    deposits.make_file(run, by=coop.issuer)
    deposits.make_file(run, by=coop.issuer)
    readings = FileReading.objects.values_list("person", "reader", "what")
    assert list(readings) == [(coop.ana.pk, coop.issuer.pk, "bank_account")] * 2


def test_nothing_readable_is_left_in_the_database_or_the_journal(coop, run):
    give(coop.ana, ANA)
    file, _is_copy = deposits.make_file(run, by=coop.issuer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM payroll_depositfile")
        assert ANA["number"] not in cursor.fetchone()[0]
        cursor.execute("SELECT transit, number FROM payroll_originator")
        assert cursor.fetchone()[1] != LETTER["number"]
    said = " ".join(str(entry.body) for entry in JournalEntry.objects.all())
    for secret in (ANA["number"], ANA["transit"], LETTER["number"], file.sha256, str(file.total)):
        assert secret not in said


def test_new_account_is_warned_about_for_two_days(coop, run, clock):
    give(coop.ana, ANA, given_at=datetime(2026, 11, 17, 16, tzinfo=UTC))
    (finding,) = deposits.findings(run)
    assert str(coop.ana) in str(finding)
    with pytest.raises(deposits.WarningsUnanswered):
        deposits.make_file(run, by=coop.issuer, because="  ")
    assert not DepositFile.objects.exists()
    clock.shift(timedelta(hours=1, seconds=1))
    assert deposits.findings(run) == []


def test_warning_is_answered_with_a_reason_that_is_kept(coop, run):
    give(coop.ana, ANA, given_at=datetime(2026, 11, 19, 14, tzinfo=UTC))
    file, _is_copy = deposits.make_file(run, by=coop.issuer, because=BECAUSE)
    assert file.because == BECAUSE
    assert file.warnings == deposits.findings(run)
    with translation.override("en-ca"):
        in_english = str(file.warnings[0])
    with translation.override("fr-ca"):
        assert "moins de deux jours" in str(file.warnings[0])
    assert "less than two days ago" in in_english
    # Kept as text alone, before it was kept as data.
    assert DepositFile(findings=["Le compte d’Ana est nouveau."]).warnings == ["Le compte d’Ana est nouveau."]


def test_voiding_that_waits_is_warned_about(coop, run):
    give(coop.ana, ANA)
    runs.void_stub(run.stubs.get(person=coop.ana), by=coop.preparer, because="Erreur")
    (finding,) = deposits.findings(run)
    assert "voiding" in str(finding).lower() or "annulation" in str(finding).lower()


def test_voiding_that_waits_is_told_beside_the_cheques_too(coop, run, sign_in):
    give(coop.bo, BO)
    deposits.make_file(run, by=coop.issuer)
    runs.void_stub(run.stubs.get(person=coop.ana), by=coop.preparer, because="Erreur")
    client = sign_in(coop.preparer, just_now=False)
    for page in ("run_money", "run_cheques"):
        assert f"voiding of the stub of {coop.ana} waits" in words(client.get(url(page, run)))


@pytest.mark.parametrize("is_deposited", [True, False])
def test_money_of_a_voided_stub_is_asked_back_and_told_when_it_is_paid_again(
    coop, run, sign_in, clock, is_deposited
):
    if is_deposited:
        give(coop.ana, ANA)
        deposits.make_file(run, by=coop.issuer)
    stub = run.stubs.get(person=coop.ana)
    sentence = "ask it to recall that deposit" if is_deposited else "it must not be cashed"
    client = sign_in(coop.preparer, just_now=False)
    client.post(reverse("payroll:stub_open", args=[stub.pk]))
    assert sentence in words(client.get(reverse("payroll:stub_void", args=[stub.pk])))
    voiding = runs.void_stub(stub, by=coop.preparer, because="Erreur")
    assert sentence in words(client.get(url("run", voiding)))
    runs.issue(voiding, by=coop.issuer, documents=False)
    assert sentence in words(client.get(url("run", voiding)))
    assert "voided since" in words(client.get(url("run", run)))
    file = io.StringIO(client.get(url("run_register", run)).content.decode("utf-8-sig"))
    assert {row[1]: row[2] for row in list(csv.reader(file))[2:-1]} == {
        str(coop.ana): "pay stub, voided since",
        str(coop.bo): "payment statement",
    }
    clock.move_to("2026-12-01 15:00:00+00:00")
    client.logout()  # the session of twelve days ago is over
    client = sign_in(coop.preparer, just_now=False)
    page = words(client.get(f"/pay/runs/next/{paid.next_period()}/"))
    assert sentence in page
    assert "This pay pays the hours of that stub again." in page


def test_numbers_follow_each_other_and_are_never_used_twice(coop, run):
    give(coop.ana, ANA)
    deposits.set_originator(by=coop.issuer, **LETTER | {"last_number": 41})
    make.approved(coop.ana, starts_on=paid.next_period(), hours=paid.WEEK)
    later = coop.pay(paid.next_period(), has_documents=False)
    made = [deposits.make_file(each, by=coop.issuer)[0] for each in (run, later)]
    assert [(file.cycle, file.number) for file in made] == [(1, 42), (1, 43)]
    again = DepositFile(
        **{
            field.attname: getattr(made[0], field.attname)
            for field in DepositFile._meta.fields
            if field.name != "id"
        }
    )
    again.run, again.replaces = later, made[1]
    again.because, again.content = "essai", "essai"
    with pytest.raises(ValidationError, match=r"has this number|porte déjà ce numéro"):
        write(again)


def test_number_after_9999_starts_another_cycle(coop, run):
    give(coop.ana, ANA)
    deposits.set_originator(by=coop.issuer, **LETTER | {"last_number": 9999})
    file, _is_copy = deposits.make_file(run, by=coop.issuer)
    assert (file.cycle, file.number) == (2, 1)
    assert deposits.next_number(Originator.objects.get()) == (2, 2)


def test_other_originator_counts_for_itself(coop, run):
    give(coop.ana, ANA)
    deposits.make_file(run, by=coop.issuer)
    deposits.set_originator(by=coop.issuer, **LETTER | {"originator_id": "0030012345"})
    assert deposits.next_number(Originator.objects.get()) == (1, 1)


def test_file_the_bank_refused_is_followed_by_another(coop, run):
    give(coop.ana, ANA)
    with pytest.raises(deposits.NothingToReplace):
        deposits.replace_file(run, by=coop.issuer, because="essai")
    refused, _is_copy = deposits.make_file(run, by=coop.issuer)
    give(coop.bo, BO)  # has a cheque already
    with pytest.raises(deposits.ReasonMissing):
        deposits.replace_file(run, by=coop.issuer, because=" ")
    deposits.set_originator(by=coop.issuer, **LETTER | {"data_centre": "81530"})
    again = deposits.replace_file(run, by=coop.issuer, because="Centre de traitement erroné")
    assert (again.number, again.replaces, again.payments) == (2, refused, 1)
    assert reader.read(content(again)).data_centre == "81530"
    assert deposits.make_file(run, by=coop.issuer) == (again, True)
    assert deposits.split(run).net == register.totals_of(run).net


def test_file_needs_the_letter_the_issue_and_the_power(coop, run):
    give(coop.ana, ANA)
    make.approved(coop.ana, starts_on=paid.next_period(), hours=paid.WEEK)
    prepared = runs.prepare(paid.periods.starting(paid.next_period()), by=coop.preparer, because=BECAUSE)
    with pytest.raises((deposits.NotIssued, deposits.NobodyToDeposit)):
        deposits.make_file(prepared, by=coop.issuer)
    for someone in (coop.ana, coop.preparer):
        with pytest.raises(NotAllowed):
            deposits.make_file(run, by=someone)
        with pytest.raises(NotAllowed):
            deposits.replace_file(run, by=someone, because="essai")
        with pytest.raises(NotAllowed):
            deposits.set_originator(by=someone, **LETTER)
    Originator.objects.all().delete()
    with pytest.raises(deposits.NoOriginator):
        deposits.make_file(run, by=coop.issuer)
    assert not DepositFile.objects.exists()


def test_letter_is_checked_against_the_standard(coop):
    with pytest.raises(deposits.NotInTheStandard) as refusal:
        deposits.set_originator(by=coop.issuer, **LETTER | {"data_centre": "8151"})
    assert refusal.value.field == "data_centre"
    with pytest.raises(ValidationError, match="five"):
        deposits.set_originator(by=coop.issuer, **LETTER | {"trace": "standard"})


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE payroll_depositfile SET total = total + 1",
        "DELETE FROM payroll_deposit",
        "UPDATE payroll_deposit SET amount = 1",
        f"INSERT INTO payroll_deposit (file_id, stub_id, place, amount) {ANOTHER}",
    ],
)
def test_file_stays_as_it_was_made(coop, run, act):
    give(coop.ana, ANA)
    deposits.make_file(run, by=coop.issuer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


# Screens ------------------------------------------------------------------------------------------


def url(name, run) -> str:
    return reverse(f"payroll:{name}", args=[run.pk])


def test_file_is_taken_from_the_pages(coop, run, sign_in):
    give(coop.ana, ANA)
    client = sign_in(coop.issuer, just_now=False)
    for answer in (client.get(url("run_deposit", run)), client.post(url("run_deposit", run))):
        assert answer.url.startswith(reverse("account_reauthenticate"))
    assert not DepositFile.objects.exists()
    client = sign_in(coop.issuer)
    assert "Deposit file" in words(client.get(url("run_money", run)))
    assert "Make the file" in words(client.get(url("run_deposit", run)))
    answer = client.post(url("run_deposit", run))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="deposits-2026-11-20-0001.txt"'
    assert reader.read(answer.content.decode()).total == net(run, coop.ana)
    assert "no-store" in answer.headers["Cache-Control"]

    assert "This is a copy" in words(client.get(url("run_deposit", run)))
    copy = client.post(url("run_deposit", run))
    assert "0001-copy.txt" in copy.headers["Content-Disposition"]
    assert copy.content == answer.content
    assert "Deposit file 0001 was made by" in words(client.get(url("run_money", run)))


def test_warned_file_asks_for_a_reason_on_the_page(coop, run, sign_in):
    give(coop.ana, ANA, given_at=datetime(2026, 11, 19, 14, tzinfo=UTC))
    client = sign_in(coop.issuer)
    assert "less than two days ago" in words(client.get(url("run_money", run)))
    refused = client.post(url("run_deposit", run), {"because": ""})
    assert "Say why the file is made in spite of the warnings" in words(refused)
    assert not DepositFile.objects.exists()
    answer = client.post(url("run_deposit", run), {"because": BECAUSE})
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert BECAUSE in words(client.get(url("run_money", run)))


def test_refused_file_is_replaced_from_the_page(coop, run, sign_in):
    give(coop.ana, ANA)
    client = sign_in(coop.issuer)
    assert client.get(url("run_deposit_replace", run)).url == url("run_money", run)
    client.post(url("run_deposit", run))
    client.post(url("run_deposit_replace", run), {"because": "Refusé : centre erroné"})
    page = words(client.get(url("run_money", run)))
    assert "File 0001 was refused by the bank and is replaced: do not send it." in page
    assert "Deposit file 0002 was made by" in page


def test_letter_is_copied_from_the_page(coop, sign_in):
    address = reverse("payroll:originator")
    assert sign_in(coop.issuer, just_now=False).get(address).url.startswith(reverse("account_reauthenticate"))
    client = sign_in(coop.issuer)
    refused = client.post(address, LETTER | {"data_centre": "815", "trace": "standard"})
    assert "It has five digits." in words(refused)
    client.post(address, LETTER | {"short_name": "Réseau Koumbit", "clearer_centre": "", "last_number": "7"})
    kept = Originator.objects.get()
    assert (kept.short_name, kept.last_number) == ("RESEAU KOUMBIT", 7)
    assert sign_in(coop.preparer).get(address).status_code == 403


def test_pages_are_closed_to_members_and_to_a_mandate_that_ended(coop, run, sign_in):
    give(coop.ana, ANA)
    former = make.person("Denis")
    make.mandate(former, [Power.ISSUE_PAY, Power.PREPARE_PAY], ends_on=date(2026, 11, 18))
    names = (
        "run_money",
        "run_amounts",
        "run_cheques",
        "run_cheques_csv",
        "run_deposit",
        "run_deposit_replace",
    )
    for someone in (coop.ana, former):
        client = sign_in(someone)
        assert {client.get(url(name, run)).status_code for name in names} == {403}
        assert client.post(url("run_deposit", run)).status_code == 403
    assert sign_in(coop.preparer).post(url("run_deposit", run)).status_code == 403
    assert not DepositFile.objects.exists()


def test_amounts_for_entering_by_hand_have_a_total_and_no_account(coop, run, sign_in):
    give(coop.ana, ANA)
    answer = sign_in(coop.preparer, just_now=False).get(url("run_amounts", run))
    text = answer.content.decode("utf-8-sig")
    title, head, *rows, foot = csv.reader(io.StringIO(text))
    assert title[0] == f"Payments of pay run {run.pk}"
    assert title[-1] == "2026-11-19T10:00:00-05:00"
    assert head == ["Number", "Person", "Way", "Account entered on", "Amount"]
    assert [(row[1], row[2], row[3]) for row in rows] == [
        (str(coop.ana), "deposit", "2026-01-05"),
        (str(coop.bo), "cheque", ""),
    ]
    assert Decimal(foot[-1]) == register.totals_of(run).net
    # Keys stand in the numbers and in the names made up here: any digits may be in these.
    told = " ".join([*title[1:], *foot, *(cell for row in rows for cell in row[2:])])
    assert not any(digits in told for digits in (*ANA.values(), "456"))


def test_cheques_are_listed_with_their_amount_in_words(coop, run, sign_in):
    give(coop.ana, ANA)
    client = sign_in(coop.preparer, just_now=False)
    page = words(client.get(url("run_cheques", run)))
    assert str(coop.bo) in page
    assert str(coop.ana) not in page
    assert "dollars and" in page
    *_head, foot = csv.reader(
        io.StringIO(client.get(url("run_cheques_csv", run)).content.decode("utf-8-sig"))
    )
    assert Decimal(foot[-1]) == net(run, coop.bo)


@pytest.mark.parametrize("people", [1, 3])
def test_page_asks_the_same_number_of_queries_whoever_is_paid(people, sign_in, django_assert_num_queries):
    coop = paid.coop()
    for number in range(people):
        someone = make.person(f"Léa{number}")
        make.approved(someone, starts_on=paid.PERIOD, hours=paid.WEEK)
        give(someone, ANA)
    run = coop.pay(has_documents=False)
    client = sign_in(coop.preparer)
    client.get(url("run_money", run))  # the reading is written down, once
    with django_assert_num_queries(12):
        client.get(url("run_money", run))
    with django_assert_num_queries(12):
        client.get(url("run_amounts", run))
