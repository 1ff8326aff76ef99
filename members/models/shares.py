"""What members put in together: shares subscribed, paid, refunded, as entries that are never changed."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ShareEntryQuerySet(models.QuerySet):
    def holdings(self) -> "ShareEntryQuerySet":
        """By person: how many `shares` they hold and what they have `paid` for them, in dollars."""
        paid = Q(kind=ShareEntry.Kind.PAID)
        back = Q(kind=ShareEntry.Kind.REFUNDED)
        none = Decimal(0)
        return (
            self.order_by()
            .values("person")
            .annotate(
                shares_in=Coalesce(Sum("shares", filter=~back), 0),
                shares_out=Coalesce(Sum("shares", filter=back), 0),
                amount_in=Coalesce(Sum("amount", filter=paid), none),
                amount_out=Coalesce(Sum("amount", filter=back), none),
            )
            .annotate(held=F("shares_in") - F("shares_out"), paid=F("amount_in") - F("amount_out"))
        )


class ShareEntry(models.Model):
    """One line of a member's shares. A mistake is followed by the entry that reverses it.

    Subscribed: a number of shares, at the value the co-op gives one. Paid: dollars. Refunded: shares given
    up and dollars paid back. At no moment is more paid than the shares are worth, or refunded than was paid
    (`members_shares_hold`).
    """

    class Kind(models.TextChoices):
        SUBSCRIBED = "subscribed", _("subscribed")
        PAID = "paid", pgettext_lazy("shares", "paid")
        REFUNDED = "refunded", _("refunded")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="share_entries", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    on = models.DateField(_("day"))
    shares = models.IntegerField(_("number of shares"), default=0)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2, default=Decimal("0.00"))
    reference = models.CharField(
        _("reference"), max_length=60, blank=True, help_text=_("Of a cheque or a transfer, for instance.")
    )
    decision = models.ForeignKey(
        "Decision", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decision")
    )
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="reversed_by",
        verbose_name=_("reverses"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = ShareEntryQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses__isnull=False)
                | Q(kind="subscribed", shares__gt=0, amount=0)
                | Q(kind="paid", shares=0, amount__gt=0)
                | (Q(kind="refunded", shares__gte=0, amount__gte=0) & ~Q(shares=0, amount=0)),
                name="members_share_entry_says_what_it_is",
                violation_error_message=_(
                    "Shares are subscribed by number, paid in dollars, refunded as both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(recorded_by=None) | ~Q(recorded_by=F("person")),
                name="members_shares_recorded_by_another",
                violation_error_message=_(
                    "Nobody writes in their own shares: ask another holder of this power."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind="refunded") | Q(decision__isnull=False) | Q(reverses__isnull=False),
                name="members_refund_is_decided",
                violation_error_message=_("Shares are refunded by a decision: name it."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_kind_display()} {self.on}"
