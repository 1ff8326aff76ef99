"""Who does what share of the pleasant and of the instructive work, per hour worked.

Plain Python. Two dimensions that are never added up: desirability (`d`) and empowerment (`e`). Ratings are
points from 1 to 5, hours are exact fractions, a balance is in point-hours. The mean of the co-op is fixed
by the work itself: whoever does it, the sum of hours × deviation is zero. A score is a mean per hour, so
that part-time changes nothing. There is no score out of a hundred, and nobody is ranked.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

#: Whatever can be a key; a task that is None is work that was logged without a task.
Person = Any
Task = Any
#: Person, task, hours.
Done = tuple[Person, Task, Fraction]
ByDimension = Mapping[str, Fraction]

DIMENSIONS = ("d", "e")
#: Half of the scale's width in which a difference is no more than the noise of the ratings.
BAND = Fraction(1, 4)
WIDE_BAND = Fraction(1, 2)
#: With fewer hours in the window a score is shown, and counts in no index.
ENOUGH_HOURS = 20
#: With a smaller share of hours on rated tasks a score says little.
ENOUGH_RATED = Fraction(7, 10)


class Band(StrEnum):
    """Where a deviation stands beside what the co-op agreed not to argue about."""

    WITHIN = "within"
    NEAR = "near"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Rating:
    """What a task counts for in both dimensions; not rated (fewer than three votes), it counts for the mean."""

    d: Fraction
    e: Fraction
    is_rated: bool = True

    def __getitem__(self, dimension: str) -> Fraction:
        return self.d if dimension == "d" else self.e


NEUTRAL = Rating(Fraction(3), Fraction(3), is_rated=False)


@dataclass(frozen=True, slots=True)
class Part:
    """What one task does to a person's deviation: more or less of it than the co-op as a whole.

    `share` and `usual` are the shares of the hours, of the person and of the co-op; the parts of all
    tasks add up to the deviation.
    """

    task: Task
    share: Fraction
    usual: Fraction
    rating: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's place: hours, score per hour, deviation from the mean of the co-op, balance in point-hours.

    Without hours the score and the deviation are None, which is neither zero nor the mean.
    """

    person: Person
    hours: Fraction
    score: ByDimension | None
    deviation: ByDimension | None
    balance: ByDimension
    rated_share: Fraction | None
    unclassified: Fraction

    @property
    def is_counted(self) -> bool:
        """Are there enough hours for this person to count in the indices?"""
        return self.hours >= ENOUGH_HOURS

    @property
    def has_few_hours(self) -> bool:
        return 0 < self.hours < ENOUGH_HOURS

    @property
    def is_solid(self) -> bool:
        """Do rated tasks make up enough of the hours for the score to mean something?"""
        return self.rated_share is not None and self.rated_share >= ENOUGH_RATED

    def band(self, dimension: str) -> Band | None:
        return None if self.deviation is None else band_of(self.deviation[dimension])

    @property
    def is_within(self) -> bool:
        """Within the band in both dimensions."""
        return all(self.band(dimension) == Band.WITHIN for dimension in DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Indices:
    """How far the co-op is from an equal mix in one dimension; only people with enough hours count.

    `largest` is the largest deviation either way, `within` the share of people inside the band,
    `mean_absolute` is weighed by hours, `worst_off` is the lowest score.
    """

    largest: Fraction
    within: Fraction
    mean_absolute: Fraction
    worst_off: Fraction
    counted: int


@dataclass(frozen=True)
class Picture:
    """The balance of a co-op over some days: its mean, everybody's place, the indices.

    `mean` is None when nobody worked; an index is None with fewer than two people to compare.
    """

    hours: Fraction
    mean: ByDimension | None
    standings: Mapping[Person, Standing]
    indices: Mapping[str, Indices | None]
    by_task: Mapping[Task, Fraction] = field(default_factory=dict)
    by_person: Mapping[Person, Mapping[Task, Fraction]] = field(default_factory=dict)
    rating_of: Callable[[Task], Rating] = field(default=lambda _task: NEUTRAL)
    to_classify: Container[Task] = (None,)

    @property
    def unclassified(self) -> Fraction | None:
        """The share of hours logged without a task."""
        return _of_none(self.by_task, self.to_classify) / self.hours if self.hours else None

    @property
    def rated_share(self) -> Fraction | None:
        """The share of hours on tasks whose rating is known."""
        return _rated(self.by_task, self.rating_of) / self.hours if self.hours else None

    def parts(self, person: Person, dimension: str) -> list[Part]:
        """Why a person stands where they stand: what weighs most first. Empty without hours."""
        own = self.standings[person]
        if not own.hours or self.mean is None:
            return []
        found = []
        for task, all_hours in self.by_task.items():
            share = self.by_person[person].get(task, Fraction(0)) / own.hours
            usual = all_hours / self.hours
            rating = self.rating_of(task)[dimension]
            found.append(Part(task, share, usual, rating, (share - usual) * (rating - self.mean[dimension])))
        return sorted(found, key=lambda part: -abs(part.points))


def band_of(deviation: Fraction) -> Band:
    """Within a quarter of a point, within half a point, or beyond. The limits belong to the nearer one."""
    if abs(deviation) <= BAND:
        return Band.WITHIN
    return Band.NEAR if abs(deviation) <= WIDE_BAND else Band.BEYOND


def picture(
    done: Iterable[Done],
    ratings: Mapping[Task, Rating],
    *,
    people: Iterable[Person] = (),
    gone: Container[Person] = (),
    neutral: Rating = NEUTRAL,
    to_classify: Container[Task] = (None,),
) -> Picture:
    """The balance of these hours by these ratings. `people` are named even when they have no hours.

    A task that is not in `ratings`, and work without a task, count as `neutral`; `to_classify` says what
    stands for no task. The hours of those who are `gone` are in the mean, since the work was done;
    nobody is compared with them.
    """

    def rating_of(task: Task) -> Rating:
        return ratings.get(task, neutral)

    by_person: dict[Person, dict[Task, Fraction]] = {person: {} for person in people}
    by_task: dict[Task, Fraction] = defaultdict(Fraction)
    for person, task, hours in done:
        own = by_person.setdefault(person, {})
        own[task] = own.get(task, Fraction(0)) + hours
        by_task[task] += hours
    total = sum(by_task.values(), Fraction(0))
    mean = _mean(by_task, rating_of)
    standings = {
        person: _standing(person, own, mean, rating_of, _of_none(own, to_classify))
        for person, own in by_person.items()
    }
    compared = [standing for person, standing in standings.items() if person not in gone]
    indices = {dimension: _indices(compared, dimension) for dimension in DIMENSIONS}
    return Picture(total, mean, standings, indices, dict(by_task), by_person, rating_of, to_classify)


def carried(pictures: Iterable[Picture], person: Person) -> ByDimension:
    """The balance a person brings into the next period: the sum over these periods, each by its own mean.

    Whoever was away has nothing to add and loses nothing; whoever is new starts at zero.
    """
    total = dict.fromkeys(DIMENSIONS, Fraction(0))
    for one in pictures:
        if person in one.standings:
            for dimension in DIMENSIONS:
                total[dimension] += one.standings[person].balance[dimension]
    return total


def _mean(by_task: Mapping[Task, Fraction], rating_of: Callable[[Task], Rating]) -> ByDimension | None:
    hours = sum(by_task.values(), Fraction(0))
    if not hours:
        return None
    return {
        dimension: sum((amount * rating_of(task)[dimension] for task, amount in by_task.items()), Fraction(0))
        / hours
        for dimension in DIMENSIONS
    }


def _standing(
    person: Person,
    own: Mapping[Task, Fraction],
    mean: ByDimension | None,
    rating_of: Callable[[Task], Rating],
    unclassified: Fraction,
) -> Standing:
    hours = sum(own.values(), Fraction(0))
    score = _mean(own, rating_of)
    if score is None or mean is None:
        nothing = dict.fromkeys(DIMENSIONS, Fraction(0))
        return Standing(person, hours, None, None, nothing, None, unclassified)
    deviation = {dimension: score[dimension] - mean[dimension] for dimension in DIMENSIONS}
    return Standing(
        person,
        hours,
        score,
        deviation,
        {dimension: hours * deviation[dimension] for dimension in DIMENSIONS},
        _rated(own, rating_of) / hours,
        unclassified,
    )


def _of_none(hours: Mapping[Task, Fraction], to_classify: Container[Task]) -> Fraction:
    return sum((amount for task, amount in hours.items() if task in to_classify), Fraction(0))


def _rated(hours: Mapping[Task, Fraction], rating_of: Callable[[Task], Rating]) -> Fraction:
    return sum((amount for task, amount in hours.items() if rating_of(task).is_rated), Fraction(0))


def _indices(standings: Iterable[Standing], dimension: str) -> Indices | None:
    counted = [
        (one.hours, one.score[dimension], abs(one.deviation[dimension]))
        for one in standings
        if one.is_counted and one.score is not None and one.deviation is not None
    ]
    if len(counted) < 2:
        return None
    return Indices(
        largest=max(distance for _hours, _score, distance in counted),
        within=Fraction(sum(distance <= BAND for _hours, _score, distance in counted), len(counted)),
        mean_absolute=sum((hours * distance for hours, _score, distance in counted), Fraction(0))
        / sum((hours for hours, _score, _distance in counted), Fraction(0)),
        worst_off=min(score for _hours, score, _distance in counted),
        counted=len(counted),
    )
