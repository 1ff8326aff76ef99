"""Who is known to the co-op, how they work and are paid, from when to when, and their account.

Every act asks for the power to admit people, except one's own contact data. How one becomes a member, steps
back and leaves is told in `paths`.
"""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koumbit.dated import DatedModel, day_before
from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import locked, write

from . import journal
from .invitations import has_come_in
from .models import Mandate, Person, Power, Step, WorkStatus
from .models.people import DESTROYED
from .powers import Author, demand, somebody_still_holds
from .statuses import rewrite, stretches_of
from .steps import open_list

# What a person changes about themselves; the rest is kept by those who admit people.
OWN_FIELDS = frozenset({"given_name", "family_name", "language", "phone", "address"})
KEPT_FIELDS = OWN_FIELDS | {"email", "born_on"}


class EmailIsTheirs(Refused):
    """Whoever could change the address of an account could enter it."""

    def __init__(self):
        super().__init__(
            _(
                "This person has already signed in: they change their e-mail address themselves, in their account."
            )
        )


class SeatedAlready(Refused):
    """Whoever could change the address of somebody with a mandate could act with it."""

    def __init__(self):
        super().__init__(
            _(
                "This person sits on a committee: end their mandate before changing their e-mail address, "
                "then have somebody else give it again."
            )
        )


class AlreadyEnded(Refused):
    """What has an end is not made to last longer by ending it again."""

    def __init__(self, last_day: date):
        super().__init__(
            _("This already ends on %(day)s. To make it last longer, add a new one after it.")
            % {"day": written(last_day)}
        )


class NoStatus(Refused):
    """There is nothing to change on that day."""

    def __init__(self, day: date):
        super().__init__(
            _("This person has no work status on %(day)s: start one instead.") % {"day": written(day)}
        )


class SameStatus(Refused):
    """A change that changes nothing."""

    def __init__(self):
        super().__init__(_("Nothing changes: the work status is already so on that day."))


class FileDestroyed(Refused):
    """Whose file was destroyed comes back as somebody new."""

    def __init__(self):
        super().__init__(
            _("This file was destroyed after its term: enter the person anew if they come back.")
        )


class AccountInThatState(Refused):
    """The account is closed, or open, already."""

    def __init__(self, person: Person):
        super().__init__(
            _("This account is already open.") if person.is_active else _("This account is already closed.")
        )


def end_on(fact: DatedModel, last_day: date) -> bool:
    """Give a dated fact its last day; take it back whole if it has not begun before today.

    Returns whether the fact still stands. The row is locked by the caller.
    """
    if fact.ends_on is not None and fact.ends_on <= last_day:
        raise AlreadyEnded(fact.ends_on)
    if last_day < fact.starts_on and fact.starts_on >= timezone.localdate():
        fact.delete()
        return False
    fact.ends_on = last_day
    write(fact)
    return True


def demand_file(person: Person) -> None:
    """Raise `FileDestroyed` where only a number is left of somebody. For verbs."""
    if Person.objects.filter(pk=person.pk, email__endswith=DESTROYED).exists():
        raise FileDestroyed


@transaction.atomic
def admit_person(*, by: Person, email: str, given_name: str, **fields) -> Person:
    """Enter somebody the co-op will know. They can sign in once invited, and work from their first status on.

    `fields`: family_name, language, phone, address, born_on.
    """
    demand(by, Power.ADMIT_PEOPLE)
    _refuse_unknown(fields)
    person = Person(email=email.strip().lower(), given_name=given_name, **fields)
    person.set_unusable_password()
    write(person)
    journal.record("members.person_admitted", by=by, person=person.pk)
    return person


@transaction.atomic
def change_person(person: Person, *, by: Person, **fields) -> Person:
    """Correct what is known of a person: by themself for their contact data, else by who admits people."""
    _refuse_unknown(fields)
    demand_file(person)
    person = locked(person)
    changed = sorted(name for name, value in fields.items() if getattr(person, name) != value)
    if person != by or not OWN_FIELDS.issuperset(changed):
        demand(by, Power.ADMIT_PEOPLE)
    if not changed:
        return person
    if "email" in changed and has_come_in(person):
        raise EmailIsTheirs
    if "email" in changed and person.mandates.during(timezone.localdate(), date.max).exists():
        raise SeatedAlready
    for name in changed:
        setattr(person, name, fields[name])
    person.email = person.email.strip().lower()
    write(person)
    journal.record("members.person_changed", by=by, person=person.pk, fields=changed)
    return person


def _refuse_unknown(fields: dict) -> None:
    unknown = fields.keys() - KEPT_FIELDS
    if unknown:
        raise TypeError(f"not something to write about a person: {sorted(unknown)}")


@transaction.atomic
def close_account(person: Person, *, by: Person) -> Person:
    """From now on the person cannot sign in; what they did stays. Their mandates open nothing meanwhile."""
    demand(by, Power.ADMIT_PEOPLE)
    with somebody_still_holds(Power.KEEP_COMMITTEES):
        person = locked(person)
        if not person.is_active:
            raise AccountInThatState(person)
        person.closed_at = timezone.now()
        write(person)
    journal.record("members.account_closed", by=by, person=person.pk)
    return person


@transaction.atomic
def reopen_account(person: Person, *, by: Person) -> Person:
    """The person may sign in again."""
    demand(by, Power.ADMIT_PEOPLE)
    demand_file(person)
    person = locked(person)
    if person.is_active:
        raise AccountInThatState(person)
    person.closed_at = person.closes_on = None
    write(person)
    journal.record("members.account_reopened", by=by, person=person.pk)
    return person


def close_after(person: Person, day: date) -> None:
    """The account of somebody who leaves opens until that day. The row is locked by the caller."""
    person.closes_on = day
    write(person)


def keep_open(person: Person) -> None:
    """Whoever is here again keeps their account."""
    if person.closes_on is not None:
        person = locked(person)
        person.closes_on = None
        write(person)


@transaction.atomic
def close_accounts_due(today: date) -> int:
    """Close the accounts whose last day is over; how many were. For the clock.

    Not those of people who sit on a committee again: whoever seated them needs them there.
    """
    seated = Mandate.objects.in_force(today).values("person")
    due = Person.objects.active().filter(closes_on__lt=today).exclude(pk__in=seated)
    due = due.select_for_update(of=("self",))
    for person in due:
        person.closed_at = timezone.now()
        write(person)
        journal.record("members.account_closed", by=None, person=person.pk)
    return len(due)


@transaction.atomic
def start_work_status(
    person: Person,
    *,
    by: Author,
    kind: str,
    tenure: str,
    job_title: str,
    starts_on: date,
    ends_on: date | None = None,
    agreed_minutes_per_week: int = 0,
) -> WorkStatus:
    """The person works from that day on: paid as what, permanently or not, for how many agreed hours."""
    demand(by, Power.ADMIT_PEOPLE)
    demand_file(person)
    arrives = not (person.work_statuses.exists() or person.memberships.exists())
    status = WorkStatus(
        person=person,
        kind=kind,
        tenure=tenure,
        job_title=job_title,
        agreed_minutes_per_week=agreed_minutes_per_week,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    write(status)
    if person.pauses.exists():
        rewrite(person, stretches_of(person))
    journal.record("members.work_started", by=by, person=status.person_id, **journal.days(status))
    keep_open(person)
    if arrives:
        open_list(person, Step.ARRIVAL, starts_on, by=by)
    return status


@transaction.atomic
def change_work_status(person: Person, *, by: Author, starts_on: date, **terms) -> WorkStatus:
    """From that day on the person works otherwise, in the middle of a pay period or not.

    The status of that day ends the day before and the next one lasts as long as it would have, over a
    pause too; a change from its very first day corrects the row itself. `terms`: kind, tenure, job_title,
    agreed_minutes_per_week; what is not given stays.
    """
    demand(by, Power.ADMIT_PEOPLE)
    unknown = terms.keys() - {"kind", "tenure", "job_title", "agreed_minutes_per_week"}
    if unknown:
        raise TypeError(f"not a term of work: {sorted(unknown)}")
    if "agreed_minutes_per_week" in terms:
        terms["agreed"] = terms.pop("agreed_minutes_per_week")
    stretches = stretches_of(person)
    current = next((one for one in stretches if one.holds_on(starts_on)), None)
    if current is None:
        raise NoStatus(starts_on)
    following = replace(current, starts_on=starts_on, **terms)
    if following == replace(current, starts_on=starts_on):
        raise SameStatus
    replaced = WorkStatus.objects.filter(person=person).on(starts_on).get()
    others = [one for one in stretches if one is not current]
    if current.starts_on < starts_on:
        others.append(replace(current, ends_on=day_before(starts_on)))
    rewrite(person, [*others, following])
    row = WorkStatus.objects.filter(person=person).on(starts_on).get()
    journal.record(
        "members.work_changed", by=by, replaces=replaced.pk, person=row.person_id, **journal.days(row)
    )
    return row


@transaction.atomic
def end_work_status(status: WorkStatus, *, by: Author, ends_on: date) -> None:
    """The person stops working after that day. A status that has not begun is taken back."""
    demand(by, Power.ADMIT_PEOPLE)
    status = locked(status)
    stretches = stretches_of(status.person)
    current = next(one for one in stretches if one.holds_on(status.starts_on))
    if current.ends_on is not None and current.ends_on <= ends_on:
        raise AlreadyEnded(current.ends_on)
    others = [one for one in stretches if one is not current]
    if not (ends_on < current.starts_on and current.starts_on >= timezone.localdate()):
        others.append(replace(current, ends_on=ends_on))
    rewrite(status.person, others)
    journal.record(
        "members.work_ended",
        by=by,
        **journal.days(status) | {"person": status.person_id, "ends_on": ends_on.isoformat()},
    )
