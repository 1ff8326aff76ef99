"""« What if »: the same cents as the pay, every line explained, nothing written."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from payroll import profiles
from payroll.deductions import Pay, YearToDate, compute
from payroll.explaining import figures
from payroll.models import TaxProfile
from tests import make

from . import paid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def ana():
    make.cooperative(first_period_on=paid.PERIOD)
    make.rate("21.50")
    return make.person("Ana", language="en-ca", born_on=date(1985, 5, 1), minutes=35 * 60)


@pytest.fixture
def ask(client, ana):
    client.force_login(ana)

    def post(**given):
        return client.post(
            reverse("payroll:calculator"), {"pay_on": "2026-11-20", "pays_in_year": "26"} | given
        )

    return post


def words(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def test_form_begins_with_my_own_next_pay(client, ana):
    profiles.declare_taxes(ana, by=ana, starts_on=date(2026, 1, 1), federal_claim=Decimal("17000.00"))
    client.force_login(ana)
    form = client.get(reverse("payroll:calculator")).context["form"]
    assert form["minutes"].value() == "70"
    assert form["pay_on"].value() == date(2026, 12, 4)
    assert form["pays_in_year"].value() == 26
    assert form.initial["federal_claim"] == Decimal("17000.00")
    assert form.initial.get("year_gross") is None


def test_official_worked_pay_is_reproduced_to_the_cent(ask):
    """Biweekly 2,000.00 in 2026, no forms, first pay: the worked pay of the guides."""
    response = ask(gross="2000")
    amounts = {part.code: part.amount for part in response.context["deducted"]}
    assert amounts == {
        "federal_tax": Decimal("135.30"),
        "quebec_tax": Decimal("167.53"),
        "qpp": Decimal("117.52"),
        "qpp2": Decimal("0.00"),
        "qpip": Decimal("8.60"),
        "ei": Decimal("26.00"),
    }
    assert response.context["net"] == Decimal("1545.05")
    assert "$1,545.05" in words(response)


def test_hours_are_priced_at_the_rate_with_their_half(ask):
    response = ask(minutes="70", overtime="2h")
    assert response.context["gross"] == Decimal("1569.50")
    assert "Hours at $21.50" in words(response)


def test_cost_is_gross_and_every_share_of_the_employer(ask):
    context = ask(gross="2000").context
    shares = {part.code: part.amount for part in context["employer"]}
    assert shares == {
        "qpp": Decimal("117.52"),
        "qpp2": Decimal("0.00"),
        "qpip": Decimal("12.04"),
        "ei": Decimal("36.40"),
        "hsf": Decimal("33.00"),
        "cnesst": Decimal("0.00"),
        "standards": Decimal("1.20"),
    }
    assert context["cost"] == 2000 + sum(shares.values())


def test_year_to_date_reaches_the_maximums(ask):
    response = ask(gross="3000", year_gross="74600", year_qpp="4479.30", year_ei="895.70")
    amounts = {part.code: part.amount for part in response.context["deducted"]}
    assert amounts["qpp"] == amounts["ei"] == 0
    assert amounts["qpp2"] == Decimal("120.00")


def test_claims_and_extra_tax_change_the_taxes(ask):
    response = ask(gross="2000", federal_claim="0", quebec_claim="0", quebec_extra_tax="25,50")
    expected = compute(
        Pay.from_dict(
            {
                "pay_date": "2026-11-20",
                "periods_per_year": 26,
                "gross": "2000.00",
                "claims": {
                    "birth_date": "1985-05-01",
                    "federal_claim": "0.00",
                    "quebec_claim": "0.00",
                    "quebec_extra_tax": "25.50",
                },
            }
        ),
        YearToDate(),
    )
    amounts = {part.code: part.amount for part in response.context["deducted"]}
    assert (amounts["federal_tax"], amounts["quebec_tax"]) == (expected.federal_tax, expected.quebec_tax)


def test_each_line_is_explained_down_to_its_amount(ask):
    response = ask(gross="2000")
    for part in [*response.context["deducted"], *response.context["employer"]]:
        assert Decimal(part.steps[-1].amount.replace(",", "")) == part.amount
        assert all(step.source for step in part.steps if step.formula)
    assert "T4127-122" in words(response)


def test_retroactive_amount_is_explained_beside_the_regular_pay(ask):
    response = ask(gross="2000", nonperiodic="500")
    [federal] = [part for part in response.context["deducted"] if part.code == "federal_tax"]
    assert [step.symbol for step in federal.steps][-1] == "TB"
    assert response.context["gross"] == Decimal("2500.00")


def test_calculator_writes_nothing(ask):
    ask(gross="2000")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ask(gross="2000", federal_claim="17000")
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert not TaxProfile.objects.exists()


def test_calculator_asks_few_queries(client, ask, django_assert_num_queries):
    ask(gross="2000")
    with django_assert_num_queries(7):
        ask(gross="2000")
    client.get(reverse("payroll:calculator"))
    with django_assert_num_queries(7):
        client.get(reverse("payroll:calculator"))


def test_address_with_a_pay_in_it_is_computed_too(client, ana):
    client.force_login(ana)
    given = {"pay_on": "2026-11-20", "pays_in_year": "26", "gross": "2000"}
    assert client.get(reverse("payroll:calculator"), given).context["net"] == Decimal("1545.05")


def test_date_beyond_the_reviewed_tables_is_refused_with_a_sentence(ask):
    response = ask(gross="2000", pay_on="2027-01-08")
    assert "Nothing is computed with another year’s rates" in words(response).replace("&#x27;", "’").replace(
        "'", "’"
    )
    assert "8 January 2027 is outside" in words(response)
    assert response.context["form"]["gross"].value() == "2000"
    assert "net" not in response.context


def test_day_without_a_rate_asks_for_a_gross_amount(client):
    make.cooperative()
    client.force_login(make.person("Bo", language="en-ca"))
    given = {"pay_on": "2026-11-20", "pays_in_year": "26", "minutes": "70"}
    response = client.post(reverse("payroll:calculator"), given)
    assert "No hourly rate is set for that day" in words(response)
    assert client.post(reverse("payroll:calculator"), given | {"minutes": "", "gross": "2000"}).context["net"]


def test_nothing_to_compute_asks_for_hours_or_a_gross_amount(ask):
    assert ask().context["form"].errors.keys() == {"minutes"}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("gross", "1e3"),
        ("gross", "NaN"),
        ("gross", "-5"),
        ("gross", "9" * 19),
        ("minutes", "1:75"),
        ("minutes", "10000"),
        ("pays_in_year", "25"),
        ("pays_in_year", "0"),
        ("pay_on", "soon"),
        ("year_ei", "<script>alert(1)</script>"),
        ("federal_claim", "{{ 7*7 }}"),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_typed_is_lost(ask, field, typed):
    response = ask(**({"gross": "2000"} | {field: typed}))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert response.context["form"][field].value() == typed
    assert "<script>alert" not in words(response)


def test_hours_and_gross_are_not_both_taken(ask):
    assert ask(gross="2000", minutes="70").context["form"].errors.keys() == {"gross"}


def test_formulas_are_written_as_the_reader_writes_numbers():
    formula = "max(0, 0.0630 × (1234.5 − 134.61)) + K2Q"
    with translation.override("fr-ca"):
        assert figures(formula) == "max(0, 0,0630 × (1\u00a0234,5 − 134,61)) + K2Q"
    with translation.override("en-ca"):
        assert figures(formula) == "max(0, 0.0630 × (1,234.5 − 134.61)) + K2Q"
