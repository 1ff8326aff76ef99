"""Pictures of the balance: where dots, names and lines stand."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from roles.plane import HEIGHT, LETTER, LINE, WIDTH, Place, lines, plane

BAND = Fraction(1, 4)


def test_the_mean_is_in_the_middle_and_the_band_around_it():
    one = plane([Place(1, "Ana", Fraction(1), Fraction(-1, 2))], BAND)
    assert one.centre == (WIDTH // 2, HEIGHT // 2)
    x, y, width, height = one.band
    assert (x + width // 2 - one.centre[0], y + height // 2 - one.centre[1]) in {(0, 0), (-1, 0)}
    assert one.dots[0].x > WIDTH // 2
    assert one.dots[0].y > HEIGHT // 2


def test_small_differences_look_small():
    assert plane([], BAND).across == plane([Place(1, "Ana", BAND, BAND)], BAND).across


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.fractions(-4, 4), st.fractions(-4, 4)), max_size=12))
def test_names_never_cover_one_another(points):
    dots = plane([Place(n, "Maude", *point) for n, point in enumerate(points)], BAND).dots
    boxes = []
    for dot in dots:
        start = dot.name_x - 5 * LETTER if dot.is_left else dot.name_x
        boxes.append((start, dot.name_y))
    for place, (x, y) in enumerate(boxes):
        for other_x, other_y in boxes[:place]:
            assert abs(y - other_y) >= LINE or abs(x - other_x) >= 5 * LETTER


def test_a_period_without_hours_breaks_the_line():
    series = [("d", [Fraction(1, 2), None, Fraction(-1, 4), Fraction(0)])]
    one = lines(["a", "b", "c", "d"], series, BAND)
    assert len(one.lines[0].dots) == 3
    assert len(one.lines[0].pieces) == 1
    assert one.rows[1] == ("b", [None])


def test_what_never_goes_below_the_mean_stands_on_the_floor():
    one = lines(["a"], [("d", [Fraction(1)])], BAND)
    assert one.floor == max(y for y, _mark in one.marks)
    assert lines(["a"], [("d", [None])], BAND).is_empty


def test_of_a_crowd_only_ones_own_name_is_written():
    crowd = [Place(n, f"P{n}", Fraction(n, 40), Fraction(0), is_own=n == 7) for n in range(40)]
    assert [dot.name for dot in plane(crowd, BAND).dots if dot.name] == ["P7"]
