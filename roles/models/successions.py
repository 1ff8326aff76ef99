"""What became of the work of a task that was split, merged or moved."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .registry import Task


class TaskSuccession(models.Model):
    """A task that was split or merged, and the task in which its work goes on. Append-only.

    Past hours stay on the task they were logged on; who reads the present counts them, by `percent`, with
    what followed.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="followed_by", verbose_name=_("task"))
    successor = models.ForeignKey(Task, models.PROTECT, related_name="follows", verbose_name=_("goes on as"))
    percent = models.PositiveSmallIntegerField(_("share of its past hours, in %"), default=100)
    since = models.DateField(_("since"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "successor"], name="roles_succession_once"),
            models.CheckConstraint(condition=~Q(task=F("successor")), name="roles_succession_of_another"),
            models.CheckConstraint(
                condition=Q(percent__range=(1, 100)),
                name="roles_succession_share",
                violation_error_message=_("Each part takes between 1 and 100 percent of the past hours."),
            ),
        ]

    def __str__(self):
        return f"{self.task} → {self.successor}"
