"""Which e-mails about their hours a person wishes to get."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NudgeChoice(models.Model):
    """The nudges a person asked for: no row, no e-mail."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="nudge_choice")
    empty_week = models.BooleanField(_("on Friday afternoon, when my week is empty"), default=False)
    questioned = models.BooleanField(_("when the committee asks about my hours"), default=False)
    approved = models.BooleanField(_("when my hours are approved"), default=False)
    leave = models.BooleanField(_("when my leave is decided"), default=False)
    renewal = models.BooleanField(
        _("when a role I hold, or all of them if I keep roles, comes to the end of a term"), default=False
    )
    digest = models.BooleanField(_("on Monday morning, what waits for my committee"), default=False)

    def __str__(self):
        return str(self.person)


class Nudge(models.Model):
    """A nudge that was written: its kind, its week, its message. The database keeps it from going twice."""

    class Kind(models.TextChoices):
        EMPTY_WEEK = "empty_week", _("empty week")
        QUESTIONED = "questioned", _("question about a line")
        APPROVED = "approved", _("week approved")
        LEAVE = "leave", _("leave decided")
        RENEWAL = "renewal", _("end of a term")
        DIGEST = "digest", _("what waits for the committee")
        REMINDER = "reminder", _("reminder from the committee")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="nudges")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    week = models.DateField(_("week of"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    message = models.OneToOneField("members.OutgoingMessage", models.PROTECT, related_name="nudge")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "week"], name="timesheets_nudges_of_week")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "week"],
                condition=Q(kind__in=["empty_week", "digest", "renewal"]),
                name="timesheets_nudged_once",
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.kind}"
