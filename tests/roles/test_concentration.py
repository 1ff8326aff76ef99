"""On how few people a role rests."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roles.concentration import concentration, only_ones


def hours(**of):
    return {name: Fraction(amount) for name, amount in of.items()}


def test_shares_effective_people_and_truck_factor():
    one = concentration(hours(ana=60, bob=30, cyd=10), autonomous=2)
    assert (one.top, one.top_share, one.truck_factor) == ("ana", Fraction(3, 5), 1)
    assert one.effective_people == 1 / Fraction(46, 100)
    assert not one.is_single_point_of_failure


def test_half_of_the_hours_is_not_more_than_half():
    assert concentration(hours(ana=30, bob=30)).truck_factor == 2


@pytest.mark.parametrize(
    ("of", "autonomous", "fails"),
    [
        ({"ana": 81, "bob": 19}, 3, True),
        ({"ana": 80, "bob": 20}, 3, False),
        ({"ana": 50, "bob": 50}, 1, True),
        ({"ana": 50, "bob": 50}, 0, True),
        ({"ana": 50, "bob": 50}, None, False),
        ({"ana": 50}, None, True),
    ],
)
def test_one_absence_stops_the_role(of, autonomous, fails):
    assert concentration(hours(**of), autonomous=autonomous).is_single_point_of_failure is fails


def test_an_empty_role_has_no_index_and_is_said_when_there_is_work_in_it():
    one = concentration(hours(ana=0), autonomous=0)
    assert (one.top_share, one.effective_people, one.truck_factor) == (None, None, None)
    assert one.is_left_undone
    assert one.is_single_point_of_failure
    unwanted = concentration({}, autonomous=0, is_wanted=False)
    assert not unwanted.is_left_undone
    assert not unwanted.is_single_point_of_failure


def test_who_is_the_only_one_in_how_many_roles():
    assert only_ones([["ana"], ["ana", "bob"], ["ana"], []]) == {"ana": 2}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=9))
def test_effective_people_lie_between_one_and_their_number(amounts):
    one = concentration({place: Fraction(amount, 4) for place, amount in enumerate(amounts)})
    assert 1 <= one.effective_people <= len(amounts)
    assert 1 <= one.truck_factor <= len(amounts)
    assert one.top_share * one.truck_factor > Fraction(1, 2)
