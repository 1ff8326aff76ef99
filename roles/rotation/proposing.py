"""One problem in, one proposal out: chosen, bounded, explained."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from . import exact, impossibility, large
from .bounds import least_gap
from .model import build
from .outcome import Outcome
from .problem import DIMENSIONS, Pair, Problem
from .program import Watch
from .reasons import Reason, reasons
from .rounding import on_grid

#: Up to this many pairs that may be, whole numbers are solved at once; then a first plan helps them start.
AT_ONCE_PAIRS = 40
#: Up to this many, the whole numbers of everybody are solved; beyond, small groups come first.
EXACT_PAIRS = 600
#: Up to this many, what the groups have found is tried exactly as a whole, if it could still be better.
SOLVABLE_PAIRS = 2500
#: A gap this near to its bound, in points, is not worth minutes.
NEAR = 0.005
#: Points below which gaps are the noise of the ratings: no plan is judged against less.
NOISE = 0.25


@dataclass(frozen=True)
class Proposal:
    """A sharing out of the period, with what is proven of it."""

    outcome: Outcome
    lower_bound: float
    seconds: float
    is_exact: bool
    stages: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    too_heavy: tuple[impossibility.TooHeavy, ...] = ()
    relaxed: tuple[impossibility.Relaxed, ...] = ()
    #: With refusals: the smallest largest gap that is possible, and what it would be without them.
    refusals: tuple[float, float] | None = None

    @property
    def ratio(self) -> float:
        """The largest gap against what no plan can beat, or the band when that is larger: 1 is as good as it gets.

        The band counts as a quarter of a point at least, below which gaps are noise.
        """
        return self.outcome.max_deviation / max(NOISE, self.outcome.problem.config.tau, self.lower_bound)

    @property
    def reasons(self) -> dict[Pair, list[Reason]]:
        return reasons(self.outcome)

    @property
    def farthest(self) -> tuple[str, int, float] | None:
        """Who is farthest from the mean, in which dimension, by how many points."""
        gaps = self.outcome.gaps
        if not gaps:
            return None
        who, k = max(gaps, key=lambda key: gaps[key])
        deviation = self.outcome.deviations[who]
        return None if deviation is None else (who, k, deviation[k])


def propose(problem: Problem, watch: Watch | None = None) -> Proposal:
    """Share out a period. Raises `Cancelled` when the watch is told to stop."""
    watch = watch or Watch(problem.config.time_limit)
    is_exact = len(problem.pairs) <= EXACT_PAIRS
    if not is_exact:
        found = large.solve(problem, watch)
        if len(problem.pairs) <= SOLVABLE_PAIRS and not _is_proven(problem, found):
            found = _better(problem, found, watch)
    elif len(problem.pairs) > AT_ONCE_PAIRS:
        found = _from_a_first_plan(problem, watch)
    else:
        found = exact.solve(build(problem), watch)
    outcome = (
        _weighed_by_loads(Outcome(problem, found.hours), watch) if is_exact else Outcome(problem, found.hours)
    )
    if problem.config.grid:
        outcome = on_grid(outcome, problem.config.grid, Watch(is_cancelled=watch.is_cancelled))
    shortfalls = found.values.get("shortfalls", 0.0)
    # Bounds are over planned hours; whoever works more, within the band of the load, may have a smaller gap.
    spread, bound = 1.0 + problem.config.load_band, 0.0
    if found.bounds.get("worst", 0.0) > 1e-7:
        bound = problem.config.tau + found.bounds["worst"] / spread
    if is_exact:
        rest = Watch(max(5.0, watch.left), is_cancelled=watch.is_cancelled)
        bound = max(bound, least_gap(problem, rest, shortfalls=shortfalls) / spread)
    refusals = _cost_of_refusals(problem, watch) if is_exact and problem.refusals else None
    heavy: list[impossibility.TooHeavy] = []
    relaxed: list[impossibility.Relaxed] = []
    if any(short.kind not in {"under_load", "over_load"} for short in outcome.shortfalls):
        after = Watch(max(10.0, watch.left), tell=watch.tell, is_cancelled=watch.is_cancelled)
        heavy = impossibility.too_heavy(problem, after)
        relaxed = impossibility.ladder(problem, shortfalls, after)
    return Proposal(
        outcome=outcome,
        lower_bound=min(bound, outcome.max_deviation),
        seconds=watch.elapsed,
        is_exact=is_exact,
        stages={stage: (value, found.bounds.get(stage, 0.0)) for stage, value in found.values.items()},
        too_heavy=tuple(heavy),
        relaxed=tuple(relaxed),
        refusals=refusals,
    )


def _cost_of_refusals(problem: Problem, watch: Watch) -> tuple[float, float]:
    """How near everybody could be with the refusals, and without; both by parts, so that they compare."""
    rest = Watch(max(5.0, watch.left), is_cancelled=watch.is_cancelled)
    spread = 1.0 + problem.config.load_band
    with_them = least_gap(problem, rest) / spread
    without = least_gap(replace(problem, refusals=frozenset()), rest) / spread
    return max(with_them, without), without


def _from_a_first_plan(problem: Problem, watch: Watch) -> exact.Found:
    """The whole model in whole numbers, which begins better from a plan near to what is held today."""
    first = large.solve(problem, Watch(0.3 * watch.left, is_cancelled=watch.is_cancelled))
    whole = exact.solve(build(problem), watch, start=first.hours)
    if not whole.hours or _merit(problem, first) < _merit(problem, whole):
        whole.hours = first.hours
    return whole


def _weighed_by_loads(outcome: Outcome, watch: Watch) -> Outcome:
    """The same, with gaps weighed by the hours people have in this plan, when that makes the largest smaller.

    Under a load band the planned hours by which the model weighs them are a twentieth off or so.
    """
    problem = outcome.problem
    weighed = max(outcome.excesses.values(), default=0.0)
    if not problem.config.load_band or outcome.max_excess <= weighed + NEAR or watch.left < 1.0:
        return outcome
    loads = {member.id: outcome.load(member) for member in problem.members}
    again = replace(problem, loads=loads)
    found = exact.solve(build(again), watch, start=outcome.given)
    other = Outcome(problem, found.hours)
    return min(outcome, other, key=_true_merit)


def _true_merit(outcome: Outcome) -> tuple[float, ...]:
    """What is compared, in the strict order, by the gaps themselves."""
    first, _worst, _sum, last = large.merit(outcome)
    return (first, round(outcome.max_excess, 3), round(outcome.sum_excess, 2), last)


def _merit(problem: Problem, found: exact.Found) -> tuple[float, ...]:
    return large.merit(Outcome(problem, found.hours))


def _is_proven(problem: Problem, found: exact.Found) -> bool:
    """Is nothing left to gain that matters: no shortfall that could be less, no gap that could be smaller?"""
    at_least = problem.weights.load
    return (
        found.values.get("shortfalls", 0.0) <= found.bounds.get("shortfalls", 0.0) + at_least
        and found.values.get("worst", 0.0) <= found.bounds.get("worst", 0.0) + NEAR
    )


def _better(problem: Problem, found: exact.Found, watch: Watch) -> exact.Found:
    """The whole model in whole numbers, from what the groups found; theirs again when it finds nothing better."""
    whole = exact.solve(build(problem), watch, start=found.hours, stages=exact.STAGES[:3])
    if not whole.hours:
        return found
    if _merit(problem, found) < _merit(problem, whole):
        whole.hours = found.hours
    for stage, bound in found.bounds.items():
        whole.bounds[stage] = max(bound, whole.bounds.get(stage, 0.0))
    return whole


def reach(problem: Problem, member_id: str, k: int, *, with_mandates: bool = False) -> tuple[float, float]:
    """The least and the greatest deviation somebody could have, if nobody else had needs.

    `with_mandates`: what they are to keep, they keep.
    """
    member = problem.member[member_id]
    rows = []
    for task, bound in problem.pairs_of[member_id].items():
        kept = min(bound, problem.mandates.get((member_id, task), 0.0)) if with_mandates else 0.0
        rows.append((problem.task[task].ratings[k] - problem.mean[k], kept, bound - kept))
    kept_hours = sum(kept for _rating, kept, _more in rows)
    hours = max(problem.planned(member), kept_hours)
    ends = []
    for sign in (1, -1):
        left = hours - kept_hours
        balance = member.carry[k] + sum(kept * rating for rating, kept, _more in rows)
        for rating, _kept, more in sorted(rows, key=lambda row: sign * row[0]):
            taken = min(left, more)
            balance, left = balance + taken * rating, left - taken
        total = member.carry_hours + hours - left
        ends.append(balance / total if total > 0 else 0.0)
    return ends[0], ends[1]


def explanations(proposal: Proposal) -> list[dict[str, Any]]:
    """What limits this plan: what is too heavy for whom, which rule to relax, who is farthest and why."""
    problem = proposal.outcome.problem
    found: list[dict[str, Any]] = [
        {
            "kind": "too_heavy",
            "tasks": list(knot.tasks),
            "members": list(knot.members),
            "need": round(knot.need, 2),
            "can_give_at_most": round(knot.can_give, 2),
            "missing": round(knot.missing, 2),
            "learners_give": round(knot.learners_give, 2),
        }
        for knot in proposal.too_heavy
    ]
    found += [
        {
            "kind": "relax",
            "family": relaxed.family,
            "cost_now": round(relaxed.before, 2),
            "cost_without": round(relaxed.after, 2),
        }
        for relaxed in proposal.relaxed
    ]
    if proposal.refusals is not None:
        gap, without = proposal.refusals
        found.append({"kind": "refusals", "gap": round(gap, 4), "gap_without": round(without, 4)})
    farthest = proposal.farthest
    if farthest and abs(farthest[2]) > 0.005:
        who, k, deviation = farthest
        nearest, by = _limit(problem, who, k, deviation)
        found.append(
            {
                "kind": "farthest",
                "member": who,
                "dimension": DIMENSIONS[k],
                "deviation": round(deviation, 4),
                "nearest_alone": round(nearest, 4),
                "limited_by": by,
            }
        )
    return found


def _limit(problem: Problem, who: str, k: int, deviation: float) -> tuple[float, str]:
    """The nearest to the mean that somebody could be on their side of it, and why they are not nearer.

    They are within the band; or what they can do allows no less, alone or with what they are to keep; or
    others would have to move.
    """
    nearest = []
    for with_mandates in (False, True):
        least, greatest = reach(problem, who, k, with_mandates=with_mandates)
        nearest.append(max(0.0, least) if deviation > 0 else min(0.0, greatest))
    if abs(deviation) <= problem.config.tau + NEAR:
        return nearest[0], "band"
    for near, by in zip(nearest, ("own_tasks", "mandates"), strict=True):
        if abs(deviation) - abs(near) < 4 * NEAR:
            return nearest[0], by
    return nearest[0], "others"


def to_json(proposal: Proposal) -> dict[str, Any]:
    """What the command prints and what is kept of a computation."""
    outcome = proposal.outcome
    places = {task: n for n, task in enumerate(outcome.problem.task)}
    people = {member: n for n, member in enumerate(outcome.problem.member)}
    given = sorted(outcome.given.items(), key=lambda row: (places[row[0][1]], people[row[0][0]]))
    return {
        "assignment": [[who, task, round(hours, 2)] for (who, task), hours in given],
        "uncovered_hours": round(outcome.amount("uncovered_hours"), 2),
        "missing_people": round(outcome.amount("missing_people")),
        "max_deviation": round(outcome.max_deviation, 4),
        "max_excess_over_tau": round(outcome.max_excess, 4),
        "sum_excess_over_tau": round(outcome.sum_excess, 4),
        "shortfalls": [[short.kind, short.subject, round(short.amount, 3)] for short in outcome.shortfalls],
        "hours_changed": None if outcome.hours_changed is None else round(outcome.hours_changed, 2),
        "hours_moved": None if outcome.hours_moved is None else round(outcome.hours_moved, 2),
        "lower_bound": round(proposal.lower_bound, 4),
        "ratio": round(proposal.ratio, 4),
        "exact": proposal.is_exact,
        "stages": {name: [round(value, 6) for value in pair] for name, pair in proposal.stages.items()},
        "seconds": round(proposal.seconds, 2),
        "reasons": [
            {
                "member": who,
                "task": task,
                "reason": said[0].code,
                **said[0].about,
                "also": [{"reason": reason.code, **reason.about} for reason in said[1:]],
            }
            for (who, task), said in proposal.reasons.items()
        ],
        "explanations": explanations(proposal),
    }
