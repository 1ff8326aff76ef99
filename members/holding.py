"""Who could act for the co-op in the days to come: seen before it stops a pay.

A power is held through a mandate, on a committee that exists and holds it. Some acts take two people:
nobody approves their own hours, and whoever prepares a pay does not issue it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Expression, F, Q, QuerySet
from django.db.models.functions import Greatest, JSONObject, Least
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koumbit.formats import day as written

from .models import Mandate, Power

#: How far ahead one looks.
AHEAD = timedelta(days=90)
# Which powers together, and how many different people at least have to hold one of them.
NEEDED: Sequence[tuple[tuple[Power, ...], int]] = (
    *(((power,), 2 if power == Power.APPROVE_HOURS else 1) for power in Power),
    ((Power.PREPARE_PAY, Power.ISSUE_PAY), 2),
)


class Held(NamedTuple):
    """Somebody holds a power from a day to a day."""

    person: int
    power: str
    first: date
    last: date


class Gap(NamedTuple):
    """From that day on, fewer people hold these powers than it takes; `left` of them do."""

    powers: tuple[Power, ...]
    day: date
    left: int
    needed: int

    @property
    def sentence(self) -> str:
        names = ", ".join(f"“{power.label}”" for power in self.powers)
        told = {"powers": names, "day": written(self.day), "needed": self.needed, "left": self.left}
        if not self.left:
            return _("From %(day)s on, nobody could use the power %(powers)s.") % told
        return (
            ngettext(
                "From %(day)s on, %(left)s person alone could use the power %(powers)s: it takes %(needed)s.",
                "From %(day)s on, %(left)s people alone could use the power %(powers)s: it takes %(needed)s.",
                self.left,
            )
            % told
        )


def facts(day: Expression | date) -> ArraySubquery:
    """Who holds which power on that day or later, for a question that asks other things too; `read` reads them."""
    return ArraySubquery(
        _held(day).values(row=JSONObject(person="person", power="power", first="first", last="last"))
    )


def _held(day: Expression | date) -> QuerySet[Mandate]:
    # PostgreSQL leaves what is empty out of GREATEST and LEAST.
    return (
        Mandate.objects.filter(person__closed_at=None, committee__powers__isnull=False)
        .order_by()
        .annotate(
            power=F("committee__powers__power"),
            first=Greatest("starts_on", "committee__starts_on", "committee__powers__starts_on"),
            last=Least("ends_on", "committee__ends_on", "committee__powers__ends_on"),
        )
        .filter(Q(last=None) | Q(last__gte=day))
    )


def read(rows: Iterable[Mapping]) -> list[Held]:
    """What `facts` found."""
    return [
        Held(
            row["person"],
            row["power"],
            date.fromisoformat(row["first"]),
            date.fromisoformat(row["last"]) if row["last"] else date.max,
        )
        for row in rows
    ]


def held(day: date) -> list[Held]:
    """Who holds which power on that day or later: one query."""
    rows = _held(day).values_list("person", "power", "first", "last")
    return [Held(person, power, first, last or date.max) for person, power, first, last in rows]


def gaps(known: Iterable[Held], today: date, *, within: timedelta = AHEAD) -> list[Gap]:
    """The first day, from today on, on which each power, or pair of powers, is held by too few; soonest first."""
    spans = [span for span in known if span.first <= span.last]
    days = (
        {today}
        | {span.first for span in spans}
        | {span.last + timedelta(days=1) for span in spans if span.last < date.max}
    )
    ahead = sorted(day for day in days if today <= day <= today + within)
    found = []
    for powers, needed in NEEDED:
        mine = [span for span in spans if span.power in powers]
        for day in ahead:
            left = len({span.person for span in mine if span.first <= day <= span.last})
            if left < needed:
                found.append(Gap(powers, day, left, needed))
                break
    return sorted(_once(found), key=lambda gap: gap.day)


def _once(found: Sequence[Gap]) -> list[Gap]:
    """Without the pairs of powers of which one alone is short on that day or before."""
    alone = {gap.powers[0]: gap.day for gap in found if len(gap.powers) == 1}
    return [
        gap
        for gap in found
        if len(gap.powers) == 1 or not any(alone.get(power, date.max) <= gap.day for power in gap.powers)
    ]
