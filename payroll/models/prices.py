from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class IndexPoint(models.Model):
    """What an index of consumer prices was in a month, as a member read it, with where they read it.

    The software knows no index by itself: a line without a source would be an invention. A figure that
    was read wrong is taken away and entered again.
    """

    series = models.CharField(_("index"), max_length=80)
    month = models.DateField(_("month"))
    points = models.DecimalField(
        _("points"), max_digits=7, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
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
        ordering = ["series", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "month"],
                name="payroll_index_once_a_month",
                violation_error_message=_("This index already has a figure for that month."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="payroll_index_of_a_month",
                violation_error_message=_("A month is named by its first day."),
            ),
            models.CheckConstraint(
                condition=Q(points__gt=Decimal(0)) & ~Q(series="") & ~Q(source=""),
                name="payroll_index_has_a_source",
                violation_error_message=_("A figure has an index, a value above zero and a source."),
            ),
        ]

    def __str__(self):
        return f"{self.series}, {self.month:%Y-%m}: {self.points}"
