"""What the pay knows of the co-op's objectives: the one rate."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from members.objectives import Measure, Unit, know

from .models import HourlyRate


def _rate(first: date, last: date) -> Decimal | None:
    """The rate of the last day."""
    rate = HourlyRate.objects.on(last)
    return rate.amount if rate else None


def _measures() -> Iterator[Measure]:
    yield Measure("payroll.rate", _("the one hourly rate"), Unit.DOLLARS, _rate)


know(_measures)
