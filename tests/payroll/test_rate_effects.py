"""A rate that is tried before it is voted: one's own net, the co-op's year, hours already paid."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from members.models import WorkStatus
from payroll import pays, periods, profiles, what_if
from payroll.models import HourlyRate, PayStub
from payroll.projections import keeping
from payroll.rate_effects import rate_effects
from tests import make
from tests.payroll.projections.made import cost, draft, revenue
from timesheets.models import Service

from . import paid

pytestmark = pytest.mark.django_db

PAGE = reverse("payroll:rate_try")
JANUARY = date(2027, 1, 1)
RATE = Decimal("23.00")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def coop():
    return paid.coop()


@pytest.fixture
def paid_coop(coop):
    """Three salaried people and a freelancer, paid for the period of 2 November."""
    for name in ("Cleo", "Dora"):
        someone = make.person(name, born_on=date(1990, 5, 1))
        make.approved(someone, starts_on=paid.PERIOD, hours={"mon": 7, "tue": 7})
    coop.pay(has_documents=False)
    return coop


def words(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def ask(client, person, **given):
    client.force_login(person)
    return client.get(PAGE, given)


# One's own pay ------------------------------------------------------------------------------------


def test_own_net_is_that_of_the_next_pay_at_both_rates(coop):
    profiles.declare_taxes(
        coop.ana, by=coop.ana, starts_on=date(2026, 1, 1), federal_claim=Decimal("20000.00")
    )
    coop.pay(has_documents=False)
    own = rate_effects(RATE, JANUARY, reader=coop.ana).own
    gross, withheld, net = own.pay
    assert (gross.before, gross.after) == (70 * Decimal("21.50"), 70 * RATE)
    assert net.after == gross.after - withheld.after
    period = next(periods.coming())
    at_present = what_if.suppose(
        coop.ana,
        Decimal(35 * 60),
        cooperative=make.cooperative(first_period_on=paid.PERIOD),
        today=date(2026, 11, 23),
        period=period,
    )
    assert net.before == at_present.draft.net
    assert net.change > 0


def test_own_year_is_its_pays_one_after_the_other(coop):
    """26 pays of 70 h at 23 $; QPIP 0.43 % and EI 1.3 % of each, to the cent, are in what is withheld."""
    own = rate_effects(RATE, JANUARY, reader=coop.ana).own
    gross, withheld, net = own.year
    assert (gross.before, gross.after) == (26 * 1505, 26 * 1610)
    assert net.after == gross.after - withheld.after
    flat = 26 * (Decimal("20.93") + Decimal("6.92") + Decimal("92.95"))  # EI, QPIP, QPP of 1,610 $
    assert withheld.after > flat
    assert withheld.after < gross.after / 4


def test_own_hours_may_be_others(coop, client):
    own = ask(client, coop.ana, amount="23.00", starts_on="2027-01-01", minutes="28").context["effects"].own
    assert own.pay[0].after == 56 * RATE


def test_freelancer_reads_the_price_with_both_taxes(coop):
    own = rate_effects(RATE, JANUARY, reader=coop.bo).own
    price, taxes, total = own.year
    assert price.after == 26 * 70 * RATE
    assert taxes.after == 26 * (Decimal("80.50") + Decimal("160.60"))
    assert total.after == price.after + taxes.after
    assert own.is_statement


def test_person_without_hours_or_work_is_told(coop, client):
    WorkStatus.objects.filter(person=coop.ana).update(agreed_minutes_per_week=0)
    page = ask(client, coop.ana, amount="23.00", starts_on="2027-01-01")
    assert "give hours to see what the rate does" in words(page)
    page = ask(client, coop.preparer, amount="23.00", starts_on="2027-01-01", minutes="20")
    assert "You have no work status" in words(page)


def test_only_the_reader_sees_their_own_pay(coop, client):
    of_ana = ask(client, coop.ana, amount="23.00", starts_on="2027-01-01").context["effects"]
    of_other = ask(client, coop.preparer, amount="23.00", starts_on="2027-01-01").context["effects"]
    assert of_other.own.pay == of_other.own.year == ()
    assert of_ana.cost == of_other.cost


# The year of the co-op ----------------------------------------------------------------------------


def test_cost_of_the_year_is_agreed_hours_at_each_rate_with_contributions(coop):
    """One salaried and one freelancer, 35 h, 1,505 and 1,575 $ a pay, by the tables of 2026.

    2027 begins on a pay date and has 27 of them: the exemption of the QPP is 129.62 $ a pay.
    At 21.50 $: QPP 86.65, EI 27.40 (1.4 × 19.57), QPIP 9.06, HSF 24.83, labour standards 0.90: 148.84.
    At 22.50 $: QPP 91.06, EI 28.67 (1.4 × 20.48), QPIP 9.48, HSF 25.99, labour standards 0.95: 156.15.
    """
    WorkStatus.objects.exclude(person__in=[coop.ana, coop.bo]).delete()
    cost = rate_effects(Decimal("22.50"), JANUARY).cost
    salaried, contributions, freelance, total = cost.rows
    assert cost.first == JANUARY
    assert (salaried.before, salaried.after) == (27 * 1505, 27 * 1575)
    assert (freelance.before, freelance.after) == (salaried.before, salaried.after)
    assert contributions.before == 27 * Decimal("148.84")
    assert contributions.after == 27 * Decimal("156.15")
    assert total.after == salaried.after + contributions.after + freelance.after
    assert cost.is_carried


def test_number_of_queries_does_not_depend_on_the_number_of_people(paid_coop, django_assert_max_num_queries):
    make.approved(paid_coop.ana, starts_on=paid.next_period(), hours=paid.WEEK)
    paid_coop.pay(paid.next_period(), has_documents=False)
    with django_assert_max_num_queries(90) as few:
        rate_effects(RATE, paid.PERIOD, reader=paid_coop.ana)
    for name in ("Eva", "Flo", "Gus"):
        someone = make.person(name, born_on=date(1990, 5, 1))
        make.approved(someone, starts_on=paid.next_period(2), hours={"mon": 7, "tue": 7})
    paid_coop.pay(paid.next_period(2), has_documents=False)
    with django_assert_max_num_queries(len(few)):
        rate_effects(RATE, paid.PERIOD, reader=paid_coop.ana)


# Break-even ---------------------------------------------------------------------------------------


def test_break_even_hours_of_a_service_fall_as_the_rate_rises(coop, client):
    """4,300 $ a month of hosting over what an hour at work costs, fixed costs included."""
    WorkStatus.objects.exclude(person=coop.bo).delete()
    service = Service.objects.create(name="Hébergement")
    projection = draft(coop.ana, starts_on=date(2027, 1, 1))
    revenue(projection, "4300.00", service)
    cost(projection, "1000.00")
    keeping.keep(projection, by=coop.ana)
    page = ask(client, coop.preparer, amount="43.00", starts_on="2027-01-01")
    found = page.context["effects"].break_even
    # A freelancer, 35 h: 27 pays of 70 h paid, 261 weekdays of 7 h at work, and 12,000 $ of fixed costs.
    at_work = 261 * 7
    before, after = 27 * 1505 + 12000, 27 * 3010 + 12000
    assert found.hour.before == (Decimal(before) / at_work).quantize(Decimal("0.01"))
    (one,) = found.services
    assert (one.name, one.revenue) == ("Hébergement", Decimal("4300.00"))
    assert (one.before, one.after) == (4300 * at_work * 60 // before, 4300 * at_work * 60 // after)
    assert "Hébergement" in words(page)


def test_without_a_projection_the_page_says_where_revenue_is_entered(coop, client):
    page = ask(client, coop.ana, amount="23.00", starts_on="2027-01-01")
    assert page.context["effects"].break_even is None
    assert "No projection says yet what revenue" in words(page)


# Hours already paid -------------------------------------------------------------------------------


def test_retroactive_sum_is_what_the_next_pay_then_settles(paid_coop):
    """Ana 40 h and 2 h at time and a half, Cleo and Dora 14 h, Bo 14.5 h: 1.50 $ more an hour."""
    found = rate_effects(RATE, paid.PERIOD, reader=paid_coop.ana).retroactive
    assert found.own == Decimal("1.50") * 43
    assert found.gross == Decimal("1.50") * (43 + 14 + 14) + Decimal("21.75")
    assert (found.people, found.through) == (4, date(2026, 11, 15))
    make.rate("23.00", starts_on=paid.PERIOD)
    preview = pays.preview(next(periods.coming()))
    assert found.gross == sum(stub.gross for stub in preview.stubs)
    added = sum(stub.deductions.employer_total for stub in preview.stubs if stub.deductions)
    assert found.contributions == added
    assert found.cost == found.gross + added


def test_sum_over_fewer_than_three_people_is_not_shown_but_to_each_their_own(coop, client):
    coop.pay(has_documents=False)
    page = ask(client, coop.ana, amount="23.00", starts_on="2026-11-02")
    found = page.context["effects"].retroactive
    assert (found.people, found.gross, found.contributions) == (2, None, None)
    assert found.own == Decimal("64.50")
    assert "fewer than three people is not shown" in words(page)
    assert "$64.50" in words(page)


def test_contributions_over_fewer_than_three_salaried_people_are_not_shown(paid_coop):
    WorkStatus.objects.filter(person__given_name="Dora").update(kind="freelance")
    PayStub.objects.get(person__given_name="Dora")  # paid as salaried: taken back whole, and due as freelance
    make.rate("21.50", starts_on=date(2026, 1, 1))
    found = rate_effects(RATE, paid.PERIOD).retroactive
    assert found.people == 4
    assert found.gross is not None
    assert found.cost is None


def test_day_after_the_last_paid_one_has_nothing_to_settle(paid_coop, client):
    page = ask(client, paid_coop.ana, amount="23.00", starts_on="2026-11-16")
    assert page.context["effects"].retroactive is None
    assert "Hours already paid" not in words(page)
    assert rate_effects(RATE, JANUARY).retroactive is None


def test_rate_in_force_from_a_later_day_ends_the_proposed_one(paid_coop):
    make.rate("22.00", starts_on=date(2026, 11, 3))
    found = rate_effects(RATE, paid.PERIOD)
    assert found.following.amount == Decimal("22.00")
    # One day of each at 23 $ rather than 21.50 $: Ana 8 h, Cleo and Dora 7 h, Bo 7 h.
    assert found.retroactive.gross == Decimal("1.50") * 29


# The page -----------------------------------------------------------------------------------------


def test_floor_is_the_minimum_wage_with_its_source(coop, client):
    page = ask(client, coop.ana, amount="16.59", starts_on="2027-01-01")
    assert page.context["effects"].is_too_low
    assert "Under the minimum wage: this rate could not be set." in words(page)
    assert "$16.60" in words(page)
    at_floor = ask(client, coop.ana, amount="16.60", starts_on="2027-01-01")
    assert not at_floor.context["effects"].is_too_low


def test_page_says_which_tables_and_that_they_are_carried(coop, client):
    text = words(ask(client, coop.ana, amount="23.00", starts_on="2027-01-01"))
    assert "the tables of contributions are reviewed through 31 December 2026" in text


def test_page_without_a_rate_yet_compares_with_nothing(client):
    make.cooperative()
    ana = make.person("Ana", language="en-ca")
    page = ask(client, ana, amount="23.00", starts_on="2027-01-01")
    assert "there is nothing to compare with" in words(page)
    assert page.context["effects"].cost.rows[0].before is None


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", "1e3"),
        ("amount", "0"),
        ("amount", "1000"),
        ("amount", ""),
        ("starts_on", "2030-01-01"),
        ("starts_on", "2001-01-01"),
        ("starts_on", "abc"),
        ("minutes", "169"),
        ("minutes", "<script>alert(1)</script>"),
    ],
)
def test_bad_input_is_a_sentence(coop, client, field, typed):
    page = ask(client, coop.ana, **({"amount": "23.00", "starts_on": "2027-01-01"} | {field: typed}))
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {field}
    assert "effects" not in page.context
    assert "<script>alert" not in words(page)


def test_trying_writes_nothing(paid_coop, client):
    ask(client, paid_coop.ana, amount="23.00", starts_on="2026-11-02")
    assert HourlyRate.objects.count() == 1


def test_page_of_rates_leads_to_it(coop, client):
    client.force_login(coop.ana)
    assert PAGE in client.get(reverse("payroll:rates")).content.decode()
