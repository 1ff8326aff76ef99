"""Hours as files: one's own, a project's, a service's, the co-op's, for a period.

Everyone exports their own hours, with their notes and with whom they learnt. A project's or a service's
approved hours are for every member, without names. With names and notes, and for everybody, it takes the
power to approve hours or to prepare the pay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from members.models import Person

from .models import Project, Service, TimeEntry


@dataclass(frozen=True)
class Export:
    """What is exported: whose or what hours, from when to when, and whether people are named."""

    first: date
    last: date
    person: Person | None = None
    project: Project | None = None
    service: Service | None = None
    names_people: bool = True

    @property
    def is_own(self) -> bool:
        """One person's hours, for that person: with whom they learnt is in no other file."""
        return self.person is not None

    @property
    def title(self) -> str:
        if self.person:
            return _("Hours of %(name)s") % {"name": self.person}
        if self.project:
            return _("Hours of the project “%(name)s”") % {"name": self.project}
        if self.service:
            return _("Hours of the service “%(name)s”") % {"name": self.service}
        return _("Hours of the cooperative")

    @property
    def file_name(self) -> str:
        """What it is, in the reader's language: the name of the project is in the name of its file."""
        return f"{slugify(self.title)}-{self.first}-{self.last}"

    def entries(self) -> QuerySet[TimeEntry]:
        """The lines of the file, day by day: one's own whatever their state, others' once approved."""
        entries = TimeEntry.objects.filter(day__range=(self.first, self.last))
        whose = {"person": self.person} if self.person else {"approved_at__isnull": False}
        entries = entries.filter(**whose)
        if self.project:
            entries = entries.filter(project=self.project)
        if self.service:
            entries = entries.filter(project__service=self.service)
        return entries.select_related(
            "person",
            "sheet",
            "task__role",
            "project__client",
            "project__service",
            "approved_by",
            *(["learning_with"] if self.is_own else []),
        ).order_by("day", "person__sort_name", "pk")


def rows(export: Export) -> Iterator[Sequence[Any]]:
    """The file, row by row: its title with the period and the moment, the columns, the lines, the total."""
    yield [
        export.title,
        str(export.first),
        str(export.last),
        timezone.localtime().isoformat(timespec="seconds"),
    ]
    named = export.names_people
    yield [
        _("Day"),
        _("Week of"),
        *([_("Person"), _("E-mail")] if named else []),
        _("Service"),
        _("Client"),
        _("Project"),
        _("Role"),
        _("Task"),
        _("Hours"),
        _("Minutes"),
        *([_("Note")] if named else []),
        *([_("Learning with")] if export.is_own else []),
        _("State"),
        _("Approved on"),
        *([_("Approved by")] if named else []),
        _("Corrects"),
    ]
    total = 0
    for entry in export.entries().iterator(chunk_size=2000):
        total += entry.minutes
        project = entry.project
        yield [
            entry.day,
            entry.sheet.starts_on,
            *([str(entry.person), entry.person.email] if named else []),
            str(project.service or "") if project else "",
            str(project.client or "") if project else "",
            str(project or ""),
            entry.task.role.name,
            entry.task.name,
            _hours(entry.minutes),
            Decimal(entry.minutes),
            *([entry.note] if named else []),
            *([entry.learning_with.email if entry.learning_with else ""] if export.is_own else []),
            _("approved") if entry.is_final else entry.sheet.get_state_display(),
            timezone.localdate(entry.approved_at) if entry.approved_at else "",
            *([str(entry.approved_by or "")] if named else []),
            entry.reason if named else (_("yes") if entry.corrects_id else ""),
        ]
    blank = 5 + (2 if named else 0)
    yield [_("Total"), *[""] * (blank + 1), _hours(total), Decimal(total)]


def _hours(minutes: int) -> Decimal:
    """Hours with two decimals, half a hundredth going up: for reading; minutes are exact."""
    return Decimal((minutes * 100 + 30) // 60).scaleb(-2)
