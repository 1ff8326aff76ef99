from django.conf import settings
from django.db import models


class HoursFileReading(models.Model):
    """How somebody read files with these columns the last time they imported one: the next starts from it.

    `columns_digest` names the columns in their order; `reading` and `choices` are what
    `file_reading.Reading` and `importing.Choices` keep.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="hours_file_readings")
    columns_digest = models.CharField(max_length=64)
    reading = models.JSONField()
    choices = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "columns_digest"], name="timesheets_one_reading_per_file_kind"
            )
        ]

    def __str__(self):
        return f"{self.person}: {self.columns_digest[:8]}"
