"""Absences: asked for, decided by a committee, counted like hours but never mixed with them.

What was approved is never rewritten: a leave that is given back, whole or from a day on, is followed
by its cancellation. The days that hold are those of the approved leave less those cancelled.
"""

from collections.abc import Container
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Person, Power

from ..calendar_words import span


class LeaveQuerySet(models.QuerySet):
    def visible_to(self, person: Person, powers: Container[str]) -> "LeaveQuerySet":
        """One's own leave, with its reason; everyone's with the power to approve hours."""
        return self if Power.APPROVE_HOURS in powers else self.filter(person=person)

    def with_times(self) -> "LeaveQuerySet":
        """Each with its `minutes`, those that still hold (`left`), and whether giving some back is asked."""
        days = LeaveDay.objects.filter(leave=OuterRef("pk")).order_by().values("leave")
        asked = LeaveCancellation.objects.filter(
            leave=OuterRef("pk"), state=LeaveCancellation.State.REQUESTED
        )
        return self.annotate(
            minutes=Subquery(days.annotate(total=Sum("minutes")).values("total")),
            left=Coalesce(
                Subquery(days.not_cancelled().annotate(total=Sum("minutes")).values("total")), Value(0)
            ),
            asks_back=Exists(asked),
        )


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
        REQUESTED = "requested", pgettext_lazy("leave", "requested")
        APPROVED = "approved", pgettext_lazy("leave", "approved")
        REFUSED = "refused", pgettext_lazy("leave", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("leave", "withdrawn")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="leaves", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    starts_on = models.DateField(_("first day away"))
    ends_on = models.DateField(_("last day away"))
    # The statutory holiday that a compensatory day stands for, and nothing for any other kind.
    compensates = models.DateField(_("holiday it stands for"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    objects = LeaveQuerySet.as_manager()

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
                condition=Q(kind="holiday", compensates__isnull=False, ends_on=F("starts_on"))
                | (~Q(kind="holiday") & Q(compensates=None)),
                name="timesheets_leave_for_a_holiday",
                violation_error_message=_("A compensatory day is one day, and stands for one holiday."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "withdrawn"], decided_at=None, decided_by=None)
                | Q(
                    state__in=["approved", "refused"],
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

    @property
    def span(self) -> str:
        return span(self.starts_on, self.ends_on)

    @property
    def is_requested(self) -> bool:
        return self.state == self.State.REQUESTED

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED


class LeaveDayQuerySet(models.QuerySet):
    def standing(self) -> "LeaveDayQuerySet":
        """The days of leave that are approved and were not given back since."""
        return self.filter(leave__state=Leave.State.APPROVED).not_cancelled()

    def live(self) -> "LeaveDayQuerySet":
        """The days of leave that hold or may come to hold: approved or asked for, not given back."""
        return self.filter(leave__state__in=[Leave.State.REQUESTED, Leave.State.APPROVED]).not_cancelled()

    def seen_as_away(self, today: date) -> "LeaveDayQuerySet":
        """The days on which everyone sees the person as away: those approved and, once they have come,
        those asked for. Whoever is sick this morning does not wait for a committee to be missed.
        """
        asked = Q(leave__state=Leave.State.REQUESTED, day__lte=today)
        return self.filter(Q(leave__state=Leave.State.APPROVED) | asked).not_cancelled()

    def not_cancelled(self) -> "LeaveDayQuerySet":
        accepted = LeaveCancellation.objects.filter(
            leave=OuterRef("leave"),
            state=LeaveCancellation.State.ACCEPTED,
            starts_on__lte=OuterRef("day"),
            ends_on__gte=OuterRef("day"),
        )
        return self.filter(~Exists(accepted))


class LeaveDay(models.Model):
    """Minutes of leave on one day: an entry of its own kind, beside the hours worked."""

    leave = models.ForeignKey(Leave, models.PROTECT, related_name="days")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("time"))

    objects = LeaveDayQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        indexes = [
            models.Index(fields=["person", "day"], include=["minutes"], name="timesheets_leave_person_day"),
            models.Index(
                fields=["day"], include=["person", "leave", "minutes"], name="timesheets_leave_by_day"
            ),
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


class LeaveCancellation(models.Model):
    """Approved leave given back: its days from a day to a day no longer hold.

    Days still to come are given back at once. Days that have begun may be paid already: the committee
    agrees first, and the next pay takes the difference.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("leave", "requested")
        ACCEPTED = "accepted", pgettext_lazy("leave", "accepted")
        REFUSED = "refused", pgettext_lazy("leave", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("leave", "withdrawn")

    leave = models.ForeignKey(Leave, models.PROTECT, related_name="cancellations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("first day given back"))
    ends_on = models.DateField(_("last day given back"))
    because = models.CharField(_("reason"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REQUESTED)
    asked_on = models.DateField(_("asked on"))
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["leave"],
                include=["starts_on", "ends_on"],
                name="timesheets_leave_given_back",
                condition=Q(state="accepted"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["leave"], condition=Q(state="requested"), name="timesheets_one_cancellation_asked"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="timesheets_cancellation_days_in_order",
                violation_error_message=_("The last day comes before the first. Check both dates."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "withdrawn"], decided_at=None, decided_by=None)
                | Q(state="accepted", starts_on__gt=F("asked_on"), decided_at=None, decided_by=None)
                | Q(
                    state__in=["accepted", "refused"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="timesheets_cancellation_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("person")),
                name="timesheets_cancellation_decided_by_another",
                violation_error_message=_("Nobody decides on their own leave."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__gt=F("asked_on")) | ~Q(because=""),
                name="timesheets_cancellation_says_why",
                violation_error_message=_("These days have begun: say what happened."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""),
                name="timesheets_cancellation_refused_says_why",
                violation_error_message=_("Say why the leave stays as it is."),
            ),
        ]

    def __str__(self):
        return f"{self.leave}, {self.starts_on}"

    @property
    def span(self) -> str:
        return span(self.starts_on, self.ends_on)

    @property
    def is_requested(self) -> bool:
        return self.state == self.State.REQUESTED

    @property
    def is_accepted(self) -> bool:
        return self.state == self.State.ACCEPTED
