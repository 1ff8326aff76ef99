"""Who carries what: a person takes up a task, and hands it over, on a day.

The tasks somebody carries stand first in their week. Anybody may log hours on any task: carrying it
means answering for it, not owning it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Expression, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Person, Power
from members.powers import demand

from .models import Assignment, Task

journal.name_events({"roles.assigned": _("task taken up"), "roles.handed_over": _("task handed over")})


class TaskIsRetired(Refused):
    sentence = _("This task is retired: nobody takes it up any more.")


class ToBeClassified(Refused):
    sentence = _("The hours of this task are still to be classified: nobody carries it.")


class HandedOverAlready(Refused):
    sentence = _("This task was handed over already.")


class OwnRoles(NamedTuple):
    """The roles somebody carries tasks of today, and those that come next, from a day: number and name."""

    now: list[tuple[int, str]]
    next_on: date | None
    coming: list[tuple[int, str]]


def carried_by(person: Expression, day: Expression) -> ArraySubquery:
    """The roles of the tasks a person carries on a day or later; `read_carried` reads them."""
    carried = Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), person=person)
    return ArraySubquery(
        carried.order_by("task__role__name").values(
            row=JSONObject(role="task__role", name="task__role__name", starts_on="starts_on")
        )
    )


def read_carried(rows: Iterable[Mapping], today: date) -> OwnRoles:
    """What `carried_by` found: the roles of today, and those that come next."""
    found = [(date.fromisoformat(row["starts_on"]), row["role"], row["name"]) for row in rows]
    next_on = min((day for day, _role, _name in found if day > today), default=None)
    now = dict.fromkeys((role, name) for day, role, name in found if day <= today)
    coming = dict.fromkeys((role, name) for day, role, name in found if day == next_on)
    return OwnRoles(list(now), next_on, list(coming))


@transaction.atomic
def assign(
    task: Task,
    *,
    by: Person,
    person: Person,
    starts_on: date,
    ends_on: date | None = None,
    planned_minutes_per_week: int | None = None,
) -> Assignment:
    """A person carries the task from that day on. Raises `TaskIsRetired`, `ToBeClassified`."""
    demand(by, Power.KEEP_ROLES)
    if not Task.objects.in_use().filter(pk=task.pk).exists():
        raise TaskIsRetired
    if task.is_unclassified:
        raise ToBeClassified
    assignment = Assignment(
        task=task,
        person=person,
        starts_on=starts_on,
        ends_on=ends_on,
        planned_minutes_per_week=planned_minutes_per_week,
    )
    write(assignment)
    journal.record("roles.assigned", by=by, task=task.pk, person=person.pk, **journal.days(assignment))
    return assignment


@transaction.atomic
def hand_over(assignment: Assignment, *, by: Person, ends_on: date) -> Assignment:
    """The last day on which the person carries the task. Raises `HandedOverAlready`."""
    demand(by, Power.KEEP_ROLES)
    assignment = locked(assignment)
    if assignment.ends_on is not None and assignment.ends_on <= ends_on:
        raise HandedOverAlready
    assignment.ends_on = ends_on
    write(assignment)
    journal.record(
        "roles.handed_over",
        by=by,
        task=assignment.task_id,
        person=assignment.person_id,
        **journal.days(assignment),
    )
    return assignment
