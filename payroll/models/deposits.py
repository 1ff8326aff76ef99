from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, days_in_order, never_twice
from koumbit.said import Said, read

from ..fields import EncryptedTextField
from .runs import PayRun, PayStub


class BankAccount(DatedModel):
    """Where a person's pay is deposited, from a day to a day. They alone enter it.

    Its three numbers are unreadable in the database, shown by their last digits, and leave the
    product in the deposit file only. `given_at` is when this version was entered: for two days the
    deposit file warns about it.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="bank_accounts", verbose_name=_("person")
    )
    institution = EncryptedTextField(_("institution"))
    transit = EncryptedTextField(_("transit"))
    number = EncryptedTextField(_("account number"))
    given_at = models.DateTimeField(_("entered at"))

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("payroll_bank_account_days"),
            never_twice(
                "payroll_one_bank_account",
                "person",
                message=_("This person already has a bank account on some of these days."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.starts_on}"


class Originator(models.Model):
    """How the co-op's bank knows it: what its letter about direct deposits says. At most one row."""

    class Trace(models.TextChoices):
        ZEROS = "zeros", _("zeros: the bank writes it")
        STANDARD = "standard", _("the number of the standard, which we write")

    institution = models.CharField(_("institution of the co-op’s account"), max_length=3)
    transit = EncryptedTextField(_("transit of the co-op’s account"))
    number = EncryptedTextField(_("number of the co-op’s account"))
    originator_id = models.CharField(_("originator number"), max_length=10)
    short_name = models.CharField(_("short name"), max_length=15)
    long_name = models.CharField(_("long name"), max_length=30)
    data_centre = models.CharField(_("data centre"), max_length=5)
    trace = models.CharField(_("trace number of each payment"), max_length=10, choices=Trace)
    clearer_centre = models.CharField(_("data centre of the co-op’s bank"), max_length=5, blank=True)
    last_number = models.PositiveSmallIntegerField(
        _("number of the last file sent by other means"), default=0
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="payroll_one_originator"),
            models.CheckConstraint(
                condition=Q(trace="zeros", clearer_centre="")
                | (Q(trace="standard") & ~Q(clearer_centre__in=["", "00000"])),
                name="payroll_trace_needs_its_centre",
                violation_error_message=_(
                    "The trace number of the standard holds the data centre of the co-op’s bank: give its five "
                    "digits. Where the bank writes the trace number itself, leave the field empty."
                ),
            ),
            models.CheckConstraint(
                condition=Q(last_number__lte=9999),
                name="payroll_last_number",
                violation_error_message=_("The number of a file has at most four digits."),
            ),
        ]

    def __str__(self):
        return self.long_name


class DepositFile(models.Model):
    """The file that was given to the bank for a pay: written once, the same again for every copy.

    Its number follows that of the last file of the same originator and is never used twice; after
    9999 a new cycle starts at 1. `replaces` is the file the bank refused whole, and `because` why;
    or `because` says why the file was made in spite of the warnings it met (`findings`).
    """

    run = models.ForeignKey(PayRun, models.PROTECT, related_name="deposit_files", verbose_name=_("pay run"))
    originator_id = models.CharField(_("originator number"), max_length=10)
    cycle = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField(_("number of the file"))
    available_on = models.DateField(_("day the money is there"))
    payments = models.PositiveIntegerField(_("payments"))
    total = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    findings = models.JSONField(default=list, editable=False)
    because = models.CharField(_("reason"), max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    content = EncryptedTextField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["originator_id", "cycle", "number"],
                name="payroll_file_number_used_once",
                violation_error_message=_("A deposit file already has this number."),
            ),
            models.UniqueConstraint(
                fields=["run"],
                condition=Q(replaces=None),
                name="payroll_one_deposit_file_a_run",
                violation_error_message=_("This pay already has its deposit file."),
            ),
            models.CheckConstraint(condition=Q(number__range=(1, 9999)), name="payroll_file_number"),
            models.CheckConstraint(
                condition=Q(payments__gt=0, total__gt=0), name="payroll_deposit_file_pays"
            ),
            models.CheckConstraint(
                condition=Q(findings=[], replaces=None) | ~Q(because=""),
                name="payroll_deposit_file_reason",
                violation_error_message=_("Say why the file is made in spite of the warnings."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="payroll_deposit_file_digest"
            ),
        ]

    def __str__(self):
        return f"{self.number:04d}"

    @property
    def warnings(self) -> list[Said | str]:
        """What it was made in spite of, in the reader's language."""
        return [read(kept) for kept in self.findings]


class Deposit(models.Model):
    """One stub paid by a deposit file, and at which place of it."""

    file = models.ForeignKey(DepositFile, models.PROTECT, related_name="deposits")
    stub = models.ForeignKey(PayStub, models.PROTECT, related_name="deposits")
    place = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["file", "place"]
        constraints = [
            models.UniqueConstraint(fields=["file", "stub"], name="payroll_stub_once_a_file"),
            models.UniqueConstraint(fields=["file", "place"], name="payroll_place_once_a_file"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payroll_deposit_pays"),
        ]

    def __str__(self):
        return f"{self.place}: {self.amount}"
