"""The end of the year of the employer: what is paid once, from the real figures of the year.

Labour standards, the 1 % law, the adjustment of the Health Services Fund to the real total payroll,
and the premium of the CNESST by classification unit. Each figure says the table it was read in.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, IntegerField, Q, Sum, Value, When

from members.models import Cooperative

from .deductions import Employer, employer_table_on, remitting_on
from .deductions.employer import HUNDRED, hsf_rate
from .deductions.money import ZERO, cents
from .deductions.parameters import EmployerContributions, Remitting, Table
from .employer import OfYear, of_year
from .models import CnesstClassification, PayStub, StubLine

Side, Code = StubLine.Side, StubLine.Code
#: The one part of a yearly remittance that is on no stub: the Workforce Skills Development and Recognition Fund.
TRAINING = "training"
#: No unit was on file on the day of these pays.
NO_UNIT = -1


@dataclass(frozen=True)
class UnitYear:
    """The premium of one classification unit: assessable pay of the year, each person up to the maximum."""

    classification: CnesstClassification
    assessable: Decimal
    premium: Decimal
    on_stubs: Decimal

    @property
    def difference(self) -> Decimal:
        return self.premium - self.on_stubs


@dataclass(frozen=True)
class YearFigures:
    """What the employer owes for a year, beside what the stubs already carry (`…_on_stubs`).

    Rates are fractions.
    """

    year: int
    known: OfYear
    people: int
    payroll: Decimal
    hsf_rate_estimated: Decimal
    hsf_rate_real: Decimal
    hsf_real: Decimal
    hsf_on_stubs: Decimal
    standards_base: Decimal
    standards: Decimal
    standards_on_stubs: Decimal
    training_asked: Decimal
    units: tuple[UnitYear, ...]
    unclassified: Decimal
    table: EmployerContributions
    rules: Remitting

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    @property
    def total_payroll(self) -> Decimal:
        """The real total payroll, associated employers included: it sets the rate and the 1 % law."""
        return self.payroll + self.known.associated_payroll

    @property
    def hsf_adjustment(self) -> Decimal:
        """Owed with the RL-1 summary if positive, given back if negative."""
        return self.hsf_real - self.hsf_on_stubs

    @property
    def standards_difference(self) -> Decimal:
        """The yearly amount against the sum of the stubs: cents of rounding, unless stubs were voided."""
        return self.standards - self.standards_on_stubs

    @property
    def is_training_due(self) -> bool:
        return self.total_payroll > self.rules.training_payroll

    @property
    def training(self) -> Decimal:
        """What goes to the fund: 1 % of payroll, less what was spent on training."""
        return max(ZERO, self.training_asked - self.known.training_spent)

    @property
    def owed(self) -> dict[tuple[str, str], Decimal]:
        """What is paid to Revenu Québec with the RL-1 summary."""
        parts: dict[tuple[str, str], Decimal] = {
            (Side.EMPLOYER, Code.LABOUR_STANDARDS): self.standards,
            (Side.EMPLOYER, Code.HSF): self.hsf_adjustment,
            (Side.EMPLOYER, TRAINING): self.training,
        }
        return {place: amount for place, amount in parts.items() if amount}

    def sources(self, *keys: str) -> list[tuple[str, bool]]:
        """Where values of the tables were read, and whether they remain to be verified."""
        found: dict[str, bool] = {}
        for key in keys:
            table: Table = self.rules if key in self.rules.provenance else self.table
            provenance = table.provenance[key]
            found[provenance.source] = provenance.confidence != "P"
        return list(found.items())

    @property
    def hsf_sources(self) -> list[tuple[str, bool]]:
        return self.sources("hsf_lower_payroll", "hsf_upper_payroll", "hsf_small_rate", "hsf_slope")

    @property
    def standards_sources(self) -> list[tuple[str, bool]]:
        return self.sources("labour_standards_rate", "labour_standards_maximum")

    @property
    def training_sources(self) -> list[tuple[str, bool]]:
        return self.sources("training_payroll", "training_rate")

    @property
    def cnesst_sources(self) -> list[tuple[str, bool]]:
        return self.sources("cnesst_maximum")


def figures(year: int) -> YearFigures:
    """The employer's figures of a year, from the stubs issued so far. Five queries.

    Raises NotReviewed for a year without tables.
    """
    last = date(year, 12, 31)
    table, rules = employer_table_on(last), remitting_on(last)
    known = of_year(year, Cooperative.objects.get())
    units = list(CnesstClassification.objects.during(date(year, 1, 1), last))
    gross = _gross_by_person(year, units)
    charged = _charged(year, units)
    by_person = [sum(own.values(), ZERO) for own in gross.values()]
    payroll = max(ZERO, sum(by_person, ZERO))
    rate = hsf_rate(_sized(payroll + known.associated_payroll, known.sector), table) / HUNDRED
    estimated = _sized(known.estimated_payroll + known.associated_payroll, known.sector)
    standards_base = sum((_within(amount, table.labour_standards_maximum) for amount in by_person), ZERO)
    total_payroll = payroll + known.associated_payroll
    is_training_due = total_payroll > rules.training_payroll
    assessed = _assessed(gross, units, table)
    return YearFigures(
        year=year,
        known=known,
        people=sum(1 for amount in by_person if amount),
        payroll=payroll,
        hsf_rate_estimated=hsf_rate(estimated, table) / HUNDRED,
        hsf_rate_real=rate,
        hsf_real=cents(payroll * rate),
        hsf_on_stubs=sum((charged[Code.HSF, unit] for unit in range(NO_UNIT, len(units))), ZERO),
        standards_base=standards_base,
        standards=cents(standards_base * table.labour_standards_rate),
        standards_on_stubs=sum(
            (charged[Code.LABOUR_STANDARDS, unit] for unit in range(NO_UNIT, len(units))), ZERO
        ),
        training_asked=cents(payroll * rules.training_rate) if is_training_due else ZERO,
        units=tuple(
            UnitYear(
                unit,
                assessed[place],
                cents(assessed[place] * unit.per_hundred_dollars / HUNDRED),
                charged[Code.CNESST, place],
            )
            for place, unit in enumerate(units)
        ),
        unclassified=assessed[NO_UNIT],
        table=table,
        rules=rules,
    )


def _sized(total_payroll: Decimal, sector: str) -> Employer:
    return Employer(total_payroll=total_payroll, sector=sector)


def _within(amount: Decimal, maximum: Decimal) -> Decimal:
    return max(ZERO, min(amount, maximum))


def _unit_of_pay(units: list[CnesstClassification]) -> Case:
    """Which of these units was on file on the payment date."""
    return Case(
        *(
            When(
                Q(stub__run__pay_on__gte=unit.starts_on)
                & (Q() if unit.ends_on is None else Q(stub__run__pay_on__lte=unit.ends_on)),
                then=Value(place),
            )
            for place, unit in enumerate(units)
        ),
        default=Value(NO_UNIT),
        output_field=IntegerField(),
    )


def _gross_by_person(year: int, units: list[CnesstClassification]) -> dict[int, dict[int, Decimal]]:
    """The year's gross pay of each salaried person, by classification unit."""
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = (
        StubLine.objects.filter(side=Side.EARNING, stub__kind=PayStub.Kind.STUB, stub__run__pay_on__year=year)
        .order_by()
        .annotate(classified=_unit_of_pay(units))
        .values_list("stub__person_id", "classified")
        .annotate(total=Sum("amount"))
    )
    for person_id, unit, amount in rows:
        found[person_id][unit] = amount
    return found


def _charged(year: int, units: list[CnesstClassification]) -> dict[tuple[str, int], Decimal]:
    """The employer's lines of the year's stubs, by code and by classification unit."""
    found: dict[tuple[str, int], Decimal] = defaultdict(lambda: ZERO)
    rows = (
        StubLine.objects.filter(side=Side.EMPLOYER, stub__run__pay_on__year=year)
        .order_by()
        .annotate(classified=_unit_of_pay(units))
        .values_list("code", "classified")
        .annotate(total=Sum("amount"))
    )
    for code, unit, amount in rows:
        found[code, unit] = amount
    return found


def _assessed(
    gross: dict[int, dict[int, Decimal]], units: list[CnesstClassification], table: EmployerContributions
) -> dict[int, Decimal]:
    """The assessable pay of each unit: the first pays of a person up to the year's maximum."""
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for own in gross.values():
        room = table.cnesst_maximum
        for place in range(NO_UNIT, len(units)):
            counted = _within(own.get(place, ZERO), room)
            found[place] += counted
            room -= counted
    return found
