"""Member shares: what is subscribed, paid and refunded holds to the cent; nothing of it for a non-profit."""

import io
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from koumbit.refusals import Refused
from members import acts, adopting, governance, shares, steps
from members.models import Committee, Cooperative, Decision, JournalEntry, ListItem, Power, ShareEntry
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def coop():
    return make.cooperative(share_value=Decimal("10.00"), shares_to_hold=20)


@pytest.fixture
def keeper(coop):
    return make.person("Keeper", language="en-ca", powers=[Power.PREPARE_PAY, Power.ISSUE_PAY])


@pytest.fixture
def ana(coop):
    return make.member("Ana", language="en-ca", family_name="Émond")


def held(person) -> tuple:
    one = shares.holding_of(person, Cooperative.objects.get())
    return one.shares, one.paid, one.left_to_pay


def test_shares_are_subscribed_paid_by_parts_and_refunded_at_departure(keeper, ana, coop):
    shares.subscribe(ana, by=keeper, on=TODAY, shares=20)
    assert held(ana) == (20, Decimal(0), Decimal("200.00"))
    for amount in ("50.00", "33.33"):
        shares.pay(ana, by=keeper, on=TODAY, amount=Decimal(amount))
    assert held(ana) == (20, Decimal("83.33"), Decimal("116.67"))
    assert shares.holding_of(ana, coop).fully_paid == 8
    shares.subscribe(make.member("Bob"), by=keeper, on=TODAY, shares=5)
    assert shares.capital(coop) == shares.Capital(2, 25, Decimal("83.33"), Decimal("166.67"))
    decision = make.decision(recorded_by=make.person("Sacha"))
    shares.refund(ana, by=keeper, on=TODAY, shares=20, amount=Decimal("83.33"), decision=decision)
    assert held(ana) == (0, Decimal(0), Decimal(0))
    assert [person for person, _holding in shares.holdings(coop)] != [ana]
    bodies = [entry.body for entry in JournalEntry.objects.filter(event__startswith="members.shares")]
    assert len(bodies) == 5
    assert "83.33" not in str(bodies)


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        ("paid", {"amount": Decimal("100.01")}, "worth"),
        ("refunded", {"shares": 11, "amount": Decimal(0)}, "held"),
        ("refunded", {"shares": 0, "amount": Decimal("60.01")}, "paid"),
        ("refunded", {"shares": 5, "amount": Decimal(0)}, "worth"),
    ],
)
def test_database_refuses_what_does_not_hold(keeper, ana, kind, fields, sentence):
    """Ten shares at 10 $, 60 $ paid."""
    shares.subscribe(ana, by=keeper, on=TODAY, shares=10)
    shares.pay(ana, by=keeper, on=TODAY, amount=Decimal("60.00"))
    decision = make.decision(recorded_by=make.person("Sacha"))
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        ShareEntry.objects.create(person=ana, kind=kind, on=TODAY, decision=decision, **fields)
    assert held(ana) == (10, Decimal("60.00"), Decimal("40.00"))


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "subscribed", "shares": 0},
        {"kind": "subscribed", "shares": 5, "amount": Decimal(1)},
        {"kind": "paid", "amount": Decimal(-1)},
        {"kind": "paid", "shares": 1, "amount": Decimal(1)},
        {"kind": "refunded", "shares": 0, "amount": Decimal(0)},
    ],
)
def test_an_entry_says_what_it_is(keeper, ana, fields):
    shares.subscribe(ana, by=keeper, on=TODAY, shares=10)
    with pytest.raises(IntegrityError, match="members_share"), transaction.atomic():
        ShareEntry.objects.create(person=ana, on=TODAY, decision=make.decision(), **fields)


def test_an_entry_stays_and_is_reversed_once(keeper, ana):
    entry = shares.subscribe(ana, by=keeper, on=TODAY, shares=200)
    for change in (lambda: ShareEntry.objects.update(shares=20), lambda: ShareEntry.objects.all().delete()):
        with pytest.raises(IntegrityError, match="members_shareentry_is_final"), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="with the other sign"), transaction.atomic():
        ShareEntry.objects.create(person=ana, kind="subscribed", on=TODAY, shares=-199, reverses=entry)
    mirror = shares.reverse(entry, by=keeper)
    assert held(ana) == (0, Decimal(0), Decimal(0))
    for again in (entry, mirror):
        with pytest.raises(shares.IsReversed):
            shares.reverse(again, by=keeper)


def test_who_may_and_who_may_not(keeper, ana):
    preparer, issuer = (
        make.member(name, powers=[power])
        for name, power in (("Paule", Power.PREPARE_PAY), ("Irène", Power.ISSUE_PAY))
    )
    with pytest.raises(Refused):
        shares.subscribe(ana, by=issuer, on=TODAY, shares=1)
    with pytest.raises(shares.NotOnesOwn):
        shares.subscribe(preparer, by=preparer, on=TODAY, shares=1)
    with pytest.raises(IntegrityError, match="members_shares_recorded_by_another"), transaction.atomic():
        ShareEntry.objects.create(person=ana, kind="subscribed", on=TODAY, shares=1, recorded_by=ana)
    with pytest.raises(shares.NotAMember):
        shares.subscribe(make.person("Bob"), by=preparer, on=TODAY, shares=1)
    with pytest.raises(shares.ToCome):
        shares.subscribe(ana, by=preparer, on=date(2026, 11, 21), shares=1)
    shares.subscribe(ana, by=preparer, on=TODAY, shares=1)
    with pytest.raises(Refused):
        shares.reverse(ShareEntry.objects.get(), by=preparer)
    for decision in (None, make.decision(recorded_by=issuer), make.decision()):
        with pytest.raises(shares.RefundIsDecided):
            shares.refund(ana, by=issuer, on=TODAY, shares=1, amount=Decimal(0), decision=decision)


def test_a_decision_refunds_on_its_day(keeper, ana):
    shares.subscribe(ana, by=keeper, on=TODAY, shares=5)
    body = make.committee([Power.ISSUE_PAY])
    for name in ("Cleo", "Dan"):
        make.Mandate.objects.create(committee=body, person=make.person(name), starts_on=make.LONG_AGO)
    cleo, dan = (seat.person for seat in body.mandates.order_by("pk"))
    decision = governance.record_decision(
        body,
        by=cleo,
        adopted_on=TODAY,
        effective_on=date(2026, 12, 1),
        title="T",
        text="T",
        act="members.refund_shares",
        fields={"person": str(ana.pk), "shares": "5", "amount": "0"},
    )
    adopting.confirm(decision, by=dan)
    assert held(ana)[0] == 5
    with time_machine.travel("2026-12-01T15:00:00Z"):
        adopting.carry_out_those_due(date(2026, 12, 1))
    refunded = ShareEntry.objects.get(kind="refunded")
    assert (held(ana)[0], refunded.decision, refunded.recorded_by) == (0, decision, None)


def test_the_value_of_a_share_stays_once_some_are_subscribed(keeper, ana):
    clerk = make.person("Clerk", powers=[Power.KEEP_COMMITTEES])
    governance.change_cooperative(by=clerk, share_value=Decimal("25.00"))
    shares.subscribe(ana, by=keeper, on=TODAY, shares=2)
    for change in ({"share_value": Decimal("10.00")}, {"legal_form": "non_profit"}):
        with pytest.raises(Refused):
            governance.change_cooperative(by=clerk, **change)
    shares.reverse(ShareEntry.objects.get(), by=keeper)
    governance.change_cooperative(by=clerk, legal_form="non_profit")


def test_a_non_profit_hears_nothing_of_shares(client, keeper, ana):
    Cooperative.objects.update(legal_form="non_profit")
    client.force_login(keeper)
    for name, args in (("members:shares", []), ("members:share_ledger", [ana.pk]), ("payroll:patronage", [])):
        assert client.get(reverse(name, args=args)).status_code == 404
    assert "/members/shares/" not in client.get(reverse("members:register")).content.decode()
    with pytest.raises(shares.NoShares):
        shares.subscribe(ana, by=keeper, on=TODAY, shares=1)
    with pytest.raises(IntegrityError, match="members_shares_hold"), transaction.atomic():
        ShareEntry.objects.create(person=ana, kind="subscribed", on=TODAY, shares=1)
    assert "members.refund_shares" not in {one.code for one in acts.offered()}
    steps.write_usual_lists()
    assert not ListItem.objects.filter(known="members.shares_refunded").exists()


def test_a_share_without_a_value_is_none(keeper, ana):
    Cooperative.objects.update(share_value=None)
    with pytest.raises(shares.NoShares):
        shares.subscribe(ana, by=keeper, on=TODAY, shares=1)


# On screen -----------------------------------------------------------------------------------------


def words(answer) -> str:
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def test_shares_are_kept_on_screen(client, keeper, ana):
    client.force_login(keeper)
    Decision.objects.create(
        body=Committee.objects.first(),
        adopted_on=TODAY,
        effective_on=TODAY,
        title="Remboursement",
        text="T",
        recorded_by=ana,
    )
    decision = Decision.objects.get()
    for name, data in (
        ("share_subscribe", {"on": "2026-11-20", "shares": "20"}),
        ("share_pay", {"on": "2026-11-20", "amount": "200", "reference": "Chèque 12"}),
        (
            "share_refund",
            {"on": "2026-11-20", "shares": "5", "amount": "50.00", "decision": decision.pk},
        ),
    ):
        page = words(client.post(reverse(f"members:{name}", args=[ana.pk]), data, follow=True))
        assert "It is written in the ledger." in page, page
    assert "$150.00" in page
    assert "Chèque 12" in page
    refund = ShareEntry.objects.get(kind="refunded")
    page = words(client.post(reverse("members:share_reverse", args=[refund.pk]), {"x": ""}, follow=True))
    assert "reverses the entry of 20 November 2026" in page
    capital = words(client.get(reverse("members:shares")))
    assert "Émond" in capital


def test_what_one_holds_is_read_by_few_and_the_capital_by_all(client, keeper, ana):
    shares.subscribe(ana, by=keeper, on=TODAY, shares=7)
    bob = make.member("Bob", language="en-ca")
    client.force_login(bob)
    assert client.get(reverse("members:share_ledger", args=[ana.pk])).status_code == 404
    assert client.get(reverse("members:share_certificate", args=[ana.pk])).status_code == 404
    page = words(client.get(reverse("members:shares")))
    assert "Émond" not in page
    assert "$70.00" in page
    client.force_login(ana)
    assert "7" in words(client.get(reverse("members:share_ledger", args=[ana.pk])))
    assert client.get(reverse("members:share_subscribe", args=[ana.pk])).status_code == 403


@pytest.mark.pdf
def test_a_certificate_says_what_the_ledger_says(client, keeper, ana):
    client.force_login(ana)
    url = reverse("members:share_certificate", args=[ana.pk])
    assert client.get(url).status_code == 404
    shares.subscribe(ana, by=keeper, on=TODAY, shares=7)
    shares.pay(ana, by=keeper, on=TODAY, amount=Decimal("45.00"))
    answer = client.get(url)
    assert answer.headers["Content-Type"] == "application/pdf"
    text = " ".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    assert "holds 7 member shares" in text
    assert "$45.00" in text
    assert "Fully paid 4" in text
    assert f"No. {ana.pk}-{ShareEntry.objects.last().pk}" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_shares_cost_the_same_with_one_row_and_three(client, keeper, rows, django_assert_num_queries):
    for number in range(rows):
        shares.subscribe(make.member(f"M{number}"), by=keeper, on=TODAY, shares=1)
    client.force_login(keeper)
    client.get(reverse("members:shares"))
    with django_assert_num_queries(8):
        client.get(reverse("members:shares"))
