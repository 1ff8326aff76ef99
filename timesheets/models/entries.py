from collections.abc import Container
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Person, Power
from timesheets import weeks


class WeekSheetQuerySet(models.QuerySet):
    def visible_to(self, person: Person, powers: Container[str]) -> "WeekSheetQuerySet":
        """One's own weeks and, with the power to approve hours, those the committee has received.

        A draft that was never submitted is its owner's alone.
        """
        own = Q(person=person)
        if Power.APPROVE_HOURS not in powers:
            return self.filter(own)
        received = ~Q(state=WeekSheet.State.DRAFT) | models.Exists(
            SheetDecision.objects.filter(sheet=models.OuterRef("pk"))
        )
        return self.filter(own | received)


class WeekSheet(models.Model):
    """A person's legal week: what they did, and where it stands between them and the committee.

    The sheet says where the week stands; each entry says whether it is approved. A sheet may thus
    be a draft again (a question, a late entry) while most of its entries are final.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,  # the index by person and week serves
        related_name="sheets",
        verbose_name=_("person"),
    )
    starts_on = models.DateField(_("week of"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    # The sum of the week (`week_sums`) while it waits for the committee, and does not change.
    handed_in = models.JSONField(_("sum of what waits"), null=True, editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    # Of its entries that are final. Written by the database alone, as they become so.
    approved_minutes = models.IntegerField(_("approved minutes"), default=0, db_default=0, editable=False)
    approved_weekend_minutes = models.IntegerField(
        _("approved minutes of the weekend"), default=0, db_default=0, editable=False
    )

    objects = WeekSheetQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "person__sort_name"]
        indexes = [
            models.Index(fields=["person", "starts_on"], name="timesheets_person_week"),
            models.Index(
                fields=["starts_on", "person"], name="timesheets_waiting", condition=Q(state="submitted")
            ),
            models.Index(
                fields=["starts_on", "person"], name="timesheets_drafts", condition=Q(state="draft")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["starts_on", "person"], name="timesheets_one_sheet_a_week"),
            models.CheckConstraint(
                condition=Q(
                    state="draft",
                    submitted_at=None,
                    handed_in__isnull=True,
                    approved_at=None,
                    approved_by=None,
                )
                | Q(
                    state="submitted",
                    submitted_at__isnull=False,
                    handed_in__isnull=False,
                    approved_at=None,
                    approved_by=None,
                )
                | Q(
                    state="approved",
                    submitted_at__isnull=False,
                    handed_in__isnull=True,
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                ),
                name="timesheets_state_and_moments_agree",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("person")),
                name="timesheets_sheet_approved_by_another",
                violation_error_message=_("Nobody approves their own hours."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.starts_on}"

    @property
    def ends_on(self) -> date:
        return weeks.last_day(self.starts_on)

    @property
    def days(self) -> list[date]:
        return weeks.days_of(self.starts_on)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.SUBMITTED

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED


class AmidActs(models.Model):
    """Something written in a week, which knows the last act on that week before it: `after_act`.

    None until the week is first handed in. The database writes it, whatever code says: what comes
    before what in a week, and what the committee has received, never depends on anybody's clock.
    """

    after_act = models.ForeignKey(
        "timesheets.SheetDecision",
        models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
    )

    class Meta:
        abstract = True


class TimeEntry(AmidActs):
    """Minutes of one person's day on one task. Once approved it is final; a mistake is followed by
    a correcting entry with signed minutes, a reason and the entry it corrects."""

    sheet = models.ForeignKey(WeekSheet, models.PROTECT, related_name="entries", verbose_name=_("week"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    day = models.DateField(_("day"))
    task = models.ForeignKey("roles.Task", models.PROTECT, related_name="+", verbose_name=_("task"))
    project = models.ForeignKey(
        "timesheets.Project",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # the partial indexes below serve
        related_name="+",
        verbose_name=_("project"),
    )
    minutes = models.SmallIntegerField(_("time"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    # The mentor of an hour in which its person learns the task: paid like any hour.
    learning_with = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # few hours have one: a partial index serves
        related_name="+",
        verbose_name=_("learning with"),
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corrects")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    question = models.CharField(_("the committee's question"), max_length=500, blank=True)
    written_at = models.DateTimeField(_("written at"), db_default=Now(), editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["day", "pk"]
        verbose_name_plural = "time entries"
        indexes = [
            models.Index(
                fields=["day"],
                include=["person", "minutes", "approved_at"],
                condition=Q(approved_at__isnull=False),
                name="timesheets_approved_by_day",
            ),
            models.Index(
                fields=["person", "day"], include=["minutes", "approved_at"], name="timesheets_person_day"
            ),
            models.Index(fields=["person", "task", "day"], name="timesheets_person_task"),
            models.Index(
                fields=["project", "day"],
                include=["person", "minutes", "approved_at"],
                name="timesheets_project_day",
                condition=Q(project__isnull=False),
            ),
            models.Index(
                fields=["project"],
                name="timesheets_project_open",
                condition=Q(project__isnull=False, approved_at=None),
            ),
            models.Index(
                fields=["learning_with", "day"],
                name="timesheets_learning_hours",
                condition=Q(learning_with__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(-1440, 1440)) & ~Q(minutes=0),
                name="timesheets_minutes",
                violation_error_message=_("An entry is between 1 minute and 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(corrects=None, minutes__gt=0, reason="")
                | (Q(corrects__isnull=False) & ~Q(reason="")),
                name="timesheets_correction_says_why",
                violation_error_message=_("A correction names the entry it corrects and says why."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False, question=""),
                name="timesheets_approval_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("person")),
                name="timesheets_approved_by_another",
                violation_error_message=_("Nobody approves their own hours."),
            ),
            models.CheckConstraint(
                condition=Q(learning_with=None) | ~Q(learning_with=F("person")),
                name="timesheets_learning_with_another",
                violation_error_message=_("One learns with somebody else: name the person who teaches."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.day}, {self.task}"

    @property
    def is_final(self) -> bool:
        return self.approved_at is not None


class SheetDecision(models.Model):
    """One act on a week: submitted, withdrawn, approved, questioned, sent back, reopened. Append-only.

    `at` is the moment of the act: an entry it approves has the same.
    """

    class Act(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        APPROVED = "approved", _("approved")
        APPROVED_IN_PART = "approved_in_part", _("approved, with questions")
        SENT_BACK = "sent_back", _("sent back")
        REOPENED = "reopened", _("reopened for a late entry or a correction")

    sheet = models.ForeignKey(WeekSheet, models.PROTECT, related_name="decisions")
    act = models.CharField(max_length=20, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    minutes = models.PositiveIntegerField(_("time of the week"), default=0)
    digest = models.CharField(_("digest of what was seen"), max_length=64)
    because = models.CharField(_("reason"), max_length=2000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(act="sent_back") | ~Q(because=""),
                name="timesheets_sent_back_says_why",
                violation_error_message=_("Say why the week is sent back."),
            ),
        ]

    def __str__(self):
        return f"{self.sheet}: {self.act}"
