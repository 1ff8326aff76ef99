"""What the votes on a task become: one value, how solid it is, what a single person can move.

Plain Python. Votes are whole points from 1 to 5; what comes out are exact fractions of points. The rules
are those the co-op can read: without the lowest and the highest, drawn a little towards the mean of all
votes, shown from three votes on. A mean and not a median, which jumps by a whole point when somebody
joins; trimmed, since one person may exaggerate; drawn in, since a new task should start in the middle.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

LOWEST, MIDDLE, HIGHEST = 1, 3, 5
#: From that many votes on, one lowest and one highest are left out.
TRIMMED_FROM = 5
#: As many voices as these stand at the mean of the co-op, beside the real ones.
VIRTUAL_VOTES = 2
#: With fewer votes the value would tell what one person said: it is neither shown nor used.
SHOWN_FROM = 3
SPREAD_FROM = 5
#: Those who do a task and the others are told apart when there are three votes on each side.
SIDES_FROM = 3


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What is known of a task in one dimension.

    `value` is what its votes say (None without any), `used` what stands in every reckoning: the value
    once it may be shown, the mean of the co-op before. `moves` are the lowest and the highest the value
    would be without one of its votes; `spread` is the standard deviation of the votes.
    """

    count: int
    value: Fraction | None
    used: Fraction
    is_shown: bool
    moves: tuple[Fraction, Fraction] | None
    spread: float | None


def mean_of(votes: Collection[int]) -> Fraction:
    """The mean of all votes of the co-op in a dimension: the middle of the scale when there are none."""
    return Fraction(sum(votes), len(votes)) if votes else Fraction(MIDDLE)


def aggregate(
    votes: Sequence[int],
    mean: Fraction,
    *,
    virtual: int = VIRTUAL_VOTES,
    shown_from: int = SHOWN_FROM,
) -> Aggregate:
    """What these votes on one task become, beside the mean of all votes of the co-op."""
    count = len(votes)
    if not count:
        return Aggregate(0, None, mean, is_shown=False, moves=None, spread=None)
    value = _value(votes, mean, virtual)
    if count < shown_from:
        return Aggregate(count, value, mean, is_shown=False, moves=None, spread=None)
    spread = _spread(votes) if count >= SPREAD_FROM else None
    return Aggregate(
        count, value, value, is_shown=True, moves=_without_one(votes, mean, virtual), spread=spread
    )


def gap(holders: Sequence[int], others: Sequence[int]) -> Fraction | None:
    """By how much those who do a task rate it above the others; None below three votes on either side."""
    if min(len(holders), len(others)) < SIDES_FROM:
        return None
    return mean_of(holders) - mean_of(others)


def _value(votes: Sequence[int], mean: Fraction, virtual: int) -> Fraction:
    kept = sorted(votes)[1:-1] if len(votes) >= TRIMMED_FROM else votes
    return (sum(kept) + virtual * mean) / Fraction(len(kept) + virtual)


def _without_one(votes: Sequence[int], mean: Fraction, virtual: int) -> tuple[Fraction, Fraction] | None:
    """The range of the value when any one person had said nothing; None if that person was alone."""
    if len(votes) < 2:
        return None
    ordered = sorted(votes)
    values = [_value(ordered[:place] + ordered[place + 1 :], mean, virtual) for place in range(len(ordered))]
    return min(values), max(values)


def _spread(votes: Sequence[int]) -> float:
    middle = mean_of(votes)
    return math.sqrt(sum((vote - middle) ** 2 for vote in votes) / len(votes))
