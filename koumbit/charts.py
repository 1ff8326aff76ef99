"""Bars and curves drawn by the server: plain geometry, whole units, nothing that a policy of contents would refuse.

A chart is its labels, its series stacked from the floor up, and a level to compare with; a picture of curves
is amounts along time. The table that stands beside either says the same in figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

WIDTH, HEIGHT, FOOT = 640, 150, 22
MOST_LABELS, MOST_LONG_LABELS = 12, 8
LONG_LABEL = 6
WIDEST = 80
MOST_MARKS = 4
HOUR = 60


@dataclass(frozen=True, slots=True)
class Series:
    """One colour and pattern of the bars: its name and a value for each label, never below zero on screen."""

    name: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Rect:
    """A piece of a bar, in the drawing's own units."""

    series: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws, and the figures it says in a table: `unit` is hours (in minutes) or dollars."""

    labels: Sequence[str]
    series: Sequence[Series]
    rects: Sequence[Rect]
    ticks: Sequence[tuple[int, str]]
    level: Sequence[tuple[int, int, int]]
    levels: Sequence[int]
    scale: Sequence[tuple[int, int]]
    unit: str = "hours"

    @property
    def rows(self) -> list[tuple[str, list[int], int, int | None]]:
        """A row for each label: the value of each series, their sum, the level to compare with."""
        return [
            (
                label,
                [series.values[place] for series in self.series],
                sum(series.values[place] for series in self.series),
                self.levels[place] if self.levels else None,
            )
            for place, label in enumerate(self.labels)
        ]

    @property
    def totals(self) -> list[int]:
        return [sum(series.values) for series in self.series]

    @property
    def total(self) -> int:
        return sum(self.totals)

    @property
    def is_empty(self) -> bool:
        return not any(self.totals)


def stacked(
    labels: Sequence[str], series: Sequence[Series], levels: Sequence[int] = (), *, unit: str = "hours"
) -> Chart:
    """Bars of these series, one on the other; `levels` is drawn as a line across each bar's place.

    The values are minutes, or whole dollars where the unit says so.
    """
    count = max(1, len(labels))
    sums = [sum(max(0, one.values[place]) for one in series) for place in range(len(labels))]
    most = max([1, *sums, *levels])
    step = min(WIDTH / count, WIDEST)  # two months are two bars, not two walls
    width = max(1, int(step * 0.72))
    rects = []
    for place in range(len(labels)):
        floor = HEIGHT
        for number, one in enumerate(series):
            height = round(max(0, one.values[place]) * HEIGHT / most)
            if height:
                floor -= height
                rects.append(Rect(number, round(place * step), floor, width, height))
    is_long = any(len(label) > LONG_LABEL for label in labels)
    every = -(-len(labels) // (MOST_LONG_LABELS if is_long else MOST_LABELS))
    ticks = [
        (round(place * step), label) for place, label in enumerate(labels) if every and place % every == 0
    ]
    level = [
        (round(place * step), round((place + 1) * step), HEIGHT - round(value * HEIGHT / most))
        for place, value in enumerate(levels)
        if value
    ]
    marks = _marks(most, smallest=HOUR if unit == "hours" else 1)
    scale = [(HEIGHT - round(mark * HEIGHT / most), mark) for mark in marks]
    return Chart(labels, series, rects, ticks, level, levels, scale, unit)


def _marks(most: int, *, smallest: int) -> list[int]:
    """What is marked beside a chart that goes up to `most`: whole hours or dollars, round, four at most."""
    step = tens = smallest
    while most // step > MOST_MARKS:
        step = next(tens * one for one in (2, 5, 10) if tens * one > step)
        tens = step if step == 10 * tens else tens
    return list(range(step, most + 1, step))


# Curves ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Curve:
    """A name and amounts along time, each at a place (any whole numbers, in order).

    A stepped curve holds each amount until the next one; the others go straight from one to the next.
    """

    name: str
    points: Sequence[tuple[int, Decimal]]
    is_stepped: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A curve as the template draws it: the path, and its points."""

    name: str
    path: str
    marks: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Picture:
    """Curves over the same time and scale. `zero` is the height of nothing, when it is within the scale."""

    curves: Sequence[Drawn]
    ticks: Sequence[tuple[int, str]]
    scale: Sequence[tuple[int, Decimal]]
    zero: int | None

    @property
    def is_empty(self) -> bool:
        return not any(curve.marks for curve in self.curves)


def curves(
    drawn: Sequence[Curve],
    *,
    first: int,
    last: int,
    ticks: Sequence[tuple[int, str]],
    with_zero: bool = False,
    smallest: Decimal = Decimal("0.01"),
) -> Picture:
    """These curves, from the place `first` to the place `last`; `with_zero` keeps zero within the scale.

    `smallest` is the least that lies between two marks: a cent, or one where nothing is divided.
    """
    amounts = [amount for curve in drawn for _place, amount in curve.points] or [Decimal(0)]
    low, high = min(amounts), max(amounts)
    if with_zero:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    step = _step(high - low, smallest)
    bottom = low // step * step
    if low < 0 and bottom > low:
        bottom -= step  # Decimal divides towards zero
    top = bottom
    while top < high or top == bottom:
        top += step

    def across(place: int) -> int:
        return (place - first) * WIDTH // max(1, last - first)

    def up(amount: Decimal) -> int:
        return HEIGHT - int((amount - bottom) * HEIGHT / (top - bottom))

    pictured = []
    for curve in drawn:
        marks = [(across(place), up(amount)) for place, amount in curve.points]
        pictured.append(Drawn(curve.name, _path(marks, is_stepped=curve.is_stepped), marks))
    count = int((top - bottom) / step) + 1
    return Picture(
        curves=pictured,
        ticks=[(across(place), label) for place, label in ticks],
        scale=[(up(bottom + number * step), bottom + number * step) for number in range(count)],
        zero=up(Decimal(0)) if bottom < 0 < top else None,
    )


def _path(marks: Sequence[tuple[int, int]], *, is_stepped: bool) -> str:
    if not marks:
        return ""
    x, y = marks[0]
    path = [f"M{x} {y}"]
    for (_x, _y), (x, y) in pairwise(marks):
        path.append(f"H{x}V{y}" if is_stepped else f"L{x} {y}")
    return "".join(path)


def _step(extent: Decimal, smallest: Decimal) -> Decimal:
    """A round amount that goes at most five times into this one: 1, 2 or 5, a ten, a hundred…"""
    step = smallest
    while True:
        for one in (1, 2, 5):
            if step * one * (MOST_MARKS + 1) >= extent:
                return step * one
        step *= 10
