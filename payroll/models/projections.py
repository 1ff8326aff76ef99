from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models import Person, WorkStatus

#: A month is named by its first day.
NAMED_BY_ITS_FIRST = _("A month is named by its first day.")
LAST_BEFORE_FIRST = _("The last month comes before the first. Check both.")


class ProjectionQuerySet(models.QuerySet["Projection"]):
    def kept(self) -> "ProjectionQuerySet":
        """Those that every member reads."""
        return self.filter(kept_at__isnull=False)

    def visible_to(self, person: Person) -> "ProjectionQuerySet":
        """Those that were kept, and one's own that are not yet: a draft is its author's alone."""
        return self.filter(Q(kept_at__isnull=False) | Q(author=person))

    def reference(self) -> "Projection | None":
        """The one that other pages count with: the last adopted by a decision, else the last kept."""
        last = F("adopted_by_decision__adopted_on").desc(nulls_last=True)
        return self.kept().select_related("author").defer("facts").order_by(last, "-kept_at", "-pk").first()


class Projection(models.Model):
    """Pay and cash of the next months as a member foresees them, with all that it is worked out from.

    While it is a draft it follows the co-op as it is today, and its author alone reads it. Once kept it is
    everybody's and never changes: `facts` are what was known that day (`payroll.projections.facts`),
    `figures` what came out, by scenario (`payroll.projections.outlook`). Others copy it into one of theirs.
    """

    SHORTEST, LONGEST = 12, 24

    title = models.CharField(_("title"), max_length=120)
    assumptions = models.TextField(_("assumptions, in words"), max_length=4000, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="projections",
        verbose_name=_("author"),
    )
    starts_on = models.DateField(_("first month"))
    months = models.PositiveSmallIntegerField(
        _("months"), validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)]
    )
    opening = models.DecimalField(_("in the bank at first"), max_digits=12, decimal_places=2)
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="copies",
        verbose_name=_("copied from"),
    )
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    kept_at = models.DateTimeField(_("kept at"), null=True, editable=False)
    facts = models.JSONField(null=True, editable=False)
    figures = models.JSONField(null=True, editable=False)
    adopted_by_decision = models.ForeignKey(
        "members.Decision",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="adopted_projections",
        verbose_name=_("adopted by decision"),
    )

    objects = ProjectionQuerySet.as_manager()

    class Meta:
        ordering = ["-kept_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__day=1),
                name="payroll_projection_from_the_first",
                violation_error_message=NAMED_BY_ITS_FIRST,
            ),
            models.CheckConstraint(
                condition=Q(months__gte=12, months__lte=24),
                name="payroll_projection_months",
                violation_error_message=_("A projection covers 12 to 24 months."),
            ),
            models.CheckConstraint(
                condition=Q(kept_at=None, facts__isnull=True, figures__isnull=True, adopted_by_decision=None)
                | Q(kept_at__isnull=False, facts__isnull=False, figures__isnull=False),
                name="payroll_projection_kept_whole",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_kept(self) -> bool:
        return self.kept_at is not None

    @property
    def is_adopted(self) -> bool:
        return self.adopted_by_decision_id is not None


class ExpectedAmount(models.Model):
    """Something a projection expects to receive or to pay, each month or once, before sales taxes.

    Revenue says which service it comes from, or a name; a fixed cost has a name.
    """

    class Side(models.TextChoices):
        REVENUE = "revenue", _("revenue")
        COST = "cost", _("fixed cost")

    projection = models.ForeignKey(
        Projection, models.PROTECT, related_name="amounts", verbose_name=_("projection")
    )
    side = models.CharField(_("what it is"), max_length=7, choices=Side)
    service = models.ForeignKey(
        "timesheets.Service",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=11, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    is_monthly = models.BooleanField(_("every month"), default=True)
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["-side", "service__name", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(side="revenue") | Q(side="cost", service=None),
                name="payroll_expected_side",
                violation_error_message=_("A fixed cost belongs to no service."),
            ),
            models.CheckConstraint(
                condition=~Q(name="") | Q(service__isnull=False),
                name="payroll_expected_has_a_name",
                violation_error_message=_("Say what it is: a service, or a name."),
            ),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="payroll_expected_amount"),
            models.CheckConstraint(
                condition=Q(first_month__day=1) & (Q(last_month=None) | Q(last_month__day=1)),
                name="payroll_expected_months",
                violation_error_message=NAMED_BY_ITS_FIRST,
            ),
            models.CheckConstraint(
                condition=Q(last_month=None) | Q(last_month__gte=F("first_month"), is_monthly=True),
                name="payroll_expected_in_order",
                violation_error_message=LAST_BEFORE_FIRST,
            ),
        ]

    def __str__(self):
        return self.name or str(self.service)


class Supposition(models.Model):
    """One named change that a scenario supposes, from a month on: what the other scenarios do not."""

    class Scenario(models.TextChoices):
        CAUTIOUS = "cautious", _("Cautious")
        EXPECTED = "expected", _("Expected")
        AMBITIOUS = "ambitious", _("Ambitious")

    class Kind(models.TextChoices):
        RATE = "rate", _("another hourly rate")
        HOURS = "hours", _("more or fewer hours")
        PERSON = "person", _("somebody new")
        REVENUE = "revenue", _("more or less revenue")
        COSTS = "costs", _("more or fewer fixed costs")

    projection = models.ForeignKey(
        Projection, models.PROTECT, related_name="suppositions", verbose_name=_("projection")
    )
    scenario = models.CharField(_("scenario"), max_length=9, choices=Scenario)
    kind = models.CharField(_("what changes"), max_length=7, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("until"), null=True, blank=True)
    percent = models.DecimalField(
        _("percent more or less"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    amount = models.DecimalField(_("amount"), max_digits=11, decimal_places=2, null=True, blank=True)
    minutes_per_week = models.PositiveSmallIntegerField(_("hours a week"), null=True, blank=True)
    work_kind = models.CharField(_("paid as"), max_length=10, choices=WorkStatus.Kind, blank=True)
    service = models.ForeignKey(
        "timesheets.Service",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
    )

    class Meta:
        ordering = ["scenario", "first_month", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scenario__in=["cautious", "expected", "ambitious"]) & ~Q(name=""),
                name="payroll_supposition_scenario",
            ),
            models.CheckConstraint(
                condition=Q(kind="rate", amount__isnull=False, amount__gt=Decimal(0), percent=None)
                | Q(kind="hours", percent__isnull=False, amount=None)
                | Q(kind="person", percent=None, amount=None)
                | Q(kind__in=["revenue", "costs"], percent__isnull=False, amount=None)
                | Q(kind__in=["revenue", "costs"], percent=None, amount__isnull=False),
                name="payroll_supposition_says_how_much",
                violation_error_message=_("Give a percentage or an amount, one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="person", minutes_per_week__isnull=False, work_kind__in=["salaried", "freelance"]
                )
                & Q(minutes_per_week__gt=0, minutes_per_week__lte=60 * 60)
                | ~Q(kind="person") & Q(minutes_per_week=None, work_kind=""),
                name="payroll_supposition_of_somebody",
                violation_error_message=_("Agreed hours go from 0 to 60 a week."),
            ),
            models.CheckConstraint(
                condition=Q(service=None) | Q(kind="revenue"), name="payroll_supposition_of_a_service"
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=Decimal(-100), percent__lte=Decimal(1000)),
                name="payroll_supposition_percent",
                violation_error_message=_("A percentage goes from −100 to 1,000."),
            ),
            models.CheckConstraint(
                condition=Q(first_month__day=1) & (Q(last_month=None) | Q(last_month__day=1)),
                name="payroll_supposition_months",
                violation_error_message=NAMED_BY_ITS_FIRST,
            ),
            models.CheckConstraint(
                condition=Q(last_month=None) | Q(last_month__gte=F("first_month")),
                name="payroll_supposition_in_order",
                violation_error_message=LAST_BEFORE_FIRST,
            ),
        ]

    def __str__(self):
        return self.name
