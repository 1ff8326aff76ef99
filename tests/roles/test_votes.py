"""What votes become, and what nobody can read back from it."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roles.votes import aggregate, gap, mean_of

quick = settings(max_examples=60, deadline=None)
points = st.integers(1, 5)
means = st.fractions(1, 5, max_denominator=20)


def test_from_five_votes_one_lowest_and_one_highest_are_left_out():
    one = aggregate([1, 4, 4, 5, 4, 4], Fraction(3))
    assert one.value == one.used == Fraction(22, 6)  # (4 × 4 + 2 × 3) / 6
    assert one.moves == (Fraction(18, 5), Fraction(18, 5))
    assert one.is_shown
    assert round(one.spread, 4) == 1.2472


def test_four_votes_are_all_kept_and_their_spread_is_not_shown():
    one = aggregate([1, 4, 4, 5], Fraction(3))
    assert one.value == Fraction(20, 6)
    assert one.spread is None


@pytest.mark.parametrize("votes", [[], [5], [5, 5], [1, 2]])
def test_below_three_votes_the_mean_of_the_co_op_stands_in(votes):
    one = aggregate(votes, Fraction(13, 4))
    assert one.used == Fraction(13, 4)
    assert not one.is_shown
    assert one.moves is None


def test_without_any_vote_the_mean_is_the_middle_of_the_scale():
    assert mean_of([]) == 3
    assert mean_of([1, 2]) == Fraction(3, 2)


def test_the_gap_of_holders_needs_three_votes_on_each_side():
    assert gap([5, 5, 4], [2, 3, 2]) == Fraction(7, 3)
    assert gap([5, 5], [2, 3, 2]) is None
    assert gap([5, 5, 4], [2, 3]) is None


@quick
@given(st.lists(points, max_size=12), means)
def test_what_is_used_stays_on_the_scale_between_the_votes_and_the_mean(votes, mean):
    one = aggregate(votes, mean)
    assert min([mean, *votes]) <= one.used <= max([mean, *votes])
    assert 1 <= one.used <= 5


@quick
@given(st.lists(points, max_size=2), st.lists(points, max_size=2), means)
def test_two_votes_change_nothing_that_others_see(votes, others, mean):
    assert aggregate(votes, mean).used == aggregate(others, mean).used


@quick
@given(st.lists(points, min_size=3, max_size=12), means, st.randoms(use_true_random=False))
def test_who_voted_first_changes_nothing(votes, mean, dice):
    other = votes.copy()
    dice.shuffle(other)
    assert aggregate(votes, mean) == aggregate(other, mean)


@quick
@given(st.lists(points, min_size=5, max_size=12), means)
def test_one_person_alone_moves_nothing_by_voting_further_out(votes, mean):
    """The highest vote is left out: making it higher still is in vain."""
    ordered = sorted(votes)
    assert aggregate(ordered, mean).value == aggregate([*ordered[:-1], 5], mean).value


@quick
@given(st.lists(points, min_size=3, max_size=12), means)
def test_no_vote_taken_away_leaves_the_range_that_is_said(votes, mean):
    one = aggregate(votes, mean)
    for place in range(len(votes)):
        without = aggregate(votes[:place] + votes[place + 1 :], mean)
        assert one.moves[0] <= without.value <= one.moves[1]
