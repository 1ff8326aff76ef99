"""An approver steps aside from somebody's hours: declared, dated, recorded, and kept by the database."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.dated import day_before
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Person, Power
from members.models.people import PersonQuerySet
from members.powers import demand, holders

from .models import ConflictOfInterest

journal.name_events(
    {
        "hours.stepped_aside": _("conflict of interest declared"),
        "hours.stepped_back": _("conflict of interest ended"),
    }
)


class StepsAside(Refused):
    sentence = _(
        "You declared a conflict of interest: another member of the committee decides on these hours."
    )


class NotYourConflict(Refused):
    sentence = _("Only the person who stepped aside says that it is over.")


def aside_from(approver: Person) -> frozenset[int]:
    """The people from whose hours an approver steps aside today."""
    today = timezone.localdate()
    rows = ConflictOfInterest.objects.on(today).filter(approver=approver)
    return frozenset(rows.values_list("person_id", flat=True))


def who_can_decide(person: Person) -> PersonQuerySet:
    """Who may decide on this person's hours today: holders of the power, neither them nor who steps aside."""
    aside = ConflictOfInterest.objects.on(timezone.localdate()).filter(person=person)
    return holders(Power.APPROVE_HOURS).exclude(pk=person.pk).exclude(pk__in=aside.values("approver"))


@transaction.atomic
def declare(person: Person, *, by: Person, because: str = "") -> ConflictOfInterest:
    """From today, `by` decides no more on this person's hours. Saying why is theirs to choose."""
    demand(by, Power.APPROVE_HOURS)
    conflict = ConflictOfInterest(
        approver=by, person=person, because=because.strip(), starts_on=timezone.localdate()
    )
    write(conflict)
    journal.record("hours.stepped_aside", by=by, person=person.pk, **journal.days(conflict))
    return conflict


@transaction.atomic
def end(conflict: ConflictOfInterest, *, by: Person) -> None:
    """It is over: from today `by` may decide again. One declared today is taken back."""
    conflict = locked(conflict)
    if conflict.approver_id != by.pk:
        raise NotYourConflict
    today = timezone.localdate()
    if conflict.starts_on >= today:
        conflict.delete()
    else:
        conflict.ends_on = day_before(today)
        write(conflict)
    journal.record("hours.stepped_back", by=by, person=conflict.person_id, conflict=conflict.pk)
