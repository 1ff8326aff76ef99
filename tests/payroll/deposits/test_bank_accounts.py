"""Where pay goes: who may say it, what is typed, what a stolen database shows, who is told."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import translation

from members.models import JournalEntry, OutgoingMessage, Power
from payroll import bank_accounts
from payroll.models import BankAccount, FileReading
from tests import make
from tests.payroll import paid

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
NUMBERS = {"institution": "815", "transit": "30123", "number": "0123456"}


@pytest.fixture(autouse=True)
def clock():
    moment = time_machine.travel("2026-11-23 15:00:00+00:00", tick=False)
    with moment as traveller, translation.override("en-ca"):
        yield traveller


@pytest.fixture
def ana():
    make.cooperative(phone="514 555-0100", first_period_on=date(2026, 11, 2))
    return make.person("Ana", family_name="Abel", language="en-ca")


@pytest.fixture
def payer():
    return make.person("Irène", kind=None, powers=[Power.ISSUE_PAY], language="en-ca")


@pytest.fixture
def sign_in(client):
    def do(person, *, just_now=True):
        client.force_login(person)
        if just_now:
            client.post("/account/reauthenticate/?next=/", {"password": "essai-essai-essai"})
        return client

    return do


def give(person, starts_on=TODAY, **changes):
    return bank_accounts.give(person, by=person, starts_on=starts_on, **NUMBERS | changes)


def words(answer) -> str:
    return " ".join(answer.content.decode().replace("\u00a0", " ").replace("&#x27;", "'").split())


# Numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "typed", "kept"),
    [
        ("institution_digits", " 815 ", "815"),
        ("transit_digits", "30-123", "30123"),
        ("number_digits", "012 345-6", "0123456"),
        ("number_digits", "123\u00a0456\u202f789012", "123456789012"),
    ],
)
def test_numbers_are_understood_however_they_are_spaced(check, typed, kept):
    assert getattr(bank_accounts, check)(typed) == kept


@pytest.mark.parametrize(
    ("check", "typed", "sentence"),
    [
        ("institution_digits", "30123", "three digits"),
        ("institution_digits", "000", "three digits"),
        ("institution_digits", "８１５", "three digits"),
        ("transit_digits", "815", "five digits"),
        ("transit_digits", "30l23", "five digits"),
        ("number_digits", "1234", "5 to 12 digits"),
        ("number_digits", "1234567890123", "5 to 12 digits"),
        ("number_digits", "0000000", "5 to 12 digits"),
        ("number_digits", "", "5 to 12 digits"),
    ],
)
def test_numbers_no_account_has_are_refused_with_what_to_do(check, typed, sentence):
    with pytest.raises(bank_accounts.NotAnAccount, match=sentence):
        getattr(bank_accounts, check)(typed)


# Acts ---------------------------------------------------------------------------------------------


def test_account_is_unreadable_in_the_database_and_masked_on_screen(ana):
    account = give(ana)
    with connection.cursor() as cursor:
        cursor.execute("SELECT institution, transit, number FROM payroll_bankaccount")
        (row,) = cursor.fetchall()
    assert not {"815", "30123", "0123456"} & set(row)
    shown = bank_accounts.masked(BankAccount.objects.get(pk=account.pk))
    assert (shown.bank, shown.number) == ("Caisses Desjardins (Québec) (815)", "••• 456")


def test_institution_we_cannot_name_is_shown_by_its_number(ana):
    assert bank_accounts.masked(give(ana, institution="777")).bank == "777"


def test_account_is_followed_by_the_next_one(ana):
    give(ana)
    give(ana, starts_on=TODAY + timedelta(days=7), number="7654321")
    give(ana, starts_on=TODAY + timedelta(days=7), number="7777777")
    assert [(each.starts_on, each.ends_on, each.number) for each in BankAccount.objects.all()] == [
        (TODAY, TODAY + timedelta(days=6), "0123456"),
        (TODAY + timedelta(days=7), None, "7777777"),
    ]


def test_account_never_starts_in_the_past_or_before_the_last(ana):
    with pytest.raises(bank_accounts.InThePast):
        give(ana, starts_on=TODAY - timedelta(days=1))
    give(ana, starts_on=TODAY + timedelta(days=7))
    with pytest.raises(bank_accounts.StartsBeforeTheLast, match=r"30 (November|novembre) 2026"):
        give(ana)


def test_account_ends_and_the_person_is_paid_by_cheque(ana):
    give(ana)
    bank_accounts.end(ana, by=ana, starts_on=TODAY + timedelta(days=3))
    assert BankAccount.objects.get().ends_on == TODAY + timedelta(days=2)
    with pytest.raises(bank_accounts.NothingToEnd):
        bank_accounts.end(ana, by=ana, starts_on=TODAY + timedelta(days=3))


def test_account_that_starts_that_day_is_taken_back_whole(ana):
    give(ana)
    bank_accounts.end(ana, by=ana, starts_on=TODAY)
    assert not BankAccount.objects.exists()


def test_nobody_says_where_another_is_paid(ana):
    everything = make.person("Chloé", powers=list(Power))
    for act in (bank_accounts.give, bank_accounts.end):
        given = NUMBERS if act is bank_accounts.give else {}
        with pytest.raises(bank_accounts.OnlyTheirOwn):
            act(ana, by=everything, starts_on=TODAY, **given)


def test_name_that_banks_cannot_write_is_told_so(ana):
    someone = make.person("小明", family_name="王", email="xm@example.org", language="en-ca")
    with pytest.raises(bank_accounts.NameUnknownToBanks, match="Latin letters"):
        give(someone)


# Who is told --------------------------------------------------------------------------------------


def test_person_is_written_to_in_their_language_without_the_numbers(ana, payer):
    give(ana)
    bank_accounts.end(ana, by=ana, starts_on=TODAY + timedelta(days=1))
    first, second = OutgoingMessage.objects.order_by("pk")
    assert first.address == ana.email
    assert "If it was not you" in first.text
    assert payer.email in first.text
    assert "514 555-0100" in first.text
    assert "/pay/file/account/" in first.text
    assert "paid by cheque" in second.text
    ben = make.person("Ben", language="fr-ca")
    give(ben)
    message = OutgoingMessage.objects.get(to=ben)
    assert "Si ce n’est pas vous" in message.text
    told = " ".join(f"{each.subject} {each.text}" for each in OutgoingMessage.objects.all())
    assert not any(digits in told for digits in ("30123", "0123456", "456", "815"))


def test_journal_says_it_without_the_numbers(ana):
    account = give(ana)
    entry = JournalEntry.objects.get(event="account.given")
    assert entry.body == {"person": ana.pk, "account": account.pk, "starts_on": "2026-11-23"}


def test_home_and_pay_page_say_it_for_two_days(ana, payer, sign_in, clock):
    coop = paid.Coop(ana, None, make.person("Paule", powers=[Power.PREPARE_PAY]), payer)
    make.rate()
    make.approved(ana, starts_on=date(2026, 11, 2), hours=paid.WEEK)
    coop.pay(date(2026, 11, 2), has_documents=False)
    give(ana)
    client = sign_in(ana)
    for page in (reverse("home"), reverse("payroll:archive")):
        assert "A bank account was entered for your pay on" in words(client.get(page))
    clock.shift(timedelta(days=2, seconds=1))
    client = sign_in(ana)
    for page in (reverse("home"), reverse("payroll:archive")):
        assert "A bank account was entered" not in words(client.get(page))


# Screens ------------------------------------------------------------------------------------------

ACCOUNT = "/pay/file/account/"


def test_own_account_is_entered_after_proving_who_one_is(ana, sign_in):
    client = sign_in(ana, just_now=False)
    for answer in (client.get(ACCOUNT), client.post(ACCOUNT, {"starts_on": "2026-11-23", **NUMBERS})):
        assert answer.url.startswith(reverse("account_reauthenticate"))
    assert not BankAccount.objects.exists()
    client = sign_in(ana)
    answer = client.post(ACCOUNT, {"starts_on": "2026-11-23", **NUMBERS}, follow=True)
    assert "A message tells you so" in words(answer)
    assert "••• 456" in words(answer)
    assert "0123456" not in words(client.get(ACCOUNT))


def test_proof_is_asked_again_after_five_minutes(ana, sign_in, clock):
    client = sign_in(ana)
    assert client.get(ACCOUNT).status_code == 200
    clock.shift(timedelta(minutes=5, seconds=1))
    assert client.get(ACCOUNT).url.startswith(reverse("account_reauthenticate"))


def test_mistyped_account_keeps_what_was_typed_and_says_what_to_do(ana, sign_in):
    answer = sign_in(ana).post(
        ACCOUNT, {"starts_on": "2026-11-23", "institution": "30123", "transit": "815", "number": "0123456"}
    )
    page = words(answer)
    assert "An institution has three digits" in page
    assert "A transit has five digits" in page
    assert 'value="30123"' in page
    assert not BankAccount.objects.exists()


def test_cheque_is_asked_for_from_the_same_form(ana, sign_in):
    assert "is_ended" not in words(sign_in(ana).get(ACCOUNT))
    give(ana)
    answer = sign_in(ana).post(ACCOUNT, {"starts_on": "2026-11-30", "is_ended": "on", "number": "x"})
    assert answer.url == reverse("payroll:profile")
    assert BankAccount.objects.get().ends_on == date(2026, 11, 29)


def test_crafted_post_changes_nobody_elses_account(ana, payer, sign_in):
    body = {"starts_on": "2026-11-23", **NUMBERS, "person": str(ana.pk), "person_id": str(ana.pk)}
    sign_in(payer).post(ACCOUNT, body)
    assert BankAccount.objects.get().person == payer
    address = reverse("payroll:account_of", args=[ana.pk])
    assert sign_in(payer).post(address, body).status_code == 405


def test_account_of_another_is_opened_aloud_and_they_see_it(ana, payer, sign_in):
    give(ana)
    address = reverse("payroll:account_of", args=[ana.pk])
    assert sign_in(payer, just_now=False).get(address).url.startswith(reverse("account_reauthenticate"))
    client = sign_in(payer)
    gate = words(client.get(address))
    assert "Confidential" in gate
    assert "0123456" not in gate
    assert not FileReading.objects.exists()
    page = words(client.post(reverse("payroll:account_open", args=[ana.pk]), follow=True))
    assert "30123" in page
    assert "0123456" in page
    reading = FileReading.objects.get()
    assert (reading.person, reading.reader, reading.what) == (ana, payer, "bank_account")
    assert "bank account" in words(sign_in(ana).get(reverse("payroll:readings")))


def test_account_of_another_is_closed_to_members_and_to_a_mandate_that_ended(ana, sign_in):
    give(ana)
    member, former = make.person("Bo"), make.person("Denis")
    make.mandate(former, [Power.ISSUE_PAY], ends_on=TODAY - timedelta(days=1))
    for someone in (member, former):
        client = sign_in(someone)
        assert client.get(reverse("payroll:account_of", args=[ana.pk])).status_code == 403
        assert client.post(reverse("payroll:account_open", args=[ana.pk])).status_code == 403
        assert client.get(reverse("payroll:accounts")).status_code == 403
    assert not FileReading.objects.exists()


@pytest.mark.parametrize("people", [1, 3])
def test_list_says_who_has_an_account_without_showing_any(people, payer, sign_in, django_assert_num_queries):
    make.cooperative()
    for number in range(people):
        give(make.person(f"Ana{number}", language="en-ca"))
    make.person("Bo")
    client = sign_in(payer)
    client.get(reverse("payroll:accounts"))
    with django_assert_num_queries(6):
        page = words(client.get(reverse("payroll:accounts")))
    assert page.count("cheque: no account on file") == 1
    assert page.count("See the account") == people
    assert "456" not in page
