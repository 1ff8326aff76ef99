"""On how few people a role rests: seen before fairness, since it is what breaks first.

Plain Python. Hours are those of a window; an autonomous person is one whom the role can do without a
mentor, as declared and confirmed.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

Person = Hashable

HALF = Fraction(1, 2)
#: One person with more than this share of the hours, and the role rests on them alone.
TOP_SHARE = Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Concentration:
    """How a role's hours are spread. Without hours its indices are None.

    `top_share` is the share of whoever does most of it; `effective_people` is by how many equal people it
    would be as spread out; `truck_factor` the fewest people who carry more than half of it; `autonomous`
    how many of those here can do it alone, None when nobody's level was declared yet.
    """

    hours: Fraction
    top: Person | None
    top_share: Fraction | None
    effective_people: Fraction | None
    truck_factor: int | None
    autonomous: int | None
    is_wanted: bool

    @property
    def is_empty(self) -> bool:
        return not self.hours

    @property
    def is_left_undone(self) -> bool:
        """There was work to do, and nobody logged an hour on it."""
        return self.is_empty and self.is_wanted

    @property
    def is_single_point_of_failure(self) -> bool:
        """One absence stops the role. A role that nobody wants done fails nobody."""
        if self.is_empty and not self.is_wanted:
            return False
        if self.autonomous is not None and self.autonomous <= 1:
            return True
        return self.truck_factor == 1 and self.top_share is not None and self.top_share > TOP_SHARE


def concentration(
    hours: Mapping[Person, Fraction], *, autonomous: int | None = None, is_wanted: bool = True
) -> Concentration:
    """How the hours of a role are spread over people; `is_wanted` says whether there is demand for it."""
    spread = sorted(((amount, person) for person, amount in hours.items() if amount > 0), key=_most_first)
    total = sum((amount for amount, _person in spread), Fraction(0))
    if not total:
        return Concentration(Fraction(0), None, None, None, None, autonomous, is_wanted)
    shares = [amount / total for amount, _person in spread]
    return Concentration(
        total,
        spread[0][1],
        shares[0],
        1 / sum((share**2 for share in shares), Fraction(0)),
        _fewest_for_half(shares),
        autonomous,
        is_wanted,
    )


def only_ones(autonomous: Iterable[Collection[Person]]) -> Counter[Person]:
    """In how many roles each person is the only autonomous one, given the autonomous people of each role."""
    return Counter(next(iter(people)) for people in autonomous if len(people) == 1)


def _most_first(one: tuple[Fraction, Person]) -> tuple[Fraction, str]:
    return -one[0], str(one[1])


def _fewest_for_half(shares: list[Fraction]) -> int:
    carried = Fraction(0)
    for count, share in enumerate(shares, start=1):
        carried += share
        if carried > HALF:
            return count
    return len(shares)
