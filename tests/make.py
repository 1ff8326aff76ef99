"""Makers: the shortest way to a co-op, its people and their hours, with sensible defaults.

ana = make.person("Ana")                      a salaried worker since 2024
clerk = make.person("Bob", powers=[Power.APPROVE_HOURS])
make.rate("21.50")
"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from members.models import (
    Committee,
    CommitteePower,
    Cooperative,
    Decision,
    Mandate,
    Membership,
    Person,
    Power,
    WorkStatus,
)
from payroll.models import HourlyRate
from roles.models import Role, Task
from timesheets.models import Leave, LeaveDay, TimeEntry, WeekSheet

LONG_AGO = date(2020, 1, 6)
MONDAY = date(2026, 11, 2)
_serial = count(10_001)  # as many digits for all, so that they sort as they were made


def cooperative(**fields) -> Cooperative:
    defaults = {
        "name": "Coopérative d’essai",
        "address": "1, rue de l’Essai\nMontréal (Québec)  H2X 1Y4",
        "first_period_on": date(2026, 1, 5),
        "yearly_payroll": Decimal("400000.00"),
    }
    return Cooperative.objects.update_or_create(pk=1, defaults=defaults | fields)[0]


def person(
    given_name="Ana", *, powers=(), kind="salaried", starts_on=LONG_AGO, minutes=35 * 60, **fields
) -> Person:
    """A person with a work status since `starts_on` (none if `kind` is None) and, if asked, powers."""
    serial = next(_serial)
    fields = {"email": f"{given_name.lower()}{serial}@example.org", "family_name": f"Essai{serial}"} | fields
    someone = Person(given_name=given_name, **fields)
    someone.set_password("essai-essai-essai")
    someone.save()
    if kind:
        WorkStatus.objects.create(
            person=someone,
            kind=kind,
            tenure="permanent",
            agreed_minutes_per_week=minutes,
            job_title="Membre travailleuse",
            starts_on=starts_on,
        )
    if powers:
        mandate(someone, powers)
    return someone


def member(given_name="Ana", *, member_since=LONG_AGO, **fields) -> Person:
    """A person who is a member since `member_since`; the other fields are those of `person`."""
    someone = person(given_name, **fields)
    Membership.objects.create(person=someone, starts_on=member_since)
    return someone


def admission(*, recorded_by=None, adopted_on=LONG_AGO) -> Decision:
    """A decision of a body that may admit people, recorded by somebody who is none of the test's people."""
    return decision(
        powers=[Power.ADMIT_PEOPLE],
        adopted_on=adopted_on,
        title="Admission",
        recorded_by=recorded_by or person("Secrétaire", kind=None),
    )


def committee(powers=(), *, name="", starts_on=LONG_AGO) -> Committee:
    body = Committee.objects.create(name=name or f"Comité {next(_serial)}", starts_on=starts_on)
    for power in powers:
        CommitteePower.objects.create(committee=body, power=power, starts_on=starts_on)
    return body


def mandate(someone, powers=(), *, starts_on=LONG_AGO, ends_on=None) -> Mandate:
    """A seat on a new committee that holds these powers."""
    return Mandate.objects.create(
        committee=committee(powers), person=someone, starts_on=starts_on, ends_on=ends_on
    )


def decision(
    *,
    powers=(Power.SET_RATE,),
    adopted_on=LONG_AGO,
    effective_on=None,
    title="Taux horaire unique",
    recorded_by=None,
) -> Decision:
    return Decision.objects.create(
        body=committee(powers),
        adopted_on=adopted_on,
        effective_on=effective_on or adopted_on,
        title=title,
        text=title,
        recorded_by=recorded_by,
    )


def rate(amount="21.50", *, starts_on=LONG_AGO) -> HourlyRate:
    return HourlyRate.objects.create(
        amount=Decimal(amount), starts_on=starts_on, decision=decision(adopted_on=starts_on)
    )


def task(name="", *, role="Coordination") -> Task:
    kept = Role.objects.get_or_create(name=role, retired_on=None)[0]
    return Task.objects.create(role=kept, name=name or f"Tâche {next(_serial)}")


def sheet(someone, *, starts_on=MONDAY, hours=None, task=None) -> WeekSheet:
    """A draft week: `hours={"mon": 7, "tue": 7.5}` on one task."""
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    week = WeekSheet.objects.get_or_create(person=someone, starts_on=starts_on)[0]
    for name, amount in (hours or {}).items():
        TimeEntry.objects.create(
            sheet=week,
            person=someone,
            day=starts_on + timedelta(days=days.index(name)),
            task=task or globals()["task"](),
            minutes=round(amount * 60),
        )
    return week


def approve(week: WeekSheet, *, by=None) -> WeekSheet:
    """Every line of the week approved by somebody else, whatever the day."""
    by = by or person("Comité", powers=[Power.APPROVE_HOURS])
    now = timezone.now()
    itself = WeekSheet.objects.filter(pk=week.pk)
    itself.update(state="submitted", submitted_at=now, handed_in={}, approved_at=None, approved_by=None)
    week.entries.filter(approved_at=None).update(approved_at=now, approved_by=by)
    itself.update(state="approved", handed_in=None, approved_at=now, approved_by=by)
    week.refresh_from_db()
    return week


def approved(someone, *, starts_on=MONDAY, hours, by=None, task=None) -> WeekSheet:
    """An approved week; called again for the same week, late hours are added to it and approved."""
    late = WeekSheet.objects.filter(person=someone, starts_on=starts_on)
    late.update(state="draft", submitted_at=None, approved_at=None, approved_by=None)
    return approve(sheet(someone, starts_on=starts_on, hours=hours, task=task), by=by)


def corrected(entry: TimeEntry, minutes: int, *, by=None) -> WeekSheet:
    """Signed minutes that correct an approved entry, approved."""
    WeekSheet.objects.filter(pk=entry.sheet_id).update(
        state="draft", submitted_at=None, approved_at=None, approved_by=None
    )
    TimeEntry.objects.create(
        sheet=entry.sheet,
        person=entry.person,
        day=entry.day,
        task=entry.task,
        project=entry.project,
        minutes=minutes,
        corrects=entry,
        reason="erreur de saisie",
    )
    return approve(entry.sheet, by=by)


def leave(someone, *days: date, kind="vacation", minutes=7 * 60, by=None, **fields) -> Leave:
    """Leave on these days, approved by `by` if somebody is given, still asked for if not."""
    asked = Leave.objects.create(person=someone, kind=kind, starts_on=min(days), ends_on=max(days), **fields)
    LeaveDay.objects.bulk_create(
        LeaveDay(leave=asked, person=someone, day=day, minutes=minutes) for day in days
    )
    if by:
        Leave.objects.filter(pk=asked.pk).update(state="approved", decided_by=by, decided_at=timezone.now())
        asked.refresh_from_db()
    return asked
