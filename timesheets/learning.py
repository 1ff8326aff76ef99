"""Hours in which somebody learns a task: ordinary hours, paid like any, with the mentor named.

The mentor logs their own hour on the same task: teaching is work, and its time is planned.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members.models import Person

from .models import TimeEntry, WeekSheet
from .refusals import NotYours, WeekIsWaiting


class FinalAlready(Refused):
    sentence = _("This time is approved: what it says stays as it is.")


class NotHere(Refused):
    sentence = _("Name somebody who works here or is a member.")


class LearntAlone(Refused):
    sentence = _("One learns with somebody else: name the person who teaches.")


def mentors(person: Person) -> QuerySet[Person]:
    """Those with whom this person may learn: everybody who is here today but them."""
    return Person.objects.here(timezone.localdate()).active().exclude(pk=person.pk).by_name()


@transaction.atomic
def name_mentor(entry: TimeEntry, *, by: Person, mentor: Person | None) -> TimeEntry:
    """Say with whom one learnt in this hour, or that it was an hour like the others.

    In one's own week, as long as it is a draft. Raises `NotYours`, `FinalAlready`, `LearntAlone`, `NotHere`,
    `WeekIsWaiting`.
    """
    if entry.person_id != by.pk:
        raise NotYours
    if mentor == by:
        raise LearntAlone
    if mentor is not None and not mentors(by).filter(pk=mentor.pk).exists():
        raise NotHere
    sheet = WeekSheet.objects.select_for_update().get(pk=entry.sheet_id)
    entry = locked(entry)
    if entry.is_final or entry.corrects_id:
        raise FinalAlready
    if not sheet.is_draft:
        raise WeekIsWaiting
    entry.learning_with = mentor
    write(entry)
    return entry
