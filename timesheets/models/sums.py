"""What is approved, added up by month. Written by the database alone, as entries become final.

An approved entry is never changed nor taken away, so that these sums only ever receive what is newly
approved: nothing of them is ever out of date, and nothing has to be counted again.
"""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce


class TaskMonth(models.Model):
    """Approved minutes of everybody on a task and a project, or none, in a month; corrections included."""

    month = models.DateField()  # its first day
    task = models.ForeignKey("roles.Task", models.PROTECT, related_name="+", db_index=False)
    project = models.ForeignKey("timesheets.Project", models.PROTECT, null=True, related_name="+")
    minutes = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("month"), F("task"), Coalesce(F("project"), 0), name="timesheets_one_sum_a_task_and_month"
            )
        ]

    def __str__(self):
        return f"{self.month}, {self.task_id}, {self.project_id}: {self.minutes}"


class PersonMonth(models.Model):
    """Approved minutes of a person in a month, whatever the task; corrections included."""

    month = models.DateField()  # its first day
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    minutes = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "person"], name="timesheets_one_sum_a_person_and_month")
        ]

    def __str__(self):
        return f"{self.month}, {self.person_id}: {self.minutes}"
