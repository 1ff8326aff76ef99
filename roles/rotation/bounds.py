"""What no sharing out can beat: the relaxed model, where a task may be held by parts.

With the shortfalls held at their least, the smallest largest gap of the relaxed model is below that
of every real plan. It is 0 when people are flexible: a plan is judged against it or the band,
whichever is larger.
"""

import math

from .model import build
from .problem import Problem
from .program import Watch


def least_gap(problem: Problem, watch: Watch, *, shortfalls: float = math.inf) -> float:
    """The largest gap, in points, that no plan with these shortfalls can be under."""
    model = build(problem, tau=0.0)
    solver = model.program.solver(watch, relaxed=True)
    if math.isinf(shortfalls):
        least = solver.minimise(model.shortfalls)
        if least is None:
            return 0.0
        shortfalls = least.cost
    solver.add_row(model.shortfalls, at_most=shortfalls + 1e-6 * max(1.0, shortfalls))
    answer = solver.minimise(model.costs("worst"))
    return max(0.0, answer.bound) if answer else 0.0
