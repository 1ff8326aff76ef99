"""The banks as their owners and those who prepare pay read them."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from members.models import Power
from payroll import profiles
from payroll.models import BankOpening, FileReading
from payroll.views import banks as views
from tests import make
from tests.payroll import paid

pytestmark = pytest.mark.django_db

TODAY = "2026-12-04 15:00:00+00:00"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(TODAY, tick=False), translation.override("en-ca"):
        yield


@pytest.fixture
def coop():
    made = paid.coop()
    make.cooperative(first_period_on=paid.PERIOD, leave_paid_from=paid.PERIOD)
    return made


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\u00a0", " ")


OWED = {
    "on": "2026-11-02",
    "last_year": "400,00",
    "this_year": "100.00",
    "banked_minutes": "3h",
    "earned_in_four_weeks": "3440",
}


def test_own_page_tells_each_movement_and_the_balance(client, coop):
    profiles.bank_overtime(coop.ana, by=coop.ana, starts_on=paid.PERIOD, asked_on=paid.PERIOD)
    coop.pay(has_documents=False)
    client.force_login(coop.ana)
    text = words(client.get(reverse("payroll:banks")))
    # 40 h at 21.50 $ are 860 $, of which 6 %.
    assert "Balance: $51.60 , 2 h 24 at today’s rate." in text
    assert "20 November 2026" in text
    assert "1 May 2026 to 30 April 2027 6% $51.60 $51.60 3 weeks 30 April 2028" in text
    assert "Balance: 3 h of leave" in text
    assert not FileReading.objects.exists()
    assert "$51.60" in words(client.get(reverse("payroll:profile")))


def test_sick_or_parental_leave_of_a_year_is_said_beside_what_it_earned(client, coop):
    """What the law may give beyond 4 or 6 % is not computed: the page says for which year to reckon it."""
    coop.pay(has_documents=False)
    client.force_login(coop.ana)
    said = "17 h 30 of sick or parental leave from 1 May 2026 to 30 April 2027: where it lessens"
    assert "sick or parental leave" not in words(client.get(reverse("payroll:banks")))
    clerk = make.person("Yan", kind=None, powers=[Power.APPROVE_HOURS])
    make.leave(coop.ana, date(2026, 11, 10), date(2026, 11, 11), kind="sick", by=clerk)
    make.leave(coop.ana, date(2026, 11, 12), kind="parental", minutes=210, by=clerk)
    make.leave(coop.ana, date(2026, 11, 13), kind="unpaid", by=clerk)
    make.leave(coop.ana, date(2026, 4, 30), kind="sick", by=clerk)
    assert said in words(client.get(reverse("payroll:banks")))


def test_page_of_another_is_opened_aloud(client, coop):
    client.force_login(coop.preparer)
    gate = client.get(reverse("payroll:banks_of", args=[coop.ana.pk]))
    assert "of leave" not in words(gate)
    client.post(reverse("payroll:profile_open", args=[coop.ana.pk]))
    assert "Balance: 0 h of leave" in words(client.get(reverse("payroll:banks_of", args=[coop.ana.pk])))
    assert FileReading.objects.get().person == coop.ana
    client.force_login(coop.issuer)
    assert client.get(reverse("payroll:banks_of", args=[coop.ana.pk])).status_code == 403


def test_what_was_owed_at_first_is_recorded_and_corrected_by_another(client, coop):
    client.force_login(coop.preparer)
    client.post(reverse("payroll:profile_open", args=[coop.ana.pk]))
    address = reverse("payroll:banks_opening", args=[coop.ana.pk])
    text = words(client.post(address, OWED, follow=True))
    assert "owed when the co-op started here" in text
    assert "Balance: $500.00 , 23 h 15 at today’s rate." in text
    assert "Balance: 3 h of leave" in text
    client.post(address, OWED | {"last_year": "450.00", "banked_minutes": "", "earned_in_four_weeks": ""})
    opening = BankOpening.objects.get()
    assert (opening.last_year, opening.banked_minutes, opening.earned_in_four_weeks) == (
        Decimal("450.00"),
        0,
        Decimal("0.00"),
    )


def test_nobody_records_what_they_are_owed(client, coop):
    client.force_login(coop.preparer)
    response = client.post(reverse("payroll:banks_opening", args=[coop.preparer.pk]), OWED)
    assert "Nobody records what they are owed themselves" in words(response)
    assert not BankOpening.objects.exists()


def test_everyone_s_banks_foot(client, coop):
    profiles.open_banks(
        coop.ana,
        by=coop.preparer,
        on=paid.PERIOD,
        last_year=Decimal("400.00"),
        this_year=Decimal("100.00"),
        banked_minutes=180,
        earned_in_four_weeks=Decimal(0),
    )
    client.force_login(coop.issuer)
    text = words(client.get(reverse("payroll:all_banks")))
    assert f"{coop.ana} $500.00 23 h 15 3 h $64.50 Total $500.00 3 h $64.50" in text


def test_movements_and_people_are_read_page_by_page(client, coop, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 1)
    monkeypatch.setattr(views, "ROWS", 1)
    coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=paid.next_period(), hours=paid.WEEK)
    make.approved(make.person("Léa"), starts_on=paid.next_period(), hours=paid.WEEK)
    coop.pay(paid.next_period(), has_documents=False)
    client.force_login(coop.ana)
    latest, first = (words(client.get(reverse("payroll:banks"), {"page": page})) for page in "12")
    assert ("4 December 2026" in latest, "20 November 2026" in latest) == (True, False)
    assert "20 November 2026" in first
    client.force_login(coop.issuer)
    pages = [words(client.get(reverse("payroll:all_banks"), {"page": page})) for page in "12"]
    assert [("Ana" in page, "Léa" in page) for page in pages] in ([(True, False), (False, True)],)


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_take_the_same_queries_whatever_they_hold(client, coop, rows, django_assert_num_queries):
    for number in range(rows):
        if number:
            first = paid.PERIOD - timedelta(14 * number)
            make.cooperative(first_period_on=first, leave_paid_from=date(2026, 1, 5))
            profiles.open_banks(
                make.person("Léa"),
                by=coop.preparer,
                on=date(2026, 1, 5),
                last_year=Decimal(1),
                this_year=Decimal(1),
                banked_minutes=60,
                earned_in_four_weeks=Decimal(1),
            )
    coop.pay(has_documents=False)
    client.force_login(coop.ana)
    client.get(reverse("payroll:banks"))
    with django_assert_num_queries(10):
        client.get(reverse("payroll:banks"))
    client.force_login(make.person(powers=[Power.ISSUE_PAY]))
    client.get(reverse("payroll:all_banks"))
    with django_assert_num_queries(10):
        client.get(reverse("payroll:all_banks"))
