"""The older weeks a pay looks at again, and what of leave the law has paid in them.

A week is looked at when its approved minutes or leave are not what was paid, when its rate was changed
for the past, when its overtime is no longer paid the way it was, when leave that counts in it was decided
late, or when its indemnities are a part of wages that have changed. The number of queries does not depend
on the number of people.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta
from django.db.models import Case, DateField, Exists, Max, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from koumbit.dated import day_before
from members.models import Cooperative, WorkStatus
from timesheets import hours, legal_week
from timesheets.holidays import holidays_of
from timesheets.leave_days import share_of_day
from timesheets.leave_rules import rules_on
from timesheets.weeks import LEGAL_WEEK, WEEK, last_day, week_of

from . import bank, earnings, indemnities, vacation
from .deductions.parameters import LeavePay, leave_pay_on
from .earnings import Code
from .in_force import Rates, Spans
from .indemnities import Absence
from .models import OvertimeChoice, PayRun, PayStub, StubLine
from .periods import calendar_of

Week = tuple[int, date]
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a pay settles, and up to which day each.

    Everybody, or `people` only; up to `ends_on`, or further for whoever a pay has already paid beyond it:
    they are settled up to where that pay went. `instead_of` is a stub that is being corrected: what it
    paid counts as not paid, and the weeks after `last_week` are left to the pays that follow it, but for
    vacation that it paid before the leave.
    """

    ends_on: date
    people: frozenset[int] | None
    instead_of: PayStub | None
    last_week: date | None
    further: Mapping[int, date]

    @classmethod
    def read(
        cls, ends_on: date, weekday: int, *, people: Collection[int] | None, instead_of: PayStub | None
    ) -> "Scope":
        """One query. `weekday` is that on which the legal week starts."""
        further, last_week = _paid_further(ends_on, people=people), None
        if instead_of:
            last_week = week_of(ends_on, weekday)
            further = {person_id: min(day, last_day(last_week)) for person_id, day in further.items()}
        return cls(ends_on, None if people is None else frozenset(people), instead_of, last_week, further)

    @property
    def through(self) -> date:
        """The last day that is settled for anybody."""
        return max([self.ends_on, *self.further.values()])

    def concerns(self, person_id: int) -> bool:
        return self.people is None or person_id in self.people

    def counts(self, person_id: int, day: date) -> bool:
        return self.concerns(person_id) and day <= self.further.get(person_id, self.ends_on)


def _paid_further(ends_on: date, *, people: Collection[int] | None = None) -> dict[int, date]:
    """Who was already paid for days after this one, and up to which: by a pay of a later period, or off-cycle."""
    further = Q(run__through__gt=ends_on) | Q(run__through=None, run__period__ends_on__gt=ends_on)
    stubs = PayStub.objects.standing().filter(further).order_by()
    if people is not None:
        stubs = stubs.filter(person__in=list(people))
    last = Max(Coalesce("run__through", "run__period__ends_on"))
    return dict(stubs.values_list("person_id").annotate(last=last))


@dataclass(frozen=True, slots=True)
class Settled:
    """The weeks a pay settles: everybody's from `recent` on, and some older ones of some people."""

    recent: date
    older: set[Week]

    def __contains__(self, place: Week) -> bool:
        return place[1] >= self.recent or place in self.older

    @property
    def oldest(self) -> date:
        return min((week for _, week in self.older), default=self.recent)

    @property
    def older_people(self) -> set[int]:
        return {person_id for person_id, _ in self.older}


def earned(instead_of: PayStub | None = None) -> QuerySet[StubLine]:
    """What was paid for a week: not what a bank paid out, which no week is compared with.

    A stub that is being corrected counts as if it had paid nothing.
    """
    lines = StubLine.objects.filter(side=StubLine.Side.EARNING).exclude(code__in=earnings.OUT).order_by()
    return lines.exclude(stub=instead_of) if instead_of else lines


# Time not worked ----------------------------------------------------------------------------------

#: What is paid for leave by this software, when the co-op has it do so.
LEAVE = frozenset({Code.VACATION, Code.HOLIDAY, Code.SICK})
Sick = dict[int, dict[date, list[Absence]]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is paid for time not worked: by which law, from which day, and vacation up to which day.

    `before`: vacation that starts before that day is paid now, so that it is paid before the leave
    (s. 75). `holidays` are those of each legal week, through the last day settled; those from
    `unpaid_from` on have had no pay yet.
    """

    law: LeavePay
    since: date
    before: date
    first_week: date
    unpaid_from: date
    holidays: dict[date, list[date]]

    @classmethod
    def read(cls, cooperative: Cooperative, since: date, scope: Scope, pay_on: date) -> "Terms | None":
        """None when the co-op pays its leave otherwise. Raises NotReviewed. One query."""
        if cooperative.leave_paid_from is None or cooperative.leave_paid_from > pay_on:
            return None
        since = max(since, cooperative.leave_paid_from)
        calendar = calendar_of(cooperative)
        last = PayRun.objects.filter(kind=PayRun.Kind.REGULAR, issued_at__isnull=False).order_by("-pay_on")
        paid_through = last.values_list("period__ends_on", flat=True).first()
        # A stub that is corrected pays the vacation that its own pay had to.
        ends = [scope.ends_on] if scope.instead_of or not paid_through else [scope.ends_on, paid_through]
        horizons = [calendar.period_of(day + DAY).pay_on for day in ends]
        holidays: dict[date, list[date]] = defaultdict(list)
        for year in range(since.year, scope.through.year + 1):
            for day in holidays_of(year):
                if since <= day <= scope.through:
                    holidays[week_of(day, cooperative.week_starts_on)].append(day)
        return cls(
            leave_pay_on(pay_on),
            since,
            max(*horizons, pay_on + DAY),
            week_of(since, cooperative.week_starts_on),
            paid_through + DAY if paid_through else since,
            dict(holidays),
        )


def is_salaried(statuses: Spans, person_id: int, day: date) -> bool:
    status = statuses.on(person_id, day)
    return status is not None and status.kind == WorkStatus.Kind.SALARIED


def sick_from(recent: date) -> date:
    """Paid sick days of weeks that start from this day on are looked at again; earlier ones stay as they are."""
    return date(recent.year - 1, 1, 1)


def sick_days(terms: Terms, scope: Scope, recent: date, statuses: Spans) -> Sick:
    """The sick and family days that the law has paid, by person and week, since the year before last. One query.

    The first of each calendar year, both kinds together, once three months of service are done; earlier
    ones of that year count, even those that were paid before the co-op used this software.
    """
    first = sick_from(recent)
    by_year: dict[tuple[int, int], list[Absence]] = defaultdict(list)
    for of in hours.approved_leave(scope.through, since=first, kinds=hours.SICK_OR_FAMILY):
        rules, status = rules_on(of.day), statuses.on(of.person_id, of.day)
        if rules is None or status is None or status.kind != WorkStatus.Kind.SALARIED:
            continue
        service = vacation.service_at(bank.services_of(statuses.facts[of.person_id]), of.day)
        months = relativedelta(months=rules.service_months_for_paid_days.value)
        if service and of.day >= service.since + months:
            share = share_of_day(of.minutes, status.agreed_minutes_per_week)
            by_year[of.person_id, of.day.year].append(Absence(of.day, of.week_starts_on, of.minutes, share))
    found: Sick = defaultdict(lambda: defaultdict(list))
    for (person_id, year), absences in by_year.items():
        rules = rules_on(date(year, 1, 1))
        most = rules.paid_days_a_year.value if rules else 0
        for absence in indemnities.paid_days(_by_day(absences), most):
            is_looked_at = absence.week >= first and absence.day >= terms.since
            if is_looked_at and scope.counts(person_id, absence.day):
                found[person_id][absence.week].append(absence)
    return found


def _by_day(absences: Iterable[Absence]) -> list[Absence]:
    """One absence a day: sick and family leave of the same day are one."""
    days: dict[date, Absence] = {}
    for absence in absences:
        other = days.get(absence.day)
        days[absence.day] = (
            absence
            if other is None
            else absence._replace(
                minutes=absence.minutes + other.minutes, share=min(Fraction(1), absence.share + other.share)
            )
        )
    return list(days.values())


# The weeks to read --------------------------------------------------------------------------------


#: What a stub of the other kind is, for the weeks of each kind of work.
AS_ANOTHER = {
    WorkStatus.Kind.FREELANCE: PayStub.Kind.STUB,
    WorkStatus.Kind.SALARIED: PayStub.Kind.STATEMENT,
}


def weeks_to_settle(
    since: date,
    before: date,
    rates: Rates,
    *,
    statuses: Spans,
    terms: Terms | None = None,
    sick: Mapping[int, Mapping[date, list[Absence]]] | None = None,
    instead_of: PayStub | None = None,
) -> set[Week]:
    """The older weeks, starting before `before`, in which something may be due or overpaid."""
    lines = earned(instead_of).filter(week_starts_on__lt=before)
    last = day_before(before)
    this_week = (Q(ends_on__gte=OuterRef("week_starts_on")) | Q(ends_on=None)) & Q(
        starts_on__lt=OuterRef("week_starts_on") + WEEK
    )
    asked = OvertimeChoice.objects.filter(this_week, person=OuterRef("stub__person_id"))
    works = WorkStatus.objects.filter(this_week, person=OuterRef("stub__person_id"))
    # Work that begins after the first day of the week, or ends before its last.
    in_part = works.filter(
        Q(starts_on__gt=OuterRef("week_starts_on")) | Q(ends_on__lt=OuterRef("week_starts_on") + WEEK - DAY)
    )
    paid_otherwise = Q()
    for kind, of_stub in AS_ANOTHER.items():
        # The few who were ever both are told first: the others need no look at each of their lines.
        ever = [pk for pk, own in statuses.facts.items() if any(status.kind == kind for status in own)]
        was = WorkStatus.objects.filter(this_week, person=OuterRef("stub__person_id"), kind=kind)
        paid_otherwise |= Q(Q(stub__kind=of_stub, stub__person__any_of=ever), Exists(was))
    otherwise = (
        # Vacation keeps the rate it was paid at.
        lines.filter(
            (rates.stale() & Q(rate__isnull=False) & ~Q(code=Code.VACATION))
            | (Q(code=Code.BANKED) & ~Exists(asked))
            | (Q(code=Code.OVERTIME) & Exists(asked))
            | paid_otherwise
            | Exists(in_part)
            | ~Exists(works)
        )
        .values_list("stub__person_id", "week_starts_on", "stub__kind", "code", "rate")
        .annotate(total=Sum("minutes"))
        .exclude(total=0)
    )
    found = {
        *hours.weeks_unlike(_minutes(lines, earnings.WORKED), since, last),
        *hours.leave_unlike(_minutes(lines, {Code.TAKEN}), since, last, hours.BANKED_LEAVE),
        *hours.weeks_filled_late(since, last, beyond=LEGAL_WEEK - legal_week.HOLIDAYS_AT_MOST),
        *(row[:2] for row in otherwise),
    }
    if terms and sick is not None:
        found |= _leave_to_settle(lines.filter(week_starts_on__gte=terms.first_week), last, terms, sick)
        found |= {
            (person_id, week)
            for week, days in terms.holidays.items()
            if week < before and any(day >= terms.unpaid_from for day in days)
            for person_id in statuses.facts
        }
        _add_dependent(found, before, terms, sick)
    return found


def _minutes(lines: QuerySet[StubLine], codes: Iterable[str]) -> QuerySet:
    """What was paid as these codes: person, week, minutes."""
    return (
        lines.filter(code__in=codes)
        .values("stub__person_id", "week_starts_on")
        .annotate(total=Sum("minutes"))
        .values_list("stub__person_id", "week_starts_on", "total")
    )


def _leave_to_settle(
    lines: QuerySet[StubLine], last: date, terms: Terms, sick: Mapping[int, Mapping[date, list[Absence]]]
) -> set[Week]:
    """The older weeks whose vacation, sick days or holidays are not what was paid as such."""
    found: set[Week] = set()
    if terms.since <= last:
        found.update(hours.leave_unlike(_minutes(lines, {Code.VACATION}), terms.since, last, hours.VACATION))
    left: Counter[Week] = Counter()
    for person_id, weeks in sick.items():
        for week, absences in weeks.items():
            if week <= last:
                left[person_id, week] += sum(absence.minutes for absence in absences)
    looked_at = lines.filter(week_starts_on__gte=sick_from(last + DAY))
    for person_id, week, minutes in _minutes(looked_at, {Code.SICK}):
        left[person_id, week] -= minutes
    found.update(week for week, minutes in left.items() if minutes)
    return found | _holidays_to_settle(lines, terms)


def _holidays_to_settle(lines: QuerySet[StubLine], terms: Terms) -> set[Week]:
    """The older weeks whose holiday was paid and taken back, or to somebody who was not salaried that day."""
    days = [When(week_starts_on=week, then=Value(own[0])) for week, own in terms.holidays.items()]
    if not days:
        return set()
    held = WorkStatus.objects.on(OuterRef("day")).filter(
        person=OuterRef("stub__person_id"), kind=WorkStatus.Kind.SALARIED
    )
    paid = (
        lines.filter(code=Code.HOLIDAY)
        .annotate(day=Case(*days, output_field=DateField()))
        .annotate(was_salaried=Exists(held))
        .values_list("stub__person_id", "week_starts_on", "was_salaried")
        .annotate(total=Sum("amount"))
    )
    return {
        (person_id, week)
        for person_id, week, was_salaried, total in paid.filter(Q(total=0) | Q(was_salaried=False))
        if was_salaried or total
    }


def _add_dependent(
    found: set[Week], before: date, terms: Terms, sick: Mapping[int, Mapping[date, list[Absence]]]
) -> None:
    """With a week that is settled, those whose indemnities are a part of its wages, and so on."""
    left = list(found)
    while left:
        person_id, week = left.pop()
        for later in indemnities.weeks_after(week, terms.law):
            place = person_id, later
            has_indemnity = later in terms.holidays or later in sick.get(person_id, ())
            if has_indemnity and later < before and place not in found:
                found.add(place)
                left.append(place)
