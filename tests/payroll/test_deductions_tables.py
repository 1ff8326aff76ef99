"""The dated tables: complete, sourced, consistent, and refused outside their dates."""

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from payroll.deductions import (
    NotReviewed,
    TableError,
    compute,
    edition_on,
    editions_on,
    minimum_wage_on,
    reviewed_days,
    sales_taxes_on,
)
from payroll.deductions.money import cents, share
from payroll.deductions.parameters import CONFIDENCES, all_tables, arrange, read_table
from payroll.deductions.values import YearToDate
from tests.payroll.pays import pay

TABLES = [table for kind in all_tables().values() for table in kind]
YEARS = (2024, 2025, 2026)

GOOD = """
kind = "minimum_wage"
edition = "minimum-wage"
publication = "a regulation"
publication_fr = "un règlement"
confidence = "P"
effective_from = 2026-05-01
reviewed_through = 2026-12-31

[values]
hourly = { value = 16.60, source = "a notice", source_fr = "un avis", consulted_on = 2026-11-22, confidence = "T" }
"""


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.edition)
def test_every_value_has_a_source_a_day_and_a_confidence(table):
    assert table.provenance
    for key, origin in table.provenance.items():
        assert hasattr(table, key)
        assert origin.source.strip()
        assert date(2024, 1, 1) <= origin.consulted_on <= date(2030, 1, 1)
        assert origin.confidence in CONFIDENCES


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.edition)
def test_every_document_is_cited_in_french_too(table):
    english = {"and", "the", "of", "as", "rate", "rates", "since", "ed", "for"}
    for document in (table.publication, *(origin.source for origin in table.provenance.values())):
        assert not english & set(re.findall(r"\w+", document.fr)), document.fr


@pytest.mark.parametrize("day", ["2023-12-31", "2027-01-01", "2027-01-07"])
def test_pay_date_outside_the_reviewed_years_is_refused_with_the_dates(day):
    with pytest.raises(NotReviewed) as refused:
        compute(pay(on=day), YearToDate())

    assert refused.value.params == {
        "day": date.fromisoformat(day),
        "first": date(2024, 1, 1),
        "last": date(2026, 12, 31),
    }
    assert f"2024-01-01 through 2026-12-31, and {day} is outside" in str(refused.value)


def test_reviewed_days_are_those_of_every_table_together():
    assert reviewed_days() == (date(2024, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "federal", "quebec"),
    [
        ("2024-01-01", "T4127-119", "TP-1015.F-V-2024-01"),
        ("2024-12-31", "T4127-119", "TP-1015.F-V-2024-01"),
        ("2025-01-01", "T4127-120", "TP-1015.F-V-2025-01"),
        ("2025-06-30", "T4127-120", "TP-1015.F-V-2025-01"),
        ("2025-07-01", "T4127-121", "TP-1015.F-V-2025-01"),
        ("2026-01-01", "T4127-122", "TP-1015.F-V-2026-01"),
        ("2026-12-31", "T4127-122", "TP-1015.F-V-2026-01"),
    ],
)
def test_pay_date_decides_the_editions(day, federal, quebec):
    year = day[:4]

    assert editions_on(date.fromisoformat(day)) == (
        f"QPP-QPIP-EI-{year}",
        federal,
        quebec,
        f"HSF-CNT-{year}",
    )


def test_lowest_federal_rate_changes_on_1_july_2025():
    assert edition_on(date(2025, 6, 30)).federal.rates[0] == Decimal("0.15")
    assert edition_on(date(2025, 7, 1)).federal.rates[0] == Decimal("0.14")


@pytest.mark.parametrize("year", YEARS)
def test_contribution_maxima_agree_with_rates_and_ceilings(year):
    table = edition_on(date(year, 1, 15)).contributions
    earnings = table.qpp_maximum_pensionable - table.qpp_basic_exemption
    band = table.qpp_additional_maximum_pensionable - table.qpp_maximum_pensionable

    assert cents(earnings * table.qpp_rate) == table.qpp_maximum
    assert cents(earnings * table.qpp_base_rate) == table.qpp_base_maximum
    assert cents(band * table.qpp2_rate) == table.qpp2_maximum
    assert cents(table.qpip_maximum_insurable * table.qpip_rate) == table.qpip_maximum
    assert cents(table.qpip_maximum_insurable * table.qpip_employer_rate) == table.qpip_employer_maximum
    assert cents(table.ei_maximum * table.ei_employer_multiple) == table.ei_employer_maximum


@pytest.mark.parametrize("year", YEARS)
def test_ei_maximum_is_the_rate_on_the_ceiling(year):
    table = edition_on(date(year, 1, 15)).contributions

    assert cents(table.ei_maximum_insurable * table.ei_rate) == table.ei_maximum


@pytest.mark.parametrize("day", ["2024-01-15", "2025-01-15", "2025-07-15", "2026-01-15"])
def test_federal_constants_join_the_brackets(day):
    """K makes the tax continuous at each threshold; the CRA rounds it to the dollar."""
    table = edition_on(date.fromisoformat(day)).federal
    constant = Decimal(0)
    for threshold, (low, high), printed in zip(
        table.thresholds, pairwise(table.rates), table.constants[1:], strict=True
    ):
        constant += threshold * (high - low)
        assert abs(printed - constant) <= 1


@pytest.mark.parametrize("year", YEARS)
def test_quebec_constants_nearly_join_the_brackets(year):
    """K is transcribed, never recomputed; it stays within two dollars of the sum."""
    table = edition_on(date(year, 1, 15)).quebec
    constant = Decimal(0)
    for threshold, (low, high), printed in zip(
        table.thresholds, pairwise(table.rates), table.constants[1:], strict=True
    ):
        constant += threshold * (high - low)
        assert abs(printed - constant) <= 2


@pytest.mark.parametrize("year", [2025, 2026])
def test_quebec_amounts_are_the_previous_ones_indexed(year):
    before, after = (edition_on(date(y, 1, 15)).quebec for y in (year - 1, year))

    assert abs(before.basic_amount * after.indexation - after.basic_amount) <= 1
    for earlier, later in zip(before.thresholds, after.thresholds, strict=True):
        assert abs(earlier * after.indexation - later) <= Decimal("2.5")


@pytest.mark.parametrize("year", [2025, 2026])
def test_federal_amounts_are_the_previous_ones_indexed(year):
    before, after = edition_on(date(year - 1, 12, 15)).federal, edition_on(date(year, 1, 15)).federal

    assert abs(before.basic_maximum * after.indexation - after.basic_maximum) <= 1
    for earlier, later in zip(before.thresholds, after.thresholds, strict=True):
        assert abs(earlier * after.indexation - later) <= 1


@pytest.mark.parametrize("year", YEARS)
def test_hsf_line_joins_the_two_limits(year):
    table = edition_on(date(year, 1, 15)).employer
    millions = table.hsf_upper_payroll / 1_000_000

    assert cents(table.hsf_intercept + table.hsf_slope) == table.hsf_small_rate
    assert cents(table.hsf_intercept + table.hsf_slope * millions) == table.hsf_large_rate
    assert cents(table.hsf_primary_intercept + table.hsf_primary_slope) == table.hsf_primary_small_rate
    assert cents(table.hsf_primary_intercept + table.hsf_primary_slope * millions) == table.hsf_large_rate


@pytest.mark.parametrize(
    ("day", "wage"),
    [
        ("2024-04-30", "15.25"),
        ("2024-05-01", "15.75"),
        ("2025-04-30", "15.75"),
        ("2025-05-01", "16.10"),
        ("2026-04-30", "16.10"),
        ("2026-05-01", "16.60"),
    ],
)
def test_minimum_wage_changes_on_1_may(day, wage):
    assert minimum_wage_on(date.fromisoformat(day)) == Decimal(wage)


def test_minimum_wage_of_an_unreviewed_day_is_refused():
    with pytest.raises(NotReviewed, match="2027-01-01 is outside"):
        minimum_wage_on(date(2027, 1, 1))


def test_sales_taxes_are_each_on_the_price_alone():
    taxes = sales_taxes_on(date(2026, 11, 1))

    assert cents(Decimal(1000) * taxes.gst_rate) == Decimal("50.00")
    assert cents(Decimal(1000) * taxes.qst_rate) == Decimal("99.75")
    assert taxes.small_supplier_limit == Decimal(30_000)


def test_good_table_is_read():
    table = read_table("good.toml", GOOD)

    assert table.hourly == Decimal("16.60")
    assert table.provenance["hourly"] == ("a notice", date(2026, 11, 22), "T")
    assert table.provenance["hourly"].source.fr == "un avis"
    assert (table.publication, table.publication.fr) == ("a regulation", "un règlement")


@pytest.mark.parametrize(
    ("change", "by", "complaint"),
    [
        ("hourly =", "weekly =", "missing hourly"),
        ("[values]", "[values]\nbonus = 3", "unknown bonus"),
        ('edition = "minimum-wage"', "", "missing edition"),
        ("[values]", 'author = "me"\n[values]', "unknown author"),
        ('confidence = "P"', 'confidence = "sure"', "confidence must be one of P, T, C, M"),
        ('kind = "minimum_wage"', 'kind = "tips"', "unknown kind 'tips'"),
        ('source = "a notice", ', "", "missing source"),
        ('source = "a notice"', 'source = " "', "the source is empty"),
        ('source_fr = "un avis", ', "", "missing source_fr"),
        ('source_fr = "un avis"', 'source_fr = ""', "the source is empty"),
        ('publication_fr = "un règlement"', "publication_fr = 3", "publication is empty"),
        ("consulted_on = 2026-11-22, ", "", "missing consulted_on"),
        ("consulted_on = 2026-11-22", 'consulted_on = "today"', "consulted_on must be a date"),
        ('confidence = "T"', 'confidence = "sure"', "confidence must be one of P, T, C, M"),
        ("value = 16.60", 'value = "16.60"', "not a number"),
        ("value = 16.60", "value = true", "not a number"),
        ("value = 16.60", "value = -1", "must be zero or more"),
        ("effective_from = 2026-05-01", "effective_from = 2027-05-01", "before effective_from"),
        ("effective_from = 2026-05-01", "effective_from = 2026", "must be a date"),
        ("effective_from = 2026-05-01", "effective_from = ", "Invalid value"),
    ],
)
def test_bad_table_is_refused(change, by, complaint):
    assert change in GOOD
    with pytest.raises(TableError, match=complaint):
        read_table("bad.toml", GOOD.replace(change, by))


def test_value_without_provenance_is_refused():
    with pytest.raises(TableError, match="hourly must have a value and its source"):
        read_table("bad.toml", GOOD.split("hourly")[0] + "hourly = 16.60\n")


def test_brackets_need_a_rate_and_a_constant_each():
    federal = """
        kind = "federal"
        edition = "e"
        publication = "p"
        publication_fr = "p"
        confidence = "P"
        effective_from = 2026-01-01
        reviewed_through = 2026-12-31
        [values]
    """ + "\n".join(
        f'{key} = {{ value = {value}, source = "s", source_fr = "s", consulted_on = 2026-01-01, confidence = "P" }}'
        for key, value in {
            "thresholds": "[10, 20]",
            "rates": "[0.1, 0.2]",
            "constants": "[0, 1, 2]",
            **dict.fromkeys(
                (
                    "basic_maximum",
                    "basic_minimum",
                    "basic_phase_out_from",
                    "basic_phase_out_to",
                    "employment_amount",
                    "abatement_rate",
                    "labour_fund_rate",
                    "labour_fund_maximum",
                    "small_income_limit",
                    "small_income_rate",
                    "indexation",
                ),
                "1",
            ),
        }.items()
    )

    with pytest.raises(TableError, match="each bracket needs a rate and a constant"):
        read_table("federal.toml", federal)
    with pytest.raises(TableError, match="thresholds must rise"):
        read_table("federal.toml", federal.replace("[10, 20]", "[20, 10]").replace("0.2]", "0.2, 0.3]"))


def test_two_tables_of_a_kind_may_not_share_a_day():
    first = read_table("a.toml", GOOD)
    second = read_table("b.toml", GOOD.replace("effective_from = 2026-05-01", "effective_from = 2026-12-31"))

    with pytest.raises(TableError, match="share days"):
        arrange([first, second])


def test_tables_are_read_once():
    assert edition_on(date(2026, 3, 3)) is edition_on(date(2026, 3, 3))
    assert edition_on(date(2026, 3, 3)).federal is edition_on(date(2026, 9, 9)).federal


def test_threshold_belongs_to_the_lower_bracket():
    federal = edition_on(date(2026, 1, 1)).federal

    assert federal.bracket(Decimal("58523.00")).rate == Decimal("0.14")
    assert federal.bracket(Decimal("58523.01")).rate == Decimal("0.205")
    assert federal.bracket(Decimal("999999")).rate == Decimal("0.33")


def test_share_never_rounds_the_ratio_of_rates():
    """0.0530 ÷ 0.0630 rounded to 0.84 would give 2,566.64."""
    assert share(Decimal("3055.52"), Decimal("0.0530"), Decimal("0.0630")) == Decimal("2570.52")
