"""Vacation as plain arithmetic: reference years, service, what is earned and what is paid of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payroll.earnings import Code, Line, Worked, difference, worth
from payroll.vacation import (
    Account,
    Length,
    ReferenceYear,
    Service,
    due,
    length_of,
    minutes_for,
    rate_of,
    service_at,
    services,
    year_of,
)

RATE, HIGHER = Decimal("21.50"), Decimal("22.00")
YEAR = ReferenceYear(date(2026, 5, 1))
BEFORE = ReferenceYear(date(2025, 5, 1))
MONDAY = date(2026, 7, 6)
NEXT = MONDAY + timedelta(7)
PLENTY = Decimal(10_000)


def flat(day):
    return RATE


def days(*minutes, starts_on=MONDAY):
    return [Worked(starts_on + timedelta(n), starts_on, each) for n, each in enumerate(minutes) if each]


def line(week, minutes, amount=None, rate=RATE, code=Code.VACATION):
    return Line(week, code, rate, minutes, worth(minutes, rate, code) if amount is None else Decimal(amount))


def account(gross="0", *, rate="0.04", opening=None, paid="0", year=YEAR):
    return Account({year: Decimal(gross)}, {year: Decimal(rate)}, opening or {}, Decimal(paid))


# Years, service, rates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "month", "first"),
    [
        (date(2026, 4, 30), 5, date(2025, 5, 1)),
        (date(2026, 5, 1), 5, date(2026, 5, 1)),
        (date(2027, 1, 15), 5, date(2026, 5, 1)),
        (date(2026, 12, 31), 1, date(2026, 1, 1)),
    ],
)
def test_year_starts_on_the_first_of_its_month(day, month, first):
    assert year_of(day, month) == ReferenceYear(first)


def test_year_is_taken_within_the_twelve_months_after_it():
    assert YEAR.ends_on == date(2027, 4, 30)
    assert YEAR.taken_by == date(2028, 4, 30)


def test_statuses_that_follow_each_other_to_the_day_are_one_service():
    found = services(
        [
            (date(2024, 3, 1), None),
            (date(2021, 1, 1), date(2021, 12, 31)),
            (date(2022, 1, 1), date(2023, 6, 30)),
        ]
    )
    assert found == [
        Service(date(2021, 1, 1), date(2023, 6, 30)),
        Service(date(2024, 3, 1)),
    ]
    assert service_at(found, date(2023, 12, 31)) == found[0]
    assert service_at(found, date(2020, 1, 1)) is None


@pytest.mark.parametrize(
    ("since", "rate", "length"),
    [
        (date(2024, 5, 1), "0.06", Length(3, 0)),  # three years on the evening of 30 April 2027
        (date(2024, 5, 2), "0.04", Length(2, 0)),
        (date(2026, 5, 1), "0.04", Length(2, 0)),
        (date(2026, 5, 2), "0.04", Length(0, 10)),  # eleven months are eleven days, no more than two weeks
        (date(2027, 1, 1), "0.04", Length(0, 4)),
        (date(2027, 4, 15), "0.04", Length(0, 0)),
    ],
)
def test_rate_and_length_follow_the_service_at_the_end_of_the_year(since, rate, length):
    own = [Service(since)]
    assert rate_of(YEAR, own) == Decimal(rate)
    assert length_of(YEAR, own) == length


@pytest.mark.parametrize(
    ("evening", "years"),
    [(date(2027, 2, 26), 2), (date(2027, 2, 27), 3), (date(2028, 2, 27), 3), (date(2028, 2, 28), 4)],
)
def test_who_started_on_29_february_has_served_a_year_on_the_last_day_of_that_month(evening, years):
    assert Service(date(2024, 2, 29)).years_at(evening) == years
    assert Service(date(2024, 2, 29)).years_at(date(2023, 1, 1)) == 0


def test_whoever_leaves_before_three_years_is_paid_at_four_percent():
    assert rate_of(YEAR, [Service(date(2024, 1, 1), date(2026, 11, 30))]) == Decimal("0.04")
    assert rate_of(YEAR, [Service(date(2023, 1, 1), date(2026, 12, 31))]) == Decimal("0.06")


def test_whoever_comes_back_in_the_year_keeps_the_rate_of_the_first_service():
    own = [Service(date(2020, 1, 1), date(2026, 6, 30)), Service(date(2027, 1, 1))]
    assert rate_of(YEAR, own) == Decimal("0.06")
    assert rate_of(ReferenceYear(date(2027, 5, 1)), own) == Decimal("0.04")


# The account --------------------------------------------------------------------------------------


def test_a_year_is_rounded_once_on_all_its_wages():
    """Twenty-six pays of 752.50 $ earn 782.60 $: what each adds is the difference, never lost to rounding."""
    held, added = account(), []
    for _ in range(26):
        after = held.after([line(MONDAY, 2100, code=Code.REGULAR)], YEAR, Decimal("0.04"))
        added.append(after.earned - held.earned)
        held = after
    assert held.balance == sum(added) == Decimal("782.60")
    assert set(added) == {Decimal("30.10")}


def test_vacation_taken_earns_vacation_and_paid_without_leave_earns_none():
    taken = line(MONDAY, 420)
    out = Line(MONDAY, Code.VACATION_OUT, None, 0, Decimal("100.00"))
    held = account("10000").after([taken, out], YEAR, Decimal("0.04"))
    assert held.earned == Decimal("406.02")  # 4 % of 10,150.50
    assert held.balance == Decimal("406.02") - Decimal("250.50")
    assert held.out == Decimal("100.00")


def test_the_oldest_year_is_taken_first():
    held = Account(
        {BEFORE: Decimal(20_000), YEAR: Decimal(5_000)},
        {BEFORE: Decimal("0.04"), YEAR: Decimal("0.06")},
        {BEFORE: Decimal("50.00")},
        Decimal("900.00"),
    )
    assert held.left() == {BEFORE: Decimal("0.00"), YEAR: Decimal("250.00")}
    assert held.balance == Decimal("250.00")
    overdrawn = account("1000", paid="50")
    assert overdrawn.left() == {YEAR: Decimal("-10.00")}


def test_what_is_left_of_a_year_is_paid_after_its_twelve_months():
    held = account("20000", paid="300", year=BEFORE)
    assert held.left_over(date(2027, 4, 30)) == 0
    assert held.left_over(date(2027, 5, 1)) == Decimal("500.00")
    assert account("100", paid="300", year=BEFORE).left_over(date(2027, 5, 1)) == 0


# What vacation is worth ---------------------------------------------------------------------------


def test_vacation_is_paid_at_the_rate_of_its_days():
    found = due(
        days(420, 420) + days(420, starts_on=NEXT), [], lambda day: HIGHER if day >= NEXT else RATE, PLENTY
    )
    assert found.lines == [line(MONDAY, 840, "301.00"), line(NEXT, 420, "154.00", HIGHER)]
    assert found.short == 0


def test_what_was_paid_keeps_its_rate():
    paid = [line(MONDAY, 840)]
    found = due(days(420, 420, 420), paid, lambda day: HIGHER, PLENTY)
    assert found.lines == [line(MONDAY, 840), line(MONDAY, 420, rate=HIGHER)]
    assert difference(found.lines, paid, current_from=MONDAY) == [line(MONDAY, 420, rate=HIGHER)]


def test_days_given_back_are_a_correction():
    paid = [line(MONDAY, 1260)]
    now = difference(due(days(420), paid, flat, Decimal(0)).lines, paid, current_from=MONDAY)
    assert now == [line(MONDAY, -840)._replace(reason="correction")]


def test_the_last_minutes_wait_when_the_bank_is_short():
    found = due(days(420, 420) + days(420, starts_on=NEXT), [], flat, Decimal("200.00"))
    assert found.lines == [line(MONDAY, 558, "199.95")]
    assert found.short == 1260 - 558
    assert due(days(420), [], flat, Decimal(0)) == ([], 420)


def test_minutes_given_back_pay_the_others():
    paid = [line(MONDAY, 420)]
    found = due(days(420, starts_on=NEXT), paid, flat, Decimal(0))
    assert found == ([line(NEXT, 420)], 0)


def test_dollars_are_whole_minutes_at_a_rate():
    assert minutes_for(Decimal("150.50"), RATE) == 420
    assert minutes_for(Decimal("150.49"), RATE) == 419
    assert minutes_for(Decimal("-3.00"), RATE) == 0


requests = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 600)), unique_by=lambda entry: entry[0], max_size=12
)


def _worked(entries):
    return [Worked(MONDAY + timedelta(n), MONDAY + timedelta(n - n % 7), minutes) for n, minutes in entries]


@given(requests, st.integers(0, 200_000), st.data())
def test_order_of_approval_changes_nothing_but_the_order_of_pays(entries, bank_cents, data):
    """The bank never pays more than it holds, twice nothing, and each pay's lines add up to what is due."""
    bank = Decimal(bank_cents) / 100
    entries = data.draw(st.permutations(entries))
    paid, approved = [], []
    for step in range(3):
        approved = entries[: (step + 1) * 4]
        rate = [RATE, HIGHER, RATE][step]
        balance = bank - sum((each.amount for each in paid), Decimal(0))
        assert balance >= 0
        found = due(_worked(approved), _added(paid), lambda day, rate=rate: rate, balance)
        assert sum(each.minutes for each in found.lines) + found.short == sum(m for _, m in approved)
        paid += difference(found.lines, _added(paid), current_from=MONDAY)
        balance = bank - sum((each.amount for each in paid), Decimal(0))
        again = due(_worked(approved), _added(paid), lambda day, rate=rate: rate, balance)
        assert difference(again.lines, _added(paid), current_from=MONDAY) == []
    assert sum((each.amount for each in paid), Decimal(0)) <= bank
    if bank >= 1000:
        whole = due(_worked(entries[:12]), [], flat, bank)
        assert whole.short == sum(m for _, m in entries[:12]) - sum(each.minutes for each in whole.lines)


def _added(lines):
    """What was paid, a line per week and rate, as it is read back from stubs."""
    sums = {}
    for each in lines:
        minutes, amount = sums.get((each.week, each.rate), (0, Decimal(0)))
        sums[each.week, each.rate] = minutes + each.minutes, amount + each.amount
    return [Line(week, Code.VACATION, rate, *sum_) for (week, rate), sum_ in sums.items()]


@given(st.lists(st.tuples(st.integers(0, 500_000), st.integers(0, 20_000)), max_size=30))
def test_ledger_is_the_sum_of_its_movements(pays):
    held, earned, paid = account(), Decimal(0), Decimal(0)
    for gross_cents, taken_cents in pays:
        lines = [
            line(MONDAY, 0, Decimal(gross_cents) / 100, code=Code.REGULAR),
            line(MONDAY, 0, Decimal(taken_cents) / 100),
        ]
        after = held.after(lines, YEAR, Decimal("0.06"))
        earned += after.earned - held.earned
        paid += after.paid - held.paid
        held = after
    assert held.balance == earned - paid
    assert sum(held.left().values(), Decimal(0)) == held.balance
