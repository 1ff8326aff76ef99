"""Who holds a role, for how long, and how the next one is found."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, DatedQuerySet, days_in_order, never_twice

from .registry import Role


class Opening(models.Model):
    """A role is open: whoever wishes puts themselves forward, then a decision says who holds it."""

    class By(models.TextChoices):
        ELECTION = "election", _("election")
        VOLUNTEERING = "volunteering", _("volunteering")

    role = models.ForeignKey(Role, models.PROTECT, related_name="openings", verbose_name=_("role"))
    by = models.CharField(_("filled by"), max_length=12, choices=By)
    starts_on = models.DateField(_("the term starts on"))
    closes_on = models.DateField(_("put oneself forward until"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("opened by"),
    )
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    decision = models.ForeignKey(
        "members.Decision",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decision"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)

    class Meta:
        ordering = ["closes_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["role"],
                condition=Q(closed_at=None),
                name="roles_one_opening_at_a_time",
                violation_error_message=_("This role is open already."),
            ),
            models.CheckConstraint(condition=Q(by__in=["election", "volunteering"]), name="roles_opening_by"),
            models.CheckConstraint(
                condition=Q(decision=None) | Q(closed_at__isnull=False), name="roles_decided_is_closed"
            ),
        ]

    def __str__(self):
        return f"{self.role}, {self.starts_on}"


class Candidacy(models.Model):
    """Somebody puts themselves forward for a role that is open, in their own words."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="candidacies")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="candidacies", verbose_name=_("person")
    )
    words = models.CharField(_("why, in your words"), max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "candidacies"
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "person"],
                name="roles_candidate_once",
                violation_error_message=_("You have put yourself forward already."),
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.opening}"


class Term(DatedModel):
    """A person holds a role, from a day to a day: they answer for it until the term ends.

    The database refuses one term more in a row than the role allows (`roles_terms_in_a_row`): somebody
    else holds it for at least the length of a term, then one may hold it again.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="terms", verbose_name=_("person")
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="terms", verbose_name=_("role"))
    decision = models.ForeignKey(
        "members.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decision"),
    )
    opening = models.ForeignKey(Opening, models.PROTECT, null=True, editable=False, related_name="terms")

    objects = DatedQuerySet.as_manager()

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("roles_term_days_in_order"),
            never_twice(
                "roles_one_term_at_a_time",
                "person",
                "role",
                message=_("This person already holds this role on some of these days."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.role}"
