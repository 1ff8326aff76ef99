"""Who could act in the days to come, seats with a length and a limit, lots that can be drawn again."""

import random
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from koumbit.refusals import Refused
from members import governance, holding
from members.holding import Held
from members.models import Committee, JournalEntry, Mandate, Power
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def keeper():
    make.cooperative()
    return make.person("Keeper", language="en-ca", powers=list(Power))


def everybody(*people: int) -> list[Held]:
    return [Held(person, power, date(2020, 1, 1), date.max) for person in people for power in Power]


def short(known) -> dict:
    return {gap.powers: (gap.day, gap.left) for gap in holding.gaps(known, TODAY)}


# The days to come ----------------------------------------------------------------------------------


def test_two_people_with_every_power_lack_nothing():
    assert short(everybody(1, 2)) == {}


def test_one_person_cannot_approve_their_own_hours_nor_issue_what_they_prepared():
    assert short(everybody(1)) == {
        (Power.APPROVE_HOURS,): (TODAY, 1),
        (Power.PREPARE_PAY, Power.ISSUE_PAY): (TODAY, 1),
    }


def test_a_mandate_that_ends_is_seen_ninety_days_ahead_and_not_before():
    last = TODAY + timedelta(days=40)
    known = [
        held._replace(last=last) if held.person == 2 and held.power == Power.APPROVE_HOURS else held
        for held in everybody(1, 2)
    ]
    assert short(known) == {(Power.APPROVE_HOURS,): (last + timedelta(days=1), 1)}
    assert holding.gaps(known, TODAY, within=timedelta(days=30)) == []


def test_nobody_left_is_said_once():
    known = [held for held in everybody(1, 2) if held.power != Power.ISSUE_PAY]
    assert short(known) == {(Power.ISSUE_PAY,): (TODAY, 0)}


def test_the_database_knows_committee_power_and_mandate(keeper):
    other = make.person("Other", powers=[Power.ISSUE_PAY, Power.PREPARE_PAY, Power.APPROVE_HOURS])
    assert holding.gaps(holding.held(TODAY), TODAY) == []
    committee = other.mandates.get().committee
    committee.powers.filter(power=Power.APPROVE_HOURS).update(ends_on=date(2026, 12, 31))
    Committee.objects.filter(pk=committee.pk).update(ends_on=date(2027, 1, 15))
    assert short(holding.held(TODAY)) == {
        (Power.APPROVE_HOURS,): (date(2027, 1, 1), 1),
        (Power.PREPARE_PAY, Power.ISSUE_PAY): (date(2027, 1, 16), 1),
    }


def test_a_closed_account_holds_nothing(keeper):
    keeper.closed_at = "2026-11-01T00:00:00Z"
    keeper.save()
    assert holding.held(TODAY) == []


def test_home_and_committees_say_it_to_who_can_do_something(client, keeper):
    said = "1 person alone could use the power “approve hours”: it takes 2."
    client.force_login(keeper)
    for name in ("home", "members:committees"):
        assert said in client.get(reverse(name)).content.decode()
    client.force_login(make.person("Ana", language="en-ca"))
    assert said not in client.get(reverse("home")).content.decode()


# Seats, lengths, limits ----------------------------------------------------------------------------


def test_a_mandate_lasts_as_long_as_the_committee_says(keeper):
    body = governance.create_committee(by=keeper, name="Paie", starts_on=make.LONG_AGO, term_months=12)
    mandate = governance.give_mandate(body, make.person(), by=keeper, starts_on=TODAY, filled_by="elected")
    assert mandate.ends_on == date(2027, 11, 19)
    with pytest.raises(Refused):
        governance.give_mandate(body, make.person(), by=keeper, starts_on=TODAY, ends_on=date(2027, 11, 20))
    with pytest.raises(IntegrityError, match="has a length"), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(ends_on=None)
    governance.end_mandate(mandate, by=keeper, ends_on=date(2027, 1, 1))


def test_somebody_else_sits_after_so_many_mandates_in_a_row(keeper):
    body = governance.create_committee(
        by=keeper, name="Paie", starts_on=make.LONG_AGO, term_months=12, max_consecutive_terms=2
    )
    ana = make.person()
    for year in (2021, 2022):
        governance.give_mandate(body, ana, by=keeper, starts_on=date(year, 1, 1))
    with pytest.raises(Refused):
        governance.give_mandate(body, ana, by=keeper, starts_on=date(2023, 1, 1))
    governance.give_mandate(body, ana, by=keeper, starts_on=date(2024, 1, 2))


def test_a_limit_goes_with_a_length(keeper):
    with pytest.raises(ValidationError):
        governance.create_committee(by=keeper, name="Paie", starts_on=TODAY, max_consecutive_terms=2)


def test_lots_can_be_drawn_again_by_anybody(keeper):
    body = make.committee(name="Paie")
    people = [make.person() for _number in range(5)]
    given = governance.draw_lots(body, by=keeper, among=reversed(people), count=2, starts_on=TODAY)
    line = JournalEntry.objects.get(event="members.lots_drawn").body
    again = random.Random(line["seed"]).sample(line["among"], 2)
    assert [one.person_id for one in given] == again == line["drawn"]
    assert {one.filled_by for one in given} == {"drawn"}


def test_whoever_draws_is_not_drawn(keeper):
    body = make.committee()
    with pytest.raises(governance.GivenToOneself):
        governance.draw_lots(body, by=keeper, among=[keeper, make.person()], count=1, starts_on=TODAY)
    with pytest.raises(governance.TooFewToDraw):
        governance.draw_lots(body, by=keeper, among=[make.person()], count=2, starts_on=TODAY)


def test_page_of_a_committee_says_what_is_vacant_and_how_many_decide(client, keeper):
    body = make.committee(name="Paie")
    Committee.objects.filter(pk=body.pk).update(seats=3, term_months=12, max_consecutive_terms=2)
    governance.give_mandate(body, make.person(), by=keeper, starts_on=TODAY, ends_on=date(2026, 12, 15))
    client.force_login(keeper)
    told = client.get(reverse("members:committee", args=[body.pk])).content.decode()
    for words in ("2 of 3 seats are vacant", "(1 person of 1)", "2 in a row at most", "to be renewed"):
        assert words in told
    answer = client.post(
        reverse("members:lots_draw", args=[body.pk]),
        {"among": [make.person("Zoé").pk], "count": 1, "starts_on": "2026-11-20"},
    )
    assert answer.status_code == 302
    rule = {"method": "vote", "quorum_percent": "60", "threshold": "two_thirds", "starts_on": "2026-11-20"}
    assert client.post(reverse("members:rule_set", args=[body.pk]), rule).status_code == 302
    assert governance.rule_of(body, TODAY).threshold == "two_thirds"
