"""The arithmetic of the slips: each box, its maximum, what the governments check. No database."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payroll import slip_rules
from payroll.deductions import NotReviewed
from payroll.slip_boxes import (
    Figures,
    contributory_months,
    counted,
    exemption_of_pays,
    fill,
    review,
)

RULES, TABLE = slip_rules.rules_of(2026)
D, E = "deduction", "earning"


def figures(gross="0", *, pensionable=None, insurable=None, **deductions) -> Figures:
    """A year of pays: what was earned, and amounts by code of deduction."""
    by_code = {(E, "regular"): Decimal(gross)}
    by_code |= {(D, code): Decimal(amount) for code, amount in deductions.items()}
    return Figures(
        by_code,
        Decimal(gross if pensionable is None else pensionable),
        Decimal(gross if insurable is None else insurable),
    )


def written(slip: str, of: Figures, **options) -> dict[str, str]:
    boxes = fill(RULES.boxes[slip], of, TABLE, **options)
    return {filled.box.name: filled.written for filled in boxes if filled.written}


USUAL = figures(
    "44721.04",
    federal_tax="3012.20",
    quebec_tax="3890.55",
    qpp="2596.93",
    qpip="192.30",
    ei="581.37",
)


def test_every_box_of_a_usual_rl1():
    assert written("rl1", USUAL) == {
        "A": "44721.04",
        "B.A": "2596.93",
        "C": "581.37",
        "E": "3890.55",
        "G": "44721.04",
        "H": "192.30",
        "I": "44721.04",
    }


def test_every_box_of_a_usual_t4():
    assert written("t4", USUAL, dental="1") == {
        "10": "QC",
        "14": "44721.04",
        "17": "2596.93",
        "18": "581.37",
        "22": "3012.20",
        "24": "44721.04",
        "26": "44721.04",
        "45": "1",
        "55": "192.30",
        "56": "44721.04",
    }


def test_t4a_holds_fees_without_sales_taxes():
    fees = Figures({(E, "regular"): Decimal("9210.25"), ("sales_tax", "gst"): Decimal("460.51")})
    assert written("t4a", fees) == {"048": "9210.25"}


def test_maximums_of_each_box():
    rich = figures("120000", qpp="4479.30", qpp2="416.00", qpip="442.90", ei="895.70")
    rl1, t4 = written("rl1", rich), written("t4", rich)
    assert (rl1["A"], rl1["B.A"], rl1["B.B"]) == ("120000.00", "4479.30", "416.00")
    assert rl1["G"] == "85000.00"
    assert rl1["I"] == t4["56"] == "103000.00"
    assert t4["24"] == "68900.00"
    assert t4["26"] == "85000.00"
    assert (t4["17"], t4["17A"]) == ("4479.30", "416.00")


def test_box_g_stops_at_the_first_maximum_until_qpp2_is_withheld():
    between = figures("80000", qpp="4479.30")
    assert written("rl1", between)["G"] == "74600.00"
    assert written("rl1", figures("80000", qpp="4479.30", qpp2="216.00"))["G"] == "80000.00"


def test_who_does_not_contribute_has_zero_in_g_and_nothing_in_b():
    old = figures("30000", pensionable="0", qpip="129.00", ei="390.00")
    rl1, t4 = written("rl1", old), written("t4", old)
    assert rl1["G"] == "0.00"
    assert "B.A" not in rl1
    assert "26" not in t4


def test_maximum_of_box_g_is_prorated_in_the_year_of_eighteen():
    months = contributory_months(date(2008, 6, 15), 2026)
    assert months == 6
    assert written("rl1", figures("50000", qpp="2239.65"), months=months)["G"] == "37300.00"
    assert contributory_months(date(1985, 6, 15), 2026) == contributory_months(None, 2026) == 12


def test_new_code_of_earnings_flows_into_income():
    of = Figures({(E, "regular"): Decimal(1000), (E, "vacation_out"): Decimal("120.50")})
    assert written("rl1", of)["A"] == "1120.50"
    assert written("t4", of)["14"] == "1120.50"


def test_void_takes_back_what_it_mirrors():
    mirror = Figures(
        {place: -amount for place, amount in USUAL.by_code.items()}, -USUAL.pensionable, -USUAL.insurable
    )
    assert not USUAL.plus(mirror)
    assert written("rl1", USUAL.plus(USUAL).plus(mirror)) == written("rl1", USUAL)


def test_twenty_seven_pays_exempt_what_their_pays_exempted():
    assert exemption_of_pays(TABLE, {27: 27}) == Decimal("3499.74")
    assert exemption_of_pays(TABLE, {26: 26}) == Decimal("3499.86")
    assert exemption_of_pays(TABLE, {26: 10}) == Decimal("1346.10")
    assert exemption_of_pays(TABLE, {26: 26, 52: 9}) == Decimal(3500)
    assert exemption_of_pays(TABLE, {26: 0}) == 0


def test_review_asks_the_rate_times_earnings_over_the_exemption():
    of = figures("44721.04", qpp="2596.93", qpip="192.30", ei="581.37")
    found = {one.code: one for one in review(of, TABLE, exempted=Decimal(3500))}
    assert found["qpp"].asked == Decimal("2596.93")  # 0.0630 × (44 721.04 − 3 500)
    assert found["ei"].asked == Decimal("581.37")
    assert found["qpip"].asked == Decimal("192.30")
    assert not any(one.missing or one.over_maximum for one in found.values())


def test_review_names_what_is_missing_and_what_passes_the_maximum():
    found = {
        one.code: one
        for one in review(figures("44721.04", qpp="2500.00", ei="900.00"), TABLE, exempted=Decimal(3500))
    }
    assert found["qpp"].missing == Decimal("96.93")
    assert found["ei"].over_maximum == Decimal("4.30")
    assert found["qpip"].missing == Decimal("192.30")


@pytest.mark.parametrize("exempted", ["3500", "3370.38"])
def test_review_of_high_pay_is_each_maximum(exempted):
    """Also when a pay was voided, or the person came during the year: fewer exemptions ask no more than that."""
    found = {one.code: one.asked for one in review(figures("200000"), TABLE, exempted=Decimal(exempted))}
    assert found == {
        "qpp": Decimal("4479.30"),
        "qpp2": Decimal("416.00"),
        "ei": Decimal("895.70"),
        "qpip": Decimal("442.90"),
    }


amounts = st.integers(-2_000_000, 9_000_000).map(lambda cents: Decimal(cents) / 100)


# The machine may be busy: what is tried is arithmetic, not speed.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(amounts, amounts, amounts, amounts), max_size=12))
def test_pays_behind_a_box_add_up_to_it(pays):
    """Whatever the pays, a box is their sum, less what exceeds its maximum."""
    each = [
        figures(gross, pensionable=pensionable, insurable=insurable, qpp=qpp)
        for gross, pensionable, insurable, qpp in pays
    ]
    year = Figures({})
    for pay in each:
        year = year.plus(pay)
    for slip in ("rl1", "t4", "t4a"):
        for filled in fill(RULES.boxes[slip], year, TABLE):
            if filled.box.of:
                total = sum((counted(filled.box, pay) for pay in each), Decimal(0))
                assert total - filled.over == (filled.amount or 0)
                assert filled.cap is None or (filled.amount or 0) <= filled.cap


# The rules as data --------------------------------------------------------------------------------


def test_every_rule_has_a_source_and_what_was_not_read_is_to_verify():
    for boxes in RULES.boxes.values():
        for box in boxes:
            assert box.source
            assert box.is_to_verify == (box.confidence != "P")
    assert RULES.box("t4", "26").confidence == "M"
    assert RULES.figures["slips_on_paper"].value == 5


def test_year_that_nobody_reviewed_is_refused():
    for year in (2023, 2027):
        with pytest.raises(NotReviewed):
            slip_rules.rules_of(year)


SOURCED = 'source = "s", source_fr = "s", consulted_on = 2026-11-22, confidence = "P"'
TEXT = """
edition = "x"
publication = "x"
effective_from = 2026-01-01
reviewed_through = 2026-12-31
[figures]
FIGURES
[boxes.rl1]
A = { of = "gross", source = "s", source_fr = "s", consulted_on = 2026-11-22, confidence = "P" }
[boxes.t4]
"14" = { of = "gross", source = "s", source_fr = "s", consulted_on = 2026-11-22, confidence = "P" }
[boxes.t4a]
"048" = { of = "gross", source = "s", source_fr = "s", consulted_on = 2026-11-22, confidence = "P" }
""".replace(
    "FIGURES", "\n".join(f"{name} = {{ value = 5, {SOURCED} }}" for name in sorted(slip_rules.FIGURES))
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value = 5", "value = 0", "above zero"),
        ("value = 5", 'value = "5"', "above zero"),
        ('A = { of = "gross"', 'A = { of = "gross", is = "QC"', "not both"),
        ('A = { of = "gross"', 'A = { of = "gross", cap = "nothing"', "not in the contributions table"),
        ('A = { of = "gross"', 'A = { of = "gross", colour = "red"', "unknown colour"),
        ('"14" = { of = "gross", source = "s"', '"14" = { of = "gross", source = " "', "source is empty"),
        ('"14" = { of = "gross", source = "s", ', '"14" = { of = "gross", ', "missing source"),
        (
            '"048" = { of = "gross", source = "s", source_fr = "s", consulted_on = 2026-11-22',
            '"048" = { of = "gross", source = "s", source_fr = "s", consulted_on = "x"',
            "must be a date",
        ),
        ('confidence = "P" }\n[boxes.t4a]', 'confidence = "Z" }\n[boxes.t4a]', "confidence must be"),
        ("[boxes.t4a]", "[boxes.t5]", "missing or unknown"),
        ('edition = "x"', "", "edition"),
    ],
)
def test_rule_without_what_it_must_say_is_refused(old, new, said):
    assert slip_rules.read(TEXT).box("rl1", "A").of == "gross"
    with pytest.raises(slip_rules.SlipRulesError, match=said):
        slip_rules.read(TEXT.replace(old, new, 1))
