"""What is read of absences: who is away and never why, the week, the law's counters, the pages."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from members.models import Power, WorkStatus
from payroll import profiles
from tests import make
from tests.payroll import paid
from timesheets import (
    absences,
    conflicts,
    hours,
    leave,
    leave_days,
    leave_rules,
    leave_words,
    workflow,
    worth,
)
from timesheets.absences import Away
from timesheets.models import Leave, LeaveCancellation, LeaveDay
from timesheets.unusual import signals
from timesheets.week_sums import WeekSum, Worked

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=ZoneInfo("America/Toronto"))
YESTERDAY, TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)
MONDAY = date(2026, 11, 30)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]
A_DAY = 7 * 60
THIS_WEEK = date(2026, 11, 23)
PATRIOTS, NATIONAL, CANADA_DAY = date(2026, 5, 18), date(2026, 6, 24), date(2026, 7, 1)


@pytest.fixture(autouse=True)
def _wednesday():
    with time_machine.travel(NOON, tick=False), translation.override("en-ca"):
        yield


@pytest.fixture
def ana(db):
    make.cooperative()
    return make.person("Ana", family_name="Abel", language="en-ca")


@pytest.fixture
def bea(ana):
    return make.person("Béa", family_name="Beau", language="en-ca")


@pytest.fixture
def clerk(ana):
    return make.person("Bob", family_name="Côté", powers=[Power.APPROVE_HOURS], language="en-ca")


def given_back(asked, *days, by=None):
    back = LeaveCancellation.objects.create(
        leave=asked,
        person=asked.person,
        starts_on=min(days),
        ends_on=max(days),
        because="Erreur",
        asked_on=TODAY,
    )
    if by:
        leave.accept_cancellation(back, by=by)


# Days, in plain dates -----------------------------------------------------------------------------


def test_days_are_proposed_on_weekdays_that_are_no_holiday():
    proposed = leave_days.proposed(date(2026, 12, 23), date(2026, 12, 28), lambda _day: 35 * 60)
    assert proposed == {
        date(2026, 12, 23): A_DAY,
        date(2026, 12, 24): A_DAY,
        date(2026, 12, 28): A_DAY,
    }


def test_days_follow_what_is_agreed_on_each():
    agreed = {MONDAY: 0, WEEK[1]: 24 * 60, WEEK[2]: 28 * 60}
    assert leave_days.proposed(MONDAY, WEEK[2], agreed.__getitem__) == {WEEK[1]: 288, WEEK[2]: 336}


@pytest.mark.parametrize(("agreed", "length"), [(35 * 60, 420), (0, 0), (3, 1), (2, 0), (2400, 480)])
def test_length_of_a_day_is_a_fifth_of_the_week(agreed, length):
    assert leave_days.length_of_day(agreed) == length


@pytest.mark.parametrize(
    ("minutes", "agreed", "share"),
    [(210, 2100, Fraction(1, 2)), (420, 2100, 1), (600, 2100, 1), (1, 0, 1), (140, 2100, Fraction(1, 3))],
)
def test_part_of_a_day_is_a_part_of_one(minutes, agreed, share):
    assert leave_days.share_of_day(minutes, agreed) == share


# The law's figures --------------------------------------------------------------------------------

RULES = """
edition = "x"
publication = "x"
effective_from = 2026-01-01
reviewed_through = 2026-12-31
[values]
"""


def figures(**changed) -> str:
    said = {"source": '"s"', "source_fr": '"s"', "consulted_on": "2026-01-01", "confidence": '"P"'}
    entry = {"value": 1} | said | changed
    line = ", ".join(f"{key} = {value}" for key, value in entry.items() if value is not None)
    return RULES + "\n".join(f"{name} = {{ {line} }}" for name in sorted(leave_rules.FIGURES))


def test_each_figure_has_a_source_a_day_and_a_confidence():
    for name in leave_rules.FIGURES:
        figure = getattr(leave_rules.latest_rules(), name)
        assert len(figure.source) > 20
        with translation.override("fr-ca"):
            assert figure.cited == figure.source_fr
        with translation.override("en-ca"):
            assert figure.cited == figure.source != figure.source_fr
        assert figure.consulted_on <= date(2026, 11, 24)


def test_figures_are_what_the_law_says():
    """Act respecting labour standards, s. 63, 79.1, 79.7, 79.16, 81.10; National Holiday Act, s. 5 and 6."""
    rules = leave_rules.latest_rules()
    said = {name: getattr(rules, name).value for name in leave_rules.FIGURES}
    assert said == {
        "family_days_a_year": 10,
        "paid_days_a_year": 2,
        "service_months_for_paid_days": 3,
        "year_starts_in_month": 1,
        "sick_weeks": 26,
        "sick_weeks_within_months": 12,
        "absences_without_proof": 3,
        "days_without_proof": 3,
        "parental_weeks": 65,
        "worked_holiday_weeks": 3,
        "national_holiday_working_days": 1,
    }
    assert rules.family_days_a_year.is_to_verify is False
    assert rules.paid_days_a_year.is_to_verify is True


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2027, 1, 1)])
def test_no_figure_is_given_for_a_day_nobody_reviewed(day):
    assert leave_rules.rules_on(day) is None
    assert leave_rules.rules_on(date(2026, 12, 31)) is leave_rules.latest_rules()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (figures(source='" "'), "source is empty"),
        (figures(source_fr='" "'), "source is empty"),
        (figures(confidence='"Z"'), "confidence"),
        (figures(value="0"), "above zero"),
        (figures(value="true"), "above zero"),
        (figures(consulted_on='"2026"'), "consulted_on"),
        (figures(source=None), "source"),
        (figures() + '\nmore = { value = 1, source = "s" }', "more"),
        (RULES, "family_days_a_year"),
        (figures().replace("2026-12-31", "2025-12-31"), "before"),
    ],
)
def test_file_that_leaves_something_out_is_refused(text, said):
    with pytest.raises(leave_rules.RulesError, match=said):
        leave_rules.read(text)


# The law's counters, by hand ----------------------------------------------------------------------


def counted(person, on=TODAY):
    found = absences.counters_of(person.pk, on)
    return found.family, found.paid, found.sick


def test_counters_by_hand(ana, clerk):
    """Two days and a half of family, one of sickness; the third paid day is not paid by law."""
    make.leave(ana, date(2026, 2, 3), date(2026, 2, 4), kind="family", by=clerk)
    make.leave(ana, date(2026, 3, 3), kind="family", minutes=210, by=clerk)
    make.leave(ana, date(2026, 4, 7), kind="sick", by=clerk)
    assert counted(ana) == (Fraction(5, 2), 2, 1)
    counters = absences.counters_of(ana.pk, TODAY)
    assert (counters.family_left, counters.paid_left) == (Fraction(15, 2), 0)


def test_half_a_paid_day_is_left_after_a_day_and_a_half(ana, clerk):
    make.leave(ana, date(2026, 2, 3), kind="sick", by=clerk)
    make.leave(ana, date(2026, 3, 3), kind="family", minutes=210, by=clerk)
    assert absences.counters_of(ana.pk, TODAY).paid_left == Fraction(1, 2)


def test_only_approved_sick_and_family_days_of_the_year_are_counted(ana, clerk):
    make.leave(ana, date(2025, 12, 31), kind="family", by=clerk)
    make.leave(ana, date(2027, 1, 4), kind="family", by=clerk)
    make.leave(ana, date(2026, 3, 2), kind="vacation", by=clerk)
    make.leave(ana, date(2026, 3, 3), kind="family")
    make.leave(make.person(), date(2026, 3, 3), kind="family", by=clerk)
    back = make.leave(ana, date(2026, 3, 4), kind="family", by=clerk)
    given_back(back, date(2026, 3, 4), by=clerk)
    assert counted(ana) == (0, 0, 0)
    make.leave(ana, date(2026, 1, 1), date(2026, 12, 31), kind="family", by=clerk)
    assert counted(ana) == (2, 2, 0)


def test_sickness_is_counted_over_twelve_months(ana, clerk):
    make.leave(ana, date(2025, 11, 25), kind="sick", by=clerk)
    make.leave(ana, date(2025, 11, 26), date(2026, 11, 25), kind="sick", by=clerk)
    make.leave(ana, date(2026, 11, 26), kind="sick", by=clerk)
    assert counted(ana) == (0, 2, 2)


def test_days_before_three_months_of_service_are_neither_paid_nor_used_up(clerk):
    new = make.person("Neuf", starts_on=date(2026, 6, 15))
    make.leave(new, date(2026, 7, 2), kind="sick", by=clerk)
    make.leave(new, date(2026, 9, 14), kind="sick", by=clerk)
    counters = absences.counters_of(new.pk, TODAY)
    assert (counters.paid, counters.paid_from) == (0, date(2026, 9, 15))
    make.leave(new, date(2026, 9, 15), kind="sick", by=clerk)
    assert absences.counters_of(new.pk, TODAY).paid == 1


def test_service_is_uninterrupted_through_a_change_of_hours_and_not_through_a_gap(ana):
    first = ana.work_statuses.get()
    WorkStatus.objects.filter(pk=first.pk).update(ends_on=date(2026, 9, 30))
    since = {"person": ana, "tenure": "permanent", "agreed_minutes_per_week": 1200, "job_title": "x"}
    changed = WorkStatus.objects.create(kind="salaried", starts_on=date(2026, 10, 1), **since)
    assert absences.counters_of(ana.pk, TODAY).paid_from == make.LONG_AGO + timedelta(days=91)
    WorkStatus.objects.filter(pk=changed.pk).update(starts_on=date(2026, 10, 2))
    assert absences.counters_of(ana.pk, TODAY).paid_from == date(2027, 1, 2)


def test_freelancers_and_days_nobody_reviewed_have_no_counters(ana, db):
    assert absences.counters_of(make.person(kind="freelance").pk, TODAY) is None
    assert absences.counters_of(ana.pk, date(2027, 1, 1)) is None


@pytest.mark.parametrize("days", [1, 3])
def test_counters_take_two_queries(ana, clerk, days, django_assert_num_queries):
    make.leave(ana, *WEEK[:days], kind="sick", by=clerk)
    with django_assert_num_queries(2):
        absences.counters_of(ana.pk, TODAY)


@pytest.mark.parametrize(
    ("days", "written"),
    [(Fraction(0), "0"), (Fraction(3, 2), "1.5"), (Fraction(2, 3), "0.67"), (Fraction(10), "10")],
)
def test_days_are_written_as_one_reads_them(days, written):
    assert leave_words.count(days) == written


# What the committee is told -----------------------------------------------------------------------


def told(kind, *days, compensates=None, counters=None):
    asked = Leave(kind=kind, starts_on=min(days), ends_on=max(days), compensates=compensates)
    return " ".join(leave_words.signals_of(asked, dict.fromkeys(days, A_DAY), counters))


@pytest.mark.parametrize(
    ("holiday", "day", "is_far"),
    [
        (PATRIOTS, date(2026, 6, 8), False),
        (PATRIOTS, date(2026, 6, 9), True),
        (PATRIOTS, date(2026, 4, 27), False),
        (NATIONAL, date(2026, 6, 25), False),
        (NATIONAL, date(2026, 6, 23), False),
        (NATIONAL, date(2026, 6, 26), True),
    ],
)
def test_compensatory_day_far_from_its_holiday_is_said(holiday, day, is_far):
    said = told("holiday", day, compensates=holiday)
    assert said.startswith("Stands for")
    assert ("the law" in said) is is_far


def test_law_without_a_reviewed_figure_is_said_instead_of_one():
    assert told("sick", date(2027, 2, 1)) == (
        "The law’s figures are reviewed through 31 December 2026: none is shown for 1 February 2027."
    )


def test_family_days_beyond_the_laws_are_said(ana, clerk):
    make.leave(ana, *[date(2026, 3, 2) + timedelta(days=n) for n in range(9)], kind="family", by=clerk)
    counters = absences.counters_of(ana.pk, TODAY)
    assert told("family", WEEK[0], counters=counters) == ""
    assert "1 left of the 10" in told("family", *WEEK[:2], counters=counters)


def test_no_medical_note_is_asked_for_and_the_figure_is_marked():
    said = told("sick", TODAY)
    assert "first 3 absences of 3 days or less" in said
    assert said.endswith("(to verify)")
    assert "65 weeks" in told("parental", TODAY)
    assert told("vacation", TODAY) == ""


# Who is away --------------------------------------------------------------------------------------


def test_who_is_away_is_a_name_a_day_and_whether_it_is_whole(ana, bea, clerk):
    make.leave(ana, MONDAY, WEEK[1], kind="sick", by=clerk)
    make.leave(bea, MONDAY, minutes=210, by=clerk)
    assert absences.away_between(MONDAY, WEEK[4]) == [
        Away(ana.pk, "Ana Abel", MONDAY, True),
        Away(bea.pk, "Béa Beau", MONDAY, False),
        Away(ana.pk, "Ana Abel", WEEK[1], True),
    ]


def test_two_halves_are_a_whole_day(ana, clerk):
    make.leave(ana, MONDAY, kind="sick", minutes=210, by=clerk)
    make.leave(ana, MONDAY, kind="family", minutes=210, by=clerk)
    assert absences.away_between(MONDAY, MONDAY) == [Away(ana.pk, "Ana Abel", MONDAY, True)]


def test_requests_are_seen_once_their_day_has_come_and_only_then(ana, bea, clerk):
    make.leave(ana, TODAY, TOMORROW, kind="sick")
    refused = make.leave(bea, TODAY)
    leave.refuse(refused, by=clerk, because="non", seen=leave.digest_of(refused, {TODAY: A_DAY}))
    assert [one.day for one in absences.away_between(YESTERDAY, TOMORROW)] == [TODAY]


def test_days_given_back_are_not_away(ana, clerk):
    given_back(make.leave(ana, *WEEK, by=clerk), WEEK[1], WEEK[3], by=clerk)
    assert [one.day for one in absences.away_between(MONDAY, WEEK[4])] == [MONDAY, WEEK[4]]


@pytest.mark.parametrize("people", [1, 3])
def test_who_is_away_takes_two_queries(clerk, people, django_assert_num_queries):
    for _ in range(people):
        make.leave(make.person(), *WEEK, by=clerk)
    with django_assert_num_queries(2):
        assert len(absences.away_between(MONDAY, WEEK[4])) == 5 * people


# The week -----------------------------------------------------------------------------------------


def test_week_shows_leave_by_kind_and_state(ana, clerk):
    make.leave(ana, YESTERDAY, TODAY, kind="sick", by=clerk)
    make.leave(ana, TODAY, minutes=60, kind="sick")
    given_back(make.leave(ana, TOMORROW, by=clerk), TOMORROW, by=clerk)
    rows = absences.rows_of_week(ana.pk, THIS_WEEK)
    assert [(row.kind, row.is_approved, row.minutes) for row in rows] == [
        ("sick", True, (0, A_DAY, A_DAY, 0, 0, 0, 0)),
        ("sick", False, (0, 0, 60, 0, 0, 0, 0)),
    ]
    assert absences.approved_minutes(rows) == 2 * A_DAY
    assert absences.approved_by_day(rows, THIS_WEEK) == {YESTERDAY: A_DAY, TODAY: A_DAY}
    assert absences.rows_beside(absences.statuses_with_leave(ana.pk, THIS_WEEK), THIS_WEEK) == rows
    assert absences.rows_beside([], THIS_WEEK) == []


def test_leave_counts_towards_the_agreed_hours_and_not_as_overtime(client, ana, clerk):
    make.leave(ana, THIS_WEEK, YESTERDAY, kind="sick", by=clerk)
    make.sheet(ana, starts_on=THIS_WEEK, hours={"wed": 12, "thu": 12, "fri": 12})
    client.force_login(ana)
    page = client.get(reverse("timesheets:sheet", args=[THIS_WEEK])).content.decode()
    assert "36\u00a0h and 14\u00a0h of leave, of 35\u00a0h agreed" in page
    assert "leave, approved" in page
    assert "data-over hidden" in page


def test_week_of_leave_alone_is_not_missing(ana, bea, clerk):
    sunday = THIS_WEEK + timedelta(days=6)
    make.leave(ana, *[THIS_WEEK + timedelta(days=n) for n in range(5)], by=clerk)
    make.leave(bea, THIS_WEEK, by=clerk)
    assert [one.person_id for one in hours.unsettled_sheets(THIS_WEEK, sunday)] == [bea.pk, clerk.pk]
    make.sheet(ana, starts_on=THIS_WEEK)
    assert [one.person_id for one in hours.unsettled_sheets(THIS_WEEK, sunday)] == [bea.pk, clerk.pk]
    make.sheet(ana, starts_on=THIS_WEEK, hours={"mon": 1})
    assert ana.pk in {one.person_id for one in hours.unsettled_sheets(THIS_WEEK, sunday)}


def test_week_of_leave_and_a_holiday_is_not_missing(ana):
    first = date(2026, 12, 21)
    clerk = make.person(powers=[Power.APPROVE_HOURS], minutes=0)
    make.leave(ana, *[first + timedelta(days=n) for n in range(4)], by=clerk)
    assert hours.unsettled_sheets(first, first + timedelta(days=6)) == []


def test_leave_that_is_only_asked_for_does_not_settle_a_week(ana):
    make.leave(ana, *[THIS_WEEK + timedelta(days=n) for n in range(5)])
    assert len(hours.unsettled_sheets(THIS_WEEK, THIS_WEEK + timedelta(days=6))) == 1


def test_home_counts_leave_beside_the_hours(client, ana, clerk):
    make.leave(ana, THIS_WEEK, by=clerk)
    summary = hours.week_summary(ana, TODAY, 0)
    assert (summary.minutes, summary.leave_minutes, summary.counted_minutes) == (0, A_DAY, A_DAY)
    make.leave(ana, *[YESTERDAY + timedelta(days=n) for n in range(4)], by=clerk)
    assert hours.week_summary(ana, TODAY, 0).state == "away all week"
    client.force_login(ana)
    assert "35\u00a0h of leave" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("leave", "said"),
    [
        ({}, ["7\u00a0h less than agreed"]),
        ({MONDAY: 420}, ["7\u00a0h worked on Monday 30 November, a day of leave"]),
        ({MONDAY: 210}, []),
        ({WEEK[4]: 420}, []),
    ],
)
def test_signals_know_of_approved_leave(leave, said):
    assert signals(WeekSum.of(Worked(day, 420, "x") for day in WEEK[:4]), 2100, leave) == said


# Banks --------------------------------------------------------------------------------------------


def test_balance_tells_what_is_banked_promised_and_asked_for(db, clerk):
    coop = paid.coop()
    assert absences.balances_of(coop.ana.pk, TODAY) == []
    profiles.bank_overtime(coop.ana, by=coop.ana, starts_on=paid.PERIOD, asked_on=paid.PERIOD)
    coop.pay(has_documents=False)
    make.leave(coop.ana, TOMORROW, kind="banked", minutes=60, by=clerk)
    asked = make.leave(coop.ana, MONDAY, kind="banked", minutes=30)
    (balance,) = absences.balances_of(coop.ana.pk, TODAY)
    assert (balance.minutes, balance.promised, balance.asked) == (180, 60, 30)
    assert (balance.left_to_approve, balance.left_to_ask) == (120, 90)
    assert absences.balances_of(coop.ana.pk, TODAY, without=asked)[0].left_to_ask == 120


def test_leave_that_was_paid_is_counted_off_once(db, clerk):
    coop = paid.coop()
    profiles.bank_overtime(coop.ana, by=coop.ana, starts_on=paid.PERIOD, asked_on=paid.PERIOD)
    coop.pay(has_documents=False)
    make.leave(coop.ana, paid.next_period(), kind="banked", minutes=60, by=clerk)
    coop.pay(paid.next_period(), has_documents=False)
    assert worth.banks_of(coop.ana.pk, TODAY) == [worth.Bank("banked", 120, 60)]
    (balance,) = absences.balances_of(coop.ana.pk, TODAY)
    assert (balance.minutes, balance.promised, balance.left_to_ask) == (120, 0, 120)


def test_price_of_hours_is_the_rate_of_each_day(db):
    make.rate("20.00")
    make.rate("21.33", starts_on=WEEK[1])
    prices = worth.prices()
    assert prices.changes == [make.LONG_AGO, WEEK[1]]
    assert prices.of([(MONDAY, 60), (WEEK[1], 90)]) == 52  # 20.00 + 31.995, rounded once
    assert prices.of([]) == 0
    assert prices.of([(date(2019, 1, 1), 60)]) is None


# Privacy, over HTTP -------------------------------------------------------------------------------


@pytest.fixture
def secret(ana, clerk):
    """Ana was sick this week and says so; she was refused something and asks for more."""
    sick = make.leave(ana, THIS_WEEK, TODAY, kind="sick", note="Fièvre aphteuse", by=clerk)
    make.leave(ana, MONDAY, kind="family", note="Fièvre aphteuse")
    return sick


PAGES = ["/", "/hours/away/", "/hours/leave/", "/hours/leave/new/", "/journal/", "/members/"]


def test_reason_is_nowhere_in_what_others_read(client, secret, ana, bea, clerk):
    client.force_login(bea)
    for path in [*PAGES, reverse("members:person", args=[ana.pk]), reverse("members:journal")]:
        answer = client.get(path)
        text = answer.content.decode()
        if answer.status_code == 200 and path != "/hours/leave/new/":
            for word in ("sick day", "family obligation", "Fièvre"):
                assert word not in text, (path, word)
    page = client.get("/hours/away/").content.decode()
    assert page.count("Ana Abel") == 2
    assert "7\u00a0h" not in page
    for name in ("leave_shown", "leave_change", "leave_cancel", "leave_withdraw"):
        address = reverse(f"timesheets:{name}", args=[secret.pk])
        assert client.get(address).status_code in (404, 405)
        assert client.post(address).status_code in (404, 405)
    assert client.get(reverse("timesheets:leave_review", args=[secret.pk])).status_code == 403
    assert client.get(reverse("timesheets:leave_queue")).status_code == 403


def test_calendar_is_the_same_whatever_the_reason(client, ana, bea, clerk):
    """Nothing in the page, not even an attribute, tells a sick day from a vacation."""
    client.force_login(bea)
    pages = set()
    for kind in ("sick", "vacation", "parental"):
        asked = make.leave(ana, MONDAY, kind=kind, by=clerk)
        text = client.get("/hours/away/").content.decode()
        pages.add(text.partition("<main")[2].partition("</main>")[0])
        given_back(asked, MONDAY, by=clerk)
    assert len(pages) == 1


def test_owner_and_committee_read_why(client, secret, ana, clerk):
    client.force_login(ana)
    assert (
        "Fièvre aphteuse" in client.get(reverse("timesheets:leave_shown", args=[secret.pk])).content.decode()
    )
    client.force_login(clerk)
    assert (
        "Fièvre aphteuse" in client.get(reverse("timesheets:leave_review", args=[secret.pk])).content.decode()
    )


# The pages ----------------------------------------------------------------------------------------


def sent(first, last, *, do="ask", kind="vacation", days=None, shown=None, **more):
    return {
        "kind": kind,
        "starts_on": str(first),
        "ends_on": str(last),
        "note": "",
        "shown": f"{first}/{last}" if shown is None else shown,
        "do": do,
        **{f"d-{day}": text for day, text in (days or {}).items()},
        **more,
    }


NEW = "/hours/leave/new/"


def test_dates_are_answered_with_days_and_nothing_is_asked_for(client, ana):
    client.force_login(ana)
    answer = client.post(NEW, sent(MONDAY, WEEK[1], shown=""))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="d-{MONDAY}" id="d-{MONDAY}" value="7"' in page
    assert not Leave.objects.exists()


def test_what_is_left_is_read_where_one_asks(client, ana):
    client.force_login(ana)
    for answer in (client.get(NEW), client.post(NEW, sent(MONDAY, WEEK[1], shown=""))):
        page = answer.content.decode()
        assert "What the law grants" in page
        assert "Of 2026, sick and family together, paid by law, days" in page


def test_dates_that_changed_are_answered_with_their_days_first(client, ana):
    client.force_login(ana)
    answer = client.post(NEW, sent(MONDAY, WEEK[1], shown=f"{MONDAY}/{MONDAY}", days={MONDAY: "2"}))
    assert answer.status_code == 200
    assert f'name="d-{WEEK[1]}" id="d-{WEEK[1]}" value="7"' in answer.content.decode()
    assert not Leave.objects.exists()


def test_leave_is_asked_for_as_typed(client, ana):
    client.force_login(ana)
    answer = client.post(NEW, sent(MONDAY, WEEK[2], days={MONDAY: "7h30", WEEK[1]: "", WEEK[2]: "90m"}))
    assert answer.status_code == 302
    assert dict(LeaveDay.objects.values_list("day", "minutes")) == {MONDAY: 450, WEEK[2]: 90}


def test_day_that_is_no_time_keeps_what_was_typed_and_says_why(client, ana):
    client.force_login(ana)
    answer = client.post(NEW, sent(MONDAY, WEEK[1], days={MONDAY: "1:75", WEEK[1]: "7"}, note="Noces"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="1:75" aria-invalid="true"' in page
    assert 'value="Noces"' in page
    assert "is not a length of time" in page
    assert not Leave.objects.exists()


def test_refusal_of_the_act_keeps_what_was_typed(client, ana):
    make.leave(ana, MONDAY, minutes=1440)
    client.force_login(ana)
    answer = client.post(NEW, sent(MONDAY, MONDAY, days={MONDAY: "6"}, note="Noces"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "would hold 30\u00a0h of leave" in page
    assert f'id="d-{MONDAY}" value="6"' in page


@pytest.mark.parametrize(
    ("first", "last", "more", "sentence"),
    [
        (WEEK[1], MONDAY, {}, "The last day comes before the first"),
        (MONDAY, MONDAY + timedelta(days=371), {}, "at most a year at a time"),
        (MONDAY, WEEK[1], {"kind": "holiday"}, "A compensatory day is one day"),
        ("9999-12-31", "9999-12-31", {}, "Check the year"),
        (MONDAY, MONDAY, {"kind": "other"}, "other"),
        (MONDAY, MONDAY, {"note": "x" * 301}, "300"),
        (MONDAY, MONDAY, {"compensates": "2026-07-02"}, "2026-07-02"),
    ],
)
def test_dates_that_mean_nothing_are_refused_with_a_sentence(client, ana, first, last, more, sentence):
    client.force_login(ana)
    answer = client.post(NEW, sent(first, last, days={MONDAY: "7"}, **more))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Leave.objects.exists()


def test_compensatory_day_is_asked_for_on_the_page(client, ana):
    client.force_login(ana)
    day = sent(MONDAY, MONDAY, kind="holiday", compensates="2026-10-12", days={MONDAY: "7"})
    assert client.post(NEW, day).status_code == 302
    assert Leave.objects.get().compensates == date(2026, 10, 12)


def test_extra_fields_change_nothing(client, ana, bea):
    client.force_login(ana)
    more = {"person": bea.pk, "state": "approved", "decided_by": bea.pk}
    client.post(NEW, sent(MONDAY, MONDAY, days={MONDAY: "7"}, **more))
    asked = Leave.objects.get()
    assert (asked.person, asked.state, asked.decided_by) == (ana, "requested", None)


def test_request_is_changed_and_withdrawn_on_its_pages(client, ana):
    asked = make.leave(ana, MONDAY, minutes=210)
    client.force_login(ana)
    change = reverse("timesheets:leave_change", args=[asked.pk])
    assert 'value="3h30"' in client.get(change).content.decode()
    client.post(change, sent(WEEK[1], WEEK[1], days={WEEK[1]: "7"}))
    asked.refresh_from_db()
    assert asked.starts_on == WEEK[1]
    client.post(reverse("timesheets:leave_withdraw", args=[asked.pk]))
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert client.get(change).status_code == 404


def test_days_are_given_back_on_the_page_of_the_leave(client, ana, clerk):
    asked = make.leave(ana, *WEEK, by=clerk)
    client.force_login(ana)
    back = reverse("timesheets:leave_cancel", args=[asked.pk])
    answer = client.post(back, {"starts_on": WEEK[1], "ends_on": MONDAY, "because": ""})
    assert answer.status_code == 422
    client.post(back, {"starts_on": WEEK[2], "ends_on": WEEK[4], "because": ""})
    page = client.get(reverse("timesheets:leave_shown", args=[asked.pk])).content.decode()
    assert "approved, given back in part" in page
    assert list(LeaveDay.objects.standing().values_list("day", flat=True)) == WEEK[:2]


def test_days_that_have_begun_go_through_the_committee_on_its_pages(client, ana, clerk):
    asked = make.leave(ana, YESTERDAY, by=clerk)
    client.force_login(ana)
    back = {"starts_on": YESTERDAY, "ends_on": YESTERDAY, "because": ""}
    address = reverse("timesheets:leave_cancel", args=[asked.pk])
    assert "say what happened" in client.post(address, back).content.decode()
    client.post(address, back | {"because": "Venue travailler"})
    cancellation = LeaveCancellation.objects.get()
    client.force_login(clerk)
    assert "Venue travailler" in client.get("/hours/queue/leave/").content.decode()
    client.post(reverse("timesheets:cancellation_refuse", args=[cancellation.pk]), {"because": ""})
    cancellation.refresh_from_db()
    assert cancellation.is_requested
    client.post(reverse("timesheets:cancellation_accept", args=[cancellation.pk]))
    cancellation.refresh_from_db()
    assert cancellation.is_accepted


def test_committee_approves_what_it_saw_and_reads_what_changed(client, ana, clerk):
    asked = make.leave(ana, MONDAY)
    client.force_login(clerk)
    address = reverse("timesheets:leave_approve", args=[asked.pk])
    answer = client.post(address, {"seen": "old"})
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.content.decode()
    digest = leave.digest_of(asked, {MONDAY: A_DAY})
    assert client.post(address, {"seen": digest}).status_code == 302
    asked.refresh_from_db()
    assert asked.is_approved


def test_committee_refuses_with_a_reason_on_the_page(client, ana, clerk):
    asked = make.leave(ana, MONDAY)
    client.force_login(clerk)
    address = reverse("timesheets:leave_refuse", args=[asked.pk])
    digest = leave.digest_of(asked, {MONDAY: A_DAY})
    assert client.post(address, {"seen": digest, "because": ""}).status_code == 422
    assert client.post(address, {"seen": digest, "because": "Trois absents"}).status_code == 302
    client.force_login(ana)
    assert "Trois absents" in client.get("/hours/leave/").content.decode()


def test_ticked_requests_are_approved_together_and_strange_ticks_are_none(client, ana, bea, clerk):
    asked = [make.leave(person, MONDAY) for person in (ana, bea)]
    client.force_login(clerk)
    address = reverse("timesheets:leave_queue_approve")
    for strange in ([], ["abc"], ["٣:x"], ["1" * 30 + ":x"]):
        client.post(address, {"leave": strange})
    assert not Leave.objects.filter(state="approved").exists()
    client.post(address, {"leave": [f"{one.pk}:{leave.digest_of(one, {MONDAY: A_DAY})}" for one in asked]})
    assert Leave.objects.filter(state="approved").count() == 2


def test_own_request_is_shown_not_actionable_and_says_who_can(client, ana, clerk):
    other = make.person("Chloé", family_name="Dion", powers=[Power.APPROVE_HOURS])
    asked = make.leave(clerk, MONDAY)
    client.force_login(clerk)
    assert 'type="checkbox"' not in client.get("/hours/queue/leave/").content.decode()
    page = client.get(reverse("timesheets:leave_review", args=[asked.pk])).content.decode()
    assert str(other) in page
    assert "leave_approve" not in page
    assert reverse("timesheets:leave_approve", args=[asked.pk]) not in page


def test_approver_who_steps_aside_is_told_who_decides(client, ana, clerk):
    other = make.person("Chloé", family_name="Dion", powers=[Power.APPROVE_HOURS])
    asked = make.leave(ana, MONDAY)
    given_back(make.leave(ana, YESTERDAY, by=clerk), YESTERDAY)
    conflicts.declare(ana, by=clerk)
    client.force_login(clerk)
    page = client.get("/hours/queue/leave/").content.decode()
    assert 'type="checkbox"' not in page
    assert page.count("(another member decides)") == 2
    assert "given-back" not in page.partition("<main")[2]
    page = client.get(reverse("timesheets:leave_review", args=[asked.pk])).content.decode()
    assert str(other) in page
    assert reverse("timesheets:leave_approve", args=[asked.pk]) not in page


def test_queue_says_who_else_is_away(client, ana, bea, clerk):
    make.leave(ana, *WEEK)
    make.leave(bea, MONDAY, WEEK[1], by=clerk)
    make.leave(clerk, date(2026, 12, 14))
    client.force_login(clerk)
    page = client.get("/hours/queue/leave/").content.decode()
    assert "Béa Beau (2 days)" in page
    assert page.count("Also away then") == 1


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"), [("/hours/leave/", 9), ("/hours/away/", 5), ("/hours/queue/leave/", 9)]
)
def test_lists_take_the_same_queries_whatever_their_length(
    client, clerk, rows, path, queries, django_assert_num_queries
):
    for number in range(rows):
        make.leave(clerk, MONDAY + timedelta(days=7 * number))
        make.leave(clerk, YESTERDAY - timedelta(days=7 * number), by=make.person())
        someone = make.person()
        make.leave(someone, MONDAY, TODAY)
        given_back(make.leave(someone, YESTERDAY, by=clerk), YESTERDAY)
    client.force_login(clerk)
    client.get(path)
    with django_assert_num_queries(queries):
        client.get(path)


@pytest.mark.parametrize("days", [1, 3])
@pytest.mark.parametrize(("kind", "queries"), [("vacation", 9), ("sick", 9), ("family", 9), ("banked", 9)])
def test_review_takes_the_same_queries_whatever_its_length(
    client, ana, clerk, days, kind, queries, django_assert_num_queries
):
    asked = make.leave(ana, *WEEK[:days], kind=kind)
    client.force_login(clerk)
    address = reverse("timesheets:leave_review", args=[asked.pk])
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)


def test_own_page_takes_at_most_eleven_queries_with_everything_on_it(
    client, db, django_assert_max_num_queries
):
    coop = paid.coop()
    profiles.bank_overtime(coop.ana, by=coop.ana, starts_on=paid.PERIOD, asked_on=paid.PERIOD)
    coop.pay(has_documents=False)
    make.leave(coop.ana, MONDAY, kind="banked", minutes=30)
    make.leave(coop.ana, YESTERDAY, kind="sick", by=coop.issuer)
    client.force_login(coop.ana)
    client.get("/hours/leave/")
    with django_assert_max_num_queries(11):
        page = client.get("/hours/leave/").content.decode()
    for word in ("Banks of leave", "What the law grants", "Asked for and to come", "Before"):
        assert word in page


def test_committee_reads_leave_beside_the_week_and_its_signals(client, ana, clerk):
    make.leave(ana, THIS_WEEK, YESTERDAY, kind="sick", by=clerk)
    week = make.sheet(ana, starts_on=THIS_WEEK, hours={"mon": 7, "wed": 7, "thu": 7, "fri": 7})
    workflow.submit(week, by=ana)
    client.force_login(clerk)
    review = client.get(reverse("timesheets:review", args=[week.pk])).content.decode()
    queue = client.get(reverse("timesheets:queue")).content.decode()
    assert "leave, approved" in review
    for page in (review, queue):
        assert "7\u00a0h worked on Monday 23 November, a day of leave" in page
        assert "7\u00a0h more than agreed" in page
        assert "less than agreed" not in page
