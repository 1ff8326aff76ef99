"""What was planned beside what was lived."""

from fractions import Fraction

from roles.balance import Rating
from roles.lived import by_task, compare, expected_to_date

TASKS = {"a": Rating(Fraction(4), Fraction(2)), "b": Rating(Fraction(2), Fraction(5))}


def hours(**of):
    return {name: Fraction(amount) for name, amount in of.items()}


def test_as_planned_nothing_moved_whatever_the_number_of_hours():
    one = compare(hours(a=10, b=30), hours(a=5, b=15), TASKS)
    assert one.displacement == 0
    assert one.drift == {"d": 0, "e": 0}


def test_all_elsewhere():
    one = compare(hours(a=10), hours(b=8), TASKS)
    assert (one.displacement, one.unplanned, one.not_started) == (1, 8, ("a",))
    assert one.drift == {"d": -2, "e": 3}


def test_without_a_plan_or_without_hours_there_is_nothing_to_compare():
    assert compare({}, hours(a=8), TASKS).displacement is None
    assert compare({}, hours(a=8), TASKS).unplanned == 8
    empty = compare(hours(a=8), {}, TASKS)
    assert (empty.displacement, empty.drift, empty.not_started) == (None, None, ("a",))


def test_a_part_of_the_hours_moved():
    one = compare(hours(a=20, b=20), hours(a=30, b=10), TASKS)
    assert one.displacement == Fraction(1, 4)
    assert one.drift == {"d": Fraction(1, 2), "e": Fraction(-3, 4)}


def test_leave_takes_off_what_was_expected():
    assert expected_to_date(Fraction(130), Fraction(4), Fraction(13)) == 40
    assert expected_to_date(Fraction(130), Fraction(0), Fraction(0)) == 0


def test_each_task_has_its_coverage_and_its_people():
    planned = [("ana", "a", Fraction(10)), ("bob", "a", Fraction(10))]
    logged = [("ana", "a", Fraction(5)), ("cyd", "b", Fraction(3))]
    found = by_task(planned, logged)
    assert (found["a"].coverage, found["a"].people) == (Fraction(1, 4), 1)
    assert (found["b"].coverage, found["b"].people) == (None, 1)
