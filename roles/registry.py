"""The registry of roles and tasks: what there is to do, as the co-op names it.

An hour hangs on its task itself: retiring a task, or its role, hides it from picking and takes no
name away from past hours. Another name is for the same work better said; other work is another
task. A task that is split, merged or moved is retired, and says in which tasks it goes on: past hours
stay where they were logged. An issued stub keeps the name it was printed with.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.dated import day_before
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Person, Power
from members.powers import Author, demand, person_of

from .models import Assignment, Role, Task, TaskSuccession, TaskText

journal.name_events(
    {
        "roles.role_created": _("role created"),
        "roles.role_changed": _("role changed"),
        "roles.role_retired": _("role retired"),
        "roles.role_brought_back": _("role brought back"),
        "roles.task_created": _("task created"),
        "roles.task_changed": _("task changed"),
        "roles.task_renamed": _("task renamed"),
        "roles.task_split": _("task split"),
        "roles.tasks_merged": _("tasks merged"),
        "roles.role_merged": _("role merged into another"),
        "roles.task_retired": _("task retired"),
        "roles.task_brought_back": _("task brought back"),
    }
)


#: What is copied from a task to those in which it goes on.
TASK_TEXT = tuple(field.name for field in TaskText._meta.fields)


class NotInUse(Refused):
    sentence = _("This task is retired: split or merge tasks that are still picked.")


class NotClassified(Refused):
    sentence = _("The hours of this task are still to be classified: it is neither split nor merged.")


class PartsMissing(Refused):
    sentence = _("A task is split into at least two others, and merged with at least one other.")


class PartsNotWhole(Refused):
    sentence = _("The parts of the past hours make up 100 %.")


class IntoItself(Refused):
    sentence = _("A role is merged into another one that is in use.")


@transaction.atomic
def create_role(*, by: Author, name: str, aim: str = "", **charter) -> Role:
    """A new role, without tasks yet. `charter` is what else is said of it (`authority`, `term_months`…)."""
    demand(by, Power.KEEP_ROLES)
    role = Role(name=name, aim=aim, written_by=person_of(by), **charter)
    write(role)
    journal.record("roles.role_created", by=by, id=role.pk)
    return role


@transaction.atomic
def change_role(role: Role, *, by: Author, **charter) -> Role:
    """Say something of the role otherwise; what it said before stays readable. The same again changes nothing."""
    demand(by, Power.KEEP_ROLES)
    role = locked(role)
    changed = sorted(name for name, value in charter.items() if getattr(role, name) != value)
    if changed:
        for name in changed:
            setattr(role, name, charter[name])
        role.written_at, role.written_by = timezone.now(), person_of(by)
        write(role)
        journal.record("roles.role_changed", by=by, id=role.pk, fields=changed)
    return role


@transaction.atomic
def create_task(role: Role, *, by: Person, name: str, **asked) -> Task:
    """Something more to do inside a role. `asked` is what it asks of the co-op (`expected_minutes_per_quarter`…)."""
    demand(by, Power.KEEP_ROLES)
    task = Task(role=role, name=name, **asked)
    write(task)
    journal.record("roles.task_created", by=by, id=task.pk, role=role.pk)
    return task


@transaction.atomic
def change_task(task: Task, *, by: Person, **said) -> Task:
    """Say the same task otherwise, past hours included: they are hours of that task.

    Ratings were given to its words: when its name or what it covers changes, they are asked again.
    """
    demand(by, Power.KEEP_ROLES)
    task = locked(task)
    changed = sorted(name for name, value in said.items() if getattr(task, name) != value)
    if changed:
        for name in changed:
            setattr(task, name, said[name])
        if not {"name", "description"}.isdisjoint(changed):
            task.worded_at = timezone.now()
        write(task)
        journal.record("roles.task_changed", by=by, id=task.pk, fields=changed)
    return task


@transaction.atomic
def split_task(task: Task, *, by: Person, parts: Sequence[tuple[str, int]]) -> list[Task]:
    """The task goes on as several in the same role: their names, and the percent of its hours each takes over.

    Its past hours stay its own, readable under its name; who looks at the present counts them by these
    parts. Expected hours are shared out in the same way. Who carried it carries the parts.
    """
    demand(by, Power.KEEP_ROLES)
    task = _in_use([task])[0]
    if len(parts) < 2:
        raise PartsMissing
    if sum(percent for _name, percent in parts) != 100:
        raise PartsNotWhole
    _leave(task)
    made = [_like(task, task.role, name=name, percent=percent) for name, percent in parts]
    _follow({task: list(zip(made, (percent for _name, percent in parts), strict=True))})
    journal.record("roles.task_split", by=by, id=task.pk, into=[one.pk for one in made])
    return made


@transaction.atomic
def merge_tasks(tasks: Iterable[Task], *, by: Person, name: str) -> Task:
    """Several tasks of one role go on as one, of that name, with the hours expected of all of them."""
    demand(by, Power.KEEP_ROLES)
    tasks = _in_use(tasks)
    if len(tasks) < 2 or len({task.role_id for task in tasks}) > 1:
        raise PartsMissing
    for task in tasks:
        _leave(task)
    made = _like(tasks[0], tasks[0].role, name=name)
    made.expected_minutes_per_quarter = sum(one.expected_minutes_per_quarter or 0 for one in tasks) or None
    write(made)
    _follow({task: [(made, 100)] for task in tasks})
    journal.record("roles.tasks_merged", by=by, id=made.pk, merged=[task.pk for task in tasks])
    return made


@transaction.atomic
def merge_role(role: Role, *, by: Person, into: Role) -> Role:
    """The role's work goes on in another role: each task there under its name, and the role is retired.

    A task of that name there takes over the hours expected as well. Past hours stay with the role in which
    they were done.
    """
    demand(by, Power.KEEP_ROLES)
    role, into = locked(role), locked(into)
    if role == into or role.retired_on or into.retired_on:
        raise IntoItself
    there = {task.name: task for task in into.tasks.filter(retired_on=None)}
    tasks = list(role.tasks.filter(retired_on=None))
    follows = {}
    for task in tasks:
        _leave(task)
        follows[task] = [(_added_to(there.get(task.name), task) or _like(task, into), 100)]
    _follow(follows)
    role.retired_on, role.merged_into = timezone.localdate(), into
    write(role)
    journal.record("roles.role_merged", by=by, id=role.pk, into=into.pk)
    return into


def _in_use(tasks: Iterable[Task]) -> list[Task]:
    tasks = [locked(task) for task in sorted(tasks, key=lambda task: task.pk)]
    if any(task.retired_on or task.role.retired_on for task in tasks):
        raise NotInUse
    if any(task.is_unclassified for task in tasks):
        raise NotClassified
    return tasks


def _leave(task: Task) -> None:
    """Nobody picks the task any more; its name is free for what follows."""
    task.retired_on = timezone.localdate()
    write(task)


def _added_to(task: Task | None, other: Task) -> Task | None:
    """The task, with the hours expected of the other one beside its own."""
    if task and other.expected_minutes_per_quarter:
        task.expected_minutes_per_quarter = (
            task.expected_minutes_per_quarter or 0
        ) + other.expected_minutes_per_quarter
        write(task)
    return task


def _like(task: Task, role: Role, *, percent: int = 100, **said) -> Task:
    """A new task that says what another said, with that part of the hours expected of it."""
    copied = {name: getattr(task, name) for name in TASK_TEXT} | said
    if task.expected_minutes_per_quarter:
        copied["expected_minutes_per_quarter"] = max(1, task.expected_minutes_per_quarter * percent // 100)
    made = Task(role=role, is_unclassified=task.is_unclassified, **copied)
    write(made)
    return made


def _follow(parts: Mapping[Task, Sequence[tuple[Task, int]]]) -> None:
    """Write in which tasks others go on, and have who carries them carry what follows from today."""
    today = timezone.localdate()
    TaskSuccession.objects.bulk_create(
        TaskSuccession(task=task, successor=successor, percent=percent, since=today)
        for task, following in parts.items()
        for successor, percent in following
    )
    for task, following in parts.items():
        for assignment in task.assignments.during(today, date.max):
            for successor, percent in following:
                _carry_on(assignment, successor, percent, today)
            if assignment.starts_on >= today:
                assignment.delete()
            else:
                assignment.ends_on = day_before(today)
                write(assignment)


def _carry_on(assignment: Assignment, successor: Task, percent: int, today: date) -> None:
    """Who carried a task carries what follows, for their part; hours planned on both are added up."""
    planned = assignment.planned_minutes_per_week and max(
        1, assignment.planned_minutes_per_week * percent // 100
    )
    first, last = max(today, assignment.starts_on), assignment.ends_on
    held = successor.assignments.filter(person=assignment.person_id).during(first, last or date.max).first()
    if held is None:
        held = Assignment(person=assignment.person, task=successor, starts_on=first, ends_on=last)
        held.planned_minutes_per_week = planned
    elif planned:
        held.planned_minutes_per_week = min(7 * 24 * 60, (held.planned_minutes_per_week or 0) + planned)
    with suppress(Refused):  # somebody whose terms are over does not take up what follows
        write(held)


@transaction.atomic
def retire(thing: Role | Task, *, by: Author) -> None:
    """From today nobody picks this role (with its tasks) or this task; past hours keep it. Twice is once."""
    demand(by, Power.KEEP_ROLES)
    thing = locked(thing)
    if thing.retired_on is None:
        thing.retired_on = timezone.localdate()
        write(thing)
        journal.record(f"roles.{thing._meta.model_name}_retired", by=by, id=thing.pk)


@transaction.atomic
def bring_back(thing: Role | Task, *, by: Person) -> None:
    """The role or the task may be picked again, unless another one took its name meanwhile."""
    demand(by, Power.KEEP_ROLES)
    thing = locked(thing)
    if thing.retired_on is not None:
        thing.retired_on = None
        write(thing)
        journal.record(f"roles.{thing._meta.model_name}_brought_back", by=by, id=thing.pk)
