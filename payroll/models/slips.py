from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from koumbit.said import Said, read


class YearEnd(models.Model):
    """The slips of a year of payment: prepared by one person, confirmed by another, then only amended.

    The first of a year (`number` 1) holds everybody's slips; each one after it holds the slips that
    changed since, and says why. Slips are written when it is confirmed.
    """

    class Dental(models.TextChoices):
        NONE = "1", _("no access to dental insurance")
        PERSON = "2", _("the person only")
        FAMILY = "3", _("the person, spouse and dependent children")
        COUPLE = "4", _("the person and spouse")
        CHILDREN = "5", _("the person and dependent children")

    year = models.PositiveSmallIntegerField(_("year of payment"))
    number = models.PositiveSmallIntegerField(_("number"))
    dental = models.CharField(_("T4, box 45: dental insurance offered"), max_length=1, choices=Dental)
    because = models.CharField(_("reason"), max_length=300, blank=True)
    # What the checks found on the day it was prepared: why it went ahead all the same is `because`.
    findings = models.JSONField(default=list, editable=False)
    slip_count = models.PositiveIntegerField(_("slips"))
    digest = models.CharField(_("digest of what was prepared"), max_length=64)
    prepared_at = models.DateTimeField(_("prepared at"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("confirmed by"),
    )

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"],
                name="payroll_one_year_end_a_number",
                violation_error_message=_("Somebody prepared the slips of this year in the meantime."),
            ),
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(confirmed_at=None),
                name="payroll_one_year_end_waits",
                violation_error_message=_("Slips of this year wait to be confirmed already."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="payroll_year_end_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("prepared_by")),
                name="payroll_confirmed_by_another",
                violation_error_message=_(
                    "Whoever prepared these slips does not confirm them: another person does."
                ),
            ),
            models.CheckConstraint(
                condition=Q(number=1, findings=[]) | ~Q(because=""),
                name="payroll_year_end_says_why",
                violation_error_message=_("Say why the slips are amended, or confirmed as they are."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, dental__in=["1", "2", "3", "4", "5"]),
                name="payroll_year_end_numbers",
            ),
        ]

    def __str__(self):
        return f"{self.year}-{self.number}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_amendment(self) -> bool:
        return self.number > 1

    @property
    def warnings(self) -> list[Said | str]:
        """What they were confirmed in spite of, in the reader's language."""
        return [read(kept) for kept in self.findings]


class SlipQuerySet(models.QuerySet):
    def latest(self) -> "SlipQuerySet":
        """Of each person and kind, in each year, the version that holds: no later one amends it."""
        return self.filter(amended_by=None)


class Slip(models.Model):
    """The figures of one person's RL-1, T4 or T4A of a year, as they were confirmed. Never changes.

    `boxes` maps a box to what is written in it (amounts as text with two decimals; empty boxes are
    left out). `facts` says who paid whom. The social insurance number is not here: it is read from the
    person's file, by those who may, when a sheet is made.
    """

    class Kind(models.TextChoices):
        RL1 = "rl1", _("RL-1")
        T4 = "t4", _("T4")
        T4A = "t4a", _("T4A")

    class Change(models.TextChoices):
        ORIGINAL = "original", _("original")
        AMENDED = "amended", _("amended")
        CANCELLED = "cancelled", _("cancelled")

    year_end = models.ForeignKey(
        YearEnd, models.PROTECT, related_name="slips", verbose_name=_("slips of a year")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="slips", verbose_name=_("person")
    )
    kind = models.CharField(_("slip"), max_length=3, choices=Kind)
    change = models.CharField(_("version"), max_length=10, choices=Change)
    amends = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="amended_by", verbose_name=_("replaces")
    )
    boxes = models.JSONField()
    facts = models.JSONField()

    objects = SlipQuerySet.as_manager()

    class Meta:
        ordering = ["person__sort_name", "person", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year_end", "person", "kind"], name="payroll_one_slip_a_person_and_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=["rl1", "t4", "t4a"]), name="payroll_slip_kind"),
            models.CheckConstraint(
                condition=Q(change="original", amends=None)
                | Q(change__in=["amended", "cancelled"], amends__isnull=False),
                name="payroll_amended_slip_names_the_first",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.year_end.year}, {self.person}"
