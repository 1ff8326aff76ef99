"""Usual weeks: the rows and hours of a week, kept under a name and poured into others. Theirs alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from koumbit.refusals import Refused
from koumbit.rows import write
from members.models import Person

from .drafts import Cell, Content, Copied, save_draft
from .models import TemplateCell, TimeEntry, WeekTemplate


class NothingToKeep(Refused):
    sentence = _("This week has no hours yet: log it first, then keep it as a usual week.")


@dataclass(frozen=True)
class Usual:
    """A usual week as it is listed: its rows by name with their minutes, and its total."""

    template: WeekTemplate
    rows: list[tuple[str, int]]

    @property
    def minutes(self) -> int:
        return sum(minutes for _row, minutes in self.rows)


def of(person: Person) -> list[Usual]:
    """The usual weeks of a person by name, in two queries."""
    templates = WeekTemplate.objects.filter(person=person).prefetch_related(
        "cells__task__role", "cells__project"
    )
    return [Usual(template, _rows(template.cells.all())) for template in templates]


def _rows(cells: Iterable[TemplateCell]) -> list[tuple[str, int]]:
    minutes: dict[str, int] = defaultdict(int)
    for cell in cells:
        names = [cell.task.role.name, cell.task.name, cell.project.name if cell.project else ""]
        minutes[" · ".join(filter(None, names))] += cell.minutes
    return sorted(minutes.items())


@transaction.atomic
def keep(person: Person, starts_on: date, name: str) -> WeekTemplate:
    """Keep a week's rows and hours under a name. Raises `NothingToKeep`."""
    found = list(
        TimeEntry.objects.filter(person=person, sheet__starts_on=starts_on)
        .values_list("task_id", "project_id", "day")
        .annotate(total=Sum("minutes"))
        .filter(total__gt=0)
        .order_by()
    )
    if not found:
        raise NothingToKeep
    template = WeekTemplate(person=person, name=name)
    write(template)
    TemplateCell.objects.bulk_create(
        TemplateCell(
            template=template, task_id=task, project_id=project, day=(day - starts_on).days, minutes=total
        )
        for task, project, day, total in found
    )
    return template


def rename(template: WeekTemplate, name: str) -> WeekTemplate:
    """Another name for a usual week."""
    template.name = name
    write(template)
    return template


@transaction.atomic
def forget(template: WeekTemplate) -> None:
    """Forget a usual week; no hour changes."""
    template.cells.all().delete()
    template.delete()


def pour(template: WeekTemplate, starts_on: date) -> Copied:
    """Write the hours of a usual week into a week; what is there stays, and what is left out is named."""
    cells = list(template.cells.order_by("task__role__name", "task__name", "project__name", "day"))
    wanted = {
        Cell(cell.task_id, cell.project_id, starts_on + timedelta(cell.day)): Content(cell.minutes)
        for cell in cells
    }
    saved = save_draft(template.person, starts_on, wanted, based_on={})
    return Copied.of([(cell.task_id, cell.project_id) for cell in cells], saved)
