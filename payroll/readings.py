"""Who looked at what is confidential of a member: each reading by somebody else is kept and shown to its owner."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from members import contact
from members.models import Person, Power
from members.powers import NotAllowed, holds_any

from .models import FileReading, PayStub

What = FileReading.What
# The powers that open each kind of file. Nothing else does.
OPENED_BY = dict.fromkeys(What, frozenset({Power.PREPARE_PAY, Power.ISSUE_PAY}))
OPENED_BY[What.CONTACT] = contact.OPENED_BY


@transaction.atomic
def open_file(person: Person, what: FileReading.What, *, by: Person) -> FileReading | None:
    """Write down that `by` opens this person's file; nothing to write when it is their own.

    Raises NotAllowed without a mandate that opens this kind of file.
    """
    if person == by:
        return None
    demand_to_open(what, by)
    return FileReading.objects.create(person=person, reader=by, what=what)


@transaction.atomic
def open_stubs(stubs: Iterable[PayStub], *, by: Person) -> None:
    """Write down that `by` takes these people's stubs, all at once."""
    open_files((stub.person_id for stub in stubs), What.STUB, by=by)


@transaction.atomic
def open_files(people: Iterable[int], what: FileReading.What, *, by: Person) -> None:
    """Write down that `by` takes these people's files of one kind, all at once; their own is not counted."""
    demand_to_open(what, by)
    others = dict.fromkeys(person_id for person_id in people if person_id != by.pk)
    FileReading.objects.bulk_create(
        [FileReading(person_id=person_id, reader=by, what=what) for person_id in others]
    )


@transaction.atomic
def open_accounts(people: Iterable[Person], *, by: Person) -> None:
    """Write down that `by` takes these people's bank accounts, all at once."""
    demand_to_open(What.BANK_ACCOUNT, by)
    FileReading.objects.bulk_create(
        [
            FileReading(person=person, reader=by, what=What.BANK_ACCOUNT)
            for person in people
            if person.pk != by.pk
        ]
    )


def demand_to_open(what: FileReading.What, by: Person) -> None:
    if not holds_any(by, OPENED_BY[what]):
        raise NotAllowed(sentence=_("Only its owner and those whose mandate opens it may open this file."))


def of_my_file(person: Person) -> QuerySet[FileReading]:
    """Who looked at this person's file, the latest first."""
    return person.file_readings.select_related("reader")
