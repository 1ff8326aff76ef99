"""What changes from one pay to the next, in sentences a coordinator reads before preparing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation

from payroll import comparison, opening, periods, profiles, runs
from tests import make
from tests.payroll import paid

pytestmark = pytest.mark.django_db

PERIOD, NEXT = paid.PERIOD, paid.next_period()
FULL = dict.fromkeys(["mon", "tue", "wed", "thu", "fri"], 7)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-12-21 15:00:00+00:00", tick=False), translation.override("en-ca"):
        yield


@pytest.fixture
def coop():
    return paid.coop(language="en-ca")


def said(first) -> list[str]:
    seen = runs.preview(periods.starting(first))
    return comparison.differences(seen, comparison.last_issued(seen))


def about(coop, first, words: str) -> list[str]:
    return [sentence for sentence in said(first) if words in sentence]


def test_first_pay_has_nothing_to_be_compared_with(coop):
    assert said(PERIOD) == ["This is the first pay: there is nothing to compare it with."]


def test_pay_is_compared_with_what_is_usual_for_each(coop):
    """Once somebody has three pays, their usual one is the median; a pay close to it is not mentioned."""
    starts = [PERIOD - timedelta(days=14 * back) for back in (3, 2, 1)]
    for start in starts:
        for person in (coop.ana, coop.bo):
            make.approved(person, starts_on=start, hours=FULL)
        coop.pay(start, has_documents=False)
    (sentence,) = about(coop, PERIOD, f"{coop.ana}:")
    assert "42\u00a0h instead of 35\u00a0h as usual" in sentence
    assert "$172.00 more" in sentence  # 5 h more, and 2 h at time and a half
    (sentence,) = about(coop, PERIOD, f"{coop.bo}:")
    assert "14\u00a0h\u00a030 instead of 35\u00a0h as usual, $440.75 less." in sentence
    coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=NEXT, hours=FULL | {"sat": 1})
    assert about(coop, NEXT, f"{coop.ana}:") == []


def test_newcomers_those_who_are_back_and_those_who_are_gone_are_named(coop):
    coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=NEXT, hours=FULL)
    newcomer = make.person("Zoé")
    make.approved(newcomer, starts_on=NEXT, hours={"mon": 4})
    found = said(NEXT)
    assert f"{newcomer} is paid for the first time: 4\u00a0h, $86.00." in found
    assert any(f"{coop.bo} had" in sentence and "is not on this one" in sentence for sentence in found)
    coop.pay(NEXT, has_documents=False)
    third = paid.next_period(2)
    make.approved(coop.bo, starts_on=third, hours={"mon": 4})
    assert any(f"{coop.bo} was not on the last pay" in sentence for sentence in said(third))


def test_new_rate_is_said_with_its_decision(coop):
    coop.pay(has_documents=False)
    make.rate("22.00", starts_on=NEXT)
    make.approved(coop.ana, starts_on=NEXT, hours=FULL)
    (sentence,) = about(coop, NEXT, "hourly rate")
    assert "$22.00 from 16 November 2026" in sentence
    assert "Taux horaire unique" in sentence


def test_deductions_that_begin_and_stop_are_said(coop):
    coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=NEXT, hours=FULL)
    profiles.declare_taxes(coop.ana, by=coop.ana, starts_on=NEXT, federal_exempt=True)
    (sentence,) = about(coop, NEXT, "Federal income tax")
    assert sentence == f"Federal income tax: withheld on the last pay and not on this one ({coop.ana})."
    coop.pay(NEXT, has_documents=False)
    third = paid.next_period(2)
    make.approved(coop.ana, starts_on=third, hours=FULL)
    profiles.declare_taxes(coop.ana, by=coop.ana, starts_on=third, federal_exempt=False)
    (sentence,) = about(coop, third, "Federal income tax")
    assert sentence == f"Federal income tax: withheld on this pay and not on the last one ({coop.ana})."


def test_yearly_maximums_are_said_when_reached_and_after(coop):
    opening.confirm(
        opening.enter(
            coop.ana,
            by=coop.preparer,
            through=date(2026, 11, 6),
            pays=22,
            gross=Decimal("68800.00"),
            amounts={("deduction", "ei"): Decimal("895.00")},
        ),
        by=coop.issuer,
    )
    reached = "Employment insurance: the year’s maximum is reached with this pay"
    assert any(sentence.startswith(reached) for sentence in said(PERIOD))
    coop.pay(has_documents=False)
    make.approved(coop.ana, starts_on=NEXT, hours=FULL)
    (sentence,) = about(coop, NEXT, "Employment insurance")
    assert "was reached, nothing more is withheld" in sentence


def test_maximum_of_the_year_of_18_is_that_of_its_months(coop):
    """Ten twelfths of 4,479.30 $ are 3,732.75 $."""
    lea = make.person("Léa", born_on=date(2008, 2, 14))
    make.approved(lea, starts_on=PERIOD, hours=FULL)
    entered = opening.enter(
        lea,
        by=coop.preparer,
        through=date(2026, 11, 6),
        pays=18,
        gross=Decimal("61000.00"),
        amounts={("deduction", "qpp"): Decimal("3730.00")},
    )
    opening.confirm(entered, by=coop.issuer)
    (sentence,) = about(coop, PERIOD, "maximum")
    assert "the year’s maximum is reached with this pay (Léa" in sentence


def test_many_names_are_cut(coop):
    names = [f"N{place}" for place in range(9)]
    assert comparison._names(names[:3]) == "N0, N1, N2"
    assert comparison._names(names) == "N0, N1, N2, N3, N4, N5 and 3 others"


def test_regular_pay_on_a_holiday_is_proposed_the_business_day_before(coop, client):
    """Christmas 2026 is a Friday: the calendar's pay date of that period."""
    make.cooperative(first_period_on=date(2026, 11, 9), pay_days_after=5)
    first = date(2026, 12, 7)
    make.approved(coop.ana, starts_on=first, hours=FULL)
    client.force_login(coop.preparer)
    address = f"/pay/runs/next/{first}/"
    page = client.get(address)
    assert "Christmas Day" in page.content.decode()
    asked = [question for topic in page.context["form"].topics for question in topic.questions]
    (proposed,) = [one.finding for one in asked if "pay_on" in one.finding.query]
    assert f'name="leave" value="{proposed.key}"' in page.content.decode()
    gone = client.post(address, {"because": "Vu.", "leave": proposed.key})
    assert gone.headers["Location"] == f"{address}?pay_on=2026-12-24"
    answer = client.get(f"{address}?pay_on=2026-12-24")
    assert "Christmas Day" not in answer.content.decode()
    assert answer.context["period"].pay_on == date(2026, 12, 24)
    for strange in ("2026-02-30", "abc", "2030-01-01", "%00"):
        assert client.get(f"{address}?pay_on={strange}").context["period"].pay_on == date(2026, 12, 25)
    client.post(
        f"{address}?pay_on=2026-12-24",
        {"because": "Vu.", "seen_digest": answer.context["seen"].digest},
    )
    run = runs.PayRun.objects.get()
    assert (run.pay_on, run.period.pay_on) == (date(2026, 12, 24), date(2026, 12, 24))
    run = runs.issue(run, by=coop.issuer, documents=False)
    assert run.stubs.get(person=coop.ana).facts["pay_on"] == "2026-12-24"
