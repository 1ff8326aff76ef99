from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, days_in_order, never_twice


class Assignment(DatedModel):
    """A person carries a task, from a day to a day. Several people may carry the same task."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", verbose_name=_("person")
    )
    task = models.ForeignKey("roles.Task", models.PROTECT, related_name="assignments", verbose_name=_("task"))
    planned_minutes_per_week = models.PositiveSmallIntegerField(
        _("planned hours a week"),
        null=True,
        blank=True,
        help_text=_("Roughly, if the team has agreed on it."),
    )

    class Meta(DatedModel.Meta):
        indexes = [models.Index(fields=["person"], name="roles_assignment_of_person")]
        constraints = [
            days_in_order("roles_assignment_days_in_order"),
            never_twice(
                "roles_one_assignment_at_a_time",
                "person",
                "task",
                message=_("This person already carries this task on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(planned_minutes_per_week=None) | Q(planned_minutes_per_week__range=(1, 10080)),
                name="roles_planned_minutes",
                violation_error_message=_("A week has between 1 minute and 168 hours."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.task}"
