from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from koumbit.dated import Days
from koumbit.purge_sql import ERASED
from koumbit.said import read

from ..fields import EncryptedTextField

#: What a line of earnings may be.
EARNED = [
    "regular",
    "overtime",
    "banked",
    "taken",
    "vacation",
    "holiday",
    "sick",
    "bank_out",
    "vacation_out",
]


class PayPeriodQuerySet(models.QuerySet["PayPeriod"]):
    def paid(self) -> "PayPeriodQuerySet":
        """The periods that have their regular pay, issued or not."""
        return self.filter(runs__kind=PayRun.Kind.REGULAR)


class PayPeriod(models.Model):
    """The days a regular pay covers, and the day it is paid.

    Written with the first run prepared for it: its regular pay, or one off-cycle before that.
    """

    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    pay_on = models.DateField(_("pay date"))
    pays_in_year = models.PositiveSmallIntegerField(_("pays in the year of the pay date"))

    objects = PayPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), pay_on__gte=F("ends_on")), name="payroll_period_days"
            ),
            ExclusionConstraint(
                name="payroll_periods_never_overlap",
                expressions=[(Days("starts_on", "ends_on"), RangeOperators.OVERLAPS)],
                violation_error_message=_("Another pay period covers some of these days."),
            ),
        ]

    def __str__(self):
        return f"{self.starts_on} – {self.ends_on}"


class PayRun(models.Model):
    """A pay: prepared by one person, issued by another, then only followed by corrections.

    A regular run pays a period. An off-cycle run pays chosen people what is due to them up to the day
    `through`, between two regular pays. A correction takes one stub back and pays that person what the
    stub should have been, at the same pay date; a voiding only takes it back. `because` says why, for
    all but a regular pay; there it answers the warnings that have no answer of their own.
    """

    class Kind(models.TextChoices):
        REGULAR = "regular", _("regular pay")
        OFF_CYCLE = "offcycle", _("off-cycle pay")
        CORRECTION = "correction", _("correction of a stub")
        VOID = "void", _("voiding of a stub")

    #: Pays of what is due and not yet paid: one at a time is prepared. The others are about one stub.
    OF_WHAT_IS_DUE = (Kind.REGULAR, Kind.OFF_CYCLE)

    period = models.ForeignKey(PayPeriod, models.PROTECT, related_name="runs", verbose_name=_("period"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.REGULAR)
    pay_on = models.DateField(_("pay date"))
    # The last day whose hours an off-cycle run pays; the others go to the end of their period.
    through = models.DateField(_("last day"), null=True, editable=False)
    # The stub that a correction or a voiding takes back.
    voids = models.OneToOneField(
        "PayStub",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="voided_by",
        verbose_name=_("voids"),
    )
    because = models.CharField(_("reason"), max_length=300, blank=True)
    prepared_at = models.DateTimeField(_("prepared at"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    digest = models.CharField(_("digest of what was prepared"), max_length=64)
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("issued by"),
    )
    journal_hash = models.CharField(_("journal line of the issue"), max_length=64, editable=False)
    # Told when it is issued, so that a list of pays counts nothing.
    stub_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-pay_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(kind="regular"),
                name="payroll_one_regular_run_a_period",
                violation_error_message=_("This period already has its pay run."),
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None, issued_by=None, journal_hash="")
                | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="payroll_issue_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(stub_count=0) | Q(issued_at__isnull=False),
                name="payroll_issued_stubs_are_counted",
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None) | ~Q(issued_by=F("prepared_by")),
                name="payroll_issued_by_another",
                violation_error_message=_(
                    "Whoever prepared this pay does not issue it: another person does."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["regular", "offcycle"], voids=None)
                | (Q(kind__in=["correction", "void"], voids__isnull=False) & ~Q(because="")),
                name="payroll_void_names_its_stub",
                violation_error_message=_("Say why the stub is taken back."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="offcycle", through__isnull=False) & ~Q(because=""))
                | (~Q(kind="offcycle") & Q(through=None)),
                name="payroll_off_cycle_says_why",
                violation_error_message=_("Say why these people are paid between two regular pays."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pay_on}"

    @property
    def is_issued(self) -> bool:
        return self.issued_at is not None

    @property
    def expected(self) -> list[list]:
        """Person, kind, gross, net and digest of each stub as prepared. One query, the first time it is asked."""
        return self.expectation.stubs

    @property
    def ends_on(self) -> date:
        """The last day whose hours it pays."""
        return self.through or self.period.ends_on


class Expectation(models.Model):
    """Gross, net and digest of each stub of a run as it was prepared: what issuing compares itself with.

    Apart from the run, which everything that speaks of a stub reads: of ten thousand people it is a megabyte.
    """

    run = models.OneToOneField(PayRun, models.PROTECT, primary_key=True, related_name="expectation")
    stubs = models.JSONField(default=list)

    def __str__(self):
        return str(self.run)


class Acknowledgement(models.Model):
    """One warning of the pre-flight, and why the pay went ahead all the same: who said it, and when.

    Written with the run, kept with it: whoever looks at the pay later reads both, each in their own
    language. `sentence` is what its author read, word for word; `said` is the same as data.
    """

    run = models.ForeignKey(PayRun, models.PROTECT, related_name="acknowledgements")
    topic = models.CharField(max_length=100)
    sentence = models.CharField(_("warning"), max_length=600)
    said = models.JSONField(default=dict)
    because = models.CharField(_("answer"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["run", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(because=""),
                name="payroll_warning_is_answered",
                violation_error_message=_("Say why the pay goes ahead in spite of the warnings."),
            )
        ]

    def __str__(self):
        return str(read(self.said) if self.said else self.sentence)


class KeptAnswers(models.Model):
    """What somebody typed on the page of a pay they are preparing, so that leaving it loses nothing.

    `page` names that pay. It is a draft: read by its author alone, it decides nothing.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="kept_answers", verbose_name=_("person")
    )
    page = models.CharField(max_length=80)
    typed = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["-kept_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "page"], name="payroll_one_draft_of_answers"),
        ]

    def __str__(self):
        return f"{self.person}, {self.page}"


class PayStubQuerySet(models.QuerySet):
    def standing(self) -> "PayStubQuerySet":
        """The stubs that were neither taken back nor are themselves the taking back of another."""
        return self.filter(mirrors=None).exclude(voided_by__issued_at__isnull=False)

    def named(self) -> "PayStubQuerySet":
        """Those that still say whose they are: names and texts were not destroyed after their term."""
        return self.exclude(facts__person__name=ERASED)

    def paid_in(self, year: int) -> "PayStubQuerySet":
        """The stubs whose pay date falls in that tax year, mirrored ones included."""
        return self.filter(run__pay_on__year=year)

    def with_totals(self) -> "PayStubQuerySet":
        """Gross, deductions and sales taxes of each stub, summed from its lines; `net` follows from them."""

        def total(side: str) -> Sum:
            return Sum("lines__amount", filter=Q(lines__side=side), default=Decimal(0))

        return self.annotate(
            gross=total(StubLine.Side.EARNING),
            deductions=total(StubLine.Side.DEDUCTION),
            sales_taxes=total(StubLine.Side.SALES_TAX),
        )


class PayStub(models.Model):
    """What one person is paid in one run: a pay stub if salaried, a payment statement if freelance.

    Somebody who changes from one to the other within the period is paid each day as what they were
    that day: they get one of each.

    `facts` is everything the paper says besides the lines (names, addresses, hours by role, the
    rate and its decision, year to date…), frozen on the day; `inputs` (encrypted: it holds tax
    claims) is what the deductions were computed from, so that anyone entitled can recompute them.
    """

    class Kind(models.TextChoices):
        STUB = "stub", _("pay stub")
        STATEMENT = "statement", _("payment statement")

    run = models.ForeignKey(PayRun, models.PROTECT, related_name="stubs", verbose_name=_("pay run"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stubs", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # The stub that this one takes back, line by line, in a correction or a voiding.
    mirrors = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="mirrored_by"
    )
    language = models.CharField(_("language"), max_length=5)
    facts = models.JSONField()
    inputs = EncryptedTextField(blank=True)
    editions = models.CharField(_("editions of the tables"), max_length=300, blank=True)
    # What the year's maximums, the next pays and the yearly slips count: negative on a voiding.
    pensionable = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal(0))
    insurable = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal(0))
    nonperiodic = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal(0))
    nonperiodic_f5 = models.DecimalField(max_digits=10, decimal_places=2, default=Decimal(0))

    objects = PayStubQuerySet.as_manager()

    class Meta:
        ordering = ["-run__pay_on", "person__sort_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "person", "kind"],
                condition=Q(mirrors=None),
                name="payroll_one_stub_per_person_and_run",
            ),
            models.CheckConstraint(condition=Q(kind__in=["stub", "statement"]), name="payroll_stub_kind"),
        ]

    def __str__(self):
        return f"{self.person}, {self.run}"

    @property
    def is_named(self) -> bool:
        """Does it still say whose it is? After its term only the figures stay, and no document is made of it."""
        return self.facts["person"]["name"] != ERASED

    @property
    def net(self) -> Decimal:
        """What the person received, of a stub read with its totals: gross, less deductions, plus sales taxes."""
        return self.gross - self.deductions + self.sales_taxes


class StubLine(models.Model):
    """One amount on a stub: hours of a week at a rate, a deduction, a tax, the employer's share.

    An indemnity has no rate: a part of the wages of other weeks, which the stub's facts name. What is
    paid out of a bank without leave carries the week in which the period ends.
    """

    class Side(models.TextChoices):
        EARNING = "earning", _("earnings")
        DEDUCTION = "deduction", _("deductions")
        SALES_TAX = "sales_tax", _("sales taxes")
        EMPLOYER = "employer", _("employer's contributions")

    class Code(models.TextChoices):
        REGULAR = "regular", _("Regular hours")
        OVERTIME = "overtime", _("Overtime, paid at time and a half")
        BANKED = "banked", _("Overtime, banked at time and a half")
        TAKEN = "taken", _("Banked overtime, taken as leave")
        VACATION = "vacation", _("Vacation")
        HOLIDAY = "holiday", _("Statutory holiday, indemnity")
        SICK = "sick", _("Sick or family day, paid by law")
        BANK_OUT = "bank_out", _("Banked overtime, paid out")
        VACATION_OUT = "vacation_out", _("Vacation pay, without leave")
        FEDERAL_TAX = "federal_tax", _("Federal income tax")
        QUEBEC_TAX = "quebec_tax", _("Québec income tax")
        QPP = "qpp", _("QPP")
        QPP2 = "qpp2", _("QPP, second additional contribution")
        QPIP = "qpip", _("QPIP")
        EI = "ei", _("Employment insurance")
        HSF = "hsf", _("Health Services Fund")
        CNESST = "cnesst", _("CNESST, workplace accidents")
        LABOUR_STANDARDS = "standards", _("Labour standards, remitted once a year")
        GST = "gst", _("GST")
        QST = "qst", _("QST")

    class Reason(models.TextChoices):
        LATE = "late", _("hours approved after the pay of that week")
        CORRECTION = "correction", _("correction of approved hours")
        RATE = "rate", _("rate changed by decision, retroactively")
        BANK = "bank", _("banked overtime, paid")
        BASE = "base", _("computed again: the wages it is a part of have changed")
        VOID = "void", _("voided stub")

    stub = models.ForeignKey(PayStub, models.PROTECT, related_name="lines", verbose_name=_("stub"))
    side = models.CharField(max_length=10, choices=Side)
    code = models.CharField(max_length=12, choices=Code)
    week_starts_on = models.DateField(_("week of"), null=True)
    minutes = models.IntegerField(_("time"), null=True)
    rate = models.DecimalField(_("rate per hour"), max_digits=7, decimal_places=2, null=True)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    reason = models.CharField(max_length=20, blank=True, choices=Reason)

    class Meta:
        ordering = ["stub", "pk"]
        indexes = [
            models.Index(
                fields=["stub"],
                include=["code", "week_starts_on", "minutes"],
                name="payroll_bank_lines",
                condition=Q(code__in=["banked", "taken", "bank_out"]),
            ),
            models.Index(
                fields=["week_starts_on"],
                include=["stub", "minutes", "rate"],
                name="payroll_lines_by_week",
                condition=Q(week_starts_on__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(side="earning") & Q(week_starts_on=None, minutes=None, rate=None))
                | Q(side="earning", week_starts_on__isnull=False)
                & (
                    Q(code__in=["holiday", "vacation_out"], minutes=None, rate=None)
                    | Q(code="sick", minutes__isnull=False, rate=None)
                    | ~Q(code__in=["holiday", "vacation_out", "sick"])
                    & Q(minutes__isnull=False, rate__isnull=False)
                ),
                name="payroll_earnings_have_hours",
            ),
            models.CheckConstraint(
                condition=~Q(code="banked") | Q(amount=0), name="payroll_banked_is_no_money"
            ),
            models.CheckConstraint(
                condition=Q(side="earning", code__in=EARNED)
                | Q(side="deduction", code__in=["federal_tax", "quebec_tax", "qpp", "qpp2", "qpip", "ei"])
                | Q(side="sales_tax", code__in=["gst", "qst"])
                | Q(side="employer", code__in=["qpp", "qpp2", "qpip", "ei", "hsf", "cnesst", "standards"]),
                name="payroll_line_on_its_side",
            ),
            models.UniqueConstraint(
                fields=["stub", "side", "code"],
                condition=~Q(side="earning"),
                name="payroll_one_amount_a_code",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.amount}"


class StubDocument(models.Model):
    """The PDF of a stub as it was issued, with its SHA-256. Never changes."""

    stub = models.OneToOneField(PayStub, models.PROTECT, related_name="document")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="payroll_document_digest"
            )
        ]

    def __str__(self):
        return self.sha256
