"""Projections made in a few words, through the same verbs as the screens."""

from datetime import date
from decimal import Decimal

from members.models import Person
from payroll.models import ExpectedAmount, Projection, Supposition
from payroll.projections import keeping
from timesheets.models import Service

TODAY = date(2026, 11, 23)
DECEMBER = date(2026, 12, 1)


def draft(by: Person, *, title="Une année", starts_on=DECEMBER, months=12, opening="10000.00") -> Projection:
    return keeping.start(title=title, starts_on=starts_on, months=months, opening=Decimal(opening), by=by)


def revenue(projection: Projection, amount: str, service: Service | None = None, **others) -> ExpectedAmount:
    fields = {"name": "" if service else "Divers", "service": service, "first_month": projection.starts_on}
    return keeping.expect(
        projection, by=projection.author, side="revenue", amount=Decimal(amount), **(fields | others)
    )


def cost(projection: Projection, amount: str, **others) -> ExpectedAmount:
    fields = {"name": "Loyer", "first_month": projection.starts_on}
    return keeping.expect(
        projection, by=projection.author, side="cost", amount=Decimal(amount), **(fields | others)
    )


def suppose(projection: Projection, scenario: str, **fields) -> Supposition:
    given = {"name": "Autrement", "first_month": projection.starts_on, "scenario": scenario} | fields
    return keeping.suppose(projection, by=projection.author, **given)
