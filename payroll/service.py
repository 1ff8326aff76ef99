"""Uninterrupted salaried work: since when, until when, and as what. Read from the dated statuses."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from koumbit.dated import day_before
from members.models import WorkStatus


@dataclass(frozen=True)
class Service:
    """Salaried work without a day between: its first day, its last (None while it lasts), the last job title."""

    since: date
    until: date | None
    job_title: str


def services_of(people: Iterable[int]) -> dict[int, list[Service]]:
    """Each person's services, in order. One query."""
    statuses = WorkStatus.objects.filter(person__in=list(people), kind=WorkStatus.Kind.SALARIED)
    found: dict[int, list[Service]] = defaultdict(list)
    for status in statuses.order_by("starts_on"):
        own = found[status.person_id]
        if own and own[-1].until == day_before(status.starts_on):
            own[-1] = Service(own[-1].since, status.ends_on, status.job_title)
        else:
            own.append(Service(status.starts_on, status.ends_on, status.job_title))
    return found


def at(services: Iterable[Service], day: date) -> Service | None:
    """The service under way on that day, or the last one before it."""
    return next((of for of in reversed(list(services)) if of.since <= day), None)
