from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payroll.earnings import (
    Code,
    Line,
    NoRate,
    Reason,
    Worked,
    banked_minutes,
    difference,
    due,
    periodic_and_not,
    worth,
)

MONDAY = date(2026, 11, 2)
NEXT = MONDAY + timedelta(days=7)
RATE, HIGHER = Decimal("21.50"), Decimal("22.00")


def flat(day):
    return RATE


def week(*hours, starts_on=MONDAY):
    """Days of one week, from its first day: hours may be fractions."""
    return [
        Worked(starts_on + timedelta(days=n), starts_on, round(amount * 60)) for n, amount in enumerate(hours)
    ]


def from_day(first, before=RATE, after=HIGHER):
    return lambda day: after if day >= first else before


def test_hours_of_a_week_are_one_amount_at_the_rate():
    assert due(week(7, 7.5, 7, 0, 7), flat) == [Line(MONDAY, Code.REGULAR, RATE, 1710, Decimal("612.75"))]


def test_amount_is_rounded_once_on_the_whole_week():
    # Seven times 20 minutes is 2 h 20, 50.17 $; rounding each day would give 7 × 7.17 = 50.19 $.
    assert due(week(*[1 / 3] * 7), flat)[0].amount == Decimal("50.17")


def test_hours_beyond_forty_are_the_latest_of_the_week_with_their_half():
    assert due(week(10, 10, 10, 10, 2.5), flat) == [
        Line(MONDAY, Code.REGULAR, RATE, 2400, Decimal("860.00")),
        Line(MONDAY, Code.OVERTIME, RATE, 150, Decimal("80.63")),  # 2.5 × 32.25 = 80.625
    ]


def test_days_off_fill_the_week_before_the_hours_worked():
    """36 hours of work beside a day off of seven are 43 hours: the last three are overtime (s. 56)."""
    assert due(week(0, 9, 9, 9, 9), flat, off={MONDAY: 420}) == [
        Line(MONDAY, Code.REGULAR, RATE, 33 * 60, Decimal("709.50")),
        Line(MONDAY, Code.OVERTIME, RATE, 180, Decimal("96.75")),
    ]


def test_more_than_a_legal_week_of_days_off_leaves_overtime_only():
    assert due(week(0, 3), flat, off={MONDAY: 2460, NEXT: 420}) == [
        Line(MONDAY, Code.OVERTIME, RATE, 180, Decimal("96.75"))
    ]


def test_overtime_is_counted_by_week_and_not_by_pay():
    lines = due(week(9, 9, 9, 9, 9) + week(7, 7, 7, 7, 7, starts_on=NEXT), flat)
    assert [(line.week, line.code, line.minutes) for line in lines] == [
        (MONDAY, Code.REGULAR, 2400),
        (MONDAY, Code.OVERTIME, 300),
        (NEXT, Code.REGULAR, 2100),
    ]


def test_overtime_asked_to_be_banked_is_worth_leave_and_no_money():
    lines = due(week(10, 10, 10, 10, 3), flat, is_banked=lambda day: day >= MONDAY)
    assert lines[1] == Line(MONDAY, Code.BANKED, RATE, 180, Decimal(0))
    assert banked_minutes(180) == 270
    assert banked_minutes(1) == 2
    assert [banked_minutes(0), banked_minutes(-180)] == [0, -270]


def test_bank_choice_counts_on_the_day_of_the_overtime():
    lines = due(week(10, 10, 10, 10, 2, 3), flat, is_banked=lambda day: day == MONDAY + timedelta(days=5))
    assert [(line.code, line.minutes) for line in lines[1:]] == [
        (Code.OVERTIME, 120),
        (Code.BANKED, 180),
    ]


def test_freelancer_hours_are_all_regular():
    assert due(week(10, 10, 10, 10, 10), flat, has_overtime=False) == [
        Line(MONDAY, Code.REGULAR, RATE, 3000, Decimal("1075.00"))
    ]


def test_rate_is_that_of_the_day_worked_even_inside_a_week():
    lines = due(week(8, 8, 8, 8, 10), from_day(MONDAY + timedelta(days=3)))
    assert lines == [
        Line(MONDAY, Code.REGULAR, RATE, 24 * 60, Decimal("516.00")),
        Line(MONDAY, Code.REGULAR, HIGHER, 16 * 60, Decimal("352.00")),
        Line(MONDAY, Code.OVERTIME, HIGHER, 120, Decimal("66.00")),
    ]


def test_day_without_a_rate_is_refused():
    def no_rate(day):
        raise NoRate(day)

    with pytest.raises(NoRate) as refusal:
        due(week(7), no_rate)
    assert refusal.value.day == MONDAY


def test_days_before_our_first_period_fill_the_week_and_are_not_paid():
    wednesday = MONDAY + timedelta(days=2)
    lines = due(week(10, 10, 10, 10, 10), flat, since=wednesday)
    assert [(line.code, line.minutes) for line in lines] == [
        (Code.REGULAR, 1200),
        (Code.OVERTIME, 600),
    ]


def test_what_was_paid_is_not_paid_again():
    owed = due(week(10, 10, 10, 10, 5), flat)
    assert difference(owed, [], current_from=MONDAY) == owed
    assert difference(owed, owed, current_from=MONDAY) == []
    assert difference(owed, owed, current_from=NEXT) == []


def test_late_hours_are_named_and_may_become_overtime():
    paid = due(week(8, 8, 8, 8, 8), flat)
    lines = difference(due(week(10, 8, 8, 8, 8), flat), paid, current_from=NEXT)
    assert lines == [Line(MONDAY, Code.OVERTIME, RATE, 120, Decimal("64.50"), Reason.LATE)]


def test_hours_taken_back_are_a_correction_even_in_the_weeks_of_the_pay():
    paid = due(week(8, 8), flat)
    lines = difference(due(week(8, 6), flat), paid, current_from=MONDAY)
    assert lines == [Line(MONDAY, Code.REGULAR, RATE, -120, Decimal("-43.00"), Reason.CORRECTION)]
    assert difference([], paid, current_from=NEXT)[0].minutes == -960


def test_rate_changed_for_the_past_pays_its_difference():
    paid = due(week(7, 7, 7, 7, 7), flat)
    lines = difference(due(week(7, 7, 7, 7, 7), from_day(MONDAY)), paid, current_from=NEXT)
    assert lines == [
        Line(MONDAY, Code.REGULAR, RATE, -2100, Decimal("-752.50"), Reason.RATE),
        Line(MONDAY, Code.REGULAR, HIGHER, 2100, Decimal("770.00"), Reason.RATE),
    ]
    assert periodic_and_not(lines) == (0, Decimal("17.50"))


def test_late_hours_and_a_new_rate_in_one_week_are_told_apart():
    paid = due(week(7, 7), flat)
    lines = difference(due(week(7, 7, 7), from_day(MONDAY)), paid, current_from=NEXT)
    assert [(line.rate, line.minutes, line.reason) for line in lines] == [
        (HIGHER, 420, Reason.LATE),
        (RATE, -840, Reason.RATE),
        (HIGHER, 840, Reason.RATE),
    ]
    assert sum(line.amount for line in lines) == Decimal("462.00") - Decimal("301.00")
    assert periodic_and_not(lines) == (Decimal("154.00"), Decimal("7.00"))


def test_banked_overtime_paid_later_is_not_regular_pay():
    hours = week(10, 10, 10, 10, 2)
    paid = due(hours, flat, is_banked=lambda day: True)
    lines = difference(due(hours, flat), paid, current_from=NEXT)
    assert [(line.code, line.minutes, line.amount, line.reason) for line in lines] == [
        (Code.OVERTIME, 120, Decimal("64.50"), Reason.BANK),
        (Code.BANKED, -120, 0, Reason.BANK),
    ]
    assert periodic_and_not(lines) == (0, Decimal("64.50"))


def test_week_whose_stub_was_voided_is_due_again():
    owed = due(week(7, 7), flat)
    mirrored = [line._replace(minutes=-line.minutes, amount=-line.amount) for line in owed]
    lines = difference(owed, owed + mirrored, current_from=NEXT, voided={MONDAY})
    assert [(line.minutes, line.reason) for line in lines] == [(840, Reason.VOID)]


def test_what_is_taken_back_lessens_the_other_part():
    regular = Line(MONDAY, Code.REGULAR, RATE, 60, Decimal("100.00"))
    retro = Line(MONDAY, Code.REGULAR, RATE, 0, Decimal("-30.00"), Reason.RATE)
    assert periodic_and_not([regular, retro]) == (Decimal("70.00"), 0)
    back = regular._replace(amount=Decimal("-10.00"), reason=Reason.CORRECTION)
    assert periodic_and_not([back, retro._replace(amount=Decimal("25.00"))]) == (0, Decimal("15.00"))


days = st.builds(
    lambda n, minutes: (MONDAY + timedelta(days=n), minutes), st.integers(0, 27), st.integers(1, 720)
)


def worked(approved):
    total = defaultdict(int)
    for day, minutes in approved:
        total[day] += minutes
    return [
        Worked(day, MONDAY + timedelta(days=(day - MONDAY).days // 7 * 7), minutes)
        for day, minutes in total.items()
    ]


def added_up(lines):
    total = defaultdict(lambda: [0, Decimal(0)])
    for line in lines:
        total[line.week, line.code, line.rate][0] += line.minutes
        total[line.week, line.code, line.rate][1] += line.amount
    return {key: value for key, value in total.items() if value != [0, 0]}


@given(
    st.lists(days, max_size=60),
    st.lists(st.tuples(st.integers(0, 27), st.sampled_from(["21.50", "21.55", "23.07"])), max_size=4),
    st.data(),
)
def test_paying_in_any_order_of_approval_ends_at_what_paying_once_gives(entries, changes, data):
    """Approvals come in any order, the rate changes for the past in between, the bank opens and closes."""
    entries = data.draw(st.permutations(entries))
    rates = {MONDAY: RATE}
    paid, approved = [], []
    since = MONDAY + timedelta(days=data.draw(st.integers(0, 6)))
    steps = max(1, len(changes))
    size = -(-len(entries) // steps)
    for step in range(steps + 1):
        approved += entries[step * size : (step + 1) * size]
        if step < len(changes):
            offset, amount = changes[step]
            rates[MONDAY + timedelta(days=offset)] = Decimal(amount)
        bank_from = MONDAY + timedelta(days=data.draw(st.integers(0, 28)))
        owed = due(
            worked(approved),
            lambda day: rates[max(start for start in rates if start <= day)],
            is_banked=lambda day, first=bank_from: day >= first,
            since=since,
        )
        now = difference(owed, paid, current_from=MONDAY + timedelta(days=7 * step))
        if sum(line.amount for line in now) < 0:
            continue  # nothing is paid; it is carried
        gross, nonperiodic = periodic_and_not(now)
        assert min(gross, nonperiodic) >= 0
        assert gross + nonperiodic == sum(line.amount for line in now)
        paid += now
    last = difference(owed, paid, current_from=MONDAY)
    assert added_up(paid + last) == added_up(owed)
    assert difference(owed, paid + last, current_from=MONDAY) == []


@given(st.lists(days, max_size=40))
def test_lines_hold_every_minute_and_every_cent(entries):
    owed = due(worked(entries), flat)
    assert sum(line.minutes for line in owed) == sum(minutes for _, minutes in entries)
    for line in owed:
        assert line.amount == worth(line.minutes, line.rate, line.code)
    regular = defaultdict(int)
    for line in owed:
        regular[line.week] += line.minutes * (line.code == Code.REGULAR)
    assert all(minutes <= 2400 for minutes in regular.values())
