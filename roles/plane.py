"""Pictures of the balance: people on two axes, and deviations over periods. Geometry only, in whole units.

Plain Python. The table that stands beside a picture says the same in figures.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

WIDTH, HEIGHT = 480, 400
LEFT, TOP = 40, 26
#: A point on either side of the mean is always shown, so that small differences look small.
LEAST = Fraction(1)
#: With more people than these, names would hide the picture: one's own is written, the table has the others.
MOST_NAMES = 30
LINE = 20
LETTER = 9
RADIUS = 6


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody to draw: a key, a name, deviations across and upwards."""

    key: int
    name: str
    across: Fraction
    up: Fraction
    is_faint: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A drawn place, and where its name is written so that names do not cover one another."""

    key: int
    name: str
    x: int
    y: int
    name_x: int
    name_y: int
    is_left: bool
    is_faint: bool
    is_own: bool

    @property
    def is_apart(self) -> bool:
        """The name was moved: a thread leads to it."""
        return abs(self.name_y - self.y) > LINE // 2


@dataclass(frozen=True, slots=True)
class Plane:
    """The whole picture: dots, the band around the mean, marks of the axes."""

    dots: Sequence[Dot]
    band: tuple[int, int, int, int]
    centre: tuple[int, int]
    across: Sequence[tuple[int, Fraction]]
    up: Sequence[tuple[int, Fraction]]


def plane(places: Sequence[Place], band: Fraction) -> Plane:
    """People around the mean of the co-op, which is in the middle."""
    far = max([LEAST, *(abs(one.across) for one in places), *(abs(one.up) for one in places)])
    reach = _next_half(far)

    def x_of(value: Fraction) -> int:
        return LEFT + int((WIDTH - 2 * LEFT) * (value + reach) / (2 * reach))

    def y_of(value: Fraction) -> int:
        return TOP + int((HEIGHT - 2 * TOP) * (reach - value) / (2 * reach))

    dots: list[Dot] = []
    ordered = sorted(places, key=lambda place: (-place.up, place.across, place.key))
    points = [(x_of(one.across), y_of(one.up)) for one in ordered]
    for one, (x, y) in zip(ordered, points, strict=True):
        if len(places) > MOST_NAMES and not one.is_own:
            dots.append(Dot(one.key, "", x, y, x, y, False, one.is_faint, one.is_own))
            continue
        width = LETTER * len(one.name)
        is_left = x + 12 + width > WIDTH
        name_x = x - 10 if is_left else x + 10
        spans = (name_x - width, name_x) if is_left else (name_x, name_x + width)
        name_y = next(
            y + away
            for away in _outwards()
            if not any(_cover(spans, y + away, dot) for dot in dots if dot.name)
            and (len(places) > MOST_NAMES or not any(_hides(spans, y + away, point) for point in points))
        )
        dots.append(Dot(one.key, one.name, x, y, name_x, name_y, is_left, one.is_faint, one.is_own))
    corner = x_of(-band), y_of(band)
    size = x_of(band) - corner[0], y_of(-band) - corner[1]
    marks = _marks(reach)
    return Plane(
        dots,
        (*corner, *size),
        (x_of(Fraction(0)), y_of(Fraction(0))),
        [(x_of(mark), mark) for mark in marks],
        [(y_of(mark), mark) for mark in marks],
    )


def _outwards() -> Iterator[int]:
    """0, 1, −1, 2, −2…: a name stands as near its dot as can be."""
    yield 0
    for away in count(1):
        yield from (away, -away)


def _cover(spans: tuple[int, int], y: int, dot: Dot) -> bool:
    width = LETTER * len(dot.name)
    other = (dot.name_x - width, dot.name_x) if dot.is_left else (dot.name_x, dot.name_x + width)
    return abs(dot.name_y - y) < LINE and spans[0] < other[1] and other[0] < spans[1]


def _hides(spans: tuple[int, int], y: int, point: tuple[int, int]) -> bool:
    """Would a name written there lie on somebody's dot?"""
    across, down = point
    return abs(y - down) < LINE // 2 + RADIUS and spans[0] - RADIUS < across < spans[1] + RADIUS


def _next_half(value: Fraction) -> Fraction:
    """A little beyond the furthest one, at a half point."""
    return Fraction(int(value * 2) + 1, 2)


def _marks(reach: Fraction) -> list[Fraction]:
    step = Fraction(1, 2) if reach <= 2 else Fraction(1)
    count = int(reach / step)
    return [step * place for place in range(-count, count + 1) if place]


# Over periods ------------------------------------------------------------------------------------

LINES_HEIGHT, FOOT = 180, 26


@dataclass(frozen=True, slots=True)
class Line:
    """A series over the periods: its name, its values, the points that are joined; None breaks the line."""

    name: str
    values: Sequence[Fraction | None]
    dots: Sequence[tuple[int, int]]
    pieces: Sequence[str]


@dataclass(frozen=True, slots=True)
class Lines:
    """Deviations over periods, with the band and the mean behind them."""

    labels: Sequence[tuple[int, str]]
    lines: Sequence[Line]
    band: tuple[int, int]
    floor: int
    marks: Sequence[tuple[int, Fraction]]

    @property
    def rows(self) -> list[tuple[str, list[Fraction | None]]]:
        """A row for each period: the value of each series."""
        return [
            (label, [line.values[place] for line in self.lines])
            for place, (_x, label) in enumerate(self.labels)
        ]

    @property
    def is_empty(self) -> bool:
        return not any(line.dots for line in self.lines)


def lines(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[Fraction | None]]], band: Fraction
) -> Lines:
    """Series over the periods; below the mean there is room only if something goes there."""
    known = [value for _name, values in series for value in values if value is not None]
    top = _next_half(max([LEAST / 2, *known]))
    bottom = -_next_half(max(LEAST / 2, -min(known))) if known and min(known) < 0 else Fraction(0)
    step = Fraction(WIDTH - 2 * LEFT, max(1, len(labels)))

    def y_of(value: Fraction) -> int:
        return int(8 + (LINES_HEIGHT - 16) * (top - value) / (top - bottom))

    xs = [LEFT + int(step * place + step / 2) for place in range(len(labels))]
    drawn = []
    for name, values in series:
        dots = [(x, y_of(value)) for x, value in zip(xs, values, strict=True) if value is not None]
        drawn.append(Line(name, values, dots, _pieces(xs, values, y_of)))
    upper, lower = y_of(band), y_of(max(-band, bottom))
    marks = [(y_of(mark), mark) for mark in (bottom, Fraction(0), top) if mark in (0, top) or bottom]
    return Lines(
        list(zip(xs, labels, strict=True)), drawn, (upper, lower - upper), y_of(Fraction(0)), _unique(marks)
    )


def _pieces(
    xs: Sequence[int], values: Sequence[Fraction | None], y_of: Callable[[Fraction], int]
) -> list[str]:
    pieces: list[list[str]] = [[]]
    for x, value in zip(xs, values, strict=True):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{x},{y_of(value)}")
    return [" ".join(piece) for piece in pieces if len(piece) > 1]


def _unique(marks: Sequence[tuple[int, Fraction]]) -> list[tuple[int, Fraction]]:
    return list(dict.fromkeys(marks))
