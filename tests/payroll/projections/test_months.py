"""What months came to: entered by members, taken away by whoever entered them, beside what was foreseen."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.models import JournalEntry, Power
from payroll import month_figures
from payroll.models import MonthFigures
from payroll.projections import keeping
from tests import make
from tests.payroll.projections.made import cost, draft, revenue
from timesheets.models import Service

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
PAGE = reverse("payroll:months")
FIGURES = {"month": "2026-10-01", "revenue": "9 500,00", "closing": "-120,50", "source": "Relevé d’octobre"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def ana():
    make.cooperative()
    make.rate("21.50")
    return make.person("Ana", language="en-ca")


def words(answer) -> str:
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def test_a_month_is_entered_and_read_with_its_source(client, ana):
    client.force_login(ana)
    told = words(client.post(PAGE, FIGURES, follow=True))
    assert "October 2026" in told
    assert "$9,500.00" in told
    assert "−$120.50" in told
    assert "Relevé d’octobre" in told
    entry = JournalEntry.objects.latest("seq")
    assert (entry.event, entry.body) == ("month.entered", {"month": "2026-10-01"})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"month": "2026-11-01"}, "Select a valid choice"),
        ({"revenue": "", "closing": ""}, "at least one of the three"),
        ({"source": ""}, "required"),
        ({"revenue": "-5"}, "cannot be less"),
    ],
)
def test_what_does_not_hold_is_told_and_kept_on_the_page(client, ana, wrong, said):
    client.force_login(ana)
    told = words(client.post(PAGE, FIGURES | wrong))
    assert said in told
    assert not MonthFigures.objects.exists()
    month_figures.enter(month=OCTOBER, revenue=Decimal(1), source="T", by=ana)
    assert "has its figures already" in words(client.post(PAGE, FIGURES))


def test_a_month_that_is_not_over_has_no_figures(ana):
    with pytest.raises(month_figures.IsNotOver):
        month_figures.enter(month=NOVEMBER, revenue=Decimal(1), source="T", by=ana)
    with pytest.raises(ValidationError, match="premier jour"):
        month_figures.enter(month=date(2026, 10, 2), revenue=Decimal(1), source="T", by=ana)
    with pytest.raises(IntegrityError, match="payroll_figures_say_something"), transaction.atomic():
        MonthFigures.objects.create(month=OCTOBER, source="T", entered_by=ana)


def test_whoever_entered_figures_takes_them_away(client, ana):
    found = month_figures.enter(month=OCTOBER, costs=Decimal("1200.00"), source="T", by=ana)
    remove = reverse("payroll:month_remove", args=[found.pk])
    client.force_login(make.person("Bob"))
    assert client.post(remove).status_code == 404
    client.force_login(make.person("Paule", powers=[Power.PREPARE_PAY], language="en-ca"))
    assert remove in client.get(PAGE).content.decode()
    client.post(remove)
    assert not MonthFigures.objects.exists()


def test_projection_is_followed_by_what_the_month_came_to(client, ana):
    projection = draft(ana, starts_on=NOVEMBER)
    revenue(projection, "9000.00", Service.objects.create(name="Hébergement"))
    cost(projection, "1200.00")
    keeping.keep(projection, by=ana)
    with time_machine.travel("2026-12-03 15:00:00+00:00", tick=False):
        client.force_login(ana)
        address = reverse("payroll:projection", args=[projection.pk])
        (one,) = client.get(address).context["past"]
        assert [after for _before, after, _change in one.money] == [None, None, None]
        month_figures.enter(
            month=NOVEMBER,
            revenue=Decimal("8500.00"),
            closing=one.closing - 100,
            source="Livres de novembre",
            by=ana,
        )
        answer = client.get(address)
        held = client.get(reverse("payroll:projection_csv", args=[projection.pk]))
    (one,) = answer.context["past"]
    assert one.money == [
        (Decimal("9000.00"), Decimal("8500.00"), Decimal("-500.00")),
        (Decimal("1200.00"), None, None),
        (one.closing, one.closing - 100, Decimal("-100.00")),
    ]
    assert "−$500.00" in words(answer)
    _title, head, *lines = csv.reader(io.StringIO(held.content.decode("utf-8-sig")))
    column = head.index("Revenue, actual")
    expected = [line[column] for line in lines if line[0] == "Expected"]
    assert expected == ["8500.00", *[""] * 12]
    assert not any(line[column] for line in lines if line[0] != "Expected")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same(client, ana, rows, django_assert_num_queries):
    for number in range(rows):
        month_figures.enter(month=date(2026, 7 + number, 1), revenue=Decimal(1), source="T", by=ana)
    client.force_login(ana)
    client.get(PAGE)
    with django_assert_num_queries(4):
        client.get(PAGE)
