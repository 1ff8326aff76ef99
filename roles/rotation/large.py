"""The way of a large co-op: relaxed hours, made whole by asking again, then better by small groups.

A vertex of the relaxed model gives most people few tasks. Parts smaller than a chunk are dropped or made
a chunk, the rest is divided again, until none is left; then eight people at a time divide what they
hold exactly; then the hours are divided once more on the pairs that were kept.
"""

import random
from collections.abc import Mapping

import numpy as np

from . import exact
from .groups import neighbours, within
from .outcome import NOTHING, Outcome
from .problem import Pair, Problem
from .program import Answer, Watch
from .relaxed import Relaxed

#: Rounds of dropping small parts, people of a group, seconds of a group.
ROUNDS, PEOPLE, A_GROUP = 40, 8, 3.0
#: A plan this near to its bound is good enough: what is left is noise of the ratings.
NEAR = 1.01


def solve(problem: Problem, watch: Watch) -> exact.Found:
    """A good sharing out and a proven bound of its largest gap, in bounded memory. Raises `Cancelled`."""
    watch.say("shortfalls", 0.0)
    relaxed = Relaxed(problem, watch)
    found = exact.Found({})
    answer = _stages(relaxed, found, watch)
    if answer is None:
        return found
    outcome = _polish(Outcome(problem, _round(relaxed, answer, watch)))
    bound = problem.config.tau + found.bounds["worst"]
    outcome = _repaired(outcome, bound, watch)
    watch.say("polish", 0.8)
    outcome = _calmed(_polish(outcome), watch)
    watch.say("polish", 0.95)
    outcome = _polish(outcome)
    excesses = outcome.excesses.values()
    found.values = {
        "shortfalls": cost(outcome),
        "worst": max(excesses, default=0.0),
        "excesses": sum(excesses),
    }
    found.hours = outcome.hours
    return found


def _stages(relaxed: Relaxed, found: exact.Found, watch: Watch) -> Answer | None:
    """The relaxed model, in the strict order; what it reaches no plan can beat.

    Whether everybody can be within the band is asked first: it is so most often, and asked in a moment.
    """
    relaxed.solver.use("ipm")
    answer = relaxed.minimise(shortfalls=1.0)
    if answer is None:
        return None
    found.bounds = {"shortfalls": answer.bound, "worst": 0.0, "excesses": 0.0}
    least = answer.cost * (1 + 1e-6) + 1e-3
    watch.say("worst", 0.1)
    relaxed.solver.limit([relaxed.rows.largest], [0.0], [0.0])
    within_band = relaxed.minimise(shortfalls=1.0)
    if within_band is None or within_band.cost > least:
        relaxed.solver.limit([relaxed.rows.largest], [0.0], [5.0])
        kept = relaxed.solver.add_row(relaxed.rows.shortfalls, at_most=least)
        better = relaxed.minimise(largest=1.0) or answer
        found.bounds["worst"] = max(0.0, better.bound)
        relaxed.solver.limit([relaxed.rows.largest], [0.0], [better.cost * (1 + 1e-6) + 1e-5])
        relaxed.solver.loosen(kept)
    watch.say("changes", 0.2)
    return relaxed.minimise(shortfalls=10.0, excess=1000.0, changes=0.001) or within_band or answer


def _round(relaxed: Relaxed, answer: Answer, watch: Watch) -> dict[Pair, float]:
    """No part smaller than a chunk, nobody too many: decide the clearest parts, divide the rest again."""
    relaxed.solver.use("simplex")
    relaxed.solver.limit([relaxed.rows.largest], [0.0], [5.0])
    hours = relaxed.hours(answer)
    for turn in range(ROUNDS):
        wrong = _decide(relaxed, hours, is_last=turn >= ROUNDS - 5)
        if not len(wrong) or watch.elapsed > 0.4 * watch.seconds:
            break
        watch.say("rounding", 0.3 + 0.3 * turn / ROUNDS)
        relaxed.limit(wrong)
        again = relaxed.minimise(shortfalls=10.0, excess=1000.0, changes=0.001)
        if again is None:
            break
        hours = relaxed.hours(again)
    return {
        pair: float(hours[n])
        for n, pair in enumerate(relaxed.pairs)
        if hours[n] >= relaxed.chunk[n] - NOTHING
    }


def _decide(relaxed: Relaxed, hours: np.ndarray, *, is_last: bool) -> np.ndarray:
    """The pairs whose bounds change: parts too small, holders too many, learners without a mentor."""
    small = np.flatnonzero((hours > 1e-6) & (hours < relaxed.chunk - 1e-6))
    part = hours[small] / relaxed.chunk[small]
    order = np.argsort(-np.abs(part - 0.5))
    # The clearest half of them first: the others may settle by themselves.
    clear = small[order[: max(20, len(order) // 2)]]
    up = hours[clear] >= 0.5 * relaxed.chunk[clear]
    up &= not is_last
    relaxed.lower[clear] = np.where(up, relaxed.chunk[clear], 0.0)
    relaxed.upper[clear] = np.where(up, relaxed.bound[clear], 0.0)
    barred = _too_many(relaxed, hours)
    relaxed.lower[barred] = relaxed.upper[barred] = 0.0
    return np.concatenate((clear, barred)).astype(int)


def _too_many(relaxed: Relaxed, hours: np.ndarray) -> np.ndarray:
    """The smallest parts beyond how many may hold a task, or how many tasks and roles somebody takes."""
    problem, pairs = relaxed.problem, relaxed.pairs
    held: list[int] = sorted(np.flatnonzero(hours > 1e-6).tolist(), key=lambda n: -hours[n])
    barred: list[int] = []
    people: dict[str, int] = {}
    tasks: dict[str, int] = {}
    roles: dict[str, set[str | None]] = {}
    for n in held:
        who, what = pairs[n]
        member, task = problem.member[who], problem.task[what]
        mine = roles.setdefault(who, set())
        if (
            (task.max_people is not None and people.get(what, 0) >= task.max_people)
            or (member.max_tasks is not None and tasks.get(who, 0) >= member.max_tasks)
            or (member.max_roles is not None and task.role not in mine and len(mine) >= member.max_roles)
        ):
            barred.append(n)
            continue
        people[what] = people.get(what, 0) + 1
        tasks[who] = tasks.get(who, 0) + 1
        mine.add(task.role)
    return np.array([*barred, *_unaccompanied(relaxed, held, set(barred))], dtype=int)


def _unaccompanied(relaxed: Relaxed, held: list[int], barred: set[int]) -> list[int]:
    """Learners beyond the places that the mentors of their task give."""
    problem = relaxed.problem
    places = {what: float(problem.task[what].mentor_slots) for what in relaxed.rows.learners}
    learners = []
    for n in held:
        who, what = relaxed.pairs[n]
        if what not in places or n in barred:
            continue
        member, task = problem.member[who], problem.task[what]
        if problem.is_mentor(member, task):
            places[what] += task.learners_per_mentor
        elif not problem.is_autonomous(member, task):
            learners.append(n)
    alone = []
    for n in learners:
        what = relaxed.pairs[n][1]
        places[what] -= 1
        if places[what] < -1e-9:
            alone.append(n)
    return alone


def cost(outcome: Outcome) -> float:
    """What the shortfalls of a plan cost."""
    weights = outcome.problem.weights
    dear = {
        "uncovered_hours": weights.uncovered,
        "missing_people": weights.missing_person,
        "mandate_hours": weights.mandate,
        "minimum_hours": weights.minimum,
        "touch_hours": weights.touch,
    }
    return sum(dear.get(short.kind, weights.load) * short.amount for short in outcome.shortfalls)


def merit(outcome: Outcome) -> tuple[float, float, float, float]:
    """What is compared, in the strict order; steps too small to matter are equal."""
    config = outcome.problem.config
    changed = config.w_change * (outcome.hours_changed or 0.0) + config.w_fragment * len(outcome.given)
    excesses = outcome.excesses.values()
    worst = max(excesses, default=0.0)
    return (round(cost(outcome), 1), round(worst, 4), round(sum(excesses), 3), changed)


def _repaired(outcome: Outcome, bound: float, watch: Watch) -> Outcome:
    """Small groups divide again what they hold, beginning with who is worst off, until nothing is amiss."""
    chance = random.Random(outcome.problem.config.seed)  # noqa: S311 - a draw that can be made again, no secret
    best, began = merit(outcome), watch.left
    stale: dict[str, int] = {}
    while watch.left > 0.15 * began and (first := _troubled(outcome, bound, stale)) is not None:
        watch.say("groups", 0.6 + 0.2 * (1 - watch.left / max(began, 1e-9)))
        group = neighbours(outcome, first, PEOPLE, chance)
        candidate = _redivided(outcome, group, watch, exact.STAGES[:-1])
        if candidate is not None and merit(candidate)[:3] < best[:3]:
            outcome, best = candidate, merit(candidate)
            stale = {who: times for who, times in stale.items() if who not in group}
        else:
            stale[first] = stale.get(first, 0) + 1
    return outcome


def _calmed(outcome: Outcome, watch: Watch) -> Outcome:
    """Small groups divide again what they hold so that less changes, beginning with who changes most."""
    problem = outcome.problem
    chance = random.Random(problem.config.seed + 1)  # noqa: S311 - a draw that can be made again, no secret
    best, until = merit(outcome), watch.elapsed + 0.4 * min(watch.left, 2.0 * len(problem.members))
    order = sorted(problem.member, key=lambda who: -_changed(outcome, who))
    for turn, who in enumerate(order):
        if watch.elapsed > until or not problem.current:
            break
        watch.say("stability", 0.8 + 0.15 * turn / len(order))
        candidate = _redivided(outcome, neighbours(outcome, who, PEOPLE, chance), watch, exact.STAGES)
        if candidate is not None and merit(candidate) < best:
            outcome, best = candidate, merit(candidate)
    return outcome


def _changed(outcome: Outcome, who: str) -> float:
    """Hours of somebody that are added to what they do today."""
    current = outcome.problem.current
    return sum(
        max(0.0, hours - current.get((who, what), 0.0)) for what, hours in outcome.by_member[who].items()
    )


def _redivided(outcome: Outcome, group: set[str], watch: Watch, stages: tuple[str, ...]) -> Outcome | None:
    """The same plan with what the group holds divided again among it."""
    inner = Watch(min(A_GROUP, watch.left), is_cancelled=watch.is_cancelled)
    found = exact.solve(within(outcome, group), inner, start=outcome.given, stages=stages)
    if not found.hours:
        return None
    others: Mapping[Pair, float] = {pair: h for pair, h in outcome.given.items() if pair[0] not in group}
    return Outcome(outcome.problem, {**others, **found.hours})


def _troubled(outcome: Outcome, bound: float, stale: Mapping[str, int]) -> str | None:
    """Whose situation asks for another look: who misses something, then who is farthest."""
    problem = outcome.problem
    wanted: dict[str, float] = {}
    for short in outcome.shortfalls:
        weight = 1000.0 if short.kind not in {"under_load", "over_load"} else 10.0
        for who in _concerned(outcome, short.subject):
            wanted[who] = max(wanted.get(who, 0.0), weight * min(short.amount, 10.0))
    limit = max(problem.config.tau, bound) * NEAR
    for (who, _k), gap in outcome.gaps.items():
        if gap > limit:
            wanted[who] = max(wanted.get(who, 0.0), gap)
    ranked = [
        (times_left(stale, who), worth, who) for who, worth in wanted.items() if times_left(stale, who) > 0
    ]
    return max(ranked)[2] if ranked else None


def times_left(stale: Mapping[str, int], who: str) -> int:
    """How often somebody may still begin a group that brings nothing."""
    return 4 - stale.get(who, 0)


def _concerned(outcome: Outcome, subject: str) -> list[str]:
    """The members a shortfall is about: themselves, or who could take more of the task."""
    name = subject.split("/", maxsplit=1)[0]
    if name in outcome.problem.member:
        return [name]
    return outcome.problem.able.get(name, [])[:12]


def _polish(outcome: Outcome) -> Outcome:
    """The hours divided once more, exactly, on the pairs that are held."""
    kept = Relaxed(outcome.problem.with_pairs(outcome.given), Watch())
    kept.lower = np.minimum(kept.chunk, np.array([outcome.given[pair] for pair in kept.pairs]))
    kept.limit(np.arange(len(kept.pairs)))
    answer = _stages(kept, exact.Found({}), Watch())
    if answer is None:
        return outcome
    hours = kept.hours(answer)
    polished = Outcome(outcome.problem, {pair: float(hours[n]) for n, pair in enumerate(kept.pairs)})
    return polished if merit(polished) <= merit(outcome) else outcome
