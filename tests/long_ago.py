"""A co-op with a past: a pay of 2012, of somebody who is still here and of somebody who left in 2013.

The database judges terms by its own clock, so the past is really past, whatever the day of the test.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import connection

from members import accounts, outbox
from members.models import Membership, Person, Power, WorkStatus
from payroll.models import (
    Acknowledgement,
    BankAccount,
    Deposit,
    DepositFile,
    FileReading,
    InvoiceNumber,
    PayPeriod,
    PayRun,
    PayStub,
    Slip,
    StubDocument,
    StubLine,
    TaxProfile,
    YearEnd,
)
from roles.models import LearningWish, Rating, Skill
from tests import make
from timesheets.models import FavouriteRow, LineMessage, Nudge, SheetDecision, TimeEntry

BEGAN, LEFT_ON, MONDAY, PAID_ON = date(2010, 1, 4), date(2013, 6, 28), date(2012, 3, 5), date(2012, 3, 23)
NOTE, SECRET = "Réunion avec Zébulon", "Zébulon Tremblay"


@dataclass
class Past:
    """`ana` is still here; `leo` left in 2013. `keeper` admits people, `issuer` issues pay."""

    ana: Person
    leo: Person
    keeper: Person
    issuer: Person
    run: PayRun


def coop(*, leo_left_on: date = LEFT_ON) -> Past:
    make.cooperative(first_period_on=date(2012, 3, 5))
    make.rate("21.50", starts_on=BEGAN)
    keeper = make.person("Kim", powers=[Power.ADMIT_PEOPLE], kind=None, language="en-ca")
    issuer = make.person("Irène", powers=[Power.ISSUE_PAY], kind=None, language="en-ca")
    ana = make.person("Ana", starts_on=BEGAN, language="en-ca")
    leo = make.person(
        "Zébulon",
        family_name="Tremblay",
        kind=None,
        address="9, rue Cachée",
        phone="514 555-0142",
        born_on=date(1970, 2, 3),
        language="en-ca",
    )
    WorkStatus.objects.create(
        person=leo,
        kind="salaried",
        tenure="permanent",
        agreed_minutes_per_week=2100,
        job_title="Graphiste en chef",
        starts_on=BEGAN,
        ends_on=leo_left_on,
    )
    Membership.objects.create(person=leo, starts_on=BEGAN, ends_on=leo_left_on)
    task = make.task("Graphisme", role="Images")
    for person in (ana, leo):
        _hours(person, task, by=keeper)
    run = _paid([ana, leo], by=keeper, issued_by=issuer)
    for person in (ana, leo):
        _file(person, reader=keeper)
    _own(leo, task)
    return Past(ana, leo, keeper, issuer, run)


def _hours(person: Person, task, *, by: Person) -> None:
    week = make.sheet(person, starts_on=MONDAY, hours={"mon": 7, "tue": 7.5}, task=task)
    TimeEntry.objects.filter(sheet=week).update(note=NOTE)
    entry = week.entries.first()
    entry.note = "autre chose"
    entry.save()  # what it said before is kept
    LineMessage.objects.create(sheet=week, entry=entry, by=by, text="Avec qui ?")
    SheetDecision.objects.create(
        sheet=week, act="sent_back", by=by, digest="0" * 64, because=f"Demander à {SECRET}"
    )
    make.approve(week, by=by)


def _paid(people: list[Person], *, by: Person, issued_by: Person) -> PayRun:
    period = PayPeriod.objects.create(
        starts_on=MONDAY, ends_on=date(2012, 3, 18), pay_on=PAID_ON, pays_in_year=26
    )
    run = PayRun.objects.create(
        period=period,
        pay_on=PAID_ON,
        because=f"{SECRET} a tout vérifié",
        prepared_at=datetime(2012, 3, 20, tzinfo=UTC),
        prepared_by=by,
        digest="0" * 64,
    )
    Acknowledgement.objects.create(
        run=run, topic="t", sentence=f"{SECRET}: 60 h", because="Oui", by=by, at=run.prepared_at
    )
    for person in people:
        InvoiceNumber.objects.create(person=person, period_starts_on=MONDAY, number=f"F-{person.pk}")
        stub = PayStub.objects.create(
            run=run,
            person=person,
            kind="stub",
            language="fr-ca",
            facts=_facts(person, f"2012-{run.pk}-{person.pk}"),
            inputs='{"federal_claim": "11000.00"}',
        )
        lines = [
            ("earning", "regular", MONDAY, 870, Decimal("21.50"), Decimal("311.75")),
            ("deduction", "federal_tax", None, None, None, Decimal("10.11")),
            ("employer", "qpp", None, None, None, Decimal("15.43")),
        ]
        for side, code, week, minutes, rate, amount in lines:
            StubLine.objects.create(
                stub=stub,
                side=side,
                code=code,
                week_starts_on=week,
                minutes=minutes,
                rate=rate,
                amount=amount,
            )
        pdf = f"%PDF-1.7 {person}".encode()
        StubDocument.objects.create(stub=stub, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())
    run.issued_at, run.issued_by = datetime(2012, 3, 21, tzinfo=UTC), issued_by
    run.stub_count = len(people)
    run.save()
    _deposited(run, by=issued_by)
    _slips(people, by=by)
    return run


def _facts(person: Person, number: str) -> dict:
    return {
        "number": number,
        "cooperative": {"name": "C", "address": "", "phone": "", "email": "", "enterprise_number": ""},
        "person": {"name": str(person), "address": person.address, "job_title": "Graphiste"},
        "period_starts_on": str(MONDAY),
        "period_ends_on": "2012-03-18",
        "pay_on": str(PAID_ON),
        "issued_on": "2012-03-21",
        "rates": [],
        "roles": [{"role": "Images", "minutes": 870}],
        "year_to_date": {"gross": "311.75", "net": "301.64"},
        "invoice_number": f"F-{person.family_name}",
    }


def _deposited(run: PayRun, *, by: Person) -> None:
    stubs = list(run.stubs.order_by("pk"))
    file = DepositFile.objects.create(
        run=run,
        originator_id="8150012345",
        number=1,
        available_on=PAID_ON,
        payments=len(stubs),
        total=Decimal("301.64") * len(stubs),
        content=f"{SECRET} 0123456",
        sha256="a" * 64,
        made_at=run.issued_at,
        made_by=by,
    )
    Deposit.objects.bulk_create(
        Deposit(file=file, stub=stub, place=place, amount=Decimal("301.64"))
        for place, stub in enumerate(stubs)
    )


def _slips(people: list[Person], *, by: Person) -> None:
    year_end = YearEnd.objects.create(
        year=2012,
        number=1,
        dental="1",
        slip_count=len(people),
        digest="0" * 64,
        because=f"{SECRET} l’a dit",
        prepared_at=datetime(2013, 2, 1, tzinfo=UTC),
        prepared_by=by,
    )
    for person in people:
        Slip.objects.create(
            year_end=year_end,
            person=person,
            kind="rl1",
            change="original",
            boxes={"A": "311.75"},
            facts={"name": str(person), "address": person.address, "employer": "C"},
        )
    YearEnd.objects.filter(pk=year_end.pk).update(
        confirmed_at=datetime(2013, 2, 2, tzinfo=UTC), confirmed_by=make.person("Un autre", kind=None)
    )


def _file(person: Person, *, reader: Person) -> None:
    """What ended in 2012 of somebody's pay file, and who read it."""
    TaxProfile.objects.create(
        person=person,
        sin="000000018",
        federal_claim="11000.00",
        starts_on=BEGAN,
        ends_on=date(2012, 12, 31),
        declared_by=person,
    )
    BankAccount.objects.create(
        person=person,
        institution="815",
        transit="30123",
        number="0123456",
        starts_on=BEGAN,
        ends_on=date(2012, 12, 31),
        given_at=datetime(2010, 1, 4, tzinfo=UTC),
    )
    with connection.cursor() as cursor:  # `read_at` is of the day it is written, except long ago
        cursor.execute(
            "INSERT INTO payroll_filereading (person_id, reader_id, what, read_at) "
            "VALUES (%s, %s, 'stub', '2012-04-01')",
            [person.pk, reader.pk],
        )
    assert FileReading.objects.filter(person=person).count() == 1


def _own(leo: Person, task) -> None:
    """What somebody set up, said and thought for themselves."""
    accounts.vouch_for_email(leo)
    message = outbox.write(leo, subject="Bonjour", text=f"Bonjour {SECRET}")
    Nudge.objects.create(person=leo, kind=Nudge.Kind.APPROVED, week=MONDAY, message=message)
    FavouriteRow.objects.create(person=leo, task=task)
    Rating.objects.create(
        person=leo, task=task, dimension="d", points=4, given_at=datetime(2012, 1, 1, tzinfo=UTC)
    )
    LearningWish.objects.create(person=leo, role=task.role, wish=1)
    Skill.objects.create(person=leo, role=task.role, level=2, starts_on=BEGAN)
