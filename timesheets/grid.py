"""The week as a table: a row for each task and project, a column for each day, and what adds up.

Built from what is kept and, after a refusal, from what was typed: nothing here reads the database.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import cached_property

from koumbit import durations, formats
from roles.models import Task

from . import weeks
from .calendar_words import holiday_name
from .drafts import NOTHING, Cell, Content
from .legal_week import Off
from .models import Project, TimeEntry

RowKey = tuple[int, int | None]
NOT_OFF = Off()
NO_DAY_OFF: Mapping[date, Off] = {}


@dataclass(frozen=True)
class Typed:
    """What stands in the two fields of a cell, as typed, and why it was refused if it was."""

    text: str = ""
    note: str = ""
    error: str = ""


@dataclass
class GridCell:
    """One day of one row."""

    cell: Cell
    day: "Column"
    row: "Row"
    entries: list[TimeEntry] = field(default_factory=list)
    typed: Typed | None = None

    @cached_property
    def key(self) -> str:
        return f"{self.row.key}-{self.day.index}"

    @cached_property
    def minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries)

    @property
    def open_minutes(self) -> int:
        return sum(entry.minutes for entry in self.entries if not entry.is_final)

    @property
    def has_lines(self) -> bool:
        """It is opened rather than typed over: several lines, approved time, a correction."""
        return len(self.entries) > 1 or any(entry.is_final or entry.corrects_id for entry in self.entries)

    @property
    def is_final(self) -> bool:
        return bool(self.entries) and all(entry.is_final for entry in self.entries)

    @property
    def question(self) -> str:
        return " ".join(entry.question for entry in self.entries if entry.question)

    @cached_property
    def is_open(self) -> bool:
        """Time may be typed here: not in the future, within the person's work, on a task in use.

        What was typed before stays open: it can be taken back.
        """
        if self.has_lines or not self.day.is_writable:
            return False
        return bool(self.entries) or (self.day.is_open and not self.row.is_closed)

    @property
    def opens_later(self) -> bool:
        """Time may be typed here once its day has come: the page may still be open then, or be kept."""
        return self.day.opens_later and not (self.is_open or self.entries or self.row.is_closed)

    @property
    def content(self) -> Content:
        return Content(self.entries[0].minutes, self.entries[0].note) if self.entries else NOTHING

    @property
    def text(self) -> str:
        return self.typed.text if self.typed else durations.typed(self.minutes)

    @property
    def note(self) -> str:
        return self.typed.note if self.typed else self.content.note

    @property
    def error(self) -> str:
        return self.typed.error if self.typed else ""

    @property
    def label(self) -> str:
        return f"{self.day.label}, {self.row.label}"

    @property
    def css(self) -> str:
        marks = {"questioned": self.question, "noted": self.note, "refused": self.error}
        return " ".join([self.day.css, *(name for name, holds in marks.items() if holds)])


@dataclass
class Row:
    """One task, on one project or none."""

    task: Task
    project: Project | None
    cells: list[GridCell] = field(default_factory=list)
    is_carried: bool = False
    is_favourite: bool = False
    # What is said of its project's budget, near its end or past it.
    budget_note: str = ""
    # Where the timer runs, if it does: starting it here would leave the other row.
    is_timed: bool = False
    is_timed_elsewhere: bool = False

    @cached_property
    def key(self) -> str:
        return row_key(self.task.pk, self.project and self.project.pk)

    @property
    def where(self) -> str:
        return f"{self.task.role.name} · {self.project.name}" if self.project else self.task.role.name

    @property
    def is_closed(self) -> bool:
        return bool(self.task.retired_on or (self.project and self.project.closed_on))

    @cached_property
    def label(self) -> str:
        return ", ".join(
            filter(None, [self.task.role.name, self.task.name, self.project and self.project.name])
        )

    @property
    def minutes(self) -> int:
        return sum(cell.minutes for cell in self.cells)

    @property
    def notes(self) -> int:
        return sum(bool(cell.note) for cell in self.cells)

    @cached_property
    def fields(self) -> list[GridCell]:
        """The cells to type in, now or once their day has come."""
        return [cell for cell in self.cells if cell.is_open or cell.opens_later]


@dataclass
class Column:
    """One day of the week."""

    index: int
    date: date
    is_writable: bool
    is_open: bool
    is_today: bool
    opens_later: bool = False
    minutes: int = 0
    off: Off = NOT_OFF

    @cached_property
    def label(self) -> str:
        return formats.weekday(self.date)

    @property
    def off_minutes(self) -> int:
        """What of the day counts in the legal week though it is not worked."""
        return self.off.minutes(self.minutes)

    @cached_property
    def holiday(self) -> str:
        """The name of the statutory holiday it is, or nothing."""
        return holiday_name(self.date)

    @cached_property
    def short(self) -> str:
        return date_format(self.date, "D")

    @cached_property
    def marks(self) -> str:
        """What its colour says of it, each word after a space."""
        marks = {"weekend": weeks.is_weekend(self.date), "today": self.is_today, "holiday": self.holiday}
        return "".join(f" {mark}" for mark, holds in marks.items() if holds)

    @cached_property
    def css(self) -> str:
        return f"d{self.index}{self.marks}"


@dataclass
class Grid:
    """A person's week as its page shows it."""

    starts_on: date
    columns: list[Column]
    rows: list[Row]
    agreed_minutes: int
    leave_minutes: int = 0

    @property
    def minutes(self) -> int:
        return sum(column.minutes for column in self.columns)

    @property
    def to_work_minutes(self) -> int:
        """What is agreed, less approved leave: it counts towards the agreed hours, not as time worked."""
        return max(0, self.agreed_minutes - self.leave_minutes)

    @property
    def refused(self) -> list[GridCell]:
        """The cells that could not be kept as typed, day by day."""
        found = [cell for row in self.rows for cell in row.cells if cell.error]
        return sorted(found, key=lambda cell: cell.day.index)

    @property
    def refused_days(self) -> set[int]:
        return {cell.day.index for cell in self.refused}

    @property
    def questioned_days(self) -> set[int]:
        """The days about which the committee asks something."""
        return {cell.day.index for row in self.rows for cell in row.cells if cell.question}

    @property
    def open_minutes(self) -> int:
        """What is not approved yet."""
        return sum(cell.open_minutes for row in self.rows for cell in row.cells)

    @property
    def off_minutes(self) -> int:
        """Vacation, and holidays not worked: they count in the legal week (`legal_week`)."""
        return sum(column.off_minutes for column in self.columns)

    @property
    def over_minutes(self) -> int:
        """How much of the hours is beyond the legal week."""
        return min(self.minutes, max(0, self.minutes + self.off_minutes - weeks.LEGAL_WEEK))

    @property
    def base(self) -> dict[str, list]:
        """What the page shows of each cell that may be typed over: sent back with what was typed."""
        return self._contents(lambda cell: cell.is_open)

    @property
    def contents(self) -> dict[str, list]:
        """What each cell of one line says: what the device typed and did not send is told apart from it."""
        return self._contents(lambda cell: len(cell.entries) == 1)

    def _contents(self, holds: Callable[[GridCell], bool]) -> dict[str, list]:
        return {
            cell.key: list(cell.content)
            for row in self.rows
            for cell in row.cells
            if cell.entries and holds(cell)
        }


def row_key(task_id: int, project_id: int | None) -> str:
    """How a row is named in the page: the task, then the project (0 for none)."""
    return f"{task_id}-{project_id or 0}"


def build(
    starts_on: date,
    entries: Iterable[TimeEntry],
    *,
    today: date,
    writable: bool = False,
    work_days: Collection[date] = (),
    agreed_minutes: int = 0,
    leave_minutes: int = 0,
    extra: Iterable[tuple[Task, Project | None]] = (),
    typed: Mapping[Cell, Typed] | None = None,
    carried: Collection[int] = (),
    favourites: Collection[RowKey] = (),
    off: Mapping[date, Off] = NO_DAY_OFF,
) -> Grid:
    """Lay entries out by row and day; `extra` rows are shown even when empty.

    A `writable` week has fields; new time is typed on `work_days`, once they have come. The tasks the
    person carries come first, then their favourite rows.
    """
    columns = []
    for index, day in enumerate(weeks.days_of(starts_on)):
        takes_time, has_come = writable and day in work_days, day <= today
        column = Column(
            index, day, writable, takes_time and has_come, day == today, takes_time and not has_come
        )
        column.off = off.get(day, NOT_OFF)
        columns.append(column)
    by_cell: dict[Cell, list[TimeEntry]] = {}
    heads: dict[RowKey, tuple[Task, Project | None]] = {}
    for entry in entries:
        by_cell.setdefault(Cell(entry.task_id, entry.project_id, entry.day), []).append(entry)
        heads[entry.task_id, entry.project_id] = entry.task, entry.project
    for task, project in extra:
        heads.setdefault((task.pk, project.pk if project else None), (task, project))
    rows = []
    laid = [
        Row(task, project, is_carried=task.pk in carried, is_favourite=key in favourites)
        for key, (task, project) in heads.items()
    ]
    for row in sorted(laid, key=_order):
        task_id, project_id = row.task.pk, row.project.pk if row.project else None
        for column in columns:
            cell = Cell(task_id, project_id, column.date)
            found = GridCell(cell, column, row, by_cell.get(cell, []), (typed or {}).get(cell))
            column.minutes += found.minutes
            row.cells.append(found)
        rows.append(row)
    return Grid(starts_on, columns, rows, agreed_minutes, leave_minutes)


def _order(row: Row) -> tuple:
    """What the person carries, then their favourites, then the rest; by name within."""
    rank = 0 if row.is_carried else 1 if row.is_favourite else 2
    project = row.project.name.casefold() if row.project else ""
    return rank, row.task.role.name.casefold(), row.task.name.casefold(), project
