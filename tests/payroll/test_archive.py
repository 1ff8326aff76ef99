"""My stubs: who may open which, what is kept of it, what the page and the files say."""

import hashlib
import io
import zipfile
from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from members.models import Mandate, Power
from payroll import archive, documents, opening
from payroll.models import FileReading, PayRun, StubDocument
from payroll.papers import arrange, mark_of
from tests import make

from . import paid

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


NOW = "2026-11-23 15:00:00+00:00"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def paid_once(kept):
    """The co-op and its pay, with its documents, made once for all these tests."""
    with time_machine.travel(NOW, tick=False):
        made = paid.coop()
        made.pay()
        return made


@pytest.fixture
def coop(paid_once):
    return deepcopy(paid_once)


@pytest.fixture
def run(coop):
    return PayRun.objects.get()


@pytest.fixture
def stub(run, coop):
    return coop.ana.stubs.get()


def page_of(stub) -> str:
    return reverse("payroll:stub", args=[stub.pk])


def words(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


# My own -------------------------------------------------------------------------------------------


def test_archive_lists_my_stubs_with_totals_that_foot(client, coop, stub):
    client.force_login(coop.ana)
    response = client.get(reverse("payroll:archive"))
    [mine] = response.context["stubs"]
    assert mine == stub
    assert mine.net == mine.gross - mine.deductions
    assert response.context["totals"]["net"] == mine.net
    assert "November 20, 2026" in words(response) or "20 November 2026" in words(response)


def test_archive_shows_nothing_of_others(client, coop, run):
    client.force_login(coop.issuer)
    response = client.get(reverse("payroll:archive"))
    assert response.context["stubs"] == []
    assert "No pay yet" in words(response)


def test_archive_ignores_a_year_that_is_not_one_of_mine(client, coop, run):
    client.force_login(coop.ana)
    for year in ("1999", "abc", "-1", "9" * 40, "²"):
        assert client.get(reverse("payroll:archive"), {"year": year}).context["year"] == 2026


def test_archive_asks_the_same_number_of_queries_for_one_and_three_stubs(
    client, coop, run, django_assert_num_queries
):
    client.force_login(coop.ana)
    client.get(reverse("payroll:archive"))
    with django_assert_num_queries(8):
        client.get(reverse("payroll:archive"))
    for number in (1, 2):
        make.approved(coop.ana, starts_on=paid.next_period(number), hours=paid.WEEK)
        coop.pay(paid.next_period(number), has_documents=False)
    with django_assert_num_queries(8):
        assert len(client.get(reverse("payroll:archive")).context["stubs"]) == 3


def test_picture_is_whole_numbers_within_its_frame(coop, run):
    make.approved(coop.ana, starts_on=paid.next_period(), hours={"mon": 4})
    coop.pay(paid.next_period(), has_documents=False)
    bars = archive.picture(list(archive.own(coop.ana).with_totals()))
    assert [bar.stub.run.pay_on for bar in bars] == [date(2026, 11, 20), date(2026, 12, 4)]
    assert bars[0].net_height + bars[0].withheld_height in (archive.TALLEST, archive.TALLEST - 1)
    assert bars[1].net_height < bars[0].net_height
    assert all(bar.withheld_y + bar.withheld_height == bar.net_y for bar in bars)
    assert archive.picture([]) == []


def test_last_stub_is_the_latest_one_with_its_totals(coop, stub, django_assert_num_queries):
    with django_assert_num_queries(1):
        last = archive.last_stub(coop.ana)
    assert last == stub
    assert last.net == last.gross - last.deductions
    assert archive.last_stub(coop.preparer) is None


def test_stub_page_has_every_line_and_explains_each_deduction(client, coop, stub):
    client.force_login(coop.ana)
    response = client.get(page_of(stub))
    text = words(response)
    for line in stub.lines.all():
        assert f"${line.amount:,.2f}" in text
    for _amount, part in [*response.context["deducted"], *response.context["employer"]]:
        assert part.steps[-1].amount
        assert all(step.source for step in part.steps if step.formula)
    assert (
        "max(0, min(4,479.30 − 0.00, 0.0630 × (924.50 − 134.61)))" in text
    )  # QPP, with this pay's own figures
    assert "T4127-122" in text


def test_explanation_ends_with_the_amount_of_the_line(client, coop, stub):
    client.force_login(coop.ana)
    for row, part in client.get(page_of(stub)).context["deducted"]:
        assert part.steps[-1].amount == f"{row.amount:,.2f}"


def test_stub_page_asks_a_constant_number_of_queries(client, coop, stub, django_assert_num_queries):
    client.force_login(coop.ana)
    client.get(page_of(stub))
    with django_assert_num_queries(6):
        client.get(page_of(stub))


def test_statement_page_shows_both_taxes_and_numbers(client, coop, run):
    client.force_login(coop.bo)
    text = words(client.get(page_of(coop.bo.stubs.get())))
    assert "123456789 RT 0001" in text
    assert "1234567890 TQ 0001" in text
    assert "Total paid" in text
    assert "Explain each deduction" not in text


def test_page_speaks_the_readers_language(client, coop, stub):
    coop.ana.language = "fr-ca"
    coop.ana.save()
    client.force_login(coop.ana)
    assert "20 novembre 2026" in words(client.get(page_of(stub)))


# Documents ----------------------------------------------------------------------------------------


def test_pdf_is_the_stored_one_and_is_kept_by_no_cache(client, coop, stub):
    client.force_login(coop.ana)
    response = client.get(reverse("payroll:stub_pdf", args=[stub.pk]))
    assert response.content == bytes(stub.document.pdf)
    assert hashlib.sha256(response.content).hexdigest() == stub.document.sha256
    assert response["Content-Type"] == "application/pdf"
    assert (
        response["Content-Disposition"]
        == f'attachment; filename="2026-11-20-pay-stub-{stub.facts["number"]}.pdf"'
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_pdf_is_made_again_byte_for_byte(stub):
    assert documents.render(stub) == bytes(stub.document.pdf)


def test_pdf_says_what_the_lines_say(stub):
    pages = PdfReader(io.BytesIO(bytes(stub.document.pdf))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())
    for line in stub.lines.all():
        assert f"${line.amount:,.2f}" in text


def test_stub_issued_without_a_document_has_one_made_when_asked(client, coop):
    make.approved(coop.ana, starts_on=paid.next_period(), hours=paid.WEEK)
    stub = coop.pay(paid.next_period(), has_documents=False).stubs.get(person=coop.ana)
    client.force_login(coop.ana)
    content = client.get(reverse("payroll:stub_pdf", args=[stub.pk])).content
    assert content == documents.render(stub)
    assert not StubDocument.objects.filter(stub=stub).exists()


def test_year_is_one_archive_of_all_my_documents(client, coop, stub):
    coop.void(stub)
    client.force_login(coop.ana)
    response = client.get(reverse("payroll:archive_zip", args=[2026]))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archived:
        contents = [archived.read(name) for name in archived.namelist()]
    stored = [bytes(document.pdf) for document in StubDocument.objects.filter(stub__person=coop.ana)]
    assert sorted(contents) == sorted(stored)
    assert len(contents) == 2
    assert 'filename="' in response["Content-Disposition"]
    assert response.content == client.get(reverse("payroll:archive_zip", args=[2026])).content


@pytest.mark.parametrize("year", [2025, 0, 99999])
def test_year_without_pay_is_not_found(client, coop, stub, year):
    client.force_login(coop.ana)
    assert client.get(reverse("payroll:archive_zip", args=[year])).status_code == 404


def test_check_again_finds_the_document_and_the_sum_unchanged(client, coop, stub):
    client.force_login(coop.ana)
    found = client.get(page_of(stub), {"check": "1"}).context["recheck"]
    assert (found.is_intact, found.is_same_document, found.is_same_sum) == (True, True, True)


def test_check_again_redoes_the_sales_taxes_of_a_statement(client, coop, run):
    client.force_login(coop.bo)
    found = client.get(page_of(coop.bo.stubs.get()), {"check": "1"}).context["recheck"]
    assert (found.is_intact, found.is_same_document, found.is_same_sum) == (True, True, True)


def test_voiding_is_shown_with_what_it_voids_and_why(client, coop, stub):
    mirror = coop.void(stub, because="Heures d’une autre personne")
    client.force_login(coop.ana)
    text = words(client.get(page_of(mirror)))
    assert f"This document voids no. {stub.facts['number']}" in text
    assert "Heures d’une autre personne" in text
    assert "−$924.50" in text


# Checked from paper -------------------------------------------------------------------------------


def test_paper_says_where_it_is_checked_and_the_screen_shows_the_same_mark(client, coop, stub):
    """Who holds a paper compares its mark with that of the page, computed again from the lines."""
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(stub.document.pdf))).pages)
    mark = arrange(stub).mark
    assert mark in printed
    assert stub.facts["address"].removeprefix("http://").split("/", 1)[1] in "".join(printed.split())
    client.force_login(coop.ana)
    response = client.get(reverse("payroll:stub_numbered", args=[stub.facts["number"]]), follow=True)
    assert response.redirect_chain[-1][0] == page_of(stub)
    assert mark in words(response)


def test_mark_changes_with_any_amount_and_any_name(stub):
    lines = list(stub.lines.all())
    whole = mark_of(stub.facts, lines)
    assert mark_of(stub.facts, reversed(lines)) == whole
    lines[0].amount += Decimal("0.01")
    assert mark_of(stub.facts, lines) != whole
    lines[0].amount -= Decimal("0.01")
    facts = stub.facts | {"person": stub.facts["person"] | {"name": "Une autre"}}
    assert mark_of(facts, lines) != whole


def test_voiding_has_its_own_address_and_mark(coop, stub):
    mirror = coop.void(stub)
    assert mirror.facts["number"] in mirror.facts["address"]
    assert arrange(mirror).mark != arrange(stub).mark


@pytest.mark.parametrize("number", ["2026", "2026-1", "2026-x-1", f"2026-{'9' * 30}-1", "a-b-c-d"])
def test_number_that_names_no_stub_of_mine_is_not_found(client, coop, stub, number):
    client.force_login(coop.ana)
    assert client.get(reverse("payroll:stub_numbered", args=[number])).status_code == 404
    client.force_login(coop.bo)
    theirs = reverse("payroll:stub_numbered", args=[stub.facts["number"]])
    assert client.get(theirs).status_code == 404


def test_paper_has_all_that_redoes_the_sum(coop, stub):
    """Time × rate for each line, the lines to the gross, the deductions to the net, from the words of the PDF."""
    with translation.override(stub.language):
        paper = arrange(stub)
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(stub.document.pdf))).pages)
    text = " ".join(printed.replace("\u00a0", " ").split())
    redone = Decimal(0)
    for earned in paper.earnings:
        assert f"× ${earned.rate}" in text
        redone += (Decimal(earned.minutes) / 60 * earned.rate * (earned.factor or 1)).quantize(
            Decimal("0.01")
        )
        assert f"${earned.amount:,.2f}" in text
    assert redone == paper.gross.amount
    assert redone - sum(row.amount for row in paper.deductions) == paper.net.amount
    for row in [*paper.deductions, *paper.employer]:
        assert f"{row.label} ${row.amount:,.2f}" in text


# The year, added up -------------------------------------------------------------------------------


def test_year_is_added_up_line_by_line(client, coop, stub):
    make.approved(coop.ana, starts_on=paid.next_period(), hours=paid.WEEK)
    coop.pay(paid.next_period(), has_documents=False)
    client.force_login(coop.ana)
    response = client.get(reverse("payroll:archive"))
    sums, stubs = response.context["sums"], response.context["stubs"]
    assert (sums.gross, sums.net) == (sum(of.gross for of in stubs), sum(of.net for of in stubs))
    to_date = max(stubs, key=lambda of: of.run.pay_on).facts["year_to_date"]
    assert {str(amount) for _label, amount in sums.deductions} == {
        to_date[code] for code in ("federal_tax", "quebec_tax", "qpp", "qpip", "ei")
    }
    assert sums.employer_total == sum(amount for _label, amount in sums.employer) > 0
    assert "2026, added up" in words(response)


def test_year_counts_what_was_paid_before_and_not_what_was_voided(coop, stub):
    coop.void(stub)
    balance = opening.enter(
        coop.ana,
        by=coop.preparer,
        through=date(2026, 10, 16),
        pays=20,
        gross=Decimal("21000.00"),
        amounts={("deduction", "qpp"): Decimal("1200.00"), ("employer", "qpp"): Decimal("1200.00")},
    )
    assert archive.year_sums(coop.ana, 2026).gross == 0
    opening.confirm(balance, by=coop.issuer)
    sums = archive.year_sums(coop.ana, 2026)
    assert (sums.gross, sums.net, sums.had_opening) == (Decimal(21000), Decimal(19800), True)


def test_my_pay_is_one_place_with_everything_a_click_away(client, coop, stub):
    client.force_login(coop.ana)
    names = ("archive", "what_if", "banks", "profile", "readings")
    for name in names:
        text = words(client.get(reverse(f"payroll:{name}")))
        assert all(f'href="{reverse(f"payroll:{other}")}"' in text for other in names), name


# Another person's ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["payroll:stub", "payroll:stub_pdf"])
def test_stub_of_another_is_not_found_without_a_mandate(client, coop, stub, name):
    client.force_login(coop.bo)
    refused = client.get(reverse(name, args=[stub.pk]))
    missing = client.get(reverse(name, args=[stub.pk + 1000]))
    assert (refused.status_code, missing.status_code) == (404, 404)
    assert client.post(reverse("payroll:stub_open", args=[stub.pk])).status_code == 404
    assert not FileReading.objects.exists()


def test_stub_of_another_is_opened_aloud_and_its_owner_sees_it(client, coop, stub):
    client.force_login(coop.preparer)
    gate = client.get(page_of(stub))
    assert "$924.50" not in words(gate)
    assert "is kept" in words(gate)
    assert not FileReading.objects.exists()
    opened = client.post(gate.context["open_url"], follow=True)
    assert "$924.50" in words(opened)
    reading = FileReading.objects.get()
    assert (reading.person, reading.reader, reading.what) == (coop.ana, coop.preparer, "stub")
    assert client.get(reverse("payroll:stub_pdf", args=[stub.pk])).status_code == 200
    assert FileReading.objects.count() == 1

    client.force_login(coop.ana)
    text = words(client.get(reverse("payroll:readings")))
    assert str(coop.preparer) in text
    assert "pay stub" in text


def test_pdf_of_another_sends_to_the_gate_first(client, coop, stub):
    client.force_login(coop.issuer)
    response = client.get(reverse("payroll:stub_pdf", args=[stub.pk]))
    assert response.status_code == 302
    assert response.url == page_of(stub)


def test_opened_stub_closes_after_a_quarter_of_an_hour(client, coop, stub, clock):
    client.force_login(coop.preparer)
    client.post(reverse("payroll:stub_open", args=[stub.pk]))
    assert "$924.50" in words(client.get(page_of(stub)))
    clock.shift(15 * 60 + 1)
    assert "$924.50" not in words(client.get(page_of(stub)))


def test_opening_one_stub_opens_no_other(client, coop, stub):
    client.force_login(coop.preparer)
    client.post(reverse("payroll:stub_open", args=[stub.pk]))
    assert "Open the file" in words(client.get(page_of(coop.bo.stubs.get())))


def test_mandate_that_ended_yesterday_opens_nothing_in_the_same_session(client, coop, stub):
    client.force_login(coop.preparer)
    client.post(reverse("payroll:stub_open", args=[stub.pk]))
    Mandate.objects.filter(person=coop.preparer).update(ends_on=date(2026, 11, 22))
    assert client.get(page_of(stub)).status_code == 404
    assert client.get(reverse("payroll:stub_pdf", args=[stub.pk])).status_code == 404


def test_other_powers_do_not_open_stubs(client, coop, stub):
    others = [power for power in Power if power not in (Power.PREPARE_PAY, Power.ISSUE_PAY)]
    client.force_login(make.person("Zoé", powers=others))
    assert client.get(page_of(stub)).status_code == 404


@pytest.mark.parametrize("pk", ["0", "-1", "abc", "1" * 22])
def test_key_that_names_nothing_is_not_found(client, coop, run, pk):
    client.force_login(coop.ana)
    assert client.get(f"/pay/stubs/{pk}/").status_code == 404


def test_opening_needs_a_post(client, coop, stub):
    client.force_login(coop.preparer)
    assert client.get(reverse("payroll:stub_open", args=[stub.pk])).status_code == 405
    assert client.post(page_of(stub)).status_code == 405


def test_readings_are_shown_to_their_owner_only(client, coop, stub):
    client.force_login(coop.preparer)
    client.post(reverse("payroll:stub_open", args=[stub.pk]))
    client.force_login(coop.bo)
    assert "Nobody did" in words(client.get(reverse("payroll:readings")))
