"""The PDF of a stub, read back: its words, its sums, its tags, its bytes. No database."""

import hashlib
import io
import os
import re
import socket
import subprocess
import sys
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from koumbit import press
from payroll import documents
from payroll.papers import Code, Side

from . import papers

ROOT = Path(__file__).resolve().parents[2]
AMOUNT = re.compile(r"−?\$[\d,]+\.\d\d")
pytestmark = pytest.mark.pdf


def reader(paper) -> PdfReader:
    return PdfReader(io.BytesIO(documents.make(paper)))


def text(paper) -> str:
    """The text of every page; spaces that do not break become plain ones."""
    pages = "\n".join(page.extract_text() for page in reader(paper).pages)
    return pages.replace("\u00a0", " ")


def in_english(amount: str) -> Decimal:
    return Decimal(amount.replace("−", "-").replace("$", "").replace(",", ""))


def amounts(line: str) -> list[Decimal]:
    return [in_english(found) for found in AMOUNT.findall(line)]


def line_of(words: str, beginning: str) -> str:
    """The first printed line that begins so."""
    return next(line for line in words.splitlines() if line.startswith(beginning))


EARNED = re.compile(r"Week of \d+ \w+ \d+ .+? (−?\d+ h(?: \d\d)?) × \$([\d.]+)( × 1\.5)? (−?\$[\d,]+\.\d\d)")


def earned(paper) -> list[tuple[int, Decimal, bool, Decimal]]:
    """Minutes, rate, overtime or not, and amount of each printed line of hours."""
    return [
        (minutes(time), Decimal(rate), bool(half), in_english(amount))
        for time, rate, half, amount in EARNED.findall(" ".join(text(paper).split()))
    ]


def minutes(words: str) -> int:
    found = re.search(r"(−?)(\d+) h(?: (\d\d))?", words)
    return (int(found[2]) * 60 + int(found[3] or 0)) * (-1 if found[1] else 1)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """A document that opened a connection would fail here."""

    def refuse(*_args, **_kwargs):
        raise AssertionError("a document asked the network for something")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_every_hour_line_is_its_time_at_its_rate():
    printed = earned(papers.salaried("en-ca"))
    assert [time for time, *_ in printed] == [-80, 2250, 2400, 120]
    for time, rate, is_overtime, amount in printed:
        worth = time * rate * (Decimal("1.5") if is_overtime else 1) / 60
        assert worth.quantize(Decimal("0.01"), ROUND_HALF_UP) == amount


def test_printed_lines_foot_to_the_gross_and_the_net():
    paper = papers.salaried("en-ca")
    words = text(paper)
    gross = amounts(line_of(words, "Gross pay"))[0]
    withheld = [
        amounts(line_of(words, label))[0]
        for label in ("Federal income tax", "Québec income tax", "QPP", "QPIP", "Employment insurance")
    ]
    total = amounts(line_of(words, "− Total deductions"))[0]
    net = amounts(line_of(words, "Net pay $"))[0]
    assert sum(amount for *_, amount in earned(paper)) == gross == Decimal("1702.08")
    assert sum(withheld) == total == Decimal("352.76")
    assert gross - total == net == Decimal("1349.32")


def test_year_to_date_stands_beside_each_amount():
    words = text(papers.salaried("en-ca"))
    assert amounts(line_of(words, "Federal income tax")) == [Decimal("98.36"), Decimal("2301.17")]
    assert amounts(line_of(words, "Net pay $")) == [Decimal("1349.32"), Decimal("26913.30")]


def test_stub_has_every_mention_of_section_46():
    words = " ".join(text(papers.salaried("en-ca")).split())
    for mention in (
        "Coopérative d’essai",  # 1 employer
        "Ana Nguyễn-Łukasz",  # 2 employee
        "Membre travailleuse, permanence",  # 3 occupation
        "20 November 2026",  # 4 date of payment
        "2 November 2026 to 15 November 2026",  # 4 work period
        "Regular hours 37 h 30",  # 5 hours at the prevailing rate
        "Overtime, paid at time and a half 2 h",  # 6 overtime and its premium
        "No bonus, indemnity, allowance, commission or tip is paid.",  # 7, 12, 13
        "$21.50 since 5 January 2026",  # 8 wage rate
        "Gross pay 78 h 10 $1,702.08",  # 9 wages before deductions
        "Employment insurance $22.13",  # 10 nature and amount of each deduction
        "Net pay $1,349.32",  # 11 net wages
    ):
        assert mention in words


def test_rate_names_the_decision_that_set_it():
    words = " ".join(text(papers.salaried("en-ca")).split())
    assert "by the decision “Taux horaire unique de 2026” (Assemblée générale, 8 December 2025)" in words


def test_correction_is_named_under_its_week():
    assert "correction of approved hours" in text(papers.salaried("en-ca"))


def test_leave_says_how_each_amount_is_redone_and_where_the_banks_stand():
    words = " ".join(text(papers.on_leave("en-ca")).split())
    assert "× 1/20 of $3,010.00 $150.50" in words
    assert "Thanksgiving, 12 October 2026. Wages from 14 September 2026 to 11 October 2026" in words
    assert "11/7 × 1/20 of $2,902.86 $3.22" in words
    assert "In all it is $228.08" in words
    assert "Overtime, at time and a half 0 h – 1 h 30 0 h" in words
    assert "Vacation, 6% of gross pay $137.58 $752.50 $120.45 $318.62" in words
    paper = papers.on_leave()
    assert sum(earned.amount for earned in paper.earnings) == paper.gross.amount
    assert round(Decimal("2902.86") * 11 / 7 / 20, 2) == Decimal("228.08")


def test_leave_in_french():
    words = " ".join(text(papers.on_leave("fr-ca")).split())
    assert "Jour férié, indemnité" in words
    assert "Action de grâces, 12 octobre 2026" in words
    assert "Vacances, 6 % du salaire brut" in words.replace("\u00a0", " ")


def test_banked_overtime_shows_hours_and_balance_but_no_amount():
    lines = [*papers.SALARIED_LINES, papers.earned(Code.BANKED, date(2026, 11, 9), 180, "0.00")]
    words = text(papers.salaried("en-ca", lines=lines, overtime_bank={"earned": 270, "balance": 930}))
    assert "3 h in the bank $0.00" in words
    assert "Overtime, at time and a half 4 h 30 – – 15 h 30" in words
    assert "Gross pay 78 h 10 $1,702.08" in words


def test_french_follows_its_own_conventions():
    words = text(papers.salaried("fr-ca"))
    assert "1 349,32 $" in words
    assert "2 novembre 2026" in words
    assert "× 21,50 $ × 1,5" in words
    assert "$1,349.32" not in words


def test_document_carries_its_editions_and_number_on_each_page():
    assert papers.EDITIONS in " ".join(text(papers.salaried("en-ca")).split())
    many = [papers.earned(Code.REGULAR, date(2026, 1, 5), 60, "21.50")] * 60
    pages = reader(papers.salaried("en-ca", lines=many)).pages
    assert len(pages) == 2
    assert all("2026-24-3" in page.extract_text() for page in pages)
    assert "Legal week" in pages[1].extract_text()


def test_ordinary_stub_fits_one_page():
    bank = {"earned": 270, "balance": 930}
    assert len(reader(papers.salaried("fr-ca", overtime_bank=bank)).pages) == 1


def test_registered_freelancer_has_both_taxes_and_both_numbers():
    words = " ".join(text(papers.freelance("en-ca")).split())
    assert "Payment statement" in words
    assert "+ GST 5% Registration number 123456789 RT 0001 $38.16 $460.51" in words
    assert "+ QST 9.975% Registration number 1234567890 TQ 0001 $76.13 $918.72" in words
    assert "Total paid $877.54" in words
    assert "Total deductions" not in words


def test_unregistered_freelancer_has_no_tax_and_a_sentence_that_says_so():
    words = " ".join(text(papers.freelance("en-ca", is_registered=False)).split())
    assert "Total paid $763.25" in words
    assert "No GST or QST" in words
    assert "GST 5%" not in words


def test_voided_stub_mirrors_and_names_the_one_it_voids():
    mirrored = [
        papers.line(
            line.side,
            line.code,
            -line.amount,
            week=line.week_starts_on,
            minutes=None if line.minutes is None else -line.minutes,
            rate=line.rate,
            reason="void" if line.side == Side.EARNING else "",
        )
        for line in papers.SALARIED_LINES
    ]
    words = " ".join(
        text(
            papers.salaried("en-ca", lines=mirrored, voids={"number": "2026-23-3", "because": "wrong person"})
        ).split()
    )
    assert "Voided pay stub" in words
    assert "voids no. 2026-23-3" in words
    assert "Reason: wrong person" in words
    assert "Net pay −$1,349.32" in words


# The file itself --------------------------------------------------------------------------------


def test_document_is_tagged_titled_and_in_its_language():
    catalog = reader(papers.salaried("fr-ca")).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/StructTreeRoot"]["/K"]
    assert catalog["/Lang"] == "fr-ca"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in catalog["/Metadata"].get_data()


def test_tables_are_tagged_with_their_headers():
    kinds = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif hasattr(node, "get"):
            if "/S" in node:
                kinds.append(node["/S"])
            if "/K" in node:
                walk(node["/K"])

    walk(reader(papers.salaried("en-ca")).trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= set(kinds)


def test_document_is_dated_from_its_facts_and_letter_sized():
    pdf = reader(papers.salaried("fr-ca"))
    assert pdf.metadata["/CreationDate"] == "D:20261119"
    assert "2026-24-3" in pdf.metadata.title
    assert (pdf.pages[0].mediabox.width, pdf.pages[0].mediabox.height) == (612, 792)


def test_fonts_are_embedded_and_the_products_own():
    names = {
        font.get_object()["/BaseFont"]
        for page in reader(papers.salaried("fr-ca")).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert names
    assert all("Paper" in name or "Source" in name for name in names)


def test_same_facts_give_the_same_bytes():
    assert documents.make(papers.salaried("fr-ca")) == documents.make(papers.salaried("fr-ca"))


MAKE_ONE = """
import hashlib, sys
import django
django.setup()
from payroll import documents
from tests.payroll import papers
sys.stdout.write(hashlib.sha256(documents.make(papers.salaried("fr-ca"))).hexdigest())
"""


def in_another_process(code: str, **environment) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DEBUG": "1"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout


def test_another_process_on_another_day_gives_the_same_bytes():
    here = hashlib.sha256(documents.make(papers.salaried("fr-ca"))).hexdigest()
    environment = {"PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "86400"}
    for seed in ("1", "2"):
        assert in_another_process(MAKE_ONE, PYTHONHASHSEED=seed, **environment) == here


HOSTILE = '<img src=http://127.0.0.1:9/x><link href="file:///etc/passwd">{{ 7*7 }}{% load x %}</title>&lt;'


def test_hostile_facts_are_printed_as_they_are():
    person = {"name": HOSTILE, "address": HOSTILE, "job_title": HOSTILE}
    paper = papers.salaried(
        "en-ca",
        person=person,
        roles=[{"role": HOSTILE, "minutes": 60}],
        voids={"number": HOSTILE, "because": HOSTILE},
    )
    words = "".join(text(paper).split())
    printed = "".join(HOSTILE.split())
    assert words.count(printed) >= 4
    assert "49" not in words.replace("149.69", "").replace("49.32", "")
    assert "root:x" not in words


def test_stylesheet_cannot_be_made_to_fetch():
    found = press._press()
    for address in (
        "http://127.0.0.1:9/x",
        "https://example.org/",
        "file:///etc/passwd",
        "ftp://example.org/",
    ):
        with pytest.raises(ValueError, match="disallowed protocol"):
            found.fetcher.fetch(address)


WITHOUT_PANGO = """
import sys
import django
django.setup()
from payroll import documents
try:
    documents.check()
except documents.DocumentsUnavailable as missing:
    sys.stdout.write(str(missing))
"""


@pytest.mark.parametrize(
    "failure", ["raise OSError('cannot load library libpango-1.0-0')", "raise ImportError"]
)
def test_missing_pango_is_a_sentence_with_the_line_to_paste(tmp_path, failure):
    (tmp_path / "weasyprint.py").write_text(failure)
    sentence = in_another_process(WITHOUT_PANGO, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in sentence
