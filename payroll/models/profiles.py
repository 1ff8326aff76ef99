from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, days_in_order, never_twice

from ..fields import EncryptedTextField


class TaxProfile(DatedModel):
    """What a salaried person declared on the TD1 and the TP-1015.3, from a day to a day.

    Readable by its owner and by holders of the pay powers; each reading by somebody else is kept
    (`FileReading`) and shown to the owner. Amounts are text because they are encrypted: dollars
    with a point, empty for « the basic amount » or none. `payroll.profiles` turns them into claims.

    Whoever enters a version signs it, and somebody else confirms it against the paper: a holder of
    a pay power (whoever prepares pay alone has theirs confirmed by who issues it), or the member where
    a holder entered it for them.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tax_profiles", verbose_name=_("person")
    )
    sin = EncryptedTextField(_("social insurance number"), blank=True)
    federal_claim = EncryptedTextField(_("TD1: total claim amount (line 13)"), blank=True)
    federal_extra_tax = EncryptedTextField(_("TD1: additional tax to be deducted from each pay"), blank=True)
    federal_exempt = models.BooleanField(
        _("TD1: total income will be less than the total claim amount"), default=False
    )
    is_non_resident = models.BooleanField(_("TD1: non-resident of Canada"), default=False)
    quebec_claim = EncryptedTextField(_("TP-1015.3: amount on line 10"), blank=True)
    quebec_extra_tax = EncryptedTextField(_("TP-1015.3: additional tax to be withheld (line 11)"), blank=True)
    quebec_deduction = EncryptedTextField(_("TP-1015.3: annual deduction (line 19)"), blank=True)
    quebec_exempt = models.BooleanField(
        _("TP-1015.3: exempt from source deductions of income tax"), default=False
    )
    qpp_stops_on = models.DateField(
        _("RR-50: QPP contributions stop from"),
        null=True,
        blank=True,
        help_text=_(
            "Only for a person of 65 or more who receives a retirement pension and has filed form RR-50."
        ),
    )
    declared_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
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

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("payroll_tax_profile_days"),
            never_twice(
                "payroll_one_tax_profile",
                "person",
                message=_("This person already has tax forms on some of these days. End the others first."),
            ),
            models.CheckConstraint(
                condition=Q(is_non_resident=False) | ~Q(federal_claim=""),
                name="payroll_non_resident_gives_their_claim",
                violation_error_message=_(
                    "A non-resident of Canada gives the amount of line 13 of the TD1, even when it is 0: the basic "
                    "amount is not assumed."
                ),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(
                    confirmed_at__isnull=False,
                    confirmed_at__gte=F("declared_at"),
                    confirmed_by__isnull=False,
                ),
                name="payroll_tax_profile_confirmation_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("declared_by")),
                name="payroll_tax_profile_confirmed_by_another",
                violation_error_message=_(
                    "Whoever entered these forms does not confirm them: another person does."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.starts_on}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class OvertimeChoice(DatedModel):
    """A salaried member's written request: hours beyond 40 a week are banked at time and a half.

    Without one, overtime is paid with its half (Act respecting labour standards, s. 55).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="overtime_choices", verbose_name=_("person")
    )
    asked_on = models.DateField(_("asked on"))

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("payroll_overtime_choice_days"),
            never_twice(
                "payroll_one_overtime_choice",
                "person",
                message=_("This person's overtime is already banked on some of these days."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.starts_on}"


class BankOpening(models.Model):
    """A salaried person's vacation and overtime bank on the morning they are first kept here.

    For a co-op that starts to use this software when some are owed already. `last_year` is the reference
    year that was over by then, `this_year` the one under way.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="bank_opening", verbose_name=_("person")
    )
    on = models.DateField(_("on the morning of"))
    last_year = models.DecimalField(
        _("vacation of the last reference year, in dollars"), max_digits=9, decimal_places=2, default=0
    )
    this_year = models.DecimalField(
        _("vacation of the reference year under way, in dollars"), max_digits=9, decimal_places=2, default=0
    )
    banked_minutes = models.PositiveIntegerField(_("banked overtime, as leave"), default=0)
    earned_in_four_weeks = models.DecimalField(
        _("earned in the four weeks before, overtime left out, in dollars"),
        max_digits=9,
        decimal_places=2,
        default=0,
        help_text=_("The indemnity of a holiday in the first weeks is a part of it."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__gte=0, this_year__gte=0, earned_in_four_weeks__gte=0),
                name="payroll_opening_is_owed",
                violation_error_message=_("What is owed on the first day is zero or more."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.on}"


class SalesTaxRegistration(DatedModel):
    """A freelancer's GST and QST numbers: their statements carry both taxes while it holds."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tax_registrations", verbose_name=_("person")
    )
    gst_number = models.CharField(_("GST number"), max_length=20)
    qst_number = models.CharField(_("QST number"), max_length=20)

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("payroll_registration_days"),
            never_twice(
                "payroll_one_registration",
                "person",
                message=_("This person already has tax numbers on some of these days."),
            ),
            models.CheckConstraint(
                condition=~Q(gst_number="") & ~Q(qst_number=""), name="payroll_both_tax_numbers"
            ),
            models.CheckConstraint(
                condition=Q(gst_number__regex=r"^[0-9]{9} RT [0-9]{4}$"),
                name="payroll_gst_number_is_whole",
                violation_error_message=_(
                    "A GST number has nine digits, the letters RT and four digits, as in 123456789 RT 0001."
                ),
            ),
            models.CheckConstraint(
                condition=Q(qst_number__regex=r"^[0-9]{10} TQ [0-9]{4}$"),
                name="payroll_qst_number_is_whole",
                violation_error_message=_(
                    "A QST number has ten digits, the letters TQ and four digits, as in 1234567890 TQ 0001."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.starts_on}"


class InvoiceNumber(models.Model):
    """A freelancer's own number for what a period pays them, printed on their statement.

    Without one the statement has the co-op's number only. Once printed it stays.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="invoice_numbers", verbose_name=_("person")
    )
    period_starts_on = models.DateField(_("period that starts on"))
    number = models.CharField(_("invoice number"), max_length=30)

    class Meta:
        ordering = ["-period_starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "period_starts_on"],
                name="payroll_one_invoice_a_period",
                violation_error_message=_("This period already has an invoice number."),
            ),
            models.UniqueConstraint(
                fields=["person", "number"],
                name="payroll_invoice_number_once",
                violation_error_message=_(
                    "This person already gave that invoice number for another period: a number is used once."
                ),
            ),
            models.CheckConstraint(condition=~Q(number=""), name="payroll_invoice_has_a_number"),
        ]

    def __str__(self):
        return f"{self.person}, {self.number}"


class FileReading(models.Model):
    """Somebody looked at what is confidential of another person. Append-only; shown to its owner."""

    class What(models.TextChoices):
        TAX_PROFILE = "tax_profile", _("tax forms and social insurance number")
        STUB = "stub", _("pay stub")
        BANK_ACCOUNT = "bank_account", _("bank account")
        SLIP = "slip", _("figures of the year-end slips")
        WAGES = "wages", _("wage register and record of employment")
        SIN = "sin", _("social insurance number, in full")
        PAY = "pay", _("amounts of a pay, beside those of others")
        YEAR = "year", _("figures of a year’s slips, beside those of others")
        BANKS = "banks", _("vacation and banked overtime, beside those of others")
        OPENING = "opening", _("opening balance")
        CONTACT = "contact", _("home address and date of birth")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="file_readings")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("read by")
    )
    what = models.CharField(_("what"), max_length=20, choices=What)
    read_at = models.DateTimeField(_("read at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.person}: {self.what}"
