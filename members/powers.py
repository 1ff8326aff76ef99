"""Who may do what, today: a person acts through a dated mandate on a committee that holds the power."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from koumbit.formats import day as written
from koumbit.prepared import Prepared, day_named, key_named
from koumbit.refusals import Refused

from .models import Committee, CommitteePower, Cooperative, Decision, Mandate, Pause, Person, Power
from .models.people import PersonQuerySet

#: Whoever does an act: a person with a mandate, or a decision that is carried out.
Author = Person | Decision


class NotAllowed(Refused):
    """The person holds no mandate that opens this act. Its text is fit for the screen."""

    def __init__(self, power: Power | None = None, sentence: str = ""):
        self.power = power
        super().__init__(
            sentence
            or _("This needs a mandate on a committee that holds the power “%(power)s”.")
            % {"power": power.label if power else ""}
        )


class NobodyLeft(Refused):
    """The act would leave a day on which nobody could give mandates any more."""

    def __init__(self, power: Power, day: date):
        super().__init__(
            _(
                "From %(day)s on, nobody would hold the power “%(power)s” any more. "
                "Give somebody else a mandate that lasts, then do this."
            )
            % {"day": written(day), "power": power.label}
        )


def powers_of(person: Person, *, on: date | None = None) -> frozenset[str]:
    """The powers a person holds on a day (today if none is given), in one query."""
    if not person.is_active:
        return frozenset()
    return frozenset(_POWERS(person=person.pk, day=on or timezone.localdate()))


def cooperative_and_powers_of(person: Person) -> tuple[Cooperative | None, frozenset[str]]:
    """The co-op, and the powers a person holds in it today: one query, which every page asks."""
    cooperative = _COOPERATIVE.one(person=person.pk, day=timezone.localdate())
    if cooperative is None:
        return None, powers_of(person)
    return cooperative, frozenset(cooperative.reader_powers if person.is_active else ())


def _mandates() -> QuerySet[Mandate]:
    return Mandate.objects.carrying(day_named("day")).filter(person=key_named("person"))


_POWERS = Prepared(lambda: _mandates().values_list("committee__powers__power", flat=True))
_COOPERATIVE = Prepared(
    lambda: Cooperative.objects.annotate(
        reader_powers=ArraySubquery(_mandates().order_by().values("committee__powers__power"))
    ).order_by("pk")
)


def holds(person: Person, power: Power | str, *, on: date | None = None) -> bool:
    """Does this person hold this power on that day (today if none is given)?"""
    return power in powers_of(person, on=on)


def demand(by: Author, power: Power, *, on: date | None = None) -> None:
    """Raise `NotAllowed` unless the author may use the power on that day. For verbs.

    A person holds it through a mandate. A decision may use what its body held when it adopted it; the general
    assembly may decide anything, since every power comes from it.
    """
    allowed = decides(by, power) if isinstance(by, Decision) else holds(by, power, on=on)
    if not allowed:
        raise NotAllowed(power)


def decisions_with(power: Power) -> QuerySet[Decision]:
    """The decisions of bodies that could use the power on the day they adopted them."""
    held = CommitteePower.objects.filter(
        Q(ends_on__gte=OuterRef("adopted_on")) | Q(ends_on=None),
        committee=OuterRef("body"),
        power=power,
        starts_on__lte=OuterRef("adopted_on"),
    )
    of_the_assembly = Q(body__kind=Committee.Kind.ASSEMBLY)
    return Decision.objects.filter(Exists(held) | of_the_assembly).select_related("body")


def decides(decision: Decision, power: Power) -> bool:
    """Could the body of this decision use that power on the day it adopted it?"""
    return decisions_with(power).filter(pk=decision.pk).exists()


def person_of(by: Author) -> Person | None:
    """The person who acts; None where a decision is carried out."""
    return by if isinstance(by, Person) else None


def decision_of(by: Author) -> Decision | None:
    """The decision that is carried out; None where a person acts."""
    return by if isinstance(by, Decision) else None


def holders(power: Power, *, on: date | None = None) -> PersonQuerySet:
    """Everyone who holds the power on a day: who to turn to."""
    mandates = Mandate.objects.carrying(on or timezone.localdate(), power=power)
    return Person.objects.active().filter(pk__in=mandates.values("person")).by_name()


def holds_any(person: Person, powers: Iterable[Power], *, on: date | None = None) -> bool:
    """Does this person hold at least one of these powers?"""
    return not powers_of(person, on=on).isdisjoint(powers)


def first_day_without(power: Power, *, since: date) -> date | None:
    """The first day, from `since` on, on which nobody will hold the power; None if there is none.

    What holds is the meeting of three dated facts (the committee, its power, a mandate) about
    somebody who may sign in and is not on pause.
    """
    facts = Mandate.objects.filter(person__closed_at=None, committee__powers__power=power).values_list(
        "person",
        "starts_on",
        "committee__starts_on",
        "committee__powers__starts_on",
        "ends_on",
        "committee__ends_on",
        "committee__powers__ends_on",
    )
    pauses: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for person_id, first, last in Pause.objects.values_list("person", "starts_on", "ends_on"):
        pauses[person_id].append((first, last or date.max))
    spans = [
        span
        for person_id, *days in facts
        for span in _outside(
            max(days[:3]), min(day or date.max for day in days[3:]), sorted(pauses[person_id])
        )
    ]
    day = since
    for first, last in sorted(spans):
        if first > day:
            break
        if last == date.max:
            return None
        day = max(day, last + timedelta(days=1))
    return day


def _outside(first: date, last: date, pauses: Iterable[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """The parts of the days from `first` to `last` that lie in none of these pauses, which are in order."""
    for begins, ends in pauses:
        if ends < first or begins > last:
            continue
        if first < begins:
            yield first, begins - timedelta(days=1)
        if ends >= last:
            return
        first = ends + timedelta(days=1)
    if first <= last:
        yield first, last


@contextmanager
def somebody_still_holds(power: Power) -> Iterator[None]:
    """Undo what is done inside, with a sentence, if it leaves an earlier day on which nobody holds the power.

    The rows that decide are locked, so that two people cannot each take the other for the last one.
    Inside a transaction.
    """
    list(CommitteePower.objects.select_for_update().filter(power=power).order_by("pk").values("pk"))
    today = timezone.localdate()
    before = first_day_without(power, since=today)
    yield
    after = first_day_without(power, since=today)
    if after is not None and (before is None or after < before):
        raise NobodyLeft(power, after)
