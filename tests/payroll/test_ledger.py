"""Entries balance or do not exist; each file says what it is in the format of its program."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payroll import ledger
from payroll.ledger import Account, Entry, Posting

WAGES = Account("5410", "Salaires", "Expenses")
REVENU_QUEBEC = Account("2320", "À payer – Revenu Québec", "Liabilities")
NET = Account("2300", "Paie nette à payer", "Liabilities")
DAYS = date(2026, 10, 26), date(2026, 11, 8)
WRITTEN = ledger.Written(date(2026, 11, 1), date(2026, 11, 30), datetime(2026, 11, 29, 10, 0, tzinfo=UTC))
ENTRY = Entry.of(
    "PAIE-24",
    date(2026, 11, 13),
    "Paie régulière, paie 24",
    DAYS,
    [(WAGES, Decimal("1000.00")), (REVENU_QUEBEC, Decimal("-150.25")), (NET, Decimal("-849.75"))],
)


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"))))


def test_entry_that_does_not_balance_does_not_exist():
    with pytest.raises(ledger.Unbalanced, match="PAIE-1"):
        Entry("PAIE-1", DAYS[0], "", *DAYS, (Posting(WAGES, Decimal("0.01")),))


def test_amounts_of_one_account_are_added_up_and_zero_is_left_out():
    amounts = [(WAGES, Decimal("2.00")), (NET, Decimal("-5.00")), (WAGES, Decimal("3.00"))]
    entry = Entry.of("1", DAYS[0], "", DAYS, [*amounts, (REVENU_QUEBEC, Decimal("0.00"))])
    assert [(p.account, p.debit, p.credit) for p in entry.postings] == [
        (WAGES, Decimal("5.00"), 0),
        (NET, 0, Decimal("5.00")),
    ]
    assert entry.total == Decimal("5.00")


def test_sage_has_a_line_for_the_entry_and_one_for_each_account():
    assert ledger.sage([ENTRY]).decode("cp1252").split("\r\n") == [
        '11-13-26,"PAIE-24","2026-10-26/2026-11-08 Paie régulière, p"',
        "5410,1000.00",
        "2300,-849.75",
        "2320,-150.25",
        "",
    ]


def test_sage_wants_four_digits():
    entry = Entry.of(
        "1", DAYS[0], "", DAYS, [(Account("54A", "x", "Expenses"), Decimal(1)), (NET, Decimal(-1))]
    )
    with pytest.raises(ledger.NotForSage, match="54A"):
        ledger.sage([entry])


def test_gnucash_has_a_row_for_each_split_of_one_transaction():
    head, *splits = rows(ledger.gnucash([ENTRY], WRITTEN))
    assert head == ["Date", "Transaction ID", "Description", "Notes", "Full Account Name", "Amount"]
    assert {tuple(row[:2]) for row in splits} == {("2026-11-13", "PAIE-24")}
    assert [(row[4], row[5]) for row in splits] == [
        ("5410 Salaires", "1000.00"),
        ("2300 Paie nette à payer", "-849.75"),
        ("2320 À payer – Revenu Québec", "-150.25"),
    ]
    assert splits[0][3] == "2026-10-26 – 2026-11-08, 2026-11-29T10:00:00+00:00"


def test_odoo_names_the_entry_on_its_first_row_only():
    head, first, *others = rows(ledger.odoo([ENTRY], WRITTEN, "Opérations diverses"))
    assert head[0] == "ref"
    assert first[:3] == ["PAIE-24", "2026-11-13", "Opérations diverses"]
    assert first[4:] == ["5410", "Paie régulière, paie 24", "1000.00", "0.00"]
    assert {tuple(row[:4]) for row in others} == {("",) * 4}
    assert sum(Decimal(row[6]) - Decimal(row[7]) for row in (first, *others)) == 0


@pytest.mark.parametrize("write", [ledger.hledger, ledger.beancount])
def test_plain_text_balances_and_says_its_period_its_moment_and_its_total(write):
    text = write([ENTRY], WRITTEN).decode("utf-8")
    assert text.startswith(
        "; 2026-11-01 – 2026-11-30, 2026-11-29T10:00:00+00:00, entries: 1, total: 1000.00 CAD\n"
    )
    amounts = re.findall(r"^  ((?:Expenses|Liabilities):[A-Za-z0-9-]+)  (-?[0-9.]+) CAD$", text, re.MULTILINE)
    assert sum(Decimal(amount) for _account, amount in amounts) == 0
    assert amounts[2][0] == "Liabilities:2320-A-payer-Revenu-Quebec"
    assert "PAIE-24" in text


def test_text_somebody_wrote_stays_text():
    name = Account("5410", '=HYPERLINK("x")', "Expenses")
    entry = Entry.of("@SUM", DAYS[0], '"; @x\n2026', DAYS, [(name, Decimal(1)), (NET, Decimal(-1))])
    assert rows(ledger.gnucash([entry], WRITTEN))[1][1] == "'@SUM"
    assert ledger.sage([entry]).decode("cp1252").split("\r\n")[0].count('"') == 4
    plain = ledger.beancount([entry], WRITTEN).decode()
    assert '"\', @x 2026"' in plain


SOME = [Account(number, "x", "Expenses") for number in ("5410", "5420", "2310", "2320")]
amounts_of_an_entry = st.lists(st.tuples(st.sampled_from(SOME), st.integers(-(10**6), 10**6)), max_size=4)


@given(st.lists(amounts_of_an_entry, max_size=3))
def test_every_file_of_any_entries_balances(several):
    entries = []
    for number, cents in enumerate(several):
        amounts = [(account, Decimal(value) / 100) for account, value in cents]
        amounts.append((NET, -sum(amount for _account, amount in amounts)))
        entries.append(Entry.of(f"PAIE-{number}", DAYS[0], "Paie", DAYS, amounts))
    trial = ledger.trial_balance(entries)
    assert sum(line.debit for line in trial) == sum(line.credit for line in trial)
    assert sum(line.debit for line in trial) <= sum(entry.total for entry in entries)
    _head, *splits = rows(ledger.gnucash(entries, WRITTEN))
    assert sum(Decimal(row[5]) for row in splits) == 0
    lines = [line.split(",") for line in ledger.sage(entries).decode("cp1252").splitlines()]
    assert sum(Decimal(line[1]) for line in lines if '"' not in line[1]) == 0
