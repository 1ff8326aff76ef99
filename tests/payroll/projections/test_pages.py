"""The pages of projections: made by a member, read by all, tried, compared, presented, exported."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from members.models import Power
from payroll.models import ExpectedAmount, Projection, Supposition
from payroll.projections import keeping
from payroll.projections.actual import compared
from payroll.projections.scenarios import kept_outlook
from tests import make
from tests.payroll import paid
from timesheets.models import Project, Service

from .made import DECEMBER, cost, draft, revenue, suppose

pytestmark = pytest.mark.django_db

LIST, START = reverse("payroll:projections"), reverse("payroll:projection_start")
COMPARE = reverse("payroll:projection_compare")
NEW = {"title": "Prudence", "starts_on": "2026-12-01", "months": "12", "opening": "18 000,50"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def coop():
    make.rate("21.50")
    return make.cooperative(first_period_on=paid.PERIOD)


@pytest.fixture
def ana(coop):
    return make.person("Ana", language="en-ca")


@pytest.fixture
def bea(coop):
    return make.person("Bea", language="en-ca", minutes=20 * 60)


@pytest.fixture
def hosting():
    return Service.objects.create(name="Hébergement")


@pytest.fixture
def kept(ana, hosting):
    projection = draft(ana, title="De base")
    revenue(projection, "9000.00", hosting)
    cost(projection, "1200.00")
    suppose(projection, "cautious", name="Un client part", kind="revenue", percent=Decimal(-20))
    suppose(projection, "ambitious", name="Hausse", kind="rate", amount=Decimal("23.00"))
    return keeping.keep(projection, by=ana)


def page(projection: Projection, name: str = "projection", **given) -> str:
    address = reverse(f"payroll:{name}", args=[projection.pk])
    return address + ("?" + "&".join(f"{key}={value}" for key, value in given.items()) if given else "")


def words(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


# Making one ---------------------------------------------------------------------------------------


def test_member_makes_a_projection_and_keeps_it_for_everybody(client, ana, bea, hosting):
    client.force_login(ana)
    begun = client.post(START, NEW | {"assumptions": "Le bail est renouvelé."}, follow=True)
    projection = Projection.objects.get()
    assert (projection.opening, projection.author) == (Decimal("18000.50"), ana)
    assert "draft: you alone see it" in words(begun)
    lines = {"often": "monthly", "first_month": "2026-12-01", "last_month": ""}
    expect = reverse("payroll:projection_expect", args=[projection.pk, "revenue"])
    client.post(expect, lines | {"service": hosting.pk, "name": "", "amount": "9 000,00"})
    expect = reverse("payroll:projection_expect", args=[projection.pk, "cost"])
    client.post(expect, lines | {"name": "Assurances", "amount": "2400", "often": "once"})
    suppose_rate = reverse("payroll:projection_suppose", args=[projection.pk, "rate"])
    client.post(
        suppose_rate,
        {
            "scenario": "ambitious",
            "name": "Hausse",
            "amount": "23",
            "first_month": "2027-03-01",
            "last_month": "",
        },
    )
    assert {(of.side, of.service, of.amount, of.is_monthly) for of in projection.amounts.all()} == {
        ("revenue", hosting, Decimal("9000.00"), True),
        ("cost", None, Decimal("2400.00"), False),
    }
    text = words(client.get(page(projection)))
    assert "Hébergement" in text
    assert "$23.00 an hour, from March 2027 on" in text
    assert client.get(page(projection, "projection_keep")).status_code == 200
    done = client.post(page(projection, "projection_keep"), follow=True)
    assert "The projection is kept: every member reads it." in words(done)
    client.force_login(bea)
    read = words(client.get(page(projection)))
    assert "Le bail est renouvelé." in read
    assert "kept on 23 November 2026" in read
    assert "Add a revenue" not in read


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("hours", {"percent": "-10"}, {"percent": Decimal("-10")}),
        ("person", {"minutes_per_week": "28", "work_kind": "freelance"}, {"minutes_per_week": 28 * 60}),
        ("revenue", {"percent": "12,5", "amount": "", "service": ""}, {"percent": Decimal("12.5")}),
        ("costs", {"percent": "", "amount": "-300"}, {"amount": Decimal("-300.00")}),
    ],
)
def test_each_kind_of_supposition_has_its_form(client, ana, kind, given, kept):
    client.force_login(ana)
    projection = draft(ana)
    address = reverse("payroll:projection_suppose", args=[projection.pk, kind])
    lines = {"scenario": "cautious", "name": "Autrement", "first_month": "2027-01-01", "last_month": ""}
    client.post(address, lines | given)
    part = Supposition.objects.get()
    assert part.kind == kind
    assert {name: getattr(part, name) for name in kept} == kept
    change = reverse("payroll:supposition_change", args=[part.pk])
    form = client.get(change).context["form"]
    assert form["name"].value() == "Autrement"
    client.post(change, lines | given | {"name": "Changé"})
    assert Supposition.objects.get().name == "Changé"
    client.post(reverse("payroll:supposition_remove", args=[part.pk]))
    assert not Supposition.objects.exists()


def test_amount_is_changed_and_taken_away(client, ana, hosting):
    client.force_login(ana)
    part = revenue(draft(ana), "9000.00", hosting, last_month=date(2027, 5, 1))
    change = reverse("payroll:expected_change", args=[part.pk])
    form = client.get(change).context["form"]
    assert (form["service"].value(), form["last_month"].value()) == (hosting.pk, "2027-05-01")
    given = {"service": "", "name": "Divers", "amount": "10", "first_month": "2027-01-01", "last_month": ""}
    client.post(change, given | {"often": "once"})
    part.refresh_from_db()
    assert (part.service, part.name, part.is_monthly) == (None, "Divers", False)
    client.post(reverse("payroll:expected_remove", args=[part.pk]))
    assert not ExpectedAmount.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", ""),
        ("title", "a\u202eb"),
        ("starts_on", "2026-12-02"),
        ("starts_on", "2031-01-01"),
        ("months", "11"),
        ("months", "25"),
        ("opening", "1e3"),
        ("opening", ""),
    ],
)
def test_bad_beginning_is_a_sentence(client, ana, field, typed):
    client.force_login(ana)
    answer = client.post(START, NEW | {field: typed})
    assert answer.context["form"].errors.keys() == {field}
    assert not Projection.objects.exists()


@pytest.mark.parametrize(
    ("address", "given", "field"),
    [
        ("expect/cost/", {"name": "", "amount": "5"}, "name"),
        ("expect/cost/", {"name": "x", "amount": "0"}, "amount"),
        ("expect/cost/", {"name": "x", "amount": "5", "last_month": "2026-12-01"}, "last_month"),
        ("expect/revenue/", {"name": "", "amount": "5", "service": ""}, "service"),
        ("expect/revenue/", {"name": "x", "amount": "5", "service": "0"}, "service"),
        ("suppose/rate/", {"name": "x", "amount": "0"}, "amount"),
        ("suppose/hours/", {"name": "x", "percent": "-101"}, "percent"),
        ("suppose/hours/", {"name": "x", "percent": "abc"}, "percent"),
        (
            "suppose/person/",
            {"name": "x", "minutes_per_week": "61", "work_kind": "salaried"},
            "minutes_per_week",
        ),
        ("suppose/revenue/", {"name": "x", "percent": "5", "amount": "5"}, "percent"),
        ("suppose/costs/", {"name": "x", "percent": "", "amount": ""}, "percent"),
        ("suppose/costs/", {"name": "", "percent": "5"}, "name"),
    ],
)
def test_bad_line_is_a_sentence_and_stays_typed(client, ana, address, given, field):
    client.force_login(ana)
    projection = draft(ana)
    lines = {"scenario": "cautious", "often": "monthly", "first_month": "2027-01-01"}
    answer = client.post(page(projection) + address, lines | given)
    assert answer.context["form"].errors.keys() == {field}
    assert not projection.amounts.exists()
    assert not projection.suppositions.exists()


def test_supposed_rate_under_the_minimum_wage_is_refused_with_its_source(client, ana):
    client.force_login(ana)
    projection = draft(ana)
    given = {"scenario": "cautious", "name": "x", "amount": "16.00", "first_month": "2027-01-01"}
    answer = client.post(page(projection) + "suppose/rate/", given)
    assert "The minimum wage is $16.60" in words(answer)


# Reading ------------------------------------------------------------------------------------------


def test_draft_and_its_lines_are_nobody_elses(client, ana, bea):
    projection = draft(ana)
    part, supposed = (
        cost(projection, "5.00"),
        suppose(projection, "cautious", kind="costs", amount=Decimal(5)),
    )
    client.force_login(bea)
    names = ("projection", "projection_change", "projection_keep", "projection_present", "projection_csv")
    assert {client.get(page(projection, name)).status_code for name in names} == {404}
    posted = ("projection_copy", "projection_discard", "projection_keep")
    assert {client.post(page(projection, name)).status_code for name in posted} == {404}
    for name, pk in (("expected", part.pk), ("supposition", supposed.pk)):
        for act in ("change", "remove"):
            assert client.post(reverse(f"payroll:{name}_{act}", args=[pk])).status_code == 404
    assert "Une année" not in words(client.get(LIST))
    assert client.get(COMPARE, {"a": projection.pk, "b": projection.pk}).context["form"].errors


def test_what_is_kept_is_changed_on_no_page(client, ana, kept):
    client.force_login(ana)
    assert client.get(page(kept, "projection_change")).status_code == 404
    assert client.post(page(kept, "projection_discard")).status_code == 404
    assert client.post(page(kept) + "expect/cost/", {}).status_code == 404
    assert client.post(reverse("payroll:expected_remove", args=[kept.amounts.first().pk])).status_code == 404


def test_three_scenarios_stand_side_by_side(client, bea, kept):
    client.force_login(bea)
    read = client.get(page(kept))
    rows = {row.label: row.cells for row in read.context["rows"]}
    outlooks = [kept_outlook(kept, name) for name in Supposition.Scenario.values]
    cautious, expected, ambitious = outlooks
    assert rows["Revenue"] == ["$86,400.00", "$108,000.00", "$108,000.00"]
    assert cautious.total.pay == expected.total.pay < ambitious.total.pay
    assert len(read.context["picture"].curves) == 3
    last = [expected.closing, cautious.closing, ambitious.closing]
    assert read.context["picture_rows"][-1][1] == last
    text = words(read)
    assert "computed with the tables reviewed through 31 December 2026" in text
    assert "Overtime is not counted" in text
    assert "Nobody’s pay file is opened" in text
    of_cautious = client.get(page(kept, scenario="cautious"))
    assert of_cautious.context["outlook"] == cautious
    assert client.get(page(kept, scenario="worst")).context["scenario"] == "expected"


def test_month_below_zero_is_said(client, bea, ana):
    projection = draft(ana, opening="0.00")
    keeping.keep(projection, by=ana)
    client.force_login(bea)
    assert "Expected: the bank is below zero at the end of December 2026." in words(
        client.get(page(projection))
    )


def test_break_even_by_service_stands_beside_the_hours_worked_lately(client, bea, kept, hosting):
    """9,000 $ a month over what an hour at work costs; 30 h approved in the last three whole months: 10 h a month."""
    site = Project.objects.create(name="Serveurs", service=hosting)
    for number, starts_on in enumerate((date(2026, 8, 3), date(2026, 9, 7), date(2026, 10, 5))):
        sheet = make.sheet(bea, starts_on=starts_on, hours={"mon": 5, "tue": 5 + number - 1})
        sheet.entries.update(project=site)
        make.approve(sheet)
    client.force_login(bea)
    (one,) = client.get(page(kept)).context["by_service"]
    outlook = kept_outlook(kept, "expected")
    assert (one.name, one.revenue, one.worked) == ("Hébergement", Decimal("9000.00"), 10 * 60)
    spent, minutes = outlook.total.spent, outlook.total.work_minutes
    assert one.minutes == int(108000 * minutes / spent) // 12


def test_without_a_rate_the_page_says_why(client):
    make.cooperative()
    ana = make.person("Ana", language="en-ca")
    projection = draft(ana)
    client.force_login(ana)
    assert "No hourly rate is in force" in words(client.get(page(projection)))
    kept = client.post(page(projection, "projection_keep"), follow=True)
    assert "No hourly rate is in force" in words(kept)
    for name in ("projection_csv", "projection_present"):
        assert client.get(page(projection, name)).status_code == 302
    assert not Projection.objects.get().is_kept


def test_lists_ask_as_many_queries_for_one_as_for_three(client, ana, bea, kept, django_assert_num_queries):
    client.force_login(bea)
    client.get(LIST)
    with django_assert_num_queries(5):
        assert len(client.get(LIST).context["kept"]) == 1
    for _time in range(2):
        keeping.keep(keeping.copy(kept, by=ana), by=ana)
    with django_assert_num_queries(5):
        assert len(client.get(LIST).context["kept"]) == 3


def test_page_asks_as_many_queries_whatever_its_lines(
    client, ana, bea, kept, hosting, django_assert_num_queries
):
    client.force_login(bea)
    client.get(page(kept))
    with django_assert_num_queries(8):
        client.get(page(kept))
    copy = keeping.copy(kept, by=ana)
    for number in range(3):
        revenue(copy, "10.00", Service.objects.create(name=f"Service {number}"))
        suppose(copy, "cautious", kind="costs", amount=Decimal(5))
    keeping.keep(copy, by=ana)
    with django_assert_num_queries(8):
        client.get(page(copy))


# What if ------------------------------------------------------------------------------------------


def test_sliders_show_what_they_give_and_keep_nothing(client, bea, kept):
    client.force_login(bea)
    at_first = client.get(page(kept))
    assert "tried" not in at_first.context
    assert at_first.context["form"]["rate"].value() == Decimal("21.50")
    asked = {
        "what": "if",
        "scenario": "expected",
        "rate": "23.00",
        "hours": "10",
        "revenue": "-5",
        "costs": "20",
    }
    tried = client.get(page(kept), asked).context["tried"]
    rows = {row.label: row.cells for row in tried["rows"]}
    assert rows["Revenue"] == ["$108,000.00", "$102,600.00"]
    assert rows["Fixed costs"] == ["$14,400.00", "$17,280.00"]
    # Ana and Bea, 110 h a pay. The first pay is of November, untouched; of the second, 30 November as well.
    assert rows["Salaried pay"] == ["$61,490.00", "$71,898.20"]
    untouched, whole = Decimal("2365.00"), Decimal("110") * Decimal("1.1") * 23
    assert untouched + untouched / 10 + whole * 9 / 10 + 24 * whole == Decimal("71898.20")
    assert not tried["is_otherwise"]
    assert Projection.objects.count() == 1


def test_sliders_left_alone_give_the_scenario_itself(client, bea, kept):
    client.force_login(bea)
    asked = {
        "what": "if",
        "scenario": "ambitious",
        "rate": "23.00",
        "hours": "0",
        "revenue": "0",
        "costs": "",
    }
    tried = client.get(page(kept, scenario="ambitious"), asked | {"scenario": "ambitious"}).context["tried"]
    assert all(row.cells[0] == row.cells[1] for row in tried["rows"])


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("rate", "16.59"),
        ("rate", "abc"),
        ("hours", "51"),
        ("hours", "NaN"),
        ("revenue", "-51"),
        ("costs", "1e9"),
    ],
)
def test_slider_out_of_reach_is_a_sentence(client, bea, kept, field, typed):
    client.force_login(bea)
    asked = {"what": "if", "scenario": "expected", "rate": "21.50"} | {field: typed}
    answer = client.get(page(kept), asked)
    assert answer.context["form"].errors.keys() == {field}
    assert "tried" not in answer.context


# Actual against projected ---------------------------------------------------------------------------


@pytest.fixture
def paid_november():
    """Three salaried people and a freelancer, paid on 20 November; read in December."""
    found = paid.coop()
    for name in ("Cleo", "Dora"):
        someone = make.person(name, born_on=date(1990, 5, 1))
        make.approved(someone, starts_on=paid.PERIOD, hours={"mon": 7, "tue": 7})
    found.pay(has_documents=False)
    return found


def _kept_from_november(someone) -> Projection:
    return keeping.keep(draft(someone, starts_on=date(2026, 11, 1)), by=someone)


def test_past_month_shows_what_the_pays_came_to(client, paid_november):
    """42 h of Ana (2 at time and a half), 14 h of Cleo and of Dora, 14.5 h of Bo, at 21.50 $."""
    projection = _kept_from_november(paid_november.ana)
    assert compared(kept_outlook(projection, "expected"), date(2026, 11, 30)) == []
    with time_machine.travel("2026-12-03 15:00:00+00:00", tick=False):
        client.force_login(paid_november.bo)
        (one,) = client.get(page(projection)).context["past"]
    assert one.actual.pay == Decimal("21.50") * (43 + 14 + 14) + Decimal("311.75")
    assert one.actual.minutes == (42 + 14 + 14) * 60 + 870
    assert one.actual.contributions > 100
    assert one.pay_change == one.actual.pay - one.foreseen.pay
    assert one.minutes_change == one.actual.minutes - one.foreseen.minutes


def test_pays_of_fewer_than_three_people_are_not_summed_for_others(client):
    coop = paid.coop()
    coop.pay(has_documents=False)
    projection = _kept_from_november(coop.ana)
    client.force_login(coop.bo)
    with time_machine.travel("2026-12-03 15:00:00+00:00", tick=False):
        answer = client.get(page(projection))
    (one,) = answer.context["past"]
    assert one.is_hidden
    assert (one.actual.pay, one.actual.minutes, one.actual.contributions) == (None, None, None)
    assert "a sum over fewer than three people, which would tell" in words(answer)


def test_contributions_of_fewer_than_three_salaried_people_are_not_summed(paid_november):
    """Dora's stub is taken back whole: two salaried people are left, and a freelancer."""
    stub = paid.PayStub.objects.get(person__given_name="Dora")
    paid_november.void(stub)
    months = kept_outlook(_kept_from_november(paid_november.ana), "expected")
    (one,) = compared(months, date(2026, 12, 3))
    assert one.actual.pay == Decimal("21.50") * (43 + 14) + Decimal("311.75")
    assert one.actual.contributions is None


def test_month_without_any_pay_is_nothing(ana):
    months = kept_outlook(_kept_from_november(ana), "expected")
    (one,) = compared(months, date(2026, 12, 3))
    assert (one.actual.pay, one.actual.minutes) == (0, 0)


# Others' ------------------------------------------------------------------------------------------


def test_copy_is_changed_without_touching_the_first(client, bea, kept):
    client.force_login(bea)
    done = client.post(page(kept, "projection_copy"), follow=True)
    copy = Projection.objects.get(author=bea)
    assert done.redirect_chain[-1][0] == page(copy)
    assert "Copied from that of" in words(done)
    client.post(page(copy, "projection_change"), NEW | {"title": "La mienne"})
    assert {of.title for of in Projection.objects.all()} == {"De base", "La mienne"}
    client.post(page(copy, "projection_discard"))
    assert Projection.objects.get() == kept


def test_two_projections_are_compared_by_month(client, ana, bea, kept):
    other = draft(bea, title="La mienne", starts_on=date(2027, 1, 1), opening="0.00")
    cost(other, "500.00")
    keeping.keep(other, by=bea)
    client.force_login(ana)
    assert client.get(COMPARE).status_code == 200
    answer = client.get(COMPARE, {"a": kept.pk, "b": other.pk, "scenario": "expected"})
    found = answer.context["found"]
    rows = {row.label: row.cells for row in found["rows"]}
    assert rows["Fixed costs"] == ["$14,400.00", "$6,000.00"]
    assert len(found["months"]) == 13
    december, january = found["months"][:2]
    assert (december[0], december[1][3:]) == (DECEMBER, [None, None, None])
    assert january[1][3] == 0
    assert words(answer).count("De base") > 2


def test_presentation_says_all_on_one_page(client, bea, kept):
    client.force_login(bea)
    text = words(client.get(page(kept, "projection_present")))
    for said in (
        "De base",
        "Three scenarios",
        "Un client part",
        "Loyer",
        "How it is worked out",
        "Break-even",
    ):
        assert said in text
    assert '<form method="post" action="/pay' not in text


def test_csv_and_xlsx_hold_every_month_and_foot(client, bea, kept):
    client.force_login(bea)
    answer = client.get(page(kept, "projection_csv"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    title, head, *lines = rows
    assert title[0] == "De base"
    assert title[-1].startswith("2026-11-23T")
    assert len(lines) == 3 * 13
    column = head.index("Salaried pay")
    expected = [line for line in lines if line[0] == "Expected"]
    assert sum(Decimal(line[column]) for line in expected[:-1]) == Decimal(expected[-1][column])
    assert expected[-1][head.index("Hébergement")] == "108000.00"
    assert [line[-1] for line in expected[:2]] == ["reviewed", "those of another year, as an assumption"]
    workbook = client.get(page(kept, "projection_xlsx"))
    assert workbook.content[:2] == b"PK"


def test_file_is_inert_whatever_the_title(client, ana):
    projection = keeping.keep(draft(ana, title="=HYPERLINK(1)"), by=ana)
    client.force_login(ana)
    assert b"\xef\xbb\xbf'=HYPERLINK" in client.get(page(projection, "projection_csv")).content


def test_adopted_projection_names_its_decision(client, ana, bea, kept):
    decision = make.decision(adopted_on=date(2026, 11, 23), title="Budget 2027")
    keeping.adopt_projection(kept, decision=decision, by=bea)
    client.force_login(bea)
    assert "Budget 2027" in words(client.get(page(kept)))
    read = client.get(LIST)
    assert read.context["kept"][0][2]
    assert "adopted" in words(read)


@pytest.mark.parametrize("power", [None, *Power])
def test_no_power_is_needed_and_none_opens_a_draft(client, ana, coop, power):
    someone = make.person("Zoé", powers=[power] if power else [])
    client.force_login(someone)
    assert client.post(START, NEW).status_code == 302
    assert client.get(page(draft(ana))).status_code == 404
