from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, days_in_order

from .committees import Committee, Decision


class Objective(DatedModel):
    """What a body set out to reach between two days, and how it will know.

    Where the software knows the figure, `measure` names it and nobody types it; else members write down
    where things stand. An objective is never edited: a later decision sets another.
    """

    class Direction(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    body = models.ForeignKey(Committee, models.PROTECT, related_name="objectives", verbose_name=_("body"))
    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="objectives", verbose_name=_("decision")
    )
    title = models.CharField(_("objective"), max_length=160)
    why = models.TextField(_("why"), max_length=2000, blank=True)
    # A code of `members.objectives`; empty where members say themselves where things stand.
    measure = models.CharField(_("measured by"), max_length=60, blank=True)
    direction = models.CharField(_("to reach"), max_length=10, choices=Direction, default=Direction.AT_LEAST)
    target = models.DecimalField(
        _("target"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("In the unit of the measure: %, hours, people, dollars. Empty for an aim in words."),
    )

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("members_objective_days"),
            models.CheckConstraint(
                condition=Q(direction__in=["at_least", "at_most"]), name="members_objective_direction"
            ),
            models.CheckConstraint(
                condition=Q(measure="") | Q(target__isnull=False),
                name="members_measured_has_a_target",
                violation_error_message=_("Say what is to be reached: a figure, in the unit of the measure."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=False),
                name="members_objective_ends",
                violation_error_message=_("Say until when: an objective has an end."),
            ),
        ]

    def __str__(self):
        return self.title

    def is_reached(self, value: Decimal | None) -> bool:
        """Does that figure reach the target?"""
        if value is None or self.target is None:
            return False
        return value >= self.target if self.direction == self.Direction.AT_LEAST else value <= self.target


class ObjectiveReading(models.Model):
    """Where an objective stands on a day, as a member wrote it down. It stays."""

    objective = models.ForeignKey(Objective, models.PROTECT, related_name="readings")
    on = models.DateField(_("on"))
    value = models.DecimalField(_("figure"), max_digits=12, decimal_places=2, null=True, blank=True)
    words = models.TextField(_("where things stand"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.objective}, {self.on}"
