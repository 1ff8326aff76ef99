from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, DatedQuerySet, days_in_order

from .committees import Committee, Decision


class Direction(models.TextChoices):
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")


@dataclass(frozen=True)
class Terms:
    """What an objective aims at from a day on: which figure, and until when; or that it is given up that day."""

    since: date
    target: Decimal | None
    direction: str
    ends_on: date
    is_given_up: bool = False

    def is_over(self, day: date) -> bool:
        """Is it given up, or past its last day?"""
        return self.is_given_up or self.ends_on < day

    def is_reached(self, value: Decimal | None) -> bool:
        """Does that figure reach the target?"""
        if value is None or self.target is None:
            return False
        return value >= self.target if self.direction == Direction.AT_LEAST else value <= self.target

    @property
    def direction_words(self) -> str:
        return str(Direction(self.direction).label)


class ObjectiveQuerySet(DatedQuerySet):
    def running(self, day: date) -> "ObjectiveQuerySet":
        """Those that are neither over nor given up on that day, whether they have begun or not."""
        then = ObjectiveChange.objects.filter(objective=OuterRef("pk"), on__lte=day).order_by("-on", "-pk")
        last = Coalesce(Subquery(then.values("ends_on")[:1]), "ends_on")
        given_up = Exists(then.filter(is_given_up=True))
        return self.alias(ends_by=last).exclude(given_up).filter(ends_by__gte=day)


class Objective(DatedModel):
    """What a body set out to reach between two days, and how it will know.

    Where the software knows the figure, `measure` names it and nobody types it; else members write down
    where things stand. An objective is never edited: a decision changes what it aims at, or gives it up, and
    what it was stays (`ObjectiveChange`).
    """

    Direction = Direction
    objects = ObjectiveQuerySet.as_manager()

    body = models.ForeignKey(Committee, models.PROTECT, related_name="objectives", verbose_name=_("body"))
    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="objectives", verbose_name=_("decision")
    )
    title = models.CharField(_("objective"), max_length=160)
    why = models.TextField(_("why"), max_length=2000, blank=True)
    # A code of `members.objectives`; empty where members say themselves where things stand.
    measure = models.CharField(_("measured by"), max_length=60, blank=True)
    direction = models.CharField(_("to reach"), max_length=10, choices=Direction, default=Direction.AT_LEAST)
    target = models.DecimalField(
        _("target"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("In the unit of the measure: %, hours, people, dollars. Empty for an aim in words."),
    )

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("members_objective_days"),
            models.CheckConstraint(
                condition=Q(direction__in=["at_least", "at_most"]), name="members_objective_direction"
            ),
            models.CheckConstraint(
                condition=Q(measure="") | Q(target__isnull=False),
                name="members_measured_has_a_target",
                violation_error_message=_("Say what is to be reached: a figure, in the unit of the measure."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=False),
                name="members_objective_ends",
                violation_error_message=_("Say until when: an objective has an end."),
            ),
        ]

    def __str__(self):
        return self.title

    def all_terms(self) -> Iterator[Terms]:
        """What it aimed at from its first day, then after each change, in order."""
        terms = Terms(self.starts_on, self.target, self.direction, self.ends_on)
        yield terms
        for change in self.changes.all():
            terms = (
                Terms(change.on, terms.target, terms.direction, change.on, is_given_up=True)
                if change.is_given_up
                else Terms(change.on, change.target, change.direction, change.ends_on)
            )
            yield terms

    def terms(self, day: date) -> Terms:
        """What it aims at on that day; before the first one, what it will."""
        return [one for one in self.all_terms() if one.since <= max(day, self.starts_on)][-1]


class ObjectiveChange(models.Model):
    """A decision of the body that changes what an objective aims at, or gives it up, and why. It stays."""

    objective = models.ForeignKey(Objective, models.PROTECT, related_name="changes")
    decision = models.OneToOneField(
        Decision, models.PROTECT, related_name="objective_change", verbose_name=_("decision")
    )
    on = models.DateField(_("from"))
    is_given_up = models.BooleanField(_("given up"), default=False)
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=2, null=True, blank=True)
    direction = models.CharField(_("to reach"), max_length=10, choices=Direction, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    why = models.TextField(_("why"), max_length=2000)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["objective"],
                condition=Q(is_given_up=True),
                name="members_objective_given_up_once",
                violation_error_message=_("This objective is given up already."),
            ),
            models.CheckConstraint(
                condition=Q(is_given_up=True, target=None, direction="", ends_on=None)
                | Q(is_given_up=False, direction__in=["at_least", "at_most"], ends_on__isnull=False),
                name="members_objective_change_says_what",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("on")),
                name="members_objective_change_days",
                violation_error_message=_("The last day comes before the day on which this takes effect."),
            ),
        ]

    def __str__(self):
        return f"{self.objective}, {self.on}"


class ObjectiveReading(models.Model):
    """Where an objective stands on a day, as a member wrote it down. It stays."""

    objective = models.ForeignKey(Objective, models.PROTECT, related_name="readings")
    on = models.DateField(_("on"))
    value = models.DecimalField(_("figure"), max_digits=12, decimal_places=2, null=True, blank=True)
    words = models.TextField(_("where things stand"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.objective}, {self.on}"
