"""The register of members: who was admitted when and by which decision, who left when and how.

As of a day: those who are members on it, or everybody who was one up to it. Home addresses are for who
admits people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from koumbit.formats import day as written

from .models import Cooperative, Membership, Pause, Probation


@dataclass(frozen=True)
class Line:
    """One membership, as it is known on the day the register is read."""

    membership: Membership
    probation: Probation | None
    is_paused: bool
    on: date

    @property
    def name(self) -> str:
        return str(self.membership.person)

    @property
    def address(self) -> str:
        return self.membership.person.address

    @property
    def admitted_on(self) -> date:
        return self.membership.starts_on

    @property
    def admitted_by(self) -> str:
        """The number of the decision; empty where it is not known here."""
        decision = self.membership.admitted_by
        return decision.number if decision else ""

    @property
    def left_on(self) -> date | None:
        """The last day, once it is past on the day the register is of."""
        last = self.membership.ends_on
        return last if last is not None and last < self.on else None

    @property
    def left_by(self) -> str:
        """The number of the decision that ended it, or that they resigned; empty while it lasts or if unknown."""
        if self.left_on is None:
            return ""
        if self.membership.ended_by:
            return self.membership.ended_by.number
        return _("resigned") if self.membership.is_resigned else ""

    @property
    def state(self) -> str:
        """What is particular to it on that day: a probation, a pause."""
        told = []
        if self.probation is not None:
            told.append(_("on probation until %(day)s") % {"day": written(self.probation.ends_on)})
        if self.is_paused:
            told.append(_("on pause"))
        return ", ".join(told)


def lines(day: date, *, with_past: bool) -> list[Line]:
    """The memberships of that day, or all that began by it, by name then day. Three queries."""
    memberships = Membership.objects.filter(starts_on__lte=day) if with_past else Membership.objects.on(day)
    probations = {fact.person_id: fact for fact in Probation.objects.on(day)}
    paused = set(Pause.objects.on(day).values_list("person", flat=True))
    found = memberships.select_related("person", "admitted_by", "ended_by").order_by(
        "person__sort_name", "person", "starts_on"
    )
    return [
        Line(
            one,
            probations.get(one.person_id) if one.holds_on(day) else None,
            one.person_id in paused and one.holds_on(day),
            day,
        )
        for one in found
    ]


def table(found: Sequence[Line], *, day: date, with_addresses: bool) -> list[list[Any]]:
    """The register as rows for a spreadsheet: what it is, its columns, the members, how many they are."""
    cooperative = Cooperative.objects.first()
    name = cooperative.name if cooperative else ""
    columns = [
        _("Name"),
        *([_("Home address")] if with_addresses else []),
        _("Admitted on"),
        _("By decision"),
        _("Left on"),
        _("By"),
        _("On that day"),
    ]
    rows = [
        [
            one.name,
            *([" ".join(one.address.split())] if with_addresses else []),
            one.admitted_on,
            one.admitted_by,
            one.left_on or "",
            one.left_by,
            one.state,
        ]
        for one in found
    ]
    title = _("Register of members as of %(day)s") % {"day": written(day)}
    total = [_("Members on that day"), str(sum(one.left_on is None for one in found))]
    return [[title, name], columns, *rows, total]
