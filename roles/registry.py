"""The registry of roles and tasks: what there is to do, as the co-op names it.

An hour hangs on its task itself: retiring a task, or its role, hides it from picking and takes no
name away from past hours. Another name is for the same work better said; other work is another
task. An issued stub keeps the name it was printed with.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.rows import locked, write
from members import journal
from members.models import Person, Power
from members.powers import demand

from .models import Role, Task

journal.name_events(
    {
        "roles.role_created": _("role created"),
        "roles.role_changed": _("role changed"),
        "roles.role_retired": _("role retired"),
        "roles.role_brought_back": _("role brought back"),
        "roles.task_created": _("task created"),
        "roles.task_renamed": _("task renamed"),
        "roles.task_retired": _("task retired"),
        "roles.task_brought_back": _("task brought back"),
    }
)


@transaction.atomic
def create_role(*, by: Person, name: str, aim: str = "") -> Role:
    """A new role, without tasks yet."""
    demand(by, Power.KEEP_ROLES)
    role = Role(name=name, aim=aim)
    write(role)
    journal.record("roles.role_created", by=by, id=role.pk)
    return role


@transaction.atomic
def change_role(role: Role, *, by: Person, name: str, aim: str) -> Role:
    """Another name or another aim for the same role."""
    demand(by, Power.KEEP_ROLES)
    role = locked(role)
    role.name, role.aim = name, aim
    write(role)
    journal.record("roles.role_changed", by=by, id=role.pk)
    return role


@transaction.atomic
def create_task(role: Role, *, by: Person, name: str) -> Task:
    """Something more to do inside a role."""
    demand(by, Power.KEEP_ROLES)
    task = Task(role=role, name=name)
    write(task)
    journal.record("roles.task_created", by=by, id=task.pk, role=role.pk)
    return task


@transaction.atomic
def rename_task(task: Task, *, by: Person, name: str) -> Task:
    """Another name for the same task, on past hours too: they are hours of that task."""
    demand(by, Power.KEEP_ROLES)
    task = locked(task)
    task.name = name
    write(task)
    journal.record("roles.task_renamed", by=by, id=task.pk)
    return task


@transaction.atomic
def retire(thing: Role | Task, *, by: Person) -> None:
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
