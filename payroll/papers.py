"""What a stub says, arranged for reading: the same on paper and on the screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from .deductions.money import ZERO
from .facts import Employer, Payee, StubFacts
from .models import PayStub, StubLine

Side, Code = StubLine.Side, StubLine.Code
# What overtime multiplies the rate by: the law's half (Act respecting labour standards, s. 55).
OVERTIME_FACTOR = Decimal("1.5")


@dataclass(frozen=True)
class Earned:
    """Hours of one week, and what they are worth: minutes ÷ 60 × rate, × 1.5 for overtime."""

    week_starts_on: date
    code: str
    label: str
    minutes: int
    rate: Decimal
    amount: Decimal
    reason: str

    @property
    def factor(self) -> Decimal | None:
        return OVERTIME_FACTOR if self.code == Code.OVERTIME else None

    @property
    def is_banked(self) -> bool:
        return self.code == Code.BANKED


@dataclass(frozen=True)
class Amount:
    """One amount of this pay, and its sum in the year (None where the year is not followed)."""

    code: str
    label: str
    amount: Decimal
    year_to_date: Decimal | None


@dataclass(frozen=True)
class Tax(Amount):
    """GST or QST on a freelancer's price, with its rate and the number it is charged under."""

    rate: Decimal | None
    registration: str

    @property
    def places(self) -> int:
        """The decimals its percentage is written with: none for 5%, three for 9.975%."""
        exponent = (self.rate * 100).normalize().as_tuple().exponent if self.rate else 0
        return max(0, -int(exponent))


@dataclass(frozen=True)
class Rate:
    amount: Decimal
    starts_on: date
    decision: str
    body: str
    adopted_on: date


@dataclass(frozen=True)
class Paper:
    """A stub or statement as its reader meets it, from who pays whom to the net.

    Everything foots: `gross` is the sum of `earnings`; `net` is `gross`, less `deductions`, plus
    `taxes`. Times are minutes, amounts dollars.
    """

    kind: str
    language: str
    number: str
    cooperative: Employer
    person: Payee
    period: tuple[date, date]
    pay_on: date
    issued_on: date
    voids: dict[str, str] | None
    corrects: dict[str, str] | None
    rates: list[Rate]
    earnings: list[Earned]
    gross: Amount
    deductions: list[Amount]
    deducted: Amount
    taxes: list[Tax]
    net: Amount
    employer: list[Amount]
    employer_total: Decimal
    roles: list[tuple[str, int]]
    bank: dict[str, int] | None
    editions: str
    invoice_number: str

    @property
    def is_statement(self) -> bool:
        return self.kind == PayStub.Kind.STATEMENT

    @property
    def title(self) -> str:
        """What the document is, in the language that is active."""
        if self.voids:
            return _("Voided payment statement") if self.is_statement else _("Voided pay stub")
        if self.corrects:
            return _("Corrected payment statement") if self.is_statement else _("Corrected pay stub")
        return _("Payment statement") if self.is_statement else _("Pay stub")

    @property
    def minutes_paid(self) -> int:
        """Hours paid on this document: all but those that were banked."""
        return sum(earned.minutes for earned in self.earnings if not earned.is_banked)

    @property
    def cost(self) -> Decimal:
        """What the pay costs the co-op: gross, or price with its taxes, and the employer's share."""
        return self.gross.amount + sum((tax.amount for tax in self.taxes), ZERO) + self.employer_total

    @property
    def has_corrections(self) -> bool:
        return any(earned.reason for earned in self.earnings)


def arrange(stub: PayStub) -> Paper:
    """The paper of a stub, its labels in the language that is active. Reads its lines only."""
    return arrange_lines(
        stub.facts, stub.lines.all(), kind=stub.kind, language=stub.language, editions=stub.editions
    )


def arrange_lines(
    facts: StubFacts, lines: Iterable[StubLine], *, kind: str, language: str, editions: str = ""
) -> Paper:
    """The paper of these facts and lines, whether they are stored or only previewed."""
    sides: dict[str, list[StubLine]] = {side: [] for side in Side.values}
    for line in lines:
        sides[line.side].append(line)

    def named(code: str, label: str, amount: Decimal) -> Amount:
        so_far = facts["year_to_date"].get(code)
        return Amount(code, label, amount, None if so_far is None else Decimal(so_far))

    def total(side: str) -> Decimal:
        return sum((line.amount for line in sides[side]), ZERO)

    def tax(line: StubLine) -> Tax:
        base = named(line.code, line.get_code_display(), line.amount)
        rate = facts.get("sales_tax_rates", {}).get(line.code)
        number = facts["person"].get(f"{line.code}_number", "")
        return Tax(
            base.code,
            base.label,
            base.amount,
            base.year_to_date,
            None if rate is None else Decimal(rate),
            str(number),
        )

    def amounts(side: str, *, over_the_year: bool = True) -> list[Amount]:
        return [
            named(line.code, line.get_code_display(), line.amount)
            if over_the_year
            else Amount(line.code, line.get_code_display(), line.amount, None)
            for line in sides[side]
        ]

    is_statement = kind == PayStub.Kind.STATEMENT
    gross, deducted = total(Side.EARNING), total(Side.DEDUCTION)
    return Paper(
        kind=kind,
        language=language,
        number=facts["number"],
        cooperative=facts["cooperative"],
        person=facts["person"],
        period=(date.fromisoformat(facts["period_starts_on"]), date.fromisoformat(facts["period_ends_on"])),
        pay_on=date.fromisoformat(facts["pay_on"]),
        issued_on=date.fromisoformat(facts["issued_on"]),
        voids=facts.get("voids"),
        corrects=facts.get("corrects"),
        rates=[
            Rate(
                Decimal(rate["amount"]),
                date.fromisoformat(rate["starts_on"]),
                rate["decision"],
                rate["body"],
                date.fromisoformat(rate["adopted_on"]),
            )
            for rate in facts["rates"]
        ],
        earnings=[
            Earned(
                line.week_starts_on,
                line.code,
                line.get_code_display(),
                line.minutes,
                line.rate,
                line.amount,
                line.get_reason_display(),
            )
            for line in sorted(sides[Side.EARNING], key=lambda line: line.week_starts_on)
        ],
        gross=named("gross", _("Price before taxes") if is_statement else _("Gross pay"), gross),
        deductions=amounts(Side.DEDUCTION),
        deducted=named("deductions", _("Total deductions"), deducted),
        taxes=[tax(line) for line in sides[Side.SALES_TAX]],
        net=named(
            "net", _("Total paid") if is_statement else _("Net pay"), gross - deducted + total(Side.SALES_TAX)
        ),
        employer=amounts(Side.EMPLOYER, over_the_year=False),
        employer_total=total(Side.EMPLOYER),
        roles=[(role["role"], role["minutes"]) for role in facts["roles"]],
        bank=facts.get("overtime_bank"),
        editions=editions,
        invoice_number=facts.get("invoice_number", ""),
    )
