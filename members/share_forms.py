"""What is typed about member shares."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from koumbit.forms import DayField, MoneyField, PlainText

from .forms import DecisionField
from .models import Person, ShareEntry

MOST_SHARES = 1_000_000


class _EntryForm(PlainText, forms.Form):
    on = DayField(label=capfirst(_("day")), initial=timezone.localdate)


class SubscriptionForm(_EntryForm):
    """How many more shares a member holds."""

    shares = forms.IntegerField(label=_("Number of shares"), min_value=1, max_value=MOST_SHARES)


class PaymentForm(_EntryForm):
    """What a member paid for their shares."""

    amount = MoneyField(label=capfirst(_("amount")), min_value=Decimal("0.01"))
    reference = forms.CharField(
        label=capfirst(_("reference")),
        max_length=60,
        required=False,
        help_text=ShareEntry._meta.get_field("reference").help_text,
    )


class RefundForm(PaymentForm):
    """What is paid back to a member, and the shares they give up."""

    shares = forms.IntegerField(label=_("Number of shares given up"), min_value=0, max_value=MOST_SHARES)
    amount = MoneyField(label=_("Amount paid back"))
    decision = DecisionField(
        label=capfirst(_("decision")), help_text=_("Taken here, or recorded by somebody else than you.")
    )
    field_order = ["on", "shares", "amount", "decision", "reference"]


class RefundActForm(forms.Form):
    """Whose shares are refunded, how many and for how much."""

    shares = forms.IntegerField(label=_("Number of shares given up"), min_value=0, max_value=MOST_SHARES)
    amount = MoneyField(label=_("Amount paid back"))
    field_order = ["person", "shares", "amount"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        holders = Person.objects.filter(pk__in=ShareEntry.objects.values("person"))
        self.fields["person"] = forms.ModelChoiceField(holders.by_name(), label=capfirst(_("person")))
        self.order_fields(self.field_order)
