"""What another hourly rate would do: to one's own net, to the co-op's year, to hours that were paid already.

Everybody reads the same figures of the co-op; only the reader's own pay is computed with their own forms.
Nothing is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Cooperative, Person

from . import deductions, pays, periods, rates, what_if
from .calendar import Period
from .deductions import Pay, compute, reviewed_days
from .deductions.money import ZERO, cents
from .deductions.parameters import MinimumWage
from .dues import Payee, outstanding
from .earnings import HOUR
from .employer import employer_on
from .explaining import refusal
from .in_force import Rates
from .models import HourlyRate, PayRun, PayStub, Projection
from .pays import Side
from .projections.discretion import is_shown
from .projections.facts import Facts
from .projections.months import MONTHS_OF_YEAR, after, month_of
from .projections.outlook import Outlook, foresee
from .projections.pages import services_of
from .projections.paying import known_day
from .projections.reading import facts_of
from .projections.scenarios import Scenario, at_one_rate, kept_outlook
from .what_if import NothingToSuppose


@dataclass(frozen=True, slots=True)
class Row:
    """One amount at the present rate and at the proposed one; `before` is None without a present rate."""

    label: str
    before: Decimal | None
    after: Decimal
    is_sum: bool = False

    @property
    def change(self) -> Decimal | None:
        return None if self.before is None else self.after - self.before


@dataclass(frozen=True)
class Own:
    """The reader's next pay and a whole year of such pays, for their hours a week (in minutes).

    `refused` says why there is nothing to compute; then there are no rows.
    """

    minutes: int = 0
    is_statement: bool = False
    pay_on: date | None = None
    computed_on: date | None = None
    pay: tuple[Row, ...] = ()
    year: tuple[Row, ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class Retroactive:
    """Hours already paid, at the proposed rate from its first day: due − paid, through the last day paid.

    `people` is how many it concerns. A sum over fewer than three people is not shown (None); `own` is the
    reader's part. Amounts are gross, and negative where the rate goes down.
    """

    through: date
    people: int
    gross: Decimal | None
    contributions: Decimal | None
    own: Decimal

    @property
    def cost(self) -> Decimal | None:
        if self.gross is None or self.contributions is None:
            return None
        return self.gross + self.contributions


@dataclass(frozen=True)
class Cost:
    """Twelve months of agreed hours, all at the present rate and all at the proposed one, from `first` on."""

    facts: Facts
    before: Outlook | None
    after: Outlook

    @property
    def first(self) -> date:
        return self.facts.first

    @property
    def is_carried(self) -> bool:
        """A part of it is computed with tables that were not reviewed for its pay dates."""
        return self.after.total.is_carried

    @property
    def hour(self) -> Row | None:
        """What an hour at work costs in pay and contributions."""
        cost = self.after.hour_pay_cost
        if cost is None:
            return None
        return Row(_("An hour at work"), self.before and self.before.hour_pay_cost, cost)

    @property
    def rows(self) -> list[Row]:
        def row(label: str, name: str, *, is_sum: bool = False) -> Row:
            before = getattr(self.before.total, name) if self.before else None
            return Row(label, before, getattr(self.after.total, name), is_sum)

        return [
            row(_("Salaried pay"), "salaried"),
            row(_("Employer contributions"), "contributions"),
            row(_("Freelance pay, before sales taxes"), "freelance"),
            row(_("Cost of the year"), "pay_cost", is_sum=True),
        ]


@dataclass(frozen=True, slots=True)
class OfService:
    """A service's revenue of a month, and the minutes at work it pays for at each rate, at break-even."""

    name: str
    revenue: Decimal
    before: int | None
    after: int | None


@dataclass(frozen=True)
class BreakEven:
    """What each service's revenue pays for, by the projection that the co-op counts with, in a year at each rate.

    An hour at work costs its pay and contributions, and its part of the fixed costs of that projection.
    """

    projection: Projection
    services: list[OfService]
    hour: Row | None


@dataclass(frozen=True)
class RateEffects:
    """What a page says of a proposed rate. `present` holds on its first day; it ends where `following` starts."""

    rate: Decimal
    starts_on: date
    present: HourlyRate | None
    following: HourlyRate | None
    floor: MinimumWage | None
    cost: Cost
    break_even: BreakEven | None
    own: Own | None
    retroactive: Retroactive | None

    @property
    def is_too_low(self) -> bool:
        """Is it under the minimum wage of a day on which it would hold? It could not be set then."""
        return self.floor is not None and self.rate < self.floor.hourly


def rate_effects(
    rate: Decimal,
    starts_on: date,
    *,
    reader: Person | None = None,
    minutes: int | None = None,
    today: date | None = None,
    cooperative: Cooperative | None = None,
) -> RateEffects:
    """What this rate would do from that day on, past or to come.

    With a `reader`, also what it does to their own pay, for so many `minutes` a week (their agreed hours
    if not given). The number of queries does not depend on the number of people.
    """
    today, cooperative = today or timezone.localdate(), cooperative or Cooperative.objects.get()
    known = Rates.read()
    present = next((of for of in reversed(known.known) if of.starts_on <= starts_on), None)
    cost = _cost(rate, max(starts_on, today), present, today=today, cooperative=cooperative)
    return RateEffects(
        rate=rate,
        starts_on=starts_on,
        present=present,
        following=next((of for of in known.known if of.starts_on > starts_on), None),
        floor=rates.floor_of(starts_on),
        cost=cost,
        break_even=_break_even(cost),
        own=_own(reader, rate, present, minutes, today=today, cooperative=cooperative) if reader else None,
        retroactive=_retroactive(rate, starts_on, known, reader, cooperative) if starts_on < today else None,
    )


# The year of the co-op ----------------------------------------------------------------------------


def _cost(
    rate: Decimal, day: date, present: HourlyRate | None, *, today: date, cooperative: Cooperative
) -> Cost:
    first = month_of(day) if day.day == 1 else after(month_of(day))
    facts = facts_of(first, MONTHS_OF_YEAR, today=today, cooperative=cooperative)

    def all_year(amount: Decimal) -> Outlook:
        return foresee(at_one_rate(facts, amount))

    return Cost(facts, all_year(present.amount) if present else None, all_year(rate))


def _break_even(cost: Cost) -> BreakEven | None:
    """None while no projection says what revenue is expected. Three queries."""
    projection = Projection.objects.reference()
    if projection is None:
        return None
    foreseen = kept_outlook(projection, Scenario.EXPECTED.value)
    count = len(foreseen.months)
    costs = foreseen.total.costs * MONTHS_OF_YEAR / count

    def minutes_for(revenue: Decimal, at: Outlook | None) -> int | None:
        spent = at.total.pay_cost + costs if at else ZERO
        return int(revenue * at.total.work_minutes / spent) if at and spent else None

    def hour(at: Outlook | None) -> Decimal | None:
        minutes = at.total.work_minutes if at else 0
        return cents((at.total.pay_cost + costs) * HOUR / minutes) if at and minutes else None

    services = []
    for key, name in services_of(projection).items():
        if revenue := foreseen.total.revenue.get(key, ZERO) / count:
            paid = minutes_for(revenue, cost.before), minutes_for(revenue, cost.after)
            services.append(OfService(name, cents(revenue), *paid))
    then = hour(cost.after)
    row = Row(_("An hour at work"), hour(cost.before), then) if then is not None else None
    return BreakEven(projection, services, row)


# One's own pay ------------------------------------------------------------------------------------


def _own(
    reader: Person,
    rate: Decimal,
    present: HourlyRate | None,
    minutes: int | None,
    *,
    today: date,
    cooperative: Cooperative,
) -> Own:
    period = next(periods.coming(today, cooperative))
    status = what_if.status_of(reader, period)
    if minutes is None:
        minutes = status.agreed_minutes_per_week if status else 0
    if not minutes:
        return Own(refused=_("No agreed hours a week: give hours to see what the rate does to your own pay."))
    try:
        after_it, year_after = _at(reader, rate, minutes, period, today=today, cooperative=cooperative)
        before, year_before = (
            _at(reader, present.amount, minutes, period, today=today, cooperative=cooperative)
            if present
            else (None, None)
        )
    except deductions.Refused as refused:
        return Own(minutes=minutes, refused=refusal(refused))
    except NothingToSuppose as refused:
        return Own(minutes=minutes, refused=str(refused))
    return Own(
        minutes=minutes,
        is_statement=after_it.is_statement,
        pay_on=period.pay_on,
        computed_on=after_it.pay_on,
        pay=_rows(before and _of_pay(before), _of_pay(after_it), is_statement=after_it.is_statement),
        year=_rows(year_before, year_after, is_statement=after_it.is_statement),
    )


def _at(
    reader: Person, rate: Decimal, minutes: int, period: Period, *, today: date, cooperative: Cooperative
) -> tuple[what_if.Supposed, what_if.Year]:
    """The reader's next pay and a year of them at that rate."""
    weekly = Decimal(minutes)
    return (
        what_if.suppose(reader, weekly, cooperative=cooperative, today=today, period=period, proposed=rate),
        what_if.a_year(reader, weekly, rate, cooperative=cooperative, period=period),
    )


def _of_pay(supposed: what_if.Supposed) -> what_if.Year:
    by_side = supposed.draft.by_side
    return what_if.Year(supposed.draft.gross, by_side[Side.DEDUCTION], by_side[Side.SALES_TAX])


def _rows(before: what_if.Year | None, then: what_if.Year, *, is_statement: bool) -> tuple[Row, ...]:
    def row(label: str, name: str, *, is_sum: bool = False) -> Row:
        return Row(label, getattr(before, name) if before else None, getattr(then, name), is_sum)

    if is_statement:
        rows = [row(_("Price before taxes"), "gross"), row(_("Sales taxes"), "sales_taxes")]
        return (*rows, row(_("Total paid"), "net", is_sum=True))
    rows = [row(_("Gross pay"), "gross"), row(_("Deductions"), "withheld")]
    return (*rows, row(_("Net pay"), "net", is_sum=True))


# Hours already paid -------------------------------------------------------------------------------


def _retroactive(
    rate: Decimal, starts_on: date, known: Rates, reader: Person | None, cooperative: Cooperative
) -> Retroactive | None:
    """What the next pay would settle of the past because of this rate; None before any pay."""
    last = (
        PayRun.objects.filter(kind=PayRun.Kind.REGULAR, issued_at__isnull=False)
        .select_related("period")
        .order_by("-period__ends_on")
        .first()
    )
    if last is None or last.period.ends_on < starts_on:
        return None
    differences = _differences(last, known, known.with_proposed(rate, starts_on), cooperative)
    gross: dict[str, Decimal] = dict.fromkeys(PayStub.Kind.values, ZERO)
    people: dict[str, set[int]] = {kind: set() for kind in PayStub.Kind.values}
    for payee, amount in differences.items():
        gross[payee.kind] += amount
        people[payee.kind].add(payee.person_id)
    everybody = set().union(*people.values())
    salaried = people[PayStub.Kind.STUB]
    is_told = is_shown(len(everybody))
    return Retroactive(
        through=last.period.ends_on,
        people=len(everybody),
        gross=sum(gross.values(), ZERO) if is_told else None,
        contributions=_contributions(differences, cooperative)
        if is_told and is_shown(len(salaried))
        else None,
        own=sum(
            (amount for payee, amount in differences.items() if reader and payee.person_id == reader.pk), ZERO
        ),
    )


def _differences(
    last: PayRun, known: Rates, proposed: Rates, cooperative: Cooperative
) -> dict[Payee, Decimal]:
    """By how much what is due through the last pay is more at these rates, by payee."""

    def due(at: Rates) -> dict[Payee, Decimal]:
        period = last.period
        found = outstanding(
            period.starts_on, period.ends_on, period.pay_on, cooperative=cooperative, rates=at
        )
        return {payee: sum((line.amount for line in lines), ZERO) for payee, lines in found.lines.items()}

    now, then = due(known), due(proposed)
    payees: Iterable[Payee] = {*now, *then}
    differences = {payee: then.get(payee, ZERO) - now.get(payee, ZERO) for payee in payees}
    return {payee: amount for payee, amount in differences.items() if amount}


def _contributions(differences: dict[Payee, Decimal], cooperative: Cooperative) -> Decimal:
    """What the employer adds to these amounts, paid beside a regular pay by the next pay date."""
    pay_on = next(periods.coming(cooperative=cooperative)).pay_on
    so_far, employer = pays.years(pay_on.year), employer_on(pay_on, cooperative)
    added = ZERO
    for payee, amount in differences.items():
        if payee.kind != PayStub.Kind.STUB or amount <= 0:
            continue
        year = so_far[payee]
        pay = Pay(
            pay_date=known_day(pay_on),
            periods_per_year=len(periods.calendar_of(cooperative).pay_dates(pay_on.year)),
            gross=ZERO,
            nonperiodic=amount,
            usual_gross=max(ZERO, year.usual_gross),
            employer=employer,
        )
        added += compute(pay, year.so_far()).employer_total
    return added


def first_and_last_day(today: date) -> tuple[date, date]:
    """The days from which a rate may be tried: since the first reviewed tables, and for two years to come."""
    return reviewed_days()[0], after(month_of(today), 2 * MONTHS_OF_YEAR)
