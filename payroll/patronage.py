"""A surplus shared by hours, exact to the cent: a patronage dividend as it would be. Plain Python.

Each share is the amount × one's minutes ÷ the minutes of all, cut to the cent; the cents that are left go one
each to the largest remainders (of equal ones, to the lowest key), so that the shares add up to the amount.
"""

from collections.abc import Mapping
from decimal import Decimal

CENTS = 100


def shared_out(amount: Decimal, minutes: Mapping[int, int]) -> dict[int, Decimal]:
    """What each gets of the amount (dollars, whole cents, not negative), by the same keys as `minutes`.

    Minutes are above zero. Nobody shares nothing: an empty mapping gives an empty one. Raises ValueError
    for an amount with parts of a cent or below zero, or minutes that are not above zero.
    """
    in_cents = amount * CENTS
    if amount < 0 or in_cents != in_cents.to_integral_value():
        raise ValueError("an amount is whole cents, not below zero")
    if any(own <= 0 for own in minutes.values()):
        raise ValueError("whoever shares has minutes")
    whole, left = sum(minutes.values()), int(in_cents)
    if not whole:
        return {}
    parts = {key: divmod(left * own, whole) for key, own in minutes.items()}
    over = left - sum(cents for cents, _rest in parts.values())
    first = sorted(parts, key=lambda key: (-parts[key][1], key))[:over]
    return {key: Decimal(cents + (key in first)) / CENTS for key, (cents, _rest) in parts.items()}
