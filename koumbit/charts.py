"""Bars drawn by the server: plain geometry, whole units, nothing that a policy of contents would refuse.

A chart is its labels, its series stacked from the floor up, and a level to compare with. The table that
stands beside it says the same in figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT = 640, 150, 22
MOST_LABELS = 12
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
    """What the template draws, and the figures it says in a table."""

    labels: Sequence[str]
    series: Sequence[Series]
    rects: Sequence[Rect]
    ticks: Sequence[tuple[int, str]]
    level: Sequence[tuple[int, int, int]]
    levels: Sequence[int]
    scale: Sequence[tuple[int, int]]

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


def stacked(labels: Sequence[str], series: Sequence[Series], levels: Sequence[int] = ()) -> Chart:
    """Bars of these series, one on the other; `levels` is drawn as a line across each bar's place."""
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
    every = -(-len(labels) // MOST_LABELS)
    ticks = [
        (round(place * step), label) for place, label in enumerate(labels) if every and place % every == 0
    ]
    level = [
        (round(place * step), round((place + 1) * step), HEIGHT - round(value * HEIGHT / most))
        for place, value in enumerate(levels)
        if value
    ]
    scale = [(HEIGHT - round(mark * HEIGHT / most), mark) for mark in _marks(most)]
    return Chart(labels, series, rects, ticks, level, levels, scale)


def _marks(most: int) -> list[int]:
    """The minutes marked beside a chart that goes up to `most`: whole hours, round, four at most."""
    step = tens = HOUR
    while most // step > MOST_MARKS:
        step = next(tens * one for one in (2, 5, 10) if tens * one > step)
        tens = step if step == 10 * tens else tens
    return list(range(step, most + 1, step))
