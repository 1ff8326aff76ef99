"""What governments say of the co-op as an employer: how often it remits, its CNESST unit, its year.

Each comes from a notice, and is dated: a new one starts on a day and ends the one before it. The
holders of the pay powers keep them; whoever reads a remittance can tell where its rule came from.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.dated import DatedModel, day_before
from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import write
from members import journal
from members.models import Cooperative, Person, Power
from members.powers import NotAllowed, holds_any

from .deductions import Employer
from .deductions.money import ZERO
from .models import CnesstClassification, EmployerYear, Remittance, RemitterType

journal.name_events(
    {
        "employer.remitter": gettext_lazy("remittance frequency put on file"),
        "employer.classified": gettext_lazy("CNESST classification put on file"),
        "employer.year": gettext_lazy("employer's year put on file"),
    }
)

PAY_POWERS = (Power.PREPARE_PAY, Power.ISSUE_PAY)


class StartsBeforeTheLast(Refused):
    """Versions follow each other: a new one does not start before the one it follows."""

    def __init__(self, last: DatedModel):
        super().__init__(
            _("What is on file already starts on %(day)s: give that day or a later one.")
            % {"day": written(last.starts_on)}
        )


class AlreadyRemitted(Refused):
    """The periods that were paid cannot be cut again under the payments."""

    def __init__(self, last: date):
        super().__init__(
            _(
                "Payments are recorded for days through %(day)s: start after them, "
                "or take those payments back first."
            )
            % {"day": written(last)}
        )


def demand_pay_power(person: Person) -> None:
    """Remitting is the business of those who prepare or issue pay. Raises NotAllowed."""
    if not holds_any(person, PAY_POWERS):
        raise NotAllowed(Power.PREPARE_PAY)


def one_at_a_time() -> None:
    """Acts on the employer's file and its remittances wait for each other, and for the pay."""
    Cooperative.objects.select_for_update(of=("self",)).get()


# What is on file ----------------------------------------------------------------------------------


@transaction.atomic
def declare_remitter(
    *, government: str, frequency: str, starts_on: date, notice: str, by: Person
) -> RemitterType:
    """From that month on, this government is paid at this frequency.

    Given again for the same first day, it replaces that version. Raises StartsBeforeTheLast, or
    AlreadyRemitted when it would cut again the days of a payment.
    """
    demand_pay_power(by)
    one_at_a_time()
    paid = Remittance.objects.filter(government=government, kind=Remittance.Kind.PERIODIC)
    standing = paid.filter(ends_on__gte=starts_on, corrects=None, corrected_by=None).order_by("-ends_on")
    if last := standing.first():
        raise AlreadyRemitted(last.ends_on)
    held = _followed(RemitterType.objects.filter(government=government), starts_on)
    held = held or RemitterType(government=government, starts_on=starts_on)
    held.frequency, held.notice, held.recorded_by = frequency, notice, by
    write(held)
    journal.record(
        "employer.remitter", by=by, government=government, frequency=frequency, starts_on=str(starts_on)
    )
    return held


@transaction.atomic
def classify(
    *,
    unit: str,
    per_hundred_dollars: Decimal,
    is_paid_with_quebec: bool,
    starts_on: date,
    notice: str,
    by: Person,
) -> CnesstClassification:
    """From that day on, pays carry this premium for workplace accidents."""
    demand_pay_power(by)
    one_at_a_time()
    held = _followed(CnesstClassification.objects.all(), starts_on)
    held = held or CnesstClassification(starts_on=starts_on)
    held.unit, held.per_hundred_dollars = unit, per_hundred_dollars
    held.is_paid_with_quebec, held.notice, held.recorded_by = is_paid_with_quebec, notice, by
    write(held)
    journal.record("employer.classified", by=by, unit=unit, starts_on=str(starts_on))
    return held


@transaction.atomic
def tell_year(
    year: int,
    *,
    sector: str,
    estimated_payroll: Decimal,
    associated_payroll: Decimal,
    training_spent: Decimal,
    notice: str,
    by: Person,
) -> EmployerYear:
    """What the pays of a year do not say by themselves; told again, it replaces what was told."""
    demand_pay_power(by)
    one_at_a_time()
    told = EmployerYear.objects.filter(year=year).first() or EmployerYear(year=year)
    told.sector, told.estimated_payroll, told.associated_payroll = (
        sector,
        estimated_payroll,
        associated_payroll,
    )
    told.training_spent, told.notice, told.recorded_by = training_spent, notice, by
    write(told)
    journal.record("employer.year", by=by, year=year)
    return told


def _followed(versions: QuerySet, starts_on: date):
    """The version that starts on that day, open again, to be replaced; None if there is none.

    The one before is ended the day before. Raises StartsBeforeTheLast when the last starts later.
    """
    last = versions.order_by("-starts_on").first()
    if last is None:
        return None
    if last.starts_on > starts_on:
        raise StartsBeforeTheLast(last)
    if last.starts_on == starts_on:
        last.ends_on = None
        return last
    if last.ends_on is None or last.ends_on >= starts_on:
        last.ends_on = day_before(starts_on)
        write(last)
    return None


# What pay is computed from ------------------------------------------------------------------------


@dataclass(frozen=True)
class OfYear:
    """What is known of a calendar year; `is_told` is false where only the co-op's estimate is."""

    sector: str
    estimated_payroll: Decimal
    associated_payroll: Decimal
    training_spent: Decimal
    is_told: bool


def of_year(year: int, cooperative: Cooperative) -> OfYear:
    """What was told of a year, or the co-op's own estimate. One query."""
    told = EmployerYear.objects.filter(year=year).first()
    if told is None:
        return OfYear(EmployerYear.Sector.OTHER, cooperative.yearly_payroll, ZERO, ZERO, is_told=False)
    return OfYear(
        told.sector, told.estimated_payroll, told.associated_payroll, told.training_spent, is_told=True
    )


def employer_on(pay_on: date, cooperative: Cooperative) -> Employer:
    """What sets the co-op's own contributions on a pay date. Two queries."""
    known = of_year(pay_on.year, cooperative)
    classified = CnesstClassification.objects.on(pay_on).first()
    return Employer(
        total_payroll=known.estimated_payroll + known.associated_payroll,
        sector=known.sector,
        cnesst_rate=classified.per_hundred_dollars if classified else ZERO,
    )
