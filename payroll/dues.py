"""What approved hours and leave are worth and nobody was paid for yet, person by person.

Only the weeks that can have something to pay are read (`settling`). The number of queries does not
depend on the number of people.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Min, Q, Sum

from koumbit.dated import day_before
from members.models import Cooperative, WorkStatus
from timesheets import hours
from timesheets.weeks import WEEK, last_day, week_of

from . import earnings, indemnities
from .bank import Bank
from .deductions.money import ZERO
from .earnings import Code, Line, NoRate, Worked
from .in_force import Rates, Spans
from .indemnities import Indemnity
from .models import BankOpening, OvertimeChoice, PayPeriod, PayStub
from .owed_leave import Leave, Owed
from .paid_out import Banks, Vacation
from .settling import Scope, Settled, Terms, earned, sick_days, sick_from, weeks_to_settle

__all__ = ["Outstanding", "Payee", "Rates", "Spans", "outstanding"]

DAY = timedelta(days=1)
#: A stub for the days worked as a salaried person, a statement for those worked freelance.
KIND_OF_STUB = {
    WorkStatus.Kind.SALARIED: PayStub.Kind.STUB,
    WorkStatus.Kind.FREELANCE: PayStub.Kind.STATEMENT,
}
#: What this software pays for leave, when the co-op has it do so.
LEAVE = frozenset({Code.VACATION, Code.HOLIDAY, Code.SICK})


class Payee(NamedTuple):
    """A person, and as what they are paid: what one stub is about."""

    person_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What is due and not yet paid through the end of a period.

    `lines` by payee, each adding up to what that stub has to say; `without_status` and `without_rate`
    are the days whose hours cannot be paid: nobody said as what, or no rate holds. `short` are the
    minutes of approved vacation that somebody's bank cannot pay; `overtime` the banks before this pay;
    `off` the minutes of vacation, and of holidays not worked, that count in somebody's weeks with overtime;
    `unknown_base` the holidays of the
    period whose four weeks start before the first day that is paid here, and for whom.
    """

    lines: dict[Payee, list[Line]]
    without_status: dict[int, list[date]]
    without_rate: tuple[date, ...]
    statuses: Spans
    rates: Rates
    terms: Terms | None = None
    indemnities: dict[int, list[Indemnity]] = field(default_factory=dict)
    vacations: dict[int, Vacation] = field(default_factory=dict)
    short: dict[int, int] = field(default_factory=dict)
    off: dict[int, dict[date, int]] = field(default_factory=dict)
    overtime: Mapping[int, Bank] = field(default_factory=dict)
    unknown_base: Mapping[date, set[int]] = field(default_factory=dict)

    def keep(self, person_id: int, leave: Owed) -> None:
        """Remember of somebody's leave what a stub explains and what the pre-flight says."""
        if leave.indemnities:
            self.indemnities[person_id] = leave.indemnities
        if leave.short:
            self.short[person_id] = leave.short

    def note_off(self, person_id: int, off: Mapping[date, int], owed: Iterable[Line]) -> None:
        """Remember what fills somebody's weeks of overtime beside their hours, which their stub says."""
        weeks = {line.week for line in owed if line.code in earnings.BEYOND}
        if of_theirs := {week: minutes for week, minutes in off.items() if week in weeks}:
            self.off[person_id] = of_theirs


def paid_from(starts_on: date) -> date:
    """The first day whose hours are paid here: that of the first period, or of this one before any other."""
    first = PayPeriod.objects.aggregate(first=Min("starts_on"))["first"]
    return min(first or starts_on, starts_on)


def outstanding(
    starts_on: date,
    ends_on: date,
    pay_on: date | None = None,
    *,
    cooperative: Cooperative | None = None,
    people: Collection[int] | None = None,
    instead_of: PayStub | None = None,
    rates: Rates | None = None,
) -> Outstanding:
    """What is due and not yet paid for all approved hours and leave up to the last day of the period.

    For `people` only, when they are given; `instead_of` is a stub that is being corrected (see `Scope`).
    `rates` are those that are supposed in the place of those that hold.
    Raises NotReviewed when nobody has read for the pay date what the law has paid for leave.
    """
    cooperative, pay_on = cooperative or Cooperative.objects.get(), pay_on or ends_on
    since = paid_from(starts_on)
    weekday = cooperative.week_starts_on
    recent, first = week_of(starts_on, weekday), week_of(since, weekday)
    rates = rates or Rates.read()
    scope = Scope.read(ends_on, weekday, people=people, instead_of=instead_of)
    statuses = Spans.of(WorkStatus.objects.all())
    terms = Terms.read(cooperative, since, scope, pay_on)
    sick = sick_days(terms, scope, recent, statuses) if terms else {}
    older = (
        weeks_to_settle(
            since, recent, rates, statuses=statuses, terms=terms, sick=sick, instead_of=instead_of
        )
        if first < recent
        else set()
    )
    settled = Settled(recent, older)
    days = _days(scope, settled)
    paid = Paid.read(settled, terms, instead_of=instead_of)
    openings = paid.add_openings(weekday, terms) if terms else set()
    worked, without_status = _by_payee(days, statuses, since)
    choices = Spans.of(
        OvertimeChoice.objects.during(settled.oldest, max(scope.through, last_day(recent))).filter(
            person__in={payee.person_id for payee in (*worked, *paid.lines)}
        )
    )
    leave = Leave.read(settled, scope, since, terms, statuses, sick, rates)
    banks = Banks.read(cooperative, rates, statuses, scope, pay_on, terms)
    for payee in (*paid.lines, *(Payee(pk, PayStub.Kind.STUB) for pk in (*leave.people, *banks.people))):
        worked.setdefault(payee, [])
    found = Outstanding(
        {},
        without_status,
        (),
        statuses,
        rates,
        terms=terms,
        overtime=banks.now,
        unknown_base=leave.unknown_base(recent, since, openings),
    )
    without_rate = set()
    for payee, own in worked.items():
        person_id, is_stub = payee.person_id, payee.kind == PayStub.Kind.STUB
        if not scope.concerns(person_id):
            continue
        already = paid.lines.get(payee, [])
        if scope.last_week:
            vacations = {day.week for day in leave.vacation.get(person_id, ())}
            already = [
                line
                for line in already
                if line.week <= scope.last_week or (line.code == Code.VACATION and line.week in vacations)
            ]
        off = leave.fills(person_id, own) if is_stub else earnings.NOTHING
        try:
            owed = earnings.due(
                own,
                rates.on,
                has_overtime=is_stub,
                is_banked=lambda day, person_id=person_id: choices.on(person_id, day) is not None,
                since=since,
                off=off,
            )
            if is_stub:
                if off:
                    found.note_off(person_id, off, owed)
                of_leave = leave.owed(
                    person_id,
                    owed,
                    already,
                    paid.wages.get(person_id, {}),
                    banks.account(person_id).balance,
                )
                found.keep(person_id, of_leave)
                owed += of_leave.lines
            lines = earnings.difference(
                owed, already, current_from=starts_on, voided=paid.voided.get(payee, ())
            )
            if is_stub:
                lines, on_vacation = banks.pay_out(person_id, lines, leave.later)
                if on_vacation:
                    found.vacations[person_id] = on_vacation
        except NoRate as refusal:
            without_rate.add(refusal.day)
            continue
        if lines:
            found.lines[payee] = lines
    return replace(found, without_rate=tuple(sorted(without_rate)))


def _by_payee(
    days: Mapping[int, list[Worked]], statuses: Spans, since: date
) -> tuple[dict[Payee, list[Worked]], dict[int, list[date]]]:
    """The days worked, by what each person was on them; and those on which nobody said what."""
    worked: dict[Payee, list[Worked]] = defaultdict(list)
    without_status: dict[int, list[date]] = defaultdict(list)
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
    return worked, dict(without_status)


def _days(scope: Scope, settled: Settled) -> dict[int, list[Worked]]:
    """Approved days by person, in the weeks that are settled."""
    found = hours.approved_days(scope.through, since=settled.recent)
    if settled.older:
        older = hours.approved_days(
            day_before(settled.recent), since=settled.oldest, people=settled.older_people
        )
        found += (day for day in older if (day.person_id, day.week_starts_on) in settled.older)
    days: dict[int, list[Worked]] = defaultdict(list)
    for day in found:
        if scope.counts(day.person_id, day.day):
            days[day.person_id].append(Worked(day.day, day.week_starts_on, day.minutes))
    return days


@dataclass(frozen=True, slots=True)
class Paid:
    """What stubs paid: of the weeks that are settled, line by line; of those before them, wages only.

    `voided` are the weeks whose pay was taken back whole by voiding.
    """

    lines: dict[Payee, list[Line]]
    voided: dict[Payee, set[date]]
    wages: dict[int, dict[date, Decimal]]

    @classmethod
    def read(cls, settled: Settled, terms: Terms | None, *, instead_of: PayStub | None = None) -> "Paid":
        """One query."""
        back = int(terms.law.indemnity_weeks) * WEEK if terms else 0 * WEEK
        wanted = Q(week_starts_on__gte=settled.recent - back)
        if settled.older:
            wanted |= Q(week_starts_on__gte=settled.oldest - back, stub__person__in=settled.older_people)
        rows = (
            earned(instead_of)
            .filter(wanted)
            .values_list("stub__person_id", "stub__kind", "week_starts_on", "code", "rate")
            .annotate(
                minutes=Sum("minutes", default=0),
                amount=Sum("amount"),
                mirrored=Count("pk", filter=Q(stub__mirrors__isnull=False)),
            )
        )
        lines: dict[Payee, list[Line]] = defaultdict(list)
        wages: dict[int, dict[date, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
        standing: dict[Payee, set[date]] = defaultdict(set)
        mirrored: dict[Payee, set[date]] = defaultdict(set)
        for person_id, kind, week, code, rate, minutes, amount, voids in rows:
            payee = Payee(person_id, kind)
            is_ours = code not in LEAVE or (
                terms
                and week >= terms.first_week
                and (code != Code.SICK or week >= sick_from(settled.recent))
            )
            if (person_id, week) not in settled or not is_ours:
                if code in earnings.IN_BASE and kind == PayStub.Kind.STUB:
                    wages[person_id][week] += amount
                continue
            lines[payee].append(Line(week, Code(code), rate, minutes, amount))
            if minutes or amount:
                standing[payee].add(week)
            if voids:
                mirrored[payee].add(week)
        voided = {payee: weeks - standing[payee] for payee, weeks in mirrored.items()}
        return cls(lines, voided, wages)

    def add_openings(self, weekday: int, terms: Terms) -> set[int]:
        """Add what people earned in the four weeks before they were first paid here; who they are. One query."""
        openings = BankOpening.objects.filter(earned_in_four_weeks__gt=0)
        for opening in openings:
            weeks = indemnities.weeks_before(week_of(opening.on, weekday), terms.law)
            for week in weeks:
                self.wages[opening.person_id].setdefault(week, opening.earned_in_four_weeks / len(weeks))
        return {opening.person_id for opening in openings}
