"""Meetings of a body: when and where, what is talked about, who was there, what came out of it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .committees import Committee, Decision
from .deciding import LONGEST_TITLE, Motion

LONGEST_SAID = 20000


class MeetingQuerySet(models.QuerySet):
    def ahead(self, today: date) -> "MeetingQuerySet":
        """Those of today and of the days to come that were not cancelled, the next one first."""
        return self.filter(on__gte=today, cancelled_at=None).order_by("on", "starts_at", "pk")

    def behind(self, today: date) -> "MeetingQuerySet":
        """Those of the days before today that were not cancelled, the last one first."""
        return self.filter(on__lt=today, cancelled_at=None).order_by("-on", "-starts_at", "-pk")

    def to_approve(self) -> "MeetingQuerySet":
        """Those whose minutes are written and wait for somebody else to approve them."""
        return self.filter(cancelled_at=None, minutes__isnull=False, minutes__approved_at=None)


class Meeting(models.Model):
    """A body is called to meet on a day, from an hour to an hour, somewhere. Cancelled, it stays readable."""

    body = models.ForeignKey(Committee, models.PROTECT, related_name="meetings", verbose_name=_("body"))
    on = models.DateField(_("day"))
    starts_at = models.TimeField(_("from (hour)"))
    ends_at = models.TimeField(_("to (hour)"))
    place = models.CharField(
        _("where"), max_length=300, help_text=_("A room, an address, the link of a call; both if it is both.")
    )
    words = models.TextField(
        _("what to read or prepare"), max_length=5000, blank=True, help_text=_("It is in the invitation.")
    )
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("called by"),
    )
    called_at = models.DateTimeField(_("called at"), auto_now_add=True)
    changes = models.PositiveSmallIntegerField(_("times changed"), default=0, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    cancelled_because = models.CharField(_("why it is cancelled"), max_length=300, blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="members_meeting_hours",
                violation_error_message=_(
                    "A meeting ends after it starts, on the same day. Check both hours."
                ),
            ),
            models.UniqueConstraint(
                fields=["body", "on", "starts_at"],
                condition=Q(cancelled_at=None),
                name="members_meeting_once",
                violation_error_message=_("This body is already called at that hour of that day."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_because="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancelled_because="")),
                name="members_meeting_cancelled_why",
            ),
        ]

    def __str__(self):
        return f"{self.body}, {self.on}"

    @property
    def planned(self) -> int:
        """How many minutes it lasts, as it is called."""
        first, last = (at.hour * 60 + at.minute for at in (self.starts_at, self.ends_at))
        return last - first


class AgendaPoint(models.Model):
    """Something to talk about at a meeting, and what was said of it there.

    What is left out of the agenda stays readable below it, with why.
    """

    class Wanted(models.TextChoices):
        HEAR = "hear", _("to hear")
        DISCUSS = "discuss", _("to discuss")
        DECIDE = "decide", _("to decide")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="points", verbose_name=_("meeting"))
    rank = models.PositiveSmallIntegerField(_("order"), editable=False)
    title = models.CharField(_("point"), max_length=LONGEST_TITLE)
    wanted = models.CharField(_("what is wanted"), max_length=8, choices=Wanted, default=Wanted.DISCUSS)
    planned_minutes = models.PositiveSmallIntegerField(_("minutes planned"), null=True, blank=True)
    motion = models.ForeignKey(
        Motion, models.PROTECT, null=True, blank=True, related_name="points", verbose_name=_("proposal")
    )
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("brought by"),
    )
    # What it came from by itself: the key of a suggestion (`members.agenda`), and the page about it.
    source = models.CharField(_("comes from"), max_length=60, blank=True, editable=False)
    link = models.CharField(_("page about it"), max_length=200, blank=True, editable=False)
    left_out_because = models.CharField(_("why it is left out"), max_length=300, blank=True, editable=False)
    said = models.TextField(_("what was said"), max_length=LONGEST_SAID, blank=True, editable=False)

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted__in=["hear", "discuss", "decide"]), name="members_point_wanted"
            ),
            models.CheckConstraint(
                condition=Q(planned_minutes=None) | Q(planned_minutes__range=(1, 600)),
                name="members_point_minutes",
                violation_error_message=_("A point takes from 1 to 600 minutes."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_left_out(self) -> bool:
        return bool(self.left_out_because)


class Minutes(models.Model):
    """What is kept of a meeting. Written by those who sit there; once somebody else approved it, final.

    `version` counts how many times it was written, so that two who write at once lose nothing.
    """

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes", verbose_name=_("meeting"))
    facilitated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who facilitates"),
    )
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who takes notes"),
    )
    guests = models.CharField(_("guests"), max_length=500, blank=True)
    words = models.TextField(_("what was said besides"), max_length=LONGEST_SAID, blank=True)
    # The people who decided in the body that day, and how many of them had to be there.
    electors = models.PositiveIntegerField(_("people who decide there"), editable=False)
    quorum = models.PositiveIntegerField(_("quorum"), editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written at"), editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_in = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="approved_minutes",
        verbose_name=_("approved by the decision"),
    )
    # The last line of the journal when it was approved, so that its paper is the same for ever.
    journal_head = models.CharField(_("head of the journal"), max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None, approved_in=None, journal_head="")
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="members_minutes_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("written_by")),
                name="members_minutes_by_another",
                violation_error_message=_("Minutes are approved by somebody else than who wrote them last."),
            ),
        ]

    def __str__(self):
        return str(self.meeting)

    @property
    def is_final(self) -> bool:
        return self.approved_at is not None


class Attendance(models.Model):
    """Whether somebody called to a meeting was there."""

    class How(models.TextChoices):
        PRESENT = "present", _("present")
        EXCUSED = "excused", _("excused")
        ABSENT = "absent", _("absent")

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="attendances", verbose_name=_("meeting")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    how = models.CharField(_("attendance"), max_length=8, choices=How)

    class Meta:
        ordering = ["person__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="members_attendance_once"),
            models.CheckConstraint(
                condition=Q(how__in=["present", "excused", "absent"]), name="members_attendance_how"
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.meeting}"


class PointDecision(models.Model):
    """A decision that was taken at a point of a meeting."""

    point = models.ForeignKey(AgendaPoint, models.PROTECT, related_name="decisions", verbose_name=_("point"))
    decision = models.OneToOneField(
        Decision, models.PROTECT, related_name="taken_at", verbose_name=_("decision")
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.point}: {self.decision}"


class UndertakingQuerySet(models.QuerySet):
    def to_do(self) -> "UndertakingQuerySet":
        """Those not done yet, the most pressing first; those without a day come last."""
        return self.filter(done_on=None).order_by(F("due_on").asc(nulls_last=True), "pk")


class Undertaking(models.Model):
    """What somebody takes upon themselves at a meeting, and until when."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="undertakings", verbose_name=_("meeting")
    )
    what = models.CharField(_("what is to be done"), max_length=300)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="undertakings", verbose_name=_("who does it")
    )
    due_on = models.DateField(_("until"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, editable=False)

    objects = UndertakingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.what


class Addendum(models.Model):
    """What is added to minutes that were approved: they stay as they are, and it is read below them."""

    minutes = models.ForeignKey(
        Minutes, models.PROTECT, related_name="addenda", verbose_name=_("minutes of a meeting")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), auto_now_add=True)
    text = models.TextField(_("what is to be corrected or added"), max_length=5000)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.minutes}, {self.at}"
