"""Services, clients and projects: what hours are counted on, beside the task.

An hour keeps its project: closing one hides it from picking and takes nothing away from past hours.
A closed service or client stays on its projects; it is not given to another one.
"""

from decimal import Decimal
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Person, Power
from members.powers import demand

from .models import Client, Closable, Project, Service

Thing = TypeVar("Thing", bound=Closable)

journal.name_events(
    {
        "projects.service_created": _("service created"),
        "projects.service_changed": _("service renamed"),
        "projects.service_closed": _("service closed"),
        "projects.service_reopened": _("service reopened"),
        "projects.client_created": _("client created"),
        "projects.client_changed": _("client renamed"),
        "projects.client_closed": _("client closed"),
        "projects.client_reopened": _("client reopened"),
        "projects.project_created": _("project created"),
        "projects.project_changed": _("project changed"),
        "projects.project_closed": _("project closed"),
        "projects.project_reopened": _("project reopened"),
    }
)


class PickedIsClosed(Refused):
    """A project cannot begin with a service or a client that the co-op has closed."""

    sentence = _("This service or this client is closed: reopen it first, or pick another one.")


@transaction.atomic
def create_service(*, by: Person, name: str) -> Service:
    """Something more that the co-op sells."""
    demand(by, Power.KEEP_PROJECTS)
    return _created(Service(name=name), by)


@transaction.atomic
def create_client(*, by: Person, name: str) -> Client:
    """Somebody more to work for."""
    demand(by, Power.KEEP_PROJECTS)
    return _created(Client(name=name), by)


@transaction.atomic
def create_project(
    *,
    by: Person,
    name: str,
    client: Client | None = None,
    service: Service | None = None,
    budget_minutes: int | None = None,
    budget_dollars: Decimal | None = None,
) -> Project:
    """A new piece of work; without a client it is the co-op's own. Raises `PickedIsClosed`."""
    demand(by, Power.KEEP_PROJECTS)
    _refuse_closed(client, service)
    project = Project(
        name=name,
        client=client,
        service=service,
        budget_minutes=budget_minutes,
        budget_dollars=budget_dollars or None,
    )
    return _created(project, by)


@transaction.atomic
def change_service(service: Service, *, by: Person, name: str) -> Service:
    """Another name for the same service."""
    demand(by, Power.KEEP_PROJECTS)
    return _changed(locked(service), by, name=name)


@transaction.atomic
def change_client(client: Client, *, by: Person, name: str) -> Client:
    """Another name for the same client."""
    demand(by, Power.KEEP_PROJECTS)
    return _changed(locked(client), by, name=name)


@transaction.atomic
def change_project(
    project: Project,
    *,
    by: Person,
    name: str,
    client: Client | None,
    service: Service | None,
    budget_minutes: int | None = None,
    budget_dollars: Decimal | None = None,
) -> Project:
    """Another name, client, service or budget for the same project. Raises `PickedIsClosed`.

    What the project has may stay, though it was closed meanwhile.
    """
    demand(by, Power.KEEP_PROJECTS)
    project = locked(project)
    _refuse_closed(
        *(
            picked
            for picked, had in ((client, project.client_id), (service, project.service_id))
            if picked is not None and picked.pk != had
        )
    )
    return _changed(
        project,
        by,
        name=name,
        client=client,
        service=service,
        budget_minutes=budget_minutes,
        budget_dollars=budget_dollars or None,
    )


@transaction.atomic
def close(thing: Closable, *, by: Person) -> None:
    """From today nobody picks it; past hours and projects keep it. Twice is once."""
    demand(by, Power.KEEP_PROJECTS)
    thing = locked(thing)
    if thing.closed_on is None:
        thing.closed_on = timezone.localdate()
        write(thing)
        _journaled(thing, "closed", by)


@transaction.atomic
def reopen(thing: Closable, *, by: Person) -> None:
    """It may be picked again, unless another one took its name meanwhile."""
    demand(by, Power.KEEP_PROJECTS)
    thing = locked(thing)
    if thing.closed_on is not None:
        thing.closed_on = None
        write(thing)
        _journaled(thing, "reopened", by)


def _refuse_closed(*picked: Service | Client | None) -> None:
    """The rows are locked, so that none of them is closed in the meantime."""
    if any(locked(thing).closed_on for thing in picked if thing is not None):
        raise PickedIsClosed


def _created(thing: Thing, by: Person) -> Thing:
    write(thing)
    _journaled(thing, "created", by)
    return thing


def _changed(thing: Thing, by: Person, **fields) -> Thing:
    for name, value in fields.items():
        setattr(thing, name, value)
    write(thing)
    _journaled(thing, "changed", by)
    return thing


def _journaled(thing: Closable, act: str, by: Person) -> None:
    facts = {"id": thing.pk}
    if isinstance(thing, Project):
        facts |= {"client": thing.client_id, "service": thing.service_id}
    journal.record(f"projects.{thing._meta.model_name}_{act}", by=by, **facts)
