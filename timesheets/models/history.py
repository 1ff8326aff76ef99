"""What a line said before it was changed. Written by the database, never by code."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .entries import AmidActs


class EntryVersion(AmidActs):
    """What an entry said until `until`, when it was changed or taken away. Append-only."""

    # Plain numbers, not references: the entry may be gone.
    entry_id = models.BigIntegerField()
    sheet_id = models.BigIntegerField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_constraint=False
    )
    until = models.DateTimeField(_("until"))
    was_taken_away = models.BooleanField(_("taken away"))
    day = models.DateField(_("day"))
    task = models.ForeignKey("roles.Task", models.PROTECT, related_name="+")
    project = models.ForeignKey("timesheets.Project", models.PROTECT, null=True, related_name="+")
    minutes = models.SmallIntegerField(_("time"))
    note = models.CharField(_("note"), max_length=500)
    learning_with = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["person", "day"], name="timesheets_versions_of_day"),
        ]

    def __str__(self):
        return f"{self.entry_id}, {self.until}"
