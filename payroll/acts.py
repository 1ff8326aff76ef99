"""What a decision can do about pay: set the one hourly rate."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from koumbit.forms import MoneyField
from members.acts import Act, know
from members.models import Power

from . import rates


class RateActForm(forms.Form):
    """The next rate, for everyone; it starts on the day the decision takes effect."""

    amount = MoneyField(
        label=_("Rate per hour"),
        min_value=Decimal("0.01"),
        max_value=Decimal("999.99"),
        help_text=_(
            "For everyone, whatever the work. With a day of effect in the past, the difference is paid."
        ),
    )


know(
    Act(
        "payroll.set_rate",
        _("Set the hourly rate"),
        _("Pay"),
        Power.SET_RATE,
        RateActForm,
        lambda decision, amount: rates.set_rate(
            amount=amount, starts_on=decision.effective_on, decision=decision, by=decision
        ),
    )
)
