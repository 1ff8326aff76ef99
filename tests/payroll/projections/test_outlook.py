"""A projection month by month: figures computed by hand, and what must hold of all of them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payroll.calendar import Calendar
from payroll.earnings import NoRate
from payroll.projections.facts import Facts, Premium, Remits, Work, Worker
from payroll.projections.months import after, following, last_day, weekdays
from payroll.projections.outlook import Expected, Month, Outlook, foresee, side_by_side, total
from payroll.projections.supposing import Change, Kind

from .plain import LONG_AGO, facts, worker, works

FEBRUARY, MARCH, APRIL = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)
RENT = Expected(False, Decimal("1200.00"), FEBRUARY)
HOSTING = Expected(True, Decimal("5000.00"), FEBRUARY, service="7")


def of_month(outlook: Outlook, month: date) -> Month:
    return next(of for of in outlook.months if of.month == month)


# Months -------------------------------------------------------------------------------------------


def test_months_go_over_the_year():
    assert following(date(2026, 11, 1), 3) == (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))
    assert after(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert last_day(date(2028, 2, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), 20),
        (date(2026, 2, 2), date(2026, 2, 6), 5),
        (date(2026, 2, 7), date(2026, 2, 8), 0),
        (date(2026, 2, 6), date(2026, 2, 9), 2),
        (date(2026, 2, 9), date(2026, 2, 6), 0),
    ],
)
def test_weekdays_are_counted_from_monday_to_friday(first, last, count):
    assert weekdays(first, last) == count


# By hand ------------------------------------------------------------------------------------------


def test_month_of_one_salaried_person_is_what_the_guides_give():
    """35 h at 20 $: two pays of 1,400 $ in February 2026, dated the 6th and the 20th.

    QPP 6.3 % × (1,400 − 134.61) = 79.72; EI 1.4 × 18.20 = 25.48; QPIP 0.602 % = 8.43; HSF 1.65 % = 23.10;
    labour standards 0.06 % = 0.84; CNESST 0.95 % = 13.30: 150.87 a pay.
    """
    premium = Premium(LONG_AGO, None, Decimal("0.95"), is_with_quebec=True)
    month = of_month(foresee(facts(worker(35), premium=premium)), FEBRUARY)
    assert month.pays == 2
    assert month.minutes == 2 * 70 * 60
    assert month.salaried == Decimal("2800.00")
    assert month.contributions == 2 * Decimal("150.87")
    assert month.pay_cost == Decimal("3101.74")
    assert not month.is_carried


def test_freelancer_has_no_contributions_and_receives_all():
    month = of_month(foresee(facts(worker(20, salaried=False))), FEBRUARY)
    assert (month.salaried, month.freelance, month.contributions) == (0, Decimal("1600.00"), 0)
    assert month.nets == Decimal("1600.00")
    assert month.remitted == 0


def test_month_with_three_pay_dates_pays_three_times():
    outlook = foresee(facts(worker(35)))
    assert [of.pays for of in outlook.months] == [2, 2, 2, 3, 2, 2, 2, 2, 3, 2, 2, 2]
    assert of_month(outlook, date(2026, 5, 1)).salaried == Decimal("4200.00")


def test_rate_that_starts_within_a_period_prices_its_own_days():
    """From Monday 16 February: the pay of 20 February is of 2 to 15, that of 6 March of 16 February to 1 March."""
    known = facts(worker(35), rates=[(LONG_AGO, "20.00"), (date(2026, 2, 18), "22.00")])
    outlook = foresee(known)
    assert of_month(outlook, FEBRUARY).salaried == Decimal("2800.00")
    # 2 days at 20 $ and 8 at 22 $, of 7 h each, then two whole weeks at 22 $.
    assert of_month(outlook, MARCH).salaried == 14 * 20 + 56 * 22 + 70 * 22


def test_agreed_hours_that_change_are_paid_from_their_day():
    changing = Worker((works(35, ends_on=date(2026, 2, 8)), works(20, starts_on=date(2026, 2, 9))))
    month = of_month(foresee(facts(changing)), FEBRUARY)
    assert month.salaried == 1400 + 35 * 20 + 20 * 20


def test_cash_leaves_when_it_is_remitted():
    """Deductions and contributions of March go on 15 April; labour standards wait for the end of the year."""
    outlook = foresee(facts(worker(35)))
    march, april = of_month(outlook, MARCH), of_month(outlook, APRIL)
    withheld = march.pay - march.nets
    assert withheld > 0
    assert april.remitted == withheld + march.contributions - 2 * Decimal("0.84")
    assert outlook.owed > 0


def test_labour_standards_leave_once_with_the_summary_of_the_year_before():
    """28 February 2026 is a Saturday: the 26 pays of 2025, 0.84 $ each, leave on 2 March."""
    outlook = foresee(facts(worker(35)))
    march, april = of_month(outlook, MARCH), of_month(outlook, APRIL)
    assert march.remitted == april.remitted + 26 * Decimal("0.84")


def test_quarterly_remitter_pays_after_the_quarter():
    every_quarter = tuple(Remits(to, "quarterly", date(2020, 1, 1), None) for to in ("cra", "rq"))
    outlook = foresee(facts(worker(35), first=date(2026, 4, 1), remits=every_quarter))
    assert of_month(outlook, date(2026, 5, 1)).remitted == 0
    assert of_month(outlook, date(2026, 6, 1)).remitted == 0
    assert of_month(outlook, date(2026, 7, 1)).remitted > 2000


def test_premium_the_cnesst_bills_itself_leaves_in_march():
    premium = Premium(LONG_AGO, None, Decimal("1.00"), is_with_quebec=False)
    first = date(2027, 1, 1)
    own, without = (foresee(facts(worker(35), premium=of, first=first)) for of in (premium, None))
    left = {
        of.month: of.remitted - other.remitted for of, other in zip(own.months, without.months, strict=True)
    }
    assert left.pop(date(2027, 3, 1)) == 26 * Decimal("14.00")
    assert set(left.values()) == {0}
    assert own.left_owed - without.left_owed == 26 * Decimal("14.00")


def test_maximums_of_the_year_end_contributions():
    """60 h at 45 $, 5,400 $ a pay: the QPP reaches 4,479.30 $ within the year, and the cost of a pay falls."""
    outlook = foresee(facts(worker(60), rates=[(LONG_AGO, "45.00")], first=date(2026, 1, 1)))
    first, last = outlook.months[1], outlook.months[10]
    assert first.salaried == last.salaried == Decimal("10800.00")
    assert last.contributions < first.contributions
    # HSF, CNT until 103,000 $; nothing else after the maximums.
    assert outlook.months[11].contributions == 2 * Decimal("89.10")


def test_months_beyond_the_tables_are_computed_with_the_last_ones_and_say_so():
    outlook = foresee(facts(worker(35), first=date(2026, 12, 1), months=14))
    assert [of.is_carried for of in outlook.months] == [False] + 13 * [True]
    assert outlook.months[1].contributions == outlook.months[0].contributions


def test_revenue_costs_and_cash_foot():
    once = Expected(False, Decimal("3000.00"), MARCH, is_monthly=False)
    until = Expected(True, Decimal("800.00"), FEBRUARY, last=MARCH)
    outlook = foresee(facts(), opening=Decimal("10000.00"), expected=[RENT, HOSTING, once, until])
    assert [of.income for of in outlook.months[:3]] == [5800, 5800, 5000]
    assert [of.costs for of in outlook.months[:3]] == [1200, 4200, 1200]
    assert outlook.months[0].revenue == {"7": 5000, "": 800}
    assert outlook.closings[:3] == (14600, 16200, 20000)
    assert outlook.closing == 10000 + 12 * 3800 + 2 * 800 - 3000


def test_break_even_is_what_the_months_cost():
    """1,400 $ a pay, 26 pays, and 1,200 $ a month; an hour at work bears all of it."""
    known = facts(worker(35, salaried=False), first=date(2026, 1, 1))
    outlook = foresee(known, expected=[RENT, HOSTING])
    spent = 26 * 1400 + 11 * 1200
    assert outlook.total.spent == spent
    assert outlook.needed == Decimal("4133.33")
    hours = Decimal(outlook.total.work_minutes) / 60
    assert hours == weekdays(date(2026, 1, 1), date(2026, 12, 31)) * 7
    assert outlook.hour_cost == (spent / hours).quantize(Decimal("0.01"))
    assert outlook.hours_paid_by(Decimal(spent)) == outlook.total.work_minutes


def test_lowest_month_and_first_one_below_zero_are_named():
    outlook = foresee(facts(), opening=Decimal("2500.00"), expected=[RENT])
    assert outlook.short_from == APRIL
    assert outlook.lowest == (date(2027, 1, 1), Decimal("2500.00") - 12 * 1200)


def test_nobody_at_work_has_no_cost_of_an_hour():
    outlook = foresee(facts(), expected=[RENT])
    assert outlook.hour_cost is None
    assert outlook.hours_paid_by(Decimal(100)) is None


def test_day_without_a_rate_is_refused():
    with pytest.raises(NoRate):
        foresee(facts(worker(35), rates=[]))
    with pytest.raises(NoRate):
        foresee(facts(worker(35), rates=[(date(2026, 6, 1), "20.00")]))
    # Before the first month nothing was paid here.
    assert foresee(facts(worker(35), rates=[(FEBRUARY, "20.00")])).total.salaried > 0


# Hours at work ------------------------------------------------------------------------------------


def test_hours_at_work_leave_out_holidays_and_the_vacation_of_the_law():
    """2027 has 261 weekdays; 8 holidays, of which 25 December is a Saturday and 1 January a Friday: 254.

    More than three years of service: 6 % of the agreed hours is vacation.
    """
    outlook = foresee(facts(worker(35), first=date(2027, 1, 1)))
    agreed = 261 * 7
    assert outlook.total.work_minutes / 60 == pytest.approx(254 * 7 - agreed * 0.06, abs=0.2)


def test_newcomer_has_four_per_cent_of_vacation():
    new = worker(35, starts_on=date(2027, 1, 1))
    outlook = foresee(facts(new, first=date(2027, 1, 1)))
    assert outlook.total.work_minutes / 60 == pytest.approx(254 * 7 - 261 * 7 * 0.04, abs=0.2)


def test_known_leave_is_a_part_of_the_vacation_and_stands_in_its_month():
    away = [(date(2027, 7, day), Decimal(1)) for day in (5, 6, 7, 8, 9)]
    known = foresee(facts(worker(35, away=away), first=date(2027, 1, 1)))
    unknown = foresee(facts(worker(35), first=date(2027, 1, 1)))
    assert known.total.work_minutes == pytest.approx(unknown.total.work_minutes, abs=2)
    july = 6
    assert known.months[july].work_minutes < unknown.months[july].work_minutes - 20 * 60
    assert known.months[0].work_minutes > unknown.months[0].work_minutes
    # Whoever is salaried is paid all the same: why they are away is nobody's business.
    assert known.total.pay == unknown.total.pay


def test_freelancer_is_not_paid_for_days_away():
    away = [(date(2026, 2, 2), Decimal(1)), (date(2026, 2, 3), Decimal("0.5"))]
    month = of_month(foresee(facts(worker(20, salaried=False, away=away))), FEBRUARY)
    assert month.freelance == Decimal("1600.00") - 6 * 20


# What is supposed ---------------------------------------------------------------------------------


def test_supposed_rate_replaces_the_known_ones():
    known = facts(worker(35), rates=[(LONG_AGO, "20.00"), (date(2026, 7, 1), "21.00")])
    outlook = foresee(known, changes=[Change(Kind.RATE, APRIL, amount=Decimal("25.00"))])
    assert of_month(outlook, MARCH).salaried == Decimal("2800.00")
    assert of_month(outlook, date(2026, 12, 1)).salaried == 140 * 25
    later = Change(Kind.RATE, date(2026, 9, 1), last=date(2026, 10, 1), amount=Decimal("30.00"))
    both = foresee(known, changes=[later, Change(Kind.RATE, APRIL, amount=Decimal("25.00"))])
    assert both.total.salaried > outlook.total.salaried
    assert of_month(both, date(2026, 12, 1)).salaried == 140 * 25


def test_hours_revenue_and_costs_change_by_percents_that_add_up():
    less = [
        Change(Kind.HOURS, FEBRUARY, percent=Decimal(-10)),
        Change(Kind.HOURS, MARCH, percent=Decimal(-5)),
    ]
    money = [
        Change(Kind.REVENUE, MARCH, percent=Decimal(20)),
        Change(Kind.REVENUE, APRIL, percent=Decimal(-50), service="7"),
        Change(Kind.REVENUE, APRIL, amount=Decimal("300.00")),
        Change(Kind.COSTS, MARCH, last=MARCH, percent=Decimal(50)),
        Change(Kind.COSTS, APRIL, amount=Decimal("-2000.00")),
    ]
    outlook = foresee(facts(worker(35)), expected=[RENT, HOSTING], changes=[*less, *money])
    # 6 February pays 19 to 31 January whole and a Sunday; 20 February a period of that month.
    assert of_month(outlook, FEBRUARY).salaried == 1400 + 1260
    assert of_month(outlook, date(2026, 5, 1)).salaried == 3 * 1190
    assert [of.income for of in outlook.months[:3]] == [5000, 6000, 5000 * Decimal("0.7") + 300]
    assert [of.costs for of in outlook.months[:4]] == [1200, 1800, 0, 0]
    assert of_month(outlook, APRIL).revenue == {"7": 3500, "": 300}


def test_somebody_new_is_paid_and_works_from_their_month():
    new = Change(Kind.PERSON, APRIL, minutes=28 * 60, is_salaried=True)
    base, outlook = side_by_side(facts(worker(35)), [(), (new,)])
    assert of_month(outlook, MARCH) == of_month(base, MARCH)
    # From 1 April, a Wednesday: the pay of 17 April is of 30 March to 12 April, 8 of its days are theirs.
    assert of_month(outlook, APRIL).salaried - of_month(base, APRIL).salaried == Decimal("5.6") * 8 * 20
    assert of_month(outlook, APRIL).contributions > of_month(base, APRIL).contributions
    assert of_month(outlook, APRIL).work_minutes > of_month(base, APRIL).work_minutes


def test_hours_never_go_below_zero():
    outlook = foresee(facts(worker(35)), changes=[Change(Kind.HOURS, FEBRUARY, percent=Decimal(-150))])
    assert outlook.months[3].pay == 0


# Laws ---------------------------------------------------------------------------------------------

WORKERS = st.lists(
    st.builds(
        lambda hours, salaried, starts_on: worker(hours, salaried=salaried, starts_on=starts_on),
        st.integers(1, 60),
        st.booleans(),
        st.dates(date(2025, 1, 1), date(2026, 12, 1)),
    ),
    max_size=3,
)
CALENDARS = st.sampled_from(
    [
        Calendar("biweekly", date(2026, 1, 5), 5),
        Calendar("weekly", date(2026, 1, 4), 3),
        Calendar("semimonthly", date(2026, 1, 1), 5),
        Calendar("monthly", date(2026, 1, 1), 0),
    ]
)
AMOUNTS = st.lists(
    st.builds(
        Expected,
        is_revenue=st.booleans(),
        amount=st.decimals(1, 9999, places=2),
        first=st.sampled_from([FEBRUARY, APRIL, date(2026, 10, 1)]),
        is_monthly=st.booleans(),
    ),
    max_size=4,
)
few = settings(max_examples=25, deadline=None)


@few
@given(WORKERS, CALENDARS, AMOUNTS, st.decimals(-5000, 50000, places=2))
def test_sums_foot_whatever_the_coop(workers, calendar, expected, opening):
    """Sum of months = total; cash = what is spent, but for what was owed before and is owed after."""
    outlook = foresee(facts(*workers, calendar=calendar), opening=opening, expected=expected)
    whole = outlook.total
    assert whole == total(outlook.months)
    assert whole.result == sum(of.result for of in outlook.months)
    assert outlook.closing == opening + sum(of.cash for of in outlook.months)
    assert whole.nets + whole.remitted == whole.pay_cost + outlook.owed - outlook.left_owed
    assert whole.pay == whole.salaried + whole.freelance
    assert all(0 <= of.contributions <= of.salaried * Decimal("0.2") for of in outlook.months)
    assert Outlook.from_dict(outlook.to_dict()) == outlook


@few
@given(WORKERS, AMOUNTS)
def test_scenario_that_changes_nothing_is_the_base(workers, expected):
    known = facts(*workers)
    nothing = (
        Change(Kind.HOURS, FEBRUARY, percent=Decimal(0)),
        Change(Kind.REVENUE, FEBRUARY, percent=Decimal(0)),
        Change(Kind.COSTS, FEBRUARY, amount=Decimal(0)),
        Change(Kind.RATE, FEBRUARY, amount=Decimal("20.00")),
    )
    base, same, empty = side_by_side(known, [(), nothing, ()], expected=expected)
    assert base == same == empty


@few
@given(WORKERS, st.decimals(15, 60, places=2), st.decimals(0, 10, places=2))
def test_a_higher_rate_never_costs_less(workers, amount, more):
    lower, higher = side_by_side(
        facts(*workers),
        [(Change(Kind.RATE, FEBRUARY, amount=rate),) for rate in (amount, amount + more)],
    )
    assert higher.total.pay_cost >= lower.total.pay_cost
    assert higher.total.pay >= lower.total.pay
    assert higher.total.work_minutes == lower.total.work_minutes


@few
@given(WORKERS, st.permutations([0, 1, 2]))
def test_order_of_people_changes_nothing(workers, order):
    shuffled = [workers[place] for place in order if place < len(workers)]
    assert foresee(facts(*shuffled)) == foresee(facts(*workers))


@few
@given(WORKERS, CALENDARS)
def test_facts_come_back_from_what_is_kept(workers, calendar):
    premium = Premium(LONG_AGO, date(2026, 12, 31), Decimal("0.95"), is_with_quebec=False)
    remits = (Remits("rq", "monthly", date(2026, 1, 1), None),)
    away = Worker((Work(LONG_AGO, None, True, 60),), ((date(2026, 7, 6), Decimal("0.5")),))
    known = facts(*workers, away, calendar=calendar, premium=premium, remits=remits)
    assert Facts.from_dict(known.to_dict()) == known
