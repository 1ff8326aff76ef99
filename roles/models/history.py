"""What a role and a task said before they were changed. Written by the database, never by code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .registry import Role, RoleText, Task, TaskText


class RoleVersion(RoleText):
    """What a role said until `until`, and who had written it. Append-only."""

    role = models.ForeignKey(Role, models.PROTECT, related_name="versions")
    until = models.DateTimeField(_("until"))
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        ordering = ["-pk"]


class TaskVersion(TaskText):
    """What a task said until `until`. Append-only."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="versions")
    until = models.DateTimeField(_("until"))

    class Meta:
        ordering = ["-pk"]
