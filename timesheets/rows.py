"""The rows of somebody's week before anything is typed: what they carry, their favourites, their timer.

And, for everything else, a search by a few letters of a task, a role, a project or a client.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

from koumbit.forms import plain
from members.models import Person
from roles.models import Role, Task

from .grid import RowKey
from .models import FavouriteRow, Project

# More tasks carried than these are found by typing.
MOST_CARRIED = 12
MOST_FOUND = 20

Head = tuple[Task, Project | None]


@dataclass(frozen=True)
class Running:
    """The timer that runs: on which row, since when."""

    task: Task
    project: Project | None
    started_at: datetime

    @property
    def key(self) -> RowKey:
        return self.task.pk, self.project.pk if self.project else None


@dataclass
class AtHand:
    """The rows a person finds ready in their week, and the timer that runs if one does."""

    carried: list[Head] = field(default_factory=list)
    favourites: list[Head] = field(default_factory=list)
    timer: Running | None = None

    @property
    def carried_tasks(self) -> set[int]:
        return {task.pk for task, _project in self.carried}

    @property
    def favourite_keys(self) -> set[RowKey]:
        return {key_of(head) for head in self.favourites}


def key_of(head: Head) -> RowKey:
    task, project = head
    return task.pk, project.pk if project else None


# Written out, since the week is opened all day: building this union took five times as long as asking it.
_AT_HAND = """
SELECT 'carried', t.id, t.name, r.id, r.name, NULL::bigint AS project, NULL AS project_name,
       a.planned_minutes_per_week AS planned, NULL::timestamptz
FROM roles_assignment a
JOIN roles_task t ON t.id = a.task_id AND t.retired_on IS NULL
JOIN roles_role r ON r.id = t.role_id AND r.retired_on IS NULL
WHERE a.person_id = %(person)s AND a.starts_on <= %(today)s AND coalesce(a.ends_on, 'infinity') >= %(today)s
UNION ALL
SELECT 'favourite', t.id, t.name, r.id, r.name, p.id, p.name, NULL, NULL
FROM timesheets_favouriterow f
JOIN roles_task t ON t.id = f.task_id AND t.retired_on IS NULL
JOIN roles_role r ON r.id = t.role_id AND r.retired_on IS NULL
LEFT JOIN timesheets_project p ON p.id = f.project_id
WHERE f.person_id = %(person)s AND p.closed_on IS NULL
UNION ALL
SELECT 'timer', t.id, t.name, r.id, r.name, p.id, p.name, NULL, m.started_at
FROM timesheets_timer m
JOIN roles_task t ON t.id = m.task_id
JOIN roles_role r ON r.id = t.role_id
LEFT JOIN timesheets_project p ON p.id = m.project_id
WHERE m.person_id = %(person)s
ORDER BY planned DESC NULLS LAST, 5, 3, project_name
"""


def at_hand(person: Person, today: date) -> AtHand:
    """What stands ready in a person's week, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_HAND, {"person": person.pk, "today": today})
        rows = cursor.fetchall()
    found = AtHand()
    for what, task_id, task, role_id, role, project_id, project, _planned, at in rows:
        head = (
            Task(pk=task_id, name=task, role=Role(pk=role_id, name=role)),
            Project(pk=project_id, name=project) if project_id else None,
        )
        if what == "timer":
            found.timer = Running(*head, at)
        elif what == "favourite":
            found.favourites.append(head)
        elif len(found.carried) < MOST_CARRIED:
            found.carried.append(head)
    return found


def heads(keys: Iterable[RowKey]) -> list[Head]:
    """The tasks and projects of rows that may still be picked, in the order asked for."""
    keys = list(dict.fromkeys(keys))
    if not keys:
        return []
    tasks = {
        task.pk: task
        for task in Task.objects.in_use().filter(pk__in={key[0] for key in keys}).select_related("role")
    }
    numbers = {key[1] for key in keys} - {None}
    projects = Project.objects.open().in_bulk(numbers) if numbers else {}
    return [
        (tasks[task], projects.get(project))
        for task, project in keys
        if task in tasks and (project is None or project in projects)
    ]


def toggle_favourite(person: Person, key: RowKey) -> bool:
    """Keep a row at hand, or no more; returns whether it is one now. Theirs alone, and no act of the co-op."""
    task, project = key
    deleted, _by_kind = FavouriteRow.objects.filter(person=person, task=task, project=project).delete()
    if deleted:
        return False
    if not heads([key]):
        return False
    FavouriteRow.objects.get_or_create(person=person, task_id=task, project_id=project)
    return True


def search(text: str) -> list[Head]:
    """Tasks, and tasks on projects, in which each word of the text stands: accents and case do not matter.

    A word may stand in the task, its role, the project or its client. A project is named only when a
    word points to it.
    """
    words = plain(text).split()
    if not words:
        return []
    tasks = [
        (task, plain(f"{task.name} {task.role.name}"))
        for task in Task.objects.in_use().select_related("role").order_by("role__name", "name")
    ]
    projects = [
        (project, plain(f"{project.name} {project.client.name if project.client else ''}"))
        for project in Project.objects.open().select_related("client").order_by("name")
    ]
    found: list[Head] = [(task, None) for task, said in tasks if all(word in said for word in words)]
    for project, of_project in projects:
        left = [word for word in words if word not in of_project]
        if len(left) == len(words):
            continue
        found += [(task, project) for task, said in tasks if all(word in said for word in left)]
        if len(found) > 10 * MOST_FOUND:
            break
    return found[:MOST_FOUND]
