"""One's own hours of which nobody has said yet which task they were: which they are, and what they may become.

They count as the mean of the co-op until their author says. Whoever else reads of them reads a sum.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from members.models import Person
from roles.models import Assignment, Task

from .models import TimeEntry

#: More lines than these are classified by going on: the page shows the latest first.
MOST = 60


@dataclass(frozen=True)
class Unclassified:
    """A line to be classified, the time it stands for with its corrections, and where its week stands."""

    entry: TimeEntry
    minutes: int

    @property
    def is_waiting(self) -> bool:
        """The week is with the committee: it is withdrawn first, or classified once it is approved."""
        return self.entry.sheet.is_waiting and not self.entry.is_final


def waiting(person: Person) -> list[Unclassified]:
    """The lines this person has still to classify, the latest first. One query."""
    lines = TimeEntry.objects.filter(person=person, task__is_unclassified=True)
    lines = lines.select_related("sheet", "project", "task").order_by("-day", "pk")
    corrected: dict[int, int] = defaultdict(int)
    found = []
    for line in lines:
        if line.corrects_id:
            corrected[line.corrects_id] += line.minutes
        else:
            found.append(line)
    return [
        Unclassified(line, line.minutes + corrected[line.pk])
        for line in found
        if line.minutes + corrected[line.pk] > 0
    ]


def choices(person: Person, today: date) -> list[tuple[str, list[tuple[int, str]]]]:
    """The tasks an hour may have been: those one carries first, then all of them by role. Two queries."""
    tasks = list(Task.objects.to_share().select_related("role").order_by("role__name", "name"))
    carried = set(Assignment.objects.on(today).filter(person=person).values_list("task", flat=True))
    groups: dict[str, list[tuple[int, str]]] = {}
    if own := [(task.pk, f"{task.name} ({task.role})") for task in tasks if task.pk in carried]:
        groups[_("What I carry")] = own
    for task in tasks:
        groups.setdefault(task.role.name, []).append((task.pk, task.name))
    return list(groups.items())
