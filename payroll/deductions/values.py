"""What a pay is computed from, and what comes out.

Every value is frozen and checked when made: amounts are `Decimal` dollars with
at most two decimals, never negative, never a float. `to_dict` gives a JSON-able
dictionary that a pay stub stores, and `from_dict` gives the same value back, so
that a stored stub is computed again to the same cents.

Errors: `Invalid`, with a sentence.
"""

from __future__ import annotations

from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Self

from .money import ZERO, cents
from .refusals import Invalid, gettext_noop

LARGEST = Decimal(1_000_000_000)
RETIREMENT_CHOICE_AGE = 65

NOT_AN_AMOUNT = gettext_noop("“%(field)s” must be an amount in dollars and cents.")
NEGATIVE = gettext_noop("“%(field)s” cannot be negative (%(value)s).")
TOO_LARGE = gettext_noop("“%(field)s” is larger than any amount a pay can have (%(value)s).")
TOO_PRECISE = gettext_noop("“%(field)s” has more than two decimals (%(value)s).")
NOT_A_DATE = gettext_noop("“%(field)s” must be a date.")
NOT_YES_OR_NO = gettext_noop("“%(field)s” must be yes or no.")
UNKNOWN_FIELD = gettext_noop("“%(field)s” is not something a pay is computed from.")
NOT_STORED = gettext_noop("What was stored is not the inputs of a pay.")
MISSING_FIELD = gettext_noop("“%(field)s” is missing.")


def _check_amount(name: str, value: object) -> None:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise Invalid(NOT_AN_AMOUNT, field=name)
    if value < 0:
        raise Invalid(NEGATIVE, field=name, value=value)
    if value > LARGEST:
        raise Invalid(TOO_LARGE, field=name, value=value)
    if cents(value) != value:
        raise Invalid(TOO_PRECISE, field=name, value=value)


def _check_date(name: str, value: object) -> None:
    if type(value) is not date:
        raise Invalid(NOT_A_DATE, field=name)


def _check_yes_or_no(name: str, value: object) -> None:
    if type(value) is not bool:
        raise Invalid(NOT_YES_OR_NO, field=name)


def _read_amount(name: str, stored: object) -> Decimal:
    if not isinstance(stored, str):
        raise Invalid(NOT_AN_AMOUNT, field=name)
    try:
        return Decimal(stored)
    except InvalidOperation:
        raise Invalid(NOT_AN_AMOUNT, field=name) from None


def _read_date(name: str, stored: object) -> date:
    try:
        return date.fromisoformat(str(stored))
    except ValueError:
        raise Invalid(NOT_A_DATE, field=name) from None


_CHECKS = {"Decimal": _check_amount, "date": _check_date, "bool": _check_yes_or_no}
_READERS = {"Decimal": _read_amount, "date": _read_date}


class Stored:
    """A frozen value that checks itself and goes to and from a JSON-able dictionary."""

    # Amounts by name, split by whether the value may be missing; the other
    # kinds are few. Filled once per class, because every pay runs these checks.
    _amounts: ClassVar[tuple[str, ...]]
    _optional_amounts: ClassVar[tuple[str, ...]]
    _others: ClassVar[tuple[tuple[str, str, bool], ...]]
    _names: ClassVar[tuple[str, ...]]

    @classmethod
    def _prepare(cls) -> None:
        kinds = [
            (f.name, str(f.type).removesuffix(" | None"), str(f.type).endswith(" | None"))
            for f in fields(cls)  # type: ignore[arg-type]
        ]
        cls._amounts = tuple(n for n, kind, optional in kinds if kind == "Decimal" and not optional)
        cls._optional_amounts = tuple(n for n, kind, optional in kinds if kind == "Decimal" and optional)
        cls._names = tuple(name for name, _, _ in kinds)
        cls._others = tuple(entry for entry in kinds if entry[1] in ("date", "bool"))

    def __post_init__(self) -> None:
        for name in self._amounts:
            value = getattr(self, name)
            if value is not ZERO:
                _check_amount(name, value)
        for name in self._optional_amounts:
            value = getattr(self, name)
            if value is not None:
                _check_amount(name, value)
        for name, kind, optional in self._others:
            value = getattr(self, name)
            if value is not None or not optional:
                _CHECKS[kind](name, value)

    def to_dict(self) -> dict[str, Any]:
        """Every input, in types JSON has: amounts and dates as text."""
        stored: dict[str, Any] = {}
        for name in self._names:
            value = getattr(self, name)
            if isinstance(value, (Decimal, date)):
                stored[name] = str(value)
            elif isinstance(value, Stored):
                stored[name] = value.to_dict()
            else:
                stored[name] = value
        return stored

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """The value `to_dict` was made from. Refuses a name it does not know."""
        if not isinstance(stored, dict):
            raise Invalid(NOT_STORED)
        known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
        for name in stored:
            if name not in known:
                raise Invalid(UNKNOWN_FIELD, field=name)
        values = {}
        for name, value in stored.items():
            kind = str(known[name].type).removesuffix(" | None")
            if value is not None and kind in _READERS:
                value = _READERS[kind](name, value)
            elif kind in _NESTED:
                value = _NESTED[kind].from_dict(value)
            values[name] = value
        for name, f in known.items():
            if name not in values and f.default is MISSING and f.default_factory is MISSING:
                raise Invalid(MISSING_FIELD, field=name)
        return cls(**values)


@dataclass(frozen=True, kw_only=True)
class Claims(Stored):
    """What the person's forms say: TD1, TP-1015.3-V, TP-1016-V, RR-50-V.

    All amounts are as printed on the forms, in dollars; amounts for the year
    unless the name says otherwise. `None` for a claim means that no form was
    handed in: the basic personal amount applies. A second job claims `0`.

    `quebec_deduction` is line 19 for a whole year; when the form arrives during
    the year the caller multiplies it by pays in the year ÷ pays remaining.
    """

    birth_date: date | None = None
    #: RR-50-V: from this day the person, 65 or more and receiving a retirement
    #: pension, no longer contributes to the QPP.
    qpp_stops_on: date | None = None

    federal_claim: Decimal | None = None
    federal_extra_tax: Decimal = ZERO
    federal_exempt: bool = False
    federal_remote_area: Decimal = ZERO
    federal_deduction: Decimal = ZERO
    federal_credit: Decimal = ZERO

    quebec_claim: Decimal | None = None
    quebec_extra_tax: Decimal = ZERO
    quebec_exempt: bool = False
    quebec_deduction: Decimal = ZERO
    quebec_authorized_deduction: Decimal = ZERO
    quebec_authorized_credit: Decimal = ZERO

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.qpp_stops_on is None:
            return
        if self.birth_date is None:
            raise Invalid(
                gettext_noop("Stopping QPP contributions (form RR-50-V) needs the person's date of birth.")
            )
        birthday = (self.birth_date.month, self.birth_date.day)
        turned = (
            self.qpp_stops_on.year
            - self.birth_date.year
            - ((self.qpp_stops_on.month, self.qpp_stops_on.day) < birthday)
        )
        if turned < RETIREMENT_CHOICE_AGE:
            raise Invalid(
                gettext_noop(
                    "Form RR-50-V cannot take effect before the person is %(age)s; "
                    "on %(date)s they are %(turned)s."
                ),
                age=RETIREMENT_CHOICE_AGE,
                date=self.qpp_stops_on,
                turned=turned,
            )


SECTORS = ("other", "primary_manufacturing", "public")


@dataclass(frozen=True, kw_only=True)
class Employer(Stored):
    """What sets the employer's own contributions.

    `total_payroll`: the year's payroll in dollars, associated employers
    included, for the health services fund. `cnesst_rate`: dollars per 100 $ of
    pay, for the employer's classification unit (0 when it is not followed here).
    """

    total_payroll: Decimal = ZERO
    sector: str = "other"
    cnesst_rate: Decimal = ZERO

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.sector not in SECTORS:
            raise Invalid(gettext_noop("“%(sector)s” is not a sector."), sector=self.sector)


NO_CLAIMS: Claims
SMALL_EMPLOYER: Employer


def _no_claims() -> Claims:
    return NO_CLAIMS


def _small_employer() -> Employer:
    return SMALL_EMPLOYER


@dataclass(frozen=True, kw_only=True)
class Pay(Stored):
    """One pay of one person, as everything that its deductions depend on.

    `pay_date` decides the year and the edition of the tables, not the days
    worked. `periods_per_year` counts the pay dates of that calendar year.
    `gross` is the regular pay of the period (with overtime, holidays and
    vacation taken); `nonperiodic` is paid beside it: bonus, retroactive pay,
    banked overtime, vacation pay without leave.

    `usual_gross`: when only a non-periodic amount is paid, the regular pay of a
    usual period, from which the year's income is estimated.
    `exemption_used`: the QPP exemption of this period was already granted in
    another pay. A non-periodic amount paid alone never has it.

    `rpp`, `rpp_nonperiodic`: retirement savings withheld (RPP, RRSP, VRSP) on
    each part. `cooperative_shares`: shares bought under the Cooperative
    Investment Plan. `pensionable`, `insurable`: the part of the whole pay that
    counts for the QPP, and for EI and QPIP, when it is not all of it.
    `ei_exempt`: the employment is not insurable under EI (QPIP still applies).
    """

    pay_date: date
    periods_per_year: int
    gross: Decimal
    nonperiodic: Decimal = ZERO
    usual_gross: Decimal = ZERO
    exemption_used: bool = False
    rpp: Decimal = ZERO
    rpp_nonperiodic: Decimal = ZERO
    union_dues: Decimal = ZERO
    ftq_shares: Decimal = ZERO
    fondaction_shares: Decimal = ZERO
    cooperative_shares: Decimal = ZERO
    pensionable: Decimal | None = None
    insurable: Decimal | None = None
    ei_exempt: bool = False
    claims: Claims = field(default_factory=_no_claims)
    employer: Employer = field(default_factory=_small_employer)

    def __post_init__(self) -> None:
        super().__post_init__()
        if type(self.periods_per_year) is not int or not 1 <= self.periods_per_year <= 366:
            raise Invalid(
                gettext_noop("The number of pays in the year must be from 1 to 366 (%(value)s)."),
                value=self.periods_per_year,
            )
        whole = self.gross + self.nonperiodic
        for name in ("pensionable", "insurable"):
            value = getattr(self, name)
            if value is not None and value > whole:
                raise Invalid(
                    gettext_noop("“%(field)s” (%(value)s) is more than the whole pay (%(whole)s)."),
                    field=name,
                    value=value,
                    whole=whole,
                )
        if self.rpp_nonperiodic > self.nonperiodic:
            raise Invalid(
                gettext_noop(
                    "More is withheld for retirement (%(value)s) than the "
                    "non-periodic amount it is withheld from (%(whole)s)."
                ),
                value=self.rpp_nonperiodic,
                whole=self.nonperiodic,
            )
        if self.usual_gross and self.gross:
            raise Invalid(gettext_noop("A usual pay is given only when there is no regular pay in this one."))

    @property
    def is_paid_alone(self) -> bool:
        """Whether a non-periodic amount is paid without any regular pay."""
        return not self.gross and self.nonperiodic > 0

    @property
    def periodic_gross(self) -> Decimal:
        """The regular pay from which the year is estimated."""
        return self.usual_gross if self.is_paid_alone else self.gross


@dataclass(frozen=True, kw_only=True)
class YearToDate(Stored):
    """What this employer already paid and withheld in the year, before this pay.

    `cpp` is what it withheld for the Canada Pension Plan before a transfer to
    Québec. `nonperiodic_f5` is the part of the additional QPP contributions
    that was attributed to earlier non-periodic amounts (F5B, CSB).
    """

    gross: Decimal = ZERO
    pensionable: Decimal = ZERO
    qpp: Decimal = ZERO
    qpp2: Decimal = ZERO
    cpp: Decimal = ZERO
    qpip: Decimal = ZERO
    qpip_employer: Decimal = ZERO
    ei: Decimal = ZERO
    ei_employer: Decimal = ZERO
    nonperiodic: Decimal = ZERO
    nonperiodic_f5: Decimal = ZERO
    rpp_nonperiodic: Decimal = ZERO

    def after(self, pay: Pay, deductions: Deductions) -> YearToDate:
        """The amounts of the year once this pay is added."""
        return YearToDate(
            gross=self.gross + pay.gross + pay.nonperiodic,
            pensionable=self.pensionable + deductions.pensionable,
            qpp=self.qpp + deductions.qpp,
            qpp2=self.qpp2 + deductions.qpp2,
            cpp=self.cpp,
            qpip=self.qpip + deductions.qpip,
            qpip_employer=self.qpip_employer + deductions.qpip_employer,
            ei=self.ei + deductions.ei,
            ei_employer=self.ei_employer + deductions.ei_employer,
            nonperiodic=self.nonperiodic + pay.nonperiodic,
            nonperiodic_f5=self.nonperiodic_f5 + deductions.nonperiodic_f5,
            rpp_nonperiodic=self.rpp_nonperiodic + pay.rpp_nonperiodic,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Deductions:
    """What is withheld from a pay and what the employer adds, in dollars and cents.

    `pensionable` and `insurable` are the earnings that counted; `nonperiodic_f5`
    and `pensionable` are carried to the next pay by `YearToDate.after`.
    `editions` names the tables that were used, as printed on the stub.
    """

    federal_tax: Decimal
    federal_tax_nonperiodic: Decimal
    quebec_tax: Decimal
    quebec_tax_nonperiodic: Decimal
    qpp: Decimal
    qpp2: Decimal
    qpip: Decimal
    ei: Decimal
    qpp_employer: Decimal
    qpp2_employer: Decimal
    qpip_employer: Decimal
    ei_employer: Decimal
    hsf_employer: Decimal
    labour_standards_employer: Decimal
    cnesst_employer: Decimal
    pensionable: Decimal
    insurable: Decimal
    nonperiodic_f5: Decimal
    editions: tuple[str, ...]

    @property
    def total(self) -> Decimal:
        """Everything withheld from the person."""
        return (
            self.federal_tax
            + self.federal_tax_nonperiodic
            + self.quebec_tax
            + self.quebec_tax_nonperiodic
            + self.qpp
            + self.qpp2
            + self.qpip
            + self.ei
        )

    @property
    def employer_total(self) -> Decimal:
        """Everything the employer adds to the pay."""
        return (
            self.qpp_employer
            + self.qpp2_employer
            + self.qpip_employer
            + self.ei_employer
            + self.hsf_employer
            + self.labour_standards_employer
            + self.cnesst_employer
        )

    def to_dict(self) -> dict[str, Any]:
        """The result in types JSON has: amounts as text, editions as a list."""
        return {
            name: list(value) if isinstance(value, tuple) else str(value)
            for name, value in asdict(self).items()
        }


_NESTED: dict[str, type[Claims] | type[Employer]] = {"Claims": Claims, "Employer": Employer}

for _record in (Claims, Employer, Pay, YearToDate):
    _record._prepare()

NO_CLAIMS = Claims()
SMALL_EMPLOYER = Employer()
