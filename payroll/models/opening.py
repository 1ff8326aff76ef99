from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .runs import PayStub, StubLine


def _dollars(label: str, **more) -> models.DecimalField:
    return models.DecimalField(label, max_digits=10, decimal_places=2, default=Decimal(0), **more)


class OpeningBalance(models.Model):
    """What a person was paid, and what was withheld, in a year before the co-op used this software.

    One person copies it from the former books, another one confirms it: from then on the year's
    maximums, the years to date and the yearly slips count it. It is never edited: it is withdrawn and
    entered again, until a pay has counted it.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="opening_balances", verbose_name=_("person")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=10, choices=PayStub.Kind)
    through = models.DateField(_("last pay date counted"))
    pays = models.PositiveSmallIntegerField(_("number of pays"))
    gross = _dollars(_("gross"))
    pensionable = _dollars(_("pensionable earnings (QPP)"))
    insurable = _dollars(_("insurable earnings (EI, QPIP)"))
    nonperiodic = _dollars(_("non-periodic part of the gross"))
    # The part of the additional QPP contributions that fell on the non-periodic amounts (F5B, CSB).
    nonperiodic_f5 = _dollars(_("additional QPP contributions on that part"), editable=False)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("confirmed by"),
    )

    class Meta:
        ordering = ["-year", "person__sort_name", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "year", "kind"],
                name="payroll_one_opening_a_year",
                violation_error_message=_(
                    "This person already has an opening balance for that year: withdraw it to enter another."
                ),
            ),
            models.CheckConstraint(
                condition=Q(through__year=F("year")),
                name="payroll_opening_within_its_year",
                violation_error_message=_("The last pay date counted is in the year itself."),
            ),
            models.CheckConstraint(
                condition=Q(
                    gross__gt=0,
                    pays__gt=0,
                    pensionable__range=(0, F("gross")),
                    insurable__range=(0, F("gross")),
                    nonperiodic__range=(0, F("gross")),
                    nonperiodic_f5__gte=0,
                ),
                name="payroll_opening_amounts",
                violation_error_message=_(
                    "The gross and the number of pays are more than 0, and none of its parts is more than the gross."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="stub") | Q(kind="statement", pensionable=0, insurable=0, nonperiodic=0),
                name="payroll_opening_kind",
                violation_error_message=_("A freelancer has no pensionable or insurable earnings."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="payroll_opening_confirmation_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="payroll_opening_confirmed_by_another",
                violation_error_message=_(
                    "Whoever entered this balance does not confirm it: another person does."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.year}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class OpeningAmount(models.Model):
    """One deduction, sales tax or employer's contribution of an opening balance, for the year so far."""

    balance = models.ForeignKey(OpeningBalance, models.PROTECT, related_name="amounts")
    side = models.CharField(max_length=10, choices=StubLine.Side)
    code = models.CharField(max_length=12, choices=StubLine.Code)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["balance", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["balance", "side", "code"], name="payroll_one_opening_amount_a_code"
            ),
            models.CheckConstraint(
                condition=Q(side__in=["deduction", "sales_tax", "employer"], amount__gt=0),
                name="payroll_opening_amount_is_withheld_or_added",
                violation_error_message=_("An amount of an opening balance is more than 0."),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.amount}"


class OpeningAdjustment(models.Model):
    """What an opening balance that pays have counted should have said, as signed differences.

    The balance stays as it is, and so do the pays that counted it. One person enters the adjustment with
    a reason, another one confirms it: from then on the year counts both, and the pays to come follow.
    """

    balance = models.ForeignKey(OpeningBalance, models.PROTECT, related_name="adjustments")
    because = models.CharField(_("reason"), max_length=300)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("confirmed by"),
    )

    class Meta:
        ordering = ["balance", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["balance"],
                condition=Q(confirmed_at=None),
                name="payroll_one_adjustment_at_a_time",
                violation_error_message=_(
                    "An adjustment of this balance waits already: have it confirmed or withdrawn first."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(because=""),
                name="payroll_adjustment_says_why",
                violation_error_message=_("Say why the balance is adjusted."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="payroll_adjustment_confirmation_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="payroll_adjustment_confirmed_by_another",
                violation_error_message=_(
                    "Whoever entered this adjustment does not confirm it: another person does."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.balance}, {self.entered_at:%Y-%m-%d}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class OpeningChange(models.Model):
    """One difference of an adjustment, in signed dollars.

    `what` is a figure of the balance (`gross`, `pensionable`…) or an amount by side and code
    (`deduction.qpp`).
    """

    adjustment = models.ForeignKey(OpeningAdjustment, models.PROTECT, related_name="changes")
    what = models.CharField(max_length=30)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["adjustment", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["adjustment", "what"], name="payroll_one_change_of_a_figure"),
            models.CheckConstraint(condition=~Q(amount=0), name="payroll_change_changes"),
        ]

    def __str__(self):
        return f"{self.what} {self.amount}"
