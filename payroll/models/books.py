from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MappedAccount(models.Model):
    """Which account of the co-op's chart an amount of the pay is written to.

    `place` names the amount: `expense.earning.regular`, `owed.deduction.qpp`, `net` (see `payroll.books`).
    """

    place = models.CharField(max_length=40, unique=True)
    number = models.CharField(
        _("account number"),
        max_length=20,
        validators=[
            RegexValidator(r"^[0-9A-Za-z.-]+$", _("An account number has digits, letters and dots."))
        ],
    )
    name = models.CharField(_("account name"), max_length=80)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(name=""), name="payroll_account_has_number_and_name"
            )
        ]

    def __str__(self):
        return f"{self.number} {self.name}"
