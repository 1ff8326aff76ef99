from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _


class Cooperative(models.Model):
    """The cooperative itself: the employer named on every stub. There is exactly one row."""

    class PayFrequency(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        BIWEEKLY = "biweekly", _("every two weeks")
        SEMIMONTHLY = "semimonthly", _("twice a month (1st to 15th, 16th to the end)")
        MONTHLY = "monthly", _("every month")

    class WeekDay(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    class Language(models.TextChoices):
        FRENCH = "fr-ca", _("French")
        ENGLISH = "en-ca", _("English")

    class LegalForm(models.TextChoices):
        COOPERATIVE = "cooperative", _("cooperative")
        NON_PROFIT = "non_profit", _("non-profit organization")

    name = models.CharField(_("name"), max_length=120)
    legal_form = models.CharField(
        _("legal form"),
        max_length=12,
        choices=LegalForm,
        default=LegalForm.COOPERATIVE,
        help_text=_("Only a cooperative has member shares and may share its surplus by hours."),
    )
    address = models.TextField(_("address"), max_length=300)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    enterprise_number = models.CharField(_("Québec enterprise number (NEQ)"), max_length=20, blank=True)
    cra_payroll_account = models.CharField(
        _("CRA payroll account"), max_length=20, blank=True, help_text=_("Example: 123456789 RP 0001")
    )
    rq_employer_account = models.CharField(
        _("Revenu Québec employer account"),
        max_length=20,
        blank=True,
        help_text=_("Example: 1234567890 RS 0001"),
    )
    language = models.CharField(_("first language"), max_length=5, choices=Language, default=Language.FRENCH)
    week_starts_on = models.PositiveSmallIntegerField(
        _("the legal week starts on"),
        choices=WeekDay,
        default=WeekDay.MONDAY,
        help_text=_("Overtime is counted by this week. It cannot change once hours are logged."),
    )
    pay_frequency = models.CharField(
        _("pay frequency"), max_length=12, choices=PayFrequency, default=PayFrequency.BIWEEKLY
    )
    first_period_on = models.DateField(
        _("first day of a pay period"),
        help_text=_(
            "Any period's first day: the others follow from it. Not used for the 1st–15th or the month."
        ),
    )
    pay_days_after = models.PositiveSmallIntegerField(
        _("days from the end of the period to the pay"),
        default=5,
        validators=[MaxValueValidator(16)],
        help_text=_("The labour standards ask for a pay at least every 16 days."),
    )
    leave_paid_from = models.DateField(
        _("vacation, holidays and sick days are paid here from"),
        null=True,
        blank=True,
        help_text=_(
            "From that day vacation is earned on each pay, and holidays and the year's first sick days are paid. "
            "Empty: the cooperative pays them otherwise."
        ),
    )
    vacation_year_month = models.PositiveSmallIntegerField(
        _("the year in which vacation is earned starts on the 1st of"),
        choices=list(MONTHS.items()),
        default=5,
        help_text=_("The law says 1 May, unless the cooperative agreed on something else."),
    )
    sharing_weeks = models.PositiveSmallIntegerField(
        _("weeks in a period of sharing the work"),
        default=13,
        validators=[MinValueValidator(4), MaxValueValidator(26)],
        help_text=_(
            "The balance of tasks is looked at, and roles are shared anew, by periods of this length: 13 is a quarter."
        ),
    )
    share_value = models.DecimalField(
        _("value of a member share"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_(
            "Empty: members hold no shares. It cannot change once some are subscribed. Only for a cooperative."
        ),
    )
    shares_to_hold = models.PositiveIntegerField(
        _("shares each member holds"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("As the by-laws say. Empty: they ask for no number."),
    )
    probation_votes = models.BooleanField(
        _("members on probation decide in the general assembly"), default=False
    )
    pause_votes = models.BooleanField(_("members on pause decide in the general assembly"), default=False)
    privacy_officer = models.CharField(
        _("person in charge of personal information"), max_length=120, blank=True
    )
    yearly_payroll = models.DecimalField(
        _("yearly total payroll (estimate)"),
        max_digits=12,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("Sets the rate of the Health Services Fund contribution. Associated employers included."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="members_one_cooperative",
                violation_error_message=_("There is one cooperative: change it rather than adding one."),
            ),
            models.CheckConstraint(condition=Q(week_starts_on__range=(0, 6)), name="members_week_day"),
            models.CheckConstraint(
                condition=Q(vacation_year_month__range=(1, 12)), name="members_vacation_year_month"
            ),
            models.CheckConstraint(
                condition=Q(pay_frequency__in=["weekly", "biweekly", "semimonthly", "monthly"]),
                name="members_pay_frequency",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["fr-ca", "en-ca"]), name="members_coop_language"
            ),
            models.CheckConstraint(
                condition=Q(legal_form__in=["cooperative", "non_profit"]), name="members_legal_form"
            ),
            models.CheckConstraint(
                condition=Q(share_value=None) | Q(share_value__gt=0), name="members_share_value"
            ),
            models.CheckConstraint(condition=Q(pay_days_after__lte=16), name="members_pay_days_after"),
            models.CheckConstraint(
                condition=Q(sharing_weeks__range=(4, 26)),
                name="members_sharing_weeks",
                violation_error_message=_("A period of sharing the work lasts 4 to 26 weeks."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def has_shares(self) -> bool:
        """May members hold shares, and a surplus be shared among them? Only in a cooperative."""
        return self.legal_form == self.LegalForm.COOPERATIVE
