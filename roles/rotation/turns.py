"""Whose turn it is to touch which role: over N periods, everybody comes near every role that can take them.

Each member gets about a share of the roles each period, the most overdue first, within the places a
role has for learners. It is a matching with several per side, whole at its vertices as a linear program.
"""

import math
from collections import defaultdict
from collections.abc import Mapping

from .problem import Pair
from .program import Program, Watch


def turns(
    overdue: Mapping[Pair, float],
    places: Mapping[str, int],
    *,
    roles: int,
    periods: int = 4,
    needs_place: Mapping[Pair, bool] | None = None,
) -> frozenset[Pair]:
    """The (member, role) due in this period, out of those that are overdue, by how much they are.

    `places`: how many learners each role can take. Who does the role alone already takes none
    (`needs_place` false). Each member gets at most `roles` over `periods`, rounded up.
    """
    program = Program()
    columns: dict[Pair, int] = {}
    of_member: dict[str, dict[int, float]] = defaultdict(dict)
    of_role: dict[str, dict[int, float]] = defaultdict(dict)
    for pair, late in overdue.items():
        if late > 0:
            column = columns[pair] = program.column(0.0, 1.0)
            of_member[pair[0]][column] = 1.0
            if needs_place is None or needs_place.get(pair, True):
                of_role[pair[1]][column] = 1.0
    for row in of_member.values():
        program.row(row, at_most=math.ceil(roles / periods))
    for role, row in of_role.items():
        program.row(row, at_most=places.get(role, 0))
    answer = program.solver(Watch()).minimise(
        {columns[pair]: -late for pair, late in overdue.items() if late > 0}
    )
    if answer is None:
        return frozenset()
    return frozenset(pair for pair, column in columns.items() if answer.values[column] > 0.5)
