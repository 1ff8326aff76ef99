"""Freelancers: their own invoice numbers, the sales beyond which they register, and what they are told."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from members.powers import NotAllowed
from payroll import freelancers, periods, runs
from payroll.models import InvoiceNumber, PayStub, SalesTaxRegistration
from tests import make
from tests.payroll import paid
from tests.payroll.paid import PERIOD

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today_in_english(time_machine):
    time_machine.move_to("2026-11-20 12:00", tick=False)
    with translation.override("en-ca"):
        yield


@pytest.fixture
def coop():
    return paid.coop()


@pytest.fixture
def period(coop):
    return periods.starting(PERIOD)


def number(coop, period, text="F-2026-17", **others):
    return freelancers.number_invoice(coop.bo, by=coop.bo, period=period, number=text, **others)


def statement_of(person) -> PayStub:
    return PayStub.objects.get(person=person, kind=PayStub.Kind.STATEMENT)


# Invoice numbers ----------------------------------------------------------------------------------


@pytest.mark.pdf
def test_number_given_before_the_pay_is_printed_on_the_statement(coop, period):
    number(coop, period, "  F-2026 \t 17 ")
    coop.pay()

    stub = statement_of(coop.bo)
    text = PdfReader(BytesIO(bytes(stub.document.pdf))).pages[0].extract_text()
    assert stub.facts["invoice_number"] == "F-2026 17"
    assert "F-2026 17" in text
    assert stub.facts["number"] in text


def test_statement_without_a_number_has_the_coops_only(coop):
    coop.pay(has_documents=False)

    assert "invoice_number" not in statement_of(coop.bo).facts


def test_number_is_given_again_or_taken_back_until_the_pay_is_issued(coop, period):
    number(coop, period, "A1")
    number(coop, period, "A2")
    assert InvoiceNumber.objects.get().number == "A2"

    assert number(coop, period, " ") is None
    assert not InvoiceNumber.objects.exists()

    number(coop, period, "A3")
    run = runs.prepare(period, by=coop.preparer, because="essai")
    number(coop, period, "A4")
    runs.issue(run, by=coop.issuer, documents=False)
    assert statement_of(coop.bo).facts["invoice_number"] == "A4"
    with pytest.raises(freelancers.AlreadyPaid, match="give the number of your next invoice"):
        number(coop, period, "A5")


def test_number_is_used_once_by_a_person_and_freely_by_another(coop, period):
    cleo = make.person("Cléo", kind="freelance")
    following = periods.starting(paid.next_period())
    number(coop, period, "17")

    freelancers.number_invoice(cleo, by=cleo, period=period, number="17")
    with pytest.raises(ValidationError, match="a number is used once"):
        number(coop, following, "17")


def test_salaried_person_invoices_nothing(coop, period):
    with pytest.raises(freelancers.NotFreelance):
        freelancers.number_invoice(coop.ana, by=coop.ana, period=period, number="1")


def test_number_is_given_by_its_owner_or_by_who_prepares_pay(coop, period):
    freelancers.number_invoice(coop.bo, by=coop.preparer, period=period, number="1")

    with pytest.raises(NotAllowed):
        freelancers.number_invoice(coop.bo, by=coop.ana, period=period, number="2")


def _change(given):
    InvoiceNumber.objects.filter(pk=given.pk).update(number="18")


def _delete(given):
    given.delete()


def _add(given):
    other = make.person("Cléo", kind="freelance")
    InvoiceNumber.objects.create(person=other, period_starts_on=PERIOD, number="1")


@pytest.mark.parametrize("act", [_change, _delete, _add])
def test_database_keeps_what_was_printed(coop, period, act):
    given = number(coop, period, "17")
    coop.pay(has_documents=False)

    with pytest.raises(IntegrityError, match="stay as they were printed"), transaction.atomic():
        act(given)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"number": ""}, "payroll_invoice_has_a_number"),
        ({"number": "17"}, "payroll_one_invoice_a_period"),
        ({"number": "16", "period_starts_on": date(2026, 11, 16)}, "payroll_invoice_number_once"),
    ],
)
def test_database_refuses_an_invoice_twice_or_without_a_number(coop, fields, name):
    InvoiceNumber.objects.create(person=coop.bo, period_starts_on=PERIOD, number="16")

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        InvoiceNumber.objects.create(**{"person": coop.bo, "period_starts_on": PERIOD} | fields)


def test_freelancer_gives_the_number_from_their_file(client, coop, period):
    client.force_login(coop.bo)
    page = client.get(reverse("payroll:profile")).content.decode()
    assert reverse("payroll:invoice") in page

    answer = client.post(
        reverse("payroll:invoice"), {"period": str(PERIOD), "number": "F-17"}, follow=True
    ).content.decode()
    assert "F-17" in answer
    assert InvoiceNumber.objects.get(person=coop.bo).period_starts_on == PERIOD

    wrong = client.post(reverse("payroll:invoice"), {"period": "2030-01-07", "number": "F-18"})
    assert wrong.status_code == 200
    assert "F-18" in wrong.content.decode()


def test_preview_and_statement_show_the_number(client, coop, period):
    number(coop, period, "F-17")
    client.force_login(coop.preparer)
    assert "invoice F-17" in client.get(reverse("payroll:run_preview", args=[PERIOD])).content.decode()

    run = coop.pay(has_documents=False)
    assert "invoice F-17" in client.get(reverse("payroll:run", args=[run.pk])).content.decode()
    client.force_login(coop.bo)
    assert "F-17" in client.get(reverse("payroll:stub", args=[statement_of(coop.bo).pk])).content.decode()


# The limit ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "quarters"),
    [
        ("2026-01-01", ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01"]),
        ("2026-11-20", ["2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"]),
    ],
)
def test_quarters_are_those_of_the_calendar(day, quarters):
    found = freelancers.quarters_to(date.fromisoformat(day), 5)

    assert found == [date.fromisoformat(quarter) for quarter in quarters]


def _watch(*amounts) -> freelancers.Watch:
    quarters = freelancers.quarters_to(TODAY, 5)
    paid_then = tuple(zip(quarters, map(Decimal, amounts), strict=True))
    return freelancers.Watch(paid_then, Decimal(30_000), "a guide")


@pytest.mark.parametrize(
    ("amounts", "most", "state"),
    [
        ((0, 0, 0, 0, 0), 0, ""),
        ((9_000, 6_000, 6_000, 6_000, 8_999), 27_000, "near"),
        ((0, 6_000, 6_000, 6_000, 8_999), 26_999, ""),
        ((0, 7_000, 7_000, 8_000, 8_000), 30_000, "near"),
        ((0, 0, 0, 0, 30_001), 30_001, "passed"),
        ((9_000, 7_000, 7_000, 7_001, 0), 30_001, "passed"),
    ],
)
def test_limit_is_on_four_quarters_in_a_row(amounts, most, state):
    watch = _watch(*amounts)

    assert watch.most == most
    assert (watch.is_near, watch.is_passed) == (state == "near", state == "passed")


def test_watch_counts_prices_before_taxes_of_issued_statements(coop):
    coop.pay(has_documents=False)

    watch = freelancers.watch([coop.bo.pk], TODAY)[coop.bo.pk]

    assert watch.quarters[-1] == (date(2026, 10, 1), Decimal("311.75"))
    assert watch.limit == 30_000


def test_watch_does_not_count_what_was_voided(coop):
    run = coop.pay(has_documents=False)
    voiding = runs.void_stub(run.stubs.get(person=coop.bo), by=coop.preparer, because="essai")
    runs.issue(voiding, by=coop.issuer, documents=False)

    assert freelancers.watch([coop.bo.pk], TODAY)[coop.bo.pk].most == 0


@pytest.mark.parametrize(
    ("rate", "said"),
    [("600.00", "Ask for the numbers"), ("560.00", "all clients together"), ("400.00", "")],
)
def test_preflight_tells_of_who_passes_the_limit_without_numbers(rate, said):
    coop = paid.coop()
    SalesTaxRegistration.objects.all().delete()
    make.rate(rate, starts_on=date(2026, 1, 5))
    make.approved(coop.bo, starts_on=date(2026, 11, 9), hours={"mon": 10, "tue": 10, "wed": 10, "thu": 6})
    period = periods.starting(PERIOD)

    sentences = [of.sentence for of in runs.preflight(period, runs.preview(period)) if "GST" in of.sentence]

    assert len(sentences) == bool(said)
    assert all(said in sentence for sentence in sentences)


def test_preflight_says_nothing_of_who_is_registered():
    coop = paid.coop()
    make.rate("900.00", starts_on=date(2026, 1, 5))
    make.approved(coop.bo, starts_on=date(2026, 11, 9), hours={"mon": 10, "tue": 10, "wed": 10, "thu": 6})
    period = periods.starting(PERIOD)

    assert not [of for of in runs.preflight(period, runs.preview(period)) if "GST" in of.sentence]


@pytest.mark.parametrize("people", [1, 3])
def test_watch_takes_one_query(coop, people, django_assert_num_queries):
    others = [make.person("Cléo", kind="freelance").pk for _more in range(people - 1)]
    with django_assert_num_queries(1):
        found = freelancers.watch([coop.bo.pk, *others], TODAY)
    assert len(found) == people


# What they are told -------------------------------------------------------------------------------


def test_freelancer_reads_the_limit_and_the_question_of_requalification(client, coop):
    coop.pay(has_documents=False)
    client.force_login(coop.bo)

    text = " ".join(client.get(reverse("payroll:profile")).content.decode().split())

    assert "$311.75" in text
    assert "of $30,000.00, over four quarters in a row" in text
    assert "Sales to all other clients count toward the same limit" in text
    assert "Freelance or salaried: what the governments look at" in text
    # 6.30 + 0.602 + 1.3 × 1.4 + 1.65 + 0.06 %
    assert "about 10.43%" in text


def test_salaried_person_is_not_told_of_freelance_work(client, coop):
    client.force_login(coop.ana)

    assert "Freelance or salaried" not in client.get(reverse("payroll:profile")).content.decode()


def test_status_page_of_a_freelancer_explains_the_question(client, coop):
    client.force_login(coop.bo)
    own = client.get(reverse("members:person", args=[coop.bo.pk])).content.decode()
    assert "Freelance or salaried" in own

    client.force_login(coop.ana)
    assert (
        "Freelance or salaried"
        not in client.get(reverse("members:person", args=[coop.bo.pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("field", "number", "name"),
    [
        ("gst_number", "123456789RT0001", "payroll_gst_number_is_whole"),
        ("qst_number", "123456789 TQ 0001", "payroll_qst_number_is_whole"),
    ],
)
def test_database_keeps_whole_tax_numbers_only(coop, field, number, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SalesTaxRegistration.objects.update(**{field: number})
