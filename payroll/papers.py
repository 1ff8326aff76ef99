"""What a stub says, arranged for reading: the same on paper and on the screen."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from koumbit.formats import day, number
from timesheets.calendar_words import holiday_name
from timesheets.weeks import LEGAL_WEEK

from .deductions.money import ZERO
from .earnings import BEYOND, OUT
from .facts import Employer, IndemnityFacts, Payee, StubFacts
from .models import PayStub, StubLine

Side, Code = StubLine.Side, StubLine.Code
# What overtime multiplies the rate by: the law's half (Act respecting labour standards, s. 55).
OVERTIME_FACTOR = Decimal("1.5")


@dataclass(frozen=True)
class Basis:
    """How an indemnity is reached: a part of the wages of four weeks, for so many days; `paid` is all of it.

    `holiday` is the name of the day, with its date, when it is one.
    """

    base: Decimal
    first: date
    last: date
    divisor: int
    days: Fraction
    amount: Decimal
    holiday: str

    @property
    def several(self) -> str:
        """How many days, as the reader writes it; empty for exactly one."""
        if self.days == 1:
            return ""
        hundredths = self.days * 100
        return number(Decimal(int(hundredths)) / 100) if hundredths.denominator == 1 else str(self.days)


@dataclass(frozen=True)
class Earned:
    """Hours of one week, and what they are worth: minutes ÷ 60 × rate, × 1.5 for overtime.

    An indemnity has no rate and a `basis` instead; `minutes` is None where no hours stand behind the amount.
    `off` are the minutes of days off that count in the week of this overtime.
    """

    week_starts_on: date
    code: str
    label: str
    minutes: int | None
    rate: Decimal | None
    amount: Decimal
    reason: str
    basis: Basis | None = None
    off: int = 0

    @property
    def begins_after(self) -> int:
        """The minutes of work after which overtime begins, where days off count."""
        return max(0, LEGAL_WEEK - self.off)

    @property
    def factor(self) -> Decimal | None:
        return OVERTIME_FACTOR if self.code == Code.OVERTIME else None

    @property
    def is_banked(self) -> bool:
        return self.code == Code.BANKED

    @property
    def is_of_the_period(self) -> bool:
        """Paid by a bank at the end of the period, not for a week."""
        return self.code in OUT

    @property
    def redone(self) -> Decimal | None:
        """What the basis gives, where this line is only what of it was not paid before."""
        # What takes a stub back says the same amount, negative.
        return self.basis.amount if self.basis and self.basis.amount != abs(self.amount) else None


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
class BankPrinted:
    """Banked overtime on a stub, in minutes of leave; None where it does not speak of it."""

    earned: int
    taken: int | None
    out: int | None
    balance: int


@dataclass(frozen=True)
class VacationPrinted:
    """Vacation on a stub, in dollars; `part` is the part of the wages it is. None where it does not speak of it."""

    part: Decimal
    accrued: Decimal
    taken: Decimal | None
    out: Decimal | None
    balance: Decimal


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
    bank: BankPrinted | None
    vacation: VacationPrinted | None
    editions: str
    invoice_number: str
    mark: str
    address: str

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
        return sum(earned.minutes or 0 for earned in self.earnings if not earned.is_banked)

    @property
    def has_indemnities(self) -> bool:
        return any(earned.basis for earned in self.earnings)

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

    off = facts.get("days_off", {})
    bases = {(of["week"], of["code"]): _basis(of) for of in facts.get("indemnities", ())}

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
                bases.get((str(line.week_starts_on), line.code)),
                off.get(str(line.week_starts_on), 0) if line.code in BEYOND else 0,
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
        bank=_bank(facts),
        vacation=_vacation(facts),
        editions=editions,
        invoice_number=facts.get("invoice_number", ""),
        mark=mark_of(facts, (line for own in sides.values() for line in own)),
        address=facts.get("address", ""),
    )


#: Groups and letters of the mark: 16 of the 64 that a SHA-256 has, enough that nobody finds another stub with them.
MARK_GROUPS, MARK_LETTERS = 4, 4


def mark_of(facts: StubFacts, lines: Iterable[StubLine]) -> str:
    """What a stub says, as sixteen letters and digits: its number, people, dates and every amount.

    The same on paper and on the screen as long as nothing of it was changed: `4f0a-11c2-9be3-07d5`.
    """
    content = [
        facts["number"],
        facts["cooperative"]["name"],
        facts["person"]["name"],
        facts["period_starts_on"],
        facts["period_ends_on"],
        facts["pay_on"],
        sorted(
            [
                str(line.side),
                str(line.code),
                str(line.week_starts_on or ""),
                line.minutes or 0,
                "" if line.rate is None else f"{line.rate:.4f}",
                f"{line.amount:.2f}",
                str(line.reason),
            ]
            for line in lines
        ),
    ]
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    starts = range(0, MARK_GROUPS * MARK_LETTERS, MARK_LETTERS)
    return "-".join(digest[start : start + MARK_LETTERS] for start in starts)


def _basis(of: IndemnityFacts) -> Basis:
    days = [date.fromisoformat(text) for text in of["holidays"]]
    return Basis(
        base=Decimal(of["base"]),
        first=date.fromisoformat(of["first"]),
        last=date.fromisoformat(of["last"]),
        divisor=int(Decimal(of["divisor"])),
        days=Fraction(of["days"]),
        amount=Decimal(of["amount"]),
        holiday=", ".join(f"{holiday_name(one)}, {day(one)}" for one in days),
    )


def _bank(facts: StubFacts) -> BankPrinted | None:
    of = facts.get("overtime_bank")
    return BankPrinted(of["earned"], of.get("taken"), of.get("out"), of["balance"]) if of else None


def _vacation(facts: StubFacts) -> VacationPrinted | None:
    of = facts.get("vacation_bank")
    if of is None:
        return None
    return VacationPrinted(
        Decimal(of["part"]),
        Decimal(of["accrued"]),
        Decimal(of["taken"]) if "taken" in of else None,
        Decimal(of["out"]) if "out" in of else None,
        Decimal(of["balance"]),
    )
