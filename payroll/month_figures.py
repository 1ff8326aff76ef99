"""What months came to: revenue, fixed costs and the bank, entered by members, beside what was foreseen of them."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Person, Power
from members.powers import holds

from .models import MonthFigures
from .projections.months import last_day

journal.name_events(
    {
        "month.entered": gettext_lazy("figures of a month entered"),
        "month.removed": gettext_lazy("figures of a month taken away"),
    }
)


class IsNotOver(Refused):
    sentence = gettext_lazy("This month is not over: its figures are entered once they are known.")


class NotYours(Refused):
    sentence = gettext_lazy(
        "Whoever entered these figures takes them away, or somebody who holds the power to prepare pay."
    )


@transaction.atomic
def enter(
    *,
    month: date,
    source: str,
    by: Person,
    revenue: Decimal | None = None,
    costs: Decimal | None = None,
    closing: Decimal | None = None,
) -> MonthFigures:
    """Put on file what a month came to, as it was read somewhere. Raises IsNotOver, ValidationError.

    No amount goes to the journal, which is never purged.
    """
    if last_day(month) >= timezone.localdate():
        raise IsNotOver
    found = MonthFigures(
        month=month, revenue=revenue, costs=costs, closing=closing, source=source, entered_by=by
    )
    write(found)
    journal.record("month.entered", by=by, month=month.isoformat())
    return found


@transaction.atomic
def remove(figures: MonthFigures, *, by: Person) -> None:
    """Take away figures that were read wrong. Raises NotYours."""
    figures = locked(figures)
    if not may_remove(figures, by):
        raise NotYours
    month = figures.month
    figures.delete()
    journal.record("month.removed", by=by, month=month.isoformat())


def may_remove(figures: MonthFigures, person: Person) -> bool:
    return figures.entered_by_id == person.pk or holds(person, Power.PREPARE_PAY)
