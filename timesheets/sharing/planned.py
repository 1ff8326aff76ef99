"""What was planned beside what was lived, for a period: the plan is what people carry, in hours a week.

A plan is expected up to the last day that was approved for anybody, and without the days of leave: neither
a week that waits for the committee nor a vacation reads as a default.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Max

from members.models import Person
from roles import lived
from roles.lived import Lived, TaskLived
from roles.models import Assignment, Task
from roles.periods import Period
from timesheets.leave_days import days_between, is_working_day
from timesheets.models import LeaveDay, TimeEntry

from .balance import HOUR, Sharing

DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class PlannedAndLived:
    """A period, up to which day it is compared; each person, with the tasks not started, and each task.

    The task None stands for hours that nobody has classified yet: they were planned by nobody.
    """

    period: Period
    through: date | None
    people: Mapping[Person, tuple[Lived, list[Task]]]
    by_task: Mapping[Task | None, TaskLived]

    @property
    def has_plan(self) -> bool:
        return any(one.planned for one in self.by_task.values())


def planned_and_lived(found: Sharing, place: int) -> PlannedAndLived:
    """The period at that place of the window. Four queries."""
    period, picture = found.periods[place], found.by_period[place]
    approved = TimeEntry.objects.filter(
        approved_at__isnull=False, day__range=(period.first, min(period.last, found.today))
    )
    through = approved.aggregate(last=Max("day"))["last"]
    planned = _planned(found, period, through) if through else {}
    retired = {task for _person, task in planned} - found.tasks.keys()
    tasks = {**Task.objects.select_related("role").in_bulk(retired), **found.tasks}
    logged = {pk: dict(own) for pk, own in picture.by_person.items()}
    ratings = {task: picture.rating_of(task) for task in tasks}
    plans: dict[int, dict[int, Fraction]] = defaultdict(dict)
    for (who, task), hours in planned.items():
        plans[who][task] = hours
    people = {}
    for pk, person in found.people.items():
        if pk in plans or logged.get(pk):
            one = lived.compare(
                plans.get(pk, {}), logged.get(pk, {}), ratings, neutral=picture.rating_of(None)
            )
            people[person] = one, [tasks[task] for task in one.not_started]
    by_task = lived.by_task(
        [(who, task, hours) for (who, task), hours in planned.items()],
        [(who, task, hours) for who, own in logged.items() for task, hours in own.items()],
    )
    named = sorted(((tasks[pk] if pk else None, one) for pk, one in by_task.items()), key=_by_name)
    return PlannedAndLived(period, through, people, dict(named))


def _planned(found: Sharing, period: Period, through: date) -> dict[tuple[int, int], Fraction]:
    """Hours by person and task that were to be expected from the start of the period to that day."""
    first, last = period.first, max(period.first, through)
    rows = Assignment.objects.during(first, last).filter(
        person__in=list(found.people), planned_minutes_per_week__isnull=False
    )
    leave = set(
        LeaveDay.objects.standing().filter(day__range=(first, last)).values_list("person", "day").distinct()
    )
    hours: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for row in rows:
        begins, ends = max(first, row.starts_on), min(last, row.ends_on or last)
        days = [day for day in days_between(begins, ends) if is_working_day(day)]
        present = sum((row.person_id, day) not in leave for day in days)
        weekly = Fraction(row.planned_minutes_per_week, HOUR)
        weeks = Fraction((ends - begins).days + 1, DAYS_OF_WEEK)
        if days:
            hours[row.person_id, row.task_id] += lived.expected_to_date(
                weekly * weeks, Fraction(present), Fraction(len(days))
            )
    return dict(hours)


def _by_name(one: tuple[Task | None, TaskLived]) -> tuple[bool, str, str]:
    task = one[0]
    return (True, "", "") if task is None else (False, task.role.name, task.name)
