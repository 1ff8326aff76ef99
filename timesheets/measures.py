"""What the hours know of the co-op's objectives: permanent work, services, roles touched, balance."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Cooperative, Person
from members.objectives import Measure, Unit, know
from roles import coverage
from roles.coverage import Stage
from roles.models import Role

from .looking import load
from .models import Service, TimeEntry
from .sharing.balance import sharing
from .sharing.training import minutes_by_role


def _permanent(first: date, last: date) -> Decimal | None:
    share = load(first, last).permanent_share
    return None if share is None else Decimal(share)


def _service(service: int, first: date, last: date) -> Decimal:
    """Hours approved on the projects of a service."""
    entries = TimeEntry.objects.filter(
        approved_at__isnull=False, day__range=(first, last), project__service=service
    )
    minutes = entries.aggregate(all=Sum("minutes"))["all"] or 0
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))


def _coverage(first: date, last: date) -> Decimal | None:
    """The mean, over the people here, of the share of roles each has touched in these days, in %."""
    roles = set(Role.objects.filter(retired_on=None).values_list("pk", flat=True))
    people = Person.objects.active().here(last).values_list("pk", flat=True)
    if not roles or not people:
        return None
    minutes = minutes_by_role(first, last)
    shares = [
        coverage.coverage(
            sum(coverage.stage(minutes.get((person, role), 0), 0) > Stage.FAR for role in roles), len(roles)
        )
        for person in people
    ]
    mean = 100 * sum(shares) / len(shares)
    return Decimal(round(mean))


def _within(first: date, last: date) -> Decimal | None:
    """How many people are within the band in both dimensions, over the periods up to that day."""
    found = sharing(Cooperative.objects.first(), last)
    if found.is_unrated:
        return None
    return Decimal(sum(standing.is_within for _person, standing in found.standings))


def _measures() -> Iterator[Measure]:
    yield Measure(
        "timesheets.permanent", gettext_lazy("share of permanent work, in %"), Unit.PERCENT, _permanent
    )
    yield Measure(
        "timesheets.coverage",
        gettext_lazy("share of the roles each has touched, in %"),
        Unit.PERCENT,
        _coverage,
    )
    yield Measure(
        "timesheets.within", gettext_lazy("people within the band of the balance"), Unit.PEOPLE, _within
    )
    for service in Service.objects.order_by("name"):
        name = _("hours of the service %(service)s") % {"service": service.name}
        yield Measure(f"timesheets.service:{service.pk}", name, Unit.HOURS, partial(_service, service.pk))


know(_measures)
