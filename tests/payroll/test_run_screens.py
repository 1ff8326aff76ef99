"""The pages of the pay: who may open them, what they say, what they refuse."""

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from members.models import JournalEntry, Person, Power
from payroll import archive, kept_answers, periods, runs
from payroll.forms import runs as forms
from payroll.models import FileReading, KeptAnswers, PayRun, PayStub
from payroll.views import runs as views
from tests import make

pytestmark = pytest.mark.django_db

PERIOD = date(2026, 11, 2)
NEXT = PERIOD + timedelta(days=14)
WEEK = {"mon": 7, "tue": 7, "wed": 7, "thu": 7, "fri": 7}
BECAUSE = "Tout a été vérifié."
PREVIEW = "/pay/runs/next/2026-11-02/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def coop():
    make.cooperative(first_period_on=PERIOD)
    return make.rate("21.50")


@pytest.fixture
def ana(coop):
    someone = make.person("Ana", family_name="Abel", language="en-ca")
    make.approved(someone, hours=WEEK)
    return someone


@pytest.fixture
def preparer(coop):
    return make.person("Paule", kind=None, powers=[Power.PREPARE_PAY], language="en-ca")


@pytest.fixture
def issuer(coop):
    return make.person("Irène", kind=None, powers=[Power.ISSUE_PAY], language="en-ca")


@pytest.fixture
def prepared(ana, preparer):
    return runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)


@pytest.fixture
def issued(prepared, issuer):
    return runs.issue(prepared, by=issuer, documents=False)


@pytest.fixture
def sign_in(client):
    def do(person, *, just_now=False):
        client.force_login(person)
        if just_now:
            client.post("/account/reauthenticate/?next=/", {"password": "essai-essai-essai"})
        return client

    return do


def text(answer) -> str:
    return answer.content.decode()


def test_preview_page_reads_from_preflight_to_the_button(ana, preparer, sign_in):
    answer = sign_in(preparer).get(PREVIEW)
    page = text(answer)
    places = [
        page.index(part)
        for part in ("1. Before the pay", "2. What would be paid", "3. What changes", "4. Prepare")
    ]
    assert places == sorted(places)
    assert "$752.50" in page
    assert "It adds up" in page
    assert "Ana Abel has no date of birth on file" in page
    assert not PayRun.objects.exists()


def test_prepare_and_issue_from_the_pages(ana, preparer, issuer, sign_in):
    client = sign_in(preparer)
    digest = client.get(PREVIEW).context["seen"].digest
    refused = client.post(PREVIEW, {"seen_digest": digest, "because": ""})
    assert "Say why the pay goes ahead" in text(refused)
    assert not PayRun.objects.exists()
    answer = client.post(PREVIEW, {"seen_digest": digest, "because": BECAUSE})
    run = PayRun.objects.get()
    assert answer.url == reverse("payroll:run", args=[run.pk])
    again = client.post(PREVIEW, {"seen_digest": digest, "because": BECAUSE})
    assert again.url == answer.url  # a double click finds the same pay
    assert "another person who holds the power to issue pay does it" in text(client.get(answer.url))

    issue = reverse("payroll:run_issue", args=[run.pk])
    assert sign_in(preparer).post(issue).status_code == 403
    client = sign_in(issuer)
    assert "reauthenticate" in client.post(issue).url
    client = sign_in(issuer, just_now=True)
    assert "Issue the pay" in text(client.get(issue))
    assert client.post(issue).url == answer.url
    assert client.post(issue).url == answer.url
    assert PayStub.objects.get().document.sha256
    assert JournalEntry.objects.filter(event="pay.issued").count() == 1


def test_preparer_with_both_powers_cannot_issue_by_a_crafted_post(ana, sign_in):
    both = make.person("Béa", powers=[Power.PREPARE_PAY, Power.ISSUE_PAY], language="en-ca")
    run = runs.prepare(periods.starting(PERIOD), by=both, because=BECAUSE)
    answer = sign_in(both, just_now=True).post(reverse("payroll:run_issue", args=[run.pk]), follow=True)
    assert "You prepared this pay: another person issues it." in text(answer)
    assert not PayStub.objects.exists()


def asked_of(page):
    """The first warning of the page, and the name of its answer."""
    return page.context["form"].topics[0].questions[0]


def test_answers_are_kept_when_the_page_is_left(ana, preparer, sign_in):
    client = sign_in(preparer)
    asked = asked_of(client.get(PREVIEW))
    typed = {asked.name: "Sa feuille arrive lundi.", "because": "Vu en réunion."}
    gone = client.post(PREVIEW, typed | {"leave": asked.finding.key})
    assert gone.headers["Location"] == asked.finding.address
    again = client.get(PREVIEW)
    assert asked_of(again).text == "Sa feuille arrive lundi."
    assert again.context["form"]["because"].value() == "Vu en réunion."
    # What the page sends as it closes; a field that was emptied is forgotten.
    assert client.post(PREVIEW, {asked.name: "", "leave": "script"}).status_code == 204
    assert asked_of(client.get(PREVIEW)).text == ""
    assert KeptAnswers.objects.get().typed == {"because": "Vu en réunion."}
    assert not PayRun.objects.exists()


def test_pay_is_computed_once_by_the_act_that_prepares_it(
    ana, preparer, sign_in, django_assert_max_num_queries
):
    client = sign_in(preparer)
    digest = client.get(PREVIEW).context["seen"].digest
    with django_assert_max_num_queries(200) as asked:
        client.post(PREVIEW, {"seen_digest": digest, "because": BECAUSE})
    computed = [query for query in asked.captured_queries if 'FROM "payroll_hourlyrate"' in query["sql"]]
    assert PayRun.objects.exists()
    assert len(computed) == 1


def test_warnings_are_read_by_each_in_their_own_language(ana, preparer, issuer, sign_in):
    Person.objects.filter(pk=preparer.pk).update(language="fr-ca")
    sign_in(preparer).post(PREVIEW, {"because": BECAUSE})
    run = PayRun.objects.get()
    page = reverse("payroll:run", args=[run.pk])
    assert "Ana Abel : la date de naissance n’est pas au dossier" in text(sign_in(preparer).get(page))
    assert "Ana Abel has no date of birth on file" in text(sign_in(issuer).get(page))
    # What was kept as text alone stays readable.
    as_text = {"topic": "Feuilles de temps", "sentence": "La feuille d’Ana manque.", "because": BECAUSE}
    run.acknowledgements.create(by=preparer, at=run.prepared_at, **as_text)
    assert "La feuille d’Ana manque." in text(sign_in(issuer).get(page))


def test_many_warnings_are_answered_together_and_counted(ana, preparer, issuer, sign_in, monkeypatch):
    monkeypatch.setattr(forms, "MOST_ANSWERS", 2)
    monkeypatch.setattr(forms, "MOST_ALIKE", 1)
    monkeypatch.setattr(views, "ROWS", 2)
    for name in ("Bo", "Chloé"):
        make.approved(make.person(name, family_name="Abel"), hours=WEEK)
    client = sign_in(preparer)
    page = client.get(PREVIEW)
    topics = page.context["form"].topics
    (about,) = [topic for topic in topics if topic.questions[0].finding.about == "People"]
    assert about.more == about.count - len(about.questions) > 0
    assert f"And {about.more} others like these." in text(page)
    assert "Your answer" not in text(page)
    client.post(PREVIEW, {"because": BECAUSE})
    run = PayRun.objects.get()
    with translation.override("en-ca"):
        told = [str(answer) for answer in run.acknowledgements.all()]
    assert len(told) == sum(topic.count for topic in topics)
    everything = reverse("payroll:run_answers", args=[run.pk])
    assert everything in text(sign_in(issuer).get(reverse("payroll:run", args=[run.pk])))
    pages = [text(client.get(everything, {"page": number})) for number in range(1, (len(told) + 1) // 2 + 1)]
    assert all(sum(escape(sentence) in page for page in pages) == 1 for sentence in told)


def test_kept_answers_are_their_authors_and_of_one_pay(ana, preparer, issuer, sign_in):
    other = make.person("Pia", kind=None, powers=[Power.PREPARE_PAY], language="en-ca")
    client = sign_in(preparer)
    client.post(PREVIEW, {"because": "Vu en réunion.", "leave": "stay"})
    assert client.get("/pay/runs/next/2026-11-16/").context["form"]["because"].value() is None
    assert sign_in(other).get(PREVIEW).context["form"]["because"].value() is None
    sign_in(issuer).post(PREVIEW, {"because": "Vu.", "leave": "stay"})
    assert [kept.person for kept in KeptAnswers.objects.all()] == [preparer]


def test_answers_of_a_refused_or_withdrawn_pay_are_there_again(ana, preparer, sign_in):
    client = sign_in(preparer)
    page = client.get(PREVIEW)
    client.post(PREVIEW, {"because": BECAUSE, "seen_digest": "0" * 64})
    assert client.get(PREVIEW).context["form"]["because"].value() == BECAUSE
    client.post(PREVIEW, {"because": BECAUSE, "seen_digest": page.context["seen"].digest})
    runs.withdraw(PayRun.objects.get(), by=preparer)
    assert client.get(PREVIEW).context["form"]["because"].value() == BECAUSE


def test_forgotten_answers_go_after_two_months(ana, preparer, sign_in):
    sign_in(preparer).post(PREVIEW, {"because": "Vu en réunion.", "leave": "stay"})
    with time_machine.travel("2027-01-23 15:00:00+00:00", tick=False):
        kept_answers.keep("2027-01-11", {"because": "Autre paie"}, by=preparer)
    assert [kept.page for kept in KeptAnswers.objects.all()] == ["2027-01-11"]


def test_stale_preview_is_refused_and_shown_as_it_is_now(ana, preparer, sign_in):
    client = sign_in(preparer)
    digest = client.get(PREVIEW).context["seen"].digest
    make.approved(ana, hours={"sat": 1})
    answer = client.post(PREVIEW, {"seen_digest": digest, "because": BECAUSE})
    assert "What is due has changed while you were reading" in text(answer)
    assert BECAUSE in text(answer)
    assert "$774.00" in text(answer)
    assert not PayRun.objects.exists()


def test_prepared_page_says_what_has_changed_since(ana, prepared, issuer, sign_in):
    make.approved(ana, hours={"sat": 1})
    page = text(sign_in(issuer).get(reverse("payroll:run", args=[prepared.pk])))
    assert "What was prepared has changed" in page
    assert "$752.50" in page
    assert "$774.00" in page
    answer = sign_in(issuer, just_now=True).post(
        reverse("payroll:run_issue", args=[prepared.pk]), follow=True
    )
    assert "What was prepared has changed since (Ana Abel)" in text(answer)


def test_pay_date_without_reviewed_tables_is_refused_on_the_page(ana, preparer, sign_in):
    make.cooperative(first_period_on=date(2026, 12, 21), pay_days_after=4)
    answer = sign_in(preparer).get("/pay/runs/next/2026-12-21/")
    assert answer.status_code == 200
    assert "have that year&#x27;s tables reviewed first" in text(answer)
    assert "Prepare this pay" not in text(answer)
    answer = sign_in(preparer).post("/pay/runs/next/2026-12-21/", {"because": BECAUSE})
    assert answer.status_code == 200
    assert not PayRun.objects.exists()


@pytest.mark.parametrize("first", ["2026-11-03", "2026-02-30", "1999-01-01", "2150-01-05", "abc"])
def test_day_that_starts_no_period_is_not_found(coop, preparer, sign_in, first):
    assert sign_in(preparer).get(f"/pay/runs/next/{first}/").status_code == 404


def test_withdraw_from_the_page_pays_nobody(prepared, preparer, sign_in):
    client = sign_in(preparer)
    address = reverse("payroll:run_withdraw", args=[prepared.pk])
    assert client.get(address).status_code == 405
    assert client.post(address).url == reverse("payroll:runs")
    assert not PayRun.objects.exists()
    assert client.post(address).status_code == 404


def test_issued_page_shows_stubs_what_is_owed_and_the_proof(issued, issuer, sign_in):
    page = text(sign_in(issuer).get(reverse("payroll:run", args=[issued.pk])))
    stub = issued.stubs.get()
    assert reverse("payroll:stub", args=[stub.pk]) in page
    assert "15 December 2026" in page
    assert issued.digest in page
    assert issued.journal_hash in page
    assert "It adds up" in page
    assert "Canada Revenue Agency" in page


def test_amounts_owed_are_what_the_lines_add_up_to(issued, issuer, sign_in):
    answer = sign_in(issuer).get(reverse("payroll:run", args=[issued.pk]))
    amounts = {
        (line.side, line.code): line.amount for line in issued.stubs.get().lines.exclude(side="earning")
    }
    federal = sum(amount for (_side, code), amount in amounts.items() if code in ("federal_tax", "ei"))
    once_a_year = amounts["employer", "standards"]
    assert [owed.total for owed in answer.context["owed"]] == [
        federal,
        sum(amounts.values()) - federal - once_a_year,
    ]


def test_register_file_is_inert_and_foots(ana, preparer, issuer, sign_in):
    ana.given_name = "=HYPERLINK(1)"
    ana.save()
    run = runs.issue(
        runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE), by=issuer, documents=False
    )
    client = sign_in(preparer)
    content = client.get(reverse("payroll:run_register", args=[run.pk])).content
    assert content.startswith(b"\xef\xbb\xbf")
    title, head, row, total = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert title[1:4] == ["2026-11-02", "2026-11-15", "2026-11-20"]
    assert title[4] == "2026-11-23T10:00:00-05:00"
    assert row[1] == "'=HYPERLINK(1) Abel"
    assert row[7] == total[7] == "752.50"
    assert len({len(head), len(row), len(total)}) == 1
    preparer.language = "fr-ca"
    preparer.save()
    content = client.get(reverse("payroll:run_register", args=[run.pk])).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content), delimiter=";"))[2][7] == "752,50"
    workbook = client.get(reverse("payroll:run_register_xlsx", args=[run.pk])).content
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        assert "=HYPERLINK(1) Abel" in parts.read("xl/sharedStrings.xml").decode()
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_all_documents_come_in_the_same_archive_and_taking_them_is_kept(issued, ana, issuer, sign_in):
    client = sign_in(issuer)
    address = reverse("payroll:run_documents", args=[issued.pk])
    assert client.get(address).status_code == 405
    content = client.post(address).content
    assert client.post(address).content == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = archive.namelist()
        assert archive.read(name).startswith(b"%PDF-")
    assert (
        list(FileReading.objects.values_list("person", "reader", "what")) == [(ana.pk, issuer.pk, "stub")] * 2
    )


def test_documents_of_many_come_in_several_archives_once_they_are_made(
    ana, preparer, issuer, sign_in, monkeypatch
):
    monkeypatch.setattr(archive, "MOST", 1)
    make.approved(make.person("Zoé", family_name="Zola"), hours=WEEK)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    runs.issue(run, by=issuer, documents=False)
    client = sign_in(issuer)
    page = reverse("payroll:run", args=[run.pk])
    assert "Download PDFs 2 to 2" in text(client.get(page))
    second = client.post(reverse("payroll:run_documents", args=[run.pk]), {"part": "2"})
    assert second.headers["Content-Disposition"].endswith('-2.zip"')
    with zipfile.ZipFile(io.BytesIO(second.content)) as held:
        (name,) = held.namelist()
    assert run.stubs.get(person__family_name="Zola").facts["number"] in name
    taken = FileReading.objects.get(what="stub")  # beside the page of the pay itself
    assert taken.person.family_name == "Zola"
    monkeypatch.setattr(runs, "FEW", 0)
    refused = client.post(reverse("payroll:run_documents", args=[run.pk]), {"part": "2"}, follow=True)
    assert "1 of these PDFs is not made yet" in text(refused)


def test_void_is_asked_with_a_reason_and_issued_by_another(issued, preparer, issuer, sign_in):
    stub = issued.stubs.get()
    client = sign_in(preparer)
    address = reverse("payroll:stub_void", args=[stub.pk])
    assert client.post(address, {"because": " "}).status_code == 200
    assert PayRun.objects.count() == 1
    answer = client.post(address, {"because": "Mauvais statut"})
    run = PayRun.objects.get(kind="void")
    assert answer.url == reverse("payroll:run", args=[run.pk])
    page = text(client.get(answer.url))
    assert "\u2212$752.50" in page
    assert "Mauvais statut" in page
    again = client.post(address, {"because": "Encore"})
    assert "already corrected or voided" in text(again)
    assert "Encore" in text(again)
    sign_in(issuer, just_now=True).post(reverse("payroll:run_issue", args=[run.pk]))
    assert "is voided" in text(client.get(reverse("payroll:run", args=[issued.pk])))


def test_list_says_what_waits_and_what_comes(prepared, issuer, sign_in):
    page = text(sign_in(issuer).get(reverse("payroll:runs")))
    assert "waits to be issued" in page
    assert reverse("payroll:run_preview", args=[NEXT]) in page


@pytest.mark.parametrize("pk", [0, 10**21])
def test_missing_pay_is_not_found(coop, preparer, sign_in, pk):
    assert sign_in(preparer).get(f"/pay/runs/{pk}/").status_code == 404


def test_pages_are_closed_without_a_mandate_over_pay(issued, ana, sign_in):
    ended = make.person("Eva")
    make.mandate(ended, [Power.PREPARE_PAY, Power.ISSUE_PAY], ends_on=date(2026, 11, 22))
    for person in (ana, ended):
        client = sign_in(person, just_now=True)
        for name in ("run", "run_issue", "run_register", "run_register_xlsx"):
            assert client.get(reverse(f"payroll:{name}", args=[issued.pk])).status_code == 403
        assert client.get(PREVIEW).status_code == 403
        assert client.get(reverse("payroll:runs")).status_code == 403
        assert client.post(reverse("payroll:run_documents", args=[issued.pk])).status_code == 403
        assert client.post(reverse("payroll:run_withdraw", args=[issued.pk])).status_code == 403
        assert client.post(reverse("payroll:stub_void", args=[issued.stubs.get().pk])).status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_pages_ask_the_same_number_of_queries_whoever_is_paid(
    ana, preparer, issuer, people, sign_in, django_assert_num_queries
):
    for _more in range(people - 1):
        make.approved(make.person("Léa"), hours=WEEK)
    client = sign_in(preparer)
    with django_assert_num_queries(54):
        client.get(PREVIEW)  # the reading is written down, once
    with django_assert_num_queries(47):
        client.get(PREVIEW)
    run = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    client.get(reverse("payroll:run", args=[run.pk]))
    with django_assert_num_queries(30):
        client.get(reverse("payroll:run", args=[run.pk]))
    runs.issue(run, by=issuer, documents=False)
    client.get(reverse("payroll:run", args=[run.pk]))
    with django_assert_num_queries(22):
        client.get(reverse("payroll:run", args=[run.pk]))
    with django_assert_num_queries(13):
        client.get(reverse("payroll:run_register", args=[run.pk]))
    with django_assert_num_queries(10):
        client.get(reverse("payroll:runs"))


def test_stub_page_offers_voiding_to_who_prepares_pay_and_says_when_it_is(
    issued, ana, preparer, issuer, sign_in
):
    stub = issued.stubs.get()
    page, void = reverse("payroll:stub", args=[stub.pk]), reverse("payroll:stub_void", args=[stub.pk])
    assert void not in text(sign_in(ana).get(page))
    client = sign_in(preparer)
    client.post(reverse("payroll:stub_open", args=[stub.pk]))
    assert void in text(client.get(page))
    run = runs.void_stub(stub, by=preparer, because="Mauvais statut")
    assert void not in text(client.get(page))
    assert "This stub is voided" not in text(client.get(page))
    runs.issue(run, by=issuer, documents=False)
    assert "This stub is voided" in text(sign_in(ana).get(page))


def test_preview_says_why_there_is_nothing_to_pay(sign_in, preparer):
    page = sign_in(preparer).get(PREVIEW).content.decode()
    assert "No approved hours are due for this period." in page
    assert "Prepare this pay" not in page


def test_preview_without_a_rate_does_not_blame_the_hours(sign_in):
    make.cooperative(first_period_on=PERIOD)
    make.approved(make.person("Ana"), hours=WEEK)
    clerk = make.person("Paule", kind=None, powers=[Power.PREPARE_PAY], language="en-ca")
    page = sign_in(clerk).get(PREVIEW).content.decode()
    assert "No hourly rate is in force" in page
    assert "No approved hours are due" not in page
    assert "Prepare this pay" not in page
