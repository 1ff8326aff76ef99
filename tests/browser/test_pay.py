"""A pay from its pre-flight to the stub in the member's hands, in French, by two coordinators."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from members.models import Power
from payroll import periods, runs
from payroll.models import PayRun, PayStub
from tests import make
from tests.browser.conftest import PHONE, found_by_axe, french, prove_oneself

pytestmark = [
    pytest.mark.browser,
    pytest.mark.pdf,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("friday"),
]
PERIOD = date(2026, 11, 2)
RUNS = "/pay/runs/"
BECAUSE = "Les feuilles manquantes seront payées la prochaine fois."
WEEK = {"mon": 7, "tue": 7.5, "wed": 7, "thu": 7, "fri": 6}


@pytest.fixture
def coop(transactional_db):
    make.cooperative(first_period_on=PERIOD)
    return make.rate("21.50")


@pytest.fixture
def ana(coop):
    someone = make.person("Ana", family_name="Abel", born_on=date(1990, 5, 1))
    for starts_on in (PERIOD, date(2026, 11, 9)):
        make.approved(someone, starts_on=starts_on, hours=WEEK)
    return someone


@pytest.fixture
def bo(coop):
    someone = make.person("Bo", kind="freelance")
    make.approved(someone, starts_on=PERIOD, hours={"mon": 4})
    return someone


@pytest.fixture
def preparer(coop):
    return make.person("Paule", kind=None, powers=[Power.PREPARE_PAY])


@pytest.fixture
def issuer(coop):
    return make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])


@pytest.fixture
def stub(ana, preparer, issuer):
    prepared = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    return runs.issue(prepared, by=issuer).stubs.get()


def said(page: Page, msgid: str) -> None:
    expect(page.locator(".messages")).to_contain_text(french(msgid))


def dollars(cell: Locator) -> Decimal:
    """An amount as a Québec reader sees it: `1 234,50 $`."""
    return Decimal(re.sub(r"[^0-9,−-]", "", cell.inner_text()).replace(",", ".").replace("−", "-"))


def net_of(stub: PayStub) -> Decimal:
    return PayStub.objects.with_totals().get(pk=stub.pk).net


def downloaded(page: Page, link: Locator) -> bytes:
    with page.expect_download() as download:
        link.click()
    return download.value.path().read_bytes()


def words(text: str) -> str:
    return " ".join(text.split())


def test_pay_is_prepared_by_one_issued_by_another_and_read_by_a_member(open_as, ana, bo, preparer, issuer):
    preparing = open_as(preparer, RUNS)
    preparing.get_by_role("link", name=french("Look at this pay")).first.click()
    expect(preparing.locator(".findings li", has_text="Ana Abel")).to_be_attached()
    register = preparing.locator("table.register")
    assert sum(dollars(row.locator("td.strong")) for row in register.locator("tbody tr").all()) == dollars(
        register.locator("tfoot td").nth(-3)
    )
    prepare = preparing.get_by_role("button", name=french("Prepare this pay"))
    prepare.click()
    expect(preparing.locator("#id_because")).to_have_attribute("aria-invalid", "true")
    preparing.locator("#id_because").fill(BECAUSE)
    prepare.click()
    said(preparing, "The pay is prepared. Another person reads it and issues it.")
    issue = french("Issue the pay")
    expect(preparing.get_by_role("link", name=issue)).to_have_count(0)

    issuing = open_as(issuer, RUNS)
    issuing.get_by_role("link", name=french("Read it")).click()
    expect(issuing.locator("main")).to_contain_text(BECAUSE)
    issuing.get_by_role("link", name=issue).click()
    prove_oneself(issuing)
    issuing.get_by_role("button", name=issue).click()
    said(issuing, "The pay is issued: its stubs are final and in each person's archive.")
    net = dollars(issuing.get_by_role("row", name="Ana Abel").locator("td.strong"))
    archive = downloaded(issuing, issuing.get_by_role("button", name=french("Download all PDFs")))
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert [files.read(name)[:5] for name in files.namelist()] == [b"%PDF-"] * 2

    reading = open_as(ana, "/pay/")
    reading.get_by_role("rowheader").get_by_role("link").click()
    table = reading.get_by_role("table", name=french("From gross to net"))
    gross, *deducted = [dollars(row.locator("td.num").first) for row in table.locator("tbody tr").all()]
    kept = table.locator("tfoot td").first
    assert gross == 69 * Decimal("21.50")
    assert gross - sum(deducted) == dollars(kept) == net
    pdf = downloaded(reading, reading.get_by_role("link", name=french("Download the PDF")))
    printed = words("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    assert words(kept.inner_text()) in printed
    assert "Ana Abel" in printed


def test_stub_is_voided_by_two_people_and_its_owner_reads_why(open_as, ana, stub, preparer, issuer):
    because = "Payée deux fois la même semaine."
    voiding = open_as(preparer, f"/pay/stubs/{stub.pk}/")
    voiding.get_by_role("button", name=french("Open the file")).click()
    voiding.get_by_role("link", name=french("Void this stub")).click()
    voiding.get_by_label(french("Why the stub is voided")).fill(because)
    voiding.get_by_role("button", name=french("Prepare the voiding")).click()
    run = PayRun.objects.get(kind=PayRun.Kind.VOID)
    expect(voiding).to_have_url(re.compile(f"/pay/runs/{run.pk}/$"))

    issuing = open_as(issuer, f"/pay/runs/{run.pk}/issue/")
    prove_oneself(issuing)
    issuing.get_by_role("button", name=french("Issue the pay")).click()
    said(issuing, "The pay is issued: its stubs are final and in each person's archive.")
    assert net_of(PayStub.objects.get(run=run)) == -net_of(stub)

    reading = open_as(ana, f"/pay/stubs/{stub.pk}/")
    expect(reading.locator("main .notice:visible")).to_contain_text(because)
    reading.goto("/pay/")
    expect(reading.get_by_role("rowheader").get_by_role("link")).to_have_count(2)
    assert dollars(reading.locator("tfoot td.num").last) == 0


def test_stub_is_read_on_a_phone_explained_and_printed_without_the_frame(open_as, ana, stub):
    page = open_as(ana, f"/pay/stubs/{stub.pk}/", viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    table = page.get_by_role("table", name=french("From gross to net"))
    assert dollars(table.locator("tfoot td").first) == net_of(stub)
    explained = page.locator("details.explained").first
    explained.locator("summary").click()
    expect(explained.locator("table")).to_be_visible()
    assert found_by_axe(page) == []
    page.emulate_media(media="print")
    for frame in (".band", ".foot", ".skip", "main .actions"):
        for part in page.locator(frame).all():
            expect(part).to_be_hidden()
    expect(table).to_be_visible()


def test_member_without_mandate_is_told_which_one_opens_the_pays(open_as, ana):
    page = open_as(ana, RUNS)
    expect(page.locator("main")).to_contain_text(str(Power.PREPARE_PAY.label))
    assert found_by_axe(page) == []
