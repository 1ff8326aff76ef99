"""A surplus shared by hours: to the cent, by members' approved hours, others' hours shown to nobody."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from members import paths
from members.models import Membership, Power
from payroll.patronage import shared_out
from tests import make
from timesheets import hours

CENT = Decimal("0.01")


@given(
    cents=st.integers(0, 10**9),
    minutes=st.dictionaries(st.integers(1, 50), st.integers(1, 10**6), min_size=1, max_size=20),
)
def test_shares_add_up_and_none_is_a_cent_away_from_its_own(cents, minutes):
    amount = Decimal(cents) / 100
    shares = shared_out(amount, minutes)
    whole = sum(minutes.values())
    assert sum(shares.values()) == amount
    for key, share in shares.items():
        assert abs(share * whole - amount * minutes[key]) < CENT * whole
    for one in minutes:
        for other in minutes:
            if minutes[one] > minutes[other]:
                assert shares[one] >= shares[other]


def test_cents_that_are_left_go_to_the_largest_remainders():
    assert shared_out(Decimal("100.00"), {1: 1, 2: 1, 3: 1}) == {
        1: Decimal("33.34"),
        2: Decimal("33.33"),
        3: Decimal("33.33"),
    }
    # 0,714…, 1,428… and 2,857… cents: the third, then the first.
    assert shared_out(Decimal("0.05"), {1: 1, 2: 2, 3: 4}) == {
        1: Decimal("0.01"),
        2: Decimal("0.01"),
        3: Decimal("0.03"),
    }
    assert shared_out(Decimal("1.00"), {}) == {}


@pytest.mark.parametrize(
    ("amount", "minutes"), [("0.005", {1: 1}), ("-1", {1: 1}), ("1", {1: 0}), ("1", {1: 5, 2: -5})]
)
def test_what_cannot_be_shared_is_refused(amount, minutes):
    with pytest.raises(ValueError, match=r"whole cents|has minutes"):
        shared_out(Decimal(amount), minutes)


@pytest.fixture
def coop():
    """Ana and Bo (freelance) members all year; Cleo from Wednesday 4 November; Dan works and is none."""
    with time_machine.travel("2026-11-20T15:00:00Z"):
        make.cooperative()
        by = make.person("Comité", kind=None, powers=[Power.APPROVE_HOURS])
        people = {
            "ana": make.member("Ana", language="en-ca"),
            "bo": make.member("Bo", kind="freelance"),
            "cleo": make.member("Cleo", member_since=date(2026, 11, 4)),
            "dan": make.person("Dan", language="en-ca"),
        }
        week = {"mon": 7, "tue": 7, "wed": 7, "thu": 7, "fri": 7}
        for person in people.values():
            make.approved(person, hours=week, by=by)
        make.approved(people["ana"], starts_on=date(2025, 11, 3), hours=week, by=by)
        yield people


@pytest.mark.django_db
def test_hours_are_those_of_members_on_the_days_they_were(coop):
    found = hours.minutes_of_members(date(2026, 1, 1), date(2026, 12, 31))
    assert found == {coop["ana"].pk: 2100, coop["bo"].pk: 2100, coop["cleo"].pk: 1260}


@pytest.mark.django_db
def test_everyone_reads_the_sum_and_their_own_share(client, coop):
    def page(reader, **query) -> str:
        client.force_login(reader)
        answer = client.get(reverse("payroll:patronage"), query)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().replace("\u00a0", " ").split())

    asked = {"amount": "1 000", "year": "2026"}
    mine = page(coop["ana"], **asked)
    assert "91 h" in mine  # 35 + 35 + 21
    assert "$384.62" in mine  # 1000 × 35 / 91 = 384,615…
    assert "$10.99" in mine
    assert "$230.77" not in mine, "another's share"
    assert "You have no approved hours as a member in 2026." in page(coop["dan"], **asked)
    few = page(coop["ana"], amount="1000", year="2025")
    assert "Fewer than three members" in few
    assert "$1,000.00" not in few
    for wrong in ({"amount": "1e3"}, {"amount": "-5"}, {"amount": "5", "year": "1999"}, {"amount": ""}):
        assert "form-errors" in page(coop["ana"], **{"year": "2026"} | wrong) or "errorlist" in page(
            coop["ana"], **{"year": "2026"} | wrong
        )


@pytest.mark.django_db
def test_who_left_still_shares_what_they_worked(coop):
    cleo = coop["cleo"]
    paths.end_membership(cleo.memberships.get(), by=cleo, ends_on=date(2026, 11, 20))
    assert cleo.pk in hours.minutes_of_members(date(2026, 1, 1), date(2026, 12, 31))
    Membership.objects.filter(person=cleo).update(ends_on=date(2026, 11, 4))
    assert hours.minutes_of_members(date(2026, 1, 1), date(2026, 12, 31))[cleo.pk] == 420
