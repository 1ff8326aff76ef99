from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, days_in_order, never_twice, text_key

NOTICE_HELP = _("The notice it comes from, with its date.")


class Government(models.TextChoices):
    """Who source deductions are remitted to."""

    CRA = "cra", _("Canada Revenue Agency")
    QUEBEC = "rq", _("Revenu Québec")


class RemitterType(DatedModel):
    """How often a government wants its source deductions, from a day to a day, by its own notice.

    Where none is on file the co-op remits every month, as a new employer does.
    """

    class Frequency(models.TextChoices):
        ANNUAL = "annual", _("once a year")
        QUARTERLY = "quarterly", _("every three months")
        MONTHLY = "monthly", _("every month")
        TWICE_MONTHLY = "twice_monthly", _("twice a month")
        WEEKLY = "weekly", _("every week")

    government = models.CharField(_("government"), max_length=3, choices=Government)
    frequency = models.CharField(_("remits"), max_length=13, choices=Frequency)
    notice = models.CharField(_("notice"), max_length=200, help_text=NOTICE_HELP)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("by")
    )

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("payroll_remitter_days"),
            never_twice(
                "payroll_one_remitter_type",
                text_key("government"),
                message=_("This government's frequency is already on file for some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(government="rq") | (Q(government="cra") & ~Q(frequency="annual")),
                name="payroll_cra_is_not_yearly",
                violation_error_message=_("The Canada Revenue Agency is not paid once a year."),
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=["annual", "quarterly", "monthly", "twice_monthly", "weekly"]),
                name="payroll_remitter_frequency",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__day=1),
                name="payroll_remitter_from_the_first",
                violation_error_message=_("A frequency starts on the first day of a month."),
            ),
            models.CheckConstraint(condition=~Q(notice=""), name="payroll_remitter_notice"),
        ]

    def __str__(self):
        return f"{self.government}, {self.frequency}, {self.starts_on}"


class CnesstClassification(DatedModel):
    """The unit the CNESST classifies the co-op in, and its premium, by its yearly notice."""

    unit = models.CharField(
        _("classification unit"),
        max_length=5,
        validators=[RegexValidator("^[0-9]{5}$", _("A classification unit has five digits."))],
    )
    per_hundred_dollars = models.DecimalField(
        _("premium per 100 $ of assessable pay"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    is_paid_with_quebec = models.BooleanField(
        _("paid as we go, with Revenu Québec's remittances"), default=True
    )
    notice = models.CharField(_("notice"), max_length=200, help_text=NOTICE_HELP)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("by")
    )

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("payroll_classification_days"),
            never_twice(
                "payroll_one_classification",
                message=_("A classification is already on file for some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(per_hundred_dollars__gte=Decimal(0), per_hundred_dollars__lte=Decimal(100)),
                name="payroll_premium_per_hundred",
            ),
            models.CheckConstraint(
                condition=Q(unit__regex="^[0-9]{5}$") & ~Q(notice=""), name="payroll_classification_notice"
            ),
        ]

    def __str__(self):
        return f"{self.unit}, {self.starts_on}"


class EmployerYear(models.Model):
    """What the co-op tells of itself for a calendar year, which no pay says: sector, payrolls, training.

    For a year without a row, the estimate on the co-op's own page sets the Health Services Fund rate.
    """

    class Sector(models.TextChoices):
        OTHER = "other", _("other than primary and manufacturing")
        PRIMARY = "primary_manufacturing", _("primary or manufacturing, for more than half of payroll")
        PUBLIC = "public", _("public sector")

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(2000), MaxValueValidator(2199)]
    )
    sector = models.CharField(_("sector"), max_length=21, choices=Sector, default=Sector.OTHER)
    estimated_payroll = models.DecimalField(
        _("total payroll of the year (estimate)"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
    )
    associated_payroll = models.DecimalField(
        _("payroll of associated employers"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    training_spent = models.DecimalField(
        _("eligible training expenses"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    notice = models.CharField(_("source"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("by")
    )

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sector__in=["other", "primary_manufacturing", "public"])
                & Q(
                    estimated_payroll__gte=Decimal(0),
                    associated_payroll__gte=Decimal(0),
                    training_spent__gte=Decimal(0),
                ),
                name="payroll_employer_year_amounts",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(2000, 2199)) & ~Q(notice=""), name="payroll_employer_year_source"
            ),
        ]

    def __str__(self):
        return str(self.year)


class PaidTo(models.TextChoices):
    """Who a remittance is paid to: a government, or the CNESST where its premium is paid by its own notice."""

    CRA = Government.CRA.value, Government.CRA.label
    QUEBEC = Government.QUEBEC.value, Government.QUEBEC.label
    CNESST = "cnesst", "CNESST"


class Remittance(models.Model):
    """An amount paid to a government for the pays of some days. Never changed: a counter-entry corrects it.

    `parts` are its amounts by side and code of the stubs' lines (`deduction.qpp`, `employer.qpp`), text
    with two decimals. `owed` is what the pays said was owed for those days when it was recorded.
    """

    class Kind(models.TextChoices):
        PERIODIC = "periodic", _("source deductions")
        YEARLY = "yearly", _("contributions of the year")
        CNESST = "cnesst", _("CNESST premium of the year")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.PERIODIC)
    government = models.CharField(_("paid to"), max_length=6, choices=PaidTo)
    starts_on = models.DateField(_("pays from"))
    ends_on = models.DateField(_("until"))
    due_on = models.DateField(_("due on"))
    parts = models.JSONField(blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    owed = models.DecimalField(_("owed by the pays"), max_digits=12, decimal_places=2)
    paid_on = models.DateField(_("paid on"))
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="corrected_by"
    )
    because = models.CharField(_("reason"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        ordering = ["paid_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(government__in=["cra", "rq"], kind__in=["periodic", "yearly"])
                | Q(government="cnesst", kind="cnesst"),
                name="payroll_remittance_kind",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), due_on__gt=F("ends_on")),
                name="payroll_remittance_days",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=Decimal(0), corrects=None) | ~Q(because=""),
                name="payroll_remittance_says_why",
                violation_error_message=_("Say why this amount is taken back."),
            ),
        ]

    def __str__(self):
        return f"{self.government} {self.starts_on} – {self.ends_on}: {self.amount}"

    @property
    def amounts(self) -> dict[tuple[str, str], Decimal]:
        """Its parts by side and code."""
        return {tuple(place.split(".")): Decimal(amount) for place, amount in self.parts.items()}

    @property
    def is_correction(self) -> bool:
        return self.corrects_id is not None
