"""What the page of one's own week shows, read in as few queries as it takes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from koumbit import formats
from koumbit.forms import DURATION_REFUSALS
from koumbit.prepared import Prepared, day_named, key_named
from members.models import Membership, Person, WorkStatus
from roles.models import Task

from . import absences, agreed, looking, rows, weeks, worth
from . import grid as grids
from .drafts import Cell, Copied
from .grid import RowKey, Typed, row_key
from .models import SheetDecision, TimeEntry, WeekSheet
from .rows import Head

# The rows of these last days are laid out ready to type in, the most used ones.
RECENT = timedelta(days=3 * weeks.DAYS)
RECENT_ROWS = 8
# More cells left out of a copy than these are counted, not named.
MOST_TOLD = 12


def sheet_of(person: Person, starts_on: date) -> WeekSheet | None:
    """The person's sheet of a week, which knows whether anything has happened to it (`has_story`)."""
    return _SHEET.one(person=person.pk, week=starts_on)


_SHEET = Prepared(
    lambda: WeekSheet.objects.filter(person=key_named("person"), starts_on=day_named("week")).annotate(
        has_story=Exists(SheetDecision.objects.filter(sheet=OuterRef("pk")))
    )
)


def context(
    person: Person,
    starts_on: date,
    sheet: WeekSheet | None,
    *,
    late: bool = False,
    added: Iterable[RowKey] = (),
    typed: Mapping[Cell, Typed] | None = None,
) -> dict[str, Any]:
    """The week as a table, where it stands, and what may be done with it.

    `late` opens an approved week for hours that were forgotten; `added` rows are shown although
    they are empty; `typed` is what a refused page held.
    """
    ends_on = weeks.last_day(starts_on)
    found = _ENTRIES(person=person.pk, first=starts_on - RECENT, last=ends_on)
    entries = [entry for entry in found if entry.day >= starts_on]
    statuses = absences.statuses_with_leave(person.pk, starts_on)
    leave = absences.rows_beside(statuses, starts_on)
    today = timezone.localdate()
    unpaid = _unpaid_days(person, statuses, starts_on)
    works_then = bool(statuses or unpaid) and not agreed.is_pause(statuses)
    writable = bool(typed) or sheet is None or sheet.is_draft or (sheet.is_approved and late)
    # Read for a week that takes no hours too: a timer that runs is never out of sight.
    at_hand, extra = rows.at_hand(person, today), []
    if writable and works_then:
        extra = [*at_hand.carried, *at_hand.favourites, *_recent(found, starts_on)]
        extra += rows.heads([*added, *_rows(typed)])
    grid = grids.build(
        starts_on,
        entries,
        today=today,
        writable=writable,
        work_days={
            day for day in weeks.days_of(starts_on) if day in unpaid or agreed.works_on(statuses, day)
        },
        agreed_minutes=agreed.minutes_of_week(statuses, starts_on),
        leave_minutes=absences.approved_minutes(leave),
        extra=extra,
        typed=typed,
        carried=at_hand.carried_tasks,
        favourites=at_hand.favourite_keys,
        off=absences.days_off(statuses, leave, starts_on),
    )
    if writable:
        _note_budgets(grid, today)
        _note_timer(grid, at_hand.timer)
    decisions = _DECISIONS(sheet=sheet.pk) if sheet and sheet.has_story else []
    return _sentences(grid) | {
        "sheet": sheet,
        "grid": grid,
        "leave": leave,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "today": today,
        "read_at": timezone.now(),
        "zone": timezone.get_current_timezone_name(),
        "is_writable": writable,
        "is_late": late,
        "is_review": False,
        "over_means": _over_means(person, statuses, ends_on),
        "works_then": works_then,
        "unpaid_days": unpaid,
        "is_pause": agreed.is_pause(statuses),
        "questions": sum(bool(entry.question) for entry in entries),
        "to_classify": any(entry.task.is_unclassified for entry in entries),
        "decisions": decisions,
        "last_decision": decisions[-1] if decisions else None,
        "timer": at_hand.timer,
        "added": [row_key(*row) for row in dict.fromkeys(added)],
    }


_ENTRIES = Prepared(
    lambda: (
        TimeEntry.objects.filter(
            person=key_named("person"), day__range=(day_named("first"), day_named("last"))
        )
        .select_related("task__role", "project")
        .order_by("pk")
    )
)
_DECISIONS = Prepared(lambda: SheetDecision.objects.filter(sheet=key_named("sheet")).select_related("by"))


def _unpaid_days(person: Person, statuses: Sequence[WorkStatus], starts_on: date) -> list[date]:
    """The days of a week on which the person was a member and had no work status: their hours are not paid."""
    days = [day for day in weeks.days_of(starts_on) if not any(status.holds_on(day) for status in statuses)]
    if not days:
        return []
    held = list(Membership.objects.during(days[0], days[-1]).filter(person=person))
    return [day for day in days if any(one.holds_on(day) for one in held)]


def _over_means(person: Person, statuses: Iterable[WorkStatus], on: date) -> str:
    """What becomes of the hours beyond the legal week, for this person."""
    kinds = {status.kind for status in statuses}
    if WorkStatus.Kind.SALARIED not in kinds:
        return _(": freelance time, paid at the same rate as the rest.") if kinds else ""
    if worth.banks_overtime(person.pk, on):
        return _(": overtime, banked at time and a half, as you asked in writing.")
    return _(": overtime, paid at time and a half.")


def _note_budgets(grid: grids.Grid, today: date) -> None:
    """Say beside a row that the budget of its project nears its end, or is passed."""
    budgets = looking.budgets_of(
        {row.project.pk: row.project for row in grid.rows if row.project}.values(), today
    )
    for row in grid.rows:
        budget = budgets.get(row.project.pk) if row.project else None
        if budget and budget.is_passed:
            row.budget_note = _("budget passed: %(percent)s%% used") % {"percent": budget.percent}
        elif budget and budget.is_near:
            row.budget_note = _("%(percent)s%% of the budget used") % {"percent": budget.percent}


def _note_timer(grid: grids.Grid, timer: rows.Running | None) -> None:
    """Say on which row the timer runs: on another one, starting it is switching."""
    if timer is None:
        return
    for row in grid.rows:
        row.is_timed = row.key == row_key(*timer.key)
        row.is_timed_elsewhere = not row.is_timed


def _sentences(grid: grids.Grid) -> dict[str, Any]:
    """What the page says of its totals, and the patterns with which the script says it while typing."""
    submit = _("Submit %(hours)s")
    of_target = _("%(hours)s of %(target)s agreed")
    if grid.leave_minutes:
        of_target = _("%(hours)s and %(leave)s of leave, of %(target)s agreed")
    over = _("%(hours)s beyond 40 h")
    over_off = _("%(hours)s beyond 40 h, with %(off)s of vacation or of a holiday not worked")
    target = {"target": formats.hours(grid.agreed_minutes), "leave": formats.hours(grid.leave_minutes)}
    return {
        "submit_label": submit % {"hours": formats.hours(grid.open_minutes)}
        if grid.open_minutes
        else _("Submit: nothing this week"),
        "total": of_target % (target | {"hours": formats.hours(grid.minutes)})
        if grid.agreed_minutes
        else formats.hours(grid.minutes),
        "over": (over_off if grid.off_minutes else over)
        % {"hours": formats.hours(grid.over_minutes), "off": formats.hours(grid.off_minutes)},
        "says": flatatt(
            {
                "data-say-submit": submit,
                "data-say-total": of_target % (target | {"hours": "%(hours)s"})
                if grid.agreed_minutes
                else "%(hours)s",
                "data-say-over": over,
                "data-say-over-off": over_off,
            }
        )
        + _says(get_language()),
    }


@lru_cache
def _says(language: str | None) -> SafeString:
    """What the script says while one types, whatever the week: attributes, in the language that is active."""
    sentences = {
        "submit-nothing": _("Submit: nothing this week"),
        "understood": _("%(cell)s: %(hours)s"),
        "day-too-long": _("This day would hold %(hours)s: a day has 24."),
        "saved": _("Everything is saved."),
        "saving": _("Saving…"),
        "kept": _("No network: kept on this device, and sent when it returns."),
        "away": _("The server does not answer: kept on this device, and sent again soon."),
        "unkept": _("This device cannot keep what you type: stay on this page until it is saved."),
        "signed-out": _("You are signed out: what you typed is kept on this device."),
        "closed": _("What you typed is kept on this device."),
        "forget": _("Forget it"),
        "written": _("written %(moment)s"),
        "refused": _("Saved, but for what is marked."),
        "contested": _("Changed elsewhere meanwhile: choose what to keep."),
        "outside": _("Left out, beyond the table: %(count)s."),
        "starred": _("This row is kept at hand."),
        "unstarred": _("This row is no longer kept at hand."),
        "found": _("%(count)s found"),
        "nothing-found": _("Nothing found: try fewer letters."),
        "no-search": _("The search needs the network."),
        "copied": _("The row is copied: paste it in another row, or in a spreadsheet."),
    } | {code.replace("_", "-"): str(sentence) for code, sentence in DURATION_REFUSALS.items()}
    return flatatt({f"data-say-{code}": sentence for code, sentence in sentences.items()})


def _rows(typed: Mapping[Cell, Typed] | None) -> list[RowKey]:
    return [(cell.task_id, cell.project_id) for cell in typed or ()]


def _recent(entries: Iterable[TimeEntry], starts_on: date) -> list[Head]:
    """The rows most used in the last weeks, of tasks and projects still in use."""
    times = Counter(
        (entry.task_id, entry.project_id)
        for entry in entries
        if entry.day < starts_on
        and not (entry.task.retired_on or entry.task.role.retired_on)
        and not (entry.project and entry.project.closed_on)
    )
    known = {(entry.task_id, entry.project_id): (entry.task, entry.project) for entry in entries}
    return [known[row] for row, _times in times.most_common(RECENT_ROWS)]


def address(starts_on: date, added: Iterable[RowKey] = (), **query: str) -> str:
    """The page of a week, with rows that are shown although they are empty."""
    pairs = [("row", row_key(*row)) for row in dict.fromkeys(added)] + list(query.items())
    path = reverse("timesheets:sheet", args=[starts_on])
    return f"{path}?{urlencode(pairs)}" if pairs else path


def tell_copied(request: HttpRequest, copied: Copied) -> None:
    """Say how much was copied into a week, and cell by cell what was left out and why."""
    if copied.cells:
        done = ngettext("%(count)s entry copied.", "%(count)s entries copied.", copied.cells)
        messages.success(request, done % {"count": copied.cells})
    else:
        messages.info(request, _("No hours were copied."))
    if not copied.skipped:
        return
    names = dict(
        Task.objects.filter(pk__in={cell.task_id for cell, _why in copied.skipped}).values_list("pk", "name")
    )
    told = [_left_out(cell, names[cell.task_id], why) for cell, why in copied.skipped[:MOST_TOLD]]
    if (more := len(copied.skipped) - MOST_TOLD) > 0:
        told.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more})
    messages.warning(request, _("Left out: %(reasons)s") % {"reasons": " – ".join(told)})


def _left_out(cell: Cell, task: str, why: str) -> str:
    """The day and the task, and why; the day is said once when the reason already begins with it."""
    day = capfirst(formats.weekday(cell.day))
    if why.startswith(day):
        return _("%(task)s: %(why)s") % {"task": task, "why": why}
    return _("%(day)s, %(task)s: %(why)s") % {"day": day, "task": task, "why": why}
