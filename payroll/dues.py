"""What the approved hours are worth and nobody was paid for yet, person by person.

Only the weeks that can have something to pay are read: those of the period, and the older ones whose
approved minutes or leave are not what was paid, whose rate was changed for the past, or whose overtime
is no longer paid the way it was. The number of queries does not depend on the number of people.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from koumbit.dated import day_before
from members.models import WorkStatus
from timesheets import hours
from timesheets.weeks import WEEK, last_day, week_of

from . import earnings
from .earnings import Code, Line, NoRate, Worked
from .models import HourlyRate, OvertimeChoice, PayPeriod, PayStub, StubLine

Week = tuple[int, date]
#: A stub for the days worked as a salaried person, a statement for those worked freelance.
KIND_OF_STUB = {
    WorkStatus.Kind.SALARIED: PayStub.Kind.STUB,
    WorkStatus.Kind.FREELANCE: PayStub.Kind.STATEMENT,
}


class Payee(NamedTuple):
    """A person, and as what they are paid: what one stub is about."""

    person_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Rates:
    """Every hourly rate in force one day or another, in the order of their first days."""

    known: tuple[HourlyRate, ...]
    # With those that a later record for the same day replaced: stubs may have paid at them.
    recorded: tuple[HourlyRate, ...]

    @classmethod
    def read(cls) -> "Rates":
        """All rates; of two that start on the same day, the later recorded one holds."""
        recorded = tuple(HourlyRate.objects.select_related("decision__body").order_by("starts_on", "pk"))
        return cls(tuple({rate.starts_on: rate for rate in recorded}.values()), recorded)

    def row(self, day: date) -> HourlyRate:
        """The rate in force on that day, with its decision. Raises NoRate before the first."""
        place = bisect_right(self.known, day, key=lambda rate: rate.starts_on)
        if not place:
            raise NoRate(day)
        return self.known[place - 1]

    def on(self, day: date) -> Decimal:
        return self.row(day).amount

    def that_paid(self, line: Line) -> HourlyRate:
        """The rate, with its decision, that a line's hours are or were paid at."""
        same = [rate for rate in self.recorded if rate.amount == line.rate]
        return next((rate for rate in reversed(same) if rate.starts_on <= last_day(line.week)), same[0])

    def stale(self) -> Q:
        """Lines of weeks in which the rate they were paid at was not in force on any day.

        Weeks in which a rate starts after their first day are always looked at: a part of their
        hours may have to be paid at the other rate.
        """
        fresh, mixed = Q(), Q()
        for rate, follower in zip(self.known, [*self.known[1:], None], strict=True):
            during = Q(rate=rate.amount, week_starts_on__gte=rate.starts_on - WEEK + timedelta(days=1))
            if follower:
                during &= Q(week_starts_on__lt=follower.starts_on)
                first = follower.starts_on
                mixed |= Q(week_starts_on__range=(first - WEEK + timedelta(days=1), day_before(first)))
            fresh |= during
        return ~fresh | mixed if self.known else Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Spans:
    """Dated facts of people, found by person and day without another query."""

    facts: dict[int, list]

    @classmethod
    def of(cls, rows: QuerySet) -> "Spans":
        facts = defaultdict(list)
        for row in rows:
            facts[row.person_id].append(row)
        return cls(facts)

    def on(self, person_id: int, day: date):
        return next((fact for fact in self.facts.get(person_id, ()) if fact.holds_on(day)), None)


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What is due and not yet paid through the end of a period.

    `lines` by payee, each adding up to what that stub has to say; `without_status` and `without_rate`
    are the days whose hours cannot be paid: nobody said as what, or no rate holds.
    """

    lines: dict[Payee, list[Line]]
    without_status: dict[int, list[date]]
    without_rate: tuple[date, ...]
    statuses: Spans
    rates: Rates


def paid_from(starts_on: date) -> date:
    """The first day whose hours are paid here: that of the first period, or of this one before any other."""
    first = PayPeriod.objects.aggregate(first=Min("starts_on"))["first"]
    return min(first or starts_on, starts_on)


def _earned(instead_of: PayStub | None = None) -> QuerySet[StubLine]:
    """What stubs paid for hours; a stub that is being corrected counts as if it had paid nothing."""
    lines = StubLine.objects.filter(side=StubLine.Side.EARNING).order_by()
    return lines.exclude(stub=instead_of) if instead_of else lines


def weeks_to_settle(
    since: date, before: date, rates: Rates, *, instead_of: PayStub | None = None
) -> set[Week]:
    """The older weeks, starting before `before`, in which something may be due or overpaid."""
    lines = _earned(instead_of).filter(week_starts_on__lt=before)
    paid = (
        lines.exclude(code=Code.TAKEN)
        .values("stub__person_id", "week_starts_on")
        .annotate(total=Sum("minutes"))
        .values_list("stub__person_id", "week_starts_on", "total")
    )
    this_week = (Q(ends_on__gte=OuterRef("week_starts_on")) | Q(ends_on=None)) & Q(
        starts_on__lt=OuterRef("week_starts_on") + WEEK
    )
    asked = OvertimeChoice.objects.filter(this_week, person=OuterRef("stub__person_id"))
    salaried, freelance = (
        WorkStatus.objects.filter(this_week, person=OuterRef("stub__person_id"), kind=kind)
        for kind in (WorkStatus.Kind.SALARIED, WorkStatus.Kind.FREELANCE)
    )
    otherwise = (
        lines.filter(
            rates.stale()
            | (Q(code=Code.BANKED) & ~Exists(asked))
            | (Q(code=Code.OVERTIME) & Exists(asked))
            | (Q(stub__kind=PayStub.Kind.STUB) & Exists(freelance))
            | (Q(stub__kind=PayStub.Kind.STATEMENT) & Exists(salaried))
        )
        .values_list("stub__person_id", "week_starts_on", "stub__kind", "code", "rate")
        .annotate(total=Sum("minutes"))
        .exclude(total=0)
    )
    return {
        *hours.weeks_unlike(paid, since, day_before(before)),
        *_leave_unlike(lines, since, day_before(before)),
        *(row[:2] for row in otherwise),
    }


def _leave_unlike(lines: QuerySet[StubLine], first: date, last: date) -> set[Week]:
    """The weeks in which leave drawn from the bank is not what was paid as such."""
    left: Counter[Week] = Counter()
    for day in _leave(first, last):
        left[day.person_id, day.week_starts_on] += day.minutes
    paid = lines.filter(code=Code.TAKEN).values_list("stub__person_id", "week_starts_on")
    for person_id, week, minutes in paid.annotate(total=Sum("minutes")):
        left[person_id, week] -= minutes
    return {week for week, minutes in left.items() if minutes}


def _leave(first: date, last: date) -> list[hours.ApprovedLeaveDay]:
    """Approved leave that is drawn from the overtime bank."""
    return hours.approved_leave(last, since=first, kinds=[hours.BANKED_LEAVE])


def paid_further(ends_on: date, *, people: Collection[int] | None = None) -> dict[int, date]:
    """Who was already paid for days after this one, and up to which: by a pay of a later period, or off-cycle."""
    further = Q(run__through__gt=ends_on) | Q(run__through=None, run__period__ends_on__gt=ends_on)
    stubs = PayStub.objects.standing().filter(further).order_by()
    if people is not None:
        stubs = stubs.filter(person__in=list(people))
    last = Max(Coalesce("run__through", "run__period__ends_on"))
    return dict(stubs.values_list("person_id").annotate(last=last))


def outstanding(
    starts_on: date,
    ends_on: date,
    *,
    people: Collection[int] | None = None,
    instead_of: PayStub | None = None,
) -> Outstanding:
    """What is due and not yet paid for all approved hours up to the last day of the period.

    For `people` only, when they are given. `instead_of` is a stub that is being corrected: what it
    paid counts as not paid, and the weeks after its period are left to the pays that follow it.
    Whoever a pay has already paid beyond the last day is settled up to where that pay went.
    """
    since = paid_from(starts_on)
    weekday = hours.week_start_weekday()
    recent, first = week_of(starts_on, weekday), week_of(since, weekday)
    rates = Rates.read()
    older = weeks_to_settle(since, recent, rates, instead_of=instead_of) if first < recent else set()
    further = paid_further(ends_on, people=people)
    if instead_of:
        last_week = last_day(week_of(ends_on, weekday))
        further = {person_id: min(day, last_week) for person_id, day in further.items()}
    through = max([ends_on, *further.values()])

    def counts(person_id: int, day: date) -> bool:
        return (people is None or person_id in people) and day <= further.get(person_id, ends_on)

    days = _only(_days(through, recent, older), counts)
    leave = _only(_leave_days(through, recent, older), counts)
    paid, voided = _paid(recent, older, instead_of=instead_of)
    if people is not None:
        paid = {payee: lines for payee, lines in paid.items() if payee.person_id in people}
    if instead_of:
        paid = {payee: [line for line in lines if line.week <= last_week] for payee, lines in paid.items()}
    concerned = {payee.person_id for payee in paid} | set(days) | set(leave)
    oldest = min((week for _, week in older), default=recent)
    span = (oldest, max(through, last_day(recent)))
    statuses = Spans.of(WorkStatus.objects.during(*span).filter(person__in=concerned))
    choices = Spans.of(OvertimeChoice.objects.during(*span).filter(person__in=concerned))

    worked: dict[Payee, list[Worked]] = defaultdict(list)
    without_status: dict[int, list[date]] = defaultdict(list)
    without_rate = set()
    for person_id, own in days.items():
        for day in own:
            status = statuses.on(person_id, day.day)
            if not day.minutes:
                continue
            if status is None:
                if day.day >= since:
                    without_status[person_id].append(day.day)
                continue
            worked[Payee(person_id, KIND_OF_STUB[status.kind])].append(day)
    for payee in (*paid, *(Payee(person_id, PayStub.Kind.STUB) for person_id in leave)):
        worked.setdefault(payee, [])
    lines = {}
    for payee, own in worked.items():
        try:
            owed = earnings.due(
                own,
                rates.on,
                has_overtime=payee.kind == PayStub.Kind.STUB,
                is_banked=lambda day, person_id=payee.person_id: choices.on(person_id, day) is not None,
                since=since,
            )
            if payee.kind == PayStub.Kind.STUB:
                owed += earnings.taken(leave.get(payee.person_id, ()), rates.on, since=since)
        except NoRate as refusal:
            without_rate.add(refusal.day)
            continue
        found = earnings.difference(
            owed,
            paid.get(payee, ()),
            current_from=starts_on,
            voided=voided.get(payee, ()),
        )
        if found:
            lines[payee] = found
    return Outstanding(lines, dict(without_status), tuple(sorted(without_rate)), statuses, rates)


def _only(days: dict[int, list[Worked]], counts: Callable[[int, date], bool]) -> dict[int, list[Worked]]:
    """The days of each person that count for this pay."""
    return {person_id: [day for day in own if counts(person_id, day.day)] for person_id, own in days.items()}


def _days(through: date, recent: date, older: set[Week]) -> dict[int, list[Worked]]:
    """Approved days by person: all from the week `recent` on, and those of the older weeks asked for."""
    found = hours.approved_days(through, since=recent)
    if older:
        found += (
            day
            for day in hours.approved_days(
                day_before(recent),
                since=min(week for _, week in older),
                people={person_id for person_id, _ in older},
            )
            if (day.person_id, day.week_starts_on) in older
        )
    days: dict[int, list[Worked]] = defaultdict(list)
    for day in found:
        days[day.person_id].append(Worked(day.day, day.week_starts_on, day.minutes))
    return days


def _leave_days(through: date, recent: date, older: set[Week]) -> dict[int, list[Worked]]:
    """Leave drawn from the bank, by person, in the same weeks as the hours."""
    days: dict[int, list[Worked]] = defaultdict(list)
    for day in _leave(min((week for _, week in older), default=recent), through):
        if day.week_starts_on >= recent or (day.person_id, day.week_starts_on) in older:
            days[day.person_id].append(Worked(day.day, day.week_starts_on, day.minutes))
    return days


def _paid(
    recent: date, older: set[Week], *, instead_of: PayStub | None = None
) -> tuple[dict[Payee, list[Line]], dict[Payee, set[date]]]:
    """What stubs paid for these weeks, and the weeks whose pay was taken back whole by a voiding."""
    wanted = Q(week_starts_on__gte=recent)
    if older:
        wanted |= Q(
            week_starts_on__gte=min(week for _, week in older),
            stub__person__in={person_id for person_id, _ in older},
        )
    rows = (
        _earned(instead_of)
        .filter(wanted)
        .values_list("stub__person_id", "stub__kind", "week_starts_on", "code", "rate")
        .annotate(
            minutes=Sum("minutes"),
            amount=Sum("amount"),
            mirrored=Count("pk", filter=Q(stub__mirrors__isnull=False)),
        )
    )
    paid: dict[Payee, list[Line]] = defaultdict(list)
    for_hours: dict[Payee, Counter[date]] = defaultdict(Counter)
    mirrored: dict[Payee, set[date]] = defaultdict(set)
    for person_id, kind, week, code, rate, minutes, amount, voids in rows:
        if week < recent and (person_id, week) not in older:
            continue
        payee = Payee(person_id, kind)
        paid[payee].append(Line(week, Code(code), rate, minutes, amount))
        for_hours[payee][week] += minutes
        if voids:
            mirrored[payee].add(week)
    voided = {
        payee: {week for week in taken_back if not for_hours[payee][week]}
        for payee, taken_back in mirrored.items()
    }
    return paid, voided
