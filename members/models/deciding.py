"""From a proposal to a decision: what is proposed, said, answered, adopted and carried out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, days_in_order, never_twice

from .. import tallies
from .committees import Committee, Decision

LONGEST_TITLE, LONGEST_TEXT = 160, 20000


class Method(models.TextChoices):
    CONSENT = tallies.Method.CONSENT.value, _("by consent")
    CONSENSUS = tallies.Method.CONSENSUS.value, _("by consensus")
    VOTE = tallies.Method.VOTE.value, _("by vote")


class Threshold(models.TextChoices):
    MAJORITY = tallies.Threshold.MAJORITY.value, _("more than half")
    TWO_THIRDS = tallies.Threshold.TWO_THIRDS.value, _("at least two thirds")
    THREE_QUARTERS = tallies.Threshold.THREE_QUARTERS.value, _("at least three quarters")
    EVERYONE = tallies.Threshold.EVERYONE.value, _("everyone")


class Ways(models.Model):
    """How a question is decided: the part that a rule states and that a ballot keeps."""

    method = models.CharField(_("the body decides"), max_length=10, choices=Method, default=Method.CONSENT)
    secret = models.BooleanField(
        _("secret ballot"),
        default=False,
        help_text=_("Who answered is known; what each answered is kept nowhere. Only for a vote."),
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum, in %"),
        default=50,
        help_text=_("How many of those who may answer have to, for the answer to count."),
    )
    threshold = models.CharField(
        _("how many have to agree"),
        max_length=15,
        choices=Threshold,
        default=Threshold.MAJORITY,
        help_text=_(
            "In a vote, of those who say for or against; by consensus, of those who agree or stand aside. "
            "By consent it is enough that nobody objects."
        ),
    )

    class Meta:
        abstract = True

    @property
    def rule(self) -> tallies.Rule:
        return tallies.Rule(
            tallies.Method(self.method), self.quorum_percent, tallies.Threshold(self.threshold)
        )


def ways_hold(prefix: str) -> list[models.CheckConstraint]:
    """What is true of every way to decide."""
    return [
        models.CheckConstraint(condition=Q(method__in=Method.values), name=f"{prefix}_method"),
        models.CheckConstraint(condition=Q(threshold__in=Threshold.values), name=f"{prefix}_threshold"),
        models.CheckConstraint(
            condition=Q(quorum_percent__lte=100),
            name=f"{prefix}_quorum",
            violation_error_message=_("A quorum goes from 0 to 100 %."),
        ),
        models.CheckConstraint(
            condition=Q(secret=False) | Q(method=Method.VOTE),
            name=f"{prefix}_secret_is_a_vote",
            violation_error_message=_(
                "Only a vote can be secret: an objection has a reason, and a reason an author."
            ),
        ),
    ]


class DecisionRule(Ways, DatedModel):
    """How a body decides, from a day to a day. A body without a rule decides by consent, half being there."""

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="rules", verbose_name=_("committee")
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decision")
    )

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("members_rule_days"),
            never_twice(
                "members_one_rule",
                "committee",
                message=_("The body already has a rule on some of these days."),
            ),
            *ways_hold("members_rule"),
        ]

    def __str__(self):
        return f"{self.committee}: {self.get_method_display()}"


class MotionQuerySet(models.QuerySet):
    def open(self) -> "MotionQuerySet":
        """Those that are still discussed or answered."""
        return self.filter(outcome="")

    def waiting_for(self, person) -> "MotionQuerySet":
        """Those on which the person may answer now and has not."""
        return self.filter(pk__in=Elector.objects.waiting().filter(person=person).values("ballot__motion"))


class Motion(models.Model):
    """Something proposed to a body. It is discussed, perhaps amended, answered, and comes to an end."""

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", _("adopted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    body = models.ForeignKey(Committee, models.PROTECT, related_name="motions", verbose_name=_("body"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    current = models.ForeignKey(
        "MotionVersion", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("text")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects = MotionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None)
                | Q(outcome__in=["adopted", "refused", "withdrawn"], ended_at__isnull=False),
                name="members_motion_outcome",
            ),
        ]

    def __str__(self):
        return self.current.title if self.current else f"#{self.pk}"


class MotionVersion(models.Model):
    """What a proposal says, from its first words to its last amendment. Each version stays."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    text = models.TextField(_("text"), max_length=LONGEST_TEXT)
    effective_on = models.DateField(
        _("takes effect on"), null=True, blank=True, help_text=_("Empty: the day it is adopted.")
    )
    review_on = models.DateField(
        _("to be reviewed on"),
        null=True,
        blank=True,
        help_text=_("When the body looks again at whether it was a good idea."),
    )
    # What it does once adopted: the code of an act (`members.acts`) and what its form holds, as typed.
    act = models.CharField(_("act"), max_length=40, blank=True)
    fields = models.JSONField(default=dict, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["motion", "number"], name="members_motion_version_once"),
        ]

    def __str__(self):
        return self.title


class Remark(models.Model):
    """What somebody says of a proposal. It stays as it was said."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="remarks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("what you say of it"), max_length=5000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.by}, {self.motion}"


class Interest(models.Model):
    """A conflict of interest that somebody declares about a proposal: shown to all, and they do not answer."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="interests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(
        _("your interest in it"),
        max_length=300,
        help_text=_("Everybody reads it. You do not answer on this proposal, and are not counted."),
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["motion", "person"],
                name="members_interest_once",
                violation_error_message=_("You have declared an interest in this proposal already."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.motion}"


class Ballot(Ways):
    """The question put to those who sit on the body: what was asked, how, of whom, until when, and the result.

    The rule, the text and the electors are those of the moment it was opened: what changes later changes
    nothing about it.
    """

    class Result(models.TextChoices):
        ADOPTED = tallies.Result.ADOPTED.value, _("adopted")
        REFUSED = tallies.Result.REFUSED.value, _("refused")
        NO_QUORUM = tallies.Result.NO_QUORUM.value, _("too few answered")

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="ballots")
    version = models.ForeignKey(MotionVersion, models.PROTECT, related_name="ballots")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    closes_on = models.DateField(_("answers until"), help_text=_("That day still counts."))
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    # When those who had not answered were reminded, the day before it closes: once.
    reminded_at = models.DateTimeField(_("reminded at"), null=True, editable=False)
    result = models.CharField(_("result"), max_length=10, choices=Result, blank=True, editable=False)
    # How many answered what; empty while it is open, and of a secret ballot that too few answered.
    agree = models.PositiveIntegerField(null=True, editable=False)
    stand_aside = models.PositiveIntegerField(null=True, editable=False)
    abstain = models.PositiveIntegerField(null=True, editable=False)
    disagree = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["motion"],
                condition=Q(closed_at=None),
                name="members_one_ballot_at_a_time",
                violation_error_message=_("This proposal is being answered already."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, result="")
                | Q(closed_at__isnull=False, result__in=["adopted", "refused", "no_quorum"]),
                name="members_ballot_result",
            ),
            *ways_hold("members_ballot"),
        ]

    def __str__(self):
        return f"{self.version}, {self.closes_on}"


class ElectorQuerySet(models.QuerySet):
    def waiting(self) -> "ElectorQuerySet":
        """Those whose answer is awaited: the ballot is open, they may answer, and have not."""
        return self.filter(ballot__closed_at=None, answered=False, has_interest=False)


class Elector(models.Model):
    """Somebody who may answer on a ballot: written when it opens. In a secret one, all that is kept of them."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="electors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered = models.BooleanField(default=False)
    has_interest = models.BooleanField(default=False)

    objects = ElectorQuerySet.as_manager()

    class Meta:
        ordering = ["person__sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "person"], name="members_elector_once"),
            models.CheckConstraint(
                condition=Q(answered=False) | Q(has_interest=False), name="members_interested_does_not_answer"
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.ballot}"


class Position(models.Model):
    """What an elector answers where answers are open. It may change until the ballot closes."""

    class Choice(models.TextChoices):
        AGREE = tallies.Choice.AGREE.value, _("agree")
        STAND_ASIDE = tallies.Choice.STAND_ASIDE.value, _("stand aside")
        ABSTAIN = tallies.Choice.ABSTAIN.value, _("abstain")
        DISAGREE = tallies.Choice.DISAGREE.value, _("disagree")

    elector = models.OneToOneField(Elector, models.PROTECT, related_name="position")
    choice = models.CharField(_("your answer"), max_length=12, choices=Choice)
    reason = models.TextField(_("why"), max_length=2000, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(choice__in=["agree", "stand_aside", "abstain", "disagree"]),
                name="members_position_choice",
            ),
        ]

    def __str__(self):
        return f"{self.elector}: {self.get_choice_display()}"


class BallotBox(models.Model):
    """The answers of an open secret ballot, without names: one text, sealed with a key outside the database.

    Each answer opens the box, adds itself, shuffles, fills up with blanks to one for each elector, and
    seals the whole anew: no row, order, size, moment or transaction tells one answer from another. When the
    ballot closes its count is written and the box is destroyed.
    """

    ballot = models.OneToOneField(Ballot, models.PROTECT, primary_key=True, related_name="box")
    sealed = models.TextField()

    def __str__(self):
        return str(self.ballot_id)


class Confirmation(models.Model):
    """A second person who was there confirms a decision that was recorded by hand and that does something."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="confirmation")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.decision}, {self.by}"


class Execution(models.Model):
    """The act of a decision was done: once, on the day it took effect or as soon after as could be."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="execution")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.decision}, {self.at}"


class FailedExecution(models.Model):
    """The act of a decision could not be done on its day, and why. It is tried again each hour."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="failed_execution")
    sentence = models.TextField()
    at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"{self.decision}: {self.sentence}"
