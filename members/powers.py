"""Who may do what, today: a person acts through a dated mandate on a committee that holds the power."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import CommitteePower, Person, Power


class NotAllowed(Exception):
    """The person holds no mandate that opens this act. Its text is fit for the screen."""

    def __init__(self, power: Power | None = None, sentence: str = ""):
        self.power = power
        super().__init__(
            sentence
            or _("This needs a mandate on a committee that holds the power “%(power)s”.")
            % {"power": power.label if power else ""}
        )


def _held(on: date) -> QuerySet[CommitteePower]:
    """Powers whose committee, mandate and power itself all hold on that day, one row per mandate."""

    def lasts(path: str) -> Q:
        return Q(**{f"{path}starts_on__lte": on}) & (
            Q(**{f"{path}ends_on__gte": on}) | Q(**{f"{path}ends_on": None})
        )

    return CommitteePower.objects.filter(lasts(""), lasts("committee__"), lasts("committee__mandates__"))


def powers_of(person: Person, *, on: date | None = None) -> frozenset[str]:
    """The powers a person holds on a day (today if none is given), in one query."""
    if not person.is_active:
        return frozenset()
    held = _held(on or timezone.localdate()).filter(committee__mandates__person=person)
    return frozenset(held.values_list("power", flat=True))


def holds(person: Person, power: Power | str, *, on: date | None = None) -> bool:
    """Does this person hold this power on that day (today if none is given)?"""
    return power in powers_of(person, on=on)


def demand(person: Person, power: Power, *, on: date | None = None) -> None:
    """Raise `NotAllowed` unless the person holds the power on that day. For verbs."""
    if not holds(person, power, on=on):
        raise NotAllowed(power)


def holders(power: Power, *, on: date | None = None) -> QuerySet[Person]:
    """Everyone who holds the power on a day: who to turn to."""
    ids = (
        _held(on or timezone.localdate())
        .filter(power=power)
        .annotate(holder=F("committee__mandates__person"))
        .values("holder")
    )
    return Person.objects.active().filter(pk__in=ids).by_name()


def holds_any(person: Person, powers: Iterable[Power], *, on: date | None = None) -> bool:
    """Does this person hold at least one of these powers?"""
    return not powers_of(person, on=on).isdisjoint(powers)
