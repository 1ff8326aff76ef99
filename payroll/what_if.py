"""« My net if I worked 28 h », or at another rate: a person's next pay, and a year of them. Nothing is kept."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from koumbit.refusals import Refused
from members.models import Cooperative, Person, WorkStatus

from . import answers, archive, earnings, pays, periods, profiles
from .calendar import SPANS, Calendar, Period
from .deductions import Pay, YearToDate, compute, reviewed_days, sales_taxes_on
from .deductions.money import ZERO
from .dues import KIND_OF_STUB, Payee
from .earnings import Code, Line
from .employer import employer_on
from .models import HourlyRate, PayStub, SalesTaxRegistration, StubLine
from .pays import Draft, Side

WEEKS_OF_MONTH = {"semimonthly": Decimal(52) / 24, "monthly": Decimal(52) / 12}
#: Overtime starts beyond these minutes of a week (Act respecting labour standards, s. 52).
FULL_WEEK = Decimal(40 * 60)


class NothingToSuppose(Refused):
    """There is no work or no rate to price the hours with."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison: the last pay (None without one) and the supposed one, in dollars."""

    label: str
    last: Decimal | None
    then: Decimal
    is_sum: bool = False

    @property
    def change(self) -> Decimal | None:
        return None if self.last is None else self.then - self.last


@dataclass(frozen=True)
class Supposed:
    """A pay that does not exist, of the next period, and the last one that does. `minutes` are those of the period."""

    period: Period
    pay_on: date
    rate: Decimal
    minutes: int
    draft: Draft
    last: PayStub | None
    exemption_used: bool = False

    @cached_property
    def last_minutes(self) -> int | None:
        """The hours that the last pay paid."""
        if self.last is None:
            return None
        return sum(line.minutes or 0 for line in self.last.lines.all() if line.code != Code.BANKED)

    @property
    def is_statement(self) -> bool:
        return self.draft.kind == PayStub.Kind.STATEMENT

    @property
    def overtime(self) -> int:
        """Minutes beyond forty hours a week, paid at time and a half."""
        return sum(line.minutes for line in self.draft.earnings if line.code == Code.OVERTIME)

    @property
    def banked(self) -> int:
        """Minutes beyond forty hours a week that go to the bank, as the person asked: not paid now."""
        return sum(line.minutes for line in self.draft.earnings if line.code == Code.BANKED)

    @cached_property
    def rows(self) -> list[Row]:
        """Gross, each deduction or sales tax, and net."""
        then, last = self.draft.by_code, _by_code(self.last)
        gross = _("Price before taxes") if self.is_statement else _("Gross pay")
        rows = [Row(gross, last.get(("gross", "")), self.draft.gross, is_sum=True)]
        for side, code in dict.fromkeys([*then, *last]):
            if side in (Side.DEDUCTION, Side.SALES_TAX):
                before = None if self.last is None else last.get((side, code), ZERO)
                label = str(StubLine.Code(code).label)
                sign = "−" if side == Side.DEDUCTION else "+"
                rows.append(Row(f"{sign} {label}", before, then.get((side, code), ZERO)))
        net = _("Total paid") if self.is_statement else _("Net pay")
        return [*rows, Row(net, self.last.net if self.last else None, self.draft.net, is_sum=True)]


def _by_code(stub: PayStub | None) -> dict[tuple[str, str], Decimal]:
    if stub is None:
        return {}
    return {
        ("gross", ""): stub.gross,
        **{(line.side, line.code): line.amount for line in stub.lines.all() if line.side != Side.EARNING},
    }


def weeks_of(calendar: Calendar) -> Decimal:
    """How many weeks a period has, on average."""
    days = SPANS.get(calendar.frequency)
    return Decimal(days) / 7 if days else WEEKS_OF_MONTH[calendar.frequency]


def status_of(person: Person, period: Period) -> WorkStatus | None:
    """The person's work in that period; their latest one when they have none in it."""
    statuses = WorkStatus.objects.filter(person=person, starts_on__lte=period.ends_on)
    return statuses.order_by("-starts_on").first()


def suppose(
    person: Person,
    minutes_per_week: Decimal,
    *,
    cooperative: Cooperative,
    today: date,
    period: Period,
    proposed: Decimal | None = None,
) -> Supposed:
    """The person's pay of a period if they worked so many minutes in each of its weeks.

    At the `proposed` rate, or that of today, with their own tax forms and their year so far. A pay date that
    the tables do not reach is computed as if it were their last day. Raises NothingToSuppose, and Refused
    (`payroll.deductions`) for a pay that cannot be computed.
    """
    status = status_of(person, period)
    if status is None:
        raise NothingToSuppose(_("You have no work status here: there is no pay to estimate."))
    rate = proposed or _rate_of(today)
    calendar, (first, last) = periods.calendar_of(cooperative), reviewed_days()
    pay_on = min(max(period.pay_on, first), last)
    supposed = replace(period, pay_on=pay_on, pays_in_year=len(calendar.pay_dates(pay_on.year)))
    kind, exemption_used = KIND_OF_STUB[WorkStatus.Kind(status.kind)], False
    is_banked = kind == PayStub.Kind.STUB and answers.banks_overtime(person.pk, period.ends_on)
    beyond = Code.BANKED if is_banked else Code.OVERTIME
    lines = _lines(minutes_per_week, weeks_of(calendar), rate, period.starts_on, beyond)
    if kind == PayStub.Kind.STATEMENT:
        registration = SalesTaxRegistration.objects.filter(person=person).on(pay_on).first()
        draft = pays.statement(person, lines, registration, sales_taxes_on(pay_on))
    else:
        claims = profiles.claims_on([person], pay_on, calendar=calendar)[person.pk]
        year = pays.years(pay_on.year, people=[person.pk])[Payee(person.pk, kind)]
        exemption_used = _had_exemption(person, period)
        employer = employer_on(pay_on, cooperative)
        draft = pays.stub(person, lines, claims, year, supposed, employer, exemption_used=exemption_used)
    minutes = sum(line.minutes for line in lines if line.code != Code.BANKED)
    return Supposed(period, pay_on, rate, minutes, draft, _last(person, kind), exemption_used)


def _rate_of(today: date) -> Decimal:
    rate = HourlyRate.objects.on(today)
    if rate is None:
        raise NothingToSuppose(_("No hourly rate is in force today: there is no pay to estimate."))
    return rate.amount


@dataclass(frozen=True, slots=True)
class Year:
    """A whole year of ordinary pays: gross, what is withheld, sales taxes, what is received."""

    gross: Decimal
    withheld: Decimal
    sales_taxes: Decimal

    @property
    def net(self) -> Decimal:
        return self.gross - self.withheld + self.sales_taxes


def a_year(
    person: Person, minutes_per_week: Decimal, rate: Decimal, *, cooperative: Cooperative, period: Period
) -> Year:
    """What the person would be paid in a whole year of such weeks, from its first pay to its last.

    The year is that of the period's pay date, or the last one the tables reach; the tax forms are those
    that hold once it is over. Raises NothingToSuppose, and Refused (`payroll.deductions`).
    """
    status = status_of(person, period)
    if status is None:
        raise NothingToSuppose(_("You have no work status here: there is no pay to estimate."))
    calendar, (first, last) = periods.calendar_of(cooperative), reviewed_days()
    dates = calendar.pay_dates(min(max(period.pay_on, first), last).year)
    is_salaried = status.kind == WorkStatus.Kind.SALARIED
    is_banked = is_salaried and answers.banks_overtime(person.pk, period.ends_on)
    beyond = Code.BANKED if is_banked else Code.OVERTIME
    lines = _lines(minutes_per_week, weeks_of(calendar), rate, period.starts_on, beyond)
    gross = sum((line.amount for line in lines), ZERO)
    if not is_salaried:
        registration = SalesTaxRegistration.objects.filter(person=person).on(period.pay_on).first()
        draft = pays.statement(person, lines, registration, sales_taxes_on(dates[-1]))
        return Year(gross * len(dates), ZERO, draft.by_side[Side.SALES_TAX] * len(dates))
    employer = employer_on(dates[-1], cooperative)
    # On the first pay date after it: what a form changes during a year is spread over the rest of that year.
    after = calendar.pay_dates(dates[-1].year + 1)[0]
    claims = profiles.claims_on([person], after, calendar=calendar)[person.pk]
    so_far, withheld = YearToDate(), ZERO
    for pay_on in dates:
        pay = Pay(pay_date=pay_on, periods_per_year=len(dates), gross=gross, claims=claims, employer=employer)
        deductions = compute(pay, so_far)
        so_far, withheld = so_far.after(pay, deductions), withheld + deductions.total
    return Year(gross * len(dates), withheld, ZERO)


def _had_exemption(person: Person, period: Period) -> bool:
    """Did a pay that stands, off-cycle, already give this person the QPP exemption of that period?"""
    stubs = PayStub.objects.standing().filter(
        person=person, kind=PayStub.Kind.STUB, run__period__starts_on=period.starts_on
    )
    given = [Pay.from_dict(json.loads(inputs)["pay"]) for inputs in stubs.values_list("inputs", flat=True)]
    return any(not pay.exemption_used and not pay.is_paid_alone for pay in given)


def _lines(per_week: Decimal, weeks: Decimal, rate: Decimal, first_day: date, beyond: Code) -> list[Line]:
    """The regular hours of the period, and those beyond forty a week: at time and a half, or banked."""
    regular = int(min(per_week, FULL_WEEK) * weeks)
    overtime = int(max(ZERO, per_week - FULL_WEEK) * weeks)
    return [
        Line(first_day, code, rate, minutes, earnings.worth(minutes, rate, code))
        for code, minutes in _some((Code.REGULAR, regular), (beyond, overtime))
    ]


def _some(*parts: tuple[Code, int]) -> Iterable[tuple[Code, int]]:
    return ((code, minutes) for code, minutes in parts if minutes)


def _last(person: Person, kind: str) -> PayStub | None:
    stubs = archive.own(person).standing().filter(kind=kind).with_totals()
    return stubs.prefetch_related("lines").first()
