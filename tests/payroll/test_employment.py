"""The wage register, letter by letter, and the record of employment at departure; who reads them."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from members.models import Power, WorkStatus
from payroll import profiles, roe, runs, vacation, wage_register
from payroll.models import FileReading, OvertimeChoice
from payroll.service import Service
from tests import make
from timesheets.models import TimeEntry

from . import paid

pytestmark = pytest.mark.django_db
SIN = "046 454 286"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def coop():
    people = paid.coop()
    people.pay(has_documents=False)
    return people


def words(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def register_of(person):
    [own] = wage_register.registers(2026, people=[person.pk])
    return own


# The register -------------------------------------------------------------------------------------


def test_register_has_each_letter_of_the_regulation(coop):
    own = register_of(coop.ana)
    [entry] = own.entries
    assert own.service.since == make.LONG_AGO
    [week] = entry.weeks
    assert week.starts_on == paid.PERIOD
    assert [minutes for _day, minutes in week.days] == [480, 480, 480, 480, 600]  # a
    assert (week.minutes, week.days_worked) == (42 * 60, 5)  # b, d
    assert (entry.overtime_minutes, entry.banked_minutes) == (120, 0)  # c
    assert entry.rates == [Decimal("21.50")]  # e
    assert [amount for _label, amount in entry.premiums] == [Decimal("64.50")]  # f
    assert entry.gross == Decimal("924.50")  # g
    assert entry.net == entry.gross - sum(amount for _label, amount in entry.deductions)  # h, i
    assert entry.period == (date(2026, 11, 2), date(2026, 11, 15))  # j
    assert entry.pay_on == date(2026, 11, 20)  # k
    assert (entry.reference_year.starts_on, entry.reference_year.ends_on) == (
        date(2026, 5, 1),
        date(2027, 4, 30),
    )  # l
    assert own.born_on is None  # r: she is not under 18


def test_register_is_of_the_salaried_only(coop):
    assert wage_register.registers(2026, people=[coop.bo.pk]) == []
    assert coop.bo not in wage_register.people_in(2026)


def test_register_names_the_birth_date_under_eighteen_only(coop):
    coop.ana.born_on = date(2009, 6, 1)
    coop.ana.save()
    assert register_of(coop.ana).born_on == date(2009, 6, 1)


def test_register_says_banked_overtime(coop):
    OvertimeChoice.objects.create(person=coop.ana, asked_on=make.LONG_AGO, starts_on=paid.next_period())
    make.approved(coop.ana, starts_on=paid.next_period(), hours=paid.WEEK)
    coop.pay(paid.next_period(), has_documents=False)
    entry = register_of(coop.ana).entries[-1]
    assert (entry.overtime_minutes, entry.banked_minutes) == (0, 120)


def test_what_takes_a_stub_back_repeats_amounts_not_hours(coop):
    coop.void(coop.ana.stubs.get())
    first, mirror = register_of(coop.ana).entries
    assert mirror.gross == -first.gross
    assert mirror.weeks == []
    assert first.weeks


def test_days_of_a_corrected_stub_stand_once_with_what_replaces_it(coop):
    entry = TimeEntry.objects.filter(person=coop.ana).earliest("day")
    make.corrected(entry, -60)
    run = runs.correct_stub(coop.ana.stubs.get(), by=coop.preparer, because="Une heure de trop")
    runs.issue(run, by=coop.issuer, documents=False)
    entries = {
        ("voids" in of.stub.facts, "corrects" in of.stub.facts): of for of in register_of(coop.ana).entries
    }
    assert {marks: of.minutes for marks, of in entries.items()} == {
        (False, False): 0,
        (True, False): 0,
        (False, True): 41 * 60,
    }


def test_register_names_when_a_vacation_begins_and_the_holidays(coop):
    fridays = [date(2026, 11, 12), date(2026, 11, 13)]
    make.leave(coop.ana, *fridays, by=coop.issuer)
    make.leave(coop.ana, date(2026, 11, 10), kind="holiday", by=coop.issuer, compensates=date(2026, 10, 12))
    [entry] = register_of(coop.ana).entries
    assert entry.departures == [date(2026, 11, 12)]
    assert [day for day, _name in entry.holidays] == [date(2026, 11, 10)]


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (date(2020, 1, 6), "3 weeks"),
        (date(2024, 5, 1), "3 weeks"),
        (date(2024, 5, 2), "2 weeks"),
        (date(2026, 4, 30), "2 weeks"),
        (date(2026, 9, 1), "8 days"),
        (date(2027, 4, 1), "1 day"),
    ],
)
def test_vacation_lasts_by_service_at_the_end_of_the_reference_year(since, said):
    with translation.override("en-ca"):
        year = vacation.year_of(date(2026, 11, 20), 5)
        assert wage_register.vacation_length(Service(since, None, ""), year) == said


def test_register_asks_the_same_queries_for_one_and_three_people(coop, django_assert_num_queries):
    with django_assert_num_queries(8):
        assert len(wage_register.registers(2026)) == 1
    for _n in range(2):
        someone = make.person("Éli", born_on=date(1990, 1, 1))
        make.approved(someone, starts_on=paid.next_period(), hours=paid.WEEK)
    coop.pay(paid.next_period(), has_documents=False)
    with django_assert_num_queries(8):
        assert len(wage_register.registers(2026)) == 3


def test_register_page_is_opened_aloud_and_masks_the_number(client, coop):
    profiles.declare_taxes(coop.ana, by=coop.ana, starts_on=date(2026, 1, 5), sin=SIN)
    client.force_login(coop.issuer)
    assert str(coop.ana) in words(client.get(reverse("payroll:wage_register")))
    page = reverse("payroll:wage_person", args=[2026, coop.ana.pk])
    assert "$924.50" not in words(client.get(page))
    client.post(reverse("payroll:wage_open", args=[2026, coop.ana.pk]))
    text = words(client.get(page))
    assert "$924.50" in text
    assert "••• ••• 286" in text
    assert SIN not in text
    assert FileReading.objects.get().what == "wages"


def test_register_page_says_which_document_takes_back_and_which_replaces(client, coop):
    make.corrected(TimeEntry.objects.filter(person=coop.ana).earliest("day"), -60)
    first = coop.ana.stubs.get()
    run = runs.correct_stub(first, by=coop.preparer, because="Une heure de trop")
    runs.issue(run, by=coop.issuer, documents=False)
    client.force_login(coop.issuer)
    client.post(reverse("payroll:wage_open", args=[2026, coop.ana.pk]))
    text = words(client.get(reverse("payroll:wage_person", args=[2026, coop.ana.pk])))
    assert f"This document voids no. {first.facts['number']}: every amount is taken back." in text
    assert f"This document replaces no. {first.facts['number']}, which is taken back whole." in text


def test_register_file_has_a_row_a_pay_and_masks_the_number(client, coop):
    profiles.declare_taxes(coop.ana, by=coop.ana, starts_on=date(2026, 1, 5), sin=SIN)
    client.force_login(coop.preparer)
    answer = client.post(reverse("payroll:wage_csv", args=[2026]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    row = dict(zip(rows[1], rows[2], strict=True))
    assert len(rows) == 3
    assert (row["Gross"], row["Total hours"], row["Overtime paid, hours"]) == ("924.50", "42.00", "2.00")
    assert row["Social insurance number"].endswith("286")
    assert SIN not in answer.content.decode()
    assert client.post(reverse("payroll:wage_xlsx", args=[2026])).content[:2] == b"PK"
    assert FileReading.objects.filter(what="wages", person=coop.ana).count() == 2


# Departures ---------------------------------------------------------------------------------------


def leaves(coop, last_day=date(2026, 11, 15)):
    WorkStatus.objects.filter(person=coop.ana).update(ends_on=last_day)


def test_record_has_the_figures_of_each_block(coop):
    make.approved(coop.ana, starts_on=paid.next_period(), hours={"mon": 7})
    coop.pay(paid.next_period(), has_documents=False)
    leaves(coop, paid.next_period())
    record = roe.record_of(coop.ana)
    assert record.first_day_worked == make.LONG_AGO  # before the first day that is paid here
    assert record.last_day_paid == date(2026, 11, 16)
    assert record.final_period_ends_on == date(2026, 11, 29)
    assert [(of.earnings, of.minutes) for of in record.periods] == [
        (Decimal("150.50"), 7 * 60),
        (Decimal("924.50"), 42 * 60),
    ]
    assert record.minutes == 49 * 60
    assert record.earnings == Decimal("1075.00")
    assert record.vacation_pay == 0
    assert record.issue_by == date(2026, 12, 4)
    assert (record.hours_periods.value, record.earnings_periods.value) == (27, 14)
    WorkStatus.objects.filter(person=coop.ana).update(starts_on=date(2026, 11, 4))
    assert roe.record_of(coop.ana).first_day_worked == date(2026, 11, 4)


def test_what_a_later_pay_paid_is_in_the_last_period(coop, clock):
    coop.void(coop.ana.stubs.get())
    leaves(coop)
    record = roe.record_of(coop.ana)
    assert (record.earnings, record.due, record.is_settled) == (0, Decimal("924.50"), False)
    clock.move_to("2026-11-30 15:00:00+00:00")
    coop.pay(paid.next_period(), has_documents=False)
    record = roe.record_of(coop.ana)
    assert [(of.ends_on, of.earnings, of.minutes) for of in record.periods] == [
        (date(2026, 11, 15), Decimal("924.50"), 42 * 60)
    ]
    assert (record.final_period_ends_on, record.due, record.is_settled) == (date(2026, 11, 15), 0, True)


def test_record_says_what_is_due_and_the_weeks_that_are_not_approved(client, coop):
    leaves(coop, date(2026, 11, 20))
    make.sheet(coop.ana, starts_on=date(2026, 11, 16), hours={"tue": 7})
    make.approved(coop.ana, starts_on=paid.PERIOD + timedelta(7), hours={"mon": 2})
    client.force_login(coop.preparer)
    client.post(reverse("payroll:record_open", args=[coop.ana.pk]))
    page = words(client.get(reverse("payroll:record", args=[coop.ana.pk])))
    assert "$43.00 is due and not paid yet" in page
    assert "Week of 16 November 2026: not submitted. Its hours are not in these figures." in page


def test_days_not_paid_yet_leave_the_record_unsettled(coop):
    assert roe.record_of(coop.ana).is_settled
    make.approved(coop.ana, starts_on=paid.next_period(), hours={"mon": 7})
    record = roe.record_of(coop.ana)
    assert not record.is_settled
    assert record.last_day_paid == date(2026, 11, 16)
    assert record.final_period_ends_on == date(2026, 11, 29)


def test_period_without_pay_is_counted_with_nothing(coop):
    other = make.person("Éli", born_on=date(1990, 1, 1))
    make.approved(other, starts_on=paid.next_period(1), hours=paid.WEEK)
    coop.pay(paid.next_period(1), has_documents=False)
    make.approved(coop.ana, starts_on=paid.next_period(2), hours={"mon": 7})
    coop.pay(paid.next_period(2), has_documents=False)
    assert [of.earnings for of in roe.record_of(coop.ana).periods] == [
        Decimal("150.50"),
        Decimal(0),
        Decimal("924.50"),
    ]


def test_voided_pay_leaves_no_insurable_earnings(coop):
    coop.void(coop.ana.stubs.get())
    [period] = roe.record_of(coop.ana).periods
    assert (period.earnings, period.minutes) == (0, 0)


def test_who_never_was_salaried_has_no_record(coop):
    assert roe.record_of(coop.bo) is None


def test_paid_leave_moves_the_last_day_paid(coop):
    make.leave(coop.ana, date(2026, 11, 9), by=coop.issuer)
    make.leave(coop.ana, date(2026, 11, 10), kind="unpaid", by=coop.issuer)
    assert roe.record_of(coop.ana).last_day_paid == date(2026, 11, 9)


@pytest.mark.parametrize(("on_monday", "counted"), [(0, 7), (2, 5), (9, 0)])
def test_paid_holiday_counts_for_the_hours_of_its_day_that_were_not_worked(on_monday, counted):
    """Thanksgiving, of an agreed week of 35 hours (Employment Insurance Regulations, s. 10.1)."""
    coop, first = paid.coop(), date(2026, 10, 5)
    make.cooperative(first_period_on=first, leave_paid_from=first)
    make.approved(coop.ana, starts_on=first, hours={"mon": 20})
    monday = {"mon": on_monday} if on_monday else {}
    make.approved(coop.ana, starts_on=date(2026, 10, 12), hours=monday | {"tue": 7})
    run = coop.pay(first, has_documents=False)
    leaves(coop, date(2026, 10, 18))
    [period] = roe.record_of(coop.ana).periods
    assert run.stubs.get(person=coop.ana).lines.filter(code="holiday", amount__gt=0).exists()
    assert period.minutes == (20 + on_monday + 7 + counted) * 60


def test_departures_list_whose_salaried_work_ends(coop, django_assert_num_queries):
    assert roe.departures(date(2026, 1, 1)) == []
    leaves(coop)
    for _n in range(2):
        make.person("Éli")
        WorkStatus.objects.filter(person=make.person("Zoé")).update(ends_on=date(2026, 12, 31))
    with django_assert_num_queries(3):
        found = roe.departures(date(2026, 1, 1))
    assert [of.service.until for of in found] == [date(2026, 12, 31), date(2026, 12, 31), date(2026, 11, 15)]
    WorkStatus.objects.create(
        person=coop.ana,
        kind="salaried",
        tenure="permanent",
        job_title="Autre",
        starts_on=date(2026, 11, 16),
    )
    assert coop.ana not in [of.person for of in roe.departures(date(2026, 1, 1))]


def test_record_page_is_opened_aloud(client, coop):
    leaves(coop)
    client.force_login(coop.preparer)
    assert str(coop.ana) in words(client.get(reverse("payroll:departures")))
    page = reverse("payroll:record", args=[coop.ana.pk])
    assert "42 h" not in words(client.get(page))
    assert client.get(reverse("payroll:record_pdf", args=[coop.ana.pk])).status_code == 302
    client.post(reverse("payroll:record_open", args=[coop.ana.pk]))
    text = words(client.get(page))
    assert "42 h" in text
    assert "$924.50" in text
    assert "15C" in text


@pytest.mark.pdf
@pytest.mark.parametrize(
    ("language", "said"), [("fr-ca", "Relevé d’emploi"), ("en-ca", "Record of employment")]
)
def test_record_on_paper_speaks_the_readers_language(client, coop, language, said):
    coop.preparer.language = language
    coop.preparer.save()
    client.force_login(coop.preparer)
    client.post(reverse("payroll:record_open", args=[coop.ana.pk]))
    answer = client.get(reverse("payroll:record_pdf", args=[coop.ana.pk]))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert said in " ".join(text.split())


def test_mandate_ended_yesterday_opens_none_of_it(client, coop):
    someone = make.person("Denis", kind=None)
    make.mandate(someone, [Power.PREPARE_PAY], ends_on=timezone.localdate() - timedelta(days=1))
    client.force_login(someone)
    for name, args in (
        ("wage_register", []),
        ("departures", []),
        ("record", [coop.ana.pk]),
        ("year_ends", []),
        ("year_end_person", [2026, coop.ana.pk]),
    ):
        assert client.get(reverse(f"payroll:{name}", args=args)).status_code == 403
