"""Hours in which somebody learns a task: ordinary hours, paid like any, with the mentor named.

The mentor logs their own hour on the same task: teaching is work, and its time is planned.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members.models import Person

from .models import TimeEntry, WeekSheet
from .refusals import NotYours, WeekIsWaiting


class FinalAlready(Refused):
    sentence = _("This time is approved: what it says stays as it is.")


class LearntAlone(Refused):
    sentence = _("One learns with somebody else: name the person who teaches.")


@transaction.atomic
def name_mentor(entry: TimeEntry, *, by: Person, mentor: Person | None) -> TimeEntry:
    """Say with whom one learnt in this hour, or that it was an hour like the others.

    In one's own week, as long as it is a draft. Raises `NotYours`, `FinalAlready`, `LearntAlone`,
    `WeekIsWaiting`.
    """
    if entry.person_id != by.pk:
        raise NotYours
    if mentor == by:
        raise LearntAlone
    sheet = WeekSheet.objects.select_for_update().get(pk=entry.sheet_id)
    entry = locked(entry)
    if entry.is_final or entry.corrects_id:
        raise FinalAlready
    if not sheet.is_draft:
        raise WeekIsWaiting
    entry.learning_with = mentor
    write(entry)
    return entry
