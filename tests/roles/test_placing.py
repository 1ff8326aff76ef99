"""A task placed on the scale by comparing: few answers, always on the scale, true to what was answered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roles.placing import Answer, Place, place

LADDER = [(f"rated {points}", points) for points in range(1, 6)]


def asked(rated, answer):
    """Where a task ends up, and after how many answers, when `answer` says what stands beside a task."""
    found, count = Place(), 0
    while beside := found.beside(rated, count):
        found = found.after(answer(beside[1]), beside[1])
        count += 1
        assert count < 8
    return found, count


def true_to(points):
    return lambda other: Answer.SAME if points == other else Answer.MORE if points > other else Answer.LESS


@pytest.mark.parametrize("points", range(1, 6))
@pytest.mark.parametrize("kept", range(1, 32))
def test_at_most_three_answers_leave_the_place_of_the_task(points, kept):
    rated = [one for one in LADDER if kept >> one[1] - 1 & 1]
    found, count = asked(rated, true_to(points))
    assert found.low <= points <= found.high
    assert count <= 3
    if len(rated) == 5:
        assert found.points == points


def test_beyond_the_ends_of_the_scale_is_its_end():
    assert asked(LADDER, lambda _points: Answer.MORE)[0].points == 5
    assert asked(LADDER, lambda _points: Answer.LESS)[0].points == 1


def test_no_opinion_is_no_vote_and_never_a_three():
    found, count = asked(LADDER, lambda _points: Answer.NONE)
    assert (found.points, found.is_found, count) == (None, True, 1)


def test_with_nothing_rated_the_whole_scale_is_left():
    assert asked([], true_to(4)) == (Place(1, 5), 0)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 5), max_size=8), st.lists(st.sampled_from(Answer), min_size=8, max_size=8))
def test_whatever_is_answered_ends_on_the_scale(votes, answers):
    waiting = iter(answers)
    found, _count = asked(list(enumerate(votes)), lambda _points: next(waiting))
    assert 1 <= found.low <= found.high <= 5


@pytest.mark.parametrize("one", [Place(), Place(4, 5), Place(2, 2), Place(is_silent=True)])
def test_a_place_travels_in_a_form(one):
    assert place(str(one)).points == one.points
    assert place(str(one)).is_found == one.is_found


@pytest.mark.parametrize("text", ["0-5", "4-3", "1-6", "x", "1-2-3", "-"])
def test_what_is_no_place_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        place(text)
