"""What the committee that approves hours reads: the weeks that wait, those that do not come, those done."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Sum

from members.models import Person, WorkStatus

from . import absences, seen, weeks
from .hours import Standing, unsettled_sheets
from .models import TimeEntry, WeekSheet
from .unusual import Worked, signals


@dataclass(frozen=True)
class Waiting:
    """A week that waits, with what helps to decide whether to open it."""

    sheet: WeekSheet
    minutes: int
    roles: list[tuple[str, int]]
    signals: list[str]
    digest: str
    is_own: bool


@dataclass(frozen=True)
class Missing:
    """A week that should be there and is not handed in."""

    person: Person
    state: Standing
    sheet_id: int | None


def waiting() -> QuerySet[WeekSheet]:
    """The submitted weeks, the oldest first."""
    return (
        WeekSheet.objects.filter(state=WeekSheet.State.SUBMITTED)
        .select_related("person")
        .order_by("starts_on", "person__sort_name", "pk")
    )


def described(sheets: Sequence[WeekSheet], reader: Person) -> list[Waiting]:
    """These weeks with their totals and signals, in three queries for all of them."""
    entries = entries_of(sheets)
    agreed = agreed_minutes(sheets)
    leave = leave_of(sheets)
    rows = []
    for sheet in sheets:
        own = entries[sheet.pk]
        by_role: dict[str, int] = defaultdict(int)
        for entry in own:
            by_role[entry.task.role.name] += entry.minutes
        rows.append(
            Waiting(
                sheet,
                sum(entry.minutes for entry in own),
                sorted(by_role.items(), key=lambda item: (-item[1], item[0])),
                signals([worked(entry) for entry in own], agreed[sheet.pk], leave[sheet.pk]),
                seen.digest_of(seen.lines_of(own)),
                sheet.person_id == reader.pk,
            )
        )
    return rows


def entries_of(sheets: Sequence[WeekSheet]) -> dict[int, list[TimeEntry]]:
    """The entries of each of these weeks by day, each knowing whether its task is new to the person."""
    earlier = TimeEntry.objects.filter(
        person=OuterRef("person"), task=OuterRef("task"), day__lt=OuterRef("sheet__starts_on")
    )
    by_sheet: dict[int, list[TimeEntry]] = defaultdict(list)
    for entry in (
        TimeEntry.objects.filter(sheet__in=[sheet.pk for sheet in sheets])
        .select_related("task__role", "project")
        .annotate(is_new_task=~Exists(earlier))
        .order_by("day", "pk")
    ):
        by_sheet[entry.sheet_id].append(entry)
    return by_sheet


def agreed_minutes(sheets: Sequence[WeekSheet]) -> dict[int, int]:
    """The agreed minutes of each of these weeks: those in force on the last day worked in it."""
    if not sheets:
        return {}
    first = min(sheet.starts_on for sheet in sheets)
    last = max(sheet.ends_on for sheet in sheets)
    statuses = WorkStatus.objects.during(first, last).filter(person__in={sheet.person_id for sheet in sheets})
    by_person: dict[int, list[WorkStatus]] = defaultdict(list)
    for status in statuses.order_by("starts_on"):
        by_person[status.person_id].append(status)
    agreed = dict.fromkeys((sheet.pk for sheet in sheets), 0)
    for sheet in sheets:
        for status in by_person[sheet.person_id]:
            if status.starts_on <= sheet.ends_on and (status.ends_on or sheet.ends_on) >= sheet.starts_on:
                agreed[sheet.pk] = status.agreed_minutes_per_week
    return agreed


def leave_of(sheets: Sequence[WeekSheet]) -> dict[int, dict[date, int]]:
    """The approved leave in each of these weeks, by day."""
    if not sheets:
        return {}
    first = min(sheet.starts_on for sheet in sheets)
    last = max(sheet.ends_on for sheet in sheets)
    by_person = absences.minutes_by_day({sheet.person_id for sheet in sheets}, first, last)
    return {
        sheet.pk: {day: minutes for day, minutes in by_person[sheet.person_id].items() if day in sheet.days}
        for sheet in sheets
    }


def worked(entry: TimeEntry) -> Worked:
    """An entry of `entries_of`, as the signals read it."""
    return Worked(
        entry.day,
        entry.minutes,
        entry.task.name,
        entry.is_new_task,
        entry.is_final,
        entry.corrects_id is not None,
        entry.question,
    )


def missing(week: date) -> list[Missing]:
    """Who has not handed in this week, by name, and where each stands."""
    found = [one for one in unsettled_sheets(week, weeks.last_day(week)) if one.state != Standing.WAITING]
    people = Person.objects.in_bulk([one.person_id for one in found])
    rows = [Missing(people[one.person_id], one.state, one.url_kwargs.get("pk")) for one in found]
    return sorted(rows, key=lambda row: (row.person.sort_name, row.person.pk))


def done(week: date) -> QuerySet[WeekSheet]:
    """The approved weeks that start on that day, by name, with their total."""
    return (
        WeekSheet.objects.filter(starts_on=week, state=WeekSheet.State.APPROVED)
        .select_related("person", "approved_by")
        .annotate(minutes=Sum("entries__minutes", default=0))
        .order_by("person__sort_name", "pk")
    )
