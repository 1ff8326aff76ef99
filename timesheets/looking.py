"""Hours to look at rather than read: one's own year, a project, a service, the co-op as a whole.

Collective pictures count approved time only and name nobody. Everything is summed by the database, in
as many queries whatever the number of people and years.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from koumbit.charts import Chart, Series, stacked
from members.models import Person, WorkStatus

from . import absences, weeks, worth
from .agreed import minutes_of_week
from .hours import first_week_kept
from .models import PersonMonth, Project, Service, TaskMonth, TimeEntry

# More roles or services than these are drawn together.
MOST_SERIES = 5
# And no more months of a project.
MOST_MONTHS = 24
WARNED_FROM = Decimal("0.80")
PACE = timedelta(days=28)


# One's own year ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnYear:
    """A person's year: its weeks against what was agreed, its months by role."""

    by_week: Chart
    by_role: Chart
    first_days: list[date]
    minutes: int
    agreed_minutes: int


def own_year(person: Person, year: int, starts_on_weekday: int, today: date) -> OwnYear:
    """The legal weeks with a day in that year, up to the one of today."""
    days = [
        week
        for week in weeks.weeks_between(date(year, 1, 1), date(year, 12, 31), starts_on_weekday)
        if week <= today
    ]
    first, last = date(year, 1, 1), date(year, 12, 31)
    entries = TimeEntry.objects.filter(person=person, day__range=(first, last))
    by_week: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for day, total, open_minutes in (
        entries.order_by()
        .values("day")
        .annotate(total=Sum("minutes"), open=Sum("minutes", filter=Q(approved_at=None), default=0))
        .values_list("day", "total", "open")
    ):
        week = weeks.week_of(day, starts_on_weekday)
        by_week[week][0] += total - open_minutes
        by_week[week][1] += open_minutes
    leave: dict[date, int] = defaultdict(int)
    for day, minutes in absences.minutes_by_day([person.pk], first, last)[person.pk].items():
        leave[weeks.week_of(day, starts_on_weekday)] += minutes
    statuses = list(WorkStatus.objects.during(first, last).filter(person=person).order_by("starts_on"))
    # Before the first week that anybody kept here, nothing stands beside what was agreed.
    kept_since = first_week_kept()
    agreed = [minutes_of_week(statuses, week) if week >= kept_since else 0 for week in days]
    chart = stacked(
        [date_format(week, "j N") for week in days],
        [
            Series(pgettext("hours", "approved"), [by_week[week][0] for week in days]),
            Series(pgettext("hours", "not approved yet"), [by_week[week][1] for week in days]),
            Series(_("leave"), [leave[week] for week in days]),
        ],
        agreed,
    )
    by_role = _stacked(
        _by_month(entries.order_by(), "task__role__name"), _months(first, min(last, max(first, today)))
    )
    return OwnYear(chart, by_role, days, sum(sum(found) for found in by_week.values()), sum(agreed))


# Projects and services ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Budget:
    """What was set aside for a project, what is used of it, and when it is reached at the present pace.

    In minutes, or in dollars at the one rate of each day; `used` is None when a day has no rate.
    """

    is_money: bool
    limit: Decimal
    used: Decimal | None
    reached_on: date | None

    @property
    def used_minutes(self) -> int | None:
        return None if self.used is None else int(self.used)

    @property
    def limit_minutes(self) -> int:
        return int(self.limit)

    @property
    def share(self) -> Decimal | None:
        return None if self.used is None else self.used / self.limit

    @property
    def percent(self) -> int | None:
        return None if self.share is None else int(self.share * 100)

    @property
    def is_passed(self) -> bool:
        return self.share is not None and self.share > 1

    @property
    def is_near(self) -> bool:
        """From four fifths on it is said, while something can still be done."""
        return self.share is not None and WARNED_FROM <= self.share <= 1


@dataclass(frozen=True)
class Work:
    """Approved hours of a project or a service: by month, by role, in all; how many people worked on it."""

    by_month: Chart
    by_role: list[tuple[str, int]]
    minutes: int
    people: int


def work_on(*, project: Project | None = None, service: Service | None = None) -> Work | None:
    """What was approved of a project, or of all projects of a service; None if there is nothing.

    The picture shows the last two years at most.
    """
    of: dict[str, Any] = {"project": project} if project else {"project__service": service}
    rows = list(
        TaskMonth.objects.filter(**of)
        .values_list("month", "task__role__name")
        .annotate(total=Sum("minutes"))
        .order_by("month")
    )
    if not rows:
        return None
    by_role: Counter[str] = Counter()
    for _month, role, minutes in rows:
        by_role[role] += minutes
    entries = TimeEntry.objects.filter(approved_at__isnull=False, **of)
    months = _months(rows[0][0], rows[-1][0])[-MOST_MONTHS:]
    by_month = _stacked([(month, _("hours"), minutes) for month, _role, minutes in rows], months)
    return Work(
        by_month,
        sorted(by_role.items(), key=lambda item: (-item[1], item[0])),
        by_role.total(),
        entries.aggregate(people=Count("person", distinct=True))["people"],
    )


def budget_of(project: Project, today: date) -> Budget | None:
    """Where a project stands with its budget, approved or not: work done is done."""
    return budgets_of([project], today).get(project.pk)


def budgets_of(projects: Iterable[Project], today: date) -> dict[int, Budget]:
    """The budgets of those of these projects that have one, in at most three queries."""
    limited = {
        project.pk: project
        for project in projects
        if project.budget_minutes is not None or project.budget_dollars is not None
    }
    if not limited:
        return {}
    approved, waiting, lately = _worked_on(limited, today)
    in_dollars = [pk for pk, project in limited.items() if project.budget_dollars is not None]
    prices = worth.prices() if in_dollars else None
    if prices:
        _cut_where_priced_anew(approved, in_dollars, prices.changes)
    found = {}
    for pk, project in limited.items():
        work = [*approved[pk].items(), *waiting[pk]]
        if prices and project.budget_dollars is not None:
            limit, used, recent = project.budget_dollars, prices.of(work), prices.of(lately[pk]) or Decimal(0)
        else:
            limit = Decimal(project.budget_minutes or 0)
            used, recent = (Decimal(sum(total for _day, total in rows)) for rows in (work, lately[pk]))
        found[pk] = Budget(
            project.budget_dollars is not None, limit, used, _reached_on(limit, used, recent, today)
        )
    return found


ByMonth = dict[int, dict[date, int]]
ByDay = dict[int, list[tuple[date, int]]]


def _worked_on(projects: Iterable[int], today: date) -> tuple[ByMonth, ByDay, ByDay]:
    """The minutes of projects: approved by month, not approved yet by day, of the last weeks by day."""

    def part(rows: QuerySet, day: str, what: str) -> QuerySet:
        by_day = rows.order_by().annotate(what=Value(what)).values_list("what", "project", day)
        return by_day.annotate(total=Sum("minutes"))

    entries = TimeEntry.objects.filter(project__in=projects)
    rows = part(TaskMonth.objects.filter(project__in=projects), "month", "approved").union(
        part(entries.filter(approved_at=None), "day", "waiting"),
        part(entries.filter(day__gt=today - PACE), "day", "lately"),
        all=True,
    )
    approved: ByMonth = defaultdict(dict)
    waiting: ByDay = defaultdict(list)
    lately: ByDay = defaultdict(list)
    for what, project, day, total in rows:
        if what == "approved":
            approved[project][day] = total
        else:
            (waiting if what == "waiting" else lately)[project].append((day, total))
    return approved, waiting, lately


def _cut_where_priced_anew(approved: ByMonth, projects: Iterable[int], changes: Iterable[date]) -> None:
    """Put the days in the place of the months within which the price of an hour changes."""
    cut = {day.replace(day=1) for day in changes if day.day > 1}
    cut &= {month for project in projects for month in approved[project]}
    if not cut:
        return
    spans = [Q(day__range=(month, last_day_of_month(month))) for month in cut]
    entries = TimeEntry.objects.filter(reduce(or_, spans), project__in=projects, approved_at__isnull=False)
    for project in projects:
        for month in cut:
            approved[project].pop(month, None)
    for project, day, total in (
        entries.order_by().values_list("project", "day").annotate(total=Sum("minutes"))
    ):
        approved[project][day] = total


def _reached_on(limit: Decimal, used: Decimal | None, recent: Decimal, today: date) -> date | None:
    """The day the budget is reached if the last four weeks go on; none beyond a year, or without work."""
    if used is None or used >= limit or recent <= 0:
        return None
    days = (limit - used) * PACE.days / recent
    return today + timedelta(days=int(days)) if days <= 365 else None


# The co-op ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    """A year of the co-op: hours by role and by service, and the share done by permanent people."""

    by_role: Chart
    by_service: Chart
    permanent: list[tuple[str, int, int]]
    people: int

    @property
    def permanent_share(self) -> int | None:
        """Per cent of the hours done by people whose work is permanent, in all."""
        total = sum(all_minutes for _month, _minutes, all_minutes in self.permanent)
        permanent = sum(minutes for _month, minutes, _all in self.permanent)
        return (200 * permanent + total) // (2 * total) if total else None


def load(first: date, last: date) -> Load:
    """Approved hours of everybody from a day to a day, by month.

    Whole months are read from their sums, however many people and years there are; entries are read
    only of a month that the first or the last day cuts.
    """
    months = _months(first, last)
    whole = [month for month in months if first <= month and last_day_of_month(month) <= last]
    names = ("task__role__name", "project__service__name")
    by_task = TaskMonth.objects.filter(month__in=whole).values_list("month", *names)
    rows = list(by_task.annotate(total=Sum("minutes")))
    by_person = PersonMonth.objects.filter(month__in=whole)
    permanent = _by_month_of(rows)
    permanent.subtract(_not_permanent_in(by_person, whole))
    people = by_person.values("person").distinct()
    if cut := _cut(first, last, whole):
        entries = TimeEntry.objects.filter(cut, approved_at__isnull=False).order_by()
        rows += _by_month(entries, *names)
        held = _PERMANENT.on(OuterRef("day")).filter(person=OuterRef("person"))
        permanent += Counter(dict(_by_month(entries.filter(Exists(held)))))
        people = people.union(entries.values("person").distinct())
    total = _by_month_of(rows)
    none = _("without a service")
    return Load(
        _stacked([(month, role, minutes) for month, role, _service, minutes in rows], months),
        _stacked([(month, service or none, minutes) for month, _role, service, minutes in rows], months),
        [
            (_name(month, with_year=first.year != last.year), permanent[month], total[month])
            for month in months
        ],
        people.count(),
    )


_PERMANENT = WorkStatus.objects.filter(tenure=WorkStatus.Tenure.PERMANENT)


def _cut(first: date, last: date, whole: Sequence[date]) -> Q | None:
    """The days from a day to a day that are in no whole month; None when there are none."""
    if not whole:
        return Q(day__range=(first, last))
    before = first, whole[0] - timedelta(days=1)
    after = last_day_of_month(whole[-1]) + timedelta(days=1), last
    spans = [Q(day__range=span) for span in (before, after) if span[0] <= span[1]]
    return reduce(or_, spans) if spans else None


def _by_month_of(rows: Iterable[tuple[date, str, str | None, int]]) -> Counter[date]:
    total: Counter[date] = Counter()
    for month, _role, _service, minutes in rows:
        total[month] += minutes
    return total


def _not_permanent_in(by_person: QuerySet[PersonMonth], months: Sequence[date]) -> Counter[date]:
    """The approved minutes of whole months done on days on which their person's work was not permanent.

    Those whose work was permanent all the time, most people of most years, are not read.
    """
    if not months:
        return Counter()
    first, last = months[0], last_day_of_month(months[-1])
    all_along = _PERMANENT.filter(person=OuterRef("pk"), starts_on__lte=first).exclude(ends_on__lt=last)
    last_day = Func(F("month"), template="(%(expressions)s + interval '1 month' - interval '1 day')::date")
    throughout = _PERMANENT.filter(person=OuterRef("person"), starts_on__lte=OuterRef("month")).filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("last_day"))
    )
    found = Counter(
        dict(
            by_person.filter(person__in=Person.objects.filter(~Exists(all_along)))
            .alias(last_day=last_day)
            .exclude(Exists(throughout))
            .values_list("month")
            .annotate(total=Sum("minutes"))
        )
    )
    # Where a status starts or ends within a month, its days are read: they are few.
    begun_or_ended = Q(starts_on__gt=first, starts_on__lte=last) | Q(ends_on__gte=first, ends_on__lt=last)
    parts = [
        (person, max(starts_on, month), min(ends_on or date.max, last_day_of_month(month)))
        for person, starts_on, ends_on in _PERMANENT.filter(begun_or_ended).values_list(
            "person", "starts_on", "ends_on"
        )
        for month in {day.replace(day=1) for day in (starts_on, ends_on) if day and first <= day <= last}
        if starts_on > month or (ends_on or date.max) < last_day_of_month(month)
    ]
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(_APPROVED_IN_PARTS, [list(column) for column in zip(*parts, strict=True)])
            for month, minutes in cursor.fetchall():
                found[month] -= minutes
    return found


_APPROVED_IN_PARTS = """
    SELECT date_trunc('month', part.first_day)::date, sum(entry.minutes)
    FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS part (person_id, first_day, last_day)
    JOIN timesheets_timeentry entry
        ON entry.person_id = part.person_id AND entry.day BETWEEN part.first_day AND part.last_day
    WHERE entry.approved_at IS NOT NULL
    GROUP BY 1
"""


# Months ------------------------------------------------------------------------------------------


def _by_month(entries: QuerySet, *names: str) -> QuerySet:
    """The minutes of entries by month and whatever is named."""
    by_month = entries.annotate(month=TruncMonth("day")).values_list("month", *names)
    return by_month.annotate(total=Sum("minutes"))


def _stacked(rows: Iterable[tuple[date, str, int]], months: Sequence[date]) -> Chart:
    """Minutes by month, stacked by name: the largest apart, the others together."""
    found: dict[str, Counter[date]] = defaultdict(Counter)
    for month, name, minutes in rows:
        found[name][month] += minutes
    ranked = sorted(found, key=lambda name: (-found[name].total(), name))
    shown, others = ranked[:MOST_SERIES], ranked[MOST_SERIES:]
    series = [Series(name, [found[name][month] for month in months]) for name in shown]
    if others:
        rest = [sum(found[name][month] for name in others) for month in months]
        series.append(Series(_("others"), rest))
    is_one_year = months[0].year == months[-1].year  # said above the picture already
    return stacked([_name(month, with_year=not is_one_year) for month in months], series)


def _months(first: date, last: date) -> list[date]:
    """The first days of the months from one day to another."""
    months, month = [], first.replace(day=1)
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months


def last_day_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _name(month: date, *, with_year: bool = True) -> str:
    return capfirst(date_format(month, "N Y" if with_year else "N"))
