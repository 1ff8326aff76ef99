"""Mandates that come to their end: the person and the body are told once, in good time.

Whether the same person may go on is asked of the database itself, which holds to the mandates in a row.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.dated import last_day_of_term
from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import locked, write

from . import journal, outbox
from .models import Committee, Cooperative, JournalEntry, Mandate, Person

#: How long before the last day it is said.
IN_GOOD_TIME = timedelta(days=42)
TOLD = "members.mandate_end_told"

journal.name_events({TOLD: gettext_lazy("end of a mandate told")})


class _Tried(Exception):
    """Undoes the mandate that was tried."""


def may_go_on(mandate: Mandate) -> bool:
    """Could the same person be given the next mandate, right after this one? Tried and undone."""
    starts_on = mandate.ends_on + timedelta(days=1)
    following = Mandate(
        committee=mandate.committee,
        person=mandate.person,
        starts_on=starts_on,
        ends_on=last_day_of_term(starts_on, mandate.committee.term_months),
    )
    if not mandate.committee.holds_on(starts_on):
        return False
    try:
        with transaction.atomic():
            write(following)
            raise _Tried
    except _Tried:
        return True
    except (Refused, ValidationError):
        return False


def ending(today: date) -> Iterator[Mandate]:
    """The mandates that end within six weeks, that nothing follows, and whose end nobody was told of yet."""
    following = Mandate.objects.filter(
        committee=OuterRef("committee"), person=OuterRef("person"), starts_on__gt=OuterRef("starts_on")
    )
    soon = (
        Mandate.objects.on(today)
        .filter(~Exists(following), ends_on__lte=today + IN_GOOD_TIME, person__closed_at=None)
        .select_related("committee", "person")
        .order_by("ends_on", "pk")
    )
    return (mandate for mandate in soon if not _was_told(mandate))


def _was_told(mandate: Mandate) -> bool:
    """Was this end told? A mandate that was given another last day since is told again."""
    return JournalEntry.objects.filter(
        event=TOLD, body__mandate=mandate.pk, body__ends_on=mandate.ends_on.isoformat()
    ).exists()


def tell_of_ends(today: date) -> int:
    """Write to the person and to those who sit on the body; how many messages. Run twice, it writes nothing twice."""
    return sum(_tell(mandate, today) for mandate in list(ending(today)))


@transaction.atomic
def _tell(mandate: Mandate, today: date) -> int:
    mandate = locked(mandate)
    if mandate.ends_on is None or _was_told(mandate):
        return 0
    goes_on = may_go_on(mandate)
    people = sorted({mandate.person, *_seated(mandate.committee, today)}, key=lambda person: person.pk)
    cooperative = Cooperative.objects.values_list("name", flat=True).first()
    for person in people:
        with translation.override(person.language):
            subject = _("A mandate ends on %(day)s: %(body)s") % {
                "body": mandate.committee.name,
                "day": written(mandate.ends_on),
            }
            context = {
                "person": person,
                "mandate": mandate,
                "is_theirs": person == mandate.person,
                "goes_on": goes_on,
                "cooperative": cooperative,
                "link": settings.SITE_URL.rstrip("/")
                + reverse("members:committee", args=[mandate.committee_id]),
            }
            outbox.write(person, subject=subject, text=render_to_string("members/mandate_ends.txt", context))
    journal.record(TOLD, by=None, mandate=mandate.pk, ends_on=mandate.ends_on.isoformat(), told=len(people))
    return len(people)


def _seated(committee: Committee, today: date) -> Iterator[Person]:
    seats = committee.mandates.in_force(today).filter(person__closed_at=None).select_related("person")
    return (seat.person for seat in seats)
