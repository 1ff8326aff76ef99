"""Time not worked that the law has paid, run by run, on PostgreSQL."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from members.models import Cooperative, Power, WorkStatus
from payroll import bank, ledgers, periods, profiles, runs, settling
from payroll.comparison import differences
from payroll.models import PayStub, StubLine
from tests import make
from timesheets import leave as leaves

pytestmark = pytest.mark.django_db

BECAUSE = "Tout a été vérifié."
FIRST = date(2026, 9, 14)
WEEK = dict.fromkeys(["mon", "tue", "wed", "thu", "fri"], 7)
THANKSGIVING = date(2026, 10, 12)


def period(number):
    """The first day of the nth period of two weeks; it is paid five days after its last one."""
    return FIRST + timedelta(14 * number)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-27 15:00:00+00:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def coop():
    made = make.cooperative(first_period_on=FIRST, leave_paid_from=FIRST)
    make.rate("21.50")
    return made


@pytest.fixture
def ana(coop):
    return make.person("Ana", family_name="Abel", born_on=date(1985, 5, 1))


@pytest.fixture
def clerk(coop):
    return make.person("Yan", kind=None, powers=[Power.APPROVE_HOURS])


@pytest.fixture
def preparer(coop):
    return make.person("Paule", kind=None, powers=[Power.PREPARE_PAY])


@pytest.fixture
def pay(preparer):
    issuer = make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])

    def do(number):
        run = runs.prepare(periods.starting(period(number)), by=preparer, because=BECAUSE)
        return runs.issue(run, by=issuer, documents=False)

    do.issuer = issuer
    return do


def work(person, *numbers, hours=WEEK):
    """The two weeks of these periods, approved."""
    for number in numbers:
        for week in (period(number), period(number) + timedelta(7)):
            make.approved(person, starts_on=week, hours=hours)


def look(number):
    return runs.preview(periods.starting(period(number)))


def told(stub):
    """What a stub earns: code, week, minutes, amount, reason."""
    return [
        (line.code, line.week_starts_on, line.minutes, line.amount, line.reason)
        for line in stub.lines.filter(side="earning")
    ]


def drafted(seen, *codes):
    return {
        draft.person.given_name: [
            (line.code.value, line.week, line.minutes, line.amount, line.reason)
            for line in draft.earnings
            if not codes or line.code in codes
        ]
        for draft in seen.stubs
    }


def take(person, *days, kind="vacation", minutes=420, by):
    """Leave asked for by the person and approved by the committee."""
    asked = leaves.request(by=person, kind=kind, days=dict.fromkeys(days, minutes))
    return leaves.approve(asked, by=by, seen=leaves.digest_of(asked, dict.fromkeys(days, minutes)))


def weekdays(first, count):
    return [first + timedelta(n + 2 * (n // 5)) for n in range(count)]


def end(person, day):
    WorkStatus.objects.filter(person=person).update(ends_on=day)


# Statutory holidays -------------------------------------------------------------------------------


def test_holiday_is_a_twentieth_of_the_four_weeks_before_it_worked_or_not(ana, pay):
    work(ana, 0, 1, hours=WEEK | {"fri": 14})  # 42 h a week: two of overtime, left out
    pay(0)
    pay(1)
    work(ana, 2)
    stub = pay(2).stubs.get()
    assert told(stub) == [
        ("regular", THANKSGIVING, 2100, Decimal("752.50"), ""),
        ("holiday", THANKSGIVING, None, Decimal("172.00"), ""),
        ("regular", THANKSGIVING + timedelta(7), 2100, Decimal("752.50"), ""),
    ]
    assert stub.facts["indemnities"] == [
        {
            "week": "2026-10-12",
            "code": "holiday",
            "base": "3440.00",
            "first": "2026-09-14",
            "last": "2026-10-11",
            "days": "1",
            "divisor": "20",
            "amount": "172.00",
            "holidays": ["2026-10-12"],
        }
    ]
    assert drafted(look(3)) == {}


def test_who_works_no_hour_of_the_period_has_the_holiday_all_the_same(ana, pay):
    work(ana, 0, hours={"mon": 7})
    make.person("Léa", kind="freelance")
    make.person("Sam", starts_on=THANKSGIVING + timedelta(1))
    pay(0)
    assert drafted(look(2)) == {"Ana": [("holiday", THANKSGIVING, 0, Decimal("15.05"), "")]}


def test_compensatory_day_carries_no_second_indemnity(ana, pay, clerk):
    work(ana, 0)
    pay(0)
    asked = leaves.request(by=ana, kind="holiday", days={date(2026, 10, 13): 420}, compensates=THANKSGIVING)
    leaves.approve(asked, by=clerk, seen=leaves.digest_of(asked, {date(2026, 10, 13): 420}))
    assert drafted(look(2)) == {"Ana": [("holiday", THANKSGIVING, 0, Decimal("75.25"), "")]}


# Days off in the legal week (s. 56) -----------------------------------------------------------------

#: Four days of nine hours: 36, under the legal week but for the day off beside them.
FOUR_LONG_DAYS = dict.fromkeys(["tue", "wed", "thu", "fri"], 9)


def test_holiday_not_worked_counts_where_overtime_is_reckoned(ana, pay):
    make.approved(ana, starts_on=THANKSGIVING, hours=FOUR_LONG_DAYS)
    stub = pay(2).stubs.get()
    assert told(stub)[:2] == [
        ("regular", THANKSGIVING, 33 * 60, Decimal("709.50"), ""),
        ("overtime", THANKSGIVING, 180, Decimal("96.75"), ""),
    ]
    assert stub.facts["days_off"] == {"2026-10-12": 420}


def test_holiday_worked_is_hours_worked_and_counts_once(ana, pay):
    make.approved(ana, starts_on=THANKSGIVING, hours=FOUR_LONG_DAYS | {"mon": 4})
    stub = pay(2).stubs.get()
    assert [line[:3] for line in told(stub)[:2]] == [
        ("regular", THANKSGIVING, 37 * 60),
        ("overtime", THANKSGIVING, 180),
    ]
    assert stub.facts["days_off"] == {"2026-10-12": 180}


def test_holiday_is_no_day_off_of_a_freelancer_nor_of_who_has_no_agreed_hours(coop, pay):
    for name, kind in (("Léa", "freelance"), ("Max", "salaried")):
        person = make.person(name, kind=kind, minutes=0 if kind == "salaried" else 2100)
        make.approved(person, starts_on=THANKSGIVING, hours=FOUR_LONG_DAYS)
    run = pay(2)
    for stub in run.stubs.all():
        assert [line[2] for line in told(stub) if line[0] in ("regular", "overtime")] == [36 * 60]
        assert "days_off" not in stub.facts


@pytest.fixture
def owed(ana, preparer):
    """Vacation that Ana already had when the co-op started."""
    profiles.open_banks(
        ana,
        by=preparer,
        on=FIRST,
        last_year=Decimal("1000.00"),
        this_year=Decimal(0),
        banked_minutes=0,
        earned_in_four_weeks=Decimal(0),
    )


@pytest.mark.usefixtures("owed")
def test_vacation_taken_counts_where_overtime_is_reckoned(ana, pay, clerk):
    take(ana, FIRST, by=clerk)
    make.approved(ana, starts_on=FIRST, hours=FOUR_LONG_DAYS)
    assert [line[:3] for line in told(pay(0).stubs.get())] == [
        ("regular", FIRST, 33 * 60),
        ("overtime", FIRST, 180),
        ("vacation", FIRST, 420),
    ]


@pytest.mark.usefixtures("owed")
@pytest.mark.parametrize("paid_here", [True, False])
def test_vacation_approved_late_makes_overtime_of_hours_paid_as_regular(ana, pay, clerk, paid_here):
    make.cooperative(first_period_on=FIRST, leave_paid_from=FIRST if paid_here else None)
    make.approved(ana, starts_on=FIRST, hours=FOUR_LONG_DAYS)
    pay(0)
    take(ana, FIRST, by=clerk)
    work(ana, 1)
    late = [line for line in told(pay(1).stubs.get()) if line[1] == FIRST and line[0] != "vacation"]
    assert late == [
        ("regular", FIRST, -180, Decimal("-64.50"), "correction"),
        ("overtime", FIRST, 180, Decimal("96.75"), "late"),
    ]
    work(ana, 2)
    assert {line[1] for line in drafted(look(2), "regular", "overtime")["Ana"]} == {
        THANKSGIVING,
        THANKSGIVING + timedelta(7),
    }


@pytest.mark.usefixtures("owed")
def test_vacation_given_back_makes_regular_hours_again(ana, pay, clerk):
    asked = take(ana, FIRST, by=clerk)
    make.approved(ana, starts_on=FIRST, hours=FOUR_LONG_DAYS)
    pay(0)
    back = leaves.cancel(asked, by=ana, starts_on=FIRST, ends_on=FIRST, because="Je n’y suis pas allée.")
    leaves.accept_cancellation(back, by=clerk)
    work(ana, 1)
    late = [line[:3] for line in told(pay(1).stubs.get()) if line[1] == FIRST and line[0] != "vacation"]
    assert late == [("regular", FIRST, 180), ("overtime", FIRST, -180)]


def test_late_hours_of_one_of_the_weeks_raise_the_indemnity_once(ana, pay):
    work(ana, 0, 1, 2)
    for number in range(3):
        pay(number)
    make.approved(ana, starts_on=FIRST, hours={"sat": 2})
    stub = pay(3).stubs.get()
    assert told(stub) == [
        ("regular", FIRST, 120, Decimal("43.00"), "late"),
        ("holiday", THANKSGIVING, None, Decimal("2.15"), "base"),
    ]
    assert stub.facts["indemnities"][0]["amount"] == "152.65"
    assert drafted(look(4)) == {}


def test_rate_raised_for_the_past_raises_the_indemnity(ana, pay):
    work(ana, 0, 1, 2)
    for number in range(3):
        pay(number)
    make.rate("22.00", starts_on=FIRST)
    (draft,) = look(3).stubs
    assert [(line.amount, line.reason) for line in draft.earnings if line.code == "holiday"] == [
        (Decimal("3.50"), "base")
    ]
    assert sum(line.amount for line in draft.earnings if line.code == "regular") == Decimal("105.00")


def test_voided_holiday_is_paid_again_even_in_a_week_without_hours(ana, pay, preparer):
    work(ana, 0)
    pay(0)
    stub = pay(2).stubs.get()
    runs.issue(runs.void_stub(stub, by=preparer, because="essai"), by=pay.issuer, documents=False)
    assert drafted(look(3)) == {"Ana": [("holiday", THANKSGIVING, 0, Decimal("75.25"), "void")]}


def test_holiday_of_somebody_who_had_left_is_taken_back(ana, pay):
    work(ana, 0, 1, 2)
    for number in range(3):
        pay(number)
    end(ana, THANKSGIVING - timedelta(1))
    WorkStatus.objects.create(
        person=ana, kind="freelance", tenure="occasional", job_title="Pige", starts_on=THANKSGIVING
    )
    left = look(3)
    (owing,) = [of for of in left.carried if of.kind == "stub"]
    assert owing.gross < -150


def test_an_indemnity_counts_among_the_wages_of_the_next(coop, pay):
    """Christmas is a part of the four weeks before New Year's Day."""
    first = date(2025, 11, 24)
    make.cooperative(first_period_on=first, leave_paid_from=first)
    ana = make.person("Ana")
    for week in range(4):
        make.approved(ana, starts_on=first + timedelta(7 * week), hours=WEEK)
    for number in range(-21, -19):  # 24 November and 8 December 2025
        assert period(number) in (first, first + timedelta(14))
        pay(number)
    seen = look(-19)
    assert drafted(seen) == {
        "Ana": [
            ("holiday", date(2025, 12, 22), 0, Decimal("150.50"), ""),
            # Of three weeks of 752.50 $ and of Christmas.
            ("holiday", date(2025, 12, 29), 0, Decimal("120.40"), ""),
        ]
    }


def test_holiday_whose_weeks_were_paid_elsewhere_is_said_and_may_be_completed(ana, preparer, pay):
    make.cooperative(first_period_on=date(2026, 9, 28), leave_paid_from=date(2026, 9, 28))
    work(ana, 1)
    pay(1)
    seen = look(2)
    found = runs.preflight(periods.starting(period(2)), seen)
    assert sum("1/20" in finding.sentence for finding in found) == 1
    assert drafted(seen)["Ana"] == [("holiday", THANKSGIVING, 0, Decimal("75.25"), "")]
    profiles.open_banks(
        ana,
        by=preparer,
        on=date(2026, 9, 28),
        last_year=Decimal(0),
        this_year=Decimal(0),
        banked_minutes=0,
        earned_in_four_weeks=Decimal("3010.00"),
    )
    seen = look(2)
    assert drafted(seen)["Ana"] == [("holiday", THANKSGIVING, 0, Decimal("150.50"), "")]
    assert ana.pk not in seen.due.unknown_base[THANKSGIVING]


def test_nothing_is_paid_for_leave_where_the_coop_pays_it_otherwise(ana, pay, clerk):
    make.cooperative(first_period_on=FIRST, leave_paid_from=None)
    work(ana, 0, 1, 2)
    take(ana, date(2026, 10, 13), minutes=300, by=clerk)
    for number in range(3):
        codes = {line[0] for line in told(pay(number).stubs.get())}
    assert codes == {"regular"}
    assert "vacation_bank" not in PayStub.objects.last().facts


@pytest.mark.parametrize(
    ("code", "minutes", "rate"),
    [("holiday", 420, None), ("sick", None, None), ("vacation", 420, None), ("regular", None, None)],
)
def test_database_knows_which_lines_have_hours_and_a_rate(ana, pay, code, minutes, rate):
    work(ana, 0)
    run = runs.prepare(periods.starting(FIRST), by=make.person(powers=[Power.PREPARE_PAY]), because=BECAUSE)
    stub = PayStub.objects.create(run=run, person=ana, kind="stub", language="fr-ca", facts={})
    with pytest.raises(IntegrityError, match="payroll_earnings_have_hours"), transaction.atomic():
        StubLine.objects.create(
            stub=stub,
            side="earning",
            code=code,
            week_starts_on=FIRST,
            minutes=minutes,
            rate=rate,
            amount=Decimal(1),
        )


# Sick and family days -----------------------------------------------------------------------------


def test_first_two_sick_or_family_days_of_the_year_are_paid(ana, pay, clerk):
    work(ana, 0, 1)
    pay(0)
    pay(1)
    take(ana, date(2026, 10, 13), kind="sick", by=clerk)
    take(ana, date(2026, 10, 15), kind="family", minutes=210, by=clerk)
    take(ana, date(2026, 10, 20), date(2026, 10, 21), kind="sick", by=clerk)
    stub = pay(2).stubs.get()
    assert told(stub) == [
        ("holiday", THANKSGIVING, None, Decimal("150.50"), ""),
        ("sick", THANKSGIVING, 630, Decimal("225.75"), ""),
        # The half day that is left, of three weeks and what was paid of that of the holiday.
        ("sick", date(2026, 10, 19), 210, Decimal("65.84"), ""),
    ]
    assert [of["days"] for of in stub.facts["indemnities"]] == ["1", "3/2", "1/2"]
    assert drafted(look(3)) == {}


def test_earlier_sick_day_approved_late_takes_the_place_of_a_later_one(ana, pay, clerk):
    work(ana, 0, 1)
    pay(0)
    take(ana, date(2026, 9, 29), date(2026, 9, 30), kind="sick", by=clerk)
    assert [line[2] for line in told(pay(1).stubs.get()) if line[0] == "sick"] == [840]
    take(ana, date(2026, 9, 16), kind="sick", by=clerk)
    moved = drafted(look(2), "sick")["Ana"]
    # Nothing was earned before the first period: the day that is now paid is worth nothing.
    assert [(week, minutes) for _code, week, minutes, *_ in moved] == [
        (FIRST, 420),
        (date(2026, 9, 28), -420),
    ]
    assert moved[1][-1] == "correction"


def test_paid_sick_days_are_looked_at_again_for_this_year_and_the_last():
    """Each of these years is read whole, so that its first days are known."""
    assert settling.sick_from(date(2026, 1, 5)) == settling.sick_from(date(2026, 11, 2)) == date(2025, 1, 1)


def test_sick_days_are_paid_after_three_months_of_service(coop, pay, clerk):
    new = make.person("Noé", starts_on=date(2026, 7, 1))
    work(new, 0)
    pay(0)
    take(new, date(2026, 9, 30), kind="sick", by=clerk)
    take(new, date(2026, 10, 1), kind="sick", by=clerk)
    assert drafted(look(1)) == {"Noé": [("sick", date(2026, 9, 28), 420, Decimal("75.25"), "")]}


# Vacation -----------------------------------------------------------------------------------------


def test_each_stub_says_what_vacation_it_earned(ana, pay):
    new = make.person("Noé", starts_on=date(2026, 9, 1))
    work(ana, 0)
    work(new, 0)
    said = [stub.facts["vacation_bank"] for stub in pay(0).stubs.order_by("person__given_name")]
    assert said == [
        {"part": "0.06", "accrued": "90.30", "balance": "90.30"},
        {"part": "0.04", "accrued": "60.20", "balance": "60.20"},
    ]


@pytest.fixture
def rested(ana, pay, preparer):
    """Ana came with 1,000 $ of vacation of the last reference year, and was paid twice since."""
    profiles.open_banks(
        ana,
        by=preparer,
        on=FIRST,
        last_year=Decimal("1000.00"),
        this_year=Decimal("100.00"),
        banked_minutes=0,
        earned_in_four_weeks=Decimal(0),
    )
    work(ana, 0, 1)
    pay(0)
    return ana


def test_vacation_is_paid_as_one_sum_before_the_leave(rested, pay, clerk):
    """The pay of 16 October comes before the leave of 26 October; that of 30 October would not."""
    take(rested, *weekdays(date(2026, 10, 26), 5), by=clerk)
    stub = pay(1).stubs.get()
    assert stub.run.pay_on == date(2026, 10, 16)
    assert told(stub)[-1] == ("vacation", date(2026, 10, 26), 2100, Decimal("752.50"), "")
    assert stub.facts["vacation_bank"] == {
        "part": "0.06",
        "accrued": "135.45",
        "taken": "752.50",
        "balance": "573.25",
    }
    codes = [line[0] for line in told(pay(2).stubs.get())]
    assert codes == ["holiday"]
    assert drafted(look(3)) == {}


def test_leave_that_starts_after_the_next_pay_waits(rested, pay, clerk):
    take(rested, date(2026, 10, 30), by=clerk)
    assert [line[0] for line in told(pay(1).stubs.get())] == ["regular", "regular"]
    assert [line[:3] for line in told(pay(2).stubs.get())] == [
        ("holiday", THANKSGIVING, None),
        ("vacation", date(2026, 10, 26), 420),
    ]


def test_what_was_paid_ahead_is_not_taken_back_by_a_nearer_pay(rested, pay, clerk):
    take(rested, *weekdays(date(2026, 10, 26), 5), by=clerk)
    pay(1)
    # The co-op now pays every week: its next pays come sooner.
    Cooperative.objects.update(pay_frequency="weekly")
    seen = runs.preview(periods.starting(date(2026, 10, 12)))
    assert drafted(seen) == {"Ana": [("holiday", THANKSGIVING, 0, Decimal("150.50"), "")]}


def test_days_given_back_return_to_the_bank(rested, pay, clerk):
    taken = take(rested, *weekdays(date(2026, 10, 26), 5), by=clerk)
    pay(1)
    back = leaves.cancel(
        taken, by=rested, starts_on=date(2026, 10, 29), ends_on=date(2026, 10, 30), because="travaillé"
    )
    leaves.accept_cancellation(back, by=clerk)
    work(rested, 2)
    stub = pay(2).stubs.get()
    assert ("vacation", date(2026, 10, 26), -840, Decimal("-301.00"), "correction") in told(stub)
    assert stub.facts["vacation_bank"]["taken"] == "-301.00"


def test_vacation_beyond_the_bank_is_said_and_not_paid(rested, pay, clerk, preparer):
    with pytest.raises(leaves.BankIsShort):
        take(rested, *weekdays(date(2026, 10, 19), 20), by=clerk)
    asked = make.leave(rested, *weekdays(date(2026, 10, 19), 10), by=clerk)
    seen = look(1)
    paid = [line for line in drafted(seen)["Ana"] if line[0] == "vacation"]
    assert [line[2:4] for line in paid] == [
        (2100, Decimal("752.50")),
        (1221, Decimal("437.53")),
    ]
    (sentence,) = [
        finding.sentence
        for finding in runs.preflight(periods.starting(period(1)), seen)
        if finding.url == "payroll:banks_of"
    ]
    assert "14 h 39" in sentence.replace("\u00a0", " ").replace("\u202f", " ")
    pay(1)
    # What the pay has earned since pays a part of what waited, as late.
    more = [line for line in drafted(look(2))["Ana"] if line[0] == "vacation"]
    assert sum(line[3] for line in more) <= Decimal("161.97")
    assert asked.is_approved


def test_vacation_voided_returns_to_the_bank_and_is_paid_again(rested, pay, clerk, preparer):
    take(rested, date(2026, 10, 19), by=clerk)
    stub = pay(1).stubs.get()
    mirror = runs.issue(runs.void_stub(stub, by=preparer, because="essai"), by=pay.issuer, documents=False)
    assert mirror.stubs.get().facts["vacation_bank"] == {
        "part": "0.06",
        "accrued": "-99.33",
        "taken": "-150.50",
        "balance": "1190.30",
    }
    codes = [line[0] for line in drafted(look(2))["Ana"]]
    assert codes.count("vacation") == 1


def test_vacation_may_be_asked_for_as_far_as_agreed_hours_will_earn_it(ana, pay, clerk):
    """2,100 minutes a week at 21.50 $ earn 45.15 $: 2 h 06 of vacation a week."""
    work(ana, 0)
    pay(0)
    (balance,) = [each for each in leaves.balances_of(ana.pk, date(2026, 9, 28)) if each.kind == "vacation"]
    assert balance.minutes == 252
    (later,) = [each for each in leaves.balances_of(ana.pk, date(2026, 12, 14)) if each.kind == "vacation"]
    # Paid by the pay of 11 December: those of 16 and 30 October, 13 and 27 November come before.
    assert later.minutes == 252 * 5
    with pytest.raises(leaves.BankIsShort, match="21"):
        leaves.request(by=ana, kind="vacation", days=dict.fromkeys(weekdays(date(2026, 12, 14), 4), 420))
    assert leaves.request(by=ana, kind="vacation", days={date(2026, 12, 14): 420})


def test_leave_taken_before_the_bank_was_kept_does_not_draw_on_it(ana, pay, clerk):
    make.leave(ana, date(2026, 8, 10), by=clerk)
    work(ana, 0)
    pay(0)
    (balance,) = leaves.balances_of(ana.pk, date(2026, 9, 28))
    assert (balance.minutes, balance.promised) == (252, 0)


def test_departure_pays_all_that_is_left_with_that_of_its_own_pay(rested, pay):
    end(rested, date(2026, 10, 9))
    stub = pay(1).stubs.get()
    # 1,100 $ and 6 % of four weeks of 752.50 $.
    assert told(stub)[-1] == ("vacation_out", date(2026, 10, 5), None, Decimal("1280.60"), "")
    assert stub.nonperiodic == Decimal("1280.60")
    assert stub.facts["vacation_bank"] == {
        "part": "0.06",
        "accrued": "90.30",
        "out": "1280.60",
        "balance": "0.00",
    }
    # Hours approved after the departure earn their vacation too.
    make.approved(rested, starts_on=period(1), hours={"sat": 2})
    late = pay(2).stubs.get()
    assert told(late) == [
        ("regular", period(1), 120, Decimal("43.00"), "late"),
        ("vacation_out", date(2026, 10, 19), None, Decimal("2.58"), ""),
    ]
    assert drafted(look(3)) == {}


def test_who_leaves_is_paid_even_without_any_hours_left(rested, pay):
    pay(1)
    end(rested, date(2026, 10, 11))
    seen = look(2)
    assert [line[0] for line in drafted(seen)["Ana"]] == ["vacation_out"]
    assert any("Ana" in sentence for sentence in differences(seen, None))


def test_what_is_left_of_a_year_is_paid_after_its_twelve_months(ana, pay, preparer, clerk):
    """The reference year that starts in November: what it had left a year later is paid then."""
    Cooperative.objects.update(vacation_year_month=11)
    profiles.open_banks(
        ana,
        by=preparer,
        on=FIRST,
        last_year=Decimal("400.00"),  # November 2024 to October 2025, to take by 31 October 2026
        this_year=Decimal("500.00"),
        banked_minutes=0,
        earned_in_four_weeks=Decimal(0),
    )
    make.leave(ana, date(2026, 9, 21), by=clerk)
    make.leave(ana, date(2026, 12, 1), by=clerk)
    make.approved(ana, starts_on=FIRST, hours=WEEK)
    make.approved(ana, starts_on=FIRST + timedelta(7), hours=dict.fromkeys(["tue", "wed", "thu", "fri"], 7))
    assert [line[0] for line in told(pay(0).stubs.get())] == ["regular", "regular", "vacation"]
    assert drafted(look(1)) == {}
    assert drafted(look(2), "vacation_out") == {"Ana": []}
    # 400 $ less the day taken. The day approved for December is kept from what the next year earned.
    assert drafted(look(3)) == {
        "Ana": [
            # The period of Thanksgiving was skipped: this pay catches up.
            ("holiday", THANKSGIVING, 0, Decimal("75.25"), "late"),
            ("vacation_out", date(2026, 11, 2), 0, Decimal("249.50"), ""),
        ]
    }


# Banked overtime ----------------------------------------------------------------------------------


def test_overtime_banked_over_a_year_ago_is_paid_out_at_the_rate_of_the_day(coop, preparer, clerk, pay):
    first = date(2025, 9, 29)  # twenty-five periods before
    make.cooperative(first_period_on=first, leave_paid_from=None)
    ana = make.person("Ana")
    profiles.bank_overtime(ana, by=ana, starts_on=first, asked_on=first)
    make.approved(ana, starts_on=first, hours=dict.fromkeys(WEEK, 9))  # 5 h: 7 h 30 of leave
    assert period(-25) == first
    pay(-25)
    make.rate("22.00", starts_on=date(2026, 6, 1))
    take(ana, date(2026, 9, 21), kind="banked", minutes=60, by=clerk)
    assert told(pay(0).stubs.get()) == [
        ("taken", date(2026, 9, 21), 60, Decimal("22.00"), ""),
    ]
    stub = pay(1).stubs.get()  # to 11 October: twelve months after 5 October 2025
    assert told(stub) == [("bank_out", date(2026, 10, 5), 390, Decimal("143.00"), "")]
    assert stub.facts["overtime_bank"] == {"earned": 0, "out": 390, "balance": 0}
    assert stub.nonperiodic == Decimal("143.00")
    assert drafted(look(2)) == {}
    runs.issue(runs.void_stub(stub, by=preparer, because="essai"), by=pay.issuer, documents=False)
    assert bank.balances(people=[ana.pk])[ana.pk].balance == 390
    assert drafted(look(2)) == {"Ana": [("bank_out", date(2026, 10, 19), 390, Decimal("143.00"), "")]}


def test_departure_pays_the_whole_overtime_bank(ana, pay):
    profiles.bank_overtime(ana, by=ana, starts_on=FIRST, asked_on=FIRST)
    work(ana, 0, hours=dict.fromkeys(WEEK, 9))
    end(ana, FIRST + timedelta(13))
    stub = pay(0).stubs.get()
    assert [line[:4] for line in told(stub) if line[0] == "bank_out"] == [
        ("bank_out", date(2026, 9, 21), 900, Decimal("322.50"))
    ]
    # What the bank pays earns vacation, which is paid too.
    assert [line[3] for line in told(stub) if line[0] == "vacation_out"] == [Decimal("122.55")]


# Ledgers ------------------------------------------------------------------------------------------


def test_ledger_adds_up_to_what_the_stubs_say(rested, pay, clerk):
    take(rested, *weekdays(date(2026, 10, 19), 3), by=clerk)
    pay(1)
    pay(2)
    found = ledgers.of_person(rested, today=date(2026, 11, 27))
    earned = sum(moved.earned for moved in found.vacation)
    taken = sum(moved.taken + moved.out for moved in found.vacation)
    assert found.vacation[0].balance == found.vacation_balance == earned - taken
    said = [stub.facts["vacation_bank"]["balance"] for stub in PayStub.objects.order_by("-run__pay_on")]
    assert said == [f"{moved.balance:.2f}" for moved in found.vacation[:3]]
    assert sum(of.left for of in found.years) == found.vacation_balance
    assert found.minutes == int(found.vacation_balance * 60 / Decimal("21.50"))


@pytest.mark.parametrize("people", [1, 3])
def test_leave_of_many_takes_the_same_queries(ana, pay, clerk, people, django_assert_num_queries):
    workers = [ana, *(make.person("Léa") for _ in range(people - 1))]
    for worker in workers:
        work(worker, 0, 1)
    pay(0)
    pay(1)
    for worker in workers:
        make.approved(worker, starts_on=FIRST, hours={"sat": 1})
        work(worker, 2)
        make.leave(worker, date(2026, 10, 13), kind="sick", by=clerk)
        make.leave(worker, date(2026, 10, 20), by=clerk)
    with django_assert_num_queries(45):
        seen = look(2)
    assert len(seen.stubs) == people
    assert {line.code.value for line in seen.stubs[-1].earnings} == {
        "regular",
        "overtime",
        "holiday",
        "sick",
        "vacation",
    }
