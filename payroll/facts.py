"""The shape of `PayStub.facts`: all that a stub says besides its lines, frozen when it is issued.

Plain JSON: dates are ISO text, amounts are text with two decimals, times are integer minutes. A
document is a function of the stub's kind, language and editions, its facts and its lines, and of
nothing else: it can be made again byte for byte.
"""

from typing import NotRequired, TypedDict


class Employer(TypedDict):
    name: str
    address: str
    phone: str
    email: str
    enterprise_number: str


class Payee(TypedDict):
    name: str
    address: str
    job_title: str
    gst_number: NotRequired[str]
    qst_number: NotRequired[str]


class RateInForce(TypedDict):
    """A rate used on this stub, with the decision that set it."""

    amount: str
    starts_on: str
    decision: str
    body: str
    adopted_on: str


class RoleHours(TypedDict):
    """Approved minutes of the period by role: where the hours went, never what they are worth."""

    role: str
    minutes: int


class VacationBank(TypedDict):
    """Vacation in dollars: the part of wages it is, what this stub earned, took and paid out, the balance after it."""

    part: str
    accrued: str
    balance: str
    taken: NotRequired[str]
    out: NotRequired[str]


class IndemnityFacts(TypedDict):
    """What a holiday or sick days of a week are worth in all, and from which wages.

    `base` is what was earned from `first` to `last`, overtime left out; `days` how many days are paid,
    as a fraction ("1", "4/7"); `holidays` the days themselves when they are holidays.
    """

    week: str
    code: str
    base: str
    first: str
    last: str
    days: str
    divisor: str
    amount: str
    holidays: list[str]


class StubFacts(TypedDict):
    number: str
    cooperative: Employer
    person: Payee
    period_starts_on: str
    period_ends_on: str
    pay_on: str
    issued_on: str
    rates: list[RateInForce]
    roles: list[RoleHours]
    # The page where a printed stub can be checked, as its address was on the day.
    address: NotRequired[str]
    # Code of a line (or gross, deductions, net) to its sum in the year, this stub included.
    year_to_date: dict[str, str]
    # Minutes banked at time and a half: earned, taken and paid out on this stub, and the balance after it.
    overtime_bank: NotRequired[dict[str, int]]
    # The freelancer's own number for what this statement pays, where they gave one.
    invoice_number: NotRequired[str]
    # Vacation earned and paid on this stub, where the co-op has it kept here.
    vacation_bank: NotRequired[VacationBank]
    # How each indemnity on this stub is reached.
    indemnities: NotRequired[list[IndemnityFacts]]
    # By first day of a week with overtime on this stub: minutes of vacation, and of holidays not worked, that count
    # in that week as hours worked do.
    days_off: NotRequired[dict[str, int]]
    # Fractions by which a registered freelancer's price was taxed: {"gst": "0.05", "qst": "0.09975"}.
    sales_tax_rates: NotRequired[dict[str, str]]
    # The stub this one mirrors, when it voids one: its number and the reason:
    # {"number": …, "because": …}.
    voids: NotRequired[dict[str, str]]
    # The stub this one replaces, when it corrects one: its number and the reason, as above.
    corrects: NotRequired[dict[str, str]]
