from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class EmploymentRecord(models.Model):
    """That a record of employment was given to Service Canada, by which number, for work that ended on which day.

    Its figures are worked out from the stubs (`payroll.roe`); the form itself is made in ROE Web. An amended
    one is another row.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="employment_records", verbose_name=_("person")
    )
    last_day = models.DateField(_("last day of the work"))
    number = models.CharField(_("serial number of the record"), max_length=20)
    given_on = models.DateField(_("given on"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("noted by"),
    )
    noted_at = models.DateTimeField(_("noted at"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                name="payroll_employment_record_once",
                violation_error_message=_("A record of employment already has this number."),
            ),
            models.CheckConstraint(condition=~models.Q(number=""), name="payroll_employment_record_number"),
        ]

    def __str__(self):
        return f"{self.person}, {self.number}"
