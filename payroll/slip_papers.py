"""The sheet of a person's slips of a year, on paper: the figures to carry into the governments' forms."""

from django.utils import timezone, translation

from koumbit.purge_sql import ERASED
from members.models import Person

from . import documents, profiles, slips
from .models import Slip
from .slip_words import Sheet, file_name, sheets_of_slips

__all__ = ["file_name", "sheet_of", "write", "years_of"]


def write(person: Person, year: int, sheets: list[Sheet], *, sin: str, language: str) -> bytes:
    """The sheet as a PDF, in the language that is active. `sin` is the number as its reader may see it.

    Raises DocumentsUnavailable when a system library is missing.
    """
    context = {"year": year, "person": person, "sheets": sheets, "sin": sin, "language": language}
    context |= {"facts": sheets[0].facts, "today": timezone.localdate()}
    return documents.printed("payroll/pdf/slips.html", context)


def years_of(person: Person) -> list[int]:
    """The years of which somebody has confirmed slips that still say whose they are."""
    own = Slip.objects.latest().filter(person=person, year_end__confirmed_at__isnull=False)
    own = own.exclude(facts__name=ERASED).order_by("year_end__year")
    return list(own.values_list("year_end__year", flat=True).distinct())


def sheet_of(person: Person, year: int) -> bytes:
    """Somebody's confirmed slips of a year, for themselves, the social insurance number masked."""
    confirmed = list(slips.latest(year, people=[person.pk]).values())
    with translation.override(person.language):
        sin = profiles.masked(profiles.sin_of(person))
        return write(person, year, sheets_of_slips(confirmed, year), sin=sin, language=person.language)
