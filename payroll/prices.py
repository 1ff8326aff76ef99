"""An index of consumer prices, entered by members from what they read: where from, month by month."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Person, Power
from members.powers import holds

from .models import IndexPoint

journal.name_events(
    {
        "prices.entered": gettext_lazy("figures of a price index entered"),
        "prices.removed": gettext_lazy("figure of a price index taken away"),
    }
)


class MonthTwice(Refused):
    """A month has one figure in an index."""

    def __init__(self, month: date):
        super().__init__(
            _("%(month)s is given twice, or is on file already: take the other figure away first.")
            % {"month": date_format(month, "F Y")}
        )


class NotYours(Refused):
    sentence = gettext_lazy(
        "Whoever entered a figure takes it away, or somebody who holds the power to set the hourly rate."
    )


@transaction.atomic
def enter(
    *, series: str, source: str, points: Sequence[tuple[date, Decimal]], by: Person
) -> list[IndexPoint]:
    """Put the figures of some months of an index on file, all or none. Raises MonthTwice, ValidationError."""
    months = sorted(month for month, _points in points)
    known = IndexPoint.objects.filter(series=series, month__in=months).order_by("month")
    for twice in (
        *(later for earlier, later in pairwise(months) if earlier == later),
        *(of.month for of in known),
    ):
        raise MonthTwice(twice)
    found = []
    for month, value in points:
        point = IndexPoint(series=series, month=month, points=value, source=source, entered_by=by)
        write(point)
        found.append(point)
    journal.record(
        "prices.entered", by=by, count=len(found), first=months[0].isoformat(), last=months[-1].isoformat()
    )
    return found


@transaction.atomic
def remove(point: IndexPoint, *, by: Person) -> None:
    """Take a figure away that was read wrong. Raises NotYours."""
    point = locked(point)
    if not may_remove(point, by):
        raise NotYours
    number, month = point.pk, point.month
    point.delete()
    journal.record("prices.removed", by=by, point=number, month=month.isoformat())


def may_remove(point: IndexPoint, person: Person) -> bool:
    return point.entered_by_id == person.pk or holds(person, Power.SET_RATE)
