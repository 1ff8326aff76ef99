"""Everyone rates tasks, never people; the co-op reads what the votes become, and nobody's vote.

Giving an opinion leaves no line in the journal: who has rated what, and when, is theirs. What is
published is written at most once a week for a task, and only when two votes on it have changed since,
so that the difference between two weeks is nobody's vote. Tasks with fewer than three votes weigh on
nothing that is published, not even on the mean of the co-op: it is reckoned from what is shown.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.refusals import Refused
from koumbit.rows import write
from members import journal
from members.models import Person

from . import votes
from .models import Dimension, PublishedRating, Rating, Task

journal.name_events({"roles.ratings_published": _("ratings of tasks published")})

PUBLISHED_EVERY = timedelta(days=7)
#: Fewer changed votes than these could be read from the difference with what was published before.
CHANGES_NEEDED = 2
#: People are as far apart as this (standard deviation, or doing the task against not), and it is worth a talk.
CONTESTED_SPREAD = Decimal("1.25")
CONTESTED_GAP = Decimal(1)

Place = tuple[int, str]  # a task and a dimension
Votes = dict[int, int]  # points by person


class TaskIsNotRated(Refused):
    sentence = _("This task is retired: there is nothing to rate any more.")


@transaction.atomic
def rate(task: Task, *, by: Person, desirability: int | None, empowerment: int | None) -> None:
    """What a person thinks of a task from now on; None is no opinion. Their former opinion is kept as past.

    An opinion given again lasts twelve months more. Raises `TaskIsNotRated`. The journal says nothing.
    """
    # The task is locked, so that what is being published has read this opinion, or comes before it.
    if not Task.objects.to_share().filter(pk=task.pk).select_for_update(of=("self",)):
        raise TaskIsNotRated
    now = timezone.now()
    Rating.objects.of(by).filter(task=task, ended_at=None).update(ended_at=now)
    given = {Dimension.DESIRABILITY: desirability, Dimension.EMPOWERMENT: empowerment}
    for dimension, points in given.items():
        if points is not None:
            write(Rating(person=by, task=task, dimension=dimension, points=points, given_at=now))


@transaction.atomic
def publish(*, now: datetime, holders: Mapping[int, Collection[int]]) -> int:
    """Publish what has changed enough, and say how many values were. Twice in a row is once.

    `holders` are the people who do each task: a fifth of its hours or more.
    """
    list(Task.objects.select_for_update(of=("self",)).order_by("pk").values("pk"))
    tasks = dict(Task.objects.values_list("pk", "worded_at"))
    in_use = set(Task.objects.to_share().values_list("pk", flat=True))
    last_rows = PublishedRating.objects.last_of_each()
    standing = _standing(last_rows, tasks)
    said = _standing(last_rows.filter(points__isnull=False), tasks)
    history = _History(Rating.objects.values_list(*_History.COLUMNS), tasks)
    due: dict[Place, Votes] = {}
    for place in history.places | standing.keys():
        if place[0] not in in_use:
            continue
        # What was read last is what one would compare with, also when nothing is shown meanwhile.
        current, before = history.at(place, now), history.behind(place, said.get(place))
        if _is_due(standing.get(place), current, before, now):
            due[place] = current
    means = _means(standing, due)
    rows = [
        _row(place, current, means[place[1]], holders.get(place[0], ()), now)
        for place, current in due.items()
    ]
    PublishedRating.objects.bulk_create(rows)
    if rows:
        journal.record("roles.ratings_published", by=None, values=len(rows))
    return len(rows)


def _is_due(last: PublishedRating | None, current: Votes, before: Votes, now: datetime) -> bool:
    """Is there something to show, or to take away, that tells nobody's vote?"""
    if (last is None or not last.is_shown) and len(current) < votes.SHOWN_FROM:
        return False
    changed = sum(current.get(person) != before.get(person) for person in current.keys() | before.keys())
    is_old_enough = last is None or last.published_at <= now - PUBLISHED_EVERY
    return is_old_enough and changed >= CHANGES_NEEDED


class _History:
    """Every opinion ever given, by task and dimension, and those that counted at a moment."""

    COLUMNS = ("task_id", "dimension", "person_id", "points", "given_at", "ended_at")

    def __init__(self, rows: Iterable[tuple], worded_at: Mapping[int, datetime]):
        self._worded_at = worded_at
        self._by_place: dict[Place, list[tuple]] = {}
        for task, dimension, *rating in rows:
            self._by_place.setdefault((task, dimension), []).append(tuple(rating))

    @property
    def places(self) -> set[Place]:
        return set(self._by_place)

    def at(self, place: Place, moment: datetime) -> Votes:
        since = max(moment - Rating.LASTS, self._worded_at[place[0]])
        return {
            person: points
            for person, points, given_at, ended_at in self._by_place.get(place, ())
            if since <= given_at <= moment and (ended_at is None or ended_at > moment)
        }

    def behind(self, place: Place, last: PublishedRating | None) -> Votes:
        """The votes that were counted in what was published then."""
        return self.at(place, last.published_at) if last is not None else {}


def _standing(
    rows: Iterable[PublishedRating], worded_at: Mapping[int, datetime]
) -> dict[Place, PublishedRating]:
    """The last row of each task and dimension, unless the task says something else since."""
    found = {(row.task_id, row.dimension): row for row in rows}
    return {place: row for place, row in found.items() if row.published_at >= worded_at[place[0]]}


def _means(standing: Mapping[Place, PublishedRating], due: Mapping[Place, Votes]) -> dict[str, Fraction]:
    """The mean of the co-op in each dimension: of the votes behind what is shown, and of no other."""
    found = {}
    for dimension in Dimension.values:
        total = count = 0
        for place in {place for place in standing.keys() | due.keys() if place[1] == dimension}:
            if place in due:
                points = list(due[place].values())
                if len(points) >= votes.SHOWN_FROM:
                    total, count = total + sum(points), count + len(points)
            elif standing[place].is_shown:
                total, count = total + standing[place].total, count + standing[place].count
        found[dimension] = Fraction(total, count) if count else Fraction(votes.MIDDLE)
    return found


def _row(
    place: Place, current: Votes, mean: Fraction, holders: Collection[int], now: datetime
) -> PublishedRating:
    task, dimension = place
    row = PublishedRating(task_id=task, dimension=dimension, published_at=now, mean=_written(mean))
    points = list(current.values())
    one = votes.aggregate(points, mean)
    if not one.is_shown:
        return row
    row.count, row.total, row.points = one.count, sum(points), _written(one.value)
    if one.spread is not None:
        row.lowest, row.highest = (_written(bound) for bound in one.moves)
        row.spread = Decimal(str(round(one.spread, 4)))
    sides = ([vote for who, vote in current.items() if (who in holders) is side] for side in (True, False))
    apart = votes.gap(*sides)
    row.gap = None if apart is None else _written(apart)
    return row


def _written(points: Fraction) -> Decimal:
    near = round(points, 4)
    return Decimal(near.numerator) / Decimal(near.denominator)


# Read by everybody -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """A task with what is published of it; None where nothing may be shown yet."""

    task: Task
    desirability: PublishedRating | None
    empowerment: PublishedRating | None

    @property
    def both(self) -> list[PublishedRating]:
        return [row for row in (self.desirability, self.empowerment) if row is not None]

    @property
    def is_to_rate(self) -> bool:
        return len(self.both) < 2

    @property
    def contested(self) -> list[PublishedRating]:
        """The dimensions in which people are far apart."""
        return [row for row in self.both if is_contested(row)]


def is_contested(row: PublishedRating) -> bool:
    """Are people so far apart on it that a meeting would learn something?"""
    is_spread = row.spread is not None and row.spread >= CONTESTED_SPREAD
    return is_spread or (row.gap is not None and abs(row.gap) >= CONTESTED_GAP)


def shown() -> list[Shown]:
    """Every task in use with what is published of it, in the order of the registry. Two queries."""
    tasks = list(Task.objects.to_share().select_related("role").order_by("role__name", "name"))
    rows = _standing(
        PublishedRating.objects.filter(task__in=tasks).last_of_each(),
        {task.pk: task.worded_at for task in tasks},
    )
    found = {place: row for place, row in rows.items() if row.is_shown}
    return [Shown(task, found.get((task.pk, "d")), found.get((task.pk, "e"))) for task in tasks]


# Read by its author alone ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Own:
    """A task with one's own opinion of it; None is no opinion, or one that is too old."""

    task: Task
    desirability: int | None
    empowerment: int | None

    @property
    def is_given(self) -> bool:
        return self.desirability is not None or self.empowerment is not None


def own(person: Person) -> list[Own]:
    """Every task in use with one's own current opinion, in the order of the registry. Two queries."""
    given = Rating.objects.of(person).current(timezone.now())
    found = {
        (task, dimension): points
        for task, dimension, points in given.values_list("task", "dimension", "points")
    }
    tasks = Task.objects.to_share().select_related("role").order_by("role__name", "name")
    return [Own(task, found.get((task.pk, "d")), found.get((task.pk, "e"))) for task in tasks]


def compared_with(opinions: list[Own], task: Task, dimension: str) -> list[tuple[Task, int]]:
    """One's own points for the other tasks in a dimension: what a task can be compared with."""
    name = Dimension(dimension).name.lower()
    return [
        (one.task, points)
        for one in opinions
        if one.task.pk != task.pk and (points := getattr(one, name)) is not None
    ]


def next_after(opinions: list[Own], task: Task) -> Task | None:
    """The next task, after this one, on which there is no opinion yet; None at the end."""
    places = [one.task.pk for one in opinions]
    start = places.index(task.pk) + 1 if task.pk in places else 0
    return next((one.task for one in opinions[start:] if not one.is_given), None)
