"""Hours to look at rather than read: one's own year, a project, a service, the co-op as a whole.

Collective pictures count approved time only and name nobody. Everything is summed by the database, in
as many queries whatever the number of people and years.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
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
from .models import Project, TimeEntry

# More roles or services than these are drawn together.
MOST_SERIES = 5
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
    by_role = _by_month(entries, "task__role__name", first, min(last, max(first, today)))
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


def work_on(entries: QuerySet[TimeEntry], today: date) -> Work | None:
    """What was approved of these entries, over the months in which there is any; None if there is none."""
    approved = entries.filter(approved_at__isnull=False)
    by_role = list(
        approved.order_by()
        .values_list("task__role__name")
        .annotate(total=Sum("minutes"))
        .order_by("-total", "task__role__name")
    )
    days = approved.aggregate(people=Count("person", distinct=True), first=Min("day"), last=Max("day"))
    if not days["first"]:
        return None
    first = max(days["first"], _months_before(today, 23))
    by_month = _by_month(approved, None, first, days["last"])
    return Work(by_month, by_role, sum(total for _role, total in by_role), days["people"])


def budget_of(project: Project, today: date) -> Budget | None:
    """Where a project stands with its budget, approved or not: work done is done."""
    return budgets_of([project], today).get(project.pk)


def budgets_of(projects: Iterable[Project], today: date) -> dict[int, Budget]:
    """The budgets of those of these projects that have one, in at most two queries."""
    limited = {
        project.pk: project
        for project in projects
        if project.budget_minutes is not None or project.budget_dollars is not None
    }
    if not limited:
        return {}
    worked: dict[int, list[tuple[date, int]]] = {pk: [] for pk in limited}
    for pk, day, total in (
        TimeEntry.objects.filter(project__in=limited)
        .order_by()
        .values_list("project", "day")
        .annotate(total=Sum("minutes"))
        .order_by("day")
    ):
        worked[pk].append((day, total))
    lately = {pk: [(day, total) for day, total in rows if day > today - PACE] for pk, rows in worked.items()}
    priced = [pk for pk, project in limited.items() if project.budget_dollars is not None]
    # A project's whole work and its last weeks are priced together: the rates are read once.
    prices = (
        worth.prices_of({pk: worked[pk] for pk in priced} | {-pk: lately[pk] for pk in priced})
        if priced
        else {}
    )
    found = {}
    for pk, project in limited.items():
        if project.budget_dollars is not None:
            limit, used, recent = project.budget_dollars, prices[pk], prices[-pk] or Decimal(0)
        else:
            limit = Decimal(project.budget_minutes or 0)
            used, recent = (Decimal(sum(total for _day, total in rows[pk])) for rows in (worked, lately))
        found[pk] = Budget(
            project.budget_dollars is not None, limit, used, _reached_on(limit, used, recent, today)
        )
    return found


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
    """Approved hours of everybody from a day to a day, by month."""
    entries = TimeEntry.objects.filter(approved_at__isnull=False, day__range=(first, last))
    status = WorkStatus.objects.on(OuterRef("day")).filter(
        person=OuterRef("person"), tenure=WorkStatus.Tenure.PERMANENT
    )
    shares: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for month, is_permanent, total in (
        entries.order_by()
        .annotate(month=TruncMonth("day"), is_permanent=Exists(status))
        .values_list("month", "is_permanent")
        .annotate(total=Sum("minutes"))
    ):
        shares[month][1] += total
        if is_permanent:
            shares[month][0] += total
    months = _months(first, last)
    return Load(
        _by_month(entries, "task__role__name", first, last),
        _by_month(entries, "project__service__name", first, last, none=_("without a service")),
        [(_name(month), *shares[month]) for month in months],
        entries.aggregate(people=Count("person", distinct=True))["people"],
    )


# Months ------------------------------------------------------------------------------------------


def _by_month(entries: QuerySet, by: str | None, first: date, last: date, *, none: str = "") -> Chart:
    """Minutes by month, stacked by the names of a column: the largest apart, the others together."""
    months = _months(first, last)
    rows = entries.order_by().annotate(month=TruncMonth("day"))
    found: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    columns = ("month", by) if by else ("month",)
    for month, *named, total in rows.values_list(*columns).annotate(total=Sum("minutes")):
        found[(named[0] or none) if by else _("hours")][month] += total
    ranked = sorted(found, key=lambda name: (-sum(found[name].values()), name))
    shown, others = ranked[:MOST_SERIES], ranked[MOST_SERIES:]
    series = [Series(name, [found[name][month] for month in months]) for name in shown]
    if others:
        rest = [sum(found[name][month] for name in others) for month in months]
        series.append(Series(_("others"), rest))
    is_one_year = first.year == last.year  # said above the picture already
    return stacked([_name(month, with_year=not is_one_year) for month in months], series)


def _months(first: date, last: date) -> list[date]:
    """The first days of the months from one day to another."""
    months, month = [], first.replace(day=1)
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months


def _months_before(day: date, count: int) -> date:
    place = day.year * 12 + day.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)


def _name(month: date, *, with_year: bool = True) -> str:
    return capfirst(date_format(month, "N Y" if with_year else "N"))
