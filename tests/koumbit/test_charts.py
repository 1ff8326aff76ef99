"""Curves drawn by the server: within the drawing, on a scale of round amounts, whatever the amounts."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from koumbit.charts import HEIGHT, WIDTH, Curve, curves

AMOUNTS = st.lists(st.decimals(-(10**7), 10**7, places=2), min_size=1, max_size=24)


@given(AMOUNTS, st.booleans(), st.booleans())
def test_curves_stay_within_their_drawing(amounts, is_stepped, with_zero):
    curve = Curve("solde", list(enumerate(amounts)), is_stepped)
    picture = curves([curve], first=0, last=len(amounts), ticks=[(0, "0")], with_zero=with_zero)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in picture.curves[0].marks)
    marks = [mark for _y, mark in picture.scale]
    assert marks[0] <= min(amounts)
    assert max(amounts) <= marks[-1]
    assert 2 <= len(marks) <= 8
    assert [y for y, _mark in picture.scale] == sorted((y for y, _mark in picture.scale), reverse=True)
    if with_zero and min(amounts) < 0 < max(amounts):
        assert picture.zero == next(y for y, mark in picture.scale if mark == 0)


def test_stepped_curve_holds_each_amount_until_the_next():
    picture = curves(
        [Curve("taux", [(0, Decimal(20)), (5, Decimal(22)), (10, Decimal(22))], is_stepped=True)],
        first=0,
        last=10,
        ticks=[],
    )
    (x0, y0), (x1, y1), (x2, y2) = picture.curves[0].marks
    assert picture.curves[0].path == f"M{x0} {y0}H{x1}V{y1}H{x2}V{y2}"
    assert y1 == y2 < y0


def test_higher_amount_is_higher_on_the_page():
    picture = curves([Curve("a", [(0, Decimal(1)), (1, Decimal(2))])], first=0, last=1, ticks=[])
    (_x0, low), (_x1, high) = picture.curves[0].marks
    assert high < low


def test_picture_without_points_is_empty():
    assert curves([Curve("rien", [])], first=0, last=1, ticks=[]).is_empty
