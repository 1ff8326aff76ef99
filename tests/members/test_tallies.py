"""What the answers of a body come to: the rule of each way to decide, worked by hand, and what always holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.tallies import Choice, Count, Method, Result, Rule, Threshold, needed, result

ADOPTED, REFUSED, NO_QUORUM = Result.ADOPTED, Result.REFUSED, Result.NO_QUORUM
counts = st.builds(Count, *[st.integers(0, 12)] * 4)
rules = st.builds(Rule, st.sampled_from(Method), st.integers(0, 100), st.sampled_from(Threshold))


@pytest.mark.parametrize(
    ("electors", "percent", "people"),
    [(10, 50, 5), (9, 50, 5), (10, 0, 1), (3, 67, 3), (7, 100, 7), (0, 50, 1)],
)
def test_quorum_is_whole_people(electors, percent, people):
    assert needed(Rule(Method.VOTE, percent, Threshold.MAJORITY), electors) == people


@pytest.mark.parametrize(
    ("threshold", "agree", "disagree", "expected"),
    [
        ("majority", 5, 5, REFUSED),
        ("majority", 6, 5, ADOPTED),
        ("two_thirds", 6, 3, ADOPTED),
        ("two_thirds", 66, 34, REFUSED),
        ("three_quarters", 9, 3, ADOPTED),
        ("three_quarters", 8, 3, REFUSED),
        ("everyone", 9, 0, ADOPTED),
        ("everyone", 9, 1, REFUSED),
    ],
)
def test_vote_compares_for_with_against(threshold, agree, disagree, expected):
    rule = Rule(Method.VOTE, 0, Threshold(threshold))
    assert result(rule, Count(agree=agree, disagree=disagree), 100) is expected


def test_abstentions_make_the_quorum_and_decide_nothing():
    rule = Rule(Method.VOTE, 50, Threshold.MAJORITY)
    assert result(rule, Count(agree=2, disagree=1, abstain=2), 10) is ADOPTED
    assert result(rule, Count(agree=3, disagree=1), 10) is NO_QUORUM
    assert result(rule, Count(abstain=10), 10) is REFUSED


def test_one_objection_stops_a_consent():
    rule = Rule(Method.CONSENT, 50, Threshold.MAJORITY)
    assert result(rule, Count(agree=9, disagree=1), 10) is REFUSED
    assert result(rule, Count(agree=1, stand_aside=4), 10) is ADOPTED


def test_consensus_is_not_what_most_stand_aside_from():
    rule = Rule(Method.CONSENSUS, 50, Threshold.MAJORITY)
    assert result(rule, Count(agree=3, stand_aside=2), 5) is ADOPTED
    assert result(rule, Count(agree=2, stand_aside=3), 5) is REFUSED
    assert result(rule, Count(agree=4, disagree=1), 5) is REFUSED


def test_only_an_objection_needs_a_reason():
    asked = {(method, choice) for method in Method for choice in Choice if _rule(method).needs_reason(choice)}
    assert asked == {(Method.CONSENT, Choice.DISAGREE), (Method.CONSENSUS, Choice.DISAGREE)}


def test_nobody_stands_aside_in_a_vote():
    assert Choice.STAND_ASIDE not in _rule(Method.VOTE).choices


def _rule(method):
    return Rule(method, 50, Threshold.MAJORITY)


@given(rules, counts, st.integers(0, 60))
def test_too_few_is_never_a_decision_and_one_more_for_never_undoes_it(rule, count, electors):
    said = result(rule, count, electors)
    assert (said is NO_QUORUM) == (count.answered < needed(rule, electors))
    if said is ADOPTED:
        more = Count(count.agree + 1, count.stand_aside, count.abstain, count.disagree)
        assert result(rule, more, electors) is ADOPTED


@given(counts)
def test_thresholds_go_from_easy_to_hard(count):
    harder = [Rule(Method.VOTE, 0, threshold) for threshold in Threshold]
    adopted = [result(rule, count, 48) is ADOPTED for rule in harder]
    assert adopted == sorted(adopted, reverse=True)
