"""Who did what share of the pleasant and of the instructive work, from approved hours.

The arithmetic is `roles.balance`; here it is given the hours, grouped by the database, and the ratings
that were in force: those published when a period opened, so that nothing moves in the middle of it. Hours
of before the first publication are read with the first one. Six queries, whatever the number of people.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from django.db.models import Case, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Least
from django.utils import timezone

from members.models import Cooperative, Person, WorkStatus
from roles import balance, votes
from roles.balance import DIMENSIONS, ByDimension, Part, Picture, Rating, Standing
from roles.models import PublishedRating, Task
from roles.periods import Period
from roles.rhythm import periods_of
from timesheets.models import TimeEntry

HOUR = 60


@dataclass(frozen=True)
class Sharing:
    """The balance of the co-op over a window of periods, the last of which is running.

    `whole` is the window (its tasks are told apart by period, each with the ratings of its own);
    `by_period` are the periods alone. The task None is for hours that nobody has classified yet. `people`
    are those who are here today; the hours of those who left are in the means only. `unpaid` are hours of
    days on which a person had no paid status.
    """

    periods: Sequence[Period]
    today: date
    people: Mapping[int, Person]
    joined_on: Mapping[int, date]
    tasks: Mapping[int, Task]
    whole: Picture
    by_period: Sequence[Picture]
    unpaid: Mapping[int, Fraction]
    _coming: Mapping[int, Rating]
    _coming_neutral: Rating

    @property
    def standings(self) -> list[tuple[Person, Standing]]:
        """Everybody here, by name: there is no order of merit."""
        return [(person, self.whole.standings[pk]) for pk, person in self.people.items()]

    def rating_in(self, period: Period, task: int) -> Rating:
        """What a task counts for in a period that is planned: what is published by now counts from the next on."""
        if period.first <= self.periods[-1].last:
            return self.by_period[-1].rating_of(task)
        return self._coming.get(task, self._coming_neutral)

    def is_new(self, person: int) -> bool:
        """Here for less than a period: owes nothing for what was before."""
        joined = self.joined_on.get(person)
        return joined is not None and joined > self.today - timedelta(weeks=self.periods[-1].weeks)

    def carried(self, person: int) -> ByDimension:
        """The balance in point-hours a person brings into the next period."""
        if self.is_new(person):
            return dict.fromkeys(DIMENSIONS, Fraction(0))
        return balance.carried(self.by_period, person)

    def parts(self, person: int, dimension: str) -> list[Part]:
        """What each task does to a person's deviation over the window: what weighs most first."""
        found: dict[int | None, list[Part]] = defaultdict(list)
        for part in self.whole.parts(person, dimension):
            _place, task = part.task
            found[task].append(part)
        return sorted((_together(task, parts) for task, parts in found.items()), key=_most_first)

    def hours_of(self, person: int) -> dict[int | None, Fraction]:
        """A person's hours of the window by task."""
        found: dict[int | None, Fraction] = defaultdict(Fraction)
        for (_place, task), hours in self.whole.by_person[person].items():
            found[task] += hours
        return dict(found)

    @property
    def to_classify(self) -> dict[int, Fraction]:
        """The hours that each person here has still to classify."""
        return {
            pk: self.whole.standings[pk].unclassified
            for pk in self.people
            if self.whole.standings[pk].unclassified
        }

    @property
    def unpaid_hours(self) -> Fraction:
        """The unpaid hours of everybody, those who left included."""
        return sum(self.unpaid.values(), Fraction(0))

    @property
    def is_unrated(self) -> bool:
        """Is no task rated yet, so that everybody is at the mean for want of anything to compare?"""
        return not any(self.whole.rating_of(key).is_rated for key in self.whole.by_task)


def sharing(cooperative: Cooperative | None, today: date) -> Sharing:
    """The balance over the period of that day and the three before it."""
    periods = periods_of(cooperative).window(today)
    entries = TimeEntry.objects.filter(
        approved_at__isnull=False, day__range=(periods[0].first, periods[-1].last)
    )
    done = _done(entries, periods)
    people = Person.objects.active().here(today).by_name()
    joined_on = dict(
        people.annotate(
            joined=Least(Min("work_statuses__starts_on"), Min("memberships__starts_on"))
        ).values_list("pk", "joined")
    )
    here = {person.pk: person for person in people}
    gone = {person for person, *_rest in done} - here.keys()
    # Those nobody has worked on have their ratings too: a plan may hold them.
    logged = {task for _person, _place, task, _hours in done if task is not None}
    in_use = Q(retired_on=None, role__retired_on=None)
    named = Task.objects.filter(in_use | Q(pk__in=logged), is_unclassified=False)
    tasks = named.select_related("role").in_bulk()
    ratings, neutrals = _in_force(tasks, [*periods, periods[-1].before(-1)])
    by_period = [
        balance.picture(
            ((person, task, hours) for person, at, task, hours in done if at == place),
            ratings[place],
            people=here,
            gone=gone,
            neutral=neutrals[place],
        )
        for place in range(len(periods))
    ]
    whole = balance.picture(
        ((person, (at, task), hours) for person, at, task, hours in done),
        {
            (place, task): ratings[place][task] if task else neutrals[place]
            for place in range(len(periods))
            for task in [*tasks, None]
        },
        people=here,
        gone=gone,
        to_classify={(place, None) for place in range(len(periods))},
    )
    return Sharing(
        periods,
        today,
        here,
        joined_on,
        tasks,
        whole,
        by_period,
        _unpaid(entries),
        _coming=ratings[-1],
        _coming_neutral=neutrals[-1],
    )


def _done(
    entries: QuerySet[TimeEntry], periods: Sequence[Period]
) -> list[tuple[int, int, int | None, Fraction]]:
    """Person, place of the period, task (None where nobody has said which), hours: summed by the database."""
    places = [When(day__lte=period.last, then=Value(place)) for place, period in enumerate(periods[:-1])]
    at = Case(*places, default=Value(len(periods) - 1), output_field=IntegerField())
    rows = (
        entries.order_by()
        .annotate(
            place=at,
            of_task=Case(When(task__is_unclassified=False, then="task_id"), output_field=IntegerField()),
        )
        .values("person_id", "place", "of_task")
        .annotate(total=Sum("minutes"))
        .values_list("person_id", "place", "of_task", "total")
    )
    return [(person, place, task, Fraction(total, HOUR)) for person, place, task, total in rows if total]


def _unpaid(entries: QuerySet[TimeEntry]) -> dict[int, Fraction]:
    status = WorkStatus.objects.on(OuterRef("day")).filter(person=OuterRef("person"))
    rows = entries.filter(~Exists(status)).order_by().values("person_id").annotate(total=Sum("minutes"))
    return {person: Fraction(total, HOUR) for person, total in rows.values_list("person_id", "total")}


def _in_force(
    tasks: Mapping[int, Task], periods: Sequence[Period]
) -> tuple[list[dict[int, Rating]], list[Rating]]:
    """The ratings of each period as they were when it opened, and what stands in for a task without any."""
    rows = list(PublishedRating.objects.filter(published_at__lt=_opening(periods[-1].first)))
    by_place: dict[tuple[int, str], list[PublishedRating]] = defaultdict(list)
    for row in rows:
        by_place[row.task_id, row.dimension].append(row)
    ratings, neutrals = [], []
    for period in periods:
        opening = _opening(period.first)
        means = {d: _mean([row for row in rows if row.dimension == d], opening) for d in DIMENSIONS}
        neutrals.append(Rating(means["d"], means["e"], is_rated=False))
        ratings.append(
            {
                pk: _rating(
                    {d: _last(by_place.get((pk, d), ()), opening, task.worded_at) for d in DIMENSIONS}, means
                )
                for pk, task in tasks.items()
            }
        )
    return ratings, neutrals


def _rating(rows: Mapping[str, PublishedRating | None], means: Mapping[str, Fraction]) -> Rating:
    points = {
        d: Fraction(row.points) if row is not None and row.points is not None else None
        for d, row in rows.items()
    }
    used = {d: means[d] if points[d] is None else points[d] for d in DIMENSIONS}
    return Rating(used["d"], used["e"], is_rated=None not in points.values())


def _last(rows: Sequence[PublishedRating], opening: datetime, worded_at: datetime) -> PublishedRating | None:
    """What was published when a period opened; what was published first after it, if nothing was yet."""
    if worded_at <= opening:
        rows = [row for row in rows if row.published_at >= worded_at]
    before = [row for row in rows if row.published_at <= opening]
    return before[-1] if before else next(iter(rows), None)


def _mean(rows: Sequence[PublishedRating], opening: datetime) -> Fraction:
    before = [row for row in rows if row.published_at <= opening]
    row = before[-1] if before else next(iter(rows), None)
    return Fraction(votes.MIDDLE) if row is None else Fraction(row.mean)


def _opening(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _together(task: int | None, parts: Sequence[Part]) -> Part:
    """The parts of one task over several periods, as one; its rating is that of the co-op's hours."""
    usual = sum((part.usual for part in parts), Fraction(0))
    return Part(
        task,
        sum((part.share for part in parts), Fraction(0)),
        usual,
        sum((part.usual * part.rating for part in parts), Fraction(0)) / usual,
        sum((part.points for part in parts), Fraction(0)),
    )


def _most_first(part: Part) -> tuple[Fraction, Fraction]:
    """What weighs most; of two that weigh the same, what the person does."""
    return -abs(part.points), -part.share


# Those who do a task -----------------------------------------------------------------------------

#: Whoever does that share of a task's hours in the window does it; the others see it from outside.
HOLDS_FROM = Fraction(1, 5)


def holders(found: Sharing) -> dict[int, set[int]]:
    """The people who do each task: a fifth of its hours in the window or more."""
    totals: dict[int, Fraction] = defaultdict(Fraction)
    own: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for person, hours in found.whole.by_person.items():
        for (_place, task), amount in hours.items():
            if task is not None:
                totals[task] += amount
                own[task, person] += amount
    doing: dict[int, set[int]] = defaultdict(set)
    for (task, person), amount in own.items():
        if amount and amount >= HOLDS_FROM * totals[task]:
            doing[task].add(person)
    return dict(doing)
