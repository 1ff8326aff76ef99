from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HourlyRateQuerySet(models.QuerySet["HourlyRate"]):
    def on(self, day: date) -> "HourlyRate | None":
        """The one rate of that day, or None before the first."""
        return self.filter(starts_on__lte=day).order_by("-starts_on", "-pk").first()


class HourlyRate(models.Model):
    """The price of an hour, for everyone, whatever the work: the only place where an hour has one.

    It holds from `starts_on` until the next rate starts. It is never edited: a new decision adds a
    rate, and one that starts in the past is paid as the difference.
    """

    starts_on = models.DateField(_("from"))
    amount = models.DecimalField(_("rate per hour"), max_digits=7, decimal_places=2)
    decision = models.ForeignKey(
        "members.Decision", models.PROTECT, related_name="+", verbose_name=_("decision")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = HourlyRateQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=Decimal(0), amount__lt=Decimal(1000)),
                name="payroll_rate_amount",
                violation_error_message=_("The rate is more than 0 and less than 1,000 dollars an hour."),
            ),
            models.UniqueConstraint(
                fields=["starts_on", "decision"],
                name="payroll_rate_once_a_decision",
                violation_error_message=_("This decision already sets a rate from that day."),
            ),
        ]

    def __str__(self):
        return f"{self.amount} ({self.starts_on})"
