"""What people think of tasks, each for themselves; and what is published of it, without them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    """What a task is rated for. The two are never added up."""

    DESIRABILITY = "d", _("desirability")
    EMPOWERMENT = "e", _("empowerment")


def dimension_is_known(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(dimension__in=["d", "e"]), name=name)


class RatingQuerySet(models.QuerySet):
    def of(self, person) -> "RatingQuerySet":
        """The ratings of their author, who alone reads them."""
        return self.filter(person=person)

    def current(self, now: datetime) -> "RatingQuerySet":
        """Those that count now: not replaced, given within twelve months and about the task as it is worded."""
        return self.filter(ended_at=None, given_at__gt=now - Rating.LASTS, given_at__gte=F("task__worded_at"))


class Rating(models.Model):
    """A person's opinion of a task in one dimension: of the task, for anyone, at its usual quantity.

    Read by its author alone: no page, export, journal line or log of somebody else's holds it. No
    opinion is no row. Another opinion ends this one and is another row; the database lets nothing else
    change.
    """

    LASTS = timedelta(days=365)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    task = models.ForeignKey("roles.Task", models.PROTECT, related_name="+", verbose_name=_("task"))
    dimension = models.CharField(max_length=1, choices=Dimension)
    points = models.PositiveSmallIntegerField(_("points"))
    given_at = models.DateTimeField(_("given at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "task", "dimension"],
                condition=Q(ended_at=None),
                name="roles_one_rating_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(points__range=(1, 5)),
                name="roles_rating_points",
                violation_error_message=_("A rating goes from 1 to 5; no opinion is no rating."),
            ),
            dimension_is_known("roles_rating_dimension"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("given_at")), name="roles_rating_ends_after"
            ),
        ]

    def __str__(self):
        return f"{self.task}, {self.dimension}"


class PublishedRatingQuerySet(models.QuerySet):
    def last_of_each(self) -> "PublishedRatingQuerySet":
        """The last row of each task and dimension."""
        return self.order_by("task_id", "dimension", "-published_at", "-pk").distinct("task_id", "dimension")


class PublishedRating(models.Model):
    """What everybody reads of a task in one dimension, as of a moment. Append-only; the last one holds.

    `points` is empty when too few votes are left to show anything. `mean` is that of the whole co-op then,
    which stands in for tasks without a value. `lowest` and `highest` are what one person alone could
    move, `spread` the standard deviation, said from five votes on; `gap` is by how much those who do the
    task rate it above the others. `total` is the sum of the votes that were counted, for the co-op's mean.
    """

    task = models.ForeignKey("roles.Task", models.PROTECT, related_name="published_ratings")
    dimension = models.CharField(max_length=1, choices=Dimension)
    published_at = models.DateTimeField(_("published at"))
    count = models.PositiveSmallIntegerField(_("votes"), default=0)
    total = models.PositiveIntegerField(default=0)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=4, null=True)
    mean = models.DecimalField(_("mean of the co-op"), max_digits=5, decimal_places=4)
    lowest = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    highest = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    spread = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    gap = models.DecimalField(max_digits=5, decimal_places=4, null=True)

    objects = PublishedRatingQuerySet.as_manager()

    class Meta:
        ordering = ["published_at", "pk"]
        indexes = [models.Index(fields=["task", "dimension", "published_at"], name="roles_last_published")]
        constraints = [
            dimension_is_known("roles_published_dimension"),
            models.CheckConstraint(
                condition=Q(points=None, count=0, total=0, lowest=None, highest=None, spread=None, gap=None)
                | Q(points__range=(1, 5), count__gte=3),
                name="roles_published_from_three_votes",
            ),
            models.CheckConstraint(
                condition=Q(count__gte=5) | Q(lowest=None, highest=None, spread=None),
                name="roles_spread_from_five_votes",
            ),
        ]

    def __str__(self):
        return f"{self.task}, {self.dimension}: {self.points}"

    @property
    def is_shown(self) -> bool:
        return self.points is not None
