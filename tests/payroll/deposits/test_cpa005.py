"""The direct deposit file: against an independent program byte for byte, read back, and what it refuses."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payroll import cpa005
from tests.payroll.deposits import reader

FOLDER = Path(__file__).parent
CASES = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
CREDITS_COUNTED = slice(60, 68)
BANK = cpa005.Account("815", "30123", "1234567")


def originator(**changes) -> cpa005.Originator:
    given = {
        "originator_id": "8151234567",
        "short_name": "KOUMBIT",
        "long_name": "RESEAU KOUMBIT",
        "data_centre": "81510",
        "returns_to": BANK,
    }
    return cpa005.Originator(**given | changes)


def credit(amount="752.50", **changes) -> cpa005.Credit:
    given = {
        "amount": Decimal(amount),
        "available_on": date(2026, 11, 20),
        "payee": "Ana Abel",
        "account": cpa005.Account("815", "30456", "7654321"),
        "reference": "2026-24-3",
    }
    return cpa005.Credit(**given | changes)


def written(*payments, number=1, **changes) -> str:
    return cpa005.written(originator(**changes), payments, number=number, made_on=date(2026, 11, 18))


def written_case(name: str) -> str:
    case = CASES[name]
    sender = case["originator"]
    payments = [
        cpa005.Credit(
            Decimal(amount), date.fromisoformat(day), payee, cpa005.Account(bank, branch, account), reference
        )
        for amount, day, bank, branch, account, payee, reference in case["credits"]
    ]
    return cpa005.written(
        cpa005.Originator(
            sender["id"],
            sender["short"],
            sender["long"],
            sender["centre"],
            cpa005.Account(*sender["returns"]),
        ),
        payments,
        number=case["number"],
        made_on=date.fromisoformat(case["made_on"]),
    )


@pytest.mark.parametrize("name", CASES)
def test_file_is_that_of_an_independent_program(name):
    """Byte for byte, but for two things that are known.

    The other program ends no record after the last one, and counts in Z the records that hold
    credits; the standard counts the credits.
    """
    ours = written_case(name).split("\r\n")
    theirs = (FOLDER / "reference" / f"{name}.txt").read_bytes().decode("ascii").split("\r\n")
    assert ours.pop() == ""
    *our_records, our_foot = ours
    *their_records, their_foot = theirs
    assert our_records == their_records
    assert int(our_foot[CREDITS_COUNTED]) == len(CASES[name]["credits"])
    assert int(their_foot[CREDITS_COUNTED]) == len(our_records) - 1
    counted = our_foot[CREDITS_COUNTED]
    assert our_foot == their_foot[:60] + counted + their_foot[68:]


@pytest.mark.parametrize("name", CASES)
def test_file_read_back_says_what_was_asked(name):
    case, found = CASES[name], reader.read(written_case(name))
    assert (found.originator_id, found.number) == (case["originator"]["id"], case["number"])
    assert (str(found.made_on), found.currency) == (case["made_on"], "CAD")
    assert found.total == sum(Decimal(amount) for amount, *_rest in case["credits"])
    assert [
        [
            f"{paid.amount:.2f}",
            str(paid.available_on),
            paid.institution,
            paid.transit,
            paid.account,
            paid.payee,
            paid.reference,
        ]
        for paid in found.payments
    ] == [[*line[:5], line[5][:30].rstrip(), line[6]] for line in case["credits"]]
    assert {paid.code for paid in found.payments} == {"200"}
    assert {paid.returns_to for paid in found.payments} == {tuple(case["originator"]["returns"])}


def test_trace_number_is_centres_number_and_place():
    found = reader.read(written(*[credit()] * 8, number=42, clearer_centre="61510"))
    assert [paid.trace for paid in found.payments] == [f"8151615100042{place:09d}" for place in range(1, 9)]


def test_trace_number_is_left_to_banks_that_write_it_themselves():
    assert {paid.trace for paid in reader.read(written(credit())).payments} == {"0" * 22}


@pytest.mark.parametrize(
    ("day", "digits"),
    [("2026-01-01", "026001"), ("2024-12-31", "024366"), ("2025-12-31", "025365"), ("2028-02-29", "028060")],
)
def test_day_is_a_zero_the_year_and_the_day_of_the_year(day, digits):
    assert cpa005.day_of(date.fromisoformat(day)) == digits


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Nguyễn-Łukasz, Zoë", "NGUYEN-LUKASZ, ZOE"),
        ("Éloïse L’Écuyer", "ELOISE L'ECUYER"),
        ("Sœur Læticia Weiß", "SOEUR LAETICIA WEISS"),
        ("Þóra Đặng Ødegård", "THORA DANG ODEGARD"),
        ("  a\u00a0 b\t", "A B"),
        ("Ana 🌻 Abel", "ANA ABEL"),
        ("Marie-Ève Tremblay-Desrosiers de la Rivière", "MARIE-EVE TREMBLAY-DESROSIERS"),
        ("王小明", ""),
        ("-- ' --", ""),
    ],
)
def test_names_are_written_in_the_letters_banks_exchange(name, plain):
    assert cpa005.plain(name) == plain


@pytest.mark.parametrize("amount", ["0", "-0.01", "0.001", "100000000.00", "NaN", "Infinity"])
def test_amount_that_no_payment_has_is_refused(amount):
    with pytest.raises(cpa005.Invalid, match="amount"):
        credit(amount)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("institution", "81"),
        ("institution", "８１５"),
        ("transit", "3045"),
        ("number", ""),
        ("number", "1234567890123"),
        ("number", "12-34"),
    ],
)
def test_account_that_no_bank_has_is_refused(field, value):
    with pytest.raises(cpa005.Invalid) as refusal:
        cpa005.Account(**{"institution": "815", "transit": "30456", "number": "1"} | {field: value})
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("originator_id", "123456789"),
        ("originator_id", "12345678901"),
        ("short_name", ""),
        ("short_name", "X" * 16),
        ("short_name", "Réseau"),
        ("long_name", "X" * 31),
        ("data_centre", "8151"),
        ("clearer_centre", "00000"),
    ],
)
def test_originator_that_the_standard_cannot_hold_is_refused(field, value):
    with pytest.raises(cpa005.Invalid) as refusal:
        originator(**{field: value})
    assert refusal.value.field == field


@pytest.mark.parametrize(("number", "count"), [(0, 1), (10000, 1), (1, 0)])
def test_number_and_payments_are_demanded(number, count):
    with pytest.raises(cpa005.Invalid):
        written(*[credit()] * count, number=number)


def test_name_without_a_known_letter_is_refused():
    with pytest.raises(cpa005.Invalid, match="payee"):
        credit(payee="王小明")


digits = st.text("0123456789", min_size=1, max_size=12)
any_credit = st.builds(
    credit,
    amount=st.integers(1, 9_999_999_999).map(lambda cents: Decimal(cents) / 100),
    available_on=st.dates(date(2024, 1, 1), date(2099, 12, 31)),
    payee=st.text(min_size=1, max_size=60).filter(cpa005.plain),
    account=st.builds(
        cpa005.Account,
        st.from_regex(r"[0-9]{3}", fullmatch=True, alphabet="0123456789"),
        st.from_regex(r"[0-9]{5}", fullmatch=True, alphabet="0123456789"),
        digits,
    ),
    reference=st.from_regex(r"[A-Z0-9-]{1,19}", fullmatch=True),
)


@given(st.lists(any_credit, min_size=1, max_size=20), st.integers(1, 9999))
def test_any_file_reads_back_as_it_was_asked_and_foots(asked, number):
    found = reader.read(cpa005.written(originator(), asked, number=number, made_on=date(2026, 11, 18)))
    assert found.total == sum(each.amount for each in asked)
    assert [
        (paid.amount, paid.available_on, paid.payee, paid.account, paid.reference) for paid in found.payments
    ] == [
        (each.amount, each.available_on, cpa005.plain(each.payee), each.account.number, each.reference)
        for each in asked
    ]


@given(st.text(max_size=80))
def test_plain_name_has_only_letters_banks_exchange_and_stays_as_it_is(name):
    plain = cpa005.plain(name)
    assert plain.isascii()
    assert len(plain) <= 30
    assert cpa005.plain(plain) == plain
