"""What is read of absences: who is away, the leave of a week, the law's counters, the banks.

Everyone may know that somebody is away. Why, and for how many hours, is read for the person
themselves and for those who approve hours: the callers see to it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import JSONObject
from django.utils import timezone

from koumbit.dated import day_before
from koumbit.prepared import Place, Prepared, day_named, key_named
from members.models import WorkStatus

from . import legal_week, weeks, worth
from .leave_days import length_of_day, share_of_day
from .leave_rules import LeaveRules, rules_on
from .models import Leave, LeaveDay

Kind = Leave.Kind


# Who is away -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away on a day, for the whole of it or a part. Never why, nor for how long."""

    person_id: int
    name: str
    day: date
    is_whole_day: bool


def away_between(first: date, last: date) -> list[Away]:
    """Who is away on the days from `first` to `last`, by day then name, for everyone to see.

    Approved leave and, once its day has come, leave that is only asked for. Two queries.
    """
    days = (
        LeaveDay.objects.seen_as_away(timezone.localdate())
        .filter(day__range=(first, last))
        .order_by("day", "person__sort_name", "person_id")
        .values_list("day", "person_id", "person__given_name", "person__family_name")
        .annotate(total=Sum("minutes"))
    )
    rows = list(days)
    work = Work.of({person_id for _day, person_id, *_names in rows}, first, last)
    return [
        Away(person_id, f"{given} {family}".strip(), day, total >= length_of_day(work.agreed(person_id, day)))
        for day, person_id, given, family, total in rows
    ]


class Work:
    """The work statuses of some people, to ask what was agreed on a day without another query."""

    def __init__(self, statuses: Iterable[WorkStatus]):
        self._statuses: dict[int, list[WorkStatus]] = defaultdict(list)
        for status in statuses:
            self._statuses[status.person_id].append(status)

    @classmethod
    def of(cls, people: Iterable[int], first: date, last: date) -> "Work":
        """Their statuses on any of these days, in one query."""
        return cls(
            WorkStatus.objects.during(first, last).filter(person__in=set(people)).order_by("starts_on")
        )

    def on(self, person_id: int, day: date) -> WorkStatus | None:
        return next((status for status in self._statuses[person_id] if status.holds_on(day)), None)

    def agreed(self, person_id: int, day: date) -> int:
        """Agreed minutes a week on that day; 0 when there is no work status."""
        status = self.on(person_id, day)
        return status.agreed_minutes_per_week if status else 0

    def serves_since(self, person_id: int, day: date) -> date | None:
        """The first day of the salaried work that holds on that day without a gap before it."""
        since, at = None, day
        while (status := self.on(person_id, at)) and status.kind == WorkStatus.Kind.SALARIED:
            since, at = status.starts_on, day_before(status.starts_on)
        return since


# Requests ----------------------------------------------------------------------------------------


def days_of(leaves: Sequence[Leave]) -> dict[int, dict[date, int]]:
    """The minutes of each day of these leaves, by leave. One query."""
    found: dict[int, dict[date, int]] = {leave.pk: {} for leave in leaves}
    days = LeaveDay.objects.filter(leave__in=list(found)).values_list("leave_id", "day", "minutes")
    for leave_id, day, minutes in days:
        found[leave_id][day] = minutes
    return found


def others_away(
    leaves: Sequence[Leave], days: Mapping[int, Mapping[date, int]]
) -> dict[int, list[tuple[str, int]]]:
    """Who else is away, or asks to be, on the days of each leave: names, and on how many of its days.

    `days` are those of `days_of`. One query.
    """
    wanted = {day for own in days.values() for day in own}
    rows = (
        LeaveDay.objects.live()
        .filter(day__in=wanted)
        .order_by("person__sort_name", "person_id", "day")
        .values_list("person_id", "person__given_name", "person__family_name", "day")
        .distinct()
    )
    away: dict[tuple[int, str], set[date]] = defaultdict(set)
    for person_id, given, family, day in rows:
        away[person_id, f"{given} {family}".strip()].add(day)
    return {
        leave.pk: [
            (name, len(common))
            for (person_id, name), theirs in away.items()
            if person_id != leave.person_id and (common := theirs & days[leave.pk].keys())
        ]
        for leave in leaves
    }


# The leave of weeks ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """One kind of leave in a week: its minutes on each of the seven days."""

    kind: Kind
    is_approved: bool
    minutes: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.minutes)


def rows_of_week(person_id: int, starts_on: date) -> list[LeaveRow]:
    """A person's leave in a week, approved and asked for, a row for each kind. One query."""
    return _rows(
        starts_on, _days_between(starts_on, weeks.last_day(starts_on)).filter(person=person_id).values(**_DAY)
    )


def statuses_with_leave(person_id: int, starts_on: date) -> list[WorkStatus]:
    """A person's work statuses of a week, each with its leave. One query: the week's page is opened all day."""
    return _STATUSES(person=person_id, first=starts_on, last=weeks.last_day(starts_on))


def _statuses() -> QuerySet:
    first, last = day_named("first"), day_named("last")
    leave = _days_between(first, last).filter(person=OuterRef("person")).values(told=JSONObject(**_DAY))
    statuses = WorkStatus.objects.during(first, last).filter(person=key_named("person"))
    return statuses.annotate(leave=ArraySubquery(leave)).order_by("starts_on")


_STATUSES = Prepared(_statuses)


def rows_beside(statuses: Sequence[WorkStatus], starts_on: date) -> list[LeaveRow]:
    """The leave of the statuses of a week, read with them."""
    found = statuses[0].leave if statuses else []
    return _rows(starts_on, ({**one, "on": date.fromisoformat(one["on"])} for one in found))


_DAY = {"kind": F("leave__kind"), "state": F("leave__state"), "on": F("day"), "time": F("minutes")}


def _days_between(first: date | Place, last: date | Place) -> QuerySet[LeaveDay]:
    days = LeaveDay.objects.live().filter(day__range=(first, last))
    return days.order_by("leave__kind", "leave__state", "day")


def _rows(starts_on: date, days: Iterable[Mapping[str, Any]]) -> list[LeaveRow]:
    found: dict[tuple[str, bool], list[int]] = defaultdict(lambda: [0] * weeks.DAYS)
    for day in days:
        is_approved = day["state"] == Leave.State.APPROVED
        found[day["kind"], is_approved][(day["on"] - starts_on).days] += day["time"]
    return [LeaveRow(Kind(kind), approved, tuple(minutes)) for (kind, approved), minutes in found.items()]


def approved_minutes(rows: Iterable[LeaveRow]) -> int:
    """What these rows take off the hours agreed for the week."""
    return sum(row.total for row in rows if row.is_approved)


def approved_by_day(rows: Iterable[LeaveRow], starts_on: date) -> dict[date, int]:
    """The approved minutes of these rows on the days that have any."""
    held = [row.minutes for row in rows if row.is_approved]
    sums = zip(weeks.days_of(starts_on), map(sum, zip(*held, strict=True)), strict=False)
    return {day: minutes for day, minutes in sums if minutes}


def days_off(
    statuses: Sequence[WorkStatus], rows: Iterable[LeaveRow], starts_on: date
) -> dict[date, legal_week.Off]:
    """The days off of a week that count in its legal week, for the days on which the person is salaried."""
    counted = approved_by_day([row for row in rows if row.kind in legal_week.COUNTED], starts_on)

    def agreed_on(day: date) -> int | None:
        held = next((status for status in statuses if status.holds_on(day)), None)
        is_salaried = held is not None and held.kind == WorkStatus.Kind.SALARIED
        return held.agreed_minutes_per_week if is_salaried else None

    salaried = {day: minutes for day, minutes in counted.items() if agreed_on(day) is not None}
    return legal_week.days_off(starts_on, salaried, lambda day: agreed_on(day) or 0)


def minutes_by_day(people: Iterable[int], first: date, last: date) -> dict[int, dict[date, int]]:
    """Approved leave of these people, by person and day. One query."""
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for person_id, day, total in _MINUTES(people=list(people), first=first, last=last):
        found[person_id][day] = total
    return found


_MINUTES = Prepared(
    lambda: (
        LeaveDay.objects.standing()
        .filter(person__any_of=key_named("people"), day__range=(day_named("first"), day_named("last")))
        .order_by()
        .values_list("person_id", "day")
        .annotate(total=Sum("minutes"))
    )
)


# The law's counters ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counters:
    """A salaried person's absences beside what the law grants, in days; a part of a day is a part of one.

    `family` and `paid` are of the calendar year; `sick` of the twelve months up to the day asked for.
    `paid_from` is the day from which the law has some absences paid.
    """

    rules: LeaveRules
    year: int
    family: Fraction
    paid: Fraction
    sick: Fraction
    paid_from: date

    @property
    def family_left(self) -> Fraction:
        return max(Fraction(0), self.rules.family_days_a_year.value - self.family)

    @property
    def paid_left(self) -> Fraction:
        return self.rules.paid_days_a_year.value - self.paid


def counters_of(person_id: int, on: date) -> Counters | None:
    """The law's counters of a person as of a day, from approved leave. Two queries.

    None when the law's figures were not reviewed for that day, or the person is not salaried then.
    The first two days of the year are paid, sick and family together, once three months have been
    served; days taken before that are not among them.
    """
    rules = rules_on(on)
    if rules is None:
        return None
    first = on.replace(month=rules.year_starts_in_month.value, day=1)
    if first > on:
        first -= relativedelta(years=1)
    last = day_before(first + relativedelta(years=1))
    sick_since = on - relativedelta(months=rules.sick_weeks_within_months.value) + relativedelta(days=1)
    months = relativedelta(months=rules.service_months_for_paid_days.value)
    work = Work(_WORK_UNTIL(person=person_id, last=last))
    serves_since = work.serves_since(person_id, on)
    if serves_since is None:
        return None
    family = sick = taken = Fraction(0)
    sick_or_family = _SICK_AND_FAMILY(person=person_id, first=min(first, sick_since), last=max(last, on))
    for day, kind, minutes in sick_or_family:
        share = share_of_day(minutes, work.agreed(person_id, day))
        if kind == Kind.SICK and sick_since <= day <= on:
            sick += share
        if first <= day <= last:
            family += share if kind == Kind.FAMILY else 0
            served = work.serves_since(person_id, day)
            taken += share if served and day >= served + months else 0
    paid = min(taken, Fraction(rules.paid_days_a_year.value))
    return Counters(rules, first.year, family, paid, sick, serves_since + months)


_WORK_UNTIL = Prepared(
    lambda: WorkStatus.objects.filter(person=key_named("person"), starts_on__lte=day_named("last"))
)
_SICK_AND_FAMILY = Prepared(
    lambda: (
        LeaveDay.objects.standing()
        .filter(
            person=key_named("person"),
            leave__kind__in=[Kind.SICK, Kind.FAMILY],
            day__range=(day_named("first"), day_named("last")),
        )
        .order_by("day")
        .values_list("day", "leave__kind")
        .annotate(total=Sum("minutes"))
    )
)


# The banks ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Balance:
    """A bank of leave, by the stubs so far, with the leave that draws on it and is not paid yet."""

    kind: Kind
    minutes: int
    promised: int
    asked: int

    @property
    def left_to_approve(self) -> int:
        return self.minutes - self.promised

    @property
    def left_to_ask(self) -> int:
        return self.left_to_approve - self.asked


def balances_of(person_id: int, on: date, *, without: Leave | None = None) -> list[Balance]:
    """The banks of a person; leave `without` is not counted among what was asked for. Two queries."""
    banks: Sequence[worth.Bank] = worth.banks_of(person_id, on)
    if not banks:
        return []
    drawn: dict[tuple[str, str], int] = defaultdict(int)
    drawing = Q()
    for bank in banks:
        drawing |= Q(leave__kind=bank.kind) & (Q(day__gte=bank.since) if bank.since else Q())
    days = LeaveDay.objects.live().filter(drawing, person=person_id)
    if without:
        days = days.exclude(leave=without.pk)
    for kind, state, total in (
        days.order_by().values_list("leave__kind", "leave__state").annotate(total=Sum("minutes"))
    ):
        drawn[kind, state] = total
    return [
        Balance(
            Kind(bank.kind),
            bank.minutes,
            drawn[bank.kind, Leave.State.APPROVED] - bank.taken,
            drawn[bank.kind, Leave.State.REQUESTED],
        )
        for bank in banks
    ]
