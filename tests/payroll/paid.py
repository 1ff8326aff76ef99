"""A co-op whose members have been paid, for the tests of what they read afterwards."""

from dataclasses import dataclass
from datetime import date, timedelta

from members.models import Person, Power
from payroll import periods, profiles, runs
from payroll.models import PayRun, PayStub
from tests import make

PERIOD = date(2026, 11, 2)
WEEK = {"mon": 8, "tue": 8, "wed": 8, "thu": 8, "fri": 10}
BECAUSE = "Tout a été vérifié."


@dataclass
class Coop:
    """`ana` is salaried, `bo` freelance with tax numbers; `preparer` and `issuer` make the pay."""

    ana: Person
    bo: Person
    preparer: Person
    issuer: Person

    def pay(self, first: date = PERIOD, *, has_documents=True) -> PayRun:
        run = runs.prepare(periods.starting(first), by=self.preparer, because=BECAUSE)
        return runs.issue(run, by=self.issuer, documents=has_documents)

    def void(self, stub: PayStub, because="Mauvaise personne") -> PayStub:
        run = runs.issue(runs.void_stub(stub, by=self.preparer, because=because), by=self.issuer)
        return run.stubs.get()


def coop(*, language="en-ca") -> Coop:
    """Two people with an approved week of the period that starts on `PERIOD`. Nothing is paid yet."""
    make.cooperative(first_period_on=PERIOD)
    make.rate("21.50")
    people = Coop(
        ana=make.person("Ana", born_on=date(1985, 5, 1), language=language),
        bo=make.person("Bo", kind="freelance", language=language),
        preparer=make.person("Paule", kind=None, powers=[Power.PREPARE_PAY], language=language),
        issuer=make.person("Irène", kind=None, powers=[Power.ISSUE_PAY], language=language),
    )
    profiles.register_sales_taxes(
        people.bo,
        by=people.bo,
        starts_on=date(2026, 1, 5),
        gst_number="123456789 RT 0001",
        qst_number="1234567890 TQ 0001",
    )
    make.approved(people.ana, starts_on=PERIOD, hours=WEEK)
    make.approved(people.bo, starts_on=PERIOD, hours={"mon": 7, "tue": 7.5})
    return people


def next_period(number: int = 1) -> date:
    return PERIOD + timedelta(days=14 * number)
