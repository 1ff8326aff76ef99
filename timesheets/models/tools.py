"""What helps a person log: the timer, and the keys their own tools hold."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Person


class Timer(models.Model):
    """The timer that runs for a person: one at most. Stopping it writes its minutes in a cell."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="timer")
    task = models.ForeignKey("roles.Task", models.PROTECT, related_name="+", verbose_name=_("task"))
    project = models.ForeignKey(
        "timesheets.Project", models.PROTECT, null=True, related_name="+", verbose_name=_("project")
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    started_at = models.DateTimeField(_("started at"))

    def __str__(self):
        return f"{self.person}, {self.task}"


class AccessTokenQuerySet(models.QuerySet):
    def opening(self, day: date) -> "AccessTokenQuerySet":
        """Those that open something on that day: not revoked, of somebody who works or is a member then."""
        here = Person.objects.active().here(day)
        return self.filter(revoked_at=None, person__in=here)


class AccessToken(models.Model):
    """A key a person gives to one of their tools; only its digest is kept, and it can be revoked.

    It opens that person's own hours, or a calendar: of them, of the meetings of their committees, of who is
    away; nothing else, and nothing at all once they have left.
    """

    class Opens(models.TextChoices):
        API = "api", _("my hours and my timer, for a program")
        OWN_CALENDAR = "own_calendar", _("calendar of my hours")
        MEETINGS = "meetings", _("calendar of the meetings of my committees")
        AWAY_CALENDAR = "away_calendar", _("calendar of who is away")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="access_tokens")
    opens = models.CharField(_("opens"), max_length=15, choices=Opens)
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["person"], name="timesheets_live_tokens", condition=Q(revoked_at=None))
        ]

    def __str__(self):
        return self.name
