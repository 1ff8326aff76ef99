"""The rows of a projection as the plain values it is worked out from; its three scenarios."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from members.models import Cooperative, WorkStatus

from ..models import ExpectedAmount, Projection, Supposition
from .facts import Facts
from .outlook import NO_SERVICE, Expected, Outlook, side_by_side
from .reading import facts_of
from .supposing import Change, Kind, Supposed

Scenario = Supposition.Scenario


@dataclass(frozen=True)
class Foreseen:
    """What a projection starts from, and what comes out of each of its scenarios."""

    facts: Facts
    by_scenario: dict[str, Outlook]

    @property
    def expected(self) -> Outlook:
        return self.by_scenario[Scenario.EXPECTED]


def foreseen(projection: Projection, *, today: date, cooperative: Cooperative) -> Foreseen:
    """As it was kept; for a draft, from the co-op as it is today. Raises NoRate for a draft."""
    if projection.is_kept:
        kept = {name: kept_outlook(projection, name) for name in Scenario.values}
        return Foreseen(Facts.from_dict(projection.facts), kept)
    facts = facts_of(projection.starts_on, projection.months, today=today, cooperative=cooperative)
    changes = [changes_of(projection, name) for name in Scenario.values]
    outlooks = side_by_side(facts, changes, opening=projection.opening, expected=expected_of(projection))
    return Foreseen(facts, dict(zip(Scenario.values, outlooks, strict=True)))


def kept_outlook(projection: Projection, scenario: str) -> Outlook:
    """A scenario of a projection that is kept, as it came out that day."""
    return Outlook.from_dict(projection.figures[scenario])


def first_rate(projection: Projection, facts: Facts, scenario: str) -> Decimal | None:
    """The hourly rate of the first day in that scenario."""
    return Supposed(changes_of(projection, scenario)).rate_on(facts.first, facts.rates)


def expected_of(projection: Projection) -> list[Expected]:
    return [
        Expected(
            is_revenue=of.side == ExpectedAmount.Side.REVENUE,
            amount=of.amount,
            first=of.first_month,
            last=of.last_month,
            is_monthly=of.is_monthly,
            service=str(of.service_id) if of.service_id else NO_SERVICE,
        )
        for of in projection.amounts.all()
    ]


def changes_of(projection: Projection, scenario: str) -> tuple[Change, ...]:
    return tuple(
        Change(
            kind=Kind(of.kind),
            first=of.first_month,
            last=of.last_month,
            percent=of.percent,
            amount=of.amount,
            minutes=of.minutes_per_week or 0,
            is_salaried=of.work_kind != WorkStatus.Kind.FREELANCE,
            service=str(of.service_id) if of.service_id else None,
        )
        for of in projection.suppositions.all()
        if of.scenario == scenario
    )


@dataclass(frozen=True)
class WhatIf:
    """What the sliders ask: another rate in every month, and percents of hours, revenue and fixed costs."""

    rate: Decimal | None = None
    hours: Decimal = Decimal(0)
    revenue: Decimal = Decimal(0)
    costs: Decimal = Decimal(0)

    def added_to(self, changes: Iterable[Change], first: date) -> tuple[Change, ...]:
        """A scenario's changes with these; a rate takes the place of those it supposes."""
        kept = [change for change in changes if self.rate is None or change.kind != Kind.RATE]
        moved = ((Kind.HOURS, self.hours), (Kind.REVENUE, self.revenue), (Kind.COSTS, self.costs))
        percents = [Change(kind, first, percent=percent) for kind, percent in moved if percent]
        rate = [Change(Kind.RATE, first, amount=self.rate)] if self.rate is not None else []
        return (*kept, *percents, *rate)


def tried(projection: Projection, facts: Facts, scenario: str, what_if: WhatIf) -> tuple[Outlook, Outlook]:
    """A scenario as it is, and with what the sliders ask: both worked out now, from the same facts. Raises NoRate."""
    changes = changes_of(projection, scenario)
    base, other = side_by_side(
        facts,
        [changes, what_if.added_to(changes, facts.first)],
        opening=projection.opening,
        expected=expected_of(projection),
    )
    return base, other


def at_one_rate(facts: Facts, rate: Decimal) -> Facts:
    """The same co-op, every hour of which is worth this rate."""
    return replace(facts, rates=((date.min, rate),))
