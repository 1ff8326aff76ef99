"""The objectives of the co-op: set by decisions, and where each one stands.

Every app says which figures it knows (`know`): the share of permanent work, the hours of a service, the
rate… A measure is read for the days of the objective so far; nothing of it is stored.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from koumbit.refusals import Refused
from koumbit.rows import locked, write

from . import journal
from .models import Decision, Objective, ObjectiveReading, Person

journal.name_events(
    {
        "members.objective_set": _("objective set"),
        "members.objective_read": _("progress of an objective written down"),
    }
)


class Unit(StrEnum):
    PERCENT = "percent"
    HOURS = "hours"
    PEOPLE = "people"
    DOLLARS = "dollars"


@dataclass(frozen=True)
class Measure:
    """A figure the software knows. `read` takes the first and the last day and answers in the unit; None if unknown."""

    code: str
    name: str | Promise
    unit: Unit
    read: Callable[[date, date], Decimal | None]

    def __str__(self):
        return str(self.name)


_SOURCES: list[Callable[[], Iterable[Measure]]] = []


def know(source: Callable[[], Iterable[Measure]]) -> None:
    """Add the measures of an app; asked each time, since services come and go."""
    _SOURCES.append(source)


def measures() -> dict[str, Measure]:
    """Every measure by its code."""
    return {one.code: one for source in _SOURCES for one in source()}


class IsMeasured(Refused):
    sentence = _("The software measures this objective: nobody writes its figure down.")


class NotYetThatDay(Refused):
    sentence = _("Write down where things stood on a day of the objective, today at the latest.")


@transaction.atomic
def set_objective(
    *,
    by: Decision,
    title: str,
    ends_on: date,
    why: str = "",
    measure: str = "",
    direction: str = Objective.Direction.AT_LEAST,
    target: Decimal | None = None,
) -> Objective:
    """The body of the decision sets out to reach this, from the day the decision takes effect."""
    objective = Objective(
        body=by.body,
        decision=by,
        title=title,
        why=why,
        measure=measure,
        direction=direction,
        target=target,
        starts_on=by.effective_on,
        ends_on=ends_on,
    )
    write(objective)
    journal.record("members.objective_set", by=by, body=by.body_id, **journal.days(objective))
    return objective


@transaction.atomic
def write_down(
    objective: Objective, *, by: Person, on: date, words: str, value: Decimal | None = None
) -> ObjectiveReading:
    """Say where an objective stands that the software does not measure. It stays, signed."""
    objective = locked(objective)
    if objective.measure:
        raise IsMeasured
    if not objective.starts_on <= on <= min(timezone.localdate(), objective.ends_on):
        raise NotYetThatDay
    reading = ObjectiveReading(objective=objective, by=by, on=on, words=words, value=value)
    write(reading)
    journal.record("members.objective_read", by=by, id=objective.pk)
    return reading


@dataclass(frozen=True)
class Progress:
    """Where an objective stands: the figure now, and what part of its time has gone by.

    `part` is how much of the way is done, from 0 to 100, for one that grows to its target; None where there is no
    figure, or where it is to stay under a limit.
    """

    objective: Objective
    measure: Measure | None
    value: Decimal | None
    time_gone: int

    @property
    def unit(self) -> str:
        return self.measure.unit if self.measure else ""

    @property
    def is_reached(self) -> bool:
        return self.objective.is_reached(self.value)

    @property
    def part(self) -> int | None:
        objective = self.objective
        if self.value is None or not objective.target or objective.direction == Objective.Direction.AT_MOST:
            return None
        return max(0, min(100, int(100 * self.value / objective.target)))


def progress(objective: Objective, today: date, known: dict[str, Measure]) -> Progress:
    """Where the objective stands on a day, by its measure or by what was last written down."""
    measure = known.get(objective.measure)
    last = min(today, objective.ends_on)
    value = None
    if last >= objective.starts_on:
        if measure:
            value = measure.read(objective.starts_on, last)
        elif not objective.measure:
            said = [one for one in objective.readings.all() if one.on <= last and one.value is not None]
            value = said[-1].value if said else None
    days = (objective.ends_on - objective.starts_on).days + 1
    gone = max(0, min(days, (today - objective.starts_on).days + 1))
    return Progress(objective, measure, value, 100 * gone // days)


def by_month(
    objective: Objective, today: date, known: dict[str, Measure]
) -> list[tuple[date, Decimal | None]]:
    """The measure at the end of each month of the objective, and today: how it came to where it stands."""
    measure = known.get(objective.measure)
    if measure is None:
        return [(one.on, one.value) for one in objective.readings.all()]
    last = min(today, objective.ends_on)
    ends, year, month = [], objective.starts_on.year, objective.starts_on.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        first_of_next = date(year, month, 1)
        if first_of_next > last:
            break
        ends.append(date.fromordinal(first_of_next.toordinal() - 1))
    return [
        (end, measure.read(objective.starts_on, end)) for end in (*ends, last) if end >= objective.starts_on
    ]
