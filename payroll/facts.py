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
    # Code of a line (or gross, deductions, net) to its sum in the year, this stub included.
    year_to_date: dict[str, str]
    # Minutes banked at time and a half: earned and taken on this stub, and the balance after it.
    overtime_bank: NotRequired[dict[str, int]]
    # The freelancer's own number for what this statement pays, where they gave one.
    invoice_number: NotRequired[str]
    # Fractions by which a registered freelancer's price was taxed: {"gst": "0.05", "qst": "0.09975"}.
    sales_tax_rates: NotRequired[dict[str, str]]
    # The stub this one mirrors, when it voids one: its number and the reason:
    # {"number": …, "because": …}.
    voids: NotRequired[dict[str, str]]
    # The stub this one replaces, when it corrects one: its number and the reason, as above.
    corrects: NotRequired[dict[str, str]]
