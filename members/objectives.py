"""The objectives of the co-op: set, changed and given up by decisions, and where each one stands.

Every app says which figures it knows (`know`): the share of permanent work, the hours of a service, the
rate… A measure is read for the days of the objective so far; nothing of it is stored.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koumbit.charts import Curve, Picture, curves
from koumbit.refusals import Refused
from koumbit.rows import held, write

from . import journal
from .models import Decision, Objective, ObjectiveChange, ObjectiveReading, Person
from .models.objectives import Terms

journal.name_events(
    {
        "members.objective_set": _("objective set"),
        "members.objective_changed": _("objective changed"),
        "members.objective_given_up": _("objective given up"),
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


class DoesNotRun(Refused):
    sentence = _("This objective does not run on that day: nothing about it changes any more.")


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
def change_objective(
    objective: Objective,
    *,
    by: Decision,
    why: str,
    ends_on: date,
    direction: str,
    target: Decimal | None = None,
) -> ObjectiveChange:
    """Aim at another figure, or until another day, from the day the decision takes effect; and why.

    By the body that set it, or by the general assembly. What it aimed at before stays in its history. Another
    aim altogether is another objective.
    """
    change = ObjectiveChange(
        objective=objective,
        decision=by,
        on=by.effective_on,
        target=target,
        direction=direction,
        ends_on=ends_on,
        why=why,
    )
    return _become("members.objective_changed", change)


@transaction.atomic
def give_up(objective: Objective, *, by: Decision, why: str) -> ObjectiveChange:
    """Aim at it no more, from the day the decision takes effect; and why. It stays among the past ones."""
    change = ObjectiveChange(objective=objective, decision=by, on=by.effective_on, is_given_up=True, why=why)
    return _become("members.objective_given_up", change)


def _become(event: str, change: ObjectiveChange) -> ObjectiveChange:
    objective = held(change.objective)
    if change.on < objective.starts_on or objective.terms(change.on).is_over(change.on):
        raise DoesNotRun
    write(change)
    journal.record(event, by=change.decision, id=objective.pk, on=change.on.isoformat())
    return change


@transaction.atomic
def write_down(
    objective: Objective, *, by: Person, on: date, words: str, value: Decimal | None = None
) -> ObjectiveReading:
    """Say where an objective stands that the software does not measure. It stays, signed."""
    objective = held(objective)
    if objective.measure:
        raise IsMeasured
    if not objective.starts_on <= on <= min(timezone.localdate(), objective.terms(date.max).ends_on):
        raise NotYetThatDay
    reading = ObjectiveReading(objective=objective, by=by, on=on, words=words, value=value)
    write(reading)
    journal.record("members.objective_read", by=by, id=objective.pk)
    return reading


@dataclass(frozen=True)
class Progress:
    """Where an objective stands: the figure now, and what part of its time has gone by.

    `terms` is what it aims at now. `part` is how much of the way is done, from 0 to 100, for one that grows to
    its target; None where there is no figure, or where it is to stay under a limit.
    """

    objective: Objective
    measure: Measure | None
    terms: Terms
    value: Decimal | None
    time_gone: int
    is_over: bool

    @property
    def starts_on(self) -> date:
        return self.objective.starts_on

    @property
    def ends_on(self) -> date:
        """Its last day as things are decided; the day it was given up."""
        return self.terms.ends_on

    @property
    def unit(self) -> str:
        return self.measure.unit if self.measure else ""

    @property
    def is_reached(self) -> bool:
        return self.terms.is_reached(self.value)

    @property
    def part(self) -> int | None:
        target = self.terms.target
        if self.value is None or not target or self.terms.direction == Objective.Direction.AT_MOST:
            return None
        return max(0, min(100, int(100 * self.value / target)))


def progress(objective: Objective, today: date, known: dict[str, Measure]) -> Progress:
    """Where the objective stands on a day, by its measure or by what was last written down.

    Of one that was given up, where it stood on that day.
    """
    measure, terms = known.get(objective.measure), objective.terms(today)
    last = min(today, terms.ends_on)
    value = None
    if last >= objective.starts_on:
        if measure:
            value = measure.read(objective.starts_on, last)
        elif not objective.measure:
            said = [one for one in objective.readings.all() if one.on <= last and one.value is not None]
            value = said[-1].value if said else None
    days = (terms.ends_on - objective.starts_on).days + 1
    gone = max(0, min(days, (today - objective.starts_on).days + 1))
    return Progress(objective, measure, terms, value, 100 * gone // days, terms.is_over(today))


def by_month(
    objective: Objective, today: date, known: dict[str, Measure]
) -> list[tuple[date, Decimal | None]]:
    """The measure at the end of each month of the objective, and today: how it came to where it stands."""
    measure = known.get(objective.measure)
    if measure is None:
        return [(one.on, one.value) for one in objective.readings.all()]
    last = min(today, objective.terms(today).ends_on)
    ends = [day - _DAY for day in _firsts(objective.starts_on, last)]
    return [
        (end, measure.read(objective.starts_on, end)) for end in (*ends, last) if end >= objective.starts_on
    ]


def picture(row: Progress, points: Iterable[tuple[date, Decimal | None]]) -> Picture:
    """The figure along the time of the objective, and what was aimed at, which a decision may have moved."""
    objective, terms = row.objective, list(row.objective.all_terms())
    first, last = objective.starts_on, max(one.ends_on for one in terms)
    known = [(day.toordinal(), value) for day, value in points if value is not None]
    aimed = [(one.since.toordinal(), one.target) for one in terms if one.target is not None]
    drawn = [Curve(gettext("Figure"), known)]
    if aimed:
        aimed.append((terms[-1].ends_on.toordinal(), aimed[-1][1]))
        drawn.append(Curve(gettext("Target"), aimed, is_stepped=True))
    months = [first, *_firsts(first, last)]
    every = -(-len(months) // _MOST_TICKS)
    return curves(
        drawn,
        first=first.toordinal(),
        last=last.toordinal(),
        ticks=[(day.toordinal(), capfirst(date_format(day, "N"))) for day in months[::every]],
        with_zero=True,
        smallest=Decimal("0.01") if row.unit == Unit.DOLLARS else Decimal(1),
    )


_DAY, _MOST_TICKS = timedelta(days=1), 8


def _firsts(first: date, last: date) -> list[date]:
    """The first days of months after `first`, up to `last` and counting it."""
    found: list[date] = []
    year, month = first.year, first.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        day = date(year, month, 1)
        if day > last:
            return found
        found.append(day)
