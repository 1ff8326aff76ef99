"""How days are told to people: the names of the statutory holidays, a day or a few."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from koumbit import formats

from .holidays import Holiday, holiday_on

_NAMES = {
    Holiday.NEW_YEAR: _("New Year’s Day"),
    Holiday.GOOD_FRIDAY: _("Good Friday"),
    Holiday.PATRIOTS: _("National Patriots’ Day"),
    Holiday.NATIONAL: _("National Holiday"),
    Holiday.CANADA: _("Canada Day"),
    Holiday.LABOUR: _("Labour Day"),
    Holiday.THANKSGIVING: _("Thanksgiving"),
    Holiday.CHRISTMAS: _("Christmas Day"),
}


def holiday_name(day: date) -> str:
    """The name of the statutory holiday of that day in the reader's language, or nothing."""
    holiday = holiday_on(day)
    return str(_NAMES[holiday]) if holiday else ""


def span(first: date, last: date) -> str:
    """A day, or from a day to a day, as the reader says it; the year once where it is the same."""
    if first == last:
        return f"{formats.weekday(first)} {first.year}"
    begins = formats.weekday(first) if first.year == last.year else f"{formats.weekday(first)} {first.year}"
    ends = f"{formats.weekday(last)} {last.year}"
    return pgettext("days of leave", "%(first)s to %(last)s") % {"first": begins, "last": ends}
