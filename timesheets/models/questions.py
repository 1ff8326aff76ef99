"""What passes between a person and the committee about their hours: questions, answers, conflicts."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, days_in_order, never_twice

from .entries import AmidActs, TimeEntry, WeekSheet


class LineMessage(AmidActs):
    """One word of the thread of a line: the committee's question or its owner's answer. Append-only.

    It stays when the line is taken away: `entry` may then name a row that is gone.
    """

    sheet = models.ForeignKey(WeekSheet, models.PROTECT, related_name="line_messages")
    entry = models.ForeignKey(
        TimeEntry, models.DO_NOTHING, db_constraint=False, related_name="thread", verbose_name=_("line")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)
    text = models.CharField(_("message"), max_length=500)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="timesheets_line_message_says_something")
        ]

    def __str__(self):
        return self.text


class ConflictOfInterest(DatedModel):
    """An approver steps aside: from a day on, somebody else decides on this person's hours."""

    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts", verbose_name=_("who steps aside")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("whose hours")
    )
    because = models.CharField(_("reason"), max_length=300, blank=True)
    declared_at = models.DateTimeField(_("declared at"), auto_now_add=True)

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("timesheets_conflict_days_in_order"),
            never_twice(
                "timesheets_one_conflict_at_a_time",
                "approver",
                "person",
                message=_("This conflict of interest is declared already."),
            ),
            models.CheckConstraint(
                condition=~Q(approver=F("person")),
                name="timesheets_conflict_with_another",
                violation_error_message=_("A conflict of interest is about somebody else’s hours."),
            ),
        ]

    def __str__(self):
        return f"{self.approver}, {self.person}"
