from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, DatedQuerySet, days_in_order, lasting, never_twice, text_key

from .pauses import Pause


class Power(models.TextChoices):
    """What a committee may do for everyone. Nothing else opens another's data or acts for the co-op."""

    APPROVE_HOURS = "approve_hours", _("approve hours")
    PREPARE_PAY = "prepare_pay", _("prepare pay")
    ISSUE_PAY = "issue_pay", _("issue pay")
    SET_RATE = "set_rate", _("set the hourly rate")
    ADMIT_PEOPLE = "admit_people", _("admit people")
    KEEP_COMMITTEES = "keep_committees", _("keep committees and mandates")
    KEEP_ROLES = "keep_roles", _("keep roles and tasks")
    KEEP_PROJECTS = "keep_projects", _("keep services, clients and projects")


class Committee(DatedModel):
    """A body in which the workers themselves decide: the assembly, a standing or an ad-hoc committee."""

    class Kind(models.TextChoices):
        ASSEMBLY = "assembly", _("general assembly")
        BOARD = "board", _("board")
        WORK_COUNCIL = "work_council", _("work council")
        STANDING = "standing", _("standing committee")
        AD_HOC = "ad_hoc", _("ad-hoc committee")

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.STANDING)
    aim = models.CharField(_("aim"), max_length=300, blank=True)
    seats = models.PositiveSmallIntegerField(
        _("seats"),
        null=True,
        blank=True,
        help_text=_("How many people should sit here; empty where it does not matter."),
    )
    term_months = models.PositiveSmallIntegerField(
        _("length of a mandate, in months"), null=True, blank=True, help_text=_("Empty: as long as decided.")
    )
    max_consecutive_terms = models.PositiveSmallIntegerField(
        _("mandates in a row, at most"),
        null=True,
        blank=True,
        help_text=_("Then somebody else sits for at least one mandate. Empty: no limit."),
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            days_in_order("members_committee_days"),
            models.CheckConstraint(
                condition=Q(seats=None) | Q(seats__range=(1, 500)),
                name="members_committee_seats",
                violation_error_message=_("A committee has from 1 to 500 seats."),
            ),
            models.CheckConstraint(
                condition=Q(term_months=None) | Q(term_months__range=(1, 120)),
                name="members_committee_term",
                violation_error_message=_("A mandate lasts from 1 to 120 months."),
            ),
            models.CheckConstraint(
                condition=Q(max_consecutive_terms=None)
                | Q(max_consecutive_terms__range=(1, 10), term_months__isnull=False),
                name="members_committee_limit",
                violation_error_message=_(
                    "A limit of mandates in a row, from 1 to 10, goes with the length of a mandate."
                ),
            ),
            never_twice(
                "members_one_assembly",
                text_key("kind"),
                message=_("The cooperative already has its general assembly on some of these days."),
                condition=Q(kind="assembly"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["assembly", "board", "work_council", "standing", "ad_hoc"]),
                name="members_committee_kind",
            ),
            models.UniqueConstraint(
                fields=["name"],
                name="members_committee_name",
                violation_error_message=_("A committee already has this name."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_assembly(self) -> bool:
        """Is it the body of all members, from which every power comes?"""
        return self.kind == self.Kind.ASSEMBLY


class CommitteePower(DatedModel):
    """A power that a committee holds, from a day to a day.

    Whoever sits on the committee grants it a power only by a decision that somebody else recorded:
    the database refuses otherwise (`members_power_takes_two`).
    """

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="powers", verbose_name=_("committee")
    )
    power = models.CharField(_("power"), max_length=20, choices=Power)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("granted by"),
    )
    decision = models.ForeignKey(
        "Decision", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decision")
    )

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("members_power_days"),
            never_twice(
                "members_one_power",
                "committee",
                text_key("power"),
                message=_("The committee already holds this power on some of these days."),
            ),
            models.CheckConstraint(condition=Q(power__in=Power.values), name="members_known_power"),
        ]

    def __str__(self):
        return f"{self.committee}: {self.get_power_display()}"


class MandateQuerySet(DatedQuerySet):
    def in_force(self, day: date) -> "MandateQuerySet":
        """The mandates that hold on that day, of somebody who is not on pause, on a committee that exists then."""
        on_pause = Pause.objects.on(day).filter(person=OuterRef("person"))
        return self.filter(lasting(day, day), lasting(day, day, "committee__"), ~Exists(on_pause))

    def carrying(self, day: date, **power) -> "MandateQuerySet":
        """The mandates in force on that day, once for each power that their committee then holds.

        `power` narrows the powers (`power="issue_pay"`). One `filter` call: mandate, committee and
        power are all of the same row.
        """
        return self.in_force(day).filter(
            lasting(day, day, "committee__powers__"),
            **{f"committee__powers__{field}": value for field, value in power.items()},
        )


class Mandate(DatedModel):
    """A person's seat on a committee, from a day to a day; with it come the committee's powers.

    The database refuses one mandate more in a row than the committee allows
    (`members_mandates_in_a_row`), and one that outlasts its length (`members_mandate_has_its_length`).
    """

    class FilledBy(models.TextChoices):
        ELECTED = "elected", _("elected")
        VOLUNTEERED = "volunteered", _("volunteered")
        DRAWN = "drawn", _("drawn by lot")

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="mandates", verbose_name=_("committee")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mandates", verbose_name=_("person")
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("given by"),
    )
    filled_by = models.CharField(_("came to it"), max_length=12, choices=FilledBy, blank=True)
    decision = models.ForeignKey(
        "Decision", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decision")
    )

    objects = MandateQuerySet.as_manager()

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("members_mandate_days"),
            never_twice(
                "members_one_mandate",
                "committee",
                "person",
                message=_("This person already sits on the committee on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=F("person")),
                name="members_mandate_by_another",
                violation_error_message=_(
                    "Nobody gives a mandate to themselves: ask another holder of this power."
                ),
            ),
            models.CheckConstraint(
                condition=Q(filled_by__in=["", "elected", "volunteered", "drawn"]),
                name="members_mandate_filled_by",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.committee}"


class DecisionQuerySet(models.QuerySet):
    def to_do(self, day: date) -> "DecisionQuerySet":
        """Those whose act is still to be done on that day: decided or confirmed, in effect, not done yet."""
        settled = Q(ballot__isnull=False) | Q(confirmation__isnull=False)
        return self.filter(settled, execution=None, effective_on__lte=day).exclude(act="")

    def unconfirmed(self) -> "DecisionQuerySet":
        """Those recorded by hand that do something, which no second person has confirmed yet."""
        return self.filter(ballot=None, confirmation=None).exclude(act="")


class Decision(models.Model):
    """What a body adopted on a day. A decision is never edited: a later one changes it.

    It comes from a ballot, which is then its proof, or was recorded by somebody who was there. Its
    number is its rank among those adopted that year, in the order they were written down; the database gives it.
    """

    body = models.ForeignKey(Committee, models.PROTECT, related_name="decisions", verbose_name=_("body"))
    adopted_on = models.DateField(_("adopted on"))
    effective_on = models.DateField(_("takes effect on"))
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), max_length=20000)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    rank = models.PositiveIntegerField(_("number"), null=True, editable=False)
    review_on = models.DateField(
        _("to be reviewed on"),
        null=True,
        blank=True,
        help_text=_("When the body looks again at whether it was a good idea."),
    )
    ballot = models.OneToOneField(
        "Ballot",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="decision",
        verbose_name=_("decided by"),
    )
    # What it does: the code of an act (`members.acts`) and what its form holds, as typed.
    act = models.CharField(_("act"), max_length=40, blank=True, editable=False)
    fields = models.JSONField(default=dict, blank=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-adopted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(ExtractYear("adopted_on"), "rank", name="members_decision_number_once"),
            models.CheckConstraint(
                condition=Q(ballot=None) | Q(recorded_by=None), name="members_decided_or_recorded"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def number(self) -> str:
        """How the register calls it: the year and the rank in it, `2026-014`."""
        return f"{self.adopted_on.year}-{self.rank:03}"
