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
from tests.browser.conftest import PHONE, found_by_axe, french, is_within_its_width, prove_oneself

pytestmark = [
    pytest.mark.browser,
    pytest.mark.pdf,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("friday"),
]
PERIOD = date(2026, 11, 2)
RUNS = "/pay/runs/"
BECAUSE = "Les feuilles manquantes seront payées la prochaine fois."
ITS_OWN = "Sa feuille arrive lundi."
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
    preparing.locator(".findings .answer input").first.fill(ITS_OWN)
    prepare.click()
    expect(preparing.locator(".findings .answer input").first).to_have_value(ITS_OWN)
    preparing.locator("#id_because").fill(BECAUSE)
    prepare.click()
    said(preparing, "The pay is prepared. Another person reads it and issues it.")
    issue = french("Issue the pay")
    expect(preparing.get_by_role("link", name=issue)).to_have_count(0)

    issuing = open_as(issuer, RUNS)
    issuing.get_by_role("link", name=french("Read it")).click()
    expect(issuing.locator("table.answers")).to_contain_text(BECAUSE)
    expect(issuing.locator("table.answers")).to_contain_text(ITS_OWN)
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
    said(issuing, "The voiding is issued: it is final, and in the archive of the person.")
    assert net_of(PayStub.objects.get(run=run)) == -net_of(stub)

    reading = open_as(ana, f"/pay/stubs/{stub.pk}/")
    expect(reading.locator("main .notice:visible")).to_contain_text(because)
    reading.goto("/pay/")
    expect(reading.get_by_role("rowheader").get_by_role("link")).to_have_count(2)
    assert dollars(reading.locator("tfoot td.num").last) == 0


def test_stub_is_read_on_a_phone_explained_and_printed_without_the_frame(open_as, ana, stub):
    page = open_as(ana, f"/pay/stubs/{stub.pk}/", viewport=PHONE)
    assert is_within_its_width(page)
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


def test_stub_is_corrected_side_by_side_by_two_people_and_its_owner_reads_both(
    open_as, ana, stub, preparer, issuer
):
    because = "Le samedi manquait."
    make.approved(ana, starts_on=PERIOD, hours={"sat": 3})
    correcting = open_as(preparer, f"/pay/stubs/{stub.pk}/")
    correcting.get_by_role("button", name=french("Open the file")).click()
    correcting.get_by_role("link", name=french("Correct this stub")).click()
    table = correcting.get_by_role("table", name=french("Before and after"))
    gross = table.get_by_role("row", name=french("Gross"), exact=False).first.locator("td.num")
    assert dollars(gross.nth(3)) - dollars(gross.nth(1)) == dollars(gross.nth(4)) == 3 * Decimal("21.50")
    assert found_by_axe(correcting) == []
    correcting.get_by_label(french("Why the stub is corrected")).fill(because)
    correcting.get_by_role("button", name=french("Prepare the correction")).dblclick()
    said(correcting, "The correction is prepared. Another person reads it and issues it.")
    run = PayRun.objects.get(kind=PayRun.Kind.CORRECTION)

    issuing = open_as(issuer, f"/pay/runs/{run.pk}/", viewport=PHONE)
    assert is_within_its_width(issuing)
    expect(issuing.locator(".owed")).to_contain_text("Ana Abel")
    issuing.get_by_role("link", name=french("Issue the pay")).click()
    prove_oneself(issuing)
    issuing.get_by_role("button", name=french("Issue the pay")).click()
    said(issuing, "The pay is issued: its stubs are final and in each person's archive.")
    assert issuing.locator("main table.register").count() == 2
    assert found_by_axe(issuing) == []

    reading = open_as(ana, f"/pay/stubs/{stub.pk}/")
    expect(reading.locator("main .notice:visible")).to_contain_text(because)
    replaced = run.stubs.get(mirrors=None)
    reading.locator(f"main .notice a[href='/pay/stubs/{replaced.pk}/']").click()
    expect(reading.locator("h1")).to_contain_text(french("Corrected pay stub"))
    expect(reading.locator("main .notice:visible")).to_contain_text(stub.facts["number"])
    pdf = downloaded(reading, reading.get_by_role("link", name=french("Download the PDF")))
    printed = words("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    assert stub.facts["number"] in printed
    assert because in printed


def test_forgotten_sheet_is_paid_off_cycle(open_as, ana, bo, preparer, issuer):
    page = open_as(preparer, RUNS)
    page.get_by_role("link", name=french("Off-cycle pay")).click()
    page.get_by_label(french("Hours approved up to")).fill("2026-11-15")
    page.get_by_role("button", name=french("See to whom something is due")).click()
    page.get_by_role("checkbox", name="Ana Abel").check()
    page.get_by_role("button", name=french("Look at this pay")).click()
    register = page.locator("table.register")
    expect(register.locator("tbody tr")).to_have_count(1)
    assert found_by_axe(page) == []
    page.reload()  # left and opened again: what was chosen stands in the address
    expect(page.get_by_role("checkbox", name="Ana Abel")).to_be_checked()
    page.get_by_label(french("Why they are paid between two regular pays")).fill("Feuille oubliée.")
    page.locator("#id_because").fill(BECAUSE)
    page.get_by_role("button", name=french("Prepare this pay")).click()
    said(page, "The pay is prepared. Another person reads it and issues it.")
    run = PayRun.objects.get()
    page.go_back()  # nothing is prepared twice: the page leads to what waits
    page.reload()
    expect(page.get_by_role("button", name=french("Prepare this pay"))).to_have_count(0)
    page.locator(f".findings a[href='/pay/runs/{run.pk}/']").click()
    expect(page).to_have_url(re.compile(f"/pay/runs/{run.pk}/$"))

    issuing = open_as(issuer, f"/pay/runs/{run.pk}/issue/")
    prove_oneself(issuing)
    issuing.get_by_role("button", name=french("Issue the pay")).click()
    said(issuing, "The pay is issued: its stubs are final and in each person's archive.")
    assert [stub.person for stub in PayStub.objects.all()] == [ana]
    regular = open_as(preparer, f"/pay/runs/next/{PERIOD}/")
    expect(regular.locator("table.register tbody th")).to_contain_text(["Bo"])


def test_pay_is_the_same_from_two_tabs_after_going_back_and_when_issued_twice(open_as, ana, preparer, issuer):
    tabs = [open_as(preparer, f"/pay/runs/next/{PERIOD}/") for _tab in range(2)]
    for tab in tabs:
        tab.locator("#id_because").fill(BECAUSE)
        tab.get_by_role("button", name=french("Prepare this pay")).click()
        expect(tab).to_have_url(re.compile(r"/pay/runs/\d+/$"))
    run = PayRun.objects.get()
    issuing = [open_as(issuer, f"/pay/runs/{run.pk}/issue/") for _tab in range(2)]
    for tab in issuing:
        prove_oneself(tab)
    for tab in issuing:
        tab.get_by_role("button", name=french("Issue the pay")).dblclick()
        expect(tab).to_have_url(re.compile(f"/pay/runs/{run.pk}/$"))
    issuing[0].go_back()
    issuing[0].reload()
    expect(issuing[0].locator("main .state").first).to_have_text(french("issued"))
    assert PayStub.objects.count() == 1


def test_opening_balance_is_entered_by_one_and_confirmed_by_another(open_as, ana, preparer, issuer):
    page = open_as(preparer, RUNS)
    page.get_by_role("link", name=french("Openings"), exact=True).click()
    page.get_by_role("link", name=french("Enter an opening balance")).first.click()
    page.get_by_label(french("Person")).select_option(label="Ana Abel")
    page.get_by_label(french("Last pay date counted")).fill("2026-11-06")
    page.get_by_label(french("Number of pays of the year until then")).fill("22")
    page.get_by_label(french("Gross pay of the year until then")).fill("35 000,00")
    page.locator("#id_deduction_qpp").fill("2 000,00")
    assert found_by_axe(page) == []
    page.get_by_role("button", name=french("Enter this balance")).click()
    expect(page.locator("main")).to_contain_text(french("No pay counts it yet."))
    address = page.url
    confirming = open_as(issuer, address, viewport=PHONE)
    confirming.get_by_role("button", name=french("It is what the books say: confirm")).click()
    said(confirming, "The balance is confirmed: every pay of the year counts it.")
    assert is_within_its_width(confirming)
    prepared = runs.prepare(periods.starting(PERIOD), by=preparer, because=BECAUSE)
    stub = runs.issue(prepared, by=issuer, documents=False).stubs.get()
    assert Decimal(stub.facts["year_to_date"]["qpp"]) > 2000


def test_answers_typed_are_there_after_leaving_the_page(open_as, ana, preparer):
    """By the link of a warning, and by any other link of the page, before anything is sent."""
    page = open_as(preparer, f"{RUNS}next/{PERIOD}/")
    address = page.url
    answer = page.locator(".findings .answer input").first
    answer.fill(ITS_OWN)
    page.locator(".findings button.link").first.click()
    expect(page).not_to_have_url(address)
    page.goto(address)
    expect(answer).to_have_value(ITS_OWN)  # sent by the button, and kept before its page came
    page.locator("#id_because").fill(BECAUSE)
    page.get_by_role("link", name=french("Not now")).click()
    expect(page).not_to_have_url(address)
    # Sent by a beacon while the page is left: nobody waits for it, and it may come after the next page.
    for _moment in range(20):
        page.goto(address)
        if page.locator("#id_because").input_value():
            break
        page.wait_for_timeout(250)
    expect(page.locator("#id_because")).to_have_value(BECAUSE)
