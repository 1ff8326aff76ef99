"""The record of employment: what Service Canada asks of an employer when somebody stops working.

Insurable earnings and hours are those of the issued stubs, by pay period, the last one first; a paid
holiday counts for the hours of its day that were not worked (Employment Insurance Regulations,
SOR/96-332, s. 10.1(3), read on 2026-11-29) [P]. How many periods are asked depends on the pay
frequency (`slip_rules.toml`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from koumbit.refusals import Refused
from koumbit.rows import write
from members import journal
from members.models import Cooperative, Person, Power, WorkStatus
from members.powers import NotAllowed, holds_any
from timesheets import hours, legal_week
from timesheets.hours import Unsettled
from timesheets.leave_days import length_of_day

from . import periods
from .deductions import NotReviewed
from .deductions.money import ZERO
from .dues import Payee, outstanding, paid_from
from .in_force import Spans
from .models import EmploymentRecord, OpeningBalance, PayPeriod, PayStub, StubLine
from .periods import calendar_of
from .service import Service, services_of
from .slip_rules import Figure, slip_rules

journal.name_events({"roe.given": gettext_lazy("record of employment given")})

#: Who makes records of employment.
POWERS = (Power.PREPARE_PAY, Power.ISSUE_PAY)
#: Leave that is paid for: its days are days for which the person was paid.
PAID_LEAVE = ("vacation", "banked", "holiday", "sick", "family")
#: Overtime that is banked is counted when it is paid or taken, not when it is worked.
BANKED = "banked"
HOLIDAY, VACATION_OUT = "holiday", "vacation_out"


@dataclass(frozen=True)
class RecordPeriod:
    """One pay period: insurable earnings in dollars, insurable time in minutes. Zero in a period without pay."""

    starts_on: date
    ends_on: date
    earnings: Decimal
    minutes: int


@dataclass(frozen=True)
class Record:
    """The figures of a record of employment, blocks in the order of the form.

    `periods` are the most recent ones, the last first. `hours_periods` and `earnings_periods` are how many
    of them blocks 15A and 15B count.
    """

    service: Service
    frequency: str
    first_day_worked: date | None
    last_day_paid: date | None
    final_period_ends_on: date | None
    periods: list[RecordPeriod]
    hours_periods: Figure
    earnings_periods: Figure
    vacation_pay: Decimal
    issue_by: date | None
    #: What is approved and not paid yet, in dollars; None where nobody can tell what it is worth.
    due: Decimal | None = ZERO
    #: The weeks of its last period whose hours are not all approved.
    unsettled: list[Unsettled] = field(default_factory=list)
    #: Whether pays of before the co-op used this software are known only as one sum: their periods are not here.
    has_opening: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether all that is approved is paid: before that, figures are missing."""
        return not self.due and bool(self.periods) and self.periods[0].ends_on == self.final_period_ends_on

    @property
    def minutes(self) -> int:
        """Block 15A: insurable time of the periods it counts."""
        return sum(period.minutes for period in self.periods[: self.hours_periods.value])

    @property
    def earnings(self) -> Decimal:
        """Block 15B: insurable earnings of the periods it counts."""
        return sum((period.earnings for period in self.periods[: self.earnings_periods.value]), ZERO)


def record_of(person: Person) -> Record | None:
    """The record of a person's last salaried work; None for who never was salaried."""
    service = next(reversed(services_of([person.pk])[person.pk]), None)
    if service is None:
        return None
    cooperative, figures = Cooperative.objects.get(), slip_rules().figures
    first, last = _days_paid(person, service)
    until = min(service.until or date.max, timezone.localdate())
    frequency = cooperative.pay_frequency
    asked = figures[f"roe_hours_{frequency}"], figures[f"roe_earnings_{frequency}"]
    paid = _periods(person, first, last, max(figure.value for figure in asked)) if first else []
    final = _final_period(cooperative, last, paid) if last else None
    begins = paid_from(first) if first else None
    return Record(
        service=service,
        frequency=cooperative.get_pay_frequency_display(),
        # Whoever was here before this software was: their first day is in the register.
        first_day_worked=service.since if begins and service.since < begins else first,
        last_day_paid=last,
        final_period_ends_on=final,
        periods=paid,
        hours_periods=asked[0],
        earnings_periods=asked[1],
        vacation_pay=_vacation_out(person, service),
        issue_by=final and final + timedelta(days=figures["roe_days_to_issue"].value),
        due=_due(person, until),
        unsettled=hours.unsettled_sheets(last, until, people=[person.pk]) if last and last <= until else [],
        has_opening=OpeningBalance.objects.filter(person=person, confirmed_at__isnull=False).exists(),
    )


def _days_paid(person: Person, service: Service) -> tuple[date | None, date | None]:
    """The first day worked in a service, and the last day worked or of paid leave."""
    through = service.until or date.max
    worked = [
        day.day
        for day in hours.approved_days(through, since=service.since, people=[person.pk])
        if day.minutes > 0
    ]
    leave = hours.approved_leave(through, since=service.since, people=[person.pk], kinds=PAID_LEAVE)
    return min(worked, default=None), max([*worked, *(day.day for day in leave)], default=None)


def _periods(person: Person, first: date, last: date, most: int) -> list[RecordPeriod]:
    """The pay periods of a service, the last first, with those in which nothing was paid.

    What a later period paid of it (late hours, vacation, a stub paid again) is in its last one.
    """
    found: list[PayPeriod] = list(
        PayPeriod.objects.filter(ends_on__gte=first, starts_on__lte=last).order_by("-starts_on")[:most]
    )
    stubs = PayStub.objects.filter(person=person, kind=PayStub.Kind.STUB).select_related("run__period")
    by_period: dict[int, list[PayStub]] = {}
    for stub in stubs.prefetch_related("lines"):
        is_later = bool(found) and stub.run.period.starts_on > found[0].starts_on
        period_id = found[0].pk if is_later else stub.run.period_id
        by_period.setdefault(period_id, []).append(stub)
    holidays = _holidays(person, found, by_period)
    return [
        RecordPeriod(
            period.starts_on,
            period.ends_on,
            sum((stub.insurable for stub in by_period.get(period.pk, ())), ZERO),
            sum(paid_minutes(stub.lines.all()) for stub in by_period.get(period.pk, ()))
            + holidays[period.pk],
        )
        for period in found
    ]


def _holidays(
    person: Person, found: Sequence[PayPeriod], by_period: Mapping[int, Sequence[PayStub]]
) -> Counter[int]:
    """The minutes of paid holidays that were not worked, by period: those agreed for a day, less those worked."""
    counted: Counter[int] = Counter()
    paid: dict[date, Decimal] = defaultdict(lambda: ZERO)
    for line in (line for stubs in by_period.values() for stub in stubs for line in stub.lines.all()):
        if line.code == HOLIDAY:
            paid[line.week_starts_on] += line.amount
    if not any(paid.values()):
        return counted
    days = hours.approved_days(found[0].ends_on, since=found[-1].starts_on, people=[person.pk])
    worked = {day.day: day.minutes for day in days}
    statuses = Spans.of(WorkStatus.objects.filter(person=person, kind=WorkStatus.Kind.SALARIED))
    for week in (week for week, amount in paid.items() if amount > 0):
        for day in legal_week.holidays_in(week):
            period = next((one for one in found if one.starts_on <= day <= one.ends_on), None)
            status = statuses.on(person.pk, day)
            if period and status:
                off = legal_week.Off(holiday=length_of_day(status.agreed_minutes_per_week))
                counted[period.pk] += off.minutes(worked.get(day, 0))
    return counted


def _due(person: Person, until: date) -> Decimal | None:
    """What a person is owed of all that is approved up to a day, what their banks hold at departure included."""
    period = periods.holding(until)
    try:
        found = outstanding(period.starts_on, period.ends_on, period.pay_on, people=[person.pk])
    except NotReviewed:
        return None
    lines = found.lines.get(Payee(person.pk, PayStub.Kind.STUB), [])
    return sum((line.amount for line in lines), ZERO)


def paid_minutes(lines: Iterable[StubLine]) -> int:
    """The time a stub pays: by the clock, overtime without its half."""
    return sum(line.minutes or 0 for line in lines if line.code != BANKED)


def _final_period(cooperative: Cooperative, last: date, paid: list[RecordPeriod]) -> date:
    """The last day of the period that holds the last day paid: as it was paid, or as the calendar has it."""
    if paid and paid[0].ends_on >= last:
        return paid[0].ends_on
    return calendar_of(cooperative).period_of(last).ends_on


def _vacation_out(person: Person, service: Service) -> Decimal:
    """Block 17A: vacation pay that was paid without leave from the last day of the service on."""
    if service.until is None:
        return ZERO
    lines = StubLine.objects.filter(
        stub__person=person, code=VACATION_OUT, stub__run__period__ends_on__gte=service.until
    )
    return sum(lines.values_list("amount", flat=True), ZERO)


# Departures ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Departure:
    """Somebody whose salaried work ends: their last day is known."""

    person: Person
    service: Service
    given: EmploymentRecord | None = None


def departures(since: date) -> list[Departure]:
    """Whose salaried work ended on that day or later, or has an end, the latest first. Three queries."""
    people = (
        Person.objects.filter(work_statuses__kind="salaried", work_statuses__ends_on__gte=since)
        .distinct()
        .by_name()
    )
    services, given = services_of(person.pk for person in people), given_to(person.pk for person in people)
    found = [
        Departure(person, last, given.get((person.pk, last.until)))
        for person in people
        if (last := services[person.pk][-1]).until is not None and last.until >= since
    ]
    return sorted(found, key=lambda of: of.service.until, reverse=True)


class WorkGoesOn(Refused):
    sentence = gettext_lazy("This person's salaried work has no last day: there is no record to give.")


class GivenLater(Refused):
    sentence = gettext_lazy("A record is noted once it was given: this day has not come.")


@transaction.atomic
def note_given(person: Person, *, by: Person, number: str, given_on: date) -> EmploymentRecord:
    """Note that the record of a person's last salaried work was given, and by which number. It stays noted."""
    if not holds_any(by, POWERS):
        raise NotAllowed(Power.PREPARE_PAY)
    service = next(reversed(services_of([person.pk])[person.pk]), None)
    if service is None or service.until is None:
        raise WorkGoesOn
    if given_on > timezone.localdate():
        raise GivenLater
    noted = EmploymentRecord(
        person=person,
        last_day=service.until,
        number=number.strip().upper(),
        given_on=given_on,
        noted_by=by,
    )
    write(noted)
    journal.record("roe.given", by=by, id=noted.pk, person=person.pk)
    return noted


def given_to(people: Iterable[int]) -> dict[tuple[int, date], EmploymentRecord]:
    """The last record given for each work that ended, by person and last day. One query."""
    records = EmploymentRecord.objects.filter(person__in=list(people)).select_related("noted_by")
    return {(record.person_id, record.last_day): record for record in records.order_by("pk")}
