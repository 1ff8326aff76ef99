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
from .deductions.parameters import Cited, EmployerContributions, Remitting
from .employer import OfYear, of_year
from .models import CnesstClassification, PayStub, StubLine
from .pays import years

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

    @property
    def premium_paid_directly(self) -> Decimal:
        """The premium of the units that the CNESST bills itself, reckoned on the whole year."""
        units = (unit for unit in self.units if not unit.classification.is_paid_with_quebec)
        return sum((unit.premium for unit in units), ZERO)

    @property
    def hsf_sources(self) -> list[tuple[Cited, bool]]:
        return self.table.read_in("hsf_lower_payroll", "hsf_upper_payroll", "hsf_small_rate", "hsf_slope")

    @property
    def standards_sources(self) -> list[tuple[Cited, bool]]:
        return self.table.read_in("labour_standards_rate", "labour_standards_maximum")

    @property
    def training_sources(self) -> list[tuple[Cited, bool]]:
        return self.rules.read_in("training_payroll", "training_rate")

    @property
    def cnesst_sources(self) -> list[tuple[Cited, bool]]:
        return self.table.read_in("cnesst_maximum")


def figures(year: int) -> YearFigures:
    """The employer's figures of a year: stubs issued so far, and what the year had before them. Seven queries.

    Raises NotReviewed for a year without tables.
    """
    last = date(year, 12, 31)
    table, rules = employer_table_on(last), remitting_on(last)
    known = of_year(year, Cooperative.objects.get())
    units = list(CnesstClassification.objects.during(date(year, 1, 1), last))
    people = {payee.person_id: of for payee, of in years(year).items() if payee.kind == PayStub.Kind.STUB}
    gross = {person_id: of.side(Side.EARNING) for person_id, of in people.items()}

    def on_stubs(code: str) -> Decimal:
        return sum((of.by_code.get((Side.EMPLOYER, code), ZERO) for of in people.values()), ZERO)

    payroll = max(ZERO, sum(gross.values(), ZERO))
    total_payroll = payroll + known.associated_payroll
    estimated = known.estimated_payroll + known.associated_payroll
    rate = hsf_rate(Employer(total_payroll=total_payroll, sector=known.sector), table) / HUNDRED
    standards_base = sum((_within(amount, table.labour_standards_maximum) for amount in gross.values()), ZERO)
    is_training_due = total_payroll > rules.training_payroll
    assessed = _assessed(gross, _gross_by_unit(year, units), len(units), table.cnesst_maximum)
    charged = _premiums(year, units)
    return YearFigures(
        year=year,
        known=known,
        people=sum(1 for amount in gross.values() if amount),
        payroll=payroll,
        hsf_rate_estimated=hsf_rate(Employer(total_payroll=estimated, sector=known.sector), table) / HUNDRED,
        hsf_rate_real=rate,
        hsf_real=cents(payroll * rate),
        hsf_on_stubs=on_stubs(Code.HSF),
        standards_base=standards_base,
        standards=cents(standards_base * table.labour_standards_rate),
        standards_on_stubs=on_stubs(Code.LABOUR_STANDARDS),
        training_asked=cents(payroll * rules.training_rate) if is_training_due else ZERO,
        units=tuple(
            UnitYear(
                unit,
                assessed[place],
                cents(assessed[place] * unit.per_hundred_dollars / HUNDRED),
                charged.get(place, ZERO),
            )
            for place, unit in enumerate(units)
        ),
        unclassified=assessed[NO_UNIT],
        table=table,
        rules=rules,
    )


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


def _gross_by_unit(year: int, units: list[CnesstClassification]) -> dict[int, dict[int, Decimal]]:
    """The gross pay of each salaried person's stubs, by classification unit."""
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


def _premiums(year: int, units: list[CnesstClassification]) -> dict[int, Decimal]:
    """The premiums of the year's stubs, by classification unit."""
    rows = (
        StubLine.objects.filter(side=Side.EMPLOYER, code=Code.CNESST, stub__run__pay_on__year=year)
        .order_by()
        .annotate(classified=_unit_of_pay(units))
        .values_list("classified")
        .annotate(total=Sum("amount"))
    )
    return dict(rows)


def _assessed(
    gross: dict[int, Decimal], by_unit: dict[int, dict[int, Decimal]], units: int, maximum: Decimal
) -> dict[int, Decimal]:
    """The assessable pay of each unit: the first pays of a person up to the year's maximum.

    What a person was paid before the first stubs, or while no unit was on file, comes first.
    """
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for person_id, whole in gross.items():
        own = {place: by_unit.get(person_id, {}).get(place, ZERO) for place in range(units)}
        room = maximum
        for place, amount in ((NO_UNIT, whole - sum(own.values(), ZERO)), *own.items()):
            counted = _within(amount, room)
            found[place] += counted
            room -= counted
    return found
