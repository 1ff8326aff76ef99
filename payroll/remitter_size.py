"""Does the frequency on file suit what the pays bring? A suggestion in a sentence, never a change."""

from datetime import date

from django.utils.translation import gettext as _

from koumbit.formats import dollars

from .business_days import Government
from .deductions import remitting_on
from .deductions.money import cents
from .models import Government as GovernmentName
from .models import RemitterType
from .remitting import DEFAULT, average_month, usual_frequency
from .standings import Book

#: Months with a pay under which an average says nothing.
FEWEST_MONTHS = 3
MONTHS_OF_YEAR = 12


def suggestions(book: Book) -> list[str]:
    """For each government whose limits the year's average crosses, which frequency is usual at that size."""
    found = []
    for government in Government:
        by_day = book.sent[government]
        if len({day.month for day, amount in by_day if amount}) < FEWEST_MONTHS:
            continue
        average = average_month(by_day)
        rules = remitting_on(date(book.year, 12, 31))
        usual = usual_frequency(average, average * MONTHS_OF_YEAR, government, rules)
        last = min(book.today, date(book.year, 12, 31))
        held = next(
            (
                one.frequency
                for one in book.rules.types.get(government, ())
                if one.starts_on <= last and (one.ends_on is None or last <= one.ends_on)
            ),
            DEFAULT,
        )
        if usual != held:
            found.append(
                _(
                    "The pays of %(year)s bring %(amount)s a month on average to %(to)s: at that size one usually "
                    "remits %(usual)s, and here it is %(held)s. Only the government's notice changes it: "
                    "look for it, or ask."
                )
                % {
                    "year": book.year,
                    "amount": dollars(cents(average)),
                    "to": GovernmentName(government).label,
                    "usual": RemitterType.Frequency(usual).label,
                    "held": RemitterType.Frequency(held).label,
                }
            )
    return found
