"""The one place where amounts are rounded.

Amounts are `Decimal` dollars. The federal and Québec guides round half up to
the cent as each parenthesis is resolved, never round a ratio of rates, and
truncate the basic exemption of a pay period.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
DOLLAR = Decimal(1)


def cents(amount: Decimal) -> Decimal:
    """The amount to the nearest cent, half a cent going up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def truncate_cents(amount: Decimal) -> Decimal:
    """The amount with what is below the cent dropped."""
    return amount.quantize(CENT, ROUND_DOWN)


def whole_dollars(amount: Decimal) -> Decimal:
    """The amount to the nearest dollar, half a dollar going up."""
    return amount.quantize(DOLLAR, ROUND_HALF_UP)


def share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """`amount × part ÷ whole` to the nearest cent; the ratio itself is never rounded."""
    return (amount * part / whole).quantize(CENT, ROUND_HALF_UP)
