"""A projection as rows for a spreadsheet: every month of its scenarios, and the total of each."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ..deductions.money import cents
from ..earnings import HOUR
from ..models import Projection
from .actual import Compared
from .outlook import Month, Outlook
from .scenarios import Foreseen, Scenario


def table(
    projection: Projection, found: Foreseen, services: Mapping[str, str], past: Sequence[Compared] = ()
) -> list[list[Any]]:
    """A line that says what it is, the head, a line for each month of each scenario, with its total.

    Where months are over, beside those of the expected scenario stands what they came to, as far as it is known.
    """
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
    if past:
        head += [
            _("Hours paid, actual"),
            _("Pay, actual"),
            _("Contributions, actual"),
            _("Revenue, actual"),
            _("Fixed costs, actual"),
            _("In the bank, actual"),
        ]
        came_to = {one.foreseen.month: _came_to(one) for one in past}
        expected, nothing = str(Scenario.EXPECTED.label), [""] * len(_came_to(past[0]))
        rows = [[*row, *(came_to.get(row[1], nothing) if row[0] == expected else nothing)] for row in rows]
    return [title, head, *rows]


def _came_to(one: Compared) -> list[Any]:
    """What is known of a month that is over; nothing in the place of what is not known, or not shown."""
    known = [
        None if one.actual.minutes is None else _hours(one.actual.minutes),
        one.actual.pay,
        one.actual.contributions,
        *(after for _before, after, _change in one.money),
    ]
    return ["" if amount is None else amount for amount in known]


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
