"""What is said ahead of time about the law: tables that end, a minimum wage that passes the rate."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from koumbit.formats import day as written
from koumbit.said import Said, said
from members.models import Cooperative, Power

from . import editions, profiles, rates
from .calendar import Calendar
from .periods import calendar_of
from .rates import Shortfall

PAY_POWERS = {Power.PREPARE_PAY, Power.ISSUE_PAY}


class Ahead(NamedTuple):
    """Something to settle before it stops a pay or breaks the law: a sentence, and the page about it.

    `tone` is how it is shown: "wait" while there is time, "warn" when the day has come.
    """

    sentence: str
    url: str
    tone: str = "wait"


def warnings(held: Collection[str], cooperative: Cooperative | None, today: date) -> list[Ahead]:
    """What the holders of the pay powers, and of the rate, should see coming. At most one query."""
    found = []
    holds_pay = bool(PAY_POWERS.intersection(held))
    if cooperative and holds_pay and (sentence := tables_end(calendar_of(cooperative), today)):
        found.append(Ahead(sentence, "payroll:tables"))
    if holds_pay or Power.SET_RATE in held:
        for shortfall in rates.shortfalls(today)[:1]:
            tone = "warn" if shortfall.day <= today else "wait"
            found.append(Ahead(str(too_low(shortfall, today)), "payroll:rates", tone))
    return found


def forms_to_confirm(held: Collection[str], today: date) -> list[Ahead]:
    """How many tax forms nobody has confirmed, for those who prepare or issue pay. One query."""
    count = profiles.waiting(today).count() if PAY_POWERS.intersection(held) else 0
    if not count:
        return []
    sentence = ngettext(
        "The tax forms of %(count)s person wait to be confirmed.",
        "The tax forms of %(count)s people wait to be confirmed.",
        count,
    )
    return [Ahead(sentence % {"count": count}, "payroll:forms_waiting")]


def tables_end(calendar: Calendar, today: date) -> str:
    """That pays to come are refused until the next tables are reviewed; empty while it is far off."""
    refused = editions.first_refused(calendar, today)
    if refused is None:
        return ""
    return _(
        "The tables of rates are reviewed through %(last)s: the pay of %(day)s is refused until the next "
        "ones are reviewed and installed."
    ) % {"last": written(editions.last_reviewed()), "day": written(refused)}


def too_low(shortfall: Shortfall, today: date) -> Said:
    """That the rate is lower than the minimum wage, now or from a day to come."""
    rate, minimum, day = shortfall
    if day <= today:
        sentence = gettext_noop(
            "The hourly rate of %(rate)s is lower than the minimum wage, %(minimum)s since %(since)s: "
            "a decision must raise it, and the difference is owed."
        )
    else:
        sentence = gettext_noop(
            "From %(day)s the hourly rate of %(rate)s is lower than the minimum wage, which becomes "
            "%(minimum)s: have a decision raise it before then."
        )
    return said(
        sentence,
        rate=rate.amount,
        minimum=minimum.hourly,
        since=minimum.effective_from,
        day=day,
    )
