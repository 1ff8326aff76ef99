"""What a sharing out of the next period is asked: people, tasks, skills, wishes, balances, what is held today.

Everything is read once, on the day the proposals are asked for, and kept with them. Where the registry is
silent, approved hours of the year speak: what a task took, who practises a role. Each such guess is
counted and said on the page.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Max, Min, Sum
from django.utils.translation import gettext_lazy as _

from members.models import Cooperative, Pause, WorkStatus
from roles import coverage, training
from roles.models import Assignment, LearningWish, Refusal, Role, Rotation, Task, Term
from roles.periods import WINDOW, Period, in_weeks
from roles.proposal_ids import member_id, role_id, task_id
from roles.proposal_units import STEP, config, given, to_grid
from roles.rhythm import periods_of
from roles.rotation.turns import turns
from timesheets.models import LeaveDay, TimeEntry

from .balance import HOUR, Sharing, sharing

#: Hours in the window from which somebody who declared nothing counts as doing a role alone, or teaching it.
PRACTISED, TAUGHT = 20, 100
#: Hours of a role in a period from which it is touched, and fewer hours than which nobody is given a turn.
TOUCHED, ENOUGH = 4, 40
NOTES = {
    "tasks_by_hours": _("Tasks without expected hours: the hours they took in the last periods are used."),
    "tasks_left_out": _("Tasks without expected hours that took none either: they are not in the plan."),
    "skills_by_hours": _(
        "Levels nobody declared: whoever has done a role for 20 hours in a year counts as autonomous in it."
    ),
    "unrated": _("Tasks with fewer than three ratings: they count as the mean of the co-op."),
    "hours_by_habit": _("People without agreed hours: their usual hours are used."),
    "teaching": _(
        "Turns to come near a role beside somebody: 4 h each are kept in the time of those who teach it."
    ),
}


@dataclass
class Gathered:
    """What a period is shared out from, and the guesses that were needed, counted."""

    period: Period
    found: Sharing
    tasks: list[Task]
    roles: list[Role]
    #: The first and the last approved day of the window; None when no hours are approved.
    approved: tuple[date, date] | None
    notes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def elapsed(self) -> Fraction:
        """Periods with hours behind the averages: the weeks from the first approved day to the last."""
        if self.approved is None:
            return Fraction(0)
        first, last = (day - timedelta(days=(day - self.period.first).days % 7) for day in self.approved)
        return Fraction((last - first).days // 7 + 1, self.period.weeks)


def next_period(cooperative: Cooperative | None, today: date) -> Period:
    """The period that follows the one that runs."""
    return periods_of(cooperative).after(today)


def inputs(cooperative: Cooperative | None, period: Period, today: date) -> dict[str, Any]:
    """The problem of a period as `roles.rotation` reads it, with the notes on what was guessed."""
    found = sharing(cooperative, today)
    tasks = list(Task.objects.to_share().select_related("role").order_by("role__name", "name"))
    gathered = Gathered(period, found, tasks, list(Role.objects.in_use()), _approved_days(found))
    levels = _levels(gathered, today)
    wishes = training.wishes(found.people.values())
    hours = _hours_of_people(gathered)
    asked = _hours_of_tasks(gathered)
    due = _due(gathered, levels, wishes, hours, asked)
    teaching = _teaching(gathered, levels, due)
    hours = {pk: to_grid(max(Fraction(0), whole - teaching.get(pk, 0))) for pk, whole in hours.items()}
    current = _current(gathered, today)
    learning = Counter(role for person, role in due if levels.get((person, role), 0) < coverage.AUTONOMOUS)
    problem = {
        "members": [
            {
                "id": member_id(pk),
                "hours": given(hours[pk]),
                "skills": {role_id(role): level for (who, role), level in levels.items() if who == pk},
                "wants": {role_id(role): wish for (who, role), wish in wishes.items() if who == pk and wish},
                "carry": _carry(found, pk),
                "counted": found.whole.standings[pk].is_counted and not found.is_new(pk),
            }
            for pk in found.people
        ],
        "tasks": [_task(gathered, task, asked[task.pk]) for task in tasks if asked.get(task.pk)],
        "mandates": _mandates(gathered, current, asked, hours, learning),
        "refusals": [
            [member_id(person), task_id(task)]
            for person, task in Refusal.objects.filter(person__in=list(found.people)).values_list(
                "person", "task"
            )
        ],
        "touch": [[member_id(person), role_id(role)] for person, role in due],
        "current": [
            [member_id(person), task_id(task), given(amount)] for (person, task), amount in current.items()
        ],
        "config": config(len(found.people)),
    }
    return {"problem": problem, "notes": {name: count for name, count in gathered.notes.items() if count}}


def _approved_days(found: Sharing) -> tuple[date, date] | None:
    """The first and the last day of the window with approved hours."""
    first, last = found.periods[0].first, min(found.today, found.periods[-1].last)
    approved = TimeEntry.objects.filter(approved_at__isnull=False, day__range=(first, last))
    days = approved.aggregate(first=Min("day"), last=Max("day"))
    return None if days["first"] is None else (days["first"], days["last"])


def _hours_of_people(gathered: Gathered) -> dict[int, Fraction]:
    """Agreed hours of the period, leave taken off; usual hours where none are agreed. None on a pause."""
    period, found = gathered.period, gathered.found
    statuses = WorkStatus.objects.during(period.first, period.last).filter(person__in=list(found.people))
    agreed: dict[int, Fraction] = defaultdict(Fraction)
    for row in statuses:
        first, last = max(period.first, row.starts_on), min(period.last, row.ends_on or period.last)
        weeks = Fraction((last - first).days + 1, 7)
        agreed[row.person_id] += weeks * Fraction(row.agreed_minutes_per_week, HOUR)
    there = _there(found.people, period)
    away = dict(
        LeaveDay.objects.standing()
        .filter(day__range=(period.first, period.last), person__in=list(found.people))
        .order_by()
        .values("person")
        .annotate(total=Sum("minutes"))
        .values_list("person", "total")
    )
    hours = {}
    for pk in found.people:
        whole = agreed[pk]
        if not whole and gathered.elapsed and there[pk]:
            whole = there[pk] * found.whole.standings[pk].hours / gathered.elapsed
            gathered.notes["hours_by_habit"] += bool(whole)
        hours[pk] = to_grid(max(Fraction(0), whole - Fraction(away.get(pk, 0), HOUR)))
    return hours


def _there(people: Iterable[int], period: Period) -> dict[int, Fraction]:
    """The share of the period on which each person is not on pause."""
    there = dict.fromkeys(people, Fraction(1))
    pauses = Pause.objects.during(period.first, period.last).filter(person__in=list(there))
    for pause in pauses:
        first, last = max(period.first, pause.starts_on), min(period.last, pause.ends_on or period.last)
        there[pause.person_id] -= Fraction((last - first).days + 1, period.weeks * 7)
    return there


def _hours_of_tasks(gathered: Gathered) -> dict[int, Fraction]:
    """Expected hours of the period; what the task took in the window where nobody wrote any."""
    weeks, lived = gathered.period.weeks, _lived(gathered)
    taken: dict[int, Fraction] = defaultdict(Fraction)
    for (_person, pk), amount in lived.items():
        taken[pk] += amount
    hours: dict[int, Fraction] = {}
    for task in gathered.tasks:
        if task.expected_minutes_per_quarter:
            amount = Fraction(in_weeks(task.expected_minutes_per_quarter, weeks), HOUR)
        else:
            amount = taken.get(task.pk, Fraction(0))
            gathered.notes["tasks_by_hours" if amount else "tasks_left_out"] += 1
        hours[task.pk] = to_grid(amount)
    return hours


def _lived(gathered: Gathered) -> dict[tuple[int, int], Fraction]:
    """Approved hours of each (person, task) in an average period of the window."""
    found: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    if gathered.elapsed:
        for person, own in gathered.found.whole.by_person.items():
            for key, hours in own.items():
                if key is not None and key[1] is not None:
                    found[person, key[1]] += hours / gathered.elapsed
    return found


def _task(gathered: Gathered, task: Task, hours: Fraction) -> dict[str, Any]:
    """A task with the ratings that count in the period: from the next on, those published by now."""
    rating = gathered.found.rating_in(gathered.period, task.pk)
    gathered.notes["unrated"] += not rating.is_rated
    chunk = min(Fraction(task.smallest_chunk_minutes, HOUR), hours)
    # So many people at least, and a chunk each, only as far as there are hours for them.
    people = max(1, min(task.min_people, int(hours / chunk))) if chunk else 1
    return {
        "id": task_id(task.pk),
        "role": role_id(task.role_id),
        "hours": given(hours),
        "d": given(rating.d),
        "e": given(rating.e),
        "rated": rating.is_rated,
        "min_people": people,
        "max_people": task.max_people,
        "min_chunk": given(chunk),
        "learner_share": task.learners_share,
        "learners_per_mentor": task.learners_per_mentor,
    }


def _carry(found: Sharing, person: int) -> dict[str, Any]:
    """The balance brought into the period, and the hours it comes from."""
    carried = found.carried(person)
    hours = Fraction(0) if found.is_new(person) else found.whole.standings[person].hours
    return {"d": given(carried["d"]), "e": given(carried["e"]), "hours": given(hours)}


def _by_role(gathered: Gathered) -> dict[tuple[int, int], list[Fraction]]:
    """Approved hours of each (person, role) in each period of the window, oldest first."""
    role_of = {task.pk: task.role_id for task in gathered.tasks}
    found: dict[tuple[int, int], list[Fraction]] = defaultdict(lambda: [Fraction(0)] * WINDOW)
    for place, picture in enumerate(gathered.found.by_period):
        for person, own in picture.by_person.items():
            for task, hours in own.items():
                if task in role_of:
                    found[person, role_of[task]][place] += hours
    return found


def _levels(gathered: Gathered, today: date) -> dict[tuple[int, int], int]:
    """The levels that count; by hours where nobody declared any."""
    levels = dict(training.levels(today, gathered.found.people.values()))
    for (person, role), hours in _by_role(gathered).items():
        if (person, role) not in levels and person in gathered.found.people and sum(hours) >= PRACTISED:
            levels[person, role] = 3 if sum(hours) >= TAUGHT else 2
            gathered.notes["skills_by_hours"] += 1
    return levels


def _current(gathered: Gathered, today: date) -> dict[tuple[int, int], Fraction]:
    """Who holds what today: what was adopted for today, or what people do, or what they carry."""
    in_plan = {task.pk for task in gathered.tasks}
    carried = Assignment.objects.on(today).filter(
        planned_minutes_per_week__isnull=False, task__in=in_plan, person__in=list(gathered.found.people)
    )
    weeks = gathered.period.weeks
    found = {
        (row.person_id, row.task_id): to_grid(Fraction(row.planned_minutes_per_week * weeks, HOUR))
        for row in carried
    }
    adopted = Rotation.objects.filter(adopted__isnull=False, first_on__lte=today, last_on__gte=today)
    if not adopted.exists():
        lived = {
            pair: to_grid(hours)
            for pair, hours in _lived(gathered).items()
            if pair[0] in gathered.found.people and pair[1] in in_plan
        }
        at_work = {person for person, _task in lived}
        found = lived | {pair: hours for pair, hours in found.items() if pair[0] not in at_work}
    return {pair: hours for pair, hours in found.items() if hours >= 1}


def _mandates(
    gathered: Gathered,
    current: Mapping[tuple[int, int], Fraction],
    asked: Mapping[int, Fraction],
    hours: Mapping[int, Fraction],
    learning: Mapping[int, int],
) -> list[list[Any]]:
    """Who holds a role by a term that goes on keeps what they have of its tasks.

    All together never more than the people have, nor than the tasks ask without what others need: a smallest
    part for each person who is wanted beside them, some hours of the role for each whose turn it is to learn
    it. What is kept gets smaller with them.
    """
    terms = set(
        Term.objects.on(gathered.period.first)
        .filter(starts_on__lt=gathered.period.first)
        .values_list("person", "role")
    )
    role_of = {task.pk: task.role_id for task in gathered.tasks}
    kept = {
        (person, task): amount
        for (person, task), amount in current.items()
        if (person, role_of[task]) in terms and asked.get(task)
    }
    left = _left_to_terms(gathered, asked, Counter(task for _person, task in kept), learning)
    for place, limit in ((1, left), (0, hours)):
        total: dict[int, Fraction] = defaultdict(Fraction)
        for pair, amount in kept.items():
            total[pair[place]] += amount
        for pair, amount in kept.items():
            most = limit[pair[place]]
            if total[pair[place]] > most:
                kept[pair] = math.floor(amount * most / total[pair[place]] / STEP) * STEP
    return [
        [member_id(person), task_id(task), given(amount)] for (person, task), amount in kept.items() if amount
    ]


def _teaching(
    gathered: Gathered, levels: Mapping[tuple[int, int], int], due: frozenset[tuple[int, int]]
) -> dict[int, Fraction]:
    """The hours each mentor keeps free to teach those whose turn it is: an hour for an hour, shared evenly.

    Teaching is work to be done, not what is left over: these hours are given to no other task.
    """
    kept: dict[int, Fraction] = defaultdict(Fraction)
    for person, role in due:
        if levels.get((person, role), 0) >= coverage.AUTONOMOUS:
            continue
        mentors = [
            pk
            for pk in gathered.found.people
            if pk != person and levels.get((pk, role), 0) >= coverage.CAN_MENTOR
        ]
        gathered.notes["teaching"] += bool(mentors)
        for pk in mentors:
            kept[pk] += Fraction(TOUCHED, len(mentors))
    return dict(kept)


def _left_to_terms(
    gathered: Gathered,
    asked: Mapping[int, Fraction],
    holders: Mapping[int, int],
    learning: Mapping[int, int],
) -> dict[int, Fraction]:
    """The hours of each task that those who hold its role by a term may keep."""
    largest = {task.role_id: task for task in sorted(gathered.tasks, key=lambda task: asked[task.pk])}
    left = {}
    for task in gathered.tasks:
        others = max(0, task.min_people - holders[task.pk])
        taken = others * Fraction(task.smallest_chunk_minutes, HOUR)
        if task == largest[task.role_id]:
            open_to_them = asked[task.pk] * task.learners_percent / 100
            taken = max(taken, min(open_to_them, Fraction(TOUCHED * learning.get(task.role_id, 0))))
        left[task.pk] = max(Fraction(0), asked[task.pk] - taken)
    return left


def _due(
    gathered: Gathered,
    levels: Mapping[tuple[int, int], int],
    wishes: Mapping[tuple[int, int], int],
    hours: Mapping[int, Fraction],
    asked: Mapping[int, Fraction],
) -> frozenset[tuple[int, int]]:
    """Whose turn it is to come near which role: who has waited longest, within the places of learners.

    Nobody is sent where they said they would rather not go.
    """
    done = _by_role(gathered)
    people = [pk for pk in gathered.found.people if hours[pk] >= ENOUGH]
    at_work = {task.role_id for task in gathered.tasks if asked.get(task.pk)}
    roles = [role for role in gathered.roles if role.pk in at_work]
    late = {}
    for person in people:
        for role in roles:
            touched = [n for n, amount in enumerate(done.get((person, role.pk), ())) if amount >= TOUCHED]
            waited = WINDOW - 1 - touched[-1] if touched else WINDOW + 1
            if waited and wishes.get((person, role.pk)) != LearningWish.Wish.NO:
                late[str(person), str(role.pk)] = waited + Fraction(wishes.get((person, role.pk), 0), 2)
    places = training.places(levels, weeks=gathered.period.weeks, present=people).by_role
    chosen = turns(
        {pair: given(wait) for pair, wait in late.items()},
        {str(role): count for role, count in places.items()},
        roles=len(roles),
        periods=WINDOW,
        needs_place={
            (person, role): levels.get((int(person), int(role)), 0) < coverage.AUTONOMOUS
            for person, role in late
        },
    )
    return frozenset((int(person), int(role)) for person, role in chosen)
