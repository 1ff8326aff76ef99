"""Absences: asked for, decided by a committee, counted like hours but never mixed with them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Leave(models.Model):
    """Days a person is away, and why. The why is theirs and the committee's; others see “away”."""

    class Kind(models.TextChoices):
        VACATION = "vacation", _("vacation")
        BANKED = "banked", _("banked overtime taken")
        HOLIDAY = "holiday", _("statutory holiday")
        SICK = "sick", _("sick day")
        FAMILY = "family", _("family obligation")
        PARENTAL = "parental", _("parental leave")
        UNPAID = "unpaid", _("unpaid leave")

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="leaves", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    starts_on = models.DateField(_("first day away"))
    ends_on = models.DateField(_("last day away"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        indexes = [
            models.Index(
                fields=["starts_on"], name="timesheets_leave_requested", condition=Q(state="requested")
            ),
            models.Index(fields=["person", "starts_on"], name="timesheets_leave_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="timesheets_leave_days_in_order",
                violation_error_message=_("The last day comes before the first. Check both dates."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "withdrawn"], decided_at=None, decided_by=None)
                | Q(
                    state__in=["approved", "refused", "withdrawn"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="timesheets_leave_decision_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("person")),
                name="timesheets_leave_decided_by_another",
                violation_error_message=_("Nobody approves their own leave."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""),
                name="timesheets_leave_refused_says_why",
                violation_error_message=_("Say why the leave is refused."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.starts_on}"


class LeaveDay(models.Model):
    """Minutes of leave on one day: an entry of its own kind, beside the hours worked."""

    leave = models.ForeignKey(Leave, models.PROTECT, related_name="days")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("time"))

    class Meta:
        ordering = ["day", "pk"]
        indexes = [
            models.Index(fields=["person", "day"], include=["minutes"], name="timesheets_leave_person_day")
        ]
        constraints = [
            models.UniqueConstraint(fields=["leave", "day"], name="timesheets_leave_day_once"),
            models.CheckConstraint(
                condition=Q(minutes__range=(1, 1440)),
                name="timesheets_leave_minutes",
                violation_error_message=_("A day of leave is between 1 minute and 24 hours."),
            ),
        ]

    def __str__(self):
        return f"{self.leave}, {self.day}"
