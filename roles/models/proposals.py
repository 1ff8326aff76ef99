"""Who could do what next period: what was asked, what was computed, what people changed and decided."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Rotation(models.Model):
    """A period to share out, with what was known when it was asked for: nothing is read again later.

    Three proposals answer it. At most one is adopted, by the decision of a committee.
    """

    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("to"))
    inputs = models.JSONField(encoder=DjangoJSONEncoder, editable=False)
    version = models.CharField(max_length=20, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    cancelled_at = models.DateTimeField(_("stopped at"), null=True, editable=False)
    adopted = models.OneToOneField(
        "roles.Proposal", models.PROTECT, null=True, editable=False, related_name="adopts"
    )
    decision = models.ForeignKey(
        "members.Decision",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decision"),
    )
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    adopted_at = models.DateTimeField(_("adopted at"), null=True, editable=False)

    class Meta:
        ordering = ["-first_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gt=F("first_on")), name="roles_rotation_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by=None, cancelled_at=None)
                | Q(cancelled_by__isnull=False, cancelled_at__isnull=False),
                name="roles_rotation_stop_is_signed",
            ),
            models.CheckConstraint(
                # Nobody's hand where the decision itself gave the tasks.
                condition=Q(adopted=None, decision=None, adopted_by=None, adopted_at=None)
                | Q(adopted__isnull=False, decision__isnull=False, adopted_at__isnull=False),
                name="roles_adoption_is_signed",
            ),
            models.UniqueConstraint(
                fields=["first_on"],
                condition=Q(adopted__isnull=False),
                name="roles_one_adopted_rotation",
                violation_error_message=_("A sharing out of this period is adopted already."),
            ),
        ]

    def __str__(self):
        return f"{self.first_on} – {self.last_on}"

    @property
    def weeks(self) -> int:
        return ((self.last_on - self.first_on).days + 1) // 7


class Proposal(models.Model):
    """One answer to a rotation, for a width of the band: how much nearness is asked before stability."""

    class Leaning(models.TextChoices):
        STABILITY = "stability", _("stability first")
        DEFAULT = "default", _("by default")
        FAIRNESS = "fairness", _("fairness first")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        COMPUTING = "computing", _("being computed")
        DONE = "done", _("ready")
        FAILED = "failed", _("could not be computed")
        CANCELLED = "cancelled", _("stopped")

    class Stage(models.TextChoices):
        """What is being looked for, as the solver tells it."""

        SHORTFALLS = "shortfalls", _("covering the work")
        WORST = "worst", _("bringing who is farthest nearer")
        EXCESSES = "excesses", _("bringing everybody nearer")
        CHANGES = "changes", _("changing as little as possible")
        ROUNDING = "rounding", _("choosing who holds what")
        GROUPS = "groups", _("dividing again in small groups")
        STABILITY = "stability", _("changing less, in small groups")
        POLISH = "polish", _("dividing the hours")
        LADDER = "ladder", _("looking for what blocks")

    rotation = models.ForeignKey(Rotation, models.PROTECT, related_name="proposals")
    leaning = models.CharField(max_length=10, choices=Leaning)
    band = models.DecimalField(_("band, in points"), max_digits=3, decimal_places=2)
    seed = models.PositiveIntegerField(default=0, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, editable=False)
    stage = models.CharField(max_length=10, choices=Stage, blank=True, editable=False)
    percent = models.PositiveSmallIntegerField(default=0, editable=False)
    began_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    result = models.JSONField(null=True, editable=False)

    class Meta:
        ordering = ["-band"]
        constraints = [
            models.UniqueConstraint(fields=["rotation", "leaning"], name="roles_one_proposal_each"),
            models.CheckConstraint(
                condition=Q(leaning__in=["stability", "default", "fairness"]), name="roles_proposal_leaning"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "computing", "done", "failed", "cancelled"]),
                name="roles_proposal_state",
            ),
            models.CheckConstraint(
                condition=Q(state="done", result__isnull=False, ended_at__isnull=False)
                | (~Q(state="done") & Q(result=None)),
                name="roles_ready_has_its_result",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="roles_proposal_percent"),
        ]

    def __str__(self):
        return self.get_leaning_display()

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.COMPUTING)


class ProposalEdit(models.Model):
    """Hours that somebody wrote by hand in a proposal, for a person and a task; the last ones hold.

    What was computed stays as it was; 0 minutes take the task away.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="edits")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    task = models.ForeignKey("roles.Task", models.PROTECT, related_name="+", verbose_name=_("task"))
    minutes = models.PositiveIntegerField(_("hours in the period"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__lte=26 * 7 * 24 * 60),
                name="roles_edited_minutes",
                violation_error_message=_("A period does not have that many hours."),
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.task}: {self.minutes}"


class Refusal(models.Model):
    """Somebody does not take a task in the next sharings out. No reason is asked, and none is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="refusals")
    task = models.ForeignKey("roles.Task", models.PROTECT, related_name="refusals", verbose_name=_("task"))
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "task"], name="roles_refused_once")]

    def __str__(self):
        return f"{self.person}, {self.task}"
