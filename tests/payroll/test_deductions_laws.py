"""What is true of every pay and every year, whatever the amounts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payroll.deductions import Claims, Pay, YearToDate, compute, edition_on
from payroll.deductions.money import share
from tests.payroll.pays import year_of

AMOUNTS = (
    "federal_tax",
    "federal_tax_nonperiodic",
    "quebec_tax",
    "quebec_tax_nonperiodic",
    "qpp",
    "qpp2",
    "qpip",
    "ei",
    "qpip_employer",
    "ei_employer",
    "hsf_employer",
    "labour_standards_employer",
    "cnesst_employer",
)
# The machine's load is not a property of pays.
unhurried = settings(deadline=None)


def dollars(most):
    return st.decimals(0, most, places=2)


days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
claims = st.builds(
    Claims,
    birth_date=st.none() | st.dates(date(1940, 1, 1), date(2012, 1, 1)),
    federal_claim=st.none() | dollars(50_000),
    quebec_claim=st.none() | dollars(50_000),
    federal_extra_tax=dollars(100),
    quebec_extra_tax=dollars(100),
)


@st.composite
def pays(draw, on=days, gross=None):
    nonperiodic = draw(st.just(Decimal(0)) | dollars(20_000))
    return Pay(
        pay_date=draw(on),
        periods_per_year=draw(st.sampled_from([12, 24, 26, 27, 52, 53])),
        gross=draw(gross or dollars(20_000)),
        nonperiodic=nonperiodic,
        rpp=draw(st.just(Decimal(0)) | dollars(500)),
        rpp_nonperiodic=draw(st.decimals(0, nonperiodic, places=2)),
        ftq_shares=draw(st.just(Decimal(0)) | dollars(200)),
        claims=draw(claims),
    )


years_to_date = st.builds(
    YearToDate,
    gross=dollars(200_000),
    pensionable=dollars(200_000),
    qpp=dollars(5_000),
    qpp2=dollars(500),
    cpp=st.just(Decimal(0)) | dollars(2_000),
    qpip=dollars(500),
    qpip_employer=dollars(700),
    ei=dollars(1_000),
    ei_employer=dollars(1_300),
    nonperiodic=dollars(20_000),
    nonperiodic_f5=dollars(500),
)


@unhurried
@given(pays(), years_to_date)
def test_no_amount_is_ever_negative_nor_finer_than_a_cent(pay, so_far):
    found = compute(pay, so_far)

    for name in AMOUNTS:
        amount = getattr(found, name)
        assert amount >= 0
        assert amount == amount.quantize(Decimal("0.01"))


@unhurried
@given(pays(), years_to_date)
def test_no_contribution_passes_the_maximum_of_the_year(pay, so_far):
    found = compute(pay, so_far)
    table = edition_on(pay.pay_date).contributions

    assert found.qpp <= max(0, table.qpp_maximum - so_far.qpp)
    assert found.qpp2 <= max(0, table.qpp2_maximum - so_far.qpp2)
    assert found.ei <= max(0, table.ei_maximum - so_far.ei)
    assert found.qpip <= max(0, table.qpip_maximum - so_far.qpip)
    assert found.qpip_employer <= max(0, table.qpip_employer_maximum - so_far.qpip_employer)
    assert found.ei_employer <= max(0, table.ei_employer_maximum - so_far.ei_employer)


@unhurried
@given(pays(), years_to_date)
def test_pay_read_back_from_its_store_gives_the_same_amounts(pay, so_far):
    again = compute(Pay.from_dict(pay.to_dict()), YearToDate.from_dict(so_far.to_dict()))

    assert again == compute(pay, so_far)


@unhurried
@given(st.lists(dollars(9_000), min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_order_of_pays_does_not_change_capped_contributions(grosses, random):
    def totals(amounts):
        _, year = year_of([Pay(pay_date=date(2026, 6, 5), periods_per_year=12, gross=g) for g in amounts])
        return year.qpp, year.ei, year.qpip, year.qpip_employer

    shuffled = list(grosses)
    random.shuffle(shuffled)

    assert totals(shuffled) == totals(grosses)


@unhurried
@given(pays(), years_to_date, dollars(10_000))
def test_claiming_more_never_costs_more_tax(pay, so_far, more):
    def tax(federal, quebec):
        forms = Claims(federal_claim=federal, quebec_claim=quebec)
        found = compute(Pay.from_dict(pay.to_dict() | {"claims": forms.to_dict()}), so_far)
        return found.federal_tax, found.quebec_tax

    less = tax(Decimal("10000"), Decimal("10000"))
    greater = tax(Decimal("10000") + more, Decimal("10000") + more)

    assert greater[0] <= less[0]
    assert greater[1] <= less[1]


@pytest.mark.parametrize("year", [2024, 2025, 2026])
@pytest.mark.parametrize(
    ("periods", "apart", "gross"),
    [
        (12, 30, "12000.00"),
        (24, 15, "6000.00"),
        (26, 14, "5500.00"),
        (27, 13, "5300.55"),
        (52, 7, "2800.00"),
        (53, 6, "2750.00"),
    ],
)
def test_well_paid_year_ends_exactly_at_every_maximum(year, periods, apart, gross):
    first = date(year, 1, 2)
    _, whole = year_of(
        [
            Pay(
                pay_date=first + timedelta(days=apart * number),
                periods_per_year=periods,
                gross=Decimal(gross),
            )
            for number in range(periods)
        ]
    )
    table = edition_on(first).contributions

    assert whole.qpp == table.qpp_maximum
    assert whole.qpp2 == table.qpp2_maximum
    assert whole.ei == table.ei_maximum
    assert whole.qpip == table.qpip_maximum
    assert whole.qpip_employer == table.qpip_employer_maximum
    # 1.4 × the employee's premium is rounded in each pay: the year is short of the most by cents, never over.
    assert 0 <= table.ei_employer_maximum - whole.ei_employer <= Decimal("0.005") * periods


@unhurried
@given(st.lists(dollars(9_000), min_size=2, max_size=27), st.sampled_from([2024, 2025, 2026]))
def test_employer_matches_the_qpp_and_its_shares_keep_to_the_maxima_of_the_year(grosses, year):
    done, whole = year_of([Pay(pay_date=date(year, 3, 5), periods_per_year=27, gross=g) for g in grosses])
    table = edition_on(date(year, 3, 5)).contributions

    assert all((one.qpp_employer, one.qpp2_employer) == (one.qpp, one.qpp2) for one in done)
    assert whole.ei_employer <= table.ei_employer_maximum
    assert whole.qpip_employer <= table.qpip_employer_maximum


@unhurried
@given(dollars(9_000), st.integers(2, 27), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_equal_pays_bear_the_same_tax_until_a_maximum_is_reached(gross, count, day):
    """Whatever the place of a pay in the year: the estimate of the year is the same from each of them."""
    done, _ = year_of([Pay(pay_date=day, periods_per_year=27, gross=gross)] * count)
    table = edition_on(day).contributions
    pensionable, first = Decimal(0), done[0]
    for one in done:
        pensionable += gross
        if pensionable > min(table.qpp_maximum_pensionable, table.ei_maximum_insurable) - gross:
            break
        assert (one.federal_tax, one.quebec_tax) == (first.federal_tax, first.quebec_tax)


@pytest.mark.parametrize("birth", ["2008-02-14", "2008-10-30"])
@pytest.mark.parametrize(("periods", "apart"), [(12, 30), (26, 14), (27, 13), (52, 7)])
def test_year_of_turning_18_ends_at_its_part_of_the_maximum(birth, periods, apart):
    """Twelfths of the months after the birthday's, for a pay large enough in each of them."""
    born = date.fromisoformat(birth)
    _, whole = year_of(
        [
            Pay(
                pay_date=date(2026, 1, 2) + timedelta(days=apart * number),
                periods_per_year=periods,
                gross=Decimal("90000.00"),
                claims=Claims(birth_date=born),
            )
            for number in range(periods)
        ]
    )
    table = edition_on(date(2026, 1, 2)).contributions
    months = Decimal(12 - born.month)

    assert whole.qpp == share(table.qpp_maximum, months, Decimal(12))
    assert whole.qpp2 == share(table.qpp2_maximum, months, Decimal(12))


def test_year_of_form_rr_50_keeps_the_whole_maximum():
    """From 65, stopping in September does not lower the most of the year, nor count earlier months again."""
    claims = Claims(birth_date=date(1960, 3, 1), qpp_stops_on=date(2026, 9, 1))
    done, whole = year_of(
        [
            Pay(pay_date=date(2026, month, 15), periods_per_year=12, gross=Decimal("12000.00"), claims=claims)
            for month in range(1, 13)
        ]
    )

    assert whole.qpp == edition_on(date(2026, 1, 2)).contributions.qpp_maximum
    assert [one.qpp for one in done[8:]] == [Decimal(0)] * 4
    assert all(one.ei or one.qpip for one in done[:5])


def test_year_of_two_federal_editions_lowers_the_tax_in_july_2025():
    done, _ = year_of(
        [
            Pay(pay_date=date(2025, month, 15), periods_per_year=12, gross=Decimal("4000.00"))
            for month in (6, 7)
        ]
    )

    assert done[0].editions[1] == "T4127-120"
    assert done[1].editions[1] == "T4127-121"
    assert done[1].federal_tax < done[0].federal_tax
    assert done[1].quebec_tax == done[0].quebec_tax
