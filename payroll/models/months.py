from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .projections import NAMED_BY_ITS_FIRST


class MonthFigures(models.Model):
    """What a month that is over came to, as a member read it in the books or on the bank's statement.

    Revenue and fixed costs before sales taxes, and what was in the bank at the end; each alone where the others are
    not known. Pays are not typed: the software knows them. What was read wrong is taken away and entered again.
    """

    month = models.DateField(_("month"))
    revenue = models.DecimalField(_("revenue"), max_digits=12, decimal_places=2, null=True, blank=True)
    costs = models.DecimalField(_("fixed costs"), max_digits=12, decimal_places=2, null=True, blank=True)
    closing = models.DecimalField(
        _("in the bank at the end"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )
    entered_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["month"],
                name="payroll_figures_once_a_month",
                violation_error_message=_(
                    "This month has its figures already: whoever entered them takes them away first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="payroll_figures_of_a_month",
                violation_error_message=NAMED_BY_ITS_FIRST,
            ),
            models.CheckConstraint(
                condition=Q(revenue__isnull=False) | Q(costs__isnull=False) | Q(closing__isnull=False),
                name="payroll_figures_say_something",
                violation_error_message=_("Enter at least one of the three figures."),
            ),
            models.CheckConstraint(
                condition=(Q(revenue=None) | Q(revenue__gte=0))
                & (Q(costs=None) | Q(costs__gte=0))
                & ~Q(source=""),
                name="payroll_figures_have_a_source",
                violation_error_message=_("Revenue and costs are not below zero, and have a source."),
            ),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}"
