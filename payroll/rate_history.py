"""The hourly rate beside what it would be had it followed prices: a picture, and the same in figures."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from koumbit.charts import Curve, Picture, curves
from koumbit.formats import day as written

from .deductions.money import cents
from .deductions.parameters import MinimumWage, all_tables
from .models import HourlyRate, IndexPoint
from .projections.months import last_day

MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Followed:
    """An index since the first month for which both it and a rate are known.

    `would_be` is the rate of that month if it had followed the index to its last figure. Parts are
    fractions: 0.05 for 5 % more.
    """

    series: str
    since: date
    until: date
    prices_part: Decimal
    rate_part: Decimal
    would_be: Decimal
    rate: Decimal
    source: str

    @property
    def is_behind(self) -> bool:
        return self.rate < self.would_be


@dataclass(frozen=True)
class History:
    """The picture of the rates, of the minimum wage and of each index that was entered."""

    picture: Picture
    rows: list[tuple[str, list[Decimal | None]]]
    followed: list[Followed]


def history(rates: Sequence[HourlyRate], points: Sequence[IndexPoint], today: date) -> History | None:
    """Every rate up to today or the last one decided; None before the first."""
    known = sorted(rates, key=lambda rate: (rate.starts_on, rate.pk))
    if not known:
        return None
    steps = list({rate.starts_on: rate.amount for rate in known}.items())
    first, last = steps[0][0], max(today, steps[-1][0])
    floors = [
        (max(first, table.effective_from), table.hourly)
        for table in all_tables()[MinimumWage]
        if isinstance(table, MinimumWage) and table.reviewed_through >= first and table.effective_from <= last
    ]
    by_series: dict[str, list[IndexPoint]] = defaultdict(list)
    for point in sorted(points, key=lambda point: point.month):
        if first <= last_day(point.month) and point.month <= last:
            by_series[point.series].append(point)
    lines = {series: _line(steps, own) for series, own in by_series.items()}
    drawn = [
        Curve(_("Hourly rate"), _places([*steps, (last, steps[-1][1])]), is_stepped=True),
        Curve(
            _("Minimum wage"), _places([*floors, (last, floors[-1][1])] if floors else []), is_stepped=True
        ),
        *(
            Curve(_("Rate had it followed “%(index)s”") % {"index": series}, _places(line))
            for series, line in lines.items()
        ),
    ]
    return History(
        curves(drawn, first=first.toordinal(), last=last.toordinal(), ticks=_ticks(first, last)),
        _rows(steps, floors, list(lines.values())),
        [_followed(steps, own, lines[series]) for series, own in by_series.items()],
    )


def _on(steps: Sequence[tuple[date, Decimal]], day: date) -> Decimal | None:
    return next((amount for starts_on, amount in reversed(steps) if starts_on <= day), None)


def _line(steps: Sequence[tuple[date, Decimal]], points: Sequence[IndexPoint]) -> list[tuple[date, Decimal]]:
    """The rate of the first month, moved by the index, at the end of each month."""
    base, rate = points[0].points, _on(steps, last_day(points[0].month))
    return [(last_day(point.month), cents(rate * point.points / base)) for point in points]


def _followed(
    steps: Sequence[tuple[date, Decimal]], points: Sequence[IndexPoint], line: Sequence[tuple[date, Decimal]]
) -> Followed:
    before, (until, would_be) = line[0][1], line[-1]
    now = _on(steps, until) or before
    return Followed(
        series=points[0].series,
        since=points[0].month,
        until=points[-1].month,
        prices_part=points[-1].points / points[0].points - 1,
        rate_part=now / before - 1,
        would_be=would_be,
        rate=now,
        source=points[-1].source,
    )


def _places(points: Sequence[tuple[date, Decimal]]) -> list[tuple[int, Decimal]]:
    return [(day.toordinal(), amount) for day, amount in points]


def _ticks(first: date, last: date) -> list[tuple[int, str]]:
    """A mark at the first of January, every so many years; the first day when there is none."""
    years = list(range(first.year + 1, last.year + 1))
    every = -(-len(years) // MOST_TICKS) or 1
    found = [(date(year, 1, 1).toordinal(), str(year)) for year in years[::every]]
    return found or [(first.toordinal(), date_format(first, "N Y"))]


def _rows(
    steps: Sequence[tuple[date, Decimal]],
    floors: Sequence[tuple[date, Decimal]],
    lines: Sequence[Sequence[tuple[date, Decimal]]],
) -> list[tuple[str, list[Decimal | None]]]:
    days = sorted({day for line in (steps, floors, *lines) for day, _amount in line})
    known = [dict(line) for line in lines]
    return [
        (written(day), [_on(steps, day), _on(floors, day), *(line.get(day) for line in known)])
        for day in days
    ]
