"""The rate against prices: figures that members enter with their source, and the line they draw."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.models import JournalEntry, Power
from payroll import prices, rate_history
from payroll.models import HourlyRate, IndexPoint
from tests import make

pytestmark = pytest.mark.django_db

PAGE, RATES = reverse("payroll:prices"), reverse("payroll:rates")
SERIES = "IPC d’ensemble, Québec, 2002 = 100"
GIVEN = {"series": SERIES, "source": "Tableau d’essai, lu le 23 novembre 2026"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def ana():
    make.cooperative()
    return make.person("Ana", language="en-ca")


def words(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def points(*figures: tuple[date, str]) -> list[tuple[date, Decimal]]:
    return [(month, Decimal(value)) for month, value in figures]


def enter(by, *figures: tuple[date, str]) -> list[IndexPoint]:
    return prices.enter(**GIVEN, points=points(*figures), by=by)


def test_rate_that_follows_prices_is_the_first_one_moved_by_the_index(ana):
    """20 $ in January 2020 at 100 points; 125 points in October 2026 make it 25 $; the rate became 22 $."""
    make.rate("20.00", starts_on=date(2020, 1, 6))
    make.rate("22.00", starts_on=date(2024, 7, 1))
    enter(ana, (date(2019, 6, 1), "90"), (date(2020, 1, 1), "100"), (date(2026, 10, 1), "125"))
    found = rate_history.history(HourlyRate.objects.all(), IndexPoint.objects.all(), date(2026, 11, 23))
    (one,) = found.followed
    assert (one.since, one.until) == (date(2020, 1, 1), date(2026, 10, 1))
    assert (one.prices_part, one.rate_part) == (Decimal("0.25"), Decimal("0.1"))
    assert (one.would_be, one.rate, one.is_behind) == (Decimal("25.00"), Decimal("22.00"), True)
    assert found.rows[-1][1] == [Decimal("22.00"), Decimal("16.60"), Decimal("25.00")]
    assert SERIES in found.picture.curves[-1].name


def test_without_figures_the_page_says_that_none_is_invented(ana, client):
    make.rate("21.50", starts_on=date(2020, 1, 6))
    client.force_login(ana)
    page = client.get(RATES)
    assert page.context["history"].followed == []
    assert len(page.context["history"].picture.curves) == 2
    assert "the software invents none" in words(page)


def test_member_enters_figures_and_everybody_reads_the_line(ana, client):
    make.rate("20.00", starts_on=date(2024, 1, 1))
    client.force_login(ana)
    typed = "2024-01 150,0\n\n2025-01\t153.0\n2026-01; 157,5\n"
    answer = client.post(PAGE, GIVEN | {"points": typed}, follow=True)
    assert "3 figures are on file." in words(answer)
    assert {(of.month, of.points, of.entered_by) for of in IndexPoint.objects.all()} == {
        (date(2024, 1, 1), Decimal("150.00"), ana),
        (date(2025, 1, 1), Decimal("153.00"), ana),
        (date(2026, 1, 1), Decimal("157.50"), ana),
    }
    entry = JournalEntry.objects.latest("seq")
    assert (entry.event, entry.body) == (
        "prices.entered",
        {"count": 3, "first": "2024-01-01", "last": "2026-01-01"},
    )
    client.force_login(make.person("Bea", language="en-ca"))
    text = words(client.get(RATES))
    assert "prices changed by 5.0% and the rate by 0.0%" in text
    assert "the rate would be $21.00" in text
    assert GIVEN["source"] in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-13 160", "Line 1"),
        ("2026-01 160\n2026-02 abc", "Line 2"),
        ("2026-01 0", "Line 1"),
        ("2026-01 -3", "Line 1"),
        ("2026-01 1e3", "Line 1"),
        ("2026-01 １６０", "Line 1"),
        ("janvier 160", "Line 1"),
        ("2026-01 160\n2026-01 161", "is given twice"),
        ("", "required"),
        ("\n".join(f"{1900 + year}-{month:02} 1" for year in range(21) for month in range(1, 13)), "At most"),
    ],
)
def test_unreadable_figures_write_nothing_and_stay_typed(ana, client, typed, sentence):
    client.force_login(ana)
    answer = client.post(PAGE, GIVEN | {"points": typed})
    assert sentence in words(answer)
    assert answer.context["form"]["points"].value() == typed
    assert not IndexPoint.objects.exists()


@pytest.mark.parametrize("missing", ["series", "source"])
def test_figure_without_its_index_or_its_source_is_refused(ana, client, missing):
    client.force_login(ana)
    answer = client.post(PAGE, GIVEN | {"points": "2026-01 160", missing: " "})
    assert answer.context["form"].errors.keys() == {missing}
    with pytest.raises(ValidationError):
        prices.enter(**(GIVEN | {missing: ""}), points=points((date(2026, 1, 1), "160")), by=ana)


def test_month_that_is_on_file_is_refused_whole(ana):
    enter(ana, (date(2026, 1, 1), "160"))
    with pytest.raises(prices.MonthTwice):
        enter(ana, (date(2025, 1, 1), "155"), (date(2026, 1, 1), "161"))
    assert IndexPoint.objects.count() == 1


def test_only_who_entered_a_figure_or_sets_the_rate_takes_it_away(ana, client):
    first, second, third = enter(
        ana, (date(2024, 1, 1), "150"), (date(2025, 1, 1), "155"), (date(2026, 1, 1), "160")
    )
    client.force_login(make.person("Bea"))
    assert client.post(reverse("payroll:price_remove", args=[first.pk])).status_code == 404
    with pytest.raises(prices.NotYours):
        prices.remove(first, by=make.person("Zoé", powers=[Power.APPROVE_HOURS]))
    client.force_login(ana)
    client.post(reverse("payroll:price_remove", args=[first.pk]))
    client.force_login(make.person("Sam", powers=[Power.SET_RATE]))
    client.post(reverse("payroll:price_remove", args=[second.pk]))
    assert list(IndexPoint.objects.all()) == [third]
    assert JournalEntry.objects.filter(event="prices.removed").count() == 2


def test_figure_is_never_edited(ana):
    (point,) = enter(ana, (date(2026, 1, 1), "160"))
    with pytest.raises(IntegrityError, match="taken away and entered again"), transaction.atomic():
        IndexPoint.objects.filter(pk=point.pk).update(points=Decimal("170"))


def test_list_asks_as_many_queries_for_one_figure_as_for_three(ana, client, django_assert_num_queries):
    client.force_login(ana)
    enter(ana, (date(2024, 1, 1), "150"))
    client.get(PAGE)
    with django_assert_num_queries(4):
        client.get(PAGE)
    enter(ana, (date(2025, 1, 1), "155"), (date(2026, 1, 1), "160"))
    with django_assert_num_queries(4):
        client.get(PAGE)
