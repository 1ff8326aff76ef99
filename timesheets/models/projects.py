from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ClosableQuerySet(models.QuerySet):
    def open(self):
        """What may be picked today; the closed stay in past records."""
        return self.filter(closed_on=None)


class Closable(models.Model):
    """Something with a name that is picked until it is closed: its `name` is unique among the open."""

    closed_on = models.DateField(_("closed on"), null=True, editable=False)

    objects = ClosableQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self):
        return self.name


class Service(Closable):
    """Something the co-op sells: hosting, training, web design."""

    name = models.CharField(_("name"), max_length=80)

    class Meta(Closable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(closed_on=None),
                name="timesheets_service_name",
                violation_error_message=_("A service already has this name."),
            )
        ]


class Client(Closable):
    """Who the work is done for."""

    name = models.CharField(_("name"), max_length=120)

    class Meta(Closable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(closed_on=None),
                name="timesheets_client_name",
                violation_error_message=_("A client already has this name."),
            )
        ]


class Project(Closable):
    """A piece of work hours are counted on: for a client or for the co-op itself."""

    name = models.CharField(_("name"), max_length=120)
    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("client")
    )
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("service")
    )

    # One of the two at most: dollars are counted at the one hourly rate of the day worked.
    budget_minutes = models.PositiveIntegerField(_("budget in hours"), null=True, blank=True)
    budget_dollars = models.DecimalField(
        _("budget in dollars"), max_digits=10, decimal_places=2, null=True, blank=True
    )

    class Meta(Closable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(closed_on=None),
                name="timesheets_project_name",
                violation_error_message=_("A project already has this name."),
            ),
            models.CheckConstraint(
                condition=Q(budget_minutes=None) | Q(budget_dollars=None),
                name="timesheets_one_budget",
                violation_error_message=_("Give the budget in hours or in dollars, not both."),
            ),
            models.CheckConstraint(
                condition=(Q(budget_minutes=None) | Q(budget_minutes__gt=0))
                & (Q(budget_dollars=None) | Q(budget_dollars__gt=0)),
                name="timesheets_budget_above_zero",
                violation_error_message=_("A budget is above zero; leave it empty when there is none."),
            ),
        ]
