"""Holidays and the year's paid sick days as plain arithmetic, on worked examples."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from payroll.deductions.parameters import leave_pay_on
from payroll.earnings import Code, Line, difference
from payroll.indemnities import Absence, of_week, paid_days, weeks_after, weeks_before

WEEK = date(2026, 9, 7)  # that of Labour Day
LAW = leave_pay_on(date(2026, 9, 18))
ONE = Fraction(1)


def wages(*amounts):
    """Wages of the weeks before, the latest last."""
    weeks = weeks_before(WEEK, LAW)[-len(amounts) :]
    return {week: Decimal(amount) for week, amount in zip(weeks, amounts, strict=True)}


def holiday(*amounts, days=ONE):
    return of_week(WEEK, Code.HOLIDAY, wages(*amounts), LAW, days=days).amount


def test_indemnity_is_a_twentieth_of_the_four_complete_weeks_before():
    assert weeks_before(WEEK, LAW) == [date(2026, 8, 10) + timedelta(7 * n) for n in range(4)]
    assert WEEK in weeks_after(date(2026, 8, 10), LAW)
    assert WEEK not in weeks_after(date(2026, 8, 3), LAW)
    # 35 h at 21.50 $ a week: the usual day of 7 h.
    assert holiday("752.50", "752.50", "752.50", "752.50") == Decimal("150.50")


def test_part_timer_has_their_part():
    # 12 h, 0 h, 9 h 30, 12 h.
    assert holiday("258.00", "0", "204.25", "258.00") == Decimal("36.01")


def test_wages_outside_the_four_weeks_do_not_count():
    own = wages("100.00") | {WEEK: Decimal(900), WEEK - timedelta(35): Decimal(900)}
    assert of_week(WEEK, Code.HOLIDAY, own, LAW, days=ONE).amount == Decimal("5.00")
    assert of_week(WEEK, Code.HOLIDAY, {}, LAW, days=ONE).amount == 0


def test_wages_taken_back_never_make_a_debt():
    assert holiday("-100.00") == 0


def test_parts_of_a_day_are_parts_of_the_indemnity():
    assert holiday("752.50", "752.50", "752.50", "752.50", days=Fraction(4, 7)) == Decimal("86.00")
    assert holiday("752.50", "752.50", "752.50", "752.50", days=Fraction(2)) == Decimal("301.00")


def absence(n, minutes=420, share=ONE):
    day = date(2026, 2, 2) + timedelta(n)
    return Absence(day, day - timedelta(day.weekday()), minutes, share)


def test_first_two_days_of_the_year_are_paid():
    assert [one.day.day for one in paid_days([absence(3), absence(0), absence(1)], 2)] == [2, 3]


def test_last_paid_day_may_be_paid_in_part():
    half = absence(0, 210, Fraction(1, 2))
    found = paid_days([half, absence(1), absence(2)], 2)
    assert [(one.minutes, one.share) for one in found] == [
        (210, Fraction(1, 2)),
        (420, ONE),
        (210, Fraction(1, 2)),
    ]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 700)), unique_by=lambda e: e[0]))
def test_no_more_than_two_days_are_paid_in_whatever_order_they_are_approved(entries):
    own = [absence(n, minutes, min(ONE, Fraction(minutes, 420))) for n, minutes in entries]
    found = paid_days(own, 2)
    assert sum((one.share for one in found), Fraction(0)) <= 2
    assert found == paid_days(reversed(own), 2)
    assert all(one.minutes <= other.minutes for one, other in zip(found, sorted(own), strict=False))


def line(amount):
    return Line(WEEK, Code.HOLIDAY, None, 0, Decimal(amount))


def test_indemnity_whose_wages_changed_pays_the_difference_and_says_so():
    now = difference([line("150.50")], [line("140.00")], current_from=WEEK + timedelta(14))
    assert now == [line("10.50")._replace(reason="base")]
    assert difference([line("140.00")], [line("140.00")], current_from=WEEK) == []


def test_indemnity_of_a_past_week_is_late_and_of_this_pay_needs_no_reason():
    assert difference([line("5.00")], [], current_from=WEEK)[0].reason == ""
    assert difference([line("5.00")], [], current_from=WEEK + timedelta(14))[0].reason == "late"
    voided = difference([line("5.00")], [line("0.00")], current_from=WEEK + timedelta(14), voided={WEEK})
    assert voided[0].reason == "void"
