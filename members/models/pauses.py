"""Stepping back for a while. Apart from the other facts of a path: mandates are read with it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, days_in_order, never_twice


class Pause(DatedModel):
    """A member steps back, from a day to a day, and stays a member.

    Nothing is agreed or owed on these days, no hours are logged, mandates open nothing. They asked for it
    themselves, or a decision says so. The database refuses a pause outside a membership
    (`members_pause_within_membership`).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="pauses", verbose_name=_("person")
    )
    decision = models.ForeignKey(
        "Decision", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decision")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("members_pause_days"),
            never_twice(
                "members_one_pause",
                "person",
                message=_("This person is already on pause on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=False) | Q(recorded_by=F("person")),
                name="members_pause_own_or_decided",
                violation_error_message=_(
                    "A pause is asked for by the person, or decided: name the decision."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.starts_on}"
