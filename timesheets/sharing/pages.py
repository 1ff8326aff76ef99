"""What the pages about sharing the work show: pictures, tables, and a sentence for the one who reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst

from members.models import Person
from roles.balance import BAND, DIMENSIONS, Band, Indices, Part, Standing
from roles.models import Dimension, Task
from roles.periods import Period
from roles.plane import Lines, Place, lines, plane

from . import words
from .balance import Sharing
from .planned import planned_and_lived
from .resting import Resting, dependencies


@dataclass(frozen=True)
class Row:
    """Somebody in the table beside the picture."""

    person: Person
    standing: Standing
    notes: Sequence[str]
    #: Hours are their person's, and of those who keep roles; a position is read by everybody.
    shows_hours: bool = False

    @property
    def is_within_d(self) -> bool:
        return self.standing.band("d") == Band.WITHIN

    @property
    def is_within_e(self) -> bool:
        return self.standing.band("e") == Band.WITHIN


def concentration(found: Sharing, roles: Sequence[Resting], reader: Person) -> dict[str, Any]:
    return {
        "periods": found.periods,
        "roles": roles,
        "fragile": [one for one in roles if one.is_worth_a_look],
        "dependencies": dependencies(roles),
        "only_reader": [one for one in roles if one.alone == reader],
        "could_learn": [one for one in roles if one.wishes and one.is_worth_a_look],
    }


@dataclass(frozen=True)
class Footing:
    """What the positions stand on: how many hours, how many of them on rated tasks, to be classified, unpaid.

    `own` are the reader's own; `by_person` are the hours to classify of each, for those who keep roles.
    """

    hours: Fraction
    rated_share: Fraction | None
    to_classify: Fraction
    classifying: int
    own_to_classify: Fraction
    unpaid: Fraction
    unpaid_people: int
    own_unpaid: Fraction
    by_person: Sequence[tuple[Person, Fraction]]

    @property
    def to_classify_share(self) -> Fraction | None:
        return self.to_classify / self.hours if self.hours else None

    @property
    def unpaid_share(self) -> Fraction | None:
        return self.unpaid / self.hours if self.hours else None


def _footing(found: Sharing, reader: Person, *, keeps: bool) -> Footing:
    to_classify, whole = found.to_classify, found.whole
    return Footing(
        whole.hours,
        whole.rated_share,
        whole.hours * whole.unclassified if whole.unclassified else Fraction(0),
        len(to_classify),
        to_classify.get(reader.pk, Fraction(0)),
        found.unpaid_hours,
        len(found.unpaid),
        found.unpaid.get(reader.pk, Fraction(0)),
        [(found.people[pk], hours) for pk, hours in to_classify.items()] if keeps else [],
    )


def balance(found: Sharing, reader: Person, *, keeps: bool) -> dict[str, Any]:
    """The co-op's picture. `keeps`: does the reader keep roles, and read everybody's hours to plan with them?"""
    rows = [
        Row(person, standing, words.notes(found, standing), shows_hours=keeps or person == reader)
        for person, standing in found.standings
    ]
    places = [
        Place(
            row.person.pk,
            row.person.get_short_name(),
            row.standing.deviation["d"],
            row.standing.deviation["e"],
            is_faint=not row.standing.is_counted or not row.standing.is_solid,
            is_own=row.person == reader,
        )
        for row in rows
        if row.standing.deviation is not None
    ]
    return {
        "found": found,
        "rows": rows,
        "picture": plane(places, BAND) if places else None,
        "indices": [(Dimension(d).label, found.whole.indices[d]) for d in DIMENSIONS],
        "evolution": _evolution(found),
        "sentences": _sentences(found, reader),
        "reader": reader,
        "keeps": keeps,
        "footing": _footing(found, reader, keeps=keeps),
    }


def position(found: Sharing, person: Person, reader: Person) -> dict[str, Any]:
    standing = found.whole.standings[person.pk]
    parts = {d: {part.task: part for part in found.parts(person.pk, d)} for d in DIMENSIONS}
    hours = found.hours_of(person.pk)
    tasks: list[tuple[Task | None, Fraction, Part, Part]] = [
        (found.tasks[pk] if pk else None, hours[pk], parts["d"][pk], parts["e"][pk])
        for pk in sorted(hours, key=lambda pk: (-hours[pk], found.tasks[pk].name if pk else ""))
    ]
    return {
        "found": found,
        "person": person,
        "is_own": person == reader,
        "standing": standing,
        "notes": words.notes(found, standing),
        "sentences": _sentences(found, person),
        "tasks": tasks,
        "unpaid": found.unpaid.get(person.pk, Fraction(0)),
        "carried": found.carried(person.pk),
        "evolution": _own_evolution(found, person),
    }


def lived(found: Sharing, reader: Person, *, keeps: bool, asked: str) -> dict[str, Any]:
    """`asked` is the first day of a period of the window, as in an address; the running one if it is none."""
    starts = [period.first.isoformat() for period in found.periods]
    place = starts.index(asked) if asked in starts else len(starts) - 1
    shown = planned_and_lived(found, place)
    return {
        "found": found,
        "shown": shown,
        "people": [
            (person, one, not_started)
            for person, (one, not_started) in shown.people.items()
            if keeps or person == reader
        ],
        "keeps": keeps,
        "periods": [(period, period == shown.period) for period in found.periods],
    }


def _sentences(found: Sharing, person: Person) -> list[str]:
    if person.pk not in found.people:
        return []
    if found.whole.standings[person.pk].deviation is None:
        return [words.why(found, person.pk, "d")]
    return [words.why(found, person.pk, d) for d in DIMENSIONS]


def _evolution(found: Sharing) -> dict[str, Any]:
    """The largest deviation of each period, and what the indices of each were."""
    series = [
        (capfirst(Dimension(d).label), [_largest(one.indices[d]) for one in found.by_period])
        for d in DIMENSIONS
    ]
    return {
        "lines": lines(_labels(found.periods), series, BAND),
        "rows": [
            (period, one.hours, one.mean, [one.indices[d] for d in DIMENSIONS])
            for period, one in zip(found.periods, found.by_period, strict=True)
        ],
    }


def _own_evolution(found: Sharing, person: Person) -> Lines:
    def of(picture, dimension: str) -> Fraction | None:
        standing = picture.standings.get(person.pk)
        return None if standing is None or standing.deviation is None else standing.deviation[dimension]

    series = [(capfirst(Dimension(d).label), [of(one, d) for one in found.by_period]) for d in DIMENSIONS]
    return lines(_labels(found.periods), series, BAND)


def _largest(indices: Indices | None) -> Fraction | None:
    return None if indices is None else indices.largest


def _labels(periods: Sequence[Period]) -> list[str]:
    return [date_format(period.first, "j N Y") for period in periods]
