"""A projection as rows for a spreadsheet: every month of its scenarios, and the total of each."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ..deductions.money import cents
from ..earnings import HOUR
from ..models import Projection
from .outlook import Month, Outlook
from .scenarios import Foreseen, Scenario


def table(projection: Projection, found: Foreseen, services: Mapping[str, str]) -> list[list[Any]]:
    """A line that says what it is, the head, a line for each month of each scenario, with its total."""
    title = [
        projection.title,
        _("Projection %(number)s") % {"number": projection.pk},
        str(projection.author),
        str(found.facts.first),
        str(found.facts.last_day),
        timezone.localtime().isoformat(timespec="seconds"),
    ]
    keys = [
        key for key in ("", *services) if any(key in of.total.revenue for of in found.by_scenario.values())
    ]
    head = [
        _("Scenario"),
        _("Month"),
        _("Pays"),
        _("Hours paid"),
        _("Hours at work"),
        _("Salaried pay"),
        _("Employer contributions"),
        _("Freelance pay, before sales taxes"),
        *(services.get(key) or _("Revenue without a service") for key in keys),
        _("Revenue"),
        _("Fixed costs"),
        _("Result: revenue less all costs"),
        _("Nets paid to people"),
        _("Remitted to governments"),
        _("In the bank at the end"),
        _("Tables of contributions"),
    ]
    rows = [
        row for scenario in Scenario for row in _rows(str(scenario.label), found.by_scenario[scenario], keys)
    ]
    return [title, head, *rows]


def _rows(scenario: str, outlook: Outlook, keys: list[str]) -> list[list[Any]]:
    rows = [
        _row(scenario, of.month, of, left, keys)
        for of, left in zip(outlook.months, outlook.closings, strict=True)
    ]
    return [*rows, _row(scenario, _("Total"), outlook.total, outlook.closing, keys)]


def _row(scenario: str, when: date | str, of: Month, left: Decimal, keys: list[str]) -> list[Any]:
    return [
        scenario,
        when,
        Decimal(of.pays),
        _hours(of.minutes),
        _hours(of.work_minutes),
        of.salaried,
        of.contributions,
        of.freelance,
        *(of.revenue.get(key, cents(Decimal(0))) for key in keys),
        of.income,
        of.costs,
        of.result,
        of.nets,
        of.remitted,
        left,
        _("those of another year, as an assumption") if of.is_carried else _("reviewed"),
    ]


def _hours(minutes: int) -> Decimal:
    return cents(Decimal(minutes) / HOUR)
