"""What a decision can do about pay: set the one hourly rate, adopt a projection."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from koumbit.forms import MoneyField
from members.acts import Act, know
from members.models import Power

from . import rates
from .forms.rates import HIGHEST, LOWEST
from .models import Projection
from .projections import keeping

_PAY = _("Pay")


class RateActForm(forms.Form):
    """The next rate, for everyone; it starts on the day the decision takes effect."""

    amount = MoneyField(
        label=_("Rate per hour"),
        min_value=LOWEST,
        max_value=HIGHEST,
        help_text=_(
            "For everyone, whatever the work. With a day of effect in the past, the difference is paid."
        ),
    )


class ProjectionActForm(forms.Form):
    """Which of the projections that were kept the co-op counts with from now on."""

    projection = forms.ModelChoiceField(
        Projection.objects.filter(kept_at__isnull=False, adopted_by_decision=None), label=_("Projection")
    )


def _what_a_rate_does(asked: dict[str, Any], starts_on: date) -> str:
    """The page where each sees their own net, and all the year's cost."""
    amount: Decimal = asked["amount"]
    return f"{reverse('payroll:rate_try')}?{urlencode({'amount': amount, 'starts_on': starts_on})}"


def _the_projection(asked: dict[str, Any], _starts_on: date) -> str:
    return reverse("payroll:projection", args=[asked["projection"].pk])


know(
    Act(
        "payroll.set_rate",
        _("Set the hourly rate"),
        _PAY,
        Power.SET_RATE,
        RateActForm,
        lambda decision, amount: rates.set_rate(
            amount=amount, starts_on=decision.effective_on, decision=decision, by=decision
        ),
        effects=_what_a_rate_does,
        seen_at="payroll:rates",
    ),
    Act(
        "payroll.adopt_projection",
        _("Adopt a projection"),
        _PAY,
        Power.SET_RATE,
        ProjectionActForm,
        lambda decision, projection: keeping.adopt_projection(projection, decision=decision, by=decision),
        effects=_the_projection,
        seen_at="payroll:projections",
    ),
)
