"""The pages of the remittances and of the employer: who may open them, what they say, what they refuse."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Power
from payroll import employer, remittances, runs
from payroll.models import CnesstClassification, EmployerYear, Remittance, RemitterType
from payroll.standings import standing_of
from tests import make
from tests.payroll import paid

pytestmark = pytest.mark.django_db

NOVEMBER = date(2026, 11, 1)
LIST = "/pay/remittances/"
CRA = "/pay/remittances/cra/2026-11-01/"
YEAR = "/pay/employer/years/2026/"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel("2026-12-16 15:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def coop():
    return paid.coop()


@pytest.fixture
def run(coop):
    return coop.pay(has_documents=False)


@pytest.fixture
def as_clerk(coop, client):
    client.force_login(coop.preparer)
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def recorded(by, to="cra", **given) -> Remittance:
    standing = standing_of(to, NOVEMBER)
    given = {"parts": standing.left, "paid_on": date(2026, 12, 15)} | given
    return remittances.record(standing, by=by, **given)


def left_of(to="cra") -> dict[str, str]:
    """What the form shows before anything is typed."""
    standing = standing_of(to, NOVEMBER)
    fields = {"_".join(place): f"{amount}" for place, amount in standing.left.items()}
    return fields | {"seen": standing.digest, "paid_on": "2026-12-15", "reference": "8841"}


def test_list_says_what_is_late_to_whom_and_how_much(run, as_clerk):
    page = text(as_clerk.get(LIST))
    for to in ("cra", "rq"):
        standing = standing_of(to, NOVEMBER)
        assert f'href="{reverse("payroll:remittance", args=[to, NOVEMBER])}"' in page
        assert f"${standing.left_total:,.2f}" in page
    assert page.count('data-tone="warn">late') == 4  # a card and a line of the register each
    assert "Differs from the pays" in page
    assert "a monthly remittance is assumed" in page


def test_list_is_quiet_once_all_is_paid(run, coop, as_clerk):
    for to in ("cra", "rq"):
        recorded(coop.preparer, to)
        employer.declare_remitter(
            government=to, frequency="monthly", starts_on=date(2026, 12, 1), notice="Avis", by=coop.preparer
        )
    page = text(as_clerk.get(LIST))
    assert "Nothing to send now" in page
    assert "Agrees with the pays" in page
    assert "is assumed" not in page


def test_list_before_the_first_pay_teaches(coop, as_clerk):
    assert "No remittance yet" in text(as_clerk.get(LIST))


def test_list_of_a_year_nobody_was_paid_in_is_this_year(run, as_clerk):
    for asked in ("2020", "abc", "99999999999"):
        assert as_clerk.get(LIST, {"year": asked}).context["year"] == 2026


def test_recording_as_shown_settles_it(run, as_clerk):
    page = text(as_clerk.get(f"{CRA}record/"))
    assert "Federal income tax" in page
    answer = as_clerk.post(f"{CRA}record/", left_of())
    assert answer.url == CRA
    remittance = Remittance.objects.get()
    assert (remittance.amounts, remittance.reference) == (standing_of("cra", NOVEMBER).owed, "8841")
    page = text(as_clerk.get(CRA))
    assert "8841" in page
    assert 'data-tone="ok">paid' in page
    assert f"{CRA}record/" not in page


def test_recording_twice_is_refused_with_a_sentence(run, as_clerk):
    given = left_of()
    as_clerk.post(f"{CRA}record/", given)
    page = text(as_clerk.post(f"{CRA}record/", given))
    assert "or this is already recorded" in page
    assert Remittance.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"paid_on": ""}, "This field is required"),
        ({"paid_on": "2026-12-17"}, "This day is to come"),
        ({"deduction_ei": "1e3"}, "is not an amount"),
        ({"deduction_federal_tax": "0", "deduction_ei": "0", "employer_ei": "0"}, "Give the amounts"),
        ({"deduction_federal_tax": "-900"}, "Say why"),
    ],
)
def test_form_refuses_with_a_sentence_and_keeps_what_was_typed(run, as_clerk, typed, says):
    page = text(as_clerk.post(f"{CRA}record/", left_of() | typed))
    assert says in page
    assert "8841" in page
    assert not Remittance.objects.exists()


def test_payment_is_taken_back_with_a_reason(run, coop, as_clerk):
    url = reverse("payroll:remittance_take_back", args=[recorded(coop.preparer).pk])
    assert "This field is required" in text(as_clerk.post(url, {"because": ""}))
    assert as_clerk.post(url, {"because": "Mauvais mois"}).url == CRA
    page = text(as_clerk.get(CRA))
    assert "Mauvais mois" in page
    assert "counter-entry" in page
    assert url not in page
    assert "already taken back" in text(as_clerk.post(url, {"because": "Encore"}))


def test_pays_that_explain_a_difference_are_named(run, coop, as_clerk, now):
    recorded(coop.preparer)
    now.move_to("2026-12-16 16:00:00+00:00")
    stub = run.stubs.get(kind="stub")
    voiding = runs.void_stub(stub, by=coop.preparer, because="Erreur")
    runs.issue(voiding, by=coop.issuer, documents=False)
    page = text(as_clerk.get(CRA))
    assert "after the payment" in page
    assert f'href="{reverse("payroll:run", args=[voiding.pk])}"' in page


def test_employer_file_is_filled_from_notices(coop, as_clerk):
    assert "No notice is on file" in text(as_clerk.get("/pay/employer/"))
    for path, given in {
        "remitter/": {"government": "rq", "frequency": "quarterly", "starts_on": "2026-01-01"},
        "classification/": {"unit": "54321", "per_hundred_dollars": "0,95", "starts_on": "2026-01-01"},
        "years/2026/change/": {"sector": "other", "estimated_payroll": "450 000,00"},
    }.items():
        answer = as_clerk.post(f"/pay/employer/{path}", given | {"notice": "Avis du 4 janvier"})
        assert answer.status_code == 302, text(answer)
    assert RemitterType.objects.get().frequency == "quarterly"
    assert CnesstClassification.objects.get().is_paid_with_quebec is False
    assert EmployerYear.objects.get().estimated_payroll == Decimal("450000.00")
    assert text(as_clerk.get("/pay/employer/")).count("Avis du 4 janvier") == 3


@pytest.mark.parametrize(
    ("path", "given", "says"),
    [
        (
            "remitter/",
            {"government": "cra", "frequency": "annual", "starts_on": "2026-01-01"},
            "not paid once",
        ),
        (
            "remitter/",
            {"government": "rq", "frequency": "weekly", "starts_on": "2026-01-02"},
            "first day of a",
        ),
        (
            "classification/",
            {"unit": "1", "per_hundred_dollars": "1", "starts_on": "2026-01-01"},
            "five digits",
        ),
        (
            "classification/",
            {"unit": "12345", "per_hundred_dollars": "101", "starts_on": "2026-01-01"},
            "more",
        ),
        ("years/2026/change/", {"sector": "other", "estimated_payroll": "abc"}, "is not an amount"),
    ],
)
def test_employer_file_refuses_with_a_sentence(coop, as_clerk, path, given, says):
    assert says in text(as_clerk.post(f"/pay/employer/{path}", given | {"notice": "Avis"}))


def test_year_of_the_employer_shows_its_figures_and_what_is_doubtful(run, as_clerk):
    page = text(as_clerk.get(YEAR))
    assert "The year is not over" in page
    assert "to be verified" in page
    assert "has no classification unit on file" in page
    assert "1.65%" in page


@pytest.mark.parametrize("year", [0, 1999, 2200, 99999999])
def test_year_that_cannot_be_is_not_found(coop, as_clerk, year):
    for path in (f"/pay/employer/years/{year}/", f"/pay/employer/years/{year}/change/", f"{LIST}{year}.csv"):
        assert as_clerk.get(path).status_code == 404


def test_year_without_tables_says_so(coop, as_clerk):
    assert "2031" in text(as_clerk.get("/pay/employer/years/2031/"))
    assert as_clerk.get(f"{LIST}2031.csv").status_code == 404


def test_register_is_a_file_in_both_forms(run, coop, as_clerk):
    recorded(coop.preparer)
    answer = as_clerk.get(f"{LIST}2026.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert Decimal(rows[-2][-1]) == Remittance.objects.get().amount
    assert "2026.csv" in answer["Content-Disposition"]
    assert as_clerk.get(f"{LIST}2026.xlsx").content[:2] == b"PK"


def test_pages_open_to_pay_powers_only(run, coop, client):
    pk = recorded(coop.preparer).pk
    ended = make.person("Eva")
    make.mandate(ended, [Power.PREPARE_PAY, Power.ISSUE_PAY], ends_on=date(2026, 12, 15))
    paths = [
        LIST,
        CRA,
        f"{CRA}record/",
        f"{LIST}payments/{pk}/take-back/",
        f"{LIST}2026.csv",
        "/pay/employer/",
        "/pay/employer/remitter/",
        "/pay/employer/classification/",
        YEAR,
        f"{YEAR}change/",
    ]
    for person, status in ((coop.issuer, 200), (coop.ana, 403), (ended, 403)):
        client.force_login(person)
        assert {client.get(path).status_code for path in paths} == {status}
    assert client.post(f"{LIST}payments/{pk}/take-back/", {"because": "Non"}).status_code == 403
    assert Remittance.objects.count() == 1


def test_issued_pay_leads_to_the_remittances_that_carry_it(run, as_clerk):
    page = text(as_clerk.get(reverse("payroll:run", args=[run.pk])))
    assert CRA in page
    assert "By 15 December 2026." in page


def test_home_reminds_holders_of_pay_powers_alone(run, coop, client):
    client.force_login(coop.issuer)
    page = text(client.get("/"))
    assert page.count("Late: ") >= 2
    assert CRA in page
    client.force_login(coop.ana)
    assert CRA not in text(client.get("/"))


def test_home_of_a_pay_holder_asks_at_most_ten_queries(run, coop, client, django_assert_max_num_queries):
    client.force_login(coop.issuer)
    client.get("/")
    with django_assert_max_num_queries(10):
        assert len(client.get("/").context["remits"]) == 2


@pytest.mark.parametrize("pays", [1, 3])
def test_pages_ask_the_same_number_of_queries_whatever_was_paid(coop, as_clerk, pays):
    for number in range(pays):
        first = paid.next_period(number)
        if number:
            make.approved(coop.ana, starts_on=first, hours=paid.WEEK)
        coop.pay(first, has_documents=False)
    recorded(coop.preparer)
    asked = {}
    for path in QUERIES:
        with CaptureQueriesContext(connection) as queries:
            assert as_clerk.get(path).status_code == 200
        asked[path] = len(queries)
    assert asked == QUERIES


QUERIES = {LIST: 12, CRA: 11, f"{CRA}record/": 7, "/pay/employer/": 7, YEAR: 13, f"{LIST}2026.csv": 7}
