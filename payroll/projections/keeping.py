"""A projection is drafted by its author, then kept for everybody; others copy it; a decision may adopt it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.formats import day as written
from koumbit.formats import dollars
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Cooperative, Decision, Person
from members.powers import Author

from .. import rates
from ..deductions.parameters import MinimumWage
from ..editions import cited
from ..models import ExpectedAmount, Projection, Supposition
from .scenarios import foreseen

journal.name_events(
    {
        "projection.kept": gettext_lazy("projection kept"),
        "projection.adopted": gettext_lazy("projection adopted by a decision"),
    }
)

#: So many lines of each kind: beyond, nobody reads them, and a page would take long to compute.
MOST_AMOUNTS, MOST_SUPPOSITIONS = 120, 60
Part = TypeVar("Part", ExpectedAmount, Supposition)


class NotTheirs(Refused):
    sentence = gettext_lazy("This projection is somebody else’s: copy it into one of your own to change it.")


class KeptAlready(Refused):
    sentence = gettext_lazy("This projection is kept and never changes: copy it into one of your own.")


class NotKept(Refused):
    sentence = gettext_lazy("This projection is still a draft: its author keeps it before it can be adopted.")


class AdoptedAlready(Refused):
    sentence = gettext_lazy("A decision has adopted this projection already.")


class AdoptedBeforeItWasKept(Refused):
    """A body cannot have adopted what did not exist yet."""

    def __init__(self, decision: Decision, kept_on: date):
        super().__init__(
            _("This decision was adopted on %(adopted)s, before the projection was kept, on %(kept)s.")
            % {"adopted": written(decision.adopted_on), "kept": written(kept_on)}
        )


class TooMany(Refused):
    def __init__(self, most: int):
        super().__init__(_("A projection has at most %(count)s of these lines.") % {"count": most})


class UnderTheFloor(Refused):
    """The law's minimum holds in a supposition too."""

    def __init__(self, minimum: MinimumWage):
        super().__init__(
            _("The minimum wage is %(minimum)s an hour from %(day)s (%(source)s): suppose no lower rate.")
            % {
                "minimum": dollars(minimum.hourly),
                "day": written(minimum.effective_from),
                "source": cited(minimum.provenance["hourly"].source),
            }
        )


# The draft ----------------------------------------------------------------------------------------


@transaction.atomic
def start(
    *, title: str, starts_on: date, months: int, opening: Decimal, assumptions: str = "", by: Person
) -> Projection:
    """Begin a projection; its author alone reads it until they keep it. Raises ValidationError."""
    projection = Projection(
        title=title,
        starts_on=starts_on,
        months=months,
        opening=opening,
        assumptions=assumptions,
        author=by,
    )
    write(projection)
    return projection


@transaction.atomic
def copy(source: Projection, *, by: Person) -> Projection:
    """A draft of one's own that expects and supposes the same, read from the co-op as it is today."""
    projection = start(
        title=source.title,
        starts_on=source.starts_on,
        months=source.months,
        opening=source.opening,
        assumptions=source.assumptions,
        by=by,
    )
    if source.is_kept:
        Projection.objects.filter(pk=projection.pk).update(copied_from=source)
        projection.copied_from = source
    for part in (*source.amounts.all(), *source.suppositions.all()):
        part.pk, part.projection = None, projection
        part._state.adding = True
        part.save()
    return projection


@transaction.atomic
def change(projection: Projection, *, by: Person, **fields: Any) -> Projection:
    """Change the title, the months, what is in the bank or the words of a draft. Raises NotTheirs, KeptAlready."""
    projection = _draft(projection, by)
    for name, value in fields.items():
        setattr(projection, name, value)
    write(projection)
    return projection


@transaction.atomic
def discard(projection: Projection, *, by: Person) -> None:
    """Throw a draft away, with all its lines. Raises NotTheirs, KeptAlready."""
    projection = _draft(projection, by)
    projection.amounts.all().delete()
    projection.suppositions.all().delete()
    projection.delete()


def _draft(projection: Projection, by: Person) -> Projection:
    """The draft, locked, if it is theirs."""
    projection = locked(projection)
    if projection.author_id != by.pk:
        raise NotTheirs
    if projection.is_kept:
        raise KeptAlready
    return projection


# What it expects and supposes ---------------------------------------------------------------------


@transaction.atomic
def expect(projection: Projection, *, by: Person, **fields: Any) -> ExpectedAmount:
    """Add something to receive or to pay. Raises NotTheirs, KeptAlready, TooMany, ValidationError."""
    projection = _draft(projection, by)
    if projection.amounts.count() >= MOST_AMOUNTS:
        raise TooMany(MOST_AMOUNTS)
    return _written(ExpectedAmount(projection=projection), fields)


@transaction.atomic
def suppose(projection: Projection, *, by: Person, **fields: Any) -> Supposition:
    """Add a change to a scenario. Raises NotTheirs, KeptAlready, TooMany, UnderTheFloor, ValidationError."""
    projection = _draft(projection, by)
    if projection.suppositions.count() >= MOST_SUPPOSITIONS:
        raise TooMany(MOST_SUPPOSITIONS)
    return _written(Supposition(projection=projection), fields)


@transaction.atomic
def change_part(part: Part, *, by: Person, **fields: Any) -> Part:
    """Change a line of a draft. Raises NotTheirs, KeptAlready, UnderTheFloor, ValidationError."""
    _draft(part.projection, by)
    return _written(locked(part), fields)


@transaction.atomic
def remove_part(part: Part, *, by: Person) -> None:
    """Take a line of a draft away. Raises NotTheirs, KeptAlready."""
    _draft(part.projection, by)
    part.delete()


def _written(part: Part, fields: Mapping[str, Any]) -> Part:
    for name, value in fields.items():
        setattr(part, name, value)
    if isinstance(part, Supposition) and part.kind == Supposition.Kind.RATE:
        demand_lawful(part.amount, part.first_month)
    write(part)
    return part


def demand_lawful(rate: Decimal | None, month: date) -> None:
    """A rate that is supposed from a month on is not under the minimum wage known then. Raises UnderTheFloor."""
    minimum = rates.highest_minimum(month, None)
    if minimum and rate is not None and rate < minimum.hourly:
        raise UnderTheFloor(minimum)


# Kept, adopted ------------------------------------------------------------------------------------


@transaction.atomic
def keep(projection: Projection, *, by: Person) -> Projection:
    """Keep it as it comes out today, for everybody: from here on it never changes.

    Raises NotTheirs, KeptAlready, and NoRate (`payroll.earnings`) for a day without an hourly rate.
    """
    projection = _draft(projection, by)
    found = foreseen(projection, today=timezone.localdate(), cooperative=Cooperative.objects.get())
    projection.facts = found.facts.to_dict()
    projection.figures = {name: outlook.to_dict() for name, outlook in found.by_scenario.items()}
    projection.kept_at = timezone.now()
    write(projection)
    journal.record(
        "projection.kept",
        by=by,
        projection=projection.pk,
        starts_on=projection.starts_on.isoformat(),
        months=projection.months,
        copied_from=projection.copied_from_id,
    )
    return projection


@transaction.atomic
def adopt_projection(projection: Projection, *, decision: Decision, by: Author) -> Projection:
    """Say that a body adopted this projection: other pages then count with it, until another is adopted.

    Raises NotKept, AdoptedAlready, AdoptedBeforeItWasKept.
    """
    projection = locked(projection)
    if not projection.is_kept:
        raise NotKept
    if projection.is_adopted:
        raise AdoptedAlready
    kept_on = timezone.localdate(projection.kept_at)
    if decision.adopted_on < kept_on:
        raise AdoptedBeforeItWasKept(decision, kept_on)
    projection.adopted_by_decision = decision
    write(projection)
    journal.record("projection.adopted", by=by, projection=projection.pk, decision=decision.pk)
    return projection
